package results

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/pgtest"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
)

// A test's goal is changed, twice, while two nodes take its events, fold them and
// count anew; one of them dies at it, another begins. In the end the tallies, the
// goals and the evidence are those of a count from the first call.
func TestNodesThatCountAnewWhileCallsComeInAgreeToTheByte(t *testing.T) {
	engines := map[string]func(testing.TB) string{
		"sqlite":     func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "tandem.db") },
		"postgresql": pgtest.Start,
	}
	for name, fresh := range engines {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			w := storetest.NewWorld(t, storetest.Open(t, url))
			other := storetest.Open(t, url)
			nodes := []*node{startNode(t, w.Store, w.Test), startNode(t, other, w.Test)}
			const calls, sides = 200, 4
			events := storyOf(w, calls)
			var all sync.WaitGroup
			for side := range sides {
				all.Go(func() {
					for i := side; i < len(events); i += sides {
						if side == 0 && (i == 100 || i == 260) {
							changeGoal(t, w.Store, w.Test.ID, fmt.Sprintf("call.duration_seconds > %d", i))
						}
						if err := nodes[side%2].ingester.Ingest(context.Background(), []tandem.Event{events[i]}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			dying, die := context.WithCancel(t.Context())
			all.Go(func() { // one that dies at it
				s := NewSweeper(other, NewCounter(other), quiet(), func(tandem.ID) { die() })
				for dying.Err() == nil {
					if err := s.Sweep(dying); err != nil && dying.Err() == nil {
						t.Error(err)
					}
				}
			})
			all.Wait()
			for _, s := range []*store.Store{w.Store, other} {
				all.Go(func() {
					if err := NewSweeper(s, NewCounter(s), quiet(), nil).Sweep(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			r, err := w.Store.Recount(t.Context(), w.Test.ID)
			if err != nil || r.Running() || r.Edition != 3 || r.Done < r.Total {
				t.Errorf("recount %+v, %v", r, err)
			}
			want := scratchOf(t, w)
			for i, n := range nodes {
				n.stop()
				if got := n.finish(t, w.Test.ID); string(got) != string(want) {
					t.Errorf("node %d has %s; a fold from the first call gives %s", i, digest(got), digest(want))
				}
			}
			report, err := NewReader(w.Store, nil).Verify(t.Context(), w.Test.ID, nil)
			if err != nil || !report.OK() || report.Calls != calls {
				t.Errorf("%+v, %v", report, err)
			}
			res, err := NewReader(w.Store, nodes[0].folder).Results(t.Context(), w.Test.ID)
			if err != nil || res.Recounting != nil || len(res.GoalChanges) != 2 {
				t.Errorf("recounting %+v, changes %+v, %v", res.Recounting, res.GoalChanges, err)
			}
		})
	}
}

func changeGoal(t *testing.T, s *store.Store, id tandem.ID, goal string) {
	t.Helper()
	_, err := s.UpdateTest(context.Background(), "tester", "test.goal", id, 0, func(t *tandem.Test, _ *tandem.Route) error {
		return t.ChangeGoal(tandem.GoalChange{At: time.Now().UTC(), By: "tester", To: goal})
	})
	if err != nil {
		t.Error(err)
	}
}
