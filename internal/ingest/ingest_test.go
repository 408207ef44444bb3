package ingest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"tandem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	t0    = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	quiet = slog.New(slog.DiscardHandler)
)

// countTurns is all that these tests measure of a conversation.
func countTurns(turns []tandem.Turn) *tandem.Conversation {
	return &tandem.Conversation{Turns: len(turns)}
}

// memory is a store in memory that checks revisions as the real one does.
type memory struct {
	mu      sync.Mutex
	calls   map[tandem.ID]tandem.Call
	foreign map[tandem.CallRef]tandem.ID
	commits int
	err     error
	// before runs inside CommitCalls, ahead of its check, unlocked.
	before func()
}

func newMemory() *memory {
	return &memory{calls: map[tandem.ID]tandem.Call{}, foreign: map[tandem.CallRef]tandem.ID{}}
}

func (m *memory) LoadCalls(_ context.Context, refs []tandem.CallRef) (map[tandem.CallRef]tandem.Call, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	out := map[tandem.CallRef]tandem.Call{}
	for _, r := range refs {
		id := r.ID
		if id == "" {
			id = m.foreign[r]
		}
		if c, ok := m.calls[id]; ok {
			out[r] = c
		}
	}
	return out, nil
}

func (m *memory) CommitCalls(_ context.Context, ch tandem.CallChanges) error {
	if m.before != nil {
		m.before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	calls, foreign := maps.Clone(m.calls), maps.Clone(m.foreign)
	for _, c := range ch.Calls {
		if calls[c.ID].Revision != c.Revision {
			return tandem.Errorf(tandem.Conflict, "revision", "moved on")
		}
		c.Revision++
		calls[c.ID] = c
		for origin, id := range c.Foreign {
			ref := tandem.CallRef{Origin: origin, ForeignID: id}
			if other, taken := foreign[ref]; taken && other != c.ID {
				return tandem.Errorf(tandem.Conflict, "foreign_id", "is another call's")
			}
			foreign[ref] = c.ID
		}
	}
	m.calls, m.foreign = calls, foreign
	m.commits++
	return nil
}

func (m *memory) OverdueCalls(_ context.Context, now time.Time, limit int) ([]tandem.ID, error) {
	var out []tandem.ID
	for id, c := range m.calls {
		if c.Stage() == tandem.StageAssigned && c.Assigned != nil && c.Assigned.At.Add(time.Hour).Before(now) && len(out) < limit {
			out = append(out, id)
		}
	}
	return out, nil
}

func (m *memory) set(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func (m *memory) size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.calls)
}

// tally counts ended calls by what Count is asked.
type tally struct {
	mu    sync.Mutex
	ended int
}

func (c *tally) Forget() {}

func (c *tally) Count(_ context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before.Ended == nil && after.Ended != nil {
		c.ended++
	}
	return nil, nil
}

func assigned(i int) tandem.Event {
	return tandem.Event{
		ID: fmt.Sprint(i, "/assigned"), Origin: tandem.OriginSIP, CallID: tandem.DeriveCallID("sip", fmt.Sprint(i), t0), ForeignID: fmt.Sprint(i),
		Kind: tandem.EventAssigned, At: t0, Assigned: &tandem.Assignment{TestID: "018f0000-0000-7000-8000-000000000009", Arm: "A"},
	}
}

func ended(i int, origin string) tandem.Event {
	return tandem.Event{ID: fmt.Sprint(i, "/ended"), Origin: origin, ForeignID: fmt.Sprint(i), Kind: tandem.EventEnded, At: t0.Add(time.Minute), Ended: &tandem.Ending{By: tandem.ByCaller}}
}

