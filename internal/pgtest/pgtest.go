// Package pgtest starts real PostgreSQL servers for tests: private clusters in
// temporary folders, on a free loopback port, gone when the test process is.
// Only tests import it. Without PostgreSQL's programs a test fails; it does not
// skip.
package pgtest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	shared    = sync.OnceValues(func() (*Server, error) { return launch(false) })
	databases atomic.Int64
)

// Start gives the URL of a fresh, empty database on a cluster that all tests
// of this process share. The database is dropped when the test ends; the
// cluster stops and its files vanish when the process ends, however it ends. It
// outlives no power cut, and waits for no disk.
func Start(tb testing.TB) (url string) {
	tb.Helper()
	s, err := shared()
	if err != nil {
		tb.Fatalf("pgtest: %v", err)
	}
	return s.Database(tb)
}

// New gives a server of the test's own, for tests that stop and start it, with full
// durability. It is stopped and its files are removed when the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s, err := launch(true)
	if err != nil {
		tb.Fatalf("pgtest: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.close(); err != nil {
			tb.Errorf("pgtest: %v", err)
		}
	})
	return s
}

// Database gives the URL of a fresh, empty database on the server, dropped
// when the test ends.
func (s *Server) Database(tb testing.TB) (url string) {
	tb.Helper()
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := s.admin("CREATE DATABASE " + name); err != nil {
		tb.Fatalf("pgtest: %v", err)
	}
	tb.Cleanup(func() {
		// A server that the test left stopped takes its databases along.
		_ = s.admin("DROP DATABASE " + name + " WITH (FORCE)")
	})
	return s.url(name)
}

func (s *Server) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
