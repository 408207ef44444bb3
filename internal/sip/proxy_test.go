package sip

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestACallIsProxiedToItsVersion(t *testing.T) {
	w := start(t)
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:"+agent.at.String(), map[string]string{"X-Variant": "brisk", "X-Campaign": "spring"})
	d := w.give(v, nil)
	gate := w.addr(UDP)

	sent := caller.invite(
		"P-Asserted-Identity: \"Ann\"  <sip:+14155550123@trunk.invalid>",
		"Identity: abc.def.ghi;info=<https://cert.invalid/c.pem>;alg=ES256",
		"Diversion: <sip:+14155550177@trunk.invalid>;reason=unconditional",
		"Supported: timer, 100rel", "Session-Expires: 1800;refresher=uac",
		"X-Tandem-Call: forged", "x-variant: forged", "X-Other: mine",
	)
	caller.send(gate, sent)
	caller.expect("100")
	got := agent.expect("INVITE")

	call := w.led.wait(t, tandem.EventAssigned)
	if got.uri() != "sip:"+number+"@"+agent.at.String() {
		t.Errorf("Request-URI is %q; expected the target with the called number", got.uri())
	}
	if from := got.from; from != gate {
		t.Errorf("the INVITE left from %v; expected the listener %v", from, gate)
	}
	for name, want := range map[string]string{
		"X-Tandem-Call": string(call.CallID), "X-Variant": "brisk", "X-Campaign": "spring", "X-Other": "mine", "Max-Forwards": "69",
	} {
		if diff := cmp.Diff([]string{want}, got.all(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	before := parseMessage(sent, caller.at)
	for _, h := range before.heads {
		switch strings.ToLower(h[0]) {
		case "via", "max-forwards", "x-tandem-call", "x-variant":
			continue
		}
		if !strings.Contains(got.raw, "\r\n"+rawLine(sent, h[0])+"\r\n") {
			t.Errorf("%s did not pass byte for byte:\n%s", h[0], got.raw)
		}
	}
	if got.body != before.body {
		t.Errorf("the body changed: %q", got.body)
	}
	want := d.Assignment
	want.Unit, want.Caller = string(call.CallID), "+14155550123"
	if diff := cmp.Diff(want, *call.Assigned); diff != "" {
		t.Errorf("assigned: %s", diff)
	}

	agent.send(gate, agent.respond(got, "180 Ringing", "a1", ""))
	ringing := caller.expect("180")
	if vias := ringing.all("Via"); len(vias) != 1 || !strings.HasPrefix(vias[0], strings.TrimSuffix(before.get("Via"), "")) {
		t.Errorf("the 180 carries Via %q; expected the caller's alone", vias)
	}
	agent.send(gate, agent.respond(got, "200 OK", "a1", sdp))
	ok := caller.expect("200")
	w.led.wait(t, tandem.EventAnswered)
	leg := callerDialog(caller, gate, ok)
	leg.send("ACK", "")
	ack := agent.expect("ACK")
	if len(ack.all("Route")) != 0 || ack.uri() != address(agent.contact("agent")) {
		t.Errorf("the ACK went on wrongly:\n%s", ack.raw)
	}
	leg.send("BYE", "", `Reason: Q.850;cause=16;text="Normal call clearing"`)
	bye := agent.expect("BYE")
	agent.send(gate, agent.respond(bye, "200 OK", "", ""))
	caller.expect("200")

	record := w.led.call(t)
	ended := w.led.wait(t, tandem.EventEnded)
	if ended.Ended.By != tandem.ByCaller || ended.Ended.Cause == "" {
		t.Errorf("ended %+v; expected by the caller with the Reason as cause", *ended.Ended)
	}
	if n := len(w.led.kinds()); n != 3 {
		t.Errorf("recorded %v; expected assigned, answered, ended", w.led.kinds())
	}
	if record.Foreign[tandem.OriginSIP] != before.get("Call-ID") || record.Stage() != tandem.StageEnded {
		t.Errorf("the record is %+v", record)
	}
}

func rawLine(message, name string) string {
	for _, line := range strings.Split(message, "\r\n") {
		if n, _, ok := strings.Cut(line, ":"); ok && n == name {
			return line
		}
	}
	return "\x00 no such line"
}

func TestTheAgentHangsUp(t *testing.T) {
	k := converse(t)
	k.agentLeg.send("BYE", "")
	bye := k.caller.expect("BYE")
	if bye.uri() != address(k.caller.contact("caller")) || len(bye.all("Route")) != 0 {
		t.Errorf("the BYE reached the caller as\n%s", bye.raw)
	}
	k.caller.send(k.callerGate, k.caller.respond(bye, "200 OK", "", ""))
	k.agent.expect("200")
	if e := k.led.wait(t, tandem.EventEnded); e.Ended.By != tandem.ByAgent {
		t.Errorf("ended by %s; expected the agent", e.Ended.By)
	}
}

func TestRequestsWithinACallGoBothWays(t *testing.T) {
	for _, method := range []string{"INVITE", "UPDATE", "PRACK", "INFO", "MESSAGE", "OPTIONS", "NOTIFY", "REFER", "X-NEW"} {
		t.Run(method, func(t *testing.T) {
			k := converse(t)
			for _, way := range []struct {
				leg      *testDialog
				from, to *ua
			}{{k.callerLeg, k.caller, k.agent}, {k.agentLeg, k.agent, k.caller}} {
				way.leg.send(method, "", "Require: timer", "RAck: 1 2 INVITE")
				if method == "INVITE" {
					way.from.expect("100")
				}
				got := way.to.expect(method)
				if got.get("Require") != "timer" || len(got.all("Record-Route")) != 0 || got.get("Max-Forwards") != "69" {
					t.Errorf("went on as\n%s", got.raw)
				}
				way.to.send(k.callerGate, way.to.respond(got, "200 OK", "", ""))
				way.from.expect("200")
				if method == "INVITE" {
					way.leg.send("ACK", "")
					way.to.expect("ACK")
				}
			}
			if n := len(k.led.all(tandem.EventAssigned)) + len(k.led.all(tandem.EventAnswered)); n != 2 {
				t.Errorf("recorded %v; a request within the call makes no second assignment or answer", k.led.kinds())
			}
		})
	}
}
