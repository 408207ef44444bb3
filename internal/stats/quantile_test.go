package stats

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Lengths of rivers in North America, R's datasets::rivers without repeats: the
// first 60 and the next 50.
var (
	riversA = []float64{735, 320, 325, 392, 524, 450, 1459, 135, 465, 600, 330, 336, 280, 315, 870, 906, 202, 329, 290, 1000, 505, 1450, 840, 1243, 890, 350, 407, 286, 525, 720, 390, 250, 327, 230, 265, 850, 210, 630, 260, 360, 730, 306, 420, 291, 710, 340, 217, 281, 352, 259, 470, 680, 570, 300, 560, 900, 625, 332, 2348, 1171}
	riversB = []float64{3710, 2315, 2533, 780, 410, 460, 255, 431, 760, 618, 338, 981, 1306, 500, 696, 605, 411, 1054, 233, 435, 490, 310, 383, 375, 1270, 545, 445, 1885, 380, 377, 425, 276, 800, 538, 1100, 1205, 314, 237, 610, 540, 1038, 424, 444, 301, 268, 620, 215, 652, 246, 529}
)

func counted(t testing.TB, values []float64) []Counted {
	t.Helper()
	c, err := CountValues(values)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestQuantileIntervalsMatchR(t *testing.T) {
	// R 4.2.2: quantile(v, q, type = 5) and, at r <- n*q+c(-1,1)*z*sqrt(n*q*(1-q)),
	// approx(seq_len(n)-.5, sort(v), r)$y.
	for _, c := range []struct {
		values             []float64
		q, level           float64
		median, low, upper float64
	}{
		{riversA, 0.5, 0.95, 399.5, 331.81818425742006, 528.18177549514849},
		{riversB, 0.5, 0.95, 495, 424.5704808782516, 613.43615297398708},
		{riversA, 0.25, 0.9, 303, 279.74489823473721, 329.01700678435088},
	} {
		value, in, err := QuantileInterval(counted(t, c.values), c.q, c.level)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.median, value, 1e-14, "quantile %v", c.q)
		near(t, c.low, in.Low, 1e-12, "lower end, quantile %v", c.q)
		near(t, c.upper, in.High, 1e-12, "upper end, quantile %v", c.q)
	}
}

func TestMediansDifferAsComputedInR(t *testing.T) {
	// R 4.2.2, w(v) the interval of the test above:
	//	d <- 495 - 399.5; z <- qnorm(.975); s <- c(diff(w(a)), diff(w(b)))/(2*z)
	//	se <- sqrt(sum(s^2)); df <- se^4/sum(s^4/c(59, 49))
	//	d+c(-1,1)*qt(.975, df)*se; 2*pt(-d/se, df)
	// The same in scipy 1.10.1.
	got, err := QuantileDifference(counted(t, riversA), counted(t, riversB), 0.5, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, 95.5, got.Value, 1e-14, "difference")
	near(t, 69.503781146362556, got.SE, 1e-12, "standard error")
	near(t, -42.2730884191547, got.Interval.Low, 1e-9, "lower end")
	near(t, 233.2730884191547, got.Interval.High, 1e-9, "upper end")
	near(t, 0.17228683017010088, got.Test.P, 1e-12, "p")
}

func TestTheMedianOfDistinctNumbersIsTheOrdinaryOne(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{5, 1, 4, 2, 3}, 3},
		{[]float64{6, 1, 4, 2}, 3},
		{[]float64{2, 2, 2, 1, 3}, 2},
	} {
		value, _, err := QuantileInterval(counted(t, c.values), 0.5, 0.8)
		if err != nil || value != c.want {
			t.Errorf("median of %v: %v, %v; want %v", c.values, value, err, c.want)
		}
	}
}

