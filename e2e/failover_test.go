package e2e

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// takenOver is what a record says of a call in a test whose arm B is out of
// order.
type takenOver struct{ Arm, Reason, ServedBy, By string }

func TestCallsOfAnAgentThatIsOutOfOrderAreTakenOverAndCountedApart(t *testing.T) {
	s := newServer(t, "")
	desk, fallback, broken := answerWith(t, "agent"), answerWith(t, "agent"), answerWith(t, "broken")
	live := s.publish("desk", desk.uri("desk"), "A")
	dead := s.publish("dead", "sip:dead@"+address(freePort(t)), "B")
	ill := s.publish("ill", broken.uri("ill"), "B")
	var liveVersion version
	s.must("GET", "/v1/versions/"+url.PathEscape(live), nil, &liveVersion)

	cases := []struct {
		number, b string
		route     object
		reason    string
		servedBy  string
		takes     *sipp

		test    test
		callers *sipp
	}{
		{number: "+14155550101", b: dead, reason: "target_down", servedBy: liveVersion.ID, takes: desk},
		{number: "+14155550102", b: dead, route: object{"fallback_uri": fallback.uri("people")}, reason: "target_down", servedBy: "fallback", takes: fallback},
		{number: "+14155550103", b: ill, reason: "target_error", servedBy: liveVersion.ID, takes: desk},
	}
	for i := range cases {
		c := &cases[i]
		s.route(c.number, live, c.route)
		c.test = s.test(c.number, live, c.b, 50)
		c.callers = place(t, s.sip, c.number, load{scenario: "caller-leaves", calls: 200, rate: 50, hold: 200})
	}
	for _, c := range cases {
		c.callers.finished()
	}
	s.settled()
	took := map[*sipp]map[string]string{desk: desk.collect("got"), fallback: fallback.collect("got")}
	tried := broken.collect("got")
	for _, c := range cases {
		placed := c.callers.saw()
		if len(placed) != 200 {
			t.Fatalf("SIPp placed %d calls to %s, want 200", len(placed), c.number)
		}
		inArm := map[string]int64{}
		for _, r := range s.calls(url.Values{"test": {c.test.ID}}) {
			id := r.Foreign["sip"]
			if placed[id] != "caller-left" {
				t.Errorf("%s: a record of call %s, which nobody placed", c.number, id)
			}
			delete(placed, id)
			got := takenOver{Arm: r.Assigned.Value.Arm, Reason: r.NotRandomised, By: r.Ended.Value.By}
			if r.Failover != nil {
				got.ServedBy = r.Failover.Value.ServedBy
			}
			want, agent := takenOver{Arm: "A", By: "caller"}, desk
			if got.Arm == "B" {
				want, agent = takenOver{Arm: "B", Reason: c.reason, ServedBy: c.servedBy, By: "caller"}, c.takes
			}
			inArm[got.Arm]++
			if diff := cmp.Diff(want, got); diff != "" || took[agent][id] == "" || r.Answered == nil {
				t.Errorf("%s: call %s, taken by the right agent: %v, answered: %v (-want +record)\n%s", c.number, id, took[agent][id] != "", r.Answered != nil, diff)
			}
			if c.b == ill && (tried[id] != "") != (got.Arm == "B") {
				t.Errorf("call %s of arm %s, tried at the broken agent: %v", id, got.Arm, tried[id] != "")
			}
		}
		if len(placed) > 0 {
			t.Errorf("%s: %d calls have no record", c.number, len(placed))
		}
		r := s.results(c.test.ID)
		countedApart := map[string]int64{c.reason: inArm["B"]}
		if diff := cmp.Diff(countedApart, r.Quality[1].NotRandomised); diff != "" || r.Quality[1].Randomised != 0 || r.Quality[1].Assigned != inArm["B"] {
			t.Errorf("%s: arm B has %d assigned, %d randomised calls, want %d and 0 (-want +got)\n%s", c.number, r.Quality[1].Assigned, r.Quality[1].Randomised, inArm["B"], diff)
		}
		if n := r.metric(t, "ended", "A").N; n != inArm["A"] || len(r.Quality[0].NotRandomised) != 0 {
			t.Errorf("%s: arm A has %d ended calls and %v not randomised, want %d and none", c.number, n, r.Quality[0].NotRandomised, inArm["A"])
		}
	}
	for _, agent := range []*sipp{desk, fallback, broken} {
		agent.leave()
	}
	s.stop()
	if n := s.verify(); n != 600 {
		t.Errorf("verify read %d calls, want 600", n)
	}
}

func TestACallThatNobodyCanTakeIsRefusedAndRecordedAsEndedByTheSystem(t *testing.T) {
	s := newServer(t, "")
	dead := s.publish("dead", "sip:dead@"+address(freePort(t)), "A")
	route := s.route("+14155550104", dead, nil)
	callers := place(t, s.sip, "+14155550104", load{scenario: "unavailable", calls: 20, rate: 50})
	callers.finished()
	s.settled()
	placed := callers.saw()
	for _, r := range s.calls(url.Values{"route": {route}}) {
		if placed[r.Foreign["sip"]] != "nobody" || r.Ended.Value.By != "system" || r.Ended.Value.SIPStatus != 503 || r.Answered != nil || r.Duration != nil {
			t.Errorf("call %s: ended %+v, answered %v", r.Foreign["sip"], r.Ended.Value, r.Answered)
		}
		delete(placed, r.Foreign["sip"])
	}
	if len(placed) > 0 {
		t.Errorf("%d calls have no record", len(placed))
	}
}
