package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference: R 4.2.2. The half width by the formula, with
//
//	l <- -2*log(a); r <- (l+log(1+l))/N
//	h <- se*sqrt(2*(n*r+1)/(n*r)*log(sqrt(n*r+1)/a))
//
// and the p-value as the alpha at which uniroot() finds the half width equal to
// the estimate, r kept.
func TestSequenceMatchesR(t *testing.T) {
	for _, c := range []struct {
		value, se     float64
		n             int64
		alpha, tuning float64
		half, logP    float64
	}{
		{0.05, 0.02, 1000, 0.05, 1000, 0.060704179807525058, -1.680244326825824031},
		{0.1, 0.02, 1000, 0.05, 1000, 0.060704179807525058, -10.006135351229421104},
		{-30, 9, 400, 0.01, 1000, 32.8294603037215040, -3.7032903859642303},
		{0.01, 0.001, 1e9, 0.05, 5000, 0.0045021083331637053, -42.8612174354091095552},
	} {
		got, err := Sequence(c.value, c.se, c.n, c.alpha, c.tuning)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.value-c.half, got.Interval.Low, 1e-13, "%+v: low", c)
		near(t, c.value+c.half, got.Interval.High, 1e-13, "%+v: high", c)
		near(t, c.logP, got.LogP, 1e-12, "%+v: ln p", c)
	}
}

// Reference: R 4.2.2, the one-sided formula likewise, with r at 2 alpha.
func TestSequenceAboveMatchesR(t *testing.T) {
	for _, c := range []struct {
		value, se float64
		n         int64
		alpha     float64
		low, logP float64
	}{
		{0.05, 0.02, 1000, 0.05, -0.0055818847062704333, -2.3261696676153751362},
		{0.1, 0.02, 1000, 0.05, 0.04441811529372957, -10.49163075044495486},
		{30, 9, 400, 0.01, -0.9342278566807920, -4.3211357677699844},
	} {
		low, logP, err := SequenceAbove(c.value, c.se, c.n, c.alpha, Tuning)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.low, low, 1e-13, "%+v: low", c)
		near(t, c.logP, logP, 1e-12, "%+v: ln p", c)
	}
	if _, logP, err := SequenceAbove(-1, 1, 100, 0.05, Tuning); err != nil || logP != 0 {
		t.Errorf("a value below 0: ln p %v, %v; want 0", logP, err)
	}
}

func TestSequencesAreTightestAtTheirTuning(t *testing.T) {
	for _, tuning := range []float64{100, 1000, 1e6} {
		bound := func(n float64) float64 { return sequenceBound(n*sequenceRate(0.05, tuning), 0.05) }
		if at := bound(tuning); bound(tuning/1.2) < at || bound(tuning*1.2) < at {
			t.Errorf("tuning %v: |z| %v there, %v and %v beside", tuning, at, bound(tuning/1.2), bound(tuning*1.2))
		}
	}
}

func TestSequenceAndItsPValueAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Float64Range(-10, 10).Draw(t, "value")
		se := rapid.Float64Range(1e-3, 10).Draw(t, "se")
		n := rapid.Int64Range(1, 1e9).Draw(t, "n")
		planned := rapid.Int64Range(1, 1e9).Draw(t, "planned")
		alpha := rapid.Float64Range(1e-9, 0.49).Draw(t, "alpha")
		sequence, err1 := Sequence(value, se, n, alpha, Tuning)
		hybrid, err2 := Planned(value, se, n, planned, alpha)
		low, logP, err3 := SequenceAbove(value, se, n, alpha, Tuning)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for name, band := range map[string]Band{"sequence": sequence, "planned": hybrid} {
			if out := band.Interval.Low > 0 || band.Interval.High < 0; out != (band.LogP <= math.Log(alpha)) || band.LogP > 0 {
				t.Fatalf("%s: %+v at alpha %v", name, band, alpha)
			}
		}
		if (low > 0) != (logP <= math.Log(alpha)) || logP > 0 {
			t.Fatalf("above: low %v, ln p %v at alpha %v", low, logP, alpha)
		}
		turned, _ := Sequence(-value, se, n, alpha, Tuning)
		if turned.LogP != sequence.LogP || turned.Interval.Low != -sequence.Interval.High {
			t.Fatalf("%+v turned is %+v", sequence, turned)
		}
	})
}

