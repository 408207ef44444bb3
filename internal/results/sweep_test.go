package results

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

// recount says how far a test is. ledger.mu is held.
func (m *memory) recount(id tandem.ID) tandem.Recount {
	if r, ok := m.recounts[id]; ok {
		return r
	}
	return tandem.Recount{TestID: id, Edition: 1}
}

func (m *memory) Recount(_ context.Context, id tandem.ID) (tandem.Recount, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	return m.recount(id), nil
}

func (m *memory) Recounts(context.Context) ([]tandem.Recount, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	var out []tandem.Recount
	for _, t := range m.tests {
		if r := m.recount(t.ID); r.Running() {
			out = append(out, r)
		}
	}
	return out, m.ledger.away
}

func (m *memory) CommitCalls(_ context.Context, ch tandem.CallChanges) error {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	for _, c := range ch.Calls {
		if m.calls[c.ID].Revision != c.Revision {
			return tandem.Errorf(tandem.Conflict, "revision", "call %s was changed", c.ID)
		}
		if c.GoalEdition != m.recount(c.Assigned.Value.TestID).Edition {
			return tandem.ErrGoalChanged
		}
	}
	for i, c := range ch.Calls {
		changes := ch.Tallies
		if i > 0 {
			changes = nil
		}
		m.store(m.calls[c.ID], c, changes)
	}
	return m.ledger.away
}

func (m *memory) AdvanceRecount(_ context.Context, was tandem.Recount, to tandem.Position, done int64, last bool) (bool, error) {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	if m.recount(was.TestID) != was {
		return false, nil
	}
	t := m.ledger.of(was.TestID)
	t.sequence++
	was.Position, was.Done = to, done
	if last {
		was.Finished = t.sequence
	}
	m.recounts[was.TestID] = was
	return true, nil
}

// changeGoal does what the store does when a goal is changed.
func (w *world) changeGoal(goal string) {
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	t := w.tests[0]
	if err := t.ChangeGoal(tandem.GoalChange{At: epoch.Add(time.Hour), By: "tester", To: goal, Calls: int64(len(w.calls))}); err != nil {
		panic(err)
	}
	if t.GoalEdition() == w.tests[0].GoalEdition() {
		return
	}
	w.tests[0], w.test = t, t
	w.recounts[t.ID] = tandem.Recount{TestID: t.ID, Edition: t.GoalEdition(), Total: int64(len(w.calls))}
	w.ledger.of(t.ID).sequence++
}

// take ingests an event as the ingester does.
func (w *world) take(e tandem.Event) error {
	err := w.ingest(e)
	if tandem.GoalChanged(err) {
		w.counter.Forget()
		err = w.ingest(e)
	}
	return err
}

// Goals are changed, events come, and nodes count anew at any point, some of
// them with a goal that is not in force any more: what is counted in the end is what
// a count from scratch gives.
func TestCountingAnewInAnyOrderEqualsACountFromScratch(t *testing.T) {
	goals := []string{
		"fields.booked == true", "call.duration_seconds > 60", "fields.booked || fields.sentiment > 0", "!call.transferred",
		"has(fields.amount) && fields.amount > 100", "",
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, goals[0])
		nodes := []*Sweeper{NewSweeper(w, w.counter, quiet(), nil), NewSweeper(w, NewCounter(w), quiet(), nil)}
		var stale []tandem.Recount
		for range rapid.IntRange(0, 120).Draw(rt, "steps") {
			switch rapid.IntRange(0, 11).Draw(rt, "step") {
			case 0:
				w.changeGoal(rapid.SampledFrom(goals).Draw(rt, "goal"))
			case 1:
				if err := rapid.SampledFrom(nodes).Draw(rt, "node").Sweep(t.Context()); err != nil {
					rt.Fatal(err)
				}
			case 2: // a node begins from what was true a while ago
				all, _ := w.Recounts(t.Context())
				stale = append(stale, all...)
				if len(stale) > 0 {
					r := rapid.SampledFrom(stale).Draw(rt, "stale")
					if err := rapid.SampledFrom(nodes).Draw(rt, "node").page(t.Context(), r); err != nil {
						rt.Fatal(err)
					}
				}
			default:
				if err := w.take(anyEvent(w).Draw(rt, "event")); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if err := nodes[1].Sweep(t.Context()); err != nil {
			rt.Fatal(err)
		}
		report, err := NewReader(w, nil).Verify(t.Context(), "", nil)
		if err != nil || !report.OK() {
			rt.Fatalf("%+v, %v", report, err)
		}
		for _, c := range w.calls {
			if c.Assigned == nil {
				continue
			}
			is := c
			if _, err := NewCounter(w).Count(t.Context(), c, &is); err != nil {
				rt.Fatal(err)
			}
			if is.GoalState() != c.GoalState() {
				rt.Fatalf("call %s is stored as %s under %q; it is %s", c.ID, c.GoalState(), w.test.Goal, is.GoalState())
			}
		}
	})
}

