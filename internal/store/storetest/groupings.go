package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"tandem"
)

// claimGrouping claims the one grouping that is due.
func claimGrouping(t *testing.T, w World, now time.Time) tandem.Grouping {
	t.Helper()
	g, err := w.Store.ClaimGrouping(ctx, now, time.Minute)
	must(t, err)
	if g == nil {
		t.Fatal("nothing is due")
	}
	return *g
}

func ordinals(t *testing.T, w World, arm, group string) []int64 {
	t.Helper()
	got, err := w.Store.GroupOrdinals(ctx, w.Test.ID, arm, group)
	must(t, err)
	return got
}

var groupingTests = []contract{
	in("a grouping is asked for, claimed once, and shown when it is done", func(t *testing.T, w World) {
		_, err := w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		wantError(t, err, tandem.NotFound, "")
		asked, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 3, true)
		must(t, err)
		if asked.State != tandem.GroupingDue || asked.K != 3 || !asked.Again || asked.Report != nil || asked.DoneAt != nil {
			t.Fatalf("asked %+v", asked)
		}
		now := time.Now().Add(time.Second)
		g := claimGrouping(t, w, now)
		equal(t, "claimed", []any{g.TestID, g.By, g.K, g.Again}, []any{w.Test.ID, tandem.ByIntent, 3, true})
		none, err := w.Store.ClaimGrouping(ctx, now, time.Minute)
		must(t, err)
		if none != nil {
			t.Fatalf("claimed twice: %+v", none)
		}
		g.Progress = tandem.GroupingProgress{Step: "counting", Done: 2, Total: 4}
		id := w.Assigned(1, "A").CallID
		must(t, w.Store.KeepGrouping(ctx, g, now.Add(2*time.Minute), []tandem.GroupMember{
			{Group: "intent.1", CallID: id, Arm: "A", Ordinal: 2},
			{Group: "intent.1", CallID: "x", Arm: "A", Ordinal: 1},
			{Group: "intent.1", CallID: "y", Arm: "B", Ordinal: 7},
			{Group: "situation.silent", CallID: id, Arm: "A", Ordinal: 2},
		}))
		during, err := w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		must(t, err)
		equal(t, "progress", during.Progress, g.Progress)
		equal(t, "members before it is done", ordinals(t, w, "A", "intent.1"), []int64{})
		none, err = w.Store.ClaimGrouping(ctx, now.Add(90*time.Second), time.Minute)
		must(t, err)
		if none != nil {
			t.Fatal("one that goes on was claimed")
		}
		g.Report, g.Model = json.RawMessage(`{"a":"<&>"}`), json.RawMessage(`[1]`)
		must(t, w.Store.FinishGrouping(ctx, g))
		done, err := w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		must(t, err)
		equal(t, "done", []any{done.State, string(done.Report), string(done.Model), done.DoneAt != nil}, []any{tandem.GroupingDone, `{"a":"<&>"}`, `[1]`, true})
		equal(t, "members of A", ordinals(t, w, "A", "intent.1"), []int64{1, 2})
		equal(t, "members of B", ordinals(t, w, "B", "intent.1"), []int64{7})
		equal(t, "members of a situation", ordinals(t, w, "A", "situation.silent"), []int64{2})
		equal(t, "members of no group", ordinals(t, w, "A", "intent.9"), []int64{})
	}),
	in("groups stay as they were until new ones are done, and then the old ones go", func(t *testing.T, w World) {
		member := func(n int64) []tandem.GroupMember {
			return []tandem.GroupMember{{Group: "failure.1", CallID: "c", Arm: "A", Ordinal: n}}
		}
		now := time.Now().Add(time.Second)
		for n := range int64(3) {
			_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByFailure, 0, false)
			must(t, err)
			g := claimGrouping(t, w, now.Add(time.Hour))
			must(t, w.Store.KeepGrouping(ctx, g, now, member(n+1)))
			if n > 0 {
				equal(t, "members meanwhile", ordinals(t, w, "A", "failure.1"), []int64{n})
			}
			g.Report = json.RawMessage(`{}`)
			must(t, w.Store.FinishGrouping(ctx, g))
			equal(t, "members", ordinals(t, w, "A", "failure.1"), []int64{n + 1})
		}
	}),
	in("an attempt that was overtaken or given up can write no more", func(t *testing.T, w World) {
		now := time.Now().Add(time.Second)
		_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, false)
		must(t, err)
		first := claimGrouping(t, w, now)
		must(t, w.Store.KeepGrouping(ctx, first, now.Add(time.Minute), []tandem.GroupMember{{Group: "intent.1", CallID: "c", Arm: "A", Ordinal: 1}}))
		second := claimGrouping(t, w, now.Add(time.Hour)) // the lease has ended
		wantError(t, w.Store.KeepGrouping(ctx, first, now, nil), tandem.Conflict, "")
		wantError(t, w.Store.FinishGrouping(ctx, first), tandem.Conflict, "")
		must(t, w.Store.FailGrouping(ctx, first, time.Time{}, "too late"))
		_, err = w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 5, false)
		must(t, err)
		wantError(t, w.Store.FinishGrouping(ctx, second), tandem.Conflict, "")
		third := claimGrouping(t, w, now.Add(time.Hour))
		third.Report = json.RawMessage(`{}`)
		must(t, w.Store.FinishGrouping(ctx, third))
		got, err := w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		must(t, err)
		equal(t, "after it", []any{got.State, got.K, got.Attempts}, []any{tandem.GroupingDone, 5, 0})
		equal(t, "members that the first left", ordinals(t, w, "A", "intent.1"), []int64{})
	}),
	in("a grouping that fails is tried again, then set aside, until somebody asks", func(t *testing.T, w World) {
		now := time.Now().Add(time.Second)
		_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, false)
		must(t, err)
		must(t, w.Store.FailGrouping(ctx, claimGrouping(t, w, now), now.Add(time.Minute), "bad\x00luck"))
		g, err := w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		must(t, err)
		equal(t, "after a failure", []any{g.State, g.Attempts, g.LastError}, []any{tandem.GroupingDue, 1, "badluck"})
		must(t, w.Store.FailGrouping(ctx, claimGrouping(t, w, now.Add(time.Hour)), time.Time{}, "again"))
		g, err = w.Store.Grouping(ctx, w.Test.ID, tandem.ByIntent)
		must(t, err)
		equal(t, "set aside", []any{g.State, g.Attempts, g.LastError}, []any{tandem.GroupingFailed, 2, "again"})
		none, err := w.Store.ClaimGrouping(ctx, now.Add(24*time.Hour), time.Minute)
		must(t, err)
		if none != nil {
			t.Fatal("one that was set aside was claimed")
		}
		g, err = w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, false)
		must(t, err)
		equal(t, "asked again", []any{g.State, g.Attempts, g.LastError}, []any{tandem.GroupingDue, 0, ""})
	}),
	in("calls are listed by group, and transcripts read together", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		other := Call(w.Assigned(2, "A"))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c, other}, Transcripts: []tandem.Transcript{turns}})
		_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, false)
		must(t, err)
		g := claimGrouping(t, w, time.Now().Add(time.Second))
		arm := c.Assigned.Value.Arm
		must(t, w.Store.KeepGrouping(ctx, g, time.Now(), []tandem.GroupMember{{Group: "intent.1", CallID: c.ID, Arm: arm, Ordinal: 1}}))
		must(t, w.Store.FinishGrouping(ctx, g))
		for group, want := range map[string]int{"": 2, "intent.1": 1, "intent.2": 0} {
			got, _, err := w.Store.Calls(ctx, tandem.CallFilter{TestID: w.Test.ID, Group: group}, tandem.Page{})
			must(t, err)
			equal(t, "calls of "+group, len(got), want)
		}
		said, err := w.Store.Transcripts(ctx, []tandem.ID{c.ID, other.ID, "nobody"})
		must(t, err)
		equal(t, "transcripts", said, map[tandem.ID][]tandem.Turn{c.ID: turns.Turns})
	}),
}
