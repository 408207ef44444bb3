package results

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestFieldsThatVersionsDefineDifferentlyAreListedAndNotCompared(t *testing.T) {
	low, high := ptr(0.0), ptr(10.0)
	a := []tandem.Field{
		{Name: "booked", Type: tandem.Boolean, Instruction: "Whether it was booked"},
		{Name: "score", Type: tandem.Number, Min: low, Max: high},
		{Name: "kind", Type: tandem.Selector, Choices: []string{"new", "change"}},
		{Name: "price", Type: tandem.Number, Unit: "EUR"},
		{Name: "topic", Type: tandem.Selector, Choices: []string{"bill", "outage", "other"}},
		{Name: "outcome", Type: tandem.Boolean},
		{Name: "gone", Type: tandem.Text},
	}
	b := []tandem.Field{
		{Name: "fresh", Type: tandem.Boolean},
		{Name: "outcome", Type: tandem.Number},
		{Name: "topic", Type: tandem.Selector, Choices: []string{"bill", "outage", "move"}},
		{Name: "price", Type: tandem.Number, Unit: "USD"},
		{Name: "kind", Type: tandem.Selector, Choices: []string{"change", "new"}},
		{Name: "score", Type: tandem.Number},
		{Name: "booked", Type: tandem.Boolean, Instruction: "Whether a date was agreed on"},
	}
	w := newWorld(t, "fields.booked", a, b)
	for n := range 40 {
		for _, arm := range []string{"A", "B"} {
			id := callID(w.n)
			w.report(t, w.assigned(id, 1, arm))
			w.report(t, ended(id, tandem.ByCaller, 60))
			values := map[string]any{"booked": n%3 == 0, "score": float64(n % 10), "kind": "new", "price": 5.0, "topic": "bill", "fresh": n%2 == 0}
			if arm == "A" {
				values["outcome"] = true
			} else {
				values["outcome"] = 2.0
			}
			w.report(t, analysis(id, values))
		}
	}
	r, err := NewReader(w, NewFolder(w, quiet(), nil)).Results(t.Context(), w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := []Mismatch{
		{"price", "B", "A", "the units differ: EUR in A, USD in B"},
		{"topic", "B", "A", "the choices differ: only A has other; only B has move"},
		{"outcome", "B", "A", "the versions define it with different types: boolean in A, number in B"},
		{"gone", "B", "A", "only the version of A defines it"},
		{"fresh", "B", "A", "only the version of B defines it"},
	}
	if d := cmp.Diff(want, r.NotComparable); d != "" {
		t.Errorf("not comparable (-want +got):\n%s", d)
	}
	for _, name := range []string{"booked", "score", "kind"} {
		m := metric(t, r, "field."+name)
		if m.Against[0].Note != "" || m.Against[0].P == nil {
			t.Errorf("%s is not compared: %+v", name, m.Against[0])
		}
	}
	for _, lost := range want {
		m := r.Metric("field." + lost.Field)
		if m == nil {
			t.Errorf("%s is not shown", lost.Field)
			continue
		}
		c := m.Against[0]
		if c.Note != "not compared: "+lost.Reason || c.P != nil || c.Value != nil || c.Evidence != nil || m.AnyDifference != nil {
			t.Errorf("%s is compared: %+v, any difference %v", lost.Field, c, m.AnyDifference)
		}
	}
	var names []string
	for _, f := range CommonFields([]Definitions{{"A", a}, {"B", b}}) {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"booked", "score", "kind"}) {
		t.Errorf("common fields %v", names)
	}
}

