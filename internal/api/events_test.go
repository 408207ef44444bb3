package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/results"
)

// ask gives a call an arm.
func (s *server) ask(route string) api.AssignmentAnswer {
	s.t.Helper()
	var got api.AssignmentAnswer
	s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": route}).want(200, &got)
	return got
}

func TestACallIsReportedFromAssignmentToResults(t *testing.T) {
	s := start(t)
	r, test := s.running("+14155550100", 50)
	got := s.ask("+1 415 555 0100")
	path := "/v1/calls/" + string(got.CallID)
	var accepted api.Accepted
	s.do(s.ingest, "POST", path+"/events", `{"id":"1","kind":"answered","at":"2026-01-02T03:04:05Z"}`).want(200, &accepted)
	if accepted.Accepted != 1 {
		t.Errorf("accepted %d", accepted.Accepted)
	}
	s.do(s.ingest, "POST", path+"/events", `[
		{"id":"2","kind":"ended","at":"2026-01-02T03:05:05Z","ended":{"by":"caller","duration_ms":60000}},
		{"id":"3","kind":"analysis","analysis":{"booked":true,"reason":"new","sentiment":0.5}},
		{"id":"4","kind":"transcript","transcript":[{"role":"agent","text":"Hello"},{"role":"caller","text":"Hi"}]}]`).want(200, &accepted)
	if accepted.Accepted != 3 {
		t.Errorf("accepted %d of 3", accepted.Accepted)
	}

	var call struct {
		ID              tandem.ID
		Stage           tandem.Stage
		DurationSeconds float64 `json:"duration_seconds"`
		Goal            *bool
	}
	s.do(s.read, "GET", path, nil).want(200, &call)
	if call.Stage != tandem.StageAnalyzed || call.DurationSeconds != 60 || call.Goal == nil || !*call.Goal {
		t.Errorf("call %+v", call)
	}
	var transcript tandem.Transcript
	s.do(s.read, "GET", path+"/transcript", nil).want(200, &transcript)
	if len(transcript.Turns) != 2 || transcript.Turns[1].Text != "Hi" {
		t.Errorf("transcript %+v", transcript)
	}
	for _, path := range []string{"/v1/tests/" + string(test.ID) + "/results", "/v1/routes/" + string(r.ID) + "/results"} {
		var res results.Results
		s.do(s.read, "GET", path, nil).want(200, &res)
		m, arm := res.Metric(tandem.MetricCompletion), test.Arm(got.Arm)
		if m == nil || m.Arms[arm].N != 1 || *m.Arms[arm].Value != 1 {
			t.Errorf("%s: completion %+v", path, m)
		}
	}
	for query, want := range map[string]int{
		"route=4155550100": 1, "test=" + string(test.ID): 1, "arm=" + got.Arm: 1, "stage=analyzed": 1, "stage=lost": 0,
		"ended_by=caller": 1, "ended_by=agent": 0, "goal=met": 1, "goal=not_met": 0, "transferred=false": 1, "transferred=true": 0,
		"field=reason&value=new": 1, "field=reason&value=change": 0, "has_transcript=true": 1, "version=" + got.Version.Ref: 1,
		"since=2020-01-01T00:00:00Z": 1, "before=2020-01-01T00:00:00Z": 0,
	} {
		var page struct{ Items []struct{ ID tandem.ID } }
		s.do(s.read, "GET", "/v1/calls?"+query, nil).want(200, &page)
		if len(page.Items) != want {
			t.Errorf("%s: %d calls, want %d", query, len(page.Items), want)
		}
	}
	s.do(s.read, "GET", "/v1/calls?value=x", nil).refused(422, "query.field")
	s.do(s.read, "GET", "/v1/calls?stage=gone", nil).refused(422, "query.stage")
	s.do(s.read, "GET", "/v1/calls/"+string(tandem.NewID(time.Now())), nil).refused(404)
}

func TestEventsThatAreRefused(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	id := s.ask("+14155550100").CallID
	both := s.key("both", tandem.ScopeIngest, tandem.ScopeWrite)
	for _, c := range []struct {
		name, key, body string
		status          int
		places          []string
	}{
		{"without an id", s.ingest, `{"kind":"started"}`, 422, []string{"body.id"}},
		{"of an unknown kind", s.ingest, `{"id":"1","kind":"exploded"}`, 422, []string{"body.kind"}},
		{"without what its kind carries", s.ingest, `{"id":"1","kind":"ended"}`, 422, []string{"body.ended"}},
		{"one of a list", s.ingest, `[{"id":"1","kind":"started"},{"id":"2","kind":"ended","ended":{"by":"dog"}}]`, 422, []string{"body[1].ended.by"}},
		{"several of a list", s.ingest, `[{"kind":"started"},{"id":"2","kind":"ended","ended":{"by":"dog"}}]`, 422, []string{"body[0].id", "body[1].ended.by"}},
		{"with a misspelt property", s.ingest, `{"id":"1","kind":"ended","ended":{"by":"caller","durationms":5}}`, 422, []string{"body.durationms"}},
		{"with a wrong type", s.ingest, `{"id":"1","kind":"ended","ended":{"by":"caller","duration_ms":"long"}}`, 422, []string{"body.ended.duration_ms"}},
		{"with a time that is none", s.ingest, `{"id":"1","kind":"started","at":"yesterday"}`, 422, []string{"body.at"}},
		{"of another call", s.ingest, `{"id":"1","kind":"started","call_id":"` + string(tandem.NewID(time.Now())) + `"}`, 422, []string{"body.call_id"}},
		{"from the gateway", s.ingest, `{"id":"1","kind":"started","origin":"sip"}`, 422, []string{"body.origin"}},
		{"from the reaper", s.ingest, `{"id":"1","kind":"started","origin":"reaper"}`, 422, []string{"body.origin"}},
		{"from a replay without the right", s.ingest, `{"id":"1","kind":"started","origin":"replay"}`, 403, []string{"body.origin"}},
		{"that give up a call", s.ingest, `{"id":"1","kind":"lost"}`, 422, []string{"body.kind"}},
		{"that assign", s.ingest, `{"id":"1","kind":"assigned","assigned":{"route_id":"x"}}`, 422, []string{"body.kind"}},
		{"that assign within a running test", both, `{"id":"1","kind":"assigned","origin":"import","assigned":{"test_id":"` + string(test.ID) + `","route_id":"x"}}`, 409, []string{"body.assigned.test_id"}},
		{"that assign within no test", both, `{"id":"1","kind":"assigned","origin":"import","assigned":{"route_id":"x"}}`, 422, []string{"body.assigned.test_id"}},
		{"that are not JSON", s.ingest, `{"id":`, 400, nil},
		{"that are nothing", s.ingest, ``, 400, nil},
		{"that are two without a list", s.ingest, `{"id":"1","kind":"started"}{"id":"2","kind":"started"}`, 400, nil},
		{"that are too large", s.ingest, `{"id":"` + strings.Repeat("x", 5<<20) + `"}`, 413, nil},
		{"without the scope", s.read, `{"id":"1","kind":"started"}`, 403, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(c.key, "POST", "/v1/calls/"+string(id)+"/events", c.body).refused(c.status, c.places...)
		})
	}
	s.do(s.ingest, "POST", "/v1/calls/nonsense/events", `{"id":"1","kind":"started"}`).refused(404)
	var call tandem.Call
	s.do(s.read, "GET", "/v1/calls/"+string(id), nil).want(200, &call)
	if call.Started != nil || call.Ended != nil {
		t.Errorf("a refused event left a trace: %+v", call)
	}
}

