package phone

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tandem"
)

func invalid(format string, args ...any) error {
	return tandem.Errorf(tandem.Invalid, "number", format, args...)
}

// refusal puts the parser's error into the words of somebody who typed a
// number.
func refusal(err error, text, region string) error {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "＋") {
			return invalid("is %q; no country has that code", clip(text))
		}
		if region == "" {
			return invalid("is %q, without a country code; expected it in front, such as +1 415 555 0100", clip(text))
		}
		return invalid("is %q; no country has that code", clip(text))
	case errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return invalid("is %q; too short for a telephone number", clip(text))
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return invalid("is %q; too long for a telephone number", clip(text))
	}
	return invalid("is %q; expected a telephone number such as +1 415 555 0100", clip(text))
}

func impossible(reason phonenumbers.ValidationResult, text string, p *phonenumbers.PhoneNumber) error {
	switch reason {
	case phonenumbers.INVALID_COUNTRY_CODE:
		return invalid("is %q; no country has the code +%d", clip(text), p.GetCountryCode())
	case phonenumbers.TOO_SHORT:
		return invalid("is %q; too short for country code +%d", clip(text), p.GetCountryCode())
	case phonenumbers.TOO_LONG:
		return invalid("is %q; too long for country code +%d", clip(text), p.GetCountryCode())
	case phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return invalid("is %q; the area code is missing", clip(text))
	}
	return invalid("is %q; numbers of country code +%d do not have that length", clip(text), p.GetCountryCode())
}

func clip(s string) string {
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}
