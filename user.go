package tandem

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// UserRole is what a user may do. Each role includes the one before it.
type UserRole string

// The roles.
const (
	// Viewer reads everything but keys, users, the audit log and secrets.
	Viewer UserRole = "viewer"
	// Operator also changes agents, routes and tests, rates, and has calls analysed
	// again, judged and grouped.
	Operator UserRole = "operator"
	// Admin may do everything.
	Admin UserRole = "admin"
)

// UserRoles lists the roles from the least to the most.
func UserRoles() []UserRole { return []UserRole{Viewer, Operator, Admin} }

// Scopes gives what the role allows, in the words of API keys.
func (r UserRole) Scopes() []Scope {
	switch r {
	case Viewer:
		return []Scope{ScopeRead}
	case Operator:
		return []Scope{ScopeRead, ScopeWrite}
	case Admin:
		return Scopes()
	}
	return nil
}

// Allows says whether the role includes what scope stands for.
func (r UserRole) Allows(scope Scope) bool { return slices.Contains(r.Scopes(), scope) }

// Validate refuses anything but one of the roles.
func (r UserRole) Validate() error {
	if !slices.Contains(UserRoles(), r) {
		return Errorf(Invalid, "role", "is %q; expected one of %q", clip(string(r)), UserRoles())
	}
	return nil
}

// User is a person who signs in.
type User struct {
	ID         ID         `json:"id"`
	Email      string     `json:"email" doc:"In lower case; no two users have the same" example:"ann@example.com"`
	Name       string     `json:"name" example:"Ann Lee"`
	Role       UserRole   `json:"role" enum:"viewer,operator,admin"`
	Disabled   bool       `json:"disabled" doc:"A disabled user cannot sign in"`
	Password   string     `json:"-"` // its hash with what made it; "" is none
	Subject    string     `json:"-"` // who they are at the OpenID issuer: issuer, space, subject
	HasWayIn   bool       `json:"has_way_in" doc:"Whether they have a password or have signed in by OpenID; false for who was invited and did not come yet"`
	CreatedAt  time.Time  `json:"created_at"`
	SignedInAt *time.Time `json:"signed_in_at,omitempty" doc:"When they last signed in"`
}

// maxEmail is what SMTP can address (RFC 5321, 4.5.3.1.3, without the brackets).
const maxEmail = 254

// NewUser makes a user who cannot sign in yet. An empty name is what stands
// before the @.
//
// Errors are Invalid in email, name and role.
func NewUser(email, name string, role UserRole, now time.Time) (User, error) {
	folded, err := FoldEmail(email)
	if name == "" {
		name, _, _ = strings.Cut(folded, "@")
	}
	u := User{ID: NewID(now), Email: folded, Name: name, Role: role, CreatedAt: now}
	return u, errors.Join(err, u.Validate())
}

// FoldEmail gives an address as it is stored and compared: without spaces
// around it and in lower case.
func FoldEmail(email string) (string, error) {
	folded := strings.ToLower(strings.TrimSpace(email))
	a, err := mail.ParseAddress(folded)
	if err != nil || a.Address != folded || len(folded) > maxEmail || strings.ContainsFunc(folded, unicode.IsSpace) {
		return "", Errorf(Invalid, "email", "is %q; expected an address such as ann@example.com", clip(email))
	}
	return folded, nil
}

// Validate checks what people may change: name and role.
func (u User) Validate() error {
	var errs []error
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if n := utf8.RuneCountInString(u.Name); n < 1 || n > 100 || strings.TrimSpace(u.Name) != u.Name || strings.ContainsFunc(u.Name, bad) {
		errs = append(errs, Errorf(Invalid, "name", "is %q; expected 1 to 100 characters on one line", clip(u.Name)))
	}
	return errors.Join(append(errs, u.Role.Validate())...)
}

// Governs says whether the user is an administrator who can come in.
func (u User) Governs() bool {
	return u.Role == Admin && !u.Disabled && (u.HasWayIn || u.SignedInAt != nil)
}

// KeepAdmin refuses a change from before to after (nil: the user is gone) that
// leaves nobody who governs. others is how many other users do.
func KeepAdmin(before User, after *User, others int) error {
	if before.Governs() && others == 0 && (after == nil || !after.Governs()) {
		return Errorf(Conflict, "", "%s is the last administrator; make somebody else one first", before.Email)
	}
	return nil
}

// EndsSessions says whether a change from before to after ends what sessions
// the user has: whoever sits at one of them may no longer be who they were, or
// may no longer do what they did.
func EndsSessions(before, after User) bool {
	return before.Password != after.Password || before.Role != after.Role || before.Disabled != after.Disabled
}

// SetPassword gives the user a password by its hash; "" takes it away.
func (u *User) SetPassword(hash string) {
	u.Password = hash
	u.HasWayIn = hash != "" || u.Subject != ""
}

// SetSubject ties the user to who they are at the OpenID issuer.
func (u *User) SetSubject(subject string) {
	u.Subject = subject
	u.HasWayIn = subject != "" || u.Password != ""
}
