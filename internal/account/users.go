package account

import (
	"context"
	"errors"
	"time"

	"tandem"
)

// Invitation is how somebody comes to a password of their own, once.
type Invitation struct {
	Token     string    `json:"token" doc:"Shown only now. Whoever has it can choose the user's password, once: hand it to nobody else" example:"q3mX..."`
	ExpiresAt time.Time `json:"expires_at"`
}

// Invite makes a user who can come in by the invitation alone. Errors are
// Invalid, Conflict{Field: "email"} and Unavailable.
func (d *Door) Invite(ctx context.Context, actor string, p Profile) (tandem.User, Invitation, error) {
	u, err := tandem.NewUser(p.Email, p.Name, p.Role, d.now())
	if err != nil {
		return u, Invitation{}, err
	}
	t, token := tandem.NewTicket(tandem.TicketInvitation, u.ID, d.now())
	return u, Invitation{token, t.ExpiresAt}, d.store.CreateUser(ctx, actor, u, &t)
}

// Create makes a user with a password.
func (d *Door) Create(ctx context.Context, actor string, p Profile, password string) (tandem.User, error) {
	u, err := d.withPassword(ctx, p, password)
	if err != nil {
		return u, err
	}
	return u, d.store.CreateUser(ctx, actor, u, nil)
}

// Change applies change to a user, unless that leaves no administrator. All the
// user's sessions end when it is of role or disabled. Errors are NotFound,
// Conflict, Invalid and what change returns.
func (d *Door) Change(ctx context.Context, actor, action string, id tandem.ID, change func(*tandem.User) error) (tandem.User, error) {
	defer d.known.forgetAll()
	return d.store.UpdateUser(ctx, actor, action, id, nil, func(u *tandem.User, others int) error {
		was := *u
		if err := change(u); err != nil {
			return err
		}
		return errors.Join(u.Validate(), tandem.KeepAdmin(was, u, others))
	})
}

// Reset takes a user's password and sessions away and gives an invitation to
// choose another. Errors are NotFound and Conflict.
func (d *Door) Reset(ctx context.Context, actor string, id tandem.ID) (tandem.User, Invitation, error) {
	defer d.known.forgetAll()
	t, token := tandem.NewTicket(tandem.TicketInvitation, id, d.now())
	u, err := d.store.UpdateUser(ctx, actor, "user.reset", id, &t, func(u *tandem.User, others int) error {
		if u.Disabled {
			return tandem.Errorf(tandem.Conflict, "", "%s is disabled; enable them first", u.Email)
		}
		was := *u
		u.SetPassword("")
		return tandem.KeepAdmin(was, u, others)
	})
	return u, Invitation{token, t.ExpiresAt}, err
}

// Delete removes a user, unless that leaves no administrator.
func (d *Door) Delete(ctx context.Context, actor string, id tandem.ID) error {
	defer d.known.forgetAll()
	return d.store.DeleteUser(ctx, actor, id, func(u tandem.User, others int) error { return tandem.KeepAdmin(u, nil, others) })
}

// Invited gives the user whom an invitation is for, and until when it is good.
// Errors are Unauthenticated, *TooMany and Unavailable.
func (d *Door) Invited(ctx context.Context, token string, v Visitor) (tandem.User, time.Time, error) {
	undo, err := d.attempt(v.Address, "")
	if err != nil {
		return tandem.User{}, time.Time{}, err
	}
	t, err := d.store.Ticket(ctx, tandem.TicketInvitation, tandem.HashTicket(tandem.TicketInvitation, token), d.now())
	if tandem.CodeOf(err) == tandem.NotFound {
		return tandem.User{}, time.Time{}, notGood(tandem.TicketInvitation)
	}
	undo()
	if err != nil {
		return tandem.User{}, time.Time{}, err
	}
	u, err := d.store.User(ctx, string(t.UserID))
	return u, t.ExpiresAt, err
}

// Accept uses an invitation up: the user has this password from now on, and a
// name, unless it is "". Errors are Unauthenticated, Invalid, *TooMany and
// Unavailable.
func (d *Door) Accept(ctx context.Context, token, password, name string, v Visitor) (Entry, error) {
	u, _, err := d.Invited(ctx, token, v)
	if err != nil {
		return Entry{}, err
	}
	if name == "" {
		name = u.Name
	}
	u.Name = name
	if err := join(u.Validate(), CheckPassword(password, u.Email)); err != nil {
		return Entry{}, err
	}
	h, err := hash(ctx, password)
	if err != nil {
		return Entry{}, err
	}
	u, err = d.redeem(ctx, "user.accept", tandem.TicketInvitation, token, v, func(u *tandem.User) error {
		u.SetPassword(h)
		u.Name = name
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	return d.Enter(ctx, u, "invitation", "", v)
}

// ChangePassword gives somebody who knows the old password another one. All
// their sessions end, and a new one begins. Errors are Invalid{Field: "old"} and
// {Field: "new"}, *TooMany and Unavailable.
func (d *Door) ChangePassword(ctx context.Context, u tandem.User, before, after string, v Visitor) (Entry, error) {
	undo, err := d.attempt(v.Address, u.Email)
	if err != nil {
		return Entry{}, err
	}
	good, _, err := check(ctx, u.Password, before)
	if err != nil {
		undo()
		return Entry{}, err
	}
	if !good {
		return Entry{}, tandem.Errorf(tandem.Invalid, "old", "is not your password")
	}
	undo()
	if err := CheckPassword(after, u.Email); err != nil {
		e, _ := errors.AsType[*tandem.Error](err)
		return Entry{}, tandem.Errorf(tandem.Invalid, "new", "%s", e.Message)
	}
	h, err := hash(ctx, after)
	if err != nil {
		return Entry{}, err
	}
	seen := u.Password
	u, err = d.Change(ctx, u.Email, "user.password", u.ID, func(u *tandem.User) error {
		if u.Password != seen {
			return tandem.Errorf(tandem.Conflict, "", "the password was changed at this moment")
		}
		u.SetPassword(h)
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	return d.Enter(ctx, u, "password", "", v)
}

// join is errors.Join without the joint where one of them is nil.
func join(a, b error) error {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return errors.Join(a, b)
}
