package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem"
)

var commitTests = []contract{
	in("an insert of a stored call is a conflict, and so is a change of an old revision", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		c := Call(e)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}})
		wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{c}}), tandem.Conflict, "revision")
		c.Revision = 1
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}})
		wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{c}}), tandem.Conflict, "revision")
		other := Call(w.Assigned(2, "A"))
		other.Revision = 5
		wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{other}}), tandem.Conflict, "revision")
		got, err := w.Store.Call(ctx, c.ID)
		must(t, err)
		equal(t, "revision", got.Revision, int64(2))
	}),
	in("a batch is stored whole or not at all", func(t *testing.T, w World) {
		old := Call(w.Assigned(1, "A"))
		old.Foreign = map[string]string{"vapi": "v-1"}
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{old}})
		activity, err := w.Store.Activity(ctx)
		must(t, err)
		fresh := Call(w.Assigned(2, "A"))
		for _, last := range []tandem.Call{old, {ID: tandem.NewID(Start), Foreign: map[string]string{"vapi": "v-1"}}} {
			err := w.Store.CommitCalls(ctx, tandem.CallChanges{
				Calls:       []tandem.Call{fresh, last},
				Transcripts: []tandem.Transcript{{CallID: fresh.ID, Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "hi"}}}},
				Tallies:     []tandem.TallyChange{add(w, "A", tandem.Observation{Metric: tandem.MetricCalls, Kind: tandem.Count, Number: 1})},
			})
			if tandem.CodeOf(err) != tandem.Conflict {
				t.Fatalf("error is %v; expected a conflict", err)
			}
		}
		_, err = w.Store.Call(ctx, fresh.ID)
		wantError(t, err, tandem.NotFound, "")
		_, err = w.Store.Transcript(ctx, fresh.ID)
		wantError(t, err, tandem.NotFound, "")
		rows, err := w.Store.Tallies(ctx, w.Test.ID)
		must(t, err)
		equal(t, "tallies", len(rows), 0)
		after, err := w.Store.Activity(ctx)
		must(t, err)
		equal(t, "activity", after, activity)
		size, err := w.Store.ArmSize(ctx, w.Test.ID, "A")
		must(t, err)
		equal(t, "ordinals given", size, int64(1))
	}),
	in("ordinals count the calls of each arm from 1, without gaps", func(t *testing.T, w World) {
		var batch []tandem.Call
		for n := range 30 {
			batch = append(batch, Call(w.Assigned(n, []string{"A", "B", "B"}[n%3])))
			if len(batch) == 7 || n == 29 {
				commit(t, w, tandem.CallChanges{Calls: batch})
				batch = nil
			}
		}
		for arm, want := range map[string]int64{"A": 10, "B": 20} {
			size, err := w.Store.ArmSize(ctx, w.Test.ID, arm)
			must(t, err)
			equal(t, "size of "+arm, size, want)
			var all []int64
			for i := range want {
				all = append(all, i+1)
			}
			calls, err := w.Store.CallsAt(ctx, w.Test.ID, arm, all)
			must(t, err)
			equal(t, "calls of "+arm, int64(len(calls)), want)
			for _, c := range calls {
				equal(t, "arm", c.Assigned.Value.Arm, arm)
			}
		}
	}),
	in("an ordinal stays with its call, and comes with the assignment when that is late", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(Analyzed(e, map[string]any{"sentiment": 0.5}))}})
		early := load(t, w, e.CallID)
		equal(t, "ordinal before", early.Ordinal, int64(0))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(early, e), Call(w.Assigned(2, "A"))}})
		c := load(t, w, e.CallID)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(c, Ended(e, time.Minute, tandem.ByAgent))}})
		got := load(t, w, e.CallID)
		if got.Ordinal == 0 || got.Ordinal != c.Ordinal || got.Revision != 3 || got.Stage() != tandem.StageAnalyzed {
			t.Errorf("ordinal %d became %d at revision %d, stage %s", c.Ordinal, got.Ordinal, got.Revision, got.Stage())
		}
		size, err := w.Store.ArmSize(ctx, w.Test.ID, "A")
		must(t, err)
		equal(t, "size", size, int64(2))
	}),
	in("a corrected assignment moves the call to the other arm's sample", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(e), Call(w.Assigned(2, "B"))}})
		fixed := w.Assigned(1, "B")
		fixed.ID, fixed.Origin, fixed.ForeignID = "fixed", tandem.OriginImport, ""
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(load(t, w, e.CallID), fixed)}})
		got := load(t, w, e.CallID)
		equal(t, "arm and ordinal", []any{got.Assigned.Value.Arm, got.Ordinal}, []any{"B", int64(2)})
		for arm, want := range map[string]int{"A": 0, "B": 2} {
			calls, err := w.Store.CallsAt(ctx, w.Test.ID, arm, []int64{1, 2, 3})
			must(t, err)
			equal(t, "calls of "+arm, len(calls), want)
		}
	}),
	in("an origin's id names one call", func(t *testing.T, w World) {
		a, b := w.Assigned(1, "A"), w.Assigned(2, "A")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(a), Call(b)}})
		claim := tandem.Event{ID: "x", Origin: "vapi", CallID: a.CallID, ForeignID: "v-1", Kind: tandem.EventStarted, At: a.At}
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(load(t, w, a.CallID), claim)}})
		claim.CallID = b.CallID
		err := w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{Join(load(t, w, b.CallID), claim)}})
		wantError(t, err, tandem.Conflict, "foreign_id")
		twice := []tandem.Call{Call(w.Assigned(3, "A")), Call(w.Assigned(4, "A"))}
		twice[0].Foreign = map[string]string{"vapi": "v-2"}
		twice[1].Foreign = twice[0].Foreign
		wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: twice}), tandem.Conflict, "foreign_id")
		ref := tandem.CallRef{Origin: "vapi", ForeignID: "v-1"}
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{ref})
		must(t, err)
		equal(t, "owner", loaded[ref].ID, a.CallID)
	}),
	in("a SIP Call-ID that is used again names the newer call", func(t *testing.T, w World) {
		first, again := w.Assigned(1, "A"), w.Assigned(2, "A")
		again.ForeignID = first.ForeignID
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(first)}})
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(again)}})
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{{Origin: tandem.OriginSIP, ForeignID: first.ForeignID}, {ID: first.CallID}})
		must(t, err)
		equal(t, "newer", loaded[tandem.CallRef{Origin: tandem.OriginSIP, ForeignID: first.ForeignID}].ID, again.CallID)
		equal(t, "older", loaded[tandem.CallRef{ID: first.CallID}].Foreign[tandem.OriginSIP], first.ForeignID)
	}),
	in("what no engine could hold is refused before anything is written", func(t *testing.T, w World) {
		for field, c := range map[string]tandem.Call{
			"call_id":      {ID: "not-a-uuid"},
			"foreign_id":   {ID: tandem.NewID(Start), Foreign: map[string]string{"sip": "a\x00b"}},
			"assigned.arm": {ID: tandem.NewID(Start), Assigned: &tandem.Fact[tandem.Assignment]{Value: tandem.Assignment{Arm: "\xff"}, At: Start}},
		} {
			wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{c}}), tandem.Invalid, field)
		}
		c := Call(w.Assigned(1, "A"))
		wantError(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{c, c}}), tandem.Invalid, "calls")
		must(t, w.Store.CommitCalls(ctx, tandem.CallChanges{}))
	}),
	in("tallies are the sum of all changes, in whatever batches", func(t *testing.T, w World) {
		rng := rand.New(rand.NewPCG(3, 4))
		want := map[tandem.TallyKey]*tandem.Tally{}
		var said []tandem.TallyChange // what may be taken back
		for range 25 {
			var batch []tandem.TallyChange
			for range rng.IntN(60) {
				ch := add(w, pick(rng, "A", "B"), randomObservation(rng))
				ch.Key.Phase = 1 + rng.IntN(2)
				if len(said) > 0 && rng.IntN(3) == 0 {
					i := rng.IntN(len(said))
					ch = said[i]
					ch.Remove, ch.Add = ch.Add, nil
					said = append(said[:i], said[i+1:]...)
				} else {
					said = append(said, ch)
				}
				batch = append(batch, ch)
				if want[ch.Key] == nil {
					want[ch.Key] = &tandem.Tally{}
				}
				want[ch.Key].Change(ch)
			}
			commit(t, w, tandem.CallChanges{Tallies: batch})
		}
		rows, err := w.Store.Tallies(ctx, w.Test.ID)
		must(t, err)
		for _, row := range rows {
			if diff := cmp.Diff(*want[row.TallyKey], row.Tally, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", row.TallyKey, diff)
			}
			delete(want, row.TallyKey)
		}
		for key, tally := range want {
			if tally.N != 0 {
				t.Errorf("%+v is missing: %+v", key, tally)
			}
		}
		if len(rows) < 20 {
			t.Errorf("only %d cells: the test proves little", len(rows))
		}
		other, err := w.Store.Tallies(ctx, w.Route.ID)
		must(t, err)
		equal(t, "cells of another test", len(other), 0)
	}),
	in("each commit that touches a test shows in its activity", func(t *testing.T, w World) {
		untested := w.Assigned(50, "A")
		untested.Assigned.TestID, untested.Assigned.Arm, untested.Assigned.Phase = "", "", 0
		for i, step := range []struct {
			name    string
			ch      tandem.CallChanges
			touches bool
		}{
			{"a new call", tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(1, "A"))}}, true},
			{"only tallies", tandem.CallChanges{Tallies: []tandem.TallyChange{add(w, "B", randomObservation(rand.New(rand.NewPCG(5, 6))))}}, true},
			{"a call outside tests", tandem.CallChanges{Calls: []tandem.Call{Call(untested)}}, false},
			{"a transcript alone", tandem.CallChanges{Transcripts: []tandem.Transcript{{CallID: untested.CallID}}}, false},
		} {
			before, err := w.Store.Activity(ctx)
			must(t, err)
			commit(t, w, step.ch)
			after, err := w.Store.Activity(ctx)
			must(t, err)
			if grew := after[w.Test.ID] > before[w.Test.ID]; grew != step.touches {
				t.Errorf("step %d, %s: activity went from %d to %d", i, step.name, before[w.Test.ID], after[w.Test.ID])
			}
		}
	}),
}

