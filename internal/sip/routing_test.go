package sip

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestALoopIsDetected(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	v := newVersion("sip:"+number+"@"+w.addr(UDP).String(), nil) // the gateway itself
	w.give(v, v)
	caller.send(w.addr(UDP), caller.inviteTo("sip:"+number+"@"+w.addr(UDP).String()))
	caller.expect("100")
	caller.await("482")
}

func TestRoutesOfOthersAreFollowed(t *testing.T) {
	for _, c := range []struct {
		name, param string
		wantURI     func(k *talk, next *ua) string
		wantRoutes  func(k *talk, next *ua) []string
	}{
		{
			"a loose router", ";lr",
			func(k *talk, _ *ua) string { return k.callerLeg.target },
			func(_ *talk, next *ua) []string { return []string{"<sip:" + next.at.String() + ";lr>"} },
		},
		{
			"a strict router", "",
			func(_ *talk, next *ua) string { return "sip:" + next.at.String() },
			func(k *talk, _ *ua) []string { return []string{"<" + k.callerLeg.target + ">"} },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := converse(t)
			next := newUA(t, UDP)
			k.callerLeg.routes = append(k.callerLeg.routes, "<sip:"+next.at.String()+c.param+">")
			k.callerLeg.send("BYE", "")
			got := next.expect("BYE")
			if got.uri() != c.wantURI(k, next) {
				t.Errorf("Request-URI is %s", got.uri())
			}
			if diff := cmp.Diff(c.wantRoutes(k, next), got.all("Route")); diff != "" {
				t.Errorf("Route: %s", diff)
			}
		})
	}
}

func TestAStrictRouterBeforeUsIsUnderstood(t *testing.T) {
	k := converse(t)
	next := newUA(t, UDP)
	for _, others := range [][]string{nil, {"<sip:" + next.at.String() + ";lr>"}} {
		leg := *k.callerLeg
		ours, target := address(leg.routes[0]), leg.target
		leg.target = ours
		leg.routes = append(append([]string{}, others...), "<"+target+">")
		leg.send("INFO", "")
		to := k.agent
		if others != nil {
			to = next
		}
		got := to.expect("INFO")
		if got.uri() != target {
			t.Errorf("Request-URI is %s; expected %s", got.uri(), target)
		}
		if diff := cmp.Diff(others, got.all("Route")); diff != "" {
			t.Errorf("Route: %s", diff)
		}
		to.send(k.agentGate, to.respond(got, "200 OK", "", ""))
		k.caller.expect("200")
	}
}

func TestRoutesInOneHeaderAreTakenApart(t *testing.T) {
	k := converse(t)
	next := newUA(t, UDP)
	k.callerLeg.routes = []string{k.callerLeg.routes[0] + " , \"a, b\" <sip:" + next.at.String() + ";lr>;x=y,<sip:last.invalid;lr>"}
	k.callerLeg.send("INFO", "")
	got := next.expect("INFO")
	if diff := cmp.Diff([]string{`"a, b" <sip:` + next.at.String() + `;lr>;x=y,<sip:last.invalid;lr>`}, got.all("Route")); diff != "" {
		t.Error(diff)
	}
}

func TestARouteInAnINVITEThatStartsACallIsNotFollowed(t *testing.T) {
	w := start(t)
	caller, agent, victim := newUA(t, UDP), newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(w.addr(UDP), caller.invite("Route: <sip:"+w.addr(UDP).String()+";lr>, <sip:"+victim.at.String()+";lr>"))
	got := agent.expect("INVITE")
	if len(got.all("Route")) != 0 {
		t.Errorf("a Route is left: %s", got.raw)
	}
	victim.silent()
}

func TestRecordRoutesOfOthersStay(t *testing.T) {
	w := start(t)
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(w.addr(UDP), caller.invite("Record-Route: <sip:edge.invalid;lr>"))
	got := agent.expect("INVITE")
	if rr := got.all("Record-Route"); len(rr) != 2 || rr[1] != "<sip:edge.invalid;lr>" {
		t.Errorf("Record-Route is %q; expected ours on top", rr)
	}
}

