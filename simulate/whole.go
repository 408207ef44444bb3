package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"tandem"
	"tandem/internal/results"
)

const wholePart = "The whole way: calls with records of their own, ledger, watermark, fold"

// shape is what a test of the whole way is like.
type shape struct {
	name string
	// weights are those that it starts with, later those from the middle on.
	weights, later []float64
	pb             float64
	planned        int64
	unit           tandem.Unit
	guardrails     []tandem.Guardrail
	// slower is how much longer B's calls are, as a factor.
	slower float64
	// atLeast is how often something is to be found; 0: at most alpha.
	atLeast float64
}

// whole runs the server's own folder and reader on ledgers in memory. Found is a
// verdict that names a winner or a breached guardrail.
func whole() []setting {
	const runs, calls = 1_000, 800
	even, uneven := []float64{50, 50}, []float64{80, 20}
	guard := []tandem.Guardrail{{Metric: tandem.MetricDuration, Worse: tandem.Higher}, {Metric: tandem.MetricTransfer, Worse: tandem.Higher}}
	var out []setting
	for _, s := range []shape{
		{name: "equal versions, the split changed half-way (50/50, then 80/20)", weights: even, later: uneven, pb: 0.7},
		{name: "the same, planned for 600 calls", weights: even, later: uneven, pb: 0.7, planned: 600},
		{name: "the same, sticky", weights: even, later: uneven, pb: 0.7, unit: tandem.PerCaller},
		{name: "the same, sticky and planned for 400 callers", weights: even, later: uneven, pb: 0.7, unit: tandem.PerCaller, planned: 400},
		{name: "equal versions, 80/20 from the start, planned for 800 calls", weights: uneven, pb: 0.7, planned: 800},
		{name: "70 against 85 %, 50/50, then 80/20", weights: even, later: uneven, pb: 0.85, atLeast: 0.8},
		{name: "equal versions with a guardrail on durations, winner or breach", weights: even, pb: 0.7, guardrails: guard[:1]},
		{name: "B's calls half as long again: the guardrail on durations", weights: even, pb: 0.7, guardrails: guard[:1], slower: 1.5, atLeast: 0.5},
	} {
		out = append(out, setting{wholePart, s.name, func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), func(rng *rand.Rand) bool {
				found, err := foldWhole(r.ctx, rng, calls, s)
				if err != nil && r.ctx.Err() == nil {
					panic(err)
				}
				return found
			})
			how := fmt.Sprintf("%d x %d", r.runs(runs), calls)
			if s.atLeast == 0 {
				limit := alpha
				if len(s.guardrails) > 0 {
					limit = 2 * alpha // each has an error of its own
				}
				return atMost(got, limit, how), "", err
			}
			return figure{how: how, found: got.String(), must: fmt.Sprintf("at least %.0f %%", 100*s.atLeast), held: got.bounds().High >= s.atLeast}, "", err
		}})
	}
	return out
}

// foldWhole folds the calls of one test that is asked after every 50 calls, as
// a console would, and says whether anything was ever found.
func foldWhole(ctx context.Context, rng *rand.Rand, calls int, s shape) (bool, error) {
	l, err := newLedger(rng, calls, s)
	if err != nil {
		return false, err
	}
	folder := results.NewFolder(l, slog.New(slog.DiscardHandler), nil)
	reader := results.NewReader(l, folder)
	for l.shown < len(l.calls) {
		l.shown = min(l.shown+50, len(l.calls))
		for {
			s, err := folder.Standing(ctx, l.test)
			if err != nil {
				return false, err
			}
			if !s.Rebuilding {
				break
			}
		}
		v, err := reader.Verdict(ctx, l.test.ID)
		if err != nil {
			return false, err
		}
		if v.Status == tandem.Better || len(v.Breached()) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// ledger is a test with all of its calls, of which the first shown are there.
type ledger struct {
	test     tandem.Test
	route    tandem.Route
	versions map[string]tandem.Version
	calls    []tandem.Call
	shown    int
	shape    shape
}

var began = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func newLedger(rng *rand.Rand, calls int, s shape) (*ledger, error) {
	l := &ledger{versions: map[string]tandem.Version{}, shape: s}
	spec := tandem.TestSpec{Goal: "fields.booked == true", Unit: s.unit}
	spec.PlannedCalls, spec.Guardrails = s.planned, s.guardrails
	for i := range 2 {
		v := tandem.Version{ID: tandem.NewID(began), Number: i + 1}
		v.Content.Fields = []tandem.Field{{Name: "booked", Type: tandem.Boolean}}
		l.versions[string(v.ID)] = v
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID, Weight: s.weights[i]})
	}
	l.route = tandem.Route{ID: tandem.NewID(began), MaxCallSeconds: longest}
	var err error
	if l.test, err = tandem.NewTest(l.route, spec, began); err != nil {
		return nil, err
	}
	// The salt is the test's chance: it comes from the run's numbers, so that the
	// same seed gives the same arms.
	for i := range l.test.Salt {
		l.test.Salt[i] = byte(rng.Uint32())
	}
	for i := range calls {
		at := began.Add(time.Duration(i) * time.Minute)
		if i == calls/2 && s.later != nil {
			if err := l.test.Reweight(s.later, at); err != nil {
				return nil, err
			}
		}
		l.calls = append(l.calls, l.call(rng, i, at))
	}
	return l, nil
}

