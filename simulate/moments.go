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

func planned(calls int64) func(a, b moments) bool {
	return func(a, b moments) bool {
		band, err := stats.Planned(b.mean-a.mean, math.Sqrt(a.share()+b.share()), int64(a.n+b.n), calls, alpha)
		return err == nil && band.LogP <= logAlpha
	}
}

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
