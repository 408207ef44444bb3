package stats

import (
	"math"
	"testing"
)

// Two phases by hand: weights 4ab/(a+b) of 100 and 36, standard errors 0.1 and 0.2.
func TestPhasesAreAveragedByWhatTheyTell(t *testing.T) {
	phases := []Phase{
		{NA: 50, NB: 50, MeanA: 1, MeanB: 1.5, Spread: Spread{Variance: 0.01, Own: 0.01, Third: 0.001}},
		{NA: 90, NB: 10, MeanA: 2, MeanB: 2.1, Spread: Spread{Variance: 0.04, Own: 0.04}},
		{NA: 5, NB: 1, MeanA: 9, MeanB: 99, Spread: Spread{Variance: 1}},
	}
	w := 100.0 / 136
	c, known := Contrasted(phases, false)
	if !known || c.Clock != 136 || c.NA != 140 || c.NB != 60 {
		t.Fatalf("%+v, %v; want a clock of 136 and 140 against 60", c, known)
	}
	near(t, w*0.5+(1-w)*0.1, c.Value, 1e-14, "value")
	near(t, c.MeanB-c.MeanA, c.Value, 0, "value")
	variance := w*w*0.01 + (1-w)*(1-w)*0.04
	near(t, math.Sqrt(variance), c.SE, 1e-14, "standard error")
	near(t, 2*w*w*w*0.001/math.Pow(variance, 1.5), c.Skew, 1e-13, "skewness")
}

// The same callers are in both phases, so errors add up.
func TestTheErrorsOfClustersAddUpOverPhases(t *testing.T) {
	phase := Phase{NA: 50, NB: 50, MeanB: 1, Spread: Spread{Variance: 0.04, Own: 0.04, Third: 0.001}}
	one, _ := Contrasted([]Phase{phase}, true)
	two, known := Contrasted([]Phase{phase, phase}, true)
	if !known || two.Clock != 200 {
		t.Fatalf("%+v, %v; want a clock of 200", two, known)
	}
	near(t, 0.2, two.SE, 1e-14, "standard error")
	near(t, one.Skew, two.Skew, 1e-14, "skewness")
}

func TestWithoutTwoValuesOnASideThereIsNoContrast(t *testing.T) {
	if c, known := Contrasted([]Phase{{NA: 1, NB: 900}}, false); known {
		t.Errorf("%+v from one value", c)
	}
}

func TestAveragesAreWatchedFromFiftyASide(t *testing.T) {
	c := Contrast{Watched: Watched{SE: 1}, NA: 49, NB: 1000}
	if c.Ready(true) || !c.Ready(false) {
		t.Errorf("49 values: averages %v, shares %v; want false, true", c.Ready(true), c.Ready(false))
	}
	if c.NA = 50; !c.Ready(true) {
		t.Error("50 values are not enough")
	}
	if c.SE = 0; c.Ready(false) {
		t.Error("ready without a spread")
	}
}

func TestExtremesThatAreNotKnownAddNothing(t *testing.T) {
	a, b := Numbers{N: 60, Mean: 100, M2: 600}, Numbers{N: 60, Mean: 101, M2: 600}
	s := SpreadOfMeans(a, b, Unseen)
	near(t, s.Own, s.Variance, 1e-15, "variance")
	if wide := SpreadOfMeans(a, b, Interval{0, 200}); wide.Variance <= s.Variance {
		t.Errorf("known extremes give %v, no more than %v", wide.Variance, s.Variance)
	}
}
