package stats

import (
	"math"
)

// ShareSequence is what holds of a proportion at every look: the evidence against
// a fair coin, and an interval that holds the chance of success at all looks
// together, with the level. Outcomes are looked at in the order they come, each 0
// or 1.
//
// The evidence is the likelihood ratio of the mixture over all chances, each alike,
// to a chance p:
//
//	E(p) = B(s+1, n-s+1) / (p^s (1-p)^(n-s))
//
// a martingale of mean 1 while p is the chance, so that it ever exceeds 1/alpha
// with chance alpha at most (Ville 1939; Robbins 1970, Annals of Mathematical
// Statistics 41, 1397-1409; the beta-binomial mixture of Howard et al. 1810.08240).
// The interval is {p : E(p) < 1/alpha}; the p-value of Band is 1/E(1/2) at this
// look, at most 1. Exact from the first outcome on. For p = 1/2 it is enough that
// each outcome is a fair coin given those before; the interval also takes it that
// the chance stays the same.
//
// Errors: ErrInput.
func ShareSequence(p Proportion, level float64) (Band, error) {
	a, err := alpha(level)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return Band{}, err
	}
	limit := -math.Log(a)
	share := p.Share()
	if p.N == 0 {
		return Band{Interval: Interval{0, 1}}, nil
	}
	outside := func(x float64) bool { return p.mixture(x) >= limit }
	in := Interval{0, 1}
	if p.Successes > 0 {
		in.Low = lastOutside(0, share, outside)
	}
	if p.Successes < p.N {
		in.High = lastOutside(1, share, outside)
	}
	return Band{Interval: in, LogP: agreeing(min(0, -p.mixture(0.5)), a, in.Low > 0.5 || in.High < 0.5)}, nil
}

// mixture is ln E(x) for 0 < x < 1: -ln(n+1) less the logarithm of the binomial
// probability, which is Loader's (see [hypergeometric]), so that nothing cancels.
func (p Proportion) mixture(x float64) float64 {
	n := float64(p.N)
	mean := n * x
	d := float64(p.Successes) - mean
	logP := factorialRest(n) - cellLog(float64(p.Successes), mean, d) - cellLog(float64(p.N-p.Successes), n*(1-x), -d)
	return -math.Log(n+1) - logP
}

// lastOutside finds, between an end that is outside and a point that is not, where
// that changes: the last number outside.
func lastOutside(end, inside float64, outside func(float64) bool) float64 {
	for range 1100 { // halving the smallest float takes 1,074 steps
		middle := end + (inside-end)/2
		if middle == end || middle == inside {
			break
		}
		if outside(middle) {
			end = middle
		} else {
			inside = middle
		}
	}
	return end
}
