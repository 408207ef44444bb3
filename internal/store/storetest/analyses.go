package storetest

import (
	"testing"
	"time"

	"tandem"
)

var analysisTests = []contract{
	in("an analysis is due once, is put off while somebody has it, and stays as it was found", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}, Unread: []tandem.ID{c.ID}})
		now := time.Now().Add(time.Second)
		claims, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		if len(claims) != 1 || claims[0].CallID != c.ID || claims[0].State != tandem.AnalysisDue || claims[0].Attempts != 0 || claims[0].Analysis != nil {
			t.Fatalf("claimed %+v", claims)
		}
		again, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		equal(t, "claims of one that somebody has", again, []tandem.CallAnalysis{})
		given, err := w.Store.ClaimAnalyses(ctx, now.Add(2*time.Minute), time.Minute, 10)
		must(t, err)
		equal(t, "claims after the lease", len(given), 1)

		found := tandem.Analysis{Analyzer: "test/1", Note: "<n>", Findings: map[string]tandem.Finding{
			"booked": {Value: true, Quote: "„ja“", Reason: "said"}, "amount": {Value: 1.5}, "text": {Value: "x"}, "unknown": {Reason: "why"},
		}}
		must(t, w.Store.FinishAnalysis(ctx, claims[0], found))
		got, err := w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "state", got.State, tandem.AnalysisDone)
		equal(t, "analysis", *got.Analysis, found)
		left, err := w.Store.ClaimAnalyses(ctx, now.Add(time.Hour), time.Minute, 10)
		must(t, err)
		equal(t, "claims of one that is done", left, []tandem.CallAnalysis{})
		must(t, w.Store.FailAnalysis(ctx, claims[0], time.Time{}, "too late"))
		got, err = w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "one that is done cannot fail", got.State, tandem.AnalysisDone)
	}),
	in("what was found for an ask that was overtaken is forgotten", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}, Unread: []tandem.ID{c.ID}})
		now := time.Now().Add(time.Second)
		claims, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		must(t, w.Store.AskAnalysis(ctx, c.ID))
		must(t, w.Store.FinishAnalysis(ctx, claims[0], tandem.Analysis{Analyzer: "old/1"}))
		must(t, w.Store.FailAnalysis(ctx, claims[0], time.Time{}, "old"))
		again, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		if len(again) != 1 || !again[0].AskedAt.After(claims[0].AskedAt) || again[0].Analysis != nil || again[0].LastError != "" {
			t.Fatalf("claimed %+v after %+v", again, claims)
		}
	}),
	in("an analysis that fails is tried again, then set aside and listed, until somebody asks", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}, Unread: []tandem.ID{c.ID}})
		now := time.Now().Add(time.Second)
		claims, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		must(t, w.Store.FailAnalysis(ctx, claims[0], now.Add(time.Hour), "a panic\x00 \xff"))
		got, err := w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "after a failure", []any{got.State, got.Attempts, got.LastError}, []any{tandem.AnalysisDue, 1, "a panic "})
		none, err := w.Store.ClaimAnalyses(ctx, now.Add(59*time.Minute), time.Minute, 10)
		must(t, err)
		equal(t, "claims before its time", none, []tandem.CallAnalysis{})
		due, failed, err := w.Store.PendingAnalyses(ctx)
		must(t, err)
		equal(t, "pending", []int64{due, failed}, []int64{1, 0})
		must(t, w.Store.FailAnalysis(ctx, claims[0], time.Time{}, "again"))
		listed, _, err := w.Store.Analyses(ctx, tandem.AnalysisFailed, tandem.Page{})
		must(t, err)
		if len(listed) != 1 || listed[0].CallID != c.ID || listed[0].Attempts != 2 || listed[0].LastError != "again" {
			t.Fatalf("listed %+v", listed)
		}
		due, failed, err = w.Store.PendingAnalyses(ctx)
		must(t, err)
		equal(t, "pending", []int64{due, failed}, []int64{0, 1})
		must(t, w.Store.AskAnalysis(ctx, c.ID))
		back, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 10)
		must(t, err)
		if len(back) != 1 || back[0].Attempts != 0 {
			t.Fatalf("claimed %+v", back)
		}
	}),
	in("there is nothing to analyse in a call without an end, a transcript or a version", func(t *testing.T, w World) {
		wantError(t, w.Store.AskAnalysis(ctx, tandem.NewID(Start)), tandem.NotFound, "")
		open := Call(w.Assigned(2, "A"))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{open}})
		wantError(t, w.Store.AskAnalysis(ctx, open.ID), tandem.Conflict, "call_id")
		_, err := w.Store.CallAnalysis(ctx, open.ID)
		wantError(t, err, tandem.NotFound, "")
	}),
	in("nodes that claim at once share the analyses", func(t *testing.T, w World) {
		var ids []tandem.ID
		var changes tandem.CallChanges
		for n := range 40 {
			e := w.Assigned(n+1, "A")
			changes.Calls = append(changes.Calls, Call(e, Ended(e, time.Minute, tandem.ByCaller)))
			ids = append(ids, e.CallID)
		}
		changes.Unread = ids
		commit(t, w, changes)
		now := time.Now().Add(time.Second)
		got := make(chan []tandem.CallAnalysis, 8)
		for range 8 {
			go func() {
				claims, err := w.Store.ClaimAnalyses(ctx, now, time.Minute, 7)
				if err != nil {
					t.Error(err)
				}
				got <- claims
			}()
		}
		had := map[tandem.ID]bool{}
		for range 8 {
			for _, c := range <-got {
				if had[c.CallID] {
					t.Errorf("call %s was given twice", c.CallID)
				}
				had[c.CallID] = true
			}
		}
		if len(had) < 7 {
			t.Errorf("%d of 40 were given", len(had))
		}
	}),
}
