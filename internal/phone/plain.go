package phone

import (
	"sync"

	"github.com/nyaruka/phonenumbers"

	"tandem"
)

// plain says whether number is E.164 already, with a known country code and a
// length that the country allows, so that it needs no parsing. Trunks send most
// numbers in this form, and every call passes here.
func plain(number string) bool {
	if !e164Shape(number) {
		return false
	}
	code := 0
	for n := 1; n <= 3; n++ { // country codes have 1 to 3 digits, none the start of another
		code = code*10 + int(number[n]-'0')
		if l := lengths()[code]; l != 0 {
			national := number[n+1:]
			return l&(1<<len(national)) != 0 && !mayHavePrefix(code, national)
		}
	}
	return false
}

// mayHavePrefix says whether national may start with a prefix that is dialled
// inside the country only ("+49 0 30..."), which the parser has to take away.
func mayHavePrefix(code int, national string) bool {
	if code == 54 {
		return true // Argentina: a mobile number has "15" in the middle at home, "9" in front abroad
	}
	switch national[0] {
	case '0':
		return true
	case '1':
		return code == 86 || code == 352 || code == 61 // prefixes of carriers in China, Luxembourg, Australia
	case '8':
		return code == 375 // Belarus
	case '9':
		return code == 55 && national[1] == '0' // Brazil, collect calls
	}
	return false
}

// e164Shape is [tandem.ValidE164] without a regular expression.
func e164Shape(s string) bool {
	if len(s) < 8 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return tandem.ValidE164(s[:8])
}

// lengths holds, for each country code, a bit for each length that its
// national numbers may have.
var lengths = sync.OnceValue(func() *[1000]uint32 {
	var table [1000]uint32
	for code := range phonenumbers.GetSupportedCallingCodes() {
		for n := 2; n <= 15; n++ {
			cc, number := int32(code), uint64(1)
			for range n - 1 {
				number *= 10
			}
			// 10...0 has n digits; only their count matters.
			p := &phonenumbers.PhoneNumber{CountryCode: &cc, NationalNumber: &number}
			if phonenumbers.IsPossibleNumberWithReason(p) == phonenumbers.IS_POSSIBLE {
				table[code] |= 1 << n
			}
		}
	}
	return &table
})
