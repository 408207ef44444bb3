package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"tandem"
)

// callers makes calls up, one after another: the same for the same seed, but for the
// ids of what was made before them and the day on which the first came.
type callers struct {
	w     *world
	rng   *rand.Rand
	began time.Time
	route tandem.ID
	made  int
}

var (
	reasons = []string{"book", "move", "cancel", "price", "hours"}
	wants   = []string{"I would like to book a check-up", "I have to move my appointment", "I need to cancel tomorrow", "what does a cleaning cost", "when are you open on Friday"}
	replies = []string{"Of course. Which day suits you best?", "Let me look at the calendar for you.", "That is no trouble at all.", "Could you say that again, please?"}
	enders  = []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent, tandem.BySystem}
)

func newCallers(w *world, began time.Time) *callers {
	return &callers{w: w, rng: rand.New(rand.NewPCG(w.Seed, 7)), began: began, route: w.Test.RouteID}
}

// next gives all that is reported of the next n calls.
func (c *callers) next(n int) []tandem.Event {
	events := make([]tandem.Event, 0, 6*n)
	for range n {
		events = c.call(events)
	}
	return events
}

func (c *callers) call(events []tandem.Event) []tandem.Event {
	k := c.made
	c.made++
	at := c.began.Add(time.Duration(float64(spread-time.Hour) * float64(k) / float64(c.w.Calls)))
	id := tandem.DeriveCallID(actor, fmt.Sprint(k), at)
	i := c.rng.IntN(arms)
	arm := c.w.Test.Arms[i]
	length := 20 + c.rng.ExpFloat64()*70
	end := at.Add(time.Duration(length * float64(time.Second)))
	caller := c.rng.IntN(300_000)
	ms, yes := int64(length*1000), true
	reason := c.rng.IntN(len(reasons))
	var key [16]byte
	copy(key[:], fmt.Sprintf("%016d", caller))
	list := []tandem.Event{
		{Kind: tandem.EventAssigned, At: at, Assigned: &tandem.Assignment{
			RouteID: c.route, TestID: c.w.Test.ID, Phase: 1, Arm: arm.Key, VersionID: arm.VersionID, Probability: 1.0 / arms,
			UnitKind: tandem.PerCall, Unit: string(id), Number: "+14155550100", Caller: fmt.Sprintf("+1628%07d", caller), CallerKey: tandem.CallerKey(key),
		}},
		{Kind: tandem.EventTranscript, At: end, Transcript: c.talk(reason, ms)},
		{Kind: tandem.EventEnded, At: end, Ended: &tandem.Ending{By: enders[c.pick(0.6, 0.35)], DurationMS: &ms, Answered: &yes}},
		{Kind: tandem.EventLatency, At: end, Latency: &tandem.Latency{P50MS: 400 + c.rng.ExpFloat64()*300}},
		{Kind: tandem.EventAnalysis, At: end.Add(time.Second), Analysis: map[string]any{
			"booked": c.rng.Float64() < 0.62+0.01*float64(i), "amount": float64(c.rng.IntN(300)), "reason": reasons[reason],
			tandem.SentimentField: c.rng.Float64()*2 - 1, tandem.SuccessField: c.rng.Float64() < 0.7, tandem.NaturalnessField: float64(1 + c.rng.IntN(5)),
		}},
	}
	if c.rng.Float64() < 0.1 {
		list = append(list, tandem.Event{Kind: tandem.EventTransferred, At: end, Transferred: &tandem.Transfer{State: tandem.TransferCompleted, To: "+14155550199"}})
	}
	for n := range list {
		list[n].ID, list[n].Origin, list[n].CallID = fmt.Sprintf("%d/%d", k, n), tandem.OriginAPI, id
	}
	return append(events, list...)
}

// pick gives 0, 1 or 2, the first two with these chances.
func (c *callers) pick(first, second float64) int {
	switch x := c.rng.Float64(); {
	case x < first:
		return 0
	case x < first+second:
		return 1
	}
	return 2
}

// talk is a short conversation that fills the call.
func (c *callers) talk(reason int, length int64) []tandem.Turn {
	turns := []tandem.Turn{{Role: tandem.RoleAgent, Text: "Harbor Street Dental, how can I help?"}, {Role: tandem.RoleCaller, Text: "Hello, " + wants[reason] + "."}}
	for range 1 + c.rng.IntN(2) {
		turns = append(turns, tandem.Turn{Role: tandem.RoleAgent, Text: replies[c.rng.IntN(len(replies))]}, tandem.Turn{Role: tandem.RoleCaller, Text: "Yes, that would be good. Thank you."})
	}
	each := length / int64(len(turns))
	for i := range turns {
		start := int64(i) * each
		end := start + each*3/4
		turns[i].StartMS, turns[i].EndMS = &start, &end
	}
	return turns
}
