package calc

import (
	"errors"

	"tandem/internal/stats"
)

// PlanReport says how large a test has to be, or what it can find.
type PlanReport struct {
	Plan  Plan       `json:"plan"`
	Sizes []PlanSize `json:"sizes"`
	Notes []string   `json:"notes,omitempty"`
}

// PlanSize is the answer for one method.
type PlanSize struct {
	Method string `json:"method"`
	Title  string `json:"title"`
	Holds  Holds  `json:"holds"`
	// Calls is how many calls, in both arms, find the effect with the power
	// wanted; Expected is their mean number when the test stops once it is found.
	Calls    int64    `json:"calls,omitempty"`
	Expected int64    `json:"expected_calls,omitempty"`
	Days     *float64 `json:"days,omitempty"`
	// Effect is the smallest that the plan's calls find.
	Effect   *float64 `json:"minimum_effect,omitempty"`
	NotGiven string   `json:"not_given,omitempty"`
}

// planMethods are the ways to size a test for an effect. name is that of
// Design.MinimumEffect.
var planMethods = []struct {
	name, title string
	holds       Holds
	size        func(stats.Design) (stats.Size, error)
}{
	{"fixed", "one look", OneLook, stats.Design.Fixed},
	{"sequential", "betting", EveryLook, stats.Design.Sequential},
	{"asymptotic", "asymptotic sequence", Approximately, stats.Design.Asymptotic},
	{"planned", "planned", Approximately, stats.Design.Planned},
}

// marginMethods are those for a margin.
var marginMethods = []struct {
	name, title string
	holds       Holds
	size        func(stats.Design) (stats.Size, error)
}{
	{nonInferior, "non-inferiority, one look", OneLook, stats.Design.NonInferiority},
	{equivalent, "equivalence, one look", OneLook, stats.Design.Equivalence},
	{nonInferiorSeq, "non-inferiority, watched", Approximately, stats.Design.WatchedNonInferiority},
	{equivalentSeq, "equivalence, watched", Approximately, stats.Design.WatchedEquivalence},
}

// plan answers a plan.
func (c *computer) plan(p Plan) *PlanReport {
	r := &PlanReport{Plan: p}
	d := p.design(c.Options)
	for _, m := range planMethods {
		if p.Effect != 0 {
			size, err := m.size(d)
			r.Sizes = append(r.Sizes, p.sized(PlanSize{Method: m.name, Title: m.title, Holds: m.holds}, size, err))
		}
		if p.Calls == 0 {
			continue
		}
		s := PlanSize{Method: m.name, Title: m.title + ", minimum effect", Holds: m.holds}
		effect, err := d.MinimumEffect(p.Calls, m.name)
		if s.NotGiven = whyNot(err); err == nil {
			s.Calls, s.Effect = p.Calls, finite(effect)
		}
		r.Sizes = append(r.Sizes, s)
	}
	if c.Sides != TwoSided {
		r.Notes = append(r.Notes, "sizes for an effect are two-sided; those of a one-sided test at alpha are about those of a two-sided one at 2 alpha")
	}
	if p.SD > 0 && p.Bounds == nil {
		r.Notes = append(r.Notes, "without bounds the size for betting is too hopeful: wide bounds hold stakes back")
	}
	if p.Margin > 0 {
		d.Effect = 0 // what is to be shown is that there is none
		for _, m := range marginMethods {
			size, err := m.size(d)
			r.Sizes = append(r.Sizes, p.sized(PlanSize{Method: m.name, Title: m.title, Holds: m.holds}, size, err))
		}
	}
	return r
}

func (p Plan) sized(s PlanSize, size stats.Size, err error) PlanSize {
	if s.NotGiven = whyNot(err); err != nil {
		return s
	}
	s.Calls, s.Expected = size.Calls, size.Expected
	if days, err := stats.Days(size.Calls, p.PerDay); err == nil {
		s.Days = &days
	}
	return s
}

// whyNot gives the reason of an error of package stats; "" for none.
func whyNot(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, stats.ErrTooFew):
		return reason(err)
	}
	return err.Error()
}
