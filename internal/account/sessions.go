package account

import (
	"context"
	"slices"
	"sync"
	"time"

	"tandem"
)

const (
	// believed is how long a session that was found good is believed: what ends
	// it is in force on every node within it.
	believed = 3 * time.Second
	// touchEvery is how exactly it is noted when a session was last used.
	touchEvery = time.Minute
	// maxKnown bounds the cache; past it everything is asked for again.
	maxKnown = 10_000
)

// known is what was read of sessions a moment ago.
type known struct {
	mu sync.Mutex
	by map[[32]byte]knownSession
	// times counts forgetAll: what was read before one is not kept after it.
	times int
}

type knownSession struct {
	session tandem.Session
	user    tandem.User
	until   time.Time
}

func newKnown() *known { return &known{by: map[[32]byte]knownSession{}} }

func (k *known) get(hash [32]byte, now time.Time) (s knownSession, times int, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok = k.by[hash]
	return s, k.times, ok && now.Before(s.until)
}

func (k *known) put(s knownSession, times int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if times != k.times {
		return
	}
	if len(k.by) >= maxKnown {
		clear(k.by)
	}
	k.by[s.session.Hash] = s
}

// forgetAll has every session asked for anew, so that what was changed on this
// node is in force when it is answered.
func (k *known) forgetAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.by)
	k.times++
}

// Who gives the session with this token and its user. use says whether that is
// somebody's doing, which keeps the session alive, or a page left open. Errors are
// NotFound when the session is unknown, ended or ran out, or its user was
// disabled; and Unavailable.
func (d *Door) Who(ctx context.Context, token string, use bool) (tandem.Session, tandem.User, error) {
	hash, now := tandem.HashSecret(token), d.now()
	k, times, ok := d.known.get(hash, now)
	if !ok {
		var err error
		if k.session, k.user, err = d.store.Session(ctx, hash); err != nil {
			return tandem.Session{}, tandem.User{}, err
		}
		k.until = now.Add(believed)
	}
	if !k.session.Live(now) || k.user.Disabled {
		return tandem.Session{}, tandem.User{}, tandem.Errorf(tandem.NotFound, "", "the session has ended; sign in again")
	}
	if use && now.Sub(k.session.SeenAt) >= touchEvery {
		// Not being able to note it now is no reason to refuse; it is tried
		// again with the next request.
		if d.store.TouchSession(ctx, hash, now) == nil {
			k.session.SeenAt = now
			ok = false
		}
	}
	if !ok {
		d.known.put(k, times)
	}
	return k.session, k.user, nil
}

// SignOut ends a session.
func (d *Door) SignOut(ctx context.Context, s tandem.Session) error {
	return d.End(ctx, s.UserID, s.ID)
}

// End ends the user's session with this id, or NotFound.
func (d *Door) End(ctx context.Context, user, id tandem.ID) error {
	defer d.known.forgetAll()
	return d.store.EndSession(ctx, user, id)
}

// List gives the user's sessions that are good now, the newest first.
func (d *Door) List(ctx context.Context, user tandem.ID) ([]tandem.Session, error) {
	all, err := d.store.Sessions(ctx, user)
	now := d.now()
	return slices.DeleteFunc(all, func(s tandem.Session) bool { return !s.Live(now) }), err
}

// Remembers says whether the session with this token was found good of late.
func (d *Door) Remembers(token string) bool {
	d.known.mu.Lock()
	defer d.known.mu.Unlock()
	_, ok := d.known.by[tandem.HashSecret(token)]
	return ok
}