// CallCounts implements results.Store: nobody asks for days.
func (l *ledger) CallCounts(context.Context, time.Time, time.Time) (map[tandem.ID]int64, error) {
	return nil, nil
}

// Recount implements results.Store: the goal never changes.
func (l *ledger) Recount(context.Context, tandem.ID) (tandem.Recount, error) {
	return tandem.Recount{TestID: l.test.ID, Edition: 1}, nil
}

// call makes a call as its events would have made it.
func (l *ledger) call(rng *rand.Rand, i int, at time.Time) tandem.Call {
	id := tandem.DeriveCallID("simulate", fmt.Sprintf("%d-%d", i, rng.Uint64()), at)
	phase := l.test.Phase()
	caller := fmt.Sprintf("+1415555%04d", rng.IntN(10_000))
	unit, kind := string(id), tandem.PerCall
	if l.shape.unit == tandem.PerCaller {
		caller = caller[:len(caller)-1] // a thousand callers, some of whom call again
		unit, kind = caller, tandem.PerCaller
	}
	arm := phase.Split.Pick(l.test.Salt, unit)
	p, longer := 0.7, 1.0
	if arm == 1 {
		p, longer = l.shape.pb, max(1, l.shape.slower)
	}
	ms := int64((20_000 + rng.ExpFloat64()*60_000) * longer)
	yes := true
	c := tandem.Call{ID: id}
	for k, e := range []tandem.Event{
		{Kind: tandem.EventAssigned, At: at, Assigned: &tandem.Assignment{
			RouteID: l.route.ID, TestID: l.test.ID, Phase: phase.Number, Arm: l.test.Arms[arm].Key, VersionID: l.test.Arms[arm].VersionID,
			Probability: phase.Split.Probability(arm), UnitKind: kind, Unit: unit, Caller: caller,
		}},
		{Kind: tandem.EventEnded, At: at.Add(time.Duration(ms) * time.Millisecond), Ended: &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms, Answered: &yes}},
		{Kind: tandem.EventAnalysis, At: at.Add(time.Duration(ms) * time.Millisecond), Analysis: map[string]any{"booked": rng.Float64() < p}},
	} {
		e.ID, e.Origin, e.CallID = fmt.Sprint(k), tandem.OriginAPI, id
		c.Apply(e)
	}
	booked := c.Values["booked"].Value == true
	c.Goal = &booked
	return c
}

// What follows is the least that a folder and a reader need of a store. No tallies
// are kept: a verdict rests on evidence alone.

func (l *ledger) Tests(context.Context, tandem.ID, tandem.Page) ([]tandem.Test, string, error) {
	return []tandem.Test{l.test}, "", nil
}

func (l *ledger) Tallies(context.Context, tandem.ID) ([]tandem.TallyRow, error) { return nil, nil }

func (l *ledger) EachCall(context.Context, tandem.ID, func(tandem.Call) error) error { return nil }

func (l *ledger) Volume(context.Context, tandem.ID, time.Time) (tandem.Volume, error) {
	return tandem.Volume{}, nil
}

func (l *ledger) Test(context.Context, tandem.ID) (tandem.Test, error) { return l.test, nil }

func (l *ledger) Route(context.Context, string) (tandem.Route, error) { return l.route, nil }

func (l *ledger) Version(_ context.Context, id string) (tandem.Version, error) {
	return l.versions[id], nil
}

func (l *ledger) Activity(context.Context) (map[tandem.ID]int64, error) {
	return map[tandem.ID]int64{l.test.ID: int64(l.shown)}, nil
}

func (l *ledger) Ledger(_ context.Context, _ tandem.ID, after tandem.Position, _ int64, limit int) (tandem.LedgerPage, error) {
	there := l.calls[:l.shown]
	from := 0
	if !after.At.IsZero() {
		from, _ = slices.BinarySearchFunc(there, after.At, func(c tandem.Call, at time.Time) int { return c.Assigned.At.Compare(at) })
		from++
	}
	from = min(from, len(there))
	return tandem.LedgerPage{Sequence: int64(l.shown), FoldedTo: time.Now(), Calls: there[from:min(from+limit, len(there))]}, nil
}

func (l *ledger) AnnounceFold(context.Context, tandem.ID, time.Time) (int64, error) {
	return int64(l.shown), nil
}

func (l *ledger) Checkpoints(context.Context, tandem.ID) ([]tandem.Checkpoint, error) {
	return nil, nil
}

func (l *ledger) Checkpoint(context.Context, tandem.ID, time.Time) (tandem.Checkpoint, error) {
	return tandem.Checkpoint{}, tandem.Errorf(tandem.NotFound, "", "nothing is kept")
}

func (l *ledger) SaveCheckpoint(context.Context, tandem.Checkpoint, []int64) (bool, error) {
	return true, nil
}