func TestAStandingQueueIsOverload(t *testing.T) {
	o := overload{queue: 100 * time.Millisecond, spike: 500 * time.Millisecond}
	now := time.Now()
	late := o.queue + time.Millisecond
	o.waited(now, late)
	o.waited(now.Add(o.spike-1), late)
	if o.refuse() {
		t.Error("a spike is no overload")
	}
	o.waited(now.Add(o.spike), late)
	if !o.refuse() {
		t.Error("a standing queue is no overload")
	}
	o.waited(now.Add(o.spike+1), o.queue)
	if o.refuse() {
		t.Error("the overload does not end")
	}
}

func TestOverloadRefusesNewCallsOnly(t *testing.T) {
	k := converse(t, func(c *Config) { c.Limits.RetryAfter = 7 * time.Second })
	k.overload.waiting.Store(true)
	k.caller.send(k.callerGate, k.caller.invite())
	if m := k.caller.expect("503"); m.get("Retry-After") != "7" {
		t.Errorf("Retry-After is %q", m.get("Retry-After"))
	}
	k.callerLeg.send("BYE", "")
	bye := k.agent.expect("BYE")
	k.agent.send(k.agentGate, k.agent.respond(bye, "200 OK", "", ""))
	k.caller.expect("200")
}

func TestPendingCallsAreLimited(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.Pending = 3 })
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	for range 3 {
		caller.send(w.addr(UDP), caller.invite())
		caller.await("100")
	}
	eventually(t, func() bool { return w.overload.full.Load() }, "the limit to be noticed")
	caller.send(w.addr(UDP), caller.invite())
	caller.await("503")
}

func TestStopLetsCallsInHandFinish(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	agent.send(gate, agent.respond(got, "180 Ringing", "a", ""))
	caller.expect("180")
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	go func() { done <- w.Stop(ctx) }()
	eventually(t, w.draining.Load, "the drain to begin")
	caller.send(gate, caller.invite())
	if m := caller.expect("503"); m.get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	caller.send(gate, caller.request("OPTIONS", "sip:"+gate.String(), ""))
	caller.expect("503")
	caller.send(gate, sent)
	caller.expect("180")
	agent.send(gate, agent.respond(got, "200 OK", "a", sdp))
	caller.expect("200")
	if err := <-done; err != nil {
		t.Errorf("Stop gives %v", err)
	}
	if c := w.led.call(t); c.Answered == nil {
		t.Error("the answer was not recorded")
	}
}

func TestStopGivesUpWhenItsTimeIsOver(t *testing.T) {
	w, _, _, _, _ := ring(t)
	ctx, cancel := contextDone()
	defer cancel()
	if err := w.Stop(ctx); err == nil {
		t.Error("Stop says that nothing was cut off")
	}
}

func TestAnAddressInUseIsAnError(t *testing.T) {
	w := start(t)
	for _, addr := range []string{w.addr(UDP).String(), "256.0.0.1:5060"} {
		g, err := New(Config{Listen: []Listener{{Network: UDP, Addr: loopback}, {Network: UDP, Addr: addr}}, Secret: testSecret}, w.book, w.led, discard())
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Start(t.Context()); err == nil {
			t.Errorf("listening on %s a second time works", addr)
		}
	}
}

func TestAWildcardListenerNamesItsAddressTowardsThePeer(t *testing.T) {
	w := start(t, func(c *Config) { c.Listen[0].Addr = ":0" })
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	_, port, _ := strings.Cut(w.addr(UDP).String(), ":")
	gate := mustAddr(t, "127.0.0.1:"+port)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(gate, caller.invite())
	got := agent.expect("INVITE")
	if !strings.Contains(got.get("Record-Route"), "@"+gate.String()) || !strings.HasPrefix(got.get("Via"), "SIP/2.0/UDP "+gate.String()) {
		t.Errorf("the gateway names itself\n%s", got.raw)
	}
}

func TestAnAdvertisedNameIsUsedEverywhere(t *testing.T) {
	w := start(t, func(c *Config) { c.Listen[0].Advertise = "sip.example.com:5070" })
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(w.addr(UDP), caller.request("OPTIONS", "sip:SIP.example.com:5070", ""))
	caller.expect("200")
	caller.send(w.addr(UDP), caller.invite())
	got := agent.expect("INVITE")
	if !strings.Contains(got.get("Record-Route"), "@sip.example.com:5070;lr>") || !strings.HasPrefix(got.get("Via"), "SIP/2.0/UDP sip.example.com:5070;") {
		t.Errorf("the gateway names itself\n%s", got.raw)
	}
	if w.led.wait(t, tandem.EventAssigned).ForeignID == "" {
		t.Error("no foreign id")
	}
}
