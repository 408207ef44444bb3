package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"tandem"
)

// keyTTL is how long a key that was found good is believed: a revocation is in
// force on every node within it, and the store is asked for a busy key once in
// that time, not once a request.
const keyTTL = 3 * time.Second

// keyring knows which API keys are good.
type keyring struct {
	keys    Keys
	now     func() time.Time
	strikes *strikes

	mu    sync.RWMutex
	known map[[32]byte]knownKey
}

type knownKey struct {
	key   *tandem.Key
	until time.Time
}

// maxKnown bounds the cache; past it everything is asked for again.
const maxKnown = 10_000

func newKeyring(keys Keys, now func() time.Time) *keyring {
	return &keyring{keys: keys, now: now, strikes: newStrikes(), known: map[[32]byte]knownKey{}}
}

// authenticate gives the key that the request carries.
//
// Errors: Unauthenticated without a good key; a *Problem of 429 when the client
// keeps sending bad ones; Unavailable when the store is away.
func (k *keyring) authenticate(r *http.Request) (*tandem.Key, error) {
	secret, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		return nil, tandem.Errorf(tandem.Unauthenticated, "", "an API key is needed: send it as Authorization: Bearer tdm_...")
	}
	return k.find(r.Context(), tandem.HashSecret(secret), clientOf(r))
}

func (k *keyring) find(ctx context.Context, hash [32]byte, client string) (*tandem.Key, error) {
	now := k.now()
	k.mu.RLock()
	known, ok := k.known[hash]
	k.mu.RUnlock()
	if ok && now.Before(known.until) {
		return known.key, nil
	}
	// A key that was good a moment ago is asked for anew, never held back.
	if !ok && !k.strikes.welcome(client, now) {
		p := newProblem(http.StatusTooManyRequests, "too many bad API keys came from this address; try again in a while")
		p.header.Set("Retry-After", "10")
		return nil, p
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
	k.known[hash] = knownKey{&key, now.Add(keyTTL)}
	return &key, nil
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
func (k *keyring) admit(r *http.Request, scope tandem.Scope) (*tandem.Key, error) {
	key, err := k.authenticate(r)
	if err != nil {
		return nil, err
	}
	return key, permit(key, scope)
}

func permit(key *tandem.Key, scope tandem.Scope) error {
	if !key.Allows(scope) {
		return tandem.Errorf(tandem.Forbidden, "", "the API key %q does not have the scope %s", key.Name, scope)
	}
	return nil
}

func bearer(header string) (string, bool) {
	scheme, secret, ok := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	return secret, ok && strings.EqualFold(scheme, "Bearer") && secret != ""
}

type keyContext struct{}

// actor names who does this, for the audit log.
func actor(ctx context.Context) string {
	if k, ok := ctx.Value(keyContext{}).(*tandem.Key); ok {
		return k.Name
	}
	return ""
}
