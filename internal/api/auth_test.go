package api_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/api"
)

func TestEverythingIsClosedWithoutAKey(t *testing.T) {
	c := &clock{at: time.Now().UTC()}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	var closed []string
	for _, r := range s.operations() {
		if r.scope != "anybody" {
			closed = append(closed, r.method+" "+r.fill())
		}
	}
	for _, path := range append(closed, "GET /v1/", "GET /v1/nothing", "PUT /v1/agents") {
		method, path, _ := strings.Cut(path, " ")
		for _, key := range []string{"", "tdm_wrong"} {
			a := s.do(key, method, path, nil)
			a.refused(401)
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: WWW-Authenticate %q", a.what, a.header.Get("WWW-Authenticate"))
			}
			c.move(time.Second) // wrong keys are counted against the clock
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/openapi.json", "/openapi.yaml", "/docs", "/docs/style.css"} {
		s.do("", "GET", path, nil).want(200, nil)
	}
}

func TestKeysDoOnlyWhatTheirScopesAllow(t *testing.T) {
	s := start(t)
	keys := map[string]string{"read": s.read, "write": s.key("w", tandem.ScopeWrite), "ingest": s.ingest, "admin": s.admin}
	for _, op := range s.operations() {
		for scope, key := range keys {
			if key == s.read && op.path == "/v1/events" && op.method == "GET" {
				continue // a stream; see TestListening
			}
			if scope == "admin" && op.path == "/v1/events" && op.method == "GET" {
				continue
			}
			if op.scope == "anybody" {
				continue
			}
			a := s.do(key, op.method, op.fill(), nil)
			allowed := scope == op.scope || scope == "admin" && op.scope != "session" || op.scope == "somebody"
			if allowed == (a.status == 403) {
				t.Errorf("%s with scope %s: %d, the operation needs %s", a.what, scope, a.status, op.scope)
			}
		}
	}
}

func TestKeysAreMadeAndRevoked(t *testing.T) {
	s := start(t)
	var made api.NewKey
	s.do(s.admin, "POST", "/v1/keys", map[string]any{"name": "hook", "scopes": []string{"read"}}).want(201, &made)
	if !strings.HasPrefix(made.Secret, "tdm_") {
		t.Fatalf("secret %q", made.Secret)
	}
	s.do(made.Secret, "GET", "/v1/agents", nil).want(200, nil)
	list := s.do(s.admin, "GET", "/v1/keys", nil).want(200, nil)
	if strings.Contains(string(list.body), made.Secret) || !strings.Contains(string(list.body), "hook") {
		t.Errorf("keys listed as %s", list.body)
	}
	s.do(s.admin, "DELETE", "/v1/keys/"+string(made.ID), nil).want(204, nil)
	s.do(made.Secret, "GET", "/v1/agents", nil).refused(401)
	s.do(s.admin, "DELETE", "/v1/keys/"+string(tandem.NewID(time.Now())), nil).refused(404)
	s.do(s.admin, "POST", "/v1/keys", map[string]any{"name": "x", "scopes": []string{"root"}}).refused(422, "body.scopes[0]")
	s.do(s.admin, "POST", "/v1/keys", map[string]any{"name": "x", "scopes": []string{}}).refused(422, "body.scopes")
	var audit struct{ Items []tandem.AuditEntry }
	log := s.do(s.admin, "GET", "/v1/audit?object="+string(made.ID), nil).want(200, &audit)
	if len(audit.Items) != 2 || audit.Items[0].Actor != "admin" || strings.Contains(string(log.body), made.Secret) {
		t.Errorf("audit %s", log.body)
	}
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestARevocationOnAnotherNodeIsInForceWithinFiveSeconds(t *testing.T) {
	c := &clock{at: time.Now().UTC()}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	k, secret, err := tandem.NewKey("other", []tandem.Scope{tandem.ScopeRead}, c.now())
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := s.store.CreateKey(ctx, "test", k); err != nil {
		t.Fatal(err)
	}
	s.do(secret, "GET", "/v1/agents", nil).want(200, nil)
	if err := s.store.RevokeKey(ctx, "another node", k.ID); err != nil {
		t.Fatal(err)
	}
	c.move(5 * time.Second)
	s.do(secret, "GET", "/v1/agents", nil).refused(401)
}

func TestBadKeysAreHeldBackAndGoodOnesAreNot(t *testing.T) {
	c := &clock{at: time.Now().UTC()}
	s := start(t, func(d *api.Deps) { d.Now = c.now })
	s.do(s.read, "GET", "/v1/agents", nil).want(200, nil)
	held := 0
	for range 40 {
		if a := s.do("tdm_guess", "GET", "/v1/agents", nil); a.status == 429 {
			a.refused(429)
			held++
		}
	}
	if held == 0 || held == 40 {
		t.Errorf("%d of 40 bad keys were held back", held)
	}
	s.do(s.read, "GET", "/v1/agents", nil).want(200, nil)
	c.move(time.Minute)
	s.do("tdm_guess", "GET", "/v1/agents", nil).refused(401)
}

func TestKeysCannotBeCheckedWhileTheStoreIsAway(t *testing.T) {
	s := start(t, func(d *api.Deps) { d.Store = awayStore{d.Store} })
	if a := s.do(s.read, "GET", "/v1/agents", nil); a.status != 503 || a.header.Get("Retry-After") == "" || strings.Contains(string(a.body), "10.0.0.1") {
		t.Errorf("%d, Retry-After %q: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
}

type awayStore struct{ api.Store }

func (awayStore) KeyByHash(ctx context.Context, _ [32]byte) (tandem.Key, error) {
	return tandem.Key{}, away{}.Ingest(ctx, nil)
}

func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	s := start(t)
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "x"}, "Sec-Fetch-Site", "cross-site").refused(403)
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "x"}, "Origin", "https://evil.example").refused(403)
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "x"}, "Sec-Fetch-Site", "same-origin").want(201, nil)
}

