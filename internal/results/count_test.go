package results

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
)

// said lists what a call of the world says, by metric.
func said(t *testing.T, w *world, c tandem.Call) map[string]any {
	t.Helper()
	changes, err := NewCounter(w).Count(context.Background(), tandem.Call{}, &c)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, ch := range changes {
		if ch.Remove != nil || ch.Add == nil || ch.Key.TestID != w.test.ID {
			t.Fatalf("a new call's change is %+v; want an addition to its test", ch)
		}
		if _, twice := out[ch.Key.Metric]; twice {
			t.Fatalf("%s occurs twice", ch.Key.Metric)
		}
		switch ch.Add.Kind {
		case tandem.Count:
			out[ch.Key.Metric] = "counted"
		case tandem.Proportion:
			out[ch.Key.Metric] = ch.Add.Number == 1
		case tandem.Mean:
			out[ch.Key.Metric] = ch.Add.Number
		case tandem.Category:
			out[ch.Key.Metric] = ch.Add.Name
		}
	}
	return out
}

func TestACallSaysWhatItsRecordHolds(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	id := callID(1)
	assigned := w.assigned(id, 1, "B")
	for _, c := range []struct {
		name   string
		events []tandem.Event
		want   map[string]any
	}{
		{"assigned", []tandem.Event{assigned}, map[string]any{"calls": "counted"}},
		{
			"analysis before the end",
			[]tandem.Event{assigned, analysis(id, map[string]any{"booked": true})},
			map[string]any{"calls": "counted"},
		},
		{"lost", []tandem.Event{assigned, {CallID: id, Kind: tandem.EventLost}}, map[string]any{"calls": "counted", "lost": "counted"}},
		{
			"lost, then ended after all",
			[]tandem.Event{assigned, {CallID: id, Kind: tandem.EventLost}, ended(id, tandem.ByAgent, 61.5)},
			map[string]any{"calls": "counted", "ended": "counted", "answered": true, "duration": 61.5, "transfer": false, "ended_by": "agent"},
		},
		{
			"ended by the caller",
			[]tandem.Event{assigned, ended(id, tandem.ByCaller, 20)},
			map[string]any{"calls": "counted", "ended": "counted", "answered": true, "duration": 20.0, "transfer": false, "ended_by": "caller", "caller_hangup": 20.0},
		},
		{
			"not answered",
			[]tandem.Event{assigned, {CallID: id, Kind: tandem.EventEnded, Ended: &tandem.Ending{By: tandem.BySystem, Answered: ptr(false)}}},
			map[string]any{"calls": "counted", "ended": "counted", "answered": false, "transfer": false, "ended_by": "system", "completion": false},
		},
		{
			"ended, nothing else known",
			[]tandem.Event{assigned, {CallID: id, Kind: tandem.EventEnded, Ended: &tandem.Ending{By: tandem.ByUnknown}}},
			map[string]any{"calls": "counted", "ended": "counted", "transfer": false, "ended_by": "unknown"},
		},
		{
			"everything",
			[]tandem.Event{
				assigned, ended(id, tandem.ByAgent, 95),
				{CallID: id, Kind: tandem.EventTransferred, Transferred: &tandem.Transfer{State: tandem.TransferCompleted}},
				{CallID: id, Kind: tandem.EventCost, Cost: &tandem.Cost{Amount: 0.31, Currency: "USD"}},
				{CallID: id, Kind: tandem.EventLatency, Latency: &tandem.Latency{P50MS: 640}},
				analysis(id, map[string]any{"booked": true, "amount": 80.0, "reason": "book", "summary": "a new appointment", "sentiment": 0.4, "barge_ins": 2.0, "polite": true, "mood": "calm"}),
			},
			map[string]any{
				"calls": "counted", "ended": "counted", "analyzed": "counted", "answered": true, "duration": 95.0, "completion": true,
				"transfer": true, "ended_by": "transfer", "cost.USD": 0.31, "latency": 640.0, "sentiment": 0.4,
				"field.booked": true, "field.amount": 80.0, "field.reason": "book", "field.summary": true,
				"field.barge_ins:number": 2.0, "field.polite": true,
			},
		},
		{
			"unknown and unacceptable values",
			[]tandem.Event{
				assigned, ended(id, tandem.ByAgent, 95),
				analysis(id, map[string]any{"booked": nil, "amount": 5000.0, "reason": "elsewhere", "summary": nil, "sentiment": nil}),
			},
			map[string]any{
				"calls": "counted", "ended": "counted", "analyzed": "counted", "answered": true, "duration": 95.0,
				"transfer": false, "ended_by": "agent", "field.summary": false,
				"unknown.booked": "counted", "unknown.amount": "counted", "unknown.reason": "counted",
				"unknown.summary": "counted", "unknown.sentiment": "counted",
			},
		},
		{
			"the standard fields",
			[]tandem.Event{
				assigned, ended(id, tandem.ByAgent, 95),
				analysis(id, map[string]any{"call_successful": true, "language_naturalness": 4.0, "error_handling": nil, "off_script_recovery": 2.0, "mood": nil}),
			},
			map[string]any{
				"calls": "counted", "ended": "counted", "analyzed": "counted", "answered": true, "duration": 95.0,
				"transfer": false, "ended_by": "agent",
				"call_successful": true, "language_naturalness": 4.0, "unknown.error_handling": "counted", "off_script_recovery": 2.0,
			},
		},
		{
			"a machine took it",
			[]tandem.Event{
				assigned,
				{CallID: id, Kind: tandem.EventEnded, Ended: &tandem.Ending{By: tandem.ByAgent, DurationMS: ptr(int64(9000)), Cause: "voicemail"}},
				analysis(id, map[string]any{"booked": true}),
			},
			map[string]any{
				"calls": "counted", "ended": "counted", "analyzed": "counted", "answered": true, "duration": 9.0, "completion": false,
				"transfer": false, "ended_by": "agent", "field.booked": true,
			},
		},
		{
			"served by another version",
			[]tandem.Event{
				assigned, ended(id, tandem.ByAgent, 95), analysis(id, map[string]any{"booked": true}),
				{CallID: id, Kind: tandem.EventFailover, Failover: &tandem.Failover{Reason: tandem.ReasonTargetDown, ServedBy: "fallback"}},
			},
			map[string]any{"not_randomised": "target_down"},
		},
		{"not assigned yet", []tandem.Event{ended(id, tandem.ByAgent, 95)}, map[string]any{}},
		{
			"outside tests",
			[]tandem.Event{ended(id, tandem.ByAgent, 95), {CallID: id, Kind: tandem.EventAssigned, Assigned: &tandem.Assignment{RouteID: w.route.ID}}},
			map[string]any{},
		},
	} {
		call := tandem.Call{ID: id}
		for i, e := range c.events {
			e.ID, e.Origin, e.At = fmt.Sprint(i), "api", epoch
			call.Apply(e)
		}
		if diff := gocmp.Diff(c.want, said(t, w, call)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestUndefinedNamesAreBoundedAndAlwaysTheSame(t *testing.T) {
	w := newWorld(t, "")
	id := callID(1)
	values := map[string]any{"booked": true}
	for i := range 500 {
		values[fmt.Sprintf("made_up_%03d", i)] = true
	}
	call := tandem.Call{ID: id}
	for i, e := range []tandem.Event{w.assigned(id, 1, "A"), ended(id, tandem.ByAgent, 10), analysis(id, values)} {
		e.ID, e.Origin, e.At = fmt.Sprint(i), "api", epoch
		call.Apply(e)
	}
	first := said(t, w, call)
	if _, ok := first["field.made_up_031"]; !ok || len(first) != 8+maxUndefined {
		t.Errorf("%d metrics; want 8 and the first %d made-up names", len(first), maxUndefined)
	}
	if _, ok := first["field.booked"]; !ok {
		t.Error("the defined field is missing")
	}
	if diff := gocmp.Diff(first, said(t, w, call)); diff != "" {
		t.Errorf("counted again (-first +second):\n%s", diff)
	}
}

func TestAFieldThatOnlyTheOtherVersionDefinesCountsByItsDefinition(t *testing.T) {
	w := newWorld(t, "", []tandem.Field{{Name: "score", Type: tandem.Number}}, []tandem.Field{})
	id := callID(1)
	call := tandem.Call{ID: id}
	for i, e := range []tandem.Event{w.assigned(id, 1, "B"), ended(id, tandem.ByAgent, 10), analysis(id, map[string]any{"score": 3.0})} {
		e.ID, e.Origin, e.At = fmt.Sprint(i), "api", epoch
		call.Apply(e)
	}
	if got := said(t, w, call)["field.score"]; got != 3.0 {
		t.Errorf("field.score is %v; want 3", got)
	}
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	id := callID(1)
	w.report(t, w.assigned(id, 1, "A"))
	w.report(t, ended(id, tandem.ByCaller, 30))
	before := w.calls[id]

	after := before
	e := analysis(id, map[string]any{"booked": true})
	e.ID, e.Origin, e.At = "x", "api", epoch
	after.Apply(e)
	changes, err := w.counter.Count(context.Background(), before, &after)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(changes, func(a, b tandem.TallyChange) int { return cmp.Compare(a.Key.Metric, b.Key.Metric) })
	cell := func(metric string) tandem.TallyKey {
		return tandem.TallyKey{TestID: w.test.ID, Phase: 1, Arm: "A", Metric: metric}
	}
	want := []tandem.TallyChange{
		{Key: cell("analyzed"), Add: ptr(count("analyzed"))},
		{Key: cell("completion"), Add: ptr(proportion("completion", true))},
		{Key: cell("field.booked"), Add: ptr(proportion("field.booked", true))},
	}
	if diff := gocmp.Diff(want, changes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	again, err := w.counter.Count(context.Background(), after, ptr(after))
	if err != nil || len(again) != 0 {
		t.Errorf("the same record again: %v, %v; want nothing", again, err)
	}

	corrected := after
	e = analysis(id, map[string]any{"booked": false})
	e.ID, e.Origin, e.At = "y", "api", epoch.Add(1)
	corrected.Apply(e)
	changes, err = w.counter.Count(context.Background(), after, &corrected)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(changes, func(a, b tandem.TallyChange) int { return cmp.Compare(a.Key.Metric, b.Key.Metric) })
	want = []tandem.TallyChange{
		{Key: cell("completion"), Remove: ptr(proportion("completion", true)), Add: ptr(proportion("completion", false))},
		{Key: cell("field.booked"), Remove: ptr(proportion("field.booked", true)), Add: ptr(proportion("field.booked", false))},
	}
	if diff := gocmp.Diff(want, changes); diff != "" {
		t.Errorf("corrected (-want +got):\n%s", diff)
	}
}

func TestACallThatMovesToAnotherArmLeavesNothingBehind(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	id := callID(1)
	late := w.assigned(id, 1, "A")
	late.At = epoch.Add(10)
	w.report(t, late)
	w.report(t, ended(id, tandem.ByCaller, 30))
	w.report(t, analysis(id, map[string]any{"booked": true}))
	early := w.assigned(id, 2, "B") // the earlier assignment is believed
	early.At = epoch.Add(5)
	w.report(t, early)
	for k, tally := range w.tallies {
		if want := int64(1); k.Arm == "A" && tally.N != 0 || k.Arm == "B" && (tally.N != want || k.Phase != 2) {
			t.Errorf("%v holds %d", k, tally.N)
		}
	}
}

func TestTheStoreIsAskedOncePerTest(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 50, 25, func(int) float64 { return 30 })
	if w.asked != 3 { // the test and its two versions
		t.Errorf("asked %d times; want 3", w.asked)
	}
}

func TestACallOfAnUnknownTestIsAnError(t *testing.T) {
	w := newWorld(t, "")
	e := w.assigned(callID(1), 1, "A")
	e.Assigned.TestID = tandem.NewID(epoch)
	e.ID, e.Origin, e.At = "1", "api", epoch
	if err := w.ingest(e); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("error %v; want NotFound", err)
	}
}

func TestAStoredGoalThatDoesNotCompileStopsNothing(t *testing.T) {
	w := newWorld(t, "fields.gone == true")
	w.play(t, 1, "A", 1, 1, func(int) float64 { return 30 })
	if c := w.calls[w.order[0]]; c.Goal != nil {
		t.Errorf("goal %v; want unknown", *c.Goal)
	}
	report, err := NewReader(w, nil).Verify(context.Background(), w.test.ID, nil)
	if err != nil || report.OK() || report.Differences[0].What != "goal expression" {
		t.Errorf("%+v, %v; want the goal expression reported", report, err)
	}
}

// BenchmarkCount counts the event that says most: the end of an answered call
// whose analysis is known.
func BenchmarkCount(b *testing.B) {
	w := newWorld(b, "fields.booked == true && call.duration_seconds > 30")
	id := callID(1)
	before := tandem.Call{ID: id}
	for i, e := range []tandem.Event{w.assigned(id, 1, "A"), analysis(id, map[string]any{"booked": true, "amount": 80.0, "reason": "book", "sentiment": 0.4})} {
		e.ID, e.Origin, e.At = fmt.Sprint(i), "api", epoch
		before.Apply(e)
	}
	after := before
	e := ended(id, tandem.ByCaller, 60)
	e.ID, e.Origin, e.At = "end", "api", epoch
	after.Apply(e)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		changed := after
		if _, err := w.counter.Count(ctx, before, &changed); err != nil {
			b.Fatal(err)
		}
	}
}
