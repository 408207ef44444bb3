package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Miles per gallon of R's mtcars by am.
var mpgA, mpgB = Moments{19, 17.147368421052633, 14.699298245614033}, Moments{13, 24.392307692307693, 38.025769230769221}

func TestRelativeMeansMatchR(t *testing.T) {
	// R 4.2.2, with mA, mB the means and vA, vB the variances of the means:
	//	pa <- mB^2/mA^4*vA; pb <- vB/mA^2; r <- mB/mA-1; s <- sqrt(pa+pb)
	//	d <- (pa+pb)^2/(pa^2/18+pb^2/12); r+c(-1,1)*qt(.975,d)*s; 2*pt(-r/s,d)
	got, err := RelativeMeans(mpgA, mpgB, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.42251027057656887, got.Value, 1e-14, "lift")
	near(t, 0.12358132960615836, got.SE, 1e-14, "standard error")
	near(t, 23.747362423846361, got.Test.DF, 1e-13, "df")
	near(t, 0.16730727193638495, got.Interval.Low, 1e-12, "lower end")
	near(t, 0.67771326921675279, got.Interval.High, 1e-12, "upper end")
	near(t, 0.0022743356222749201, got.Test.P, 1e-12, "p")
}

func TestRelativeProportionsMatchR(t *testing.T) {
	// R 4.2.2: s <- sqrt(pB*(1-pB)/n/pA^2+pB^2/pA^4*pA*(1-pA)/n), as above.
	got, err := RelativeProportions(Proportion{700, 1000}, Proportion{800, 1000}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.14285714285714302, got.Value, 1e-14, "lift")
	near(t, 0.029770746985813012, got.SE, 1e-13, "standard error")
	near(t, 0.084507550972095155, got.Interval.Low, 1e-12, "lower end")
	near(t, 0.20120673474219086, got.Interval.High, 1e-12, "upper end")
	near(t, 1.5979898890189717e-06, got.Test.P, 1e-11, "p")
}

func TestALiftFromNearlyNothingIsRefused(t *testing.T) {
	for name, c := range map[string][2]Moments{
		"the first mean is 0":             {{10, 0, 4}, {10, 5, 4}},
		"its interval includes 0":         {{10, 1, 4}, {10, 5, 4}},
		"it is 0 without any spread":      {{10, 0, 0}, {10, 5, 4}},
		"it is too small to divide by":    {{10, 1e-300, 0}, {10, 5, 4}},
		"nothing varies":                  {{10, 4, 0}, {10, 5, 0}},
		"there is one number on one side": {{10, 40, 4}, {1, 5, 0}},
	} {
		if got, err := RelativeMeans(c[0], c[1], 0.95); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: %v, error %v; want ErrTooFew", name, got, err)
		}
	}
	for name, c := range map[string][2]Proportion{
		"no successes in the first arm":    {{0, 20}, {5, 20}},
		"three successes in the first arm": {{3, 20}, {5, 20}},
		"nothing fails":                    {{20, 20}, {20, 20}},
		"an empty arm":                     {{}, {5, 20}},
		"no calls":                         {{}, {}},
	} {
		if got, err := RelativeProportions(c[0], c[1], 0.95); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: %v, error %v; want ErrTooFew", name, got, err)
		}
	}
}

func TestALiftIsDefinedWhereOneArmDoesNotVary(t *testing.T) {
	got, err := RelativeProportions(Proportion{20, 20}, Proportion{18, 20}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, -0.1, got.Value, 1e-14, "lift")
	near(t, math.Sqrt(0.9*0.1/20), got.SE, 1e-13, "standard error: b's alone")
}

func TestLiftsRefuseImpossibleInput(t *testing.T) {
	for _, m := range []Moments{{3, math.NaN(), 1}, {3, math.Inf(1), 1}, {3, 1, math.NaN()}, {3, 1, -1}, {-1, 1, 1}} {
		if _, err := RelativeMeans(mpgA, m, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("%v: error %v; want ErrInput", m, err)
		}
	}
	if _, err := RelativeProportions(Proportion{2, 1}, Proportion{1, 2}, 0.95); !errors.Is(err, ErrInput) {
		t.Errorf("2 of 1: error %v; want ErrInput", err)
	}
	if _, err := RelativeMeans(mpgA, mpgB, 1); !errors.Is(err, ErrInput) {
		t.Errorf("level 1: error %v; want ErrInput", err)
	}
}

