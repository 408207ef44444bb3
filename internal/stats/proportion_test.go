package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestWilsonMatchesPublishedIntervals(t *testing.T) {
	// Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3,
	// four decimals.
	for _, c := range []struct {
		p         Proportion
		low, high float64
	}{
		{Proportion{81, 263}, 0.2553, 0.3662},
		{Proportion{15, 148}, 0.0624, 0.1605},
		{Proportion{0, 20}, 0, 0.1611},
		{Proportion{1, 29}, 0.0061, 0.1718},
	} {
		in, err := Wilson(c.p, 0.95)
		if err != nil || math.Abs(in.Low-c.low) > 5e-5 || math.Abs(in.High-c.high) > 5e-5 {
			t.Errorf("Wilson(%v) = %v, %v; want %v to %v", c.p, in, err, c.low, c.high)
		}
	}
}

func TestWilsonMatchesR(t *testing.T) {
	// R 4.2.2, prop.test(x, n, correct=FALSE)$conf.int.
	for _, c := range []struct {
		p         Proportion
		low, high float64
	}{
		{Proportion{1, 29}, 0.006113214292762661, 0.171755218793202824},
		{Proportion{5e8, 1e9}, 0.49996901024844431, 0.50003098975155569},
		{Proportion{0, 20}, 0, 0.1611251580528193},
		{Proportion{1, 1}, 0.2065493143772375, 1},
		{Proportion{0, 0}, 0, 1}, // not R: nothing is known
	} {
		in, err := Wilson(c.p, 0.95)
		if err != nil {
			t.Errorf("Wilson(%v): %v", c.p, err)
		}
		near(t, c.low, in.Low, 1e-13, "lower end for %v", c.p)
		near(t, c.high, in.High, 1e-13, "upper end for %v", c.p)
	}
}

func TestNewcombeMatchesPublishedIntervals(t *testing.T) {
	// Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method
	// 10, four decimals; difference b - a here. Those of the first, second
	// and fourth also agree with statsmodels 0.13.5,
	// confint_proportions_2indep(method="newcomb"), as does 20/20.
	for _, c := range []struct {
		a, b      Proportion
		low, high float64
	}{
		{Proportion{48, 80}, Proportion{56, 70}, 0.0524, 0.3339},
		{Proportion{3, 10}, Proportion{9, 10}, 0.1705, 0.8090},
		{Proportion{2, 7}, Proportion{6, 7}, 0.0582, 0.8062},
		{Proportion{0, 29}, Proportion{5, 56}, -0.0381, 0.1926},
		{Proportion{0, 20}, Proportion{0, 10}, -0.1611, 0.2775},
		{Proportion{0, 10}, Proportion{0, 10}, -0.2775, 0.2775},
		{Proportion{0, 20}, Proportion{10, 10}, 0.6791, 1},
		{Proportion{0, 10}, Proportion{10, 10}, 0.6075, 1},
		{Proportion{20, 20}, Proportion{20, 20}, -0.1611, 0.1611},
	} {
		in, err := Newcombe(c.a, c.b, 0.95)
		if err != nil || math.Abs(in.Low-c.low) > 5.1e-5 || math.Abs(in.High-c.high) > 5.1e-5 {
			t.Errorf("Newcombe(%v, %v) = %v, %v; want %v to %v", c.a, c.b, in, err, c.low, c.high)
		}
	}
}

func TestNewcombeWithAnEmptyArmIsBoundedByTheOther(t *testing.T) {
	in, err := Newcombe(Proportion{}, Proportion{}, 0.95)
	if err != nil || in != (Interval{-1, 1}) {
		t.Errorf("nothing against nothing: %v, %v; want -1 to 1", in, err)
	}
	one, _ := Wilson(Proportion{9, 10}, 0.95)
	in, err = Newcombe(Proportion{}, Proportion{9, 10}, 0.95)
	if err != nil || math.Abs(in.Low-(one.Low-1)) > 1e-15 || math.Abs(in.High-one.High) > 1e-15 {
		t.Errorf("9/10 against nothing: %v, %v; want %v to %v", in, err, one.Low-1, one.High)
	}
}

func TestPooledZMatchesR(t *testing.T) {
	// R 4.2.2, prop.test(c(x1, x2), c(n1, n2), correct=FALSE): chi-squared is
	// z squared.
	for _, c := range []struct {
		a, b  Proportion
		z2, p float64
	}{
		{Proportion{48, 80}, Proportion{56, 70}, 7.0234113712374597, 0.0080450813681965643},
		{Proportion{700, 1000}, Proportion{800, 1000}, 26.666666666666668, 2.4175638811190194e-07},
	} {
		got, err := PooledZ(c.a, c.b)
		if err != nil || got.Statistic < 0 {
			t.Errorf("PooledZ(%v, %v) = %v, %v; want a positive z", c.a, c.b, got, err)
		}
		near(t, c.z2, got.Statistic*got.Statistic, 1e-13, "z squared of %v and %v", c.a, c.b)
		near(t, c.p, got.P, 1e-12, "p of %v and %v", c.a, c.b)
	}
}

