package store

import (
	"bytes"
	"context"
	"database/sql"

	"tandem"
)

const (
	userColumns = `u.id, u.email, u.name, u.role, u.disabled, u.password, COALESCE(u.subject, ''), u.created_at, u.signed_in_at`
	selectUser  = `SELECT ` + userColumns + ` FROM users u`
	// governors counts the users other than $1 of whom User.Governs is true.
	governors = `
		SELECT COUNT(*) FROM users
		WHERE id <> $1 AND role = 'admin' AND disabled = 0 AND (password <> '' OR subject IS NOT NULL OR signed_in_at IS NOT NULL)`
)

var errEmailTaken = tandem.Errorf(tandem.Conflict, "email", "is the address of another user")

// AnyUser says whether there is a user.
func (s *Store) AnyUser(ctx context.Context) (bool, error) {
	var is bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users)`).Scan(&is)
	return is, s.fault("look for users", err)
}

// CreateFirstUser stores the first user. ticket, when it is not nil, is the hash
// of a ticket for setup that has to be good at u.CreatedAt; all of that kind are
// used up. Errors are Conflict when there is a user already and NotFound for the
// ticket.
func (s *Store) CreateFirstUser(ctx context.Context, actor string, u tandem.User, ticket *[32]byte) error {
	return s.change(ctx, "store the first user", errEmailTaken, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM users`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return tandem.Errorf(tandem.Conflict, "", "Tandem is set up already: there are users")
		}
		if ticket != nil {
			if _, err := takeTicket(ctx, tx, tandem.TicketSetup, *ticket, u.CreatedAt); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM tickets WHERE kind = $1`, string(tandem.TicketSetup)); err != nil {
			return err
		}
		return s.insertUser(ctx, tx, actor, u)
	})
}

// CreateUser stores a new user, and a ticket for them when t is not nil.
// Conflict{Field: "email"} when another user has the address.
func (s *Store) CreateUser(ctx context.Context, actor string, u tandem.User, t *tandem.Ticket) error {
	return s.change(ctx, "store a user", errEmailTaken, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx); err != nil {
			return err
		}
		if err := s.insertUser(ctx, tx, actor, u); err != nil || t == nil {
			return err
		}
		return insertTicket(ctx, tx, *t)
	})
}

func (s *Store) insertUser(ctx context.Context, tx *sql.Tx, actor string, u tandem.User) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO users (id, email, name, role, disabled, password, subject, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(u.ID), u.Email, u.Name, string(u.Role), number(u.Disabled), u.Password, absent(u.Subject), micros(u.CreatedAt))
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, "user.create", u.ID, nil, document(u))
}

// User gives a user by id or address, or NotFound.
func (s *Store) User(ctx context.Context, idOrEmail string) (tandem.User, error) {
	u, _, err := scanUser(s.read.QueryRowContext(ctx, selectUser+` WHERE u.id = $1 OR u.email = $1`, idOrEmail).Scan)
	return u, s.fault("read a user", missing(err, "user", idOrEmail))
}

// UserBySubject gives the user who is tied to subject at the OpenID issuer, or
// NotFound.
func (s *Store) UserBySubject(ctx context.Context, subject string) (tandem.User, error) {
	u, _, err := scanUser(s.read.QueryRowContext(ctx, selectUser+` WHERE u.subject = $1`, subject).Scan)
	return u, s.fault("read a user", missing(err, "user", subject))
}

// Users lists users by address. Errors are Invalid{Field: "cursor"} and
// Unavailable.
func (s *Store) Users(ctx context.Context, p tandem.Page) ([]tandem.User, string, error) {
	l := list[tandem.User]{selects: selectUser, key: [2]string{"u.email", "u.id"}, into: textKey, scan: scanUser}
	users, next, err := l.page(ctx, s.read, p)
	return users, next, s.fault("list the users", err)
}

// UpdateUser applies change to the stored user and gives what it became; change
// hears how many others govern. It may run twice and must touch nothing else.
// Where the change ends sessions, they and the user's tickets end with it; a new
// ticket t, when it is not nil, ends them too. Errors are NotFound,
// Conflict{Field: "email"} and what change returns.
func (s *Store) UpdateUser(ctx context.Context, actor, action string, id tandem.ID, t *tandem.Ticket, change func(u *tandem.User, others int) error) (tandem.User, error) {
	var u tandem.User
	err := s.change(ctx, "change a user", errEmailTaken, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx); err != nil {
			return err
		}
		var others int
		if err := tx.QueryRowContext(ctx, governors, string(id)).Scan(&others); err != nil {
			return err
		}
		var err error
		if u, err = s.saveUser(ctx, tx, actor, action, id, t != nil, func(u *tandem.User) error { return change(u, others) }); err != nil || t == nil {
			return err
		}
		return insertTicket(ctx, tx, *t)
	})
	if err != nil {
		return tandem.User{}, err
	}
	return u, nil
}

// saveUser applies change within tx. Sessions and tickets end where the change
// has them end, and when afresh says so.
func (s *Store) saveUser(ctx context.Context, tx *sql.Tx, actor, action string, id tandem.ID, afresh bool, change func(*tandem.User) error) (tandem.User, error) {
	u, err := s.userForUpdate(ctx, tx, id)
	if err != nil {
		return u, err
	}
	was, before := u, document(u)
	if err := change(&u); err != nil {
		return u, err
	}
	u.ID, u.CreatedAt, u.SignedInAt = was.ID, was.CreatedAt, was.SignedInAt
	ends := afresh || tandem.EndsSessions(was, u)
	if bytes.Equal(before, document(u)) && !ends && was.Subject == u.Subject {
		return u, nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET email = $2, name = $3, role = $4, disabled = $5, password = $6, subject = $7 WHERE id = $1`,
		string(id), u.Email, u.Name, string(u.Role), number(u.Disabled), u.Password, absent(u.Subject))
	if err == nil && ends {
		err = forgetUser(ctx, tx, id)
	}
	if err != nil {
		return u, err
	}
	return u, s.audit(ctx, tx, actor, action, id, before, document(u))
}

