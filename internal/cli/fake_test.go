package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
)

// fakeAPI is a server that keeps agents, routes, tests and events in memory,
// with the domain's own rules, and answers in the shapes of the API.
type fakeAPI struct {
	mu       sync.Mutex
	agents   map[string]*tandem.Agent
	versions []tandem.Version
	routes   []tandem.Route
	tests    []tandem.Test
	keys     []tandem.Key
	hooks    []tandem.Webhook
	notices  []tandem.Notice
	plans    []string // the bodies of plan requests
	calls    map[tandem.ID]*tandem.Call
	seen     []string // "METHOD /path?query"
	results  string   // what every results request is answered with
	sample   string
	plan     string
	judge    fakeJudge
	topics   []string // what topics requests are answered with, the last one again and again
	asked    []string // the bodies of requests for topics
	away     int      // requests still to be answered 503
}

func newFake(t *testing.T) (*fakeAPI, *httptest.Server) {
	t.Helper()
	f := &fakeAPI{agents: map[string]*tandem.Agent{}, calls: map[tandem.ID]*tandem.Call{}, results: "{}", sample: "{}", plan: "{}"}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	return f, srv
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, r.Method+" "+r.URL.RequestURI())
	mux := http.NewServeMux()
	handle := func(pattern string, h func(r *http.Request, body []byte) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			out, err := h(r, body)
			if f.away > 0 {
				f.away--
				err = tandem.Errorf(tandem.Unavailable, "", "the database is away")
			}
			if r.Header.Get("Authorization") != "Bearer good" {
				err = tandem.Errorf(tandem.Unauthenticated, "", "no API key was given")
			}
			answer(w, out, err)
		})
	}
	f.agentRoutes(handle)
	f.routeRoutes(handle)
	f.testRoutes(handle)
	f.callRoutes(handle)
	f.verdictRoutes(handle)
	f.webhookRoutes(handle)
	f.goalRoutes(handle)
	f.topicsRoutes(handle)
	f.qualityRoutes(handle)
	mux.ServeHTTP(w, r)
}

func answer(w http.ResponseWriter, out any, err error) {
	if err == nil {
		if raw, ok := out.(string); ok {
			_, _ = io.WriteString(w, raw)
			return
		}
		_ = json.NewEncoder(w).Encode(out)
		return
	}
	status := map[tandem.Code]int{
		tandem.Invalid: 422, tandem.NotFound: 404, tandem.Conflict: 409, tandem.Stale: 412,
		tandem.Unauthenticated: 401, tandem.Forbidden: 403, tandem.Unavailable: 503,
	}[tandem.CodeOf(err)]
	p := map[string]any{"title": http.StatusText(status), "status": status, "code": tandem.CodeOf(err), "detail": err.Error()}
	var parts []map[string]string
	for _, e := range leaves(err) {
		if te, ok := errors.AsType[*tandem.Error](e); ok && te.Field != "" {
			parts = append(parts, map[string]string{"location": "body." + te.Field, "message": te.Message})
		}
	}
	p["errors"] = parts
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p)
}

type handler func(pattern string, h func(r *http.Request, body []byte) (any, error))

func page[T any](items []T) any { return map[string]any{"items": items} }

func (f *fakeAPI) agent(name string) (*tandem.Agent, error) {
	if a := f.agents[name]; a != nil {
		return a, nil
	}
	return nil, tandem.Errorf(tandem.NotFound, "", "no agent is called %s", name)
}

func (f *fakeAPI) version(idOrRef string) (tandem.Version, error) {
	for _, v := range f.versions {
		if string(v.ID) == idOrRef || v.Ref() == idOrRef {
			return v, nil
		}
	}
	return tandem.Version{}, tandem.Errorf(tandem.NotFound, "", "no version %s", idOrRef)
}

