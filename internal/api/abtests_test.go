package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/results"
)

func TestATestFromStartToWinner(t *testing.T) {
	s := start(t)
	r, test := s.running("+14155550100", 20)
	if test.Status != tandem.Running || len(test.Arms) != 2 || test.Arms[0].Weight != 80 || test.Arms[0].VersionID != r.LiveVersionID || test.Unit != tandem.PerCall {
		t.Fatalf("started %+v", test)
	}
	path := "/v1/tests/" + string(test.ID)
	var got tandem.Test
	s.do(s.write, "PUT", path+"/split", `{"weights": {"A": 50, "B": 50}}`).want(200, &got)
	if len(got.Phases) != 2 || got.Arms[1].Weight != 50 {
		t.Errorf("after the split %+v", got)
	}
	s.do(s.write, "PUT", path+"/split", `{"weights": [10, 90]}`, "If-Match", `"1"`).refused(412)
	s.do(s.write, "PUT", path+"/split", `{"weights": [10, 90]}`).want(200, &got)
	s.do(s.write, "POST", path+"/end", map[string]any{"winner": "C"}).refused(422, "body.winner")
	s.do(s.write, "POST", path+"/end", map[string]any{"winner": "b", "note": "shorter"}).want(200, &got)
	if got.Status != tandem.Ended || got.Winner != "B" || got.EndNote != "shorter" {
		t.Errorf("ended %+v", got)
	}
	var route tandem.Route
	s.do(s.read, "GET", "/v1/routes/"+string(r.ID), nil).want(200, &route)
	if route.LiveVersionID != test.Arms[1].VersionID {
		t.Error("the winner is not live")
	}
	s.do(s.write, "POST", path+"/end", nil).refused(409)
	s.do(s.write, "PUT", path+"/split", `{"weights": [50, 50]}`).refused(409)
}

func TestATestEndsWithAWhenNoWinnerIsNamed(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	var got tandem.Test
	s.do(s.write, "POST", "/v1/tests/"+string(test.ID)+"/end", nil).want(200, &got)
	if got.Winner != "A" {
		t.Errorf("winner %q", got.Winner)
	}
}

func TestSplitsThatCannotBe(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	for _, c := range []struct {
		name, body string
		places     []string
	}{
		{"weights that do not add up", `{"weights": [50, 40]}`, []string{"body.weights"}},
		{"a negative weight", `{"weights": [110, -10]}`, []string{"body.weights[0]", "body.weights[1]"}},
		{"three weights for two arms", `{"weights": [50, 40, 10]}`, []string{"body.weights"}},
		{"three decimals", `{"weights": [50.001, 49.999]}`, []string{"body.weights[0]", "body.weights[1]"}},
		{"an arm left out", `{"weights": {"A": 100}}`, []string{"body.weights"}},
		{"an arm that is not there", `{"weights": {"A": 50, "B": 40, "C": 10}}`, []string{"body.weights"}},
		{"text", `{"weights": "half"}`, []string{"body.weights"}},
		{"nothing", `{}`, []string{"body.weights"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.write, "PUT", "/v1/tests/"+string(test.ID)+"/split", c.body).refused(422, c.places...)
		})
	}
}

func TestTestsThatCannotBe(t *testing.T) {
	s := start(t)
	r, _ := s.running("+14155550100", 50)
	s.agent("other", 3)
	var free tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "+14155550101", "live_version": "other@1"}).want(201, &free)
	arms := func(of ...string) []any {
		var out []any
		for _, a := range of {
			ref, weight, weighed := strings.Cut(a, "=")
			arm := map[string]any{"version": ref}
			if weighed {
				var w float64
				_, _ = fmt.Sscan(weight, &w)
				arm["weight"] = w
			}
			out = append(out, arm)
		}
		return out
	}
	for _, c := range []struct {
		name   string
		route  string
		body   map[string]any
		status int
		places []string
	}{
		{"a second test on the route", string(r.ID), map[string]any{"arms": arms("other@1", "other@2")}, 409, nil},
		{"a route that is not there", "nowhere", map[string]any{"arms": arms("other@2")}, 404, nil},
		{"a draft", string(free.ID), map[string]any{"arms": arms("other@1", "other@draft")}, 422, []string{"body.arms[1].version"}},
		{"versions that are not there", string(free.ID), map[string]any{"arms": arms("x@1", "x@2")}, 422, []string{"body.arms[0].version", "body.arms[1].version"}},
		{"the same version twice", string(free.ID), map[string]any{"arms": arms("other@2", "other@2")}, 422, []string{"body.arms[1].version"}},
		{"the live version against itself", string(free.ID), map[string]any{"arms": arms("other@1")}, 422, []string{"body.arms[0].version"}},
		{"no arms", string(free.ID), map[string]any{"arms": arms()}, 422, []string{"body.arms"}},
		{"weights that do not add up", string(free.ID), map[string]any{"arms": arms("other@1=50", "other@2=40")}, 422, []string{"body.arms"}},
		{"a weight for one of two arms", string(free.ID), map[string]any{"arms": arms("other@1=50", "other@2")}, 422, []string{"body.arms"}},
		{"a goal that does not compile", string(free.ID), map[string]any{"arms": arms("other@2"), "goal": "fields.booked ="}, 422, []string{"body.goal"}},
		{"a goal over a field that is not there", string(free.ID), map[string]any{"arms": arms("other@2"), "goal": "fields.bokked == true"}, 422, []string{"body.goal"}},
		{"a metric that is not there", string(free.ID), map[string]any{"arms": arms("other@2"), "primary_metric": "happiness"}, 422, []string{"body.primary_metric"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.write, "POST", "/v1/routes/"+c.route+"/test", c.body).refused(c.status, c.places...)
		})
	}
	var three tandem.Test
	s.do(s.write, "POST", "/v1/routes/"+string(free.ID)+"/test", map[string]any{"arms": arms("other@1", "other@2", "other@3"), "unit": "caller"}).want(201, &three)
	if d := cmp.Diff([]float64{33.34, 33.33, 33.33}, three.Phases[0].Weights); d != "" || three.Unit != tandem.PerCaller {
		t.Errorf("three arms without weights: %s, unit %s", d, three.Unit)
	}
}

