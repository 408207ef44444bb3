package calc

import (
	"errors"
	"math"

	"tandem/internal/stats"
)

// arm describes one arm. Its interval is two-sided whatever the sides.
func (c *computer) arm(m *metric, i int) (ArmReport, error) {
	t := m.total(i)
	r := ArmReport{Arm: m.arms[i], N: t.n, Counts: t.counts}
	if m.raw != nil {
		r.Unknown = m.raw.unknown[i]
	}
	if t.clusters.N > 0 {
		r.Callers = t.clusters.N
	}
	if len(m.phases) == 1 && m.phases[0].arms[i].share != nil {
		r.Expected = m.phases[0].arms[i].share
	}
	var in stats.Interval
	var err error
	level := 1 - c.Alpha
	switch m.kind {
	case Proportion:
		r.Successes = &t.proportion.Successes
		if t.n > 0 {
			r.Value = finite(t.proportion.Share())
		}
		r.Method = wilson
		in, err = stats.Wilson(t.proportion, level)
	case Mean:
		if t.n > 0 {
			r.Value = finite(t.moments.Mean)
		}
		if t.n > 1 {
			r.SD = finite(math.Sqrt(t.moments.Variance))
		}
		r.Method = studentT
		in, err = stats.MeanInterval(t.moments, level)
	case Ratio:
		r.N = t.clusters.Numbers()
		if t.n > 0 {
			r.Value = finite(t.clusters.Mean())
		}
		return r, nil
	case Category:
		return r, c.categoryShares(m, t, &r)
	default:
		return r, nil
	}
	switch {
	case errors.Is(err, stats.ErrTooFew), c.Unit == PerCaller:
		// Of calls of the same callers these intervals are too narrow.
		r.Method = ""
	case err != nil:
		return r, refused(m.name, r.Method, err)
	default:
		r.Interval = &Interval{finite(in.Low), finite(in.High)}
	}
	return r, nil
}

// categoryShares adds the shares of all categories that the metric has. Their
// intervals are Goodman's: Wilson's, each at alpha shared among the categories.
func (c *computer) categoryShares(m *metric, t armData, r *ArmReport) error {
	names := map[string]bool{}
	for i := range m.arms {
		for name := range m.total(i).counts {
			names[name] = true
		}
	}
	r.Method = goodman
	for _, name := range sortedKeys(names) {
		p := stats.Proportion{Successes: t.counts[name], N: t.n}
		s := CategoryShare{Category: name}
		if t.n > 0 {
			s.Value = finite(p.Share())
		}
		if c.Unit == PerCall {
			in, err := stats.Wilson(p, 1-c.Alpha/float64(len(names)))
			if err != nil {
				return refused(m.name, goodman, err)
			}
			s.Interval = &Interval{finite(in.Low), finite(in.High)}
		}
		r.Shares = append(r.Shares, s)
	}
	if c.Unit == PerCaller {
		r.Method = ""
	}
	return nil
}
