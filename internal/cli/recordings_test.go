package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem"
)

// conversations writes a file of n conversations of two arms; every third
// succeeds in arm x, every second in arm y.
func conversations(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		arm, success := "x", i%6 == 0
		if i%2 == 1 {
			arm, success = "y", i%4 == 1
		}
		last := `{"role":"caller","text":"bye","start_ms":800,"end_ms":1000}`
		if i%5 == 0 {
			last = `{"role":"agent","text":"Goodbye.","start_ms":800,"end_ms":1000}`
		}
		fmt.Fprintf(&b, `{"id":"c/%d","arm":{"kind":%q},"caller_id":"p%d","started_at":"2026-01-02T03:04:05","duration_ms":%d,"outcome":{"success":%v},"turns":[{"role":"agent","text":"Hi","start_ms":0,"end_ms":500,"interrupted":%v},%s]}`+"\n",
			i, arm, i%3, 1000+i, success, i%3 == 0, last)
	}
	path := filepath.Join(t.TempDir(), "some calls.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReplaySetsUpPlaysAndReports(t *testing.T) {
	f, srv := newFake(t)
	g := newGateway(t, f)
	file := conversations(t, 40)
	args := []string{"replay", file, "--route", "+14155550100", "--sip", g.addr, "--setup", "--speed", "max", "--concurrency", "8"}
	code, out, errs := run(t, srv, args...)
	if code != 0 || !strings.Contains(out, "40 calls placed") || !strings.Contains(out, "40 outcomes reported") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if len(f.calls) != 40 || len(f.versions) != 2 || len(f.tests) != 1 {
		t.Errorf("%d calls, %d versions, %d tests; expected 40, 2, 1", len(f.calls), len(f.versions), len(f.tests))
	}
	byAgent, success := 0, 0
	for _, c := range f.calls {
		if c.Stage() != tandem.StageAnalyzed || c.Turns == nil || c.Turns.Value != 2 {
			t.Errorf("call %s is %s with turns %v", c.ID, c.Stage(), c.Turns)
		}
		if d, _ := c.Duration(); d < time.Second || d > 1039*time.Millisecond {
			t.Errorf("a duration of %v is reported; expected the recorded one", d)
		}
		if c.Ended.Value.By == tandem.ByAgent {
			byAgent++
		}
		if c.Values["success"].Value == true {
			success++
		}
	}
	if byAgent != 8 || success != 7+10 {
		t.Errorf("%d ended by the agent, %d succeeded; expected 8 and 17", byAgent, success)
	}
	// Again: everything is there already, and the agent listens where the
	// versions say.
	code, out, errs = run(t, srv, append(args, "--limit", "5")...)
	if code != 0 || !strings.Contains(out, "5 calls placed") || len(f.versions) != 2 || len(f.tests) != 1 {
		t.Errorf("the second time: exit %d, %d versions, %d tests\n%s%s", code, len(f.versions), len(f.tests), out, errs)
	}
}

func TestReplaySaysWhatIsMissing(t *testing.T) {
	f, srv := newFake(t)
	g := newGateway(t, f)
	file := conversations(t, 4)
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	if err := os.WriteFile(broken, []byte(`{"id":"a","turns":[]}`+"\n{oops}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no end point", []string{file, "--route", "+14155550100", "--sip", g.addr}, 1, "--agent: is missing"},
		{"no such route", []string{file, "--route", "+14155550100", "--sip", g.addr, "--agent", "127.0.0.1:0"}, 1, "no route is called"},
		{"a strange speed", []string{file, "--route", "+14155550100", "--speed", "warp"}, 2, "no speed"},
		{"no file", []string{"/nowhere", "--route", "+14155550100"}, 2, "/nowhere"},
		{"a line that is bad", []string{broken, "--route", "+14155550100", "--sip", g.addr, "--setup", "--speed", "max"}, 1, "line 2: is not a JSON object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, _, errs := run(t, srv, append([]string{"replay"}, tc.args...)...)
			if code != tc.code || !strings.Contains(errs, tc.want) {
				t.Errorf("exit %d, %s; expected %d with %q", code, errs, tc.code, tc.want)
			}
		})
	}
}

