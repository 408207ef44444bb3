package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
	"tandem/internal/oidc"
)

// What secrets are sealed for: the one is not good as the other.
const (
	sealedSecret = "settings/oidc client_secret"
	sealedFlow   = "cookie openid"
)

// oidcDocument is the setting as it is stored.
type oidcDocument struct {
	tandem.OIDC
	Secret []byte `json:"secret,omitempty"` // sealed
}

func (d oidcDocument) on() bool { return d.Issuer != "" }

func storedOIDC(body json.RawMessage) (d oidcDocument, err error) {
	if body != nil {
		err = json.Unmarshal(body, &d)
	}
	return d, err
}

// OIDCSetting is the setting as it is told: without its secret.
type OIDCSetting struct {
	tandem.OIDC
	HasSecret   bool   `json:"has_client_secret"`
	RedirectURI string `json:"redirect_uri" doc:"What to register with the issuer, as this request came"`
}

type putOIDC struct {
	Visit
	IfMatch
	Body struct {
		tandem.OIDC
		Secret *string `json:"client_secret,omitempty" maxLength:"4000" doc:"Left out: as it is, so long as issuer and client_id are"`
	}
}

func (a *api) openID() {
	register(a, operation{
		id: "get-oidc", method: http.MethodGet, path: "/v1/settings/oidc", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "See by whose word users may sign in", description: "Never the client secret. Without an issuer nobody may.",
	}, func(ctx context.Context, in *struct{ Visit }) (*one[OIDCSetting], error) {
		d, revision, err := readSetting[oidcDocument](ctx, a, tandem.SettingOIDC)
		return tellOIDC(in.r, d, revision, err)
	})
	register(a, operation{
		id: "put-oidc", method: http.MethodPut, path: "/v1/settings/oidc", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Have users sign in by an OpenID issuer", refusals: []int{412},
		description: "The issuer has to vouch for the e-mail address. A user who is known by it is signed in; others are made with default_role, or refused without one. The secret is sealed with the key in the server's data folder.",
	}, a.putOIDC)
	register(a, operation{
		id: "delete-oidc", method: http.MethodDelete, path: "/v1/settings/oidc", tag: tagAccounts, scope: tandem.ScopeAdmin,
		summary: "Have no user sign in by an OpenID issuer", status: http.StatusNoContent, refusals: []int{412}, description: "Sessions go on.",
	}, func(ctx context.Context, in *IfMatch) (*struct{}, error) {
		_, _, err := editSetting(ctx, a, tandem.SettingOIDC, *in, toldOIDC, func(d *oidcDocument) error {
			*d = oidcDocument{}
			return nil
		})
		return nil, err
	})
	a.redirect(operation{
		id: "start-oidc", method: http.MethodGet, path: "/v1/oidc/start", tag: tagAccounts, scope: anybody,
		summary: "Sign in by OpenID", description: "Sends the browser to the issuer. On any refusal it comes back to /sign-in?error=REASON, where REASON is one of denied, expired, failed, unverified, domain, unknown, other, disabled.",
	}, a.startOIDC, &huma.Param{Name: "to", In: "query", Description: "Path in the console to go on to; left out: its first page", Example: "/tests", Schema: &huma.Schema{Type: huma.TypeString}})
	a.redirect(operation{
		id: "finish-oidc", method: http.MethodGet, path: "/v1/oidc/callback", tag: tagAccounts, scope: anybody,
		summary: "Come back from the issuer", description: "Where the issuer sends the browser; signs in and sends it on.",
	}, a.finishOIDC)
}

// redirect adds an operation whose answer is another address.
func (a *api) redirect(op operation, handle func(http.ResponseWriter, *http.Request) (string, error), params ...*huma.Param) {
	a.mux.HandleFunc("GET "+op.path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		to, err := handle(w, r)
		if err != nil {
			a.log.WarnContext(r.Context(), "sign-in by OpenID refused", "error", err)
			reason := tandem.RefusedFailed
			if refusal, ok := errors.AsType[*tandem.Refusal](err); ok {
				reason = refusal.Reason
			}
			to = "/sign-in?error=" + url.QueryEscape(reason)
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	})
	a.describe(op, func(h *huma.Operation) {
		h.Parameters = params
		h.Errors = nil
		h.Responses["302"] = &huma.Response{Description: "Where to go on", Headers: map[string]*huma.Param{"Location": {Description: "The address", Schema: &huma.Schema{Type: huma.TypeString}}}}
	})
}

func tellOIDC(r *http.Request, d oidcDocument, revision int64, err error) (*one[OIDCSetting], error) {
	out := &one[OIDCSetting]{ETag: etag(max(revision, 1)), Body: OIDCSetting{OIDC: d.OIDC, HasSecret: d.Secret != nil, RedirectURI: redirectURI(r)}}
	if out.Body.Domains == nil {
		out.Body.Domains = []string{}
	}
	return out, err
}

