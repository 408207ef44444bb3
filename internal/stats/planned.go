package stats

import (
	"fmt"
	"math"
)

// The planned mode spends 3/5 of alpha on the O'Brien-Fleming boundary up to
// the planned number of calls and 2/5 on an asymptotic sequence, which goes on
// behind it and is tightest at a quarter of the plan.
const (
	boundaryShare  = 0.6
	sequenceShare  = 0.4
	sequenceAround = 0.25
)

// Planned is the band of a test that was planned for a number of calls before
// it began. Up to then it excludes 0 when |z| >= c sqrt(planned/n), the
// continuous O'Brien-Fleming boundary: O'Brien and Fleming (1979), Biometrics
// 35, 549-556, for a Brownian motion, whose largest |z| sqrt(n/planned) exceeds
// c with a chance of at most 4 (1 - Phi(c)) by the reflection principle, so
// c = Phi^-1(1 - a/4) with a = 0.6 alpha. It also excludes 0 when [Sequence] does
// with 0.4 alpha and a tuning of planned/4, and that holds after the plan is
// spent too. Near the plan the boundary is far narrower than a sequence that may
// run for ever.
//
// Errors: those of Sequence; ErrInput when planned is below 1.
func Planned(value, se float64, n, planned int64, alpha float64) (Band, error) {
	if err := checkPlan(planned, alpha); err != nil {
		return Band{}, err
	}
	band, err := Sequence(value, se, n, sequenceShare*alpha, sequenceAround*float64(planned))
	if err != nil {
		return Band{}, err
	}
	half := (band.Interval.High - band.Interval.Low) / 2
	logP := min(0, band.LogP-math.Log(sequenceShare))
	if n <= planned {
		half = min(half, se*PlannedBoundary(n, planned, alpha))
		// p = 4 (1 - Phi(x)) is twice the two-sided tail at x.
		x := value / se * math.Sqrt(float64(n)/float64(planned))
		logP = min(logP, math.Ln2+logNormalTwoSided(x)-math.Log(boundaryShare))
	}
	return Band{
		Interval: Interval{value - half, value + half},
		LogP:     agreeing(logP, alpha, math.Abs(value) > half),
	}, nil
}

// PlannedBoundary is the |z| at which the O'Brien-Fleming part of [Planned]
// excludes 0 after n of the planned calls: c sqrt(planned/n). It is infinite
// before the first call, after the plan is spent, and for an alpha outside 0 to
// 1.
func PlannedBoundary(n, planned int64, alpha float64) float64 {
	if n < 1 || n > planned || !(alpha > 0 && alpha < 1) {
		return math.Inf(1)
	}
	return normalQuantile(boundaryShare*alpha/4) * math.Sqrt(float64(planned)/float64(n))
}

// PlannedAbove is the one-sided plan: a lower bound of the value, and the p-value of
// "at most 0". Its boundary is reached by a Brownian motion with a chance of
// 2 (1 - Phi(c)), so c = Phi^-1(1 - a/2) with a = 0.6 alpha; the sequence beside it
// is [SequenceAbove]. For an upper bound, turn the sign of the value and of the
// answer.
//
// Errors: those of Planned; alpha must be below 1/2.
func PlannedAbove(value, se float64, n, planned int64, alpha float64) (low, logP float64, err error) {
	if err := checkPlan(planned, alpha); err != nil {
		return 0, 0, err
	}
	if !(alpha < 0.5) {
		return 0, 0, fmt.Errorf("%w: alpha %v; expected below 0.5", ErrInput, alpha)
	}
	low, logP, err = SequenceAbove(value, se, n, sequenceShare*alpha, sequenceAround*float64(planned))
	if err != nil {
		return 0, 0, err
	}
	logP = min(0, logP-math.Log(sequenceShare))
	if n <= planned {
		scale := math.Sqrt(float64(planned) / float64(n))
		low = max(low, value-se*float64(normalQuantile(boundaryShare*alpha/2)*scale))
		if x := value / se / scale; x > 0 {
			// p = 2 (1 - Phi(x)) is the two-sided tail at x.
			logP = min(logP, logNormalTwoSided(x)-math.Log(boundaryShare))
		}
	}
	return low, agreeing(logP, alpha, low > 0), nil
}

func checkPlan(planned int64, alpha float64) error {
	if planned < 1 {
		return fmt.Errorf("%w: a plan of %d calls; expected at least 1", ErrInput, planned)
	}
	if !(alpha > 0 && alpha < 1) {
		return fmt.Errorf("%w: alpha %v; expected between 0 and 1", ErrInput, alpha)
	}
	return nil
}
