package stats

import (
	"math"
	"math/bits"
)

// hypergeometric is the number of good ones among draw that are taken, without
// putting back, from good and bad. Fisher's test and the Beta-Binomial belief
// are sums over its tails.
type hypergeometric struct {
	good, bad, draw, left float64
	low, high             float64 // the least and the greatest number possible
	mode, sd              float64
	// whole and rest add up to the mean, good draw/total: apart, because a
	// float would lose what lies behind the point of a large mean.
	whole, rest float64
	// expected is the mean of the four cells: good taken, good left, bad taken,
	// bad left.
	expected [4]float64
	// margins is the part of ln P that does not depend on the number.
	margins float64
}

// newHypergeometric wants good + bad > 0 and draw at most that.
func newHypergeometric(good, bad, draw uint64) hypergeometric {
	total := good + bad
	hi, lo := bits.Mul64(good, draw)
	whole, rest := bits.Div64(hi, lo, total)
	h := hypergeometric{
		good: float64(good), bad: float64(bad), draw: float64(draw), left: float64(total - draw),
		whole: float64(whole), rest: float64(rest) / float64(total),
	}
	n := float64(total)
	h.low, h.high = max(0, h.draw-h.bad), min(h.good, h.draw)
	h.mode = min(max(math.Floor((h.draw+1)/(n+2)*(h.good+1)), h.low), h.high)
	h.sd = math.Sqrt(h.good / n * (h.bad / n) * h.draw * (h.left / max(1, n-1)))
	h.expected = [4]float64{h.good / n * h.draw, h.good / n * h.left, h.bad / n * h.draw, h.bad / n * h.left}
	h.margins = factorialRest(h.good) + factorialRest(h.bad) + factorialRest(h.draw) + factorialRest(h.left) - factorialRest(n)
	return h
}

// mirror counts the bad ones among those taken: its upper tail is the lower one
// of h.
func (h hypergeometric) mirror() hypergeometric {
	m := h
	m.good, m.bad = h.bad, h.good
	m.low, m.high, m.mode = h.draw-h.high, h.draw-h.low, h.draw-h.mode
	m.whole, m.rest = h.draw-h.whole, -h.rest
	e := h.expected
	m.expected = [4]float64{e[2], e[3], e[0], e[1]}
	return m
}

// logP gives ln P(k), -Inf past the ends.
func (h hypergeometric) logP(k float64) float64 { return h.logPNear(k, 0) }

// logPNear gives ln P(k+t) for a whole number k. t need not be whole: between two
// numbers it interpolates as the gamma function does. k and t are apart because
// their sum would round t. All the powers of
// Stirling's formula together are deviances of the four cells from their means,
// which are small near the mode, where logarithms of factorials would cancel:
// Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
func (h hypergeometric) logPNear(k, t float64) float64 {
	d := (k - h.whole) + (t - h.rest)
	k += t
	if k < h.low || k > h.high {
		return math.Inf(-1)
	}
	return h.margins - (cellLog(k, h.expected[0], d) + cellLog(h.good-k, h.expected[1], -d) +
		cellLog(h.draw-k, h.expected[2], -d) + cellLog(h.bad-h.draw+k, h.expected[3], d))
}

// cellLog is what a cell of the table takes from ln P, its mean and the
// distance of the count from that given.
func cellLog(count, mean, distance float64) float64 {
	if count <= 0 || mean == 0 {
		return mean
	}
	return mean*deviance(max(-1, distance/mean)) + factorialRest(count)
}

// factorialRest is ln x! - (x ln x - x), for x >= 0.
func factorialRest(x float64) float64 {
	if x == 0 {
		return 0
	}
	return 0.5*math.Log(2*math.Pi*x) + gammaRest(x)
}

// tailSum is a sum over a tail: its probability is Mass e^Log, the sum of the
// weighted terms Weighted e^Log.
type tailSum struct{ Log, Mass, Weighted float64 }

const (
	// A term this many e-folds below the largest adds nothing to a sum.
	negligible = 40.0
	// Longer tails than this are integrated instead of added up: about where that
	// takes as long.
	directTerms = 1024
)

