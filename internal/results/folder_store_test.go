package results

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/ingest"
	"tandem/internal/pgtest"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
)

// TestNodesThatFoldWhileCallsComeInAgreeToTheByte has two nodes fold a test on a
// real store while its events come in from several sides, out of order, late
// and twice.
func TestNodesThatFoldWhileCallsComeInAgreeToTheByte(t *testing.T) {
	engines := map[string]func(testing.TB) string{
		"sqlite":     func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "tandem.db") },
		"postgresql": pgtest.Start,
	}
	for name, fresh := range engines {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			w := storetest.NewWorld(t, storetest.Open(t, url))
			nodes := []*node{startNode(t, w.Store, w.Test), startNode(t, storetest.Open(t, url), w.Test)}
			const calls, sides = 200, 4
			events := storyOf(w, calls)
			var all sync.WaitGroup
			for side := range sides {
				all.Go(func() {
					from := nodes[side%len(nodes)]
					for i := side; i < len(events); i += sides {
						if err := from.ingester.Ingest(context.Background(), []tandem.Event{events[i]}); err != nil {
							t.Error(err)
						}
						if i%29 == 0 { // a retry
							_ = from.ingester.Ingest(context.Background(), []tandem.Event{events[i]})
						}
					}
				})
			}
			all.Wait()
			want := scratchOf(t, w)
			for i, n := range nodes {
				n.stop()
				if got := n.finish(t, w.Test.ID); string(got) != string(want) {
					t.Errorf("node %d has %s; a fold from the first call gives %s", i, digest(got), digest(want))
				}
			}
			fresh := &node{folder: newNodeFolder(w.Store)}
			if got := fresh.finish(t, w.Test.ID); string(got) != string(want) {
				t.Errorf("a node that starts now has %s; want %s", digest(got), digest(want))
			}
			stored, err := w.Store.Checkpoints(context.Background(), w.Test.ID)
			if err != nil || len(stored) < 4 {
				t.Errorf("%d checkpoints, %v", len(stored), err)
			}
			report, err := NewReader(w.Store, nil).Verify(context.Background(), w.Test.ID, nil)
			if err != nil || !report.OK() || report.Calls != calls {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

// node is one process on a store.
type node struct {
	ingester *ingest.Ingester
	folder   *Folder
	stop     func()
}

func newNodeFolder(s *store.Store) *Folder {
	d := NewFolder(s, quiet(), nil)
	d.checkpoints, d.states = 16, 4
	return d
}

func startNode(t *testing.T, s *store.Store, test tandem.Test) *node {
	n := &node{folder: newNodeFolder(s)}
	news := make(chan struct{}, 1)
	n.folder.onChange = func(tandem.ID) {
		select {
		case news <- struct{}{}:
		default:
		}
	}
	n.ingester = ingest.New(s, NewCounter(s), dialogue.Measure, quiet(), func(tests []tandem.ID) {
		for _, id := range tests {
			n.folder.Moved(id)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.folder.Run(ctx) })
	running.Go(func() { // a reader, who may have to load the test
		for {
			if _, err := n.folder.Standing(ctx, test); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			select {
			case <-ctx.Done():
				return
			case <-news:
			}
		}
	})
	n.stop = sync.OnceFunc(func() {
		n.ingester.Close()
		cancel()
		running.Wait()
	})
	t.Cleanup(n.stop)
	return n
}

// finish folds what is left and gives the bytes.
func (n *node) finish(t *testing.T, id tandem.ID) []byte {
	t.Helper()
	f := n.folder.enter(id, func(*folding, time.Time) {})
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		more, err := n.folder.advance(context.Background(), f, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !more && f.settles.IsZero() {
			return stateBytes(t, f.state)
		}
	}
}

// storyOf gives the events of calls, each call's out of order.
func storyOf(w storetest.World, calls int) []tandem.Event {
	r := rand.New(rand.NewPCG(3, 5))
	var events []tandem.Event
	for i := range calls {
		a := w.Assigned(i/2, []string{"A", "B"}[r.IntN(2)]) // two calls a second
		a.CallID = tandem.DeriveCallID("folder-test", fmt.Sprint(i), a.At)
		a.ID, a.ForeignID = fmt.Sprint("assigned ", i), ""
		a.Assigned.Unit, a.Assigned.Caller = string(a.CallID), fmt.Sprint("+1415555", r.IntN(100))
		events = append(events, a)
		if r.IntN(20) == 0 {
			events = append(events, tandem.Event{ID: fmt.Sprint("lost ", i), Origin: tandem.OriginReaper, CallID: a.CallID, Kind: tandem.EventLost, At: a.At.Add(time.Hour)})
		}
		events = append(events, storetest.Ended(a, time.Duration(20+r.IntN(200))*time.Second, tandem.ByCaller))
		for k := range r.IntN(3) {
			e := storetest.Analyzed(a, map[string]any{"appointment_booked": r.IntN(3) > 0, "sentiment": float64(r.IntN(21))/10 - 1})
			e.ID, e.At = fmt.Sprint("analysis ", i, k), e.At.Add(time.Duration(k)*time.Minute)
			events = append(events, e)
		}
	}
	// Events come in about the order of their times, some much later.
	slices.SortStableFunc(events, func(a, b tandem.Event) int { return a.At.Compare(b.At) })
	for i := range events {
		j := min(len(events)-1, i+r.IntN(12))
		if r.IntN(15) == 0 {
			j = i + r.IntN(len(events)-i)
		}
		events[i], events[j] = events[j], events[i]
	}
	return events
}

// scratchOf folds a test of a real store with nothing but the pure part.
func scratchOf(t *testing.T, w storetest.World) []byte {
	t.Helper()
	ctx := context.Background()
	var calls []tandem.Call
	if err := w.Store.EachCall(ctx, w.Test.ID, func(c tandem.Call) error {
		calls = append(calls, c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(calls, func(a, b tandem.Call) int {
		return compareCalls(tandem.Position{At: micros(a.Assigned.At), ID: a.ID}, tandem.Position{At: micros(b.Assigned.At), ID: b.ID})
	})
	p, err := (&plans{source: w.Store}).of(ctx, w.Test.ID)
	if err != nil {
		t.Fatal(err)
	}
	s := newState(newFrame(w.Test, p), w.Route.MaxCallSeconds)
	for i := range calls {
		if ok, _ := s.settled(&calls[i], s.maxSeconds, time.Now()); !ok {
			break
		}
		if err := s.fold(&calls[i]); err != nil {
			t.Fatal(err)
		}
	}
	return stateBytes(t, s)
}