func TestAnswersCarrySecurityHeaders(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/v1/agents", "/docs", "/healthz", "/v1/nothing"} {
		a := s.do(s.read, "GET", path, nil)
		for name, part := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
			if !strings.Contains(a.header.Get(name), part) {
				t.Errorf("%s: %s is %q", path, name, a.header.Get(name))
			}
		}
	}
	if got := s.do(s.read, "GET", "/v1/agents", nil).header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
}

func TestWhatIsNotThereIsAProblemToo(t *testing.T) {
	s := start(t)
	s.do(s.read, "GET", "/v1/nothing", nil).refused(404)
	s.do(s.read, "GET", "/nothing", nil).refused(404)
	a := s.do(s.read, "DELETE", "/v1/agents", nil)
	a.refused(405)
	if got := strings.Join(a.header.Values("Allow"), ","); got != "GET,POST" {
		t.Errorf("Allow %q", got)
	}
	s.do(s.read, "POST", "/v1/agents/x/draft", nil).refused(405)
}

func TestAPanicIsAnAnswerAndALogLine(t *testing.T) {
	s := start(t, func(d *api.Deps) { d.Store = brokenStore{d.Store} })
	p := s.do(s.read, "GET", "/v1/agents", nil).refused(500)
	if strings.Contains(p.Detail, "lost its way") || !strings.Contains(s.log.String(), "lost its way") {
		t.Errorf("detail %q, log %q", p.Detail, s.log)
	}
	p = s.do(s.read, "GET", "/v1/routes", nil).refused(500)
	if strings.Contains(p.Detail, "disk") || !strings.Contains(s.log.String(), "disk on fire") {
		t.Errorf("detail %q, log %q", p.Detail, s.log)
	}
}

type brokenStore struct{ api.Store }

func (brokenStore) Agents(context.Context, tandem.Page) ([]tandem.Agent, string, error) {
	panic("lost its way")
}

func (brokenStore) Routes(context.Context, tandem.Page) ([]tandem.Route, string, error) {
	return nil, "", errors.New("disk on fire")
}