// Ranks: the innermost with a binomial tail of at most 2.5 % beyond them, as in
// qbinom(.025, n, .5) and n+1 - it in R 4.2.2.
func TestTheMedianOfFewNumbersHasTheExactRanks(t *testing.T) {
	for _, c := range []struct{ n, low, high int }{{6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {12, 3, 10}, {15, 4, 12}, {17, 5, 13}, {19, 5, 15}} {
		values := make([]float64, c.n)
		for i := range values {
			values[i] = float64(i + 1)
		}
		_, in, err := QuantileInterval(counted(t, values), 0.5, 0.95)
		if want := (Interval{float64(c.low), float64(c.high)}); err != nil || in != want {
			t.Errorf("%d numbers: %v, %v; want %v", c.n, in, err, want)
		}
	}
	for _, c := range []struct {
		n     int64
		q     float64
		found bool
	}{{5, 0.5, false}, {35, 0.9, false}, {36, 0.9, true}} {
		var values []Counted
		for i := range c.n {
			values = append(values, Counted{float64(i), 1})
		}
		if _, _, err := QuantileInterval(values, c.q, 0.95); (err == nil) != c.found || !c.found && !errors.Is(err, ErrTooFew) {
			t.Errorf("quantile %v of %d: error %v", c.q, c.n, err)
		}
	}
}

func TestQuantilesOfFewNumbersAreNotOverstated(t *testing.T) {
	rng := newXorshift(11)
	draw := func(n int) []Counted {
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Exp(math.Sqrt(-2*math.Log(1-rng())) * math.Cos(2*math.Pi*rng()))
		}
		return counted(t, values)
	}
	const runs = 4000
	for _, n := range []int{6, 7, 9, 12, 15, 19, 20, 30} {
		missed, found := 0, 0
		for range runs {
			if _, in, err := QuantileInterval(draw(n), 0.5, 0.95); err != nil || in.Low > 1 || in.High < 1 {
				missed++
			}
			// Fewer than ten on a side are not compared.
			if e, err := QuantileDifference(draw(n), draw(n), 0.5, 0.95); err == nil && e.Test.P <= 0.05 {
				found++
			} else if (err != nil) != (n < 10) {
				t.Fatalf("%d on a side: %v", n, err)
			}
		}
		if share := float64(missed) / runs; share > 0.06 {
			t.Errorf("median of %d: the interval misses it in %.1f %%", n, 100*share)
		}
		if share := float64(found) / runs; share > 0.055 {
			t.Errorf("medians of %d: found different in %.1f %%", n, 100*share)
		}
	}
}

func TestEqualNumbersAreCountedOnce(t *testing.T) {
	got := counted(t, []float64{3, 1, 3, 2, 3})
	if diff := cmp.Diff([]Counted{{1, 1}, {2, 1}, {3, 3}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestQuantilesOfTooLittleAreRefused(t *testing.T) {
	ok := counted(t, riversA)
	for name, c := range map[string]struct {
		a []Counted
		q float64
	}{
		"no numbers":                    {nil, 0.5},
		"one call":                      {[]Counted{{5, 1}}, 0.5},
		"nine numbers":                  {[]Counted{{5, 4}, {6, 5}}, 0.5},
		"30 numbers around their tenth": {[]Counted{{5, 29}, {6, 1}}, 0.9},
		"empty buckets only":            {[]Counted{{5, 0}, {6, 0}}, 0.5},
	} {
		if _, err := QuantileDifference(c.a, ok, c.q, 0.95); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: error %v; want ErrTooFew", name, err)
		}
	}
	if _, err := QuantileDifference([]Counted{{5, 99}}, []Counted{{6, 99}}, 0.5, 0.95); !errors.Is(err, ErrTooFew) {
		t.Errorf("no spread: error %v; want ErrTooFew", err)
	}
}

func TestQuantilesRefuseImpossibleInput(t *testing.T) {
	ok := counted(t, riversA)
	for name, a := range map[string][]Counted{
		"NaN":            {{math.NaN(), 9}},
		"infinity":       {{1, 9}, {math.Inf(1), 9}},
		"negative count": {{1, 9}, {2, -1}},
		"falling values": {{2, 9}, {1, 9}},
	} {
		if _, err := QuantileDifference(ok, a, 0.5, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
		if _, _, err := QuantileInterval(a, 0.5, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("interval of %s: error %v; want ErrInput", name, err)
		}
	}
	for _, q := range []float64{0, 1, -1, math.NaN()} {
		if _, err := QuantileDifference(ok, ok, q, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("quantile %v: error %v; want ErrInput", q, err)
		}
	}
	if _, err := QuantileDifference(ok, ok, 0.5, 2); !errors.Is(err, ErrInput) {
		t.Errorf("level 2: error %v; want ErrInput", err)
	}
	for _, values := range [][]float64{{1, math.NaN()}, {math.Inf(-1), 2}, {math.Inf(1)}} {
		if _, err := CountValues(values); !errors.Is(err, ErrInput) {
			t.Errorf("%v: error %v; want ErrInput", values, err)
		}
	}
}

func TestQuantileDifferenceTurnsWithItsArmsAndAgreesWithItsTest(t *testing.T) {
	sample := rapid.SliceOfN(rapid.Float64Range(0, 1000), 40, 200)
	rapid.Check(t, func(t *rapid.T) {
		a, _ := CountValues(sample.Draw(t, "a"))
		b, _ := CountValues(sample.Draw(t, "b"))
		q := rapid.SampledFrom([]float64{0.25, 0.5, 0.9}).Draw(t, "q")
		ab, err1 := QuantileDifference(a, b, q, 0.95)
		ba, err2 := QuantileDifference(b, a, q, 0.95)
		if errors.Is(err1, ErrTooFew) && errors.Is(err2, ErrTooFew) {
			return // all numbers equal
		}
		if err1 != nil || err2 != nil || ab.Value != -ba.Value || ab.Interval.Low != -ba.Interval.High || ab.Test.P != ba.Test.P {
			t.Fatalf("%v, %v and swapped %v, %v", ab, err1, ba, err2)
		}
		if math.Abs(ab.Test.P-0.05) < 1e-9 {
			return
		}
		if holds := ab.Interval.Low <= 0 && 0 <= ab.Interval.High; holds != (ab.Test.P > 0.05) {
			t.Fatalf("interval %v, p %v", ab.Interval, ab.Test.P)
		}
	})
}

func TestRawNumbersAndCountedOnesAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 20), 10, 100).Draw(t, "values")
		raw := make([]float64, len(values))
		for i, v := range values {
			raw[i] = float64(v)
		}
		merged, _ := CountValues(raw)
		var single []Counted
		for _, c := range merged {
			for range c.N {
				single = append(single, Counted{c.Value, 1}, Counted{c.Value, 0})
			}
		}
		v1, in1, err1 := QuantileInterval(merged, 0.5, 0.95)
		v2, in2, err2 := QuantileInterval(single, 0.5, 0.95)
		if err1 != nil || err2 != nil || v1 != v2 || in1 != in2 {
			t.Fatalf("%v %v %v and %v %v %v", v1, in1, err1, v2, in2, err2)
		}
		if !(in1.Low <= v1 && v1 <= in1.High) {
			t.Fatalf("%v does not hold %v", in1, v1)
		}
	})
}

