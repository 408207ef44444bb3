package results

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
)

// LedgerStore is what folding evidence needs of the store.
type LedgerStore interface {
	TestSource
	Route(ctx context.Context, idOrNumberOrName string) (tandem.Route, error)
	// Activity gives a number for each test that grows with each commit that
	// touches it.
	Activity(ctx context.Context) (map[tandem.ID]int64, error)
	// Ledger gives the calls behind a position, and what was changed before it
	// since a sequence, as of one moment.
	Ledger(ctx context.Context, testID tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error)
	// AnnounceFold says how far this node is about to fold.
	AnnounceFold(ctx context.Context, testID tandem.ID, to time.Time) (sequence int64, err error)
	// Checkpoint gives the newest checkpoint before a time; NotFound.
	Checkpoint(ctx context.Context, testID tandem.ID, before time.Time) (tandem.Checkpoint, error)
	// SaveCheckpoint keeps a checkpoint, unless a call in it was changed.
	SaveCheckpoint(ctx context.Context, cp tandem.Checkpoint, drop []int64) (saved bool, err error)
}

const (
	// activityEvery is how often the store is asked what other nodes did, and
	// how soon after a failure it is tried again.
	activityEvery = time.Second
	// foldPause lies between two turns of a test, so that commits in quick
	// succession are folded together: each turn announces itself in the store.
	foldPause = time.Second
	// atOnce is how many pages one turn reads, and a reader waits for when a test
	// has to be loaded: up to some 2,000 calls.
	atOnce = 4
	// keptEnded is how many tests that no longer run are kept in memory.
	keptEnded = 32
	// idleAfter is when a running test that nobody asks about and whose calls do
	// not move leaves memory.
	idleAfter = time.Hour
	// brokenFor is how long a test rests whose evidence cannot be folded.
	brokenFor = time.Minute
)

// Folder keeps the evidence of tests: it folds their calls in order of
// assignment, behind the oldest call whose outcome is still open, and goes back
// where an outcome was corrected. What it holds can be lost at any time: any
// node comes to the same state, byte for byte, from the store. It is safe for
// concurrent use, and several nodes may fold the same test at the same time.
type Folder struct {
	store    LedgerStore
	plans    plans
	log      *slog.Logger
	onChange func(testID tandem.ID)
	wake     chan struct{} // holds a token while a test is due
	running  atomic.Bool
	// checkpoints and states are how many calls lie between two checkpoints and
	// between two states in memory, at least.
	checkpoints, states int64

	mu    sync.Mutex
	tests map[tandem.ID]*folding
}

// NewFolder makes a Folder. onChange, which may be nil, hears of each test whose
// evidence moved, or whose calls did: guardrails are judged by those that evidence
// cannot cover yet, too. It is called from Run and from Standing and must not block.
func NewFolder(store LedgerStore, log *slog.Logger, onChange func(testID tandem.ID)) *Folder {
	if onChange == nil {
		onChange = func(tandem.ID) {}
	}
	return &Folder{
		store: store, plans: plans{source: store}, log: log, onChange: onChange,
		wake: make(chan struct{}, 1), tests: map[tandem.ID]*folding{},
		checkpoints: checkpointEvery, states: memoryEvery,
	}
}

// Moved says that a commit touched the test's calls. It never blocks.
func (d *Folder) Moved(testID tandem.ID) {
	d.enter(testID, func(f *folding, now time.Time) {
		f.used = now
		f.wants(now)
	})
	d.ring()
}

// Standing says what the evidence of a test is. It answers from memory; a test
// that is not there is read from its newest checkpoint first, and folded up to
// now when little is left, or in the background. Without a Run that folds in the
// background it goes on a little with each question. Errors are the store's.
func (d *Folder) Standing(ctx context.Context, t tandem.Test) (Standing, error) {
	f := d.enter(t.ID, func(f *folding, now time.Time) {
		f.used, f.ended = now, t.Status != tandem.Running
	})
	if s := f.shown.Load(); s != nil && d.running.Load() {
		return *s, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.shown.Load(); s != nil && d.running.Load() {
		return *s, nil // somebody else has just read it
	}
	more, err := d.advance(ctx, f, atOnce)
	if err != nil {
		return Standing{}, err
	}
	sequence := f.sequence
	d.enter(t.ID, func(f *folding, now time.Time) {
		f.known = sequence
		if more {
			f.wants(now)
		} else if !f.settles.IsZero() {
			f.wants(f.settles)
		}
	})
	d.ring()
	if s := f.shown.Load(); s != nil {
		return *s, nil
	}
	return Standing{Rebuilding: true}, nil
}

// enter finds a test's folding, or begins one, and notes something about it.
func (d *Folder) enter(id tandem.ID, note func(f *folding, now time.Time)) *folding {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.tests[id]
	if f == nil {
		f = &folding{id: id, limit: leastPage}
		d.tests[id] = f
	}
	note(f, time.Now())
	return f
}

func (d *Folder) ring() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
