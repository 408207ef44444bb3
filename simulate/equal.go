package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tandem/internal/stats"
)

const equalPart = "Equal versions, a look after every call: how often is a winner found"

// equalVersions are A/A tests: whatever is found is false.
func equalVersions() []setting {
	const runs, calls = 10_000, 5_000
	var out []setting
	bound := func(name string, runs, calls int, fn func(rng *rand.Rand) bool) {
		out = append(out, setting{equalPart, name, func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), fn)
			return atMost(got, alpha, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
		}})
	}
	free := func(name string, runs, calls int, fn func(rng *rand.Rand) bool) {
		out = append(out, setting{equalPart, name, func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), fn)
			return contrast(got, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
		}})
	}
	for _, p := range []float64{0.5, 0.7, 0.9} {
		bound(fmt.Sprintf("share %.1f, split 50/50", p), runs, calls, yes(bets(binary, calls, coin(0.5, p, p))))
	}
	bound("share 0.7, split 90/10", runs, calls, yes(bets(binary, calls, coin(0.1, 0.7, 0.7))))
	bound("share and split follow the time of day", runs, calls, yes(bets(binary, calls, drifting)))
	bound("the split follows the results", runs, calls, func(rng *rand.Rand) bool { return yes(bets(binary, calls, chasing()))(rng) })
	bound("durations, log-normal, equal means, spread 1 to 3", runs, calls, yes(bets(durations, calls, skewed())))
	bound("the same, cut at four times the longest of the first 50 (as durations are bet on)", runs, calls, yes(cutBets(calls, skewed())))
	bound("three arms 40/30/30, each against A", runs, calls, threeArms(calls))
	bound("categories, four of them", runs, calls, categories(calls))
	bound("three arms at once (share)", runs, calls, anyOfThree(calls))
	bound("planned mode, N = 1,000, watched to 3,000", runs, 3_000, yes(watched(sharesFrom, 3_000, coin(0.5, 0.7, 0.7), planned(1_000, ofShares))))
	bound("one side: planned mode, N = 1,000, 80/20, watched to 3,000", runs, 3_000, yes(watched(sharesFrom, 3_000, coin(0.2, 0.7, 0.7), plannedAbove(640, ofShares))))
	bound("one side: bets, share 0.7, split 90/10", runs, calls, oneSidedBets(calls, coin(0.1, 0.7, 0.7)))
	bound("guardrail: a rare outcome (2 %), 90/10", runs, calls, guardrail(calls))
	bound("asymptotic sequence, share 0.7", runs, calls, yes(watched(sharesFrom, calls, coin(0.5, 0.7, 0.7), sequence(ofShares))))
	bound("asymptotic sequence, log-normal numbers of equal spread (sigma 1.2)", runs, calls, yes(watched(numbersFrom, calls, heavy, sequence(ofMeans))))
	bound("asymptotic sequence, share 0.9, 50/50 for 500 calls and then 99/1", runs, calls, thin(calls, coin(0.5, 0.9, 0.9), sharesFrom, ofShares, stats.StratumWeight))
	bound("the same, log-normal numbers (sigma 1.2)", runs, calls, thin(calls, heavy, numbersFrom, ofMeans, stats.StratumWeight))
	bound("sticky callers, by caller", 4_000, 2_000, stickyCallers(2_000, true))
	bound("B's calls shorter, failures too, in order of assignment", runs, 1_000, shorterCalls(1_000, true))
	bound("asymptotic sequence, share 0.02, 90/10", runs, calls, yes(watched(sharesFrom, calls, coin(0.1, 0.02, 0.02), sequence(ofShares))))
	bound("bets on the logarithm of durations (any change)", runs, calls, logBets(calls))
	free("contrast: 50/50, then 99/1, numbers, phases weighted by their calls", runs, calls, thin(calls, heavy, numbersFrom, ofOwn, byCalls))
	free("contrast: B's calls shorter, in order of completion", runs, 1_000, shorterCalls(1_000, false))
	free("contrast: sticky callers, call by call", 4_000, 2_000, stickyCallers(2_000, false))
	free("contrast: z-test at p < 0.05, share 0.7", runs, calls, yes(watched(sharesFrom, calls, coin(0.5, 0.7, 0.7), peekedZ)))
	free("contrast: Bayesian chance above 95 %, share 0.7", runs, calls, yes(watched(sharesFrom, calls, coin(0.5, 0.7, 0.7), peekedBayes)))
	return out
}

// oneSidedBets stakes on B only.
func oneSidedBets(calls int, next source) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool {
		bet, err := stats.NewBetAbove(binary, true, []float64{-1, 0, 1}, alpha)
		if err != nil {
			panic(err)
		}
		for i := range calls {
			c := next(rng, i)
			if err := bet.Fold(c.inB, c.q, c.y); err != nil {
				panic(err)
			}
		}
		return decided(bet)
	}
}

// guardrail watches whether B is called worse, as a guardrail on a share does:
// by the lower end of the interval.
func guardrail(calls int) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool {
		bet := mustBet(binary, stats.Grid(binary, true))
		next := coin(0.1, 0.02, 0.02)
		for i := range calls {
			c := next(rng, i)
			if err := bet.Fold(c.inB, c.q, c.y); err != nil {
				panic(err)
			}
			if bet.Interval().Low > 0 {
				return true
			}
		}
		return false
	}
}

