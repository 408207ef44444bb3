package tandem

import (
	"testing"
	"time"
)

func TestACallThatAnotherVersionTookIsCountedApart(t *testing.T) {
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	mine, other := NewID(now), NewID(now)
	for _, c := range []struct {
		name      string
		assigned  Assignment
		failover  bool
		reporting ID
		want      Reason
	}{
		{"nobody says which", Assignment{VersionID: mine}, false, "", ""},
		{"the one it was assigned", Assignment{VersionID: mine}, false, mine, ""},
		{"another", Assignment{VersionID: mine}, false, other, ReasonVersionMismatch},
		{"another, and it had no fair draw", Assignment{VersionID: mine, NotRandomised: ReasonLimit}, false, other, ReasonLimit},
		{"another, as a failover says", Assignment{VersionID: mine}, true, other, ReasonTargetDown},
		{"a call outside tests", Assignment{}, false, other, ""},
	} {
		events := []Event{
			{ID: "1", Origin: OriginAPI, CallID: mine, Kind: EventAssigned, At: now, Assigned: &c.assigned},
			{ID: "2", Origin: OriginAPI, CallID: mine, Kind: EventAnswered, At: now, VersionID: c.reporting},
		}
		if c.failover {
			events = append(events, Event{ID: "3", Origin: OriginAPI, CallID: mine, Kind: EventFailover, At: now, Failover: &Failover{Reason: ReasonTargetDown, ServedBy: string(other)}})
		}
		var forth, back Call
		for i := range events {
			forth.Apply(events[i])
			back.Apply(events[len(events)-1-i])
		}
		if forth.NotRandomised() != c.want || back.NotRandomised() != c.want {
			t.Errorf("%s: %q, in reverse %q; want %q", c.name, forth.NotRandomised(), back.NotRandomised(), c.want)
		}
	}
	wrong := Event{ID: "1", Origin: OriginAPI, CallID: mine, Kind: EventStarted, At: now, VersionID: other}
	if err := wrong.Validate(); CodeOf(err) != Invalid {
		t.Errorf("a version reported at the start: %v", err)
	}
}

func TestARampSaysAllThatItWaitsFor(t *testing.T) {
	now := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	g := Guardrail{Metric: MetricTransfer, Worse: Higher}
	test, err := NewTest(Route{ID: NewID(now)}, TestSpec{
		Arms:  []ArmSpec{{VersionID: NewID(now), Weight: 90}, {VersionID: NewID(now), Weight: 10}},
		Rules: Rules{Guardrails: []Guardrail{g}, Ramp: []RampStep{{Weights: []float64{90, 10}, MinCalls: 100, MinMinutes: 60}, {Weights: []float64{50, 50}}}},
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	first := test.RampWaits(Verdict{}, 99, false, now)
	if first == nil || len(first.Waits) != 3 || first.Step != 1 || first.Steps != 2 {
		t.Errorf("%+v; want calls, time and the guardrail", first)
	}
	v := Verdict{Guardrails: []GuardrailState{{Guardrail: test.Guardrails[0], Arm: "B", Known: true}}}
	if due := test.RampWaits(v, 100, false, now.Add(time.Hour)); due == nil || len(due.Waits) != 0 {
		t.Errorf("%+v; want it due", due)
	}
	v.Guardrails[0].Breached = true
	v.Alarms = []Alarm{{Check: CheckSampleRatio}}
	if held := test.RampWaits(v, 100, true, now.Add(time.Hour)); len(held.Waits) != 3 {
		t.Errorf("%+v; want the breach, the alarm and the evidence", held)
	}
	test.RampStep = 0
	if none := test.RampWaits(v, 100, false, now); none != nil {
		t.Errorf("%+v; want none", none)
	}
}
