package e2e

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABreachedGuardrailGivesAllCallsToAAtOnceAndCutsNone(t *testing.T) {
	s := newServer(t, "")
	hook := s.listen()
	caller, agents := newPhone(t), map[string]*phone{"A": newPhone(t), "B": newPhone(t)}
	const number = "+14155550100"
	running := s.beginBetween(number, [2]string{"sip:desk@" + agents["A"].addr(), "sip:desk@" + agents["B"].addr()}, [2]float64{50, 50}, object{
		"guardrails": []object{{"metric": "transfer", "margin": 0.05, "action": "rollback"}},
	})
	d := dialler{
		t: t, nodes: []*client{s.client}, route: number, wins: alike,
		handsOn: func(nth int, arm string) bool { return arm == "B" && nth%2 == 0 || nth%20 == 0 },
	}
	harmed := d.place(300)
	// Calls that are in progress when the breach shows; some are B's.
	var talking []*dialogue
	for atB := 0; atB < 2; {
		c := converse(t, caller, agents, fmt.Sprintf("in-progress-%d", len(talking)), number, s.sip, s.sip)
		if talking = append(talking, c); c.arm == "B" {
			atB++
		}
	}
	d.report(harmed)
	eventually(t, "the calls are given to A", func() bool { return s.now(running).Arms[0].Weight == 100 })
	if now := s.now(running); now.Status != "running" || len(now.Phases) != 2 {
		t.Errorf("after the rollback the test is %s in phase %d", now.Status, len(now.Phases))
	}
	// The node that rolled back takes the new split up before it says so to
	// anybody.
	for _, c := range d.dial(60) {
		if c.arm != "A" {
			t.Errorf("after the rollback call %d was given to %s", c.number, c.arm)
		}
	}
	next := converse(t, caller, agents, "after-the-rollback", number, s.sip, s.sip)
	if next.arm != "A" {
		t.Errorf("after the rollback a call by SIP reached %s", next.arm)
	}
	for _, c := range append(talking, next) {
		c.caller.request(s.sip, "BYE")
		c.agent.answer(c.agent.await("BYE"), "200 OK")
		c.caller.await("SIP/2.0 200")
		r := whole(t, s, c.id, false)
		if diff := cmp.Diff(told{Arm: c.arm, By: "caller", Answered: true}, record(r)); diff != "" || r.NotRandomised != "" {
			t.Errorf("the record of %s, not randomised %q (-want +got)\n%s", c.callID, r.NotRandomised, diff)
		}
	}
	if v := s.concluded(running.ID).Verdict; v.Status != "guardrail_breached" {
		t.Errorf("the verdict is %s: %s", v.Status, v.Text)
	}
	var log struct {
		Items []struct{ Action, Actor string }
	}
	s.must("GET", "/v1/audit?object="+running.ID, nil, &log)
	if len(log.Items) == 0 || log.Items[0].Action != "test.rollback" || log.Items[0].Actor != "guardrail" {
		t.Errorf("the audit log begins with %+v", log.Items)
	}
	eventually(t, "the breach is told", func() bool { return len(hook.of("guardrail.breached")) > 0 })
	hook.wellSigned(t)
	s.verify()
}

func TestARampGoesOnAfterItsCallsAndWaitsWhileAnAlarmIsOpen(t *testing.T) {
	s := newServer(t, "")
	const number = "+14155550100"
	running := s.begin(number, [2]float64{90, 10}, object{"ramp": []object{
		{"weights": []float64{90, 10}, "min_calls": 60}, {"weights": []float64{50, 50}, "min_calls": 120}, {"weights": []float64{20, 80}},
	}})
	d := dialler{t: t, nodes: []*client{s.client}, route: number, wins: alike}
	covered := func() {
		t.Helper()
		eventually(t, fmt.Sprintf("%d calls are covered", d.count()), s.covers(running.ID, d.count()))
	}
	d.dial(50)
	covered()
	if now := s.now(running); len(now.Phases) != 1 {
		t.Fatalf("the ramp went on after 50 calls of 60")
	}
	d.dial(30)
	eventually(t, "the ramp goes on", func() bool {
		now := s.now(running)
		return len(now.Phases) == 2 && now.Arms[1].Weight == 50
	})

	// B's analyses cannot tell any more whether the goal was met.
	var events []object
	for _, c := range d.place(100) {
		var success any = d.wins(c.nth, c.arm)
		if c.arm == "B" {
			success = nil
		}
		events = append(events, d.ended(c), d.analysed(c, success))
	}
	d.send(events)
	eventually(t, "an alarm is open", func() bool { return s.concluded(running.ID).Verdict.Status == "outcomes_missing" })
	// From here on it lacks nothing but the alarm's end. The ramp is looked at
	// after every fold.
	for range 3 {
		d.dial(30)
		covered()
	}
	if now := s.now(running); len(now.Phases) != 2 {
		t.Fatalf("the ramp went on with an alarm open")
	}
	c := console{server: s, dir: t.TempDir()}
	c.ok("test", "acknowledge", number, "coverage", "--note", "a field was renamed")
	eventually(t, "the ramp goes on", func() bool {
		now := s.now(running)
		return len(now.Phases) == 3 && now.Arms[1].Weight == 80
	})
	if now := s.now(running); len(now.Acknowledged) != 1 || now.Phases[2].StartedAt.Before(now.Acknowledged[0].At) {
		t.Errorf("the ramp went on at %s, acknowledged %+v", now.Phases[2].StartedAt, now.Acknowledged)
	}
	s.verify()
}
