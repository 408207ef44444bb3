package results

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"tandem"
)

// TestAVerdictComesOfRealCalls goes the whole way: events, tallies, evidence
// folded in order, results.
func TestAVerdictComesOfRealCalls(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, "fields.booked == true")
	w.route.MaxCallSeconds = 600
	for _, name := range []string{string(w.route.ID), w.route.Number, w.route.Name} {
		w.routes[name] = w.route
	}
	w.test.Guardrails = []tandem.Guardrail{{Metric: tandem.MetricDuration, Worse: tandem.Higher, Margin: 10, Action: tandem.Announce}}
	w.tests[0] = w.test
	folder := newTestFolder(w)
	reader := NewReader(w, folder)
	rng := rand.New(rand.NewPCG(2, 4))
	verdict := func() tandem.Verdict {
		t.Helper()
		catchUp(t, folder, w)
		v, err := reader.Verdict(ctx, w.test.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := verdict(); v.Status != tandem.Collecting || v.Text != "Collecting: no calls so far." {
		t.Errorf("%+v", v)
	}
	play := func(from, to int, better, slower float64) {
		t.Helper()
		for i := from; i < to; i++ {
			arm, chance, seconds := "A", 0.6, 60+40*rng.Float64()
			if rng.IntN(2) == 1 {
				arm, chance, seconds = "B", 0.6+better, seconds+slower
			}
			w.tell(t, i, 10*i, 1, arm, "", 0.5, rng.Float64() < chance, seconds)
		}
	}
	play(0, 60, 0.25, 0)
	if v := verdict(); v.Status != tandem.Collecting || v.Compared != "B" || v.MoreCalls == nil || v.Method != tandem.Betting {
		t.Errorf("after 60 calls: %+v", v)
	}
	play(60, 500, 0.25, 0)
	v := verdict()
	if v.Status != tandem.Better || v.Arm != "B" || v.Calls != 500 || v.Interval.Low <= 0 || *v.P > Alpha {
		t.Errorf("after 500 calls: %+v", v)
	}
	r, err := reader.Results(ctx, w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	// The words name what the arms' own figures say: there is one phase, and all
	// calls are covered.
	m := metric(t, r, tandem.MetricCompletion)
	form := measureOf(tandem.Proportion, "")
	for i, in := range []string{"in A", "in B"} {
		if say := form.value(*m.Arms[i].Value, 1) + " " + in; !strings.Contains(v.Text, say) {
			t.Errorf("%q does not say %q", v.Text, say)
		}
	}
	if r.Evidence.Waiting != 0 || r.Evidence.Calls != 500 || len(r.Evidence.FirstCalls) == 0 || len(m.Against[0].Evidence.Track) == 0 {
		t.Errorf("%+v", r.Evidence)
	}

	// B begins to take half a minute longer.
	play(500, 1200, 0.25, 30)
	if v = verdict(); v.Status != tandem.GuardrailBreached || v.Arm != "B" || v.Metric != tandem.MetricDuration {
		t.Errorf("after B slowed down: %s: %s", v.Status, v.Text)
	}

	// A call that is still on holds up the evidence, not the tallies.
	id := callID(5000)
	e := w.assigned(id, 1, "A")
	e.At = epoch.Add(12_000 * 1e9)
	w.report(t, e)
	play(1201, 1211, 0.25, 0)
	if _, more := step(t, folder, w); more {
		t.Error("there is more to fold")
	}
	if r, err = reader.Results(ctx, w.test.ID); err != nil || r.Evidence.Waiting != 11 || r.Evidence.Calls != 1200 {
		t.Errorf("waiting %d, covered %d, %v; want 11 and 1,200", r.Evidence.Waiting, r.Evidence.Calls, err)
	}
}
