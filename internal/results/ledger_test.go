package results

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"tandem"
)

// ledger is the part of the memory store that evidence is folded from. It keeps
// the store's promises: one moment for each read, and a correction for each
// change at or before the announced time.
type ledger struct {
	mu     sync.Mutex
	byTest map[tandem.ID]*testLedger
	// onLedger runs after a page was read, before it is given out.
	onLedger func()
	// away makes every method fail.
	away error
	// reads and announced count calls of the methods.
	reads, announced int
}

type testLedger struct {
	sequence, forgotten int64
	foldedTo            time.Time
	corrections         []correction
	checkpoints         map[int64]tandem.Checkpoint
	saved               int
}

type correction struct {
	sequence int64
	at       time.Time
}

func (l *ledger) of(id tandem.ID) *testLedger {
	if l.byTest == nil {
		l.byTest = map[tandem.ID]*testLedger{}
	}
	if l.byTest[id] == nil {
		l.byTest[id] = &testLedger{checkpoints: map[int64]tandem.Checkpoint{}}
	}
	return l.byTest[id]
}

// commit is what a stored change of a call does. mu is held.
func (l *ledger) commit(before, after tandem.Call, counted bool) {
	moved := before.Assigned == nil || after.Assigned == nil || before.Assigned.Value != after.Assigned.Value || !before.Assigned.At.Equal(after.Assigned.At)
	touched := map[tandem.ID][]time.Time{}
	for _, c := range []tandem.Call{before, after} {
		if c.Assigned != nil && c.Assigned.Value.TestID != "" {
			touched[c.Assigned.Value.TestID] = append(touched[c.Assigned.Value.TestID], micros(c.Assigned.At))
		}
	}
	for id, times := range touched {
		t := l.of(id)
		t.sequence++
		if !counted && !moved {
			continue
		}
		at := slices.MinFunc(times, time.Time.Compare)
		if t.foldedTo.IsZero() || at.After(t.foldedTo) {
			continue
		}
		t.corrections = append(t.corrections, correction{t.sequence, at})
		for n, cp := range t.checkpoints {
			if !cp.Position.At.Before(at) {
				delete(t.checkpoints, n)
			}
		}
	}
}

func micros(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

func (m *memory) Activity(context.Context) (map[tandem.ID]int64, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	out := map[tandem.ID]int64{}
	for id, t := range m.ledger.byTest {
		out[id] = t.sequence
	}
	return out, m.ledger.away
}

func (m *memory) Ledger(_ context.Context, id tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error) {
	page, err := m.page(id, after, since, limit)
	if m.ledger.onLedger != nil {
		m.ledger.onLedger()
	}
	return page, err
}

func (m *memory) page(id tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	if m.ledger.away != nil {
		return tandem.LedgerPage{}, m.ledger.away
	}
	m.ledger.reads++
	t := m.ledger.of(id)
	page := tandem.LedgerPage{Sequence: t.sequence, GoalEdition: m.recount(id).Edition, FoldedTo: t.foldedTo, Forgotten: t.forgotten > since && after != (tandem.Position{})}
	for _, c := range t.corrections {
		if c.sequence > since && (page.Corrected == nil || c.at.Before(*page.Corrected)) {
			page.Corrected = &c.at
		}
	}
	for _, c := range m.inOrder(id) {
		if compareCalls(tandem.Position{At: micros(c.Assigned.At), ID: c.ID}, after) > 0 && len(page.Calls) < limit {
			page.Calls = append(page.Calls, c)
		}
	}
	return page, nil
}

func compareCalls(a, b tandem.Position) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

// inOrder lists the calls of a test as the ledger does.
func (m *memory) inOrder(id tandem.ID) []tandem.Call {
	var out []tandem.Call
	for _, c := range m.calls {
		if c.Assigned != nil && c.Assigned.Value.TestID == id {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b tandem.Call) int {
		return compareCalls(tandem.Position{At: micros(a.Assigned.At), ID: a.ID}, tandem.Position{At: micros(b.Assigned.At), ID: b.ID})
	})
	return out
}

func (m *memory) AnnounceFold(_ context.Context, id tandem.ID, to time.Time) (int64, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	m.ledger.announced++
	t := m.ledger.of(id)
	if to = micros(to); to.After(t.foldedTo) {
		t.foldedTo = to
	}
	return t.sequence, m.ledger.away
}

func (m *memory) Checkpoint(_ context.Context, id tandem.ID, before time.Time) (tandem.Checkpoint, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	t := m.ledger.of(id)
	best := tandem.Checkpoint{Calls: -1}
	for _, cp := range t.checkpoints {
		if (before.IsZero() || cp.Position.At.Before(before)) && cp.Calls > best.Calls {
			best = cp
		}
	}
	if best.Calls < 0 {
		return best, tandem.Errorf(tandem.NotFound, "checkpoint", "none")
	}
	best.Sequence = t.sequence
	return best, m.ledger.away
}

func (m *memory) Checkpoints(_ context.Context, id tandem.ID) ([]tandem.Checkpoint, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	var out []tandem.Checkpoint
	for _, cp := range m.ledger.of(id).checkpoints {
		out = append(out, cp)
	}
	slices.SortFunc(out, func(a, b tandem.Checkpoint) int { return cmp.Compare(a.Calls, b.Calls) })
	return out, m.ledger.away
}

func (m *memory) SaveCheckpoint(_ context.Context, cp tandem.Checkpoint, drop []int64) (bool, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	t := m.ledger.of(cp.TestID)
	if cp.Calls > 0 && cp.Position.At.After(t.foldedTo) {
		return false, tandem.Errorf(tandem.Invalid, "position", "was not announced")
	}
	for _, c := range t.corrections {
		if c.sequence > cp.Sequence && !c.at.After(cp.Position.At) {
			return false, m.ledger.away
		}
	}
	for _, n := range drop {
		delete(t.checkpoints, n)
	}
	if _, there := t.checkpoints[cp.Calls]; !there {
		t.checkpoints[cp.Calls] = cp
		t.saved++
	}
	return true, m.ledger.away
}
