package redact

import (
	"slices"
	"strings"

	"tandem"
	"tandem/internal/analyze/words"
)

// names are the words of the listed names, folded, by their first; longer names
// come first.
type names map[string][][]string

func newNames(list []string) (names, error) {
	n := names{}
	for i, s := range list {
		w := strings.Fields(words.Fold(s))
		if len(w) == 0 {
			return nil, tandem.Errorf(tandem.Invalid, at("names", i), "is %.40q; expected a name of one word or more", s)
		}
		n[w[0]] = append(n[w[0]], w)
	}
	for _, all := range n {
		slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	}
	return n, nil
}

// listed takes the names of the list.
func (c *conversation) listed() {
	if len(c.names) == 0 {
		return
	}
	for i := 0; i < len(c.said); i++ {
		if n := c.name(i); n > 0 {
			c.take(Name, i, i+n-1)
			i += n - 1
		}
	}
}

// name gives how many tokens the name at token i has, or 0. A name is whole words.
func (c *conversation) name(i int) int {
	if c.said[i].tight && c.near(i-1).sort <= digits {
		return 0
	}
	first, _ := c.whole(i)
	for _, name := range c.names[first] {
		if n := c.matches(name, i); n > 0 {
			return n
		}
	}
	return 0
}

// matches gives how many tokens the name has at token i, 0 when another word is
// there. Dashes and full stops may part its words.
func (c *conversation) matches(name []string, i int) int {
	at := i
	for k, want := range name {
		if t := c.near(at).text; k > 0 && (t == "-" || t == ".") {
			at++
		}
		got, n := c.whole(at)
		if got != want {
			return 0
		}
		at += n
	}
	return at - i
}

// whole gives the word at token i, folded, and how many tokens it has: letters and
// digits without space between are one word.
func (c *conversation) whole(i int) (folded string, n int) {
	for i+n < len(c.said) && c.said[i+n].sort <= digits && (n == 0 || c.said[i+n].tight) {
		folded += c.said[i+n].text
		if n++; n > longestName {
			return "", 0
		}
	}
	if n == 0 {
		return "", 0
	}
	return strings.TrimSpace(words.Fold(folded)), n
}

// longestName is how many changes between letters and digits a word of a name may
// have.
const longestName = 8
