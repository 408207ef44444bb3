package results

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem"
)

// anyEvent draws an event about one of a few calls, often about the same fact
// as another, so that corrections, repeats and contradictions are common.
func anyEvent(w *world) *rapid.Generator[tandem.Event] {
	return rapid.Custom(func(t *rapid.T) tandem.Event {
		id := callID(rapid.IntRange(1, 6).Draw(t, "call"))
		var e tandem.Event
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0, 1:
			e = w.assigned(id, rapid.IntRange(1, 2).Draw(t, "phase"), rapid.SampledFrom([]string{"A", "B"}).Draw(t, "arm"))
		case 2, 3:
			e = ended(id, rapid.SampledFrom([]tandem.EndedBy{tandem.ByCaller, tandem.ByAgent, tandem.ByUnknown}).Draw(t, "by"),
				float64(rapid.IntRange(0, 600_000).Draw(t, "ms"))/1000)
		case 4:
			e = tandem.Event{CallID: id, Kind: tandem.EventAnswered}
		case 5:
			e = tandem.Event{CallID: id, Kind: tandem.EventLost}
		case 6:
			e = tandem.Event{CallID: id, Kind: tandem.EventFailover, Failover: &tandem.Failover{Reason: tandem.ReasonTargetDown}}
		case 7:
			e = tandem.Event{CallID: id, Kind: tandem.EventCost, Cost: &tandem.Cost{
				Amount: rapid.Float64Range(0, 3).Draw(t, "amount"), Currency: rapid.SampledFrom([]string{"USD", "EUR"}).Draw(t, "currency"),
			}}
		default:
			e = analysis(id, map[string]any{
				rapid.SampledFrom([]string{"booked", "mixed"}).Draw(t, "boolean"): rapid.Bool().Draw(t, "value"),
				"sentiment": rapid.SampledFrom([]any{nil, -0.5, 0.0, 0.5}).Draw(t, "sentiment"),
				"reason":    rapid.SampledFrom([]any{"book", "ask", "nonsense", nil}).Draw(t, "reason"),
				rapid.SampledFrom([]string{"amount", "mixed"}).Draw(t, "number"): rapid.Float64Range(-10, 1100).Draw(t, "n"),
			})
		}
		e.ID = fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "id"))
		e.Origin = rapid.SampledFrom([]string{tandem.OriginSIP, tandem.OriginAPI, tandem.OriginReaper}).Draw(t, "origin")
		e.At = epoch.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "at")) * time.Second)
		return e
	})
}

func TestTalliesKeptByDifferencesEqualACountOfAllCalls(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, "fields.booked == true && call.duration_seconds > 60")
		for _, e := range rapid.SliceOfN(anyEvent(w), 0, 80).Draw(rt, "events") {
			if err := w.ingest(e); err != nil {
				rt.Fatal(err)
			}
		}
		report, err := NewReader(w, nil).Verify(context.Background(), "", nil)
		if err != nil {
			rt.Fatal(err)
		}
		if !report.OK() || report.Tests != 1 {
			rt.Fatalf("%+v", report)
		}
	})
}

func TestVerifyFindsEveryKindOfDamage(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(w *world)
		what   string
	}{
		"a count":   {func(w *world) { w.tally("calls", "A").N++ }, "n"},
		"a success": {func(w *world) { w.tally("completion", "A").Successes-- }, "successes"},
		"a mean":    {func(w *world) { w.tally("duration", "A").Mean += 1e-6 }, "mean"},
		"an m2":     {func(w *world) { w.tally("duration", "A").M2 += 0.1 }, "m2"},
		"a mean that is not a number": {func(w *world) {
			t := w.tally("duration", "A")
			t.Mean /= 0 * t.Mean
			t.Mean *= 0
		}, "mean"},
		"a histogram":     {func(w *world) { w.tally("duration", "A").Hist.Add(1000, 1) }, "histogram"},
		"a name":          {func(w *world) { w.tally("ended_by", "A").Names["ghost"] = 1 }, "names"},
		"a kind":          {func(w *world) { w.tally("transfer", "A").Kind = tandem.Count }, "kind"},
		"a missing tally": {func(w *world) { delete(w.tallies, w.key("calls", "A")) }, "n"},
		"a tally too many": {func(w *world) {
			w.tallies[w.key("field.ghost", "B")] = &tandem.Tally{Kind: tandem.Proportion, N: 1}
		}, "n"},
		"a missing call": {func(w *world) { w.order = w.order[1:] }, "n"},
		"a goal": {func(w *world) {
			call := w.calls[w.order[0]]
			call.Goal = nil
			w.calls[call.ID] = call
		}, "goal"},
		"an ordinal": {func(w *world) {
			call := w.calls[w.order[0]]
			call.Ordinal = 0
			w.calls[call.ID] = call
		}, "ordinals"},
	} {
		w := newWorld(t, "fields.booked == true")
		w.play(t, 1, "A", 20, 10, func(i int) float64 { return 30 + float64(i) })
		w.play(t, 1, "B", 20, 15, func(i int) float64 { return 40 + float64(i) })
		reader := NewReader(w, nil)
		if report, err := reader.Verify(context.Background(), "", nil); err != nil || !report.OK() || report.Calls != 40 {
			t.Fatalf("before: %+v, %v", report, err)
		}
		c.damage(w)
		report, err := reader.Verify(context.Background(), w.test.ID, nil)
		if err != nil || report.OK() {
			t.Errorf("%s: %+v, %v; want a difference", name, report, err)
			continue
		}
		found := false
		for _, d := range report.Differences {
			found = found || d.What == c.what
		}
		if !found {
			t.Errorf("%s: %+v; want %q", name, report.Differences, c.what)
		}
	}
}