func TestPooledZIsDefinedWhereNothingVaries(t *testing.T) {
	for name, c := range map[string][2]Proportion{
		"no calls":       {{0, 0}, {0, 0}},
		"one empty arm":  {{0, 0}, {3, 9}},
		"none succeeded": {{0, 20}, {0, 20}},
		"all succeeded":  {{20, 20}, {20, 20}},
		"one call each":  {{1, 1}, {1, 1}},
	} {
		if got, err := PooledZ(c[0], c[1]); err != nil || got != (Test{P: 1}) {
			t.Errorf("%s: %v, %v; want p 1", name, got, err)
		}
	}
}

func TestPooledZOrdersTailsThatUnderflow(t *testing.T) {
	a, errA := PooledZ(Proportion{0, 1e9}, Proportion{5e8, 1e9})
	b, errB := PooledZ(Proportion{0, 1e9}, Proportion{6e8, 1e9})
	if errA != nil || errB != nil || a.P != 0 || b.P != 0 || !(b.LogP < a.LogP) {
		t.Errorf("%v, %v and %v, %v; want p underflowed and logarithms ordered", a, errA, b, errB)
	}
}

func TestImpossibleProportionsAreRefused(t *testing.T) {
	for name, p := range map[string]Proportion{
		"more successes than trials": {2, 1},
		"negative successes":         {-1, 1},
		"negative trials":            {0, -1},
	} {
		ok := Proportion{1, 2}
		_, w := Wilson(p, 0.95)
		_, n := Newcombe(ok, p, 0.95)
		_, z := PooledZ(p, ok)
		_, f := Fisher(ok, p)
		_, s := StratifiedProportions([]Stratum[Proportion]{{1, ok, p}}, 0.95)
		for what, err := range map[string]error{"Wilson": w, "Newcombe": n, "PooledZ": z, "Fisher": f, "StratifiedProportions": s} {
			if !errors.Is(err, ErrInput) {
				t.Errorf("%s of %s: error %v; want ErrInput", what, name, err)
			}
		}
	}
	for _, level := range []float64{0, 1, -1, 95, math.NaN(), math.Inf(1)} {
		if _, err := Wilson(Proportion{1, 2}, level); !errors.Is(err, ErrInput) {
			t.Errorf("level %v: error %v; want ErrInput", level, err)
		}
	}
}

func proportions() *rapid.Generator[Proportion] {
	return rapid.Custom(func(t *rapid.T) Proportion {
		n := rapid.Int64Range(0, 2e9).Draw(t, "n")
		if rapid.Bool().Draw(t, "small") {
			n %= 50
		}
		return Proportion{rapid.Int64Range(0, n).Draw(t, "successes"), n}
	})
}

func TestWilsonAlwaysHoldsTheShareAndMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := proportions().Draw(t, "p")
		in, err := Wilson(p, 0.95)
		if err != nil || !(0 <= in.Low && in.Low <= p.Share()+1e-15 && p.Share() <= in.High+1e-15 && in.High <= 1) || in.Low >= in.High {
			t.Fatalf("Wilson(%v) = %v, %v", p, in, err)
		}
		wide, _ := Wilson(p, 0.99)
		if wide.Low > in.Low || wide.High < in.High {
			t.Fatalf("99 %% %v does not hold 95 %% %v", wide, in)
		}
		mirror, _ := Wilson(Proportion{p.N - p.Successes, p.N}, 0.95)
		if math.Abs(1-mirror.High-in.Low) > 1e-12 || math.Abs(1-mirror.Low-in.High) > 1e-12 {
			t.Fatalf("failures of %v give %v; want the mirror of %v", p, mirror, in)
		}
	})
}

func TestDifferenceOfProportionsIsAntisymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		ab, err1 := Newcombe(a, b, 0.95)
		ba, err2 := Newcombe(b, a, 0.95)
		if err1 != nil || err2 != nil || math.Abs(ab.Low+ba.High) > 1e-12 || math.Abs(ab.High+ba.Low) > 1e-12 {
			t.Fatalf("b-a %v, %v; a-b %v, %v", ab, err1, ba, err2)
		}
		d := b.Share() - a.Share()
		if !(ab.Low <= d+1e-12 && d-1e-12 <= ab.High && ab.Low >= -1 && ab.High <= 1) {
			t.Fatalf("%v does not hold the difference %v", ab, d)
		}
		zab, _ := PooledZ(a, b)
		zba, _ := PooledZ(b, a)
		if zab.Statistic != -zba.Statistic || zab.P != zba.P {
			t.Fatalf("z %v and %v; want opposite signs and the same p", zab, zba)
		}
	})
}

func TestZSquaredIsChiSquared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := proportions().Draw(t, "a"), proportions().Draw(t, "b")
		z, err1 := PooledZ(a, b)
		x, err2 := ChiSquared([][]int64{{a.Successes, b.Successes}, {a.N - a.Successes, b.N - b.Successes}})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if math.Abs(z.Statistic*z.Statistic-x.Statistic) > 1e-6*(1+x.Statistic) || math.Abs(z.LogP-x.LogP) > 1e-6*(1-x.LogP) {
			t.Fatalf("z %v, chi-squared %v", z, x)
		}
	})
}
