package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

const intervalPart = "The interval, looked at after every call"

func intervals() []setting {
	const runs, calls = 3_000, 2_000
	type outcome struct{ missed, disagreed bool }
	watch := func(from source, truth float64) func(rng *rand.Rand) outcome {
		return func(rng *rand.Rand) outcome {
			bet := mustBet(binary, stats.Grid(binary, true))
			var out outcome
			for i := range calls {
				c := from(rng, i)
				if err := bet.Fold(c.inB, c.q, c.y); err != nil {
					panic(err)
				}
				in := bet.Interval()
				out.missed = out.missed || truth < in.Low || truth > in.High
				out.disagreed = out.disagreed || decided(bet) != (in.Low > 0 || in.High < 0)
			}
			return out
		}
	}
	out := otherIntervals()
	for _, c := range []struct {
		name  string
		from  source
		truth float64
	}{
		{"no difference, 50/50", coin(0.5, 0.7, 0.7), 0},
		{"70 against 75 %, 50/50", coin(0.5, 0.7, 0.75), 0.05},
		{"70 against 75 %, 90/10", coin(0.1, 0.7, 0.75), 0.05},
	} {
		count := func(r *runner, which func(outcome) bool) (rate, error) {
			all, err := each(r, r.runs(runs), watch(c.from, c.truth))
			var got rate
			for _, o := range all {
				got.n++
				if which(o) {
					got.yes++
				}
			}
			return got, err
		}
		how := func(r *runner) string { return fmt.Sprintf("%d x %d", r.runs(runs), calls) }
		out = append(out, setting{intervalPart, c.name + ": leaves the truth out at some look", func(r *runner) (figure, string, error) {
			got, err := count(r, func(o outcome) bool { return o.missed })
			return atMost(got, alpha, how(r)), "", err
		}}, setting{intervalPart, c.name + ": test and interval disagree at some look", func(r *runner) (figure, string, error) {
			got, err := count(r, func(o outcome) bool { return o.disagreed })
			return figure{how: how(r), found: fmt.Sprintf("%d runs", got.yes), must: "never", held: got.yes == 0}, "", err
		}})
	}
	return out
}

// otherIntervals are those of numbers: bets on sentiment and on durations with their
// cut, and the sequences, of shares and of averages.
func otherIntervals() []setting {
	const runs, calls = 2_000, 2_000
	var out []setting
	add := func(name string, fn func(rng *rand.Rand) bool) {
		out = append(out, setting{intervalPart, name + ": leaves the truth out at some look", func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), fn)
			return atMost(got, alpha, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
		}})
	}
	add("sentiment, 0.1 higher in B, 50/50", func(rng *rand.Rand) bool {
		bounds := stats.Bounds{Low: -1, High: 1}
		bet := mustBet(bounds, stats.Grid(bounds, false))
		for range calls {
			inB, y := rng.IntN(2) == 1, 2*rng.Float64()-1
			if inB { // evenly from -0.8 to 1: 0.1 more on average
				y = 1.8*rng.Float64() - 0.8
			}
			if err := bet.Fold(inB, 0.5, y); err != nil {
				panic(err)
			}
			if in := bet.Interval(); in.Low > 0.1 || in.High < 0.1 {
				return true
			}
		}
		return false
	})
	// B's calls are shorter by a tenth, whatever the cut: so is their cut average by a
	// known part.
	add("durations with their cut, log-normal, a tenth shorter in B, 50/50", func(rng *rand.Rand) bool {
		const sigma = 0.47
		muA, muB := math.Log(90.0), math.Log(81.0)
		var most, cut, truth float64
		var bet *stats.Bet
		for i := range calls {
			inB, mu := rng.IntN(2) == 1, muA
			if inB {
				mu = muB
			}
			y := math.Exp(mu + sigma*rng.NormFloat64())
			if i < stats.CutFrom {
				if most = max(most, y); i == stats.CutFrom-1 {
					cut = stats.Cut(most, math.Inf(1))
					bounds := stats.Bounds{Low: 0, High: cut}
					bet = mustBet(bounds, stats.Grid(bounds, false))
					truth = cutMean(muB, sigma, cut) - cutMean(muA, sigma, cut)
				}
				continue
			}
			if err := bet.Fold(inB, 0.5, min(y, cut)); err != nil {
				panic(err)
			}
			if in := bet.Interval(); in.Low > truth || in.High < truth {
				return true
			}
		}
		return false
	})
	sequenceLeaves := func(next source, from int64, by spread, truth float64) func(rng *rand.Rand) bool {
		return yes(watched(from, calls, next, func(l *look) bool {
			band, err := l.compared(by).Sequence(alpha, stats.Tuning)
			return err == nil && (band.Interval.Low > truth || band.Interval.High < truth)
		}))
	}
	add("the sequence, 70 against 75 %, 90/10", sequenceLeaves(coin(0.1, 0.7, 0.75), sharesFrom, ofShares, 0.05))
	add("the sequence, averages, log-normal, 1 against 1.2, sigma 0.5 and 1.2", sequenceLeaves(func(rng *rand.Rand, _ int) call {
		inB := rng.IntN(2) == 1
		y := logNormal(0.5, 1.2)(rng, inB)
		if inB {
			y *= 1.2
		}
		return call{inB: inB, q: 0.5, y: y}
	}, numbersFrom, ofMeans, 0.2))
	return out
}

// cutMean is the mean of a log-normal cut at the longest.
func cutMean(mu, sigma, cut float64) float64 {
	below := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	k := math.Log(cut)
	return math.Exp(mu+sigma*sigma/2)*below((k-mu-sigma*sigma)/sigma) + cut*below((mu-k)/sigma)
}
