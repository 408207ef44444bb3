package stats

import (
	"fmt"
	"math"
)

// Effect is an estimate with its standard error, greater than 0.
type Effect struct{ Value, SE float64 }

// Heterogeneity tests whether independent estimates estimate the same: the sum of
// their squared distances from their average, each weighted by the inverse of its
// variance, is chi-squared with one degree of freedom less than there are
// estimates. Cochran, W. G. (1954), Biometrics 10, 101-129; it is Q of
// meta-analysis. It is right for large samples; from small ones take proportions
// by [AddedProportions].
//
// Errors: ErrInput; ErrTooFew below two estimates.
func Heterogeneity(effects []Effect) (Test, error) {
	var weights, sum float64
	for i, e := range effects {
		if !finite(e.Value, e.SE) || e.SE <= 0 {
			return Test{}, fmt.Errorf("%w: estimate %v with the standard error %v at %d", ErrInput, e.Value, e.SE, i)
		}
		w := 1 / (e.SE * e.SE)
		weights, sum = weights+w, sum+w*e.Value
	}
	if len(effects) < 2 {
		return Test{}, fmt.Errorf("%w: %d estimates to compare", ErrTooFew, len(effects))
	}
	average := sum / weights
	var q float64
	for _, e := range effects {
		d := (e.Value - average) / e.SE
		q += d * d
	}
	df := float64(len(effects) - 1)
	return fromLog(q, df, logChiSquaredTail(q, df)), nil
}

// AddedProportions estimates the difference b - a of two proportions within strata,
// with one success and one failure added to each side of each: Agresti & Caffo
// (2000), The American Statistician 54, 280-288. So its standard error is never 0,
// and a handful of equal outcomes does not pass for certainty. Strata with an empty
// side are left out; weights are as in [StratifiedProportions].
//
// Errors: ErrInput; ErrTooFew when no stratum has data on both sides.
func AddedProportions(strata []Stratum[Proportion]) (Effect, error) {
	usable, err := usableStrata(strata, Proportion.check, func(p Proportion) bool { return p.N > 0 })
	if err != nil {
		return Effect{}, err
	}
	var d, variance float64
	for _, s := range usable {
		a, b := Proportion{s.A.Successes + 1, s.A.N + 2}, Proportion{s.B.Successes + 1, s.B.N + 2}
		d += s.Weight * (b.Share() - a.Share())
		variance += s.Weight * s.Weight * (a.variance() + b.variance())
	}
	return Effect{Value: d, SE: math.Sqrt(variance)}, nil
}