// Durations of calls: log-normal, median 120 s and spread 0.8. B is 15 % longer.
// In buckets as wide as those of a stored histogram (2 %) the interval must go on
// covering the truth, and be no wider than that from the numbers themselves.
func TestQuantileIntervalsCoverTheTruthFromNumbersAndFromBuckets(t *testing.T) {
	for _, c := range []struct {
		q    float64
		n    int
		z    float64 // the log-normal's quantile
		runs int
	}{
		{0.5, 100, 0, 2000},
		{0.5, 1000, 0, 600},
		{0.9, 200, 1.2815515655446004, 2000},
	} {
		rng := newXorshift(5)
		normal := func() float64 {
			return math.Sqrt(-2*math.Log(1-rng())) * math.Cos(2*math.Pi*rng())
		}
		truth := 120 * 0.15 * math.Exp(0.8*c.z)
		var held [2]int
		var widths [2]float64
		for range c.runs {
			var arms [2][2][]float64
			for arm, scale := range []float64{120, 138} {
				for range c.n {
					x := scale * math.Exp(0.8*normal())
					bucket := math.Exp(math.Round(math.Log(x)/0.02) * 0.02)
					arms[0][arm] = append(arms[0][arm], x)
					arms[1][arm] = append(arms[1][arm], bucket)
				}
			}
			for i := range arms {
				e, err := QuantileDifference(counted(t, arms[i][0]), counted(t, arms[i][1]), c.q, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				widths[i] += e.SE
				if e.Interval.Low <= truth && truth <= e.Interval.High {
					held[i]++
				}
			}
		}
		for i, name := range []string{"numbers", "buckets"} {
			if share := float64(held[i]) / float64(c.runs); share < 0.93 || share > 0.975 {
				t.Errorf("quantile %v of %d %s: the interval held the truth in %.1f %%", c.q, c.n, name, 100*share)
			}
		}
		if ratio := widths[1] / widths[0]; math.Abs(ratio-1) > 0.02 {
			t.Errorf("quantile %v of %d: buckets change the width by a factor of %v", c.q, c.n, ratio)
		}
	}
}