func TestAnEventSentAgainChangesNothing(t *testing.T) {
	s := start(t)
	s.running("+14155550100", 50)
	path := "/v1/calls/" + string(s.ask("+14155550100").CallID)
	var before, after tandem.Call
	event := `{"id":"1","kind":"ended","at":"2026-01-02T03:05:05Z","ended":{"by":"agent","duration_ms":1000}}`
	s.do(s.ingest, "POST", path+"/events", event).want(200, nil)
	s.do(s.read, "GET", path, nil).want(200, &before)
	s.do(s.ingest, "POST", path+"/events", event).want(200, nil)
	s.do(s.read, "GET", path, nil).want(200, &after)
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
}

func TestBulkLinesAtFaultDoNotStopTheOthers(t *testing.T) {
	s := start(t)
	var lines []string
	for i := range 1203 {
		lines = append(lines, fmt.Sprintf(`{"id":"e%d","origin":"dialer","foreign_id":"call-%d","kind":"started","at":"2026-01-02T03:04:05Z"}`, i, i%700))
	}
	lines[0] = "\ufeff" + lines[0] // not JSON: a byte order mark
	lines[700] = `{"id":"x","origin":"dialer","kind":"started"}`
	lines[701] = ""
	lines[1202] = `{"id":"` + strings.Repeat("x", 5<<20) + `"}`
	var report api.BulkReport
	s.do(s.ingest, "POST", "/v1/events", strings.Join(lines, "\n"), "Content-Type", "application/x-ndjson").want(422, &report)
	var at []int
	for _, r := range report.Rejected {
		at = append(at, r.Line)
	}
	if d := cmp.Diff([]int{1, 701, 1203}, at); d != "" || report.Accepted != 1199 || report.RejectedCount != 3 {
		t.Errorf("accepted %d, rejected %v: %s", report.Accepted, at, d)
	}
	if report.Rejected[1].Errors[0].Location != "foreign_id" {
		t.Errorf("line 701: %+v", report.Rejected[1])
	}
	n := 0
	for cursor := ""; ; {
		var next struct {
			Items []struct{ ID tandem.ID }
			Next  string
		}
		s.do(s.read, "GET", "/v1/calls?limit=500&cursor="+cursor, nil).want(200, &next)
		n += len(next.Items)
		if cursor = next.Next; cursor == "" {
			break
		}
	}
	if n != 699 { // call-0 stood on lines at fault only
		t.Errorf("%d calls stored, want 699", n)
	}
	s.do(s.ingest, "POST", "/v1/events", "", "Content-Type", "application/x-ndjson").want(200, &report)
	s.do(s.ingest, "POST", "/v1/events", "\n\n"+lines[5]+"\r\n", "Content-Type", "application/x-ndjson").want(200, &report)
	if report.Accepted != 1 {
		t.Errorf("accepted %d", report.Accepted)
	}
}

func TestABulkRequestStopsWhenTheStoreIsAway(t *testing.T) {
	s := start(t, func(d *api.Deps) { d.Ingester = away{} })
	a := s.do(s.ingest, "POST", "/v1/events", `{"id":"1","origin":"x","foreign_id":"y","kind":"started"}`, "Content-Type", "application/x-ndjson")
	p := a.refused(503)
	if a.header.Get("Retry-After") == "" || !strings.Contains(p.Detail, "again") {
		t.Errorf("Retry-After %q, %q", a.header.Get("Retry-After"), p.Detail)
	}
	a = s.do(s.ingest, "POST", "/v1/calls/"+string(tandem.NewID(time.Now()))+"/events", `{"id":"1","kind":"started"}`)
	a.refused(503)
}

type away struct{}

func (away) Ingest(context.Context, []tandem.Event) error {
	return &tandem.Error{Code: tandem.Unavailable, Message: "the store is away", Err: fmt.Errorf("dial tcp 10.0.0.1: refused")}
}
