package e2e

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/pgtest"
)

// pair is two nodes on one database with a test on one number.
type pair struct {
	one, two *server
	number   string
	test     test
	caller   *phone
	agents   map[string]*phone
}

func newPair(t *testing.T) *pair {
	t.Helper()
	database := pgtest.Start(t)
	p := &pair{
		one: newServer(t, database), two: newServer(t, database), number: "+14155550108",
		caller: newPhone(t), agents: map[string]*phone{"A": newPhone(t), "B": newPhone(t)},
	}
	a := p.one.publish("desk", "sip:desk@"+p.agents["A"].addr(), "A")
	b := p.one.publish("desk", "sip:desk@"+p.agents["B"].addr(), "B")
	p.one.route(p.number, a, nil)
	p.test = p.one.test(p.number, a, b, 50)
	eventually(t, "the other node knows the route", func() bool { return p.phase(t, p.two) == 1 })
	return p
}

// phase asks a node for an assignment and gives the phase it is in; 0 when the
// node knows of no test.
func (p *pair) phase(t *testing.T, node *server) int {
	t.Helper()
	var given struct {
		Phase int    `json:"phase"`
		Arm   string `json:"arm"`
	}
	if status, err := node.do("POST", "/v1/assignments", object{"route": p.test.RouteID}, &given); err != nil && status != 503 {
		t.Fatal(err)
	}
	return given.Phase
}

// whole waits until what both nodes saw of a call is in the database: that it
// was answered, that it ended and, where it was, that it was transferred.
func whole(t *testing.T, node *server, id string, transferred bool) (c call) {
	t.Helper()
	eventually(t, "the call's record is whole", func() bool {
		c = call{}
		status, err := node.do("GET", "/v1/calls/"+id, nil, &c)
		if err != nil && status != 404 {
			t.Fatal(err)
		}
		return c.Ended != nil && c.Answered != nil && (!transferred || c.Transfer != nil && c.Transfer.Value.State == "completed")
	})
	return c
}

func TestACallThatBeginsOnOneNodeEndsOnAnother(t *testing.T) {
	p := newPair(t)
	one, two := p.one.sip, p.two.sip
	for name, way := range map[string]struct {
		invite, ack, bye string
		by               string
	}{
		"the caller's BYE by the other node":         {one, one, two, "caller"},
		"the agent's BYE by the other node":          {one, one, two, "agent"},
		"ACK and BYE by the other node":              {one, two, two, "caller"},
		"begun on the second and ended on the first": {two, two, one, "caller"},
		"all by one node":                            {two, two, two, "agent"},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range 4 { // both arms come up, nearly always
				d := converse(t, p.caller, p.agents, fmt.Sprintf("%s-%d", url.PathEscape(name), i), p.number, way.invite, way.ack)
				from, to := d.caller, d.agent
				if way.by == "agent" {
					from, to = to, from
				}
				from.request(way.bye, "BYE")
				to.answer(to.await("BYE"), "200 OK")
				from.await("SIP/2.0 200")
				for _, node := range []*server{p.one, p.two} {
					c := whole(t, node, d.id, false)
					want := told{Arm: d.arm, By: way.by, Answered: true}
					if diff := cmp.Diff(want, record(c)); diff != "" || c.Duration == nil || c.Foreign["sip"] != d.callID || c.Assigned.Value.TestID != p.test.ID {
						t.Errorf("the record of %s is %+v, duration %v (-want +got)\n%s", d.callID, c.Assigned.Value, c.Duration, diff)
					}
				}
			}
		})
	}
	ways := 0
	for _, c := range p.one.calls(url.Values{"test": {p.test.ID}}) {
		if c.Foreign["sip"] != "" {
			ways++
		}
	}
	if ways != 20 {
		t.Errorf("%d calls by SIP are recorded, want 20: one for each, whichever nodes it went by", ways)
	}
	p.one.stop()
	p.two.stop()
	p.one.verify()
}

func TestATransferThatBeginsOnOneNodeIsFollowedToItsEndOnAnother(t *testing.T) {
	p := newPair(t)
	d := converse(t, p.caller, p.agents, "transfer-over-two-nodes", p.number, p.one.sip, p.one.sip)
	d.agent.request(p.two.sip, "REFER", "Contact: <sip:agent@"+d.agent.addr()+">", "Refer-To: <sip:+14155550177@desk.example.com>")
	d.caller.answer(d.caller.await("REFER"), "202 Accepted", "Contact: <sip:caller@"+d.caller.addr()+">")
	d.agent.await("SIP/2.0 202")
	d.caller.notify(p.two.sip, "SIP/2.0 200 OK")
	d.agent.answer(d.agent.await("NOTIFY"), "200 OK")
	d.caller.await("SIP/2.0 200")
	d.agent.request(p.one.sip, "BYE")
	d.caller.answer(d.caller.await("BYE"), "200 OK")
	d.agent.await("SIP/2.0 200")
	c := whole(t, p.one, d.id, true)
	if diff := cmp.Diff(told{Arm: d.arm, By: "agent", Transfer: "completed", Answered: true}, record(c)); diff != "" {
		t.Errorf("the record (-want +got)\n%s", diff)
	}
}

// promised is within what time a change made on one node is in force on every
// other.
const promised = time.Second

func TestASplitChangedOnOneNodeIsInForceOnTheOtherWithinASecond(t *testing.T) {
	p := newPair(t)
	for i, share := range []float64{0, 100, 0} {
		p.one.must("PUT", "/v1/tests/"+p.test.ID+"/split", object{"weights": []float64{share, 100 - share}}, nil)
		for end := time.Now().Add(promised); p.phase(t, p.two) != i+2 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
		want := "B"
		if share == 100 {
			want = "A"
		}
		for range 20 {
			var given struct {
				Phase int    `json:"phase"`
				Arm   string `json:"arm"`
			}
			p.two.must("POST", "/v1/assignments", object{"route": p.test.RouteID}, &given)
			if given.Phase != i+2 || given.Arm != want {
				t.Fatalf("after the split was changed to %v/%v the other node gives arm %s in phase %d, want %s in phase %d", share, 100-share, given.Arm, given.Phase, want, i+2)
			}
		}
		d := converse(t, p.caller, p.agents, fmt.Sprintf("split-%d", i), p.number, p.two.sip, p.two.sip)
		if d.arm != want {
			t.Errorf("a call by the other node reached arm %s, want %s", d.arm, want)
		}
		d.caller.request(p.two.sip, "BYE")
		d.agent.answer(d.agent.await("BYE"), "200 OK")
		d.caller.await("SIP/2.0 200")
	}
}
