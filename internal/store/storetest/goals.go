package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

// newGoal changes the goal of the world's test.
func newGoal(s *store.Store, w World, goal string) (tandem.Test, error) {
	return s.UpdateTest(ctx, Actor, "test.goal", w.Test.ID, 0, func(t *tandem.Test, _ *tandem.Route) error {
		return t.ChangeGoal(tandem.GoalChange{At: Start, By: Actor, To: goal, Calls: 7})
	})
}

// count stands for what counts calls: the goal is met as the edition says.
func count(c tandem.Call, edition int) tandem.CallChanges {
	met := edition%2 == 0
	observe := func(met bool) *tandem.Observation {
		o := &tandem.Observation{Metric: tandem.MetricCompletion, Kind: tandem.Proportion}
		if met {
			o.Number = 1
		}
		return o
	}
	change := tandem.TallyChange{
		Key: tandem.TallyKey{TestID: c.Assigned.Value.TestID, Phase: 1, Arm: c.Assigned.Value.Arm, Metric: tandem.MetricCompletion},
		Add: observe(met),
	}
	if c.Goal != nil {
		change.Remove = observe(*c.Goal)
	}
	c.Goal, c.GoalEdition = &met, edition
	return tandem.CallChanges{Calls: []tandem.Call{c}, Tallies: []tandem.TallyChange{change}, Counted: []tandem.ID{c.ID}}
}

var goalTests = []contract{
	{"a test whose goal was never changed is at its first edition", func(t *testing.T, url string) {
		w := NewWorld(t, Open(t, url))
		r, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		equal(t, "recount", r, tandem.Recount{TestID: w.Test.ID, Edition: 1})
		all, err := w.Store.Recounts(ctx)
		must(t, err)
		equal(t, "recounts", all, []tandem.Recount{})
		equal(t, "page's edition", ledger(t, w, tandem.Position{}, 0, 1).GoalEdition, 0)
		e := w.Assigned(1, "A")
		must(t, w.Store.CommitCalls(ctx, count(Call(e, Ended(e, time.Minute, tandem.ByCaller)), 1)))
		equal(t, "page's edition", ledger(t, w, tandem.Position{}, 0, 1).GoalEdition, 1)
	}},
	in("a changed goal begins a recount and is in the audit log", func(t *testing.T, w World) {
		for n := range 5 {
			e := w.Assigned(n, []string{"A", "B"}[n%2])
			must(t, w.Store.CommitCalls(ctx, count(Call(e), 1)))
		}
		before := activity(t, w)
		got, err := newGoal(w.Store, w, "call.transferred")
		must(t, err)
		if got.Goal != "call.transferred" || got.GoalEdition() != 2 || got.Revision != 2 {
			t.Fatalf("test %+v", got)
		}
		want := tandem.Recount{TestID: w.Test.ID, Edition: 2, Total: 5}
		r, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		equal(t, "recount", r, want)
		all, err := w.Store.Recounts(ctx)
		must(t, err)
		equal(t, "recounts", all, []tandem.Recount{want})
		if activity(t, w) <= before {
			t.Error("nobody is told")
		}
		stored, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "changes", stored.GoalChanges, []tandem.GoalChange{{At: Start, By: Actor, From: "fields.appointment_booked", To: "call.transferred", Calls: 7}})
		entries, _, err := w.Store.Audit(ctx, w.Test.ID, tandem.Page{})
		must(t, err)
		if e := entries[0]; e.Action != "test.goal" || decode[tandem.Test](t, e.Before).Goal != "fields.appointment_booked" || decode[tandem.Test](t, e.After).Goal != "call.transferred" {
			t.Errorf("audit %+v", e)
		}
		// The same goal again changes nothing.
		again, err := newGoal(w.Store, w, "call.transferred")
		must(t, err)
		equal(t, "edition", again.GoalEdition(), 2)
		if r2, _ := w.Store.Recount(ctx, w.Test.ID); r2 != r {
			t.Errorf("recount %+v", r2)
		}
	}),
	in("calls counted under another goal than the test has are refused, whole batch", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		must(t, w.Store.CommitCalls(ctx, count(Call(e), 1)))
		_, err := newGoal(w.Store, w, "call.transferred")
		must(t, err)
		ch := count(load(t, w, e.CallID), 1)
		fresh := count(Call(w.Assigned(2, "A")), 2)
		ch.Calls, ch.Tallies = append(ch.Calls, fresh.Calls...), append(ch.Tallies, fresh.Tallies...)
		err = w.Store.CommitCalls(ctx, ch)
		wantError(t, err, tandem.Conflict, "goal")
		if !tandem.GoalChanged(err) {
			t.Error("the error does not say that the goal changed")
		}
		if calls := eachCall(t, w, w.Test.ID); len(calls) != 1 || *calls[0].Goal {
			t.Errorf("stored %+v", calls)
		}
		must(t, w.Store.CommitCalls(ctx, count(load(t, w, e.CallID), 2)))
		// What was not counted is not held to a goal.
		must(t, w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(3, "A"))}}))
	}),
	in("a recount moves from where it is, once, and ends", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		must(t, w.Store.CommitCalls(ctx, count(Call(e), 1)))
		_, err := newGoal(w.Store, w, "call.transferred")
		must(t, err)
		was, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		to := tandem.Position{At: e.At, ID: e.CallID}
		moved := func(was tandem.Recount, last, want bool) {
			t.Helper()
			before := activity(t, w)
			got, err := w.Store.AdvanceRecount(ctx, was, to, 1, last)
			must(t, err)
			if got != want || (activity(t, w) > before) != want {
				t.Fatalf("moved is %v; want %v", got, want)
			}
		}
		moved(was, false, true)
		moved(was, false, false) // another node went on
		is, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		equal(t, "recount", is, tandem.Recount{TestID: w.Test.ID, Edition: 2, Total: 1, Done: 1, Position: to})
		moved(is, true, true)
		end, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		if end.Running() || end.Finished != activity(t, w) {
			t.Errorf("ended as %+v, activity %d", end, activity(t, w))
		}
		moved(end, true, false)
		_, err = newGoal(w.Store, w, "")
		must(t, err)
		moved(end, true, false) // of an earlier goal
		moved(is, true, false)
		third, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		equal(t, "recount", third, tandem.Recount{TestID: w.Test.ID, Edition: 3, Total: 1})
	}),
	{"goals change while nodes commit and count anew: in the end every call is counted under the last", func(t *testing.T, url string) {
		const writers, calls, changes = 3, 25, 4
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		var committing, sweeping sync.WaitGroup
		errs := make(chan error, writers+len(stores)+1)
		for n := range writers {
			committing.Go(func() {
				for i := range calls {
					if err := commitUnderGoal(stores[n%2], w, w.Assigned(i*writers+n, []string{"A", "B"}[i%2])); err != nil {
						errs <- fmt.Errorf("writer %d: %w", n, err)
						return
					}
				}
			})
		}
		committing.Go(func() {
			for n := range changes {
				if _, err := newGoal(stores[n%2], w, fmt.Sprint("call.turns > ", n)); err != nil {
					errs <- err
					return
				}
			}
		})
		done := make(chan struct{})
		for i, s := range stores {
			sweeping.Go(func() {
				if err := sweep(s, done); err != nil {
					errs <- fmt.Errorf("sweeper %d: %w", i, err)
				}
			})
		}
		committing.Wait()
		close(done)
		sweeping.Wait()
		close(errs)
		for err := range errs {
			t.Fatal(err)
		}
		met := map[string]int64{}
		all := eachCall(t, w, w.Test.ID)
		equal(t, "calls", len(all), writers*calls)
		for _, c := range all {
			if c.Goal == nil || *c.Goal != ((changes+1)%2 == 0) {
				t.Fatalf("call %s is counted under an earlier goal", c.ID)
			}
			met[c.Assigned.Value.Arm]++
		}
		rows, err := w.Store.Tallies(ctx, w.Test.ID)
		must(t, err)
		for _, row := range rows {
			if row.N != met[row.Arm] || row.Successes != 0 {
				t.Errorf("tally %+v; want %d calls, none of them met", row, met[row.Arm])
			}
		}
		r, err := w.Store.Recount(ctx, w.Test.ID)
		must(t, err)
		if r.Running() || r.Edition != changes+1 {
			t.Errorf("recount %+v", r)
		}
	}},
}

