package tandem_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

var t0 = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func drawEvent(t *rapid.T) tandem.Event {
	e := tandem.Event{
		ID:     fmt.Sprint("e", rapid.IntRange(0, 5).Draw(t, "id")),
		Origin: rapid.SampledFrom([]string{tandem.OriginSIP, tandem.OriginAPI, "vapi", tandem.OriginReplay, tandem.OriginReaper}).Draw(t, "origin"),
		CallID: "018f0000-0000-7000-8000-000000000001",
		At:     t0.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "at")) * time.Second),
		Kind:   rapid.SampledFrom([]tandem.EventKind{tandem.EventAssigned, tandem.EventAnswered, tandem.EventEnded, tandem.EventTransferred, tandem.EventFailover, tandem.EventTranscript, tandem.EventAnalysis, tandem.EventCost, tandem.EventLatency, tandem.EventLost, tandem.EventStarted}).Draw(t, "kind"),
	}
	n := rapid.IntRange(0, 2).Draw(t, "variant")
	switch e.Kind {
	case tandem.EventAssigned:
		e.Assigned = &tandem.Assignment{Arm: tandem.ArmKey(n)}
	case tandem.EventEnded:
		e.Ended = &tandem.Ending{By: []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent, tandem.BySystem}[n]}
	case tandem.EventTransferred:
		e.Transferred = &tandem.Transfer{State: []tandem.TransferState{tandem.TransferAttempted, tandem.TransferFailed, tandem.TransferCompleted}[n]}
	case tandem.EventFailover:
		e.Failover = &tandem.Failover{Reason: tandem.ReasonTargetDown, ServedBy: fmt.Sprint(n)}
	case tandem.EventTranscript:
		e.Transcript = make([]tandem.Turn, n)
	case tandem.EventAnalysis:
		e.Analysis = map[string]any{[]string{"a", "b", "c"}[n]: float64(n), "d": []any{nil, true, "x"}[n]}
	case tandem.EventCost:
		e.Cost = &tandem.Cost{Amount: float64(n), Currency: "USD"}
	case tandem.EventLatency:
		e.Latency = &tandem.Latency{P50MS: float64(n)}
	}
	return e
}

func TestARecordIsTheSameForAnyOrderAndRepetitionOfItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 1, 12).Draw(t, "events")
		apply := func(list []tandem.Event) tandem.Call {
			var c tandem.Call
			for _, e := range list {
				c.Apply(e)
			}
			return c
		}
		want := apply(events)
		shuffled := rapid.Permutation(append(append([]tandem.Event(nil), events...), events[:rapid.IntRange(0, len(events)).Draw(t, "again")]...)).Draw(t, "shuffled")
		if d := cmp.Diff(want, apply(shuffled)); d != "" {
			t.Fatalf("order or repetition changed the record:\n%s", d)
		}
		for _, e := range events {
			if changed, _ := want.Apply(e); changed {
				t.Fatalf("%s %s applied again changed the record", e.Kind, e.ID)
			}
		}
	})
}

func TestApplyLeavesCopiesOfTheRecordAlone(t *testing.T) {
	var before tandem.Call
	before.Apply(tandem.Event{ID: "1", Origin: "api", ForeignID: "x", Kind: tandem.EventAnalysis, At: t0, Analysis: map[string]any{"a": 1.0}})
	frozen, _ := json.Marshal(before)
	after := before
	after.Apply(tandem.Event{ID: "2", Origin: "vapi", ForeignID: "y", Kind: tandem.EventAnalysis, At: t0.Add(1), Analysis: map[string]any{"a": 2.0, "b": true}})
	after.Apply(tandem.Event{ID: "3", Origin: "sip", Kind: tandem.EventEnded, At: t0, Ended: &tandem.Ending{By: tandem.ByCaller}})
	if now, _ := json.Marshal(before); string(now) != string(frozen) {
		t.Errorf("the record before changed:\n%s\n%s", frozen, now)
	}
}

