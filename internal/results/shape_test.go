package results

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tandem"
)

func histogram(xs ...float64) tandem.Histogram {
	var t tandem.Tally
	for _, x := range xs {
		o := mean("x", x)
		t.Change(tandem.TallyChange{Add: &o})
	}
	return t.Hist
}

func TestWholeNumbersLandInTheBinTheyBegin(t *testing.T) {
	var xs []float64
	for i := range 20 {
		for range i + 1 {
			xs = append(xs, float64(i))
		}
	}
	s := newShape(histogram(xs...))
	sc := newScale([]shape{s})
	if sc.width.times(1) != 1 {
		t.Fatalf("width %v; want 1", sc.width)
	}
	for _, b := range sc.counts(s) {
		if want := int64(b.From) + 1; b.N != want {
			t.Errorf("bin %v to %v holds %d; want %d", b.From, b.To, b.N, want)
		}
	}
}

func TestBinsHoldEveryValueWithinOnePercent(t *testing.T) {
	number := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.Float64Range(0, 3600), rapid.Float64Range(-1e12, 1e12), rapid.Just(0.0), rapid.SampledFrom([]float64{maxNumber, -maxNumber, 1e-300}))
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(number, 1, 60).Draw(t, "xs")
		s := newShape(histogram(xs...))
		sc := newScale([]shape{s, {}})
		bins := sc.counts(s)
		var n int64
		for i, b := range bins {
			n += b.N
			if b.N < 0 || !(b.From < b.To) || i > 0 && bins[i-1].To != b.From {
				t.Fatalf("bins %+v", bins)
			}
		}
		if n != int64(len(xs)) || len(bins) > 60 {
			t.Fatalf("%d values in %d bins; want %d in at most 60", n, len(bins), len(xs))
		}
		// The histogram takes what is smaller than 1e-9 for 0.
		slack := func(x float64) float64 { return 0.021*math.Abs(x) + 1e-6*sc.width.times(1) + 1e-9 }
		for _, x := range xs {
			held := false
			for _, b := range bins {
				held = held || b.N > 0 && b.From-slack(x) <= x && x <= b.To+slack(x)
			}
			if !held {
				t.Fatalf("%v is in none of %+v", x, bins)
			}
		}
	})
}

func TestShapeQuantilesAreTheHistograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histogram(rapid.SliceOfN(rapid.Float64Range(-1e3, 1e6), 1, 100).Draw(t, "xs")...)
		q := rapid.Float64Range(0.001, 1).Draw(t, "q")
		if got, want := newShape(h).quantile(q), h.Quantile(q); got != want {
			t.Fatalf("quantile %v: %v; want %v", q, got, want)
		}
	})
}

func TestScalesAreReadable(t *testing.T) {
	for _, c := range []struct {
		low, high, width float64
	}{
		{0, 600, 50},
		{-1, 1, 0.1},
		{20, 82, 5},
		{0, 0, 1},
		{1e9, 1.2e9, 1e7},
	} {
		sc := newScale([]shape{newShape(histogram(c.low, c.high))})
		if got := sc.width.times(1); got != c.width {
			t.Errorf("%v to %v: width %v; want %v", c.low, c.high, got, c.width)
		}
	}
}

func TestBinsHoldWhatTheirIndexSays(t *testing.T) {
	rng := dice()
	for range 50 {
		var h tandem.Tally
		spread := math.Exp(3 * rng.NormFloat64())
		for range 300 {
			h.Change(tandem.TallyChange{Add: &tandem.Observation{Kind: tandem.Mean, Number: spread * (rng.ExpFloat64() - 0.3)}})
		}
		s := newShape(h.Hist)
		sc := newScale([]shape{s})
		want := make([]int64, sc.bins)
		for i, x := range s.values {
			want[sc.index(x)] += s.counts[i]
		}
		for i, b := range sc.counts(s) {
			if b.N != want[i] {
				t.Fatalf("spread %v, bin %d: %d; want %d", spread, i, b.N, want[i])
			}
		}
	}
}
