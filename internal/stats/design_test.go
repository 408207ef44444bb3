package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference: R 4.2.2, 2*power.prop.test(p1=.7, p2=.8, power=.8)$n and likewise,
// 2*power.t.test(delta=20, sd=120, power=.8)$n and likewise, rounded up.
func TestFixedSizesMatchR(t *testing.T) {
	for _, c := range []struct {
		name string
		d    Design
		want float64
	}{
		{"70 v 80 %", Design{Binary: true, Baseline: 0.7, Effect: 0.1}, 586.30257162729322},
		{"70 v 75 %", Design{Binary: true, Baseline: 0.7, Effect: 0.05}, 2501.4334769242114},
		{"5 v 2 %, alpha 0.01, power 0.9", Design{Binary: true, Baseline: 0.05, Effect: -0.03, Alpha: 0.01, Power: 0.9}, 2228.6123911045902},
		{"20 seconds of sd 120", Design{Baseline: 180, Effect: 20, SD: 120}, 1132.1626131297214},
		{"one sd, power 0.9", Design{Effect: 1, SD: 1, Power: 0.9}, 44.042195407702458},
		{"two sd", Design{Effect: -2, SD: 1}, 10.180016297420048},
	} {
		got, err := c.d.Fixed()
		if err != nil || math.Abs(float64(got.Calls)-math.Ceil(c.want)) > 1 || got.Calls != got.Expected {
			t.Errorf("%s: %+v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// Reference: the evidence itself, run until it decides or 20,000 calls, 1,000
// times each (2,000 for the first), a look after every call. Median, 80 %
// quantile and mean have standard errors of about 2 to 3 %.
func TestSequentialSizesMatchSimulation(t *testing.T) {
	for _, c := range []struct {
		name                string
		d                   Design
		median, calls, mean float64
	}{
		{"70 v 80 %", Design{Binary: true, Baseline: 0.7, Effect: 0.1}, 582, 1025, 669},
		{"80 v 70 %", Design{Binary: true, Baseline: 0.8, Effect: -0.1}, 598, 1011, 683},
		{"70 v 75 %", Design{Binary: true, Baseline: 0.7, Effect: 0.05}, 2535, 4182, 2801},
		{"90 v 95 %", Design{Binary: true, Baseline: 0.9, Effect: 0.05}, 944, 1524, 1030},
		{"20 v 60 %", Design{Binary: true, Baseline: 0.2, Effect: 0.4}, 56, 89, 64},
		{"70 v 80 %, a tenth in b", Design{Binary: true, Baseline: 0.7, Effect: 0.1, ShareB: 0.1}, 1762, 2933, 1962},
		{"lognormal seconds, mean 180, sd 120, 20 more", Design{Baseline: 180, Effect: 20, SD: 120, Bounds: Bounds{0, 3600}}, 1681, 2271, 1787},
		{"the same, 40 more", Design{Baseline: 180, Effect: 40, SD: 120, Bounds: Bounds{0, 3600}}, 780, 945, 795},
		{"20 more, cut at 900", Design{Baseline: 180, Effect: 20, SD: 120, Bounds: Bounds{0, 900}}, 1038, 1927, 1225},
	} {
		got, err := c.d.Sequential()
		if err != nil {
			t.Fatal(err)
		}
		p, _ := c.d.planEffect()
		median, _ := p.betWalk().passage(mostCalls, 0.8).quantile(0.5)
		near(t, c.median, median, 0.1, "%s: median", c.name)
		near(t, c.calls, float64(got.Calls), 0.07, "%s: calls", c.name)
		near(t, c.mean, float64(got.Expected), 0.07, "%s: expected", c.name)
	}
}

func TestPowerMatchesTheReferencePoints(t *testing.T) {
	for _, c := range []struct{ effect, calls, want float64 }{{0.1, 1000, 0.79}, {0.05, 10000, 0.99}} {
		p, err := Design{Binary: true, Baseline: 0.7, Effect: c.effect}.planEffect()
		if err != nil {
			t.Fatal(err)
		}
		if got := p.betWalk().passage(c.calls, 1).reached(); math.Abs(got-c.want) > 0.01 {
			t.Errorf("70 %% and %v more by %v calls: power %.3f; want %v", c.effect, c.calls, got, c.want)
		}
	}
}

func TestMarginsMatchTheTextbooksFormulas(t *testing.T) {
	// R 4.2.2, the formulas of Chow, Shao and Wang (2008), sections 3.2 and 4.2,
	// for both arms, one-sided 0.05 and power 0.8:
	//
	//	4*(qnorm(.95)+qnorm(.8))^2*.1^2/.05^2                     98.9
	//	4*(qnorm(.95)+qnorm(.9))^2*.1^2/.05^2                     137.0
	//	2*(qnorm(.95)+qnorm(.8))^2*(.65*.35+.85*.15)/(.2+.1)^2    48.8
	for _, c := range []struct {
		name string
		size func() (Size, error)
		want int64
	}{
		{"non-inferior mean", Design{SD: 0.1, Margin: 0.05}.NonInferiority, 99},
		{"equivalent mean", Design{SD: 0.1, Margin: 0.05}.Equivalence, 138},
		{"non-inferior proportion", Design{Binary: true, Baseline: 0.65, Effect: 0.2, Margin: 0.1}.NonInferiority, 49},
	} {
		if got, err := c.size(); err != nil || got.Calls != c.want {
			t.Errorf("%s: %+v, %v; want %d", c.name, got, err, c.want)
		}
	}
}

func TestWatchingCostsCallsAndAPlanSavesThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Design{
			Binary: true,
			// Where the variance changes little between the arms, so that the
			// pooled variance of the single look is that of the others.
			Baseline: rapid.Float64Range(0.35, 0.6).Draw(t, "baseline"),
			Effect:   rapid.Float64Range(0.03, 0.1).Draw(t, "effect"),
			ShareB:   rapid.SampledFrom([]float64{0.5, 0.3}).Draw(t, "share"),
		}
		fixed, err1 := d.Fixed()
		planned, err2 := d.Planned()
		sequential, err3 := d.Sequential()
		asymptotic, err4 := d.Asymptotic()
		if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(err1, err2, err3, err4)
		}
		if planned.Expected >= planned.Calls || planned.Calls >= sequential.Calls || planned.Calls >= asymptotic.Calls {
			t.Fatalf("planned %+v, sequential %+v, asymptotic %+v", planned, sequential, asymptotic)
		}
		if ratio := float64(planned.Calls) / float64(fixed.Calls); ratio < 1.1 || ratio > 1.3 {
			t.Fatalf("planned %+v, fixed %+v", planned, fixed)
		}
		mirrored := d
		mirrored.Baseline, mirrored.Effect = d.Baseline+d.Effect, -d.Effect
		mirrored.ShareB = 1 - d.ShareB
		if back, err := mirrored.Sequential(); err != nil || math.Abs(float64(back.Calls-sequential.Calls)) > 1+0.001*float64(back.Calls) {
			t.Fatalf("arms exchanged: %+v, %v; want %+v", back, err, sequential)
		}
	})
}