func TestConcurrentRequestsShareCommitsAndAllAreThere(t *testing.T) {
	m, c := newMemory(), &tally{}
	gate := make(chan struct{})
	m.before = func() { <-gate }
	i := New(m, c, countTurns, quiet, nil)
	var wg sync.WaitGroup
	for k := range 200 {
		wg.Go(func() {
			if err := i.Ingest(context.Background(), []tandem.Event{ended(k, "vapi")}); err != nil {
				t.Error(err)
			}
		})
	}
	close(gate)
	wg.Wait()
	i.Close()
	if len(m.calls) != 200 || c.ended != 200 || m.commits >= 200 {
		t.Errorf("%d calls, %d ended, %d commits; want 200, 200, fewer than 200", len(m.calls), c.ended, m.commits)
	}
	if err := i.Ingest(context.Background(), []tandem.Event{ended(1, "vapi")}); tandem.CodeOf(err) != tandem.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

func TestAnyOrderAnyRepetitionAnyBatchingGivesTheSameRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []tandem.Event
		for k := range 3 {
			events = append(events, assigned(k), ended(k, tandem.OriginSIP),
				tandem.Event{ID: fmt.Sprint(k, "v"), Origin: "vapi", CallID: assigned(k).CallID, ForeignID: fmt.Sprint("v", k), Kind: tandem.EventAnalysis, At: t0, Analysis: map[string]any{"x": 1.0}})
		}
		run := func(events []tandem.Event, cut int) map[tandem.ID]tandem.Call {
			m := newMemory()
			i := New(m, &tally{}, countTurns, quiet, nil)
			defer i.Close()
			for _, part := range [][]tandem.Event{events[:cut], events[cut:]} {
				if err := i.Ingest(context.Background(), part); err != nil {
					t.Fatal(err)
				}
			}
			for id, c := range m.calls {
				c.Revision = 0
				m.calls[id] = c
			}
			return m.calls
		}
		want := run(events, 0)
		// An end that names its call only by the gateway's id and comes ahead of
		// everything else still finds it: the id is derived.
		shuffled := rapid.Permutation(append(events, events[rapid.IntRange(0, len(events)-1).Draw(t, "again")])).Draw(t, "order")
		if d := cmp.Diff(want, run(shuffled, rapid.IntRange(0, len(shuffled)).Draw(t, "cut"))); d != "" {
			t.Fatal(d)
		}
	})
}

func TestACallThatAnotherNodeChangedMeanwhileIsJoinedAgain(t *testing.T) {
	m := newMemory()
	i := New(m, &tally{}, countTurns, quiet, nil)
	defer i.Close()
	once := sync.Once{}
	m.before = func() {
		once.Do(func() {
			c := tandem.Call{ID: assigned(1).CallID}
			c.Apply(assigned(1))
			c.Revision = 1
			m.mu.Lock()
			defer m.mu.Unlock()
			m.calls[c.ID] = c
		})
	}
	e := ended(1, tandem.OriginSIP)
	e.CallID = assigned(1).CallID
	if err := i.Ingest(context.Background(), []tandem.Event{e}); err != nil {
		t.Fatal(err)
	}
	if c := m.calls[e.CallID]; c.Assigned == nil || c.Ended == nil || c.Revision != 2 {
		t.Errorf("the record lost a fact: %+v", c)
	}
}

func TestOneRequestsFaultIsNotAnothers(t *testing.T) {
	m := newMemory()
	i := New(m, &tally{}, countTurns, quiet, nil)
	defer i.Close()
	if err := i.Ingest(context.Background(), []tandem.Event{assigned(1)}); err != nil {
		t.Fatal(err)
	}
	thief := assigned(2)
	thief.ForeignID = "1" // another call's
	gate := make(chan struct{})
	m.before = func() { <-gate }
	results := make([]error, 3)
	var wg sync.WaitGroup
	for k, e := range []tandem.Event{assigned(3), thief, assigned(4)} {
		wg.Go(func() { results[k] = i.Ingest(context.Background(), []tandem.Event{e}) })
	}
	close(gate)
	wg.Wait()
	if results[0] != nil || results[2] != nil || tandem.CodeOf(results[1]) != tandem.Conflict || m.size() != 3 {
		t.Errorf("errors %v, %d calls", results, m.size())
	}
}

func TestOverdueCallsAreMarkedLostOnce(t *testing.T) {
	m := newMemory()
	i := New(m, &tally{}, countTurns, quiet, nil)
	defer i.Close()
	if err := i.Ingest(context.Background(), []tandem.Event{assigned(1), assigned(2), func() tandem.Event { e := ended(2, "sip"); e.CallID = assigned(2).CallID; return e }()}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := i.reap(context.Background(), t0.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := m.calls[assigned(1).CallID], m.calls[assigned(2).CallID]; a.Stage() != tandem.StageLost || a.Revision != 2 || b.Stage() != tandem.StageEnded {
		t.Errorf("stages %s (revision %d) and %s", a.Stage(), a.Revision, b.Stage())
	}
}

func record(t *testing.T, m *memory, path string) (*Recorder, func()) {
	t.Helper()
	i := New(m, &tally{}, countTurns, quiet, nil)
	r, err := NewRecorder(i, path, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return r, func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		i.Close()
	}
}

func TestEventsWaitInTheSpoolWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		path := filepath.Join(t.TempDir(), "spool")
		r, stop := record(t, m, path)
		m.set(&tandem.Error{Code: tandem.Unavailable, Message: "away"})
		for k := range 3000 {
			r.Record(assigned(k))
			if k%100 == 0 {
				time.Sleep(20 * time.Millisecond)
			}
		}
		time.Sleep(5 * time.Second)
		if m.size() != 0 || r.Pending() == 0 {
			t.Errorf("%d calls stored, %d bytes pending while away", m.size(), r.Pending())
		}
		m.set(nil)
		time.Sleep(5 * time.Second)
		if m.size() != 3000 || r.Pending() != 0 {
			t.Errorf("%d calls stored, %d bytes pending after it came back", m.size(), r.Pending())
		}
		stop()
	})
}

