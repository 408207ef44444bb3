package main

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"tandem"
	"tandem/internal/results"
)

const wholePart = "The whole way: calls with records of their own, ledger, watermark, fold"

// whole runs the server's own folder on ledgers in memory.
func whole() []setting {
	const runs, calls = 400, 800
	one := func(name string, pb float64, judge func(r *runner, got rate) figure) setting {
		return setting{wholePart, name, func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), func(rng *rand.Rand) bool {
				found, err := foldWhole(r.ctx, rng, calls, pb)
				if err != nil && r.ctx.Err() == nil {
					panic(err)
				}
				return found
			})
			return judge(r, got), "", err
		}}
	}
	how := func(r *runner) string { return fmt.Sprintf("%d x %d", r.runs(runs), calls) }
	return []setting{
		one("equal versions, the split changed half-way (50/50, then 80/20)", 0.7, func(r *runner, got rate) figure {
			return atMost(got, alpha, how(r))
		}),
		one("70 against 85 %, the same split", 0.85, func(r *runner, got rate) figure {
			return figure{how: how(r), found: got.String(), must: "at least 80 %", held: got.bounds().High >= 0.8}
		}),
	}
}

// foldWhole folds the calls of one test that is asked after every 50 calls, as
// a console would, and says whether a winner was ever shown.
func foldWhole(ctx context.Context, rng *rand.Rand, calls int, pb float64) (bool, error) {
	l, err := newLedger(rng, calls, pb)
	if err != nil {
		return false, err
	}
	folder := results.NewFolder(l, slog.New(slog.DiscardHandler), nil)
	for l.shown < len(l.calls) {
		l.shown = min(l.shown+50, len(l.calls))
		s, err := folder.Standing(ctx, l.test)
		if err != nil {
			return false, err
		}
		for s.Rebuilding {
			if s, err = folder.Standing(ctx, l.test); err != nil {
				return false, err
			}
		}
		for _, p := range s.Pairs {
			if p.Metric == tandem.MetricCompletion && p.Bet.LogP <= math.Log(p.Alpha) {
				return true, nil
			}
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
}

var began = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func newLedger(rng *rand.Rand, calls int, pb float64) (*ledger, error) {
	l := &ledger{versions: map[string]tandem.Version{}}
	spec := tandem.TestSpec{Goal: "fields.booked == true"}
	for i := range 2 {
		v := tandem.Version{ID: tandem.NewID(began), Number: i + 1}
		v.Content.Fields = []tandem.Field{{Name: "booked", Type: tandem.Boolean}}
		l.versions[string(v.ID)] = v
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID, Weight: 50})
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
		if i == calls/2 {
			if err := l.test.Reweight([]float64{80, 20}, at); err != nil {
				return nil, err
			}
		}
		l.calls = append(l.calls, l.call(rng, i, at, pb))
	}
	return l, nil
}

// call makes a call as its events would have made it.
func (l *ledger) call(rng *rand.Rand, i int, at time.Time, pb float64) tandem.Call {
	id := tandem.DeriveCallID("simulate", fmt.Sprintf("%d-%d", i, rng.Uint64()), at)
	phase := l.test.Phase()
	arm := phase.Split.Pick(l.test.Salt, string(id))
	p := 0.7
	if arm == 1 {
		p = pb
	}
	ms := int64(20_000 + rng.ExpFloat64()*60_000)
	yes := true
	c := tandem.Call{ID: id}
	for k, e := range []tandem.Event{
		{Kind: tandem.EventAssigned, At: at, Assigned: &tandem.Assignment{
			RouteID: l.route.ID, TestID: l.test.ID, Phase: phase.Number, Arm: l.test.Arms[arm].Key, VersionID: l.test.Arms[arm].VersionID,
			Probability: phase.Split.Probability(arm), UnitKind: tandem.PerCall, Unit: string(id), Caller: fmt.Sprintf("+1415555%04d", rng.IntN(10_000)),
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

// What follows is the least that a folder needs of a store.

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

func (l *ledger) Checkpoint(context.Context, tandem.ID, time.Time) (tandem.Checkpoint, error) {
	return tandem.Checkpoint{}, tandem.Errorf(tandem.NotFound, "", "nothing is kept")
}

func (l *ledger) SaveCheckpoint(context.Context, tandem.Checkpoint, []int64) (bool, error) {
	return true, nil
}
