package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/account"
	"tandem/internal/api"
	"tandem/internal/store"
)

const goodPassword = "staple battery horse"

// browser is a client that keeps cookies, as a page of this origin.
type browser struct {
	t    testing.TB
	url  string
	http *http.Client
}

func (s *server) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	s.t.Cleanup(c.CloseIdleConnections)
	return &browser{s.t, s.url, c}
}

func (b *browser) do(method, path string, body any, headers ...string) *answer {
	b.t.Helper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, b.url+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return &answer{b.t, method + " " + path, resp.StatusCode, resp.Header, out}
}

func (b *browser) signIn(email, password string) *answer {
	b.t.Helper()
	return b.do("POST", "/v1/session", map[string]any{"email": email, "password": password})
}

// token gives the session cookie's value.
func (b *browser) token() string {
	req, _ := http.NewRequest(http.MethodGet, b.url, nil)
	for _, c := range b.http.Jar.Cookies(req.URL) {
		if c.Name == "tandem_session" {
			return c.Value
		}
	}
	return ""
}

// user makes a user straight in the store, and gives a browser that they are
// signed in with.
func (s *server) user(email string, role tandem.UserRole) (tandem.User, *browser) {
	s.t.Helper()
	door := account.New(s.store, nil)
	u, err := door.Create(context.Background(), "test", account.Profile{Email: email, Role: role}, goodPassword)
	if err != nil {
		s.t.Fatal(err)
	}
	b := s.browser()
	b.signIn(email, goodPassword).want(200, nil)
	return u, b
}

