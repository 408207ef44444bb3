package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"tandem"
	"tandem/internal/account"
)

// keyTTL is how long a key that was found good is believed: a revocation is in
// force on every node within it, and the store is asked for a busy key once in
// that time, not once a request.
const keyTTL = 3 * time.Second

// keyring knows which API keys are good.
type keyring struct {
	keys    Keys
	door    *account.Door
	now     func() time.Time
	strikes *strikes

	mu    sync.RWMutex
	known map[[32]byte]knownKey
}

type knownKey struct {
	caller *caller
	until  time.Time
}

// maxKnown bounds the cache; past it everything is asked for again.
const maxKnown = 10_000

func newKeyring(keys Keys, door *account.Door, now func() time.Time) *keyring {
	return &keyring{keys: keys, door: door, now: now, strikes: newStrikes(), known: map[[32]byte]knownKey{}}
}

// authenticate gives who makes the request, by its key or, without one, by its
// session.
//
// Errors: Unauthenticated without either; a *Problem of 429 when the client
// keeps sending bad ones; Unavailable when the store is away.
func (k *keyring) authenticate(r *http.Request) (*caller, error) {
	secret, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		if token := cookieOf(r, cookieName); token != "" {
			return k.bySession(r, token)
		}
		return nil, tandem.Errorf(tandem.Unauthenticated, "", "sign in, or send an API key as Authorization: Bearer tdm_...")
	}
	return k.find(r.Context(), tandem.HashSecret(secret), clientOf(r))
}

func (k *keyring) find(ctx context.Context, hash [32]byte, client string) (*caller, error) {
	now := k.now()
	k.mu.RLock()
	known, ok := k.known[hash]
	k.mu.RUnlock()
	if ok && now.Before(known.until) {
		return known.caller, nil
	}
	// A key that was good a moment ago is asked for anew, never held back.
	if !ok && !k.strikes.welcome(client, now) {
		return nil, heldBack()
	}
	key, err := k.keys.KeyByHash(ctx, hash)
	if tandem.CodeOf(err) == tandem.NotFound || err == nil && key.RevokedAt != nil {
		k.forget(hash)
		k.strikes.strike(client, now)
		return nil, tandem.Errorf(tandem.Unauthenticated, "", "the API key is unknown or was revoked")
	}
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= maxKnown {
		clear(k.known)
	}
	c := &caller{key: &key}
	k.known[hash] = knownKey{c, now.Add(keyTTL)}
	return c, nil
}

func heldBack() error {
	p := newProblem(http.StatusTooManyRequests, "too many bad API keys or sessions came from this address; try again in a while")
	p.header.Set("Retry-After", "10")
	return p
}

func (k *keyring) forget(hash [32]byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, hash)
}

// forgetAll makes the next use of every key ask the store, so that a
// revocation made on this node is in force when it is answered.
func (k *keyring) forgetAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.known)
}

// admit authenticates the request and checks the scope.
func (k *keyring) admit(r *http.Request, scope tandem.Scope) (*caller, error) {
	c, err := k.authenticate(r)
	if err != nil {
		return nil, err
	}
	return c, permit(c, scope)
}

func bearer(header string) (string, bool) {
	scheme, secret, ok := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	return secret, ok && strings.EqualFold(scheme, "Bearer") && secret != ""
}