// upper adds up the tail from a whole number on. The weight may be nil; else it
// is given how far a number is above from, and must vary slowly, also in between
// whole numbers and down to -2.
func (h hypergeometric) upper(from float64, weight func(float64) float64) tailSum {
	from = max(from, h.low)
	if from > h.high {
		return tailSum{Log: math.Inf(-1)}
	}
	if weight == nil {
		weight = func(float64) float64 { return 1 }
	}
	peak := max(from, h.mode)
	near := min(peak-from, h.sd*math.Sqrt(2*negligible))
	if near+h.reach(peak, negligible) <= directTerms {
		return h.add(from, peak, weight)
	}
	return h.integrate(from, peak, weight)
}

// reach is how far above peak the terms fall by e^-folds, as a normal curve
// would.
func (h hypergeometric) reach(peak, folds float64) float64 {
	if h.sd == 0 {
		return 0
	}
	z := (peak - h.whole - h.rest) / h.sd
	// The root of z t + t^2/2 = folds, without cancelling for large z.
	return h.sd * 2 * folds / (z + math.Sqrt(z*z+2*folds))
}

// add sums the terms one by one from the largest, each from its neighbour.
func (h hypergeometric) add(from, peak float64, weight func(float64) float64) tailSum {
	const small = 4e-18 // e^-negligible
	s := tailSum{Log: h.logP(peak), Mass: 1, Weighted: weight(peak - from)}
	for k, p := peak, 1.0; k < h.high && p > small; {
		p *= (h.good - k) / (k + 1) * ((h.draw - k) / (h.bad - h.draw + k + 1))
		k++
		s.Mass += p
		s.Weighted += p * weight(k-from)
	}
	for k, p := peak, 1.0; k > from && p > small; {
		p *= k / (h.good - k + 1) * ((h.bad - h.draw + k) / (h.draw - k + 1))
		k--
		s.Mass += p
		s.Weighted += p * weight(k-from)
	}
	return s
}

// integrate replaces the sum by the integral from half a step before the first
// term, with two central differences as corrections (the Gauss-Encke formula:
// Hildebrand, Introduction to Numerical Analysis, 1974, section 5.8). The terms
// of a long tail are so much alike that the next correction is below 1e-13.
func (h hypergeometric) integrate(from, peak float64, weight func(float64) float64) tailSum {
	s := tailSum{Log: h.logP(peak)}
	first := from - peak
	term := func(t float64) (p, w float64) {
		p = math.Exp(h.logPNear(peak, t) - s.Log)
		return p, p * weight(t-first)
	}
	const folds = 1.25 * negligible // the normal curve is only a guide
	begin := max(first-0.5, -h.sd*math.Sqrt(2*folds))
	end := min(h.reach(peak, folds), h.high-peak)
	for _, part := range [2]Interval{{begin, 0}, {0, end}} {
		step := (part.High - part.Low) / integralPanels
		for i := range integralPanels {
			middle := part.Low + (float64(i)+0.5)*step
			for j, x := range legendre.nodes {
				p, w := term(middle + x*step/2)
				s.Mass += p * legendre.weights[j] * step / 2
				s.Weighted += w * legendre.weights[j] * step / 2
			}
		}
	}
	if begin > first-0.5 {
		return s // the tail begins where the terms are negligible
	}
	var p, w [4]float64
	for i := range p {
		p[i], w[i] = term(first + float64(i-2))
	}
	s.Mass += endCorrection(p)
	s.Weighted += endCorrection(w)
	return s
}

// endCorrection takes the terms at -2, -1, 0 and 1 steps from the first.
func endCorrection(f [4]float64) float64 {
	return (f[2]-f[1])/24 - 17.0/5760*(f[3]-3*f[2]+3*f[1]-f[0])
}

// A normal curve over half of 10 standard deviations, or e^-50 in two parts, is
// exact to 1e-10 with 16 points.
const integralPanels = 2

// legendre is the Gauss-Legendre rule of 16 points on -1 to 1.
var legendre = gaussLegendre()

type rule struct{ nodes, weights [16]float64 }

// gaussLegendre finds the roots of the Legendre polynomial by Newton's method;
// Abramowitz & Stegun 25.4.29.
func gaussLegendre() (r rule) {
	const n = 16.0
	for i := range r.nodes {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (n + 0.5))
		var slope float64
		for range 10 {
			before, p := 1.0, x
			for k := 2.0; k <= n; k++ {
				before, p = p, ((2*k-1)*x*p-(k-1)*before)/k
			}
			slope = n * (x*p - before) / (x*x - 1)
			x -= p / slope
		}
		r.nodes[i], r.weights[i] = x, 2/((1-x*x)*slope*slope)
	}
	return r
}
