package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestEvenCallsAreAllOfThemAtAnEvenSplit(t *testing.T) {
	for _, c := range []struct{ na, nb, want int64 }{
		{0, 100, 0}, {100, 0, 0}, {1, 1, 2}, {50, 50, 100}, {90, 10, 36}, {900, 100, 360}, {1e9, 1e9, 2e9}, {4e9, 4e9, 8e9},
	} {
		if got := EvenCalls(c.na, c.nb); got != c.want || EvenCalls(c.nb, c.na) != got {
			t.Errorf("%d and %d calls tell as much as %d; want %d", c.na, c.nb, got, c.want)
		}
	}
}

func TestAStratumWeighsWhatItTells(t *testing.T) {
	for _, c := range []struct {
		a, b int64
		want float64
	}{{250, 250, 500}, {990, 10, 39.6}, {10, 990, 39.6}, {0, 7, 0}, {7, -1, 0}, {1e18, 1e18, 2e18}, {1e18, 1, 4}} {
		if got := StratumWeight(c.a, c.b); math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("%d and %d: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	// No other weights give a smaller variance when all spreads are the same.
	rapid.Check(t, func(t *rapid.T) {
		variance := func(weight func(i int) float64, arms [][2]int64) float64 {
			total, v := 0.0, 0.0
			for i, n := range arms {
				w := weight(i)
				total += w
				v += w * w * (1/float64(n[0]) + 1/float64(n[1]))
			}
			return v / total / total
		}
		size := rapid.Int64Range(1, 10_000)
		arms := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int64 { return [2]int64{size.Draw(t, "a"), size.Draw(t, "b")} }), 1, 5).Draw(t, "strata")
		even := 0.0
		for _, n := range arms {
			even += StratumWeight(n[0], n[1])
		}
		ours := variance(func(i int) float64 { return StratumWeight(arms[i][0], arms[i][1]) }, arms)
		if math.Abs(ours*even-4) > 1e-9 {
			t.Fatalf("the variance is %v, want 4/%v", ours, even)
		}
		byCalls := variance(func(i int) float64 { return float64(arms[i][0] + arms[i][1]) }, arms)
		if ours > byCalls*(1+1e-12) {
			t.Fatalf("%v by what they tell, %v by calls", ours, byCalls)
		}
	})
}

func TestAShareIsNeverCertain(t *testing.T) {
	// (0+1)/(12+2) = 1/14: 13/14/14/14 by hand.
	near(t, 13.0/14/14/14, ShareVariance(Proportion{0, 12}), 1e-15, "none of 12")
	near(t, 0.25/2, ShareVariance(Proportion{}), 1e-15, "none of none")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1e9).Draw(t, "n")
		p := Proportion{rapid.Int64Range(0, n).Draw(t, "successes"), n}
		got := ShareVariance(p)
		if got <= 0 || math.Abs(got-ShareVariance(Proportion{n - p.Successes, n})) > 1e-12*got {
			t.Fatalf("variance %v of %v", got, p)
		}
		if share := p.Share(); n > 1e6 && share > 0.01 && share < 0.99 && math.Abs(got/(share*(1-share)/float64(n))-1) > 1e-3 {
			t.Fatalf("it does not fade: %v of %v", got, p)
		}
	})
}
