package results

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"tandem"
)

// SweepStore is what counting calls anew needs of the store.
type SweepStore interface {
	// Recounts lists the tests whose calls do not all follow their goal.
	Recounts(ctx context.Context) ([]tandem.Recount, error)
	Ledger(ctx context.Context, testID tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error)
	// CommitCalls writes a batch, or nothing. It is a Conflict when a call changed
	// since it was read, or the goal since the calls were counted.
	CommitCalls(ctx context.Context, ch tandem.CallChanges) error
	// AdvanceRecount notes how far a test is; moved is false when was is not what
	// is stored.
	AdvanceRecount(ctx context.Context, was tandem.Recount, to tandem.Position, done int64, last bool) (moved bool, err error)
}

const (
	// sweepPage is how many calls are counted anew in one commit: some
	// milliseconds of work, so that no call's events wait long behind it.
	sweepPage = 500
	// sweepEvery is how often the store is asked for goals that other nodes
	// changed, and how soon after a failure it is tried again.
	sweepEvery = time.Second
	// sweepAttempts is how often a page is redone because one of its calls was
	// changed meanwhile, before others get their turn.
	sweepAttempts = 8
)

// Sweeper counts calls anew whose test has another goal than when they were
// counted. Calls go through the same difference as with an event: what they said
// under the old goal is taken back from the tallies, what they say under the new one
// is added, and evidence that rests on them is folded anew. It goes through the
// ledger in order and notes how far it is after each page; a page that is done
// twice changes nothing the second time. So a node may stop at any point, and
// several may work at once.
type Sweeper struct {
	store    SweepStore
	counter  *Counter
	log      *slog.Logger
	onChange func(testID tandem.ID)
	wake     chan struct{}
}

// NewSweeper makes a Sweeper. counter is the one that events are counted with.
// onChange, which may be nil, hears of each test after each page; it must not
// block.
func NewSweeper(store SweepStore, counter *Counter, log *slog.Logger, onChange func(testID tandem.ID)) *Sweeper {
	if onChange == nil {
		onChange = func(tandem.ID) {}
	}
	return &Sweeper{store: store, counter: counter, log: log, onChange: onChange, wake: make(chan struct{}, 1)}
}

// Wake says that a goal was changed. It never blocks.
func (s *Sweeper) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run counts anew whatever has to be until ctx ends.
func (s *Sweeper) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	failing := false
	for {
		err := s.Sweep(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != failing {
			if failing = err != nil; failing {
				s.log.Warn("calls cannot be counted anew under a changed goal; it is tried again", "error", err)
			} else {
				s.log.Info("calls are counted anew again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// Sweep counts anew until nothing has to be, a page of each test in turn. It gives
// the first error, after the other tests had their turn. Errors are the store's.
func (s *Sweeper) Sweep(ctx context.Context) error {
	for {
		all, err := s.store.Recounts(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		var first error
		for _, r := range all {
			if err := s.page(ctx, r); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if first == nil {
					first = fmt.Errorf("test %s: %w", r.TestID, err)
				}
			}
		}
		if first != nil {
			return first
		}
	}
}

// page counts the next calls of a test anew.
func (s *Sweeper) page(ctx context.Context, r tandem.Recount) error {
	var err error
	for range sweepAttempts {
		if err = s.attempt(ctx, r); tandem.CodeOf(err) != tandem.Conflict {
			break
		}
		if tandem.GoalChanged(err) {
			s.counter.Forget()
		}
	}
	if tandem.CodeOf(err) == tandem.Conflict {
		return nil // its calls move; others first
	}
	return err
}

func (s *Sweeper) attempt(ctx context.Context, r tandem.Recount) error {
	edition, err := s.counter.edition(ctx, r.TestID)
	if err != nil {
		return err
	}
	if edition != r.Edition {
		return tandem.ErrGoalChanged // this node knows another goal than r is about
	}
	page, err := s.store.Ledger(ctx, r.TestID, r.Position, 0, sweepPage)
	if err != nil {
		return err
	}
	var ch tandem.CallChanges
	to := r.Position
	for i := range page.Calls {
		before := page.Calls[i]
		after := before
		tallies, err := s.counter.Count(ctx, before, &after)
		if err != nil {
			return fmt.Errorf("call %s: %w", before.ID, err)
		}
		to = tandem.Position{At: before.Assigned.At, ID: before.ID}
		if before.GoalState() == after.GoalState() && len(tallies) == 0 {
			continue
		}
		ch.Calls = append(ch.Calls, after)
		ch.Tallies = append(ch.Tallies, tallies...)
		ch.Counted = append(ch.Counted, after.ID)
	}
	if len(ch.Calls) > 0 {
		if err := s.store.CommitCalls(ctx, ch); err != nil {
			return err
		}
	}
	last := len(page.Calls) < sweepPage
	moved, err := s.store.AdvanceRecount(ctx, r, to, r.Done+int64(len(page.Calls)), last)
	if err != nil || !moved {
		return err // not moved: the page was another node's, or the goal is another
	}
	if last {
		s.log.Info("all calls are counted under the changed goal", "test_id", r.TestID, "calls", r.Done+int64(len(page.Calls)))
	}
	s.onChange(r.TestID)
	return nil
}
