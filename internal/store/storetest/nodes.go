package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

var nodeTests = []contract{
	{"two nodes commit to the same calls at once, and every sum and ordinal is right", func(t *testing.T, url string) {
		const writers, batches, size = 4, 12, 16
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		var running sync.WaitGroup
		errs := make(chan error, writers)
		for n := range writers {
			running.Go(func() {
				for b := range batches {
					// Every writer reports one part of each of the same calls,
					// in another order than the others.
					if err := report(stores[n%2], w, n, b*size, size); err != nil {
						errs <- fmt.Errorf("writer %d, batch %d: %w", n, b, err)
						return
					}
				}
			})
		}
		running.Wait()
		close(errs)
		for err := range errs {
			t.Fatal(err)
		}
		calls := eachCall(t, w, w.Test.ID)
		equal(t, "calls", len(calls), batches*size)
		ordinals := map[string][]int64{}
		for _, c := range calls {
			if len(c.Values) != writers {
				t.Errorf("call %s has the reports of %d writers of %d", c.ID, len(c.Values), writers)
			}
			arm := c.Assigned.Value.Arm
			ordinals[arm] = append(ordinals[arm], c.Ordinal)
		}
		for arm, got := range ordinals {
			slices.Sort(got)
			for i, n := range got {
				if n != int64(i+1) {
					t.Fatalf("ordinals of arm %s are %v", arm, got)
				}
			}
		}
		rows, err := w.Store.Tallies(ctx, w.Test.ID)
		must(t, err)
		total := int64(0)
		for _, row := range rows {
			total += row.N
		}
		equal(t, "observations", total, int64(writers*batches*size))
	}},
	{"of two nodes that start a test at once, one succeeds", func(t *testing.T, url string) {
		w := NewWorld(t, Open(t, url))
		_, err := w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end("A"))
		must(t, err)
		stores := []*store.Store{w.Store, Open(t, url)}
		for round := range 10 {
			tests := []tandem.Test{NewTest(t, w.Route, w.Versions), NewTest(t, w.Route, w.Versions)}
			results := both(func(n int) error { return stores[n].StartTest(ctx, Actor, tests[n]) })
			winner := slices.Index(results, nil)
			if winner < 0 || results[1-winner] == nil || tandem.CodeOf(results[1-winner]) != tandem.Conflict {
				t.Fatalf("round %d: %v", round, results)
			}
			// One ends it while the other tries to start the next: nobody waits
			// for ever, whoever comes first.
			results = both(func(n int) error {
				if n == 0 {
					_, err := stores[0].UpdateTest(ctx, Actor, "test.end", tests[winner].ID, 0, end("B"))
					return err
				}
				next := NewTest(t, w.Route, w.Versions)
				err := stores[1].StartTest(ctx, Actor, next)
				if err == nil {
					_, err = stores[1].UpdateTest(ctx, Actor, "test.end", next.ID, 0, end("A"))
				} else if tandem.CodeOf(err) == tandem.Conflict {
					err = nil
				}
				return err
			})
			equal(t, "errors", results, []error{nil, nil})
		}
	}},
	{"versions published by two nodes at once are numbered one after the other", func(t *testing.T, url string) {
		stores := []*store.Store{Open(t, url), Open(t, url)}
		a := NewAgent("front-desk")
		must(t, stores[0].CreateAgent(ctx, Actor, a))
		results := both(func(n int) error {
			for range 10 {
				if _, err := stores[n].Publish(ctx, Actor, a.ID, 0, ""); err != nil {
					return err
				}
			}
			return nil
		})
		equal(t, "errors", results, []error{nil, nil})
		versions, _, err := stores[0].Versions(ctx, a.ID, tandem.Page{})
		must(t, err)
		for i, v := range versions {
			equal(t, "number", v.Number, 20-i)
		}
		equal(t, "versions", len(versions), 20)
	}},
	{"a change on one node is what the other reads next", func(t *testing.T, url string) {
		w := NewWorld(t, Open(t, url))
		other := Open(t, url)
		before, err := other.ConfigVersion(ctx)
		must(t, err)
		_, err = w.Store.UpdateTest(ctx, Actor, "test.reweight", w.Test.ID, 0, func(t *tandem.Test, _ *tandem.Route) error {
			return t.Reweight([]float64{10, 90}, Start.Add(time.Hour))
		})
		must(t, err)
		after, err := other.ConfigVersion(ctx)
		must(t, err)
		c, err := other.Config(ctx)
		must(t, err)
		if after <= before || c.Version != after || c.Tests[0].Phase().Number != 2 {
			t.Errorf("configuration went from %d to %d, is %d with %+v", before, after, c.Version, c.Tests)
		}
	}},
	{"two nodes open an empty database at once", func(t *testing.T, url string) {
		results := both(func(int) error {
			s, err := store.Open(ctx, url)
			if err != nil {
				return err
			}
			return s.Close()
		})
		equal(t, "errors", results, []error{nil, nil})
	}},
}

// report adds writer n's value to size calls from first on, and one
// observation for each, as ingest does: load, join, commit, and again after a
// conflict.
func report(s *store.Store, w World, n, first, size int) error {
	for range 1000 {
		var ch tandem.CallChanges
		var refs []tandem.CallRef
		var events []tandem.Event
		for i := range size {
			i = (i + 5*n) % size
			e := w.Assigned(first+i, []string{"A", "B"}[i%2])
			events, refs = append(events, e), append(refs, tandem.CallRef{ID: e.CallID})
		}
		loaded, err := s.LoadCalls(ctx, refs)
		if err != nil {
			return err
		}
		for i, e := range events {
			c := loaded[refs[i]]
			c.ID = e.CallID
			said := Analyzed(e, map[string]any{fmt.Sprintf("writer_%d", n): float64(n)})
			ch.Calls = append(ch.Calls, Join(c, e, said))
			ch.Tallies = append(ch.Tallies, add(w, e.Assigned.Arm, tandem.Observation{
				Metric: fmt.Sprintf("field.m%d", i%3), Kind: tandem.Mean, Number: float64(n),
			}))
		}
		err = s.CommitCalls(ctx, ch)
		if tandem.CodeOf(err) != tandem.Conflict {
			return err
		}
	}
	return fmt.Errorf("still a conflict after 1000 tries")
}

// both runs fn(0) and fn(1) at once and gives their errors.
func both(fn func(n int) error) []error {
	errs := make([]error, 2)
	var running sync.WaitGroup
	for n := range errs {
		running.Go(func() { errs[n] = fn(n) })
	}
	running.Wait()
	return errs
}
