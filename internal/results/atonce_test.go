package results

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tandem"
)

// guardedWorld is a world whose test has guardrails and a ramp.
func guardedWorld(t testing.TB, guardrails []tandem.Guardrail, weights ...float64) *world {
	t.Helper()
	w := newWorld(t, "fields.booked == true")
	spec := tandem.TestSpec{Goal: w.test.Goal, Rules: tandem.Rules{
		Guardrails: guardrails, Ramp: []tandem.RampStep{{Weights: weights, MinCalls: 10}, {Weights: []float64{50, 50}}},
	}}
	if weights[0] == 50 {
		spec.Ramp = nil
	}
	for i, a := range w.test.Arms {
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: a.VersionID, Weight: weights[i]})
	}
	test, err := tandem.NewTest(w.route, spec, epoch)
	if err != nil {
		t.Fatal(err)
	}
	w.test, w.tests = test, []tandem.Test{test}
	return w
}

// begin assigns a call; finish ends it, transferred or not.
func (w *world) begin(t testing.TB, arm string, chance float64) tandem.ID {
	t.Helper()
	id := callID(w.n)
	e := w.assigned(id, w.test.Phase().Number, arm)
	a := *e.Assigned
	a.Probability = chance
	e.Assigned = &a
	w.report(t, e)
	return id
}

func (w *world) finish(t testing.TB, id tandem.ID, seconds float64, transferred bool) {
	t.Helper()
	if transferred {
		w.report(t, tandem.Event{CallID: id, Kind: tandem.EventTransferred, Transferred: &tandem.Transfer{State: tandem.TransferCompleted}})
	}
	w.report(t, ended(id, tandem.ByAgent, seconds))
	w.report(t, analysis(id, map[string]any{"booked": seconds > 60}))
}

// now reads the results with evidence folded as far as it goes.
func (w *world) now(t testing.TB) Results {
	t.Helper()
	d := newTestFolder(w)
	var r Results
	for range 200 {
		var err error
		if r, err = NewReader(w, d).Results(context.Background(), w.test.ID); err != nil {
			t.Fatal(err)
		}
		if !r.Evidence.Rebuilding {
			return r
		}
	}
	t.Fatal("a fold that never ends")
	return r
}

func transfers(margin float64) tandem.Guardrail {
	return tandem.Guardrail{Metric: tandem.MetricTransfer, Worse: tandem.Higher, Margin: margin, Action: tandem.Rollback}
}

func TestACallThatHangsBlindsNoGuardrail(t *testing.T) {
	w := guardedWorld(t, []tandem.Guardrail{transfers(0.05)}, 90, 10)
	w.begin(t, "A", 0.9) // hangs
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		arm, p, chance := "A", 0.05, 0.9
		if i%10 == 0 {
			arm, p, chance = "B", 0.9, 0.1
		}
		w.finish(t, w.begin(t, arm, chance), 60, rng.Float64() < p)
	}
	r := w.now(t)
	g := r.Verdict.Guardrails[0]
	if r.Evidence.Calls != 0 || !g.Breached || !g.Known || !g.AtOnce || *g.AtLeast <= 0.05 {
		t.Fatalf("%d calls covered, %+v; want none, and a breach", r.Evidence.Calls, g)
	}
	if !strings.Contains(g.Text, "over all 300 calls with a known transfer rate so far, 1 still open counted in A's favour") {
		t.Errorf("text %q", g.Text)
	}
	v := r.Verdict
	if v.Status != tandem.GuardrailBreached || v.Interval == nil || v.P == nil || v.Interval.Low <= 0.05 || v.Method != tandem.Asymptotic || *v.P > 0.05 {
		t.Errorf("verdict %+v; want its interval and p", v)
	}
	if r.Ramp == nil || len(r.Ramp.Waits) == 0 {
		t.Errorf("ramp %+v; want it to wait", r.Ramp)
	}
}

func TestARampWaitsForWhatIsNotKnown(t *testing.T) {
	duration := tandem.Guardrail{Metric: tandem.MetricDuration, Worse: tandem.Higher, Margin: 20}
	w := guardedWorld(t, []tandem.Guardrail{transfers(0.05), duration, {Metric: "field.nps", Worse: tandem.Lower}}, 90, 10)
	for i := range 100 {
		arm, chance := "A", 0.9
		if i%10 == 0 {
			arm, chance = "B", 0.1
		}
		w.finish(t, w.begin(t, arm, chance), 30+float64(i%7), i%13 < 2)
	}
	r := w.now(t)
	want := "[the guardrail on duration, which cannot be judged yet in B the guardrail on field.nps, which cannot be judged yet in B]"
	if got := fmt.Sprint(r.Ramp.Waits); got != want || r.Ramp.Step != 1 || r.Ramp.Steps != 2 {
		t.Errorf("ramp %+v; want it to wait for %s", r.Ramp, want)
	}
}

