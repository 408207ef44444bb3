package main

import (
	"fmt"
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
	var out []setting
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
