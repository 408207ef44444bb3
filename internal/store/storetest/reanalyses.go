package storetest

import (
	"slices"
	"testing"
	"time"

	"tandem"
)

// manyEnded stores n ended calls of the world, with transcripts, their arms in turn.
func manyEnded(t *testing.T, w World, n int) (ids []tandem.ID) {
	t.Helper()
	var changes tandem.CallChanges
	for i := range n {
		e := w.Assigned(i+1, []string{"A", "B"}[i%2])
		say := tandem.Event{ID: "t", Origin: tandem.OriginAPI, CallID: e.CallID, Kind: tandem.EventTranscript, At: e.At, Transcript: []tandem.Turn{{Role: tandem.RoleCaller, Text: "hi"}}}
		changes.Calls = append(changes.Calls, Call(e, Ended(e, time.Minute, tandem.ByCaller), say))
		changes.Transcripts = append(changes.Transcripts, tandem.Transcript{CallID: e.CallID, Turns: say.Transcript})
		ids = append(ids, e.CallID)
	}
	changes.Unread = ids
	commit(t, w, changes)
	return ids
}

// finishDue finishes whatever is due, and gives which calls those were.
func finishDue(t *testing.T, w World) (ids []tandem.ID) {
	t.Helper()
	claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Second), time.Minute, 1000)
	must(t, err)
	for i := range claims {
		claims[i].Analysis = &tandem.Analysis{Analyzer: "test/1"}
		ids = append(ids, claims[i].CallID)
	}
	must(t, w.Store.FinishAnalyses(ctx, claims))
	return ids
}

var reanalysisTests = []contract{
	in("the calls of a test come to their turn in the order of assignment, each once", func(t *testing.T, w World) {
		ids := manyEnded(t, w, 25)
		finishDue(t, w)
		n, err := w.Store.CountAnalyzable(ctx, w.Test.ID)
		must(t, err)
		equal(t, "calls", n, int64(25))
		open := Call(w.Assigned(26, "A"))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{open}})
		some, err := w.Store.SampleAnalyzable(ctx, w.Test.ID, 10)
		must(t, err)
		if len(some) < 9 || some[0] != ids[0] || slices.Index(ids, some[len(some)-1]) < 20 {
			t.Errorf("a sample of %d of 25 that is not spread: %v", len(some), some)
		}
		_, err = w.Store.Reanalysis(ctx, w.Test.ID)
		wantError(t, err, tandem.NotFound, "")
		r := tandem.Reanalysis{ID: tandem.NewID(Start), TestID: w.Test.ID, State: tandem.ReanalysisRunning, Actor: Actor, AskedAt: Start, MaxCost: 2, CostPerCall: 0.5, Calls: n}
		must(t, w.Store.BeginReanalysis(ctx, r))
		other := r
		other.ID = tandem.NewID(Start)
		wantError(t, w.Store.BeginReanalysis(ctx, other), tandem.Conflict, "test")
		var order []tandem.ID
		for _, want := range []int{10, 10, 5, 0} {
			got, err := w.Store.StepReanalysis(ctx, r, 10)
			must(t, err)
			equal(t, "calls in a step", got, want)
			running, err := w.Store.RunningReanalyses(ctx)
			must(t, err)
			if len(running) != 1 || running[0].Pending != int64(want) || running[0].Asked != int64(len(order)+want) {
				t.Fatalf("running %+v", running)
			}
			done := finishDue(t, w)
			slices.Sort(done) // within a step nobody is first
			turn := slices.Sorted(slices.Values(ids[len(order) : len(order)+want]))
			equal(t, "whose turn it is", append([]tandem.ID{}, done...), append([]tandem.ID{}, turn...))
			order = append(order, done...)
		}
		must(t, w.Store.CloseReanalysis(ctx, r.ID, tandem.ReanalysisDone, ""))
		got, err := w.Store.Reanalysis(ctx, w.Test.ID)
		must(t, err)
		r.State, r.Asked = tandem.ReanalysisDone, 25
		equal(t, "at the end", got, r)
		must(t, w.Store.BeginReanalysis(ctx, other))
	}),
	in("what a re-analysis uses is counted with it, and with the day", func(t *testing.T, w World) {
		manyEnded(t, w, 2)
		r := tandem.Reanalysis{ID: tandem.NewID(Start), TestID: w.Test.ID, AskedAt: Start}
		must(t, w.Store.BeginReanalysis(ctx, r))
		_, err := w.Store.StepReanalysis(ctx, r, 1)
		must(t, err)
		claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Second), time.Minute, 10)
		must(t, err)
		equal(t, "claims", len(claims), 2)
		for _, c := range claims {
			_, err := w.Store.KeepAnalysis(ctx, c, tandem.Analysis{Usage: &tandem.AnalysisUsage{Requests: 1, InputTokens: 5, OutputTokens: 3, Cost: 2}})
			must(t, err)
		}
		must(t, w.Store.FailAnalysis(ctx, claims[0], tandem.AnalysisFailure{Reason: "no", Counts: true}))
		must(t, w.Store.FailAnalysis(ctx, claims[1], tandem.AnalysisFailure{Reason: "no", Counts: true}))
		got, err := w.Store.Reanalysis(ctx, w.Test.ID)
		must(t, err)
		equal(t, "usage", []any{got.Usage, got.Failed, got.Pending}, []any{tandem.AnalysisUsage{Requests: 1, InputTokens: 5, OutputTokens: 3, Cost: 2}, int64(1), int64(0)})
	}),
	in("a re-analysis that is cancelled leaves earlier analyses, and calls that have none their turn", func(t *testing.T, w World) {
		ids := manyEnded(t, w, 3)
		finishDue(t, w)
		late := oneMore(t, w, 50)
		r := tandem.Reanalysis{ID: tandem.NewID(Start), TestID: w.Test.ID, AskedAt: Start}
		must(t, w.Store.BeginReanalysis(ctx, r))
		n, err := w.Store.StepReanalysis(ctx, r, 10)
		must(t, err)
		equal(t, "calls", n, 4)
		must(t, w.Store.CloseReanalysis(ctx, r.ID, tandem.ReanalysisCancelled, "by hand"))
		equal(t, "what is due", finishDue(t, w), []tandem.ID{late})
		a, err := w.Store.CallAnalysis(ctx, ids[0])
		must(t, err)
		equal(t, "an earlier one", []any{a.State, a.Analysis.Analyzer}, []any{tandem.AnalysisDone, "test/1"})
		n, err = w.Store.StepReanalysis(ctx, r, 10)
		must(t, err)
		equal(t, "calls after the end", n, 0)
	}),
}

// oneMore stores one more ended call.
func oneMore(t *testing.T, w World, n int) tandem.ID {
	t.Helper()
	e := w.Assigned(n, "A")
	say := tandem.Event{ID: "t", Origin: tandem.OriginAPI, CallID: e.CallID, Kind: tandem.EventTranscript, At: e.At, Transcript: []tandem.Turn{{Role: tandem.RoleCaller, Text: "hi"}}}
	commit(t, w, tandem.CallChanges{
		Calls:       []tandem.Call{Call(e, Ended(e, time.Minute, tandem.ByCaller), say)},
		Transcripts: []tandem.Transcript{{CallID: e.CallID, Turns: say.Transcript}}, Unread: []tandem.ID{e.CallID},
	})
	return e.CallID
}
