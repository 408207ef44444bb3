package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"tandem"
)

const (
	digits = `[0-9]{1,3}(?:[ \x{00a0}\x{202f}'’.,][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]+)?`
	// The three-letter codes and words that follow or lead a sum.
	currencies = `(?i:usd|eur|gbp|chf|cad|aud|inr|jpy|dollars?|euros?|pounds?|francs?|rupees?|yen|bucks)`
	months     = `(?i:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)`
)

var (
	emails  = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}`)
	phones  = regexp.MustCompile(`(?:\+|\b00)[0-9][0-9 ()./-]{6,20}[0-9]`)
	amounts = regexp.MustCompile(`[$€£¥₹]\s?(` + digits + `)|\b` + currencies + `\s?(` + digits + `)|(` + digits + `)\s?(?:[$€£¥₹]|` + currencies + `\b)`)
	numbers = regexp.MustCompile(`(?:^|[\s(])([+-]?(?:` + digits + `))(?:[\s).,;:!?%]|$)`)
	dates   = []datePattern{
		{regexp.MustCompile(`\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b`), [3]int{1, 2, 3}},
		{regexp.MustCompile(`\b(` + months + `)\.? ([0-9]{1,2})(?:st|nd|rd|th)?\b(?:,? ([0-9]{4})\b)?`), [3]int{3, 1, 2}},
		{regexp.MustCompile(`\b([0-9]{1,2})(?:st|nd|rd|th)?\.? (?:of )?(` + months + `)\b\.?(?:,? ([0-9]{4})\b)?`), [3]int{3, 2, 1}},
		{regexp.MustCompile(`\b([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\b`), [3]int{3, 2, 1}},
	}
)

// datePattern is a way to write dates; groups are those of year, month and day.
type datePattern struct {
	*regexp.Regexp
	groups [3]int
}

// extractors find each kind of thing in a turn, the first or the last of it.
var extractors = map[tandem.Extract]func(last bool) find{
	tandem.ExtractEmail: func(last bool) find {
		return matching(last, emails, func(m []string) (any, bool) { return strings.ToLower(m[0]), true })
	},
	tandem.ExtractPhone: func(last bool) find {
		return matching(last, phones, func(m []string) (any, bool) {
			text := m[0]
			if rest, ok := strings.CutPrefix(text, "00"); ok {
				text = "+" + rest
			}
			n, err := phonenumbers.Parse(text, "")
			if err != nil || !phonenumbers.IsPossibleNumber(n) {
				return nil, false
			}
			return phonenumbers.Format(n, phonenumbers.E164), true
		})
	},
	tandem.ExtractAmount: func(last bool) find {
		return matching(last, amounts, func(m []string) (any, bool) { return firstNumber(m[1:]) })
	},
	tandem.ExtractNumber: func(last bool) find {
		return matching(last, numbers, func(m []string) (any, bool) { return firstNumber(m[1:]) })
	},
	tandem.ExtractDate: date,
}

// matching reads the pattern's matches in order and gives the first that value
// takes.
func matching(last bool, p *regexp.Regexp, value func(groups []string) (any, bool)) find {
	return func(text string) (any, string, bool) {
		for _, m := range ordered(p.FindAllStringSubmatch(text, -1), last) {
			if v, ok := value(m); ok {
				return v, strings.TrimSpace(m[0]), true
			}
		}
		return nil, "", false
	}
}

func firstNumber(groups []string) (any, bool) {
	for _, g := range groups {
		if g != "" {
			x, ok := number(g)
			return x, ok
		}
	}
	return nil, false
}

// date finds dates that can be read in one way only: 04/05/2026 is a day in May
// or in April, and is passed over.
func date(last bool) find {
	return func(text string) (value any, quote string, ok bool) {
		best := -1
		for _, p := range dates {
			for _, at := range p.FindAllStringSubmatchIndex(text, -1) {
				if best >= 0 && (at[0] < best) == last {
					continue
				}
				part := func(i int) string {
					if from := at[2*p.groups[i]]; from >= 0 {
						return text[from:at[2*p.groups[i]+1]]
					}
					return ""
				}
				if v, good := calendar(part(0), part(1), part(2)); good {
					best, value, quote, ok = at[0], v, text[at[0]:at[1]], true
				}
			}
		}
		return value, quote, ok
	}
}

// calendar writes a date as 2026-05-04, or --05-04 without a year (ISO 8601:1988);
// false when there is no such day.
func calendar(year, month, day string) (string, bool) {
	d, err := strconv.Atoi(day)
	if err != nil {
		return "", false
	}
	m, err := strconv.Atoi(month)
	if err != nil {
		t, err := time.Parse("Jan", strings.ToUpper(month[:1])+strings.ToLower(month[1:3]))
		if err != nil {
			return "", false
		}
		m = int(t.Month())
	}
	y := 2000 // any leap year
	if year != "" {
		if y, err = strconv.Atoi(year); err != nil {
			return "", false
		}
	}
	if t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); m < 1 || m > 12 || t.Day() != d || int(t.Month()) != m {
		return "", false
	}
	if year == "" {
		return fmt.Sprintf("--%02d-%02d", m, d), true
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d), true
}
