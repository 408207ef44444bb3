package account

import (
	"context"

	"tandem"
)

// openIDActor stands in the audit log for what follows from an issuer's word.
const openIDActor = "openid"

// SignInByOpenID lets in whom an issuer vouches for, by the rules of the
// workspace. Who is not known there yet by subject is known by the verified
// address, once: from then on the subject counts, so that an address which
// passes to somebody else does not pass its account on. Errors are
// *tandem.Refusal and Unavailable.
func (d *Door) SignInByOpenID(ctx context.Context, rules tandem.OIDC, id tandem.Identity, v Visitor) (Entry, error) {
	email, err := tandem.FoldEmail(id.Email)
	switch {
	case err != nil || !id.Verified:
		return Entry{}, &tandem.Refusal{Reason: tandem.RefusedUnverified, Err: err}
	case !rules.Welcomes(email):
		return Entry{}, &tandem.Refusal{Reason: tandem.RefusedDomain}
	}
	role := rules.RoleOf(id.Roles)
	u, err := d.store.UserBySubject(ctx, id.Subject)
	if tandem.CodeOf(err) == tandem.NotFound {
		u, err = d.meet(ctx, rules, role, email, id)
	}
	if err != nil {
		return Entry{}, err
	}
	if u.Disabled {
		return Entry{}, &tandem.Refusal{Reason: tandem.RefusedDisabled}
	}
	if role != "" && role != u.Role {
		changed, err := d.Change(ctx, openIDActor, "user.role", u.ID, func(u *tandem.User) error { u.Role = role; return nil })
		switch {
		case err == nil:
			u = changed
		case tandem.CodeOf(err) != tandem.Conflict: // the last administrator stays one
			return Entry{}, err
		}
	}
	return d.Enter(ctx, u, openIDActor, "", v)
}

// meet finds or makes the user of somebody whose subject is not known yet.
func (d *Door) meet(ctx context.Context, rules tandem.OIDC, role tandem.UserRole, email string, id tandem.Identity) (tandem.User, error) {
	u, err := d.store.User(ctx, email)
	switch {
	case err == nil && u.Disabled:
		return u, &tandem.Refusal{Reason: tandem.RefusedDisabled}
	case err == nil:
		return d.Change(ctx, openIDActor, "user.openid", u.ID, func(u *tandem.User) error {
			if u.Subject != "" && u.Subject != id.Subject {
				return &tandem.Refusal{Reason: tandem.RefusedOther}
			}
			u.SetSubject(id.Subject)
			return nil
		})
	case tandem.CodeOf(err) != tandem.NotFound:
		return u, err
	}
	if role == "" {
		role = rules.DefaultRole
	}
	if role == "" {
		return u, &tandem.Refusal{Reason: tandem.RefusedUnknown}
	}
	p := Profile{Email: email, Name: id.Name, Role: role}
	if (tandem.User{Name: p.Name, Role: role}).Validate() != nil {
		p.Name = "" // not a name as ours are
	}
	u, err = tandem.NewUser(p.Email, p.Name, p.Role, d.now())
	if err != nil {
		return u, &tandem.Refusal{Reason: tandem.RefusedFailed, Err: err}
	}
	u.SetSubject(id.Subject)
	if err := d.store.CreateUser(ctx, openIDActor, u, nil); err != nil {
		if tandem.CodeOf(err) == tandem.Conflict { // somebody with the address was made at this moment
			return u, &tandem.Refusal{Reason: tandem.RefusedFailed, Err: err}
		}
		return u, err
	}
	return u, nil
}