// add is a change that adds an observation to a cell of the world's test.
func add(w World, arm string, o tandem.Observation) tandem.TallyChange {
	return tandem.TallyChange{Key: tandem.TallyKey{TestID: w.Test.ID, Phase: 1, Arm: arm, Metric: o.Metric}, Add: &o}
}

func randomObservation(rng *rand.Rand) tandem.Observation {
	switch rng.IntN(4) {
	case 0:
		return tandem.Observation{Metric: tandem.MetricCalls, Kind: tandem.Count, Number: 1}
	case 1:
		return tandem.Observation{Metric: tandem.MetricCompletion, Kind: tandem.Proportion, Number: float64(rng.IntN(2))}
	case 2:
		return tandem.Observation{Metric: pick(rng, tandem.MetricDuration, tandem.MetricSentiment, "cost.EUR"), Kind: tandem.Mean, Number: rng.NormFloat64() * 100}
	}
	return tandem.Observation{Metric: pick(rng, tandem.MetricEndedBy, "field.topic"), Kind: tandem.Category, Name: fmt.Sprint(rng.IntN(5), " „<&>\x00")}
}

func load(tb testing.TB, w World, id tandem.ID) tandem.Call {
	tb.Helper()
	c, err := w.Store.Call(ctx, id)
	must(tb, err)
	return c
}
