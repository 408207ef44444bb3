package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"tandem"
)

// fault turns an error of the database into one that callers can act on. What
// is a *tandem.Error already stays as it is.
func (s *Store) fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*tandem.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", doing, err) // the caller gave up: nothing to tell
	}
	code, message := tandem.Internal, "could not "+doing
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone):
		code, message = tandem.Unavailable, "the database does not answer"
	default:
		switch s.dialect.classify(err) {
		case faultAway:
			code, message = tandem.Unavailable, "the database is away"
		case faultUnique:
			code, message = tandem.Conflict, "something stored has the same key"
		case faultRace:
			code, message = tandem.Conflict, "somebody else changed the same at the same time"
		case faultValue:
			code, message = tandem.Invalid, "a text holds characters that cannot be stored"
		case faultOther:
		}
	}
	return &tandem.Error{Code: code, Message: message, Err: fmt.Errorf("%s: %w", doing, err)}
}

// stale refuses a change that was made to another revision than the stored
// one; 0 is any.
func stale(what string, given, stored int64) error {
	if given != 0 && given != stored {
		return tandem.Errorf(tandem.Stale, "revision", "is %d; the %s has moved on to %d: read it again", given, what, stored)
	}
	return nil
}

func notFound(what, key string) error {
	if len(key) > 120 {
		key = key[:117] + "..."
	}
	return tandem.Errorf(tandem.NotFound, "", "there is no %s %q", what, key)
}

// missing turns "no row" into NotFound.
func missing(err error, what, key string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(what, key)
	}
	return err
}
