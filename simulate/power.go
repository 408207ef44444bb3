package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"tandem/internal/stats"
)

const powerPart = "Different versions: how often is the better one found, and after how many calls"

// reach is when a run decided.
type reach struct {
	found bool
	calls int
}

func reached(r *runner, runs int, fn func(rng *rand.Rand) (bool, int)) (rate, []int, error) {
	all, err := each(r, runs, func(rng *rand.Rand) reach { f, n := fn(rng); return reach{f, n} })
	var got rate
	var calls []int
	for _, x := range all {
		got.n++
		if x.found {
			got.yes++
		}
		calls = append(calls, x.calls)
	}
	slices.Sort(calls)
	return got, calls, err
}

func mean(calls []int) float64 {
	var sum float64
	for _, n := range calls {
		sum += float64(n)
	}
	return sum / float64(len(calls))
}

func power() []setting {
	const runs = 4_000
	var out []setting
	for _, c := range []struct {
		pb    float64
		calls int
		want  float64
	}{{0.8, 1_000, 0.79}, {0.75, 10_000, 0.99}} {
		out = append(out, setting{powerPart, fmt.Sprintf("70 against %.0f %%, within %d calls", 100*c.pb, c.calls), func(r *runner) (figure, string, error) {
			got, calls, err := reached(r, r.runs(runs), bets(binary, c.calls, coin(0.5, 0.7, c.pb)))
			more := fmt.Sprintf("; mean %.0f, median %d calls", mean(calls), calls[len(calls)/2])
			return about(got, c.want, fmt.Sprintf("%d", r.runs(runs)), more), "", err
		}})
	}
	for _, c := range []struct {
		name string
		fn   func(int, source) func(*rand.Rand) (bool, int)
		want float64
	}{
		{"90 s against 80 s, within 2000 calls, bets with the cut", cutBets, 0.95},
		{"90 s against 80 s, within 2000 calls, bets up to an hour", func(n int, s source) func(*rand.Rand) (bool, int) { return bets(durations, n, s) }, 0},
	} {
		out = append(out, setting{powerPart, c.name, func(r *runner) (figure, string, error) {
			got, calls, err := reached(r, r.runs(2_000), c.fn(2_000, lengths(10)))
			f := contrast(got, fmt.Sprintf("%d", r.runs(2_000)))
			f.found += fmt.Sprintf("; mean %.0f, median %d calls", mean(calls), calls[len(calls)/2])
			if c.want > 0 {
				f.must, f.held = fmt.Sprintf("at least %.0f %%", 100*c.want), got.bounds().High >= c.want
			}
			return f, "", err
		}})
	}
	for _, c := range []struct {
		q, pb float64
	}{{0.5, 0.8}, {0.5, 0.75}, {0.1, 0.8}} {
		design := stats.Design{Binary: true, Baseline: 0.7, Effect: c.pb - 0.7, ShareB: c.q, Alpha: alpha, Power: 0.8}
		name := fmt.Sprintf("70 against %.0f %%, %.0f/%.0f", 100*c.pb, 100-100*c.q, 100*c.q)
		out = append(out, forecast(name+", by the plan's calls", design.Sequential, func(n int) func(*rand.Rand) (bool, int) {
			return bets(binary, n, coin(c.q, 0.7, c.pb))
		}), forecast(name+", planned mode at its N", design.Planned, func(n int) func(*rand.Rand) (bool, int) {
			return watched(sharesFrom, n, coin(c.q, 0.7, c.pb), planned(int64(4*c.q*(1-c.q)*float64(n)), ofShares))
		}))
	}
	return out
}

// forecast sets what a plan says beside what happens: 80 % by its calls.
func forecast(name string, size func() (stats.Size, error), fn func(n int) func(*rand.Rand) (bool, int)) setting {
	return setting{powerPart, name, func(r *runner) (figure, string, error) {
		s, err := size()
		if err != nil {
			return figure{}, "", err
		}
		got, calls, err := reached(r, r.runs(2_000), fn(int(s.Calls)))
		more := fmt.Sprintf(" by %d calls; mean so far %.0f, foretold without end %d", s.Calls, mean(calls), s.Expected)
		return about(got, 0.8, fmt.Sprintf("%d", r.runs(2_000)), more), "", err
	}}
}
