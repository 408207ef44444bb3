package main

import (
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

// alpha is the error that a verdict may make.
const alpha = 0.05

// call is one call as a method sees it.
type call struct {
	inB bool
	q   float64
	y   float64
}

// source gives calls one after the other; i counts from 0.
type source func(rng *rand.Rand, i int) call

// coin draws calls of share q in B whose chance of success is pa in A, pb in B.
func coin(q, pa, pb float64) source {
	return func(rng *rand.Rand, _ int) call {
		c := call{inB: rng.Float64() < q, q: q}
		p := pa
		if c.inB {
			p = pb
		}
		c.y = success(rng, p)
		return c
	}
}

func success(rng *rand.Rand, p float64) float64 {
	if rng.Float64() < p {
		return 1
	}
	return 0
}

// drifting has a success rate and a split that both follow the time of day: a
// day has 200 calls.
func drifting(rng *rand.Rand, i int) call {
	day := 2 * math.Pi * float64(i) / 200
	q := 0.5 + 0.4*math.Sin(day+1)
	return call{inB: rng.Float64() < q, q: q, y: success(rng, 0.7+0.2*math.Sin(day))}
}

// chasing gives B the more calls the better its last 20 went, as an optimiser
// would.
func chasing() source {
	var won, had [2]float64
	return func(rng *rand.Rand, i int) call {
		if i == 0 {
			won, had = [2]float64{}, [2]float64{}
		}
		a, b := (won[0]+1)/(had[0]+2), (won[1]+1)/(had[1]+2)
		q := min(max(b/(a+b)+2*(b-a), 0.1), 0.9)
		c := call{inB: rng.Float64() < q, q: q, y: success(rng, 0.7)}
		arm := 0
		if c.inB {
			arm = 1
		}
		const memory = 0.95
		won[arm], had[arm] = memory*won[arm]+c.y, memory*had[arm]+1
		return c
	}
}

// longest is a route's maximum call length, in seconds.
const longest = 3600

// skewed draws durations of equal mean, cut at the longest call, and of very
// unequal spread: log-normal with sigma 0.5 in A and 1.2 in B.
func skewed() source {
	const mean, sigmaA, sigmaB = 120, 0.5, 1.2
	muA, muB := muFor(mean, sigmaA), muFor(mean, sigmaB)
	return func(rng *rand.Rand, _ int) call {
		c := call{inB: rng.Float64() < 0.5, q: 0.5}
		mu, sigma := muA, sigmaA
		if c.inB {
			mu, sigma = muB, sigmaB
		}
		c.y = min(longest, math.Exp(mu+sigma*rng.NormFloat64()))
		return c
	}
}

// muFor finds the mu of a log-normal whose mean, cut at the longest call, is m.
func muFor(m, sigma float64) float64 {
	low, high := 0.0, math.Log(longest)
	for range 100 {
		if mid := (low + high) / 2; cutMean(mid, sigma, longest) < m {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

var (
	binary    = stats.Bounds{Low: 0, High: 1}
	durations = stats.Bounds{Low: 0, High: longest}
)

// newBet is the evidence for a p-value only: the grid has 0 and little else.
func newBet(b stats.Bounds) *stats.Bet {
	w := b.High - b.Low
	return mustBet(b, []float64{-w, 0, w})
}

func mustBet(b stats.Bounds, grid []float64) *stats.Bet {
	bet, err := stats.NewBet(b, b == binary, grid, alpha)
	if err != nil {
		panic(err) // bounds and grids are constants of this program
	}
	return bet
}

// bets says whether the evidence decides within so many calls, and after how
// many.
func bets(b stats.Bounds, calls int, from source) func(rng *rand.Rand) (bool, int) {
	return func(rng *rand.Rand) (bool, int) {
		bet := newBet(b)
		for i := range calls {
			c := from(rng, i)
			if err := bet.Fold(c.inB, c.q, c.y); err != nil {
				panic(err)
			}
			if decided(bet) {
				return true, i + 1
			}
		}
		return false, calls
	}
}

// cutBets is bets on durations as the verdict places them.
func cutBets(calls int, from source) func(rng *rand.Rand) (bool, int) {
	return func(rng *rand.Rand) (bool, int) {
		var most float64
		var bet *stats.Bet
		for i := range calls {
			c := from(rng, i)
			if i < stats.CutFrom {
				if most = max(most, c.y); i == stats.CutFrom-1 {
					most = stats.Cut(most, longest)
					bet = newBet(stats.Bounds{Low: 0, High: most})
				}
				continue
			}
			if err := bet.Fold(c.inB, c.q, min(c.y, most)); err != nil {
				panic(err)
			}
			if decided(bet) {
				return true, i + 1
			}
		}
		return false, calls
	}
}

// lengths draws durations like those of calls: log-normal, mean 90 s in A and
// shorter by so much in B, with a standard deviation of half the mean.
func lengths(shorter float64) source {
	const sigma = 0.47
	muA, muB := muFor(90, sigma), muFor(90-shorter, sigma)
	return func(rng *rand.Rand, _ int) call {
		c := call{inB: rng.IntN(2) == 1, q: 0.5}
		mu := muA
		if c.inB {
			mu = muB
		}
		c.y = min(longest, math.Exp(mu+sigma*rng.NormFloat64()))
		return c
	}
}

var logAlpha = math.Log(alpha)

func decided(b *stats.Bet) bool { return b.LogP() <= logAlpha }
