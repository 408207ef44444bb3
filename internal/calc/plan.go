package calc

import (
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// Plan asks for the size of a test, or, where Calls is given, for the effect
// that so many calls can find.
type Plan struct {
	// Baseline is the reference arm's share or mean.
	Baseline float64 `json:"baseline"`
	// Effect is the difference to find; 0 with Calls or Margin.
	Effect float64 `json:"effect,omitempty"`
	// SD is the standard deviation of the values: with it the metric is a mean,
	// without it a share. SDB is that of the other arm, if it differs.
	SD  float64 `json:"sd,omitempty"`
	SDB float64 `json:"sd_b,omitempty"`
	// ShareB is the other arm's share of the calls, default 0.5.
	ShareB float64 `json:"share_b,omitempty"`
	// Power is how often a true effect is to be found, default 0.8.
	Power float64 `json:"power,omitempty"`
	// Margin is that of non-inferiority and equivalence.
	Margin float64 `json:"margin,omitempty"`
	// Bounds are those that the evidence about a mean is folded with.
	Bounds *Bounds `json:"bounds,omitempty"`
	// Calls is how many calls there will be, in both arms.
	Calls int64 `json:"calls,omitempty"`
	// PerDay is how many calls a day the test gets; it turns calls into days.
	PerDay float64 `json:"per_day,omitempty"`
}

var planKeys = []string{"baseline", "effect", "sd", "sd_b", "share_b", "power", "margin", "bounds", "calls", "per_day"}

func readPlan(r *jsonReader, path string) (*Plan, error) {
	p := &Plan{}
	seen := []string{}
	err := r.object(path, func(key, path string) error {
		seen = append(seen, key)
		switch key {
		case "bounds":
			var s MetricSettings
			_, err := s.read(r, key, path)
			p.Bounds = s.Bounds
			return err
		case "calls":
			c, err := r.cell(path)
			if err == nil {
				p.Calls, err = c.count(path)
			}
			return err
		}
		if !slices.Contains(planKeys, key) {
			return unknownKey(path, planKeys)
		}
		c, err := r.cell(path)
		if err == nil {
			*p.field(key), err = c.float(path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !slices.Contains(seen, "baseline") {
		return nil, cell{}.refuse(join(path, "baseline"), "the reference arm's share or mean")
	}
	return p, p.check(path)
}

func (p *Plan) field(key string) *float64 {
	return map[string]*float64{
		"baseline": &p.Baseline, "effect": &p.Effect, "sd": &p.SD, "sd_b": &p.SDB,
		"share_b": &p.ShareB, "power": &p.Power, "margin": &p.Margin, "per_day": &p.PerDay,
	}[key]
}

// check says what is wrong with a plan; at is where it stands.
func (p *Plan) check(at string) error {
	bad := func(key string, is any, expected string) error {
		return tandem.Errorf(tandem.Invalid, join(at, key), "is %v; expected %s", is, expected)
	}
	share := p.SD == 0
	switch {
	case share && (p.Baseline < 0 || p.Baseline > 1):
		return bad("baseline", p.Baseline, "a share from 0 to 1; a mean needs sd too")
	case share && (p.Baseline+p.Effect < 0 || p.Baseline+p.Effect > 1):
		return bad("effect", p.Effect, "one that leaves the share within 0 to 1")
	case p.SD < 0:
		return bad("sd", p.SD, "above 0")
	case p.SDB < 0 || p.SDB > 0 && share:
		return bad("sd_b", p.SDB, "above 0, beside sd")
	case p.ShareB < 0 || p.ShareB >= 1:
		return bad("share_b", p.ShareB, "above 0 and below 1")
	case p.Power != 0 && (p.Power < 0.01 || p.Power > 0.9999):
		return bad("power", p.Power, "0.01 to 0.9999")
	case p.Margin < 0:
		return bad("margin", p.Margin, "above 0")
	case p.PerDay < 0:
		return bad("per_day", p.PerDay, "above 0")
	case p.Bounds != nil && share:
		return bad("bounds", *p.Bounds, "none for a share, which is within 0 and 1")
	case p.Effect == 0 && p.Calls == 0 && p.Margin == 0:
		return bad("effect", 0, "a difference, or calls, or margin")
	}
	return nil
}

// design gives the plan as the mathematics takes it.
func (p *Plan) design(o Options) stats.Design {
	d := stats.Design{
		Binary: p.SD == 0, Baseline: p.Baseline, Effect: p.Effect, SD: p.SD, SDB: p.SDB,
		ShareB: p.ShareB, Alpha: o.Alpha, Power: p.Power, Tuning: o.Tuning, Margin: p.Margin,
	}
	if p.Bounds != nil {
		d.Bounds = stats.Bounds(*p.Bounds)
	}
	return d
}
