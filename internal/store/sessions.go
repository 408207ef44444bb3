package store

import (
	"context"
	"database/sql"
	"time"

	"tandem"
)

const (
	selectSession = `SELECT s.hash, s.id, s.user_id, s.browser, s.created_at, s.seen_at, s.expires_at FROM sessions s`
	// selectSignedIn finds a session with its user: it runs for the requests of
	// browsers.
	selectSignedIn = `
		SELECT s.hash, s.id, s.user_id, s.browser, s.created_at, s.seen_at, s.expires_at, ` + userColumns + `
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = $1`
)

// CreateSession signs u in. u is the user as they were when they showed who they
// are: the error is Unauthenticated when that has ceased to be good since.
// rehash, when it is not "", is the same password's new hash. instead is the hash
// of a session that ends with it. Sessions that have run out are removed.
func (s *Store) CreateSession(ctx context.Context, how string, sess tandem.Session, u tandem.User, rehash string, instead [32]byte) error {
	return s.change(ctx, "store a session", nil, func(tx *sql.Tx) error {
		stored, err := s.userForUpdate(ctx, tx, u.ID)
		if err != nil && tandem.CodeOf(err) != tandem.NotFound {
			return err
		}
		if err != nil || stored.Disabled || tandem.EndsSessions(u, stored) {
			return tandem.Errorf(tandem.Unauthenticated, "", "the user has been changed at this moment; sign in again")
		}
		if rehash == "" {
			rehash = stored.Password
		}
		at := micros(sess.CreatedAt)
		if _, err := tx.ExecContext(ctx, `UPDATE users SET signed_in_at = $2, password = $3 WHERE id = $1`, string(u.ID), at, rehash); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE hash = $1 OR expires_at <= $2 OR seen_at <= $3`,
			instead[:], at, micros(sess.CreatedAt.Add(-tandem.SessionIdle)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO sessions (hash, id, user_id, browser, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			sess.Hash[:], string(sess.ID), string(sess.UserID), sess.Browser, at, micros(sess.SeenAt), micros(sess.ExpiresAt))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, u.Email, "user.sign_in", u.ID, nil, document(map[string]string{"by": how}))
	})
}

// Session gives the session whose token has this hash, and its user, or
// NotFound. It may have run out.
func (s *Store) Session(ctx context.Context, hash [32]byte) (tandem.Session, tandem.User, error) {
	var u tandem.User
	sess, err := scanSession(func(into ...any) error {
		return scanUserBehind(s.hot.signedIn.QueryRowContext(ctx, hash[:]).Scan, &u, into...)
	})
	return sess, u, s.fault("read a session", missing(err, "session", "with this token"))
}

// Sessions lists the sessions of a user, the newest first, those included that
// have run out.
func (s *Store) Sessions(ctx context.Context, user tandem.ID) ([]tandem.Session, error) {
	list := []tandem.Session{}
	rows, err := s.read.QueryContext(ctx, selectSession+` WHERE s.user_id = $1 ORDER BY s.created_at DESC, s.id DESC`, string(user))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			sess, err := scanSession(scan)
			list = append(list, sess)
			return err
		})
	}
	return list, s.fault("list sessions", err)
}

// TouchSession notes that a session was used.
func (s *Store) TouchSession(ctx context.Context, hash [32]byte, at time.Time) error {
	return s.change(ctx, "note the use of a session", nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hash[:], micros(at))
		return err
	})
}

// EndSession ends the session of this user with this id; NotFound when they have
// no such session.
func (s *Store) EndSession(ctx context.Context, user, id tandem.ID) error {
	return s.change(ctx, "end a session", nil, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, string(user), string(id))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return notFound("session", string(id))
	})
}

func scanSession(scan func(...any) error) (tandem.Session, error) {
	var sess tandem.Session
	var hash []byte
	var created, seen, expires int64
	if err := scan(&hash, &sess.ID, &sess.UserID, &sess.Browser, &created, &seen, &expires); err != nil {
		return sess, err
	}
	copy(sess.Hash[:], hash)
	sess.CreatedAt, sess.SeenAt, sess.ExpiresAt = moment(created), moment(seen), moment(expires)
	return sess, nil
}
