package store

import (
	"context"
	"database/sql"
	"time"

	"tandem"
)

const selectTicket = `SELECT hash, kind, COALESCE(user_id, ''), created_at, expires_at FROM tickets`

// CreateTicket stores a ticket and removes those that have run out.
func (s *Store) CreateTicket(ctx context.Context, actor string, t tandem.Ticket) error {
	return s.change(ctx, "store a ticket", nil, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM tickets WHERE expires_at <= $1`, micros(t.CreatedAt)); err != nil {
			return err
		}
		if err := insertTicket(ctx, tx, t); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "ticket."+string(t.Kind), t.UserID, nil, document(map[string]time.Time{"expires_at": t.ExpiresAt}))
	})
}

// Ticket gives the ticket of this kind and hash that is good at now, or NotFound.
func (s *Store) Ticket(ctx context.Context, kind tandem.TicketKind, hash [32]byte, now time.Time) (tandem.Ticket, error) {
	t, err := scanTicket(s.read.QueryRowContext(ctx, selectTicket+` WHERE hash = $1 AND kind = $2 AND expires_at > $3`, hash[:], string(kind), micros(now)).Scan)
	return t, s.fault("read a ticket", noTicket(err))
}

// Redeem uses a ticket up, applies change to its user and gives what the user
// became, as UpdateUser does; in the user's own name. NotFound when no ticket of
// this kind and hash is good at now.
func (s *Store) Redeem(ctx context.Context, action string, kind tandem.TicketKind, hash [32]byte, now time.Time, change func(*tandem.User) error) (tandem.User, error) {
	var u tandem.User
	err := s.change(ctx, "redeem a ticket", errEmailTaken, func(tx *sql.Tx) error {
		if err := takeTurn(ctx, tx); err != nil {
			return err
		}
		t, err := takeTicket(ctx, tx, kind, hash, now)
		if err != nil {
			return err
		}
		if u, err = s.userForUpdate(ctx, tx, t.UserID); err != nil {
			return err
		}
		u, err = s.saveUser(ctx, tx, u.Email, action, u.ID, false, change)
		return err
	})
	if err != nil {
		return tandem.User{}, err
	}
	return u, nil
}

func insertTicket(ctx context.Context, tx *sql.Tx, t tandem.Ticket) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO tickets (hash, kind, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		t.Hash[:], string(t.Kind), absent(t.UserID), micros(t.CreatedAt), micros(t.ExpiresAt))
	return err
}

// takeTicket removes the ticket: of two who show it at once, one has it.
func takeTicket(ctx context.Context, tx *sql.Tx, kind tandem.TicketKind, hash [32]byte, now time.Time) (tandem.Ticket, error) {
	t, err := scanTicket(tx.QueryRowContext(ctx, `
		DELETE FROM tickets WHERE hash = $1 AND kind = $2 AND expires_at > $3
		RETURNING hash, kind, COALESCE(user_id, ''), created_at, expires_at`, hash[:], string(kind), micros(now)).Scan)
	return t, noTicket(err)
}

// noTicket words "no row" for whoever showed the ticket: it is theirs alone, so
// nothing of it is repeated.
func noTicket(err error) error {
	if err = missing(err, "", ""); tandem.CodeOf(err) == tandem.NotFound {
		return tandem.Errorf(tandem.NotFound, "", "it is not good, or not any more: it can be used once, and for a limited time")
	}
	return err
}

func scanTicket(scan func(...any) error) (tandem.Ticket, error) {
	var t tandem.Ticket
	var hash []byte
	var created, expires int64
	if err := scan(&hash, &t.Kind, &t.UserID, &created, &expires); err != nil {
		return t, err
	}
	copy(t.Hash[:], hash)
	t.CreatedAt, t.ExpiresAt = moment(created), moment(expires)
	return t, nil
}
