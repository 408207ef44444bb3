package stats

import (
	"errors"
	"math"
	"testing"
)

func TestAheadOfTheFirstCallIsWhatAPlanExpects(t *testing.T) {
	for _, d := range []Design{
		{Binary: true, Baseline: 0.7, Effect: 0.1},
		{Binary: true, Baseline: 0.7, Effect: 0.05},
		{Binary: true, Baseline: 0.7, Effect: 0.1, ShareB: 0.1},
		{Baseline: 90, Effect: -10, SD: 45, Bounds: Bounds{0, 600}},
		{Binary: true, Baseline: 0.7, Effect: 0.012},
	} {
		size, err := d.Sequential()
		if err != nil {
			t.Fatal(err)
		}
		more, err := d.Ahead(0)
		if err != nil || float64(more) < 0.75*float64(size.Expected) || float64(more) > 1.25*float64(size.Expected) {
			t.Errorf("%+v: %d calls ahead, %v; a plan expects %d", d, more, err, size.Expected)
		}
	}
}

func TestAheadFallsAsEvidenceGrows(t *testing.T) {
	d := Design{Binary: true, Baseline: 0.7, Effect: 0.05}
	was := int64(math.MaxInt64)
	for _, logE := range []float64{-7, -2, 0, 1, 2, -math.Log(0.05)} {
		more, err := d.Ahead(logE)
		if err != nil || more >= was {
			t.Errorf("at %v: %d calls, %v; before it %d", logE, more, err, was)
		}
		was = more
	}
	if was != 0 {
		t.Errorf("%d calls once it is decided", was)
	}
}

func TestWhatNoStakeFindsIsNeverAhead(t *testing.T) {
	for _, effect := range []float64{0.006, 0.004} {
		if more, err := (Design{Binary: true, Baseline: 0.7, Effect: effect}).Ahead(-7); !errors.Is(err, ErrTooFew) {
			t.Errorf("%v: %d, %v; want never", effect, more, err)
		}
	}
}