func TestWhoKnowsBetterIsBelieved(t *testing.T) {
	ended := func(origin string, at int, by tandem.EndedBy) tandem.Event {
		return tandem.Event{ID: origin, Origin: origin, Kind: tandem.EventEnded, At: t0.Add(time.Duration(at) * time.Second), Ended: &tandem.Ending{By: by}}
	}
	for name, tc := range map[string]struct {
		events []tandem.Event
		want   tandem.EndedBy
	}{
		"the gateway over a platform":           {[]tandem.Event{ended("vapi", 0, tandem.ByAgent), ended("sip", 5, tandem.ByCaller)}, tandem.ByCaller},
		"the earlier of two ends":               {[]tandem.Event{ended("vapi", 9, tandem.ByAgent), ended("retell", 3, tandem.ByCaller)}, tandem.ByCaller},
		"a replayed recording over the gateway": {[]tandem.Event{ended("sip", 1, tandem.ByAgent), ended("replay", 60, tandem.ByCaller)}, tandem.ByCaller},
		"a conversation over an attempt before it": {[]tandem.Event{
			{ID: "1", Origin: "sip", Kind: tandem.EventEnded, At: t0, Ended: &tandem.Ending{By: tandem.BySystem, Answered: new(bool)}},
			ended("sip", 50, tandem.ByCaller),
		}, tandem.ByCaller},
		"a report by name when nothing else does": {[]tandem.Event{ended("b", 1, tandem.ByAgent), ended("a", 1, tandem.ByCaller)}, tandem.ByAgent},
	} {
		t.Run(name, func(t *testing.T) {
			var c tandem.Call
			for _, e := range tc.events {
				c.Apply(e)
			}
			if c.Ended.Value.By != tc.want {
				t.Errorf("ended by %s, want %s", c.Ended.Value.By, tc.want)
			}
		})
	}
}

func TestStageAndDurationFollowFromTheFacts(t *testing.T) {
	ms := func(n int64) *int64 { return &n }
	yes := true
	answered := tandem.Event{ID: "a", Origin: "sip", Kind: tandem.EventAnswered, At: t0}
	end := func(origin string, e tandem.Ending) tandem.Event {
		return tandem.Event{ID: "z", Origin: origin, Kind: tandem.EventEnded, At: t0.Add(42 * time.Second), Ended: &e}
	}
	lost := tandem.Event{ID: "l", Origin: tandem.OriginReaper, Kind: tandem.EventLost, At: t0}
	for name, tc := range map[string]struct {
		events   []tandem.Event
		stage    tandem.Stage
		duration time.Duration // -1: unknown
		answered string
	}{
		"assigned":                      {nil, tandem.StageAssigned, -1, "unknown"},
		"answered and ended":            {[]tandem.Event{answered, end("sip", tandem.Ending{})}, tandem.StageEnded, 42 * time.Second, "yes"},
		"ended before any answer":       {[]tandem.Event{end("sip", tandem.Ending{})}, tandem.StageEnded, -1, "no"},
		"ended, as far as a user knows": {[]tandem.Event{end("api", tandem.Ending{})}, tandem.StageEnded, -1, "unknown"},
		"a stated duration":             {[]tandem.Event{answered, end("api", tandem.Ending{DurationMS: ms(1500)})}, tandem.StageEnded, 1500 * time.Millisecond, "yes"},
		"a stated duration of zero":     {[]tandem.Event{end("api", tandem.Ending{DurationMS: ms(0)})}, tandem.StageEnded, 0, "no"},
		"a stated answer":               {[]tandem.Event{end("api", tandem.Ending{Answered: &yes})}, tandem.StageEnded, -1, "yes"},
		"lost":                          {[]tandem.Event{lost}, tandem.StageLost, -1, "unknown"},
		"lost, then found":              {[]tandem.Event{lost, answered, end("api", tandem.Ending{})}, tandem.StageEnded, 42 * time.Second, "yes"},
		"analyzed":                      {[]tandem.Event{end("api", tandem.Ending{}), {ID: "v", Origin: "api", Kind: tandem.EventAnalysis, At: t0, Analysis: map[string]any{"x": nil}}}, tandem.StageAnalyzed, -1, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			var c tandem.Call
			for _, e := range tc.events {
				c.Apply(e)
			}
			d, known := c.Duration()
			if !known {
				d = -1
			}
			got := "unknown"
			if is, known := c.WasAnswered(); known {
				got = map[bool]string{true: "yes", false: "no"}[is]
			}
			if c.Stage() != tc.stage || d != tc.duration || got != tc.answered {
				t.Errorf("stage %s, duration %v, answered %s; want %s, %v, %s", c.Stage(), d, got, tc.stage, tc.duration, tc.answered)
			}
		})
	}
}

