package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tandem"
)

// SQLite's settings. A reader never waits for the writer in WAL mode; the
// writer waits for other processes at most busyMS.
const (
	busyMS         = 5_000
	readers        = 8      // each may stream; more would only compete for the cores
	writerCacheKiB = 32_000 // taken only as pages are touched
	readerCacheKiB = 16_000
	// A checkpoint stalls the writer for as long as it copies pages: rare and
	// some 50 ms rather than every few dozen commits, and each hot page once.
	checkpointPages = 16_000   // 64 MB of log
	logLimitBytes   = 64 << 20 // what a burst leaves behind is given back
)

var sqliteDialect = &dialect{
	name:     "sqlite",
	member:   func(n string) string { return "IN (SELECT value FROM json_each(" + n + "))" },
	texts:    func(l []string) any { return jsonList(l) },
	numbers:  func(l []int64) any { return jsonList(l) },
	goose:    sqliteGoose,
	pipeline: sqlitePipeline,
	wipe:     sqliteWipe,
	classify: sqliteFault,
}

func jsonList[T any](list []T) string {
	raw, err := json.Marshal(list)
	if err != nil {
		panic(err) // text and integers always encode
	}
	return string(raw)
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.dialect = sqliteDialect
	if path == "" || path == ":memory:" {
		return tandem.Errorf(tandem.Invalid, "database", "expected the path of a file behind sqlite:")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	// The file holds what callers said: nobody else on the machine reads it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return tandem.Errorf(tandem.Unavailable, "database", "cannot be opened: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if s.write, err = sql.Open("sqlite", sqliteDSN(path, writerCacheKiB, "immediate", "0")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", sqliteDSN(path, readerCacheKiB, "deferred", "1")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return awaitFile(ctx, s.write)
}

// awaitFile connects for the first time, which puts a new file into WAL mode.
// SQLite does not wait for another process that does the same at this moment
// but calls the file busy; so the waiting is done here.
func awaitFile(ctx context.Context, db *sql.DB) error {
	for wait := 5 * time.Millisecond; ; wait *= 2 {
		err := db.PingContext(ctx)
		e, ok := errors.AsType[*sqlite.Error](err)
		if !ok || e.Code()&0xff != sqlite3.SQLITE_BUSY || wait > busyMS*time.Millisecond {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

func sqliteDSN(path string, cacheKiB int, lock, queryOnly string) string {
	q := url.Values{
		"_txlock":       {lock},
		"_busy_timeout": {strconv.Itoa(busyMS)},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"1"},
		"_query_only":   {queryOnly},
		"_dqs":          {"0"},
		"_pragma": {
			"cache_size(-" + strconv.Itoa(cacheKiB) + ")",
			"temp_store(MEMORY)",
			// What is deleted or written over is zeroed: text that was redacted or
			// purged must not be left in the file's free space.
			"secure_delete(1)",
			"wal_autocheckpoint(" + strconv.Itoa(checkpointPages) + ")",
			"journal_size_limit(" + strconv.Itoa(logLimitBytes) + ")",
		},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// sqlitePipeline runs the steps one by one: the database is in this process,
// so prepared statements are all there is to save.
func sqlitePipeline(ctx context.Context, w *work, steps []step) error {
	for _, st := range steps {
		stmt, err := w.prepared(ctx, st.text) //nolint:sqlclosecheck // closed with the transaction
		if err != nil {
			return err
		}
		if st.row == nil {
			res, err := stmt.ExecContext(ctx, st.args...)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			if err := st.check(n); err != nil {
				return err
			}
			continue
		}
		rows, err := stmt.QueryContext(ctx, st.args...)
		if err != nil {
			return err
		}
		if err := each(rows, st.row); err != nil {
			return err
		}
	}
	return nil
}

func sqliteFault(err error) fault {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return faultOther
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return faultUnique
	}
	switch e.Code() & 0xff { // the primary code, sqlite.org/rescode.html
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY:
		return faultAway
	}
	return faultOther
}
