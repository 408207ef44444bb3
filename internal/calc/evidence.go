package calc

import (
	"tandem/internal/stats"
)

// evidence is what the arms of a metric have said by one moment, kept as the
// verdict keeps it. Units are values, or callers.
type evidence struct {
	averages bool
	// cells is by phase, then arm; clusters stands in its place by caller.
	cells    [][]stats.Numbers
	clusters [][]stats.SkewedClusters
	byCaller bool
	totals   map[who]total
	// extremes are the smallest and the largest value of any arm, or of what a
	// caller's calls added to or took from what the arm's mean foretells.
	extremes stats.Interval
}

// who is a caller in one phase and arm.
type who struct{ phase, arm, caller int32 }

// total is what one caller's calls said.
type total struct{ sum, n float64 }

// newEvidence has seen nothing yet.
func newEvidence(m *metric, byCaller bool) *evidence {
	e := &evidence{averages: m.kind != Proportion, byCaller: byCaller, extremes: stats.Unseen}
	if byCaller {
		e.totals = map[who]total{}
		e.clusters = make([][]stats.SkewedClusters, len(m.phases))
		for i := range e.clusters {
			e.clusters[i] = make([]stats.SkewedClusters, len(m.arms))
		}
		return e
	}
	e.cells = make([][]stats.Numbers, len(m.phases))
	for i := range e.cells {
		e.cells[i] = make([]stats.Numbers, len(m.arms))
	}
	return e
}

// aggregated takes over aggregates: of averages neither skewness nor extremes are
// known.
func (e *evidence) aggregated(m *metric) {
	for i, ph := range m.phases {
		for k, d := range ph.arms {
			e.cells[i][k] = stats.Numbers{N: d.n, Mean: d.moments.Mean, M2: d.moments.Variance * float64(max(0, d.n-1))}
			if m.kind == Proportion {
				e.cells[i][k] = stats.Numbers{N: d.n, Mean: d.proportion.Share()}
			}
		}
	}
}

// add takes the value of row i.
func (e *evidence) add(raw *samples, i int, y float64) error {
	w := who{raw.phase[i], int32(raw.arm(i)), -1}
	if !e.byCaller {
		e.reach(y)
		e.cells[w.phase][w.arm].Add(y)
		return nil
	}
	c := &e.clusters[w.phase][w.arm]
	is := total{y, 1}
	switch {
	case raw.totals:
		is.n = float64(raw.calls[i])
	case raw.hasCaller:
		w.caller = raw.caller[i]
	}
	if w.caller < 0 {
		err := c.Add(is.sum, is.n)
		e.reach(c.Residual(is.sum, is.n))
		return err
	}
	was := e.totals[w]
	is = total{was.sum + y, was.n + 1}
	e.totals[w] = is
	err := c.Replace(was.sum, was.n, is.sum, is.n)
	e.reach(c.Residual(is.sum, is.n))
	return err
}

func (e *evidence) reach(x float64) {
	e.extremes.Low, e.extremes.High = min(e.extremes.Low, x), max(e.extremes.High, x)
}

// contrast compares arm x with the reference.
func (e *evidence) contrast(x int) (stats.Contrast, bool) {
	var room [8]stats.Phase
	phases := room[:0]
	for i := range max(len(e.cells), len(e.clusters)) {
		var p stats.Phase
		if e.byCaller {
			a, b := &e.clusters[i][0], &e.clusters[i][x]
			p = stats.Phase{NA: a.N, NB: b.N, MeanA: a.Mean(), MeanB: b.Mean()}
		} else {
			a, b := &e.cells[i][0], &e.cells[i][x]
			p = stats.Phase{NA: a.N, NB: b.N, MeanA: a.Mean, MeanB: b.Mean}
		}
		if p.NA > 1 && p.NB > 1 {
			p.Spread = e.spread(i, x)
			phases = append(phases, p)
		}
	}
	return stats.Contrasted(phases, e.byCaller)
}

// spread is how far the difference of arm x may be off in one phase.
func (e *evidence) spread(phase, x int) stats.Spread {
	if e.byCaller {
		a, b := e.clusters[phase][0], e.clusters[phase][x]
		if e.averages {
			return stats.SpreadOfClusteredMeans(a, b, e.extremes)
		}
		return stats.SpreadOfClusteredShares(a.Clusters, b.Clusters)
	}
	a, b := e.cells[phase][0], e.cells[phase][x]
	if e.averages {
		return stats.SpreadOfMeans(a, b, e.extremes)
	}
	return stats.SpreadOfShares(successes(a), successes(b))
}
