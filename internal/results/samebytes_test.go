package results

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"tandem"
)

// The digests of whole states, the same on every machine: where a processor fuses a
// product with a sum (arm64, and amd64 with GOAMD64=v3) an unrounded product would
// show here. They change with stateVersion.
var sameBytes = map[string]string{
	"one phase, planned":       "3afe8a0b749a8928",
	"three phases, planned":    "c02039416a44bbfb",
	"three phases, by caller":  "5f8ed6a17637a3c5",
	"three arms, three phases": "8d11fe57a2f0fcd3",
}

func TestAStateIsTheSameOnEveryMachine(t *testing.T) {
	for _, c := range []struct {
		name    string
		arms    int
		unit    tandem.Unit
		phases  [][]float64
		planned int64
	}{
		{"one phase, planned", 2, tandem.PerCall, [][]float64{{57, 43}}, 1999},
		{"three phases, planned", 2, tandem.PerCall, [][]float64{{57, 43}, {73, 27}, {61, 39}}, 1999},
		{"three phases, by caller", 2, tandem.PerCaller, [][]float64{{57, 43}, {73, 27}, {61, 39}}, 0},
		{"three arms, three phases", 3, tandem.PerCall, [][]float64{{41, 33, 26}, {70, 10, 20}, {34, 33, 33}}, 1999},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := make([][]tandem.Field, c.arms)
			for i := range fields {
				fields[i] = defaultFields()
			}
			w := newWorld(t, "fields.booked == true", fields...)
			spec := tandem.TestSpec{Goal: w.test.Goal, Unit: c.unit, Rules: tandem.Rules{PlannedCalls: c.planned, Guardrails: []tandem.Guardrail{transfers(0.05)}}}
			for i := range c.arms {
				spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: w.test.Arms[i].VersionID, Weight: c.phases[0][i]})
			}
			test, err := tandem.NewTest(w.route, spec, epoch)
			if err != nil {
				t.Fatal(err)
			}
			for _, weights := range c.phases[1:] {
				if err := test.Reweight(weights, epoch); err != nil {
					t.Fatal(err)
				}
			}
			test.Salt = tandem.Salt{}
			w.test, w.tests = test, []tandem.Test{test}
			s := newState(w.frame(t), 3600)
			rng := rand.New(rand.NewPCG(9, 9))
			for i := range 1500 {
				call := anyCall(w, rng, i, i*len(c.phases)/1500)
				if err := s.fold(&call); err != nil {
					t.Fatal(err)
				}
			}
			if got := fmt.Sprintf("%x", sha256.Sum256(stateBytes(t, s)))[:16]; got != sameBytes[c.name] {
				t.Errorf("%s; want %s", got, sameBytes[c.name])
			}
		})
	}
}

// anyCall makes a call of a phase with everything in it that a fold looks at.
func anyCall(w *world, rng *rand.Rand, i, phase int) tandem.Call {
	at := epoch.Add(time.Duration(i) * 37 * time.Second)
	id := callID(i)
	arm, u := 0, rng.Float64()
	shares := w.test.Phases[phase].Split
	for ; arm < len(w.test.Arms)-1; arm++ {
		if u -= shares.Probability(arm); u < 0 {
			break
		}
	}
	caller := fmt.Sprintf("+1415555%04d", int(math.Sqrt(float64(rng.IntN(90_000)))))
	ms := int64(5000 + rng.IntN(200_000))
	booked := rng.Float64() < 0.6+float64(0.03*float64(arm))
	events := []tandem.Event{
		{Kind: tandem.EventAssigned, At: at, Assigned: &tandem.Assignment{
			RouteID: w.route.ID, TestID: w.test.ID, Phase: phase + 1, Arm: w.test.Arms[arm].Key, VersionID: w.test.Arms[arm].VersionID,
			Probability: shares.Probability(arm), UnitKind: w.test.Unit, Unit: caller, Caller: caller,
		}},
		{Kind: tandem.EventEnded, At: at.Add(time.Minute), Ended: &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}},
		{Kind: tandem.EventAnalysis, At: at.Add(time.Minute), Analysis: map[string]any{
			"booked": booked, "amount": 1000 * rng.Float64(), "reason": []string{"book", "cancel", "ask"}[rng.IntN(3)], tandem.SentimentField: 2*rng.Float64() - 1,
		}},
		{Kind: tandem.EventCost, At: at.Add(time.Minute), Cost: &tandem.Cost{Amount: rng.Float64() / 7, Currency: "EUR"}},
	}
	if rng.IntN(9) == 0 {
		events = append(events, tandem.Event{Kind: tandem.EventTransferred, At: at, Transferred: &tandem.Transfer{State: tandem.TransferCompleted}})
	}
	if rng.IntN(50) == 0 {
		events = append(events, tandem.Event{Kind: tandem.EventFailover, At: at, Failover: &tandem.Failover{Reason: tandem.ReasonTargetDown, ServedBy: tandem.ServedByFallback}})
	}
	c := tandem.Call{ID: id}
	for k, e := range events {
		e.ID, e.Origin, e.CallID = fmt.Sprint(k), tandem.OriginAPI, id
		c.Apply(e)
	}
	c.Goal = &booked
	return c
}
