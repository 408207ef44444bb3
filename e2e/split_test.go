package e2e

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyday is a thousand calls as they come: most callers hang up themselves.
var everyday = []load{
	{scenario: "caller-leaves", calls: 450, rate: 60, hold: 300},
	{scenario: "agent-leaves", calls: 250, rate: 33},
	{scenario: "caller-cancels", calls: 100, rate: 13},
	{scenario: "transfer", calls: 100, rate: 13, outcome: "200 OK"},
	{scenario: "transfer", calls: 50, rate: 7, outcome: "486 Busy Here"},
	{scenario: "busy", calls: 50, rate: 7},
}

// told is what the peers know of one call, in the words of the record.
type told struct {
	Arm, By, Transfer string
	Answered          bool
	SIPStatus         int
}

// ending gives what a record must say of a call that SIPp saw end so.
func ending(l load, saw string) told {
	w := told{Answered: true}
	switch saw {
	case "caller-left":
		w.By = "caller"
	case "agent-left":
		w.By = "agent"
	case "cancelled":
		w = told{By: "caller", SIPStatus: 487}
	case "was-busy":
		w = told{By: "agent", SIPStatus: 486}
	}
	if l.scenario == "transfer" {
		w.Transfer = "completed"
		if l.outcome[0] != '2' {
			w.Transfer = "failed"
		}
	}
	return w
}

func TestAThousandCallsAreSplitAndRecordedExactlyAsTheirPeersSawThem(t *testing.T) {
	s := newServer(t, "")
	agents := map[string]*sipp{"A": answerWith(t, "agent"), "B": answerWith(t, "agent")}
	a := s.publish("desk", agents["A"].uri("desk"), "A")
	b := s.publish("desk", agents["B"].uri("desk"), "B")
	const number = "+14155550100"
	s.route(number, a, nil)
	running := s.test(number, a, b, 50)

	expected := map[string]told{} // by Call-ID
	phaseOf := map[string]int{}
	for i, share := range []float64{50, 90} {
		if i > 0 {
			s.must("PUT", "/v1/tests/"+running.ID+"/split", object{"weights": []float64{share, 100 - share}}, nil)
		}
		before := len(expected)
		for id, w := range thousandCalls(t, s, number) {
			expected[id], phaseOf[id] = w, i+1
		}
		if got := len(expected) - before; got != 1000 {
			t.Fatalf("SIPp placed %d calls at %v percent, want 1000", got, share)
		}
	}
	s.settled()
	arms := map[string]string{}
	for arm, agent := range agents {
		agent.leave()
		for id := range agent.collect("got") {
			if was, twice := arms[id]; twice {
				t.Errorf("call %s reached the agents of %s and %s", id, was, arm)
			}
			arms[id] = arm
		}
		for id, name := range agent.collect("arm") {
			if name != arm {
				t.Errorf("call %s reached agent %s with the headers of %s", id, arm, name)
			}
		}
	}
	for id, w := range expected {
		w.Arm = arms[id]
		expected[id] = w
	}

	calls := s.calls(url.Values{"test": {running.ID}})
	recorded := map[string]told{}
	tandemIDs := maps.Clone(agents["A"].collect("tandem"))
	maps.Copy(tandemIDs, agents["B"].collect("tandem"))
	for _, c := range calls {
		id := c.Foreign["sip"]
		recorded[id] = record(c)
		if c.Assigned.Value.Phase != phaseOf[id] || c.NotRandomised != "" || tandemIDs[id] != c.ID {
			t.Errorf("call %s: phase %d, not randomised %q, id %s; its peers saw phase %d, id %s",
				id, c.Assigned.Value.Phase, c.NotRandomised, c.ID, phaseOf[id], tandemIDs[id])
		}
		if d, ok := talked(c); c.Answered != nil && (!ok || d < 0.1) {
			t.Errorf("call %s was answered and lasted %v s, %v", id, d, ok)
		}
	}
	if diff := cmp.Diff(expected, recorded); diff != "" {
		t.Errorf("what the peers saw and what is recorded differ (-peers +records):\n%s", diff)
	}
	sharesHold(t, calls, 1, 0.5)
	sharesHold(t, calls, 2, 0.9)
	resultsAgree(t, s.results(running.ID), expected, calls)
	s.stop()
	if n := s.verify(); n != 2000 {
		t.Errorf("verify read %d calls, want 2000", n)
	}
}

// thousandCalls places everyday's calls and gives what became of each.
func thousandCalls(t *testing.T, s *server, number string) map[string]told {
	t.Helper()
	callers := make([]*sipp, len(everyday))
	for i, l := range everyday {
		callers[i] = place(t, s.sip, number, l)
	}
	out := map[string]told{}
	for i, c := range callers {
		c.finished()
		for id, saw := range c.saw() {
			out[id] = ending(everyday[i], saw)
		}
	}
	return out
}

