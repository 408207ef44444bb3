package e2e

import (
	"fmt"
	"net/url"
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
		split := r.Evidence.SampleRatio
		if split.LogBayesFactor == nil {
			t.Errorf("%s: the split was not checked", by)
			continue
		}
		t.Logf("sample ratio by %s: ln of the Bayes factor %.2f, broken %t", by, *split.LogBayesFactor, split.Broken)
	}
	s.verify()
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
