package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMiettinenNurminenMatchesReferences(t *testing.T) {
	// R 4.2.2 by brute force: the likelihood's derivative solved with uniroot
	// (tolerance 1e-16), then the limits d with Z(d) = +-qnorm(.975),
	//	Z <- function(d) (xb/nb-xa/na-d)/sqrt((p*(1-p)/na+(p+d)*(1-p-d)/nb)*n/(n-1))
	// The first is also in Newcombe (1998), Statistics in Medicine 17, 873-890,
	// table II, method 6: 0.0528 to 0.3382. (statsmodels 0.13.5 differs when the
	// arms are unequal: its cubic has a wrong coefficient.)
	for _, c := range []struct {
		a, b      Proportion
		low, high float64
	}{
		{Proportion{48, 80}, Proportion{56, 70}, 0.0528297132458, 0.3381729400159},
		{Proportion{20, 20}, Proportion{20, 20}, -0.1645766380843, 0.1645766380843},
		{Proportion{0, 20}, Proportion{20, 20}, 0.8206662925849, 1},
		{Proportion{3, 10}, Proportion{9, 10}, 0.1700250164244, 0.8406495439433},
		{Proportion{0, 29}, Proportion{5, 56}, -0.0325965617435, 0.1933309766909},
		{Proportion{2, 7}, Proportion{6, 7}, 0.0341755450844, 0.8534052598974},
		{Proportion{1, 1}, Proportion{0, 1}, -1, 0.5869013712455},
		{Proportion{700, 1000}, Proportion{800, 1000}, 0.0622152076348, 0.1376573070324},
	} {
		in, err := MiettinenNurminen(c.a, c.b, 0.95)
		if err != nil {
			t.Errorf("MiettinenNurminen(%v, %v): %v", c.a, c.b, err)
		}
		near(t, c.low, in.Low, 1e-11, "lower end for %v and %v", c.a, c.b)
		near(t, c.high, in.High, 1e-11, "upper end for %v and %v", c.a, c.b)
	}
}

func TestScoreIntervalWithoutVariationHasItsClosedForm(t *testing.T) {
	// With no successes at all the likeliest shares that differ by d > 0 are 0
	// and d: d^2 = z^2 d(1-d)/n N/(N-1), so d = 1/(1 + n(N-1)/(z^2 N)).
	z := normalQuantile(0.025)
	for _, n := range []int64{1, 20, 1e4, 1e9} {
		f := float64(n)
		want := 1 / (1 + f*(2*f-1)/(z*z*2*f))
		for name, p := range map[string]Proportion{"0 of n": {0, n}, "n of n": {n, n}} {
			in, err := MiettinenNurminen(p, p, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			near(t, -want, in.Low, 1e-13, "lower end, %s, n = %d", name, n)
			near(t, want, in.High, 1e-13, "upper end, %s, n = %d", name, n)
		}
	}
}

func TestRareEventsKeepTheirDigitsAtABillion(t *testing.T) {
	// With shares of a billionth the arms are Poisson counts, 3 and 9, whose
	// restricted score interval solves (6-d)^2 = z^2 (2s+d), s the root of
	// 3/s + 9/(s+d) = 2. To 1e-8 the scale changes nothing.
	in, err := MiettinenNurminen(Proportion{3, 1e9}, Proportion{9, 1e9}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	z := normalQuantile(0.025)
	for _, end := range []float64{in.Low, in.High} {
		d := end * 1e9
		// 2 s^2 + (2d - 12) s - 3d = 0.
		h := (2*d - 12) / 4
		s := -h + math.Sqrt(h*h+1.5*d)
		near(t, z*z*(2*s+d), (6-d)*(6-d), 1e-7, "score equation at %v", d)
	}
}

func TestScoreIntervalWithAnEmptyArmIsBoundedByTheOther(t *testing.T) {
	for _, c := range [][2]Proportion{{{}, {}}, {{}, {9, 10}}, {{0, 3}, {}}} {
		want, _ := Newcombe(c[0], c[1], 0.95)
		if in, err := MiettinenNurminen(c[0], c[1], 0.95); err != nil || in != want {
			t.Errorf("%v: %v, %v; want %v", c, in, err, want)
		}
	}
	if in, _ := MiettinenNurminen(Proportion{}, Proportion{}, 0.95); in != (Interval{-1, 1}) {
		t.Errorf("nothing against nothing: %v; want -1 to 1", in)
	}
}

func TestScoreTestMatchesReferences(t *testing.T) {
	// R 4.2.2 by the same brute force.
	for _, c := range []struct {
		a, b          Proportion
		difference, z float64
	}{
		{Proportion{48, 80}, Proportion{56, 70}, -0.1, 3.9210701244051},
		{Proportion{80, 100}, Proportion{82, 100}, -0.1, 2.1274020493342722},
		{Proportion{80, 100}, Proportion{82, 100}, 0.1, -1.42800031946237},
		{Proportion{20, 20}, Proportion{20, 20}, -0.1, 1.4719601443879748},
		{Proportion{0, 29}, Proportion{5, 56}, 0.1, -0.26568446566202869},
		{Proportion{1, 1}, Proportion{0, 1}, -0.1, -0.9045340337333},
		{Proportion{0, 0}, Proportion{4, 5}, -0.1, 0},
		{Proportion{0, 9}, Proportion{0, 5}, 0, 0},
	} {
		got, err := ScoreTest(c.a, c.b, c.difference)
		if err != nil {
			t.Errorf("ScoreTest(%v, %v, %v): %v", c.a, c.b, c.difference, err)
		}
		near(t, c.z, got.Statistic, 1e-11, "z of %v and %v at %v", c.a, c.b, c.difference)
	}
	// p: 2*pnorm(-abs(z)).
	got, _ := ScoreTest(Proportion{0, 29}, Proportion{5, 56}, 0.1)
	near(t, 0.79048222813934521, got.P, 1e-11, "p")
}

func TestScoreTestOrdersTailsThatUnderflow(t *testing.T) {
	a := Proportion{5e8, 1e9}
	near0, _ := ScoreTest(a, Proportion{6e8, 1e9}, 0)
	far, _ := ScoreTest(a, Proportion{6e8, 1e9}, -0.1)
	if near0.P != 0 || far.P != 0 || !(far.LogP < near0.LogP) {
		t.Errorf("%v and %v; want p underflowed and logarithms ordered", near0, far)
	}
}

func TestScoreRefusesImpossibleInput(t *testing.T) {
	ok := Proportion{1, 2}
	for _, d := range []float64{-1, 1, 2, math.NaN(), math.Inf(-1)} {
		if _, err := ScoreTest(ok, ok, d); !errors.Is(err, ErrInput) {
			t.Errorf("difference %v: error %v; want ErrInput", d, err)
		}
	}
	for _, p := range []Proportion{{2, 1}, {-1, 1}, {0, -1}} {
		_, e1 := MiettinenNurminen(ok, p, 0.95)
		_, e2 := MiettinenNurminen(p, ok, 0.95)
		_, e3 := ScoreTest(p, ok, 0)
		_, e4 := ScoreTest(ok, p, 0)
		for i, err := range []error{e1, e2, e3, e4} {
			if !errors.Is(err, ErrInput) {
				t.Errorf("%v, %d: error %v; want ErrInput", p, i, err)
			}
		}
	}
	if _, err := MiettinenNurminen(ok, ok, math.NaN()); !errors.Is(err, ErrInput) {
		t.Errorf("level NaN: error %v; want ErrInput", err)
	}
}

func TestScoreIntervalAndTestNeverDisagree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		if rapid.Bool().Draw(t, "close") {
			b = Proportion{min(b.N, int64(a.Share()*float64(b.N))), b.N}
		}
		difference := rapid.SampledFrom([]float64{0, 0, -0.02, 0.02, -0.3, 0.3}).Draw(t, "difference")
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.999}).Draw(t, "level")
		in, err1 := MiettinenNurminen(a, b, level)
		test, err2 := ScoreTest(a, b, difference)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		d := b.Share() - a.Share()
		if !(-1 <= in.Low && in.Low <= d && d <= in.High && in.High <= 1 && in.Low < in.High) {
			t.Fatalf("%v does not hold the difference %v", in, d)
		}
		if a.N == 0 || b.N == 0 || math.Abs(test.P/(1-level)-1) < 1e-9 {
			return // nothing to test, or on the border where either answer is right
		}
		if holds := in.Low <= difference && difference <= in.High; holds != (test.P > 1-level) {
			t.Fatalf("interval %v, p %v of %v, level %v", in, test.P, difference, level)
		}
	})
}

func TestScoreIntervalTurnsWithItsLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		ab, err := MiettinenNurminen(a, b, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		ba, _ := MiettinenNurminen(b, a, 0.95)
		failures, _ := MiettinenNurminen(Proportion{a.N - a.Successes, a.N}, Proportion{b.N - b.Successes, b.N}, 0.95)
		for name, in := range map[string]Interval{"arms swapped": ba, "success and failure swapped": failures} {
			if math.Abs(ab.Low+in.High) > 1e-13 || math.Abs(ab.High+in.Low) > 1e-13 {
				t.Fatalf("%v, %s %v; want the mirror image", ab, name, in)
			}
		}
		wide, _ := MiettinenNurminen(a, b, 0.99)
		if wide.Low > ab.Low || wide.High < ab.High {
			t.Fatalf("99 %% %v does not hold 95 %% %v", wide, ab)
		}
	})
}

func TestLikeliestSharesHaveTheGreatestLikelihood(t *testing.T) {
	logLikelihood := func(r restricted, p, d float64) float64 {
		sum := 0.0
		for _, x := range [4][2]float64{{r.yesA, p}, {r.noA, 1 - p}, {r.yesB, p + d}, {r.noB, 1 - p - d}} {
			if x[0] > 0 {
				sum += x[0] * math.Log(max(0, x[1]))
			}
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 200)
		r := restricted{float64(count.Draw(t, "yes a")), float64(count.Draw(t, "no a")), float64(count.Draw(t, "yes b")), float64(count.Draw(t, "no b"))}
		if r.yesA+r.noA == 0 || r.yesB+r.noB == 0 {
			return
		}
		d := rapid.Float64Range(1e-6, 0.999).Draw(t, "d")
		p := r.likeliest(d)
		if p < 0 || p > 1-d {
			t.Fatalf("share %v outside 0 to %v", p, 1-d)
		}
		best := logLikelihood(r, p, d)
		other := rapid.Float64Range(0, 1-d).Draw(t, "other")
		if l := logLikelihood(r, other, d); l > best+1e-9*(1+math.Abs(best)) {
			t.Fatalf("ln likelihood %v at %v, %v at %v", best, p, l, other)
		}
	})
}
