package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

const checkPart = "An intact split, a look after every call: how often is it called broken"

func checks() []setting {
	const runs, calls = 10_000, 5_000
	var out []setting
	for _, q := range []float64{0.5, 0.1} {
		shares := []float64{1 - q, q}
		out = append(out, setting{checkPart, fmt.Sprintf("sample ratio, %.0f/%.0f", 100-100*q, 100*q), func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), ratioWatched(calls, shares))
			return atMost(got, 0.01, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
		}})
	}
	return append(out,
		setting{checkPart, "contrast: chi-squared at p < 0.001", func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), chiWatched(calls))
			return contrast(got, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
		}},
		setting{checkPart, "a split of 50/50 that gives 55/45, found by 5,000 calls", func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(1_000), leaning(calls))
			f := figure{how: fmt.Sprintf("%d x %d", r.runs(1_000), calls), found: got.String(), must: "at least 95 %", held: got.bounds().High >= 0.95}
			return f, "", err
		}})
}

func ratioWatched(calls int, shares []float64) func(rng *rand.Rand) bool {
	return ratioFor(calls, shares, shares[1])
}

func leaning(calls int) func(rng *rand.Rand) bool { return ratioFor(calls, []float64{0.5, 0.5}, 0.45) }

func ratioFor(calls int, shares []float64, q float64) func(rng *rand.Rand) bool {
	return func(rng *rand.Rand) bool {
		counts := make([]int64, 2)
		for range calls {
			arm := 0
			if rng.Float64() < q {
				arm = 1
			}
			counts[arm]++
			if log, err := stats.SampleRatio(counts, shares); err != nil {
				panic(err)
			} else if log >= stats.SampleRatioAlarm {
				return true
			}
		}
		return false
	}
}

func chiWatched(calls int) func(rng *rand.Rand) bool {
	const z = 3.2905267314919255 // two-sided 0.001
	return func(rng *rand.Rand) bool {
		d := 0.0
		for i := range calls {
			if rng.Float64() < 0.5 {
				d++
			} else {
				d--
			}
			if n := float64(i + 1); n >= 20 && math.Abs(d) > z*math.Sqrt(n) {
				return true
			}
		}
		return false
	}
}
