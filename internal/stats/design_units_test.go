package stats

import (
	"errors"
	"math"
	"testing"
)

// Reference: R 4.2.2, for all arms together,
//
//	2*power.prop.test(p1=.7, p2=.8, power=.8, alternative="one.sided")$n
//	2*power.t.test(delta=10, sd=40, power=.8, alternative="one.sided")$n
//	3*power.prop.test(p1=.7, p2=.8, power=.8, sig.level=.05/2)$n     three arms
//	4*power.t.test(delta=10, sd=40, power=.9, sig.level=.05/3)$n     four arms
//	2*power.t.test(delta=10, sd=40*sqrt(1-.6^2), power=.8)$n         a covariate
//	6*power.t.test(delta=10, sd=40*sqrt((1+2*.3)/3), power=.8)$n     three calls by caller
//
// and for shares by caller, with de <- (1+2*.3)/3,
//
//	6*(qnorm(.975)*sqrt(2*.75*.25*de) + qnorm(.8)*sqrt((.7*.3+.8*.2)*de))^2/.1^2
func TestSizesOfArmsSidesCallersAndCovariatesMatchR(t *testing.T) {
	share := Design{Binary: true, Baseline: 0.7, Effect: 0.1}
	mean := Design{Baseline: 90, Effect: 10, SD: 40}
	with := func(d Design, change func(*Design)) Design { change(&d); return d }
	for _, c := range []struct {
		name string
		d    Design
		want float64
	}{
		{"a share, one-sided", with(share, func(d *Design) { d.OneSided = true }), 461.594476208633},
		{"a mean, one-sided", with(mean, func(d *Design) { d.OneSided = true }), 397.043345460378},
		{"three arms", with(share, func(d *Design) { d.Arms = 3 }), 1.5 * 710.276686555628},
		{"four arms, power 0.9", with(mean, func(d *Design) { d.Arms, d.Power = 4, 0.9 }), 2 * 867.481546850641},
		{"a covariate of 0.6", with(mean, func(d *Design) { d.Covariate = 0.6 }), 323.422089860425},
		{"a mean by caller", with(mean, func(d *Design) { d.PerCaller, d.Alike = 3, 0.3 }), 809.527768928309},
		{"a share by caller", with(share, func(d *Design) { d.PerCaller, d.Alike = 3, 0.3 }), 938.084113620758},
	} {
		got, err := c.d.Fixed()
		// A call more or less of a unit is that many calls of the test.
		if err != nil || math.Abs(float64(got.Calls)-c.want) > 3 {
			t.Errorf("%s: %+v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

func TestMoreArmsAndCallersWhoAreAlikeTakeMoreCallsInEveryMode(t *testing.T) {
	base := Design{Binary: true, Baseline: 0.7, Effect: 0.1}
	arms, callers := base, base
	arms.Arms = 3
	callers.PerCaller, callers.Alike, callers.Uneven = 3, 0.4, 0.8
	for name, size := range map[string]func(Design) (Size, error){
		"one look": Design.Fixed, "watched": Design.Sequential, "sequence": Design.Asymptotic, "planned": Design.Planned,
	} {
		one, err1 := size(base)
		three, err2 := size(arms)
		sticky, err3 := size(callers)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		// Three arms have half as many calls again, and an alpha half as large.
		if ratio := float64(three.Calls) / float64(one.Calls); ratio < 1.6 || ratio > 2 {
			t.Errorf("%s: three arms take %v times as many calls", name, ratio)
		}
		if sticky.Calls <= one.Calls {
			t.Errorf("%s: %d calls by caller, %d by call", name, sticky.Calls, one.Calls)
		}
	}
	if _, err := (Design{Binary: true, Baseline: 0.7, Effect: 0.1, OneSided: true}).Planned(); !errors.Is(err, ErrInput) {
		t.Errorf("a plan with one side: error %v", err)
	}
}

func TestTheSmallestEffectOfManyArmsIsFoundByItsCalls(t *testing.T) {
	d := Design{Binary: true, Baseline: 0.7, Effect: 0.1, Arms: 4, PerCaller: 2, Alike: 0.3}
	for method, size := range map[string]func(Design) (Size, error){"fixed": Design.Fixed, "sequential": Design.Sequential, "planned": Design.Planned} {
		s, err := size(d)
		if err != nil {
			t.Fatal(err)
		}
		effect, err := d.MinimumEffect(s.Calls, method)
		if err != nil {
			t.Fatal(err)
		}
		near(t, 0.1, effect, 0.01, "%s: effect found by %d calls", method, s.Calls)
	}
}

func TestTheDesignEffectIsKishs(t *testing.T) {
	for _, c := range []struct{ m, alike, uneven, want float64 }{
		{1, 0.5, 0, 1}, {3, 0.3, 0, 1.6}, {3, 0, 2, 1}, {5, 0.2, 0.5, 1 + (5*1.25-1)*0.2},
	} {
		near(t, c.want, DesignEffect(c.m, c.alike, c.uneven), 1e-15, "%+v", c)
	}
}

// Reference: R 4.2.2,
//
//	f <- function(P, s, pw, a) { s <- s/sum(s); pb <- colSums(P*s); w2 <- sum(s*t((t(P)-pb)^2/pb))
//	  df <- (nrow(P)-1)*(ncol(P)-1)
//	  uniroot(function(n) pchisq(qchisq(1-a,df), df, ncp=n*w2, lower=FALSE)-pw, c(1,1e7), tol=1e-9)$root }
//
// The first is also GofChisquarePower().solve_power of statsmodels 0.13.5 with three
// bins: 927.3388.
func TestCategorySizesMatchR(t *testing.T) {
	for _, c := range []struct {
		shares       [][]float64
		split        []float64
		alpha, power float64
		want         float64
	}{
		{[][]float64{{.6, .25, .15}, {.5, .3, .2}}, []float64{1, 1}, 0.05, 0.8, 927.338803542147},
		{[][]float64{{.6, .25, .15}, {.5, .3, .2}}, []float64{90, 10}, 0.05, 0.9, 3278.74027726496},
		{[][]float64{{.6, .4}, {.55, .45}, {.5, .5}}, []float64{1, 1, 1}, 0.01, 0.8, 2061.28396208819},
	} {
		got, err := CategorySize(c.shares, c.split, c.alpha, c.power)
		if err != nil || float64(got.Calls) != math.Ceil(c.want) {
			t.Errorf("%v: %+v, %v; want %v", c.shares, got, err, c.want)
		}
	}
}

// Reference: R 4.2.2, v <- log(1+(60/90)^2), qlnorm(q, log(90)-v/2, sqrt(v)) and
// dlnorm there; 2*power.t.test(delta=8, sd=.5/dlnorm(...), power=.8)$n.
func TestQuantilesArePlannedByTheirDensity(t *testing.T) {
	for _, c := range []struct{ q, value, density, sd float64 }{
		{0.5, 74.88452649040590359, 0.00878529864434655, 56.91326160229692732},
		{0.9, 162.891475776332, 0.00177669625332101, 168.852722821494},
	} {
		value, density, err := LogNormalQuantile(90, 60, c.q)
		sd, err2 := QuantileSD(c.q, density)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		near(t, c.value, value, 1e-12, "quantile %v", c.q)
		near(t, c.density, density, 1e-12, "density at %v", c.q)
		near(t, c.sd, sd, 1e-12, "spread at %v", c.q)
	}
	got, err := Design{Baseline: 75, Effect: 8, SD: 56.91326160229692732}.Fixed()
	if err != nil || math.Abs(float64(got.Calls)-1590.8891440981) > 2 {
		t.Errorf("medians 8 apart: %+v, %v", got, err)
	}
}

func TestABrokenSplitIsFoundByItsSize(t *testing.T) {
	for _, c := range []struct{ intended, is float64 }{{0.5, 0.45}, {0.5, 0.56}, {0.1, 0.14}, {0.1, 0}} {
		size, err := SampleRatioSize(c.intended, c.is, 0.8)
		if err != nil {
			t.Fatal(err)
		}
		rng := newXorshift(3)
		const runs = 2000
		found := 0
		for range runs {
			var k int64
			for range size.Calls {
				if rng() < c.is {
					k++
				}
			}
			if log, err := SampleRatio([]int64{size.Calls - k, k}, []float64{1 - c.intended, c.intended}); err == nil && log >= SampleRatioAlarm {
				found++
			}
		}
		if power := float64(found) / runs; power < 0.77 || c.is > 0 && power > 0.86 {
			t.Errorf("%+v: found by %d calls in %.1f %%; want 80", c, size.Calls, 100*power)
		}
	}
}

func TestSizesRefuseWhatCannotBe(t *testing.T) {
	good := [][]float64{{.6, .4}, {.5, .5}}
	for name, f := range map[string]func() error{
		"a share above 1": func() error {
			_, err := CategorySize([][]float64{{1.2, -.2}, {.5, .5}}, []float64{1, 1}, .05, .8)
			return err
		},
		"shares short of 1": func() error {
			_, err := CategorySize([][]float64{{.6, .3}, {.5, .5}}, []float64{1, 1}, .05, .8)
			return err
		},
		"an arm without calls": func() error { _, err := CategorySize(good, []float64{1, 0}, .05, .8); return err },
		"alpha NaN":            func() error { _, err := CategorySize(good, []float64{1, 1}, math.NaN(), .8); return err },
		"one arm":              func() error { _, err := CategorySize(good[:1], []float64{1}, .05, .8); return err },
		"a density of 0":       func() error { _, err := QuantileSD(.5, 0); return err },
		"a quantile of 1":      func() error { _, err := QuantileSD(1, 1); return err },
		"a mean of 0":          func() error { _, _, err := LogNormalQuantile(0, 1, .5); return err },
		"a split of NaN":       func() error { _, err := SampleRatioSize(math.NaN(), .5, .8); return err },
		"one arm of a design":  func() error { _, err := Design{Effect: 1, SD: 1, Arms: 1}.Fixed(); return err },
		"half a call":          func() error { _, err := Design{Effect: 1, SD: 1, PerCaller: .5}.Fixed(); return err },
		"a perfect covariate":  func() error { _, err := Design{Effect: 1, SD: 1, Covariate: 1}.Fixed(); return err },
	} {
		if err := f(); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
	if _, err := CategorySize([][]float64{{.5, .5}, {.5, .5}}, []float64{1, 1}, .05, .8); !errors.Is(err, ErrTooFew) {
		t.Errorf("equal arms: error %v", err)
	}
	if _, err := SampleRatioSize(.5, .5, .8); !errors.Is(err, ErrTooFew) {
		t.Errorf("an intact split: error %v", err)
	}
}
