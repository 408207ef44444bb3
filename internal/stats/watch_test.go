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
