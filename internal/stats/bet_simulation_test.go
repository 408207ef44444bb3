package stats

import (
	"math"
	"testing"
)

// simulated is what came of many tests that were looked at after every call.
type simulated struct {
	found  float64 // share of tests with p <= 0.05 at some look
	missed float64 // share whose interval excluded the truth at some look
}

// simulate runs tests with B's share q at each call, and outcomes of each arm.
func simulate(t *testing.T, runs, calls int, bounds Bounds, binary bool, truth float64, q func(i int) float64, outcome func(rng func() float64, i int, inB bool) float64) (s simulated) {
	rng := newXorshift(uint64(runs*7919 + calls))
	grid := Grid(bounds, binary)
	for range runs {
		b := newBet(t, bounds, binary, grid, 0.05)
		for i := range calls {
			chance := q(i)
			inB := rng() < chance
			fold(t, b, inB, chance, outcome(rng, i, inB))
		}
		if b.LogP() <= math.Log(0.05) {
			s.found++
		}
		if in := b.Interval(); in.Low > truth || in.High < truth {
			s.missed++
		}
	}
	return simulated{s.found / float64(runs), s.missed / float64(runs)}
}

func even(int) float64 { return 0.5 }

func TestEqualArmsSeldomDiffer(t *testing.T) {
	// 400 runs: a test that is wrong 5 times in 100 stays below 8.5 in all but 1
	// in 1,000 series, and these series are always the same.
	const runs, calls, slack = 400, 400, 0.085
	proportion := func(p float64) func(func() float64, int, bool) float64 {
		return func(rng func() float64, _ int, _ bool) float64 { return success(p, rng()) }
	}
	for _, c := range []struct {
		name    string
		bounds  Bounds
		binary  bool
		q       func(int) float64
		outcome func(rng func() float64, i int, inB bool) float64
	}{
		{"half succeed", Bounds{0, 1}, true, even, proportion(0.5)},
		{"nine of ten succeed", Bounds{0, 1}, true, even, proportion(0.9)},
		{"a tenth of the calls in b", Bounds{0, 1}, true, func(int) float64 { return 0.1 }, proportion(0.7)},
		{
			"success and split drift over the day together",
			Bounds{0, 1},
			true,
			func(i int) float64 { return 0.1 + 0.8*float64(i%100)/100 },
			func(rng func() float64, i int, _ bool) float64 { return success(0.2+0.6*float64(i%100)/100, rng()) },
		},
		{
			"durations are skewed and spread unequally around one mean",
			Bounds{0, 600},
			false, even,
			func(rng func() float64, _ int, inB bool) float64 {
				if inB {
					return 100
				}
				return min(600, -100.25*math.Log(1-rng()))
			},
		},
	} {
		s := simulate(t, runs, calls, c.bounds, c.binary, 0, c.q, c.outcome)
		if s.found > slack || s.missed > s.found {
			t.Errorf("%s: %.1f %% found a difference, %.1f %% of the intervals lost 0", c.name, 100*s.found, 100*s.missed)
		}
	}
}

func TestATrueEffectIsFoundAndCovered(t *testing.T) {
	// 70 v 80 %: by 1,000 calls 79 %, so with 400 runs at least 71 %.
	s := simulate(t, 400, 1000, Bounds{0, 1}, true, 0.1, even, func(rng func() float64, _ int, inB bool) float64 {
		return success(map[bool]float64{true: 0.8, false: 0.7}[inB], rng())
	})
	if s.found < 0.71 || s.found > 0.87 {
		t.Errorf("found in %.1f %%; want about 79", 100*s.found)
	}
	if s.missed > 0.085 {
		t.Errorf("%.1f %% of the intervals lost the truth at some look", 100*s.missed)
	}
}
