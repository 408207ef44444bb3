package account

import (
	"context"

	"tandem"
)

// Profile is what is known of somebody who is to become a user.
type Profile struct {
	Email string
	Name  string // "": what stands before the @
	Role  tandem.UserRole
}

// SetupNeeded says whether there is no user yet.
func (d *Door) SetupNeeded(ctx context.Context) (bool, error) {
	any, err := d.store.AnyUser(ctx)
	return !any, err
}

// SetupCode makes a code with which the first administrator can be made; those
// made before stay good. Conflict when there is a user already.
func (d *Door) SetupCode(ctx context.Context, actor string) (string, error) {
	needed, err := d.SetupNeeded(ctx)
	if err != nil {
		return "", err
	}
	if !needed {
		return "", tandem.Errorf(tandem.Conflict, "", "Tandem is set up already: there are users")
	}
	t, code := tandem.NewTicket(tandem.TicketSetup, "", d.now())
	return code, d.store.CreateTicket(ctx, actor, t)
}

// SetUp makes the first administrator and begins a session. Whoever may is known
// by code, or, when trusted names them, by something at least as good. Errors are
// Conflict when there is a user already, Unauthenticated for the code, Invalid,
// *TooMany and Unavailable.
func (d *Door) SetUp(ctx context.Context, trusted, code string, p Profile, password string, v Visitor) (Entry, error) {
	undo, err := d.attempt(v.Address, "")
	if err != nil {
		return Entry{}, err
	}
	actor, ticket := trusted, (*[32]byte)(nil)
	if trusted == "" {
		// Before anything slow is done for somebody who may be anybody.
		sum := tandem.HashTicket(tandem.TicketSetup, code)
		if _, err := d.store.Ticket(ctx, tandem.TicketSetup, sum, d.now()); err != nil {
			if tandem.CodeOf(err) != tandem.NotFound {
				undo()
				return Entry{}, err
			}
			if needed, err := d.SetupNeeded(ctx); err == nil && !needed {
				return Entry{}, tandem.Errorf(tandem.Conflict, "", "Tandem is set up already: there are users")
			}
			return Entry{}, notGood(tandem.TicketSetup)
		}
		actor, ticket = "set-up", &sum
	}
	undo()
	p.Role = tandem.Admin
	u, err := d.withPassword(ctx, p, password)
	if err != nil {
		return Entry{}, err
	}
	if err := d.store.CreateFirstUser(ctx, actor, u, ticket); err != nil {
		if tandem.CodeOf(err) == tandem.NotFound {
			return Entry{}, notGood(tandem.TicketSetup)
		}
		return Entry{}, err
	}
	return d.Enter(ctx, u, "set-up", "", v)
}

// withPassword makes a user who can sign in.
func (d *Door) withPassword(ctx context.Context, p Profile, password string) (tandem.User, error) {
	u, err := tandem.NewUser(p.Email, p.Name, p.Role, d.now())
	if err := join(err, CheckPassword(password, u.Email)); err != nil {
		return u, err
	}
	h, err := hash(ctx, password)
	u.SetPassword(h)
	return u, err
}
