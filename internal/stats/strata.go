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
	// SE is the standard error of Value, with no equality assumed: for
	// proportions it is not the one the test pools, and it is 0 where neither
	// side varies.
	SE float64
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
	var d, below, above, variance, pooled float64
	for _, s := range usable {
		lo, hi := newcombe(s.A, s.B, z)
		d += s.Weight * (s.B.Share() - s.A.Share())
		below = math.Hypot(below, s.Weight*lo)
		above = math.Hypot(above, s.Weight*hi)
		pooled += s.Weight * s.Weight * pooledVariance(s.A, s.B)
		variance += s.Weight * s.Weight * (s.A.variance() + s.B.variance())
	}
	e := Estimate{
		Value: d, Interval: Interval{max(-1, d-below), min(1, d+above)}, Test: Test{P: 1},
		SE: math.Sqrt(variance), Strata: len(usable),
	}
	if pooled > 0 {
		t := d / math.Sqrt(pooled)
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
	var d float64
	parts := make([]part, 0, 2*len(usable))
	for _, s := range usable {
		d += s.Weight * (s.B.Mean - s.A.Mean)
		parts = append(parts, s.A.part(s.Weight), s.B.part(s.Weight))
	}
	return estimateFrom(d, parts, al, len(usable))
}

// part is the variance that one sample adds to that of an estimate, with its
// degrees of freedom.
type part struct{ variance, df float64 }

// part gives what a mean that counts factor times adds.
func (m Moments) part(factor float64) part {
	return part{factor * factor * m.Variance / float64(m.N), float64(m.N - 1)}
}

// satterthwaite gives the standard error of an estimate and the degrees of
// freedom that its variance, the sum of parts, has about. With no variance at
// all both are 0.
func satterthwaite(parts []part) (se, df float64) {
	var variance float64
	for _, p := range parts {
		variance += p.variance
	}
	if variance == 0 {
		return 0, 0
	}
	// Each part's share of the variance, so that huge variances cannot
	// overflow when squared.
	var inverse float64
	for _, p := range parts {
		share := p.variance / variance
		inverse += share * share / p.df
	}
	return math.Sqrt(variance), 1 / inverse
}

// estimateFrom gives the t interval and test of a value whose variance is the
// sum of parts.
func estimateFrom(value float64, parts []part, al float64, strata int) (Estimate, error) {
	se, df := satterthwaite(parts)
	if se == 0 {
		return Estimate{}, fmt.Errorf("%w: no spread on either side", ErrTooFew)
	}
	t := value / se
	half := studentQuantile(al/2, df) * se
	return Estimate{
		Value: value, Interval: Interval{value - half, value + half},
		Test: fromLog(t, df, logStudentTwoSided(t, df)), SE: se, Strata: strata,
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