func TestANewProcessTakesUpTheSpoolOfOneThatDied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	s, err := openSpool(path)
	if err != nil {
		t.Fatal(err)
	}
	var events []tandem.Event
	for k := range 2500 {
		events = append(events, assigned(k))
	}
	if err := s.append(events); err != nil {
		t.Fatal(err)
	}
	if _, err := s.file.WriteAt([]byte(`{"id":"cut off in the mid`), s.size); err != nil { // killed while writing
		t.Fatal(err)
	}
	_ = s.file.Close()

	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		r, stop := record(t, m, path)
		r.Record(assigned(9999))
		time.Sleep(2 * time.Second)
		stop()
		if len(m.calls) != 2501 {
			t.Errorf("%d calls, want 2501", len(m.calls))
		}
	})
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("after a clean end the spool has %d bytes (%v)", info.Size(), err)
	}
}

func TestAPoisonedEventIsSetAsideAndHoldsUpNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		path := filepath.Join(t.TempDir(), "spool")
		r, stop := record(t, m, path)
		thief := assigned(2)
		thief.ForeignID = "1"
		r.Record(assigned(1))
		time.Sleep(time.Second)
		for _, e := range []tandem.Event{assigned(3), thief, assigned(4)} {
			r.Record(e)
		}
		time.Sleep(time.Second)
		stop()
		aside, err := os.ReadFile(path + ".refused")
		if err != nil || len(m.calls) != 3 || len(aside) == 0 {
			t.Errorf("%d calls, set aside %q (%v)", len(m.calls), aside, err)
		}
	})
}

func TestEventsReachTheStoreWhenTheDiskIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		r, stop := record(t, m, filepath.Join(t.TempDir(), "spool"))
		good := r.spool.file
		full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
		if err != nil {
			t.Skip("no /dev/full on this system:", err)
		}
		r.spool.file = full
		for k := range 10 {
			r.Record(assigned(k))
		}
		time.Sleep(2 * time.Second)
		if m.size() != 10 {
			t.Errorf("%d calls, want 10", m.size())
		}
		r.spool.file = good
		_ = full.Close()
		stop()
	})
}

func TestEventsReachTheSpoolWhileACommitHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &hanging{memory: newMemory(), release: make(chan struct{})}
		i := New(m, &tally{}, countTurns, quiet, nil)
		path := filepath.Join(t.TempDir(), "spool")
		r, err := NewRecorder(i, path, quiet)
		if err != nil {
			t.Fatal(err)
		}
		r.Record(assigned(1))
		time.Sleep(time.Second) // its commit hangs now
		r.Record(assigned(2))
		time.Sleep(time.Second)
		if b, err := os.ReadFile(path); err != nil || bytes.Count(b, []byte("\n")) != 2 {
			t.Errorf("the spool holds %q (%v); want both events", b, err)
		}
		close(m.release)
		time.Sleep(time.Second)
		if m.size() != 2 || r.Pending() != 0 {
			t.Errorf("%d calls stored, %d bytes pending", m.size(), r.Pending())
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		i.Close()
	})
}

// hanging is a store that answers no commit before it may go on.
type hanging struct {
	*memory
	release chan struct{}
}

func (h *hanging) CommitCalls(ctx context.Context, ch tandem.CallChanges) error {
	<-h.release
	return h.memory.CommitCalls(ctx, ch)
}

func TestADamagedSpoolIsSetAsideAndStopsNoServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	if err := os.WriteFile(path, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openSpool(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	if kept, err := os.Stat(s.aside); err != nil || kept.Size() != 2<<20 || s.pending() != 0 {
		t.Errorf("set aside %v (%v), %d bytes pending", kept, err, s.pending())
	}
}
