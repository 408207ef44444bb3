package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	webhook "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tandem/internal/pgtest"
)

// concluded is what these tests read of a verdict and what it rests on.
type concluded struct {
	Verdict struct {
		Status     string
		Arm        string
		Text       string
		Calls      int64
		P          *float64
		Interval   *struct{ Low, High float64 }
		Alarms     []struct{ Check string }
		Guardrails []struct {
			Metric   string
			Breached bool
		}
	}
	Evidence json.RawMessage
	Metrics  []json.RawMessage
}

func (c *client) concluded(testID string) concluded {
	c.t.Helper()
	var out concluded
	c.must("GET", "/v1/tests/"+testID+"/results", nil, &out)
	return out
}

// dialler places calls through the API, as a dialler does, and reports how each
// went. What comes of a call follows from its number alone.
type dialler struct {
	*client
	route string
	// wins says whether call i of an arm is a success; handsOn whether it is
	// transferred.
	wins, handsOn func(i int, arm string) bool
}

// dial places calls from..to and reports them; each batch is one request.
func (d *dialler) dial(from, to int) (arms map[string]int) {
	d.t.Helper()
	arms = map[string]int{}
	var events []object
	for i := from; i < to; i++ {
		var given struct {
			CallID string `json:"call_id"`
			Arm    string `json:"arm"`
		}
		d.must("POST", "/v1/assignments", object{"route": d.route, "call": object{"origin": "dialler", "foreign_id": fmt.Sprint(i)}, "caller": fmt.Sprintf("+1415556%04d", i)}, &given)
		arms[given.Arm]++
		events = append(events, d.events(i, given.CallID, given.Arm)...)
		if len(events) > 300 {
			d.must("POST", "/v1/events", bulk(events), nil)
			events = nil
		}
	}
	if len(events) > 0 {
		d.must("POST", "/v1/events", bulk(events), nil)
	}
	return arms
}

// bulk writes events of several calls as lines.
func bulk(events []object) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for _, e := range events {
		_ = enc.Encode(e) // text and numbers always encode
	}
	return out.Bytes()
}

func (d *dialler) events(i int, id, arm string) []object {
	out := []object{
		{"id": fmt.Sprint(i, "/end"), "call_id": id, "origin": "dialler", "kind": "ended", "ended": object{"by": "caller", "duration_ms": 20_000 + i%7*1000, "answered": true}},
		{"id": fmt.Sprint(i, "/analysis"), "call_id": id, "origin": "dialler", "kind": "analysis", "analysis": object{"success": d.wins(i, arm), "score": float64(i % 10)}},
	}
	if d.handsOn != nil && d.handsOn(i, arm) {
		out = append(out, object{"id": fmt.Sprint(i, "/transfer"), "call_id": id, "origin": "dialler", "kind": "transferred", "transferred": object{"state": "completed"}})
	}
	return out
}

// better has B succeed in 9 of 10 calls and A in 6 of 10.
func better(i int, arm string) bool {
	if arm == "B" {
		return i%10 != 0
	}
	return i%10 < 6
}

// receiver is a webhook's other side. It refuses what it hears first and checks
// the signature of everything.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	secret  string
	heard   []notice
	refused string // the webhook-id that was refused
	wrong   []string
}

