package results

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newTestFolder makes checkpoints and keeps states so often that a few calls are
// enough to see them used.
func newTestFolder(w *world) *Folder {
	d := NewFolder(w, quiet(), nil)
	d.checkpoints, d.states = 4, 2
	return d
}

// step takes one step of a folder.
func step(t testing.TB, d *Folder, w *world) (f *folding, more bool) {
	t.Helper()
	f = d.enter(w.test.ID, func(*folding, time.Time) {})
	f.mu.Lock()
	defer f.mu.Unlock()
	more, err := d.advance(context.Background(), f, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f, more
}

// catchUp folds all that can be folded and gives the state's bytes.
func catchUp(t testing.TB, d *Folder, w *world) []byte {
	t.Helper()
	for range 10_000 {
		if f, more := step(t, d, w); !more && f.settles.IsZero() {
			return stateBytes(t, f.state)
		}
	}
	t.Fatal("a fold that never ends")
	return nil
}

func stateBytes(t testing.TB, s *state) []byte {
	t.Helper()
	raw, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func (w *world) frame(t testing.TB) *frame {
	t.Helper()
	p, err := (&plans{source: w}).of(context.Background(), w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	return newFrame(w.tests[0], p)
}

// scratch folds what is settled from the first call on, with nothing but the
// pure part.
func (w *world) scratch(t testing.TB) *state {
	t.Helper()
	s := newState(w.frame(t), tandem.DefaultMaxCallSeconds)
	for _, c := range w.inOrder(w.test.ID) {
		if ok, _ := s.settled(&c, s.maxSeconds, time.Now()); !ok {
			break
		}
		if err := s.fold(&c); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// anyLedgerEvent draws events about a dozen calls: assignments at all times and
// of two phases, outcomes and corrections in any order.
func anyLedgerEvent(w *world) *rapid.Generator[tandem.Event] {
	return rapid.Custom(func(t *rapid.T) tandem.Event {
		e := anyEvent(w).Draw(t, "event")
		e.CallID = callID(rapid.IntRange(1, 14).Draw(t, "which"))
		if e.Assigned != nil {
			a := *e.Assigned
			a.Caller = rapid.SampledFrom([]string{"", "+1", "+2", "+3"}).Draw(t, "caller")
			if w.test.Unit == tandem.PerCaller && a.Caller != "" {
				a.UnitKind, a.Unit = tandem.PerCaller, a.Caller
			}
			a.Probability = rapid.SampledFrom([]float64{0.5, 0.1, 0.9, 1}).Draw(t, "chance")
			if rapid.IntRange(0, 5).Draw(t, "counted apart") == 0 {
				a.NotRandomised = tandem.ReasonLimit
			}
			e.Assigned = &a
		}
		return e
	})
}

func TestTheOrderOfArrivalNeverChangesTheEvidence(t *testing.T) {
	for _, unit := range []tandem.Unit{tandem.PerCall, tandem.PerCaller} {
		t.Run(string(unit), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				w := newWorld(t, "fields.booked == true && call.duration_seconds > 60")
				w.setUnit(unit)
				folders := []*Folder{newTestFolder(w), newTestFolder(w)}
				for _, e := range rapid.SliceOfN(anyLedgerEvent(w), 0, 100).Draw(rt, "events") {
					if err := w.ingest(e); err != nil {
						rt.Fatal(err)
					}
					switch i := rapid.IntRange(0, 9).Draw(rt, "then"); {
					case i < 4:
						step(t, folders[i%2], w)
					case i == 4: // a node starts again
						folders[rapid.IntRange(0, 1).Draw(rt, "node")] = newTestFolder(w)
					case i == 6: // somebody commits between a page and what is done with it
						late := anyLedgerEvent(w).Draw(rt, "late")
						w.ledger.onLedger = func() {
							w.ledger.onLedger = nil
							if err := w.ingest(late); err != nil {
								rt.Fatal(err)
							}
						}
						step(t, folders[0], w)
						w.ledger.onLedger = nil
					case i == 5: // a long time passes
						w.ledger.mu.Lock()
						w.ledger.of(w.test.ID).forget()
						w.ledger.mu.Unlock()
					}
				}
				want := stateBytes(t, w.scratch(t))
				for i, d := range folders {
					if got := catchUp(t, d, w); string(got) != string(want) {
						rt.Fatalf("folder %d has %s; a fold from the first call gives %s", i, digest(got), digest(want))
					}
				}
				report, err := NewReader(w, nil).Verify(context.Background(), "", nil)
				if err != nil || !report.OK() {
					rt.Fatalf("%+v, %v", report, err)
				}
			})
		})
	}
}

// forget drops all corrections, as the store does with old ones.
func (t *testLedger) forget() {
	if n := len(t.corrections); n > 0 {
		t.forgotten = t.corrections[n-1].sequence
		t.corrections = nil
	}
}

func (w *world) setUnit(u tandem.Unit) {
	w.test.Unit = u
	w.tests[0] = w.test
	w.counter = NewCounter(w)
}

func TestAFoldGoesOnFromItsBytesAsIfItHadNeverStopped(t *testing.T) {
	for _, unit := range []tandem.Unit{tandem.PerCall, tandem.PerCaller} {
		t.Run(string(unit), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				w := newWorld(t, "fields.booked == true")
				w.setUnit(unit)
				w.test.PlannedCalls = 40
				w.tests[0] = w.test
				for _, e := range rapid.SliceOfN(anyLedgerEvent(w), 0, 120).Draw(rt, "events") {
					if err := w.ingest(e); err != nil {
						rt.Fatal(err)
					}
				}
				whole, broken := newState(w.frame(t), 600), newState(w.frame(t), 600)
				for _, c := range w.inOrder(w.test.ID) {
					for _, s := range []*state{whole, broken} {
						if err := s.fold(&c); err != nil {
							rt.Fatal(err)
						}
					}
					raw := stateBytes(t, broken)
					next, err := readState(w.frame(t), raw)
					if err != nil {
						rt.Fatal(err)
					}
					if d := cmp.Diff(broken.standing(), next.standing()); d != "" {
						rt.Fatalf("standing (-before +after):\n%s", d)
					}
					broken = next
				}
				if a, b := stateBytes(t, whole), stateBytes(t, broken); string(a) != string(b) {
					rt.Fatalf("%s and %s", digest(a), digest(b))
				}
			})
		})
	}
}