// commitUnderGoal stores a call counted under the goal that its test has, as often as
// that takes.
func commitUnderGoal(s *store.Store, w World, e tandem.Event) error {
	for {
		t, err := s.Test(ctx, w.Test.ID)
		if err != nil {
			return err
		}
		if err = s.CommitCalls(ctx, count(Call(e), t.GoalEdition())); !tandem.GoalChanged(err) {
			return err
		}
	}
}

// sweep counts anew, in small pages, until nothing is left and done is closed.
func sweep(s *store.Store, done <-chan struct{}) error {
	for last := false; ; {
		all, err := s.Recounts(ctx)
		if err != nil {
			return err
		}
		for _, r := range all {
			if err := sweepPage(ctx, s, r); tandem.CodeOf(err) != tandem.Conflict && err != nil {
				return err
			}
		}
		if len(all) > 0 {
			continue
		}
		if last {
			return nil
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
}

func sweepPage(ctx context.Context, s *store.Store, r tandem.Recount) error {
	const limit = 4
	page, err := s.Ledger(ctx, r.TestID, r.Position, 0, limit)
	if err != nil {
		return err
	}
	to := r.Position
	for _, c := range page.Calls {
		if err := s.CommitCalls(ctx, count(c, r.Edition)); err != nil {
			return err
		}
		to = tandem.Position{At: c.Assigned.At, ID: c.ID}
	}
	_, err = s.AdvanceRecount(ctx, r, to, r.Done+int64(len(page.Calls)), len(page.Calls) < limit)
	return err
}

func activity(t *testing.T, w World) int64 {
	t.Helper()
	all, err := w.Store.Activity(ctx)
	must(t, err)
	return all[w.Test.ID]
}