// The open calls of a test of equal versions may be of any length: those of B end at
// once when they are handed on, and those of A take long.
func TestCallsInProgressAreCountedInTheFirstArmsFavour(t *testing.T) {
	w := guardedWorld(t, []tandem.Guardrail{transfers(0)}, 50, 50)
	for i := range 400 {
		arm := []string{"A", "B"}[i%2]
		id := w.begin(t, arm, 0.5)
		switch handedOn := i%4 < 2; {
		case arm == "A" && handedOn: // still on the line
		default:
			w.finish(t, id, 60, handedOn)
		}
	}
	r := w.now(t)
	g := r.Verdict.Guardrails[0]
	if g.Breached || g.Harm == nil || *g.Harm < 0.4 || *g.AtLeast > 0 {
		t.Errorf("%+v; want no breach: the calls in progress explain it", g)
	}
}

func TestWithoutBoundsWhatIsOpenIsWaitedFor(t *testing.T) {
	cost := tandem.Guardrail{Metric: "cost.USD", Worse: tandem.Higher}
	for _, open := range []int{0, 1} {
		w := guardedWorld(t, []tandem.Guardrail{cost}, 50, 50)
		for range open {
			w.begin(t, "A", 0.5)
		}
		for i := range 200 {
			id := w.begin(t, []string{"A", "B"}[i%2], 0.5)
			w.report(t, tandem.Event{CallID: id, Kind: tandem.EventCost, Cost: &tandem.Cost{Amount: 1 + float64(i%2) + float64(i%5)/10, Currency: "USD"}})
			w.finish(t, id, 60, false)
		}
		if g := w.now(t).Verdict.Guardrails[0]; g.Breached != (open == 0) {
			t.Errorf("%d open: %+v", open, g)
		}
	}
}

func TestAGuardrailSaysThatItsMetricNeverMoved(t *testing.T) {
	w := guardedWorld(t, []tandem.Guardrail{transfers(0.05)}, 50, 50)
	for i := range 80 {
		w.finish(t, w.begin(t, []string{"A", "B"}[i%2], 0.5), 50+float64(i%20), false)
	}
	r := w.now(t)
	if g := r.Verdict.Guardrails[0]; !strings.Contains(g.Text, "never seen other than 0 %, in 80 calls") || len(r.Verdict.Alarms) != 0 {
		t.Errorf("%q, alarms %+v", g.Text, r.Verdict.Alarms)
	}
}

func TestAGuardrailsMetricThatChangedItsMeaningIsAnAlarmThatStays(t *testing.T) {
	w := guardedWorld(t, []tandem.Guardrail{transfers(0.05)}, 50, 50)
	for i := range 260 {
		handedOn := i%4 < 2
		if i >= 120 && i < 220 && i%2 == 1 {
			handedOn = false // B's are not reported for a while
		}
		w.finish(t, w.begin(t, []string{"A", "B"}[i%2], 0.5), 50+float64(i%20), handedOn)
	}
	v := w.now(t).Verdict
	if len(v.Alarms) != 1 || v.Alarms[0].Check != tandem.CheckMetricHealth || v.Alarms[0].Concerns[0].Kind != "jumped.transfer" ||
		!strings.Contains(v.Alarms[0].Text, "the transfer rate: it was 0 % in each of 51 calls in a row of arm B") {
		t.Errorf("alarms %+v", v.Alarms)
	}
}