type notice struct {
	ID   string
	Type string
	Data struct {
		Kind, Text string
		TestID     string `json:"test_id"`
	}
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	id := req.Header.Get("Webhook-Id")
	if r.refused == "" {
		r.refused = id
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	hook, err := webhook.NewWebhook(r.secret)
	if err == nil {
		err = hook.Verify(raw, req.Header)
	}
	n := notice{ID: id}
	if e := json.Unmarshal(raw, &n); err != nil || e != nil {
		r.wrong = append(r.wrong, fmt.Sprint(err, e))
		return
	}
	r.heard = append(r.heard, n)
}

// of gives what was heard of a kind.
func (r *receiver) of(kind string) (out []notice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.heard {
		if n.Type == kind {
			out = append(out, n)
		}
	}
	return out
}

// listen makes a webhook for r.
func (c *client) listen(r *receiver) {
	c.t.Helper()
	var made struct{ Secret string }
	c.must("POST", "/v1/webhooks", object{"url": r.URL}, &made)
	r.mu.Lock()
	r.secret = made.Secret
	r.mu.Unlock()
}

func (c *client) begin(number string, weights [2]float64, more object) test {
	c.t.Helper()
	a, b := c.publish("desk", "sip:agent@127.0.0.1:5999", "A"), c.publish("desk", "sip:agent@127.0.0.1:5998", "B")
	c.route(number, a, nil)
	in := object{
		"arms": []object{{"version": a, "weight": weights[0]}, {"version": b, "weight": weights[1]}},
		"goal": "fields.success == true",
	}
	for k, v := range more {
		in[k] = v
	}
	var out test
	c.must("POST", "/v1/routes/"+url.PathEscape(number)+"/test", in, &out)
	return out
}

func TestAVerdictIsReachedToldKeptAndReported(t *testing.T) {
	s := newServer(t, "")
	hook := newReceiver(t)
	s.listen(hook)
	running := s.begin("+14155550100", [2]float64{50, 50}, nil)
	d := dialler{client: s.client, route: "+14155550100", wins: better}
	d.dial(0, 40)
	eventually(t, "the first calls are covered", func() bool { return s.concluded(running.ID).Verdict.Calls == 40 })
	if v := s.concluded(running.ID).Verdict; v.Status != "collecting" {
		t.Errorf("after 40 calls the verdict is %s: %s", v.Status, v.Text)
	}
	d.dial(40, 500)
	eventually(t, "all calls are covered", func() bool { return s.concluded(running.ID).Verdict.Calls == 500 })
	v := s.concluded(running.ID).Verdict
	if v.Status != "better" || v.Arm != "B" || v.Interval == nil || v.Interval.Low <= 0 || v.P == nil || *v.P > 0.05 {
		t.Fatalf("after 500 calls the verdict is %+v", v)
	}
	eventually(t, "the verdict is told", func() bool { return len(hook.of("verdict")) > 0 })

	c := console{server: s, dir: t.TempDir()}
	if out := c.ok("results", "+14155550100"); !strings.Contains(out, "B is better") {
		t.Errorf("tandem results does not say so:\n%s", out)
	}
	if out := c.ok("notices", "+14155550100"); !strings.Contains(out, "verdict") {
		t.Errorf("tandem notices does not list it:\n%s", out)
	}
	c.ok("test", "end", "+14155550100", "--winner", "B", "--note", "books more")
	report := c.ok("report", running.ID)
	for _, want := range []string{"B is better", "books more"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%.800s", want, report)
		}
	}
	if page := c.ok("report", running.ID, "--html"); !strings.Contains(page, "<svg") || strings.Contains(page, "src=\"http") {
		t.Error("the HTML report has no charts, or needs something from elsewhere")
	}
	s.verify()

	told := hook.of("verdict")
	if len(told) != 1 || told[0].Data.TestID != running.ID || !strings.Contains(told[0].Data.Text, "B is better") || told[0].ID != hook.refused {
		t.Errorf("told %+v; want one verdict, with the id %s that was refused first", told, hook.refused)
	}
	if len(hook.wrong) > 0 {
		t.Errorf("badly signed: %v", hook.wrong)
	}
}

func TestABreachedGuardrailGivesAllCallsToAAtOnce(t *testing.T) {
	s := newServer(t, "")
	running := s.begin("+14155550100", [2]float64{50, 50}, object{
		"guardrails": []object{{"metric": "transfer", "margin": 0.05, "action": "rollback"}},
	})
	d := dialler{
		client: s.client, route: "+14155550100",
		wins:    func(i int, _ string) bool { return i%2 == 0 },
		handsOn: func(i int, arm string) bool { return arm == "B" && i%2 == 0 || i%20 == 0 },
	}
	d.dial(0, 300)
	var now test
	eventually(t, "the calls are given to A", func() bool {
		s.must("GET", "/v1/tests/"+running.ID, nil, &now)
		return now.Arms[0].Weight == 100
	})
	if now.Status != "running" || len(now.Phases) != 2 {
		t.Errorf("after the rollback the test is %s in phase %d", now.Status, len(now.Phases))
	}
	eventually(t, "the snapshot has it", func() bool { arms := d.dial(1000, 1001); return arms["A"] == 1 })
	if arms := d.dial(1001, 1061); arms["B"] != 0 {
		t.Errorf("after the rollback B had %d of 60 calls", arms["B"])
	}
	if v := s.concluded(running.ID).Verdict; v.Status != "guardrail_breached" {
		t.Errorf("the verdict is %s: %s", v.Status, v.Text)
	}
	var log struct {
		Items []struct{ Action, Actor string }
	}
	s.must("GET", "/v1/audit?object="+running.ID, nil, &log)
	if len(log.Items) == 0 || log.Items[0].Action != "test.rollback" || log.Items[0].Actor != "guardrail" {
		t.Errorf("the audit log begins with %+v", log.Items)
	}
}

