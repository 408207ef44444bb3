package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/cli/client"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func readResults(t *testing.T) client.Results {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r client.Results
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// sized is a session whose output is a terminal of this size.
func sized(width, height int, tty bool, vars map[string]string) *session {
	env := &Env{Stdout: &bytes.Buffer{}, Terminal: func() (int, int, bool) { return width, height, tty }, Getenv: func(n string) string { return vars[n] }}
	env.defaults()
	return &session{Env: env, ctx: context.Background(), cmd: &commands{}}
}

func inUTC(t *testing.T) {
	t.Helper()
	local := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = local })
}

func TestResultsAreLaidOut(t *testing.T) {
	inUTC(t)
	r := readResults(t)
	golden(t, "results-pair.txt", sized(120, 0, false, nil).resultsText(r, false)+"\n")
	three := r
	three.Arms = append(three.Arms[:2:2], client.ResultArm{Key: "C", Version: "front-desk@3", Weight: 0})
	golden(t, "results-arms.txt", sized(120, 0, false, nil).resultsText(three, false)+"\n")
}

func TestResultsKeepWithinTheTerminal(t *testing.T) {
	r := readResults(t)
	r.Goal = strings.Repeat("fields.appointment_booked == true && ", 6) + "true"
	r.Arms[1].Note = strings.Repeat("A note that goes on. ", 10)
	three := r
	three.Arms = append(three.Arms[:2:2], client.ResultArm{Key: "C", Version: "front-desk@3"})
	for _, width := range []int{200, 120, 100, 80, 60} {
		for name, r := range map[string]client.Results{"pair": r, "arms": three} {
			for line := range strings.Lines(sized(width, 50, true, nil).resultsText(r, false)) {
				if w := lipgloss.Width(strings.TrimRight(line, "\n")); w > width {
					t.Errorf("%s: a line is %d wide on a terminal of %d: %q", name, w, width, line)
				}
			}
		}
	}
}

func TestANarrowTerminalLosesColumnsAndNotWords(t *testing.T) {
	inUTC(t)
	r := readResults(t)
	golden(t, "results-narrow.txt", sized(80, 0, false, nil).resultsText(r, false)+"\n")
	for width, want := range map[int][]string{120: nil, 90: {oneLook}, 80: {oneLook, "N A", "N B"}} {
		text, dropped := sized(width, 0, false, nil).table(r, false)
		if diff := cmp.Diff(want, dropped); diff != "" {
			t.Errorf("on %d columns: %s", width, diff)
		}
		for _, whole := range []string{"Completion rate", "90th percentile", "95 % INTERVAL", "+4.5 to +13.3"} {
			if !strings.Contains(text, whole) {
				t.Errorf("on %d columns %q is broken up:\n%s", width, whole, text)
			}
		}
	}
}

func TestTheMetricThatDecidesShowsWithoutData(t *testing.T) {
	all := []client.Metric{
		{Name: "completion", Label: "Completion rate", Kind: tandem.Proportion, Primary: true, Arms: []client.Summary{{Arm: "A"}, {Arm: "B"}}},
		{Name: "cost.USD", Label: "Cost", Kind: tandem.Mean, Arms: []client.Summary{{Arm: "A"}, {Arm: "B"}}},
	}
	if got := shown(all); len(got) != 1 || got[0].Name != "completion" {
		t.Errorf("shown: %+v", got)
	}
}

func TestEveryArmIsToldByItsFirstCalls(t *testing.T) {
	raw := `{"metrics":[{"name":"completion","label":"Completion rate","kind":"proportion","primary":true}],
	 "evidence":{"first_calls":[{"arm":"B","n":1,"value":0.1},{"arm":"C","n":0},{"arm":"D","n":1200,"value":-0.05,"interval":{"low":-0.1,"high":0.001}}]}}`
	var r client.Results
	if err := json.Unmarshal([]byte(raw), &r); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Each caller's first call only: Completion rate B +10.0 pp over 1 call.",
		"Each caller's first call only: Completion rate D -5.0 pp over 1,200 calls, -10.0 to +0.1.",
	}
	if diff := cmp.Diff(want, firstCalls(r)); diff != "" {
		t.Error(diff)
	}
}

