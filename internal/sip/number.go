package sip

import (
	"net/url"
	"strings"
	"sync"

	"tandem/internal/phone"
	"tandem/internal/sip/wire"
)

// numbers turns the user parts of URIs into E.164 and remembers how, because
// reading a number that is not written as E.164 takes a numbering plan.
type numbers struct {
	region string
	mu     sync.RWMutex
	known  map[string]string // "" for what is no number
}

const maxNumbers = 20_000

// longestUser is the longest user part that is read as a number.
const longestUser = 64

// read gives user in E.164, or "".
func (n *numbers) read(user []byte) string {
	if i := strings.IndexByte(string(user), ';'); i >= 0 {
		user = user[:i]
	}
	if len(user) == 0 || len(user) > longestUser {
		return ""
	}
	if plainE164(user) {
		return string(user)
	}
	n.mu.RLock()
	number, ok := n.known[string(user)]
	n.mu.RUnlock()
	if ok {
		return number
	}
	number = n.normalise(string(user))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= maxNumbers {
		n.known = map[string]string{}
	}
	n.known[string(user)] = number
	return number
}

func (n *numbers) normalise(user string) string {
	text, err := url.PathUnescape(user)
	if err != nil || !strings.ContainsAny(text, "0123456789") || strings.ContainsAny(text, "@:") {
		return ""
	}
	if number, err := phone.Normalise(text, n.region); err == nil {
		return number
	}
	// Many trunks leave the plus away.
	if number, err := phone.Normalise("+"+text, ""); err == nil {
		return number
	}
	return ""
}

// plainE164 says whether b already is E.164: a plus and 7 to 15 digits.
func plainE164(b []byte) bool {
	if len(b) < 8 || len(b) > 16 || b[0] != '+' || b[1] == '0' {
		return false
	}
	for _, c := range b[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// called gives the number that an INVITE calls: the Request-URI's, or where
// that holds none (a trunk that addresses an account) the To header's.
func (n *numbers) called(m *wire.Message) string {
	if u, ok := wire.ParseURI(m.URI); ok {
		if number := n.read(u.User); number != "" {
			return number
		}
	}
	return n.read(userOf(m.Value(wire.To)))
}

// caller gives who calls, for stickiness and the record: the identity that the
// trunk asserts (RFC 3325), else From; "" when withheld.
func (n *numbers) caller(m *wire.Message) string {
	for _, id := range [...]wire.HeaderID{wire.AssertedIdentity, wire.From} {
		value := m.Value(id)
		if id == wire.AssertedIdentity {
			value, _, _ = wire.List(value)
		}
		user := userOf(value)
		if len(user) == 0 || anonymous(user) {
			continue
		}
		if number := n.read(user); number != "" {
			return number
		}
		return strings.ToValidUTF8(string(user[:min(len(user), longestUser)]), "")
	}
	return ""
}

// anonymous are the names that withheld callers go by (RFC 3323 section 4.1
// and common practice).
func anonymous(user []byte) bool {
	for _, name := range [...]string{"anonymous", "restricted", "unavailable", "unknown", "private", "withheld", "asserted"} {
		if wire.EqualFold(user, name) {
			return true
		}
	}
	return false
}

func userOf(value []byte) []byte {
	a, ok := wire.ParseAddress(value)
	if !ok {
		return nil
	}
	u, ok := wire.ParseURI(a.URI)
	if !ok {
		return nil
	}
	return u.User
}
