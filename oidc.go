package tandem

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// OIDC says by whose word users may sign in: an OpenID Connect issuer.
type OIDC struct {
	Issuer   string `json:"issuer" doc:"Address of the issuer, as its discovery document has it" example:"https://accounts.example.com"`
	ClientID string `json:"client_id" doc:"What the issuer knows Tandem as"`
	// Domains, when not empty, are the only ones that addresses may be in.
	Domains []string `json:"domains" doc:"Domains that e-mail addresses may be in; empty: any"`
	// DefaultRole is the role of a user who was not known before; "" lets in
	// only who was invited.
	DefaultRole UserRole `json:"default_role,omitempty" enum:"viewer,operator,admin" doc:"Role of users who were not known before; left out: only known users may sign in"`
	// RoleClaim names the claim, a text or a list of texts, that Roles reads.
	RoleClaim string              `json:"role_claim,omitempty" doc:"Claim of the ID token that says the role: a text or a list of texts" example:"groups"`
	Roles     map[string]UserRole `json:"roles,omitempty" doc:"Role for each value of the claim; of several the highest"`
}

// Validate says everything that keeps the setting from working.
func (o OIDC) Validate() error {
	var errs []error
	bad := func(field, format string, args ...any) { errs = append(errs, Errorf(Invalid, field, format, args...)) }
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		bad("issuer", "is %q; expected an address such as https://accounts.example.com", clip(o.Issuer))
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		bad("issuer", "is %q; expected https, which only an issuer on this machine may do without", clip(o.Issuer))
	}
	if o.ClientID == "" || len(o.ClientID) > 500 {
		bad("client_id", "has %d characters; expected 1 to 500", len(o.ClientID))
	}
	for i, d := range o.Domains {
		if d == "" || strings.ToLower(d) != d || strings.ContainsAny(d, "@ /") {
			bad("domains"+index(i), "is %q; expected a domain in lower case, such as example.com", clip(d))
		}
	}
	if o.DefaultRole != "" {
		errs = append(errs, under("default_role", refield(o.DefaultRole.Validate())))
	}
	if (o.RoleClaim == "") != (len(o.Roles) == 0) {
		bad("role_claim", "and roles go together")
	}
	for value, role := range o.Roles {
		errs = append(errs, under("roles."+value, refield(role.Validate())))
	}
	return errors.Join(errs...)
}

// Welcomes says whether the address is in one of the domains.
func (o OIDC) Welcomes(email string) bool {
	_, domain, _ := strings.Cut(email, "@")
	for _, d := range o.Domains {
		if strings.EqualFold(domain, d) {
			return true
		}
	}
	return len(o.Domains) == 0
}

// RoleOf gives the highest role among the values of the role claim, "" for none.
func (o OIDC) RoleOf(values []string) UserRole {
	for i := len(UserRoles()) - 1; i >= 0; i-- {
		for _, v := range values {
			if o.Roles[v] == UserRoles()[i] {
				return UserRoles()[i]
			}
		}
	}
	return ""
}

// refield takes an error's own field away, for a rule that is told of under
// another name.
func refield(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		c := *e
		c.Field = ""
		return &c
	}
	return err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Identity is what an issuer says of somebody.
type Identity struct {
	// Subject is unique: the issuer, a space, and the subject there.
	Subject string
	Email   string
	// Verified says that the issuer vouches for the address.
	Verified bool
	Name     string
	// Roles are the values of the role claim.
	Roles []string
}

// Refusal says why somebody whom an issuer sent was not let in. Reason stands in
// the address that they are sent back to, for the console to word.
type Refusal struct { //nolint:errname // a decision, with its reason
	Reason string
	Err    error // for logs; may be nil
}

// The reasons.
const (
	RefusedDenied     = "denied"     // the issuer or the user said no
	RefusedExpired    = "expired"    // it took too long, or was begun in another browser
	RefusedFailed     = "failed"     // the issuer does not answer, or not as it must
	RefusedUnverified = "unverified" // the issuer does not vouch for the e-mail address
	RefusedDomain     = "domain"     // the address is in none of the allowed domains
	RefusedUnknown    = "unknown"    // nobody invited them
	RefusedOther      = "other"      // the address belongs to another identity there
	RefusedDisabled   = "disabled"   // the user is disabled
)

// Error implements error.
func (r *Refusal) Error() string {
	s := "sign-in by OpenID refused: " + r.Reason
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }
