package results

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
)

// goalCall is an answered call of 90 s that the caller ended, with values.
func goalCall(values map[string]any, change ...func(*tandem.Call)) *tandem.Call {
	ms := int64(90_000)
	c := &tandem.Call{Ended: &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}}}
	c.Values = map[string]tandem.Fact[any]{}
	for name, v := range values {
		c.Values[name] = tandem.Fact[any]{Value: v}
	}
	for _, f := range change {
		f(c)
	}
	return c
}

func TestGoalIsMetNotMetOrUnknown(t *testing.T) {
	for _, c := range []struct {
		name, expr string
		call       *tandem.Call
		want       string
	}{
		{"a field that is true", "fields.booked == true", goalCall(map[string]any{"booked": true}), "met"},
		{"a field that is false", "fields.booked == true", goalCall(map[string]any{"booked": false}), "not_met"},
		{"a field on its own", "fields.booked", goalCall(map[string]any{"booked": true}), "met"},
		{"a field not reported", "fields.booked == true", goalCall(nil), "unknown"},
		{"a field reported as unknown", "fields.booked == true", goalCall(map[string]any{"booked": nil}), "unknown"},
		{"not of unknown", "!fields.booked", goalCall(nil), "unknown"},
		{"unknown, decided by the other side of or", "fields.booked || call.duration_seconds > 60.0", goalCall(nil), "met"},
		{"unknown, decided by the other side of and", "call.duration_seconds < 60 && fields.booked", goalCall(nil), "not_met"},
		{"unknown and true", "call.duration_seconds > 60 && fields.booked", goalCall(nil), "unknown"},
		{"a double against a whole number", "fields.amount > 30", goalCall(map[string]any{"amount": 30.5}), "met"},
		{"a double equal to a whole number", "fields.amount == 30", goalCall(map[string]any{"amount": 30.0}), "met"},
		{"a double among whole numbers", "fields.amount in [10, 30] && fields.amount != 10", goalCall(map[string]any{"amount": 30.0}), "met"},
		{"a double and a whole number added", "fields.amount + 1 == 31", goalCall(map[string]any{"amount": 30.0}), "met"},
		{"a selector in a list", "fields.reason in ['book', 'cancel']", goalCall(map[string]any{"reason": "cancel"}), "met"},
		{"text that holds a word", "fields.summary.contains('insurance')", goalCall(map[string]any{"summary": "asked about insurance"}), "met"},
		{"sentiment", "fields.sentiment >= 0.2", goalCall(map[string]any{"sentiment": 0.1}), "not_met"},
		{"a value of another type than defined", "fields.booked", goalCall(map[string]any{"booked": "yes"}), "unknown"},
		{"has of a known value", "has(fields.booked)", goalCall(map[string]any{"booked": false}), "met"},
		{"has of an unknown value", "has(fields.booked) && fields.booked", goalCall(map[string]any{"booked": nil}), "not_met"},
		{"transferred, nothing known of it", "!call.transferred", goalCall(nil), "met"},
		{"transfer completed", "call.transfer_completed", goalCall(nil, func(c *tandem.Call) {
			c.Transfer = &tandem.Fact[tandem.Transfer]{Value: tandem.Transfer{State: tandem.TransferCompleted}}
		}), "met"},
		{"ended by", "call.ended_by == 'caller'", goalCall(nil), "met"},
		{"ended by unknown", "call.ended_by == 'caller'", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.By = tandem.ByUnknown }), "unknown"},
		{"turns", "call.turns >= 4", goalCall(nil, func(c *tandem.Call) { c.Turns = &tandem.Fact[int]{Value: 4} }), "met"},
		{"turns without a transcript", "call.turns >= 4", goalCall(nil), "unknown"},
		{"latency and cost", "call.latency_ms < 900 && call.cost < 0.5", goalCall(nil, func(c *tandem.Call) {
			c.Latency = &tandem.Fact[tandem.Latency]{Value: tandem.Latency{P50MS: 700}}
			c.Cost = &tandem.Fact[tandem.Cost]{Value: tandem.Cost{Amount: 0.4}}
		}), "met"},
		{"a sip status, a cause", "call.sip_status == 486 || call.cause == 'busy'", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Cause = "busy" }), "met"},
		{"a call still going on", "true", &tandem.Call{Answered: &tandem.Fact[struct{}]{}}, "unknown"},
		{"a lost call", "true", &tandem.Call{Lost: &tandem.Fact[struct{}]{}}, "unknown"},
		{"nobody answered", "true", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Answered = ptr(false) }), "not_met"},
		{"nobody answered, a goal that says when that counts", "!call.answered", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Answered = ptr(false) }), "met"},
		{"nobody answered, a goal about the length", "call.duration_seconds < 100", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Answered = ptr(false) }), "not_met"},
		{"nobody answered, a goal that asks whether that is known", "has(call.answered)", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Answered = ptr(false) }), "met"},
		{"zero seconds, a goal about the length", "call.duration_seconds < 100", goalCall(nil, func(c *tandem.Call) {
			*c.Ended.Value.DurationMS = 0
			c.Answered = &tandem.Fact[struct{}]{}
		}), "met"},
		{"zero seconds, a goal about the answer", "call.answered", goalCall(nil, func(c *tandem.Call) {
			*c.Ended.Value.DurationMS = 0
			c.Answered = &tandem.Fact[struct{}]{}
		}), "not_met"},
		{"a voicemail that the platform calls a success", "fields.call_successful", goalCall(map[string]any{"call_successful": true}, func(c *tandem.Call) { c.Ended.Value.Voicemail = ptr(true) }), "not_met"},
		{"a voicemail by its cause", "true", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Cause = "Voicemail-Reached" }), "not_met"},
		{"a voicemail, unknown otherwise", "fields.booked", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Cause = "machine_end_beep" }), "not_met"},
		{"no voicemail, whatever the cause", "true", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Cause, c.Ended.Value.Voicemail = "voicemail", ptr(false) }), "met"},
		{"a goal that a message on a machine meets", "fields.booked || call.voicemail", goalCall(nil, func(c *tandem.Call) { c.Ended.Value.Voicemail = ptr(true) }), "met"},
		{"a goal that excludes machines", "fields.booked && !call.voicemail", goalCall(map[string]any{"booked": true}), "met"},
		{"the other standard fields", "fields.language_naturalness >= 4 && fields.error_handling > 2 && fields.off_script_recovery != 1", goalCall(map[string]any{"language_naturalness": 4.0, "error_handling": 3.0, "off_script_recovery": 5.0}), "met"},
		{"a standard field that is unknown", "fields.error_handling > 2", goalCall(map[string]any{"error_handling": nil}), "unknown"},
		{"zero seconds", "true", goalCall(nil, func(c *tandem.Call) {
			*c.Ended.Value.DurationMS = 0
			c.Answered = &tandem.Fact[struct{}]{}
		}), "not_met"},
		{"answered, length not known", "fields.booked", goalCall(map[string]any{"booked": true}, func(c *tandem.Call) { c.Ended.Value.DurationMS = nil }), "met"},
		{"division by zero", "10 / (call.turns - 4) > 1", goalCall(nil, func(c *tandem.Call) { c.Turns = &tandem.Fact[int]{Value: 4} }), "unknown"},
		{"no goal", "", goalCall(map[string]any{"booked": true}), "unknown"},
	} {
		g, err := compileGoal(c.expr, defaultFields())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := (tandem.Call{Goal: g.met(c.call)}).GoalState(); got != c.want {
			t.Errorf("%s: %s gives %s; want %s", c.name, c.expr, got, c.want)
		}
	}
}