// record is a call's record in the terms of told.
func record(c call) told {
	w := told{Answered: c.Answered != nil}
	if c.Assigned != nil {
		w.Arm = c.Assigned.Value.Arm
	}
	if c.Ended != nil {
		w.By, w.SIPStatus = c.Ended.Value.By, c.Ended.Value.SIPStatus
	}
	if c.Transfer != nil {
		w.Transfer = c.Transfer.Value.State
		if c.Transfer.Value.To != "sip:+14155550177@desk.example.com" {
			w.Transfer += " to " + c.Transfer.Value.To
		}
	}
	return w
}

// talked gives how long a call was by its own facts.
func talked(c call) (seconds float64, ok bool) {
	if c.Answered == nil || c.Ended == nil {
		return 0, false
	}
	return c.Ended.At.Sub(c.Answered.At).Seconds(), c.Duration != nil
}

// sharesHold checks a phase's split against chance: five standard deviations
// come up once in 1.7 million runs.
func sharesHold(t *testing.T, calls []call, phase int, share float64) {
	t.Helper()
	n, inA := 0.0, 0.0
	for _, c := range calls {
		if c.Assigned.Value.Phase != phase {
			continue
		}
		n++
		want := 1 - share
		if c.Assigned.Value.Arm == "A" {
			inA++
			want = share
		}
		if math.Abs(c.Assigned.Value.Probability-want) > 1e-9 {
			t.Errorf("call %s got arm %s with probability %v, want %v", c.ID, c.Assigned.Value.Arm, c.Assigned.Value.Probability, want)
		}
	}
	if off := math.Abs(inA - n*share); off > 5*math.Sqrt(n*share*(1-share)) {
		t.Errorf("%v of %v calls of phase %d got arm A, at a share of %v", inA, n, phase, share)
	}
}

// resultsAgree holds the results against what the peers saw.
func resultsAgree(t *testing.T, r results, expected map[string]told, calls []call) {
	t.Helper()
	for i, p := range r.Phases {
		if p.Calls != 1000 {
			t.Errorf("phase %d has %d calls in the results, want 1000", i+1, p.Calls)
		}
	}
	for _, arm := range []string{"A", "B"} {
		var n, answered, transferred int64
		by := map[string]int64{}
		for _, w := range expected {
			if w.Arm != arm {
				continue
			}
			n++
			if w.By == "agent" && w.Transfer == "completed" {
				by["transfer"]++ // the agent's BYE is no hang-up then
			} else {
				by[w.By]++
			}
			if w.Answered {
				answered++
			}
			if w.Transfer == "completed" {
				transferred++
			}
		}
		var lasted []float64
		for _, c := range calls {
			if d, ok := talked(c); ok && c.Assigned.Value.Arm == arm {
				lasted = append(lasted, d)
			}
		}
		check := func(metric string, want, wantN int64) {
			t.Helper()
			if m := r.metric(t, metric, arm); m.N != wantN || m.Successes == nil || *m.Successes != want {
				t.Errorf("%s of %s is %s, want %d of %d", metric, arm, ofN(m), want, wantN)
			}
		}
		check("answered", answered, n)
		check("transfer", transferred, n)
		for metric, want := range map[string]int64{"calls": n, "ended": n, "in_progress": 0, "lost": 0} {
			if m := r.metric(t, metric, arm); m.N != want {
				t.Errorf("%s of %s is %d, want %d", metric, arm, m.N, want)
			}
		}
		got := map[string]int64{}
		for _, share := range r.metric(t, "ended_by", arm).Shares {
			got[share.Name] = share.N
		}
		if diff := cmp.Diff(by, got); diff != "" {
			t.Errorf("who ended the calls of %s (-peers +results):\n%s", arm, diff)
		}
		meanHolds(t, r.metric(t, "duration", arm), lasted)
	}
}

// meanHolds checks an average against the values it is of.
func meanHolds(t *testing.T, m summary, values []float64) {
	t.Helper()
	slices.Sort(values) // the sum does not depend on the order of arrival
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	if m.N != int64(len(values)) || m.Value == nil || math.Abs(*m.Value-sum/float64(len(values))) > 1e-6 {
		t.Errorf("average of arm %s is %s, want %v over %d", m.Arm, ofN(m), sum/float64(len(values)), len(values))
	}
}

func ofN(m summary) string {
	switch {
	case m.Successes != nil:
		return fmt.Sprintf("%d of %d", *m.Successes, m.N)
	case m.Value != nil:
		return fmt.Sprintf("%v over %d", *m.Value, m.N)
	}
	return fmt.Sprintf("nothing over %d", m.N)
}
