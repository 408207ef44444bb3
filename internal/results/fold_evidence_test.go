package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/stats"
)

// logAlpha is the limit of a p-value that decides between two arms.
var logAlpha = math.Log(Alpha)

// outcome is one call of a made-up test.
type outcome struct {
	arm    int
	phase  int
	chance float64
	caller string
	met    bool
	// seconds is the call's length; values are analysis values.
	seconds float64
	values  map[string]any
	by      tandem.EndedBy
	apart   tandem.Reason
	taken   bool // by something else than its arm
	lost    bool
	noGoal  bool
}

// folded folds outcomes, one a second, and gives the state.
func (w *world) folded(t testing.TB, outcomes []outcome) *state {
	t.Helper()
	s := newState(w.frame(t), tandem.DefaultMaxCallSeconds)
	for i, o := range outcomes {
		c := w.call(i, o)
		if err := s.fold(&c); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (w *world) call(i int, o outcome) tandem.Call {
	at := epoch.Add(time.Duration(i) * time.Second)
	a := w.assigned(callID(i), max(1, o.phase), w.test.Arms[o.arm].Key).Assigned
	a.Probability, a.Caller, a.NotRandomised = o.chance, o.caller, o.apart
	if o.chance == 0 {
		a.Probability = 0.5
	}
	if w.test.Unit == tandem.PerCaller && o.caller != "" {
		a.UnitKind, a.Unit = tandem.PerCaller, o.caller
	}
	c := tandem.Call{ID: callID(i), Assigned: &tandem.Fact[tandem.Assignment]{Value: *a, At: at}}
	if o.taken {
		c.Failover = &tandem.Fact[tandem.Failover]{Value: tandem.Failover{Reason: tandem.ReasonTargetDown}}
	}
	if o.lost {
		c.Lost = &tandem.Fact[struct{}]{At: at}
		return c
	}
	ms := int64(1000 * max(o.seconds, 1))
	c.Ended = &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: o.by, DurationMS: &ms}, At: at}
	if !o.noGoal {
		c.Goal = &o.met
	}
	for name, v := range o.values {
		if c.Values == nil {
			c.Values = map[string]tandem.Fact[any]{}
		}
		c.Values[name] = tandem.Fact[any]{Value: v}
	}
	return c
}

// addArm gives the world's test one more arm and these weights.
func (w *world) setArms(t testing.TB, weights ...float64) {
	t.Helper()
	spec := tandem.TestSpec{Goal: w.test.Goal}
	for i, weight := range weights {
		v := tandem.Version{ID: tandem.NewID(epoch), AgentName: "front-desk", Number: 10 + i, Content: tandem.Content{Fields: defaultFields()}}
		w.versions[v.ID] = v
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID, Weight: weight})
	}
	test, err := tandem.NewTest(w.route, spec, epoch)
	if err != nil {
		t.Fatal(err)
	}
	test.ID = w.test.ID
	w.test = test
	w.tests[0] = test
}