func TestGoalWithoutDefinedFieldsTakesAnyName(t *testing.T) {
	for _, c := range []struct {
		expr string
		call *tandem.Call
		want string
	}{
		{"fields.success == true", goalCall(map[string]any{"success": true}), "met"},
		{"fields.success == true", goalCall(nil), "unknown"},
		{"fields.success", goalCall(map[string]any{"success": false}), "not_met"},
		{"fields.success", goalCall(map[string]any{"success": "no truth value"}), "unknown"},
		{"fields.barge_ins < 3", goalCall(map[string]any{"barge_ins": 2.0}), "met"},
		{"fields.barge_ins < 3", goalCall(map[string]any{"barge_ins": "two"}), "unknown"},
	} {
		g, err := compileGoal(c.expr, nil)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got := (tandem.Call{Goal: g.met(c.call)}).GoalState(); got != c.want {
			t.Errorf("%s gives %s; want %s", c.expr, got, c.want)
		}
	}
}

func TestBadGoalsAreRefusedWithTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ expr, want string }{
		"syntax":                           {"fields.booked ==", "1:17: "},
		"syntax on the second line":        {"fields.booked\n&& &&", "2:4: "},
		"a field no version has":           {"fields.boked == true", "1:1: fields.boked is not known; expected one of fields.amount, fields.booked"},
		"a field no version has, in has":   {"has(fields.boked)", "fields.boked is not known"},
		"a fact no call has":               {"true && call.length > 3", "1:9: call.length is not known; expected one of call.answered"},
		"a standard field of another type": {"fields.call_successful > 3", "1:24: "},
		"a boolean against text":           {"fields.booked == 'yes'", "1:15: "},
		"a selector against a number":      {"fields.reason > 3", "1:15: "},
		"not a condition":                  {"fields.amount", "1:1: gives a double; expected a condition"},
		"text":                             {"'booked'", "1:1: gives a string"},
		"a bare name":                      {"booked == true", "1:1: "},
		"fields without a name":            {"fields == true", "1:1: "},
		"fields by index":                  {"fields['booked'] == true", "1:1: "},
		"has of something else":            {"has(booked)", "1:5: has() takes one fact"},
		"a loop":                           {"[1, 2].exists(x, x > 1)", "1:"},
		"too long":                         {strings.Repeat("true && ", 300) + "true", "1:1: "},
		"too deep":                         {strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100), "1:"},
	} {
		err := CheckGoal(c.expr, defaultFields())
		e, ok := errors.AsType[*tandem.Error](err)
		if !ok || e.Code != tandem.Invalid || e.Field != "goal" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %v; want Invalid, field goal, message with %q", name, err, c.want)
		}
	}
}

