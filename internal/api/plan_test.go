package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/results"
)

func TestAPlanSaysHowManyCallsATestTakes(t *testing.T) {
	s := start(t)
	var p results.Plan
	s.do(s.read, "POST", "/v1/plan", `{"baseline": 0.7, "effect": 0.1, "per_day": 100}`).want(200, &p)
	if len(p.Modes) != 3 || p.Modes[0].Mode != results.ModeSequential || p.Modes[0].Days == nil || !strings.Contains(p.Text, "70") {
		t.Fatalf("plan %+v", p)
	}
	if n := p.Modes[0].Calls; n < 900 || n > 1150 { // 1,026 by the design, 1,000 by simulation
		t.Errorf("%d calls; want about 1,000", n)
	}
	if n := p.Modes[2].Calls; n < 580 || n > 595 { // 587 by power.prop.test
		t.Errorf("%d calls for one look; want 587", n)
	}
}

func TestAPlanKnowsTheRouteAndTheMetricOfItsTest(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	s.do(s.read, "POST", "/v1/plan", `{"route": "+14155550100", "metric": "completion", "baseline": 0.7, "effect": 0.1}`).want(200, nil)
	s.do(s.read, "POST", "/v1/plan", `{"route": "+14155550100", "metric": "completion", "effect": 0.1}`).refused(422, "body.baseline")
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/plan", nil).refused(422, "query.effect")
}

// talk gives the route of a test n calls; in each arm the second, fourth and so
// on are booked.
func (s *server) talk(number string, n int) {
	s.t.Helper()
	had := map[string]int{}
	for range n {
		call := s.ask(number)
		had[call.Arm]++
		path := "/v1/calls/" + string(call.CallID) + "/events"
		s.do(s.ingest, "POST", path, fmt.Sprintf(`[
			{"id":"1","kind":"ended","ended":{"by":"caller","duration_ms":60000}},
			{"id":"2","kind":"analysis","analysis":{"booked":%v}}]`, had[call.Arm]%2 == 0)).want(200, nil)
	}
}

func TestATestIsPlannedWithWhatItHasSeen(t *testing.T) {
	s := start(t)
	route, test := s.running("+14155550100", 50)
	s.talk("+14155550100", 40)
	path := "/v1/tests/" + string(test.ID) + "/plan"
	var known results.Results
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/results", nil).want(200, &known)
	var p results.Plan
	s.do(s.read, "GET", path+"?effect=0.2", nil).want(200, &p)
	if got, want := *p.Request.Baseline, *known.Metric("completion").Arms[0].Value; got != want || p.Request.Effect != 0.2 || len(p.Modes) != 3 {
		t.Errorf("baseline %v (want %v), plan %+v", got, want, p)
	}
	if p.Modes[0].Days == nil {
		t.Error("no days, though the route has calls")
	}
	s.do(s.read, "GET", path+"?effect=much", nil).refused(422, "query.effect")
	s.do(s.read, "GET", path+"?effect=2", nil).refused(422, "query.effect")
	s.do(s.read, "GET", path+"?effect=NaN", nil).refused(422, "query.effect")

	s.do(s.write, "POST", "/v1/tests/"+string(test.ID)+"/end", nil).want(200, nil)
	s.do(s.read, "GET", path+"?effect=0.2", nil).want(200, nil)
	var later tandem.Test
	s.do(s.write, "POST", "/v1/routes/"+string(route.ID)+"/test", `{"arms": [{"version": "agent0100@2"}], "goal": "fields.booked == true"}`).want(201, &later)
	if problem := s.do(s.read, "GET", path+"?effect=0.2", nil).refused(409); !strings.Contains(problem.Detail, string(later.ID)) {
		t.Errorf("refused without naming the test that followed: %s", problem.Detail)
	}
}

// verdict says of every test that B is better by 0.1, which takes a folder and
// far more calls to find out.
type verdict struct{ *results.Reader }

func (v verdict) ForRoute(ctx context.Context, which string) (results.Results, error) {
	r, err := v.Reader.ForRoute(ctx, which)
	r.Verdict.Value = new(0.1)
	return r, err
}

func TestATestIsPlannedForTheDifferenceItHasSeenUntilBIsKept(t *testing.T) {
	for winner, refused := range map[string]bool{"": false, "A": false, "B": true} {
		t.Run("kept "+winner, func(t *testing.T) {
			s := start(t, func(d *api.Deps) { d.Results = verdict{d.Results.(*results.Reader)} })
			_, test := s.running("+14155550100", 50)
			s.talk("+14155550100", 40)
			at := "/v1/tests/" + string(test.ID)
			if winner != "" {
				s.do(s.write, "POST", at+"/end", map[string]any{"winner": winner}).want(200, nil)
			}
			if refused {
				s.do(s.read, "GET", at+"/plan", nil).refused(422, "query.effect")
				s.do(s.read, "GET", at+"/plan?effect=0.02", nil).want(200, nil)
				return
			}
			var p results.Plan
			if s.do(s.read, "GET", at+"/plan", nil).want(200, &p); p.Request.Effect != 0.1 {
				t.Errorf("planned for %v; want the 0.1 that was seen", p.Request.Effect)
			}
		})
	}
}

