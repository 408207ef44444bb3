package stats

import (
	"fmt"
	"math"
)

// SampleRatioAlarm is the ln of the Bayes factor from which the split is held
// to be broken: 1/0.01. Looked at after every call, an intact split gets there
// with a chance of at most 1 in 100.
const SampleRatioAlarm = 2 * math.Ln10

// sampleRatioMass is how many calls the prior weighs.
const sampleRatioMass = 100

// SampleRatio is ln of the Bayes factor against the split: how much more likely
// the arms' sizes are when the true shares are spread around the intended ones
// (Dirichlet with mass 100 q) than when they are the intended ones. Lindon and
// Malek (2011.03567): as a sequence it is a martingale under the
// intended split, so it may be looked at after every call. It does not depend on
// the order of the calls. Over phases with different splits, add the logarithms.
//
// Shares may be weights: they are divided by their sum. An arm with no share and
// no calls does not count; one with no share that has calls proves the split
// broken, +Inf. Without calls the answer is 0.
//
// Errors: ErrInput for negative counts or shares, NaN, infinities, no share at
// all, or as many counts as there are not shares.
func SampleRatio(counts []int64, shares []float64) (float64, error) {
	if len(counts) != len(shares) {
		return 0, fmt.Errorf("%w: %d counts with %d shares", ErrInput, len(counts), len(shares))
	}
	var weight, calls float64
	for k, share := range shares {
		if counts[k] < 0 || !finite(share) || share < 0 {
			return 0, fmt.Errorf("%w: arm %d has %d calls and share %v", ErrInput, k, counts[k], share)
		}
		weight += share
		calls += float64(counts[k])
	}
	if !finite(weight) || weight == 0 {
		return 0, fmt.Errorf("%w: shares add up to %v", ErrInput, weight)
	}
	// ln of Gamma(A)/Gamma(A+n) prod Gamma(a_k+n_k)/Gamma(a_k) / prod q_k^n_k
	// with a_k = A q_k. Every Gamma is Stirling's formula times exp of a small
	// remainder. What is left of the formula is a deviance, a sum of positive
	// terms: nothing cancels at a billion calls.
	total := sampleRatioMass + calls
	logBF := gammaRest(sampleRatioMass) - gammaRest(total) - 0.5*math.Log(sampleRatioMass/total)
	for k, share := range shares {
		q := share / weight
		if q == 0 {
			if counts[k] > 0 {
				return math.Inf(1), nil
			}
			continue
		}
		prior, now := sampleRatioMass*q, sampleRatioMass*q+float64(counts[k])
		expected := total * q
		// now - expected, by differences that are exact for exact shares.
		logBF += expected*deviance((float64(counts[k])-calls*q)/expected) +
			gammaRest(now) - gammaRest(prior) - 0.5*math.Log(now/prior)
	}
	if calls == 0 {
		return 0, nil
	}
	return logBF, nil
}

// deviance is (1+d) ln(1+d) - d for d >= -1. Near 0, where it would cancel, it
// is its power series d^2/2 - d^3/6 + d^4/12 - ...
func deviance(d float64) float64 {
	if d == -1 {
		return 1
	}
	if math.Abs(d) > 0.05 {
		return (1+d)*math.Log1p(d) - d
	}
	power, sum := d*d, 0.0
	for k := 2.0; k < 20; k++ {
		sum += power / (k * (k - 1))
		power *= -d
	}
	return sum
}

// gammaRest is ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2), what Stirling's
// formula leaves, for x > 0. From 15 on it is the series DLMF 5.11.1.
func gammaRest(x float64) float64 {
	if x < 15 {
		lg, _ := math.Lgamma(x)
		return lg - ((x-0.5)*math.Log(x) - x + 0.5*math.Log(2*math.Pi))
	}
	x2 := x * x
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/(1188*x2))/x2)/x2)/x2) / x
}
