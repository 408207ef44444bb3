package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestHypergeometricProbabilitiesMatchR(t *testing.T) {
	// R 4.2.2, dhyper(k, good, bad, draw, log = TRUE).
	for _, c := range []struct {
		k, good, bad, draw uint64
		want               float64
	}{
		{3, 5, 7, 6, -0.97077891715822529},
		{0, 5, 7, 6, -4.8828019225863697},
		{5100, 10000, 10000, 10000, -8.484292104351244},
		{500000000, 1000000000, 1000000000, 1000000000, -10.24085068121296},
		{10, 100, 1000000000, 50000000, -4.0913965602461495},
	} {
		h := newHypergeometric(c.good, c.bad, c.draw)
		near(t, c.want, h.logP(float64(c.k)), 1e-10, "ln P(%d) of %d good, %d bad, %d drawn", c.k, c.good, c.bad, c.draw)
		near(t, c.want, h.mirror().logP(float64(c.draw-c.k)), 1e-10, "mirrored")
	}
}

// The sum over a long tail is replaced by an integral. Here both are done.
func TestLongTailsIntegrateToTheirSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Uint64Range(2e7, 2e8)
		good, bad := size.Draw(t, "good"), size.Draw(t, "bad")
		draw := uint64(rapid.Float64Range(0.2, 0.8).Draw(t, "share drawn") * float64(good+bad))
		h := newHypergeometric(good, bad, draw)
		from := math.Round(h.mode + rapid.Float64Range(-6, 12).Draw(t, "deviation")*h.sd)
		weight := func(more float64) float64 { return (more + 1) / (1 + (from+more)/h.good) }
		peak := max(from, h.mode)
		sum, integral := h.add(from, peak, weight), h.integrate(from, peak, weight)
		if math.Abs(sum.Mass-integral.Mass) > 1e-12*sum.Mass || math.Abs(sum.Weighted-integral.Weighted) > 1e-12*sum.Weighted {
			t.Fatalf("sum %+v, integral %+v", sum, integral)
		}
	})
}

func TestTailsOnBothSidesAddUpToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Uint64Range(0, 2e9)
		good, bad := size.Draw(t, "good"), size.Draw(t, "bad")
		if rapid.Bool().Draw(t, "small") {
			good, bad = good%40, bad%40
		}
		if good+bad == 0 {
			return
		}
		draw := rapid.Uint64Range(0, good+bad).Draw(t, "draw")
		h := newHypergeometric(good, bad, draw)
		from := math.Round(h.mode + rapid.Float64Range(-8, 8).Draw(t, "deviation")*h.sd)
		m := h.mirror()
		up, down := h.upper(from, nil), m.upper(h.draw-from+1, nil)
		if total := up.Mass*math.Exp(up.Log) + down.Mass*math.Exp(down.Log); math.Abs(total-1) > 1e-10 {
			t.Fatalf("tails of %+v from %v add up to %v", h, from, total)
		}
	})
}

func TestLegendreRuleIntegratesPolynomialsExactly(t *testing.T) {
	for degree := range 32 {
		var sum float64
		for i, x := range legendre.nodes {
			sum += legendre.weights[i] * math.Pow(x, float64(degree))
		}
		want := 0.0
		if degree%2 == 0 {
			want = 2 / float64(degree+1)
		}
		near(t, want, sum, 1e-12, "integral of x^%d", degree)
	}
}

func TestLongTailsAreIntegratedToWhatTheyAddUpTo(t *testing.T) {
	weight := func(above float64) float64 { return 1 + above }
	compared := 0
	for _, n := range []uint64{100_000, 1_000_000, 3_000_000} {
		for _, share := range []float64{0.001, 0.02, 0.3, 0.7, 0.99} {
			for _, z := range []float64{-6, -2, -0.5, 0, 0.5, 2, 6, 15} {
				h := newHypergeometric(n, n*9/10, uint64(share*float64(n)*1.9))
				from := math.Round(h.whole + z*h.sd)
				if from < h.low || from > h.high {
					continue
				}
				peak := max(from, h.mode)
				if min(peak-from, h.sd*math.Sqrt(2*negligible))+h.reach(peak, negligible) <= directTerms {
					continue
				}
				sum, whole := h.add(from, peak, weight), h.integrate(from, peak, weight)
				near(t, sum.Mass, whole.Mass, 1e-10, "%d, share %v, from %v sd: mass", n, share, z)
				near(t, sum.Weighted, whole.Weighted, 1e-10, "%d, share %v, from %v sd: weighted", n, share, z)
				compared++
			}
		}
	}
	if compared < 20 {
		t.Errorf("%d tails were long enough", compared)
	}
}
