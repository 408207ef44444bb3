package steer

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tandem"
)

var discard = slog.New(slog.DiscardHandler)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is a store in memory, with the rules of the real one.
type shelf struct {
	mu      sync.Mutex
	tests   map[tandem.ID]tandem.Test
	version int64
	audit   []string // actor, action
	notices []tandem.Notice
	away    bool
	// before runs, once, before the next change: somebody else's.
	before func()
	// dies makes the next change the last thing that works.
	dies bool
}

var errAway = tandem.Errorf(tandem.Unavailable, "", "the database is away")

func (s *shelf) lock() func() { s.mu.Lock(); return s.mu.Unlock }

func (s *shelf) fault() error {
	if s.away {
		return errAway
	}
	return nil
}

func (s *shelf) put(t tandem.Test) {
	defer s.lock()()
	t.Revision++
	s.tests[t.ID] = t
	s.version++
}

func (s *shelf) Config(context.Context) (tandem.Config, error) {
	defer s.lock()()
	c := tandem.Config{Version: s.version}
	for _, t := range s.tests {
		if t.Status == tandem.Running {
			c.Tests = append(c.Tests, t)
		}
	}
	return c, s.fault()
}

func (s *shelf) ConfigVersion(context.Context) (int64, error) {
	defer s.lock()()
	return s.version, s.fault()
}

func (s *shelf) Test(_ context.Context, id tandem.ID) (tandem.Test, error) {
	defer s.lock()()
	t, ok := s.tests[id]
	if err := s.fault(); err != nil || ok {
		return t, err
	}
	return t, tandem.Errorf(tandem.NotFound, "", "there is no such test")
}

func (s *shelf) UpdateTest(_ context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Test, *tandem.Route) error) (tandem.Test, error) {
	if b := s.before; b != nil {
		s.before = nil
		b()
	}
	defer s.lock()()
	if s.away {
		return tandem.Test{}, errAway
	}
	t := s.tests[id]
	if revision != t.Revision {
		return tandem.Test{}, tandem.Errorf(tandem.Stale, "revision", "has moved on")
	}
	if err := change(&t, &tandem.Route{}); err != nil {
		return tandem.Test{}, err
	}
	t.Revision++
	s.tests[id] = t
	s.version++
	s.audit = append(s.audit, actor+" "+action)
	s.away = s.dies
	return t, nil
}

func (s *shelf) Announce(_ context.Context, n tandem.Notice, _ []tandem.ID) (bool, error) {
	defer s.lock()()
	if s.away {
		return false, errAway
	}
	if slices.ContainsFunc(s.notices, func(m tandem.Notice) bool { return m.Key == n.Key }) {
		return false, nil
	}
	s.notices = append(s.notices, n)
	return true, nil
}

func (s *shelf) LastVerdict(_ context.Context, id tandem.ID) (last tandem.Notice, told int, err error) {
	defer s.lock()()
	for _, n := range s.notices {
		if n.TestID == id && (n.Kind == tandem.NoticeVerdict || n.Kind == tandem.NoticeWithdrawn) {
			last, told = n, told+1
		}
	}
	return last, told, s.fault()
}

func (s *shelf) test(id tandem.ID) tandem.Test {
	defer s.lock()()
	return s.tests[id]
}

// fate says whether the store is away, or will be from its next change on.
func (s *shelf) fate(away, dies bool) {
	defer s.lock()()
	s.away, s.dies = away, dies
}

// told lists the notices' kinds and texts.
func (s *shelf) told() []string {
	defer s.lock()()
	out := []string{}
	for _, n := range s.notices {
		out = append(out, string(n.Kind)+": "+n.Text)
	}
	return out
}

func (s *shelf) changes() []string {
	defer s.lock()()
	return append([]string{}, s.audit...)
}

// board holds what results say.
type board struct {
	mu    sync.Mutex
	shows map[tandem.ID]Reading
	reads map[tandem.ID]int
	err   map[tandem.ID]error
}

func newBoard() *board {
	return &board{shows: map[tandem.ID]Reading{}, reads: map[tandem.ID]int{}, err: map[tandem.ID]error{}}
}

func (b *board) Reading(_ context.Context, id tandem.ID) (Reading, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads[id]++
	return b.shows[id], b.err[id]
}

func (b *board) show(id tandem.ID, r Reading) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shows[id] = r
}

func (b *board) fail(id tandem.ID, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err[id] = err
}

func (b *board) read(id tandem.ID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads[id]
}

// crew counts what a pilot asks of the rest of the house.
type crew struct {
	mu                        sync.Mutex
	reloads, changed, noticed int
	buf                       bytes.Buffer
}

func (c *crew) Reload(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reloads++
	return nil
}

func (c *crew) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(b)
}

func (c *crew) logged() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}

func (c *crew) counts() [3]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return [3]int{c.reloads, c.changed, c.noticed}
}

func (c *crew) pilot(store Store, results Results) *Pilot {
	return New(store, results, c, slog.New(slog.NewTextHandler(c, nil)),
		func(tandem.Test) { c.mu.Lock(); c.changed++; c.mu.Unlock() },
		func() { c.mu.Lock(); c.noticed++; c.mu.Unlock() })
}

// scene is a pilot at work in a bubble, on one running test.
type scene struct {
	*shelf
	*crew
	board *board
	pilot *Pilot
	id    tandem.ID
}

// stage runs play in a synctest bubble with a pilot at work on a test of rules
// and weights.
func stage(t *testing.T, rules tandem.Rules, weights []float64, play func(t *testing.T, s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{shelf: &shelf{tests: map[tandem.ID]tandem.Test{}}, crew: &crew{}, board: newBoard()}
		test := newTest(t, rules, weights)
		s.id = test.ID
		s.put(test)
		s.pilot = s.crew.pilot(s.shelf, s.board)
		defer running(t, s.pilot)()
		play(t, s)
	})
}

// running has pilots work until the function that it gives is called.
func running(t *testing.T, pilots ...*Pilot) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, p := range pilots {
		all.Go(func() { p.Run(ctx) })
	}
	return func() { cancel(); all.Wait() }
}

func newTest(t *testing.T, rules tandem.Rules, weights []float64) tandem.Test {
	t.Helper()
	now := time.Now().UTC()
	var arms []tandem.ArmSpec
	for _, w := range weights {
		arms = append(arms, tandem.ArmSpec{VersionID: tandem.NewID(now), Weight: w})
	}
	test, err := tandem.NewTest(tandem.Route{ID: tandem.NewID(now)}, tandem.TestSpec{Arms: arms, Rules: rules}, now)
	if err != nil {
		t.Fatal(err)
	}
	return test
}

// shows has the results of the scene's test say r, and waits until that was
// acted on.
func (s *scene) shows(r Reading) {
	s.board.show(s.id, r)
	s.pilot.Moved(s.id)
	s.settle()
}

// settle waits until a round has passed.
func (s *scene) settle() {
	time.Sleep(spacing + time.Millisecond)
	synctest.Wait()
}

// now gives the scene's test.
func (s *scene) now() tandem.Test { return s.test(s.id) }

func breached(g tandem.Guardrail, arm string) tandem.GuardrailState {
	return tandem.GuardrailState{Guardrail: g, Arm: arm, Breached: true, Text: "Transfer rate is worse in " + arm + "."}
}

func harm(states ...tandem.GuardrailState) Reading {
	return Reading{Verdict: tandem.Verdict{Status: tandem.GuardrailBreached, Text: "A guardrail is breached.", Guardrails: states}}
}
