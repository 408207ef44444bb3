package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/results"
)

// routeFor makes an agent with two versions and a route without a test.
func (s *server) routeFor(number string) string {
	s.t.Helper()
	s.agent("desk", 2)
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": number, "live_version": "desk@1"}).want(201, nil)
	return "/v1/routes/" + strings.Replace(number, "+", "%2B", 1)
}

func TestATestStartsWithItsRulesAndTheFirstStepOfItsRamp(t *testing.T) {
	s := start(t)
	path := s.routeFor("+14155550100")
	var got tandem.Test
	s.do(s.write, "POST", path+"/test", map[string]any{
		"arms": []any{map[string]any{"version": "desk@2"}}, "goal": "fields.booked == true",
		"equivalence_margin": 0.02, "planned_calls": 2000,
		"guardrails": []any{map[string]any{"metric": "transfer", "margin": 0.05, "action": "rollback"}},
		"ramp": []any{
			map[string]any{"weights": []float64{90, 10}, "min_calls": 100, "min_minutes": 60},
			map[string]any{"weights": []float64{50, 50}},
		},
	}).want(201, &got)
	if got.Arms[1].Weight != 10 || got.RampStep != 1 || got.Better != tandem.Higher || got.PlannedCalls != 2000 || got.EquivalenceMargin != 0.02 {
		t.Errorf("started %+v", got)
	}
	if want := (tandem.Guardrail{Metric: "transfer", Worse: tandem.Higher, Margin: 0.05, Action: tandem.Rollback}); len(got.Guardrails) != 1 || got.Guardrails[0] != want {
		t.Errorf("guardrails %+v", got.Guardrails)
	}
	var read tandem.Test
	s.do(s.read, "GET", "/v1/tests/"+string(got.ID), nil).want(200, &read)
	if len(read.Ramp) != 2 || read.Ramp[0].MinMinutes != 60 || read.RampStep != 1 {
		t.Errorf("read %+v", read)
	}
}

func TestRulesAreRefusedByTheNamesOfTheRequest(t *testing.T) {
	s := start(t)
	path := s.routeFor("+14155550100")
	for _, c := range []struct {
		name, rules string
		places      []string
	}{
		{"a guardrail on no metric of the test", `"guardrails": [{"metric": "mood", "margin": 1}]`, []string{"body.guardrails[0].metric"}},
		{"a guardrail with a negative margin", `"guardrails": [{"metric": "transfer", "margin": -1}]`, []string{"body.guardrails[0].margin"}},
		{"an unknown action", `"guardrails": [{"metric": "transfer", "margin": 1, "action": "panic"}]`, []string{"body.guardrails[0].action"}},
		{"a ramp that does not start with the arms", `"ramp": [{"weights": [90, 10], "min_calls": 5}, {"weights": [20, 80]}], "arms": [{"version": "desk@2", "weight": 50}]`, []string{"body.ramp[0].weights"}},
		{"a ramp step that does not add up", `"ramp": [{"weights": [90, 10], "min_calls": 5}, {"weights": [20, 90]}]`, []string{"body.ramp[1].weights"}},
		{"a direction that is none", `"better": "up"`, []string{"body.better"}},
		{"a rule that is none", `"guardrail": []`, []string{"body.guardrail"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := `{` + c.rules + `, "arms": [{"version": "desk@2"}]}`
			if strings.Contains(c.rules, `"arms"`) {
				body = `{` + c.rules + `}`
			}
			s.do(s.write, "POST", path+"/test", body).refused(422, c.places...)
		})
	}
}

// overcrowd sends more calls than the versions have room for, so that hardly any
// is left to chance.
func (s *server) overcrowd(number string) {
	s.t.Helper()
	s.do(s.write, "PATCH", "/v1/routes/"+number, `{"version_limit": 1}`).want(200, nil)
	for range 60 {
		s.ask(number)
	}
}

func TestAnAlarmIsAcknowledgedWithANote(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	path := "/v1/tests/" + string(test.ID) + "/acknowledge"
	var got tandem.Test
	s.do(s.read, "POST", path, `{"check": "coverage"}`).refused(403)
	s.do(s.write, "POST", path, `{"check": "mood"}`).refused(422, "body.check")
	s.do(s.write, "POST", path, `{"check": "coverage"}`).refused(409, "body.check")
	s.overcrowd("+14155550100")
	s.do(s.write, "POST", path, `{"check": "coverage"}`).refused(409, "body.check")
	s.do(s.write, "POST", path, `{"check": "not_randomised"}`, "If-Match", `"7"`).refused(412)
	s.do(s.write, "POST", path, `{"check": "not_randomised", "note": "a trunk was down"}`).want(200, &got)
	if len(got.Acknowledged) != 1 || got.Acknowledged[0].By != "writer" || got.Acknowledged[0].Note != "a trunk was down" || len(got.Acknowledged[0].Concerns) != 1 {
		t.Errorf("acknowledged %+v", got.Acknowledged)
	}
	s.do(s.write, "POST", path, `{"check": "not_randomised"}`).refused(409, "body.check")
	var log struct{ Items []tandem.AuditEntry }
	s.do(s.admin, "GET", "/v1/audit?object="+string(test.ID), nil).want(200, &log)
	if log.Items[0].Action != "test.acknowledge" || log.Items[0].Actor != "writer" {
		t.Errorf("the audit log begins with %+v", log.Items[0])
	}
}

func TestEndingATestKeepsWhatWasKnown(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	path := "/v1/tests/" + string(test.ID)
	s.do(s.read, "GET", path+"/decision", nil).refused(404)
	s.do(s.write, "POST", path+"/end", map[string]any{"winner": "B", "note": "shorter"}).want(200, nil)
	var d tandem.Decision
	s.do(s.read, "GET", path+"/decision", nil).want(200, &d)
	var known results.Results
	if err := json.Unmarshal(d.Results, &known); err != nil {
		t.Fatal(err)
	}
	if d.Winner != "B" || d.Note != "shorter" || d.By != "writer" || known.TestID != test.ID || known.Status != tandem.Running || known.Verdict.Status != tandem.Collecting {
		t.Errorf("decided %s by %s because %q, knowing %s %s", d.Winner, d.By, d.Note, known.Status, known.Verdict.Status)
	}
}
