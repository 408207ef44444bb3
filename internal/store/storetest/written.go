package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"tandem"
)

// spoken are two calls with transcripts that people rated and a judge judged.
func spoken(t *testing.T, w World) (first, second tandem.Call) {
	t.Helper()
	a, b := keyed(w, 1, "k1"), keyed(w, 2, "k2")
	b.Assigned.Value.Arm = "B"
	turns := func(c tandem.Call) tandem.Transcript {
		return tandem.Transcript{CallID: c.ID, Turns: []tandem.Turn{{Role: tandem.RoleCaller, Text: "hi"}}}
	}
	commit(t, w, tandem.CallChanges{Calls: []tandem.Call{a, b}, Transcripts: []tandem.Transcript{turns(a), turns(b)}, Unread: []tandem.ID{a.ID}})
	p := tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: a.ID}, Second: tandem.PairedCall{Arm: "B", CallID: b.ID}}
	must(t, w.Store.RateCall(ctx, tandem.CallRating{CallID: a.ID, Rater: "ann", Scores: tandem.Scores{Naturalness: new(2)}, Note: "says secret", RatedAt: Start}))
	must(t, w.Store.RateCall(ctx, tandem.CallRating{CallID: b.ID, Rater: "ann", Note: "says secret", RatedAt: Start}))
	_, err := w.Store.RatePair(ctx, tandem.PairRating{ID: tandem.NewID(Start), TestID: w.Test.ID, Pair: p, Rater: "ann", Winner: "B", Blind: true, Note: "secret", RatedAt: Start})
	must(t, err)
	_, err = w.Store.StartJudging(ctx, "ann", startOf(w), []tandem.JudgedPair{{Similarity: 1, Pair: p}}, false)
	must(t, err)
	j := claimed(t, w, Start)
	must(t, w.Store.RecordStep(ctx, j, tandem.JudgingStep{Number: 1, Error: "secret", Attempt: true}))
	must(t, w.Store.RecordStep(ctx, j, said(0, secretive("one"))))
	read := func(id tandem.ID) tandem.Call {
		c, err := w.Store.Call(ctx, id)
		must(t, err)
		return c
	}
	return read(a.ID), read(b.ID)
}

func secretive(prefers string) *tandem.Opinion {
	o := opinion(prefers)
	o.Criteria = map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: prefers, Reason: "a secret", Quote: "the secret"}}
	return o
}

// strip deletes a kind of data of a call as a purge does.
func strip(t *testing.T, w World, c tandem.Call, d tandem.PersonalData, r tandem.Removal) {
	t.Helper()
	c.Remove(d, Start, nothing)
	r.CallID = c.ID
	must(t, w.Store.CommitPrivacy(ctx, tandem.CallChanges{Calls: []tandem.Call{c}, Removals: []tandem.Removal{r}}, tandem.PrivacyProgress{}))
}

func no(string) string { return "" }