func TestARampGoesOnAfterItsCalls(t *testing.T) {
	s := newServer(t, "")
	running := s.begin("+14155550100", [2]float64{90, 10}, object{
		"ramp": []object{{"weights": []float64{90, 10}, "min_calls": 60}, {"weights": []float64{50, 50}}},
	})
	d := dialler{client: s.client, route: "+14155550100", wins: func(i int, _ string) bool { return i%2 == 0 }}
	d.dial(0, 50)
	eventually(t, "the first calls are covered", func() bool { return s.concluded(running.ID).Verdict.Calls == 50 })
	var now test
	s.must("GET", "/v1/tests/"+running.ID, nil, &now)
	if len(now.Phases) != 1 {
		t.Fatalf("the ramp went on after 50 calls of 60")
	}
	d.dial(50, 80)
	eventually(t, "the ramp goes on", func() bool {
		s.must("GET", "/v1/tests/"+running.ID, nil, &now)
		return len(now.Phases) == 2 && now.Arms[1].Weight == 50
	})
}

func TestTwoNodesReachOneVerdictThroughAKill(t *testing.T) {
	database := pgtest.Start(t)
	one, two := newServer(t, database), newServer(t, database)
	hook := newReceiver(t)
	one.listen(hook)
	running := one.begin("+14155550100", [2]float64{50, 50}, nil)
	d := dialler{client: two.client, route: "+14155550100", wins: better}
	eventually(t, "the second node has the test", func() bool {
		status, _ := two.do("POST", "/v1/assignments", object{"route": "+14155550100", "call": object{"origin": "dialler", "foreign_id": "0"}}, nil)
		return status < 300
	})
	d.dial(0, 250)
	one.kill()
	d.dial(250, 600)
	one.start()
	// Outcomes of calls that were covered long ago are corrected.
	var events []object
	for _, c := range two.calls(url.Values{"test": {running.ID}, "arm": {"A"}})[:20] {
		events = append(events, object{"id": "corrected/" + c.ID, "call_id": c.ID, "origin": "dialler", "at": time.Now().UTC().Format(time.RFC3339Nano), "kind": "analysis", "analysis": object{"success": true}})
	}
	two.must("POST", "/v1/events", bulk(events), nil)
	same := func() bool {
		a, b := one.concluded(running.ID), two.concluded(running.ID)
		return a.Verdict.Calls >= 600 && a.Verdict.Calls == b.Verdict.Calls && string(a.Evidence) == string(b.Evidence) && a.Verdict.Text == b.Verdict.Text
	}
	eventually(t, "both nodes say the same of all calls", same)
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
}

func TestTheRecordedExperimentIsCompared(t *testing.T) {
	path, calls := realCalls(t)
	s := newServer(t, "")
	for _, c := range []struct{ by, metric string }{{"acoustic", "completion"}, {"dialog_manager", "duration"}, {"code", "completion"}} {
		var made struct {
			TestID string `json:"test_id"`
		}
		s.tandemJSON(&made, "import", path, "--route", "spring-of-2013", "--arm-by", c.by)
		var r concluded
		eventually(t, "all calls are covered", func() bool { r = s.concluded(made.TestID); return r.Verdict.Calls == int64(len(calls)) })
		t.Logf("%s: %s: %s", c.by, r.Verdict.Status, r.Verdict.Text)
		for _, raw := range r.Metrics {
			var m struct {
				Name    string
				Against []struct {
					Arm      string
					Value    *float64
					Evidence *struct {
						Value    *float64
						P        *float64
						Interval *struct{ Low, High float64 }
					}
				} `json:"against_a"`
			}
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			if m.Name != "completion" && m.Name != "duration" {
				continue
			}
			for _, a := range m.Against {
				if a.Evidence == nil || a.Evidence.Value == nil || a.Value == nil || a.Evidence.Interval == nil || a.Evidence.P == nil {
					t.Errorf("%s by %s, arm %s: no evidence", m.Name, c.by, a.Arm)
					continue
				}
				t.Logf("%s by %s, arm %s: %+.4g (%+.4g to %+.4g), p %.3g", m.Name, c.by, a.Arm, *a.Evidence.Value, a.Evidence.Interval.Low, a.Evidence.Interval.High, *a.Evidence.P)
				// With one phase and all calls covered, evidence and tallies estimate
				// the same difference.
				if d := *a.Evidence.Value - *a.Value; d > 1e-9 || d < -1e-9 {
					t.Errorf("%s by %s, arm %s: the evidence differs from the tallies by %v", m.Name, c.by, a.Arm, d)
				}
			}
		}
		var e struct {
			SampleRatio struct {
				LogBayesFactor *float64 `json:"log_bayes_factor"`
				Broken         bool
			} `json:"sample_ratio"`
		}
		if err := json.Unmarshal(r.Evidence, &e); err != nil || e.SampleRatio.LogBayesFactor == nil {
			t.Fatalf("%s: %v in %s", c.by, err, r.Evidence)
		}
		t.Logf("sample ratio by %s: ln of the Bayes factor %.2f, broken %t", c.by, *e.SampleRatio.LogBayesFactor, e.SampleRatio.Broken)
	}
	s.verify()
}
