package sip

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestAnotherNodeEndsTheCall(t *testing.T) {
	k := converse(t)
	other := start(t)
	k.callerLeg.to = other.addr(UDP)
	k.callerLeg.send("BYE", "")
	bye := k.agent.expect("BYE")
	if bye.from != other.addr(UDP) {
		t.Errorf("the BYE came from %v", bye.from)
	}
	k.agent.send(other.addr(UDP), k.agent.respond(bye, "200 OK", "", ""))
	k.caller.expect("200")

	here, there := k.led.wait(t, tandem.EventAssigned), other.led.wait(t, tandem.EventAssigned)
	if diff := cmp.Diff(here, there); diff != "" {
		t.Errorf("the other node rebuilt another assignment: %s", diff)
	}
	ended := other.led.wait(t, tandem.EventEnded)
	if ended.CallID != here.CallID || ended.Ended.By != tandem.ByCaller || ended.Ended.Answered == nil || !*ended.Ended.Answered {
		t.Errorf("ended %+v %+v", ended, *ended.Ended)
	}
	if c := other.led.call(t); c.Stage() != tandem.StageEnded || c.Assigned == nil {
		t.Errorf("from the other node alone the record is %+v", c)
	}
}

func TestAnAnswerAfterARestartReachesTheCaller(t *testing.T) {
	// The gateway that forwarded the INVITE is gone; another process has its
	// address and its secret.
	w := start(t)
	gate := w.addr(UDP)
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(gate, caller.invite())
	caller.expect("100")
	got := agent.expect("INVITE")
	stop(w)
	next := start(t, func(c *Config) { c.Listen[0].Addr = gate.String() })
	agent.send(gate, agent.respond(got, "200 OK", "a", sdp))
	ok := caller.expect("200")
	if ok.from != gate || len(ok.all("Via")) != 1 {
		t.Errorf("the 200 reached the caller as\n%s", ok.raw)
	}
	if c := next.led.call(t); c.Answered == nil || c.Assigned == nil {
		t.Errorf("the record is %+v", c)
	}
	if a, b := w.led.wait(t, tandem.EventAssigned), next.led.wait(t, tandem.EventAssigned); !cmp.Equal(a, b) {
		t.Errorf("the assignment was rebuilt as another: %s", cmp.Diff(a, b))
	}
	// A failure has no business without its transaction.
	agent.send(gate, agent.respond(got, "486 Busy Here", "a", ""))
	caller.silent()
}

func TestAForgedAnswerGoesNowhere(t *testing.T) {
	w, caller, agent, _, got := ring(t)
	gate := w.addr(UDP)
	victim := newUA(t, UDP)
	forged := agent.respond(got, "200 OK", "a", sdp)
	agent.send(gate, forged)
	caller.expect("200") // its transaction is gone now
	agent.send(gate, strings.Replace(forged, caller.at.String(), victim.at.String(), 1))
	victim.silent()
	agent.send(gate, strings.Replace(forged, "z9hG4bK-tandem-", "z9hG4bK-tandem-0", 1))
	caller.silent()
}

func TestARequestWithoutOurRouteIsNotRelayed(t *testing.T) {
	k := converse(t)
	stranger := start(t, func(c *Config) { c.Secret = bytes.Repeat([]byte{9}, 32) })
	victim := newUA(t, UDP)
	for _, c := range []struct {
		name   string
		change func(d *testDialog)
		want   string
	}{
		{"no Route at all", func(d *testDialog) { d.routes = nil }, "481"},
		{"a Route that is not ours", func(d *testDialog) {
			d.routes = []string{"<sip:" + victim.at.String() + ";lr>"}
		}, "481"},
		{"a token for another call", func(d *testDialog) { d.callID = "other@test" }, "481"},
		{"a token that was changed", func(d *testDialog) {
			r := d.routes[0]
			d.routes = []string{strings.Replace(r, r[9:13], "AAAA", 1)}
		}, "481"},
		{"tags of nobody in the call", func(d *testDialog) {
			d.local, d.remote = "<sip:a@test>;tag=mine", "<sip:b@test>;tag=yours"
		}, "481"},
		{"a token of another deployment", func(d *testDialog) { d.to = stranger.addr(UDP) }, "481"},
	} {
		t.Run(c.name, func(t *testing.T) {
			leg := *k.callerLeg
			leg.target = "sip:victim@" + victim.at.String()
			c.change(&leg)
			leg.send("BYE", "")
			k.caller.expect(c.want)
			leg.send("ACK", "")
			victim.silent()
		})
	}
}

