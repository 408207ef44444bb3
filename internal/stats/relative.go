package stats

import (
	"fmt"
	"math"
)

// RelativeMeans gives the relative lift b/a - 1 of two means (0.1 is 10 % more)
// by the delta method, as Deng, Knoblich & Lu (2018, arXiv 1803.06336), section
// 3, have it:
//
//	variance = var(mB)/mA^2 + mB^2/mA^4 var(mA)
//
// Interval and test rest on that one variance, with Satterthwaite's degrees of
// freedom, so that they always agree; the test's p-value is close to [Welch]'s,
// not the same. With a negative mean in a the sign of the lift means the
// opposite: show the difference instead.
//
// Errors: ErrInput; ErrTooFew as in Welch, and when a's own interval includes 0
// at this level: a ratio to something that may be 0 has no bound, and the normal
// curve through it would be a fiction.
func RelativeMeans(a, b Moments, level float64) (Estimate, error) {
	return StratifiedRelativeMeans([]Stratum[Moments]{{Weight: 1, A: a, B: b}}, level)
}

// StratifiedRelativeMeans is the relative lift between the weighted means of the
// strata: one ratio of two averages, not an average of ratios. Strata with fewer
// than two numbers on a side are left out.
//
// Errors: those of RelativeMeans.
func StratifiedRelativeMeans(strata []Stratum[Moments], level float64) (Estimate, error) {
	al, err := alpha(level)
	if err != nil {
		return Estimate{}, err
	}
	usable, err := usableStrata(strata, Moments.check, func(m Moments) bool { return m.N >= 2 })
	if err != nil {
		return Estimate{}, err
	}
	var baseline, difference float64
	base := make([]part, 0, len(usable))
	for _, s := range usable {
		baseline += s.Weight * s.A.Mean
		difference += s.Weight * (s.B.Mean - s.A.Mean)
		base = append(base, s.A.part(s.Weight))
	}
	if se, df := satterthwaite(base); baseline == 0 || se > 0 && math.Abs(baseline) <= studentQuantile(al/2, df)*se {
		return Estimate{}, nearZero(baseline, se)
	}
	if baseline < 0 {
		return Estimate{}, fmt.Errorf("%w: the first arm's mean %v is negative, beside which more would read as less; compare by difference", ErrTooFew, baseline)
	}
	ratio := 1 + difference/baseline
	if !finite(ratio*ratio, 1/(baseline*baseline)) {
		return Estimate{}, nearZero(baseline, 0)
	}
	parts := make([]part, 0, 2*len(usable))
	for _, s := range usable {
		parts = append(parts, s.A.part(s.Weight*ratio/baseline), s.B.part(s.Weight/baseline))
	}
	return estimateFrom(difference/baseline, parts, al, len(usable))
}

// RelativeProportions gives the relative lift b/a - 1 of two proportions by the
// delta method, with the normal distribution and each side's own variance
// p(1-p)/n; otherwise like [RelativeMeans].
//
// Errors: ErrInput; ErrTooFew with an empty arm, when neither side varies, or
// when a has so few successes (below about 4 at a level of 0.95) that a normal
// interval around its share includes 0.
func RelativeProportions(a, b Proportion, level float64) (Estimate, error) {
	return StratifiedRelativeProportions([]Stratum[Proportion]{{Weight: 1, A: a, B: b}}, level)
}

// StratifiedRelativeProportions is the relative lift between the weighted shares
// of the strata. Strata with an empty side are left out.
//
// Errors: those of RelativeProportions.
func StratifiedRelativeProportions(strata []Stratum[Proportion], level float64) (Estimate, error) {
	al, err := alpha(level)
	if err != nil {
		return Estimate{}, err
	}
	usable, err := usableStrata(strata, Proportion.check, func(p Proportion) bool { return p.N > 0 })
	if err != nil {
		return Estimate{}, err
	}
	var baseline, difference, varA, varB float64
	for _, s := range usable {
		baseline += s.Weight * s.A.Share()
		difference += s.Weight * (s.B.Share() - s.A.Share())
		varA += s.Weight * s.Weight * s.A.variance()
		varB += s.Weight * s.Weight * s.B.variance()
	}
	z := normalQuantile(al / 2)
	if baseline <= z*math.Sqrt(varA) {
		return Estimate{}, nearZero(baseline, math.Sqrt(varA))
	}
	lift := difference / baseline
	return normalEstimate(lift, math.Hypot(math.Sqrt(varB), (1+lift)*math.Sqrt(varA))/baseline, z, len(usable))
}

// normalEstimate gives the interval and test of a value that is normal around the
// truth.
func normalEstimate(value, se, z float64, strata int) (Estimate, error) {
	if se == 0 {
		return Estimate{}, fmt.Errorf("%w: no spread on either side", ErrTooFew)
	}
	t := value / se
	return Estimate{
		Value: value, Interval: Interval{value - z*se, value + z*se},
		Test: fromLog(t, 0, logNormalTwoSided(t)), SE: se, Strata: strata,
	}, nil
}

func nearZero(baseline, se float64) error {
	return fmt.Errorf("%w: the first arm's %v with standard error %v is not clearly different from 0, so a ratio to it has no bound; compare by difference", ErrTooFew, baseline, se)
}
