package results

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/stats"
)

// given serves a standing as evidence.
type given Standing

func (g given) Standing(context.Context, tandem.Test) (Standing, error) { return Standing(g), nil }

func (w *world) resultsWith(t *testing.T, s Standing) Results {
	t.Helper()
	r, err := NewReader(w, given(s)).Results(context.Background(), w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// evidenceFor makes a pair that says so much.
func evidenceFor(metric, arm string, logP float64) Pair {
	return Pair{
		Metric: metric, Arm: arm, Against: "A", Kind: tandem.Proportion, NA: 100, NB: 100, Alpha: Alpha,
		Known: true, Value: 0.1, SE: 0.05, MeanA: 0.5, MeanB: 0.6,
		Bet:        &Bet{LogE: -logP, LogP: logP, Interval: stats.Interval{Low: -0.05, High: 0.25}},
		Asymptotic: &Sequence{LogP: logP, Interval: stats.Interval{Low: -0.06, High: 0.26}},
		Track:      []TrackPoint{{At: epoch, N: 150, Value: 0.08, Low: -0.2, High: 0.4}},
	}
}

func TestEvidenceStandsBesideWhatHoldsForOneLook(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	seconds := func(i int) float64 { return 60 + float64(i%7) }
	w.play(t, 1, "A", 110, 55, seconds)
	w.play(t, 1, "B", 110, 66, seconds)
	duration := evidenceFor(tandem.MetricDuration, "B", math.Log(0.04))
	duration.Kind, duration.Any = tandem.Mean, &Bet{LogP: math.Log(0.002)}
	s := Standing{
		Calls: 200, CoveredTo: epoch, Callers: 150, Withheld: 3,
		Pairs: []Pair{
			duration,
			evidenceFor(tandem.MetricCompletion, "B", math.Log(0.03)),
			evidenceFor(tandem.MetricTransfer, "B", math.Log(0.01)),
		},
		Overall:    []Whole{{Metric: tandem.MetricEndedBy, N: 200, LogP: math.Log(0.2)}},
		FirstCalls: []Pair{evidenceFor(tandem.MetricCompletion, "B", math.Log(0.07))},
		Coverage:   []Pair{evidenceFor(CoverageOutcome, "B", 0)},
	}
	r := w.resultsWith(t, s)

	e := metric(t, r, tandem.MetricCompletion).Against[0].Evidence
	want := &PairEvidence{
		Arm: "B", Against: "A", N: 200, Value: ptr(0.1), Interval: &tandem.Span{Low: -0.05, High: 0.25},
		P: ptr(math.Exp(math.Log(0.03))), Log10P: ptr(math.Log(0.03) / math.Ln10), Method: tandem.Betting,
		Band:  &tandem.Span{Low: -0.06, High: 0.26},
		Track: []BandPoint{{At: epoch, N: 150, Value: 0.08, Low: -0.2, High: 0.4}},
	}
	if diff := gocmp.Diff(want, e); diff != "" {
		t.Errorf("completion (-want +got):\n%s", diff)
	}
	// Benjamini and Hochberg by hand, over the two that are not primary: 0.01 of
	// 2 is 0.02, and 0.04 stays.
	transfer, dur := metric(t, r, tandem.MetricTransfer).Against[0].Evidence, metric(t, r, tandem.MetricDuration).Against[0].Evidence
	about(t, 0.02, *transfer.Adjusted, 1e-12, "transfer adjusted")
	about(t, 0.04, *dur.Adjusted, 1e-12, "duration adjusted")
	about(t, 0.002, *dur.AnyChange, 1e-12, "any change in duration")
	if !transfer.Exploratory || !dur.Exploratory || metric(t, r, tandem.MetricAnswered).Against[0].Evidence != nil {
		t.Errorf("%+v, %+v; want both exploratory, and nothing for a metric without evidence", transfer, dur)
	}
	about(t, 0.2, *metric(t, r, tandem.MetricEndedBy).AnyDifference, 1e-12, "any difference in who ended")

	h := r.Evidence
	if h.Calls != 200 || h.Waiting != 20 || !h.CoveredTo.Equal(epoch) || h.Callers != 150 || h.Withheld != 3 || h.SampleRatio.Broken || h.SampleRatio.LogBayesFactor == nil {
		t.Errorf("header %+v", h)
	}
	if len(h.FirstCalls) != 1 || math.Abs(*h.FirstCalls[0].P-0.07) > 1e-12 || h.FirstCalls[0].Adjusted != nil || h.FirstCalls[0].Exploratory {
		t.Errorf("first calls %+v", h.FirstCalls)
	}
	if len(h.Coverage) != 1 || h.Coverage[0].Alarm {
		t.Errorf("coverage %+v", h.Coverage)
	}
	v, err := NewReader(w, given(s)).Verdict(context.Background(), w.test.ID)
	if diff := gocmp.Diff(r.Verdict, v); err != nil || diff != "" || v.Status != tandem.Better {
		t.Errorf("verdict alone, %v (-want +got):\n%s", err, diff)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

func TestSeveralArmsAreAdjustedByHolm(t *testing.T) {
	s := newSituation(4)
	for arm, p := range map[string]float64{"B": 0.012, "C": 0.03, "D": 0.4} {
		e := evidenceFor(tandem.MetricCompletion, arm, math.Log(p))
		e.Alpha = Alpha / 3
		s.Pairs = append(s.Pairs, e)
	}
	got := map[string]float64{}
	for _, m := range s.account().metrics() {
		for _, d := range m.Against {
			if d.Evidence != nil {
				got[d.Arm] = *d.Evidence.Adjusted
			}
		}
	}
	// Holm (1979): 3 times the least, 2 times the next, and never falling.
	for arm, want := range map[string]float64{"B": 0.036, "C": 0.06, "D": 0.4} {
		about(t, want, got[arm], 1e-12, arm)
	}
	v := s.verdict()
	if v.Status != tandem.Better || v.Arm != "B" {
		t.Errorf("%+v; want B better", v)
	}
	about(t, 0.036, *v.P, 1e-12, "p of the verdict")
	// An arm without evidence is one more comparison all the same.
	s.Pairs = s.Pairs[:0]
	b := evidenceFor(tandem.MetricCompletion, "B", math.Log(0.02))
	b.Alpha = Alpha / 3
	s.Pairs = append(s.Pairs, b)
	if v := s.verdict(); v.Status != tandem.Collecting || math.Abs(*v.P-0.06) > 1e-12 {
		t.Errorf("%+v; want nothing decided at p 0.06", v)
	}
}

func TestTestAndIntervalDecideTogether(t *testing.T) {
	// At exactly ln 0.05 the interval leaves 0 out; a hair above it holds it.
	for _, c := range []struct {
		logP   float64
		status tandem.VerdictStatus
	}{{math.Log(Alpha), tandem.Better}, {math.Nextafter(math.Log(Alpha), 0), tandem.Collecting}} {
		s := newSituation(2)
		s.Pairs = []Pair{evidenceFor(tandem.MetricCompletion, "B", c.logP)}
		if v := s.verdict(); v.Status != c.status {
			t.Errorf("ln p %v: %s; want %s", c.logP, v.Status, c.status)
		}
	}
}

func TestTheVerdictKeepsToThePhases(t *testing.T) {
	// Kidney stones, Charig et al. (1986), BMJ 292, 879-882: worse in each phase,
	// better when raw counts are pooled, which tallies do to describe an arm.
	s := newSituation(2)
	s.rows = nil
	s.test.Phases = append(s.test.Phases, tandem.Phase{Number: 2, Weights: []float64{77, 23}})
	s.test.Phases[0].Weights = []float64{24, 76}
	many := int64(10) // times as many calls, so that it is decided
	for _, c := range []struct {
		phase        int
		arm          string
		n, successes int64
	}{{1, "A", 87, 81}, {1, "B", 270, 234}, {2, "A", 263, 192}, {2, "B", 80, 55}} {
		s.tally(c.phase, c.arm, tandem.MetricCalls, tandem.Tally{Kind: tandem.Count, N: many * c.n})
		s.tally(c.phase, c.arm, tandem.MetricCompletion, tandem.Tally{Kind: tandem.Proportion, N: many * c.n, Successes: many * c.successes})
	}
	s.pair(Pair{Metric: tandem.MetricCompletion, Arm: "B", Kind: tandem.Proportion, NA: 3500, NB: 3500, MeanA: 0.8325, MeanB: 0.7788, SE: 0.0098})
	v := s.verdict()
	if v.Status != tandem.Better || v.Arm != "A" || !strings.Contains(v.Text, "77.9 % in B against 83.2 % in A, -5.4 points") {
		t.Errorf("%s: %s", v.Status, v.Text)
	}
}

func TestAVerdictHasItsNumbers(t *testing.T) {
	s := newSituation(2)
	p := s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
	v := s.verdict()
	if v.Compared != "B" || v.Against != "A" || *v.Value != p.Value || v.Level != Level || v.Method != tandem.Betting || v.Calls != 812 || !v.CoveredTo.Equal(after) {
		t.Errorf("%+v", v)
	}
	if *v.Interval != (tandem.Span{Low: p.Bet.Interval.Low, High: p.Bet.Interval.High}) || math.Abs(*v.P-math.Exp(p.Bet.LogP)) > 1e-15 {
		t.Errorf("interval %+v, p %v", v.Interval, *v.P)
	}
	if v.MoreCalls == nil || *v.MoreCalls != 4800 || math.Abs(*v.MoreDays-4800.0/160) > 1 {
		t.Errorf("more calls %v, days %v", v.MoreCalls, v.MoreDays)
	}
	if raw, err := json.Marshal(v); err != nil || strings.Contains(string(raw), `"alarms":null`) || strings.Contains(string(raw), `"guardrails":null`) {
		t.Errorf("%s, %v", raw, err)
	}
	for method, change := range map[tandem.Evidence]func(){
		tandem.Clustered:  func() { s.test.Unit = tandem.PerCaller },
		tandem.Asymptotic: func() {},
		tandem.ByPlan: func() {
			s.test.PlannedCalls = 1000
			s.Pairs[0].Planned = &Sequence{LogP: -1, Interval: stats.Interval{Low: -1, High: 1}}
		},
	} {
		s.test.Unit, s.test.PlannedCalls, s.Pairs[0].Bet = tandem.PerCall, 0, nil
		change()
		if v := s.verdict(); v.Method != method {
			t.Errorf("method %s; want %s", v.Method, method)
		}
	}
}
