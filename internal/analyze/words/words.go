// Package words makes text comparable by its words.
//
// Text of a transcript or a phrase of a list flows in, folded text flows out.
// It knows no language.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the words of s in lower case and without accents, each between two
// spaces, so that one text holds the words of another, whole, exactly when
// strings.Contains says so of their folds. Apostrophes vanish (didn't is didnt),
// everything else that is neither letter nor digit parts words. A text without
// words folds to the empty string, which every text holds.
func Fold(s string) string {
	var out strings.Builder
	out.Grow(len(s) + 2)
	gap := true
	if !ascii(s) {
		s = norm.NFD.String(s)
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap {
				out.WriteByte(' ')
				gap = false
			}
			out.WriteRune(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	if out.Len() == 0 {
		return ""
	}
	out.WriteByte(' ')
	return out.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Phrases are words and phrases to look for, folded, by their first words.
type Phrases map[string][]string

// NewPhrases folds a list; those without words are left out.
func NewPhrases(list ...string) Phrases {
	p := Phrases{}
	for _, s := range list {
		if folded := Fold(s); folded != "" {
			first := firstWord(folded[1:])
			p[first] = append(p[first], folded)
		}
	}
	return p
}

// In says whether a folded text holds one of the phrases, whole.
func (p Phrases) In(folded string) bool {
	for at := 0; at+1 < len(folded); {
		word := firstWord(folded[at+1:])
		for _, phrase := range p[word] {
			if strings.HasPrefix(folded[at:], phrase) {
				return true
			}
		}
		at += 1 + len(word)
	}
	return false
}

func firstWord(s string) string { return s[:strings.IndexByte(s, ' ')] }