func (f *fakeAPI) agentRoutes(handle handler) {
	handle("GET /v1/agents", func(*http.Request, []byte) (any, error) {
		list := []tandem.Agent{}
		for _, a := range f.agents {
			list = append(list, *a)
		}
		return page(list), nil
	})
	handle("POST /v1/agents", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			Name  string
			Draft tandem.Content
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		if f.agents[in.Name] != nil {
			return nil, tandem.Errorf(tandem.Conflict, "name", "is taken")
		}
		f.agents[in.Name] = &tandem.Agent{ID: tandem.NewID(time.Now()), Name: in.Name, Draft: in.Draft, Revision: 1}
		return f.agents[in.Name], nil
	})
	handle("GET /v1/agents/{agent}", func(r *http.Request, _ []byte) (any, error) { return f.agent(r.PathValue("agent")) })
	handle("PUT /v1/agents/{agent}/draft", func(r *http.Request, body []byte) (any, error) {
		a, err := f.agent(r.PathValue("agent"))
		if err != nil {
			return nil, err
		}
		if m := r.Header.Get("If-Match"); m != "" && m != strconv.Quote(fmt.Sprint(a.Revision)) {
			return nil, tandem.Errorf(tandem.Stale, "", "the agent is at revision %d", a.Revision)
		}
		a.Draft = tandem.Content{}
		a.Revision++
		return a, json.Unmarshal(body, &a.Draft)
	})
	handle("POST /v1/agents/{agent}/test-call", func(r *http.Request, body []byte) (any, error) {
		var in struct {
			Version int
			Number  string
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		out := tandem.TestCall{URI: "sip:" + r.PathValue("agent") + "@127.0.0.1", Outcome: tandem.TestAnswered, Text: "The agent answered.", Steps: []tandem.TestCallStep{{Seconds: 0.02, Text: "180 Ringing", Status: 180}}}
		if in.Version == 9 {
			out.Outcome, out.Status, out.Reason, out.Text = tandem.TestRefused, 404, "Not Found", "The agent refused the call."
		}
		return out, nil
	})
	handle("POST /v1/agents/{agent}/publish", func(r *http.Request, body []byte) (any, error) {
		a, err := f.agent(r.PathValue("agent"))
		if err != nil {
			return nil, err
		}
		var in struct{ Note string }
		_ = json.Unmarshal(body, &in)
		v, err := a.Publish("tester", in.Note, time.Now())
		if err == nil {
			f.versions = append(f.versions, v)
		}
		return v, err
	})
	handle("GET /v1/agents/{agent}/versions", func(r *http.Request, _ []byte) (any, error) {
		if _, err := f.agent(r.PathValue("agent")); err != nil {
			return nil, err
		}
		list := []tandem.Version{}
		for _, v := range f.versions {
			if v.AgentName == r.PathValue("agent") {
				list = append([]tandem.Version{v}, list...)
			}
		}
		return page(list), nil
	})
	handle("GET /v1/agents/{agent}/diff", func(r *http.Request, _ []byte) (any, error) {
		name := r.PathValue("agent")
		a, err := f.version(name + "@" + r.FormValue("from"))
		if err != nil {
			return nil, err
		}
		b, err := f.version(name + "@" + r.FormValue("to"))
		return map[string]any{"from": a.Ref(), "to": b.Ref(), "differences": tandem.Diff(a.Content, b.Content)}, err
	})
	handle("GET /v1/versions/{version}", func(r *http.Request, _ []byte) (any, error) { return f.version(r.PathValue("version")) })
}

func (f *fakeAPI) route(which string) (*tandem.Route, error) {
	for i, r := range f.routes {
		if string(r.ID) == which || r.Number == which || r.Name == which {
			return &f.routes[i], nil
		}
	}
	return nil, tandem.Errorf(tandem.NotFound, "", "no route is called %s", which)
}

