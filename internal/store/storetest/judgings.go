package storetest

import (
	"context"
	"testing"
	"time"

	"tandem"
)

// startOf is a start of w's judging, of which each may cost 2 dollars more.
func startOf(w World) tandem.Judging {
	return tandem.Judging{TestID: w.Test.ID, Arms: [2]string{"A", "B"}, Judge: "judge/1", Seed: 7, StartedBy: "ann", StartedAt: Start, CostLimit: 2}
}

// toJudge gives pairs of calls that need not be stored.
func toJudge(w World, from, to int) (out []tandem.JudgedPair) {
	for n := from; n < to; n++ {
		out = append(out, tandem.JudgedPair{Similarity: 1 / float64(n+1), Pair: tandem.Pair{
			First:  tandem.PairedCall{Arm: "A", CallID: w.Assigned(2*n, "A").CallID},
			Second: tandem.PairedCall{Arm: "B", CallID: w.Assigned(2*n+1, "B").CallID},
		}})
	}
	return out
}

func opinion(prefers string) *tandem.Opinion {
	return &tandem.Opinion{
		Model: "m", Note: "n", Usage: tandem.AnalysisUsage{Requests: 1, InputTokens: 100, OutputTokens: 10, Cost: 0.25},
		Criteria: map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: prefers, Reason: "<&> ü", Quote: "q"}},
	}
}

// said is the step that keeps an opinion on the first pair.
func said(order int, o *tandem.Opinion) tandem.JudgingStep {
	return tandem.JudgingStep{Number: 1, Order: order, Opinion: o, Usage: o.Usage}
}

const holder = "node-1"

func claimed(t *testing.T, w World, now time.Time) tandem.Judging {
	t.Helper()
	j, ok, err := w.Store.ClaimJudging(ctx, now, time.Minute, holder)
	must(t, err)
	if !ok {
		t.Fatal("there is no judging to claim")
	}
	return j
}

