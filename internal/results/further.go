package results

import (
	"tandem/internal/stats"
)

// relateProportions adds the difference as a share of A's value, where A's is
// surely not 0.
func (d *Comparison) relateProportions(pairs []stats.Stratum[stats.Proportion]) {
	if est, err := stats.StratifiedRelativeProportions(pairs, Level); err == nil {
		d.Relative = &Relative{Value: est.Value, Interval: interval(est.Interval, "delta")}
	}
}

// relateMeans does the same for averages. Beside a negative one there is none.
func (d *Comparison) relateMeans(pairs []stats.Stratum[stats.Moments]) {
	if est, err := stats.StratifiedRelativeMeans(pairs, Level); err == nil {
		d.Relative = &Relative{Value: est.Value, Interval: interval(est.Interval, "delta")}
	}
}

// onePhase says whether both arms have all their data in one phase, so that
// what cannot be stratified may be taken from totals.
func onePhase(first, other *cell) bool {
	return len(first.phases) == 1 && len(other.phases) == 1 && first.phases[0].phase == other.phases[0].phase
}

// believe adds what uniform priors make of two shares.
func (d *Comparison) believe(first, other *cell) {
	if !onePhase(first, other) {
		return
	}
	b, err := stats.BetaBinomial(asProportion(&first.total), asProportion(&other.total))
	if err == nil {
		d.Belief = &Belief{Better: b.BBetter, LossIfKept: b.LossB, LossIfNot: b.LossA}
	}
}

// compareMedians adds the difference of the medians, from the histograms.
func (d *Comparison) compareMedians(first, other *cell) {
	if !onePhase(first, other) {
		return
	}
	est, err := stats.QuantileDifference(counted(first.shape()), counted(other.shape()), 0.5, Level)
	if err == nil {
		d.Median = &Estimate{Value: est.Value, Interval: interval(est.Interval, "order_statistics")}
	}
}

func counted(s shape) []stats.Counted {
	out := make([]stats.Counted, len(s.values))
	for i, x := range s.values {
		out[i] = stats.Counted{Value: x, N: s.counts[i]}
	}
	return out
}
