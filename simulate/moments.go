package main

import (
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

// look is what two arms have said by one moment.
type look struct {
	a, b     stats.Numbers
	extremes stats.Interval // of both
}

func (l *look) add(c call) {
	if l.a.N+l.b.N == 0 {
		l.extremes = stats.Interval{Low: c.y, High: c.y}
	}
	l.extremes.Low, l.extremes.High = min(l.extremes.Low, c.y), max(l.extremes.High, c.y)
	if c.inB {
		l.b.Add(c.y)
	} else {
		l.a.Add(c.y)
	}
}

// spread is how far the difference may be off, as the verdict takes it.
type spread func(*look) stats.Spread

func ofShares(l *look) stats.Spread {
	return stats.SpreadOfShares(successes(l.a), successes(l.b))
}

func ofMeans(l *look) stats.Spread { return stats.SpreadOfMeans(l.a, l.b, l.extremes) }

// ofOwn is what the arms say themselves, with no care taken.
func ofOwn(l *look) stats.Spread {
	na, nb := float64(l.a.N), float64(l.b.N)
	v := l.a.M2/(na-1)/na + l.b.M2/(nb-1)/nb
	return stats.Spread{Variance: v, Own: v}
}

func successes(m stats.Numbers) stats.Proportion {
	return stats.Proportion{Successes: int64(math.Round(m.Mean * float64(m.N))), N: m.N}
}

// compared is the difference that is watched.
func (l *look) compared(by spread) stats.Watched {
	c, _ := stats.Contrasted([]stats.Phase{l.phase(by)}, false)
	return c.Watched
}

func (l *look) phase(by spread) stats.Phase {
	return stats.Phase{NA: l.a.N, NB: l.b.N, MeanA: l.a.Mean, MeanB: l.b.Mean, Spread: by(l)}
}

// nothingBelow standard errors is ever enough for a sequence or a plan: the plan's
// boundary is lowest at its end, c = 2.43. What lies below need not be computed.
const nothingBelow = 2.4

func plain(w stats.Watched) bool { return math.Abs(w.Value) < nothingBelow*w.SE }

// watched looks at two arms after every call, from so many in each on, and stops
// when the method says so.
func watched(from int64, calls int, next source, says func(*look) bool) func(rng *rand.Rand) (bool, int) {
	return func(rng *rand.Rand) (bool, int) {
		var l look
		for i := range calls {
			l.add(next(rng, i))
			if min(l.a.N, l.b.N) >= from && says(&l) {
				return true, i + 1
			}
		}
		return false, calls
	}
}

// sequence is the asymptotic sequence, of shares or of numbers.
func sequence(by spread) func(*look) bool {
	return func(l *look) bool { return bySequence(l.compared(by)) }
}

func bySequence(w stats.Watched) bool {
	if plain(w) {
		return false
	}
	band, err := w.Sequence(alpha, stats.Tuning)
	return err == nil && band.LogP <= logAlpha
}

// isAbove is its one-sided form: B is called higher.
func isAbove(w stats.Watched) bool {
	const nothing = 2 // the one-sided bound is lower, yet above this
	if w.Value < nothing*w.SE {
		return false
	}
	low, _, err := w.Above(alpha, stats.Tuning)
	return err == nil && low > 0
}

// planned is the planned mode; the plan is in even calls.
func planned(even int64, by spread) func(*look) bool {
	return func(l *look) bool { return byPlan(l.compared(by), even) }
}

// plannedAbove is its one-sided form: B is called higher.
func plannedAbove(even int64, by spread) func(*look) bool {
	return func(l *look) bool {
		w := l.compared(by)
		const nothing = 2 // its boundary ends at 2.17
		if w.Value < nothing*w.SE {
			return false
		}
		low, _, err := w.PlannedAbove(even, alpha)
		return err == nil && low > 0
	}
}

func byPlan(w stats.Watched, even int64) bool {
	if plain(w) {
		return false
	}
	band, err := w.Planned(even, alpha)
	return err == nil && band.LogP <= logAlpha
}

// thin is a test of two equal versions whose split is 50/50 for 500 calls and
// then 99/1: phases whose differences are averaged with the given weights and
// watched by the asymptotic sequence.
func thin(calls int, next source, from int64, by spread, weight func(na, nb int64) float64) func(rng *rand.Rand) bool {
	const evenCalls, late = 500, 0.01
	return func(rng *rand.Rand) bool {
		var phases [2]look
		for i := range calls {
			c, phase := next(rng, i), 0
			if i >= evenCalls {
				phase, c.inB = 1, rng.Float64() < late
			}
			phases[phase].add(c)
			// The extremes are those of all phases, as in the verdict.
			wide := stats.Interval{
				Low:  min(phases[0].extremes.Low, phases[phase].extremes.Low),
				High: max(phases[0].extremes.High, phases[phase].extremes.High),
			}
			if min(phases[0].a.N, phases[0].b.N) < from {
				continue
			}
			var w stats.Watched
			var all stats.Spread
			var clock, weights float64
			for _, p := range phases {
				if min(p.a.N, p.b.N) < 2 {
					continue
				}
				p.extremes = wide
				at := weight(p.a.N, p.b.N)
				s := by(&p)
				weights += at
				clock += stats.StratumWeight(p.a.N, p.b.N)
				w.Value += at * (p.b.Mean - p.a.Mean)
				all.Variance += at * at * s.Variance
				all.Own += at * at * s.Own
				all.Third += at * at * at * s.Third
			}
			w.Value, w.SE, w.Skew, w.Clock = w.Value/weights, math.Sqrt(all.Variance)/weights, all.Skew(), int64(clock)
			if bySequence(w) {
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
	numbersFrom = stats.MeansFrom
)

// peekedZ is the pooled z-test, looked at again and again.
func peekedZ(l *look) bool {
	na, nb := float64(l.a.N), float64(l.b.N)
	p := (na*l.a.Mean + nb*l.b.Mean) / (na + nb)
	se := math.Sqrt(p * (1 - p) * (1/na + 1/nb))
	return se > 0 && math.Abs(l.b.Mean-l.a.Mean) > 1.959963984540054*se
}

// peekedBayes stops when either arm has a posterior chance above 95 % to be the
// better one, with uniform priors and the usual normal approximation.
func peekedBayes(l *look) bool {
	post := func(m stats.Numbers) (mean, variance float64) {
		s, n := m.Mean*float64(m.N)+1, float64(m.N)+2
		mean = s / n
		return mean, mean * (1 - mean) / (n + 1)
	}
	ma, va := post(l.a)
	mb, vb := post(l.b)
	return math.Abs(mb-ma) > 1.6448536269514722*math.Sqrt(va+vb)
}

// yes drops the number of calls.
func yes(fn func(rng *rand.Rand) (bool, int)) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool { found, _ := fn(rng); return found }
}
