// Package steer acts on what tests show: it gives all calls to A when a
// guardrail that says so is breached, takes ramps from step to step, and tells
// what is worth telling.
//
// Verdicts and running tests flow in; changes of tests and notices flow out.
// What it does is derived anew from the test and its results at each look, and
// guarded by the test's revision or the notice's key, so several nodes may steer
// the same test and a crash at any point leaves nothing half done. It never
// computes a result and never talks to anybody but the store.
package steer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tandem"
)

// Store is where tests and notices live.
type Store interface {
	// Config gives the running tests, and ConfigVersion grows with every change
	// to them.
	Config(ctx context.Context) (tandem.Config, error)
	ConfigVersion(ctx context.Context) (int64, error)
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	// UpdateTest is Stale when revision is not the stored one.
	UpdateTest(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Test, *tandem.Route) error) (tandem.Test, error)
	// Announce stores a notice, once for each key, to be delivered to the
	// webhooks in to; nil is every webhook that wants it.
	Announce(ctx context.Context, n tandem.Notice, to []tandem.ID) (isNew bool, err error)
	// LastVerdict gives what was told last of a test's verdict, and how often
	// anything was.
	LastVerdict(ctx context.Context, testID tandem.ID) (last tandem.Notice, told int, err error)
}

// Results says how a test stands.
type Results interface {
	Reading(ctx context.Context, testID tandem.ID) (Reading, error)
}

// Assigner takes up changes of tests at once.
type Assigner interface {
	Reload(ctx context.Context) error
}

// Reading is how a test stands at one moment.
type Reading struct {
	// About names the test to a reader: by its route, and its own name if it has one.
	About   string
	Verdict tandem.Verdict
	// Covered is how many randomised calls the verdict rests on: the first ones,
	// in order of assignment.
	Covered int64
	// Calls is how many randomised calls each phase has, by its number.
	Calls map[int]int64
	// Rebuilding says that the evidence is being computed anew. What the verdict
	// says is true of the calls that it covers, but more was known before.
	Rebuilding bool
}

const (
	// pollEvery is how often running tests are asked for, and how soon what
	// failed is tried again. It bounds how late a ramp's step is.
	pollEvery = 2 * time.Second
	// sweepEvery is how often a running test is looked at without being said to
	// have moved: not everything that a verdict tells rests on its evidence.
	sweepEvery = time.Minute
	// sweepFor is for how long after the last move that goes on. What nobody
	// calls is left to leave memory.
	sweepFor = 30 * time.Minute
	// spacing is the least time between two rounds: a test whose calls come
	// without end is looked at once in it.
	spacing = time.Second
	// lookTimeout bounds one test's look.
	lookTimeout = 10 * time.Second
)

// Pilot steers tests. Make one with New; Run has it work.
type Pilot struct {
	store    Store
	results  Results
	assigner Assigner
	log      *slog.Logger
	onChange func(tandem.Test)
	onNotice func()

	wake  chan struct{} // holds a token when a test moved
	mu    sync.Mutex
	moved map[tandem.ID]bool      // to be looked at
	heard map[tandem.ID]time.Time // when a running test last moved

	// What follows is Run's own.
	version int64 // of the configuration that running is from; -1 before the first
	running map[tandem.ID]tandem.Test
	polled  time.Time // the last time that the store answered
	swept   time.Time
	last    tandem.ID                     // looked at last
	told    map[tandem.ID]map[string]bool // keys of notices that are stored
	trouble map[tandem.ID]bool            // tests whose last look failed; "" is the store
}

// New makes a Pilot. onChange hears of each test that the Pilot changed, and
// onNotice that there is a new notice; both may be nil and must not block.
func New(store Store, results Results, assigner Assigner, log *slog.Logger, onChange func(tandem.Test), onNotice func()) *Pilot {
	if onChange == nil {
		onChange = func(tandem.Test) {}
	}
	if onNotice == nil {
		onNotice = func() {}
	}
	return &Pilot{
		store: store, results: results, assigner: assigner, log: log, onChange: onChange, onNotice: onNotice,
		wake: make(chan struct{}, 1), moved: map[tandem.ID]bool{}, heard: map[tandem.ID]time.Time{}, version: -1,
		running: map[tandem.ID]tandem.Test{}, told: map[tandem.ID]map[string]bool{}, trouble: map[tandem.ID]bool{},
	}
}

// Moved says that a test's evidence moved. It never blocks.
func (p *Pilot) Moved(testID tandem.ID) {
	p.mark(testID)
	p.hear(testID)
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *Pilot) mark(testIDs ...tandem.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range testIDs {
		p.moved[id] = true
	}
}

func (p *Pilot) hear(testID tandem.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard[testID] = time.Now()
}

// Run steers until ctx ends.
func (p *Pilot) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		p.round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(spacing):
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-tick.C:
		}
	}
}

// unavailable says whether the store is away, so that other tests would fare
// no better.
func unavailable(err error) bool {
	return tandem.CodeOf(err) == tandem.Unavailable || errors.Is(err, context.DeadlineExceeded)
}

// report logs when a test's looks begin to fail, or the store to be away (id
// ""), and when that is over.
func (p *Pilot) report(id tandem.ID, err error) {
	if (err != nil) == p.trouble[id] {
		return
	}
	switch {
	case err != nil && id == "":
		p.log.Warn("tests cannot be steered while the store is away", "error", err)
	case err != nil:
		p.log.Warn("a test cannot be steered", "test_id", id, "error", err)
	case id == "":
		p.log.Info("tests are steered again")
	default:
		p.log.Info("a test is steered again", "test_id", id)
	}
	if delete(p.trouble, id); err != nil {
		p.trouble[id] = true
	}
}
