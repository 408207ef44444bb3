package redact

import (
	"slices"
	"strings"
)

// issuer is a range of card numbers by their first digits, with the lengths that
// it issues: ISO/IEC 7812-1; the ranges as the card networks publish them.
type issuer struct {
	from, to string // prefixes of the same length, both included
	lengths  []int
}

var issuers = []issuer{
	{"4", "4", []int{13, 16, 19}},                   // Visa
	{"51", "55", []int{16}},                         // Mastercard
	{"2221", "2720", []int{16}},                     // Mastercard
	{"34", "34", []int{15}},                         // American Express
	{"37", "37", []int{15}},                         // American Express
	{"6011", "6011", []int{16, 19}},                 // Discover
	{"644", "659", []int{16, 19}},                   // Discover
	{"62", "62", []int{16, 17, 18, 19}},             // UnionPay
	{"3528", "3589", []int{16, 17, 18, 19}},         // JCB
	{"300", "305", []int{14, 16, 19}},               // Diners Club
	{"36", "36", []int{14, 16, 19}},                 // Diners Club
	{"38", "39", []int{14, 16, 19}},                 // Diners Club
	{"50", "50", []int{13, 14, 15, 16, 17, 18, 19}}, // Maestro
	{"56", "58", []int{13, 14, 15, 16, 17, 18, 19}}, // Maestro
	{"6304", "6304", []int{16, 17, 18, 19}},         // Maestro
	{"67", "67", []int{13, 14, 15, 16, 17, 18, 19}}, // Maestro
}

// card says whether the window is a card's number.
func (c *conversation) card(w window) bool {
	n := w.digits()
	return issued(n) && luhn(n)
}

func issued(n string) bool {
	return slices.ContainsFunc(issuers, func(i issuer) bool {
		return slices.Contains(i.lengths, len(n)) && n[:len(i.from)] >= i.from && n[:len(i.to)] <= i.to
	})
}

// luhn checks the last digit: ISO/IEC 7812-1, annex B.
func luhn(n string) bool {
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ssn says whether the window is a Social Security number.
func (c *conversation) ssn(w window) bool {
	n := w.digits()
	if len(n) != 9 || !assigned(n) {
		return false
	}
	switch about := c.about(w); {
	case about == social:
		return true
	case about == other && !w.written():
		return false
	}
	return slices.Equal(w.groups(), []int{3, 2, 4})
}

// assigned says whether nine digits can be a Social Security number: no area of
// 000, 666 or 900 on, no group 00, no serial 0000 (20 CFR 422.103; SSA, "Social
// Security Number Randomization").
func assigned(n string) bool {
	return n[:3] != "000" && n[:3] != "666" && n[0] != '9' && n[3:5] != "00" && n[5:] != "0000"
}

// ibanLength gives the length of a country's IBANs: SWIFT's IBAN registry.
var ibanLength = func() map[string]int {
	m := map[string]int{}
	for n, countries := range map[int]string{
		15: "NO", 16: "BE", 18: "DK FI FO GL NL SD FK", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
		22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
		25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA",
		30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
	} {
		for cc := range strings.FieldsSeq(countries) {
			m[cc] = n
		}
	}
	return m
}()

// ibans takes account numbers, written or said letter by letter.
func (c *conversation) ibans() {
	for i := range c.said {
		if last := c.iban(i); last > 0 {
			c.take(IBAN, i, last)
		}
	}
}

// iban gives the last token of the account number that begins at token i, or 0.
func (c *conversation) iban(i int) int {
	if t := c.said[i]; t.sort != word || len(t.text) > 2 || t.tight && c.near(i-1).sort <= digits {
		return 0
	}
	var text strings.Builder
	for length := 2; ; {
		value, n := c.symbol(i)
		if n == 0 {
			return 0
		}
		text.WriteString(value)
		if text.Len() >= 2 && length == 2 { // the country is known
			if length = ibanLength[text.String()[:2]]; length == 0 || text.Len() > 2 {
				return 0
			}
		}
		i += n
		if text.Len() >= length && length > 2 {
			if after := c.near(i); text.Len() > length || after.tight && after.sort <= digits || !mod97(text.String()) {
				return 0
			}
			return i - 1
		}
		_, next, ok := c.gapAt(i)
		if !ok {
			return 0
		}
		i = next
	}
}

// symbol reads letters or digits of an account number at token i. Letters that are
// not said one by one are in capitals or next to digits; else they are words, and of
// all texts with so many of them one in 97 has the right check digits.
func (c *conversation) symbol(i int) (value string, n int) {
	if value, n := amount(c.said, i); n > 0 {
		return value, n
	}
	t := c.said[i]
	if t.sort != word {
		return "", 0
	}
	text := c.turns[t.turn].Text[t.from:t.to]
	value = strings.ToUpper(text)
	after := c.near(i + 1)
	if len(text) > 1 && text != value && !t.tight && (!after.tight || after.sort != digits) {
		return "", 0
	}
	return value, 1
}

// mod97 checks an IBAN's check digits (ISO 7064): the number with its first four
// symbols moved to the end, letters as 10 to 35, leaves 1 when divided by 97.
func mod97(s string) bool {
	rest := 0
	for i := range len(s) {
		switch b := s[(i+4)%len(s)]; {
		case b >= '0' && b <= '9':
			rest = (rest*10 + int(b-'0')) % 97
		case b >= 'A' && b <= 'Z':
			rest = (rest*100 + int(b-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1 && s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}
