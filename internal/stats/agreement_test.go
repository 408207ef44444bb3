package stats

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var (
	chance  = [][]int64{{25, 13, 12}, {12, 2, 16}, {3, 9, 8}}
	pairs   = [][]int64{{31, 4, 9}, {6, 22, 7}, {8, 10, 15}}
	against = [][]int64{{2, 20}, {18, 3}}
	rubric  = [][]int64{{5, 3, 1, 0, 0}, {2, 9, 4, 1, 0}, {1, 4, 14, 6, 1}, {0, 1, 5, 21, 7}, {0, 0, 2, 6, 12}}
	lopside = [][]int64{{90, 3}, {5, 2}}
)

// Reference: statsmodels 0.13.5, inter_rater.cohens_kappa (value, std_kappa and
// the 95 % interval), the values also scikit-learn 1.2.1, cohen_kappa_score.
func TestKappasMatchStatsmodelsAndScikitLearn(t *testing.T) {
	const none Distance = 0
	for _, c := range []struct {
		name                 string
		counts               [][]int64
		distance             Distance
		value, se, low, high float64
	}{
		{"chance", chance, none, 0.009146341463414559, 0.06344610415177013, -0.11520573763343211, 0.13349842056026123},
		{"chance, linear", chance, Linear, 0.1266375545851527, 0.07083269426164322, -0.012191975095605018, 0.26546708426591037},
		{"chance, quadratic", chance, Quadratic, 0.2339832869080779, 0.08335609078302088, 0.07060835108130578, 0.39735822273485},
		{"pairs", pairs, none, 0.40490278951817404, 0.06879372595501829, 0.27006956428401985, 0.5397360147523282},
		{"pairs, linear", pairs, Linear, 0.38616352201257875, 0.07625521277262942, 0.23670605134478634, 0.5356209926803712},
		{"pairs, quadratic", pairs, Quadratic, 0.36772046589018303, 0.0933198147178441, 0.1848169899992577, 0.5506239417811084},
		{"each against the other", against, none, -0.7645788336933045, 0.09929048990008638, -0.9591846179048118, -0.5699730494817972},
		{"two categories weighted", against, Quadratic, -0.7645788336933044, 0.09929048990008679, -0.9591846179048125, -0.5699730494817963},
		{"rubric", rubric, none, 0.45318972659486334, 0.06322765456767164, 0.32926580081528745, 0.5771136523744392},
		{"rubric, linear", rubric, Linear, 0.6319334662176095, 0.049385435269067815, 0.5351397917294024, 0.7287271407058166},
		{"rubric, quadratic", rubric, Quadratic, 0.7817047817047817, 0.040042976814717385, 0.7032219893141632, 0.8601875740954003},
		{"much agreement, little kappa", lopside, none, 0.2920353982300895, 0.18179100140347723, -0.06426841723419635, 0.6483392136943753},
	} {
		got, err := CohenKappa(c.counts, 0.95)
		if c.distance != none {
			got, err = WeightedKappa(c.counts, c.distance, 0.95)
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		near(t, c.value, got.Value, 1e-12, "%s: kappa", c.name)
		near(t, c.se, got.SE, 1e-11, "%s: se", c.name)
		near(t, c.low, got.Interval.Low, 1e-11, "%s: low", c.name)
		near(t, c.high, got.Interval.High, 1e-11, "%s: high", c.name)
	}
	got, err := CohenKappa(lopside, 0.95)
	if err != nil || got.N != 100 {
		t.Fatalf("%+v, %v", got, err)
	}
	near(t, 0.92, got.Observed, 1e-14, "observed")
	near(t, 0.887, got.Expected, 1e-14, "expected") // 0.93 0.95 + 0.07 0.05
}

func TestRatersWhoNeverDifferAreNotCertain(t *testing.T) {
	last := -1.0
	for _, n := range []int64{1, 5, 50, 5000} {
		got, err := CohenKappa([][]int64{{n, 0}, {0, n}}, 0.95)
		if err != nil || got.Value != 1 || got.SE != 0 || got.Interval.High != 1 {
			t.Fatalf("%d: %+v, %v", n, got, err)
		}
		if got.Interval.Low <= last || got.Interval.Low >= 1 {
			t.Errorf("%d of each: low end %v after %v", n, got.Interval.Low, last)
		}
		last = got.Interval.Low
	}
	// Wilson's interval of 20 of 20 begins at 0.8389 (statsmodels 0.13.5), and half
	// of the items are expected to agree.
	got, _ := CohenKappa([][]int64{{10, 0}, {0, 10}}, 0.95)
	near(t, 2*0.8388748419471104-1, got.Interval.Low, 1e-9, "low end of 20 agreements")
}

func TestAKappaThatCannotBeIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		counts [][]int64
		want   error
	}{
		"no table":        {nil, ErrTooFew},
		"no items":        {[][]int64{{0, 0}, {0, 0}}, ErrTooFew},
		"one category":    {[][]int64{{7, 0}, {0, 0}}, ErrTooFew},
		"not square":      {[][]int64{{1, 2}, {3}}, ErrInput},
		"not square, too": {[][]int64{{1, 2, 3}, {3, 4, 5}}, ErrInput},
		"negative":        {[][]int64{{1, -1}, {0, 2}}, ErrInput},
		"too many":        {[][]int64{{math.MaxInt64, 1}, {1, 1}}, ErrInput},
	} {
		if _, err := CohenKappa(c.counts, 0.95); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := WeightedKappa(c.counts, Quadratic, 0.95); !errors.Is(err, c.want) {
			t.Errorf("%s, weighted: %v", name, err)
		}
	}
	if _, err := WeightedKappa(pairs, 0, 0.95); !errors.Is(err, ErrInput) {
		t.Error(err)
	}
	for _, level := range []float64{0, 1, math.NaN()} {
		if _, err := CohenKappa(pairs, level); !errors.Is(err, ErrInput) {
			t.Errorf("level %v: %v", level, err)
		}
	}
}

