package storetest

import (
	"testing"
	"time"

	"tandem"
)

var checkpointTests = []contract{
	in("a checkpoint is read as it was saved, the newest before a time", func(t *testing.T, w World) {
		folded(t, w)
		_, err := w.Store.Checkpoint(ctx, w.Test.ID, time.Time{})
		wantError(t, err, tandem.NotFound, "")
		want := []tandem.Checkpoint{save(t, w, 1, 10), save(t, w, 2, 20), save(t, w, 3, 30)}
		for _, c := range []struct {
			before time.Time
			want   int // 0 for none
		}{
			{time.Time{}, 3},
			{Start.Add(time.Hour), 3},
			{Start.Add(30*time.Second + time.Microsecond), 3},
			{Start.Add(30 * time.Second), 2},
			{Start.Add(10*time.Second + time.Nanosecond), 1},
			{Start.Add(10 * time.Second), 0},
		} {
			got, err := w.Store.Checkpoint(ctx, w.Test.ID, c.before)
			if c.want == 0 {
				wantError(t, err, tandem.NotFound, "")
				continue
			}
			must(t, err)
			equal(t, "checkpoint before "+c.before.String(), got, want[c.want-1])
		}
		all, err := w.Store.Checkpoints(ctx, w.Test.ID)
		must(t, err)
		equal(t, "all", all, want)
		none, err := w.Store.Checkpoints(ctx, w.Route.ID)
		must(t, err)
		equal(t, "of another test", none, []tandem.Checkpoint{})
	}),
	in("a checkpoint of no calls is there before the first and stays whatever is corrected", func(t *testing.T, w World) {
		want := tandem.Checkpoint{TestID: w.Test.ID, State: []byte("what the fold begins with")}
		saved, err := w.Store.SaveCheckpoint(ctx, want, nil)
		must(t, err)
		got, err := w.Store.Checkpoint(ctx, w.Test.ID, Start)
		must(t, err)
		equal(t, "saved and stored", []any{saved, got}, []any{true, want})
		folded(t, w)
		recount(t, w, 10)
		equal(t, "left", counts(t, w), []int64{0})
	}),
	in("a checkpoint is read with the activity of that moment", func(t *testing.T, w World) {
		folded(t, w)
		first := save(t, w, 1, 10)
		commit(t, w, fresh(w.Assigned(90, "A")))
		got, err := w.Store.Checkpoint(ctx, w.Test.ID, time.Time{})
		must(t, err)
		equal(t, "sequence", got.Sequence, first.Sequence+1)
	}),
	in("a correction takes away the checkpoints that rest on it, and no others", func(t *testing.T, w World) {
		folded(t, w)
		save(t, w, 1, 10)
		save(t, w, 2, 20)
		save(t, w, 3, 30)
		recount(t, w, 20)
		equal(t, "left after a change at 20", counts(t, w), []int64{1})
		commit(t, w, fresh(w.Assigned(11, "A")))
		equal(t, "left after a new call at 11", counts(t, w), []int64{1})
		commit(t, w, fresh(w.Assigned(9, "A")))
		equal(t, "left after a new call at 9", counts(t, w), []int64{})
	}),
	in("a checkpoint is refused when a call in it changed after it was read", func(t *testing.T, w World) {
		folded(t, w)
		old := checkpoint(t, w, 2, 20)
		early := checkpoint(t, w, 1, 10)
		save(t, w, 1, 10)
		recount(t, w, 20)
		saved, err := w.Store.SaveCheckpoint(ctx, old, []int64{1})
		must(t, err)
		equal(t, "saved", saved, false)
		equal(t, "nothing saved or dropped", counts(t, w), []int64{1})
		early.Calls = 7 // what lies before the change still stands
		saved, err = w.Store.SaveCheckpoint(ctx, early, nil)
		must(t, err)
		equal(t, "saved before the change", saved, true)
		save(t, w, 2, 20) // read anew
		equal(t, "saved", counts(t, w), []int64{1, 2, 7})
	}),
	in("a second checkpoint of the same calls leaves the first", func(t *testing.T, w World) {
		folded(t, w)
		want := save(t, w, 2, 20)
		again := want
		again.State = []byte("another")
		saved, err := w.Store.SaveCheckpoint(ctx, again, nil)
		must(t, err)
		got, err := w.Store.Checkpoint(ctx, w.Test.ID, time.Time{})
		must(t, err)
		equal(t, "saved and stored", []any{saved, got}, []any{true, want})
	}),
	in("checkpoints are thinned as new ones are saved", func(t *testing.T, w World) {
		folded(t, w)
		other := w
		other.Test = second(t, w)
		announce(t, other, Start.Add(time.Minute))
		save(t, other, 1, 10)
		for n := range int64(6) {
			cp := checkpoint(t, w, n+1, 10*int(n+1))
			saved, err := w.Store.SaveCheckpoint(ctx, cp, []int64{n - 1, n - 2, 99})
			must(t, err)
			equal(t, "saved", saved, true)
		}
		equal(t, "left", counts(t, w), []int64{5, 6})
		equal(t, "of the other test", counts(t, other), []int64{1})
	}),
	in("a checkpoint beyond what was announced is refused: its changes were not recorded", func(t *testing.T, w World) {
		folded(t, w)
		_, err := w.Store.SaveCheckpoint(ctx, checkpoint(t, w, 9, 61), nil)
		wantError(t, err, tandem.Invalid, "position")
		w.Test = second(t, w)
		_, err = w.Store.SaveCheckpoint(ctx, checkpoint(t, w, 1, 1), nil)
		wantError(t, err, tandem.Invalid, "position")
	}),
}

// folded stores calls at 10, 20 and 30 seconds and announces a fold of the
// first minute.
func folded(tb testing.TB, w World) {
	tb.Helper()
	for _, n := range []int{10, 20, 30} {
		commit(tb, w, fresh(w.Assigned(n, "A")))
	}
	announce(tb, w, Start.Add(time.Minute))
}

// checkpoint makes a checkpoint of the world's test as it is now, up to the
// call at n seconds.
func checkpoint(tb testing.TB, w World, calls int64, n int) tandem.Checkpoint {
	tb.Helper()
	e := w.Assigned(n, "A")
	return tandem.Checkpoint{
		TestID: w.Test.ID, Calls: calls, Position: tandem.Position{At: e.At, ID: e.CallID},
		Sequence: ledger(tb, w, tandem.Position{}, 0, 1).Sequence, State: []byte{0, byte(calls), 0xff, 0},
	}
}

func save(tb testing.TB, w World, calls int64, n int) tandem.Checkpoint {
	tb.Helper()
	cp := checkpoint(tb, w, calls, n)
	saved, err := w.Store.SaveCheckpoint(ctx, cp, nil)
	must(tb, err)
	equal(tb, "saved", saved, true)
	return cp
}

// counts lists the numbers of calls of the stored checkpoints.
func counts(tb testing.TB, w World) []int64 {
	tb.Helper()
	all, err := w.Store.Checkpoints(ctx, w.Test.ID)
	must(tb, err)
	out := []int64{}
	for _, cp := range all {
		out = append(out, cp.Calls)
	}
	return out
}