func (f *fakeAPI) routeRoutes(handle handler) {
	handle("GET /v1/routes", func(*http.Request, []byte) (any, error) { return page(f.routes), nil })
	handle("GET /v1/routes/{route}", func(r *http.Request, _ []byte) (any, error) { return f.route(r.PathValue("route")) })
	handle("POST /v1/routes", func(_ *http.Request, body []byte) (any, error) {
		in := struct {
			tandem.Route
			LiveVersion string `json:"live_version"`
		}{Route: tandem.Route{Kind: tandem.Inbound, SIPMode: tandem.Proxy, MaxCallSeconds: tandem.DefaultMaxCallSeconds}}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		v, err := f.version(in.LiveVersion)
		if err != nil {
			return nil, tandem.Errorf(tandem.Invalid, "live_version", "is unknown")
		}
		in.ID, in.LiveVersionID = tandem.NewID(time.Now()), v.ID
		in.Name = first(in.Name, strings.TrimPrefix(in.Number, "+"))
		if err := in.Validate(); err != nil {
			return nil, err
		}
		f.routes = append(f.routes, in.Route)
		return in.Route, nil
	})
	handle("PATCH /v1/routes/{route}", func(r *http.Request, body []byte) (any, error) {
		route, err := f.route(r.PathValue("route"))
		if err != nil {
			return nil, err
		}
		return route, json.Unmarshal(body, route)
	})
	handle("GET /v1/routes/{route}/results", func(*http.Request, []byte) (any, error) { return f.results, nil })
}

type armIn struct {
	Version string
	Weight  *float64
}

func (f *fakeAPI) addTest(route *tandem.Route, name, goal string, arms []armIn, status tandem.TestStatus, rules tandem.Rules) (any, error) {
	spec := tandem.TestSpec{Name: name, Goal: goal, Rules: rules}
	total := 0.0
	for i, a := range arms {
		if a.Weight == nil {
			a.Weight = new(100 / float64(len(arms)))
			if len(rules.Ramp) > 0 {
				a.Weight = &rules.Ramp[0].Weights[i]
			}
		}
		id := route.LiveVersionID
		if a.Version != "" {
			v, err := f.version(a.Version)
			if err != nil {
				return nil, err
			}
			id = v.ID
		}
		total += *a.Weight
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: id, Weight: *a.Weight})
	}
	if status == tandem.Recorded { // weights may be counts
		left := 100.0
		for i := range spec.Arms[1:] {
			spec.Arms[i+1].Weight = float64(int(spec.Arms[i+1].Weight / total * 100))
			left -= spec.Arms[i+1].Weight
		}
		spec.Arms[0].Weight = left
	}
	t, err := tandem.NewTest(*route, spec, time.Now())
	if err != nil {
		return nil, err
	}
	t.Status, t.Revision = status, 1
	f.tests = append([]tandem.Test{t}, f.tests...)
	return t, nil
}

func (f *fakeAPI) test(id string) (*tandem.Test, error) {
	for i := range f.tests {
		if string(f.tests[i].ID) == id {
			return &f.tests[i], nil
		}
	}
	return nil, tandem.Errorf(tandem.NotFound, "", "no test has that id")
}

func (f *fakeAPI) testRoutes(handle handler) {
	handle("POST /v1/routes/{route}/test", func(r *http.Request, body []byte) (any, error) {
		var in struct {
			Name, Goal string
			Arms       []armIn
			tandem.Rules
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		route, err := f.route(r.PathValue("route"))
		if err != nil {
			return nil, err
		}
		return f.addTest(route, in.Name, in.Goal, in.Arms, tandem.Running, in.Rules)
	})
	handle("POST /v1/tests/recorded", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			Route, Name, Goal string
			Arms              []armIn
			Intended          bool
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		route, err := f.route(in.Route)
		if err != nil {
			return nil, err
		}
		t, err := f.addTest(route, in.Name, in.Goal, in.Arms, tandem.Recorded, tandem.Rules{})
		if err == nil {
			f.tests[0].Intended = in.Intended
			t = f.tests[0]
		}
		return t, err
	})
	handle("GET /v1/tests", func(r *http.Request, _ []byte) (any, error) {
		list := []tandem.Test{}
		want := tandem.ID("")
		if which := r.FormValue("route"); which != "" {
			route, err := f.route(which)
			if err != nil {
				return nil, tandem.Errorf(tandem.Invalid, "route", "is unknown")
			}
			want = route.ID
		}
		for _, t := range f.tests {
			if want == "" || t.RouteID == want {
				list = append(list, t)
			}
		}
		return page(list), nil
	})
	handle("GET /v1/tests/{test}", func(r *http.Request, _ []byte) (any, error) { return f.test(r.PathValue("test")) })
	handle("PUT /v1/tests/{test}/split", func(r *http.Request, body []byte) (any, error) {
		t, err := f.test(r.PathValue("test"))
		if err != nil {
			return nil, err
		}
		var in struct{ Weights []float64 }
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		return t, t.Reweight(in.Weights, time.Now())
	})
	handle("POST /v1/tests/{test}/end", func(r *http.Request, body []byte) (any, error) {
		t, err := f.test(r.PathValue("test"))
		if err != nil {
			return nil, err
		}
		var in struct{ Winner, Note string }
		_ = json.Unmarshal(body, &in)
		route, err := f.route(string(t.RouteID))
		if err != nil {
			return nil, err
		}
		return t, t.End(route, in.Winner, in.Note, time.Now())
	})
	handle("GET /v1/tests/{test}/results", func(r *http.Request, _ []byte) (any, error) {
		if _, err := f.test(r.PathValue("test")); err != nil {
			return nil, err
		}
		return f.results, nil
	})
	handle("GET /v1/tests/{test}/sample", func(*http.Request, []byte) (any, error) { return f.sample, nil })
}