func TestAnAlarmDoesNotClearItself(t *testing.T) {
	play := func(t *testing.T, n int, arm func(i int) string, booked func(i int) bool, apart func(i int) bool) *world {
		w := newWorld(t, "fields.booked == true")
		for i := range n {
			id := callID(w.n)
			e := w.assigned(id, 1, arm(i))
			if apart != nil && apart(i) {
				e.Assigned.NotRandomised = tandem.ReasonLimit
			}
			w.report(t, e)
			w.report(t, ended(id, tandem.ByCaller, 60))
			w.report(t, analysis(id, map[string]any{"booked": booked(i)}))
		}
		return w
	}
	turns := func(i int) string { return []string{"A", "B"}[i%2] }
	mixed := func(i int) bool { return i%4 < 2 }
	for _, c := range []struct {
		name   string
		check  tandem.Check
		text   string
		w      func(t *testing.T) *world
		before int
	}{
		{"the split", tandem.CheckSampleRatio, "at its worst", func(t *testing.T) *world {
			return play(t, 3000, func(i int) string {
				if i < 200 && i%4 == 0 {
					return "B"
				}
				return []string{"A", "B"}[i*7919%1009%2]
			}, mixed, nil)
		}, 200},
		{"calls counted apart", tandem.CheckNotRandomised, "at its worst", func(t *testing.T) *world {
			return play(t, 900, turns, mixed, func(i int) bool { return i < 60 && i%3 == 0 })
		}, 60},
		{"a metric that jumped", tandem.CheckMetricHealth, "it moves again", func(t *testing.T) *world {
			return play(t, 400, turns, func(i int) bool { return mixed(i) && (i%2 == 0 || i < 100 || i > 240) }, nil)
		}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.w(t)
			v := w.now(t).Verdict
			if len(v.Alarms) != 1 || v.Alarms[0].Check != c.check || !strings.Contains(v.Alarms[0].Text, c.text) {
				t.Fatalf("alarms %+v; want %s", v.Alarms, c.check)
			}
			// One that is acknowledged stays so while nothing gets worse.
			if err := w.tests[0].Acknowledge(v, c.check, "ann", "", epoch); err != nil {
				t.Fatal(err)
			}
			if v := w.now(t).Verdict; len(v.OpenAlarms()) != 0 || len(v.Alarms) != 1 {
				t.Errorf("alarms %+v; want it acknowledged", v.Alarms)
			}
		})
	}
}

func TestAVerdictSaysSinceWhenItStands(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	var decided int64
	for i := range 300 {
		id := callID(w.n)
		w.report(t, w.assigned(id, 1, []string{"A", "B"}[i%2]))
		w.report(t, ended(id, tandem.ByCaller, 60))
		w.report(t, analysis(id, map[string]any{"booked": i%2 == 1 || i%10 == 0}))
		for _, p := range w.scratch(t).standing().Pairs {
			if decided == 0 && p.Metric == tandem.MetricCompletion && p.Bet.LogP <= math.Log(Alpha) {
				decided = int64(i + 1)
			}
		}
		if decided > 0 && int64(i) > decided+20 {
			break
		}
	}
	v := w.now(t).Verdict
	if decided == 0 || v.Since == nil || v.Since.Calls != decided || !strings.Contains(v.Text, fmt.Sprintf(", since call %d (", decided)) {
		t.Errorf("since %+v, %q; want call %d", v.Since, v.Text, decided)
	}
	calls := w.inOrder(w.test.ID)
	if at := calls[decided-1].Assigned.At; v.Since != nil && !v.Since.At.Equal(at.Truncate(time.Microsecond)) {
		t.Errorf("since %v; that call was assigned at %v", v.Since.At, at)
	}
}

func TestBetsThatExcludeEveryDifferenceHaveNoInterval(t *testing.T) {
	s := newSituation(2)
	s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406).Bet.NoneFits = true
	s.test.EquivalenceMargin = 1
	if v := s.verdict(); v.Interval != nil || v.Status != tandem.Better || v.P == nil {
		t.Errorf("%+v; want no interval", v)
	}
	p := &s.Pairs[0]
	f, ok := s.account().finding(p)
	if e := pairEvidence(p, f, ok); e.Interval != nil || e.Band == nil || !e.NoneFits {
		t.Errorf("%+v; want the band alone", e)
	}
}

func TestWhatWatchingCannotFindIsSaidSo(t *testing.T) {
	s := newSituation(2)
	p := s.share(tandem.MetricCompletion, "B", 0.700, 0.706, 200_000)
	p.Bet.LogE, p.Bet.LogP = -9, 0
	p.Bet.Interval.Low, p.Bet.Interval.High = -0.004, 0.016
	v := s.verdict()
	if v.MoreCalls != nil || !strings.Contains(v.Text, "watching cannot find a difference this small: plan a number of calls") {
		t.Errorf("%q, %v more calls", v.Text, v.MoreCalls)
	}
	// Nor can the bets' interval ever lie within a margin narrower than their grain.
	s.test.EquivalenceMargin = 0.008
	p = s.share(tandem.MetricCompletion, "B", 0.700, 0.7004, 200_000)
	if f, ok := s.account().untilEquivalent(p, finding{method: tandem.Betting}); ok {
		t.Errorf("%+v; want none", f)
	}
}
