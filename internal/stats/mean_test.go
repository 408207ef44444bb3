package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// sleep is Student's sleep data (Student 1908), in R as sleep$extra by group.
var sleepA, sleepB = Moments{10, 0.75, 3.2005555555555558}, Moments{10, 2.33, 4.0090000000000003}

func TestWelchMatchesR(t *testing.T) {
	// R 4.2.2, t.test(extra ~ group, data = sleep), signs turned to b - a.
	got, err := Welch(sleepA, sleepB, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 1.58, got.Value, 1e-14, "difference")
	near(t, 1.8608134674868531, got.Test.Statistic, 1e-13, "t")
	near(t, 17.776473516178498, got.Test.DF, 1e-13, "df")
	near(t, 0.079394140187358173, got.Test.P, 1e-12, "p")
	near(t, -0.20548323071171018, got.Interval.Low, 1e-11, "lower end")
	near(t, 3.36548323071171041, got.Interval.High, 1e-11, "upper end")
}

func TestMeanIntervalMatchesR(t *testing.T) {
	// R 4.2.2, t.test(sleep$extra[11:20])$conf.int.
	in, err := MeanInterval(sleepB, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 0.89767753937670547, in.Low, 1e-12, "lower end")
	near(t, 3.76232246062329434, in.High, 1e-12, "upper end")
}

func TestMeansOfABillionWithSpreadOneAreToldApart(t *testing.T) {
	a, b := Moments{1e9, 1e9, 1}, Moments{1e9, 1e9 + 0.001, 1}
	got, err := Welch(a, b, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	// By hand: the standard error is sqrt(2/1e9); the difference as float64
	// holds it is 0.0010000467.
	d := b.Mean - a.Mean
	se := math.Sqrt(2e-9)
	near(t, d/se, got.Test.Statistic, 1e-12, "t")
	near(t, d-1.9599639857261893*se, got.Interval.Low, 1e-8, "lower end")
	near(t, logNormalTwoSided(d/se), got.Test.LogP, 1e-6, "ln p")
}

func TestTooFewOrConstantNumbersHaveNoTest(t *testing.T) {
	for name, c := range map[string][2]Moments{
		"no numbers":       {{}, {}},
		"one on each side": {{1, 5, 0}, {1, 6, 0}},
		"one empty arm":    {{}, {10, 5, 2}},
		"no spread":        {{5, 5, 0}, {5, 6, 0}},
	} {
		if got, err := Welch(c[0], c[1], 0.95); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: %v, error %v; want ErrTooFew", name, got, err)
		}
	}
	if _, err := MeanInterval(Moments{1, 5, 0}, 0.95); !errors.Is(err, ErrTooFew) {
		t.Errorf("one number: error %v; want ErrTooFew", err)
	}
}

func TestOneSideWithoutSpreadIsStillTested(t *testing.T) {
	got, err := Welch(Moments{5, 5, 0}, Moments{8, 6, 2}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 7, got.Test.DF, 1e-14, "df: the varying side's alone")
	near(t, 2, got.Test.Statistic, 1e-14, "t")
}

func TestImpossibleMomentsAreRefused(t *testing.T) {
	for name, m := range map[string]Moments{
		"NaN mean":          {3, math.NaN(), 1},
		"infinite mean":     {3, math.Inf(1), 1},
		"NaN variance":      {3, 0, math.NaN()},
		"infinite variance": {3, 0, math.Inf(1)},
		"negative variance": {3, 0, -1},
		"negative count":    {-3, 0, 1},
	} {
		if _, err := MeanInterval(m, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("interval of %s: error %v; want ErrInput", name, err)
		}
		if _, err := Welch(sleepA, m, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("test of %s: error %v; want ErrInput", name, err)
		}
	}
}

func moments() *rapid.Generator[Moments] {
	return rapid.Custom(func(t *rapid.T) Moments {
		return Moments{
			N:        rapid.Int64Range(2, 1e9).Draw(t, "n"),
			Mean:     rapid.Float64Range(-1e9, 1e9).Draw(t, "mean"),
			Variance: math.Exp(rapid.Float64Range(-20, 30).Draw(t, "ln variance")),
		}
	})
}

func TestWelchIntervalAndTestNeverDisagree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := moments().Draw(t, "a"), moments().Draw(t, "b")
		if rapid.Bool().Draw(t, "close") {
			b.Mean = a.Mean + 3*math.Sqrt(a.Variance/float64(a.N))
		}
		got, err := Welch(a, b, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if least := float64(min(a.N, b.N) - 1); got.Test.DF < least*(1-1e-12) || got.Test.DF > float64(a.N+b.N-2)*(1+1e-12) {
			t.Fatalf("df %v outside %v to %v", got.Test.DF, least, a.N+b.N-2)
		}
		if math.Abs(got.Test.P-0.05) < 1e-9 {
			return // on the border either answer is right
		}
		if holdsZero := got.Interval.Low <= 0 && 0 <= got.Interval.High; holdsZero != (got.Test.P > 0.05) {
			t.Fatalf("interval %v, p %v", got.Interval, got.Test.P)
		}
	})
}

func TestWelchDoesNotDependOnTheUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := moments().Draw(t, "a"), moments().Draw(t, "b")
		scale := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "scale"))
		x, err1 := Welch(a, b, 0.95)
		y, err2 := Welch(Moments{a.N, a.Mean * scale, a.Variance * scale * scale}, Moments{b.N, b.Mean * scale, b.Variance * scale * scale}, 0.95)
		if err1 != nil || err2 != nil || x.Test != y.Test {
			t.Fatalf("%v, %v in one unit, %v, %v in another", x.Test, err1, y.Test, err2)
		}
	})
}
