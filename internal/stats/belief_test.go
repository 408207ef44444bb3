package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestBeliefMatchesTheClosedForm(t *testing.T) {
	// mpmath 1.2.1, 40 digits. P(B>A) by Miller (2015), Formulas for Bayesian A/B
	// Testing: the sum over i < aB of
	//	B(aA+i, bA+bB)/((bB+i) B(1+i, bB) B(aA, bA)),
	// a sum over quite other terms than the ones here. Loss: the same sum with one
	// success more, E max(B-A, 0) = E(B) P(B'>A) - E(A) P(B>A').
	for _, c := range []struct {
		a, b                 Proportion
		better, lossA, lossB float64
	}{
		{Proportion{}, Proportion{}, 0.5, 1.0 / 6, 1.0 / 6},
		{Proportion{1, 2}, Proportion{}, 0.5, 0.15, 0.15},
		{Proportion{20, 20}, Proportion{20, 20}, 0.5, 0.022198731501057082, 0.022198731501057082},
		{Proportion{0, 20}, Proportion{20, 20}, 0.99999999999814215, 0.90909090909095230, 4.320571060420355212e-14},
		{Proportion{70, 100}, Proportion{80, 100}, 0.94760310335236916, 0.099384812910647955, 0.0013455972243734447},
		{Proportion{700, 1000}, Proportion{800, 1000}, 0.99999988462383960, 0.099800399606874788, 4.0527798161023379e-10},
		{Proportion{3, 10}, Proportion{9000, 10000}, 0.99999871461918072, 0.56658669748771790, 1.4824250595866637e-08},
		{Proportion{3, 1e9}, Proportion{9, 1e9}, 0.95385742239868164, 6.0722656116335450e-09, 7.2265623633544930e-11},
		{Proportion{350000, 500000}, Proportion{350500, 500000}, 0.86249740403124412, 0.0010639066595294230, 6.3910659513423092e-05},
		{Proportion{500000, 1000000}, Proportion{515000, 1000000}, 1, 0.014999970000060000, 1.1280859054417529e-104},
	} {
		got, err := BetaBinomial(c.a, c.b)
		if err != nil {
			t.Errorf("BetaBinomial(%v, %v): %v", c.a, c.b, err)
		}
		near(t, c.better, got.BBetter, 1e-11, "P(B>A) of %v and %v", c.a, c.b)
		relative(t, c.lossA, got.LossA, 1e-11, "loss of A, %v and %v", c.a, c.b)
		relative(t, c.lossB, got.LossB, 1e-11, "loss of B, %v and %v", c.a, c.b)
	}
	far, err := BetaBinomial(Proportion{515000, 1000000}, Proportion{500000, 1000000})
	if err != nil {
		t.Fatal(err)
	}
	relative(t, 3.3999634917964593e-100, far.BBetter, 1e-11, "P(B>A) far in the tail")
}

// relative is near without the allowance for values close to 0.
func relative(t *testing.T, want, got, rel float64, format string, args ...any) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf(format+": got %.17g, want %.17g", append(args, got, want)...)
	}
}

func TestBeliefAtABillionIsTheNormalOne(t *testing.T) {
	// Posteriors of a billion calls are normal to about 1e-5 of their width. With
	// z the difference in standard errors s: P = Phi(z), loss = s (phi(z) +- z
	// Phi(+-z)).
	a, b := Proportion{5e8, 1e9}, Proportion{5e8 + 20000, 1e9}
	got, err := BetaBinomial(a, b)
	if err != nil {
		t.Fatal(err)
	}
	s := math.Sqrt(a.variance() + b.variance())
	z := (b.Share() - a.Share()) / s
	phi, upper := math.Exp(-z*z/2)/math.Sqrt(2*math.Pi), math.Erfc(-z/math.Sqrt2)/2
	near(t, upper, got.BBetter, 1e-5, "P(B>A)")
	near(t, s*(phi+z*upper), got.LossA, 1e-5, "loss of A")
	near(t, s*(phi-z*(1-upper)), got.LossB, 1e-5, "loss of B")
}

func TestLossesDifferByTheMeansDifference(t *testing.T) {
	// E max(B-A, 0) - E max(A-B, 0) = E(B) - E(A).
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		got, err := BetaBinomial(a, b)
		if err != nil {
			t.Fatal(err)
		}
		mean := func(p Proportion) float64 { return float64(p.Successes+1) / float64(p.N+2) }
		if d := mean(b) - mean(a); math.Abs(got.LossA-got.LossB-d) > 1e-10*math.Abs(d)+1e-12*(got.LossA+got.LossB)+1e-15 {
			t.Fatalf("losses %v and %v; means differ by %v", got.LossA, got.LossB, d)
		}
		if !(got.BBetter >= 0 && got.BBetter <= 1 && got.LossA >= 0 && got.LossB >= 0) {
			t.Fatalf("%+v", got)
		}
		swapped, _ := BetaBinomial(b, a)
		if swapped.LossA != got.LossB || swapped.LossB != got.LossA || math.Abs(swapped.BBetter-(1-got.BBetter)) > 1e-16 {
			t.Fatalf("%+v; arms swapped %+v", got, swapped)
		}
		failed, _ := BetaBinomial(Proportion{a.N - a.Successes, a.N}, Proportion{b.N - b.Successes, b.N})
		if math.Abs(failed.BBetter-(1-got.BBetter)) > 1e-10 || math.Abs(failed.LossA-got.LossB) > 1e-9*got.LossB+1e-300 {
			t.Fatalf("%+v; success and failure swapped %+v", got, failed)
		}
	})
}

func TestBeliefRisesWithEverySuccess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		if b.Successes == b.N {
			return
		}
		before, _ := BetaBinomial(a, b)
		after, err := BetaBinomial(a, Proportion{b.Successes + 1, b.N})
		if err != nil || after.BBetter < before.BBetter-1e-12 || after.LossB > before.LossB*(1+1e-9) {
			t.Fatalf("%+v, then %+v, %v", before, after, err)
		}
	})
}

func TestImpossibleBeliefsAreRefused(t *testing.T) {
	for _, p := range []Proportion{{2, 1}, {-1, 1}, {0, -1}} {
		_, e1 := BetaBinomial(p, Proportion{1, 2})
		_, e2 := BetaBinomial(Proportion{1, 2}, p)
		if !errors.Is(e1, ErrInput) || !errors.Is(e2, ErrInput) {
			t.Errorf("%v: errors %v, %v; want ErrInput", p, e1, e2)
		}
	}
}
