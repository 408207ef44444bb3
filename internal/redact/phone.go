package redact

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tandem"
)

// A check of a telephone number takes some 20 microseconds, and a hostile text could
// ask for one at every digit. Beyond so many, ten digits or more are taken for a
// telephone number unchecked: it is better to hide too much.
const (
	leastChecks   = 2000
	bytesPerCheck = 256
)

// plan is how the region dials.
type plan struct {
	region string
	code   int    // country code
	trunk  string // national prefix, such as 0; 1 in North America
}

// newPlan checks a region.
func newPlan(region string) (plan, error) {
	if region == "" {
		region = "US"
	}
	code := phonenumbers.GetCountryCodeForRegion(strings.ToUpper(region))
	if code == 0 {
		return plan{}, tandem.Errorf(tandem.Invalid, "region", "is %.40q; expected a country's two letters, such as US", region)
	}
	region = strings.ToUpper(region)
	return plan{region: region, code: code, trunk: phonenumbers.GetNddPrefixForRegion(region, true)}, nil
}

// phone says whether the window is a telephone number.
func (c *conversation) phone(w window) bool {
	n := w.digits()
	if len(n) > longestPhone {
		return false
	}
	if w.leads() {
		return c.checked(n, func() bool { return possible("+"+n, "") == phonenumbers.IS_POSSIBLE })
	}
	if w.money() || strings.HasPrefix(counting, n) {
		return false
	}
	about := c.about(w)
	switch {
	case about == other && !w.written(), about == social:
		return false
	case about == telephone && len(n) >= leastNamed && c.named(w.items[w.i].first):
		return true // of another country, perhaps, or misheard
	case c.plan.code == 1 && !northAmerican(n):
		return false
	}
	return c.checked(n, func() bool {
		if rest, ok := strings.CutPrefix(n, "00"); ok && valid("+"+rest, "") {
			return true
		}
		if about == telephone {
			p := possible(n, c.plan.region)
			return p == phonenumbers.IS_POSSIBLE || p == phonenumbers.IS_POSSIBLE_LOCAL_ONLY && len(n) <= longestLocal
		}
		if c.plan.code == 1 && about == nothing && w.local() {
			return true
		}
		return len(n) >= leastUnasked && c.dialled(n) && valid(n, c.plan.region)
	})
}

const (
	longestPhone = 15 // ITU-T E.164 section 6.2.1
	longestLocal = 8
	// leastNamed is how many digits are taken after "my number is", valid or not.
	leastNamed = 9
	// leastUnasked is how many digits are a telephone number where nothing says
	// that they are one.
	leastUnasked = 9
)

// counting is how people count, which happens to be a number in North America.
const counting = "123456789101112"

// local says whether the window is written as local numbers are in North America:
// 555-0142.
func (w window) local() bool {
	p := w.part()
	return len(p) == 2 && len(p[0].digits) == 3 && len(p[1].digits) == 4 && w.written() && p[0].digits[0] >= '2'
}

// northAmerican says whether the digits have a length and a beginning that can be
// dialled in North America, a quick look before the full one.
func northAmerican(n string) bool {
	return len(n) == 7 || len(n) == 10 || len(n) == 11 && n[0] == '1' || strings.HasPrefix(n, "00") || strings.HasPrefix(n, "011")
}

// dialled says whether the digits begin as national numbers do: with the trunk
// prefix in most countries. North America's 1 is optional.
func (c *conversation) dialled(n string) bool {
	return c.plan.trunk == "" || c.plan.code == 1 || strings.HasPrefix(n, c.plan.trunk) || strings.HasPrefix(n, "00")
}

// checked gives what check says as long as checks are left.
func (c *conversation) checked(n string, check func() bool) bool {
	if c.checks--; c.checks < 0 {
		return len(n) >= 10
	}
	return check()
}

func possible(n, region string) phonenumbers.ValidationResult {
	p, err := phonenumbers.Parse(n, region)
	if err != nil {
		return phonenumbers.INVALID_LENGTH
	}
	return phonenumbers.IsPossibleNumberWithReason(p)
}

func valid(n, region string) bool {
	p, err := phonenumbers.Parse(n, region)
	return err == nil && phonenumbers.IsValidNumber(p)
}
