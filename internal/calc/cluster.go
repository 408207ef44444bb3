package calc

import (
	"math"

	"tandem/internal/stats"
)

// byCaller adds what holds when callers were randomised, and what each caller's
// first call says when calls were.
func (p *pair) byCaller() {
	const none = "needs raw rows with the column caller, or callers' totals"
	if p.m.raw == nil || !p.m.raw.hasCaller {
		p.add(not(ratioCluster, none))
		if p.Unit == PerCaller {
			p.add(not(asymptoticRatio, none))
		}
		return
	}
	if repeated, split := p.m.raw.repeats(); repeated && split {
		p.add(not(ratioCluster, "a caller is in several arms: callers were not what was randomised"))
		if p.Unit == PerCaller {
			p.add(not(asymptoticRatio, "a caller is in several arms: callers were not what was randomised"))
		} else {
			p.firstCalls()
		}
		return
	}
	p.clustered()
	if p.Unit == PerCall {
		p.firstCalls()
	}
}

// clustered compares means over calls with callers as the units.
func (p *pair) clustered() {
	pairs := strata(p.m, p.arm, func(d armData) stats.Clusters { return d.clusters }, func(c stats.Clusters) int64 { return c.N })
	est, err := stats.StratifiedRatios(pairs, p.level())
	p.take(ratioCluster, err, func(l Line) Line {
		return l.value(Absolute, est.Value).within(1-p.Alpha, p.Sides, p.cut(p.clipped(est.Interval), p.natural())).
			of(est.Test).p(p.Sides, p.oneSided(est.Test))
	})
	if p.m.kind == Ratio || p.Unit == PerCaller {
		p.margins(est, err)
	}
	p.sequences(asymptoticRatio, plannedRatio, p.looked(true))
}

// firstCalls compares with each caller's first call only: a caller who meets
// both arms carries memory from one to the other. A row without a caller is one
// of its own.
func (p *pair) firstCalls() {
	shared, _ := p.m.shared(p.arm)
	if shared > 1 {
		p.add(not(firstCalls, phases))
		return
	}
	raw := p.m.raw
	seen := make([]bool, len(raw.callers))
	var sums [2]running
	for i := range raw.len() {
		if c := raw.caller[i]; c >= 0 {
			if seen[c] {
				continue
			}
			seen[c] = true
		}
		if a := raw.arm(i); raw.known(i) && (a == 0 || a == p.arm) {
			sums[min(a, 1)].add(raw.value[i])
		}
	}
	a, b := sums[0].moments(), sums[1].moments()
	var est stats.Estimate
	var err error
	if p.m.kind == Proportion {
		est, err = stats.StratifiedProportions([]stats.Stratum[stats.Proportion]{{Weight: 1, A: asProportion(a), B: asProportion(b)}}, p.level())
	} else {
		est, err = stats.Welch(a, b, p.level())
	}
	p.take(firstCalls, err, func(l Line) Line {
		return l.value(Absolute, est.Value).within(1-p.Alpha, p.Sides, p.cut(est.Interval, p.natural())).
			of(est.Test).p(p.Sides, p.oneSided(est.Test)).
			figure("n_reference", float64(a.N)).figure("n_other", float64(b.N))
	})
}

// asProportion gives the moments of zeros and ones as a proportion.
func asProportion(m stats.Moments) stats.Proportion {
	return stats.Proportion{Successes: int64(math.Round(m.Mean * float64(m.N))), N: m.N}
}