func TestDamagedBytesAreRefused(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 30, 10, func(i int) float64 { return 30 + float64(i) })
	w.play(t, 1, "B", 30, 20, func(i int) float64 { return 40 + float64(i) })
	raw := stateBytes(t, w.scratch(t))
	f := w.frame(t)
	if _, err := readState(f, raw); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(raw); i += 1 + len(raw)/300 {
		if _, err := readState(f, raw[:i]); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a state", i, len(raw))
		}
	}
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"nothing", nil},
		{"a byte too many", append(raw[:len(raw):len(raw)], 0)},
		{"another version", append([]byte{99}, raw[1:]...)},
	} {
		if _, err := readState(f, c.raw); err == nil {
			t.Errorf("%s is taken for a state", c.name)
		}
	}
	rapid.Check(t, func(rt *rapid.T) { // whatever it is, no panic
		cut := append([]byte(nil), raw...)
		for range rapid.IntRange(1, 5).Draw(rt, "bytes") {
			cut[rapid.IntRange(1, len(cut)-1).Draw(rt, "at")] = rapid.Byte().Draw(rt, "byte")
		}
		if s, err := readState(f, cut); err == nil {
			s.standing()
		}
	})
}

// tell ingests a whole call: assigned at a second of the test, and what came of
// it.
func (w *world) tell(t testing.TB, n, second, phase int, arm, caller string, chance float64, booked bool, seconds float64) {
	t.Helper()
	id := callID(n)
	e := w.assigned(id, phase, arm)
	e.At = epoch.Add(time.Duration(second) * time.Second)
	e.Assigned.Probability, e.Assigned.Caller = chance, caller
	if w.test.Unit == tandem.PerCaller && caller != "" {
		e.Assigned.UnitKind, e.Assigned.Unit = tandem.PerCaller, caller
	}
	w.report(t, e)
	end := ended(id, tandem.ByCaller, seconds)
	end.At = e.At.Add(time.Duration(seconds) * time.Second)
	w.report(t, end)
	w.report(t, analysis(id, map[string]any{"booked": booked}))
}

func pairOf(t testing.TB, s Standing, metric, arm string) Pair {
	t.Helper()
	for _, p := range s.Pairs {
		if p.Metric == metric && p.Arm == arm {
			return p
		}
	}
	t.Fatalf("no pair %s of arm %s; there are %d", metric, arm, len(s.Pairs))
	return Pair{}
}

func metricsOf(s Standing) (out []string) {
	for _, p := range s.Pairs {
		out = append(out, fmt.Sprint(p.Metric, " ", p.Arm))
	}
	return out
}
