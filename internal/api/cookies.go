package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tandem"
	"tandem/internal/account"
)

// The session's cookie. Over TLS its name begins with __Host-, which browsers
// take from this very host alone, over TLS alone: neither a neighbour in the
// domain nor somebody on the wire can plant one.
const (
	cookieName = "tandem_session"
	flowName   = "tandem_openid"
	hostPrefix = "__Host-"
)

func cookie(r *http.Request, name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(life / time.Second), Secure: secure(r),
	}
	if c.Secure {
		c.Name = hostPrefix + name
	}
	if life <= 0 {
		c.MaxAge = -1
	}
	return c
}

// cookieOf gives the value of a cookie that cookie made for such a request, ""
// when there is none.
func cookieOf(r *http.Request, name string) string {
	if secure(r) {
		name = hostPrefix + name
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

type secureContext struct{}

// secure says whether the request came over TLS, here or at a proxy that is
// believed.
func secure(r *http.Request) bool {
	return r.TLS != nil || r.Context().Value(secureContext{}) != nil
}

// forwarded has a request that came through believed proxies look as it did to
// the first of them. X-Forwarded-For is read from its end: what stands before the
// last address that is no believed proxy may be anybody's invention.
func forwarded(r *http.Request, proxies []netip.Prefix) *http.Request {
	if len(proxies) == 0 || !among(clientOf(r), proxies) {
		return r
	}
	ctx := r.Context()
	if strings.EqualFold(last(r.Header.Values("X-Forwarded-Proto")), "https") {
		ctx = context.WithValue(ctx, secureContext{}, true)
	}
	out := r.WithContext(ctx)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		ip, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		out.RemoteAddr = netip.AddrPortFrom(ip.Unmap(), 0).String()
		if !among(ip.String(), proxies) {
			break
		}
	}
	return out
}

func last(values []string) string {
	all := strings.Split(strings.Join(values, ","), ",")
	return strings.TrimSpace(all[len(all)-1])
}

func among(address string, list []netip.Prefix) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, p := range list {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// Visit is a request from somebody who comes in.
type Visit struct{ r *http.Request }

// Resolve keeps the request, for its cookies.
func (v *Visit) Resolve(ctx huma.Context) []error {
	v.r, _ = humago.Unwrap(ctx)
	return nil
}

func (v *Visit) visitor() account.Visitor { return visitorOf(v.r) }

func visitorOf(r *http.Request) account.Visitor {
	return account.Visitor{Address: clientOf(r), Browser: r.UserAgent(), Token: cookieOf(r, cookieName)}
}

// Entered is the answer to who came in.
type Entered struct {
	SetCookie string `header:"Set-Cookie" doc:"The session: HttpOnly, SameSite=Lax, and Secure where the request came over TLS"`
	Body      Whoami
}

func (a *api) entered(v *Visit, e account.Entry, err error) (*Entered, error) {
	if err != nil {
		return nil, err
	}
	who := &caller{user: &e.User, session: &e.Session}
	return &Entered{SetCookie: cookie(v.r, cookieName, e.Token, tandem.SessionLife).String(), Body: whoami(who)}, nil
}

// encode and decode put bytes into a cookie's value.
func encode(b []byte) string          { return base64.RawURLEncoding.EncodeToString(b) }
func decode(s string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(s) }
