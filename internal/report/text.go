package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem/internal/results"
)

// plain makes one line of a text that somebody wrote: what steers a terminal or
// turns the direction of the text around it is left out.
func plain(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\r' || c == '\t' || c == '\u2028' || c == '\u2029':
			return ' '
		case unicode.IsControl(c), turnsAround(c), c == utf8.RuneError:
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}

// turnsAround says whether c is one of Unicode's explicit directional
// characters (UAX 9, section 2), which can make a name read as another.
func turnsAround(c rune) bool {
	return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f || c == 0x061c
}

// paragraphs gives the lines of a text, empty ones left out.
func paragraphs(s string) []string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if line = plain(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// words makes a name in code readable: target_down is target down.
func words(name string) string { return plain(strings.ReplaceAll(name, "_", " ")) }

// label gives a metric's name in words.
func label(r *results.Results, name string) string {
	if m := r.Metric(name); m != nil {
		return plain(m.Label)
	}
	return words(strings.TrimPrefix(name, "field."))
}

// short cuts a text that has no room, at most n letters with the mark of it.
func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}

// toneOf gives the class that colours an arm, the same as in the console: past
// six arms colours come again, so each is named as well.
func toneOf(arm string) string {
	if arm == "" || arm[0] < 'A' || arm[0] > 'Z' {
		return "tone"
	}
	return "arm-" + strconv.Itoa(int(arm[0]-'A')%6)
}

// lowerFirst makes the head of a sentence fit inside one.
func lowerFirst(s string) string {
	c, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(c)) + s[n:]
}
