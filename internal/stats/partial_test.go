package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func partialOf(values []float64, open int64) Partial {
	p := Partial{N: int64(len(values)), Open: open}
	for _, y := range values {
		p.Mean += y / float64(len(values))
	}
	for _, y := range values {
		p.M2 += (y - p.Mean) * (y - p.Mean)
	}
	return p
}

func TestWithoutOpenOutcomesTheLeastDifferenceIsTheOneSidedSequence(t *testing.T) {
	a, b := Partial{N: 300, Mean: 0.1}, Partial{N: 100, Mean: 0.3}
	got, err := LeastDifference([][2]Partial{{a, b}}, true, Bounds{}, 0.025, Tuning)
	if err != nil {
		t.Fatal(err)
	}
	se := math.Sqrt(ShareVariance(Proportion{30, 300}) + ShareVariance(Proportion{30, 100}))
	low, logP, err := SequenceAbove(0.2, se, EvenCalls(300, 100), 0.025, Tuning)
	if err != nil || math.Abs(got.Low-low) > 1e-12 || math.Abs(got.LogP-logP) > 1e-9 || math.Abs(got.Value-0.2) > 1e-12 || got.NA != 300 || got.NB != 100 {
		t.Errorf("%+v; want low %v, ln p %v (%v)", got, low, logP, err)
	}
}

// Whatever the open outcomes turn out to be, the bound of all calls is not below.
func TestNoOpenOutcomeTakesTheLeastDifferenceBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		binary := rapid.Bool().Draw(t, "binary")
		bounds := Bounds{-2, 5}
		outcome := rapid.Float64Range(bounds.Low, bounds.High)
		if binary {
			bounds, outcome = Bounds{0, 1}, rapid.Map(rapid.Bool(), func(yes bool) float64 {
				if yes {
					return 1
				}
				return 0
			})
		}
		var now, then [2]Partial
		for arm := range now {
			known := rapid.SliceOfN(outcome, 2, 60).Draw(t, "known")
			open := rapid.SliceOfN(outcome, 0, 20).Draw(t, "open")
			now[arm] = partialOf(known, int64(len(open)))
			then[arm] = partialOf(append(known, open...), 0)
		}
		was, err := LeastDifference([][2]Partial{now}, binary, bounds, 0.025, Tuning)
		if errors.Is(err, ErrTooFew) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		is, err := LeastDifference([][2]Partial{then}, binary, bounds, 0.025, Tuning)
		if errors.Is(err, ErrTooFew) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if was.Low > is.Low+1e-9 {
			t.Errorf("%+v then %+v", was, is)
		}
	})
}

func TestStrataOfTheLeastDifferenceAreNeverPooled(t *testing.T) {
	// B is better in both strata, and would seem worse if they were pooled.
	strata := [][2]Partial{
		{{N: 900, Mean: 0.2}, {N: 100, Mean: 0.1}},
		{{N: 100, Mean: 0.8}, {N: 900, Mean: 0.7}},
	}
	got, err := LeastDifference(strata, true, Bounds{}, 0.025, Tuning)
	if err != nil || math.Abs(got.Value+0.1) > 1e-12 || got.Low >= got.Value {
		t.Errorf("%+v, %v; want a difference of -0.1", got, err)
	}
}

func TestLeastDifferenceRefusesWhatItCannotBound(t *testing.T) {
	some := Partial{N: 60, Mean: 10, M2: 500}
	for name, c := range map[string]struct {
		a, b Partial
		want error
	}{
		"open outcomes without bounds": {some, Partial{N: 60, Mean: 12, M2: 500, Open: 1}, ErrInput},
		"a mean that is none":          {some, Partial{N: 60, Mean: math.NaN()}, ErrInput},
		"too few":                      {some, Partial{N: 1, Mean: 12}, ErrTooFew},
		"no spread":                    {Partial{N: 60, Mean: 10}, Partial{N: 60, Mean: 12}, ErrTooFew},
	} {
		if _, err := LeastDifference([][2]Partial{{c.a, c.b}}, false, Bounds{}, 0.025, Tuning); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
}
