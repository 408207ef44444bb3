package sip

import (
	"testing"

	"tandem"
)

func TestRetransmissionsOfAnINVITEAreAbsorbed(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	caller.send(gate, sent)
	caller.expect("100")
	agent.send(gate, agent.respond(got, "183 Session Progress", "a", sdp))
	caller.expect("183")
	caller.send(gate, sent)
	caller.expect("183")
	agent.send(gate, agent.respond(got, "200 OK", "a", sdp))
	caller.expect("200")
	caller.send(gate, sent)
	caller.silent()
	agent.silent()
	if n := len(w.led.all(tandem.EventAssigned)); n != 1 {
		t.Errorf("recorded %d assignments", n)
	}
}

func TestAnINVITEIsSentAgainUntilSomethingComes(t *testing.T) {
	_, _, agent, _, got := ring(t)
	again := agent.expect("INVITE")
	if again.raw != got.raw {
		t.Error("the retransmission differs")
	}
}

func TestAFinalResponseIsSentAgainUntilTheACK(t *testing.T) {
	w, caller, agent, sent, got := ring(t)
	gate := w.addr(UDP)
	busy := agent.respond(got, "486 Busy Here", "a", "")
	agent.send(gate, busy)
	agent.expect("ACK")
	caller.expect("486")
	final := caller.expect("486")
	agent.send(gate, busy)
	agent.expect("ACK")
	caller.send(gate, hopRequest("ACK", sent, final.get("To")))
	w.led.wait(t, tandem.EventEnded)
	for len(caller.got) > 0 {
		<-caller.got
	}
	caller.silent()
}

func TestA2xxSentAgainReachesTheCaller(t *testing.T) {
	k := converse(t)
	k.agent.send(k.agentGate, k.agent.respond(k.invite, "200 OK", "agent1", sdp))
	again := k.caller.expect("200")
	if again.raw != k.ok.raw {
		t.Errorf("the 200 sent again differs:\n%s\n%s", k.ok.raw, again.raw)
	}
	if n := len(k.led.all(tandem.EventAnswered)); n != 1 {
		t.Errorf("recorded %d answers", n)
	}
}

func TestBothAnswersOfAForkReachTheCaller(t *testing.T) {
	w, caller, agent, _, got := ring(t)
	gate := w.addr(UDP)
	for _, tag := range []string{"one", "two"} {
		agent.send(gate, agent.respond(got, "180 Ringing", tag, ""))
		if m := caller.expect("180"); m.get("To") != got.get("To")+";tag="+tag {
			t.Errorf("ringing with To %s", m.get("To"))
		}
	}
	for _, tag := range []string{"one", "two"} {
		agent.send(gate, agent.respond(got, "200 OK", tag, sdp))
		if m := caller.expect("200"); m.get("To") != got.get("To")+";tag="+tag {
			t.Errorf("answered with To %s", m.get("To"))
		}
	}
}

func TestABYESentAgainGetsItsAnswerAgain(t *testing.T) {
	k := converse(t)
	sent := k.callerLeg.send("BYE", "")
	bye := k.agent.expect("BYE")
	k.agent.send(k.agentGate, k.agent.respond(bye, "200 OK", "", ""))
	k.caller.expect("200")
	k.caller.send(k.callerGate, sent)
	k.caller.expect("200")
	k.agent.silent()
	if n := len(k.led.all(tandem.EventEnded)); n != 1 {
		t.Errorf("recorded %d ends", n)
	}
}

func TestABYEIsSentAgainUntilItIsAnswered(t *testing.T) {
	k := converse(t)
	k.callerLeg.send("BYE", "")
	k.agent.expect("BYE")
	bye := k.agent.expect("BYE")
	k.agent.send(k.agentGate, k.agent.respond(bye, "200 OK", "", ""))
	k.caller.expect("200")
	k.caller.silent()
}

func TestTransactionsAreForgotten(t *testing.T) {
	k := converse(t, func(c *Config) { c.Timers.T1 = tickLength })
	k.callerLeg.send("BYE", "")
	bye := k.agent.await("BYE")
	k.agent.send(k.agentGate, k.agent.respond(bye, "200 OK", "", ""))
	k.caller.await("200")
	if s := k.Stats(); s.Transactions == 0 {
		t.Error("nothing is held for retransmissions")
	}
	eventually(t, func() bool { return k.Stats().Transactions == 0 }, "all transactions to be forgotten")
}
