// Package store keeps Tandem's state: agents and versions, routes, tests, calls
// with their transcripts, tallies, keys and the audit log. It holds all of the
// SQL, one hand-written text for SQLite and PostgreSQL both; what truly differs
// between them is a dialect value.
//
// Domain values flow in and out; the rules that change them are the domain's
// and are handed in as functions. Each public method that writes is one
// transaction: it begins it, and it alone commits it. Failures come out as
// *tandem.Error: Unavailable while the database is away, so that callers can
// wait and try again; Conflict, Stale, NotFound and Invalid where they can act.
//
// The package never decides anything about a test and never computes what a
// call says about a metric: it adds tally changes that it is given.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tandem"
)

// Store is one database. It is safe for use by many goroutines.
type Store struct {
	dialect *dialect
	// write and read are the same pool on PostgreSQL. On SQLite write is a
	// single connection, because the file has one writer at a time.
	write, read *sql.DB
	hot         hotStatements
	now         func() time.Time
	looks       looks
}

// Open opens the database at url, makes it when it does not exist (SQLite) and
// brings its schema up to date. url is "sqlite:" and a file's path, such as
// sqlite:/var/lib/tandem/tandem.db, or a "postgres://" URL as PostgreSQL's own
// programs take it. Errors are Invalid{Field: "database"} for a url of neither
// kind, and Unavailable when the database cannot be reached.
func Open(ctx context.Context, url string) (*Store, error) {
	s := &Store{looks: defaultLooks, now: func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }}
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		err = s.openSQLite(ctx, strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		err = s.openPostgres(url)
	default:
		return nil, tandem.Errorf(tandem.Invalid, "database", "expected sqlite: and a path, or a postgres:// URL")
	}
	if err == nil {
		err = s.migrate(ctx)
	}
	if err == nil {
		err = s.hot.prepare(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(s.fault("open the database", err), s.Close())
	}
	return s, nil
}

// Close ends all use of the database. Committed work is on disk already.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Secret gives 32 random bytes that all nodes on this database share, made
// when first asked for.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	const read = `SELECT data FROM meta WHERE name = 'secret'`
	var secret []byte
	err := s.read.QueryRowContext(ctx, read).Scan(&secret)
	if !errors.Is(err, sql.ErrNoRows) {
		return secret, s.fault("read the shared secret", err)
	}
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh)
	err = s.change(ctx, "make the shared secret", nil, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO meta (name, number, data) VALUES ('secret', 1, $1) ON CONFLICT (name) DO NOTHING`, fresh); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, read).Scan(&secret) // another node may have been first
	})
	return secret, err
}

// micros writes a time as the database does: microseconds since 1970.
func micros(t time.Time) int64 { return t.UnixMicro() }

// moment is the inverse of micros.
func moment(us int64) time.Time { return time.UnixMicro(us).UTC() }

// absent writes an empty string as NULL.
func absent[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}
