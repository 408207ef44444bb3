package storetest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"tandem"
)

var decisionTests = []contract{
	in("a test's rules, ramp and acknowledgements are read as they were stored", func(t *testing.T, w World) {
		_, err := w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end("A"))
		must(t, err)
		ruled, err := tandem.NewTest(w.Route, tandem.TestSpec{
			Arms: []tandem.ArmSpec{{VersionID: w.Versions[0].ID, Weight: 90}, {VersionID: w.Versions[1].ID, Weight: 10}},
			Rules: tandem.Rules{
				Better: tandem.Lower, EquivalenceMargin: 0.02, PlannedCalls: 5000,
				Guardrails: []tandem.Guardrail{{Metric: tandem.MetricTransfer, Margin: 0.05, Action: tandem.Rollback}, {Metric: "field.<&>"}},
				Ramp:       []tandem.RampStep{{Weights: []float64{90, 10}, MinCalls: 100, MinMinutes: 60}, {Weights: []float64{50, 50}, MinCalls: 1}, {Weights: []float64{20, 80}}},
			},
		}, Start)
		must(t, err)
		must(t, w.Store.StartTest(ctx, Actor, ruled))
		ruled.Revision = 1
		got, err := w.Store.Test(ctx, ruled.ID)
		must(t, err)
		equal(t, "test", got, ruled)
		equal(t, "step", got.RampStep, 1)
		got, err = w.Store.UpdateTest(ctx, Actor, "test.ramp", ruled.ID, 1, func(t *tandem.Test, _ *tandem.Route) error {
			gap := tandem.Alarm{Check: tandem.CheckCoverage, Concerns: []tandem.Concern{{Kind: "lost", Arm: "B", Strength: 7.25}}}
			return errors.Join(t.AdvanceRamp(Start.Add(time.Hour)), t.Acknowledge(tandem.Verdict{Alarms: []tandem.Alarm{gap}}, tandem.CheckCoverage, "ann", "a <known> gap", Start.Add(time.Hour)))
		})
		must(t, err)
		stored, err := w.Store.Test(ctx, ruled.ID)
		must(t, err)
		equal(t, "test after a step and an acknowledgement", stored, got)
		equal(t, "step and acknowledgement", []any{stored.RampStep, stored.Acknowledged[0].By, stored.Acknowledged[0].Concerns[0].Strength, stored.Arms[1].Weight}, []any{2, "ann", 7.25, 50.0})
		c, err := w.Store.Config(ctx)
		must(t, err)
		equal(t, "test in the configuration", c.Tests, []tandem.Test{stored})
	}),
	in("a decision is stored with the end of its test, and kept as it was", func(t *testing.T, w World) {
		_, err := w.Store.Decision(ctx, w.Test.ID)
		wantError(t, err, tandem.NotFound, "")
		want := tandem.Decision{
			TestID: w.Test.ID, At: Start.Add(time.Hour), By: "ann", Winner: "B", Note: "clear \x00 <enough>",
			Results: json.RawMessage(`{"verdict":{"text":"B is better by 8 points <&> 日本"},"p":1e-320,"n":12345678901234567890}`),
		}
		given := want
		given.TestID = ""
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, decide(given))
		must(t, err)
		got, err := w.Store.Decision(ctx, w.Test.ID)
		must(t, err)
		equal(t, "decision", got, want)
		read, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		if read.Decision != nil {
			t.Errorf("a test that is read carries a decision")
		}
		again := given
		again.Note = "on second thoughts"
		_, err = w.Store.UpdateTest(ctx, Actor, "test.edit", w.Test.ID, 0, func(t *tandem.Test, _ *tandem.Route) error {
			t.Decision = &again
			return nil
		})
		wantError(t, err, tandem.Conflict, "")
		got, err = w.Store.Decision(ctx, w.Test.ID)
		must(t, err)
		equal(t, "decision after a second one", got, want)
	}),
	in("an end that is refused leaves no decision", func(t *testing.T, w World) {
		_, err := w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, func(t *tandem.Test, r *tandem.Route) error {
			return errors.Join(decide(tandem.Decision{})(t, r), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Errorf("error is %v", err)
		}
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 7, decide(tandem.Decision{}))
		wantError(t, err, tandem.Stale, "revision")
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, decide(tandem.Decision{Results: json.RawMessage(`{`)}))
		wantError(t, err, tandem.Invalid, "decision.results")
		_, err = w.Store.Decision(ctx, w.Test.ID)
		wantError(t, err, tandem.NotFound, "")
		got, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "test", got, w.Test)
	}),
	in("a decision that cannot be stored leaves the test running", func(t *testing.T, w World) {
		_, err := w.Store.UpdateTest(ctx, Actor, "test.decide", w.Test.ID, 0, func(t *tandem.Test, _ *tandem.Route) error {
			t.Decision = &tandem.Decision{Winner: "A"}
			return nil
		})
		must(t, err)
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, decide(tandem.Decision{}))
		wantError(t, err, tandem.Conflict, "")
		got, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "test", got, w.Test)
		r, err := w.Store.Route(ctx, string(w.Route.ID))
		must(t, err)
		equal(t, "route", r, w.Route)
	}),
	in("a route's volume counts its calls since a time", func(t *testing.T, w World) {
		none, err := w.Store.Volume(ctx, w.Route.ID, Start)
		must(t, err)
		equal(t, "calls and begin before the first", []any{none.Calls, none.From, none.PerDay()}, []any{int64(0), Start, 0.0})
		other := w.Assigned(70, "A")
		other.Assigned.RouteID = tandem.NewID(Start)
		orphan := Analyzed(w.Assigned(80, "A"), map[string]any{"x": 1.0})
		batch := []tandem.Call{Call(other), Call(orphan)}
		for n := range 60 {
			batch = append(batch, Call(w.Assigned(n, "A")))
		}
		commit(t, w, tandem.CallChanges{Calls: batch})
		for _, c := range []struct {
			since, from time.Time
			calls       int64
		}{
			{Start.Add(20 * time.Second), Start.Add(20 * time.Second), 40},
			{Start.Add(20*time.Second + 1), Start.Add(20*time.Second + 1), 39},
			{Start.Add(-24 * time.Hour), Start, 60}, // the route is younger than that
			{time.Time{}, Start, 60},
			{Start.Add(time.Minute), Start.Add(time.Minute), 0},
		} {
			v, err := w.Store.Volume(ctx, w.Route.ID, c.since)
			must(t, err)
			equal(t, "calls and begin since "+c.since.String(), []any{v.Calls, v.From}, []any{c.calls, c.from})
			if !v.To.After(v.From) || v.To.Before(Start.Add(59*time.Second)) && v.Calls > 0 {
				t.Errorf("the stretch is %s to %s", v.From, v.To)
			}
		}
	}),
	in("the calls of every route are counted between two times", func(t *testing.T, w World) {
		none, err := w.Store.CallCounts(ctx, Start, Start.Add(time.Hour))
		must(t, err)
		equal(t, "counts without calls", none, map[tandem.ID]int64{})
		second := w.Route
		second.ID, second.Number, second.Name = tandem.NewID(Start), "+14155550177", "second"
		must(t, w.Store.CreateRoute(ctx, Actor, second))
		quiet := w.Route
		quiet.ID, quiet.Number, quiet.Name = tandem.NewID(Start), "+14155550178", "quiet"
		must(t, w.Store.CreateRoute(ctx, Actor, quiet))
		unknown := w.Assigned(70, "A")
		unknown.At = Start.Add(5 * time.Second)
		unknown.Assigned.RouteID = tandem.NewID(Start) // a call of a route that is not there
		undated := Analyzed(w.Assigned(71, "A"), map[string]any{"x": 1.0})
		batch := []tandem.Call{Call(unknown), Call(undated)}
		for n := range 60 {
			e := w.Assigned(n, "A")
			if n%4 == 0 {
				e.Assigned.RouteID = second.ID
			}
			batch = append(batch, Call(e))
		}
		commit(t, w, tandem.CallChanges{Calls: batch})
		for _, c := range []struct {
			from, before  time.Time
			first, second int64
		}{
			{Start, Start.Add(time.Minute), 45, 15},
			{time.Time{}, Start.Add(time.Minute), 45, 15},
			{Start.Add(4 * time.Second), Start.Add(8 * time.Second), 3, 1},
			{Start.Add(4*time.Second + 1), Start.Add(8*time.Second + 1), 3, 1},
			{Start.Add(time.Second), Start.Add(2 * time.Second), 1, 0},
		} {
			got, err := w.Store.CallCounts(ctx, c.from, c.before)
			must(t, err)
			want := map[tandem.ID]int64{w.Route.ID: c.first}
			if c.second > 0 {
				want[second.ID] = c.second
			}
			equal(t, "counts from "+c.from.String(), got, want)
		}
	}),
}

// decide ends a test for B and says what was known.
func decide(d tandem.Decision) func(*tandem.Test, *tandem.Route) error {
	return func(t *tandem.Test, r *tandem.Route) error {
		t.Decision = &d
		return end("B")(t, r)
	}
}