// heavy draws log-normal numbers of the same distribution in both arms.
func heavy(rng *rand.Rand, _ int) call {
	return call{inB: rng.IntN(2) == 1, q: 0.5, y: math.Exp(1.2 * rng.NormFloat64())}
}

// threeArms bets on B and C against A, each with its own chance among the two.
func threeArms(calls int) func(rng *rand.Rand) bool {
	q := [3]float64{0.4, 0.3, 0.3}
	return func(rng *rand.Rand) bool {
		pairs := [2]*stats.Bet{newBet(binary), newBet(binary)}
		for range calls {
			arm, y := draw(rng, q[:]), success(rng, 0.7)
			for x, bet := range pairs {
				if arm != 0 && arm != x+1 {
					continue
				}
				if err := bet.Fold(arm == x+1, q[x+1]/(q[0]+q[x+1]), y); err != nil {
					panic(err)
				}
			}
		}
		adjusted, err := stats.Holm([]float64{math.Exp(pairs[0].LogP()), math.Exp(pairs[1].LogP())})
		return err == nil && slices.Min(adjusted) <= alpha
	}
}

func draw(rng *rand.Rand, q []float64) int {
	u := rng.Float64()
	for i, x := range q {
		if u -= x; u < 0 {
			return i
		}
	}
	return len(q) - 1
}

func categories(calls int) func(rng *rand.Rand) bool {
	names := []string{"caller", "agent", "transfer", "system"}
	shares, q := []float64{0.6, 0.25, 0.1, 0.05}, []float64{0.5, 0.5}
	return watchCategories(calls, names, shares, q)
}

func anyOfThree(calls int) func(rng *rand.Rand) bool {
	return watchCategories(calls, []string{"0", "1"}, []float64{0.3, 0.7}, []float64{0.4, 0.3, 0.3})
}

func watchCategories(calls int, names []string, shares, q []float64) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool {
		c, err := stats.NewCategorical(len(q))
		if err != nil {
			panic(err)
		}
		for range calls {
			if err := c.Fold(draw(rng, q), names[draw(rng, shares)], q); err != nil {
				panic(err)
			}
		}
		return c.LogP() <= logAlpha
	}
}

// stickyCallers have habits of their own and call several times: 300 of them
// make the calls, each in one arm for good.
func stickyCallers(calls int, byCaller bool) func(rng *rand.Rand) bool {
	const callers = 300
	return func(rng *rand.Rand) bool {
		habit, arm := make([]float64, callers), make([]int, callers)
		for i := range habit {
			// Beta(0.7, 0.3) by the ratio of two gamma-like powers (Johnk 1964).
			for {
				x, y := math.Pow(rng.Float64(), 1/0.7), math.Pow(rng.Float64(), 1/0.3)
				if x+y <= 1 && x+y > 0 {
					habit[i] = x / (x + y)
					break
				}
			}
			arm[i] = rng.IntN(2)
		}
		l := newCallers(callers)
		bet := newBet(binary)
		for range calls {
			i := rng.IntN(callers)
			y := success(rng, habit[i])
			if !byCaller {
				if err := bet.Fold(arm[i] == 1, 0.5, y); err != nil {
					panic(err)
				}
				continue
			}
			l.add(i, arm[i] == 1, y)
			if w, ok := l.compared(true); ok && bySequence(w) {
				return true
			}
		}
		return !byCaller && decided(bet)
	}
}

// logBets bets on where durations lie on a log scale, as the verdict does for
// "any change in duration".
func logBets(calls int) func(rng *rand.Rand) bool {
	unit := stats.Bounds{Low: 0, High: 1}
	return func(rng *rand.Rand) bool {
		bet, err := stats.NewBet(unit, false, []float64{-1, 0, 1}, alpha)
		if err != nil {
			panic(err)
		}
		for range calls {
			y := min(longest, 60*math.Exp(0.8*rng.NormFloat64()))
			if err := bet.Fold(rng.IntN(2) == 1, 0.5, math.Log1p(y)/math.Log1p(longest)); err != nil {
				panic(err)
			}
		}
		return decided(bet)
	}
}

// shorterCalls: one call begins every five seconds; a call that fails takes 30
// seconds and one that succeeds 240, half of it in B. Both versions succeed
// equally often, but in order of completion B's successes come in first.
func shorterCalls(calls int, byAssignment bool) func(rng *rand.Rand) bool {
	type done struct {
		call
		at float64
	}
	return func(rng *rand.Rand) bool {
		all := make([]done, calls)
		from := coin(0.5, 0.7, 0.7)
		for i := range all {
			c := from(rng, i)
			lasts := 30 + 210*c.y
			if c.inB {
				lasts /= 2
			}
			all[i] = done{c, 5*float64(i) + lasts}
		}
		if !byAssignment {
			slices.SortFunc(all, func(x, y done) int {
				switch {
				case x.at < y.at:
					return -1
				case x.at > y.at:
					return 1
				}
				return 0
			})
		}
		bet := newBet(binary)
		for _, c := range all {
			if err := bet.Fold(c.inB, c.q, c.y); err != nil {
				panic(err)
			}
		}
		return decided(bet)
	}
}
