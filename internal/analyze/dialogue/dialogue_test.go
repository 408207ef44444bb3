package dialogue

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

// said makes a turn with times in milliseconds.
func said(role tandem.Role, from, to int64, text string) tandem.Turn {
	return tandem.Turn{Role: role, Text: text, StartMS: &from, EndMS: &to}
}

// wrote makes a turn without times.
func wrote(role tandem.Role, text string) tandem.Turn { return tandem.Turn{Role: role, Text: text} }

func ptr[T any](x T) *T { return &x }

const (
	agent  = tandem.RoleAgent
	caller = tandem.RoleCaller
)

func TestConversationsAreMeasured(t *testing.T) {
	for _, c := range []struct {
		name  string
		turns []tandem.Turn
		want  *tandem.Conversation
	}{
		{name: "nobody spoke", turns: []tandem.Turn{wrote(tandem.RoleTool, "lookup")}},
		{
			name: "by its times",
			turns: []tandem.Turn{
				said(agent, 0, 2000, "How may I help you?"),
				said(caller, 2500, 3500, "A table for two."),
				wrote(tandem.RoleTool, "search(2)"),
				said(agent, 4500, 6500, "For which day?"), // after 1000
				said(caller, 6000, 7000, "Friday, please."),
				said(agent, 6900, 8000, "Done."), // before the caller had finished: 0
				said(caller, 10_000, 10_000, "Bye."),
			},
			want: &tandem.Conversation{
				Turns: 6, ReplyP50MS: ptr(500.0), ReplyP90MS: ptr(900.0),
				AgentTalkShare: ptr(0.51), CallerTalkShare: ptr(0.2), LongestSilenceSeconds: ptr(2.0), Interruptions: ptr(1),
			},
		},
		{
			name:  "without times",
			turns: []tandem.Turn{wrote(agent, "Hello."), wrote(caller, "Hello.")},
			want:  &tandem.Conversation{Turns: 2},
		},
		{
			name:  "a flag tells of an interruption",
			turns: []tandem.Turn{{Role: agent, Text: "Our opening hours", Interrupted: true}, wrote(caller, "Stop.")},
			want:  &tandem.Conversation{Turns: 2, Interruptions: ptr(1)},
		},
		{
			name: "some times are missing",
			turns: []tandem.Turn{
				said(caller, 0, 1000, "One."), said(agent, 1300, 2000, "Two."), wrote(caller, "Three."), said(agent, 5000, 6000, "Four."),
			},
			want: &tandem.Conversation{Turns: 4, ReplyP50MS: ptr(300.0), ReplyP90MS: ptr(300.0)},
		},
		{
			name: "a prompt is said again, in nearly the same words",
			turns: []tandem.Turn{
				wrote(agent, "What kind of food would you like?"), wrote(caller, "Mumble."),
				wrote(agent, "Sorry, what kind of food would you like?"), wrote(caller, "Thai."),
				wrote(agent, "All right."), wrote(caller, "Thanks."), wrote(agent, "All right."),
			},
			want: &tandem.Conversation{Turns: 7, RepeatedPrompts: 1},
		},
		{
			name: "said again much later it is another matter",
			turns: []tandem.Turn{
				wrote(agent, "What else can I do?"), wrote(agent, "One."), wrote(agent, "Two."), wrote(agent, "Three."),
				wrote(agent, "What else can I do?"),
			},
			want: &tandem.Conversation{Turns: 5},
		},
		{
			name: "a word in place of another makes another prompt",
			turns: []tandem.Turn{
				wrote(agent, "Sorry, there is no thai restaurant in the north of town."), wrote(agent, "Sorry, there is no greek restaurant in the north of town."),
				wrote(caller, "Indian, then."), wrote(agent, "Here is one."),
			},
			want: &tandem.Conversation{Turns: 4},
		},
		{
			name: "the caller says the same twice",
			turns: []tandem.Turn{
				wrote(caller, "I want to speak to somebody."), wrote(caller, "I want to speak to somebody."), wrote(agent, "Of course."), wrote(caller, "Thanks."),
			},
			want: &tandem.Conversation{Turns: 4},
		},
		{
			name:  "it ends in a misunderstanding",
			turns: []tandem.Turn{wrote(caller, "Mumble."), wrote(agent, "Sorry, I didn’t catch that."), wrote(caller, "Oh, never mind.")},
			want:  &tandem.Conversation{Turns: 3, Misunderstandings: 1, DeadEnd: true},
		},
		{
			name:  "misunderstandings in other languages",
			turns: []tandem.Turn{wrote(agent, "Das habe ich leider nicht ganz verstanden."), wrote(caller, "¿Puede repetir, por favor?"), wrote(agent, "Je n'ai pas bien compris."), wrote(caller, "Ja."), wrote(agent, "Gut.")},
			want:  &tandem.Conversation{Turns: 5, Misunderstandings: 3},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
			if d := cmp.Diff(c.want, Measure(c.turns), near); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestMeasuresStayWithinTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		turns := rapid.SliceOf(rapid.Custom(func(t *rapid.T) tandem.Turn {
			from := rapid.Int64Range(0, 1<<40).Draw(t, "from")
			turn := said(rapid.SampledFrom([]tandem.Role{agent, caller, tandem.RoleTool}).Draw(t, "role"), from, from+rapid.Int64Range(0, 1<<40).Draw(t, "length"), rapid.String().Draw(t, "text"))
			if rapid.Bool().Draw(t, "untimed") {
				turn.EndMS = nil
			}
			return turn
		})).Draw(t, "turns")
		c := Measure(turns)
		if c == nil {
			return
		}
		for _, share := range []*float64{c.AgentTalkShare, c.CallerTalkShare} {
			if share != nil && !(*share >= 0 && *share <= 1) {
				t.Fatalf("a talk share of %v", *share)
			}
		}
		if c.ReplyP50MS != nil && !(*c.ReplyP50MS >= 0 && *c.ReplyP90MS >= *c.ReplyP50MS) {
			t.Fatalf("replies of %v and %v", *c.ReplyP50MS, *c.ReplyP90MS)
		}
		if s := c.LongestSilenceSeconds; s != nil && !(*s >= 0) {
			t.Fatalf("a silence of %v s", *s)
		}
		if c.RepeatedPrompts > c.Turns || c.Misunderstandings > c.Turns || c.Interruptions != nil && *c.Interruptions > c.Turns {
			t.Fatalf("%+v", c)
		}
	})
}