func TestALiftOfABillionthIsSeenAtABillion(t *testing.T) {
	a, b := Moments{1e9, 1e9, 1}, Moments{1e9, 1e9 + 0.001, 1}
	got, err := RelativeMeans(a, b, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	d := b.Mean - a.Mean // as float64 holds it
	near(t, d/1e9, got.Value, 1e-13, "lift")
	near(t, d/math.Sqrt(2e-9), got.Test.Statistic, 1e-9, "t")
}

func TestLiftDoesNotDependOnTheUnitAndAgreesWithItsTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := moments().Draw(t, "a"), moments().Draw(t, "b")
		x, err := RelativeMeans(a, b, 0.95)
		if err != nil {
			return // the interval of a's mean includes 0
		}
		scale := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "scale"))
		y, err := RelativeMeans(Moments{a.N, a.Mean * scale, a.Variance * scale * scale}, Moments{b.N, b.Mean * scale, b.Variance * scale * scale}, 0.95)
		if err != nil || x != y {
			t.Fatalf("%v in one unit, %v, %v in another", x, y, err)
		}
		if math.Abs(x.Test.P-0.05) < 1e-9 {
			return
		}
		if holds := x.Interval.Low <= 0 && 0 <= x.Interval.High; holds != (x.Test.P > 0.05) {
			t.Fatalf("interval %v, p %v", x.Interval, x.Test.P)
		}
		if x.Value*a.Mean*(b.Mean-a.Mean) < 0 {
			t.Fatalf("lift %v from %v to %v", x.Value, a.Mean, b.Mean)
		}
	})
}

func TestEqualStrataHaveTheLiftOfOne(t *testing.T) {
	one, err := RelativeProportions(Proportion{700, 1000}, Proportion{800, 1000}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	half := Stratum[Proportion]{1, Proportion{350, 500}, Proportion{400, 500}}
	two, err := StratifiedRelativeProportions([]Stratum[Proportion]{half, half}, 0.95)
	if err != nil || two.Strata != 2 {
		t.Fatal(two, err)
	}
	near(t, one.Value, two.Value, 1e-14, "lift")
	near(t, one.SE, two.SE, 1e-14, "standard error")
	means := Stratum[Moments]{1, mpgA, mpgB}
	twice, err := StratifiedRelativeMeans([]Stratum[Moments]{means, means, {1, Moments{}, mpgB}}, 0.95)
	if err != nil || twice.Strata != 2 {
		t.Fatal(twice, err)
	}
	near(t, 0.42251027057656887, twice.Value, 1e-14, "lift of two strata alike")
	near(t, 0.12358132960615836/math.Sqrt2, twice.SE, 1e-13, "standard error of two strata alike")
}

func TestLiftCoversTheTruthAboutAsOftenAsItSays(t *testing.T) {
	// 60 % against 75 % of 200 calls: a lift of 0.25. 4,000 draws have a
	// standard error of 0.35 points.
	rng, held := newXorshift(11), 0
	const rounds = 4000
	for range rounds {
		e, err := RelativeProportions(binomial(rng, 200, 0.6), binomial(rng, 200, 0.75), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if e.Interval.Low <= 0.25 && 0.25 <= e.Interval.High {
			held++
		}
	}
	if share := float64(held) / rounds; share < 0.935 || share > 0.965 {
		t.Errorf("interval held the truth in %.1f %% of %d draws", 100*share, rounds)
	}
}

// Beside -0.5 a mean of -0.3 is more, and a lift of -40 % would say less.
func TestANegativeMeanHasNoRelativeLift(t *testing.T) {
	for _, b := range []float64{-0.9, -0.3, 0.5} {
		e, err := RelativeMeans(Moments{400, -0.5, 1}, Moments{400, b, 1}, 0.95)
		if !errors.Is(err, ErrTooFew) {
			t.Errorf("%v beside -0.5: lift %v, error %v; want ErrTooFew", b, e.Value, err)
		}
	}
}
