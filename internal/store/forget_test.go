package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tandem"
	"tandem/internal/pgtest"
)

// onBoth runs a test of the store's inside on each engine.
func onBoth(t *testing.T, run func(t *testing.T, s *Store)) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "x.db") },
		"postgres": pgtest.Start,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(context.Background(), url(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			run(t, s)
		})
	}
}

func TestCorrectionsAreForgottenAfterADayAndThatIsToldToWhoeverMissedThem(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ctx, start := context.Background(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		test, now := tandem.NewID(start), start
		s.now = func() time.Time { return now }
		late := func(n int) { // a call behind the fold
			at := start.Add(time.Duration(n) * time.Second)
			err := s.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{{
				ID:       tandem.DeriveCallID("test", fmt.Sprint(n), at),
				Assigned: &tandem.Fact[tandem.Assignment]{Value: tandem.Assignment{TestID: test, Arm: "A"}, At: at},
			}}})
			if err != nil {
				t.Fatal(err)
			}
		}
		save := func(sequence int64) bool {
			saved, err := s.SaveCheckpoint(ctx, tandem.Checkpoint{
				TestID: test, Calls: 1, Position: tandem.Position{At: start, ID: test}, Sequence: sequence, State: []byte{1},
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return saved
		}
		// told says what a node hears that has read up to a sequence: a
		// correction at that second, or that some are forgotten (-1).
		told := func(since int64) int {
			page, err := s.Ledger(ctx, test, tandem.Position{At: start, ID: test}, since, 0)
			switch {
			case err != nil:
				t.Fatal(err)
			case page.Forgotten:
				return -1
			case page.Corrected != nil:
				return int(page.Corrected.Sub(start) / time.Second)
			}
			return 0
		}
		if _, err := s.AnnounceFold(ctx, test, start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		late(10) // sequence 1
		now = now.Add(23 * time.Hour)
		late(20) // 2
		now = now.Add(time.Hour)
		if !save(0) || told(0) != 10 || told(1) != 20 || told(2) != 0 {
			t.Errorf("after a day: told %d, %d, %d", told(0), told(1), told(2))
		}
		now = now.Add(time.Second)
		if !save(2) || told(0) != -1 || told(1) != 20 || told(2) != 0 {
			t.Errorf("a second later: told %d, %d, %d; expected forgotten, 20, nothing", told(0), told(1), told(2))
		}
		if page, err := s.Ledger(ctx, test, tandem.Position{}, 0, 10); err != nil || page.Forgotten || len(page.Calls) != 2 {
			t.Errorf("who begins is given %d calls, forgotten %v, %v", len(page.Calls), page.Forgotten, err)
		}
		if save(0) {
			t.Error("a checkpoint that a forgotten correction may have changed is saved")
		}
		now = now.Add(24 * time.Hour)
		if !save(2) || told(1) != -1 || told(2) != 0 {
			t.Errorf("another day later: told %d, %d", told(1), told(2))
		}
		var left int
		if err := s.read.QueryRow(`SELECT COUNT(*) FROM corrections`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d corrections are left, %v", left, err)
		}
	})
}
