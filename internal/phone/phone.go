// Package phone turns what people and trunks write as a telephone number into
// E.164: text in, "+14155550100" or the reason why not out. It knows the
// numbering plans of the world (the lengths that each country code allows) but
// never asks whether a number is in service: ranges reserved for fiction and
// tests are numbers like any other.
package phone

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"tandem"
)

// Normalise gives number in E.164. It takes any common way of writing: spaces,
// dots, dashes, slashes and parentheses; "+" or "00" or the region's own
// international prefix; tel: and sip: URIs; a national number of
// defaultRegion (ISO 3166, such as "US"; "" means that only international
// numbers are understood); letters as on a telephone's keys ("1-800-FLOWERS").
//
// What cannot be a telephone number is an Invalid error whose field is
// "number" and whose message says why.
func Normalise(number, defaultRegion string) (string, error) {
	if plain(number) {
		return number, nil
	}
	text, err := userPart(strings.TrimSpace(number))
	if err != nil {
		return "", err
	}
	if plain(text) {
		return text, nil
	}
	text = strings.Map(separator, text)
	region := strings.ToUpper(strings.TrimSpace(defaultRegion))
	if region != "" && phonenumbers.GetCountryCodeForRegion(region) == 0 {
		return "", invalid("cannot be read in region %q; expected a country's two letters, such as US", clip(defaultRegion))
	}
	if err := plausible(text); err != nil {
		return "", err
	}
	out, err := parse(text, region)
	if err != nil {
		// Nearly everywhere 00 goes before a country code; where it does not
		// (North America), no national number starts with it.
		if rest, ok := strings.CutPrefix(text, "00"); ok {
			if out, err := parse("+"+rest, ""); err == nil {
				return out, nil
			}
		}
	}
	return out, err
}

func parse(text, region string) (string, error) {
	p, err := phonenumbers.Parse(text, region)
	if err != nil {
		return "", refusal(err, text, region)
	}
	if p.GetExtension() != "" {
		return "", invalid("has the extension %s; expected a number that can be called directly", clip(p.GetExtension()))
	}
	if reason := phonenumbers.IsPossibleNumberWithReason(p); reason != phonenumbers.IS_POSSIBLE {
		return "", impossible(reason, text, p)
	}
	out := phonenumbers.Format(p, phonenumbers.E164)
	if !tandem.ValidE164(out) {
		return "", invalid("is %q; expected 7 to 15 digits with the country code", clip(text))
	}
	return out, nil
}

// userPart takes the number out of a tel: or sip: URI, with or without angle
// brackets and a display name. Other text is given back as it is.
func userPart(text string) (string, error) {
	if open := strings.IndexByte(text, '<'); open >= 0 {
		inner, _, closed := strings.Cut(text[open+1:], ">")
		if !closed {
			return "", invalid("is %q; the < has no >", clip(text))
		}
		text = inner
	}
	scheme, rest, found := strings.Cut(text, ":")
	if !found {
		return text, nil
	}
	switch strings.ToLower(scheme) {
	case "tel":
		return telNumber(rest)
	case "sip", "sips":
	default:
		return "", invalid("is %q; expected a telephone number, or a tel: or sip: URI", clip(text))
	}
	user, _, at := strings.Cut(rest, "@")
	if !at {
		return "", invalid("is %q; the URI has no user part that could be a number", clip(text))
	}
	user, _, _ = strings.Cut(user, ":") // a password, obsolete but legal (RFC 3261 section 19.1.1)
	user, err := url.PathUnescape(user)
	if err != nil {
		return "", invalid("is %q; the user part is not well escaped", clip(text))
	}
	return telNumber(user)
}

// telNumber reads a telephone-subscriber of RFC 3966: the number, then
// parameters. A phone-context that is a prefix completes a local number.
func telNumber(text string) (string, error) {
	number, params, _ := strings.Cut(text, ";")
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		switch strings.ToLower(name) {
		case "ext":
			return "", invalid("has the extension %s; expected a number that can be called directly", clip(value))
		case "phone-context":
			if strings.HasPrefix(value, "+") && !strings.HasPrefix(number, "+") {
				number = value + number
			}
		}
	}
	return number, nil
}

// separator makes all spaces and dashes the plain ones: word processors and web
// pages put others in.
func separator(r rune) rune {
	switch {
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return ' '
	case r == '\u2212' || unicode.Is(unicode.Pd, r): // the minus sign is not a dash
		return '-'
	case r == '\u2060' || r == '\u200b': // joiners without width
		return -1
	}
	return r
}

// plausible refuses what the parser, made to find numbers in running text,
// would read a number out of.
func plausible(text string) error {
	if text == "" {
		return invalid("is empty; expected a telephone number")
	}
	if len(text) > 100 {
		return invalid("has %d characters; expected a telephone number", len(text))
	}
	digits, letters, pluses := 0, 0, 0
	for i, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '+' || r == '＋':
			if pluses++; digits > 0 || pluses > 1 {
				return invalid("is %q; one plus can come first, and no other", clip(text))
			}
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			if letters++; digits < 3 {
				return invalid("is %q; expected a telephone number, digits first", clip(text))
			}
		case strings.ContainsRune(" -./()[]~", r):
		case r == '\uFFFD' || unicode.IsControl(r):
			return invalid("holds a character at position %d that cannot be in a telephone number", i+1)
		default:
			return invalid("is %q; %q cannot be in a telephone number", clip(text), r)
		}
	}
	if digits < 3 {
		return invalid("is %q; expected a telephone number", clip(text))
	}
	return nil
}