// toldOIDC is what the audit log is told.
func toldOIDC(d oidcDocument) any {
	return struct {
		tandem.OIDC
		HasSecret bool `json:"has_client_secret"`
	}{d.OIDC, d.Secret != nil}
}

func (a *api) putOIDC(ctx context.Context, in *putOIDC) (*one[OIDCSetting], error) {
	next := in.Body.OIDC
	if err := next.Validate(); err != nil {
		return nil, err
	}
	d, revision, err := editSetting(ctx, a, tandem.SettingOIDC, in.IfMatch, toldOIDC, func(d *oidcDocument) error {
		secret := in.Body.Secret
		switch {
		case secret != nil && *secret != "":
			sealed, err := a.Box.Seal([]byte(*secret), sealedSecret)
			if err != nil {
				return err
			}
			d.Secret = sealed
		case secret != nil:
			d.Secret = nil // a public client: PKCE alone
		case d.on() && (d.Issuer != next.Issuer || d.ClientID != next.ClientID):
			// Else whoever may edit, but not read the secret, could have it sent
			// to an address of their own.
			return tandem.Errorf(tandem.Invalid, "client_secret", "is missing; it has to be given anew with another issuer or client_id")
		}
		d.OIDC = next
		return nil
	})
	return tellOIDC(in.r, d, revision, err)
}

// flowCookie is what the browser keeps between the two halves of a sign-in.
type flowCookie struct {
	oidc.Flow
	To    string    `json:"to"`
	Until time.Time `json:"until"`
}

// flowLife is how long somebody may take at the issuer.
const flowLife = 10 * time.Minute

func (a *api) startOIDC(w http.ResponseWriter, r *http.Request) (string, error) {
	d, _, err := readSetting[oidcDocument](r.Context(), a, tandem.SettingOIDC)
	if err != nil {
		return "", err
	}
	if !d.on() {
		return "", &tandem.Refusal{Reason: tandem.RefusedFailed, Err: errors.New("no issuer is set")}
	}
	address, flow, err := a.oidc.Start(r.Context(), d.OIDC, redirectURI(r))
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(flowCookie{Flow: flow, To: homeward(r.URL.Query().Get("to")), Until: a.Now().Add(flowLife)})
	if err != nil {
		return "", err
	}
	sealed, err := a.Box.Seal(raw, sealedFlow)
	if err != nil {
		return "", err
	}
	http.SetCookie(w, cookie(r, flowName, encode(sealed), flowLife))
	return address, nil
}

func (a *api) finishOIDC(w http.ResponseWriter, r *http.Request) (string, error) {
	flow, err := a.flow(r)
	http.SetCookie(w, cookie(r, flowName, "", 0)) // once, whatever comes of it
	if err != nil {
		return "", err
	}
	d, _, err := readSetting[oidcDocument](r.Context(), a, tandem.SettingOIDC)
	if err != nil {
		return "", err
	}
	if !d.on() {
		return "", &tandem.Refusal{Reason: tandem.RefusedFailed, Err: errors.New("no issuer is set")}
	}
	var secret []byte
	if d.Secret != nil {
		if secret, err = a.Box.Open(d.Secret, sealedSecret); err != nil {
			return "", err
		}
	}
	id, err := a.oidc.Finish(r.Context(), d.OIDC, string(secret), redirectURI(r), flow.Flow, r.URL.Query())
	if err != nil {
		return "", err
	}
	e, err := a.door.SignInByOpenID(r.Context(), d.OIDC, id, visitorOf(r))
	if err != nil {
		return "", err
	}
	http.SetCookie(w, cookie(r, cookieName, e.Token, tandem.SessionLife))
	return flow.To, nil
}

// flow reads what the browser kept.
func (a *api) flow(r *http.Request) (f flowCookie, err error) {
	expired := func(err error) error { return &tandem.Refusal{Reason: tandem.RefusedExpired, Err: err} }
	sealed, err := decode(cookieOf(r, flowName))
	if err != nil {
		return f, expired(err)
	}
	raw, err := a.Box.Open(sealed, sealedFlow)
	if err != nil {
		return f, expired(err)
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, expired(err)
	}
	if !a.Now().Before(f.Until) {
		return f, expired(nil)
	}
	return f, nil
}

// redirectURI is where the issuer sends browsers back to: the address that this
// one came to. An issuer takes only what was registered with it, so a made-up
// Host leads nowhere.
func redirectURI(r *http.Request) string {
	scheme := "http"
	if secure(r) {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host, Path: "/v1/oidc/callback"}).String()
}

// homeward gives a path of the console, "/" for anything that would lead away
// from it.
func homeward(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.String()
}
