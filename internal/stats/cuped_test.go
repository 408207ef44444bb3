package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// R's mtcars: miles per gallon with weight, automatic and manual gears.
var carsAutomatic = []Pair{
	{21.4, 3.215},
	{18.7, 3.44},
	{18.1, 3.46},
	{14.3, 3.57},
	{24.4, 3.19},
	{22.8, 3.15},
	{19.2, 3.44},
	{17.8, 3.44},
	{16.4, 4.07},
	{17.3, 3.73},
	{15.2, 3.78},
	{10.4, 5.25},
	{10.4, 5.424},
	{14.7, 5.345},
	{21.5, 2.465},
	{15.5, 3.52},
	{15.2, 3.435},
	{13.3, 3.84},
	{19.2, 3.845},
}

var carsManual = []Pair{
	{21, 2.62},
	{21, 2.875},
	{22.8, 2.32},
	{32.4, 2.2},
	{30.4, 1.615},
	{33.9, 1.835},
	{27.3, 1.935},
	{26, 2.14},
	{30.4, 1.513},
	{15.8, 3.17},
	{19.7, 2.77},
	{15, 3.57},
	{21.4, 2.78},
}

func TestCupedIsTheRegressionOnCovariateAndArm(t *testing.T) {
	// R 4.2.2: th <- coef(lm(mpg ~ wt + factor(am), mtcars))["wt"];
	// adj <- with(mtcars, mpg - th*(wt - mean(wt))); tapply(adj, am, mean), var.
	theta, got, err := Cuped([][]Pair{carsAutomatic, carsManual})
	if err != nil {
		t.Fatal(err)
	}
	near(t, -5.3528114467999028, theta, 1e-13, "theta")
	for i, want := range []Moments{{19, 20.100218682987972, 7.5208728243526854}, {13, 20.07660346332527, 11.911998865340932}} {
		if got[i].N != want.N {
			t.Errorf("arm %d has %d; want %d", i, got[i].N, want.N)
		}
		near(t, want.Mean, got[i].Mean, 1e-13, "mean of arm %d", i)
		near(t, want.Variance, got[i].Variance, 1e-13, "variance of arm %d", i)
	}
}

func TestCupedWithoutInformationLeavesTheOutcomes(t *testing.T) {
	flat := [][]Pair{{{1, 7}, {2, 7}, {6, 7}}, {{5, 7}}, {}}
	theta, got, err := Cuped(flat)
	if err != nil || theta != 0 {
		t.Fatal(theta, err)
	}
	for i, want := range []Moments{{3, 3, 7}, {1, 5, 0}, {}} {
		if got[i] != want {
			t.Errorf("arm %d: %+v; want %+v", i, got[i], want)
		}
	}
}

func TestCupedRefusesWhatItCannotUse(t *testing.T) {
	for name, arms := range map[string][][]Pair{
		"NaN outcome":         {{{math.NaN(), 1}, {1, 2}}},
		"infinite covariate":  {{{1, 1}, {1, math.Inf(1)}}},
		"too large to square": {{{1, 1e300}, {2, -1e300}}},
	} {
		if _, _, err := Cuped(arms); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
	for _, arms := range [][][]Pair{nil, {}, {{}, {}}} {
		if _, _, err := Cuped(arms); !errors.Is(err, ErrTooFew) {
			t.Errorf("%v: error %v; want ErrTooFew", arms, err)
		}
	}
}

func TestCupedNeverAddsToThePooledVariance(t *testing.T) {
	pair := rapid.Custom(func(t *rapid.T) Pair {
		return Pair{rapid.Float64Range(-100, 100).Draw(t, "y"), rapid.Float64Range(-100, 100).Draw(t, "x")}
	})
	rapid.Check(t, func(t *rapid.T) {
		arms := rapid.SliceOfN(rapid.SliceOfN(pair, 2, 30), 1, 4).Draw(t, "arms")
		_, adjusted, err := Cuped(arms)
		if err != nil {
			t.Fatal(err)
		}
		var before, after float64
		for i, arm := range arms {
			y := make([]float64, len(arm))
			for j, p := range arm {
				y[j] = p.Y
			}
			before += momentsOf(y).Variance * float64(len(arm)-1)
			after += adjusted[i].Variance * float64(len(arm)-1)
		}
		if after > before*(1+1e-12)+1e-9 {
			t.Fatalf("sum of squares %v; before %v", after, before)
		}
		// Adding a constant to the covariate says nothing new.
		moved := make([][]Pair, len(arms))
		for i, arm := range arms {
			for _, p := range arm {
				moved[i] = append(moved[i], Pair{p.Y, p.X + 1000})
			}
		}
		_, again, err := Cuped(moved)
		if err != nil {
			t.Fatal(err)
		}
		for i := range again {
			if math.Abs(again[i].Mean-adjusted[i].Mean) > 1e-6*(1+math.Abs(adjusted[i].Mean)) {
				t.Fatalf("arm %d: %v, then %v with a constant added to the covariate", i, adjusted[i], again[i])
			}
		}
	})
}

func TestCupedFindsTheSameDifferenceMoreSharply(t *testing.T) {
	// Outcome = covariate (sd 3) + noise (sd 1) + 0.5 in b: the standard error of
	// the difference falls by about sqrt(10).
	rng := newXorshift(13)
	normal := func() float64 { return math.Sqrt(-2*math.Log(1-rng())) * math.Cos(2*math.Pi*rng()) }
	arms := make([][]Pair, 2)
	raw := make([][]float64, 2)
	for arm, effect := range []float64{0, 0.5} {
		for range 2000 {
			x := 3 * normal()
			p := Pair{1e6 + x + normal() + effect, 1e9 + x}
			arms[arm], raw[arm] = append(arms[arm], p), append(raw[arm], p.Y)
		}
	}
	theta, adjusted, err := Cuped(arms)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 1, theta, 0.02, "theta")
	plain, _ := Welch(momentsOf(raw[0]), momentsOf(raw[1]), 0.95)
	sharp, err := Welch(adjusted[0], adjusted[1], 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, math.Sqrt(10), plain.SE/sharp.SE, 0.05, "gain")
	near(t, 0.5, sharp.Value, 0.2, "difference")
}
