package sip

import "testing"

func TestStopDoesNotWaitForRetransmissionsOfADeclinedCall(t *testing.T) {
	w, caller, agent, _, got := ring(t)
	agent.send(w.addr(UDP), agent.respond(got, "486 Busy Here", "a", ""))
	caller.expect("486")
	ctx, cancel := contextDone()
	defer cancel()
	if err := w.Stop(ctx); err != nil {
		t.Errorf("Stop gives %v although no call is in hand", err)
	}
}
