package results

import (
	"math"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/stats"
)

func (s *situation) account() *account {
	return newAccount(s.test, defaultArms(), s.rows, s.Standing, tandem.Recount{})
}

func TestTheSplitIsCheckedWithinPhases(t *testing.T) {
	// 1,000 calls 90 to 10, then 1,000 calls 10 to 90: together even, and by the
	// first phase's split alone far out.
	s := newSituation(2)
	s.rows = nil
	s.test.Phases = []tandem.Phase{{Number: 1, Weights: []float64{90, 10}}, {Number: 2, Weights: []float64{10, 90}}}
	count := func(n int64) tandem.Tally { return tandem.Tally{Kind: tandem.Count, N: n} }
	s.tally(1, "A", tandem.MetricCalls, count(905))
	s.tally(1, "B", tandem.MetricCalls, count(95))
	s.tally(2, "A", tandem.MetricCalls, count(98))
	s.tally(2, "B", tandem.MetricCalls, count(902))
	got := s.account().sample
	first, err1 := stats.SampleRatio([]int64{905, 95}, []float64{90, 10})
	second, err2 := stats.SampleRatio([]int64{98, 902}, []float64{10, 90})
	if err1 != nil || err2 != nil || !got.known || got.broken() {
		t.Fatalf("%+v, %v, %v; want a split that is whole", got, err1, err2)
	}
	about(t, first+second, got.logBF, 1e-12, "ln of the Bayes factor")

	s.rows[0].N, s.rows[1].N = 500, 500
	if got := s.account().sample; !got.broken() || got.counts[0] != 598 || math.Abs(got.expect[0]-1000) > 1e-9 {
		t.Errorf("%+v; want it broken, with 598 calls of about 1,000 in A", got)
	}
}

func TestCallsThatSomethingElseTookCountWhereTheyWereDrawn(t *testing.T) {
	s := newSituation(2)
	// B lost 200 of its calls to a target that was down: the draw was even.
	s.rows[2].N = 206
	s.tally(1, "B", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: 200, Names: map[string]int64{"target_down": 150, "no_target": 50}})
	if got := s.account().sample; got.broken() || got.counts[1] != 406 {
		t.Errorf("%+v; want an even draw of 406", got)
	}
	// An arm that somebody chose was not drawn.
	s.rows[len(s.rows)-1].Names = map[string]int64{"chosen": 200}
	if got := s.account().sample; !got.broken() || got.counts[1] != 206 {
		t.Errorf("%+v; want 206 drawn, and the split broken", got)
	}
}

func TestAnArmWithoutAShareAndWithoutCallsBreaksNothing(t *testing.T) {
	s := newSituation(3)
	s.test.Phases[0].Weights = []float64{50, 50, 0}
	for i := range s.rows {
		if s.rows[i].Arm == "C" {
			s.rows[i].N = 0
		}
	}
	if got := s.account().sample; !got.known || got.broken() {
		t.Errorf("%+v; want a split that is whole", got)
	}
}

func TestAStickySplitIsCheckedByCaller(t *testing.T) {
	s := newSituation(2)
	s.test.Unit = tandem.PerCaller
	// A few busy callers of A: by call the split looks broken.
	s.rows[0].N = 900
	if shown := s.account().evidenceHeader().SampleRatio; shown.LogBayesFactor != nil || shown.Broken {
		t.Errorf("before callers are told apart: %+v; want nothing said", shown)
	}
	s.Drawn = []Drawn{{Phase: 1, Arms: []int64{203, 198}}}
	got := s.account().sample
	want, err := stats.SampleRatio([]int64{203, 198}, []float64{50, 50})
	if err != nil || got.broken() {
		t.Fatalf("%+v, %v; want a split that is whole", got, err)
	}
	about(t, want, got.logBF, 1e-12, "ln of the Bayes factor")
	s.Drawn = []Drawn{{Phase: 1, Arms: []int64{300, 100}}}
	if v := s.verdict(); v.Status != tandem.SplitBroken || !strings.Contains(v.Text, "100 callers") && !strings.Contains(v.Text, "300 callers") {
		t.Errorf("%s: %s", v.Status, v.Text)
	}
}

