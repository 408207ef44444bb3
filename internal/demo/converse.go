package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tandem"
	"tandem/internal/replay"
)

// version is a way of talking to callers.
type version interface {
	open(*talk) bool
	book(*talk)
	move(*talk)
	cancel(*talk)
	hours(*talk)
	insurance(*talk)
	pain(*talk)
}

// versions are the agent's versions by number; what is not there talks like
// the first.
var versions = map[int]version{1: classic{}, 2: concise{}, 3: concise{offers: true}}

// The fields of a version. What is true of them is in a conversation's Analysis;
// what is reported is found in its words, by the fields' rules or a language model.
const (
	FieldBooked   = "appointment_booked" // boolean
	FieldReason   = "reason"             // selector
	FieldMisheard = "date_misheard"      // boolean
)

// Converse plays the conversation of a caller with a version of the agent, by
// its number.
func Converse(c Caller, number int) replay.Conversation {
	v, ok := versions[number]
	if !ok {
		v = versions[1]
	}
	t := &talk{Rand: rand.New(rand.NewPCG(c.Seed, uint64(number)+1000)), caller: c}
	if c.Wish == Book || c.Wish == Move {
		t.settled(false) // until it is booked
	}
	if v.open(t) {
		t.replies(pick(t.Rand, requests[c.Wish]))
		map[Wish]func(*talk){
			Book: v.book, Move: v.move, Cancel: v.cancel, Hours: v.hours, Insurance: v.insurance, Pain: v.pain,
		}[c.Wish](t)
	}
	return t.conversation(number)
}

func (t *talk) conversation(number int) replay.Conversation {
	analysis := map[string]any{FieldReason: string(t.caller.Wish), FieldMisheard: t.corrections > 0, FieldBooked: t.booked != nil && *t.booked}
	sentiment := t.sentiment()
	duration := t.now
	out := replay.Conversation{
		ID:       fmt.Sprintf("demo-%d-v%d", t.caller.Seed, number),
		CallerID: t.caller.Number, DurationMS: &duration, By: t.by, Sentiment: &sentiment,
		Analysis: analysis, Unread: true, Turns: t.turns, BargeInsKnown: true,
	}
	if t.transferred {
		out.Transfer = &tandem.Transfer{State: tandem.TransferCompleted, To: "practice"}
	}
	return out
}

// sentiment is how the caller feels at the end, -1 to 1: what it took against
// what they bear, and what came of it.
func (t *talk) sentiment() float64 {
	s := 0.55 - 0.9*min(1, t.annoyed/t.caller.Patience) + 0.12*t.NormFloat64()
	switch {
	case t.booked != nil && *t.booked, t.transferred:
		s += 0.25
	case t.booked != nil:
		s -= 0.2
	}
	return math.Round(100*max(-1, min(1, s))) / 100
}

var requests = map[Wish][]string{
	Book:      {"Hi, I'd like to book an appointment.", "I need to see a dentist.", "Hello, can I get an appointment this week?", "Yes, I want to make an appointment, please."},
	Move:      {"I have an appointment but I can't make it. Can I move it?", "I need to reschedule.", "Can I change the day of my appointment?"},
	Cancel:    {"I have to cancel my appointment.", "I'd like to cancel, please."},
	Hours:     {"When are you open?", "What are your opening hours?", "Are you open this Wednesday?"},
	Insurance: {"Do you take my insurance?", "I have a question about insurance."},
	Pain:      {"I have a terrible toothache.", "My face is swollen and it hurts a lot.", "I broke a tooth and I'm in a lot of pain."},
}