// DeleteUser removes a user with their sessions and tickets, if may, which hears
// how many others govern, does not refuse. NotFound when there is no such user.
func (s *Store) DeleteUser(ctx context.Context, actor string, id tandem.ID, may func(u tandem.User, others int) error) error {
	return s.change(ctx, "delete a user", nil, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx); err != nil {
			return err
		}
		u, err := s.userForUpdate(ctx, tx, id)
		if err != nil {
			return err
		}
		var others int
		if err := tx.QueryRowContext(ctx, governors, string(id)).Scan(&others); err != nil {
			return err
		}
		if err := may(u, others); err != nil {
			return err
		}
		if err := forgetUser(ctx, tx, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM users WHERE id = $1`, string(id)); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "user.delete", id, document(u), nil)
	})
}

// forgetUser ends what sessions and tickets the user has.
func forgetUser(ctx context.Context, tx *sql.Tx, id tandem.ID) error {
	for _, text := range []string{`DELETE FROM sessions WHERE user_id = $1`, `DELETE FROM tickets WHERE user_id = $1`} {
		if _, err := tx.ExecContext(ctx, text, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// takeTurn has changes of users follow one another.
func takeTurn(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE meta SET number = number + 1 WHERE name = 'users'`)
	return err
}

func (s *Store) userForUpdate(ctx context.Context, tx *sql.Tx, id tandem.ID) (tandem.User, error) {
	u, _, err := scanUser(tx.QueryRowContext(ctx, selectUser+` WHERE u.id = $1`+s.dialect.lock, string(id)).Scan)
	return u, missing(err, "user", string(id))
}

func scanUser(scan func(...any) error) (tandem.User, [2]any, error) {
	var u tandem.User
	err := scanUserBehind(scan, &u)
	return u, [2]any{u.Email, string(u.ID)}, err
}

// scanUserBehind reads userColumns behind other columns, into first.
func scanUserBehind(scan func(...any) error, u *tandem.User, first ...any) error {
	var disabled int
	var created int64
	var signedIn sql.NullInt64
	if err := scan(append(first, &u.ID, &u.Email, &u.Name, &u.Role, &disabled, &u.Password, &u.Subject, &created, &signedIn)...); err != nil {
		return err
	}
	u.Disabled, u.CreatedAt, u.HasWayIn = disabled != 0, moment(created), u.Password != "" || u.Subject != ""
	if signedIn.Valid {
		at := moment(signedIn.Int64)
		u.SignedInAt = &at
	}
	return nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