func TestKappaKnowsNoOrderOfRatersOrItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(t, "categories")
		row := rapid.SliceOfN(rapid.Int64Range(0, 40), k, k)
		counts := rapid.SliceOfN(row, k, k).Draw(t, "counts")
		turned := make([][]int64, k)
		tenfold := make([][]int64, k)
		for i := range k {
			for j := range k {
				turned[i] = append(turned[i], counts[j][i])
				tenfold[i] = append(tenfold[i], 10*counts[i][j])
			}
		}
		got, err := WeightedKappa(counts, Quadratic, 0.95)
		back, errBack := WeightedKappa(turned, Quadratic, 0.95)
		more, errMore := WeightedKappa(tenfold, Quadratic, 0.95)
		if (err == nil) != (errBack == nil) || (err == nil) != (errMore == nil) {
			t.Fatalf("%v, %v, %v", err, errBack, errMore)
		}
		if err != nil {
			return
		}
		if math.Abs(got.Value-back.Value) > 1e-12 || math.Abs(got.SE-back.SE) > 1e-12 {
			t.Fatalf("%+v; turned %+v", got, back)
		}
		if math.Abs(got.Value-more.Value) > 1e-12 || math.Abs(got.SE-more.SE*math.Sqrt(10)) > 1e-9 {
			t.Fatalf("%+v; ten times %+v", got, more)
		}
		if !(got.Interval.Low >= -1 && got.Interval.High <= 1 && got.Interval.Low <= got.Value+1e-12 && got.Interval.High >= got.Value-1e-12) {
			t.Fatalf("%+v", got)
		}
	})
}

