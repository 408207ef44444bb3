package replay

import (
	"math"
	"slices"
	"strings"
	"time"

	"tandem"
)

// Conversation is one recorded telephone conversation, or one written for the
// purpose, as [Decode] reads it.
type Conversation struct {
	// ID names the conversation within its file.
	ID string
	// Arm says what the experiment that recorded it did to this call, such as
	// {"acoustic": "degraded"}. Values are text, numbers or booleans.
	Arm map[string]any
	// CallerID tells callers apart; empty when the record does not say.
	CallerID string
	// StartedAt is when the conversation began; zero when not recorded.
	StartedAt time.Time
	// DurationMS is how long it lasted; nil when not recorded.
	DurationMS *int64
	// By is who hung up, as recorded; empty when the record does not say. See
	// [Conversation.EndedBy].
	By tandem.EndedBy
	// Success is whether the caller got what they wanted; nil when unknown.
	Success *bool
	// Sentiment is the caller's, -1 to 1; nil when unknown.
	Sentiment *float64
	// Transfer is the hand-over to somebody else; nil when there was none.
	Transfer *tandem.Transfer
	// Recording is the link to its sound; empty when there is none.
	Recording string
	// Analysis holds further analysis values, by field name.
	Analysis map[string]any
	// Unread says that nobody analysed the conversation: Analysis and Sentiment are
	// what is true of it, and are not reported.
	Unread bool
	Turns  []tandem.Turn
	// BargeInsKnown says whether the record marks agent turns that the caller
	// interrupted. Text dialogues do not.
	BargeInsKnown bool
}

// wordsPerMinute is a common rate of conversational English; it sets how long
// an untimed conversation is held.
const wordsPerMinute = 150

// farewells end a conversation when the agent says them last.
var farewells = []string{"bye", "good day", "great day", "nice day", "lovely day", "take care", "good night"}

// EndedBy tells who hung up: as recorded, or else by who spoke last. A caller
// who speaks last left without waiting for an answer. An agent that speaks
// last hung up if it said goodbye; otherwise the caller did, since agents do
// not leave without a word.
func (c Conversation) EndedBy() tandem.EndedBy {
	if c.By != "" {
		return c.By
	}
	for _, t := range slices.Backward(c.Turns) {
		switch t.Role {
		case tandem.RoleCaller:
			return tandem.ByCaller
		case tandem.RoleAgent:
			text := strings.ToLower(t.Text)
			if slices.ContainsFunc(farewells, func(w string) bool { return strings.Contains(text, w) }) && !t.Interrupted {
				return tandem.ByAgent
			}
			return tandem.ByCaller
		}
	}
	return tandem.ByUnknown
}

// Length gives how long the conversation lasts when it is played: as recorded,
// else to the end of its last timed turn, else the time it takes to say its
// words.
func (c Conversation) Length() time.Duration {
	if c.DurationMS != nil {
		return time.Duration(*c.DurationMS) * time.Millisecond
	}
	var end int64
	words := 0
	for _, t := range c.Turns {
		if t.EndMS != nil {
			end = max(end, *t.EndMS)
		}
		words += len(strings.Fields(t.Text))
	}
	if end > 0 {
		return time.Duration(end) * time.Millisecond
	}
	return time.Duration(words) * time.Minute / wordsPerMinute
}

// BargeIns counts the agent turns that the caller interrupted.
func (c Conversation) BargeIns() int {
	n := 0
	for _, t := range c.Turns {
		if t.Role == tandem.RoleAgent && t.Interrupted {
			n++
		}
	}
	return n
}

// Spoken counts the turns that somebody spoke.
func (c Conversation) Spoken() int {
	n := 0
	for _, t := range c.Turns {
		if t.Role != tandem.RoleTool {
			n++
		}
	}
	return n
}

// Latency gives the median and the 90th percentile of how long the agent took
// to start its reply after the caller's turn ended, or nil without timed
// replies. Percentiles are by nearest rank.
func (c Conversation) Latency() *tandem.Latency {
	var waits []float64
	var heard *int64
	for _, t := range c.Turns {
		switch {
		case t.Role == tandem.RoleCaller:
			heard = t.EndMS
		case t.Role == tandem.RoleAgent && heard != nil && t.StartMS != nil:
			if w := *t.StartMS - *heard; w >= 0 {
				waits = append(waits, float64(w))
			}
			heard = nil
		}
	}
	if len(waits) == 0 {
		return nil
	}
	slices.Sort(waits)
	rank := func(q float64) float64 { return waits[int(math.Ceil(q*float64(len(waits))))-1] }
	return &tandem.Latency{P50MS: rank(0.5), P90MS: rank(0.9)}
}

// Values gives the conversation's analysis values. A success that nobody knows
// is there as the unknown value.
func (c Conversation) Values() map[string]any {
	v := map[string]any{FieldTurns: float64(c.Spoken())}
	if c.Success != nil {
		v[FieldSuccess] = *c.Success
	} else if len(c.Analysis) == 0 {
		v[FieldSuccess] = nil
	}
	if c.BargeInsKnown {
		v[FieldBargeIns] = float64(c.BargeIns())
	}
	if c.Sentiment != nil {
		v[tandem.SentimentField] = *c.Sentiment
	}
	for name, x := range c.Analysis {
		v[name] = x
	}
	return v
}

// The analysis values that every conversation gives.
const (
	FieldSuccess  = "success"   // boolean: the caller got what they wanted
	FieldTurns    = "turns"     // number: turns spoken
	FieldBargeIns = "barge_ins" // number: agent turns the caller interrupted
)
