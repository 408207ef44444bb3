package results

import (
	"cmp"
	"math"
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// summarise describes each arm in one metric.
func summarise(e entry, c cells, arms []tandem.Arm) []Summary {
	out := make([]Summary, len(arms))
	for i, a := range arms {
		t := &c.of(e.name, a.Key).total
		out[i] = Summary{Arm: a.Key, N: t.N}
		if e.kind == tandem.Count {
			out[i].N = countOf(e.name, c, a.Key)
			out[i].Value = number(float64(out[i].N))
			continue
		}
		out[i].Unknown = max(0, c.n(e.of, a.Key)-t.N)
		if t.N > 0 {
			describe(&out[i], t)
		}
	}
	if e.kind == tandem.Mean {
		describeShapes(out, e, c, arms)
	}
	return out
}

func countOf(metric string, c cells, arm string) int64 {
	if metric != MetricInProgress {
		return c.n(metric, arm)
	}
	return max(0, c.n(tandem.MetricCalls, arm)-c.n(tandem.MetricEnded, arm)-c.n(tandem.MetricLost, arm))
}

// describe fills in what one arm's tally says. The tally's own kind counts: it
// differs from the metric's where two versions define a field differently.
func describe(s *Summary, t *tandem.Tally) {
	switch t.Kind {
	case tandem.Proportion:
		p := asProportion(t)
		s.Value, s.Successes = number(p.Share()), &t.Successes
		if in, err := stats.Wilson(p, Level); err == nil {
			s.Interval = interval(in, "wilson")
		}
	case tandem.Mean:
		m := asMoments(t)
		s.Value = number(m.Mean)
		if t.N > 1 {
			s.SD = number(math.Sqrt(m.Variance))
		}
		if in, err := stats.MeanInterval(m, Level); err == nil {
			s.Interval = interval(in, "student_t")
		}
	case tandem.Category:
		s.Shares = shares(t)
	}
}

func describeShapes(out []Summary, e entry, c cells, arms []tandem.Arm) {
	shapes := make([]shape, len(arms))
	for i, a := range arms {
		shapes[i] = c.of(e.name, a.Key).shape()
	}
	sc := newScale(shapes)
	for i, s := range shapes {
		if s.total > 0 {
			out[i].Median, out[i].P90 = number(s.quantile(0.5)), number(s.quantile(0.9))
			out[i].Histogram = sc.counts(s)
		}
	}
}

func shares(t *tandem.Tally) []NamedShare {
	out := make([]NamedShare, 0, len(t.Names))
	for name, n := range t.Names {
		out = append(out, NamedShare{Name: name, N: n, Share: float64(n) / float64(t.N)})
	}
	slices.SortFunc(out, func(a, b NamedShare) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func asProportion(t *tandem.Tally) stats.Proportion {
	return stats.Proportion{Successes: t.Successes, N: t.N}
}

func asMoments(t *tandem.Tally) stats.Moments {
	return stats.Moments{N: t.N, Mean: t.Mean, Variance: t.Variance()}
}

// number gives a pointer to x for JSON; nil for what JSON cannot write.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// interval is nil where an end is unbounded.
func interval(in stats.Interval, method string) *Interval {
	if number(in.Low) == nil || number(in.High) == nil {
		return nil
	}
	return &Interval{Low: in.Low, High: in.High, Method: method}
}
