package api_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/api"
)

func TestTheSameCallGetsTheSameAnswer(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	body := map[string]any{"route": "+14155550100", "call": map[string]any{"origin": "dialer", "foreign_id": "job-1"}, "caller": "415 555 0177"}
	var first api.AssignmentAnswer
	s.do(s.ingest, "POST", "/v1/assignments", body).want(200, &first)
	if first.TestID != test.ID || first.Version == nil || first.Version.Target.SIP == nil || first.Probability != 0.5 || first.Phase != 1 {
		t.Fatalf("answer %+v", first)
	}
	// Everything moves to the other arm; this call does not.
	move := `{"weights": {"A": 100, "B": 0}}`
	if first.Arm == "A" {
		move = `{"weights": {"A": 0, "B": 100}}`
	}
	s.do(s.write, "PUT", "/v1/tests/"+string(test.ID)+"/split", move).want(200, nil)
	for range 3 {
		var again api.AssignmentAnswer
		s.do(s.ingest, "POST", "/v1/assignments", body).want(200, &again)
		if d := cmp.Diff(first, again); d != "" {
			t.Error(d)
		}
	}
	var call tandem.Call
	s.do(s.read, "GET", "/v1/calls/"+string(first.CallID), nil).want(200, &call)
	if call.Assigned == nil || call.Assigned.Value.Arm != first.Arm || call.Assigned.Value.Caller != "+14155550177" || call.Foreign["dialer"] != "job-1" {
		t.Errorf("recorded %+v", call.Assigned)
	}
	if other := s.ask("+14155550100"); other.Arm == first.Arm {
		t.Errorf("after the split a new call got arm %s", other.Arm)
	}
}

func TestACallKnownByAnEventKeepsItsID(t *testing.T) {
	s := start(t)
	s.running("+14155550100", 50)
	id := tandem.NewID(time.Now())
	s.do(s.ingest, "POST", "/v1/calls/"+string(id)+"/events", `{"id":"1","kind":"started","origin":"dialer","foreign_id":"job-2"}`).want(200, nil)
	var got api.AssignmentAnswer
	s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": "+14155550100", "call": map[string]any{"origin": "dialer", "foreign_id": "job-2"}}).want(200, &got)
	if got.CallID != id {
		t.Errorf("call %s, want %s", got.CallID, id)
	}
	own := tandem.NewID(time.Now())
	s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": "+14155550100", "call": map[string]any{"id": own}}).want(200, &got)
	if got.CallID != own {
		t.Errorf("call %s, want %s", got.CallID, own)
	}
}

func TestManyAskingAboutOneCallAtOnceHearTheSame(t *testing.T) {
	s := start(t)
	s.running("+14155550100", 50)
	answers := make([]api.AssignmentAnswer, 16)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": "+14155550100", "call": map[string]any{"foreign_id": "one"}}).want(200, &answers[i])
		})
	}
	all.Wait()
	for _, got := range answers[1:] {
		if d := cmp.Diff(answers[0], got); d != "" {
			t.Error(d)
		}
	}
}

func TestARouteIsNamedInAnyWay(t *testing.T) {
	s := start(t)
	s.agent("caller", 1)
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"kind": "outbound", "name": "415 555 0100", "live_version": "caller@1", "fallback_uri": "sip:x@127.0.0.1"}).want(201, &r)
	for _, which := range []string{string(r.ID), "415 555 0100"} { // a campaign may look like a number
		var got api.AssignmentAnswer
		s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": which}).want(200, &got)
		if got.RouteID != r.ID || got.TestID != "" || got.Arm != "" || got.Version.Ref != "caller@1" || got.FallbackURI != "sip:x@127.0.0.1" {
			t.Errorf("%q: %+v", which, got)
		}
	}
}

func TestALimitIsTold(t *testing.T) {
	s := start(t)
	s.agent("caller", 1)
	s.do(s.write, "POST", "/v1/routes", map[string]any{"kind": "outbound", "name": "small", "live_version": "caller@1", "version_limit": 1, "fallback_uri": "sip:x@127.0.0.1"}).want(201, nil)
	ask := func(n int) (got api.AssignmentAnswer) {
		s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": "small", "call": map[string]any{"foreign_id": fmt.Sprint(n)}}).want(200, &got)
		return got
	}
	if first := ask(1); first.NotRandomised != "" || first.Version == nil {
		t.Errorf("first %+v", first)
	}
	full := ask(2)
	if full.NotRandomised != tandem.ReasonLimit || full.Version != nil || full.FallbackURI == "" {
		t.Errorf("full %+v", full)
	}
	if d := cmp.Diff(full, ask(2)); d != "" {
		t.Errorf("asked again: %s", d)
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name   string
		body   map[string]any
		places []string
	}{
		{"no such route", map[string]any{"route": "nowhere"}, []string{"body.route"}},
		{"no such number", map[string]any{"route": "+14155550109"}, []string{"body.route"}},
		{"no route", map[string]any{}, []string{"body.route"}},
		{"a call id that is none", map[string]any{"route": "x", "call": map[string]any{"id": "7"}}, []string{"body.call.id"}},
		{"an origin of Tandem's own", map[string]any{"route": "x", "call": map[string]any{"origin": "sip", "foreign_id": "7"}}, []string{"body.call.origin"}},
		{"an origin that is none", map[string]any{"route": "x", "call": map[string]any{"origin": "A B", "foreign_id": "7"}}, []string{"body.call.origin"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.ingest, "POST", "/v1/assignments", c.body).refused(422, c.places...)
		})
	}
}

func TestAnArmThatIsAskedForIsGivenAndCountedApart(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	for range 5 {
		var got, again api.AssignmentAnswer
		body := map[string]any{"route": "+14155550100", "arm": "B", "call": map[string]any{"id": tandem.NewID(time.Now())}}
		s.do(s.ingest, "POST", "/v1/assignments", body).want(200, &got)
		if got.Arm != "B" || got.NotRandomised != tandem.ReasonForced || got.Version == nil || got.Version.ID != test.Arms[1].VersionID {
			t.Fatalf("%+v", got)
		}
		s.do(s.ingest, "POST", "/v1/assignments", body).want(200, &again)
		if d := cmp.Diff(got, again); d != "" {
			t.Error(d)
		}
	}
	s.do(s.ingest, "POST", "/v1/assignments", map[string]any{"route": "+14155550100", "arm": "Z"}).refused(422, "body.arm")
}

func TestAVersionThatTheReporterNamesIsHeldAgainstTheAssignedOne(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	a := s.ask("+14155550100")
	other := test.Arms[1-test.Arm(a.Arm)].VersionID
	s.do(s.ingest, "POST", "/v1/calls/"+string(a.CallID)+"/events", map[string]any{"id": "1", "kind": "answered", "at": time.Now(), "version_id": other}).want(200, nil)
	var call struct {
		NotRandomised tandem.Reason `json:"not_randomised"`
	}
	s.do(s.read, "GET", "/v1/calls/"+string(a.CallID), nil).want(200, &call)
	if call.NotRandomised != tandem.ReasonVersionMismatch {
		t.Errorf("%+v", call)
	}
}
