package phone_test

import (
	"errors"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/phone"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ name, number, region, want string }{
		{"E.164 stays as it is", "+14155550100", "", "+14155550100"},
		{"a number reserved for tests is a number", "+15550001111", "", "+15550001111"},
		{"spaces", "+1 415 555 0100", "", "+14155550100"},
		{"dots", "+1.415.555.0100", "", "+14155550100"},
		{"dashes and parentheses", "+1 (415) 555-0100", "", "+14155550100"},
		{"dashes that a word processor made", "+1 415–555—0100", "", "+14155550100"},
		{"no-break spaces", "+1\u00a0415\u202f555\u00a00100", "", "+14155550100"},
		{"space around", "  +14155550100\t", "", "+14155550100"},
		{"national with region", "(415) 555-0100", "US", "+14155550100"},
		{"national with country code and region", "1-415-555-0100", "US", "+14155550100"},
		{"region in lower case", "415 555 0100", "us", "+14155550100"},
		{"00 without a region", "0014155550100", "", "+14155550100"},
		{"00 where 00 is the prefix", "0044 20 7946 0958", "DE", "+442079460958"},
		{"00 where 011 is the prefix", "0044 20 7946 0958", "US", "+442079460958"},
		{"011 where it is the prefix", "011 44 20 7946 0958", "US", "+442079460958"},
		{"a foreign number in another region", "+44 20 7946 0958", "US", "+442079460958"},
		{"a national zero in parentheses", "+44 (0)20 7946 0958", "", "+442079460958"},
		{"a national zero behind the code", "+49 030 23125 100", "", "+493023125100"},
		{"German national with slash", "030/23125-100", "DE", "+493023125100"},
		{"Italian numbers keep their zero", "06 1234 5678", "IT", "+390612345678"},
		{"tel URI", "tel:+1-415-555-0100", "", "+14155550100"},
		{"tel URI with parameters", "tel:+14155550100;isub=1234", "", "+14155550100"},
		{"local tel URI with context", "tel:5550100;phone-context=+1415", "", "+14155550100"},
		{"sip URI", "sip:+14155550100@gw.example.com", "", "+14155550100"},
		{"sip URI with port, parameters and password", "sip:+14155550100:pw@gw.example.com:5060;user=phone", "", "+14155550100"},
		{"sips URI in capitals", "SIPS:+14155550100@gw.example.com", "", "+14155550100"},
		{"sip user with number portability parameters", "sip:+14155550100;npdi;rn=+14155550000@gw", "", "+14155550100"},
		{"sip user escaped", "sip:%2B14155550100@gw", "", "+14155550100"},
		{"national sip user with region", "sip:4155550100@gw", "US", "+14155550100"},
		{"name-addr", `"Front desk" <sip:+14155550100@gw;transport=tcp>;tag=1`, "", "+14155550100"},
		{"letters of a telephone's keys", "1-800-FLOWERS", "US", "+18003569377"},
		{"full-width digits", "＋１４１５５５５０１００", "", "+14155550100"},
		{"Arabic-Indic digits", "+١٤١٥٥٥٥٠١٠٠", "", "+14155550100"},
		{"the longest in use", "+4930123456789", "", "+4930123456789"},
		{"international freephone", "+800 1234 5678", "", "+80012345678"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := phone.Normalise(c.number, c.region)
			if err != nil || got != c.want {
				t.Errorf("Normalise(%q, %q) = %q, %v; want %q", c.number, c.region, got, err, c.want)
			}
		})
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for _, c := range []struct{ name, number, region, why string }{
		{"nothing", "", "US", "empty"},
		{"only spaces", "   ", "US", "empty"},
		{"a word", "reception", "US", "digits first"},
		{"a sip user that is a name", "sip:alice@example.com", "US", "digits first"},
		{"a sip URI without a user", "sip:example.com", "US", "no user part"},
		{"a web address", "https://example.com/", "US", "tel: or sip:"},
		{"text around a number", "call 415 555 0100", "US", "digits first"},
		{"national without a region", "415 555 0100", "", "without a country code"},
		{"too short", "+1 555", "", "too short"},
		{"too long", "+1 415 555 0100 99", "", "too long"},
		{"far too long", "+" + strings.Repeat("1", 90), "", "too long"},
		{"endless", strings.Repeat("1", 5000), "US", "5000 characters"},
		{"no such country code", "+999 123 4567", "", "no country"},
		{"no such country code with a region", "+999 123 4567", "US", "no country"},
		{"no area code", "555-0100", "US", "area code"},
		{"an emergency number", "911", "US", "too short"},
		{"an extension", "+1 415 555 0100 ext. 12", "", "extension"},
		{"an extension in a tel URI", "tel:+14155550100;ext=12", "", "extension"},
		{"a plus in the middle", "415+5550100", "US", "plus"},
		{"two pluses", "++14155550100", "US", "plus"},
		{"a service code", "*67 415 555 0100", "US", "cannot be"},
		{"two numbers", "+14155550100, +14155550101", "", "cannot be"},
		{"a line break", "+14155550100\r\n555", "", "cannot be"},
		{"bad escape", "sip:%2x14155550100@gw", "", "escaped"},
		{"a bracket that stays open", "<sip:+14155550100@gw", "", "no >"},
		{"an unknown region", "415 555 0100", "XX", "region"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := phone.Normalise(c.number, c.region)
			e, ok := errors.AsType[*tandem.Error](err)
			if !ok || got != "" || e.Code != tandem.Invalid || e.Field != "number" || !strings.Contains(e.Message, c.why) {
				t.Errorf("Normalise(%q, %q) = %q, %v; want a refusal of number that says %q", c.number, c.region, got, err, c.why)
			}
		})
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"+14155550100", "0044 20 7946 0958", "tel:5550100;phone-context=+1415", "<sip:%2B14155550100@gw>", "1-800-FLOWERS", "＋１４１５"} {
		f.Add(s, "US")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, number, region string) {
		got, err := phone.Normalise(number, region)
		if err != nil {
			if e, ok := errors.AsType[*tandem.Error](err); !ok || e.Code != tandem.Invalid || e.Field != "number" || got != "" {
				t.Fatalf("Normalise(%q, %q) = %q, %v", number, region, got, err)
			}
			return
		}
		if !tandem.ValidE164(got) {
			t.Fatalf("Normalise(%q, %q) = %q, not E.164", number, region, got)
		}
	})
}

func BenchmarkNormalise(b *testing.B) {
	for _, c := range []struct{ name, number string }{
		{"plain", "+14155550100"}, {"sip", "sip:+14155550100@gw"}, {"written", "+1 (415) 555-0100"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := phone.Normalise(c.number, "US"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
