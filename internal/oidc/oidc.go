// Package oidc asks an OpenID Connect issuer who somebody is: the authorization
// code flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636), state
// and nonce.
//
// An address to send the browser to comes out, what the browser comes back with
// flows in, and an identity comes out of that. It decides nothing about users and
// keeps nothing of them.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tandem"
)

const (
	// patience bounds each request to the issuer.
	patience = 10 * time.Second
	// discovered is how long what the issuer says of itself is believed.
	discovered = time.Hour
)

// Client speaks to issuers. It may be used by many goroutines.
type Client struct {
	http *http.Client
	now  func() time.Time

	mu       sync.Mutex
	provider *gooidc.Provider
	issuer   string
	until    time.Time
}

// New makes a client whose clock is now.
func New(now func() time.Time) *Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives = true // sign-ins are far apart
	return &Client{http: &http.Client{Transport: t, Timeout: patience}, now: now}
}

// Flow is what has to be remembered between the two halves, by the browser
// alone.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Start gives the address at the issuer to send the browser to. redirect is
// where it is to come back to. Errors are *tandem.Refusal.
func (c *Client) Start(ctx context.Context, s tandem.OIDC, redirect string) (string, Flow, error) {
	p, err := c.discover(ctx, s.Issuer)
	if err != nil {
		return "", Flow{}, failed(err)
	}
	f := Flow{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
	o := config(p, s, "", redirect)
	return o.AuthCodeURL(f.State, gooidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish reads what the browser came back with. Errors are *tandem.Refusal.
func (c *Client) Finish(ctx context.Context, s tandem.OIDC, secret, redirect string, f Flow, q url.Values) (tandem.Identity, error) {
	var none tandem.Identity
	if f.State == "" || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(f.State)) != 1 {
		return none, &tandem.Refusal{Reason: tandem.RefusedExpired}
	}
	if iss := q.Get("iss"); iss != "" && iss != s.Issuer { // RFC 9207
		return none, failed(fmt.Errorf("the answer is from %.100q", iss))
	}
	if e := q.Get("error"); e != "" {
		return none, &tandem.Refusal{Reason: tandem.RefusedDenied, Err: fmt.Errorf("the issuer says %.100q", e)}
	}
	p, err := c.discover(ctx, s.Issuer)
	if err != nil {
		return none, failed(err)
	}
	ctx = gooidc.ClientContext(ctx, c.http)
	token, err := config(p, s, secret, redirect).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return none, failed(exchange(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return none, failed(errors.New("the issuer gave no ID token"))
	}
	id, err := p.VerifierContext(ctx, &gooidc.Config{ClientID: s.ClientID, Now: c.now}).Verify(ctx, raw)
	if err != nil {
		return none, failed(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return none, failed(errors.New("the ID token is for another sign-in"))
	}
	return c.identity(ctx, p, s, token, id)
}

// identity reads the claims of a verified token, and asks the issuer for those
// that are not in it.
func (c *Client) identity(ctx context.Context, p *gooidc.Provider, s tandem.OIDC, token *oauth2.Token, id *gooidc.IDToken) (tandem.Identity, error) {
	var cl claims
	if err := id.Claims(&cl); err != nil {
		return tandem.Identity{}, failed(err)
	}
	if azp, _ := cl["azp"].(string); len(id.Audience) > 1 && azp != s.ClientID {
		return tandem.Identity{}, failed(errors.New("the ID token is for another client"))
	}
	_, hasRole := cl.at(s.RoleClaim)
	if p.UserInfoEndpoint() != "" && (cl.text("email") == "" || s.RoleClaim != "" && !hasRole) {
		info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return tandem.Identity{}, failed(err)
		}
		var more claims
		if err := info.Claims(&more); err != nil || info.Subject != id.Subject {
			return tandem.Identity{}, failed(errors.Join(err, errors.New("the issuer tells of somebody else")))
		}
		// The address and whether it is verified go together.
		if cl.text("email") == "" {
			delete(cl, "email_verified")
		}
		for name, value := range more {
			if _, ok := cl[name]; !ok {
				cl[name] = value
			}
		}
	}
	role, _ := cl.at(s.RoleClaim)
	return tandem.Identity{
		Subject: id.Issuer + " " + id.Subject, Email: cl.text("email"), Verified: cl.yes("email_verified"),
		Name: cl.text("name"), Roles: texts(role),
	}, nil
}

func config(p *gooidc.Provider, s tandem.OIDC, secret, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: s.ClientID, ClientSecret: secret, Endpoint: p.Endpoint(), RedirectURL: redirect,
		Scopes: []string{gooidc.ScopeOpenID, "email", "profile"},
	}
}

// discover reads the issuer's discovery document, unless it did so of late.
func (c *Client) discover(ctx context.Context, issuer string) (*gooidc.Provider, error) {
	now := c.now()
	c.mu.Lock()
	p, fresh := c.provider, c.issuer == issuer && now.Before(c.until)
	c.mu.Unlock()
	if fresh {
		return p, nil
	}
	// The provider keeps the context for reading keys later on.
	p, err := gooidc.NewProvider(gooidc.ClientContext(context.WithoutCancel(ctx), c.http), issuer)
	if err != nil {
		return nil, err
	}
	if methods := pkce(p); methods != nil && !slices.Contains(methods, "S256") {
		return nil, fmt.Errorf("the issuer offers PKCE by %q only; expected S256", methods)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.provider, c.issuer, c.until = p, issuer, now.Add(discovered)
	return p, nil
}

// pkce gives the challenge methods that the issuer says it knows, if it says so.
func pkce(p *gooidc.Provider) []string {
	var doc struct {
		Methods []string `json:"code_challenge_methods_supported"`
	}
	if p.Claims(&doc) != nil {
		return nil
	}
	return doc.Methods
}

func failed(err error) error { return &tandem.Refusal{Reason: tandem.RefusedFailed, Err: err} }

// exchange keeps what the issuer said out of the log but for the code of the
// error: its answer may hold tokens.
func exchange(err error) error {
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return fmt.Errorf("the issuer refuses the code: %s %.100q", e.Response.Status, e.ErrorCode)
	}
	return err
}
