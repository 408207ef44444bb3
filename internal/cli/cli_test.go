package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/cli/client"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		http.DefaultClient.CloseIdleConnections()
		os.Exit(code)
	}))
}

const goodDraft = `{"prompt":"You are the front desk.","fields":[{"name":"appointment_booked","type":"boolean"}],
 "target":{"kind":"sip","sip":{"uri":"sip:agent@127.0.0.1:5090"}}}`

// step is a command and what it has to say.
type step struct {
	args string
	code int
	out  []string // in the output, in this order
	errs []string
}

func walk(t *testing.T, steps []step) *fakeAPI {
	t.Helper()
	f, srv := newFake(t)
	for _, st := range steps {
		code, out, errs := run(t, srv, words(st.args)...)
		if code != st.code {
			t.Errorf("%s: exit code %d; expected %d\n%s%s", st.args, code, st.code, out, errs)
		}
		for _, c := range []struct {
			text string
			want []string
		}{{out, st.out}, {errs, st.errs}} {
			rest := c.text
			for _, w := range c.want {
				i := strings.Index(rest, w)
				if i < 0 {
					t.Errorf("%s: no %q (any more) in:\n%s", st.args, w, c.text)
					break
				}
				rest = rest[i+len(w):]
			}
		}
	}
	return f
}

// words splits a command line at blanks, but not within quotes.
func words(line string) []string {
	var out []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func draftFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "draft.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnExperimentFromDraftToWinner(t *testing.T) {
	one := draftFile(t, goodDraft)
	two := draftFile(t, strings.Replace(goodDraft, "front desk", "friendly front desk", 1))
	f := walk(t, []step{
		{args: "agent list", out: []string{"There are no agents"}},
		{args: "agent create front-desk --draft " + one, out: []string{"Created front-desk"}},
		{args: "agent create front-desk", code: 1, errs: []string{"tandem: name: is taken"}},
		{args: "agent publish front-desk -m first", out: []string{"Published front-desk@1"}},
		{args: "agent draft set front-desk " + two, out: []string{"draft of front-desk is changed"}},
		{args: "agent publish front-desk -m friendlier", out: []string{"Published front-desk@2"}},
		{args: "agent versions front-desk", out: []string{"front-desk@2", "friendlier", "front-desk@1", "first"}},
		{args: "agent diff front-desk 1 2", out: []string{"--- front-desk@1", "+++ front-desk@2", "prompt", "- You are the front desk.", "+ You are the friendly front desk."}},
		{args: "route create +14155550100 --live front-desk@1", out: []string{"Created +14155550100"}},
		{args: "route list", out: []string{"14155550100", "front-desk@1", "proxy"}},
		{args: "test start +14155550100", code: 1, errs: []string{"--b: is missing"}},
		{args: "test start +14155550100 --b front-desk@2 --split 90/10 --goal 'fields.appointment_booked == true'", out: []string{"A front-desk@1 90 %", "B front-desk@2 10 %"}},
		{args: "test split +14155550100 50/60", code: 1, errs: []string{"tandem: weights:", "add up to 110"}},
		{args: "test split +14155550100 50/50", out: []string{"From now on: A front-desk@1 50 %, B front-desk@2 50 %"}},
		{args: "test show +14155550100", out: []string{"running", "each call", "fields.appointment_booked == true", "phase 2", "50/50"}},
		{args: "test end +14155550100 --winner C", code: 1, errs: []string{"winner: is"}},
		{args: "test end +14155550100 --winner B -m better", out: []string{"All calls go to B, front-desk@2"}},
		{args: "test end +14155550100", code: 1, errs: []string{"no test is running on +14155550100; the latest is ended"}},
		{args: "test list +14155550100", out: []string{"ended", "B"}},
	})
	v2 := f.versions[1]
	if f.routes[0].LiveVersionID != v2.ID {
		t.Errorf("the route's live version is %s; expected %s", f.routes[0].LiveVersionID, v2.ID)
	}
	if f.tests[0].Goal != "fields.appointment_booked == true" || f.tests[0].EndNote != "better" {
		t.Errorf("the test is %+v", f.tests[0])
	}
}

