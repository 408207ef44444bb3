package results

import (
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
)

func TestWhatATranscriptTellsIsCountedOfEndedCalls(t *testing.T) {
	w := newWorld(t, "")
	id := callID(1)
	assigned := tandem.Event{CallID: id, Kind: tandem.EventAssigned, Assigned: &tandem.Assignment{
		RouteID: w.route.ID, TestID: w.test.ID, Phase: 1, Arm: "A", VersionID: w.test.Arms[0].VersionID, Probability: 0.5,
	}}
	timed := &tandem.Conversation{
		Turns: 9, ReplyP50MS: ptr(610.0), ReplyP90MS: ptr(900.0), AgentTalkShare: ptr(0.5), CallerTalkShare: ptr(0.25),
		LongestSilenceSeconds: ptr(3.5), Interruptions: ptr(2), RepeatedPrompts: 1, Misunderstandings: 3, DeadEnd: true,
	}
	said3 := map[string]any{"turns": 9.0, "repeated_prompts": 1.0, "misunderstandings": 3.0, "dead_end": true}
	for _, c := range []struct {
		name         string
		conversation *tandem.Conversation
		latency      *tandem.Latency
		want         map[string]any
	}{
		{name: "no transcript", want: map[string]any{}},
		{
			name: "with times", conversation: timed,
			want: map[string]any{
				"latency": 610.0, "latency_p90": 900.0, "agent_talk": 50.0, "caller_talk": 25.0, "longest_silence": 3.5, "interruptions": 2.0,
			},
		},
		{
			name: "the platform measured replies itself", conversation: timed, latency: &tandem.Latency{P50MS: 400, P90MS: 700},
			want: map[string]any{
				"latency": 400.0, "latency_p90": 700.0, "agent_talk": 50.0, "caller_talk": 25.0, "longest_silence": 3.5, "interruptions": 2.0,
			},
		},
		{name: "a platform that knows the median only", latency: &tandem.Latency{P50MS: 400}, want: map[string]any{"latency": 400.0}},
		{
			name:         "without times",
			conversation: &tandem.Conversation{Turns: 9, RepeatedPrompts: 1, Misunderstandings: 3, DeadEnd: true},
			want:         map[string]any{},
		},
	} {
		call := tandem.Call{ID: id, Conversation: c.conversation}
		events := []tandem.Event{assigned}
		if c.latency != nil {
			events = append(events, tandem.Event{CallID: id, Kind: tandem.EventLatency, Latency: c.latency})
		}
		for i, e := range append(events, ended(id, tandem.ByAgent, 30)) {
			e.ID, e.Origin, e.At = fmt.Sprint(i), "api", epoch
			call.Apply(e)
		}
		want := map[string]any{"calls": "counted", "ended": "counted", "answered": true, "duration": 30.0, "transfer": false, "ended_by": "agent"}
		for name, x := range c.want {
			want[name] = x
		}
		if c.conversation != nil {
			for name, x := range said3 {
				want[name] = x
			}
		}
		if diff := gocmp.Diff(want, said(t, w, call)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	running := tandem.Call{ID: id, Conversation: timed}
	assigned.ID, assigned.Origin, assigned.At = "1", "api", epoch
	running.Apply(assigned)
	if diff := gocmp.Diff(map[string]any{"calls": "counted"}, said(t, w, running)); diff != "" {
		t.Errorf("before its end (-want +got):\n%s", diff)
	}
}
