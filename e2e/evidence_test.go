package e2e

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/pgtest"
)

func TestTwoNodesReachOneVerdictThroughAKill(t *testing.T) {
	database := pgtest.Start(t)
	one, two := newServer(t, database), newServer(t, database)
	hook := one.listen()
	const number = "+14155550100"
	running := one.begin(number, [2]float64{50, 50}, nil)
	d := &dialler{t: t, nodes: []*client{one.client, two.client}, route: number, wins: better}
	eventually(t, "the second node has the test", func() bool {
		_, err := two.do("GET", "/v1/tests/"+running.ID, nil, nil)
		return err == nil
	})
	d.dial(250)
	one.kill()
	d.dial(350)
	one.start()
	// Outcomes of calls that were covered long ago are corrected.
	var corrected []object
	for _, c := range two.calls(url.Values{"test": {running.ID}, "arm": {"A"}})[:20] {
		corrected = append(corrected, object{"id": "corrected/" + c.ID, "call_id": c.ID, "origin": "dialler", "at": time.Now().UTC().Format(time.RFC3339Nano), "kind": "analysis", "analysis": object{"success": true}})
	}
	d.send(corrected)
	eventually(t, "all calls are covered on one node", one.covers(running.ID, 600))
	eventually(t, "all calls are covered on the other", two.covers(running.ID, 600))
	sameEvidence(t, running.ID, "both nodes", one, two)
	if v := one.concluded(running.ID).Verdict; v.Status != "better" || v.Arm != "B" {
		t.Errorf("the verdict is %s: %s", v.Status, v.Text)
	}
	eventually(t, "the verdict is told", func() bool { return len(hook.of("verdict")) > 0 })
	ids := map[string]bool{}
	for _, n := range hook.of("verdict") {
		ids[n.ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("%d different verdicts were told", len(ids))
	}
	two.verify()
	one.sameAfterARestart(running.ID)
}

// outcomes say of each arm but A whether a metric is more, less, or not known to
// differ.
var outcomes = map[string]map[string]string{
	"acoustic":       {"completion": "0", "duration": "0", "latency": "-", "interruptions": "-", "repeated_prompts": "-"},
	"dialog_manager": {"completion": "0", "duration": "+", "latency": "+", "interruptions": "+", "repeated_prompts": "0"},
	"code":           {"completion": "000", "duration": "000", "latency": "0++", "interruptions": "0++", "repeated_prompts": "000"},
}

func TestTheRecordedExperimentIsCompared(t *testing.T) {
	path, calls := realCalls(t)
	s := newServer(t, "")
	for _, by := range []string{"acoustic", "dialog_manager", "code"} {
		var made struct {
			TestID string `json:"test_id"`
		}
		s.tandemJSON(&made, "import", path, "--route", "spring-of-2013", "--arm-by", by)
		eventually(t, "all calls are covered", s.covers(made.TestID, len(calls)))
		r := s.concluded(made.TestID)
		t.Logf("%s: %s: %s", by, r.Verdict.Status, r.Verdict.Text)
		compared := 0
		for _, m := range r.Metrics {
			switch m.Name {
			case "completion", "duration", "latency", "interruptions", "repeated_prompts":
				compared++
				for _, a := range m.Against {
					a.agrees(t, fmt.Sprintf("%s by %s, arm %s", m.Name, by, a.Arm))
				}
			}
		}
		if compared != 5 {
			t.Errorf("%s: %d of 5 metrics are there", by, compared)
		}
		if split := r.Evidence.SampleRatio; split.LogBayesFactor != nil || split.Broken || split.NotChecked != "the intended shares are not known" {
			t.Errorf("%s: the sample ratio is %+v; want it not checked, as counts cannot contradict themselves", by, split)
		}
		if text := s.report(made.TestID); !strings.Contains(text, "Split not checked: the intended shares are not known.") {
			t.Errorf("%s: the report does not say that the split is not checked", by)
		}
		if r.Verdict.Status != "collecting" || r.Verdict.Arm != "" {
			t.Errorf("%s: the verdict is %s %s; nine of ten calls succeed with every set-up", by, r.Verdict.Status, r.Verdict.Arm)
		}
		for metric, want := range outcomes[by] {
			for i, c := range want {
				e := r.pair(t, metric, armKey(i+1))
				got := '0'
				switch {
				case e.Interval.Low > 0:
					got = '+'
				case e.Interval.High < 0:
					got = '-'
				}
				if got != c {
					t.Errorf("%s: %s of arm %s has the interval %+v; want %c", by, metric, armKey(i+1), *e.Interval, c)
				}
			}
		}
		s.calcSaysTheSame(made.TestID, by, r, calls)
	}
	s.verify()
}

// The four set-ups of the experiment have 302, 443, 435 and 432 calls.
func TestFourArmsMeantToBeEqualAreFoundBroken(t *testing.T) {
	path, calls := realCalls(t)
	s := newServer(t, "")
	for by, want := range map[string]struct {
		share  string
		logBF  float64
		broken bool
	}{
		"code":           {"25/25/25/25", 12.675, true},
		"acoustic":       {"50/50", 4.15, false},
		"dialog_manager": {"50/50", 2.93, false},
	} {
		var made struct {
			TestID string `json:"test_id"`
		}
		s.tandemJSON(&made, "import", path, "--route", "spring-of-2013", "--arm-by", by, "--share", want.share)
		eventually(t, "all calls are covered", s.covers(made.TestID, len(calls)))
		r := s.concluded(made.TestID)
		split := r.Evidence.SampleRatio
		if split.LogBayesFactor == nil || split.NotChecked != "" {
			t.Errorf("%s: the split was not checked", by)
			continue
		}
		t.Logf("sample ratio by %s: ln of the Bayes factor %.2f, broken %t: %s", by, *split.LogBayesFactor, split.Broken, r.Verdict.Status)
		if math.Abs(*split.LogBayesFactor-want.logBF) > 0.005 || split.Broken != want.broken || (r.Verdict.Status == "split_broken") != want.broken {
			t.Errorf("%s at %s: ln of the Bayes factor %.2f, broken %t, verdict %s; want %.2f, %t", by, want.share, *split.LogBayesFactor, split.Broken, r.Verdict.Status, want.logBF, want.broken)
		}
	}
}

// report gives a test's report as Markdown.
func (s *server) report(testID string) string {
	s.t.Helper()
	stdout, stderr, code := s.tandem("report", testID)
	if code != 0 {
		s.t.Fatalf("tandem report: exit code %d\n%s", code, stderr)
	}
	return stdout
}

// calcSaysTheSame writes the calls as rows, with the chances that the test gave them,
// and compares what the bench tool says with the verdict, to the last digit.
func (s *server) calcSaysTheSame(testID, by string, r concluded, calls []recorded) {
	s.t.Helper()
	arms := byArm(calls, by)
	values := sortedKeys(arms)
	rows := "arm,value.completion,value.duration"
	for i := range values {
		rows += ",p." + armKey(i)
	}
	rows += "\n"
	// The file is not in the order of the calls, which is that of their ids where two
	// began in the same second.
	ids := map[string]string{}
	for _, c := range s.calls(url.Values{"test": {testID}}) {
		ids[c.Foreign["import"]] = c.ID
	}
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b recorded) int {
		return cmp.Or(strings.Compare(a.StartedAt, b.StartedAt), strings.Compare(ids[a.ID+"@"+testID], ids[b.ID+"@"+testID]))
	})
	for _, c := range calls {
		i := slices.Index(values, c.Arm[by])
		rows += fmt.Sprintf("%s,%t,%v", armKey(i), c.Outcome.Success, float64(c.DurationMS)/1000)
		// The call's own chance is as it was imported, that of the others as the split
		// rounds it.
		chances, all := slices.Clone(r.Phases[0].Weights), 0.0
		chances[i] = 100 * float64(len(arms[values[i]])) / float64(len(calls))
		for _, q := range chances {
			all += q
		}
		for _, q := range chances {
			rows += fmt.Sprintf(",%v", q/all)
		}
		rows += "\n"
	}
	file := filepath.Join(s.t.TempDir(), "calls.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		s.t.Fatal(err)
	}
	var out struct {
		Metrics []struct {
			Metric      string
			Comparisons []struct {
				Arm   string
				Lines []struct {
					Method   string
					Estimate *float64
					Log10P   *float64 `json:"log10_p"`
					Interval *span
				}
			}
		}
	}
	s.tandemJSON(&out, "calc", file, "--bounds", "duration=0,3600", "--cut", "duration=true")
	for _, m := range out.Metrics {
		for _, c := range m.Comparisons {
			is := r.pair(s.t, m.Metric, c.Arm)
			for _, l := range c.Lines {
				what := fmt.Sprintf("%s by %s, arm %s, %s", m.Metric, by, c.Arm, l.Method)
				switch l.Method {
				case "betting":
					same(s.t, what+", estimate", *l.Estimate, *is.Value, 1e-12)
					same(s.t, what+", low", l.Interval.Low, is.Interval.Low, 0)
					same(s.t, what+", high", l.Interval.High, is.Interval.High, 0)
					same(s.t, what+", log10 p", *l.Log10P, *is.Log10P, 1e-9)
				case "asymptotic":
					same(s.t, what+", low", l.Interval.Low, is.Band.Low, 1e-12)
					same(s.t, what+", high", l.Interval.High, is.Band.High, 1e-12)
				}
			}
		}
	}
}

func same(t testing.TB, what string, calc, verdict, tolerance float64) {
	t.Helper()
	if math.Abs(calc-verdict) > tolerance*math.Max(1, math.Abs(verdict)) {
		t.Errorf("%s: calc says %v, the verdict %v", what, calc, verdict)
	}
}

func armKey(i int) string { return string(rune('A' + i)) }

func byArm(calls []recorded, by string) map[string][]recorded {
	out := map[string][]recorded{}
	for _, c := range calls {
		out[c.Arm[by]] = append(out[c.Arm[by]], c)
	}
	return out
}

// agrees checks that evidence and tallies estimate the same difference, as they
// must with one phase and all calls covered.
func (a against) agrees(t *testing.T, what string) {
	t.Helper()
	e := a.Evidence
	if e == nil || e.Value == nil || a.Value == nil || e.Interval == nil || e.P == nil {
		t.Errorf("%s: no evidence", what)
		return
	}
	t.Logf("%s: %+.4g (%+.4g to %+.4g), p %.3g", what, *e.Value, e.Interval.Low, e.Interval.High, *e.P)
	if d := *e.Value - *a.Value; d > 1e-9 || d < -1e-9 {
		t.Errorf("%s: the evidence differs from the tallies by %v", what, d)
	}
}
