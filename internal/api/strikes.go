package api

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Guessing a key of 256 random bits is hopeless; what is worth protecting is
// the store, which every unknown key has to ask. An address may send bad keys
// this often, and keys that are known to be good are never held back.
const (
	strikeRate  = rate.Limit(1) // a second
	strikeBurst = 20
	// maxClients bounds the addresses remembered.
	maxClients = 10_000
)

// strikes counts bad keys by the address they came from.
type strikes struct {
	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

func newStrikes() *strikes { return &strikes{clients: map[string]*rate.Limiter{}} }

// welcome says whether the client may try an unknown key.
func (s *strikes) welcome(client string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.clients[client]
	return l == nil || l.TokensAt(now) >= 1
}

// strike counts a bad key.
func (s *strikes) strike(client string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.clients[client]
	if l == nil {
		if len(s.clients) >= maxClients {
			s.forgive(now)
		}
		l = rate.NewLimiter(strikeRate, strikeBurst)
		s.clients[client] = l
	}
	l.AllowN(now, 1)
}

// forgive forgets the addresses that have long behaved, or all of them.
func (s *strikes) forgive(now time.Time) {
	for c, l := range s.clients {
		if l.TokensAt(now) >= strikeBurst {
			delete(s.clients, c)
		}
	}
	if len(s.clients) >= maxClients {
		clear(s.clients)
	}
}

// clientOf gives the address a request came from. Headers that a proxy would
// set are not believed: anybody can send them.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
