package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/account"
)

// Whoami says who makes a request and what they may do.
type Whoami struct {
	User    *tandem.User    `json:"user,omitempty" doc:"Absent for an API key"`
	Key     *tandem.Key     `json:"key,omitempty" doc:"The API key, where one was sent"`
	Scopes  []tandem.Scope  `json:"scopes" enum:"read,write,ingest,admin" doc:"What they may do"`
	Session *tandem.Session `json:"session,omitempty" doc:"Absent for an API key"`
}

func whoami(c *caller) Whoami {
	return Whoami{User: c.user, Key: c.key, Scopes: c.scopes(), Session: c.session}
}

type signInRequest struct {
	Visit
	Body struct {
		Email    string `json:"email,omitempty" maxLength:"300" example:"ann@example.com"`
		Password string `json:"password,omitempty" maxLength:"1000"`
		Link     string `json:"link,omitempty" maxLength:"200" doc:"Token of a one-time link, in place of address and password"`
	}
}

type changePassword struct {
	Visit
	Body struct {
		Old string `json:"old" maxLength:"1000"`
		New string `json:"new" maxLength:"1000" doc:"10 to 200 characters, and not one that is tried first"`
	}
}

// OwnSession is one of the user's sessions.
type OwnSession struct {
	tandem.Session
	Current bool `json:"current" doc:"Whether it is the one that asks"`
}

func (a *api) sessions() {
	register(a, operation{
		id: "sign-in", method: http.MethodPost, path: "/v1/session", tag: tagAccounts, scope: anybody, refusals: []int{401},
		summary:     "Sign in",
		description: "By address and password, or by a one-time link. The session is a cookie. Failures are counted by address and by account: 429 says when to try again.",
	}, func(ctx context.Context, in *signInRequest) (*Entered, error) {
		var e account.Entry
		var err error
		switch b := in.Body; {
		case b.Link != "" && b.Email+b.Password != "":
			err = tandem.Errorf(tandem.Invalid, "link", "is in place of email and password; send one or the other")
		case b.Link != "":
			e, err = a.door.SignInByLink(ctx, b.Link, in.visitor())
		default:
			e, err = a.door.SignIn(ctx, b.Email, b.Password, in.visitor())
		}
		return a.entered(&in.Visit, e, err)
	})
	register(a, operation{
		id: "sign-out", method: http.MethodDelete, path: "/v1/session", tag: tagAccounts, scope: anybody, status: http.StatusNoContent,
		summary: "Sign out", description: "Ends the session and removes the cookie; without effect when there is none.",
	}, a.signOut)
	register(a, operation{
		id: "get-session", method: http.MethodGet, path: "/v1/session", tag: tagAccounts, scope: somebody,
		summary: "See who one is", description: "The user or the key, and what they may do.",
	}, func(ctx context.Context, _ *struct{}) (*plain[Whoami], error) {
		return &plain[Whoami]{Body: whoami(callerOf(ctx))}, nil
	})
	register(a, operation{
		id: "change-session-user", method: http.MethodPatch, path: "/v1/session", tag: tagAccounts, scope: signedIn,
		summary: "Change one's own name", description: "Address and role are for administrators to change.",
	}, a.changeMyself)
	register(a, operation{
		id: "change-password", method: http.MethodPost, path: "/v1/session/password", tag: tagAccounts, scope: signedIn,
		summary: "Change one's password", description: "All sessions end; a new one begins with this answer.",
	}, func(ctx context.Context, in *changePassword) (*Entered, error) {
		e, err := a.door.ChangePassword(ctx, *callerOf(ctx).user, in.Body.Old, in.Body.New, in.visitor())
		return a.entered(&in.Visit, e, err)
	})
	register(a, operation{
		id: "list-sessions", method: http.MethodGet, path: "/v1/sessions", tag: tagAccounts, scope: signedIn,
		summary: "List one's sessions, newest first",
	}, func(ctx context.Context, _ *struct{}) (*listResponse[OwnSession], error) {
		me := callerOf(ctx)
		all, err := a.door.List(ctx, me.user.ID)
		var out []OwnSession
		for _, s := range all {
			out = append(out, OwnSession{s, s.ID == me.session.ID})
		}
		return pageOf(&Paged{}, out, "", err)
	})
	register(a, operation{
		id: "end-session", method: http.MethodDelete, path: "/v1/sessions/{session}", tag: tagAccounts, scope: signedIn, status: http.StatusNoContent,
		summary: "End one of one's sessions", description: "In force at once on this node, within five seconds on every other.",
	}, func(ctx context.Context, in *struct {
		Session tandem.ID `path:"session" doc:"Id of the session"`
	},
	) (*struct{}, error) {
		if !in.Session.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no session has the id %.120q", in.Session)
		}
		return nil, a.door.End(ctx, callerOf(ctx).user.ID, in.Session)
	})
}

type changeMyself struct {
	Body struct {
		Name string `json:"name" maxLength:"200" example:"Ann Lee"`
	}
}

func (a *api) changeMyself(ctx context.Context, in *changeMyself) (*plain[Whoami], error) {
	me := *callerOf(ctx)
	u, err := a.door.Change(ctx, actor(ctx), "user.change", me.user.ID, func(u *tandem.User) error {
		u.Name = in.Body.Name
		return nil
	})
	if err != nil {
		return nil, err
	}
	me.user = &u
	return &plain[Whoami]{Body: whoami(&me)}, nil
}

// Left is the answer to who signed out.
type Left struct {
	SetCookie string `header:"Set-Cookie" doc:"Removes the cookie"`
}

func (a *api) signOut(ctx context.Context, in *struct{ Visit }) (*Left, error) {
	if token := in.visitor().Token; token != "" {
		s, _, err := a.door.Who(ctx, token, false)
		if err == nil {
			err = a.door.SignOut(ctx, s)
		}
		if err != nil && tandem.CodeOf(err) != tandem.NotFound {
			return nil, err
		}
	}
	return &Left{SetCookie: cookie(in.r, cookieName, "", 0).String()}, nil
}
