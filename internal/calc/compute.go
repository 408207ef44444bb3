package calc

import (
	"errors"
	"strings"

	"tandem/internal/stats"
)

// Compute gives every test and interval that applies to an input, and says why
// the others do not.
//
// Errors: what the mathematics refuses although [Read] let it pass.
func Compute(in Input) (Report, error) {
	c := computer{Options: in.Options, rows: in.rows}
	r := Report{Options: in.Options, Metrics: []MetricReport{}}
	for _, m := range in.metrics {
		one, err := c.metric(m)
		if err != nil {
			return Report{}, err
		}
		r.Metrics = append(r.Metrics, one)
	}
	if in.rows != nil && !in.rows.totals {
		r.Overall = append(r.Overall, c.rowsRatio(in.metrics[0]))
	}
	lines, err := c.overMetrics(r.Metrics)
	if err != nil {
		return Report{}, err
	}
	r.Overall = append(r.Overall, lines...)
	if in.Plan != nil {
		r.Plan = c.plan(*in.Plan)
	}
	return r, nil
}

// computer computes with the same options throughout.
type computer struct {
	Options
	rows *rowSet
}

func (c *computer) metric(m *metric) (MetricReport, error) {
	r := MetricReport{Metric: m.name, Kind: m.kind, Phases: len(m.phases), Arms: make([]ArmReport, len(m.arms))}
	for i := range m.arms {
		one, err := c.arm(m, i)
		if err != nil {
			return r, err
		}
		r.Arms[i] = one
	}
	r.Notes = c.notes(m)
	for i := 1; i < len(m.arms); i++ {
		lines, err := c.compare(m, i)
		if err != nil {
			return r, err
		}
		if len(lines) > 0 {
			r.Comparisons = append(r.Comparisons, Comparison{Arm: m.arms[i], Against: m.arms[0], Lines: lines})
		}
	}
	overall, err := c.overall(m, &r)
	r.Overall = overall
	return r, err
}

// compare sets arm i against the reference.
func (c *computer) compare(m *metric, i int) ([]Line, error) {
	p := &pair{computer: c, m: m, arm: i}
	switch m.kind {
	case Proportion:
		p.proportions()
	case Mean:
		p.means()
	case Ratio:
		p.clustered()
	case Category:
		p.categories()
	}
	return p.lines, p.err
}

// pair collects what the methods say of one arm against the reference.
type pair struct {
	*computer
	m     *metric
	arm   int
	lines []Line
	err   error
}

func (p *pair) add(l Line) { p.lines = append(p.lines, l) }

// take adds a line, or what keeps the method from giving one. What is refused as
// impossible input ends the computation: Read should have refused it.
func (p *pair) take(method string, err error, line func(Line) Line) {
	switch {
	case err == nil:
		p.add(line(newLine(method)))
	case errors.Is(err, stats.ErrTooFew):
		p.add(not(method, p.whyFew(err)))
	case p.err == nil:
		p.err = refused(p.m.name, method, err)
	}
}

// whyFew says why data do not suffice: an arm with next to nothing, in words of
// arms, else what the mathematics says.
func (p *pair) whyFew(err error) string {
	for _, need := range []struct {
		units int64
		words string
	}{{1, "an arm has no values"}, {2, "an arm has fewer than two values"}} {
		enough := false
		for _, ph := range p.m.phases {
			a, b := ph.arms[0], ph.arms[p.arm]
			enough = enough || min(a.n, b.n) >= need.units
		}
		if !enough && (need.units == 1 || p.m.kind == Mean) {
			return need.words
		}
	}
	return reason(err)
}

// reason takes the general part off an error of package stats.
func reason(err error) string {
	return strings.TrimPrefix(err.Error(), stats.ErrTooFew.Error()+": ")
}

// perCallersOnly says why what compares calls is not given; "" where it is.
func (p *pair) perCallersOnly() string {
	if p.Unit == PerCaller {
		return "callers were randomised, not calls (unit caller)"
	}
	return ""
}

// notes says what a reader of the figures has to know.
func (c *computer) notes(m *metric) []string {
	var notes []string
	if len(m.arms) == 1 {
		notes = append(notes, "one arm: there is nothing to compare it with")
	}
	for i := range m.arms {
		if m.total(i).cancelled {
			notes = append(notes, "arm "+m.arms[i]+": the sum of squares is almost the square of the sum, so that the variance has lost most of its digits; give mean and sd if you can")
		}
	}
	if m.raw == nil || !m.raw.hasCaller || c.Unit == PerCaller {
		return notes
	}
	if repeated, split := m.raw.repeats(); repeated && !split {
		notes = append(notes, "callers have several calls and each is in one arm only: if callers were randomised and not calls, only what is by caller holds (unit caller)")
	}
	return notes
}
