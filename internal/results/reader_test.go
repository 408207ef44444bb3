package results

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/stats"
)

func TestArmsAreDescribedAndComparedWithTheFirst(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 80, 48, func(i int) float64 { return 60 + float64(i%5) })
	w.play(t, 1, "B", 70, 56, func(i int) float64 { return 50 + float64(i%5) })
	r := w.results(t)

	completion := metric(t, r, tandem.MetricCompletion)
	// Newcombe (1998), Statistics in Medicine 17, 873-890, table II (a):
	// 56/70 - 48/80; p by R 4.2.2, prop.test(correct = FALSE).
	b := completion.Against[0]
	if !completion.Primary || b.Arm != "B" || b.Against != "A" || b.Label != FixedHorizon || b.Test != "pooled_z" || b.Phases != 1 {
		t.Errorf("completion against A: %+v", b)
	}
	about(t, 0.2, *b.Value, 1e-12, "difference")
	about(t, 0.0524, b.Interval.Low, 5e-5, "lower end")
	about(t, 0.3339, b.Interval.High, 5e-5, "upper end")
	about(t, 0.0080450813681965643, *b.P, 1e-12, "p")
	about(t, math.Log10(0.0080450813681965643), *b.Log10P, 1e-9, "log10 p")
	a := completion.Arms[0]
	if a.N != 80 || *a.Successes != 48 || *a.Value != 0.6 || a.Unknown != 0 || a.Interval.Method != "wilson" {
		t.Errorf("completion of A: %+v", a)
	}

	duration := metric(t, r, tandem.MetricDuration)
	welch, err := stats.Welch(
		stats.Moments{N: 80, Mean: 62, Variance: 2.0 * 80 / 79}, stats.Moments{N: 70, Mean: 52, Variance: 2.0 * 70 / 69}, Level)
	if err != nil {
		t.Fatal(err)
	}
	d := duration.Against[0]
	about(t, -10, *d.Value, 1e-9, "duration difference")
	about(t, welch.Interval.Low, d.Interval.Low, 1e-9, "its lower end")
	about(t, welch.Test.LogP/math.Ln10, *d.Log10P, 1e-6, "its log10 p")
	about(t, 62, *duration.Arms[0].Value, 1e-9, "average duration")
	about(t, 62, *duration.Arms[0].Median, 0.62, "median")
	about(t, 64, *duration.Arms[0].P90, 0.64, "90th percentile")
	about(t, math.Sqrt(2.0*80/79), *duration.Arms[0].SD, 1e-9, "standard deviation")
	if duration.Unit != "s" || d.Test != "welch_t" || d.Interval.Method != "welch_t" {
		t.Errorf("duration: %+v", duration)
	}
	if r.Method.Comparison != FixedHorizon || len(r.Method.Notes) != 1 || r.Method.Stratified {
		t.Errorf("method %+v", r.Method)
	}
	if r.Arms[1].Version != "front-desk@2" || r.Route != "+14155550100" {
		t.Errorf("header %+v, route %q", r.Arms, r.Route)
	}
}

func TestFewCallsAreTestedExactly(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 10, 1, func(int) float64 { return 30 })
	w.play(t, 1, "B", 9, 8, func(int) float64 { return 30 })
	r := w.results(t)
	got := metric(t, r, tandem.MetricCompletion).Against[0]
	exact, err := stats.Fisher(stats.Proportion{Successes: 1, N: 10}, stats.Proportion{Successes: 8, N: 9})
	if err != nil || got.Test != "fisher_exact" || math.Abs(*got.P-exact.P) > 1e-15 {
		t.Errorf("%+v; want Fisher's p %v (%v)", got, exact.P, err)
	}
	// All lasted 30 s: no spread, no test.
	if d := metric(t, r, tandem.MetricDuration).Against[0]; d.P != nil || d.Interval != nil || d.Note == "" {
		t.Errorf("duration without spread: %+v; want a note and no p-value", d)
	}
}