func TestAGapIsAnAlarmOnlyBeyondItsPartOfTheError(t *testing.T) {
	for _, c := range []struct {
		name  string
		arms  int
		logP  float64
		alarm bool
	}{
		{"one in a hundred shared by four kinds", 2, math.Log(0.01 / 4), true},
		{"a little more is none", 2, math.Log(0.0026), false},
		{"shared by the arms as well", 3, math.Log(0.01 / 4), false},
		{"and past that", 3, math.Log(0.01 / 8), true},
	} {
		s := newSituation(c.arms)
		s.Coverage = []Pair{{Metric: CoverageLost, Arm: "B", Against: "A", Kind: tandem.Proportion, Known: true, Value: 0.03, Bet: &Bet{LogP: c.logP}}}
		g := s.account().gaps()[0]
		if g.Alarm != c.alarm || g.Kind != CoverageLost || *g.Value != 0.03 || math.Abs(*g.P-math.Exp(c.logP)) > 1e-15 {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}

func TestAGapInAPlannedTestGoesByBetsAndInAStickyOneByCaller(t *testing.T) {
	s := newSituation(2)
	s.test.PlannedCalls = 1000
	s.gap(CoverageOutcome, 0.95, 0.70)
	if g := s.account().gaps()[0]; !g.Alarm {
		t.Errorf("planned: %+v; want an alarm", g)
	}
	s.test.PlannedCalls, s.test.Unit = 0, tandem.PerCaller
	s.Coverage[0].Bet = nil
	if g := s.account().gaps()[0]; !g.Alarm {
		t.Errorf("sticky: %+v; want an alarm", g)
	}
}

func TestTooFewAreLeftToChanceOnlyPastATenth(t *testing.T) {
	for _, c := range []struct {
		name         string
		apart, calls int64
		alarm        bool
	}{
		{"a tenth exactly", 10, 90, false},
		{"more than a tenth", 11, 89, true},
		{"more than a tenth of too few", 25, 24, false},
		{"more than a tenth of just enough", 6, 44, true},
		{"nothing at all", 0, 0, false},
	} {
		s := newSituation(2)
		s.rows = nil
		s.tally(1, "A", tandem.MetricCalls, tandem.Tally{Kind: tandem.Count, N: c.calls})
		s.tally(1, "B", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: c.apart, Names: map[string]int64{"limit_reached": c.apart}})
		if _, got := s.account().notRandomisedAlarm(); got != c.alarm {
			t.Errorf("%s: alarm %t; want %t", c.name, got, c.alarm)
		}
	}
}

func TestAcknowledgedAlarmsStayListed(t *testing.T) {
	s := newSituation(2)
	s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
	s.gap(CoverageOutcome, 0.93, 0.70)
	s.Health = []Ailment{{Metric: tandem.MetricCompletion, Arm: "B", Kind: "jumped", Run: 45, Value: 0}}
	if v := s.verdict(); v.Status != tandem.OutcomesMissing || len(v.Alarms) != 2 || len(v.OpenAlarms()) != 2 {
		t.Errorf("%+v", v)
	}
	if err := s.test.Acknowledge(s.verdict(), tandem.CheckCoverage, "ann", "an import", epoch); err != nil {
		t.Fatal(err)
	}
	v := s.verdict()
	if v.Status != tandem.MetricBroken || len(v.OpenAlarms()) != 1 || v.Alarms[0].Acknowledged == nil || v.Alarms[0].Acknowledged.By != "ann" {
		t.Errorf("%+v; want the other alarm to suspend the verdict", v)
	}
	if err := s.test.Acknowledge(v, tandem.CheckMetricHealth, "ann", "", epoch); err != nil {
		t.Fatal(err)
	}
	if v := s.verdict(); v.Status != tandem.Better || len(v.Alarms) != 2 {
		t.Errorf("%+v; want a verdict and both alarms listed", v)
	}
	// Something else is missing now.
	s.gap(CoverageLost, 0.01, 0.25)
	if v := s.verdict(); v.Status != tandem.OutcomesMissing || len(v.OpenAlarms()) != 1 {
		t.Errorf("%+v; want the alarm about more than was acknowledged to suspend the verdict", v)
	}
}
