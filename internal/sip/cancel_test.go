package sip

import (
	"testing"

	"tandem"
)

// cancelled checks that the call's record says that the caller gave up.
func cancelled(t *testing.T, w *world) {
	t.Helper()
	e := w.led.wait(t, tandem.EventEnded)
	if e.Ended.By != tandem.ByCaller || e.Ended.Answered == nil || *e.Ended.Answered || e.Ended.SIPStatus != 487 {
		t.Errorf("ended %+v; expected by the caller, not answered, 487", *e.Ended)
	}
	if n := len(w.led.all(tandem.EventEnded)); n != 1 {
		t.Errorf("recorded %d ends", n)
	}
}

// ring sets up a call that is not answered yet.
func ring(t *testing.T) (w *world, caller, agent *ua, sent string, got message) {
	t.Helper()
	w = start(t)
	caller, agent = newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	sent = caller.invite()
	caller.send(w.addr(UDP), sent)
	caller.expect("100")
	return w, caller, agent, sent, agent.expect("INVITE")
}

func TestACancelAfterRingingEndsTheCall(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	agent.send(gate, agent.respond(got, "180 Ringing", "a", ""))
	caller.expect("180")
	caller.send(gate, hopRequest("CANCEL", sent, ""))
	caller.expect("200")
	cancel := agent.expect("CANCEL")
	if cancel.get("Via") != got.get("Via") || cancel.uri() != got.uri() || cancel.get("CSeq") != "1 CANCEL" || len(cancel.all("Via")) != 1 {
		t.Errorf("the CANCEL does not match its INVITE:\n%s", cancel.raw)
	}
	agent.send(gate, agent.respond(cancel, "200 OK", "a", ""))
	agent.send(gate, agent.respond(got, "487 Request Terminated", "a", ""))
	if ack := agent.expect("ACK"); ack.get("Via") != got.get("Via") || ack.get("To") != got.get("To")+";tag=a" {
		t.Errorf("the ACK for the 487 is\n%s", ack.raw)
	}
	final := caller.expect("487")
	caller.send(gate, hopRequest("ACK", sent, final.get("To")))
	agent.silent() // the caller's ACK goes no further
	cancelled(t, w)
}

func TestACancelWaitsForAProvisionalResponse(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	caller.send(gate, hopRequest("CANCEL", sent, ""))
	caller.expect("200")
	agent.send(gate, agent.respond(got, "100 Trying", "", ""))
	agent.await("CANCEL")
	agent.send(gate, agent.respond(got, "487 Request Terminated", "a", ""))
	caller.expect("487")
	cancelled(t, w)
}

func TestACancelledCallToASilentAgentEnds(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	caller.send(gate, hopRequest("CANCEL", sent, ""))
	caller.expect("200")
	caller.expect("487")
	cancelled(t, w)
	// An answer that comes after all is taken and hung up on.
	agent.send(gate, agent.respond(got, "200 OK", "late", sdp))
	ack := agent.await("ACK")
	bye := agent.await("BYE")
	if ack.get("CSeq") != "1 ACK" || bye.get("CSeq") != "2 BYE" || bye.get("To") != got.get("To")+";tag=late" || bye.uri() != address(agent.contact("agent")) {
		t.Errorf("tidied up with\n%s\n%s", ack.raw, bye.raw)
	}
	agent.send(gate, agent.respond(bye, "200 OK", "", ""))
	if n := len(w.led.all(tandem.EventAnswered)); n != 0 {
		t.Error("recorded an answer that nobody heard")
	}
}

func TestAnAnswerThatCrossesTheCancelStands(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	agent.send(gate, agent.respond(got, "180 Ringing", "a", ""))
	caller.expect("180")
	caller.send(gate, hopRequest("CANCEL", sent, ""))
	agent.send(gate, agent.respond(got, "200 OK", "a", sdp))
	caller.expect("200") // to one of the two
	second := caller.expect("200")
	_ = second
	w.led.wait(t, tandem.EventAnswered)
	if n := len(w.led.all(tandem.EventEnded)); n != 0 {
		t.Error("recorded an end although the call was answered; the caller's BYE ends it")
	}
}

func TestACancelForAnUnknownCallIsAnswered481(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	caller.send(w.addr(UDP), hopRequest("CANCEL", caller.invite(), ""))
	caller.expect("481")
}

func TestACancelIsSentAgainUntilItIsAnswered(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	agent.send(gate, agent.respond(got, "180 Ringing", "a", ""))
	caller.expect("180")
	caller.send(gate, hopRequest("CANCEL", sent, ""))
	caller.expect("200")
	agent.await("CANCEL") // an INVITE that was sent again may come first
	cancel := agent.await("CANCEL")
	agent.send(gate, agent.respond(cancel, "200 OK", "a", ""))
	agent.send(gate, agent.respond(got, "487 Request Terminated", "a", ""))
	caller.expect("487")
	cancelled(t, w)
}