func TestImportMakesAnExperimentOnce(t *testing.T) {
	f, srv := newFake(t)
	file := conversations(t, 60)
	args := []string{"import", file, "--route", "last winter", "--arm-by", "kind"}
	for range 2 {
		code, out, errs := run(t, srv, args...)
		if code != 0 || !strings.Contains(out, "60 calls imported") {
			t.Fatalf("exit %d\n%s%s", code, out, errs)
		}
		if len(f.calls) != 60 || len(f.versions) != 2 || len(f.routes) != 1 || len(f.tests) != 1 {
			t.Errorf("%d calls, %d versions, %d routes, %d tests; expected 60, 2, 1, 1", len(f.calls), len(f.versions), len(f.routes), len(f.tests))
		}
	}
	test := f.tests[0]
	if test.Status != tandem.Recorded || test.Name != "some calls by kind" || f.routes[0].Kind != tandem.Outbound {
		t.Errorf("test %+v on %+v", test, f.routes[0])
	}
	success := map[string]int{}
	for _, c := range f.calls {
		if c.Assigned.Value.Probability != 0.5 || c.Assigned.Value.TestID != test.ID {
			t.Errorf("assigned %+v", c.Assigned.Value)
		}
		if c.Values["success"].Value == true {
			success[c.Assigned.Value.Arm]++
		}
	}
	if success["A"] != 10 || success["B"] != 15 {
		t.Errorf("successes %v; expected 10 and 15", success)
	}
	code, _, errs := run(t, srv, "import", file, "--route", "last winter", "--arm-by", "colour")
	if code != 1 || !strings.Contains(errs, `arm.colour: of conversation c/0 is missing; expected the arm it was in (its record has ["kind"])`) {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestImportTakesTheSharesThatWereIntended(t *testing.T) {
	f, srv := newFake(t)
	file := conversations(t, 60)
	args := []string{"import", file, "--route", "last winter", "--arm-by", "kind"}
	for range 2 { // the second time changes nothing, with the shares or without
		if code, out, errs := run(t, srv, append(args, "--share", "80/20")...); code != 0 {
			t.Fatalf("exit %d\n%s%s", code, out, errs)
		}
	}
	if code, out, errs := run(t, srv, args...); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if len(f.tests) != 1 || !f.tests[0].Intended || f.tests[0].Arms[1].Weight != 20 {
		t.Fatalf("%d tests, the first %+v; expected one, intended at 80/20", len(f.tests), f.tests[0])
	}
	for _, c := range f.calls {
		if a := c.Assigned.Value; a.Probability != map[string]float64{"A": 0.8, "B": 0.2}[a.Arm] {
			t.Errorf("a call of arm %s had the chance %v", a.Arm, a.Probability)
		}
	}
	for share, want := range map[string]string{
		"50/50":    "--share: is not what the test was imported with; give another name",
		"50/25/25": "--share: has 3 entries; expected one for each of the 2 arms x, y",
		"50/60":    "--share: is \"50/60\"",
		"half":     "--share: is \"half\"; expected shares in percent, such as 80/20",
	} {
		code, _, errs := run(t, srv, append(args, "--share", share)...)
		if code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s; expected %s", share, code, errs, want)
		}
	}
}

func demoServer(t *testing.T) (*fakeAPI, *inside, *int) {
	t.Helper()
	f, srv := newFake(t)
	g := newGateway(t, f)
	raw, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	f.results = string(raw)
	stopped := 0
	return f, &inside{start: func(o LocalOptions) (*LocalServer, error) {
		if info, err := os.Stat(o.Data); err != nil || !info.IsDir() {
			return nil, errors.New("there is no folder for the data")
		}
		return &LocalServer{URL: srv.URL, SIP: g.addr, Key: "good", Stop: func(context.Context) error {
			stopped++
			return nil
		}}, nil
	}}, &stopped
}

func TestTheDemoRunsForAWhileAndStops(t *testing.T) {
	f, server, stopped := demoServer(t)
	for round := 1; round <= 2; round++ { // started again, it goes on with what is there
		var out, errs strings.Builder
		code := Main(t.Context(), Env{
			Args: strings.Fields("demo --for 1500ms --rate 40 --speed 1000 --every 300ms --seed 1"), Server: server, Stdout: &out, Stderr: &errs,
		})
		if code != 0 || *stopped != round {
			t.Fatalf("exit %d, stopped %d times\n%s%s", code, *stopped, out.String(), errs.String())
		}
		for _, want := range []string{"console          http://127.0.0.1:", "tandem results +14155550100 --watch", "Completion rate", "0 failed"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
		if len(f.versions) != 2 || len(f.tests) != 2 || len(f.keys) != round {
			t.Errorf("%d versions, %d tests, %d keys", len(f.versions), len(f.tests), len(f.keys))
		}
	}
	if len(f.calls) < 40 {
		t.Errorf("only %d calls came in", len(f.calls))
	}
	for _, c := range f.calls {
		if c.Stage() != tandem.StageEnded || c.Turns == nil || len(c.Values) > 0 {
			t.Errorf("call %s is %s with values %v; expected a transcript, to be analysed by the server", c.ID, c.Stage(), c.Values)
		}
		if d, ok := c.Duration(); !ok || d < 2*time.Second {
			t.Errorf("a duration of %v is reported; expected one as in life", d)
		}
	}
}

func TestTheDemoStopsAtCtrlC(t *testing.T) {
	_, server, stopped := demoServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &watched{}
	out.drawn = func(all string) {
		if strings.Contains(all, "Completion rate") {
			cancel()
		}
	}
	code := Main(ctx, Env{Args: strings.Fields("demo --rate 20 --speed 1000 --every 100ms"), Server: server, Stdout: out})
	if code != 0 || *stopped != 1 {
		t.Errorf("exit %d, stopped %d times", code, *stopped)
	}
	if !strings.Contains(out.buf.String(), "0 failed") {
		t.Errorf("no summary in\n%s", out.buf.String())
	}
}

func TestADemoThatCannotStartSaysWhy(t *testing.T) {
	_, server, _ := demoServer(t)
	server.start = func(LocalOptions) (*LocalServer, error) {
		return nil, tandem.Errorf(tandem.Conflict, "http", "127.0.0.1:8080 is taken")
	}
	var errs strings.Builder
	code := Main(t.Context(), Env{Args: []string{"demo"}, Server: server, Stderr: &errs})
	if code != 1 || !strings.Contains(errs.String(), "127.0.0.1:8080 is taken") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}