func TestAFinishedExperimentIsImported(t *testing.T) {
	s := start(t)
	s.agent("old", 2)
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"kind": "outbound", "name": "dstc2", "live_version": "old@1"}).want(201, &r)
	body := map[string]any{
		"route": "dstc2", "name": "acoustic", "goal": "fields.booked == true",
		"arms":       []any{map[string]any{"version": "old@1", "weight": 541}, map[string]any{"version": "old@2", "weight": 1071}},
		"started_at": "2012-01-02T03:04:05Z", "ended_at": "2012-02-02T03:04:05Z",
	}
	var test tandem.Test
	s.do(s.write, "POST", "/v1/tests/recorded", body).want(201, &test)
	if test.Status != tandem.Recorded || test.Arms[0].Weight != 33.56 || test.Arms[1].Weight != 66.44 || test.StartedAt.Year() != 2012 || test.EndedAt == nil {
		t.Fatalf("imported %+v", test)
	}
	event := func(call, arm string, version tandem.ID) string {
		return fmt.Sprintf(`{"id":"%s/assigned","origin":"import","foreign_id":"%s","kind":"assigned","at":"2012-01-03T00:00:00Z","assigned":{"route_id":"%s","test_id":"%s","phase":1,"arm":"%s","version_id":"%s","probability":0.5}}
{"id":"%s/ended","origin":"import","foreign_id":"%s","kind":"ended","at":"2012-01-03T00:01:00Z","ended":{"by":"caller","duration_ms":60000}}
{"id":"%s/analysis","origin":"import","foreign_id":"%s","kind":"analysis","at":"2012-01-03T00:01:00Z","analysis":{"booked":true}}`,
			call, call, r.ID, test.ID, arm, version, call, call, call, call)
	}
	lines := event("c1", "A", test.Arms[0].VersionID) + "\n" + event("c2", "B", test.Arms[1].VersionID)
	both := s.key("importer", tandem.ScopeIngest, tandem.ScopeWrite)
	for range 2 { // a second import changes nothing
		var report struct{ Accepted int }
		s.do(both, "POST", "/v1/events", lines, "Content-Type", "application/x-ndjson").want(200, &report)
		if report.Accepted != 6 {
			t.Errorf("accepted %d of 6", report.Accepted)
		}
	}
	var res results.Results
	s.do(s.read, "GET", "/v1/routes/dstc2/results", nil).want(200, &res)
	if m := res.Metric(tandem.MetricCompletion); m == nil || m.Arms[0].N != 1 || m.Arms[1].N != 1 || *m.Arms[1].Value != 1 {
		t.Errorf("completion %+v", m)
	}
	// The importer's assignments have to fit the test.
	wrong := event("c3", "A", test.Arms[1].VersionID)
	var report struct {
		Accepted int
		Rejected []struct {
			Line   int
			Errors []struct{ Location string }
		}
	}
	s.do(both, "POST", "/v1/events", wrong, "Content-Type", "application/x-ndjson").want(422, &report)
	if report.Accepted != 2 || len(report.Rejected) != 1 || report.Rejected[0].Line != 1 || report.Rejected[0].Errors[0].Location != "assigned.version_id" {
		t.Errorf("a wrong assignment: %+v", report)
	}
	s.do(s.write, "PUT", "/v1/tests/"+string(test.ID)+"/split", `{"weights":[50,50]}`).refused(409)
	// Counts are no shares to check the split against; intended shares are.
	if r := res.Evidence.SampleRatio; r.NotChecked != "the intended shares are not known" || r.LogBayesFactor != nil || r.Broken {
		t.Errorf("the sample ratio of counts: %+v", r)
	}
	body["name"], body["intended"] = "acoustic as intended", true
	s.do(s.write, "POST", "/v1/tests/recorded", body).want(201, &test)
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID), nil).want(200, &test)
	var again results.Results
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/results", nil).want(200, &again)
	if r := again.Evidence.SampleRatio; !test.Intended || r.NotChecked != "" || r.LogBayesFactor == nil {
		t.Errorf("the sample ratio of intended shares: %+v", r)
	}
	body["arms"] = []any{map[string]any{"version": "old@1"}, map[string]any{"version": "old@2"}}
	s.do(s.write, "POST", "/v1/tests/recorded", body).refused(422, "body.intended")
}

func TestTestsAreListedByRoute(t *testing.T) {
	s := start(t)
	r, test := s.running("+14155550100", 50)
	s.running("+14155550101", 50)
	var page struct{ Items []tandem.Test }
	s.do(s.read, "GET", "/v1/tests?route=%2B14155550100", nil).want(200, &page)
	if len(page.Items) != 1 || page.Items[0].ID != test.ID || page.Items[0].RouteID != r.ID {
		t.Errorf("listed %+v", page.Items)
	}
	s.do(s.read, "GET", "/v1/tests", nil).want(200, &page)
	if len(page.Items) != 2 {
		t.Errorf("listed %d, want 2", len(page.Items))
	}
	s.do(s.read, "GET", "/v1/tests?route=nowhere", nil).refused(422, "query.route")
	s.do(s.read, "GET", "/v1/tests/nonsense", nil).refused(404)
	s.do(s.read, "GET", "/v1/tests/"+string(tandem.NewID(test.StartedAt)), nil).refused(404)
}
