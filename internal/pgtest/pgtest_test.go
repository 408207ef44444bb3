package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"tandem/internal/pgtest"
)

func query(t *testing.T, url, sql string) (string, error) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	var out string
	err = conn.QueryRow(ctx, sql).Scan(&out)
	return out, err
}

func exec(t *testing.T, url, sql string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}

func TestStartGivesEachCallADatabaseOfItsOwn(t *testing.T) {
	a, b := pgtest.Start(t), pgtest.Start(t)
	if a == b {
		t.Fatalf("both databases are %s", a)
	}
	for _, url := range []string{a, b} {
		if got, err := query(t, url, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"); err != nil || got != "0" {
			t.Errorf("%s has %q tables, %v; want an empty database", url, got, err)
		}
	}
}

func TestAServerStopsAndStartsWithItsData(t *testing.T) {
	s := pgtest.New(t)
	url := s.Database(t)
	if got, err := query(t, url, "SHOW fsync"); err != nil || got != "on" {
		t.Errorf("fsync is %q, %v; want on", got, err)
	}
	exec(t, url, "CREATE TABLE kept AS SELECT 'here' AS word")
	for _, immediate := range []bool{false, true} {
		if err := s.Stop(immediate); err != nil {
			t.Fatal(err)
		}
		if _, err := query(t, url, "SELECT word FROM kept"); err == nil {
			t.Fatal("a stopped server answered")
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		if got, err := query(t, url, "SELECT word FROM kept"); err != nil || got != "here" {
			t.Errorf("after Stop(%v) and Start the table holds %q, %v", immediate, got, err)
		}
	}
}
