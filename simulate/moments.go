package main

import (
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

// moments are an arm's running figures.
type moments struct{ n, mean, m2 float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.m2 += d * (x - m.mean)
}

// variance of the mean.
func (m moments) variance() float64 {
	if m.n < 2 {
		return 0
	}
	return m.m2 / (m.n - 1) / m.n
}

// watched looks at two arms after every call, from so many in each on, and stops
// when look says so.
func watched(from int, calls int, next source, look func(a, b moments) bool) func(rng *rand.Rand) (bool, int) {
	return func(rng *rand.Rand) (bool, int) {
		var arms [2]moments
		for i := range calls {
			c := next(rng, i)
			arm := 0
			if c.inB {
				arm = 1
			}
			arms[arm].add(c.y)
			if min(arms[0].n, arms[1].n) >= float64(from) && look(arms[0], arms[1]) {
				return true, i + 1
			}
		}
		return false, calls
	}
}

// share is the variance of an observed share, as the verdict takes it.
func (m moments) share() float64 {
	return stats.ShareVariance(stats.Proportion{Successes: int64(math.Round(m.n * m.mean)), N: int64(m.n)})
}

// sequence is the asymptotic sequence, of shares or of numbers.
func sequence(variance func(moments) float64) func(a, b moments) bool {
	return func(a, b moments) bool {
		se := math.Sqrt(variance(a) + variance(b))
		band, err := stats.Sequence(b.mean-a.mean, se, stats.EvenCalls(int64(a.n), int64(b.n)), alpha, stats.Tuning)
		return err == nil && band.LogP <= logAlpha
	}
}

// above is its one-sided form: B is called higher.
func above(variance func(moments) float64) func(a, b moments) bool {
	return func(a, b moments) bool {
		se := math.Sqrt(variance(a) + variance(b))
		low, _, err := stats.SequenceAbove(b.mean-a.mean, se, stats.EvenCalls(int64(a.n), int64(b.n)), alpha, stats.Tuning)
		return err == nil && low > 0
	}
}

// planned is the planned mode for shares; the plan is in even calls.
func planned(even int64) func(a, b moments) bool {
	return func(a, b moments) bool {
		band, err := stats.Planned(b.mean-a.mean, math.Sqrt(a.share()+b.share()), stats.EvenCalls(int64(a.n), int64(b.n)), even, alpha)
		return err == nil && band.LogP <= logAlpha
	}
}

// thin is a test of two equal versions whose split is 50/50 for 500 calls and
// then 99/1: phases whose differences are averaged with the given weights and
// watched by the asymptotic sequence.
func thin(calls int, next source, from float64, variance func(moments) float64, weight func(na, nb int64) float64) func(rng *rand.Rand) bool {
	const evenCalls, late = 500, 0.01
	return func(rng *rand.Rand) bool {
		var phases [2][2]moments
		for i := range calls {
			c, phase := next(rng, i), 0
			if i >= evenCalls {
				phase, c.inB = 1, rng.Float64() < late
			}
			arm := 0
			if c.inB {
				arm = 1
			}
			phases[phase][arm].add(c.y)
			if min(phases[0][0].n, phases[0][1].n) < from {
				continue
			}
			var value, se, clock, weights float64
			for _, p := range phases {
				a, b := p[0], p[1]
				if min(a.n, b.n) < 2 {
					continue
				}
				w := weight(int64(a.n), int64(b.n))
				weights += w
				clock += stats.StratumWeight(int64(a.n), int64(b.n))
				value += w * (b.mean - a.mean)
				se = math.Hypot(se, w*math.Sqrt(variance(a)+variance(b)))
			}
			band, err := stats.Sequence(value/weights, se/weights, int64(clock), alpha, stats.Tuning)
			if err == nil && band.LogP <= logAlpha {
				return true
			}
		}
		return false
	}
}

// byCalls weighs a phase by its calls.
func byCalls(na, nb int64) float64 { return float64(na + nb) }

const (
	sharesFrom = stats.SequenceFrom
	// numbersFrom is from when on the verdict compares averages of numbers.
	numbersFrom = 50
)

// peekedZ is the pooled z-test, looked at again and again.
func peekedZ(a, b moments) bool {
	p := (a.n*a.mean + b.n*b.mean) / (a.n + b.n)
	se := math.Sqrt(p * (1 - p) * (1/a.n + 1/b.n))
	return se > 0 && math.Abs(b.mean-a.mean) > 1.959963984540054*se
}

// peekedBayes stops when either arm has a posterior chance above 95 % to be the
// better one, with uniform priors and the usual normal approximation.
func peekedBayes(a, b moments) bool {
	post := func(m moments) (mean, variance float64) {
		s, n := m.mean*m.n+1, m.n+2
		mean = s / n
		return mean, mean * (1 - mean) / (n + 1)
	}
	ma, va := post(a)
	mb, vb := post(b)
	return math.Abs(mb-ma) > 1.6448536269514722*math.Sqrt(va+vb)
}

// yes drops the number of calls.
func yes(fn func(rng *rand.Rand) (bool, int)) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool { found, _ := fn(rng); return found }
}
