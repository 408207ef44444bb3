package topics

import (
	"slices"
	"strings"
	"unicode"

	"tandem"
	"tandem/internal/analyze/words"
)

const (
	// around is how many turns before and after trouble tell what it was about.
	around = 1
	// commonest is the share of calls beyond which a word tells nothing apart. What
	// most callers want may well be one thing, so it is not lower.
	commonest = 0.8
	// rarest is how many callers have to be in whose calls a word occurs. A word of
	// fewer groups nothing, and may well be somebody's name: what is kept of words is
	// not one person's.
	rarest = 3
	// mostTerms bounds the vocabulary: the words of most calls are kept.
	mostTerms = 4000
	// mostText bounds what is read of one call, in bytes.
	mostText = 8 << 10
)

// intentText is what the caller said.
func intentText(turns []tandem.Turn) string {
	var out strings.Builder
	for _, t := range turns {
		if t.Role == tandem.RoleCaller && out.Len() < mostText {
			out.WriteString(t.Text)
			out.WriteByte('\n')
		}
	}
	return clip(out.String())
}

// failureText is what was said around trouble by either: the turns with these
// indices and their neighbours. Without trouble it is empty.
func failureText(turns []tandem.Turn, trouble []int) string {
	var out strings.Builder
	next := 0
	for _, at := range trouble {
		for i := max(next, at-around); i <= min(at+around, len(turns)-1) && out.Len() < mostText; i++ {
			if t := turns[i]; t.Role == tandem.RoleAgent || t.Role == tandem.RoleCaller {
				out.WriteString(t.Text)
				out.WriteByte('\n')
			}
			next = i + 1
		}
	}
	return clip(out.String())
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > mostText {
		s = strings.ToValidUTF8(s[:mostText], "")
	}
	return s
}

// telling gives texts of the words that can tell calls apart: neither common in the
// language or in these calls nor in hardly any of them, and without digits, which
// are dates, amounts and numbers. by says whose calls they are of.
func telling(texts, by []string) []string {
	in := map[string]int{}
	who := callers{}
	split := make([][]string, len(texts))
	for i, s := range texts {
		split[i] = strings.Fields(words.Fold(s))
		for _, w := range slices.Compact(slices.Sorted(slices.Values(split[i]))) {
			in[w]++
			who.note(w, by[i])
		}
	}
	var kept []string
	for w, n := range in {
		if !common[w] && who.several(w) && float64(n) <= commonest*float64(len(texts)) && !strings.ContainsFunc(w, unicode.IsDigit) {
			kept = append(kept, w)
		}
	}
	slices.SortFunc(kept, func(a, b string) int {
		if in[a] != in[b] {
			return in[b] - in[a]
		}
		return strings.Compare(a, b)
	})
	keep := map[string]bool{}
	for _, w := range kept[:min(len(kept), mostTerms)] {
		keep[w] = true
	}
	out := make([]string, len(texts))
	for i, list := range split {
		out[i] = strings.Join(slices.DeleteFunc(list, func(w string) bool { return !keep[w] }), " ")
	}
	return out
}

// callers are those in whose calls words occur, as many as it takes.
type callers map[string][]string

func (c callers) note(word, caller string) {
	if list := c[word]; len(list) < rarest && !slices.Contains(list, caller) {
		c[word] = append(list, caller)
	}
}

func (c callers) several(word string) bool { return len(c[word]) >= rarest }