func TestTheReportOfAnEndedTestStaysAsItWasKnown(t *testing.T) {
	s := start(t)
	path := s.routeFor("+14155550100")
	var test tandem.Test
	s.do(s.write, "POST", path+"/test", map[string]any{
		"arms": []any{map[string]any{"version": "desk@2"}}, "goal": "fields.booked == true", "planned_calls": 500,
		"guardrails": []any{map[string]any{"metric": "transfer", "margin": 0.05}},
	}).want(201, &test)
	s.talk("+14155550100", 20)
	waiting := "/v1/calls/" + string(s.ask("+14155550100").CallID) + "/events"
	at := "/v1/tests/" + string(test.ID)
	s.overcrowd("+14155550100")
	s.do(s.write, "POST", at+"/acknowledge", `{"check": "not_randomised", "note": "a trunk was down"}`).want(200, nil)
	s.do(s.write, "POST", at+"/end", `{"winner": "B", "note": "friendlier by ear"}`).want(200, nil)
	then := s.do(s.read, "GET", at+"/report", nil).want(200, nil)
	var decided tandem.Decision
	s.do(s.read, "GET", at+"/decision", nil).want(200, &decided)

	s.do(s.ingest, "POST", waiting, `[{"id":"1","kind":"ended","ended":{"by":"caller","duration_ms":9000}},{"id":"2","kind":"analysis","analysis":{"booked":true}}]`).want(200, nil)
	var known, now results.Results
	s.do(s.read, "GET", at+"/results", nil).want(200, &now)
	if err := json.Unmarshal(decided.Results, &known); err != nil {
		t.Fatal(err)
	}
	calls := func(r results.Results) (n int64) {
		for _, a := range r.Metric("completion").Arms {
			n += a.N
		}
		return n
	}
	if calls(known) != 20 || calls(now) != 21 {
		t.Errorf("known of %d calls, now of %d; want 20 and 21", calls(known), calls(now))
	}
	later := s.do(s.read, "GET", at+"/report", nil).want(200, nil)
	if d := cmp.Diff(string(then.body), string(later.body)); d != "" {
		t.Errorf("the report changed after the test's end: %s", d)
	}
	for _, want := range []string{"friendlier by ear", "Completion rate", "writer"} {
		if !strings.Contains(string(later.body), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

func TestPlansThatCannotBe(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ name, body, place string }{
		{"no difference to find", `{"baseline": 0.7}`, "body.effect"},
		{"a share past 1", `{"baseline": 0.7, "effect": 0.4}`, "body.effect"},
		{"a share that is none", `{"baseline": 7, "effect": 0.1}`, "body.baseline"},
		{"a mean without spread", `{"kind": "mean", "baseline": 60, "effect": 5}`, "body.sd"},
		{"a metric of no route", `{"metric": "completion", "baseline": 0.7, "effect": 0.1}`, "body.route"},
		{"a route that is not there", `{"route": "nowhere", "baseline": 0.7, "effect": 0.1}`, "body.route"},
		{"a word that is none", `{"baseline": 0.7, "effect": 0.1, "tails": 2}`, "body.tails"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.read, "POST", "/v1/plan", c.body).refused(422, c.place)
		})
	}
}

func TestAReportIsMarkdownOrAPage(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	path := "/v1/tests/" + string(test.ID)
	text := s.do(s.read, "GET", path+"/report", nil).want(200, nil)
	if ct := text.header.Get("Content-Type"); ct != "text/markdown; charset=utf-8" || !strings.HasPrefix(string(text.body), "# ") {
		t.Errorf("%s: %.80s", ct, text.body)
	}
	for _, page := range []*answer{
		s.do(s.read, "GET", path+"/report?format=html", nil),
		s.do(s.read, "GET", path+"/report", nil, "Accept", "text/html,application/xhtml+xml"),
	} {
		page.want(200, nil)
		if ct := page.header.Get("Content-Type"); ct != "text/html; charset=utf-8" || !strings.HasPrefix(strings.ToLower(string(page.body)), "<!doctype html>") {
			t.Errorf("%s: %.80s", ct, page.body)
		}
		if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "style-src") {
			t.Errorf("policy %s", csp)
		}
	}
	s.do(s.read, "GET", path+"/report?format=pdf", nil).refused(422, "query.format")

	s.do(s.write, "POST", path+"/end", map[string]any{"winner": "B", "note": "friendlier by ear"}).want(200, nil)
	ended := s.do(s.read, "GET", path+"/report", nil).want(200, nil)
	if body := string(ended.body); !strings.Contains(body, "friendlier by ear") || !strings.Contains(body, "writer") {
		t.Errorf("the report of an ended test does not say why and by whom:\n%.600s", body)
	}
}
