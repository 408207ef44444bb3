package topics

import (
	"strings"
	"time"

	"tandem"
	"tandem/internal/analyze/words"
)

// situation is something that a call gets into, known without grouping by words.
type situation struct {
	key, name, description string
	// in says whether a call is in it; known is false where that cannot be told.
	in func(c *tandem.Call, turns []tandem.Turn) (in, known bool)
}

// shortCall is the length below which a call is short.
const shortCall = 10 * time.Second

var situations = []situation{
	{
		"situation.misunderstanding", "Misunderstanding", "Somebody says that they did not hear or understand.",
		conversed(func(c *tandem.Conversation) (bool, bool) { return c.Misunderstandings > 0, true }),
	},
	{
		"situation.interrupted", "Caller interrupts", "The caller speaks into a turn of the agent.",
		conversed(func(c *tandem.Conversation) (bool, bool) {
			return c.Interruptions != nil && *c.Interruptions > 0, c.Interruptions != nil
		}),
	},
	{
		"situation.repeated_prompt", "Repeated prompt", "The agent says again what it said shortly before.",
		conversed(func(c *tandem.Conversation) (bool, bool) { return c.RepeatedPrompts > 0, true }),
	},
	{
		"situation.dead_end", "Dead end", "The conversation ends in a misunderstanding or a repeated prompt.",
		conversed(func(c *tandem.Conversation) (bool, bool) { return c.DeadEnd, true }),
	},
	{
		"situation.transferred", "Transferred", "The call was handed on.",
		func(c *tandem.Call, _ []tandem.Turn) (bool, bool) { return c.Transferred(), true },
	},
	{
		"situation.short", "Short call", "Answered, and over within 10 seconds.",
		func(c *tandem.Call, _ []tandem.Turn) (bool, bool) {
			d, known := c.Duration()
			answered, told := c.WasAnswered()
			return d < shortCall, known && told && answered
		},
	},
	{
		"situation.silent", "Silent caller", "The agent speaks, the caller says no word.",
		func(_ *tandem.Call, turns []tandem.Turn) (bool, bool) {
			agent, caller := false, false
			for _, t := range turns {
				agent = agent || t.Role == tandem.RoleAgent
				caller = caller || t.Role == tandem.RoleCaller && strings.TrimSpace(words.Fold(t.Text)) != ""
			}
			return agent && !caller, agent || caller
		},
	},
}

// conversed is about calls with a transcript.
func conversed(in func(*tandem.Conversation) (in, known bool)) func(*tandem.Call, []tandem.Turn) (bool, bool) {
	return func(c *tandem.Call, _ []tandem.Turn) (bool, bool) {
		if c.Conversation == nil {
			return false, false
		}
		return in(c.Conversation)
	}
}
