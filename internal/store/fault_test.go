package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tandem"
	"tandem/internal/pgtest"
	"tandem/internal/store/storetest"
)

func TestAStoppedPostgreSQLIsUnavailableAndComesBack(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t)
	w := storetest.NewWorld(t, storetest.Open(t, server.Database(t)))
	for i, immediate := range []bool{false, true} {
		if err := server.Stop(immediate); err != nil {
			t.Fatal(err)
		}
		for name, use := range map[string]func() error{
			"CommitCalls": func() error {
				return w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{storetest.Call(w.Assigned(10+i, "A"))}})
			},
			"LoadCalls":     func() error { _, err := w.Store.LoadCalls(ctx, []tandem.CallRef{{ID: w.Agent.ID}}); return err },
			"ConfigVersion": func() error { _, err := w.Store.ConfigVersion(ctx); return err },
			"Config":        func() error { _, err := w.Store.Config(ctx); return err },
			"Publish":       func() error { _, err := w.Store.Publish(ctx, "x", w.Agent.ID, 0, ""); return err },
			"Ledger":        func() error { _, err := w.Store.Ledger(ctx, w.Test.ID, tandem.Position{}, 0, 10); return err },
			"AnnounceFold": func() error {
				_, err := w.Store.AnnounceFold(ctx, w.Test.ID, storetest.Start)
				return err
			},
			"Checkpoint":  func() error { _, err := w.Store.Checkpoint(ctx, w.Test.ID, time.Time{}); return err },
			"Checkpoints": func() error { _, err := w.Store.Checkpoints(ctx, w.Test.ID); return err },
			"SaveCheckpoint": func() error {
				_, err := w.Store.SaveCheckpoint(ctx, tandem.Checkpoint{TestID: w.Test.ID}, nil)
				return err
			},
			"Decision": func() error { _, err := w.Store.Decision(ctx, w.Test.ID); return err },
			"Volume":   func() error { _, err := w.Store.Volume(ctx, w.Route.ID, storetest.Start); return err },
			"CallCounts": func() error {
				_, err := w.Store.CallCounts(ctx, storetest.Start, storetest.Start.Add(time.Hour))
				return err
			},
			"Webhooks":      func() error { _, err := w.Store.Webhooks(ctx); return err },
			"DeleteWebhook": func() error { return w.Store.DeleteWebhook(ctx, "x", w.Agent.ID) },
			"Announce": func() error {
				_, err := w.Store.Announce(ctx, tandem.Notice{ID: w.Agent.ID, Key: "k"}, nil)
				return err
			},
			"Notices":         func() error { _, _, err := w.Store.Notices(ctx, "", tandem.Page{}); return err },
			"Deliveries":      func() error { _, _, err := w.Store.Deliveries(ctx, w.Agent.ID, tandem.Page{}); return err },
			"ClaimDeliveries": func() error { _, err := w.Store.ClaimDeliveries(ctx, storetest.Start, time.Minute, 1); return err },
			"FinishDelivery": func() error {
				return w.Store.FinishDelivery(ctx, w.Agent.ID, w.Agent.ID, tandem.DeliveryFailed, storetest.Start, "")
			},
			"KeyByHash": func() error { _, err := w.Store.KeyByHash(ctx, [32]byte{}); return err },
		} {
			if err := use(); tandem.CodeOf(err) != tandem.Unavailable {
				t.Errorf("%s: %v; expected Unavailable", name, err)
			}
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		if err := w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{storetest.Call(w.Assigned(i, "A"))}}); err != nil {
			t.Errorf("after the start: %v", err)
		}
		if _, err := w.Store.ConfigVersion(ctx); err != nil {
			t.Errorf("after the start: %v", err)
		}
	}
}

func TestCommitsThatACrashOfPostgreSQLInterruptsAreRedoneOnce(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t)
	w := storetest.NewWorld(t, storetest.Open(t, server.Database(t)))
	const calls = 400
	reached, done := make(chan int, calls), make(chan error, 1)
	go func() {
		defer close(reached)
		for n := range calls {
			if err := storeOnce(ctx, w, n); err != nil {
				done <- fmt.Errorf("call %d: %w", n, err)
				return
			}
			reached <- n
		}
		done <- nil
	}()
	for n := range reached {
		if n == 50 || n == 200 {
			if err := errors.Join(server.Stop(true), server.Start()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	rows, err := w.Store.Tallies(ctx, w.Test.ID)
	if err != nil {
		t.Fatal(err)
	}
	size, err := w.Store.ArmSize(ctx, w.Test.ID, "A")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].N != calls || size != calls {
		t.Errorf("tallies are %+v and the arm has %d calls; expected %d", rows, size, calls)
	}
}

// storeOnce stores a call and counts it, as ingest does: again while the
// database is away, and not again when the lost answer was a success.
func storeOnce(ctx context.Context, w storetest.World, n int) error {
	e := w.Assigned(n, "A")
	ref := tandem.CallRef{ID: e.CallID}
	deadline := time.Now().Add(time.Minute)
	for {
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{ref})
		if _, stored := loaded[ref]; stored {
			return nil
		}
		if err == nil {
			err = w.Store.CommitCalls(ctx, tandem.CallChanges{
				Calls: []tandem.Call{storetest.Call(e)},
				Tallies: []tandem.TallyChange{{
					Key: tandem.TallyKey{TestID: w.Test.ID, Phase: 1, Arm: "A", Metric: tandem.MetricCalls},
					Add: &tandem.Observation{Metric: tandem.MetricCalls, Kind: tandem.Count, Number: 1},
				}},
			})
		}
		if err == nil {
			return nil
		}
		if code := tandem.CodeOf(err); code != tandem.Unavailable && code != tandem.Conflict || time.Now().After(deadline) {
			return err
		}
	}
}
