package results

import (
	"math"
	"testing"

	"tandem"
	"tandem/internal/stats"
)

func TestAForecastIsWhereTheIntervalLeavesZeroOut(t *testing.T) {
	s := newSituation(2)
	p := s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
	a := s.account()
	got, ok := a.untilDecided(p, finding{method: tandem.Asymptotic})
	if !ok {
		t.Fatal("no forecast")
	}
	// Found the slow way, call by call.
	n := int64(812)
	for ; ; n++ {
		band, err := stats.Sequence(p.Value, p.SE*math.Sqrt(812/float64(n)), n, Alpha, stats.Tuning)
		if err != nil {
			t.Fatal(err)
		}
		if band.Interval.Low > 0 {
			break
		}
	}
	if slow := float64(n - 812); float64(got.calls) < 0.99*slow || float64(got.calls) > 1.1*slow {
		t.Errorf("%d more calls; %v by trying each", got.calls, slow)
	}
}

func TestAForecastCountsTheCallsOfAllArms(t *testing.T) {
	two, four := newSituation(2), newSituation(4)
	more := func(s *situation) int64 {
		p := s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
		p.Alpha = Alpha
		a := s.account()
		f, _ := a.finding(p)
		got, ok := a.untilDecided(p, f)
		if !ok {
			t.Fatal("no forecast")
		}
		return got.calls
	}
	if a, b := more(two), more(four); math.Abs(float64(b)/float64(a)-2) > 0.05 {
		t.Errorf("%d calls with two arms, %d with four; want twice as many", a, b)
	}
}

func TestAPlannedForecastEndsAtThePlan(t *testing.T) {
	// z is 2.6 at half of the plan: it reaches the boundary shortly before the
	// end, where the open-ended sequence would need far more.
	s := newSituation(2)
	s.test.PlannedCalls = 1624
	p := s.pair(Pair{Metric: tandem.MetricCompletion, Arm: "B", Kind: tandem.Proportion, NA: 406, NB: 406, MeanA: 0.70, MeanB: 0.752, SE: 0.02})
	p.Planned = &Sequence{LogP: -1, Interval: stats.Interval{Low: -0.02, High: 0.12}}
	a := s.account()
	f, _ := a.finding(p)
	got, ok := a.untilDecided(p, f)
	if !ok || got.calls > 812 {
		t.Errorf("%+v, %t; want at most the 812 calls left", got, ok)
	}
	open, ok := a.untilDecided(p, finding{method: tandem.Asymptotic})
	if !ok || open.calls <= got.calls {
		t.Errorf("without a plan %+v; want more", open)
	}
}

func TestThereIsNoForecastWithoutSpreadOrForNothing(t *testing.T) {
	for name, p := range map[string]Pair{
		"no spread":       {NA: 20, NB: 20, Known: true, Value: 0.1, Alpha: Alpha},
		"not known":       {NA: 1, NB: 1, Alpha: Alpha},
		"no difference":   {NA: 20, NB: 20, Known: true, SE: 0.1, Alpha: Alpha},
		"next to nothing": {NA: 20, NB: 20, Known: true, Value: 1e-9, SE: 0.1, Alpha: Alpha},
	} {
		a := newSituation(2).account()
		if got, ok := a.untilDecided(&p, finding{method: tandem.Asymptotic}); ok {
			t.Errorf("%s: %+v; want none", name, got)
		}
	}
}

func TestAMarginIsReachedOnlyByADifferenceInsideIt(t *testing.T) {
	s := newSituation(2)
	s.test.EquivalenceMargin = 0.02
	inside := s.share(tandem.MetricCompletion, "B", 0.70, 0.705, 406)
	outside := *inside
	outside.Value = 0.03
	a := s.account()
	if f, ok := a.untilEquivalent(inside, finding{method: tandem.Asymptotic}); !ok || f.calls < 812 {
		t.Errorf("inside: %+v, %t", f, ok)
	}
	if f, ok := a.untilEquivalent(&outside, finding{method: tandem.Asymptotic}); ok {
		t.Errorf("outside: %+v; want none", f)
	}
}

func TestAForecastAgreesWithThePlan(t *testing.T) {
	// An estimate that is the truth: what is foreseen in all is what a plan
	// expects on average, bets or not.
	for _, to := range []float64{0.8, 0.75} {
		s := newSituation(2)
		s.Calls = 200
		p := s.share(tandem.MetricCompletion, "B", 0.7, to, 100)
		a := s.account()
		f, _ := a.finding(p)
		got, ok := a.untilDecided(p, f)
		size, err := stats.Design{Binary: true, Baseline: 0.7, Effect: to - 0.7}.Sequential()
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if in := float64(200+got.calls) / float64(size.Expected); in < 0.85 || in > 1.25 {
			t.Errorf("70 %% against %v: %d calls in all; a plan expects %d", to, 200+got.calls, size.Expected)
		}
	}
}
