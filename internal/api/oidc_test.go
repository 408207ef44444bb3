package api_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"tandem"
	"tandem/internal/api"
)

// issuer is an OpenID provider in this process: it signs real tokens, and holds
// clients to PKCE, their secret and their redirect address.
type issuer struct {
	t   testing.TB
	web *httptest.Server
	key *ecdsa.PrivateKey
	now func() time.Time

	mu     sync.Mutex
	claims map[string]any // of whoever signs in next
	info   map[string]any // what userinfo adds
	codes  map[string]url.Values
	lie    func(claims map[string]any)
	sign   *ecdsa.PrivateKey // nil: key
}

const clientSecret = "a client secret"

func newIssuer(t testing.TB, now func() time.Time) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{t: t, key: key, now: now, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{
			"issuer": i.web.URL, "authorization_endpoint": i.web.URL + "/authorize", "token_endpoint": i.web.URL + "/token",
			"jwks_uri": i.web.URL + "/keys", "userinfo_endpoint": i.web.URL + "/userinfo",
			"id_token_signing_alg_values_supported": []string{"ES256"}, "code_challenge_methods_supported": []string{"S256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		say(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer access" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		say(w, i.info)
	})
	i.web = httptest.NewServer(mux)
	t.Cleanup(i.web.Close)
	return i
}

// authorize is what the browser would do at the issuer: it comes back with a
// code.
func (i *issuer) authorize(location string) string {
	i.t.Helper()
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, i.web.URL+"/authorize?") {
		i.t.Fatalf("sent to %q", location)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || len(q.Get("state")) < 40 ||
		q.Get("client_id") != "tandem" || !strings.Contains(q.Get("scope"), "openid") {
		i.t.Fatalf("asked with %v", q)
	}
	code := rand.Text()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.codes[code] = q
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		i.t.Fatal(err)
	}
	return back.Path + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.web.URL}}.Encode()
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	refuse := func() {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","access_token":"leak"}`))
	}
	q, ok := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	if secret, _ = url.QueryUnescape(secret); !ok || id != "tandem" || secret != clientSecret || r.FormValue("redirect_uri") != q.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") {
		refuse()
		return
	}
	now := i.now()
	claims := map[string]any{"iss": i.web.URL, "aud": "tandem", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "nonce": q.Get("nonce")}
	for name, v := range i.claims {
		claims[name] = v
	}
	if i.lie != nil {
		i.lie(claims)
	}
	key := i.key
	if i.sign != nil {
		key = i.sign
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	if err != nil {
		i.t.Error(err)
		return
	}
	raw, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		i.t.Error(err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": raw})
}

// openID is a server whose users may sign in by an issuer.
func openID(t *testing.T, change map[string]any) (*server, *issuer, *clock) {
	t.Helper()
	c := &clock{at: time.Now().UTC()}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	i := newIssuer(t, c.now)
	setting := map[string]any{"issuer": i.web.URL, "client_id": "tandem", "client_secret": clientSecret, "domains": []string{"example.com"}}
	for k, v := range change {
		setting[k] = v
	}
	s.do(s.admin, "PUT", "/v1/settings/oidc", setting).want(200, nil)
	i.claims = map[string]any{"sub": "ann-1", "email": "Ann@example.com", "email_verified": true, "name": "Ann Lee"}
	return s, i, c
}

// through goes to the issuer and back, and gives where the browser ends up.
func (i *issuer) through(b *browser, to string) string {
	i.t.Helper()
	at := b.do("GET", "/v1/oidc/start?to="+url.QueryEscape(to), nil).want(302, nil).header.Get("Location")
	return b.do("GET", i.authorize(at), nil).want(302, nil).header.Get("Location")
}

func wantAt(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the browser is sent to %q, want %q", what, got, want)
	}
}

func TestSigningInByOpenID(t *testing.T) {
	s, i, _ := openID(t, map[string]any{"default_role": "operator"})
	var setup api.Setup
	if s.do("", "GET", "/v1/setup", nil).want(200, &setup); !setup.OpenID {
		t.Error("sign-in by OpenID is not offered")
	}
	b := s.browser()
	wantAt(t, "first", i.through(b, "/tests/1?x=2#y"), "/tests/1?x=2#y")
	var who api.Whoami
	b.do("GET", "/v1/session", nil).want(200, &who)
	if u := who.User; u.Email != "ann@example.com" || u.Name != "Ann Lee" || u.Role != tandem.Operator || !u.HasWayIn {
		t.Fatalf("%+v", u)
	}
	// The subject counts from now on, whatever becomes of the address.
	i.claims["email"] = "ann.lee@example.com"
	again := s.browser()
	wantAt(t, "renamed", i.through(again, ""), "/")
	var same api.Whoami
	again.do("GET", "/v1/session", nil).want(200, &same)
	if same.User.ID != who.User.ID {
		t.Error("a renamed user is another one")
	}
	// Somebody else who gets the address does not get the account.
	i.claims = map[string]any{"sub": "other-2", "email": "ann@example.com", "email_verified": true}
	wantAt(t, "address passed on", i.through(s.browser(), ""), "/sign-in?error=other")
	var audit struct{ Items []tandem.AuditEntry }
	s.do(s.admin, "GET", "/v1/audit?object="+string(who.User.ID), nil).want(200, &audit)
	if len(audit.Items) != 3 || audit.Items[2].Actor != "openid" || audit.Items[2].Action != "user.create" {
		t.Errorf("audit %+v", audit.Items)
	}
}

