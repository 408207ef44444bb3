// Package account lets people in: the set-up of the first administrator,
// passwords, invitations, one-time links and sessions.
//
// What somebody shows (a password, a code, a token) flows in; a user and a
// session come out. It knows no HTTP: cookies are the API's. It holds nothing
// that another node would need: all of it is in the store, but for the counts of
// failed attempts and for what it read a moment ago.
package account

import (
	"context"
	"time"

	"tandem"
)

// Store is all that the package asks of the store.
type Store interface {
	Users
	Sessions
	Tickets
}

// Users are read and edited; see the store for what each refuses.
type Users interface {
	AnyUser(ctx context.Context) (bool, error)
	CreateFirstUser(ctx context.Context, actor string, u tandem.User, ticket *[32]byte) error
	CreateUser(ctx context.Context, actor string, u tandem.User, t *tandem.Ticket) error
	User(ctx context.Context, idOrEmail string) (tandem.User, error)
	UserBySubject(ctx context.Context, subject string) (tandem.User, error)
	UpdateUser(ctx context.Context, actor, action string, id tandem.ID, t *tandem.Ticket, change func(u *tandem.User, others int) error) (tandem.User, error)
	DeleteUser(ctx context.Context, actor string, id tandem.ID, may func(u tandem.User, others int) error) error
}

// Sessions are begun, found and ended.
type Sessions interface {
	CreateSession(ctx context.Context, how string, s tandem.Session, u tandem.User, rehash string, instead [32]byte) error
	Session(ctx context.Context, hash [32]byte) (tandem.Session, tandem.User, error)
	Sessions(ctx context.Context, user tandem.ID) ([]tandem.Session, error)
	TouchSession(ctx context.Context, hash [32]byte, at time.Time) error
	EndSession(ctx context.Context, user, id tandem.ID) error
}

// Tickets are made, looked at and used up.
type Tickets interface {
	CreateTicket(ctx context.Context, actor string, t tandem.Ticket) error
	Ticket(ctx context.Context, kind tandem.TicketKind, hash [32]byte, now time.Time) (tandem.Ticket, error)
	Redeem(ctx context.Context, action string, kind tandem.TicketKind, hash [32]byte, now time.Time, change func(*tandem.User) error) (tandem.User, error)
}

// Door lets people in. It may be used by many goroutines.
type Door struct {
	store Store
	now   func() time.Time
	known *known

	byAddress, byAccount *attempts
}

// New makes a door. now nil is time.Now in UTC.
func New(s Store, now func() time.Time) *Door {
	if now == nil {
		now = func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
	}
	return &Door{
		store: s, now: now, known: newKnown(),
		byAddress: newAttempts(addressRate, addressBurst), byAccount: newAttempts(accountRate, accountBurst),
	}
}

// Visitor is where a request to come in is from.
type Visitor struct {
	// Address is the IP address, for counting failures.
	Address string
	// Browser is what the browser calls itself.
	Browser string
	// Token is the session that the browser has already; it ends when another
	// begins. "" is none.
	Token string
}

// Entry is somebody let in.
type Entry struct {
	Session tandem.Session
	User    tandem.User
	Token   string // for the browser alone
}

// Enter begins a session of u, who has shown who they are. how stands in the
// audit log. Nothing that the browser had before is kept: a token that somebody
// else planted in it is worth nothing afterwards.
func (d *Door) Enter(ctx context.Context, u tandem.User, how, rehash string, v Visitor) (Entry, error) {
	sess, token := tandem.NewSession(u.ID, v.Browser, d.now())
	if err := d.store.CreateSession(ctx, how, sess, u, rehash, tandem.HashSecret(v.Token)); err != nil {
		return Entry{}, err
	}
	if rehash != "" {
		u.Password = rehash
	}
	at := sess.CreatedAt
	u.SignedInAt = &at
	d.known.forgetAll()
	return Entry{Session: sess, User: u, Token: token}, nil
}

// errWrong says no more than it must: not whether there is such a user.
var errWrong = tandem.Errorf(tandem.Unauthenticated, "", "the e-mail address or the password is wrong")

// SignIn checks a password and begins a session. It takes as long for somebody
// unknown as for a wrong password. Errors are Unauthenticated, *TooMany and
// Unavailable.
func (d *Door) SignIn(ctx context.Context, email, password string, v Visitor) (Entry, error) {
	folded, err := tandem.FoldEmail(email)
	if err != nil {
		folded = ""
	}
	undo, err := d.attempt(v.Address, folded)
	if err != nil {
		return Entry{}, err
	}
	u, err := d.store.User(ctx, folded)
	switch {
	case tandem.CodeOf(err) == tandem.NotFound:
		u = tandem.User{}
	case err != nil:
		undo()
		return Entry{}, err
	}
	good, old, err := check(ctx, u.Password, password)
	if err != nil {
		undo()
		return Entry{}, err
	}
	if !good || u.Disabled {
		return Entry{}, errWrong
	}
	undo()
	rehash := ""
	if old {
		if rehash, err = hash(ctx, password); err != nil {
			return Entry{}, err
		}
	}
	return d.Enter(ctx, u, "password", rehash, v)
}

// SignInByLink uses a one-time link up and begins a session. Errors are
// Unauthenticated, *TooMany and Unavailable.
func (d *Door) SignInByLink(ctx context.Context, token string, v Visitor) (Entry, error) {
	u, err := d.redeem(ctx, "user.link", tandem.TicketLink, token, v, func(*tandem.User) error { return nil })
	if err != nil {
		return Entry{}, err
	}
	return d.Enter(ctx, u, "link", "", v)
}

// Link makes a one-time link's token for the user with this id or address.
// NotFound when there is none.
func (d *Door) Link(ctx context.Context, actor, idOrEmail string) (string, time.Time, error) {
	u, err := d.store.User(ctx, idOrEmail)
	if err != nil {
		return "", time.Time{}, err
	}
	if u.Disabled {
		return "", time.Time{}, tandem.Errorf(tandem.Conflict, "", "%s is disabled", u.Email)
	}
	t, token := tandem.NewTicket(tandem.TicketLink, u.ID, d.now())
	return token, t.ExpiresAt, d.store.CreateTicket(ctx, actor, t)
}

// redeem uses a ticket up in a visitor's name; a bad one counts as a failure.
func (d *Door) redeem(ctx context.Context, action string, kind tandem.TicketKind, token string, v Visitor, change func(*tandem.User) error) (tandem.User, error) {
	undo, err := d.attempt(v.Address, "")
	if err != nil {
		return tandem.User{}, err
	}
	u, err := d.store.Redeem(ctx, action, kind, tandem.HashTicket(kind, token), d.now(), func(u *tandem.User) error {
		if u.Disabled {
			return tandem.Errorf(tandem.NotFound, "", "it is not good any more")
		}
		return change(u)
	})
	if tandem.CodeOf(err) != tandem.NotFound {
		undo()
		return u, err
	}
	return u, notGood(kind)
}

// notGood is what the holder of a ticket hears that lets nobody in.
func notGood(kind tandem.TicketKind) error {
	switch kind {
	case tandem.TicketSetup:
		return tandem.Errorf(tandem.Unauthenticated, "code", "is not good, or not any more; `tandem setup-code`, on the server, makes a new one")
	case tandem.TicketLink:
		return tandem.Errorf(tandem.Unauthenticated, "link", "is not good, or not any more: a link can be used once, within a day")
	}
	return tandem.Errorf(tandem.Unauthenticated, "", "the invitation is not good, or not any more: it can be used once, within seven days; ask for a new one")
}
