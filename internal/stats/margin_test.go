package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func sleepDifference(t testing.TB) Estimate {
	t.Helper()
	e, err := Welch(sleepA, sleepB, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestNonInferiorMeansMatchR(t *testing.T) {
	// R 4.2.2, y and x the second and first group of sleep$extra:
	//	t.test(y, x, mu = -1, alternative = "greater")$p.value
	//	t.test(y, x, mu = 4, alternative = "less")$p.value
	//	t.test(y, x, conf.level = 0.9)$conf.int
	e := sleepDifference(t)
	higher, err := NonInferior(e, 1, true, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.0035706691736628929, higher.Test.P, 1e-11, "p that b is not lower by 1")
	near(t, 0.10661850266839384, higher.Interval.Low, 1e-11, "lower end")
	if !higher.Holds || !math.IsInf(higher.Interval.High, 1) {
		t.Errorf("%+v; want it to hold, without an upper end", higher)
	}
	lower, err := NonInferior(e, 4, false, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.0053616241031591181, lower.Test.P, 1e-11, "p that b is not higher by 4")
	near(t, 3.0533814973316065, lower.Interval.High, 1e-11, "upper end")
	if !lower.Holds || !math.IsInf(lower.Interval.Low, -1) {
		t.Errorf("%+v; want it to hold, without a lower end", lower)
	}
	if no, _ := NonInferior(e, 1, false, 0.95); no.Holds {
		t.Errorf("%+v; b is higher by 1.58", no)
	}
}

func TestEquivalentMeansMatchStatsmodels(t *testing.T) {
	// statsmodels 0.13.5, weightstats.ttost_ind(y, x, -4, 4, usevar="unequal").
	got, err := Equivalent(sleepDifference(t), 4, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.005361624103159117, got.Test.P, 1e-11, "p")
	near(t, 2.85010670336594, got.Test.Statistic, 1e-13, "t")
	near(t, 0.10661850266839384, got.Interval.Low, 1e-11, "lower end of 90 %%")
	near(t, 3.0533814973316065, got.Interval.High, 1e-11, "upper end of 90 %%")
	if !got.Holds {
		t.Errorf("%+v; want it to hold", got)
	}
	if close, _ := Equivalent(sleepDifference(t), 3, 0.95); close.Holds {
		t.Errorf("%+v; the 90 %% interval goes beyond 3", close)
	}
}

func TestMarginsOfProportionsMatchR(t *testing.T) {
	// R 4.2.2 by brute force as in the tests of ScoreTest: pnorm(Z(-0.1), lower =
	// FALSE), pnorm(Z(0.1)), and the limits at qnorm(.95).
	a, b := Proportion{80, 100}, Proportion{82, 100}
	higher, err := NonInferiorProportions(a, b, 0.1, true, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.016693346013635913, higher.Test.P, 1e-10, "p that b is not lower by 0.1")
	near(t, -0.07227238015243935, higher.Interval.Low, 1e-11, "lower end")
	if !higher.Holds || higher.Interval.High != 1 {
		t.Errorf("%+v; want it to hold, up to 1", higher)
	}
	lower, err := NonInferiorProportions(a, b, 0.1, false, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.076645883285129696, lower.Test.P, 1e-10, "p that b is not higher by 0.1")
	if lower.Holds || lower.Interval.Low != -1 {
		t.Errorf("%+v; want it not to hold, down to -1", lower)
	}
	same, err := EquivalentProportions(a, b, 0.1, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.076645883285129696, same.Test.P, 1e-10, "p of equivalence: the larger of the two")
	near(t, 0.11234315955421047, same.Interval.High, 1e-11, "upper end of 90 %%")
	perfect, _ := NonInferiorProportions(Proportion{20, 20}, Proportion{20, 20}, 0.1, true, 0.95)
	near(t, 0.070515820260358186, perfect.Test.P, 1e-10, "p at 20 of 20 against 20 of 20")
}

func TestMarginsRefuseWhatTheyCannotUse(t *testing.T) {
	ok, p := sleepDifference(t), Proportion{5, 9}
	for name, margin := range map[string]float64{"negative": -0.1, "NaN": math.NaN(), "infinite": math.Inf(1)} {
		_, e1 := NonInferior(ok, margin, true, 0.95)
		_, e2 := Equivalent(ok, margin, 0.95)
		_, e3 := NonInferiorProportions(p, p, margin, true, 0.95)
		_, e4 := EquivalentProportions(p, p, margin, 0.95)
		for i, err := range []error{e1, e2, e3, e4} {
			if !errors.Is(err, ErrInput) {
				t.Errorf("margin %s, %d: error %v; want ErrInput", name, i, err)
			}
		}
	}
	for _, level := range []float64{0.4, 1, math.NaN()} {
		_, e1 := NonInferior(ok, 1, true, level)
		_, e2 := EquivalentProportions(p, p, 0.1, level)
		if !errors.Is(e1, ErrInput) || !errors.Is(e2, ErrInput) {
			t.Errorf("level %v: errors %v, %v; want ErrInput", level, e1, e2)
		}
	}
	if _, err := EquivalentProportions(p, p, 1, 0.95); !errors.Is(err, ErrInput) {
		t.Errorf("a margin of 1: error %v; want ErrInput", err)
	}
	if _, err := NonInferior(Estimate{Value: math.NaN(), SE: 1}, 1, true, 0.95); !errors.Is(err, ErrInput) {
		t.Errorf("value NaN: error %v; want ErrInput", err)
	}
	_, e1 := NonInferior(Estimate{Value: 1}, 1, true, 0.95)
	_, e2 := NonInferiorProportions(Proportion{}, p, 0.1, true, 0.95)
	_, e3 := EquivalentProportions(p, Proportion{}, 0.1, 0.95)
	for i, err := range []error{e1, e2, e3} {
		if !errors.Is(err, ErrTooFew) {
			t.Errorf("%d: error %v; want ErrTooFew", i, err)
		}
	}
}

func TestMarginOfNothingIsSuperiority(t *testing.T) {
	e := sleepDifference(t)
	got, err := NonInferior(e, 0, true, 0.975)
	if err != nil {
		t.Fatal(err)
	}
	near(t, e.Test.P/2, got.Test.P, 1e-12, "p: half the two-sided one")
	near(t, e.Interval.Low, got.Interval.Low, 1e-11, "lower end: the two-sided one's at 0.95")
}

func TestClaimsHoldJustWhenTheirIntervalIsInsideTheMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		if a.N == 0 || b.N == 0 {
			return
		}
		margin := rapid.Float64Range(0.001, 0.5).Draw(t, "margin")
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.975}).Draw(t, "level")
		higher, err1 := NonInferiorProportions(a, b, margin, true, level)
		lower, err2 := NonInferiorProportions(a, b, margin, false, level)
		same, err3 := EquivalentProportions(a, b, margin, level)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for name, c := range map[string]MarginTest{"higher": higher, "lower": lower, "same": same} {
			if math.Abs(c.Test.P/(1-level)-1) < 1e-9 {
				continue // on the border either answer is right
			}
			inside := (name == "lower" || c.Interval.Low > -margin) && (name == "higher" || c.Interval.High < margin)
			if c.Holds != inside {
				t.Fatalf("%s: %+v, margin %v", name, c, margin)
			}
		}
		// Equivalence is both at once; swapping arms turns higher to lower.
		if same.Holds != (higher.Holds && lower.Holds) {
			t.Fatalf("higher %v, lower %v, both %v", higher.Holds, lower.Holds, same.Holds)
		}
		turned, _ := NonInferiorProportions(b, a, margin, false, level)
		if math.Abs(turned.Test.LogP-higher.Test.LogP) > 1e-9*(1-higher.Test.LogP) {
			t.Fatalf("%+v and turned %+v", higher, turned)
		}
		wider, _ := NonInferiorProportions(a, b, margin+0.1, true, level)
		if wider.Test.LogP > higher.Test.LogP+1e-12 {
			t.Fatalf("a wider margin raises ln p from %v to %v", higher.Test.LogP, wider.Test.LogP)
		}
	})
}

func TestClaimsAboutMeansHoldJustWhenTheirIntervalIsInsideTheMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := moments().Draw(t, "a"), moments().Draw(t, "b")
		b.Mean = a.Mean + 3*math.Sqrt(a.Variance/float64(a.N))
		e, err := Welch(a, b, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		margin := rapid.Float64Range(0, 8).Draw(t, "margin") * e.SE
		c, err := Equivalent(e, margin, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if inside := -margin < c.Interval.Low && c.Interval.High < margin; math.Abs(c.Test.P-0.05) > 1e-9 && c.Holds != inside {
			t.Fatalf("%+v, margin %v", c, margin)
		}
	})
}