func TestQualityIsToldWhereThereIsSomethingToTell(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	metrics := []client.Metric{{Label: "Completion rate", Primary: true}}
	for name, tc := range map[string]struct {
		r    client.Results
		want []string
	}{
		"nothing has ended": {client.Results{Metrics: metrics, Quality: []client.Quality{{Arm: "A"}, {Arm: "B"}}}, nil},
		"outcomes of both arms": {
			client.Results{Metrics: metrics, Quality: []client.Quality{{Arm: "A", OutcomeShare: p(0.99)}, {Arm: "B", OutcomeShare: p(0.705)}}},
			[]string{"Completion rate is known of ended calls: A 99.0 %, B 70.5 %"},
		},
		"calls that do not count": {
			client.Results{Quality: []client.Quality{{Arm: "A", Lost: 2}, {Arm: "B", NotRandomised: map[string]int64{"sticky": 1, "limit": 2}}}},
			[]string{"2 lost, 3 not randomised and counted apart"},
		},
		"a test that randomises callers": {
			client.Results{Unit: tandem.PerCaller, Evidence: client.Covered{Callers: 1700, Withheld: 1}},
			[]string{"1,700 callers and 1 call without a known caller, each taken for a caller of its own"},
		},
	} {
		if diff := cmp.Diff(tc.want, qualityLines(tc.r)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestColourIsOnlyForTerminals(t *testing.T) {
	r := readResults(t)
	for name, tc := range map[string]struct {
		s    *session
		want bool
	}{
		"a terminal":               {sized(120, 50, true, nil), true},
		"a pipe":                   {sized(120, 0, false, nil), false},
		"a terminal with NO_COLOR": {sized(120, 50, true, map[string]string{"NO_COLOR": "1"}), false},
		"a dumb terminal":          {sized(120, 50, true, map[string]string{"TERM": "dumb"}), false},
	} {
		if got := strings.Contains(tc.s.resultsText(r, false), "\x1b["); got != tc.want {
			t.Errorf("%s: coloured %v; expected %v", name, got, tc.want)
		}
	}
}

func TestALowTerminalGetsTheTableWithoutDetails(t *testing.T) {
	r := readResults(t)
	for height, detail := range map[int]bool{60: true, 18: false} {
		s := sized(120, height, true, nil)
		s.drawResults(newScreen(s.Env), r)
		out := s.Stdout.(*bytes.Buffer).String()
		if got := strings.Contains(out, "median"); got != detail {
			t.Errorf("%d lines: details %v; expected %v", height, got, detail)
		}
		if !strings.Contains(out, "B is better") {
			t.Errorf("%d lines: no verdict in\n%s", height, out)
		}
	}
}

func TestTheScreenIsRedrawnInPlace(t *testing.T) {
	s := sized(10, 4, true, nil)
	out := s.Stdout.(*bytes.Buffer)
	screen := newScreen(s.Env)
	screen.draw("one\ntwo")
	screen.draw("a very long line\nb\nc\nd\ne")
	screen.note("away")
	want := "\r\x1b[Jone\ntwo\n" +
		"\x1b[2A\r\x1b[Ja very lon\nb\nc\n" +
		"\x1b[3A\r\x1b[Ja very lon\nb\nc\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestElsewhereOnlyWhatChangedIsWritten(t *testing.T) {
	s := sized(80, 0, false, nil)
	out := s.Stdout.(*bytes.Buffer)
	screen := newScreen(s.Env)
	for _, text := range []string{"one", "one", "two"} {
		screen.draw(text)
	}
	if out.String() != "one\n\ntwo\n\n" {
		t.Errorf("got %q", out.String())
	}
}

// watched is an output that counts what is drawn.
type watched struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	drawn func(all string)
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.buf.Write(b)
	w.drawn(w.buf.String())
	return n, err
}

func TestWatchingGoesOnUntilStoppedAndOutlastsAnOutage(t *testing.T) {
	f, srv := newFake(t)
	raw, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	f.results = string(raw)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	outages := 0
	out := &watched{}
	out.drawn = func(all string) {
		switch {
		case strings.Contains(all, "the database is away") && strings.Count(all, "Completion rate") >= 3:
			cancel()
		case outages == 0 && strings.Contains(all, "Completion rate"):
			outages++
			go func() { // the server's lock is not to be taken while it answers
				f.mu.Lock()
				f.away = 1
				f.mu.Unlock()
			}()
		}
	}
	vars := map[string]string{"TANDEM_URL": srv.URL, "TANDEM_KEY": "good"}
	code := Main(ctx, Env{
		Args: []string{"results", "+14155550100", "--watch", "--interval", "100ms"}, Stdout: out,
		Getenv: func(n string) string { return vars[n] }, Terminal: func() (int, int, bool) { return 120, 60, true },
	})
	if code != 0 {
		t.Errorf("exit %d; expected 0 when stopped", code)
	}
}

func TestTranscriptsStandSideBySideWhereThereIsRoom(t *testing.T) {
	const sample = `{"seed":7,"as_of":{"A":12,"B":9},"arms":[
	 {"arm":"A","calls":[{"call":{"id":"01938d6e-0000-7000-8000-00000000000a","goal":false,"ended":{"value":{"by":"caller","duration_ms":41000},"origin":"api"}},
	   "turns":[{"role":"agent","text":"Thank you for calling Harbor Street Dental, where your smile is our passion.","start_ms":0,"end_ms":4000,"interrupted":true},{"role":"caller","text":"Hello?","start_ms":4000,"end_ms":4500}]}]},
	 {"arm":"B","calls":[{"call":{"id":"01938d6e-0000-7000-8000-00000000000b"},"turns":[{"role":"agent","text":"How can I help?"}]},{"call":{"id":"01938d6e-0000-7000-8000-00000000000c"},"turns":[]}]}]}`
	var s client.Sample
	if err := json.Unmarshal([]byte(sample), &s); err != nil {
		t.Fatal(err)
	}
	golden(t, "sample-wide.txt", sized(110, 0, false, nil).sampleText(s)+"\n")
	golden(t, "sample-narrow.txt", sized(50, 0, false, nil).sampleText(s)+"\n")
}

func TestARampSaysWhatItWaitsFor(t *testing.T) {
	for want, r := range map[string]*tandem.RampState{
		"":                                   nil,
		"ramp: step 1 of 3; the next is due": {Step: 1, Steps: 3},
		"ramp: step 2 of 3; the next waits for time: until 4 May 10:00 UTC; an open alarm: coverage": {Step: 2, Steps: 3, Waits: []string{"time: until 4 May 10:00 UTC", "an open alarm: coverage"}},
	} {
		if got := rampText(r); got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}

func TestDifferencesThatAreNoneHaveNoSignAndPercentsDifferByPoints(t *testing.T) {
	share, talk := client.Metric{Kind: tandem.Proportion}, client.Metric{Kind: tandem.Mean, Unit: "%"}
	got := []string{spanText(share, &tandem.Span{Low: -0.0004, High: 0.0001}), withPoints(talk, 1.17), signed(talk, -0.001, 1)}
	if diff := cmp.Diff([]string{"0.0 to 0.0", "+1.17 pp", "0.00"}, got); diff != "" {
		t.Error(diff)
	}
}
