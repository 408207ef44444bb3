package stats

import (
	"errors"
	"math"
	"testing"
)

// Reference: R 4.2.2, min of the sequence at 0.4 alpha around planned/4 and
// se*qnorm(1-.6*alpha/4)*sqrt(planned/n); p-values from
// pnorm(z*sqrt(n/planned), lower=FALSE, log=TRUE) and uniroot().
func TestPlannedMatchesR(t *testing.T) {
	for _, c := range []struct {
		name       string
		value, se  float64
		n, planned int64
		alpha      float64
		half, logP float64
	}{
		{"at its end", 0.05, 0.02, 1000, 1000, 0.05, 0.048647581171688978, -3.184528292392808879},
		{"half way", 0.05, 0.02, 500, 1000, 0.05, 0.067563500701014023, -1.358680857596189728},
		{"early, where the sequence decides", 0.1, 0.02, 100, 1000, 0.05, 0.068677937035960687, -8.279234519490541899},
		{"after its end, where only the sequence goes on", 0.1, 0.02, 2000, 1000, 0.05, 0.070345876021402354, -9.232111588622720078},
		{"at another alpha", 0.06, 0.02, 1000, 1000, 0.01, 0.059354758506835886, -4.710606236624467869},
	} {
		got, err := Planned(c.value, c.se, c.n, c.planned, c.alpha)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.value-c.half, got.Interval.Low, 1e-12, "%s: low", c.name)
		near(t, c.value+c.half, got.Interval.High, 1e-12, "%s: high", c.name)
		near(t, c.logP, got.LogP, 1e-12, "%s: ln p", c.name)
	}
}

func TestPlannedBoundaryHasTheKnownConstants(t *testing.T) {
	// c for 0.03: R 4.2.2, qnorm(1-.03/4). For a boundary of 0.05, 2.2414 is the
	// z_{alpha/4} of Lan and DeMets (1983), Biometrika 70, 659-663; here 0.05 is
	// 3/5 of alpha.
	near(t, 2.4323790585844489, PlannedBoundary(1000, 1000, 0.05), 1e-14, "alpha 0.05")
	near(t, 2.2414027276049464, PlannedBoundary(7, 7, 0.05/0.6), 1e-14, "boundary of 0.05")
	near(t, 2*2.4323790585844489, PlannedBoundary(250, 1000, 0.05), 1e-14, "a quarter of the way")
	for _, z := range []float64{PlannedBoundary(0, 10, 0.05), PlannedBoundary(11, 10, 0.05), PlannedBoundary(1, 10, 0), PlannedBoundary(1, 10, math.NaN())} {
		if !math.IsInf(z, 1) {
			t.Errorf("boundary %v where there is none", z)
		}
	}
}

func TestPlannedRefusesWhatCannotBe(t *testing.T) {
	for name, err := range map[string]error{
		"no plan":        second(Planned(1, 1, 10, 0, 0.05)),
		"alpha 1":        second(Planned(1, 1, 10, 100, 1)),
		"alpha NaN":      second(Planned(1, 1, 10, 100, math.NaN())),
		"a value of NaN": second(Planned(math.NaN(), 1, 10, 100, 0.05)),
	} {
		if !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
	if _, err := Planned(0, 0, 10, 100, 0.05); !errors.Is(err, ErrTooFew) {
		t.Errorf("no spread: error %v; want ErrTooFew", err)
	}
}

func second[T any](_ T, err error) error { return err }