func (f *fakeAPI) take(e tandem.Event) error {
	if err := e.Validate(); err != nil {
		return err
	}
	if f.calls[e.CallID] == nil {
		f.calls[e.CallID] = &tandem.Call{ID: e.CallID}
	}
	f.calls[e.CallID].Apply(e)
	return nil
}

func (f *fakeAPI) callRoutes(handle handler) {
	handle("POST /v1/calls/{call}/events", func(_ *http.Request, body []byte) (any, error) {
		var events []tandem.Event
		if err := json.Unmarshal(body, &events); err != nil {
			return nil, err
		}
		for _, e := range events {
			if err := f.take(e); err != nil {
				return nil, err
			}
		}
		return map[string]int{"accepted": len(events)}, nil
	})
	handle("POST /v1/events", func(_ *http.Request, body []byte) (any, error) {
		n := 0
		for lines := bufio.NewReader(bytes.NewReader(body)); ; n++ {
			line, err := lines.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(line) == 0 {
				return map[string]int{"accepted": n}, nil
			}
			if err != nil {
				return nil, err
			}
			var e tandem.Event
			if err := json.Unmarshal(line, &e); err != nil {
				return nil, err
			}
			if err := f.take(e); err != nil {
				return nil, err
			}
		}
	})
	handle("GET /v1/calls", func(*http.Request, []byte) (any, error) {
		list := []tandem.Call{}
		for _, c := range f.calls {
			list = append(list, *c)
		}
		return page(list), nil
	})
	handle("GET /v1/calls/{call}/transcript", func(*http.Request, []byte) (any, error) {
		return tandem.Transcript{Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello there."}}}, nil
	})
	handle("GET /v1/keys", func(*http.Request, []byte) (any, error) { return page(f.keys), nil })
	handle("POST /v1/keys", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			Name   string
			Scopes []tandem.Scope
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		k, secret, err := tandem.NewKey(in.Name, in.Scopes, time.Now())
		f.keys = append(f.keys, k)
		return struct {
			tandem.Key
			Secret string `json:"secret"`
		}{k, secret}, err
	})
	handle("DELETE /v1/keys/{key}", func(*http.Request, []byte) (any, error) { return "", nil })
}

// run runs one command against the fake and gives its outputs.
func run(t *testing.T, srv *httptest.Server, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runEnv(t, srv, Env{Args: args})
}

func runEnv(t *testing.T, srv *httptest.Server, env Env) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env.Stdout, env.Stderr = &out, &errs
	vars := map[string]string{"TANDEM_URL": srv.URL, "TANDEM_KEY": "good", "COLUMNS": "160"}
	if env.Getenv == nil {
		env.Getenv = func(name string) string { return vars[name] }
	}
	code = Main(context.Background(), env)
	return code, out.String(), errs.String()
}
