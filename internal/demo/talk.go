package demo

import (
	"math"
	"math/rand/v2"
	"strings"

	"tandem"
)

// talk is a conversation under way. Times are milliseconds from its start.
type talk struct {
	*rand.Rand
	caller Caller

	now     int64
	turns   []tandem.Turn
	annoyed float64 // seconds, against the caller's patience

	over        bool
	by          tandem.EndedBy
	booked      *bool
	transferred bool
	corrections int
}

const (
	// wordMS is a word at an unhurried 170 words a minute.
	wordMS = 353
	// cutAfter is how long an agent's turn lasts before callers cut in.
	cutAfter = 5500
	// repeatCost is what it annoys to be misheard once, in seconds of being
	// talked at; a second time costs twice that.
	repeatCost = 14
	// heardRelief is what it soothes to be let speak.
	heardRelief = 1.5
)

// says adds a turn of the agent and tells whether the caller is still there.
func (t *talk) says(text string) bool {
	if t.over {
		return false
	}
	start := t.now
	if len(t.turns) > 0 {
		start += t.around(680, 0.35)
	}
	length := t.lengthOf(text)
	waited := start - t.now
	left := t.caller.Patience - t.annoyed - float64(waited)/1000
	if talked := float64(length) / 1000; talked > left {
		t.leave(text, start, length, max(0.2, left/talked))
		return false
	}
	turn := tandem.Turn{Role: tandem.RoleAgent, Text: text}
	if length > cutAfter && t.Float64() < t.caller.Hasty {
		part := 0.55 + 0.4*t.Float64()
		turn.Text, turn.Interrupted = cut(text, part), true
		length = int64(float64(length) * part)
	}
	t.add(turn, start, length)
	t.annoyed += float64(waited+length) / 1000
	return true
}

// leave ends the call while the agent talks.
func (t *talk) leave(text string, start, length int64, part float64) {
	part = min(part, 1)
	t.add(tandem.Turn{Role: tandem.RoleAgent, Text: cut(text, part), Interrupted: true}, start, int64(float64(length)*part))
	t.over, t.by = true, tandem.ByCaller
	if t.Float64() < complains {
		t.farewell(pick(t.Rand, []string{"This is a waste of my time.", "Sorry, this is really annoying. Bye.", "I hate these machines.", "No. This is ridiculous, it takes far too long."}))
	}
}

// complains is how many of those who have had enough say so.
const complains = 0.5

// feels gives what a caller says at a good end: the better it went, the more often
// something warm.
func (t *talk) feels(plain, warm []string) string {
	if t.Float64() < 0.7*(1-min(1, t.annoyed/t.caller.Patience)) {
		return pick(t.Rand, warm)
	}
	return pick(t.Rand, plain)
}

var warm = []string{"No, that's all. That was easy, thank you!", "No, that's great, thank you so much.", "No. Wonderful, thanks for your help!"}

// replies adds a turn of the caller. Being heard is a relief: it gives back a
// little patience.
func (t *talk) replies(text string) {
	if t.over {
		return
	}
	wait := t.around(520, 0.4)
	if n := len(t.turns); n > 0 && t.turns[n-1].Interrupted {
		wait = 0 // the caller is talking already
	}
	t.add(tandem.Turn{Role: tandem.RoleCaller, Text: text}, t.now+wait, t.lengthOf(text))
	t.annoyed = max(0, t.annoyed-heardRelief)
}

// ends closes the conversation. Mostly the agent hangs up after the goodbye.
func (t *talk) ends() {
	if t.over {
		return
	}
	t.over, t.by = true, tandem.ByAgent
	if t.Float64() < 0.15 {
		t.by = tandem.ByCaller
		t.farewell(pick(t.Rand, []string{"Bye.", "Thanks, bye.", "Okay, bye bye."}))
	}
}

// farewell is the caller's last word, said when all is over.
func (t *talk) farewell(text string) {
	t.add(tandem.Turn{Role: tandem.RoleCaller, Text: text}, t.now+t.around(300, 0.3), t.lengthOf(text))
}

// misheard draws whether the agent gets a date wrong, and books the annoyance.
func (t *talk) misheard(chance float64) bool {
	if t.Float64() >= chance {
		return false
	}
	t.corrections++
	t.annoyed += repeatCost * float64(t.corrections)
	return true
}

func (t *talk) settled(booked bool) { t.booked = &booked }

func (t *talk) add(turn tandem.Turn, start, length int64) {
	end := start + length
	turn.StartMS, turn.EndMS = &start, &end
	t.turns = append(t.turns, turn)
	t.now = end
}

func (t *talk) lengthOf(text string) int64 {
	return t.around(float64(200+wordMS*len(strings.Fields(text))), 0.08)
}

// around draws a length of time about median, in milliseconds.
func (t *talk) around(median, spread float64) int64 {
	return int64(median * math.Exp(spread*t.NormFloat64()))
}

// cut gives the words of text that were said before the caller cut in.
func cut(text string, part float64) string {
	words := strings.Fields(text)
	n := max(1, int(math.Round(part*float64(len(words)))))
	if n >= len(words) {
		return text
	}
	return strings.TrimRight(strings.Join(words[:n], " "), ",.;:") + "..."
}
