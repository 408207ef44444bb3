package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

// foldedCall is what a folder of this suite makes of a call: its place and
// which revision of it was folded.
type foldedCall struct {
	ID       tandem.ID
	At       time.Time
	Revision int64
}

// folder folds a ledger as a node does, in small pages, and goes back where it
// is told of corrections.
type folder struct {
	store *store.Store
	test  tandem.ID
	rng   *rand.Rand

	folded []foldedCall
	since  int64
	// what happened, to show that the test tries what it is for
	corrections, rereads, refused, restarts int
}

func (f *folder) position() tandem.Position {
	if len(f.folded) == 0 {
		return tandem.Position{}
	}
	last := f.folded[len(f.folded)-1]
	return tandem.Position{At: last.At, ID: last.ID}
}

// step folds a page and says whether there was anything to do.
func (f *folder) step() (bool, error) {
	at := f.position()
	page, err := f.store.Ledger(ctx, f.test, at, f.since, 1+f.rng.IntN(20))
	if err != nil {
		return false, err
	}
	if c := page.Corrected; c != nil && !c.After(at.At) {
		f.corrections++
		keep := slices.IndexFunc(f.folded, func(o foldedCall) bool { return !o.At.Before(*c) })
		f.folded, f.since = f.folded[:max(keep, 0)], page.Sequence
		return true, nil
	}
	var settled []foldedCall
	for _, c := range page.Calls {
		if c.Ended == nil {
			break // the watermark
		}
		settled = append(settled, foldedCall{c.ID, c.Assigned.At, c.Revision})
	}
	if len(settled) == 0 {
		f.since = page.Sequence
		return false, nil
	}
	if end := settled[len(settled)-1].At; end.After(page.FoldedTo) {
		sequence, err := f.store.AnnounceFold(ctx, f.test, end)
		if err != nil || sequence != page.Sequence {
			f.rereads++
			return true, err
		}
	}
	f.folded, f.since = append(f.folded, settled...), page.Sequence
	return true, f.checkpoint()
}

// checkpoint saves what is folded now and then, and starts again from what is
// stored now and then.
func (f *folder) checkpoint() error {
	switch f.rng.IntN(6) {
	case 0, 1:
		state, err := json.Marshal(f.folded)
		if err != nil {
			return err
		}
		saved, err := f.store.SaveCheckpoint(ctx, tandem.Checkpoint{
			TestID: f.test, Calls: int64(len(f.folded)), Position: f.position(), Sequence: f.since, State: state,
		}, []int64{int64(f.rng.IntN(len(f.folded)))})
		if !saved {
			f.refused++
		}
		return err
	case 2:
		cp, err := f.store.Checkpoint(ctx, f.test, time.Time{})
		if tandem.CodeOf(err) == tandem.NotFound {
			return nil
		}
		f.restarts++
		f.folded, f.since = nil, cp.Sequence
		return errors.Join(err, json.Unmarshal(cp.State, &f.folded))
	}
	return nil
}

var foldTests = []contract{
	{"what two nodes fold while four commit is what is stored in the end", func(t *testing.T, url string) {
		const writers, calls = 4, 40
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		var committing, folding sync.WaitGroup
		errs := make(chan error, writers+len(stores))
		for n := range writers {
			committing.Go(func() {
				if err := commitOutOfOrder(stores[n%2], w, n, writers, calls); err != nil {
					errs <- fmt.Errorf("writer %d: %w", n, err)
				}
			})
		}
		done := make(chan struct{})
		folders := make([]*folder, len(stores))
		for i := range folders {
			f := &folder{store: stores[i], test: w.Test.ID, rng: rand.New(rand.NewPCG(7, uint64(i)))}
			folders[i] = f
			folding.Go(func() {
				if err := f.follow(done); err != nil {
					errs <- fmt.Errorf("folder %d: %w", i, err)
				}
			})
		}
		committing.Wait()
		close(done)
		folding.Wait()
		close(errs)
		for err := range errs {
			t.Fatal(err)
		}
		page := ledger(t, w, tandem.Position{}, 0, 1000)
		want := make([]foldedCall, len(page.Calls))
		for i, c := range page.Calls {
			want[i] = foldedCall{c.ID, c.Assigned.At, c.Revision}
		}
		equal(t, "calls", len(want), writers*calls)
		for i, f := range folders {
			equal(t, fmt.Sprintf("what folder %d folded", i), f.folded, want)
			t.Logf("folder %d: %d corrections, %d pages read again, %d checkpoints refused, %d restarts", i, f.corrections, f.rereads, f.refused, f.restarts)
		}
		checkpoints, err := w.Store.Checkpoints(ctx, w.Test.ID)
		must(t, err)
		for _, cp := range checkpoints {
			equal(t, fmt.Sprintf("checkpoint after %d calls", cp.Calls), decode[[]foldedCall](t, cp.State), want[:cp.Calls])
		}
	}},
}

// follow folds until there is nothing more and done is closed.
func (f *folder) follow(done <-chan struct{}) error {
	for last := false; ; {
		more, err := f.step()
		if err != nil || !more && last {
			return err
		}
		if !more {
			select {
			case <-done:
				last = true // once more, for what came since
			default:
			}
		}
	}
}

// commitOutOfOrder stores every writer-th call: assigned somewhat out of order,
// ended in another commit, and corrected some calls later.
func commitOutOfOrder(s *store.Store, w World, writer, writers, calls int) error {
	rng := rand.New(rand.NewPCG(9, uint64(writer)))
	order := make([]int, calls)
	for i := range order {
		order[i] = i
	}
	for i := range order {
		j := min(calls-1, i+rng.IntN(5))
		order[i], order[j] = order[j], order[i]
	}
	event := func(i int) tandem.Event { return w.Assigned(order[i]*writers+writer, []string{"A", "B"}[i%2]) }
	for i := range calls + 8 {
		if i < calls {
			e := event(i)
			for _, e := range []tandem.Event{e, Ended(e, time.Minute, tandem.ByCaller)} {
				if err := commitEvent(s, e); err != nil {
					return err
				}
			}
		}
		if i >= 8 && i%3 == 0 {
			e := event(i - 8)
			if err := commitEvent(s, Analyzed(e, map[string]any{"sentiment": 0.5})); err != nil {
				return err
			}
		}
	}
	return nil
}

// commitEvent joins an event to its call, which nobody else changes.
func commitEvent(s *store.Store, e tandem.Event) error {
	ref := tandem.CallRef{ID: e.CallID}
	loaded, err := s.LoadCalls(ctx, []tandem.CallRef{ref})
	if err != nil {
		return err
	}
	c := loaded[ref]
	c.ID = e.CallID
	return s.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{Join(c, e)}, Counted: []tandem.ID{c.ID}})
}
