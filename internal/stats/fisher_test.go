package stats

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestFisherMatchesExactSums(t *testing.T) {
	// Reference: mpmath 1.2.1, 60 digits, the hypergeometric terms summed;
	// the first (Fisher's tea) and the eighth also R 4.2.2, fisher.test:
	// 0.48571428571428582 and 0.076805323911108947.
	for _, c := range []struct {
		a, b Proportion
		logP float64
	}{
		{Proportion{3, 4}, Proportion{1, 4}, -0.72213471743319759946},
		{Proportion{10, 15}, Proportion{0, 10}, -6.9434944985411293851},
		{Proportion{8, 10}, Proportion{1, 6}, -3.3534067178258069055},
		{Proportion{0, 20}, Proportion{0, 20}, 0},
		{Proportion{20, 20}, Proportion{20, 20}, 0},
		{Proportion{0, 20}, Proportion{5, 20}, -3.0549718535977641727},
		{Proportion{1, 1e9}, Proportion{9, 1e9}, -3.8404293665593191256},
		{Proportion{2, 1000}, Proportion{9, 1200}, -2.5664813194719210563},
		{Proportion{0, 3}, Proportion{4, 1e9}, 0},
		{Proportion{1, 1}, Proportion{0, 1}, 0},
		{Proportion{0, 0}, Proportion{0, 0}, 0},
		{Proportion{0, 0}, Proportion{3, 5}, 0},
		{Proportion{0, 500}, Proportion{500, 500}, -688.77411438729123477},
		{Proportion{0, 1000}, Proportion{1000, 1000}, -1381.5748463569201132},
	} {
		got, err := Fisher(c.a, c.b)
		if err != nil {
			t.Errorf("Fisher(%v, %v): %v", c.a, c.b, err)
		}
		near(t, c.logP, got.LogP, 1e-11, "ln p of %v and %v", c.a, c.b)
	}
}

func TestFisherEqualsTheSumOfBinomialCoefficients(t *testing.T) {
	small := rapid.Custom(func(t *rapid.T) Proportion {
		n := rapid.Int64Range(0, 60).Draw(t, "n")
		return Proportion{rapid.Int64Range(0, n).Draw(t, "successes"), n}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := small.Draw(t, "a"), small.Draw(t, "b")
		got, err := Fisher(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if want := fisherByBinomials(a, b); math.Abs(got.P-want) > 1e-12*(1+want) {
			t.Fatalf("Fisher(%v, %v) = %v; want %v", a, b, got.P, want)
		}
	})
}

// fisherByBinomials adds up exact rationals.
func fisherByBinomials(a, b Proportion) float64 {
	ways := func(k int64) *big.Int {
		k2 := a.Successes + b.Successes - k
		if k < 0 || k2 < 0 || k > a.N || k2 > b.N {
			return new(big.Int)
		}
		return new(big.Int).Mul(new(big.Int).Binomial(a.N, k), new(big.Int).Binomial(b.N, k2))
	}
	seen, tail, total := ways(a.Successes), new(big.Int), new(big.Int)
	for k := range a.N + 1 {
		w := ways(k)
		total.Add(total, w)
		if w.Cmp(seen) <= 0 {
			tail.Add(tail, w)
		}
	}
	p, _ := new(big.Rat).SetFrac(tail, total).Float64()
	return p
}

func TestFisherIsFastForABillion(t *testing.T) {
	got, err := Fisher(Proportion{5e8, 1e9}, Proportion{5e8 + 1e5, 1e9})
	if err != nil {
		t.Fatal(err)
	}
	z, _ := PooledZ(Proportion{5e8, 1e9}, Proportion{5e8 + 1e5, 1e9})
	// With such counts the exact test and the normal one agree.
	near(t, z.LogP, got.LogP, 1e-3, "ln p")
}

func TestFisherMatchesRForMidSizeTables(t *testing.T) {
	// R 4.2.2, fisher.test(matrix(c(xa, na-xa, xb, nb-xb), 2))$p.value.
	for _, c := range []struct {
		a, b Proportion
		p    float64
	}{
		{Proportion{5000, 10000}, Proportion{5120, 10000}, 0.092365765017690823},
		{Proportion{4900, 10000}, Proportion{5100, 10000}, 0.0048873526792000601},
		{Proportion{7000, 10000}, Proportion{7010, 10000}, 0.88949892777724482},
		{Proportion{300, 1000}, Proportion{400, 1100}, 0.0022139871917361401},
	} {
		got, err := Fisher(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.p, got.P, 1e-9, "p of %v and %v", c.a, c.b)
	}
}

func TestFisherTurnsWithItsLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		ab, err1 := Fisher(a, b)
		ba, err2 := Fisher(b, a)
		failures, err3 := Fisher(Proportion{a.N - a.Successes, a.N}, Proportion{b.N - b.Successes, b.N})
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for name, other := range map[string]Test{"arms swapped": ba, "success and failure swapped": failures} {
			if math.Abs(ab.LogP-other.LogP) > 1e-9*(1-ab.LogP) {
				t.Fatalf("ln p %v, %s %v", ab.LogP, name, other.LogP)
			}
		}
	})
}