func TestWhomAnIssuerSendsIsRefusedWithAReason(t *testing.T) {
	s, i, _ := openID(t, nil)
	s.user("disabled@example.com", tandem.Viewer)
	s.do(s.admin, "PATCH", "/v1/users/disabled@example.com", map[string]any{"disabled": true}).want(200, nil)
	for name, c := range map[string]struct {
		claims map[string]any
		want   string
	}{
		"nobody invited them":        {map[string]any{"sub": "1", "email": "new@example.com", "email_verified": true}, "unknown"},
		"not verified":               {map[string]any{"sub": "1", "email": "new@example.com", "email_verified": false}, "unverified"},
		"nothing said of it":         {map[string]any{"sub": "1", "email": "new@example.com"}, "unverified"},
		"another domain":             {map[string]any{"sub": "1", "email": "new@example.com.evil.test", "email_verified": true}, "domain"},
		"disabled":                   {map[string]any{"sub": "1", "email": "disabled@example.com", "email_verified": "true"}, "disabled"},
		"no address, in userinfo no": {map[string]any{"sub": "1", "email_verified": true}, "unverified"},
	} {
		i.claims, i.info = c.claims, map[string]any{"sub": "1"}
		wantAt(t, name, i.through(s.browser(), ""), "/sign-in?error="+c.want)
	}
}

func TestAnInvitedUserIsKnownByTheVerifiedAddress(t *testing.T) {
	s, i, _ := openID(t, nil)
	s.do(s.admin, "POST", "/v1/users", map[string]any{"email": "ann@example.com", "role": "admin"}).want(201, nil)
	i.claims = map[string]any{"sub": "ann-1"}
	i.info = map[string]any{"sub": "ann-1", "email": "ann@example.com", "email_verified": true}
	b := s.browser()
	wantAt(t, "address in userinfo", i.through(b, ""), "/")
	b.do("GET", "/v1/users", nil).want(200, nil)
	i.info["sub"] = "somebody-else"
	wantAt(t, "userinfo of somebody else", i.through(s.browser(), ""), "/sign-in?error=failed")
}

func TestRolesFollowTheClaim(t *testing.T) {
	s, i, _ := openID(t, map[string]any{
		"role_claim": "realm_access.roles", "roles": map[string]string{"leads": "operator", "owners": "admin"},
	})
	i.claims["realm_access"] = map[string]any{"roles": []string{"x", "leads"}}
	b := s.browser()
	role := func() tandem.UserRole {
		var who api.Whoami
		b.do("GET", "/v1/session", nil).want(200, &who)
		return who.User.Role
	}
	wantAt(t, "lead", i.through(b, ""), "/")
	if got := role(); got != tandem.Operator {
		t.Errorf("role %q", got)
	}
	i.claims["realm_access"] = map[string]any{"roles": []string{"leads", "owners"}}
	wantAt(t, "owner", i.through(b, ""), "/")
	if got := role(); got != tandem.Admin {
		t.Errorf("role %q", got)
	}
	// The last administrator stays one, whatever the issuer says.
	i.claims["realm_access"] = map[string]any{"roles": []string{"leads"}}
	wantAt(t, "lead again", i.through(b, ""), "/")
	if got := role(); got != tandem.Admin {
		t.Errorf("role %q", got)
	}
	i.claims = map[string]any{"sub": "new", "email": "new@example.com", "email_verified": true, "realm_access": map[string]any{"roles": []string{"x"}}}
	i.info = map[string]any{"sub": "new"}
	wantAt(t, "without a role", i.through(s.browser(), ""), "/sign-in?error=unknown")
}

