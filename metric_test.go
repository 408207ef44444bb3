package tandem_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem"
)

func observe(values []float64, kind tandem.MetricKind) tandem.Tally {
	var t tandem.Tally
	for _, v := range values {
		t.Change(tandem.TallyChange{Add: &tandem.Observation{Kind: kind, Number: v}})
	}
	return t
}

var near = cmp.Options{cmpopts.EquateApprox(1e-9, 1e-6), cmpopts.EquateEmpty()}

func TestMergingTalliesEqualsTallyingTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64Range(-1e6, 1e6)).Draw(t, "values")
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		merged := observe(values[:cut], tandem.Mean)
		merged.Merge(observe(values[cut:], tandem.Mean))
		if d := cmp.Diff(observe(values, tandem.Mean), merged, near); len(values) > 0 && d != "" {
			t.Fatal(d)
		}
	})
}

func TestTakingAValueBackLeavesWhatWasThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1000, 1000), 1, 40).Draw(t, "values")
		extra := rapid.Float64Range(-1000, 1000).Draw(t, "extra")
		tally := observe(append(slices.Clone(values), extra), tandem.Mean)
		tally.Change(tandem.TallyChange{Remove: &tandem.Observation{Kind: tandem.Mean, Number: extra}})
		if d := cmp.Diff(observe(values, tandem.Mean), tally, near); d != "" {
			t.Fatal(d)
		}
		names := tandem.Tally{}
		for _, n := range []string{"a", "b", "a"} {
			names.Change(tandem.TallyChange{Add: &tandem.Observation{Kind: tandem.Category, Name: n}})
		}
		names.Change(tandem.TallyChange{Remove: &tandem.Observation{Kind: tandem.Category, Name: "b"}, Add: &tandem.Observation{Kind: tandem.Category, Name: "c"}})
		if d := cmp.Diff(map[string]int64{"a": 2, "c": 1}, names.Names); d != "" || names.N != 3 {
			t.Fatalf("n %d, %s", names.N, d)
		}
	})
}

func TestTheVarianceHoldsAtAMeanOfABillion(t *testing.T) {
	tally := observe([]float64{1e9 - 1, 1e9, 1e9 + 1}, tandem.Mean)
	if tally.Mean != 1e9 || math.Abs(tally.Variance()-1) > 1e-9 {
		t.Errorf("mean %v, variance %v; want 1e9 and 1", tally.Mean, tally.Variance())
	}
}

func TestQuantilesAreWithinOnePercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(1e-6, 1e7), rapid.Float64Range(-1e3, -1e-3), rapid.Just(0.0)), 1, 200).Draw(t, "values")
		h := observe(values, tandem.Mean).Hist
		slices.Sort(values)
		for _, q := range []float64{0, 0.1, 0.5, 0.9, 1} {
			want := values[max(0, int(math.Ceil(q*float64(len(values))))-1)]
			if got := h.Quantile(q); math.Abs(got-want) > 0.01*math.Abs(want)+1e-9 {
				t.Fatalf("quantile %v is %v, want %v within 1 %%", q, got, want)
			}
		}
		raw, _ := h.MarshalBinary()
		var back tandem.Histogram
		if err := back.UnmarshalBinary(raw); err != nil || !h.Equal(back) {
			t.Fatalf("after writing and reading: %v, %s", err, cmp.Diff(h, back))
		}
	})
}

func FuzzHistogramBytes(f *testing.F) {
	f.Add([]byte{2, 2, 4, 6})
	f.Add([]byte{0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		var h tandem.Histogram
		if h.UnmarshalBinary(data) == nil {
			h.Quantile(0.5)
		}
	})
}
