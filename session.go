package tandem

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"strings"
	"time"
)

// How long a session lives: since it was last used, and in all.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// Session is a user signed in with one browser.
type Session struct {
	ID        ID        `json:"id"`
	UserID    ID        `json:"-"`
	Browser   string    `json:"browser" doc:"What the browser calls itself" example:"Mozilla/5.0 (X11; Linux x86_64)"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"When it was last used, to the minute"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends, however much it is used; without use it ends 12 hours after seen_at"`
	Hash      [32]byte  `json:"-"` // of its token
}

// maxBrowser bounds what is kept of a browser's name for itself.
const maxBrowser = 200

// NewSession makes a session and its token, which only the browser keeps.
func NewSession(user ID, browser string, now time.Time) (Session, string) {
	token := newToken()
	if len(browser) > maxBrowser {
		browser = browser[:maxBrowser]
	}
	return Session{
		ID: NewID(now), UserID: user, Browser: strings.ToValidUTF8(strings.ReplaceAll(browser, "\x00", ""), ""),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionLife), Hash: HashSecret(token),
	}, token
}

// Live says whether the session is good at now.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(SessionIdle))
}

// TicketKind is what a ticket is good for.
type TicketKind string

// The kinds of tickets.
const (
	// TicketSetup makes the first administrator.
	TicketSetup TicketKind = "setup"
	// TicketInvitation lets its user choose a password.
	TicketInvitation TicketKind = "invitation"
	// TicketLink signs its user in.
	TicketLink TicketKind = "link"
)

// life is how long a ticket of the kind is good for.
func (k TicketKind) life() time.Duration {
	if k == TicketInvitation {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// Ticket lets somebody in once.
type Ticket struct {
	Kind      TicketKind
	UserID    ID // "" for TicketSetup
	CreatedAt time.Time
	ExpiresAt time.Time
	Hash      [32]byte // of what its holder shows
}

// NewTicket makes a ticket and what its holder shows: for TicketSetup a code
// that can be typed, for the others a token that goes into a link.
func NewTicket(kind TicketKind, user ID, now time.Time) (Ticket, string) {
	secret := newToken()
	if kind == TicketSetup {
		secret = newCode()
	}
	return Ticket{Kind: kind, UserID: user, CreatedAt: now, ExpiresAt: now.Add(kind.life()), Hash: HashTicket(kind, secret)}, secret
}

// HashTicket gives what a ticket is looked up by.
func HashTicket(kind TicketKind, secret string) [32]byte {
	if kind == TicketSetup {
		// As people type it: in any case, with or without its dashes.
		secret = strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(secret))
	}
	return HashSecret(secret)
}

// newToken makes 256 random bits.
func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newCode makes 100 random bits in four groups of letters and digits that are
// not mistaken for one another (RFC 4648 has no 0, 1, 8 or 9).
func newCode() string {
	var b [13]byte
	_, _ = rand.Read(b[:])
	text := base32.StdEncoding.EncodeToString(b[:])[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
}
