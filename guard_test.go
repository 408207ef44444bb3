package tandem

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var guardEpoch = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func guardedTest(t *testing.T, rules Rules, weights ...float64) (Test, error) {
	t.Helper()
	spec := TestSpec{PrimaryMetric: MetricCompletion, Rules: rules}
	for _, w := range weights {
		spec.Arms = append(spec.Arms, ArmSpec{VersionID: NewID(guardEpoch), Weight: w})
	}
	return NewTest(Route{ID: NewID(guardEpoch)}, spec, guardEpoch)
}

func TestRulesAreFilledInByMetric(t *testing.T) {
	got, err := guardedTest(t, Rules{Guardrails: []Guardrail{
		{Metric: MetricTransfer, Margin: 0.05},
		{Metric: MetricSentiment, Margin: 0.1, Action: Rollback},
		{Metric: MetricDuration, Worse: Lower, Margin: 5},
	}}, 50, 50)
	if err != nil {
		t.Fatal(err)
	}
	if got.Better != Higher {
		t.Errorf("completion is better %s; want higher", got.Better)
	}
	want := []Guardrail{
		{Metric: MetricTransfer, Worse: Higher, Margin: 0.05, Action: Announce},
		{Metric: MetricSentiment, Worse: Lower, Margin: 0.1, Action: Rollback},
		{Metric: MetricDuration, Worse: Lower, Margin: 5, Action: Announce},
	}
	for i, g := range got.Guardrails {
		if g != want[i] {
			t.Errorf("guardrail %d is %+v; want %+v", i, g, want[i])
		}
	}
}

func TestRulesThatCannotHoldAreRefusedByName(t *testing.T) {
	for name, c := range map[string]struct {
		rules Rules
		field string
	}{
		"a direction that is none":           {Rules{Better: "up"}, "better"},
		"a negative margin":                  {Rules{EquivalenceMargin: -1}, "equivalence_margin"},
		"a negative plan":                    {Rules{PlannedCalls: -1}, "planned_calls"},
		"a guardrail without a metric":       {Rules{Guardrails: []Guardrail{{Margin: 1}}}, "guardrails[0].metric"},
		"an action that is none":             {Rules{Guardrails: []Guardrail{{Metric: "transfer", Action: "panic"}}}, "guardrails[0].action"},
		"the same guardrail twice":           {Rules{Guardrails: []Guardrail{{Metric: "transfer"}, {Metric: "transfer", Margin: 1}}}, "guardrails[1].metric"},
		"a ramp that starts elsewhere":       {Rules{Ramp: []RampStep{{Weights: []float64{90, 10}, MinCalls: 1}, {Weights: []float64{50, 50}}}}, "ramp[0].weights"},
		"a ramp step with too few weights":   {Rules{Ramp: []RampStep{{Weights: []float64{100}}}}, "ramp[0].weights"},
		"a ramp step that does not add up":   {Rules{Ramp: []RampStep{{Weights: []float64{50, 50}, MinCalls: 1}, {Weights: []float64{50, 60}}}}, "ramp[1].weights"},
		"a ramp step that changes nothing":   {Rules{Ramp: []RampStep{{Weights: []float64{50, 50}, MinCalls: 1}, {Weights: []float64{50, 50}}}}, "ramp[1].weights"},
		"a ramp step without a reason to go": {Rules{Ramp: []RampStep{{Weights: []float64{50, 50}}, {Weights: []float64{0, 100}}}}, "ramp[0].min_calls"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := guardedTest(t, c.rules, 50, 50)
			var e *Error
			if !errors.As(err, &e) || !strings.HasPrefix(e.Field, c.field) {
				t.Errorf("error %v; want one that names %s", err, c.field)
			}
		})
	}
}

func rampedTest(t *testing.T) Test {
	t.Helper()
	got, err := guardedTest(t, Rules{Ramp: []RampStep{
		{Weights: []float64{90, 10}, MinCalls: 100, MinMinutes: 60},
		{Weights: []float64{70, 30}, MinCalls: 50},
		{Weights: []float64{50, 50}},
	}}, 90, 10)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestARampStepIsDueAfterBothOfItsMinimums(t *testing.T) {
	test := rampedTest(t)
	for name, c := range map[string]struct {
		calls int64
		after time.Duration
		due   bool
	}{
		"too few calls":   {99, 2 * time.Hour, false},
		"too little time": {100, 59 * time.Minute, false},
		"both":            {100, time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			next, due := test.NextRampStep(c.calls, guardEpoch.Add(c.after))
			if due != c.due || next.Weights[1] != 30 {
				t.Errorf("due %v for %v; want %v", due, next.Weights, c.due)
			}
		})
	}
}

