package store_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"tandem"
	"tandem/internal/pgtest"
	"tandem/internal/store/storetest"
)

// On SQLite write transactions exclude each other. On PostgreSQL a test's
// activity row has to keep apart those who commit to it and those who fold it.
func TestOnPostgreSQLWhoeverFoldsWaitsForTheCommitsUnderWay(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		// commit does what a commit does to a call that is folded already.
		commit []string
		fold   func(w storetest.World) (any, error)
		want   any
	}{
		"an announcement gives a sequence that has them": {
			[]string{`UPDATE activity SET sequence = sequence + 1`},
			func(w storetest.World) (any, error) {
				return w.Store.AnnounceFold(ctx, w.Test.ID, storetest.Start.Add(2*time.Hour))
			},
			int64(2),
		},
		"a checkpoint sees their corrections": {
			[]string{
				`UPDATE activity SET sequence = sequence + 1`,
				`INSERT INTO corrections SELECT test_id, sequence, 0, 0 FROM activity`,
			},
			func(w storetest.World) (any, error) {
				return w.Store.SaveCheckpoint(ctx, tandem.Checkpoint{
					TestID: w.Test.ID, Calls: 1, Sequence: 1, State: []byte{1},
					Position: tandem.Position{At: storetest.Start, ID: w.Test.ID},
				}, nil)
			},
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.Start(t)
			w := storetest.NewWorld(t, storetest.Open(t, url))
			if err := w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{storetest.Call(w.Assigned(1, "A"))}}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Store.AnnounceFold(ctx, w.Test.ID, storetest.Start.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			db := raw(t, "pgx", url)
			underWay, err := db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			for _, statement := range c.commit {
				if _, err := underWay.Exec(statement); err != nil {
					t.Fatal(err)
				}
			}
			type answer struct {
				value any
				err   error
			}
			answered := make(chan answer, 1)
			go func() {
				value, err := c.fold(w)
				answered <- answer{value, err}
			}()
			for !waits(t, db) {
				select {
				case a := <-answered:
					t.Fatalf("it did not wait: %v, %v", a.value, a.err)
				default:
				}
			}
			if err := underWay.Commit(); err != nil {
				t.Fatal(err)
			}
			if a := <-answered; a.err != nil || a.value != c.want {
				t.Errorf("answer is %v, %v; expected %v", a.value, a.err, c.want)
			}
		})
	}
}

// waits says whether somebody in this database waits for a lock.
func waits(t *testing.T, db *sql.DB) bool {
	t.Helper()
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}
