package tandem

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
)

// Scope is something an API key allows.
type Scope string

// The scopes of API keys. None includes another, but ScopeAdmin includes all.
const (
	// ScopeRead reads everything but keys and the audit log.
	ScopeRead Scope = "read"
	// ScopeWrite changes agents, routes and tests, rates, and has calls analysed again,
	// judged and grouped.
	ScopeWrite Scope = "write"
	// ScopeIngest reports events and asks for assignments.
	ScopeIngest Scope = "ingest"
	// ScopeAdmin allows everything, keys and the audit log included.
	ScopeAdmin Scope = "admin"
)

// Scopes lists all scopes.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeWrite, ScopeIngest, ScopeAdmin} }

// Key is an API key as it is stored: its secret only as a hash.
type Key struct {
	ID        ID         `json:"id"`
	Name      string     `json:"name"`
	Scopes    []Scope    `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	// Hash is the SHA-256 of the secret. The secret has 256 random bits, so a
	// slow hash would protect nothing.
	Hash [32]byte `json:"-"`
}

const keyPrefix = "tdm_"

// NewKey makes a key and its secret, which is shown once and never stored.
func NewKey(name string, scopes []Scope, now time.Time) (Key, string, error) {
	errs := []error{ValidateName("name", name)}
	if len(scopes) == 0 {
		errs = append(errs, Errorf(Invalid, "scopes", "is empty; expected some of %q", Scopes()))
	}
	for i, s := range scopes {
		if !slices.Contains(Scopes(), s) {
			errs = append(errs, Errorf(Invalid, "scopes"+index(i), "is %q; expected one of %q", clip(string(s)), Scopes()))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Key{}, "", err
	}
	var b [32]byte
	_, _ = rand.Read(b[:])
	secret := keyPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	return Key{ID: NewID(now), Name: name, Scopes: slices.Clone(scopes), CreatedAt: now, Hash: HashSecret(secret)}, secret, nil
}

// HashSecret gives what a key's secret is looked up by.
func HashSecret(secret string) [32]byte { return sha256.Sum256([]byte(strings.TrimSpace(secret))) }

// Allows says whether the key may do what scope stands for.
func (k Key) Allows(scope Scope) bool {
	return k.RevokedAt == nil && (slices.Contains(k.Scopes, scope) || slices.Contains(k.Scopes, ScopeAdmin))
}