// playTo gives half of A's and three quarters of B's calls a booking, and the
// others a long talk.
func playTo(t *testing.T, w *world, n int) {
	t.Helper()
	for i := range n {
		for arm, every := range map[string]int{"A": 2, "B": 4} {
			booked := i%every != 0 || arm == "A" && i%2 == 1
			seconds := 200.0
			if booked {
				seconds = 30
			}
			id := callID(w.n)
			w.report(t, w.assigned(id, 1, arm))
			w.report(t, ended(id, tandem.ByCaller, seconds))
			w.report(t, analysis(id, map[string]any{"booked": booked}))
		}
	}
}

func folded(t *testing.T, w *world, d *Folder) Results {
	t.Helper()
	var out Results
	for range 100 {
		var err error
		if out, err = NewReader(w, d).Results(t.Context(), w.test.ID); err != nil {
			t.Fatal(err)
		}
		if !out.Evidence.Rebuilding {
			break
		}
	}
	return out
}

func TestResultsHoldCompletionBackWhileCallsAreCountedAnew(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	playTo(t, w, 400)
	d := NewFolder(w, quiet(), nil)
	before := folded(t, w, d)
	if before.Verdict.Status != tandem.Better || before.Verdict.Arm != "B" || before.Recounting != nil {
		t.Fatalf("before: %+v", before.Verdict)
	}

	w.changeGoal("call.duration_seconds > 60")
	sweeper := NewSweeper(w, w.counter, quiet(), nil)
	held := func(r Results, text string) {
		t.Helper()
		v := r.Verdict
		if v.Status != tandem.Collecting || v.Value != nil || v.Interval != nil || !strings.Contains(v.Text, text) {
			t.Errorf("verdict %+v; want none, because of %q", v, text)
		}
		if r.Recounting == nil || len(r.Evidence.FirstCalls) != 0 || len(v.Alarms) != 0 {
			t.Errorf("recounting %+v, first calls %v, alarms %v", r.Recounting, r.Evidence.FirstCalls, v.Alarms)
		}
		for _, c := range metric(t, r, tandem.MetricCompletion).Against {
			if c.Evidence != nil {
				t.Errorf("evidence of two goals is shown: %+v", c.Evidence)
			}
		}
	}
	r := folded(t, w, d)
	held(r, "Re-counting: 0 of 800 calls under the changed goal")
	if _, err := NewReader(w, d).Verify(t.Context(), "", nil); err != nil {
		t.Fatal(err)
	}

	all, err := w.Recounts(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := sweeper.page(t.Context(), all[0]); err != nil { // one page, then the node dies
		t.Fatal(err)
	}
	r = folded(t, w, d)
	held(r, "Re-counting: 500 of 800 calls under the changed goal")
	completion := metric(t, r, tandem.MetricCompletion)
	for _, arm := range completion.Arms {
		if arm.Value != nil || arm.N != 0 || arm.Interval != nil {
			t.Errorf("a mixture is shown: %+v", arm)
		}
	}
	if c := completion.Against[0]; c.Value != nil || c.P != nil || c.Note == "" {
		t.Errorf("a mixture is compared: %+v", c)
	}
	if d := metric(t, r, tandem.MetricDuration); d.Arms[0].Value == nil || d.Against[0].Evidence == nil {
		t.Error("what does not rest on the goal is held back too")
	}
	if q := r.Quality[0]; q.OutcomeShare != nil || q.Ended != 400 {
		t.Errorf("quality %+v", q)
	}

	// Another node goes on from what is stored.
	if err := NewSweeper(w, NewCounter(w), quiet(), nil).Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	stuck := d.shownOf(w.test.ID)
	held(mustOf(NewReader(w, fixedEvidence{stuck}).Results(t.Context(), w.test.ID)), "the evidence is being folded anew")

	after := folded(t, w, d)
	if after.Recounting != nil || after.Verdict.Status != tandem.Better || after.Verdict.Arm != "A" || !strings.Contains(after.Verdict.Text, "The goal was changed on 2 Mar 2026 10:00 UTC, after 800 calls.") {
		t.Errorf("after: %+v, %+v", after.Recounting, after.Verdict)
	}
	fresh := folded(t, w, NewFolder(w, quiet(), nil))
	if d := cmp.Diff(fresh.Verdict, after.Verdict); d != "" {
		t.Errorf("a node that starts now says (-fresh +kept):\n%s", d)
	}
	report, err := NewReader(w, nil).Verify(t.Context(), "", nil)
	if err != nil || !report.OK() {
		t.Errorf("%+v, %v", report, err)
	}
	notes := strings.Join(after.Method.Notes, "\n")
	for _, want := range []string{"by tester, after 800 calls: from “fields.booked == true” to “call.duration_seconds > 60”", "chosen without a look"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q; want %q", notes, want)
		}
	}
}

