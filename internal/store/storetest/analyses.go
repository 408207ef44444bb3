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
		must(t, w.Store.FinishAnalyses(ctx, with(claims[0], found)))
		got, err := w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "state", got.State, tandem.AnalysisDone)
		equal(t, "analysis", *got.Analysis, found)
		left, err := w.Store.ClaimAnalyses(ctx, now.Add(time.Hour), time.Minute, 10)
		must(t, err)
		equal(t, "claims of one that is done", left, []tandem.CallAnalysis{})
		must(t, w.Store.FailAnalysis(ctx, claims[0], tandem.AnalysisFailure{NextAt: time.Time{}, Reason: "too late", Counts: true}))
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
		must(t, w.Store.FinishAnalyses(ctx, with(claims[0], tandem.Analysis{Analyzer: "old/1"})))
		must(t, w.Store.FailAnalysis(ctx, claims[0], tandem.AnalysisFailure{NextAt: time.Time{}, Reason: "old", Counts: true}))
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
		must(t, w.Store.FailAnalysis(ctx, claims[0], tandem.AnalysisFailure{NextAt: now.Add(time.Hour), Reason: "a panic\x00 \xff", Counts: true}))
		got, err := w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "after a failure", []any{got.State, got.Attempts, got.LastError}, []any{tandem.AnalysisDue, 1, "a panic "})
		none, err := w.Store.ClaimAnalyses(ctx, now.Add(59*time.Minute), time.Minute, 10)
		must(t, err)
		equal(t, "claims before its time", none, []tandem.CallAnalysis{})
		due, failed, err := w.Store.PendingAnalyses(ctx)
		must(t, err)
		equal(t, "pending", []int64{due, failed}, []int64{1, 0})
		must(t, w.Store.FailAnalysis(ctx, claims[0], tandem.AnalysisFailure{NextAt: time.Time{}, Reason: "again", Counts: true}))
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
	in("what a model found is kept once, ahead of the call's record, and given to whoever asks for the same", func(t *testing.T, w World) {
		claim := due(t, w)
		a := tandem.Analysis{Analyzer: "llm/1", Summary: "first", Usage: &tandem.AnalysisUsage{Requests: 1, InputTokens: 100, OutputTokens: 10, Cost: 0.5}}
		kept, err := w.Store.KeepAnalysis(ctx, claim, a)
		must(t, err)
		equal(t, "kept", kept.Summary, "first")
		b := a
		b.Summary = "second"
		kept, err = w.Store.KeepAnalysis(ctx, claim, b)
		must(t, err)
		equal(t, "kept for one who comes later", kept.Summary, "first")
		again, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		if len(again) != 1 || !again[0].Kept || again[0].Analysis.Summary != "first" {
			t.Fatalf("after a crash, claimed %+v", again)
		}
		must(t, w.Store.FinishAnalyses(ctx, []tandem.CallAnalysis{again[0], again[0]}))
		must(t, w.Store.FinishAnalyses(ctx, again))
		day, err := w.Store.AnalysisDay(ctx, time.Now())
		must(t, err)
		equal(t, "the day", day, tandem.AnalysisDay{Analyses: 1, Usage: tandem.AnalysisUsage{Requests: 2, InputTokens: 200, OutputTokens: 20, Cost: 1}})
		yesterday, err := w.Store.AnalysisDay(ctx, time.Now().Add(-24*time.Hour))
		must(t, err)
		equal(t, "the day before", yesterday, tandem.AnalysisDay{})
		_, err = w.Store.KeepAnalysis(ctx, claim, b)
		wantError(t, err, tandem.Conflict, "asked_at")
		must(t, w.Store.AskAnalysis(ctx, claim.CallID))
		_, err = w.Store.KeepAnalysis(ctx, claim, b)
		wantError(t, err, tandem.Conflict, "asked_at")
		anew, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		if len(anew) != 1 || anew[0].Kept {
			t.Fatalf("asked again, claimed %+v", anew)
		}
	}),
	in("a claim is held longer or given back only by who has it", func(t *testing.T, w World) {
		claim := due(t, w)
		later := claim.NextAt.Add(time.Minute)
		held, err := w.Store.ExtendAnalyses(ctx, []tandem.CallAnalysis{claim}, later)
		must(t, err)
		if len(held) != 1 || !held[0].NextAt.Equal(later) {
			t.Fatalf("held %+v", held)
		}
		lost, err := w.Store.ExtendAnalyses(ctx, []tandem.CallAnalysis{claim}, time.Now())
		must(t, err)
		equal(t, "held by an old claim", len(lost), 0)
		none, err := w.Store.ClaimAnalyses(ctx, later.Add(-time.Second), time.Minute, 1)
		must(t, err)
		equal(t, "claims of one that is held", len(none), 0)
		back, err := w.Store.ExtendAnalyses(ctx, held, time.Now())
		must(t, err)
		equal(t, "given back", len(back), 1)
		next, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Second), time.Minute, 1)
		must(t, err)
		equal(t, "claims of one that was given back", len(next), 1)
	}),
	in("what stands in is shown until the analysis is made, and an earlier one stays", func(t *testing.T, w World) {
		claim := due(t, w)
		must(t, w.Store.FillAnalyses(ctx, with(claim, tandem.Analysis{Analyzer: "offline/1"}), claim.NextAt.Add(time.Hour)))
		a, err := w.Store.CallAnalysis(ctx, claim.CallID)
		must(t, err)
		equal(t, "in the meantime", []any{a.State, a.Analysis.Analyzer, a.Kept}, []any{tandem.AnalysisDue, "offline/1", false})
		must(t, w.Store.FinishAnalyses(ctx, with(claim, tandem.Analysis{Analyzer: "llm/1"})))
		must(t, w.Store.AskAnalysis(ctx, claim.CallID))
		again, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		must(t, w.Store.FillAnalyses(ctx, with(again[0], tandem.Analysis{Analyzer: "offline/1"}), time.Now()))
		a, err = w.Store.CallAnalysis(ctx, claim.CallID)
		must(t, err)
		equal(t, "an earlier one", a.Analysis.Analyzer, "llm/1")
	}),
	in("a failure that is not the call's fault costs it no attempt, and what it used counts", func(t *testing.T, w World) {
		claim := due(t, w)
		must(t, w.Store.FailAnalysis(ctx, claim, tandem.AnalysisFailure{NextAt: claim.NextAt, Reason: "busy", Used: tandem.AnalysisUsage{Requests: 1, Cost: 0.25}}))
		a, err := w.Store.CallAnalysis(ctx, claim.CallID)
		must(t, err)
		equal(t, "after it", []any{a.State, a.Attempts, a.LastError}, []any{tandem.AnalysisDue, 0, "busy"})
		day, err := w.Store.AnalysisDay(ctx, time.Now())
		must(t, err)
		equal(t, "the day", day.Usage, tandem.AnalysisUsage{Requests: 1, Cost: 0.25})
	}),
	in("what there is to analyse is the transcript and the version", func(t *testing.T, w World) {
		claim := due(t, w)
		got, err := w.Store.AnalysisSources(ctx, []tandem.ID{claim.CallID, tandem.NewID(Start)})
		must(t, err)
		_, turns := fullCall(w)
		equal(t, "sources", got, map[tandem.ID]tandem.AnalysisSource{claim.CallID: {CallID: claim.CallID, VersionID: w.Versions[w.Test.Arm("A")].ID, Turns: turns.Turns}})
	}),
}

// with gives a claim with what was found for it.
func with(claim tandem.CallAnalysis, found tandem.Analysis) []tandem.CallAnalysis {
	claim.Analysis = &found
	return []tandem.CallAnalysis{claim}
}

// due claims the analysis of a call that it stores.
func due(t *testing.T, w World) tandem.CallAnalysis {
	t.Helper()
	c, turns := fullCall(w)
	commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}, Unread: []tandem.ID{c.ID}})
	claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Second), time.Minute, 1)
	must(t, err)
	equal(t, "claims", len(claims), 1)
	return claims[0]
}