func (w *world) key(metric, arm string) tandem.TallyKey {
	return tandem.TallyKey{TestID: w.test.ID, Phase: 1, Arm: arm, Metric: metric}
}

func (w *world) tally(metric, arm string) *tandem.Tally { return w.tallies[w.key(metric, arm)] }

func TestVerifyReadsATestThatMovesAgain(t *testing.T) {
	w := newWorld(t, "")
	w.play(t, 1, "A", 10, 5, func(int) float64 { return 30 })
	moves := 2
	w.onRead = func() {
		if moves > 0 {
			moves--
			w.play(t, 1, "B", 1, 1, func(int) float64 { return 30 })
		}
	}
	report, err := NewReader(w, nil).Verify(context.Background(), w.test.ID, nil)
	if err != nil || !report.OK() || report.Calls != 12 {
		t.Errorf("moved twice: %+v, %v; want 12 calls and no difference", report, err)
	}
	moves = 1000
	report, err = NewReader(w, nil).Verify(context.Background(), w.test.ID, nil)
	if err != nil || report.OK() || len(report.Moving) != 1 || len(report.Differences) != 0 {
		t.Errorf("moving on: %+v, %v; want the test listed as moving", report, err)
	}
}

func TestVerifyCoversAllTestsAndReportsProgress(t *testing.T) {
	w := newWorld(t, "")
	for range 4 {
		other := w.test
		other.ID = tandem.NewID(epoch)
		w.tests = append(w.tests, other)
	}
	w.play(t, 1, "A", 2*progressEvery, 5, func(int) float64 { return 30 })
	var heard []int64
	report, err := NewReader(w, nil).Verify(context.Background(), "", func(n int64) { heard = append(heard, n) })
	if err != nil || !report.OK() || report.Tests != 5 || len(heard) != 2 || heard[1] != 2*progressEvery {
		t.Errorf("%+v, %v, progress %v; want 5 tests, progress at 1000 and 2000", report, err, heard)
	}
	if _, err := NewReader(w, nil).Verify(context.Background(), tandem.NewID(epoch), nil); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("an unknown test: error %v; want NotFound", err)
	}
}

func TestALongReportIsCut(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 3*maxDifferences, 0, func(int) float64 { return 30 })
	for _, id := range w.order {
		call := w.calls[id]
		call.Goal = ptr(true)
		w.calls[id] = call
	}
	report, err := NewReader(w, nil).Verify(context.Background(), "", nil)
	if err != nil || len(report.Differences) != maxDifferences || report.More != 2*maxDifferences {
		t.Errorf("%d differences and %d more, %v; want %d and %d", len(report.Differences), report.More, err, maxDifferences, 2*maxDifferences)
	}
}

func TestRoundingOfCorrectedOutliersIsNoDifference(t *testing.T) {
	// A duration of a week, taken back, leaves its rounding in M2.
	w := newWorld(t, "")
	w.play(t, 1, "A", 50, 25, func(i int) float64 { return 30 + float64(i)/7 })
	id := callID(9999)
	w.report(t, w.assigned(id, 1, "A"))
	week := ended(id, tandem.ByUnknown, 604_800)
	week.At = epoch.Add(time.Hour)
	w.report(t, week)
	right := ended(id, tandem.ByCaller, 41)
	right.Origin = tandem.OriginSIP
	right.At = epoch.Add(time.Hour)
	w.report(t, right)
	if report, err := NewReader(w, nil).Verify(context.Background(), "", nil); err != nil || !report.OK() {
		t.Errorf("%+v, %v", report, err)
	}
	if n, m := w.tally("duration", "A").N, w.tally("duration", "A").Mean; n != 51 || m < 30 || m > 41 {
		t.Errorf("n %d, mean %v; want 51 about 33", n, m)
	}
}
