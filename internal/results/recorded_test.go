package results

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"tandem"
	"tandem/internal/corpus"
)

// recordedCall is the part of a recorded call that this test reads.
type recordedCall struct {
	Arm        struct{ Acoustic string }
	DurationMS int64 `json:"duration_ms"`
	Outcome    struct{ Success *bool }
	Turns      []struct {
		Role        string
		Interrupted bool
	}
}

// TestRecordedExperimentReadsAsItsFileSays counts 1,612 real calls and compares
// every figure with one computed straight from the file.
func TestRecordedExperimentReadsAsItsFileSays(t *testing.T) {
	calls := slices.Collect(corpus.All[recordedCall](t, "calls/dstc2.train.jsonl.gz"))
	w := newWorld(t, "fields.success == true", []tandem.Field{}, []tandem.Field{})
	w.tests[0].Status = tandem.Recorded
	type straight struct {
		seconds, bargeIns  []float64
		successes, unknown int64
	}
	arms := map[string]*straight{"A": {}, "B": {}}
	for i, c := range calls {
		arm := "A"
		if c.Arm.Acoustic == "optimised" {
			arm = "B"
		}
		s := arms[arm]
		bargeIns := 0.0
		for _, turn := range c.Turns {
			if turn.Interrupted {
				bargeIns++
			}
		}
		values := map[string]any{"barge_ins": bargeIns, "success": nil}
		if c.Outcome.Success == nil {
			s.unknown++
		} else if values["success"] = *c.Outcome.Success; *c.Outcome.Success {
			s.successes++
		}
		s.seconds, s.bargeIns = append(s.seconds, float64(c.DurationMS)/1000), append(s.bargeIns, bargeIns)
		id := tandem.DeriveCallID("recorded", fmt.Sprint(i), epoch)
		w.report(t, w.assigned(id, 1, arm))
		w.report(t, ended(id, tandem.ByCaller, float64(c.DurationMS)/1000))
		w.report(t, analysis(id, values))
	}
	r := w.results(t)
	var n int64
	for i, key := range []string{"A", "B"} {
		s := arms[key]
		n += int64(len(s.seconds))
		if got := metric(t, r, tandem.MetricCalls).Arms[i].N; got != int64(len(s.seconds)) {
			t.Errorf("%s: %d calls; want %d", key, got, len(s.seconds))
		}
		c := metric(t, r, tandem.MetricCompletion).Arms[i]
		if *c.Successes != s.successes || c.Unknown != s.unknown || c.N != int64(len(s.seconds))-s.unknown {
			t.Errorf("%s: completion %+v; want %d met, %d unknown", key, c, s.successes, s.unknown)
		}
		sameNumbers(t, key+" duration", metric(t, r, tandem.MetricDuration).Arms[i], s.seconds)
		sameNumbers(t, key+" barge-ins", metric(t, r, "field.barge_ins").Arms[i], s.bargeIns)
	}
	if n != 1612 || r.Metric("field.success") == nil {
		t.Errorf("%d calls, success %v; want 1612 and its share", n, r.Metric("field.success"))
	}
	report, err := NewReader(w, nil).Verify(context.Background(), "", nil)
	if err != nil || !report.OK() {
		t.Errorf("verify: %+v, %v", report, err)
	}
}

func sameNumbers(t *testing.T, what string, got Summary, xs []float64) {
	t.Helper()
	slices.Sort(xs)
	var sum, m2 float64
	for _, x := range xs {
		sum += x
	}
	average := sum / float64(len(xs))
	for _, x := range xs {
		m2 += (x - average) * (x - average)
	}
	about(t, average, *got.Value, 1e-9, what+": average")
	about(t, math.Sqrt(m2/float64(len(xs)-1)), *got.SD, 1e-9, what+": standard deviation")
	median := xs[(len(xs)+1)/2-1]
	about(t, median, *got.Median, 0.0101*median, what+": median")
	p90 := xs[int(math.Ceil(0.9*float64(len(xs))))-1]
	about(t, p90, *got.P90, 0.0101*p90, what+": 90th percentile")
	var binned int64
	for _, b := range got.Histogram {
		binned += b.N
	}
	if got.N != int64(len(xs)) || binned != got.N {
		t.Errorf("%s: n %d, %d in the histogram; want %d", what, got.N, binned, len(xs))
	}
}