func TestSequencePValuesFallWithTheEstimate(t *testing.T) {
	last, lastAbove := 1.0, 1.0
	for z := 0.5; z < 200; z += 0.5 {
		band, err := Sequence(z, 1, 1e9, 0.05, Tuning)
		_, above, err2 := SequenceAbove(z, 1, 1e9, 0.05, Tuning)
		if err != nil || err2 != nil || (z > 10 && (band.LogP >= last || above >= lastAbove)) {
			t.Fatalf("z %v: ln p %v after %v, above %v after %v; %v, %v", z, band.LogP, last, above, lastAbove, err, err2)
		}
		last, lastAbove = band.LogP, above
	}
	if last > -1000 {
		t.Errorf("ln p %v at z 200", last)
	}
}

func TestSequencesRefuseWhatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name          string
		value, se     float64
		n             int64
		alpha, tuning float64
		want          error
	}{
		{"a value of NaN", math.NaN(), 1, 10, 0.05, 1000, ErrInput},
		{"an infinite standard error", 1, math.Inf(1), 10, 0.05, 1000, ErrInput},
		{"a negative standard error", 1, -1, 10, 0.05, 1000, ErrInput},
		{"fewer than no calls", 1, 1, -1, 0.05, 1000, ErrInput},
		{"alpha 0", 1, 1, 10, 0, 1000, ErrInput},
		{"alpha 1", 1, 1, 10, 1, 1000, ErrInput},
		{"alpha NaN", 1, 1, 10, math.NaN(), 1000, ErrInput},
		{"tuning 0", 1, 1, 10, 0.05, 0, ErrInput},
		{"tuning NaN", 1, 1, 10, 0.05, math.NaN(), ErrInput},
		{"no calls", 0, 1, 0, 0.05, 1000, ErrTooFew},
		{"no spread", 1, 0, 10, 0.05, 1000, ErrTooFew},
	} {
		if _, err := Sequence(c.value, c.se, c.n, c.alpha, c.tuning); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v; want %v", c.name, err, c.want)
		}
		if _, _, err := SequenceAbove(c.value, c.se, c.n, c.alpha, c.tuning); !errors.Is(err, c.want) {
			t.Errorf("above, %s: error %v; want %v", c.name, err, c.want)
		}
	}
	if _, _, err := SequenceAbove(1, 1, 10, 0.5, Tuning); !errors.Is(err, ErrInput) {
		t.Errorf("one-sided alpha 0.5: error %v", err)
	}
}

func TestEqualArmsSeldomLeaveTheSequence(t *testing.T) {
	// Looked at after every call from 10 in each arm on; 300 series of 1,000.
	rng := newXorshift(17)
	const runs = 300
	var sequence, planned, above float64
	for range runs {
		var left [3]bool
		var a, b Proportion
		for i := int64(1); i <= 1000; i++ {
			arm := &a
			if rng() < 0.5 {
				arm = &b
			}
			arm.N++
			arm.Successes += int64(success(0.7, rng()))
			if min(a.N, b.N) < SequenceFrom {
				continue
			}
			pa, pb := a.Share(), b.Share()
			se := math.Sqrt(pa*(1-pa)/float64(a.N) + pb*(1-pb)/float64(b.N))
			if se == 0 {
				continue
			}
			s, _ := Sequence(pb-pa, se, i, 0.05, Tuning)
			p, _ := Planned(pb-pa, se, i, 1000, 0.05)
			low, _, _ := SequenceAbove(pb-pa, se, i, 0.05, Tuning)
			left[0] = left[0] || s.LogP <= math.Log(0.05)
			left[1] = left[1] || p.LogP <= math.Log(0.05)
			left[2] = left[2] || low > 0
		}
		for k, to := range []*float64{&sequence, &planned, &above} {
			if left[k] {
				*to++
			}
		}
	}
	for name, k := range map[string]float64{"sequence": sequence, "planned": planned, "above": above} {
		if k/runs > 0.09 {
			t.Errorf("%s: %.1f %% false", name, 100*k/runs)
		}
	}
}

func BenchmarkSequence(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		_, _ = Sequence(0.05, 0.02, int64(i+1), 0.05, Tuning)
	}
}
