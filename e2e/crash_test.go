package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/pgtest"
)

// lines writes events of a call as JSON lines.
func lines(callID string, events []object) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for _, e := range events {
		line := maps.Clone(e)
		line["call_id"] = callID
		_ = enc.Encode(line) // text and numbers always encode
	}
	return out.Bytes()
}

func TestNothingAcknowledgedIsLostWhenTheServerIsKilledUnderLoad(t *testing.T) {
	s := newServer(t, "")
	agents := map[string]*sipp{"A": answerWith(t, "agent"), "B": answerWith(t, "agent")}
	a := s.publish("desk", agents["A"].uri("desk"), "A")
	b := s.publish("desk", agents["B"].uri("desk"), "B")
	const number = "+14155550106"
	s.route(number, a, nil)
	running := s.test(number, a, b, 50)

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	posts := report(ctx, s.client, number, 4)
	loads := []load{
		{scenario: "caller-leaves", calls: 600, rate: 50, hold: 2500},
		{scenario: "agent-leaves", calls: 240, rate: 20},
	}
	callers := make([]*sipp, len(loads))
	for i, l := range loads {
		callers[i] = place(t, s.sip, number, l)
	}
	var kills []time.Time
	for i := range 2 {
		eventually(t, "the load is on", func() bool { return len(callers[0].collect("got")) >= 150+250*i && posts.count() > 100*(i+1) })
		kills = append(kills, time.Now())
		s.kill()
		s.start()
	}
	expected, cutOff := map[string]told{}, map[string]bool{}
	placed, answered := map[string]string{}, map[string]string{}
	for i, c := range callers {
		c.finished()
		maps.Copy(placed, c.collect("placed"))
		maps.Copy(answered, c.collect("at"))
		for id, saw := range c.saw() {
			if saw == "gave-up" && justBefore(t, placed[id], kills) {
				cutOff[id] = true
				continue
			}
			expected[id] = ending(loads[i], saw)
		}
	}
	if n := len(expected) + len(cutOff); n != 840 {
		t.Errorf("SIPp saw %d calls end, want 840", n)
	}
	if len(cutOff) > len(kills) {
		t.Errorf("%d calls came to nothing in %d kills; want at most the one in hand at each", len(cutOff), len(kills))
	}
	stop()
	posts.working.Wait()
	s.settledBut(len(cutOff))
	t.Logf("%d calls reported over HTTP, %d requests cut off; %d calls cut off between 100 and the agent", posts.count(), posts.cut, len(cutOff))
	if posts.cut == 0 {
		t.Error("no request was cut off: the server was not killed under load")
	}
	calls := s.calls(url.Values{"test": {running.ID}})
	n := int64(len(calls))
	posts.found(t, calls)
	calls = slices.DeleteFunc(calls, func(c call) bool { return cutOff[c.Foreign["sip"]] && c.Ended == nil })
	survived(t, expected, agents, calls, func(id string) bool { return answered[id] != "" && justBefore(t, answered[id], kills) })
	s.stop()
	if got := s.verify(); got != n {
		t.Errorf("verify read %d calls, want %d", got, n)
	}
}

// survived holds records against what the peers saw. forgotten says of a call
// that the moment of its answer may be lost; its end may not.
func survived(t *testing.T, expected map[string]told, agents map[string]*sipp, calls []call, forgotten func(string) bool) {
	t.Helper()
	for arm, agent := range agents {
		agent.leave()
		for id := range agent.collect("got") {
			w := expected[id]
			w.Arm = arm
			expected[id] = w
		}
	}
	recorded := map[string]told{}
	for _, c := range calls {
		id := c.Foreign["sip"]
		if id == "" {
			continue
		}
		w := record(c)
		if w.Answered != (c.Duration != nil) {
			t.Errorf("call %s: answered %v, but its duration is known: %v", id, w.Answered, c.Duration != nil)
		}
		if !w.Answered && forgotten(id) {
			t.Logf("call %s was answered in the very moment of a kill; when is not known", id)
			w.Answered = c.Ended != nil && c.Ended.Value.Answered != nil && *c.Ended.Value.Answered
		}
		recorded[id] = w
	}
	if diff := cmp.Diff(expected, recorded); diff != "" {
		t.Errorf("what the peers saw and what is recorded differ (-peers +records):\n%s", diff)
	}
}

// unwritten is how long, on a busy machine, a message or an event of the
// gateway may be in memory only.
const unwritten = 100 * time.Millisecond

// justBefore says whether a time of SIPp's, in seconds, lies within unwritten
// of a kill.
func justBefore(t *testing.T, at string, kills []time.Time) bool {
	t.Helper()
	seconds, err := strconv.ParseFloat(at, 64)
	if err != nil {
		t.Errorf("SIPp logged %q as a time", at)
		return false
	}
	when := time.UnixMicro(int64(seconds * 1e6))
	return slices.ContainsFunc(kills, func(k time.Time) bool { return k.Sub(when).Abs() < unwritten })
}

func TestCallsTakenWithoutADatabaseAreThereAfterAKillAndARestart(t *testing.T) {
	postgres := pgtest.New(t)
	s := newServer(t, postgres.Database(t))
	agents := map[string]*sipp{"A": answerWith(t, "agent"), "B": answerWith(t, "agent")}
	a := s.publish("desk", agents["A"].uri("desk"), "A")
	b := s.publish("desk", agents["B"].uri("desk"), "B")
	const number = "+14155550111"
	s.route(number, a, nil)
	running := s.test(number, a, b, 50)
	check(t, postgres.Stop(true))
	loads := []load{
		{scenario: "caller-leaves", calls: 150, rate: 75, hold: 300},
		{scenario: "transfer", calls: 50, rate: 25, outcome: "486 Busy Here"},
		{scenario: "caller-cancels", calls: 50, rate: 25},
	}
	callers := make([]*sipp, len(loads))
	for i, l := range loads {
		callers[i] = place(t, s.sip, number, l)
	}
	expected := map[string]told{}
	for i, c := range callers {
		c.finished()
		for id, saw := range c.saw() {
			expected[id] = ending(loads[i], saw)
		}
	}
	time.Sleep(unwritten) // kill -9 may take what is in memory, not what is in the spool
	s.kill()
	check(t, postgres.Start())
	s.start()
	s.settled()
	calls := s.calls(url.Values{"test": {running.ID}})
	survived(t, expected, agents, calls, func(string) bool { return false })
	if len(calls) != 250 {
		t.Errorf("%d calls are recorded, want 250", len(calls))
	}
	s.stop()
	if n := s.verify(); n != 250 {
		t.Errorf("verify read %d calls, want 250", n)
	}
}
