package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sort is a sort of token.
type sort uint8

const (
	word   sort = iota // letters with their accents and inner apostrophes
	digits             // decimal digits
	mark               // one other character, or several of the same
	wall               // what no finding reaches over: a placeholder, what was found, the end of a speaker's say
	pause              // between two turns of a speaker in which the other only interjected
)

// token is a part of a turn. White space makes no tokens.
type token struct {
	sort sort
	// tight says that nothing is between this token and the one before.
	tight bool
	turn  int
	// from and to are the token's bytes in the turn's text.
	from, to int
	// text is the word in lower case, digits as 0 to 9, or the mark's first character.
	text string
	// num is what the word is in a number.
	num *numeral
}

// hide makes a wall of the token.
func (t *token) hide() { t.sort, t.num = wall, &noNumeral }

var noNumeral numeral

// bytesPerToken is about how long tokens are, with the space between.
const bytesPerToken = 4

// placeholders are what stands for findings.
var placeholders = func() (all []string) {
	for _, k := range order {
		all = append(all, placeholder(k))
	}
	return all
}()

func placeholder(k Kind) string { return "[" + string(k) + "]" }

// tokens adds the parts of a turn's text.
func tokens(all []token, turn int, s string) []token {
	all = slices.Grow(all, len(s)/bytesPerToken+1)
	tight := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			tight = false
			i += size
			continue
		}
		t := token{turn: turn, from: i, tight: tight, num: &noNumeral}
		switch {
		case r == '[' && stand(s[i:]) > 0:
			t.sort, t.to = wall, i+stand(s[i:])
		case possessive(s[i:]) > 0 && tight:
			t.sort, t.to, t.text = mark, i+possessive(s[i:]), "'s"
		case letter(r):
			t.sort, t.to = word, i+wordLen(s[i:])
			t.text = strings.ReplaceAll(strings.ToLower(s[i:t.to]), "’", "'")
			if num := numerals[t.text]; num != nil {
				t.num = num
			}
		case digit(r) >= 0:
			t.sort = digits
			t.to, t.text = digitsOf(s, i)
		default:
			t.sort, t.to = mark, i+size
			t.text = s[i:t.to]
			for r != utf8.RuneError && strings.HasPrefix(s[t.to:], t.text) {
				t.to += size
			}
		}
		all = append(all, t)
		i, tight = t.to, true
	}
	return all
}

// stand gives the length of the placeholder with which s begins, or 0.
func stand(s string) int {
	i := slices.IndexFunc(placeholders, func(p string) bool { return strings.HasPrefix(s, p) })
	if i < 0 {
		return 0
	}
	return len(placeholders[i])
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) }

// possessive gives the length of the 's with which s begins, at the end of a word,
// or 0. It is a token of its own: the owner may be a name.
func possessive(s string) int {
	for _, form := range []string{"'s", "'S", "’s", "’S"} {
		if rest, ok := strings.CutPrefix(s, form); ok {
			if r, _ := utf8.DecodeRuneInString(rest); !letter(r) {
				return len(form)
			}
		}
	}
	return 0
}

// wordLen gives the length of the word with which s begins. An apostrophe belongs
// to it between letters, except in a possessive.
func wordLen(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == '\'' || r == '’' {
			next, _ := utf8.DecodeRuneInString(s[n+size:])
			if !letter(next) || possessive(s[n:]) > 0 {
				return n
			}
		} else if !letter(r) {
			return n
		}
		n += size
	}
	return n
}

// zeros are the zeros of the scripts whose digits are read.
var zeros = []rune{'0', '٠', '۰', '०', '０'}

// digit gives the value of a decimal digit, or -1.
func digit(r rune) int {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// digitsOf gives the end of the digits that begin at i, and the digits.
func digitsOf(s string, i int) (end int, plain string) {
	for end = i; end < len(s) && s[end] >= '0' && s[end] <= '9'; {
		end++
	}
	if r, _ := utf8.DecodeRuneInString(s[end:]); digit(r) < 0 {
		return end, s[i:end]
	}
	var out strings.Builder
	out.WriteString(s[i:end])
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		v := digit(r)
		if v < 0 {
			break
		}
		out.WriteByte(byte('0' + v))
		end += size
	}
	return end, out.String()
}
