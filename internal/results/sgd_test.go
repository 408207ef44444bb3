package results

import (
	"testing"
	"time"

	"tandem"
	"tandem/internal/analyze/rules"
	"tandem/internal/corpus"
)

// transactionField reads from the agent's words how the last transaction ended. Its
// phrases were chosen on the even conversations of the set, none on the odd.
var transactionField = tandem.Field{
	Name: "transaction", Type: tandem.Selector, Choices: []string{"done", "failed"},
	Rule: &tandem.Rule{
		Speaker: tandem.RoleAgent, Last: true,
		Choices: map[string][]string{
			"done": {
				"has been", "have been booked", "have been reserved", "have been purchased", "its been booked", "successfully", "success", "successful",
				"confirmed", "is confirmed", "is complete", "is completed", "is done", "is set", "is made", "was made", "was booked", "is booked", "are booked", "is now booked",
				"is reserved", "are reserved", "is scheduled", "was scheduled", "purchased", "booked the", "booked your", "booked you", "i have booked", "ive booked", "have scheduled",
				"ive scheduled", "i have reserved", "ive reserved", "i have set", "made the", "i made", "i have made", "have bought", "ive bought", "i have purchased", "ive purchased", "set up",
				"was added", "ive added", "i have added", "shared the", "was sent", "is sent", "i sent", "have sent", "your payment", "started", "begun", "now playing", "is playing", "is playing now",
				"enjoy the music", "enjoy the song", "enjoy your music", "enjoy your song", "enjoy the movie", "enjoy your movie", "enjoy the show", "enjoy listening", "enjoy your selection", "start the movie",
				"your tickets are", "your tickets have", "your cab", "cab is", "your ride is", "ride is on", "all set", "fun with", "enjoy it", "please enjoy", "hope you enjoy", "hope you like", "you are scheduled", "now scheduled", "the visit is", "is starting", "is beginning", "now complete", "are made", "been made", "is added", "got your", "good listening", "tickets are yours", "you have tickets", "been bought", "i bought", "was a success", "its booked", "its done", "is over", "is processed", "i was able to", "i completed",
			},
			"failed": {
				"could not", "couldnt", "unable", "was not", "wasnt", "were not", "failed", "fail", "did not", "didnt", "doesnt work", "not successful", "unsuccessful", "no availability", "cannot find", "sorry i", "sorry there was",
				"apologies", "apologize", "unfortunately i", "went wrong",
			},
		},
	},
}

const transactionGoal = "has(fields.transaction) && fields.transaction == 'done'"

// confusion counts what a goal says against what was recorded.
type confusion struct{ both, onlyGoal, onlyRecord, neither int }

func (c *confusion) add(goal, record bool) {
	switch {
	case goal && record:
		c.both++
	case goal:
		c.onlyGoal++
	case record:
		c.onlyRecord++
	default:
		c.neither++
	}
}

func (c confusion) precision() float64 { return float64(c.both) / float64(c.both+c.onlyGoal) }
func (c confusion) recall() float64    { return float64(c.both) / float64(c.both+c.onlyRecord) }

// docs/goals.md states the figures that this logs.
func TestAGoalOverRuleFieldsAgainstRecordedTransactions(t *testing.T) {
	content := tandem.Content{
		Prompt: "x", Fields: []tandem.Field{transactionField}, Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:a@example.com"}},
	}
	if err := content.Validate(); err != nil {
		t.Fatal(err)
	}
	g, err := compileGoal(transactionGoal, content.Fields)
	if err != nil {
		t.Fatal(err)
	}
	var half [2]confusion
	var unknown [2]int
	type conversation struct {
		Outcome struct {
			Last string `json:"last_transaction"`
		}
		Turns []tandem.Turn
	}
	n := 0
	for talk := range corpus.All[conversation](t, "calls/sgd.jsonl.gz") {
		finding, _ := rules.Fill(transactionField, talk.Turns)
		call := goalCall(map[string]any{transactionField.Name: finding.Value})
		met := g.met(call)
		if met == nil {
			t.Fatal("the goal is unknown; has() is to see to that")
		}
		if finding.Value == nil {
			unknown[n%2]++
		}
		half[n%2].add(*met, talk.Outcome.Last == "success")
		n++
	}
	if n != 2921 {
		t.Fatalf("%d conversations; want 2921", n)
	}
	for i, name := range []string{"chosen on", "held out"} {
		c := half[i]
		all := c.both + c.onlyGoal + c.onlyRecord + c.neither
		t.Logf("%s: %d conversations, %d succeeded; goal: precision %.3f, recall %.3f (%d false, %d missed, %d without a word of it); always yes: precision %.3f",
			name, all, c.both+c.onlyRecord, c.precision(), c.recall(), c.onlyGoal, c.onlyRecord, unknown[i], float64(c.both+c.onlyRecord)/float64(all))
	}
	if held := half[1]; held.precision() < 0.95 || held.recall() < 0.90 {
		t.Errorf("held out: precision %.3f, recall %.3f; expected at least 0.95 and 0.90", held.precision(), held.recall())
	}
}

// The whole way, once: the rule's finding as an event, the goal in the record and in
// the tallies.
func TestARuleFieldDecidesAGoal(t *testing.T) {
	fields := []tandem.Field{transactionField}
	w := newWorld(t, transactionGoal, fields, fields)
	for i, c := range []struct {
		said string
		want string
	}{
		{"Your table has been booked.", "met"},
		{"I am sorry, the booking failed.", "not_met"},
		{"Anything else?", "not_met"},
	} {
		id := callID(i)
		w.report(t, w.assigned(id, 1, "A"))
		w.report(t, ended(id, tandem.ByCaller, float64(30*time.Second/time.Second)))
		finding, _ := rules.Fill(transactionField, []tandem.Turn{{Role: tandem.RoleCaller, Text: "Has my table been booked?"}, {Role: tandem.RoleAgent, Text: c.said}})
		w.report(t, analysis(id, map[string]any{transactionField.Name: finding.Value}))
		if got := w.calls[id].GoalState(); got != c.want {
			t.Errorf("%q: %s; want %s", c.said, got, c.want)
		}
	}
	if m := metric(t, w.results(t), tandem.MetricCompletion); m.Arms[0].N != 3 || *m.Arms[0].Successes != 1 {
		t.Errorf("completion %+v", m.Arms[0])
	}
}