func TestATokenDoesNotStartCalls(t *testing.T) {
	// The agent knows the Route of its call; it must not reach others by it.
	k := converse(t)
	victim := newUA(t, UDP)
	leg := *k.agentLeg
	leg.target, leg.remote = "sip:victim@"+victim.at.String(), "<sip:victim@test>"
	for method, want := range map[string]string{"INVITE": "403", "MESSAGE": "405", "REFER": "405"} {
		leg.send(method, "")
		k.agent.expect(want)
		victim.silent()
	}
}

func TestTokensCarryTheWholeAssignment(t *testing.T) {
	w := start(t)
	v := newVersion("sip:a@127.0.0.1", nil)
	now := moment(w.born)
	base := w.give(v, v).Assignment
	with := func(change func(*tandem.Assignment)) tandem.Assignment {
		a := base
		a.Unit = "will be the call's"
		change(&a)
		return a
	}
	for name, a := range map[string]tandem.Assignment{
		"per call":         with(func(a *tandem.Assignment) { a.Caller = "+14155550199" }),
		"caller withheld":  with(func(*tandem.Assignment) {}),
		"caller is a name": with(func(a *tandem.Assignment) { a.Caller = "alice" }),
		"sticky": with(func(a *tandem.Assignment) {
			a.Caller, a.UnitKind, a.Unit = "+14155550199", tandem.PerCaller, "+14155550199"
		}),
		"not randomised":     with(func(a *tandem.Assignment) { a.NotRandomised = tandem.ReasonLimit }),
		"longest number":     with(func(a *tandem.Assignment) { a.Number = "+999999999999999" }),
		"no version":         with(func(a *tandem.Assignment) { a.VersionID = "" }),
		"tenth arm":          with(func(a *tandem.Assignment) { a.Arm, a.Phase, a.Probability = "J", 65535, 0.0001 }),
		"without any test":   {RouteID: base.RouteID, VersionID: base.VersionID, Number: number, Caller: "+4930123456"},
		"no test, no caller": {RouteID: base.RouteID, VersionID: base.VersionID, Number: number},
	} {
		t.Run(name, func(t *testing.T) {
			c := &call{id: tandem.NewID(now), at: now}
			if a.TestID != "" && a.UnitKind == tandem.PerCall {
				a.Unit = string(c.id)
			}
			c.decision.Assignment = a
			text := w.appendToken(nil, c, []byte("tag"), []byte("id"))
			tok, ok := w.openToken(text, []byte("id"), now)
			if !ok {
				t.Fatal("the token does not open")
			}
			if diff := cmp.Diff(a, tok.assignment()); diff != "" {
				t.Error(diff)
			}
			if tok.callID != c.id || !tok.at.Equal(now) {
				t.Errorf("opened as call %s at %v", tok.callID, tok.at)
			}
			if _, ok := w.openToken(text, []byte("id"), now.Add(tokenLife)); ok {
				t.Error("the token never ends")
			}
			if bytes.ContainsAny(text, "@:;<>?, ") {
				t.Errorf("the token %q is no user part", text)
			}
		})
	}
}

// stop stops a gateway at once.
func stop(w *world) {
	ctx, cancel := contextDone()
	defer cancel()
	_ = w.Stop(ctx)
}

func TestBytesThatAreNoTokenDoNotOpen(t *testing.T) {
	w := start(t)
	for _, text := range []string{"", "A", strings.Repeat("A", 100), strings.Repeat("A", 144), strings.Repeat("_", 4000), strings.Repeat("\x00", 144)} {
		if _, ok := w.openToken([]byte(text), []byte("id"), w.born); ok {
			t.Errorf("%q opens", text)
		}
	}
}
