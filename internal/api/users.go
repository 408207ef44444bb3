package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/account"
)

// Users are listed.
type Users interface {
	Users(ctx context.Context, p tandem.Page) ([]tandem.User, string, error)
}

// NewUser is a user and, where they have no password, how they come to one.
type NewUser struct {
	tandem.User
	Invitation *account.Invitation `json:"invitation,omitempty" doc:"Absent when a password was given. The console's page for it is /invitation#token=..."`
}

type createUser struct {
	Body struct {
		Email    string          `json:"email" maxLength:"300" example:"ann@example.com"`
		Name     string          `json:"name,omitempty" maxLength:"200" doc:"Left out: what stands before the @"`
		Role     tandem.UserRole `json:"role" enum:"viewer,operator,admin" doc:"viewer reads; operator also changes agents, routes and tests; admin everything"`
		Password string          `json:"password,omitempty" maxLength:"1000" doc:"Left out, the user gets an invitation to choose one"`
	}
}

// UserPath names a user.
type UserPath struct {
	User string `path:"user" doc:"Id or e-mail address of the user" maxLength:"300"`
}

type patchUser struct {
	UserPath
	Body struct {
		Name     optional[string]          `json:"name,omitempty"`
		Role     optional[tandem.UserRole] `json:"role,omitempty" enum:"viewer,operator,admin" doc:"The user's sessions end"`
		Disabled optional[bool]            `json:"disabled,omitempty" doc:"The user's sessions end"`
	}
}

// user finds whom a path names.
func (a *api) user(ctx context.Context, p UserPath) (tandem.User, error) {
	key := p.User
	if folded, err := tandem.FoldEmail(key); err == nil {
		key = folded
	} else if !tandem.ID(key).Valid() {
		return tandem.User{}, tandem.Errorf(tandem.NotFound, "", "no user has the id or address %.120q", key)
	}
	return a.Store.User(ctx, key)
}

func (a *api) users() {
	register(a, operation{
		id: "create-user", method: http.MethodPost, path: "/v1/users", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Create a user", status: http.StatusCreated,
		description: "Without a password the answer holds an invitation, once: hand its token to the user, who chooses one.",
	}, a.createUser)
	register(a, operation{
		id: "list-users", method: http.MethodGet, path: "/v1/users", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "List users, by address",
	}, func(ctx context.Context, in *Paged) (*listResponse[tandem.User], error) {
		items, next, err := a.Store.Users(ctx, in.page())
		return pageOf(in, items, next, err)
	})
	register(a, operation{
		id: "get-user", method: http.MethodGet, path: "/v1/users/{user}", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Read a user",
	}, func(ctx context.Context, in *UserPath) (*plain[tandem.User], error) {
		u, err := a.user(ctx, *in)
		return &plain[tandem.User]{Body: u}, err
	})
	register(a, operation{
		id: "change-user", method: http.MethodPatch, path: "/v1/users/{user}", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Change a user's name or role, or disable them", description: "A change of role, or of disabled, ends the user's sessions: at once on this node, within five seconds on every other. The last administrator stays one.",
	}, a.patchUser)
	register(a, operation{
		id: "reset-user", method: http.MethodPost, path: "/v1/users/{user}/reset", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Take a user's password away and invite them anew", description: "Their sessions end, and earlier invitations are not good any more.",
	}, func(ctx context.Context, in *UserPath) (*plain[NewUser], error) {
		u, err := a.user(ctx, *in)
		if err != nil {
			return nil, err
		}
		u, inv, err := a.door.Reset(ctx, actor(ctx), u.ID)
		return &plain[NewUser]{Body: NewUser{User: u, Invitation: &inv}}, err
	})
	register(a, operation{
		id: "delete-user", method: http.MethodDelete, path: "/v1/users/{user}", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Delete a user", status: http.StatusNoContent, description: "The audit log keeps what they did. The last administrator stays.",
	}, func(ctx context.Context, in *UserPath) (*struct{}, error) {
		u, err := a.user(ctx, *in)
		if err != nil {
			return nil, err
		}
		return nil, a.door.Delete(ctx, actor(ctx), u.ID)
	})
}

func (a *api) createUser(ctx context.Context, in *createUser) (*plain[NewUser], error) {
	p := account.Profile{Email: in.Body.Email, Name: in.Body.Name, Role: in.Body.Role}
	if in.Body.Password != "" {
		u, err := a.door.Create(ctx, actor(ctx), p, in.Body.Password)
		return &plain[NewUser]{Body: NewUser{User: u}}, err
	}
	u, inv, err := a.door.Invite(ctx, actor(ctx), p)
	return &plain[NewUser]{Body: NewUser{User: u, Invitation: &inv}}, err
}

func (a *api) patchUser(ctx context.Context, in *patchUser) (*plain[tandem.User], error) {
	u, err := a.user(ctx, in.UserPath)
	if err != nil {
		return nil, err
	}
	u, err = a.door.Change(ctx, actor(ctx), "user.change", u.ID, func(u *tandem.User) error {
		if err := in.Body.Name.set(&u.Name, "name", false); err != nil {
			return err
		}
		if err := in.Body.Role.set(&u.Role, "role", false); err != nil {
			return err
		}
		return in.Body.Disabled.set(&u.Disabled, "disabled", false)
	})
	return &plain[tandem.User]{Body: u}, err
}