func TestMinimumEffectInvertsTheSize(t *testing.T) {
	for _, d := range []Design{
		{Binary: true, Baseline: 0.7},
		{Binary: true, Baseline: 0.7, Effect: -1e-3},
		{Binary: true, Baseline: 0.02},
		{Binary: true, Baseline: 0},
		{Binary: true, Baseline: 0.6, ShareB: 0.2},
		{Baseline: 180, SD: 120, Bounds: Bounds{0, 3600}},
		{Baseline: 180, SD: 120, SDB: 150},
	} {
		for method, size := range map[string]func(Design) (Size, error){
			"fixed": Design.Fixed, "sequential": Design.Sequential, "planned": Design.Planned, "asymptotic": Design.Asymptotic,
		} {
			effect, err := d.MinimumEffect(3000, method)
			if err != nil {
				t.Errorf("%+v, %s: %v", d, method, err)
				continue
			}
			if (effect < 0) != (d.Effect < 0) {
				t.Errorf("%+v, %s: effect %v", d, method, effect)
			}
			asked := d
			asked.Effect = effect
			got, err := size(asked)
			if err != nil {
				t.Errorf("%+v, %s: %v", asked, method, err)
			}
			near(t, 3000, float64(got.Calls), 0.01, "%+v, %s", asked, method)
		}
	}
}