// Reference: scipy 1.10.1, binomtest(b, a+b).pvalue, and statsmodels 0.13.5,
// proportion_confint(method="wilson").
func TestPreferencesMatchScipyAndStatsmodels(t *testing.T) {
	for _, c := range []struct {
		a, b         int64
		p, low, high float64
	}{
		{3, 9, 0.14599609375, 0.46769466506643426, 0.9110583316059453},
		{0, 6, 0.03125, 0.6096657120978346, 1},
		{40, 61, 0.04604406692934279, 0.5064566738465978, 0.693845766010858},
		{500, 620, 0.00037241375554407423, 0.5243235353919764, 0.5824530913805599},
		{7, 7, 1, 0.26799202452413634, 0.7320079754758637},
		{10, 11, 1, 0.3236953458284443, 0.7165599389846583},
		{1000, 1500, 1.3325871648376294e-23, 0.5806570543845367, 0.6190361004031067},
	} {
		got, err := PairedPreference(c.a, c.b, 5, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.p, got.Test.P, 1e-11, "%d:%d p", c.a, c.b)
		if c.p < 1e-10 {
			near(t, math.Log(c.p), got.Test.LogP, 1e-12, "%d:%d ln p", c.a, c.b)
		}
		near(t, c.low, got.Interval.Low, 1e-11, "%d:%d low", c.a, c.b)
		near(t, c.high, got.Interval.High, 1e-11, "%d:%d high", c.a, c.b)
		if got.Tied != (Proportion{5, c.a + c.b + 5}) || got.B != (Proportion{c.b, c.a + c.b}) {
			t.Errorf("%+v", got)
		}
	}
	got, err := PairedPreference(0, 0, 3, 0.95)
	if err != nil || got.Test.P != 1 || got.Interval != (Interval{0, 1}) {
		t.Errorf("nothing decided: %+v, %v", got, err)
	}
	for _, bad := range [][3]int64{{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}, {math.MaxInt64, 1, 0}, {1, 1, math.MaxInt64}} {
		if _, err := PairedPreference(bad[0], bad[1], bad[2], 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestPreferencesMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SliceOfN(rapid.Int64Range(0, 500), 3, 3).Draw(t, "wins of a, of b, ties")
		one, err := PairedPreference(n[0], n[1], n[2], 0.95)
		other, errOther := PairedPreference(n[1], n[0], n[2], 0.95)
		if err := errors.Join(err, errOther); err != nil {
			t.Fatal(err)
		}
		if math.Abs(one.Interval.Low-(1-other.Interval.High)) > 1e-12 || math.Abs(one.Interval.High-(1-other.Interval.Low)) > 1e-12 || math.Abs(one.Test.LogP-other.Test.LogP) > 1e-12 {
			t.Fatalf("%+v and %+v", one, other)
		}
	})
}

// Reference: scipy 1.10.1, betaln() for the evidence, brentq() for the ends.
func TestShareSequencesMatchScipy(t *testing.T) {
	for _, c := range []struct {
		successes, n   int64
		logE, low, top float64
	}{
		{0, 0, 0, 0, 1},
		{1, 1, 0, 0.025, 1},
		{9, 12, 0.35918926290544473, 0.34006952348212527, 0.9717129718512111},
		{6, 6, 2.212972934304358, 0.4388458482832187, 1},
		{61, 101, 0.08808335346775209, 0.445408416659059, 0.7489156050355655},
		{620, 1120, 3.149738405355606, 0.5006455817679771, 0.60569807224793},
		{0, 25, 14.070582975977151, 0, 0.22131848305354004},
		{1500, 2500, 46.631846862210296, 0.5638166858318872, 0.6354695188895226},
	} {
		got, err := ShareSequence(Proportion{c.successes, c.n}, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, -c.logE, got.LogP, 1e-10, "%d of %d: ln p", c.successes, c.n)
		near(t, c.low, got.Interval.Low, 1e-11, "%d of %d: low", c.successes, c.n)
		near(t, c.top, got.Interval.High, 1e-11, "%d of %d: high", c.successes, c.n)
	}
	big, err := ShareSequence(Proportion{500_000_000, 1_000_000_000}, 0.95)
	if err != nil || !(big.Interval.Low > 0.4999 && big.Interval.Low < 0.5 && big.Interval.High < 0.5001 && big.LogP == 0) {
		t.Errorf("a billion: %+v, %v", big, err)
	}
	for _, bad := range []Proportion{{-1, 2}, {3, 2}} {
		if _, err := ShareSequence(bad, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestAShareSequenceHoldsAtEveryLook counts, exactly, how often a coin of chance p
// is ever outside its interval within 150 tosses: never more than 1 in 20.
func TestAShareSequenceHoldsAtEveryLook(t *testing.T) {
	for _, p := range []float64{0.5, 0.2, 0.9} {
		inside := []float64{1} // the chance of each count, while never outside
		for n := int64(1); n <= 150; n++ {
			next := make([]float64, n+1)
			for s, mass := range inside {
				next[s] += mass * (1 - p)
				next[s+1] += mass * p
			}
			for s := range next {
				band, err := ShareSequence(Proportion{int64(s), n}, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				if p < band.Interval.Low || p > band.Interval.High {
					next[s] = 0
				}
			}
			inside = next
		}
		slices.Sort(inside)
		var kept float64
		for _, mass := range inside {
			kept += mass
		}
		if missed := 1 - kept; missed > 0.05 || missed < 0.01 {
			t.Errorf("a chance of %v is ever outside with %v", p, missed)
		} else {
			t.Logf("a chance of %v is ever outside, within 150, with %.4f", p, missed)
		}
	}
}
