package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/analyze"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/api"
	"tandem/internal/assign"
	"tandem/internal/ingest"
	"tandem/internal/live"
	"tandem/internal/privacy"
	"tandem/internal/results"
	"tandem/internal/sample"
	"tandem/internal/secrets"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
	"tandem/internal/topics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is the API on a real store in a file of its own.
type server struct {
	t        testing.TB
	url      string
	store    *store.Store
	database string
	hub      *live.Hub
	log      *bytes.Buffer
	ingester *ingest.Ingester
	runner   *analyze.Runner
	// Keys by scope.
	admin, read, write, ingest string
}

// personal looks after personal data; nothing is taken out.
type personal struct {
	*privacy.Keeper
	*privacy.Worker
}

func start(t testing.TB, with ...func(*api.Deps)) *server {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	database := "sqlite:" + filepath.Join(dir, "tandem.db")
	st := storetest.Open(t, database)
	s := &server{t: t, store: st, database: database, hub: live.New(), log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	assigner := assign.New(st, log)
	if err := assigner.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	ingester := ingest.New(st, results.NewCounter(st), dialogue.Measure, log, func(tests []tandem.ID) {
		for _, id := range tests {
			s.hub.Publish(live.Change{Kind: live.Results, ID: id})
		}
	})
	s.ingester = ingester
	box := secrets.New(filepath.Join(t.TempDir(), "secrets.key"))
	s.runner = analyze.New(st, ingester, box, nil, log)
	d := api.Deps{
		Analysis: s.runner, Box: box,
		Store: st, Assigner: assigner, Ingester: ingester, Results: results.NewReader(st, nil), Sampler: sample.NewSampler(st),
		Hub: s.hub, Region: "US", Release: "1.2.3", Log: log,
	}
	keeper := privacy.NewKeeper(st, privacy.Options{
		Secret: []byte("secret"), Number: func(caller string) string { return caller },
		Redactor: func(tandem.RedactSettings) (privacy.Redactor, error) { return nil, nil },
	}, log)
	d.Privacy = personal{keeper, privacy.NewWorker(keeper, st, results.NewCounter(st), log, nil)}
	d.Topics = topics.NewReader(st, dialogue.Trouble, nil)
	d.Seal, d.Desk = sample.NewSeal([]byte("a secret of the test's own, 32 b")), desk(st, func() {}, nil)
	for _, change := range with {
		change(&d)
	}
	web := httptest.NewServer(api.New(d))
	s.url = web.URL
	t.Cleanup(func() {
		s.hub.Close()
		web.Close()
		web.Client().CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		ingester.Close()
	})
	s.admin = s.key("admin", tandem.ScopeAdmin)
	s.read = s.key("reader", tandem.ScopeRead)
	s.write = s.key("writer", tandem.ScopeRead, tandem.ScopeWrite)
	s.ingest = s.key("ingester", tandem.ScopeIngest)
	return s
}

func (s *server) key(name string, scopes ...tandem.Scope) string {
	s.t.Helper()
	k, secret, err := tandem.NewKey(name, scopes, time.Now().UTC())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.CreateKey(context.Background(), "test", k); err != nil {
		s.t.Fatal(err)
	}
	return secret
}

// answer is what came back.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// do sends a request. body is text, or anything that encodes to JSON; headers
// are name, value, name, value.
func (s *server) do(key, method, path string, body any, headers ...string) *answer {
	s.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	case []byte:
		in = bytes.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, s.url+path, in)
	if err != nil {
		s.t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return &answer{s.t, method + " " + path, resp.StatusCode, resp.Header, out}
}

// want checks the status and decodes the body into out, which may be nil.
func (a *answer) want(status int, out any) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.status, status, a.body)
	}
	if out != nil {
		if err := json.Unmarshal(a.body, out); err != nil {
			a.t.Fatalf("%s: %v: %s", a.what, err, a.body)
		}
	}
	return a
}

// refused checks a problem: its status, and that it names each place.
func (a *answer) refused(status int, places ...string) api.Problem {
	a.t.Helper()
	var p api.Problem
	a.want(status, &p)
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Errorf("%s: problem has type %q", a.what, ct)
	}
	if p.Status != status || p.Title != http.StatusText(status) || p.Detail == "" || p.Code == "" {
		a.t.Errorf("%s: incomplete problem %s", a.what, a.body)
	}
	for _, place := range places {
		found := false
		for _, e := range p.Errors {
			found = found || e.Location == place && e.Message != ""
		}
		if !found {
			a.t.Errorf("%s: problem does not name %s: %s", a.what, place, a.body)
		}
	}
	return p
}

// complete is a draft that can be published.
func complete(prompt string) map[string]any {
	return map[string]any{
		"prompt": prompt,
		"fields": []any{map[string]any{"name": "booked", "type": "boolean"}, map[string]any{"name": "reason", "type": "selector", "choices": []string{"new", "change"}}},
		"target": map[string]any{"kind": "sip", "sip": map[string]any{"uri": "sip:agent@127.0.0.1:5070"}},
	}
}

// agent makes an agent with n published versions.
func (s *server) agent(name string, n int) (a tandem.Agent, versions []tandem.Version) {
	s.t.Helper()
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": name, "draft": complete("0")}).want(201, &a)
	for i := range n {
		if i > 0 {
			s.do(s.write, "PUT", "/v1/agents/"+name+"/draft", complete(string(rune('0'+i)))).want(200, nil)
		}
		var v tandem.Version
		s.do(s.write, "POST", "/v1/agents/"+name+"/publish", map[string]any{"note": "n"}).want(201, &v)
		versions = append(versions, v)
	}
	return a, versions
}

// running makes an agent with two versions, a route and a test on it.
func (s *server) running(number string, weightB float64) (tandem.Route, tandem.Test) {
	s.t.Helper()
	name := "agent" + number[len(number)-4:]
	s.agent(name, 2)
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": number, "live_version": name + "@1"}).want(201, &r)
	var test tandem.Test
	s.do(s.write, "POST", "/v1/routes/"+string(r.ID)+"/test", map[string]any{
		"arms": []any{map[string]any{"version": name + "@2", "weight": weightB}}, "goal": "fields.booked == true",
	}).want(201, &test)
	return r, test
}
