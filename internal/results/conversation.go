package results

import (
	"slices"

	"tandem"
)

// conversational is a metric of calls with a transcript. It is shown once a call
// has reported it.
type conversational struct {
	entry
	// of gives a call's value; false where it has none.
	of func(c *tandem.Call) (float64, bool)
}

const (
	ofTimed      = "ended calls whose transcript has times"
	ofTranscript = "ended calls with a transcript"
)

var conversationals = []conversational{
	measured(tandem.MetricLatency, "Reply latency", "ms", "ended calls whose latency is known", func(c *tandem.Conversation) *float64 { return c.ReplyP50MS }).
		or(func(l *tandem.Latency) float64 { return l.P50MS }),
	measured(tandem.MetricLatencyP90, "Reply latency, p90", "ms", "ended calls whose latency is known", func(c *tandem.Conversation) *float64 { return c.ReplyP90MS }).
		or(func(l *tandem.Latency) float64 { return l.P90MS }),
	measured(tandem.MetricTurns, "Turns", "", ofTranscript, func(c *tandem.Conversation) *float64 { return float(&c.Turns) }),
	measured(tandem.MetricAgentTalk, "Agent talks", "%", ofTimed, func(c *tandem.Conversation) *float64 { return percent(c.AgentTalkShare) }),
	measured(tandem.MetricCallerTalk, "Caller talks", "%", ofTimed, func(c *tandem.Conversation) *float64 { return percent(c.CallerTalkShare) }),
	measured(tandem.MetricLongestSilence, "Longest silence", "s", ofTimed, func(c *tandem.Conversation) *float64 { return c.LongestSilenceSeconds }),
	measured(tandem.MetricInterruptions, "Interruptions", "", ofTimed, func(c *tandem.Conversation) *float64 { return float(c.Interruptions) }),
	measured(tandem.MetricRepeatedPrompts, "Repeated prompts", "", ofTranscript, func(c *tandem.Conversation) *float64 { return float(&c.RepeatedPrompts) }),
	measured(tandem.MetricMisunderstandings, "Misunderstandings", "", ofTranscript, func(c *tandem.Conversation) *float64 { return float(&c.Misunderstandings) }),
	measured(tandem.MetricDeadEnd, "Dead ends", "", ofTranscript, func(c *tandem.Conversation) *float64 {
		yes := 0.0
		if c.DeadEnd {
			yes = 1
		}
		return &yes
	}).share(),
}

// measured is an average of what conversations tell.
func measured(name, label, unit, base string, value func(*tandem.Conversation) *float64) conversational {
	return conversational{
		entry: entry{name: name, label: label, kind: tandem.Mean, unit: unit, base: base, of: tandem.MetricEnded},
		of: func(c *tandem.Call) (float64, bool) {
			if c.Conversation == nil {
				return 0, false
			}
			x := value(c.Conversation)
			if x == nil {
				return 0, false
			}
			return *x, true
		},
	}
}

// or prefers what the platform measured itself, where it did.
func (m conversational) or(reported func(*tandem.Latency) float64) conversational {
	derived := m.of
	m.of = func(c *tandem.Call) (float64, bool) {
		if c.Latency != nil {
			// A platform that reports none leaves it 0: no agent replies in no time.
			if ms := reported(&c.Latency.Value); ms > 0 || m.name == tandem.MetricLatency {
				return ms, true
			}
		}
		return derived(c)
	}
	return m
}

func (m conversational) share() conversational {
	m.kind = tandem.Proportion
	return m
}

func float(n *int) *float64 {
	if n == nil {
		return nil
	}
	x := float64(*n)
	return &x
}

func percent(share *float64) *float64 {
	if share == nil {
		return nil
	}
	x := 100 * *share
	return &x
}

// observeConversation appends what the transcript says.
func observeConversation(c *tandem.Call, out []tandem.Observation) []tandem.Observation {
	if c.Conversation == nil && c.Latency == nil {
		return out
	}
	for i := range conversationals {
		m := &conversationals[i]
		x, known := m.of(c)
		if known && measurement(x) {
			out = append(out, tandem.Observation{Metric: m.name, Kind: m.kind, Number: x})
		}
	}
	return out
}

// conversationNames lists the metrics of calls with a transcript.
func conversationNames() []string {
	out := make([]string, len(conversationals))
	for i, m := range conversationals {
		out[i] = m.name
	}
	return out
}

// reportedConversation lists those of them that calls have reported.
func reportedConversation(reported []string) []entry {
	var out []entry
	for _, m := range conversationals {
		if slices.Contains(reported, m.name) {
			out = append(out, m.entry)
		}
	}
	return out
}
