package stats

import (
	"fmt"
	"math"
)

// Stratum is one stretch of data within which two arms may be compared
// directly. Weight says how much it counts; only the ratios of weights matter.
type Stratum[T any] struct {
	Weight float64
	A, B   T
}

// Estimate is a difference b - a with its interval and its test.
type Estimate struct {
	Value    float64
	Interval Interval
	Test     Test
	// Strata is how many strata it rests on: those with data on both sides.
	Strata int
}

// StratifiedProportions compares two proportions within each stratum and
// weighs the differences; raw counts are never pooled over strata. The interval
// adds the strata's Newcombe limits in squares, as Zou & Donner (2008),
// Statistics in Medicine 27, 1693-1702, section 2, do for any weighted sum of
// independent estimates; the test divides the weighted difference by its
// standard error with the variance pooled within each stratum. With one stratum
// they are [Newcombe] and [PooledZ]. Strata with an empty side are left out.
//
// Errors: ErrInput; ErrTooFew when no stratum has data on both sides.
func StratifiedProportions(strata []Stratum[Proportion], level float64) (Estimate, error) {
	al, err := alpha(level)
	if err != nil {
		return Estimate{}, err
	}
	usable, err := usableStrata(strata, Proportion.check, func(p Proportion) bool { return p.N > 0 })
	if err != nil {
		return Estimate{}, err
	}
	z := normalQuantile(al / 2)
	var d, below, above, variance float64
	for _, s := range usable {
		lo, hi := newcombe(s.A, s.B, z)
		d += s.Weight * (s.B.Share() - s.A.Share())
		below = math.Hypot(below, s.Weight*lo)
		above = math.Hypot(above, s.Weight*hi)
		variance += s.Weight * s.Weight * pooledVariance(s.A, s.B)
	}
	e := Estimate{Value: d, Interval: Interval{max(-1, d-below), min(1, d+above)}, Test: Test{P: 1}, Strata: len(usable)}
	if variance > 0 {
		t := d / math.Sqrt(variance)
		e.Test = fromLog(t, 0, logNormalTwoSided(t))
	}
	return e, nil
}

// StratifiedMeans compares two means within each stratum and weighs the
// differences. Variances are those of each side of each stratum, the degrees of
// freedom Satterthwaite's for their weighted sum: Satterthwaite (1946),
// Biometrics Bulletin 2, 110-114, equation 17. With one stratum it is Welch's
// test. Strata with fewer than two numbers on a side are left out.
//
// Errors: ErrInput; ErrTooFew when no stratum can be used, or none of those
// used has any spread.
func StratifiedMeans(strata []Stratum[Moments], level float64) (Estimate, error) {
	al, err := alpha(level)
	if err != nil {
		return Estimate{}, err
	}
	usable, err := usableStrata(strata, Moments.check, func(m Moments) bool { return m.N >= 2 })
	if err != nil {
		return Estimate{}, err
	}
	var d, variance float64
	for _, s := range usable {
		d += s.Weight * (s.B.Mean - s.A.Mean)
		for _, m := range [2]Moments{s.A, s.B} {
			variance += s.Weight * s.Weight * m.Variance / float64(m.N)
		}
	}
	if variance == 0 {
		return Estimate{}, fmt.Errorf("%w: no spread on either side", ErrTooFew)
	}
	// Each part's share of the variance, so that huge variances cannot
	// overflow when squared.
	var inverse float64
	for _, s := range usable {
		for _, m := range [2]Moments{s.A, s.B} {
			part := s.Weight * s.Weight * m.Variance / float64(m.N) / variance
			inverse += part * part / float64(m.N-1)
		}
	}
	df, se := 1/inverse, math.Sqrt(variance)
	t := d / se
	half := studentQuantile(al/2, df) * se
	return Estimate{
		Value: d, Interval: Interval{d - half, d + half},
		Test: fromLog(t, df, logStudentTwoSided(t, df)), Strata: len(usable),
	}, nil
}

// usableStrata checks all strata and gives those with enough on both sides,
// their weights adding up to 1.
func usableStrata[T any](strata []Stratum[T], check func(T) error, enough func(T) bool) ([]Stratum[T], error) {
	usable := make([]Stratum[T], 0, len(strata))
	var total float64
	for i, s := range strata {
		if !finite(s.Weight) || s.Weight < 0 {
			return nil, fmt.Errorf("%w: weight %v of stratum %d", ErrInput, s.Weight, i)
		}
		for _, side := range [2]T{s.A, s.B} {
			if err := check(side); err != nil {
				return nil, err
			}
		}
		if s.Weight > 0 && enough(s.A) && enough(s.B) {
			usable = append(usable, s)
			total += s.Weight
		}
	}
	if len(usable) == 0 {
		return nil, fmt.Errorf("%w: no stratum has enough on both sides", ErrTooFew)
	}
	for i := range usable {
		usable[i].Weight /= total
	}
	return usable, nil
}