func TestARampEndsAtItsLastStep(t *testing.T) {
	test := rampedTest(t)
	for i, want := range []int{2, 0} {
		if err := test.AdvanceRamp(guardEpoch.Add(time.Duration(i+1) * time.Hour)); err != nil {
			t.Fatal(err)
		}
		if test.RampStep != want || test.Phase().Number != i+2 {
			t.Errorf("step %d, phase %d; want step %d, phase %d", test.RampStep, test.Phase().Number, want, i+2)
		}
	}
	if err := test.AdvanceRamp(guardEpoch); CodeOf(err) != Conflict {
		t.Errorf("advanced past the end: %v", err)
	}
}

func TestASplitByHandOverrulesTheRamp(t *testing.T) {
	test := rampedTest(t)
	if err := test.Reweight([]float64{80, 20}, guardEpoch); err != nil {
		t.Fatal(err)
	}
	if _, due := test.NextRampStep(1e6, guardEpoch.Add(1000*time.Hour)); due || test.RampStep != 0 {
		t.Error("the ramp goes on")
	}
}

func TestARollbackGivesAllCallsToAAndStopsTheRamp(t *testing.T) {
	test := rampedTest(t)
	if err := test.RollBack(guardEpoch); err != nil {
		t.Fatal(err)
	}
	if !test.RolledBack() || test.RampStep != 0 || test.Status != Running || test.Phase().Number != 2 {
		t.Errorf("arms %v, ramp step %d, %s, phase %d", test.Arms, test.RampStep, test.Status, test.Phase().Number)
	}
}

func TestARollbackRemembersWhatItWasFor(t *testing.T) {
	test := rampedTest(t)
	harm := Breach{Metric: MetricTransfer, Worse: Higher, Arm: "B"}
	if _, done := test.RollbackFor(harm); done {
		t.Error("rolled back before it was")
	}
	before := test
	if err := test.RollBackFor([]Breach{harm, harm}, guardEpoch); err != nil {
		t.Fatal(err)
	}
	was, done := test.RollbackFor(harm)
	if !test.RolledBack() || !done || !was.At.Equal(guardEpoch) || len(test.RolledBackFor) != 1 || len(before.RolledBackFor) != 0 {
		t.Errorf("arms %v, remembers %v, the copy %v", test.Arms, test.RolledBackFor, before.RolledBackFor)
	}
	for _, other := range []Breach{
		{Metric: MetricDuration, Worse: Higher, Arm: "B"}, {Metric: MetricTransfer, Worse: Lower, Arm: "B"}, {Metric: MetricTransfer, Worse: Higher, Arm: "C"},
	} {
		if _, done := test.RollbackFor(other); done {
			t.Errorf("%+v was not what it was for", other)
		}
	}
	test.Status = Ended
	if err := test.RollBackFor([]Breach{harm}, guardEpoch); CodeOf(err) != Conflict {
		t.Errorf("an ended test was rolled back: %v", err)
	}
}

func TestAWebhookNeedsAnAddressAndKnownKinds(t *testing.T) {
	for _, address := range []string{"", "example.com/hook", "ftp://example.com", "https://", "https://example.com/" + strings.Repeat("x", 2000)} {
		if _, err := NewWebhook(address, nil, guardEpoch); CodeOf(err) != Invalid {
			t.Errorf("%.40q was taken: %v", address, err)
		}
	}
	if _, err := NewWebhook("https://example.com/hook", []NoticeKind{"weather"}, guardEpoch); CodeOf(err) != Invalid {
		t.Errorf("an unknown kind was taken: %v", err)
	}
	w, err := NewWebhook("https://example.com/hook", []NoticeKind{NoticeVerdict}, guardEpoch)
	if err != nil || !strings.HasPrefix(w.Secret, "whsec_") || !w.Wants(NoticeVerdict) || w.Wants(NoticeSplit) || !w.Wants(NoticePing) {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestVolumeIsCallsByDay(t *testing.T) {
	v := Volume{Calls: 84, From: guardEpoch, To: guardEpoch.Add(12 * time.Hour)}
	if v.PerDay() != 168 {
		t.Errorf("%v a day; want 168", v.PerDay())
	}
	if (Volume{}).PerDay() != 0 {
		t.Error("no calls have a volume")
	}
}
