package stats

import (
	"math"
	"testing"
)

// brownian undoes the allowance for looks after whole calls, so that the walk is
// a Brownian motion, for which there are closed forms.
func brownian(from float64, ends func(n float64) (low, high float64)) walk {
	return walk{from: from, ends: func(n float64) (float64, float64) {
		low, high := ends(n)
		return low + overshoot, high - overshoot
	}}
}

func TestCrossingALineIsTheInverseGaussianLaw(t *testing.T) {
	// The first passage of a Brownian motion over a + bt: Siegmund (1985),
	// chapter III.
	law := func(a, b, t float64) float64 {
		root := math.Sqrt(t)
		return normalShare((-a-b*t)/root) + math.Exp(-2*a*b)*normalShare((b*t-a)/root)
	}
	for _, c := range []struct{ a, b, last float64 }{
		{20, 0, 400},
		{30, -0.05, 1000},
		{10, -0.2, 200},
		{10, 0.05, 500},
		{60, -0.01, 10000},
	} {
		w := brownian(2, func(n float64) (low, high float64) { return math.Inf(-1), c.a + c.b*n })
		near(t, law(c.a, c.b, c.last), w.passage(c.last, 1).reached(), 2e-3, "line %+v", c)
	}
}

func TestCrossingEitherOfTwoLevelsIsTheReflectedSum(t *testing.T) {
	// Both levels +-c sqrt(N), the O'Brien-Fleming boundary: by reflections, the
	// chance to cross one of them is 2 sum (-1)^(k+1) 2 (1-Phi((2k-1)c)), half of
	// it upwards first. Feller (1971), volume II, X.5.
	const c, last = 1.5, 1000.0
	var want float64
	for k := 1.0; k < 10; k++ {
		want += 2 * math.Pow(-1, k+1) * normalShare(-(2*k-1)*c)
	}
	level := c * math.Sqrt(last)
	w := brownian(2, func(float64) (low, high float64) { return -level, level })
	near(t, want, w.passage(last, 1).reached(), 2e-3, "upper of two levels")
}

func TestWealthReachesItsTargetAtTheBoundary(t *testing.T) {
	p, err := Design{Binary: true, Baseline: 0.7, Effect: 0.1}.planEffect()
	if err != nil {
		t.Fatal(err)
	}
	growth, spread := p.stakes()
	w := p.betWalk()
	for _, n := range []float64{10, 100, 1000, 1e4, 1e5} {
		low, high := w.ends(n)
		if !(low < high) {
			t.Errorf("%v calls: boundaries %v and %v", n, low, high)
		}
		for _, x := range []float64{low, high} {
			most, sum := math.Inf(-1), 0.0
			for k := range growth {
				most = max(most, n*growth[k]+spread[k]*x)
			}
			for k := range growth {
				sum += math.Exp(n*growth[k] + spread[k]*x - most)
			}
			near(t, math.Log(1/0.05), most+math.Log(sum/float64(len(growth))), 1e-6, "ln W at %v after %v calls", x, n)
		}
	}
}
