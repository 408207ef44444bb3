package stats

import (
	"fmt"
	"math"
)

// Partial is one arm of which some outcomes are still to come.
type Partial struct {
	// N outcomes are known, with their mean and their summed squares around it.
	N        int64
	Mean, M2 float64
	// Open is how many more there may be: calls in progress.
	Open int64
}

// Least is the least that a difference between two arms can be said to be while
// outcomes are open.
type Least struct {
	// Low is a lower bound of b - a that holds at every look, whatever the open
	// outcomes will be; LogP is the logarithm of the p-value of "at most 0".
	Low, LogP float64
	// Value is the difference of the outcomes that are known, with both sides'
	// means, all within strata.
	Value, MeanA, MeanB float64
	// NA and NB count the outcomes known, OpenA and OpenB those to come, in the
	// strata that have some on both sides.
	NA, NB, OpenA, OpenB int64
}

// LeastDifference bounds b - a from below by [SequenceAbove] when outcomes that
// are still open may be anything within bounds: those of a are taken for the
// largest there can be, those of b for the least, and each arm's spread for the
// largest that any open outcomes could give it. The bound of all calls begun so
// far is never below, so this one excludes what that one excludes at the same
// moment: calls in flight cannot make a difference, however they differ between
// the arms in length. The sequence itself needs no order, only that the calls are
// all of those begun (Waudby-Smith et al., 2103.06476). The worst case over what is
// not observed is that of Manski (1990), The American Economic Review 80, 319-323.
//
// Strata (pairs of a and b) are averaged by [StratumWeight]; those with fewer than
// two known outcomes on a side are left out. Binary outcomes are 0 and 1, and bounds
// are not looked at.
//
// Errors: ErrInput for what [SequenceAbove] refuses, or open outcomes without
// bounds that rise; ErrTooFew without a stratum, or without spread.
func LeastDifference(strata [][2]Partial, binary bool, bounds Bounds, alpha, tuning float64) (Least, error) {
	if binary {
		bounds = Bounds{0, 1}
	}
	var out Least
	var weight, known, variance, low float64
	for _, s := range strata {
		a, b := s[0], s[1]
		if err := a.check(bounds); err != nil {
			return Least{}, err
		}
		if err := b.check(bounds); err != nil {
			return Least{}, err
		}
		if a.N < 2 || b.N < 2 {
			continue
		}
		w := StratumWeight(a.N+a.Open, b.N+b.Open)
		weight += w
		known += StratumWeight(a.N, b.N)
		out.MeanA += w * a.Mean
		out.MeanB += w * b.Mean
		low += w * (b.with(bounds.Low) - a.with(bounds.High))
		variance += w * w * (a.variance(binary, bounds) + b.variance(binary, bounds))
		out.NA, out.NB, out.OpenA, out.OpenB = out.NA+a.N, out.NB+b.N, out.OpenA+a.Open, out.OpenB+b.Open
	}
	if weight == 0 {
		return Least{}, fmt.Errorf("%w: no stratum has two outcomes on both sides", ErrTooFew)
	}
	out.MeanA, out.MeanB = out.MeanA/weight, out.MeanB/weight
	out.Value, low = out.MeanB-out.MeanA, low/weight
	// More calls narrow the bound but raise its factor by a little: the wider of
	// the clock without and with the open calls holds for every clock between.
	se := math.Sqrt(variance) / weight
	out.Low, out.LogP = math.Inf(1), math.Inf(-1)
	for _, clock := range [2]float64{known, weight} {
		bound, logP, err := SequenceAbove(low, se, int64(clock), alpha, tuning)
		if err != nil {
			return Least{}, err
		}
		out.Low, out.LogP = min(out.Low, bound), max(out.LogP, logP)
	}
	return out, nil
}

func (p Partial) check(b Bounds) error {
	switch {
	case p.N < 0 || p.Open < 0 || !finite(p.Mean, p.M2) || p.M2 < 0:
		return fmt.Errorf("%w: %d outcomes of mean %v and squares %v, %d open", ErrInput, p.N, p.Mean, p.M2, p.Open)
	case p.Open > 0 && !(b.Low < b.High && finite(b.Low, b.High)):
		return fmt.Errorf("%w: %d open outcomes within %v", ErrInput, p.Open, b)
	}
	return nil
}

// with is the mean when each open outcome is y.
func (p Partial) with(y float64) float64 {
	if p.Open == 0 {
		return p.Mean
	}
	return p.Mean + float64(p.Open)/float64(p.N+p.Open)*(y-p.Mean)
}

// variance is the largest variance that the mean can have, over what the open
// outcomes may be, as of the known ones: more of them only make it smaller.
func (p Partial) variance(binary bool, b Bounds) float64 {
	n, k := float64(p.N), float64(p.Open)
	if binary {
		// One more success and one more failure, as in ShareVariance; of the open
		// outcomes as many successes as bring the share nearest to one half.
		successes := math.Round(n * p.Mean)
		successes += min(max(math.Round((n+k)/2-successes), 0), k)
		share := (successes + 1) / (n + k + 2)
		return share * (1 - share) / (n + 2)
	}
	m2 := p.M2
	if p.Open > 0 {
		// Squares grow most with outcomes at the bounds. With j of them at the
		// upper one and the rest at the lower they are a parabola in j.
		up, down := b.High-p.Mean, b.Low-p.Mean
		j := min(max(((n+k)*(up+down)/2-k*down)/(up-down), 0), k)
		sum := j*up + (k-j)*down
		m2 += max(0, j*up*up+(k-j)*down*down-sum*(sum/(n+k)))
	}
	return m2 / (n + k - 1) / n
}