func TestThreeArmsAreSaidByVersionAndShare(t *testing.T) {
	draft := draftFile(t, goodDraft)
	walk(t, []step{
		{args: "agent create a --draft " + draft},
		{args: "agent publish a"},
		{args: "agent publish a"},
		{args: "agent publish a"},
		{args: "route create +14155550100 --live a@1"},
		{args: "test start +14155550100 --arm a@1=50 --arm a@2=30 --arm a@3=20", out: []string{"A a@1 50 %, B a@2 30 %, C a@3 20 %"}},
		{args: "test start +14155550100 --arm a@1", code: 1, errs: []string{`--arm: is "a@1"`}},
		{args: "test start +14155550100 --arm a@1=50 --b a@2", code: 1, errs: []string{"--arm: does not go with"}},
		{args: "test start +14155550100 --b a@2 --split 50/30/20", code: 1, errs: []string{"--split: has 3 shares"}},
		{args: "test start +14155550100 --b a@2 --split half", code: 1, errs: []string{`split: is "half"`}},
	})
}

func TestRoutesChangeOnlyWhatIsNamed(t *testing.T) {
	draft := draftFile(t, goodDraft)
	f, srv := newFake(t)
	for _, line := range []string{"agent create a --draft " + draft, "agent publish a", "route create +14155550100 --live a@1 --fallback sip:op@pbx.example.com --version-limit 7"} {
		if code, _, errs := run(t, srv, words(line)...); code != 0 {
			t.Fatal(line, errs)
		}
	}
	for line, check := range map[string]func() string{
		"route set +14155550100 --max-call-seconds 90": func() string {
			return fmt.Sprint(f.routes[0].MaxCallSeconds, f.routes[0].VersionLimit) + f.routes[0].FallbackURI
		},
	} {
		if code, _, errs := run(t, srv, words(line)...); code != 0 {
			t.Fatal(line, errs)
		}
		if got := check(); got != "90 7sip:op@pbx.example.com" {
			t.Errorf("%s: got %s", line, got)
		}
	}
	if code, _, _ := run(t, srv, "route", "set", "+14155550100", "--version-limit", "0"); code != 0 || f.routes[0].VersionLimit != 0 {
		t.Errorf("the limit is %d; expected 0", f.routes[0].VersionLimit)
	}
	if code, _, errs := run(t, srv, "route", "set", "+14155550100"); code != 1 || !strings.Contains(errs, "nothing to change") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestDraftsAreReadStrictlyAndFromStandardInput(t *testing.T) {
	f, srv := newFake(t)
	run(t, srv, "agent", "create", "a")
	vars := map[string]string{"TANDEM_URL": srv.URL, "TANDEM_KEY": "good"}
	env := func(in string, args ...string) Env {
		return Env{Args: args, Stdin: strings.NewReader(in), Getenv: func(n string) string { return vars[n] }}
	}
	if code, _, errs := runEnv(t, srv, env(goodDraft, "agent", "draft", "set", "a")); code != 0 {
		t.Error(errs)
	}
	if f.agents["a"].Draft.Prompt != "You are the front desk." {
		t.Errorf("the draft is %+v", f.agents["a"].Draft)
	}
	for _, bad := range []string{`{"promt":"x"}`, `{"prompt":`, `{} {}`, `[]`} {
		code, _, errs := runEnv(t, srv, env(bad, "agent", "draft", "set", "a", "-"))
		if code != 1 || !strings.Contains(errs, "draft:") {
			t.Errorf("%s: exit %d, %s", bad, code, errs)
		}
	}
}

func TestDraftsAreEditedInAnEditorAgainstTheirRevision(t *testing.T) {
	f, srv := newFake(t)
	run(t, srv, "agent", "create", "a", "--draft", draftFile(t, goodDraft))
	script := filepath.Join(t.TempDir(), "editor")
	edit := func(text string) (int, string, string) {
		t.Helper()
		if err := os.WriteFile(script, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
		vars := map[string]string{"TANDEM_URL": srv.URL, "TANDEM_KEY": "good", "EDITOR": script}
		return runEnv(t, srv, Env{Args: []string{"agent", "draft", "edit", "a"}, Getenv: func(n string) string { return vars[n] }})
	}
	if code, out, errs := edit(`sed -i 's/front desk/reception/' "$1"`); code != 0 || f.agents["a"].Draft.Prompt != "You are the reception." {
		t.Errorf("exit %d, %s%s, prompt %q", code, out, errs, f.agents["a"].Draft.Prompt)
	}
	if code, out, _ := edit("true"); code != 0 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("exit %d, %s", code, out)
	}
	if code, _, errs := edit("exit 3"); code != 1 || !strings.Contains(errs, "the draft is unchanged") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestErrorsSayWhatHelps(t *testing.T) {
	f, srv := newFake(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, tc := range map[string]struct {
		args []string
		vars map[string]string
		away int
		code int
		want []string
	}{
		"no server":            {[]string{"agent", "list", "--url", gone.URL}, nil, 0, 3, []string{"no answer from " + gone.URL, "tandem serve"}},
		"no address":           {[]string{"agent", "list", "--url", "localhost"}, nil, 0, 1, []string{`url: is "localhost"`}},
		"no key":               {[]string{"agent", "list"}, map[string]string{"TANDEM_URL": srv.URL}, 0, 1, []string{"no API key was given", "tandem key create"}},
		"a store that is away": {[]string{"agent", "list"}, nil, 1, 3, []string{"the database is away"}},
		"an unknown agent":     {[]string{"agent", "show", "nobody"}, nil, 0, 1, []string{"no agent is called nobody"}},
		"an unknown command":   {[]string{"tset"}, nil, 0, 2, []string{"unexpected argument tset", "tandem --help"}},
		"a missing argument":   {[]string{"test", "start"}, nil, 0, 2, []string{"tandem test start --help"}},
		"a missing file":       {[]string{"agent", "create", "a", "--draft", "/nowhere.json"}, nil, 0, 1, []string{"/nowhere.json"}},
		"no server inside":     {[]string{"verify"}, nil, 0, 1, []string{"no server inside"}},
	} {
		t.Run(name, func(t *testing.T) {
			f.away = tc.away
			env := Env{Args: tc.args}
			if tc.vars != nil {
				env.Getenv = func(n string) string { return tc.vars[n] }
			}
			code, out, errs := runEnv(t, srv, env)
			if code != tc.code || out != "" {
				t.Errorf("exit %d with output %q; expected %d and none", code, out, tc.code)
			}
			for _, w := range tc.want {
				if !strings.Contains(errs, w) {
					t.Errorf("no %q in %s", w, errs)
				}
			}
		})
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, line := range []string{
		"", "agent", "agent list", "agent create", "agent show", "agent draft", "agent draft show", "agent draft set", "agent draft edit",
		"agent publish", "agent versions", "agent diff", "route", "route list", "route create", "route show", "route set",
		"test", "test list", "test show", "test start", "test split", "test end", "calls", "calls list", "calls show", "calls transcript",
		"test acknowledge", "plan", "report", "notices", "webhook", "webhook list", "webhook create", "webhook delete", "webhook ping",
		"webhook deliveries", "calc", "results", "sample", "rate", "ratings", "judge", "judge start", "judge show", "judge pairs", "judge cancel", "replay", "import", "verify", "key", "key create", "key list", "key revoke", "demo", "version",
	} {
		var out strings.Builder
		code := Main(t.Context(), Env{Args: append(strings.Fields(line), "--help"), Stdout: &out})
		if code != 0 || !strings.HasPrefix(out.String(), "Usage: tandem "+line) {
			t.Errorf("%s --help: exit %d\n%s", line, code, out.String())
		}
	}
}

func TestJSONIsJSONEverywhere(t *testing.T) {
	f, srv := newFake(t)
	f.judge.estimate = `{}`
	f.results, f.sample = `{"verdict":{"status":"collecting"},"of":"the server"}`, `{"seed":4,"arms":[]}`
	draft := draftFile(t, goodDraft)
	for _, line := range []string{
		"agent create a --draft " + draft, "agent publish a", "agent publish a", "agent list", "agent show a", "agent show a@1", "agent draft show a",
		"agent versions a", "agent diff a 1 2", "route create +14155550100 --live a@1", "route list", "route show +14155550100",
		"route set +14155550100 --name x", "test start +14155550100 --b a@2", "test list", "test show +14155550100", "test split +14155550100 10/90",
		"results +14155550100", "sample +14155550100", "rate +14155550100", "ratings +14155550100", "judge show +14155550100", "judge pairs +14155550100",
		"judge +14155550100 --estimate", "judge +14155550100 --yes", "judge cancel +14155550100", "plan +14155550100", "plan +14155550100 --effect 0.1",
		"test acknowledge +14155550100 coverage", "webhook create https://example.com/x", "webhook list", "notices", "notices +14155550100",
		"calls", "calls transcript 01938d6e-0000-7000-8000-000000000000",
		"test end +14155550100", "key list", "key create k --scope read --api", "version",
	} {
		code, out, errs := run(t, srv, append(words(line), "--json")...)
		if code != 0 || !json.Valid([]byte(out)) {
			t.Errorf("%s --json: exit %d\n%s%s", line, code, out, errs)
		}
		if line == "results +14155550100" && !strings.Contains(out, "the server") {
			t.Errorf("results lack what the client does not know: %s", out)
		}
	}
}

func TestCallsAreFiltered(t *testing.T) {
	f, srv := newFake(t)
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	code, _, errs := runEnv(t, srv, Env{
		Args: words("calls --route +14155550100 --arm B --field reason=book --goal not_met --ended-by caller --transferred false --since 24h --limit 5"),
		Now:  func() time.Time { return now },
	})
	if code != 0 {
		t.Fatal(errs)
	}
	want := "GET /v1/calls?arm=B&ended_by=caller&field=reason&goal=not_met&limit=5&route=%2B14155550100&since=2026-05-03T12%3A00%3A00Z&transferred=false&value=book"
	if got := f.seen[len(f.seen)-1]; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, bad := range []string{"calls --field reason", "calls --since yesterday"} {
		if code, _, errs := run(t, srv, words(bad)...); code != 1 || !strings.Contains(errs, "expected") {
			t.Errorf("%s: exit %d, %s", bad, code, errs)
		}
	}
}

func TestShortPagesOfCallsAreReadOnUntilOneIsFull(t *testing.T) {
	var seen []string
	pages := map[string]string{
		"":  `{"items":[],"next":"b"}`,
		"b": `{"items":[{"id":"01938d6e-0000-7000-8000-000000000001"}],"next":"c"}`,
		"c": `{"items":[{"id":"01938d6e-0000-7000-8000-000000000002"}],"next":"d"}`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		seen = append(seen, q.Get("cursor")+"/"+q.Get("limit"))
		_, _ = io.WriteString(w, pages[q.Get("cursor")])
	}))
	defer srv.Close()
	code, out, errs := run(t, srv, words("calls --stage lost --limit 2")...)
	if code != 0 || !slices.Equal(seen, []string{"/2", "b/2", "c/1"}) {
		t.Errorf("exit %d %s, asked for %q", code, errs, seen)
	}
	for _, want := range []string{"000000000001", "000000000002", "--cursor d"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// inside is a Server that notes what it is asked.
type inside struct {
	args  []string
	ok    bool
	start func(LocalOptions) (*LocalServer, error)
}

func (s *inside) Serve(_ context.Context, args []string) error {
	s.args = args
	return nil
}

func (s *inside) CreateKey(_ context.Context, args []string, name string, scopes []tandem.Scope) (tandem.Key, string, error) {
	s.args = args
	return tandem.NewKey(name, scopes, time.Unix(1e9, 0))
}

func (s *inside) Verify(_ context.Context, args []string, _ bool, out io.Writer) (bool, error) {
	s.args = args
	fmt.Fprintln(out, "looked")
	return s.ok, nil
}

func (s *inside) SetupCode(_ context.Context, args []string) (code, link string, err error) {
	s.args = args
	return "CODE", "http://here/setup#code=CODE", nil
}

func (s *inside) CreateUser(_ context.Context, args []string, n NewUser) (tandem.User, string, error) {
	s.args = args
	u, err := tandem.NewUser(n.Email, n.Name, n.Role, time.Unix(1e9, 0))
	return u, "TOKEN", err
}

func (s *inside) Link(_ context.Context, args []string, _ string) (string, error) {
	s.args = args
	return "http://here/sign-in#link=TOKEN", nil
}

func (s *inside) OpenAPI() []byte { return []byte("{}") }

func (s *inside) StartLocal(_ context.Context, o LocalOptions) (*LocalServer, error) {
	return s.start(o)
}

func TestServerCommandsGetTheirFlags(t *testing.T) {
	_, srv := newFake(t)
	for _, tc := range []struct {
		line string
		ok   bool
		code int
		want []string
	}{
		{"serve", true, 0, nil},
		{"serve --http 127.0.0.1:0 --help", true, 0, []string{"--http", "127.0.0.1:0", "--help"}},
		{"verify --data /d --config /c", true, 0, []string{"--config=/c", "--data=/d"}},
		{"verify", false, 1, nil},
		{"key create k --scope read --scope write --database sqlite:/x.db", true, 0, []string{"--database=sqlite:/x.db"}},
		{"key create k --scope everything", true, 2, nil},
		{"key create k", true, 2, nil},
		{"setup-code --data /d", true, 0, []string{"--data=/d"}},
		{"user create a@example.com --role admin --invite --data /d", true, 0, []string{"--data=/d"}},
		{"user create a@example.com --role admin", true, 1, nil}, // no password was given
		{"user create a@example.com --role owner", true, 2, nil},
		{"user link a@example.com --database sqlite:/x.db", true, 0, []string{"--database=sqlite:/x.db"}},
	} {
		s := &inside{ok: tc.ok}
		code, _, errs := runEnv(t, srv, Env{Args: strings.Fields(tc.line), Server: s})
		if code != tc.code || !slices.Equal(s.args, tc.want) {
			t.Errorf("%s: exit %d with %q; expected %d with %q\n%s", tc.line, code, s.args, tc.code, tc.want, errs)
		}
	}
}

func TestEventsAreSentAgainWhileTheServerIsAway(t *testing.T) {
	f, srv := newFake(t)
	api, err := client.New(srv.URL, "good", srv.Client())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().UTC().Truncate(time.Microsecond)
	e := tandem.Event{ID: "e1", Origin: "replay", CallID: tandem.NewID(at), Kind: tandem.EventStarted, At: at}
	for name, post := range map[string]func(context.Context, []tandem.Event) error{"one call": api.Post, "bulk": api.PostBulk} {
		f.away = 1
		if err := post(t.Context(), []tandem.Event{e}); err != nil || f.calls[e.CallID].Started == nil {
			t.Errorf("%s: %v", name, err)
		}
		bad := e
		bad.Kind = "gone"
		if err := post(t.Context(), []tandem.Event{bad}); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%s of a bad event: %v; expected Invalid", name, err)
		}
	}
}

func TestABulkReportNamesTheEventThatWasRefused(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"accepted":1,"rejected_count":1,"rejected":[{"line":2,"errors":[{"location":"ended.by","message":"is odd"}]}]}`)
	}))
	defer srv.Close()
	api, err := client.New(srv.URL, "", srv.Client())
	if err != nil {
		t.Fatal(err)
	}
	err = api.PostBulk(t.Context(), []tandem.Event{{ID: "one"}, {ID: "two"}})
	want := "ended.by: is odd (event two)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v; expected %s", err, want)
	}
}

func TestProblemsOfProxiesInBetweenAreUnderstood(t *testing.T) {
	for status, want := range map[int]tandem.Code{502: tandem.Unavailable, 404: tandem.NotFound, 401: tandem.Unauthenticated, 500: tandem.Internal, 413: tandem.Invalid} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>oops</html>")
		}))
		api, err := client.New(srv.URL, "", srv.Client())
		if err != nil {
			t.Fatal(err)
		}
		_, err = api.Agent(t.Context(), "x")
		if got := tandem.CodeOf(err); got != want {
			t.Errorf("%d: %s (%v); expected %s", status, got, err, want)
		}
		srv.Close()
	}
}

func TestNumbersAreWrittenForReaders(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	prop, secs, money := client.Metric{Kind: tandem.Proportion}, client.Metric{Kind: tandem.Mean, Unit: "s"}, client.Metric{Kind: tandem.Mean}
	got := []string{
		count(0), count(999), count(1234567), count(-1234), number(50), number(33.333), slashed([]float64{90, 10}),
		value(prop, p(0.8114)), value(secs, p(72.93)), value(secs, p(1234.5)), value(money, p(0.0001234)), value(money, nil),
		difference(prop, &client.Comparison{Value: p(-0.0325)}), difference(secs, &client.Comparison{Value: p(4.126)}),
		pText(&client.Comparison{P: p(0.0123)}), pText(&client.Comparison{P: p(0.0012)}), pText(&client.Comparison{P: p(0), Log10P: p(-322.4)}), pText(nil),
	}
	want := []string{
		"0", "999", "1,234,567", "-1,234", "50", "33.33", "90/10", "81.1 %", "72.9 s", "1234 s", "0.00012", "-",
		"-3.2 pp", "+4.13 s", "0.01", "0.0012", "4.0e-323", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
