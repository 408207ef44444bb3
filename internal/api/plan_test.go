package api_test

import (
	"strings"
	"testing"

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
