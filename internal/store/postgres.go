package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"tandem"
)

// The pool's settings. A node writes through a few connections at a time: its
// commits are grouped, and those of one test wait for each other.
const (
	poolSize       = 16
	connectTimeout = 5 * time.Second
	idleTime       = 5 * time.Minute
)

var postgresDialect = &dialect{
	name:     "postgres",
	lock:     " FOR UPDATE",
	claim:    " FOR UPDATE OF d SKIP LOCKED",
	member:   func(n string) string { return "= ANY(" + n + ")" },
	texts:    func(l []string) any { return l },
	numbers:  func(l []int64) any { return l },
	goose:    postgresGoose,
	pipeline: postgresPipeline,
	wipe:     postgresWipe,
	classify: postgresFault,
}

func (s *Store) openPostgres(url string) error {
	s.dialect = postgresDialect
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The parser's message may hold the password; its cause does not name it.
		return tandem.Errorf(tandem.Invalid, "database", "is not a URL that PostgreSQL takes, such as postgres://user:password@host:5432/tandem")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "tandem"
	}
	s.write = stdlib.OpenDB(*config)
	s.write.SetMaxOpenConns(poolSize)
	s.write.SetMaxIdleConns(poolSize)
	s.write.SetConnMaxIdleTime(idleTime)
	s.read = s.write
	return nil
}

// postgresPipeline sends all steps at once and then reads the answers, one
// exchange for the lot. The server runs them in order.
func postgresPipeline(ctx context.Context, w *work, steps []step) error {
	return w.conn.Raw(func(driverConn any) error {
		batch := &pgx.Batch{}
		for _, st := range steps {
			batch.Queue(st.text, st.args...)
		}
		results := driverConn.(*stdlib.Conn).Conn().SendBatch(ctx, batch)
		err := readResults(results, steps)
		return errors.Join(err, closeResults(results, err))
	})
}

func readResults(results pgx.BatchResults, steps []step) error {
	for _, st := range steps {
		if st.row == nil {
			tag, err := results.Exec()
			if err != nil {
				return err
			}
			if err := st.check(tag.RowsAffected()); err != nil {
				return err
			}
			continue
		}
		rows, err := results.Query()
		if err != nil {
			return err
		}
		for rows.Next() {
			if err := st.row(rows.Scan); err != nil {
				rows.Close()
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

// closeResults ends the batch. It repeats the error that ended it, which is
// known already.
func closeResults(results pgx.BatchResults, known error) error {
	if err := results.Close(); known == nil {
		return err
	}
	return nil
}

func postgresFault(err error) fault {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return sqlstateFault(e.Code)
	}
	var network net.Error
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	switch {
	case connecting, errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, net.ErrClosed), pgconn.SafeToRetry(err), pgconn.Timeout(err):
		return faultAway
	}
	return faultOther
}

// sqlstateFault reads an error code of PostgreSQL (its manual, appendix A).
func sqlstateFault(code string) fault {
	switch code {
	case "23505": // unique_violation
		return faultUnique
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return faultRace
	case "22021", "22P05": // character_not_in_repertoire, untranslatable_character
		return faultValue
	case "57P01", "57P02", "57P03", // shutting down, crashed, starting
		"57014",          // query_canceled, as by statement_timeout
		"55P03",          // lock_not_available
		"58030",          // io_error
		"25006",          // read_only_sql_transaction: a replica, or a full disk in managed servers
		"3D000", "42501": // the database or its rights are gone
		return faultAway
	}
	for _, class := range []string{"08", "53"} { // connection exceptions, insufficient resources
		if strings.HasPrefix(code, class) {
			return faultAway
		}
	}
	return faultOther
}