func TestUnknownAnswersAreCountedAndToldApartFromMissingOnes(t *testing.T) {
	w := newWorld(t, "")
	play := func(arm string, n int, values map[string]any) {
		for range n {
			id := callID(w.n)
			w.report(t, w.assigned(id, 1, arm))
			w.report(t, ended(id, tandem.ByCaller, 60))
			w.report(t, analysis(id, values))
		}
	}
	play("A", 90, map[string]any{"booked": true, "summary": "a visit", "amount": 5.0})
	play("A", 10, map[string]any{"booked": nil, "summary": nil, "amount": 9999.0})
	play("B", 50, map[string]any{"booked": false, "summary": ""})
	play("B", 40, map[string]any{"booked": nil, "summary": nil})
	play("B", 10, map[string]any{"sentiment": nil})
	r := w.results(t)
	for name, want := range map[string][]Answers{
		"field.booked": {
			{Arm: "A", Analyzed: 100, Known: 90, Unknown: 10, UnknownShare: ptr(0.1)},
			{Arm: "B", Analyzed: 100, Known: 50, Unknown: 40, Unreported: 10, UnknownShare: ptr(0.4)},
		},
		"field.summary": {
			{Arm: "A", Analyzed: 100, Known: 90, Unknown: 10, UnknownShare: ptr(0.1)},
			{Arm: "B", Analyzed: 100, Known: 50, Unknown: 40, Unreported: 10, UnknownShare: ptr(0.4)},
		},
		"field.amount": { // out of its range is as good as unknown
			{Arm: "A", Analyzed: 100, Known: 90, Unknown: 10, UnknownShare: ptr(0.1)},
			{Arm: "B", Analyzed: 100, Unreported: 100, UnknownShare: ptr(0.0)},
		},
		"sentiment": {
			{Arm: "A", Analyzed: 100, Unreported: 100, UnknownShare: ptr(0.0)},
			{Arm: "B", Analyzed: 100, Unknown: 10, Unreported: 90, UnknownShare: ptr(0.1)},
		},
	} {
		if d := cmp.Diff(want, metric(t, r, name).Answers); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	booked := metric(t, r, "field.booked")
	if g := booked.UnknownGaps; len(g) != 1 || !g[0].Uneven || g[0].Value == nil || *g[0].Value < 0.299 || *g[0].Value > 0.301 || g[0].Interval == nil || *g[0].P > 1e-5 {
		t.Errorf("gap %+v", g)
	}
	if want := "unknown unevenly often (40.0 % in B, 10.0 % in A)"; !strings.Contains(booked.Note, want) {
		t.Errorf("note %q; want %q", booked.Note, want)
	}
	if m := metric(t, r, tandem.MetricDuration); m.Answers != nil || m.UnknownGaps != nil {
		t.Errorf("a metric that is no field has answers: %+v", m.Answers)
	}
	if report, err := NewReader(w, nil).Verify(t.Context(), "", nil); err != nil || !report.OK() {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestStandardFieldsHaveTheirPlaceOnceTheyAreReported(t *testing.T) {
	w := newWorld(t, "")
	w.play(t, 1, "A", 10, 5, func(int) float64 { return 60 })
	for _, e := range judged {
		if r := w.results(t); r.Metric(e.name) != nil {
			t.Errorf("%s is shown although no call reported it", e.name)
		}
	}
	for n := range 60 {
		for i, arm := range []string{"A", "B"} {
			id := callID(w.n)
			w.report(t, w.assigned(id, 1, arm))
			w.report(t, ended(id, tandem.ByCaller, 60))
			w.report(t, analysis(id, map[string]any{
				"call_successful": n%4 > i, "language_naturalness": float64(2 + 2*i), "error_handling": nil, "off_script_recovery": 3.0,
			}))
		}
	}
	r, err := NewReader(w, NewFolder(w, quiet(), nil)).Results(t.Context(), w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.Metrics {
		if _, is := standard[strings.TrimPrefix(m.Name, tandem.MetricFieldPrefix)]; is {
			got = append(got, fmt.Sprintf("%s, %s, %s", m.Name, m.Label, m.Kind))
			if m.Kind == tandem.Mean && m.Bounds == nil || strings.Contains(m.Note, "no version") {
				t.Errorf("%s has bounds %v and note %q", m.Name, m.Bounds, m.Note)
			}
		}
	}
	want := []string{
		"sentiment, Sentiment, mean",
		"call_successful, Caller got what they called for, proportion",
		"language_naturalness, Language naturalness, mean",
		"error_handling, Error handling, mean",
		"off_script_recovery, Off-script recovery, mean",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	e := metric(t, r, tandem.MetricNaturalness).Against[0].Evidence
	if e == nil || e.Method != tandem.Betting || e.Interval == nil || e.Interval.Low <= 0 {
		t.Errorf("the evidence on naturalness is %+v; want a bet that is won", e)
	}
	for _, e := range judged {
		if !IsDecidable(e.name, nil) || tandem.BetterDirection(e.name) != tandem.Higher {
			t.Errorf("%s cannot decide a test, or not the right way", e.name)
		}
	}
}