func (s *server) code() string {
	s.t.Helper()
	code, err := account.New(s.store, nil).SetupCode(context.Background(), "test")
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func TestTheFirstAdministratorNeedsTheCode(t *testing.T) {
	s := start(t)
	b := s.browser()
	var setup api.Setup
	if b.do("GET", "/v1/setup", nil).want(200, &setup); !setup.Needed || setup.OpenID {
		t.Fatalf("%+v", setup)
	}
	code := s.code()
	ask := func(code, password string) map[string]any {
		return map[string]any{"code": code, "email": "Ann@Example.com", "password": password}
	}
	b.do("POST", "/v1/setup", ask("", goodPassword)).refused(401, "body.code")
	b.do("POST", "/v1/setup", ask("AAAAA-BBBBB-CCCCC-DDDDD", goodPassword)).refused(401, "body.code")
	s.do(s.write, "POST", "/v1/setup", ask(code, goodPassword)).refused(403)
	b.do("POST", "/v1/setup", ask(code, "short")).refused(422, "body.password")
	b.do("GET", "/v1/session", nil).refused(401)
	var who api.Whoami
	b.do("POST", "/v1/setup", ask(strings.ToLower(code), goodPassword)).want(201, &who)
	if who.User == nil || who.User.Email != "ann@example.com" || who.User.Role != tandem.Admin || len(who.Scopes) != 4 {
		t.Fatalf("%+v", who)
	}
	b.do("GET", "/v1/keys", nil).want(200, nil)
	if b.do("GET", "/v1/setup", nil).want(200, &setup); setup.Needed {
		t.Error("set-up is still needed")
	}
	s.browser().do("POST", "/v1/setup", ask(code, goodPassword)).refused(409)
	s.do(s.admin, "POST", "/v1/setup", ask("", goodPassword)).refused(409)
	b.do("POST", "/v1/agents", map[string]any{"name": "a"}).want(201, nil)
	var audit struct{ Items []tandem.AuditEntry }
	b.do("GET", "/v1/audit", nil).want(200, &audit)
	if audit.Items[0].Actor != "ann@example.com" || audit.Items[0].Action != "agent.create" {
		t.Errorf("audit %+v", audit.Items[0])
	}
}

func TestAnAdminKeyMayMakeTheFirstAdministrator(t *testing.T) {
	s := start(t)
	s.do(s.admin, "POST", "/v1/setup", map[string]any{"email": "a@example.com", "password": goodPassword}).want(201, nil)
	s.browser().signIn("a@example.com", goodPassword).want(200, nil)
}

func TestASessionIsACookieThatOnlyTheServerReads(t *testing.T) {
	s := start(t, func(d *api.Deps) { d.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	s.user("a@example.com", tandem.Viewer)
	in := map[string]any{"email": "a@example.com", "password": goodPassword}
	for name, c := range map[string]struct {
		headers []string
		want    string
	}{
		"in the clear":            {nil, "tandem_session=; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"},
		"by TLS, says the proxy":  {[]string{"X-Forwarded-Proto", "https"}, "__Host-tandem_session=; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax"},
		"by TLS, says the client": {[]string{"X-Forwarded-Proto", "https, http"}, "tandem_session=; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"},
	} {
		set := s.browser().do("POST", "/v1/session", in, c.headers...).want(200, nil).header.Values("Set-Cookie")
		if len(set) != 1 {
			t.Fatalf("%s: %q", name, set)
		}
		head, attributes, _ := strings.Cut(set[0], "; ")
		cookie, token, _ := strings.Cut(head, "=")
		if got := cookie + "=; " + attributes; got != c.want || len(token) != 43 {
			t.Errorf("%s: %s, want %s", name, set[0], c.want)
		}
		// Over TLS nothing that was planted in the clear counts.
		over := s.do("", "GET", "/v1/session", nil, "Cookie", "tandem_session="+token, "X-Forwarded-Proto", "https")
		if over.status != 401 {
			t.Errorf("%s: %d", name, over.status)
		}
		s.do("", "GET", "/v1/session", nil, append([]string{"Cookie", head}, c.headers...)...).want(200, nil)
	}
	if raw := s.log.String(); strings.Contains(raw, goodPassword) {
		t.Error("the log holds a password")
	}
}

func TestOnlyBelievedProxiesSayWhereARequestIsFrom(t *testing.T) {
	s := start(t)
	s.user("a@example.com", tandem.Viewer)
	set := s.browser().do("POST", "/v1/session", map[string]any{"email": "a@example.com", "password": goodPassword}, "X-Forwarded-Proto", "https").want(200, nil)
	if c := set.header.Get("Set-Cookie"); strings.Contains(c, "Secure") {
		t.Errorf("an unknown proxy is believed: %s", c)
	}
}

func TestNothingPlantedInTheBrowserSurvivesSigningIn(t *testing.T) {
	s := start(t)
	_, attacker := s.user("eve@example.com", tandem.Viewer)
	_, victim := s.user("ann@example.com", tandem.Viewer)
	planted := attacker.token()
	at, _ := http.NewRequest(http.MethodGet, s.url, nil)
	victim.http.Jar.SetCookies(at.URL, []*http.Cookie{{Name: "tandem_session", Value: planted, Path: "/"}})
	victim.signIn("ann@example.com", goodPassword).want(200, nil)
	if victim.token() == planted {
		t.Error("the planted token was kept")
	}
	s.do("", "GET", "/v1/session", nil, "Cookie", "tandem_session="+planted).refused(401)
	first := victim.token()
	victim.signIn("ann@example.com", goodPassword).want(200, nil)
	s.do("", "GET", "/v1/session", nil, "Cookie", "tandem_session="+first).refused(401)
}

func TestPagesOfOtherSitesCannotUseASession(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Admin)
	body := map[string]any{"name": "x"}
	b.do("POST", "/v1/agents", body, "Sec-Fetch-Site", "cross-site").refused(403)
	b.do("POST", "/v1/agents", body, "Sec-Fetch-Site", "same-site").refused(403)
	b.do("POST", "/v1/agents", body, "Sec-Fetch-Site", "", "Origin", "https://evil.example").refused(403)
	b.do("DELETE", "/v1/session", nil, "Sec-Fetch-Site", "cross-site").refused(403)
	b.do("POST", "/v1/session", map[string]any{"email": "eve@example.com", "password": goodPassword}, "Sec-Fetch-Site", "cross-site").refused(403)
	b.do("POST", "/v1/agents", body, "Sec-Fetch-Site", "", "Origin", s.url).want(201, nil)
}

func TestASessionGoesOnAfterARestartAndOnAnotherNode(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Operator)
	other, err := store.Open(context.Background(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{at: time.Now().UTC()}
	node := httptest.NewServer(api.New(api.Deps{Store: other, Now: c.now}))
	t.Cleanup(func() { node.Close(); _ = other.Close() })
	ask := func() int {
		req, _ := http.NewRequest(http.MethodGet, node.URL+"/v1/session", nil)
		req.Header.Set("Cookie", "tandem_session="+b.token())
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if got := ask(); got != 200 {
		t.Fatalf("another node says %d", got)
	}
	s.do(s.admin, "PATCH", "/v1/users/a@example.com", map[string]any{"disabled": true}).want(200, nil)
	b.do("GET", "/v1/session", nil).refused(401) // here at once
	c.move(5 * time.Second)
	if got := ask(); got != 401 {
		t.Errorf("another node still says %d after five seconds", got)
	}
}

func TestSessionsEndWithoutUseAndAfterAWeek(t *testing.T) {
	c := &clock{at: time.Now().UTC().Truncate(time.Microsecond)}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	_, b := s.user("a@example.com", tandem.Viewer)
	c.move(tandem.SessionIdle - time.Minute)
	b.do("GET", "/v1/agents", nil).want(200, nil)
	c.move(tandem.SessionIdle - time.Minute)
	b.do("GET", "/v1/agents", nil).want(200, nil)
	c.move(tandem.SessionIdle)
	b.do("GET", "/v1/agents", nil).refused(401)
	b.signIn("a@example.com", goodPassword).want(200, nil)
	for range 13 {
		c.move(tandem.SessionIdle - time.Minute)
		b.do("GET", "/v1/agents", nil).want(200, nil)
	}
	c.move(tandem.SessionIdle)
	b.do("GET", "/v1/agents", nil).refused(401)
}

func TestAnOpenPageKeepsNoSessionAlive(t *testing.T) {
	c := &clock{at: time.Now().UTC().Truncate(time.Microsecond)}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	_, b := s.user("a@example.com", tandem.Viewer)
	c.move(tandem.SessionIdle - time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/v1/events", nil)
	resp, err := b.http.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	cancel()
	_ = resp.Body.Close()
	c.move(2 * time.Minute)
	b.do("GET", "/v1/agents", nil).refused(401)
}

func TestGuessingAPasswordIsHeldBack(t *testing.T) {
	c := &clock{at: time.Now().UTC()}
	s := start(t, func(d *api.Deps) {
		d.Now = c.now
		d.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	s.user("ann@example.com", tandem.Viewer)
	s.user("bob@example.com", tandem.Viewer)
	guess := func(email, from string) *answer {
		return s.browser().do("POST", "/v1/session", map[string]any{"email": email, "password": "wrong wrong wrong"}, "X-Forwarded-For", from)
	}
	// One account, from many addresses at once.
	var running sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range 30 {
		running.Go(func() {
			a := guess("ann@example.com", "198.51.100."+string(rune('0'+i%10))+string(rune('0'+i/10)))
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	running.Wait()
	if statuses[401] != 10 || statuses[429] != 20 {
		t.Errorf("guesses at one account: %v", statuses)
	}
	in := map[string]any{"email": "ann@example.com", "password": goodPassword}
	if a := s.browser().do("POST", "/v1/session", in); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("the account is not held back: %d", a.status)
	}
	s.browser().signIn("bob@example.com", goodPassword).want(200, nil)
	c.move(2 * time.Minute)
	s.browser().signIn("ann@example.com", goodPassword).want(200, nil)
	// Many accounts, from one address.
	statuses = map[int]int{}
	for i := range 30 {
		statuses[guess("nobody"+string(rune('a'+i))+"@example.com", "203.0.113.9").status]++
	}
	if statuses[401] != 20 || statuses[429] != 10 {
		t.Errorf("guesses from one address: %v", statuses)
	}
	s.browser().do("POST", "/v1/session", in, "X-Forwarded-For", "203.0.113.10").want(200, nil)
	// What the client itself puts in front is not believed.
	s.browser().do("POST", "/v1/session", in, "X-Forwarded-For", "203.0.113.11, 203.0.113.9").refused(429)
}

func TestNobodyLearnsWhichAddressesHaveAUser(t *testing.T) {
	s := start(t)
	u, _ := s.user("ann@example.com", tandem.Viewer)
	s.do(s.admin, "POST", "/v1/users", map[string]any{"email": "invited@example.com", "role": "viewer"}).want(201, nil)
	s.do(s.admin, "PATCH", "/v1/users/"+string(u.ID), map[string]any{"disabled": true}).want(200, nil)
	var bodies []string
	for _, c := range [][2]string{
		{"ann@example.com", goodPassword},
		{"ann@example.com", "wrong wrong wrong"},
		{"nobody@example.com", goodPassword},
		{"invited@example.com", ""},
		{"not an address", "x"},
		{"", ""},
	} {
		bodies = append(bodies, string(s.browser().signIn(c[0], c[1]).want(401, nil).body))
	}
	for _, b := range bodies {
		if b != bodies[0] {
			t.Errorf("%s differs from %s", b, bodies[0])
		}
	}
}

func TestAUserIsInvitedChangedResetAndDeleted(t *testing.T) {
	s := start(t)
	_, admin := s.user("admin@example.com", tandem.Admin)
	var made api.NewUser
	admin.do("POST", "/v1/users", map[string]any{"email": "Bo@Example.com", "role": "viewer"}).want(201, &made)
	if made.Email != "bo@example.com" || made.HasWayIn || made.Invitation == nil {
		t.Fatalf("%+v", made)
	}
	admin.do("POST", "/v1/users", map[string]any{"email": "bo@example.com", "role": "viewer"}).refused(409, "body.email")
	admin.do("POST", "/v1/users", map[string]any{"email": "x", "role": "viewer"}).refused(422, "body.email")
	admin.do("POST", "/v1/users", map[string]any{"email": "c@example.com", "role": "owner"}).refused(422, "body.role")
	admin.do("POST", "/v1/users", map[string]any{"email": "c@example.com", "role": "viewer", "password": "Password123!"}).refused(422, "body.password")
	bo := s.browser()
	at := "/v1/invitations/" + made.Invitation.Token
	var invited api.Invited
	if bo.do("GET", at, nil).want(200, &invited); invited.Email != "bo@example.com" {
		t.Errorf("%+v", invited)
	}
	bo.do("POST", at, map[string]any{"password": "short"}).refused(422, "body.password")
	bo.do("POST", at, map[string]any{"password": goodPassword, "name": "Bo Öst"}).want(200, nil)
	bo.do("GET", "/v1/agents", nil).want(200, nil)
	s.browser().do("POST", at, map[string]any{"password": goodPassword}).refused(401)
	s.browser().do("GET", at, nil).refused(401)

	bo.do("POST", "/v1/agents", map[string]any{"name": "a"}).refused(403)
	admin.do("PATCH", "/v1/users/bo@example.com", map[string]any{"role": "operator"}).want(200, nil)
	bo.do("GET", "/v1/agents", nil).refused(401) // the role changed: sign in again
	bo.signIn("bo@example.com", goodPassword).want(200, nil)
	bo.do("POST", "/v1/agents", map[string]any{"name": "a"}).want(201, nil)
	admin.do("PATCH", "/v1/users/bo@example.com", map[string]any{"name": "Bo"}).want(200, nil)
	bo.do("GET", "/v1/agents", nil).want(200, nil)
	admin.do("PATCH", "/v1/users/bo@example.com", map[string]any{"name": ""}).refused(422, "body.name")

	var reset api.NewUser
	admin.do("POST", "/v1/users/"+string(made.ID)+"/reset", nil).want(200, &reset)
	bo.do("GET", "/v1/agents", nil).refused(401)
	bo.signIn("bo@example.com", goodPassword).refused(401)
	var again api.NewUser
	admin.do("POST", "/v1/users/bo@example.com/reset", nil).want(200, &again)
	bo.do("POST", "/v1/invitations/"+reset.Invitation.Token, map[string]any{"password": goodPassword}).refused(401)
	bo.do("POST", "/v1/invitations/"+again.Invitation.Token, map[string]any{"password": goodPassword + " 2"}).want(200, nil)
	admin.do("PATCH", "/v1/users/bo@example.com", map[string]any{"disabled": true}).want(200, nil)
	bo.do("GET", "/v1/agents", nil).refused(401)
	bo.signIn("bo@example.com", goodPassword+" 2").refused(401)
	admin.do("DELETE", "/v1/users/bo@example.com", nil).want(204, nil)
	admin.do("GET", "/v1/users/bo@example.com", nil).refused(404)
	admin.do("GET", "/v1/users/"+string(made.ID), nil).refused(404)
	var all struct{ Items []tandem.User }
	list := admin.do("GET", "/v1/users", nil).want(200, &all)
	if len(all.Items) != 1 || strings.Contains(string(list.body), "argon2") {
		t.Errorf("users %s", list.body)
	}
	if log := admin.do("GET", "/v1/audit", nil).want(200, nil); strings.Contains(string(log.body), "argon2") || strings.Contains(string(log.body), again.Invitation.Token) {
		t.Errorf("audit %s", log.body)
	}
}

func TestTheLastAdministratorCannotBeRemovedDisabledOrDemoted(t *testing.T) {
	s := start(t)
	u, b := s.user("a@example.com", tandem.Admin)
	at := "/v1/users/" + string(u.ID)
	s.do(s.admin, "POST", "/v1/users", map[string]any{"email": "never-came@example.com", "role": "admin"}).want(201, nil)
	b.do("DELETE", at, nil).refused(409)
	b.do("PATCH", at, map[string]any{"disabled": true}).refused(409)
	b.do("PATCH", at, map[string]any{"role": "operator"}).refused(409)
	b.do("GET", "/v1/users", nil).want(200, nil)
	s.user("b@example.com", tandem.Admin)
	b.do("PATCH", at, map[string]any{"role": "operator"}).want(200, nil)
}

func TestOnesNameIsOnesOwnToChange(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Viewer)
	var got struct {
		User tandem.User `json:"user"`
	}
	b.do("PATCH", "/v1/session", map[string]any{"name": "Ann Lee"}).want(200, &got)
	if got.User.Name != "Ann Lee" || got.User.Role != tandem.Viewer {
		t.Errorf("told %+v", got.User)
	}
	b.do("GET", "/v1/session", nil).want(200, &got)
	if got.User.Name != "Ann Lee" {
		t.Errorf("the session goes on as %+v", got.User)
	}
	b.do("PATCH", "/v1/session", map[string]any{"name": " "}).refused(422, "body.name")
	b.do("PATCH", "/v1/session", map[string]any{"name": "Ann", "role": "admin"}).refused(422, "body.role")
	s.do(s.admin, "PATCH", "/v1/session", map[string]any{"name": "Ann"}).refused(403)
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Viewer)
	elsewhere := s.browser()
	elsewhere.signIn("a@example.com", goodPassword).want(200, nil)
	const next = "another good password"
	b.do("POST", "/v1/session/password", map[string]any{"old": "wrong wrong wrong", "new": next}).refused(422, "body.old")
	b.do("POST", "/v1/session/password", map[string]any{"old": goodPassword, "new": "1234567890"}).refused(422, "body.new")
	before := b.token()
	b.do("POST", "/v1/session/password", map[string]any{"old": goodPassword, "new": next}).want(200, nil)
	if b.token() == before {
		t.Error("the session was not renewed")
	}
	b.do("GET", "/v1/agents", nil).want(200, nil)
	elsewhere.do("GET", "/v1/agents", nil).refused(401)
	elsewhere.signIn("a@example.com", goodPassword).refused(401)
	elsewhere.signIn("a@example.com", next).want(200, nil)
	s.do(s.admin, "POST", "/v1/session/password", map[string]any{"old": goodPassword, "new": next}).refused(403)
}

func TestOnesOwnSessionsAreListedAndEnded(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Viewer)
	_, stranger := s.user("b@example.com", tandem.Admin)
	elsewhere := s.browser()
	elsewhere.do("POST", "/v1/session", map[string]any{"email": "a@example.com", "password": goodPassword}, "User-Agent", "the telephone").want(200, nil)
	var list struct{ Items []api.OwnSession }
	b.do("GET", "/v1/sessions", nil).want(200, &list)
	if len(list.Items) != 2 || list.Items[0].Current || !list.Items[1].Current || list.Items[0].Browser != "the telephone" {
		t.Fatalf("%+v", list.Items)
	}
	at := "/v1/sessions/" + string(list.Items[0].ID)
	stranger.do("DELETE", at, nil).refused(404)
	elsewhere.do("GET", "/v1/agents", nil).want(200, nil)
	b.do("DELETE", at, nil).want(204, nil)
	elsewhere.do("GET", "/v1/agents", nil).refused(401)
	token := b.token()
	if out := b.do("DELETE", "/v1/session", nil).want(204, nil); !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("signing out sets %q", out.header.Get("Set-Cookie"))
	}
	if b.token() != "" {
		t.Error("the browser still has the cookie")
	}
	s.do("", "GET", "/v1/session", nil, "Cookie", "tandem_session="+token).refused(401)
	b.do("DELETE", "/v1/session", nil).want(204, nil)
}

func TestALinkSignsInOnce(t *testing.T) {
	s := start(t)
	s.user("a@example.com", tandem.Viewer)
	token, _, err := account.New(s.store, nil).Link(context.Background(), "test", "a@example.com")
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.do("POST", "/v1/session", map[string]any{"link": token, "email": "a@example.com"}).refused(422, "body.link")
	b.do("POST", "/v1/session", map[string]any{"link": token}).want(200, nil)
	b.do("GET", "/v1/agents", nil).want(200, nil)
	s.browser().do("POST", "/v1/session", map[string]any{"link": token}).refused(401, "body.link")
}

func TestAKeyIsBelievedBeforeACookie(t *testing.T) {
	s := start(t)
	_, b := s.user("a@example.com", tandem.Viewer)
	var who api.Whoami
	b.do("GET", "/v1/session", nil, "Authorization", "Bearer "+s.write).want(200, &who)
	if who.Key == nil || who.Key.Name != "writer" || who.User != nil {
		t.Errorf("%+v", who)
	}
	b.do("GET", "/v1/session", nil, "Authorization", "Bearer tdm_wrong").refused(401)
}
