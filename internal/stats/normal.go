package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// normalQuantile gives the z with P(Z > z) = p, for p in (0, 1). It asks for
// the lower quantile of p itself: 1-p would lose a small p.
func normalQuantile(p float64) float64 { return -distuv.UnitNormal.Quantile(p) }

// logNormalTwoSided gives ln P(|Z| > |z|) of a standard normal Z.
func logNormalTwoSided(z float64) float64 { return logErfc(math.Abs(z) / math.Sqrt2) }

// logErfc gives ln erfc(x) for x >= 0, also where erfc(x) underflows. Past 10
// it sums the asymptotic series, DLMF 7.12.1, whose terms fall below 1e-17
// there before they grow.
func logErfc(x float64) float64 {
	if x < 10 {
		return math.Log(math.Erfc(x))
	}
	term, sum := 1.0, 1.0
	for k := 1; k <= 20 && math.Abs(term) > 1e-17; k++ {
		term *= -float64(2*k-1) / (2 * x * x)
		sum += term
	}
	return -x*x - math.Log(x) - 0.5*math.Log(math.Pi) + math.Log(sum)
}