func TestEventsFromOutsideAreRefusedWithTheirField(t *testing.T) {
	ok := func() tandem.Event {
		return tandem.Event{ID: "1", Origin: "api", ForeignID: "c1", Kind: tandem.EventAnswered, At: t0}
	}
	if err := ok().Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*tandem.Event){
		"id":                func(e *tandem.Event) { e.ID = "" },
		"origin":            func(e *tandem.Event) { e.Origin = "Not An Origin" },
		"call_id":           func(e *tandem.Event) { e.CallID = "nonsense" },
		"foreign_id":        func(e *tandem.Event) { e.ForeignID = "" },
		"at":                func(e *tandem.Event) { e.At = time.Time{} },
		"kind":              func(e *tandem.Event) { e.Kind = "exploded" },
		"ended":             func(e *tandem.Event) { e.Kind = tandem.EventEnded },
		"ended.by":          func(e *tandem.Event) { e.Kind = tandem.EventEnded; e.Ended = &tandem.Ending{By: "cat"} },
		"transferred.state": func(e *tandem.Event) { e.Kind = tandem.EventTransferred; e.Transferred = &tandem.Transfer{} },
		"transcript[1].role": func(e *tandem.Event) {
			e.Kind = tandem.EventTranscript
			e.Transcript = []tandem.Turn{{Role: "agent"}, {}}
		},
		"analysis.sentiment": func(e *tandem.Event) { e.Kind = tandem.EventAnalysis; e.Analysis = map[string]any{"sentiment": 3.0} },
		"analysis.Bad Name":  func(e *tandem.Event) { e.Kind = tandem.EventAnalysis; e.Analysis = map[string]any{"Bad Name": true} },
		"analysis.a":         func(e *tandem.Event) { e.Kind = tandem.EventAnalysis; e.Analysis = map[string]any{"a": []any{}} },
		"failover.reason": func(e *tandem.Event) {
			e.Kind = tandem.EventFailover
			e.Failover = &tandem.Failover{Reason: "a whim", ServedBy: tandem.ServedByFallback}
		},
		"cost":    func(e *tandem.Event) { e.Kind = tandem.EventCost; e.Cost = &tandem.Cost{Amount: -1, Currency: "USD"} },
		"latency": func(e *tandem.Event) { e.Kind = tandem.EventLatency; e.Latency = &tandem.Latency{P50MS: -1} },
	} {
		t.Run(field, func(t *testing.T) {
			e := ok()
			change(&e)
			err := e.Validate()
			if tandem.CodeOf(err) != tandem.Invalid || !hasField(err, field) {
				t.Errorf("got %v, want an invalid error on %s", err, field)
			}
		})
	}
}

func hasField(err error, field string) bool {
	switch e := err.(type) { //nolint:errorlint // it walks the tree itself, one level at a time
	case *tandem.Error:
		return e.Field == field
	case interface{ Unwrap() []error }:
		for _, sub := range e.Unwrap() {
			if hasField(sub, field) {
				return true
			}
		}
	}
	return false
}