func (w *world) reweight(t testing.TB, weights ...float64) {
	t.Helper()
	if err := w.test.Reweight(weights, epoch.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	w.tests[0] = w.test
}

func dice() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func TestARealDifferenceIsFoundByEveryMethod(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.test.PlannedCalls = 2000
	w.tests[0] = w.test
	r := dice()
	var all []outcome
	for range 2000 {
		o := outcome{arm: r.IntN(2), by: tandem.ByCaller}
		o.met = r.Float64() < 0.6+0.15*float64(o.arm)
		o.seconds = 60 * (1 + 0.5*float64(o.arm)) * r.ExpFloat64()
		o.values = map[string]any{"amount": min(1000, 100*r.Float64()*float64(1+o.arm)), "sentiment": 0.4*r.Float64() + 0.2*float64(o.arm)}
		all = append(all, o)
	}
	s := w.folded(t, all).standing()
	for _, metric := range []string{tandem.MetricCompletion, tandem.MetricDuration, tandem.MetricSentiment, "field.amount"} {
		p := pairOf(t, s, metric, "B")
		if p.Bet == nil || p.Asymptotic == nil || p.Planned == nil {
			t.Errorf("%s: %+v; want all three", metric, p)
			continue
		}
		for name, q := range map[string]struct {
			logP float64
			in   stats.Interval
		}{
			"betting": {p.Bet.LogP, p.Bet.Interval}, "asymptotic": {p.Asymptotic.LogP, p.Asymptotic.Interval}, "planned": {p.Planned.LogP, p.Planned.Interval},
		} {
			if q.logP > logAlpha || !(q.in.Low > 0 && q.in.Low < p.Value && p.Value < q.in.High) {
				t.Errorf("%s, %s: ln p %v, %v in %+v", metric, name, q.logP, p.Value, q.in)
			}
		}
		if math.Abs(p.MeanB-p.MeanA-p.Value) > 1e-12*(1+p.MeanB) || p.Against != "A" || p.Alpha != Alpha {
			t.Errorf("%s: %+v", metric, p)
		}
		if n := len(p.Track); n < 20 || n > trackLength || p.Track[n-1].N != p.NA+p.NB || p.Track[n-1].Value != p.Value {
			t.Errorf("%s: a track of %d points, the last %+v", metric, n, p.Track[n-1])
		}
		if !slices.IsSortedFunc(p.Track, func(a, b TrackPoint) int { return a.At.Compare(b.At) }) {
			t.Errorf("%s: the track is out of order", metric)
		}
	}
	if p := pairOf(t, s, tandem.MetricDuration, "B"); p.Any == nil || p.Any.LogP > logAlpha {
		t.Errorf("any change in duration: %+v", p.Any)
	}
	if p := pairOf(t, s, tandem.MetricCompletion, "B"); p.Any != nil {
		t.Error("a share has a log scale")
	}
	if s.Calls != 2000 || !s.CoveredTo.Equal(epoch.Add(1999*time.Second)) {
		t.Errorf("%d calls up to %v", s.Calls, s.CoveredTo)
	}
}

func TestEvidenceIsThatOfTheFormulas(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	r := dice()
	bet, err := stats.NewBet(stats.Bounds{Low: 0, High: 1}, true, stats.Grid(stats.Bounds{Low: 0, High: 1}, true), Alpha)
	if err != nil {
		t.Fatal(err)
	}
	least := 0.0
	var n, met [2]float64
	var all []outcome
	for range 600 {
		o := outcome{arm: r.IntN(2)}
		o.met = r.Float64() < 0.5+0.1*float64(o.arm)
		all = append(all, o)
		if err := bet.Fold(o.arm == 1, 0.5, oneIf(o.met)); err != nil {
			t.Fatal(err)
		}
		n[o.arm]++
		met[o.arm] += oneIf(o.met)
		if n[0] < 10 || n[1] < 10 {
			continue
		}
		variance := 0.0
		for k := range n {
			// Agresti and Caffo's: one more success and one more failure.
			p := (met[k] + 1) / (n[k] + 2)
			variance += p * (1 - p) / (n[k] + 2)
		}
		// Never less than what both arms together say, with one more of each.
		pooled := (met[0] + met[1] + 1) / (n[0] + n[1] + 2)
		variance = max(variance, pooled*(1-pooled)*(1/n[0]+1/n[1]))
		band, err := stats.Sequence(met[1]/n[1]-met[0]/n[0], math.Sqrt(variance), int64(4*n[0]*n[1]/(n[0]+n[1])), Alpha, stats.Tuning)
		if err != nil {
			continue
		}
		least = min(least, band.LogP)
	}
	p := pairOf(t, w.folded(t, all).standing(), tandem.MetricCompletion, "B")
	if p.Bet.LogE != bet.LogE() || p.Bet.LogP != bet.LogP() || p.Bet.Interval != bet.Interval() {
		t.Errorf("bet %+v; want ln e %v, ln p %v, %v", *p.Bet, bet.LogE(), bet.LogP(), bet.Interval())
	}
	if math.Abs(p.Asymptotic.LogP-least) > 1e-9 || least == 0 {
		t.Errorf("the least asymptotic ln p is %v; want %v", p.Asymptotic.LogP, least)
	}
	if want := met[1]/n[1] - met[0]/n[0]; math.Abs(p.Value-want) > 1e-12 {
		t.Errorf("difference %v; want %v", p.Value, want)
	}
}

// TestAPhaseWithASmallArmDoesNotShakeTheAverage: after an even split nearly all
// calls go to A, and B's few all fail by chance.
func TestAPhaseWithASmallArmDoesNotShakeTheAverage(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.reweight(t, 99, 1)
	var all []outcome
	for i := range 500 {
		all = append(all, outcome{phase: 1, arm: i % 2, chance: 0.5, met: i%10 < 8})
	}
	before := pairOf(t, w.folded(t, all).standing(), tandem.MetricCompletion, "B")
	for i := range 5000 {
		o := outcome{phase: 2, chance: 0.99, met: i%10 < 8}
		if i%1000 == 999 {
			o = outcome{phase: 2, arm: 1, chance: 0.01}
		}
		all = append(all, o)
	}
	p := pairOf(t, w.folded(t, all).standing(), tandem.MetricCompletion, "B")
	if even := 500 + stats.StratumWeight(4995, 5); p.Clock != int64(even) || before.Clock != 500 {
		t.Errorf("the clock went from %d to %d; want 500 and %v", before.Clock, p.Clock, even)
	}
	if p.Value < before.Value-0.04 || p.SE > before.SE || p.Asymptotic.LogP < logAlpha {
		t.Errorf("%v (SE %v), ln p %v, after %v (SE %v)", p.Value, p.SE, p.Asymptotic.LogP, before.Value, before.SE)
	}
}

func TestSimpsonsParadoxGivesNoVerdict(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.setArms(t, 90, 10)
	w.reweight(t, 10, 90)
	r := dice()
	var all []outcome
	for i := range 4000 {
		o := outcome{phase: 1 + i/2000}
		shareB := []float64{0.1, 0.9}[i/2000]
		if r.Float64() < shareB {
			o.arm = 1
		}
		o.chance = []float64{1 - shareB, shareB}[o.arm]
		o.met = r.Float64() < []float64{0.9, 0.3}[i/2000] // the same in both arms
		all = append(all, o)
	}
	p := pairOf(t, w.folded(t, all).standing(), tandem.MetricCompletion, "B")
	raw := [2][2]float64{}
	for _, o := range all {
		raw[o.arm][0]++
		raw[o.arm][1] += oneIf(o.met)
	}
	if gap := raw[1][1]/raw[1][0] - raw[0][1]/raw[0][0]; gap > -0.4 {
		t.Fatalf("pooled, B is worse by %v only", gap)
	}
	if p.Bet.LogP < logAlpha || p.Asymptotic.LogP < logAlpha || math.Abs(p.Value) > 0.08 {
		t.Errorf("%v, betting ln p %v, asymptotic %v; want no verdict", p.Value, p.Bet.LogP, p.Asymptotic.LogP)
	}
}

func TestAnArmWithoutAShareSaysNothing(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.setArms(t, 50, 50, 0)
	r := dice()
	var all []outcome
	for range 600 {
		o := outcome{arm: r.IntN(2)}
		o.met = r.Float64() < 0.3+0.5*float64(o.arm)
		all = append(all, o)
	}
	// Calls of C cannot be; if they are, they were not left to chance.
	all = append(all, outcome{arm: 2, met: true, chance: 1}, outcome{arm: 2, chance: 1})
	s := w.folded(t, all).standing()
	if p := pairOf(t, s, tandem.MetricCompletion, "B"); p.Bet.LogP > logAlpha || p.Alpha != Alpha/2 {
		t.Errorf("B: %+v", p.Bet)
	}
	if p := pairOf(t, s, tandem.MetricCompletion, "C"); p.NB != 2 || p.Asymptotic != nil || p.Bet.LogP < logAlpha {
		t.Errorf("C: %+v, %+v", p, p.Bet)
	}
	w.reweight(t, 0, 100, 0) // and the first arm without one
	for range 100 {
		all = append(all, outcome{phase: 2, arm: 1, chance: 1, met: true})
	}
	before := pairOf(t, s, tandem.MetricCompletion, "B")
	after := pairOf(t, w.folded(t, all).standing(), tandem.MetricCompletion, "B")
	if *before.Bet != *after.Bet || after.NB != before.NB+100 || after.Value != before.Value {
		t.Errorf("a phase without A moved the comparison: %+v to %+v", before, after)
	}
}

func TestThreeArms(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.setArms(t, 40, 30, 30)
	r := dice()
	var all []outcome
	for range 3000 {
		o := outcome{}
		if x := r.Float64(); x > 0.7 {
			o.arm = 2
		} else if x > 0.4 {
			o.arm = 1
		}
		o.chance = []float64{0.4, 0.3, 0.3}[o.arm]
		o.met = r.Float64() < []float64{0.5, 0.5, 0.75}[o.arm]
		o.by = []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[oneOf(r.Float64() < 0.5)]
		all = append(all, o)
	}
	s := w.folded(t, all).standing()
	b, c := pairOf(t, s, tandem.MetricCompletion, "B"), pairOf(t, s, tandem.MetricCompletion, "C")
	if b.Bet.LogP < math.Log(Alpha/2) || c.Bet.LogP > math.Log(Alpha/2) || c.Alpha != Alpha/2 {
		t.Errorf("B ln p %v, C ln p %v; want that C differs and B does not", b.Bet.LogP, c.Bet.LogP)
	}
	whole := map[string]Whole{}
	for _, o := range s.Overall {
		whole[o.Metric] = o
	}
	if o := whole[tandem.MetricCompletion]; o.LogP > logAlpha || o.N != 3000 {
		t.Errorf("completion of all three: %+v", o)
	}
	if o := whole[tandem.MetricEndedBy]; o.LogP < logAlpha || o.N != 3000 {
		t.Errorf("ended by, which does not differ: %+v", o)
	}
	order := metricsOf(s)
	if !slices.IsSorted(order) {
		t.Errorf("pairs in the order %v", order)
	}
}

func oneOf(yes bool) int { return int(oneIf(yes)) }

func TestCategoriesThatDifferAreFound(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	r := dice()
	var all []outcome
	for range 1000 {
		o := outcome{arm: r.IntN(2), values: map[string]any{}}
		pick := r.Float64()
		switch {
		case pick < 0.4+0.2*float64(o.arm):
			o.values["reason"] = "book"
		case pick < 0.8:
			o.values["reason"] = "cancel"
		}
		all = append(all, o)
	}
	for _, o := range w.folded(t, all).standing().Overall {
		if o.Metric == "field.reason" {
			if o.LogP > logAlpha || o.LogE <= 0 || o.N == 0 || o.N == 1000 {
				t.Errorf("%+v; want a difference over those whose reason is known", o)
			}
			return
		}
	}
	t.Error("nothing about field.reason")
}

func TestStickyTestsAreComparedByCaller(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.setUnit(tandem.PerCaller)
	r := dice()
	type person struct {
		arm   int
		share float64
	}
	people := map[string]person{}
	var all []outcome
	for i := range 3000 {
		name := fmt.Sprintf("+%d", r.IntN(150)) // 150 callers of 20 calls
		who, known := people[name]
		if !known {
			who = person{r.IntN(2), oneIf(r.Float64() < 0.5)} // who always books, or never
			people[name] = who
		}
		o := outcome{arm: who.arm, caller: name, met: who.share == 1, by: tandem.ByCaller}
		if i%100 == 0 {
			o.caller = ""
		}
		all = append(all, o)
	}
	s := w.folded(t, all).standing()
	p := pairOf(t, s, tandem.MetricCompletion, "B")
	var sums [2]map[string][2]float64
	for i, o := range all {
		if sums[o.arm] == nil {
			sums[o.arm] = map[string][2]float64{}
		}
		key := o.caller
		if key == "" {
			key = fmt.Sprint("call ", i)
		}
		was := sums[o.arm][key]
		sums[o.arm][key] = [2]float64{was[0] + oneIf(o.met), was[1] + 1}
	}
	var c [2]stats.Clusters
	var means [2]float64
	var together stats.Clusters
	for arm := range sums {
		for _, x := range sums[arm] {
			if err := together.Add(x[0], x[1]); err != nil {
				t.Fatal(err)
			}
			if err := c[arm].Add(x[0], x[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	perCaller := 1/float64(c[0].N) + 1/float64(c[1].N)
	for i, x := range []*stats.Clusters{&c[0], &c[1], &together} {
		// As if one more caller had only successes, and another only failures.
		usual := x.Size
		if i < 2 {
			means[i] = x.Mean()
		}
		for _, sum := range []float64{usual, 0} {
			if err := x.Add(sum, usual); err != nil {
				t.Fatal(err)
			}
		}
	}
	pooled := together.Variance() * float64(together.N) * perCaller
	wantSE := math.Sqrt(max(c[0].Variance()+c[1].Variance(), pooled))
	if math.Abs(p.SE/wantSE-1) > 1e-9 || math.Abs(p.Value-(means[1]-means[0])) > 1e-12 {
		t.Errorf("%v with standard error %v; want %v with %v", p.Value, p.SE, means[1]-means[0], wantSE)
	}
	if naive := math.Sqrt(0.25/1500 + 0.25/1500); p.SE < 3*naive {
		t.Errorf("standard error %v is hardly more than %v, that of independent calls", p.SE, naive)
	}
	if p.Bet != nil || p.Any != nil || p.Asymptotic == nil || p.NA+p.NB != 3000 || s.FirstCalls != nil {
		t.Errorf("%+v; want the asymptotic sequence only, over 3000 values", p)
	}
	if s.Callers != int64(len(people)) || s.Withheld != 30 {
		t.Errorf("%d callers and %d withheld; want %d and 30", s.Callers, s.Withheld, len(people))
	}
	var drawn [2]int64
	for _, arm := range people {
		drawn[arm.arm]++
	}
	for i, o := range all {
		if i%100 == 0 {
			drawn[o.arm]++
		}
	}
	if d := cmp.Diff([]Drawn{{Phase: 1, Arms: drawn[:]}}, s.Drawn); d != "" {
		t.Errorf("drawn (-want +got):\n%s", d)
	}
	// A gap is looked at where a caller first called: their other calls were
	// not drawn.
	if g := coverageOf(t, s, CoverageOutcome); g.Bet == nil || g.NA+g.NB != int64(len(people))+30 {
		t.Errorf("coverage over %d draws; want %d", g.NA+g.NB, len(people)+30)
	}
}

func TestTheCallerOfAnImportedStickyCallIsTheUnit(t *testing.T) {
	for _, c := range []struct {
		name string
		a    tandem.Assignment
		want string
	}{
		{"split by caller", tandem.Assignment{UnitKind: tandem.PerCaller, Unit: "+1", Caller: "+1"}, "+1"},
		{"caller withheld", tandem.Assignment{UnitKind: tandem.PerCall, Unit: "the call"}, ""},
		{"imported", tandem.Assignment{Caller: "+2"}, "+2"},
		{"imported without a caller", tandem.Assignment{}, ""},
	} {
		if got := stickyUnit(&c.a); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func coverageOf(t testing.TB, s Standing, kind string) Pair {
	t.Helper()
	for _, p := range s.Coverage {
		if p.Metric == kind && p.Arm == "B" {
			return p
		}
	}
	t.Fatalf("no coverage %s", kind)
	return Pair{}
}

func TestFirstCallsCountEachCallerOnce(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	s := w.folded(t, []outcome{
		{arm: 0, caller: "+1", met: true},
		{arm: 1, caller: "+1", met: true},
		{arm: 1, caller: "+2", met: true},
		{arm: 0, caller: ""},
		{arm: 1, caller: "", met: true},
		{arm: 0, caller: "+3", apart: tandem.ReasonLimit}, // has met a version, if not by chance
		{arm: 0, caller: "+3"},
		{arm: 0, caller: "+2"},
	}).standing()
	if len(s.FirstCalls) != 1 {
		t.Fatalf("%+v", s.FirstCalls)
	}
	p := s.FirstCalls[0]
	if p.NA != 2 || p.NB != 2 || p.Metric != tandem.MetricCompletion || p.Bet == nil {
		t.Errorf("%d and %d first calls, %+v; want 2 and 2", p.NA, p.NB, p)
	}
	if s.Callers != 3 || s.Withheld != 2 || s.Calls != 7 || s.Drawn != nil {
		t.Errorf("%d callers, %d withheld, %d calls; want 3, 2 and 7", s.Callers, s.Withheld, s.Calls)
	}
}

func TestTooManyCallersAreNoLongerToldApart(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	s := w.folded(t, []outcome{{arm: 0, caller: "+1", met: true}, {arm: 1, caller: "+2"}})
	for i := range maxCallers - 2 {
		s.insert(callerRow{caller: uint64(i)})
	}
	s.met = maxCallers
	for i, o := range []outcome{{caller: "+1"}, {caller: "+5", arm: 1, met: true}, {caller: "+6"}, {}} {
		c := w.call(100+i, o)
		if err := s.fold(&c); err != nil {
			t.Fatal(err)
		}
	}
	is := s.standing()
	if is.FirstCalls != nil || is.Callers != maxCallers || is.Calls != 6 || is.Withheld != 1 || len(s.rows) != 0 {
		t.Errorf("first calls %v, %d callers, %d calls, %d rows", is.FirstCalls, is.Callers, is.Calls, len(s.rows))
	}
	back, err := readState(s.frame, stateBytes(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(is, back.standing()); d != "" {
		t.Error(d)
	}
}

func TestAFewCallersWhoAllSayTheSameAreNotTakenForCertain(t *testing.T) {
	// 2 % rare outcome, 10 % of the callers in B: its first callers have none.
	w := newWorld(t, "fields.booked == true")
	w.setUnit(tandem.PerCaller)
	found := 0
	const runs = 100
	for run := range runs {
		r := rand.New(rand.NewPCG(uint64(run), 1))
		s := newState(w.frame(t), tandem.DefaultMaxCallSeconds)
		for i := range 600 {
			o := outcome{caller: fmt.Sprintf("+%d", i), met: r.Float64() < 0.02, chance: 0.9}
			if r.Float64() < 0.1 {
				o.arm, o.chance = 1, 0.1
			}
			c := w.call(i, o)
			if err := s.fold(&c); err != nil {
				t.Fatal(err)
			}
		}
		if p := pairOf(t, s.standing(), tandem.MetricCompletion, "B"); p.Asymptotic != nil && p.Asymptotic.LogP <= logAlpha {
			found++
		}
	}
	if found > runs/20 {
		t.Errorf("found a winner between equal versions in %d of %d tests", found, runs)
	}
}

func TestCallersWhoCallInSeveralPhasesAreNotTakenForNewOnes(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.setUnit(tandem.PerCaller)
	w.reweight(t, 51, 49)
	r := dice()
	var first, both []outcome
	for phase := 1; phase <= 2; phase++ {
		for i := range 200 { // each caller calls twice, and both calls go alike
			o := outcome{arm: i % 2, caller: fmt.Sprintf("+%d", i), phase: phase}
			if phase == 1 {
				o.met = r.Float64() < 0.5
			} else {
				o.met = both[i].met
			}
			both = append(both, o)
		}
		if phase == 1 {
			first = slices.Clone(both)
		}
	}
	one := pairOf(t, w.folded(t, first).standing(), tandem.MetricCompletion, "B")
	two := pairOf(t, w.folded(t, both).standing(), tandem.MetricCompletion, "B")
	if math.Abs(two.SE/one.SE-1) > 1e-9 {
		t.Errorf("standard error %v after the second calls, which say nothing new; want %v", two.SE, one.SE)
	}
}

func TestAveragesWaitForFiftyOnASide(t *testing.T) {
	for _, unit := range []tandem.Unit{tandem.PerCall, tandem.PerCaller} {
		w := newWorld(t, "fields.booked == true")
		w.setUnit(unit)
		r := dice()
		var all []outcome
		for i := range 100 {
			all = append(all, outcome{arm: i % 2, caller: fmt.Sprintf("+%d", i), seconds: 60 * r.ExpFloat64()})
		}
		before := pairOf(t, w.folded(t, all[:98]).standing(), tandem.MetricDuration, "B")
		then := pairOf(t, w.folded(t, all).standing(), tandem.MetricDuration, "B")
		if before.Asymptotic != nil || then.Asymptotic == nil {
			t.Errorf("by %s: a sequence at 49 values %t, at 50 %t; want it from 50 on", unit, before.Asymptotic != nil, then.Asymptotic != nil)
		}
	}
}

func TestGapsInOutcomesAreFound(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	r := dice()
	var all []outcome
	for range 1500 {
		o := outcome{arm: r.IntN(2), met: r.Float64() < 0.5, values: map[string]any{"booked": true}}
		switch x := r.Float64(); {
		case o.arm == 1 && x < 0.1:
			o.noGoal, o.values = true, nil
		case o.arm == 1 && x < 0.2:
			o.lost = true
		case o.arm == 1 && x < 0.3:
			o.taken = true
		case x > 0.95:
			o.apart = "chosen" // was not left to chance: in no gap
		}
		all = append(all, o)
	}
	s := w.folded(t, all).standing()
	n := map[string][2]int64{}
	for _, o := range all {
		if o.apart != "" {
			continue
		}
		add := func(kind string) {
			x := n[kind]
			x[o.arm]++
			n[kind] = x
		}
		add(CoverageOutcome)
		add(CoverageFailover)
		if o.taken {
			continue
		}
		add(CoverageLost)
		if !o.lost {
			add(CoverageAnalysis)
		}
	}
	for kind, up := range map[string]bool{CoverageOutcome: false, CoverageAnalysis: false, CoverageLost: true, CoverageFailover: true} {
		p := coverageOf(t, s, kind)
		if p.Bet.LogP > math.Log(0.01) || up != (p.Value > 0.05) {
			t.Errorf("%s: %v, ln p %v", kind, p.Value, p.Bet.LogP)
		}
		if p.NA != n[kind][0] || p.NB != n[kind][1] {
			t.Errorf("%s over %d and %d calls; want %v", kind, p.NA, p.NB, n[kind])
		}
	}
}

func TestAnArmThatIsFullAtBusyHoursIsAGap(t *testing.T) {
	// The versions are equal. At busy hours goals are met less often, and B has no
	// room for most of what it draws then: B would seem better.
	for _, reason := range []tandem.Reason{tandem.ReasonLimit, tandem.ReasonNoTarget} {
		w := newWorld(t, "fields.booked == true")
		r := dice()
		var all []outcome
		for i := range 1000 {
			busy := i%100 < 30
			o := outcome{arm: r.IntN(2), met: r.Float64() < 0.8}
			if busy {
				o.met = r.Float64() < 0.5
				if o.arm == 1 && r.Float64() < 0.6 {
					o.apart = reason
				}
			}
			all = append(all, o)
		}
		s := w.folded(t, all).standing()
		for _, kind := range []string{CoverageFailover, CoverageOutcome} {
			if p := coverageOf(t, s, kind); p.Bet.LogP > math.Log(gapAlpha/gapKinds) {
				t.Errorf("%s, %s: %v, ln p %v; want an alarm", reason, kind, p.Value, p.Bet.LogP)
			}
		}
		if s.Calls >= 1000 {
			t.Errorf("%s: %d calls count as randomised; want those apart left out", reason, s.Calls)
		}
	}
}

func TestGapsThatAreEqualRaiseNoAlarm(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	r := dice()
	var all []outcome
	for range 2000 {
		o := outcome{arm: r.IntN(2), lost: r.Float64() < 0.1, taken: r.Float64() < 0.05, noGoal: r.Float64() < 0.3}
		all = append(all, o)
	}
	for _, p := range w.folded(t, all).standing().Coverage {
		if p.Bet.LogP < math.Log(0.01) {
			t.Errorf("%s: ln p %v", p.Metric, p.Bet.LogP)
		}
	}
}

func TestMetricHealth(t *testing.T) {
	r := dice()
	random := func(n int, p func(i int) float64) (out []outcome) {
		for i := range n {
			out = append(out, outcome{arm: r.IntN(2), met: r.Float64() < p(i)})
		}
		return out
	}
	share := func(p float64) func(int) float64 { return func(int) float64 { return p } }
	for _, c := range []struct {
		name string
		all  []outcome
		want []string
	}{
		{"nothing yet", nil, nil},
		{"a share that moves", random(1000, share(0.7)), nil},
		{"always met", random(200, share(1)), []string{"constant  1"}},
		{"never met", random(200, share(0)), []string{"constant  0"}},
		{"always met, and few", random(50, share(1)), nil},
		{"almost always met", random(1000, share(0.99)), nil},
		{"exactly 0 from some call on", random(400, func(i int) float64 { return oneIf(i < 200) * 0.7 }), []string{"jumped A 0", "jumped B 0"}},
		{"exactly 100 % from some call on", random(600, func(i int) float64 { return 0.5 + 0.5*oneIf(i > 200) }), []string{"jumped A 1", "jumped B 1"}},
	} {
		w := newWorld(t, "fields.booked == true")
		var got []string
		for _, a := range w.folded(t, c.all).standing().Health {
			if a.Metric != tandem.MetricCompletion || a.Run < 20 {
				t.Errorf("%s: %+v", c.name, a)
			}
			got = append(got, fmt.Sprint(a.Kind, " ", a.Arm, " ", a.Value))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestNamesThatCallsMakeUpAreBounded(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	var all []outcome
	for i := range 12 {
		o := outcome{arm: i % 2, values: map[string]any{}}
		for k := range 20 {
			o.values[fmt.Sprintf("x%d_%d", i, k)] = k%2 == 0
		}
		all = append(all, o)
	}
	want := stateBytes(t, w.folded(t, all))
	for range 20 { // maps are walked in another order each time
		s := w.folded(t, all)
		if n := s.open(); n != maxOpen {
			t.Fatalf("%d made-up metrics have evidence; want %d", n, maxOpen)
		}
		if string(stateBytes(t, s)) != string(want) {
			t.Fatal("which ones depends on the order of a map")
		}
	}
}

func TestAMetricOfTwoKindsIsNotCompared(t *testing.T) {
	w := newWorld(t, "", []tandem.Field{{Name: "mixed", Type: tandem.Boolean}}, []tandem.Field{{Name: "mixed", Type: tandem.Number, Min: ptr(0.0), Max: ptr(9.0)}})
	var all []outcome
	for i := range 100 {
		all = append(all, outcome{arm: i % 2, values: map[string]any{"mixed": []any{true, 3.0}[i%2]}})
	}
	s := w.folded(t, all).standing()
	for _, p := range s.Pairs {
		if p.Metric == "field.mixed" {
			t.Errorf("%+v", p)
		}
	}
	if len(s.Pairs) == 0 {
		t.Error("and nothing else is")
	}
}

func TestBoundsAreTheWidestThatVersionsGive(t *testing.T) {
	number := func(low, high *float64) []tandem.Field {
		return []tandem.Field{{Name: "score", Type: tandem.Number, Min: low, Max: high}}
	}
	for _, c := range []struct {
		name string
		a, b []tandem.Field
		want *stats.Bounds
	}{
		{"the same", number(ptr(0.0), ptr(5.0)), number(ptr(0.0), ptr(5.0)), &stats.Bounds{Low: 0, High: 5}},
		{"wider in one", number(ptr(1.0), ptr(5.0)), number(ptr(0.0), ptr(4.0)), &stats.Bounds{Low: 0, High: 5}},
		{"open in one", number(ptr(1.0), ptr(5.0)), number(ptr(0.0), nil), nil},
		{"of no width", number(ptr(1.0), ptr(1.0)), number(ptr(1.0), ptr(1.0)), nil},
		{"of no end", number(ptr(-math.MaxFloat64), ptr(math.MaxFloat64)), []tandem.Field{}, nil},
		{"in one only", number(ptr(1.0), ptr(2.0)), []tandem.Field{}, &stats.Bounds{Low: 1, High: 2}},
	} {
		s := newState(newWorld(t, "", c.a, c.b).frame(t), 3600)
		got, ok := s.boundsOf(metricKey{"field.score", tandem.Mean})
		if ok != (c.want != nil) || ok && got != *c.want {
			t.Errorf("%s: %v, %v; want %v", c.name, got, ok, c.want)
		}
	}
	w := newWorld(t, "")
	s := w.folded(t, []outcome{{arm: 1, seconds: 1e6, by: tandem.ByCaller}, {arm: 1, seconds: 5, by: tandem.ByCaller}, {seconds: 4}, {seconds: 4}})
	if p := pairOf(t, s.standing(), tandem.MetricDuration, "B"); p.MeanB != (3600+5)/2.0 {
		t.Errorf("the mean is %v; want durations up to 3600", p.MeanB)
	}
}

func TestRecentVolume(t *testing.T) {
	day := 24 * time.Hour
	at := func(d time.Duration) int64 { return epoch.Add(d).UnixMicro() }
	for _, c := range []struct {
		name  string
		times func() []int64
		want  float64
	}{
		{"nothing", func() []int64 { return nil }, 0},
		{"half an hour", func() []int64 { return []int64{at(0), at(30 * time.Minute)} }, 0},
		{"a call an hour for two days", func() (out []int64) {
			for i := range 49 {
				out = append(out, at(time.Duration(i)*time.Hour))
			}
			return out
		}, 24.5},
		{"a hundred days ago many, of late ten a day", func() (out []int64) {
			for range 1000 {
				out = append(out, at(-100*day))
			}
			for i := range 200 {
				out = append(out, at(time.Duration(i)*day/10))
			}
			return out
		}, 10},
	} {
		var v volume
		for _, us := range c.times() {
			v.add(us)
		}
		if got := v.perDay(); math.Abs(got-c.want) > 0.03*c.want {
			t.Errorf("%s: %v a day; want %v", c.name, got, c.want)
		}
	}
}

func TestPlannedCallsAreSharedAmongTheArms(t *testing.T) {
	w := newWorld(t, "")
	for _, c := range []struct {
		weights []float64
		ramp    []tandem.RampStep
		want    []int64
	}{
		{weights: []float64{50, 50}, want: []int64{0, 900}},
		{weights: []float64{90, 10}, want: []int64{0, 324}},
		{weights: []float64{34, 33, 33}, want: []int64{0, 603, 603}},
		{weights: []float64{100, 0, 0}, want: []int64{0, 900, 900}},
		{weights: []float64{95, 5}, ramp: []tandem.RampStep{{Weights: []float64{80, 20}}, {Weights: []float64{50, 50}}}, want: []int64{0, 900}},
	} {
		w.setArms(t, c.weights...)
		w.test.PlannedCalls, w.test.Ramp = 900, c.ramp
		w.tests[0] = w.test
		if got := w.frame(t).planned; !slices.Equal(got, c.want) {
			t.Errorf("%v: %v; want %v", c.weights, got, c.want)
		}
	}
}

func TestTheTrackOfALongTestIsThin(t *testing.T) {
	var tr track
	for i := range int64(100_000) {
		tr.add(trackPoint{at: i, n: i + 1})
	}
	if len(tr.points) >= trackLength || len(tr.points) < trackLength/2 || tr.points[0].at != 0 {
		t.Fatalf("%d points from %+v", len(tr.points), tr.points[0])
	}
	for i := 1; i < len(tr.points); i++ {
		if gap := tr.points[i].at - tr.points[i-1].at; gap != tr.stride {
			t.Errorf("a gap of %d; want %d", gap, tr.stride)
		}
	}
}

// TestAVersionThatEndsFailuresSoonerGainsNothing plays two equal versions, one
// of which lets go of callers it cannot help. What has ended at any moment then
// flatters the other; the evidence waits.
func TestAVersionThatEndsFailuresSoonerGainsNothing(t *testing.T) {
	const runs, calls = 60, 400
	r := dice()
	fooled, wrong := 0, 0
	for range runs {
		w := newWorld(t, "fields.booked == true")
		type live struct {
			outcome
			ends int // second
		}
		var all []live
		for i := range calls {
			o := live{outcome: outcome{arm: r.IntN(2), met: r.Float64() < 0.5}, ends: i + 200}
			if o.arm == 1 && !o.met {
				o.ends = i + 5
			}
			all = append(all, o)
		}
		s := newState(w.frame(t), 3600)
		next, foolish := 0, false
		for now := 0; now < 700; now += 10 {
			var n, met [2]int64
			for i, o := range all {
				if i <= now && o.ends <= now {
					n[o.arm]++
					met[o.arm] += int64(oneOf(o.met))
				}
			}
			if n[0] > 20 && n[1] > 20 {
				z, err := stats.StratifiedProportions([]stats.Stratum[stats.Proportion]{{
					Weight: 1, A: stats.Proportion{N: n[0], Successes: met[0]}, B: stats.Proportion{N: n[1], Successes: met[1]},
				}}, Level)
				foolish = foolish || err == nil && z.Test.P < 0.001
			}
			for next < calls && next <= now && all[next].ends <= now { // the watermark
				c := w.call(next, all[next].outcome)
				if err := s.fold(&c); err != nil {
					t.Fatal(err)
				}
				next++
			}
		}
		if next != calls {
			t.Fatalf("%d calls folded", next)
		}
		fooled += oneOf(foolish)
		wrong += oneOf(pairOf(t, s.standing(), tandem.MetricCompletion, "B").Bet.LogP <= logAlpha)
	}
	if fooled < runs/2 {
		t.Errorf("what has ended fools a peeker in %d of %d runs only", fooled, runs)
	}
	// With a chance of 5 %, 9 or more of 60 come up once in 250 times.
	if wrong > 8 {
		t.Errorf("the evidence finds a winner in %d of %d runs", wrong, runs)
	}
}

func TestNoNumberOfACallerIsInTheState(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	raw := string(stateBytes(t, w.folded(t, []outcome{{caller: "+14155550199"}, {arm: 1, caller: "+14155550199"}})))
	if strings.Contains(raw, "4155550199") {
		t.Error("it is")
	}
}

func TestAveragesAreJudgedByTheirExtremesAndTheirSkewness(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.test.PlannedCalls = 400
	w.tests[0] = w.test
	r := dice()
	var all []outcome
	var arms [2]stats.Numbers
	extremes := stats.Interval{Low: math.Inf(1), High: math.Inf(-1)}
	for range 400 {
		o := outcome{arm: r.IntN(2), by: tandem.ByCaller}
		o.seconds = math.Round(8*60*math.Exp((0.3+0.8*float64(o.arm))*r.NormFloat64())) / 8
		all = append(all, o)
		arms[o.arm].Add(o.seconds)
		extremes.Low, extremes.High = min(extremes.Low, o.seconds), max(extremes.High, o.seconds)
	}
	p := pairOf(t, w.folded(t, all).standing(), tandem.MetricDuration, "B")
	want := stats.SpreadOfMeans(arms[0], arms[1], extremes)
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("%s: %v; want %v", name, got, want)
		}
	}
	near("standard error", p.SE, math.Sqrt(want.Variance))
	near("skewness", p.Skew, want.Skew())
	if want.Variance <= want.Own || want.Skew() < 0.1 {
		t.Fatalf("%+v: there is nothing to be careful about", want)
	}
	watched := stats.Watched{Value: p.Value, SE: p.SE, Skew: p.Skew, Clock: p.Clock}
	band, err := watched.Sequence(Alpha, stats.Tuning)
	if err != nil || p.Asymptotic.Interval != band.Interval {
		t.Errorf("%+v, %v; want %+v", p.Asymptotic, err, band.Interval)
	}
	if plan, err := watched.Planned(400, Alpha); err != nil || p.Planned.Interval != plan.Interval {
		t.Errorf("%+v, %v; want %+v", p.Planned, err, plan.Interval)
	}
}

func TestAveragesByCallerAreJudgedInTheSameWay(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.test.Unit = tandem.PerCaller
	w.tests[0] = w.test
	r := dice()
	var all []outcome
	var arms [2]stats.SkewedClusters
	var extremes stats.Interval
	sum, n := map[int]float64{}, map[int]float64{}
	for i := range 900 {
		who := r.IntN(300)
		o := outcome{arm: who % 2, caller: fmt.Sprint("caller ", who), by: tandem.ByCaller}
		o.seconds = math.Round(8*60*math.Exp((0.3+0.8*float64(o.arm))*r.NormFloat64())) / 8
		all = append(all, o)
		c := &arms[o.arm]
		if err := c.Replace(sum[who], n[who], sum[who]+o.seconds, n[who]+1); err != nil {
			t.Fatal(err)
		}
		sum[who], n[who] = sum[who]+o.seconds, n[who]+1
		off := c.Residual(sum[who], n[who])
		if i == 0 {
			extremes = stats.Interval{Low: off, High: off}
		}
		extremes.Low, extremes.High = min(extremes.Low, off), max(extremes.High, off)
	}
	p := pairOf(t, w.folded(t, all).standing(), tandem.MetricDuration, "B")
	want := stats.SpreadOfClusteredMeans(arms[0], arms[1], extremes)
	if math.Abs(p.SE/math.Sqrt(want.Variance)-1) > 1e-9 || math.Abs(p.Skew-want.Skew()) > 1e-6 {
		t.Errorf("standard error %v, skewness %v; want %v, %v", p.SE, p.Skew, math.Sqrt(want.Variance), want.Skew())
	}
	if want.Variance <= want.Own {
		t.Fatalf("%+v: there is nothing to be careful about", want)
	}
}
