package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference: mpmath, 40 digits, with loggamma: the formula as the paper has it.
func TestSampleRatioMatchesItsDefinition(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts []int64
		shares []float64
		want   float64
	}{
		{"one call", []int64{1, 0}, []float64{0.5, 0.5}, 0},
		{"60 to 40", []int64{60, 40}, []float64{0.5, 0.5}, 0.65889181804667186},
		{"5,200 to 4,800", []int64{5200, 4800}, []float64{0.5, 0.5}, 5.6136134117571103},
		{"900 to 120 of 90/10", []int64{900, 120}, []float64{0.9, 0.1}, 0.2550670569371506},
		{"an arm without calls", []int64{0, 30}, []float64{0.5, 0.5}, 3.3886835994694018},
		{"two arms with a hundredth each", []int64{3, 0, 0}, []float64{0.98, 0.01, 0.01}, 0.00060212063218965978},
		{"a billion calls, even", []int64{5e8, 5e8}, []float64{0.5, 0.5}, -8.0615478335674892},
		{"a billion calls, a hundred thousand too many", []int64{500100000, 499900000}, []float64{0.5, 0.5}, 11.938450319766003},
		{"weights", []int64{333, 333, 334}, []float64{1, 1, 1}, -2.4030456010135476},
		{"a share of one in a million", []int64{4000, 1010, 990, 0}, []float64{0.66, 0.17, 0.17, 1e-6}, -3.416152226843761},
	} {
		got, err := SampleRatio(c.counts, c.shares)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		near(t, c.want, got, 1e-10, "%s", c.name)
	}
	near(t, math.Log(100), SampleRatioAlarm, 1e-15, "alarm")
}

func TestArmsWithoutAShareDoNotCount(t *testing.T) {
	with, err1 := SampleRatio([]int64{52, 0, 48}, []float64{0.5, 0, 0.5})
	without, err2 := SampleRatio([]int64{52, 48}, []float64{0.5, 0.5})
	if with != without || err1 != nil || err2 != nil {
		t.Errorf("%v, %v; want %v, %v", with, err1, without, err2)
	}
	if got, err := SampleRatio([]int64{52, 1, 48}, []float64{0.5, 0, 0.5}); err != nil || !math.IsInf(got, 1) {
		t.Errorf("calls of an arm without a share: %v, %v; want +Inf", got, err)
	}
	if got, err := SampleRatio([]int64{0, 0}, []float64{0.3, 0.7}); err != nil || got != 0 {
		t.Errorf("no calls: %v, %v; want 0", got, err)
	}
	if got, err := SampleRatio([]int64{70}, []float64{1}); err != nil || math.Abs(got) > 1e-12 {
		t.Errorf("a single arm: %v, %v; want 0", got, err)
	}
}

func TestSampleRatioRefusesWhatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		counts []int64
		shares []float64
	}{
		"a count too many":  {[]int64{1, 2}, []float64{1}},
		"a negative count":  {[]int64{1, -2}, []float64{0.5, 0.5}},
		"a negative share":  {[]int64{1, 2}, []float64{1.5, -0.5}},
		"a share of NaN":    {[]int64{1, 2}, []float64{0.5, math.NaN()}},
		"an infinite share": {[]int64{1, 2}, []float64{0.5, math.Inf(1)}},
		"no share at all":   {[]int64{0, 0}, []float64{0, 0}},
		"nothing":           {},
	} {
		if _, err := SampleRatio(c.counts, c.shares); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
}

func TestSampleRatioIsTheProductOfItsPredictions(t *testing.T) {
	// In any order: each call multiplies by the chance its arm had under the
	// mixture over the chance it should have had.
	rapid.Check(t, func(t *rapid.T) {
		arms := rapid.IntRange(2, 5).Draw(t, "arms")
		weights := rapid.SliceOfN(rapid.Float64Range(0.01, 1), arms, arms).Draw(t, "weights")
		order := rapid.SliceOfN(rapid.IntRange(0, arms-1), 0, 200).Draw(t, "calls")
		var total float64
		for _, w := range weights {
			total += w
		}
		counts := make([]int64, arms)
		var want float64
		for i, arm := range order {
			q := weights[arm] / total
			want += math.Log((100*q + float64(counts[arm])) / (100 + float64(i)) / q)
			counts[arm]++
			got, err := SampleRatio(counts, weights)
			if err != nil || math.Abs(got-want) > 1e-9 {
				t.Fatalf("call %d: %v, %v; want %v", i, got, err, want)
			}
		}
	})
}

func TestAnIntactSplitSeldomAlarmsAndABrokenOneDoes(t *testing.T) {
	rng := newXorshift(23)
	alarms := func(runs, calls int, truth, share float64) float64 {
		hits := 0.0
		for range runs {
			var counts [2]int64
			for range calls {
				if rng() < truth {
					counts[1]++
				} else {
					counts[0]++
				}
				if bf, err := SampleRatio(counts[:], []float64{1 - share, share}); err != nil {
					t.Fatal(err)
				} else if bf >= SampleRatioAlarm {
					hits++
					break
				}
			}
		}
		return hits / float64(runs)
	}
	if share := alarms(500, 1000, 0.2, 0.2); share > 0.028 {
		t.Errorf("%.1f %% false alarms", 100*share)
	}
	if share := alarms(100, 2000, 0.58, 0.5); share < 0.95 {
		t.Errorf("58 to 42 alarms in only %.0f %%", 100*share)
	}
}

func BenchmarkSampleRatio(b *testing.B) {
	counts, shares := []int64{5200, 4800, 2500}, []float64{0.4, 0.4, 0.2}
	b.ReportAllocs()
	for range b.N {
		_, _ = SampleRatio(counts, shares)
	}
}