func TestPhasesAreNeverPooledForComparison(t *testing.T) {
	// Kidney stones, Charig et al. (1986), BMJ 292, 879-882, as two phases: B
	// is worse in each, and better when raw counts are pooled.
	w := newWorld(t, "fields.booked == true")
	w.test.Phases = append(w.test.Phases, tandem.Phase{Number: 2, StartedAt: epoch, Weights: []float64{77, 23}})
	w.tests[0] = w.test
	seconds := func(i int) float64 { return 30 + float64(i%7) }
	w.play(t, 1, "A", 87, 81, seconds)
	w.play(t, 1, "B", 270, 234, seconds)
	w.play(t, 2, "A", 263, 192, seconds)
	w.play(t, 2, "B", 80, 55, seconds)
	r := w.results(t)
	m := metric(t, r, tandem.MetricCompletion)
	if pooled := *m.Arms[1].Value - *m.Arms[0].Value; pooled <= 0 {
		t.Fatalf("pooled difference %v; the example is wrong", pooled)
	}
	d := m.Against[0]
	// Mantel and Haenszel's weights: 87 x 270/357 and 263 x 80/343.
	w1, w2 := 87*270.0/357, 263*80.0/343
	about(t, (w1*(234.0/270-81.0/87)+w2*(55.0/80-192.0/263))/(w1+w2), *d.Value, 1e-12, "difference")
	if d.Phases != 2 || !r.Method.Stratified || len(r.Method.Notes) != 2 || r.Phases[0].Calls != 357 || r.Phases[1].Calls != 343 {
		t.Errorf("%+v, method %+v, phases %+v", d, r.Method, r.Phases)
	}
	ended := metric(t, r, tandem.MetricEndedBy).Against[0]
	if ended.Phases != 2 || ended.P == nil || *ended.P != 1 { // all ended by the caller
		t.Errorf("ended by: %+v; want p 1 over 2 phases", ended)
	}
}

func TestAPhaseOfOneArmOnlyIsLeftOutAndSaid(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 50, 25, func(int) float64 { return 30 })
	w.play(t, 2, "A", 50, 25, func(int) float64 { return 30 })
	w.play(t, 2, "B", 50, 35, func(int) float64 { return 30 })
	d := metric(t, w.results(t), tandem.MetricCompletion).Against[0]
	about(t, 0.2, *d.Value, 1e-12, "difference")
	if d.Phases != 1 || !strings.Contains(d.Note, "1 of 2 phases") {
		t.Errorf("%+v", d)
	}
}

