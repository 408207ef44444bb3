package stats

import (
	"fmt"
	"math"
)

// NonInferiority is the size of a test with one look that shows B to be worse
// than A by less than Margin: one-sided at Alpha, higher values being better.
// Effect is the true difference, usually 0. Chow, Shao and Wang (2008), Sample
// Size Calculations in Clinical Research, sections 3.2 and 4.2, with unpooled
// variances. Where lower is better, turn the sign of Effect.
//
// Errors: ErrInput, also without a margin; ErrTooFew when the effect lies at or
// beyond the margin.
func (d Design) NonInferiority() (Size, error) {
	p, err := d.planMargin()
	if err != nil {
		return Size{}, err
	}
	z := normalQuantile(p.Alpha)
	return p.oneLook(func(n float64) float64 {
		return normalShare((p.Margin+p.Effect)*math.Sqrt(n)/p.noise - z)
	}, p.Margin+p.Effect)
}

// Equivalence is the size of a test with one look that shows the difference to
// lie within -Margin and Margin: two one-sided tests, each at Alpha. Effect is
// the true difference, usually 0. Chow, Shao and Wang (2008), sections 3.2 and
// 4.2, the power not rounded down to its larger half.
//
// Errors: those of NonInferiority.
func (d Design) Equivalence() (Size, error) {
	p, err := d.planMargin()
	if err != nil {
		return Size{}, err
	}
	z := normalQuantile(p.Alpha)
	return p.oneLook(func(n float64) float64 {
		root := math.Sqrt(n) / p.noise
		return normalShare((p.Margin-p.Effect)*root-z) + normalShare((p.Margin+p.Effect)*root-z) - 1
	}, p.Margin-math.Abs(p.Effect))
}

func (d Design) planMargin() (plan, error) {
	if !(d.Margin > 0) {
		return plan{}, fmt.Errorf("%w: margin %v; expected above 0", ErrInput, d.Margin)
	}
	return d.plan()
}

// WatchedNonInferiority is the size of a test that shows the same with
// [SequenceAbove] at Alpha, looked at after every call.
//
// Errors: those of NonInferiority.
func (d Design) WatchedNonInferiority() (Size, error) {
	p, err := d.planMargin()
	if err != nil {
		return Size{}, err
	}
	if p.Margin+p.Effect <= 0 {
		return Size{}, p.never()
	}
	return p.size((*plan).aboveWalk)
}

// WatchedEquivalence is the size of a test that shows the same when the interval
// of [Sequence], 1 - Alpha wide and looked at after every call, comes to lie
// within the margin. Calls is taken from a look at that call alone, a little more
// than it takes; Expected is Calls.
//
// Errors: those of NonInferiority.
func (d Design) WatchedEquivalence() (Size, error) {
	p, err := d.planMargin()
	if err != nil {
		return Size{}, err
	}
	return p.oneLook(func(n float64) float64 {
		root := math.Sqrt(n) / p.noise
		bound := p.caution * sequenceBound(n*sequenceRate(p.Alpha, p.Tuning), p.Alpha)
		return max(0, normalShare((p.Margin-p.Effect)*root-bound)+normalShare((p.Margin+p.Effect)*root-bound)-1)
	}, p.Margin-math.Abs(p.Effect))
}
