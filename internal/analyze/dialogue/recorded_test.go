package dialogue

import (
	"slices"
	"testing"

	"tandem"
	"tandem/internal/corpus"
)

// TestRecordedCallsAreMeasuredAsTheyAre compares with figures that were computed
// from the file in another language and by another way: the median of all replies,
// the average of the calls' medians, and counts.
func TestRecordedCallsAreMeasuredAsTheyAre(t *testing.T) {
	var pooled []float64
	var calls, turns, interrupted, misunderstood, repeated, deadEnds int
	var sum float64
	for call := range corpus.All[struct{ Turns []tandem.Turn }](t, "calls/dstc2.train.jsonl.gz") {
		c := Measure(call.Turns)
		calls++
		turns += c.Turns
		interrupted += *c.Interruptions
		misunderstood += c.Misunderstandings
		repeated += c.RepeatedPrompts
		if c.DeadEnd {
			deadEnds++
		}
		sum += *c.ReplyP50MS
		for i := 1; i < len(call.Turns); i++ {
			if a, b := call.Turns[i-1], call.Turns[i]; a.Role == tandem.RoleCaller && b.Role == tandem.RoleAgent {
				pooled = append(pooled, float64(max(0, *b.StartMS-*a.EndMS)))
			}
		}
	}
	slices.Sort(pooled)
	for name, c := range map[string]struct{ got, want float64 }{
		"calls":                  {float64(calls), 1612},
		"turns":                  {float64(turns), 23354},
		"median of all replies":  {*quantile(pooled, 0.5), 616},
		"average of the medians": {sum / float64(calls), 623.8970223325063},
		"interruptions":          {float64(interrupted), 1496}, // 1,493 by flags, 3 by times alone
	} {
		if diff := c.got - c.want; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	t.Logf("%d misunderstandings, %d repeated prompts, %d dead ends", misunderstood, repeated, deadEnds)
}

func BenchmarkMeasure(b *testing.B) {
	turns := []tandem.Turn{}
	for i := range int64(14) {
		role, text := agent, "There are three places in the south part of town; which one would you like?"
		if i%2 == 1 {
			role, text = caller, "I would like the cheaper one, please"
		}
		turns = append(turns, said(role, i*3000, i*3000+2500, text))
	}
	b.ReportAllocs()
	for b.Loop() {
		Measure(turns)
	}
}
