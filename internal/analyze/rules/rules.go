// Package rules fills analysis fields from the words of a transcript, by the
// rules that their version gives.
//
// A field and turns flow in, a finding flows out. It is a pure function and knows
// no language: what a word means is the rule's business.
package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tandem"
	"tandem/internal/analyze/words"
)

// Fill applies f's rule to the turns; false when f has none.
func Fill(f tandem.Field, turns []tandem.Turn) (tandem.Finding, bool) {
	if f.Rule == nil {
		return tandem.Finding{}, false
	}
	r := f.Rule
	find := finder(f)
	order := slices.All(turns)
	if r.Last {
		order = slices.Backward(turns)
	}
	refused := ""
	for _, t := range order {
		if t.Role != tandem.RoleAgent && t.Role != tandem.RoleCaller || r.Speaker != "" && t.Role != r.Speaker {
			continue
		}
		v, quote, ok := find(t.Text)
		if !ok {
			continue
		}
		if err := f.Accepts(v); err != nil {
			refused = err.Error()
			continue
		}
		return tandem.Finding{Value: v, Quote: quote, Reason: "said by the " + string(t.Role)}, true
	}
	switch {
	case refused != "":
		return tandem.Finding{Reason: "what was found is no value of the field: " + refused}, true
	case r.Otherwise != nil:
		return tandem.Finding{Value: *r.Otherwise, Reason: "nothing that the rule looks for was said"}, true
	}
	return tandem.Finding{Reason: "nothing that the rule looks for was said"}, true
}

// find looks for a rule's match in one turn.
type find func(text string) (value any, quote string, ok bool)

func finder(f tandem.Field) find {
	r := f.Rule
	switch {
	case f.Type == tandem.Boolean:
		return mention(r)
	case f.Type == tandem.Selector:
		return choice(f)
	case r.Extract != "":
		return extractors[r.Extract](r.Last)
	case f.Type == tandem.Number:
		return func(text string) (any, string, bool) {
			for _, m := range ordered(pattern(r.Pattern).FindAllStringSubmatch(text, -1), r.Last) {
				if x, ok := number(m[1]); ok {
					return x, m[0], true
				}
			}
			return nil, "", false
		}
	}
	return func(text string) (any, string, bool) {
		for _, m := range ordered(pattern(r.Pattern).FindAllStringSubmatch(text, -1), r.Last) {
			if s := strings.TrimSpace(m[min(1, len(m)-1)]); s != "" {
				return s, m[0], true
			}
		}
		return nil, "", false
	}
}

// mention is true of a turn with a keyword or a match.
func mention(r *tandem.Rule) find {
	keywords := words.NewPhrases(r.Keywords...)
	return func(text string) (any, string, bool) {
		if len(keywords) > 0 && keywords.In(words.Fold(text)) {
			return true, text, true
		}
		if r.Pattern != "" {
			if m := pattern(r.Pattern).FindString(text); m != "" {
				return true, m, true
			}
		}
		return nil, "", false
	}
}

// choice gives the choice whose words a turn has. A turn with the words of
// several tells none.
func choice(f tandem.Field) find {
	phrases := make([]words.Phrases, len(f.Choices))
	for i, c := range f.Choices {
		phrases[i] = words.NewPhrases(f.Rule.Choices[c]...)
	}
	return func(text string) (any, string, bool) {
		folded, found := words.Fold(text), -1
		for i := range phrases {
			if phrases[i].In(folded) {
				if found >= 0 {
					return nil, "", false
				}
				found = i
			}
		}
		if found < 0 {
			return nil, "", false
		}
		return f.Choices[found], text, true
	}
}

// patterns keeps compiled patterns: versions have few, and calls are many.
var patterns sync.Map

func pattern(text string) *regexp.Regexp {
	if p, ok := patterns.Load(text); ok {
		return p.(*regexp.Regexp)
	}
	p, err := regexp.Compile(text)
	if err != nil { // a stored version whose pattern was never checked
		p = regexp.MustCompile(`[^\s\S]`) // matches nothing
	}
	patterns.Store(text, p)
	return p
}

// ordered turns matches round where the last is wanted.
func ordered[T any](matches []T, last bool) []T {
	if last {
		slices.Reverse(matches)
	}
	return matches
}

// number reads digits with thousands and decimals in either custom: 1,234.50,
// 1.234,50 and 1 234,50. A lone mark before exactly three digits parts thousands.
func number(s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(strings.Trim(s, " .,"))
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	decimal := byte(0)
	switch {
	case dot >= 0 && comma >= 0:
		decimal = s[max(dot, comma)]
	case dot >= 0 && !thousands(s, '.'):
		decimal = '.'
	case comma >= 0 && !thousands(s, ','):
		decimal = ','
	}
	var out strings.Builder
	for i := range len(s) {
		switch {
		case s[i] == decimal && i == max(dot, comma):
			out.WriteByte('.')
		case s[i] != '.' && s[i] != ',':
			out.WriteByte(s[i])
		}
	}
	x, err := strconv.ParseFloat(out.String(), 64)
	return x, err == nil
}

// thousands says whether mark parts groups of three digits in s.
func thousands(s string, mark byte) bool {
	groups := strings.Split(strings.TrimLeft(s, "+-"), string(mark))
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return len(groups[0]) >= 1 && len(groups[0]) <= 3 && groups[0] != "0"
}
