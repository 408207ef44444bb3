package api

import (
	"context"
	"net/http"
	"time"

	"tandem"
	"tandem/internal/account"
)

// Setup is what a page for signing in has to know.
type Setup struct {
	Needed bool `json:"needed" doc:"Whether the first administrator is still to be made"`
	OpenID bool `json:"openid" doc:"Whether one can sign in by GET /v1/oidc/start"`
}

type setUpRequest struct {
	Visit
	Body struct {
		Code     string `json:"code,omitempty" maxLength:"100" doc:"What the server wrote into its log, or what tandem setup-code prints. Not needed with an API key with the scope admin" example:"K3JQA-7PZ2M-XW5TN-C4HBD"`
		Email    string `json:"email" maxLength:"300" example:"ann@example.com"`
		Name     string `json:"name,omitempty" maxLength:"200" doc:"Left out: what stands before the @"`
		Password string `json:"password" maxLength:"1000" doc:"10 to 200 characters, and not one that is tried first"`
	}
}

// Invited is whom an invitation is for.
type Invited struct {
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	ExpiresAt time.Time `json:"expires_at"`
}

type acceptInvitation struct {
	Visit
	InvitationPath
	Body struct {
		Password string `json:"password" maxLength:"1000" doc:"10 to 200 characters, and not one that is tried first"`
		Name     string `json:"name,omitempty" maxLength:"200" doc:"Left out: as it is"`
	}
}

// InvitationPath names an invitation.
type InvitationPath struct {
	Token string `path:"token" maxLength:"200" doc:"The invitation's token"`
}

func (a *api) setup() {
	register(a, operation{
		id: "get-setup", method: http.MethodGet, path: "/v1/setup", tag: tagAccounts, scope: anybody,
		summary: "See whether Tandem is set up, and how one can sign in",
	}, func(ctx context.Context, _ *struct{}) (*plain[Setup], error) {
		needed, err := a.door.SetupNeeded(ctx)
		if err != nil {
			return nil, err
		}
		s, _, err := a.Store.Setting(ctx, tandem.SettingOIDC)
		if err != nil {
			return nil, err
		}
		rules, err := storedOIDC(s)
		return &plain[Setup]{Body: Setup{Needed: needed, OpenID: rules.on()}}, err
	})
	register(a, operation{
		id: "set-up", method: http.MethodPost, path: "/v1/setup", tag: tagAccounts, scope: anybody, refusals: []int{401}, status: http.StatusCreated,
		summary:     "Make the first administrator",
		description: "And sign in as them. Only while there is no user; and only with the code that the server wrote into its log, or with an API key with the scope `admin`.",
	}, func(ctx context.Context, in *setUpRequest) (*Entered, error) {
		trusted := ""
		if in.r.Header.Get("Authorization") != "" {
			c, err := a.keyring.admit(in.r, tandem.ScopeAdmin)
			if err != nil {
				return nil, err
			}
			trusted = c.name()
		}
		b := in.Body
		e, err := a.door.SetUp(ctx, trusted, b.Code, account.Profile{Email: b.Email, Name: b.Name}, b.Password, in.visitor())
		return a.entered(&in.Visit, e, err)
	})
	register(a, operation{
		id: "get-invitation", method: http.MethodGet, path: "/v1/invitations/{token}", tag: tagAccounts, scope: anybody, refusals: []int{401},
		summary: "See whom an invitation is for",
	}, func(ctx context.Context, in *struct {
		Visit
		InvitationPath
	},
	) (*plain[Invited], error) {
		u, until, err := a.door.Invited(ctx, in.Token, in.visitor())
		return &plain[Invited]{Body: Invited{u.Email, u.Name, until}}, err
	})
	register(a, operation{
		id: "accept-invitation", method: http.MethodPost, path: "/v1/invitations/{token}", tag: tagAccounts, scope: anybody, refusals: []int{401},
		summary: "Accept an invitation", description: "Sets the password and signs in. An invitation can be used once, within seven days.",
	}, func(ctx context.Context, in *acceptInvitation) (*Entered, error) {
		e, err := a.door.Accept(ctx, in.Token, in.Body.Password, in.Body.Name, in.visitor())
		return a.entered(&in.Visit, e, err)
	})
}
