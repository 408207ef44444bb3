package results

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
)

// Pages of the ledger. Short ones while the watermark stands still, since the
// calls behind it are read again each time.
const (
	leastPage = 64
	mostPage  = 1000
)

// folding is the evidence of one test in memory.
type folding struct {
	id tandem.ID
	// shown is what readers get; nil before the first page.
	shown atomic.Pointer[Standing]

	// Guarded by Folder.mu.
	due   time.Time // when it wants a turn; zero: when something moves
	rests time.Time // no turn before that
	used  time.Time // when somebody asked, or something moved
	ended bool      // the test no longer runs
	known int64     // the activity that the last turn has seen

	mu sync.Mutex // held through a turn; guards the rest
	// state is the fold so far; nil before the test was loaded.
	state *state
	// sequence is the activity as of which the folded calls are known to be
	// right.
	sequence int64
	// told is the activity that onChange has heard of.
	told int64
	// pinned: the store has a checkpoint that state follows from, so that every
	// node begins with the same maxSeconds.
	pinned bool
	// replace: the store holds checkpoints that cannot be read.
	replace bool
	history history
	moved   bool // readers have not seen the state yet
	limit   int
	// settles is when the first open call settles by time alone; zero when it
	// waits for a report.
	settles time.Time
}

// advance takes steps, at most so many, and shows what came of them. more says
// that there is something left to do at once. f.mu is held.
func (d *Folder) advance(ctx context.Context, f *folding, steps int) (more bool, err error) {
	for range steps {
		if more, err = d.step(ctx, f); err != nil {
			return false, err
		}
		if !more {
			break
		}
	}
	if f.state == nil {
		return more, nil
	}
	if f.show(more) || f.sequence != f.told {
		f.told = f.sequence
		d.onChange(f.id)
	}
	return more, nil
}

// show gives readers the state and says whether that is news. While a fold is
// made up for, they keep what reached further, marked as being rebuilt.
func (f *folding) show(more bool) bool {
	was := f.shown.Load()
	if was != nil && !f.moved && was.Rebuilding == more {
		if was.Sequence == f.sequence {
			return false
		}
		is := *was
		is.Sequence = f.sequence
		f.shown.Store(&is)
		return f.state.plan.edition > 1 // it may be what readers wait for
	}
	is := f.state.standing()
	is.Sequence = f.sequence
	if more && was != nil && is.Calls < was.Calls {
		is = *was
	}
	is.Rebuilding = more
	f.moved = false
	f.shown.Store(&is)
	return true
}

// step reads one page and folds what is settled of it, by this protocol: what
// was folded before is right as of f.sequence. The page says whether one of
// those calls was changed since; then the fold goes back to before it. Calls up
// to page.FoldedTo are watched: any change after the page shows in the next one.
// Later ones may be folded once that is announced and nothing was committed
// between the page and the announcement.
func (d *Folder) step(ctx context.Context, f *folding) (more bool, err error) {
	if f.state == nil {
		if err := d.load(ctx, f, time.Time{}, 0); err != nil {
			return false, err
		}
	}
	page, err := d.store.Ledger(ctx, f.id, f.state.last, f.sequence, f.limit)
	if err != nil {
		return false, fmt.Errorf("ledger: %w", err)
	}
	if page.GoalEdition > f.state.plan.edition {
		d.plans.forget()
		p, err := d.plans.of(ctx, f.id)
		if err != nil {
			return false, err
		}
		f.state.follow(p)
	}
	if f.state.calls > 0 {
		if page.Forgotten {
			f.state = nil
			return true, nil
		}
		if page.Corrected != nil && !page.Corrected.After(f.state.last.At) {
			return true, d.rewind(ctx, f, *page.Corrected, page.Sequence)
		}
	}
	f.sequence = page.Sequence
	settled := f.settled(page.Calls)
	ready, err := d.announce(ctx, f.id, page, settled)
	if err != nil {
		return false, err
	}
	if ready > 0 && !f.pinned {
		return true, d.pin(ctx, f)
	}
	if err := d.foldAll(ctx, f, page.Calls[:ready]); err != nil {
		return false, err
	}
	if ready < settled {
		f.settles = time.Now() // the rest, once the announcement is in a page
	}
	more = settled == f.limit || ready == 0 && settled > 0
	if settled == f.limit {
		f.limit = min(4*f.limit, mostPage)
	} else {
		f.limit = min(max(settled+settled/4, leastPage), mostPage)
	}
	return more, nil
}

// settled counts the calls before the first whose outcome is open, and notes
// when that one settles.
func (f *folding) settled(calls []tandem.Call) int {
	f.settles = time.Time{}
	now := time.Now()
	for i := range calls {
		ok, from := f.state.settled(&calls[i], f.state.maxSeconds, now)
		if !ok {
			f.settles = from
			return i
		}
	}
	return len(calls)
}

// announce says how many of the settled calls may be folded now.
func (d *Folder) announce(ctx context.Context, id tandem.ID, page tandem.LedgerPage, settled int) (int, error) {
	ready := settled
	// The store tells times apart by microseconds.
	for ready > 0 && page.Calls[ready-1].Assigned.At.Truncate(time.Microsecond).After(page.FoldedTo) {
		ready--
	}
	if ready == settled {
		return ready, nil
	}
	sequence, err := d.store.AnnounceFold(ctx, id, page.Calls[settled-1].Assigned.At)
	if err != nil {
		return 0, fmt.Errorf("announce the fold: %w", err)
	}
	if sequence == page.Sequence {
		return settled, nil
	}
	return ready, nil // the rest has to be read again
}

// foldAll folds calls that are right as of f.sequence.
func (d *Folder) foldAll(ctx context.Context, f *folding, calls []tandem.Call) error {
	for i := range calls {
		if err := d.learnPhase(ctx, f, calls[i].Assigned.Value.Phase); err != nil {
			return err
		}
		f.moved = true
		if err := f.state.fold(&calls[i]); err != nil {
			f.state = nil // half a call is folded
			return fmt.Errorf("call %s: %w", calls[i].ID, err)
		}
		if err := d.keep(ctx, f, len(calls) == mostPage); err != nil {
			return err
		}
	}
	return nil
}

// learnPhase reads the test again when a call is of a phase that was not there
// before. A phase is stored before any call can be assigned in it.
func (d *Folder) learnPhase(ctx context.Context, f *folding, number int) error {
	if f.state.frame.phases[number] != nil {
		return nil
	}
	t, err := d.store.Test(ctx, f.id)
	if err != nil {
		return fmt.Errorf("test: %w", err)
	}
	f.state.addPhases(t)
	if f.state.frame.phases[number] == nil {
		// No phase of the test: its calls have no chances. Not asked again.
		f.state.frame.phases[number] = make([]float64, len(f.state.arms))
	}
	return nil
}

// pin makes sure that the store has the fold's beginning, so that a change of
// the route's longest call never changes the evidence, and goes on from what the
// store has then: another node may have been first, or be further.
func (d *Folder) pin(ctx context.Context, f *folding) error {
	raw, err := f.state.MarshalBinary()
	if err != nil {
		return err
	}
	var drop []int64
	if f.replace {
		drop = []int64{0}
	}
	cp := tandem.Checkpoint{TestID: f.id, Sequence: f.sequence, State: raw}
	if _, err := d.store.SaveCheckpoint(ctx, cp, drop); err != nil {
		return fmt.Errorf("first checkpoint: %w", err)
	}
	err = d.load(ctx, f, time.Time{}, f.state.maxSeconds)
	f.pinned = true
	return err
}
