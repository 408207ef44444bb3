package replay

import (
	"time"

	"tandem"
)

// Played is a conversation that took place as a call.
type Played struct {
	Conversation Conversation
	// CallID is Tandem's id of the call; empty when no gateway was in the way.
	CallID tandem.ID
	// User is the user part of the URI at which the agent was called.
	User string
	// Headers are the X- headers that reached the agent.
	Headers map[string]string
	// AnsweredAt and EndedAt are when it truly happened, sped up or not.
	AnsweredAt, EndedAt time.Time
}

// Events gives what a platform would report after the call: its end with the
// recorded duration, the transcript, where it can be heard, the reply latency and the
// analysis.
func (p Played) Events() []tandem.Event {
	base := tandem.Event{Origin: tandem.OriginReplay, CallID: p.CallID, At: p.EndedAt.UTC().Truncate(time.Microsecond)}
	return p.Conversation.outcome(base, string(p.CallID), p.Conversation.Length())
}

// outcome gives the events that tell how the conversation went, each a copy of
// base with an id that starts with prefix. length is the duration to report
// when none was recorded; 0 reports none.
func (c Conversation) outcome(base tandem.Event, prefix string, length time.Duration) []tandem.Event {
	event := func(kind tandem.EventKind) tandem.Event {
		e := base
		e.Kind, e.ID = kind, prefix+"/"+string(kind)
		return e
	}
	var out []tandem.Event
	if c.Transfer != nil {
		e := event(tandem.EventTransferred)
		e.Transferred = c.Transfer
		out = append(out, e)
	}
	answered := true
	e := event(tandem.EventEnded)
	e.Ended = &tandem.Ending{By: c.EndedBy(), DurationMS: c.DurationMS, Answered: &answered}
	if ms := length.Milliseconds(); c.DurationMS == nil && ms > 0 {
		e.Ended.DurationMS = &ms
	}
	out = append(out, e)
	if len(c.Turns) > 0 {
		e = event(tandem.EventTranscript)
		e.Transcript = c.Turns
		out = append(out, e)
	}
	if c.Recording != "" {
		e = event(tandem.EventRecording)
		e.Recording = &tandem.Recording{URL: c.Recording}
		out = append(out, e)
	}
	if l := c.Latency(); l != nil {
		e = event(tandem.EventLatency)
		e.Latency = l
		out = append(out, e)
	}
	if c.Unread {
		return out
	}
	e = event(tandem.EventAnalysis)
	e.Analysis = c.Values()
	return append(out, e)
}
