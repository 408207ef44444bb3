package topics

import (
	"errors"
	"math"
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// metric is one of those that groups are compared by.
type metric struct {
	name, label, unit string
	kind              tandem.MetricKind
}

var metrics = []metric{
	{tandem.MetricCompletion, "Completion rate", "", tandem.Proportion},
	{tandem.MetricDuration, "Duration", "s", tandem.Mean},
	{tandem.MetricTransfer, "Transfer rate", "", tandem.Proportion},
	{tandem.MetricSentiment, "Sentiment", "", tandem.Mean},
	{tandem.MetricMisunderstandings, "Misunderstandings", "", tandem.Mean},
}

// metricShare is the share of an arm's calls that are in a group.
const metricShare = "share"

func counted(name string) bool {
	return name == tandem.MetricEnded || slices.ContainsFunc(metrics, func(m metric) bool { return m.name == name })
}

const (
	// minExpected is the expected count under which the normal test of a 2 x 2 table
	// gives way to the exact one (Cochran 1954).
	minExpected = 5
	// leastShares and leastMeans are how many calls of each arm a group needs to be
	// in an interaction: an average's standard error from fewer is too rough.
	leastShares = 10
	leastMeans  = 20
)

// compare sets a metric's arms against each other within a group.
func (n *count) compare(key string, m metric) GroupMetric {
	out := GroupMetric{Name: m.name, Label: m.label, Kind: m.kind, Unit: m.unit, Against: []GroupDifference{}}
	for _, a := range n.test.Arms {
		t := n.total(key, a.Key, m.name)
		v := GroupValue{Arm: a.Key, N: t.N, Unknown: max(0, n.total(key, a.Key, tandem.MetricEnded).N-t.N)}
		if t.N > 0 {
			if m.kind == tandem.Proportion {
				v.shares(asProportion(t))
			} else {
				v.averages(asMoments(t))
			}
		}
		out.Arms = append(out.Arms, v)
	}
	first := n.test.Arms[0].Key
	for _, a := range n.test.Arms[1:] {
		d := GroupDifference{Arm: a.Key, Against: first}
		if m.kind == tandem.Proportion {
			d.proportions(strata(n, key, m.name, a.Key, asProportion, sizeOf))
		} else {
			d.means(strata(n, key, m.name, a.Key, asMoments, sizeOf))
		}
		out.Against = append(out.Against, d)
	}
	return out
}

// share compares how many of the arms' calls are in a group, of those in bases.
func (n *count) share(key string, bases ...string) GroupMetric {
	out := GroupMetric{Name: metricShare, Label: "Share of calls", Kind: tandem.Proportion, Against: []GroupDifference{}}
	in := func(phase int, arm string) (p stats.Proportion) {
		p.Successes = n.at(key, phase, arm, tandem.MetricEnded).N
		for _, b := range bases {
			p.N += n.at(b, phase, arm, tandem.MetricEnded).N
		}
		return p
	}
	for _, a := range n.test.Arms {
		var total stats.Proportion
		for _, phase := range n.inOrder() {
			p := in(phase, a.Key)
			total.Successes, total.N = total.Successes+p.Successes, total.N+p.N
		}
		v := GroupValue{Arm: a.Key, N: total.N, Unknown: max(0, n.total(everybody, a.Key, tandem.MetricEnded).N-total.N)}
		if total.N > 0 {
			v.shares(total)
		}
		out.Arms = append(out.Arms, v)
	}
	first := n.test.Arms[0].Key
	for _, a := range n.test.Arms[1:] {
		var pairs []stats.Stratum[stats.Proportion]
		for _, phase := range n.inOrder() {
			one, other := in(phase, first), in(phase, a.Key)
			pairs = append(pairs, stats.Stratum[stats.Proportion]{Weight: stats.StratumWeight(one.N, other.N), A: one, B: other})
		}
		d := GroupDifference{Arm: a.Key, Against: first}
		d.proportions(pairs)
		out.Against = append(out.Against, d)
	}
	return out
}

// strata pairs the phases of A and another arm.
func strata[T any](n *count, key, metric, arm string, as func(tandem.Tally) T, size func(tandem.Tally) int64) []stats.Stratum[T] {
	var out []stats.Stratum[T]
	for _, phase := range n.inOrder() {
		a, b := n.at(key, phase, n.test.Arms[0].Key, metric), n.at(key, phase, arm, metric)
		out = append(out, stats.Stratum[T]{Weight: stats.StratumWeight(size(a), size(b)), A: as(a), B: as(b)})
	}
	return out
}

func sizeOf(t tandem.Tally) int64 { return t.N }

func asProportion(t tandem.Tally) stats.Proportion {
	return stats.Proportion{Successes: t.Successes, N: t.N}
}

func asMoments(t tandem.Tally) stats.Moments {
	return stats.Moments{N: t.N, Mean: t.Mean, Variance: t.Variance()}
}

func (v *GroupValue) shares(p stats.Proportion) {
	v.Value = number(p.Share())
	if in, err := stats.Wilson(p, level); err == nil {
		v.Interval = bounds(in)
	}
}

func (v *GroupValue) averages(m stats.Moments) {
	v.Value = number(m.Mean)
	if in, err := stats.MeanInterval(m, level); err == nil {
		v.Interval = bounds(in)
	}
}

func (d *GroupDifference) proportions(pairs []stats.Stratum[stats.Proportion]) {
	est, err := stats.StratifiedProportions(pairs, level)
	if !d.take(est, err) {
		return
	}
	var one stats.Stratum[stats.Proportion]
	least := math.Inf(1)
	for _, s := range pairs {
		if s.A.N > 0 && s.B.N > 0 {
			one, least = s, min(least, stats.MinExpected(s.A, s.B))
		}
	}
	switch {
	case least >= minExpected:
	case est.Strata == 1:
		if exact, err := stats.Fisher(one.A, one.B); err == nil {
			d.P = number(exact.P)
		}
	default:
		d.Note = "a phase has few calls: p is rough"
	}
}

func (d *GroupDifference) means(pairs []stats.Stratum[stats.Moments]) {
	d.take(stats.StratifiedMeans(pairs, level))
}

func (d *GroupDifference) take(est stats.Estimate, err error) bool {
	if err != nil {
		d.Note = whyNot(err)
		return false
	}
	d.Value, d.Interval, d.P = number(est.Value), bounds(est.Interval), number(est.Test.P)
	return true
}

func whyNot(err error) string {
	if errors.Is(err, stats.ErrTooFew) {
		return "not enough calls in both arms"
	}
	return "the calls cannot be compared: " + err.Error()
}

// interaction asks whether the difference between A and another arm differs among
// groups.
func (n *count) interaction(keys []string, m metric, arm string) Interaction {
	out := Interaction{Metric: m.name, Label: m.label, Arm: arm, Against: n.test.Arms[0].Key}
	var effects []stats.Effect
	for _, key := range keys {
		if e, ok := n.effect(key, m, arm); ok {
			effects = append(effects, e)
		} else {
			out.LeftOut = append(out.LeftOut, key)
		}
	}
	out.Groups = len(effects)
	test, err := stats.Heterogeneity(effects)
	if err != nil {
		out.Note = "not enough calls in both arms in two groups"
		return out
	}
	out.Q, out.P = number(test.Statistic), number(test.P)
	return out
}

// effect is the difference within a group; false where it has too few calls.
func (n *count) effect(key string, m metric, arm string) (stats.Effect, bool) {
	least := min(n.total(key, n.test.Arms[0].Key, m.name).N, n.total(key, arm, m.name).N)
	if m.kind == tandem.Proportion {
		e, err := stats.AddedProportions(strata(n, key, m.name, arm, asProportion, sizeOf))
		return e, err == nil && least >= leastShares
	}
	est, err := stats.StratifiedMeans(strata(n, key, m.name, arm, asMoments, sizeOf), level)
	return stats.Effect{Value: est.Value, SE: est.SE}, err == nil && least >= leastMeans && est.SE > 0
}

// adjust fills in adjusted p-values of those that there are.
func adjust(ps []*float64, into []**float64) {
	var list []float64
	var at []int
	for i, p := range ps {
		if p != nil {
			list, at = append(list, *p), append(at, i)
		}
	}
	adjusted, err := stats.BenjaminiHochberg(list)
	if err != nil {
		return // a p-value is always between 0 and 1
	}
	for i, p := range adjusted {
		*into[at[i]] = &p
	}
}

func adjustDifferences(groups []Group) {
	var ps []*float64
	var into []**float64
	for g := range groups {
		all := []*GroupMetric{&groups[g].Share}
		for m := range groups[g].Metrics {
			all = append(all, &groups[g].Metrics[m])
		}
		for _, m := range all {
			for i := range m.Against {
				ps, into = append(ps, m.Against[i].P), append(into, &m.Against[i].Adjusted)
			}
		}
	}
	adjust(ps, into)
}

func adjustInteractions(list []Interaction) {
	var ps []*float64
	var into []**float64
	for i := range list {
		ps, into = append(ps, list[i].P), append(into, &list[i].Adjusted)
	}
	adjust(ps, into)
}

// number gives a pointer to x for JSON; nil for what JSON cannot write.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// bounds is nil where an end is unbounded.
func bounds(in stats.Interval) *tandem.Span {
	if number(in.Low) == nil || number(in.High) == nil {
		return nil
	}
	return &tandem.Span{Low: in.Low, High: in.High}
}