func TestCategoriesAreSharesWithAChiSquared(t *testing.T) {
	w := newWorld(t, "")
	for arm, counts := range map[string][]int{"A": {12, 5, 7}, "B": {7, 9, 11}} {
		for i, n := range counts {
			for range n {
				id := callID(w.n)
				w.report(t, w.assigned(id, 1, arm))
				w.report(t, ended(id, tandem.ByAgent, 30))
				w.report(t, analysis(id, map[string]any{"reason": []string{"book", "cancel", "ask"}[i]}))
			}
		}
	}
	m := metric(t, w.results(t), "field.reason")
	want := []NamedShare{{"book", 12, 0.5}, {"ask", 7, 7.0 / 24}, {"cancel", 5, 5.0 / 24}}
	if diff := gocmp.Diff(want, m.Arms[0].Shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	// R 4.2.2, chisq.test(correct = FALSE).
	about(t, 0.20371409166204474, *m.Against[0].P, 1e-12, "p")
	if m.Against[0].Test != "chi_squared" || m.Against[0].Value != nil || m.Overall != nil {
		t.Errorf("%+v", m)
	}
}

func TestThreeArmsAreEachComparedWithA(t *testing.T) {
	w := newWorld(t, "fields.booked == true", nil, nil)
	v := tandem.Version{ID: tandem.NewID(epoch), AgentName: "front-desk", Number: 3}
	w.versions[v.ID] = v
	w.test.Arms = append(w.test.Arms, tandem.Arm{Key: "C", VersionID: v.ID})
	w.tests[0] = w.test
	for i, arm := range []string{"A", "B", "C"} {
		w.play(t, 1, arm, 40, 10+10*i, func(int) float64 { return 30 })
	}
	r := w.results(t)
	m := metric(t, r, tandem.MetricCompletion)
	if len(m.Arms) != 3 || len(m.Against) != 2 || m.Against[1].Arm != "C" || m.Against[1].Against != "A" {
		t.Fatalf("%+v", m)
	}
	about(t, 0.5, *m.Against[1].Value, 1e-12, "C minus A")
	if o := metric(t, r, tandem.MetricEndedBy).Overall; o == nil || *o.P != 1 {
		t.Errorf("overall %+v; want p 1", o)
	}
}

func TestFieldsAreShownInOrderWithWhatCallsAdd(t *testing.T) {
	w := newWorld(t, "", []tandem.Field{{Name: "zeal", Type: tandem.Number, Unit: "points"}, {Name: "booked", Type: tandem.Boolean}}, []tandem.Field{{Name: "booked", Type: tandem.Number}})
	id := callID(1)
	w.report(t, w.assigned(id, 1, "A"))
	w.report(t, ended(id, tandem.ByAgent, 30))
	w.report(t, analysis(id, map[string]any{"booked": true, "barge_ins": 2.0, "polite": false, "mixed": true}))
	id = callID(2)
	w.report(t, w.assigned(id, 1, "B"))
	w.report(t, ended(id, tandem.ByAgent, 30))
	w.report(t, analysis(id, map[string]any{"booked": 3.0, "mixed": 4.0}))
	r := w.results(t)
	var names []string
	for _, m := range r.Metrics[len(builtIn):] {
		names = append(names, m.Name+" "+string(m.Kind))
	}
	want := []string{
		"field.zeal mean", "field.booked proportion", "field.barge_ins mean",
		"field.mixed proportion", "field.mixed:number mean", "field.polite proportion",
	}
	if diff := gocmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	booked := metric(t, r, "field.booked")
	if booked.Note == "" || booked.Against[0].Note == "" || booked.Against[0].P != nil {
		t.Errorf("a field of two types: %+v; want no comparison and notes", booked)
	}
	if zeal := metric(t, r, "field.zeal"); zeal.Unit != "points" || zeal.Arms[0].Unknown != 1 || zeal.Arms[0].Value != nil {
		t.Errorf("%+v", zeal)
	}
}

func TestQualityCountsWhatIsMissing(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.play(t, 1, "A", 6, 3, func(int) float64 { return 30 })
	for i, e := range []tandem.Event{
		{},
		{Kind: tandem.EventLost},
		{Kind: tandem.EventLost},
		ended("", tandem.ByAgent, 20),
		{Kind: tandem.EventFailover, Failover: &tandem.Failover{Reason: tandem.ReasonTargetDown, ServedBy: "fallback"}},
	} {
		id := callID(1000 + i)
		w.report(t, w.assigned(id, 1, "A"))
		if e.CallID = id; e.Kind != "" {
			w.report(t, e)
		}
	}
	q := w.results(t).Quality[0]
	want := Quality{
		Arm: "A", Assigned: 11, Randomised: 10, InProgress: 1, Ended: 7, Lost: 2, Analyzed: 6, Outcomes: 6,
		OutcomeShare: ptr(6.0 / 7), AnalyzedShare: ptr(6.0 / 7), LostShare: ptr(2.0 / 9),
		NotRandomised: map[tandem.Reason]int64{tandem.ReasonTargetDown: 1},
	}
	if diff := gocmp.Diff(want, q); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := w.results(t)
	if n := metric(t, r, MetricInProgress).Arms[0].N; n != 1 {
		t.Errorf("in progress %d; want 1", n)
	}
	if u := metric(t, r, tandem.MetricCompletion).Arms[0].Unknown; u != 1 {
		t.Errorf("completion unknown of %d; want 1", u)
	}
}

func TestHangupTimingIsKaplanMeier(t *testing.T) {
	// By hand: 10 calls; callers leave at 10, 10, 20 and 40 s, others end at
	// 15 (two), 30, 50 (three). Staying: 1-2/10 = 0.8; at 20: 0.8 * 5/6; at
	// 40: that * 3/4.
	w := newWorld(t, "")
	for i, c := range []struct {
		by      tandem.EndedBy
		seconds float64
	}{
		{tandem.ByCaller, 10},
		{tandem.ByCaller, 10},
		{tandem.ByAgent, 15},
		{tandem.BySystem, 15},
		{tandem.ByCaller, 20},
		{tandem.ByAgent, 30},
		{tandem.ByCaller, 40},
		{tandem.ByAgent, 50},
		{tandem.ByAgent, 50},
		{tandem.ByAgent, 50},
	} {
		w.report(t, w.assigned(callID(i), 1, "A"))
		w.report(t, ended(callID(i), c.by, c.seconds))
	}
	h := w.results(t).Hangups
	if len(h) != 1 || h[0].Calls != 10 || h[0].Hangups != 4 {
		t.Fatalf("%+v; want arm A alone, 4 hang-ups of 10 calls", h)
	}
	want := []struct {
		from            float64
		atRisk, left, o int64
		staying         float64
	}{
		{10, 10, 2, 0, 0.8},
		{15, 8, 0, 2, 0.8},
		{20, 6, 1, 0, 0.8 * 5 / 6},
		{30, 5, 0, 1, 0.8 * 5 / 6},
		{40, 4, 1, 0, 0.8 * 5 / 6 * 3 / 4},
		{50, 3, 0, 3, 0.8 * 5 / 6 * 3 / 4},
	}
	for i, s := range h[0].Steps {
		if i >= len(want) || s.From > want[i].from || s.To <= want[i].from || s.AtRisk != want[i].atRisk || s.Hangups != want[i].left || s.Others != want[i].o || math.Abs(s.Staying-want[i].staying) > 1e-12 {
			t.Errorf("step %d: %+v", i, s)
		}
	}
	if len(h[0].Steps) != len(want) {
		t.Errorf("%d steps; want %d", len(h[0].Steps), len(want))
	}
}

func TestAnEmptyTestHasResults(t *testing.T) {
	r := newWorld(t, "fields.booked == true").results(t)
	for _, m := range r.Metrics {
		for _, a := range m.Arms {
			if a.N != 0 || m.Kind != tandem.Count && a.Value != nil {
				t.Errorf("%s: %+v", m.Name, a)
			}
		}
	}
	if r.Verdict.Status != tandem.Collecting || !strings.Contains(r.Verdict.Text, "no calls so far") {
		t.Errorf("verdict %+v", r.Verdict)
	}
	raw, err := json.Marshal(r)
	if err != nil || strings.Contains(string(raw), ":null,\"hangups\"") {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestResultsAlwaysEncode(t *testing.T) {
	// Values at the edges of float64 must not put infinities into JSON.
	w := newWorld(t, "", []tandem.Field{{Name: "x", Type: tandem.Number}}, []tandem.Field{{Name: "x", Type: tandem.Number}})
	for i, x := range []float64{math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 0, 1e300, 1e-300} {
		id := callID(i)
		w.report(t, w.assigned(id, 1, []string{"A", "B"}[i%2]))
		w.report(t, ended(id, tandem.ByAgent, 30))
		w.report(t, analysis(id, map[string]any{"x": x}))
	}
	r := w.results(t)
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	// The three past maxNumber are no measurements.
	if x := metric(t, r, "field.x"); x.Arms[0].N != 1 || x.Arms[1].N != 2 || x.Arms[1].Value == nil {
		t.Errorf("%+v; want 1 value in A and 2 in B", x.Arms)
	}
}

func TestAStickyTestSaysThatPerCallIntervalsAreTooNarrow(t *testing.T) {
	w := newWorld(t, "")
	w.tests[0].Unit = tandem.PerCaller
	notes := strings.Join(w.results(t).Method.Notes, "\n")
	if !strings.Contains(notes, "too narrow") {
		t.Errorf("notes %q", notes)
	}
}

func TestARouteShowsItsRunningTestElseTheLatest(t *testing.T) {
	w := newWorld(t, "")
	reader := NewReader(w, nil)
	running := w.test
	recorded := make([]tandem.Test, 5)
	for i := range recorded {
		recorded[i] = running
		recorded[i].ID, recorded[i].Status = tandem.NewID(epoch), tandem.Recorded
	}
	w.tests = append(append([]tandem.Test{}, recorded...), running)
	for _, name := range []string{w.route.Number, w.route.Name, string(w.route.ID)} {
		if r, err := reader.ForRoute(context.Background(), name); err != nil || r.TestID != running.ID {
			t.Errorf("%s: test %s, %v; want the running one", name, r.TestID, err)
		}
	}
	w.tests = recorded
	if r, err := reader.ForRoute(context.Background(), w.route.Name); err != nil || r.TestID != recorded[0].ID {
		t.Errorf("none running: test %s, %v; want the latest", r.TestID, err)
	}
	w.tests = nil
	if _, err := reader.ForRoute(context.Background(), w.route.Name); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("no test: %v; want NotFound", err)
	}
	if _, err := reader.ForRoute(context.Background(), "nowhere"); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("no route: %v; want NotFound", err)
	}
}

// busy is a test of 2 arms and 10 metrics with wide histograms, as stored.
func busy(t testing.TB, calls int64) *world {
	w := newWorld(t, "fields.booked == true", []tandem.Field{{Name: "booked", Type: tandem.Boolean}, {Name: "amount", Type: tandem.Number}, {Name: "reason", Type: tandem.Selector}})
	rng := rand.New(rand.NewPCG(1, 2))
	for _, arm := range []string{"A", "B"} {
		for _, m := range []string{"calls", "ended", "lost", "analyzed"} {
			w.tallies[w.key(m, arm)] = &tandem.Tally{Kind: tandem.Count, N: calls}
		}
		for _, m := range []string{"answered", "completion", "transfer", "field.booked"} {
			w.tallies[w.key(m, arm)] = &tandem.Tally{Kind: tandem.Proportion, N: calls, Successes: calls / 3}
		}
		for _, m := range []string{"duration", "caller_hangup", "sentiment", "latency", "field.amount"} {
			tally := &tandem.Tally{}
			for range 5000 {
				o := mean(m, math.Exp(4+rng.NormFloat64()))
				tally.Change(tandem.TallyChange{Add: &o})
			}
			for b, k := range tally.Hist.All() {
				tally.Hist.Add(b, k*(max(1, calls/5000)-1))
			}
			tally.N = calls
			w.tallies[w.key(m, arm)] = tally
		}
		for _, m := range []string{"ended_by", "field.reason"} {
			w.tallies[w.key(m, arm)] = &tandem.Tally{Kind: tandem.Category, N: calls, Names: map[string]int64{"caller": calls / 2, "agent": calls - calls/2}}
		}
	}
	return w
}

// stored gives rows without building them anew for each read.
type stored struct {
	*world
	rows []tandem.TallyRow
}

func (s stored) Tallies(context.Context, tandem.ID) ([]tandem.TallyRow, error) { return s.rows, nil }

// busyStanding is the evidence of such a test, with a whole track for each
// metric and nothing decided yet, so that a forecast is made.
func busyStanding(calls int64) Standing {
	s := Standing{Calls: 2 * calls, CoveredTo: epoch, PerDay: 500, Callers: calls}
	add := func(kind tandem.MetricKind, names ...string) {
		for _, m := range names {
			p := Pair{
				Metric: m, Arm: "B", Against: "A", Kind: kind, NA: calls, NB: calls, Clock: 2 * calls, Known: true, Value: 2 / math.Sqrt(float64(calls)), SE: 1 / math.Sqrt(float64(calls)),
				MeanA: 0.5, MeanB: 0.5 + 2/math.Sqrt(float64(calls)), Alpha: Alpha,
				Bet:        &Bet{LogE: 1, LogP: -1, Interval: stats.Interval{Low: -0.1, High: 0.1}},
				Asymptotic: &Sequence{LogP: -1, Interval: stats.Interval{Low: -0.1, High: 0.1}},
				Track:      make([]TrackPoint, 128),
			}
			s.Pairs = append(s.Pairs, p)
		}
	}
	add(tandem.Proportion, "answered", "completion", "transfer", "field.booked")
	add(tandem.Mean, "duration", "caller_hangup", "sentiment", "latency", "field.amount")
	s.Overall = []Whole{{Metric: "ended_by", LogP: -1}, {Metric: "field.reason", LogP: -1}}
	s.FirstCalls = s.Pairs[1:2]
	for _, gap := range []string{CoverageOutcome, CoverageAnalysis, CoverageLost, CoverageFailover} {
		s.Coverage = append(s.Coverage, Pair{Metric: gap, Arm: "B", Against: "A", Kind: tandem.Proportion, Known: true, Bet: &Bet{}})
	}
	return s
}

func BenchmarkResults(b *testing.B) {
	for _, calls := range []int64{10_000, 10_000_000} {
		b.Run(fmt.Sprint(calls), func(b *testing.B) {
			w := busy(b, calls)
			rows, err := w.Tallies(context.Background(), w.test.ID)
			if err != nil {
				b.Fatal(err)
			}
			reader := NewReader(stored{w, rows}, given(busyStanding(calls)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := reader.Results(context.Background(), w.test.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func about(t *testing.T, want, got, tolerance float64, what string) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %v, want %v within %v", what, got, want, tolerance)
	}
}
