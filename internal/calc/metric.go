package calc

import (
	"maps"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/stats"
)

// metric is one metric with its arms, the reference first.
type metric struct {
	name   string
	kind   Kind
	set    MetricSettings
	arms   []string
	phases []phaseData
	// raw is nil where only aggregates are given.
	raw *samples
}

// put brings the reference to the front.
func (m *metric) put(reference *string) error {
	if reference == nil {
		return nil
	}
	i := slices.Index(m.arms, *reference)
	if i < 0 {
		return tandem.Errorf(tandem.Invalid, "reference", "is %s; expected one of the arms %s", quote(*reference), strings.Join(m.arms, ", "))
	}
	toFront(m.arms, i)
	for _, p := range m.phases {
		toFront(p.arms, i)
	}
	if m.raw != nil {
		m.raw.put(i)
	}
	return nil
}

func toFront[T any](xs []T, i int) {
	x := xs[i]
	copy(xs[1:i+1], xs[:i])
	xs[0] = x
}

// everyArm gives the positions of all arms.
func (m *metric) everyArm() []int {
	all := make([]int, len(m.arms))
	for i := range all {
		all[i] = i
	}
	return all
}

// better gives the way in which the metric is better.
func (m *metric) better() tandem.Direction {
	if m.set.Better != nil {
		return *m.set.Better
	}
	return tandem.Higher
}

// total gives what an arm has over all phases, for description only: raw counts
// of different phases are never compared.
func (m *metric) total(arm int) armData {
	var t armData
	for _, p := range m.phases {
		t = t.plus(p.arms[arm])
	}
	return t
}

func (d armData) plus(o armData) armData {
	d.n += o.n
	d.proportion.N += o.proportion.N
	d.proportion.Successes += o.proportion.Successes
	d.moments = merge(d.moments, o.moments)
	d.cancelled = d.cancelled || o.cancelled
	d.clusters.Merge(o.clusters)
	if o.counts != nil {
		sum := map[string]int64{}
		maps.Copy(sum, d.counts)
		for name, n := range o.counts {
			sum[name] += n
		}
		d.counts = sum
	}
	return d
}

// merge gives the moments of both together. Chan, Golub and LeVeque (1983), The
// American Statistician 37, 242-247.
func merge(a, b stats.Moments) stats.Moments {
	switch {
	case a.N == 0:
		return b
	case b.N == 0:
		return a
	}
	na, nb := float64(a.N), float64(b.N)
	n, d := na+nb, b.Mean-a.Mean
	m2 := a.Variance*(na-1) + b.Variance*(nb-1) + d*d*na/n*nb
	return stats.Moments{N: a.N + b.N, Mean: a.Mean + d*nb/n, Variance: m2 / (n - 1)}
}

// strata pairs the phases of the reference and another arm, each weighted by
// what it tells, as in the verdict. units counts what was randomised: values, or
// callers.
func strata[T any](m *metric, arm int, as func(armData) T, units func(T) int64) []stats.Stratum[T] {
	out := make([]stats.Stratum[T], len(m.phases))
	for i, p := range m.phases {
		a, b := as(p.arms[0]), as(p.arms[arm])
		out[i] = stats.Stratum[T]{Weight: stats.StratumWeight(units(a), units(b)), A: a, B: b}
	}
	return out
}

// shared counts the phases in which both arms have values, and gives the last of
// them; the only phase there is in any case.
func (m *metric) shared(arm int) (n int, one phaseData) {
	if len(m.phases) == 1 {
		one = m.phases[0]
	}
	for _, p := range m.phases {
		if p.arms[0].n > 0 && p.arms[arm].n > 0 {
			n++
			one = p
		}
	}
	return n, one
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
