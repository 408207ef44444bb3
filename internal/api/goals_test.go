package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/results"
)

// called assigns and ends a call of a route, and reports whether it was booked.
func (s *server) called(number string, n int, booked bool) {
	s.t.Helper()
	var got struct {
		CallID tandem.ID `json:"call_id"`
	}
	s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": number}).want(200, &got)
	at := time.Now().UTC().Add(-time.Minute).Format(time.RFC3339)
	s.do(s.ingest, "POST", "/v1/calls/"+string(got.CallID)+"/events", fmt.Sprintf(
		`[{"id":"e%d","kind":"ended","at":%q,"ended":{"by":"caller","duration_ms":90000}},{"id":"a%d","kind":"analysis","at":%q,"analysis":{"booked":%v}}]`,
		n, at, n, at, booked)).want(200, nil)
}

func TestAGoalIsChangedWhileTheTestRuns(t *testing.T) {
	told := 0
	s := start(t, func(d *api.Deps) { d.GoalChanged = func() { told++ } })
	_, test := s.running("+14155550100", 50)
	path := "/v1/tests/" + string(test.ID)
	for n := range 3 {
		s.called("+14155550100", n, n > 0)
	}
	for name, body := range map[string]string{
		"a goal that does not compile": `{"goal": "fields.booked ="}`,
		"a field no version has":       `{"goal": "fields.bokked"}`,
		"no condition":                 `{"goal": "call.duration_seconds"}`,
		"nothing":                      `{}`,
		"something else":               `{"goal": "fields.booked", "name": "x"}`,
	} {
		if a := s.do(s.write, "PATCH", path, body); a.status != 422 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	s.do(s.write, "PATCH", path, `{"goal": "fields.booked ="}`).refused(422, "body.goal")
	s.do(s.read, "PATCH", path, `{"goal": "call.transferred"}`).refused(403)
	s.do(s.write, "PATCH", path, `{"goal": "call.transferred"}`, "If-Match", `"7"`).refused(412)
	if told != 0 {
		t.Fatal("a goal that was not changed is told")
	}

	var got tandem.Test
	s.do(s.write, "PATCH", path, `{"goal": "!fields.booked", "note": "the field means the opposite"}`).want(200, &got)
	if got.Goal != "!fields.booked" || len(got.GoalChanges) != 1 || told != 1 {
		t.Fatalf("changed to %+v, told %d", got, told)
	}
	if ch := got.GoalChanges[0]; ch.By != "writer" || ch.From != "fields.booked == true" || ch.To != "!fields.booked" || ch.Calls != 3 || ch.Note != "the field means the opposite" {
		t.Errorf("change %+v", ch)
	}
	var audit struct{ Items []tandem.AuditEntry }
	s.do(s.admin, "GET", "/v1/audit?object="+string(test.ID), nil).want(200, &audit)
	if audit.Items[0].Action != "test.goal" || audit.Items[0].Actor != "writer" {
		t.Errorf("audit %+v", audit.Items[0])
	}

	// Nothing counts anew here: completion stays held back, a new call follows the
	// goal at once.
	s.called("+14155550100", 9, false)
	var r results.Results
	s.do(s.read, "GET", path+"/results", nil).want(200, &r)
	if r.Recounting == nil || r.Recounting.Text != "Re-counting: 0 of 3 calls under the changed goal" || r.Verdict.Text != r.Recounting.Text+". No verdict on the completion rate until that is done." {
		t.Errorf("recounting %+v, verdict %q", r.Recounting, r.Verdict.Text)
	}
	if len(r.GoalChanges) != 1 || !strings.Contains(strings.Join(r.Method.Notes, " "), "after 3 calls") {
		t.Errorf("the change is not told: %+v, %v", r.GoalChanges, r.Method.Notes)
	}
	var calls struct{ Items []tandem.Call }
	s.do(s.read, "GET", "/v1/calls?goal=met&test="+string(test.ID), nil).want(200, &calls)
	if len(calls.Items) != 3 { // two counted under the old goal, and the new one
		t.Errorf("%d calls met the goal", len(calls.Items))
	}

	s.do(s.write, "POST", path+"/end", nil).want(200, nil)
	s.do(s.write, "PATCH", path, `{"goal": "call.transferred"}`).refused(409)
}

func TestAGoalIsCheckedBeforeItIsUsed(t *testing.T) {
	s := start(t)
	s.agent("desk", 1)
	draft := complete("another")
	draft["fields"] = append(draft["fields"].([]any), map[string]any{"name": "upsell", "type": "number", "unit": "EUR"})
	s.do(s.write, "PUT", "/v1/agents/desk/draft", draft).want(200, nil)
	s.do(s.write, "POST", "/v1/agents/desk/publish", nil).want(201, nil)
	check := func(goal string, versions ...string) results.GoalCheck {
		t.Helper()
		var out results.GoalCheck
		s.do(s.read, "POST", "/v1/goals/check", map[string]any{"goal": goal, "versions": versions}).want(200, &out)
		return out
	}
	good := check("fields.booked && !call.voicemail", "desk@1", "desk@2")
	names := map[string]results.GoalName{}
	for _, n := range good.Names {
		names[n.Name] = n
	}
	if !good.OK || len(good.Errors)+len(good.Warnings) != 0 {
		t.Errorf("a good goal: %+v", good)
	}
	if names["call.duration_seconds"].Type != "double" || names["call.duration_seconds"].Doc == "" || names["fields.booked"].Type != "bool" ||
		len(names["fields.reason"].Choices) != 2 || names["fields.call_successful"].Type != "bool" {
		t.Errorf("names %+v", good.Names)
	}
	if _, has := names["fields.upsell"]; has {
		t.Error("a field that one version lacks is among the names")
	}
	bad := check("fields.booked &&\n  fields.raeson == 'new'", "desk@1", "desk@2")
	if bad.OK || len(bad.Errors) != 1 || bad.Errors[0].Line != 2 || bad.Errors[0].Column != 3 || !strings.Contains(bad.Errors[0].Message, "fields.reason") || len(bad.Names) == 0 {
		t.Errorf("a bad goal: %+v", bad.Errors)
	}
	torn := check("fields.upsell > 3", "desk@1", "desk@2")
	if !torn.OK || len(torn.Warnings) != 1 || !strings.Contains(torn.Warnings[0], "only the version of B defines it") {
		t.Errorf("a field of one version: %+v", torn)
	}
	if empty := check("", "desk@1"); !empty.OK || len(empty.Warnings) != 1 {
		t.Errorf("no goal: %+v", empty)
	}
	s.do(s.read, "POST", "/v1/goals/check", map[string]any{"goal": "true", "versions": []string{"desk@1", "desk@9"}}).refused(422, "body.versions[1]")

	// What is not the same in both versions decides no test.
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "+14155550100", "live_version": "desk@1"}).want(201, &r)
	start := map[string]any{"arms": []any{map[string]any{"version": "desk@2"}}, "primary_metric": "field.upsell"}
	p := s.do(s.write, "POST", "/v1/routes/"+string(r.ID)+"/test", start).refused(422, "body.primary_metric")
	if !strings.Contains(p.Errors[0].Message, "only the version of B defines it") {
		t.Errorf("refused with %+v", p.Errors)
	}
	start["primary_metric"] = "field.booked"
	start["guardrails"] = []any{map[string]any{"metric": "call_successful", "margin": 0.1}}
	s.do(s.write, "POST", "/v1/routes/"+string(r.ID)+"/test", start).want(201, nil)
}