func TestAFieldOfTwoTypesMayBeComparedWithEither(t *testing.T) {
	fields := []tandem.Field{{Name: "outcome", Type: tandem.Boolean}, {Name: "outcome", Type: tandem.Number}}
	g, err := compileGoal("fields.outcome == true || fields.outcome == 1", fields)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{true, 1.0} {
		if got := g.met(goalCall(map[string]any{"outcome": v})); got == nil || !*got {
			t.Errorf("outcome %v: %v; want met", v, got)
		}
	}
}

func TestAnExpensiveGoalIsCutOffAndUnknown(t *testing.T) {
	g, err := compileGoal("fields.summary.matches('(a+)+b')", defaultFields())
	if err != nil {
		t.Fatal(err)
	}
	if got := g.met(goalCall(map[string]any{"summary": strings.Repeat("a", 1<<20)})); got != nil {
		t.Errorf("met = %v; want unknown", *got)
	}
}

func TestOneGoalServesManyGoroutines(t *testing.T) {
	g, err := compileGoal("fields.booked && call.duration_seconds > 60", defaultFields())
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			call := goalCall(map[string]any{"booked": i%2 == 0})
			for range 500 {
				if got := g.met(call); got == nil || *got != (i%2 == 0) {
					t.Errorf("met = %v for booked = %v", got, i%2 == 0)
					return
				}
			}
		})
	}
	done.Wait()
}

func TestGoalFactsAreAllUsable(t *testing.T) {
	for _, f := range GoalFacts() {
		if err := CheckGoal("has("+f.Name+")", nil); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func BenchmarkGoal(b *testing.B) {
	g, err := compileGoal("fields.booked == true && call.duration_seconds > 30", defaultFields())
	if err != nil {
		b.Fatal(err)
	}
	call := goalCall(map[string]any{"booked": true}, func(c *tandem.Call) {
		c.Answered = &tandem.Fact[struct{}]{At: epoch}
		c.Ended.At = epoch.Add(time.Minute)
	})
	b.ReportAllocs()
	for b.Loop() {
		g.met(call)
	}
}
