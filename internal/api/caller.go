package api

import (
	"context"
	"net/http"

	"tandem"
)

// What operations need whose scope no key has to name.
const (
	// anybody needs nothing: it is for people who are about to sign in.
	anybody tandem.Scope = "anybody"
	// somebody needs a key or a session, whatever they allow.
	somebody tandem.Scope = "somebody"
	// signedIn needs a session: it is about the user's own account.
	signedIn tandem.Scope = "session"
)

// caller is who makes a request: the holder of a key, or a user.
type caller struct {
	key     *tandem.Key
	user    *tandem.User
	session *tandem.Session
}

// name stands in the audit log.
func (c *caller) name() string {
	if c.user != nil {
		return c.user.Email
	}
	return c.key.Name
}

func (c *caller) scopes() []tandem.Scope {
	if c.user != nil {
		return c.user.Role.Scopes()
	}
	return c.key.Scopes
}

func (c *caller) allows(scope tandem.Scope) bool {
	switch {
	case scope == somebody:
		return true
	case scope == signedIn:
		return c.user != nil
	case c.user != nil:
		return c.user.Role.Allows(scope)
	}
	return c.key.Allows(scope)
}

func permit(c *caller, scope tandem.Scope) error {
	switch {
	case c.allows(scope):
		return nil
	case scope == signedIn:
		return tandem.Errorf(tandem.Forbidden, "", "this is about one's own account; it needs a session, not an API key")
	case c.user != nil:
		return tandem.Errorf(tandem.Forbidden, "", "the role %s does not include this: it needs the scope %s", c.user.Role, scope)
	}
	return tandem.Errorf(tandem.Forbidden, "", "the API key %q does not have the scope %s", c.key.Name, scope)
}

type callerContext struct{}

// callerOf gives who makes the request; nil for an operation that is for anybody.
func callerOf(ctx context.Context) *caller {
	c, _ := ctx.Value(callerContext{}).(*caller)
	return c
}

// actor names who does this, for the audit log.
func actor(ctx context.Context) string {
	if c := callerOf(ctx); c != nil {
		return c.name()
	}
	return ""
}

// bySession authenticates a browser. An open page listens for changes without
// anybody's doing, so that does not keep a session alive.
func (k *keyring) bySession(r *http.Request, token string) (*caller, error) {
	now, client := k.now(), clientOf(r)
	if !k.door.Remembers(token) && !k.strikes.welcome(client, now) {
		return nil, heldBack()
	}
	listens := r.Method == http.MethodGet && r.URL.Path == "/v1/events"
	s, u, err := k.door.Who(r.Context(), token, !listens)
	switch {
	case tandem.CodeOf(err) == tandem.NotFound:
		k.strikes.strike(client, now)
		return nil, tandem.Errorf(tandem.Unauthenticated, "", "the session has ended; sign in again")
	case err != nil:
		return nil, err
	}
	return &caller{user: &u, session: &s}, nil
}

// needs says in the OpenAPI document who may call the operation.
func (o operation) needs() string {
	switch o.scope {
	case anybody:
		return "Needs no key and no session."
	case somebody:
		return "Needs a key or a session, whatever they allow."
	case signedIn:
		return "Needs a session."
	}
	return "Needs a key with the scope `" + string(o.scope) + "`, or the session of a user whose role includes it."
}

func (o operation) security() []map[string][]string {
	switch o.scope {
	case anybody:
		return []map[string][]string{{}}
	case signedIn:
		return []map[string][]string{{cookieScheme: {}}}
	}
	return []map[string][]string{{keyScheme: {}}, {cookieScheme: {}}}
}