// fixedEvidence is a node whose evidence stays behind.
type fixedEvidence struct{ is Standing }

func (f fixedEvidence) Standing(context.Context, tandem.Test) (Standing, error) { return f.is, nil }

func (d *Folder) shownOf(id tandem.ID) Standing {
	return *d.enter(id, func(*folding, time.Time) {}).shown.Load()
}

func mustOf(r Results, err error) Results {
	if err != nil {
		panic(fmt.Sprint("results: ", err))
	}
	return r
}

func TestAGuardrailOnCompletionIsHeldBackToo(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.test.PrimaryMetric = tandem.MetricDuration
	w.test.Guardrails = []tandem.Guardrail{{Metric: tandem.MetricCompletion, Worse: tandem.Lower, Action: tandem.Rollback}}
	w.tests[0] = w.test
	playTo(t, w, 400)
	w.changeGoal("call.duration_seconds > 60")
	r := folded(t, w, NewFolder(w, quiet(), nil))
	if g := r.Verdict.Guardrails[0]; g.Breached || !strings.Contains(g.Text, "re-counting: 0 of 800 calls") {
		t.Errorf("guardrail %+v", g)
	}
	if strings.Contains(r.Verdict.Text, "Re-counting") {
		t.Errorf("the verdict on the duration waits for the goal: %s", r.Verdict.Text)
	}
	if err := NewSweeper(w, w.counter, quiet(), nil).Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	r = folded(t, w, NewFolder(w, quiet(), nil))
	if g := r.Verdict.Guardrails[0]; !g.Breached {
		t.Errorf("guardrail %+v; want a breach under the changed goal", g)
	}
}

func TestAGoalThatAsksForAnalysisMakesTheFoldWaitForIt(t *testing.T) {
	none := []tandem.Field{}
	w := newWorld(t, "call.duration_seconds > 60", none, none)
	id := callID(1)
	w.report(t, w.assigned(id, 1, "A"))
	e := ended(id, tandem.ByCaller, 90)
	e.At = time.Now().UTC() // its analysis may still come
	assigned := w.assigned(callID(2), 1, "B")
	assigned.At = time.Now().UTC()
	w.report(t, assigned)
	e.CallID = callID(2)
	w.report(t, e)
	w.report(t, ended(id, tandem.ByCaller, 90))
	if r := folded(t, w, NewFolder(w, quiet(), nil)); r.Evidence.Calls != 2 {
		t.Fatalf("%d calls are folded; want both", r.Evidence.Calls)
	}
	d := NewFolder(w, quiet(), nil)
	w.changeGoal("fields.success == true")
	if r := folded(t, w, d); r.Evidence.Calls != 1 {
		t.Errorf("%d calls are folded; want the one whose analysis is no longer waited for", r.Evidence.Calls)
	}
}
