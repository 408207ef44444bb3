package account

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often one may fail to come in: by address and, because addresses are
// cheap, by account too. Each is a burst and then so many again in a while.
// Somebody who keeps failing at an account keeps its user from signing in by
// password for as long; sessions, links, keys and OpenID go on.
const (
	addressRate  = rate.Limit(1.0 / 5) // a second: one in five seconds
	addressBurst = 20
	accountRate  = rate.Limit(1.0 / 60)
	accountBurst = 10
	// maxCounted bounds what is remembered of each kind.
	maxCounted = 20_000
)

// TooMany says that there were too many failures of late.
type TooMany struct { //nolint:errname // reads as what it says
	// Wait is how long until the next attempt is worth making.
	Wait time.Duration
}

// Error implements error.
func (*TooMany) Error() string { return "too many attempts failed of late; try again in a while" }

// attempts counts failures by what they have in common. An attempt is counted
// when it begins and taken back when it was good, so that a thousand at once are
// no better off than one after another.
type attempts struct {
	mu    sync.Mutex
	rate  rate.Limit
	burst int
	by    map[string]*rate.Limiter
}

func newAttempts(r rate.Limit, burst int) *attempts {
	return &attempts{rate: r, burst: burst, by: map[string]*rate.Limiter{}}
}

// begin counts an attempt, or says how long to wait.
func (a *attempts) begin(key string, now time.Time) (undo func(), wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.by[key]
	if l == nil {
		if len(a.by) >= maxCounted {
			a.forgive(now)
		}
		l = rate.NewLimiter(a.rate, a.burst)
		a.by[key] = l
	}
	r := l.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, wait
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		r.CancelAt(now)
	}, 0
}

// forgive forgets who has long behaved, or everybody.
func (a *attempts) forgive(now time.Time) {
	for key, l := range a.by {
		if l.TokensAt(now) >= float64(a.burst) {
			delete(a.by, key)
		}
	}
	if len(a.by) >= maxCounted {
		clear(a.by)
	}
}

// attempt counts an attempt from an address at an account ("" is none in
// particular). Whoever calls it calls undo unless the attempt was a failure.
func (d *Door) attempt(address, email string) (undo func(), err error) {
	now := d.now()
	undoAddress, wait := d.byAddress.begin(network(address), now)
	if wait > 0 {
		return nil, &TooMany{wait}
	}
	if email == "" {
		return undoAddress, nil
	}
	undoAccount, wait := d.byAccount.begin(email, now)
	if wait > 0 {
		undoAddress()
		return nil, &TooMany{wait}
	}
	return func() { undoAddress(); undoAccount() }, nil
}

// network gives what one party has at least: an IPv4 address, an IPv6 /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