var judgingTests = []contract{
	in("a pair is judged when both orders are answered, and each answer is kept once", func(t *testing.T, w World) {
		_, err := w.Store.Judging(ctx, w.Test.ID, "B")
		wantError(t, err, tandem.NotFound, "")
		j, err := w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 0, 2), false)
		must(t, err)
		want := startOf(w)
		want.State, want.NextAt, want.Pairs = tandem.JudgingRuns, Start, 2
		equal(t, "started", j, want)
		j = claimed(t, w, Start)
		due, err := w.Store.DuePairs(ctx, j, 10)
		must(t, err)
		equal(t, "due", len(due), 2)
		equal(t, "first", due[0], tandem.JudgedPair{TestID: w.Test.ID, Number: 1, Pair: toJudge(w, 0, 1)[0].Pair, Similarity: 1, State: tandem.PairDue})

		must(t, w.Store.RecordStep(ctx, j, said(1, opinion("two"))))
		must(t, w.Store.RecordStep(ctx, j, said(1, opinion("one")))) // another node was as fast
		due, err = w.Store.DuePairs(ctx, j, 10)
		must(t, err)
		equal(t, "answered in one order", []any{len(due), due[0].Opinions[0] == nil, *due[0].Opinions[1]}, []any{2, true, *opinion("two")})
		must(t, w.Store.RecordStep(ctx, j, said(0, opinion("one"))))
		due, err = w.Store.DuePairs(ctx, j, 10)
		must(t, err)
		equal(t, "due after both", []any{len(due), due[0].Number}, []any{1, int64(2)})
		all, err := w.Store.AllJudgedPairs(ctx, w.Test.ID, "B")
		must(t, err)
		if all[0].State != tandem.PairJudged || all[0].JudgedAt == nil {
			t.Fatalf("%+v", all[0])
		}
		if winner, known := all[0].Winner(tandem.OverallCriterion); winner != "A" || !known {
			t.Errorf("won by %q, %v", winner, known)
		}
		now, err := w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		equal(t, "usage counts all three", now.Usage, tandem.AnalysisUsage{Requests: 3, InputTokens: 300, OutputTokens: 30, Cost: 0.75})
		equal(t, "counts", []int64{now.Pairs, now.Judged, now.Failed}, []int64{2, 1, 0})
		listed := pages(t, 1, func(ctx context.Context, p tandem.Page) ([]tandem.JudgedPair, string, error) {
			return w.Store.JudgedPairs(ctx, w.Test.ID, "B", p)
		})
		equal(t, "listed", listed, all)
		badCursors(t, func(ctx context.Context, p tandem.Page) ([]tandem.JudgedPair, string, error) {
			return w.Store.JudgedPairs(ctx, w.Test.ID, "B", p)
		})
	}),
	in("a failed attempt is counted and comes last, and a pair that is set aside comes no more", func(t *testing.T, w World) {
		_, err := w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 0, 3), false)
		must(t, err)
		j := claimed(t, w, Start)
		used := tandem.AnalysisUsage{Requests: 1, Cost: 0.5}
		must(t, w.Store.RecordStep(ctx, j, tandem.JudgingStep{Number: 1, Error: "away\x00", Attempt: true, Usage: used}))
		must(t, w.Store.RecordStep(ctx, j, tandem.JudgingStep{Number: 2, Error: "nobody's fault"}))
		must(t, w.Store.RecordStep(ctx, j, tandem.JudgingStep{Number: 3, Error: "poison", Attempt: true, Aside: true}))
		due, err := w.Store.DuePairs(ctx, j, 10)
		must(t, err)
		equal(t, "due", len(due), 2)
		equal(t, "order", []any{due[0].Number, due[0].Attempts, due[1].Number, due[1].Attempts, due[1].LastError}, []any{int64(2), 0, int64(1), 1, "away"})
		now, err := w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		equal(t, "standing", []any{now.Failed, now.Usage}, []any{int64(1), used})
	}),
	in("a claim is one node's until its lease ends or it is settled", func(t *testing.T, w World) {
		_, err := w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 0, 1), false)
		must(t, err)
		_, ok, err := w.Store.ClaimJudging(ctx, Start.Add(-time.Second), time.Minute, holder)
		must(t, err)
		equal(t, "before its time", ok, false)
		j := claimed(t, w, Start)
		_, ok, err = w.Store.ClaimJudging(ctx, Start.Add(59*time.Second), time.Minute, "node-2")
		must(t, err)
		equal(t, "while somebody has it", ok, false)
		ok, err = w.Store.HoldJudging(ctx, j, holder, Start.Add(2*time.Minute))
		must(t, err)
		equal(t, "held", ok, true)
		_, ok, err = w.Store.ClaimJudging(ctx, Start.Add(time.Minute), time.Minute, "node-2")
		must(t, err)
		equal(t, "while it is held", ok, false)
		_, ok, err = w.Store.ClaimJudging(ctx, Start.Add(2*time.Minute), time.Minute, "node-2")
		must(t, err)
		equal(t, "after the lease", ok, true)
		ok, err = w.Store.HoldJudging(ctx, j, holder, Start.Add(9*time.Minute))
		must(t, err)
		equal(t, "held by who lost it", ok, false)
		j.State = tandem.JudgingDone
		must(t, w.Store.SettleJudging(ctx, j, holder))
		now, err := w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		equal(t, "settled by who lost it", now.State, tandem.JudgingRuns)

		j.State, j.NextAt, j.Attempts, j.LastError = tandem.JudgingRuns, Start.Add(time.Hour), 3, "busy"
		must(t, w.Store.SettleJudging(ctx, j, "node-2"))
		_, ok, err = w.Store.ClaimJudging(ctx, Start.Add(59*time.Minute), time.Minute, holder)
		must(t, err)
		equal(t, "put off", ok, false)
		j = claimed(t, w, Start.Add(time.Hour))
		equal(t, "put off", []any{j.Attempts, j.LastError}, []any{3, "busy"})
		j.State, j.LastError = tandem.JudgingFailed, "no"
		must(t, w.Store.SettleJudging(ctx, j, holder))
		now, err = w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		if now.State != tandem.JudgingFailed || now.EndedAt == nil || now.LastError != "no" {
			t.Errorf("%+v", now)
		}
		_, ok, err = w.Store.ClaimJudging(ctx, Start.Add(100*time.Hour), time.Minute, holder)
		must(t, err)
		equal(t, "one that has ended", ok, false)
	}),
	in("more pairs go on from what there is, and another judge begins afresh", func(t *testing.T, w World) {
		_, err := w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 0, 2), false)
		must(t, err)
		_, err = w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 2, 3), false)
		wantError(t, err, tandem.Conflict, "")
		j := claimed(t, w, Start)
		must(t, w.Store.RecordStep(ctx, j, said(0, opinion("one"))))
		must(t, w.Store.CancelJudging(ctx, "bob", w.Test.ID, "B"))
		wantError(t, w.Store.CancelJudging(ctx, "bob", w.Test.ID, "B"), tandem.Conflict, "")
		wantError(t, w.Store.CancelJudging(ctx, "bob", w.Test.ID, "C"), tandem.NotFound, "")
		ok, err := w.Store.HoldJudging(ctx, j, holder, Start.Add(time.Hour))
		must(t, err)
		equal(t, "held after it was cancelled", ok, false)
		must(t, w.Store.RecordStep(ctx, j, said(1, opinion("two")))) // what was under way is paid for
		now, err := w.Store.Judging(ctx, w.Test.ID, "B")
		must(t, err)
		equal(t, "cancelled", []any{now.State, now.Judged, now.EndedAt != nil}, []any{tandem.JudgingCancelled, int64(1), true})

		_, err = w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 1, 2), false)
		wantError(t, err, tandem.Conflict, "") // the pair is there
		now, err = w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 2, 4), false)
		must(t, err)
		equal(t, "gone on", []any{now.State, now.Pairs, now.Judged, now.Usage.Requests, now.CostLimit, now.EndedAt == nil}, []any{tandem.JudgingRuns, int64(4), int64(1), int64(2), 2.5, true})
		must(t, w.Store.CancelJudging(ctx, "bob", w.Test.ID, "B"))

		other := startOf(w)
		other.Judge, other.CostLimit = "judge/2", 0
		_, err = w.Store.StartJudging(ctx, "ann", other, toJudge(w, 4, 5), false)
		wantError(t, err, tandem.Conflict, "afresh")
		now, err = w.Store.StartJudging(ctx, "ann", other, toJudge(w, 0, 1), true)
		must(t, err)
		equal(t, "afresh", []any{now.Judge, now.Pairs, now.Judged, now.Usage, now.CostLimit}, []any{"judge/2", int64(1), int64(0), tandem.AnalysisUsage{}, 0.0})
		must(t, w.Store.RecordStep(ctx, j, said(0, opinion("two")))) // of the judge before
		all, err := w.Store.AllJudgedPairs(ctx, w.Test.ID, "B")
		must(t, err)
		equal(t, "numbers go on, so that a late answer finds no pair", []any{len(all), all[0].Number, all[0].Opinions[0] == nil}, []any{1, int64(5), true})
		log, _, err := w.Store.Audit(ctx, w.Test.ID, tandem.Page{})
		must(t, err)
		var acts []string
		for _, e := range log {
			acts = append(acts, e.Action)
		}
		equal(t, "audit", acts[:5], []string{"judging.start", "judging.cancel", "judging.start", "judging.cancel", "judging.start"})
	}),
	in("nodes that claim at once do not share a judging", func(t *testing.T, w World) {
		_, err := w.Store.StartJudging(ctx, "ann", startOf(w), toJudge(w, 0, 1), false)
		must(t, err)
		got := make(chan bool, 8)
		for n := range 8 {
			go func() {
				_, ok, err := w.Store.ClaimJudging(ctx, Start, time.Minute, string(rune('a'+n)))
				if err != nil {
					t.Error(err)
				}
				got <- ok
			}()
		}
		had := 0
		for range 8 {
			if <-got {
				had++
			}
		}
		equal(t, "claims", had, 1)
	}),
}