func TestAForgedReturnFromTheIssuerIsRefused(t *testing.T) {
	s, i, c := openID(t, map[string]any{"default_role": "viewer"})
	begin := func(b *browser) string {
		return i.authorize(b.do("GET", "/v1/oidc/start", nil).want(302, nil).header.Get("Location"))
	}
	finish := func(b *browser, at string) string {
		return b.do("GET", at, nil).want(302, nil).header.Get("Location")
	}
	t.Run("in a browser that began none", func(t *testing.T) {
		wantAt(t, "", finish(s.browser(), begin(s.browser())), "/sign-in?error=expired")
	})
	t.Run("with the state of another", func(t *testing.T) {
		b := s.browser()
		begin(b)
		wantAt(t, "", finish(b, begin(s.browser())), "/sign-in?error=expired")
	})
	t.Run("twice", func(t *testing.T) {
		b := s.browser()
		at := begin(b)
		wantAt(t, "", finish(b, at), "/")
		wantAt(t, "", finish(b, at), "/sign-in?error=expired")
	})
	t.Run("after too long", func(t *testing.T) {
		b := s.browser()
		at := begin(b)
		c.move(11 * time.Minute)
		wantAt(t, "", finish(b, at), "/sign-in?error=expired")
	})
	t.Run("from another issuer", func(t *testing.T) {
		b := s.browser()
		wantAt(t, "", finish(b, strings.Replace(begin(b), url.QueryEscape(i.web.URL), "https%3A%2F%2Fevil.example", 1)), "/sign-in?error=failed")
	})
	t.Run("with a made-up code", func(t *testing.T) {
		b := s.browser()
		u, _ := url.Parse(begin(b))
		q := u.Query()
		q.Set("code", "x")
		wantAt(t, "", finish(b, u.Path+"?"+q.Encode()), "/sign-in?error=failed")
	})
	t.Run("with a refusal", func(t *testing.T) {
		b := s.browser()
		u, _ := url.Parse(begin(b))
		wantAt(t, "", finish(b, u.Path+"?error=access_denied&state="+u.Query().Get("state")), "/sign-in?error=denied")
	})
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string]func(map[string]any){
		"for another sign-in": func(m map[string]any) { m["nonce"] = "x" },
		"without a nonce":     func(m map[string]any) { delete(m, "nonce") },
		"for another client":  func(m map[string]any) { m["aud"] = "other" },
		"for several clients": func(m map[string]any) { m["aud"] = []string{"tandem", "other"} },
		"of another issuer":   func(m map[string]any) { m["iss"] = "https://evil.example" },
		"that ran out":        func(m map[string]any) { m["exp"] = c.now().Add(-time.Hour).Unix() },
		"signed by another":   func(map[string]any) { i.sign = stranger },
	} {
		t.Run("with a token "+name, func(t *testing.T) {
			i.lie = lie
			defer func() { i.lie, i.sign = nil, nil }()
			b := s.browser()
			wantAt(t, "", i.through(b, ""), "/sign-in?error=failed")
			b.do("GET", "/v1/session", nil).refused(401)
		})
	}
	if log := s.log.String(); strings.Contains(log, "leak") || strings.Contains(log, clientSecret) {
		t.Errorf("the log tells too much: %s", log)
	}
}

func TestNobodyIsSentOutOfTheConsole(t *testing.T) {
	s, i, _ := openID(t, map[string]any{"default_role": "viewer"})
	for to, want := range map[string]string{
		"/a b": "/a%20b", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "javascript:alert(1)": "/",
		"evil.example": "/", "/\t/evil.example": "/", "": "/",
	} {
		wantAt(t, to, i.through(s.browser(), to), want)
	}
}

func TestTheIssuerSettingKeepsItsSecret(t *testing.T) {
	s, i, _ := openID(t, nil)
	var got api.OIDCSetting
	read := s.do(s.admin, "GET", "/v1/settings/oidc", nil).want(200, &got)
	if !got.HasSecret || got.RedirectURI != s.url+"/v1/oidc/callback" || strings.Contains(string(read.body), clientSecret) {
		t.Errorf("%s", read.body)
	}
	body, _, err := s.store.Setting(context.Background(), tandem.SettingOIDC)
	if err != nil || strings.Contains(string(body), clientSecret) {
		t.Errorf("stored as %s, %v", body, err)
	}
	if log := s.do(s.admin, "GET", "/v1/audit", nil).want(200, nil); strings.Contains(string(log.body), clientSecret) || strings.Contains(string(log.body), `"secret"`) {
		t.Errorf("audit %s", log.body)
	}
	put := func(change map[string]any, headers ...string) *answer {
		setting := map[string]any{"issuer": i.web.URL, "client_id": "tandem", "domains": []string{}, "default_role": "viewer"}
		for k, v := range change {
			setting[k] = v
		}
		return s.do(s.admin, "PUT", "/v1/settings/oidc", setting, headers...)
	}
	put(map[string]any{"issuer": "https://evil.example"}).refused(422, "body.client_secret")
	put(map[string]any{"issuer": "http://evil.example"}).refused(422, "body.issuer")
	put(nil, "If-Match", `"7"`).refused(412)
	put(nil, "If-Match", read.header.Get("ETag")).want(200, nil)
	wantAt(t, "with the secret kept", i.through(s.browser(), ""), "/")
	s.do(s.admin, "DELETE", "/v1/settings/oidc", nil).want(204, nil)
	wantAt(t, "turned off", s.browser().do("GET", "/v1/oidc/start", nil).want(302, nil).header.Get("Location"), "/sign-in?error=failed")
}

func TestAnIssuerThatDoesNotAnswerIsAReasonToo(t *testing.T) {
	s, i, _ := openID(t, nil)
	i.web.Close()
	wantAt(t, "away", s.browser().do("GET", "/v1/oidc/start", nil).want(302, nil).header.Get("Location"), "/sign-in?error=failed")
}