var writtenTests = []contract{
	in("what people and judges wrote about a call goes, and what they chose stays", func(t *testing.T, w World) {
		first, second := spoken(t, w)
		held := func() []tandem.ID {
			t.Helper()
			calls, err := w.Store.HoldingCalls(ctx, tandem.DataAnalyses, time.Time{}, tandem.Position{}, 10)
			must(t, err)
			return idsOf(calls)
		}
		equal(t, "held", held(), []tandem.ID{first.ID, second.ID})
		strip(t, w, second, tandem.DataAnalyses, tandem.Removal{Analysis: true, Words: no})
		equal(t, "held then", held(), []tandem.ID{first.ID})
		ratings, err := w.Store.CallRatings(ctx, first.ID)
		must(t, err)
		equal(t, "the other call's", ratings[0].Note, "says secret")
		ratings, err = w.Store.CallRatings(ctx, second.ID)
		must(t, err)
		equal(t, "the call's", []any{len(ratings), ratings[0].Note}, []any{1, ""})
		pairs, err := w.Store.PairRatingsOf(ctx, first.ID)
		must(t, err)
		equal(t, "the pair's", []any{len(pairs), pairs[0].Note, pairs[0].Winner, pairs[0].Blind}, []any{1, "", "B", true})
		judged, err := w.Store.PairsOf(ctx, second.ID)
		must(t, err)
		want := *opinion("one")
		want.Criteria = map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: "one"}}
		equal(t, "judged", []any{len(judged), *judged[0].Opinions[0], judged[0].Opinions[1] == nil, judged[0].LastError, judged[0].Attempts}, []any{1, want, true, "", 1})

		first, err = w.Store.Call(ctx, first.ID)
		must(t, err)
		strip(t, w, first, tandem.DataAnalyses, tandem.Removal{Analysis: true, Words: func(s string) string { return strings.ReplaceAll(s, "secret", "[x]") }})
		ratings, err = w.Store.CallRatings(ctx, first.ID)
		must(t, err)
		equal(t, "in other words", []any{ratings[0].Note, *ratings[0].Scores.Naturalness}, []any{"says [x]", 2})
	}),
	in("a judge that answers about a call whose words went leaves no words", func(t *testing.T, w World) {
		first, _ := spoken(t, w)
		strip(t, w, first, tandem.DataTranscripts, tandem.Removal{Transcript: true, Words: no})
		j, err := w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		must(t, w.Store.RecordStep(ctx, j, said(1, secretive("two"))))
		judged, err := w.Store.PairsOf(ctx, first.ID)
		must(t, err)
		equal(t, "judged", []any{judged[0].State, judged[0].Opinions[0].Criteria, judged[0].Opinions[1].Criteria, judged[0].Opinions[1].Usage}, []any{
			tandem.PairJudged,
			map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: "one"}},
			map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: "two"}},
			opinion("two").Usage,
		})
	}),
	in("what a model found and nobody was told yet goes too", func(t *testing.T, w World) {
		first, _ := spoken(t, w)
		claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		_, err = w.Store.KeepAnalysis(ctx, claims[0], tandem.Analysis{Analyzer: "a/1", Summary: "secret"})
		must(t, err)
		strip(t, w, first, tandem.DataAnalyses, tandem.Removal{Analysis: true, Words: no})
		got, err := w.Store.CallAnalysis(ctx, first.ID)
		must(t, err)
		equal(t, "kept", []any{got.State, got.Kept, got.Analysis == nil}, []any{tandem.AnalysisDue, false, true})
		finish(t, w, claims[0], tandem.Analysis{Analyzer: "a/1", Summary: "secret"})
		got, err = w.Store.CallAnalysis(ctx, first.ID)
		must(t, err)
		equal(t, "late", got.Analysis == nil, true)
	}),
	in("groups lose a call with its words, and those under way begin anew", func(t *testing.T, w World) {
		first, _ := spoken(t, w)
		_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, true)
		must(t, err)
		now := time.Now().Add(time.Second)
		g := claimGrouping(t, w, now)
		members := []tandem.GroupMember{
			{Group: "intent.1", CallID: first.ID, Arm: "A", Ordinal: 1},
			{Group: "intent.1", CallID: "x", Arm: "A", Ordinal: 9},
			{Group: "situation.short", CallID: first.ID, Arm: "A", Ordinal: 1},
		}
		must(t, w.Store.KeepGrouping(ctx, g, now.Add(time.Minute), members))
		g.Report, g.Model = []byte(`{"old":1}`), []byte(`{"old":2}`)
		must(t, w.Store.FinishGrouping(ctx, g))
		groups, err := w.Store.GroupsOf(ctx, first.ID)
		must(t, err)
		equal(t, "of the call", groups, []string{"intent.1", "situation.short"})
		_, err = w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, false)
		must(t, err)
		under := claimGrouping(t, w, now.Add(time.Second))
		done, err := w.Store.Groupings(ctx, []tandem.ID{w.Test.ID})
		must(t, err)
		none, err := w.Store.Groupings(ctx, []tandem.ID{"x"})
		must(t, err)
		equal(t, "groupings", []any{len(done), len(none)}, []any{1, 0})
		stale := done[0]
		stale.DoneAt = new(Start)
		first.Remove(tandem.DataTranscripts, Start, nothing)
		ch := tandem.CallChanges{Calls: []tandem.Call{first}, Removals: []tandem.Removal{{CallID: first.ID, Transcript: true, Words: no}}, Groupings: []tandem.Grouping{stale}}
		wantError(t, w.Store.CommitPrivacy(ctx, ch, tandem.PrivacyProgress{}), tandem.Conflict, "done_at")
		ch.Groupings[0] = done[0]
		ch.Groupings[0].Report, ch.Groupings[0].Model = []byte(`{"new":1}`), []byte(`{"new":2}`)
		must(t, w.Store.CommitPrivacy(ctx, ch, tandem.PrivacyProgress{}))
		equal(t, "left", ordinals(t, w, "A", "intent.1"), []int64{9})
		equal(t, "situations stay", ordinals(t, w, "A", "situation.short"), []int64{1})
		wantError(t, w.Store.KeepGrouping(ctx, under, now.Add(time.Minute), members), tandem.Conflict, "")
		again := claimGrouping(t, w, now.Add(2*time.Second))
		equal(t, "as it is now", []string{string(again.Report), string(again.Model)}, []string{`{"new":1}`, `{"new":2}`})
	}),
	in("what judging and other questions take counts in the day's budget", func(t *testing.T, w World) {
		spoken(t, w)
		u := tandem.AnalysisUsage{Requests: 2, InputTokens: 5, OutputTokens: 7, Cost: 0.5}
		must(t, w.Store.Spend(context.Background(), u))
		day, err := w.Store.AnalysisDay(ctx, time.Now())
		must(t, err)
		u.Add(opinion("one").Usage)
		equal(t, "day", day, tandem.AnalysisDay{Usage: u})
	}),
	in("work in the background has another mark whenever it got on", func(t *testing.T, w World) {
		marks := func() map[tandem.Work]string {
			t.Helper()
			m, err := w.Store.Works(ctx)
			must(t, err)
			return m
		}
		moved := func(kind tandem.WorkKind, act func()) {
			t.Helper()
			of := tandem.Work{Kind: kind, TestID: w.Test.ID}
			before := marks()
			equal(t, "unmoved", marks(), before)
			act()
			after := marks()
			if after[of] == before[of] {
				t.Errorf("%s got on, and its mark is still %q", kind, after[of])
			}
			delete(before, of)
			delete(after, of)
			equal(t, "the others", after, before)
		}
		var first tandem.Call
		moved(tandem.WorkJudging, func() { first, _ = spoken(t, w) })
		j := tandem.Judging{TestID: w.Test.ID, Arms: [2]string{"A", "B"}}
		moved(tandem.WorkJudging, func() { must(t, w.Store.RecordStep(ctx, j, said(1, secretive("two")))) })
		moved(tandem.WorkTopics, func() {
			_, err := w.Store.AskGrouping(ctx, w.Test.ID, tandem.ByIntent, 0, true)
			must(t, err)
		})
		now := time.Now().Add(time.Second)
		g := claimGrouping(t, w, now)
		g.Progress.Done = 3
		moved(tandem.WorkTopics, func() { must(t, w.Store.KeepGrouping(ctx, g, now.Add(time.Minute), nil)) })
		moved(tandem.WorkTopics, func() { must(t, w.Store.FinishGrouping(ctx, g)) })
		r := tandem.Reanalysis{ID: tandem.NewID(Start), TestID: w.Test.ID, State: tandem.ReanalysisRunning, Actor: "ann", AskedAt: Start, Calls: 2}
		moved(tandem.WorkReanalysis, func() { must(t, w.Store.BeginReanalysis(ctx, r)) })
		moved(tandem.WorkReanalysis, func() {
			_, err := w.Store.StepReanalysis(ctx, r, 1)
			must(t, err)
		})
		claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		equal(t, "its turn", claims[0].CallID, first.ID)
		moved(tandem.WorkReanalysis, func() { finish(t, w, claims[0], tandem.Analysis{Analyzer: "a/1"}) })
		moved(tandem.WorkReanalysis, func() { must(t, w.Store.CloseReanalysis(ctx, r.ID, tandem.ReanalysisDone, "")) })
	}),
}