func TestDesignsThatCannotBeAreRefused(t *testing.T) {
	good := Design{Binary: true, Baseline: 0.7, Effect: 0.1, Margin: 0.05}
	for name, change := range map[string]func(*Design){
		"a baseline of NaN":       func(d *Design) { d.Baseline = math.NaN() },
		"a baseline above 1":      func(d *Design) { d.Baseline = 1.2 },
		"an effect beyond 1":      func(d *Design) { d.Effect = 0.4 },
		"an infinite effect":      func(d *Design) { d.Effect = math.Inf(1) },
		"a share of 1":            func(d *Design) { d.ShareB = 1 },
		"a negative share":        func(d *Design) { d.ShareB = -0.1 },
		"an alpha of 1":           func(d *Design) { d.Alpha = 1 },
		"a power of 1":            func(d *Design) { d.Power = 1 },
		"a negative tuning":       func(d *Design) { d.Tuning = -1 },
		"a negative margin":       func(d *Design) { d.Margin = -1 },
		"a spread of NaN":         func(d *Design) { d.Binary, d.SD = false, math.NaN() },
		"a negative spread":       func(d *Design) { d.Binary, d.SD = false, -1 },
		"bounds that do not rise": func(d *Design) { d.Binary, d.SD, d.Bounds = false, 1, Bounds{1, 0} },
	} {
		d := good
		change(&d)
		for method, size := range sizes(d) {
			if _, err := size(); !errors.Is(err, ErrInput) {
				t.Errorf("%s, %s: error %v; want ErrInput", name, method, err)
			}
		}
	}
	good.Effect, good.Margin = 0, 0
	for method, size := range sizes(good) {
		if _, err := size(); !errors.Is(err, ErrInput) {
			t.Errorf("neither effect nor margin, %s: error %v; want ErrInput", method, err)
		}
	}
	if _, err := good.MinimumEffect(100, "guess"); !errors.Is(err, ErrInput) {
		t.Errorf("another method: error %v; want ErrInput", err)
	}
	if _, err := good.MinimumEffect(0, "fixed"); !errors.Is(err, ErrInput) {
		t.Errorf("no calls: error %v; want ErrInput", err)
	}
}

func sizes(d Design) map[string]func() (Size, error) {
	return map[string]func() (Size, error){
		"fixed": d.Fixed, "sequential": d.Sequential, "asymptotic": d.Asymptotic, "planned": d.Planned,
		"non-inferiority": d.NonInferiority, "equivalence": d.Equivalence,
		"watched non-inferiority": d.WatchedNonInferiority, "watched equivalence": d.WatchedEquivalence,
	}
}

func TestWhatNoNumberOfCallsShowsIsSaid(t *testing.T) {
	for name, err := range map[string]error{
		"an effect below the smallest stake's reach": second(Design{Binary: true, Baseline: 0.7, Effect: 0.005}.Sequential()),
		"no spread":                           second(Design{Effect: 1}.Fixed()),
		"an effect on the margin":             second(Design{SD: 1, Effect: -0.5, Margin: 0.5}.NonInferiority()),
		"an effect on the margin, watched":    second(Design{SD: 1, Effect: -0.5, Margin: 0.5}.WatchedNonInferiority()),
		"an effect beyond the margin":         second(Design{SD: 1, Effect: 0.6, Margin: 0.5}.Equivalence()),
		"an effect beyond it, watched":        second(Design{SD: 1, Effect: 0.6, Margin: 0.5}.WatchedEquivalence()),
		"a baseline with nothing beyond":      second(Design{Binary: true, Baseline: 1}.MinimumEffect(100, "fixed")),
		"one call that is to find any effect": second(Design{SD: 1}.MinimumEffect(1, "sequential")),
		"no calls a day":                      second(Days(10, 0)),
	} {
		if !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: error %v; want ErrTooFew", name, err)
		}
	}
}

func TestWatchedMarginsCostMoreThanOneLook(t *testing.T) {
	d := Design{Binary: true, Baseline: 0.7, Margin: 0.05}
	ni, _ := d.NonInferiority()
	watched, err := d.WatchedNonInferiority()
	if err != nil || watched.Calls < ni.Calls || watched.Calls > 3*ni.Calls || watched.Expected > watched.Calls {
		t.Errorf("non-inferiority %+v, watched %+v, %v", ni, watched, err)
	}
	eq, _ := d.Equivalence()
	watched, err = d.WatchedEquivalence()
	if err != nil || watched.Calls < eq.Calls || watched.Calls > 4*eq.Calls {
		t.Errorf("equivalence %+v, watched %+v, %v", eq, watched, err)
	}
}

func TestDaysDivide(t *testing.T) {
	if got, err := Days(900, 225); err != nil || got != 4 {
		t.Errorf("%v, %v; want 4", got, err)
	}
	for name, err := range map[string]error{
		"negative calls":      second(Days(-1, 10)),
		"a negative volume":   second(Days(1, -10)),
		"a volume of NaN":     second(Days(1, math.NaN())),
		"an infinite volume ": second(Days(1, math.Inf(1))),
	} {
		if !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
}

func BenchmarkDesign(b *testing.B) {
	d := Design{Binary: true, Baseline: 0.7, Effect: 0.05}
	for name, size := range map[string]func() (Size, error){"sequential": d.Sequential, "planned": d.Planned} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if _, err := size(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
