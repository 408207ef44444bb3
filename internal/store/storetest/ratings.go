package storetest

import (
	"context"
	"testing"
	"time"

	"tandem"
)

// pair gives the pair of calls n of arm A and n+1 of arm B, which it stores.
func pair(t *testing.T, w World, n int) tandem.Pair {
	t.Helper()
	a, b := w.Assigned(n, "A"), w.Assigned(n+1, "B")
	commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(a), Call(b)}})
	return tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: a.CallID}, Second: tandem.PairedCall{Arm: "B", CallID: b.CallID}}
}

var ratingTests = []contract{
	in("a call has one rating of each rater, the last one", func(t *testing.T, w World) {
		a := w.Assigned(1, "A")
		scored := Call(a, Analyzed(a, map[string]any{tandem.NaturalnessField: 4.0, tandem.ErrorField: nil, "other": 3.0}))
		apart := w.Assigned(2, "B")
		apart.Assigned.NotRandomised = tandem.ReasonLimit
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{scored, Call(apart)}})
		none, err := w.Store.CallRatings(ctx, a.CallID)
		must(t, err)
		equal(t, "before", none, []tandem.CallRating{})
		first := tandem.CallRating{CallID: a.CallID, Rater: "ann", Scores: tandem.Scores{Naturalness: new(2), OffScript: new(5)}, Note: "<&> ü", RatedAt: Start}
		other := tandem.CallRating{CallID: a.CallID, Rater: "bob", Note: "Slow.", RatedAt: Start}
		last := tandem.CallRating{CallID: a.CallID, Rater: "ann", Scores: tandem.Scores{Naturalness: new(3)}, RatedAt: Start.Add(time.Hour)}
		for _, r := range []tandem.CallRating{first, other, {CallID: apart.CallID, Rater: "ann", Note: "x", RatedAt: Start}} {
			must(t, w.Store.RateCall(ctx, r))
		}
		got, err := w.Store.CallRatings(ctx, a.CallID)
		must(t, err)
		equal(t, "ratings", got, []tandem.CallRating{first, other})
		must(t, w.Store.RateCall(ctx, last))
		got, err = w.Store.CallRatings(ctx, a.CallID)
		must(t, err)
		equal(t, "after a change of mind", got, []tandem.CallRating{last, other})

		rated, err := w.Store.RatedCalls(ctx, w.Test.ID)
		must(t, err)
		scores := map[string]float64{tandem.NaturalnessField: 4}
		equal(t, "of the test", rated, []tandem.RatedCall{{CallRating: last, Arm: "A", Analyzed: scores}, {CallRating: other, Arm: "A", Analyzed: scores}})
		rated, err = w.Store.RatedCalls(ctx, tandem.NewID(Start))
		must(t, err)
		equal(t, "of another test", rated, []tandem.RatedCall{})
		wantError(t, w.Store.RateCall(ctx, tandem.CallRating{CallID: tandem.NewID(Start), Rater: "ann", Note: "x", RatedAt: Start}), tandem.NotFound, "")
	}),
	in("a pair has one rating of each rater, blind as long as the rater keeps to it", func(t *testing.T, w World) {
		p := pair(t, w, 1)
		rate := func(id tandem.ID, rater, winner string, at time.Time) tandem.PairRating {
			t.Helper()
			got, err := w.Store.RatePair(ctx, tandem.PairRating{ID: id, TestID: w.Test.ID, Pair: p, Rater: rater, Winner: winner, Blind: true, Note: winner + "!", RatedAt: at})
			must(t, err)
			return got
		}
		id := tandem.NewID(Start)
		first := rate(id, "ann", "B", Start)
		equal(t, "first", first, tandem.PairRating{ID: id, TestID: w.Test.ID, Pair: p, Rater: "ann", Winner: "B", Blind: true, Note: "B!", RatedAt: Start})
		again := rate(tandem.NewID(Start), "ann", "B", Start.Add(time.Second))
		equal(t, "said again", []any{again.ID, again.Blind, again.RatedAt}, []any{id, true, Start.Add(time.Second)})
		changed := rate(tandem.NewID(Start), "ann", tandem.Tie, Start.Add(2*time.Second))
		equal(t, "another winner", []any{changed.ID, changed.Winner, changed.Blind}, []any{id, tandem.Tie, false})
		back := rate(tandem.NewID(Start), "ann", "B", Start.Add(3*time.Second))
		equal(t, "the first winner again", back.Blind, false)
		bob := rate(tandem.NewID(Start), "bob", "A", Start.Add(time.Minute))

		all, err := w.Store.AllPairRatings(ctx, w.Test.ID)
		must(t, err)
		equal(t, "all", all, []tandem.PairRating{back, bob})
		listed := pages(t, 1, func(ctx context.Context, page tandem.Page) ([]tandem.PairRating, string, error) {
			return w.Store.PairRatings(ctx, w.Test.ID, page)
		})
		equal(t, "listed, the last one first", listed, []tandem.PairRating{bob, back})
		badCursors(t, func(ctx context.Context, page tandem.Page) ([]tandem.PairRating, string, error) {
			return w.Store.PairRatings(ctx, w.Test.ID, page)
		})
		elsewhere, err := w.Store.AllPairRatings(ctx, tandem.NewID(Start))
		must(t, err)
		equal(t, "of another test", elsewhere, []tandem.PairRating{})
	}),
}
