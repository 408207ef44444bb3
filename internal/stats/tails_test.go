package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference values of this file: mpmath 1.2.1, 60 digits. Normal: ln
// erfc(z/sqrt 2). Student: ln of the density's integral over both tails.
// Chi-squared: ln of the regularised upper incomplete gamma function.

func TestNormalTailIsExactFromTheMiddleToUnderflow(t *testing.T) {
	for _, c := range []struct{ z, want float64 }{
		{0, 0},
		{1e-8, -7.9788456398596423805e-9},
		{0.5, -0.48276458103367329946},
		{1, -1.1478744644493181964},
		{-1, -1.1478744644493181964},
		{1.959963984540054, -2.9957322735539905584},
		{3, -5.9145790409504042339},
		{5, -14.371851213428780427},
		{9, -42.935001932772170187},
		{14, -100.86988722689001293},
		{14.2, -103.70393261653814616},
		{20, -203.22400819053731863},
		{37, -688.33743839633064829},
		{40, -803.91529483319384286},
		{100, -5004.8310615136451433},
		{1e5, -5000000011.7387168177},
	} {
		near(t, c.want, logNormalTwoSided(c.z), 1e-13, "ln P(|Z|>%v)", c.z)
	}
}

func TestStudentTailIsExactForAnyDegreesOfFreedom(t *testing.T) {
	for _, c := range []struct{ t, df, want float64 }{
		{1, 1, -0.69314718055994530942},
		{0.001, 1, -0.00063682228843839837547},
		{1e-9, 3, -7.3510519416591260148e-10},
		{12.706204736432095, 1, -2.9957322735741648806},
		{2, 2.5, -1.8490189739504366592},
		{1.8608, 17.776, -2.5333000081340516323},
		{2, 30, -2.9072628024457494392},
		{0.5, 30, -0.4768703434410139914},
		{8, 30, -18.888155976177349714},
		{40, 30, -61.853087466739230294},
		{1e6, 4, -53.470282762635708082},
		{1e200, 3, -1380.760185176822865},
		{3, 500, -5.8658926125966997356},
		{1.7, 99999, -2.4176140277730187078},
		{3, 99999, -5.9143328202752529715},
		{38, 99999, -720.69365674660699367},
		{3, 100001, -5.9143328251993335319},
		{0.3, 1e5, -0.26895482160965189653},
		{10, 1e5, -52.512657188550222926},
		{60, 1e5, -1772.6599242871112273},
		{38, 1e6, -725.34256488754920339},
		{5, 1e9, -14.371851044867404256},
		{2, 2e9, -3.0900371501555672271},
	} {
		near(t, c.want, logStudentTwoSided(c.t, c.df), 1e-11, "ln P(|T|>%v), %v df", c.t, c.df)
	}
}

func TestChiSquaredTailIsExactFromTheMiddleToUnderflow(t *testing.T) {
	for _, c := range []struct{ x, df, want float64 }{
		{1e-6, 1, -0.00079820290701986933746},
		{0.5, 1, -0.73501112983708440303},
		{3.841458820694124, 1, -2.9957322735539898447},
		{10, 1, -6.4596124541501217921},
		{1, 4, -0.094534891891835618022},
		{5, 4, -1.2472370315046320043},
		{20, 4, -7.6021047272016294559},
		{100, 9, -38.690632938879073758},
		{2000, 1, -1004.026741958951945},
		{3000, 9, -1476.8551307169785793},
		{150, 100, -7.0087563747849915567},
	} {
		near(t, c.want, logChiSquaredTail(c.x, c.df), 1e-12, "ln P(X>%v), %v df", c.x, c.df)
	}
}

// Reference: R 4.2.2, qt(0.975, df) and qt(0.995, df); qnorm(0.975).
func TestQuantilesMatchR(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.025, 1, 12.7062047361746941},
		{0.025, 2, 4.3026527297494619},
		{0.025, 3, 3.1824463052837078},
		{0.025, 9, 2.2621571627982049},
		{0.025, 17.776, 2.1028213103802216},
		{0.025, 30, 2.0422724563012378},
		{0.025, 1000, 1.9623390808264076},
		{0.025, 1e5, 1.9599877075346088},
		{0.025, 1e9, 1.9599639869123249},
		{0.005, 1, 63.6567411628715263},
		{0.005, 5, 4.0321429835552287},
		{0.005, 200, 2.6006344361915481},
		{0.5, 7, 0},
	} {
		near(t, c.want, studentQuantile(c.p, c.df), 1e-10, "t quantile of %v, %v df", c.p, c.df)
	}
	near(t, 1.9599639845400536, normalQuantile(0.025), 1e-14, "normal quantile")
}

func TestStudentQuantileInvertsTheTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		df := math.Exp(rapid.Float64Range(0, 22).Draw(t, "ln df"))
		p := math.Exp(rapid.Float64Range(-30, math.Log(0.49)).Draw(t, "ln p"))
		q := studentQuantile(p, df)
		if got := logStudentTwoSided(q, df); math.Abs(got-math.Log(2*p)) > 1e-9 {
			t.Fatalf("tail beyond the quantile %v is e^%v; want e^%v", q, got, math.Log(2*p))
		}
	})
}

func TestStudentTailFallsAsTheStatisticGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		df := math.Exp(rapid.Float64Range(0, 22).Draw(t, "ln df"))
		a := math.Exp(rapid.Float64Range(-5, 10).Draw(t, "ln t"))
		b := a * (1 + rapid.Float64Range(0.001, 1).Draw(t, "more"))
		if la, lb := logStudentTwoSided(a, df), logStudentTwoSided(b, df); !(lb < la) {
			t.Fatalf("tail at %v is e^%v, at %v e^%v; want it to fall", a, la, b, lb)
		}
	})
}

// near fails unless got is within rel of want, relatively and, for want near 0,
// absolutely to rel*1e-3.
func near(t *testing.T, want, got, rel float64, format string, args ...any) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > rel*(math.Abs(want)+1e-3) {
		t.Errorf(format+": got %.17g, want %.17g", append(args, got, want)...)
	}
}
