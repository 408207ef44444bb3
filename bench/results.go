package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/ingest"
	"tandem/internal/results"
	"tandem/internal/store"
)

// reading measures a results read against tallies that count more and more
// calls. The tallies are the real ones, filled through the store's own path;
// the calls' records are left out, since no read looks at them.
func reading(ctx context.Context, o options, t *table) error {
	sizes := []int{10_000, 1_000_000}
	if o.full {
		sizes = append(sizes, 10_000_000)
	}
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := &server{}
	url := "sqlite:" + filepath.Join(dir, "tandem.db")
	if err := s.prepare(ctx, url); err != nil {
		return err
	}
	st, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	folder := results.NewFolder(st, slog.New(slog.DiscardHandler), nil)
	if err := converse(ctx, st, s.test); err != nil {
		return err
	}
	background, stop := context.WithCancel(ctx)
	var folds sync.WaitGroup
	folds.Go(func() { folder.Run(background) })
	defer folds.Wait()
	defer stop()
	for covered := int64(0); covered < folded; {
		standing, err := folder.Standing(ctx, s.test)
		if err != nil {
			return err
		}
		if covered = standing.Calls; covered < folded {
			time.Sleep(10 * time.Millisecond)
		}
	}
	reader := results.NewReader(st, folder)
	t.row("counted calls", "p50", "p99", "ratio to the first")
	t.row("---", "---", "---", "---")
	counted, first := 0, time.Duration(0)
	var late []string
	for _, n := range sizes {
		if err := fill(ctx, st, s.test, n-counted); err != nil {
			return err
		}
		counted = n
		took, p50, err := read(ctx, reader, s.test.ID)
		if err != nil {
			return err
		}
		if first == 0 {
			first = p50
		}
		t.row(n, p50, quantile(took, 0.99), float64(p50)/float64(first))
		if p50 > readLimit || float64(p50) > readFlat*float64(first) {
			late = append(late, fmt.Sprintf("%d calls: %v, %.2f times as long as with %d", n, p50, float64(p50)/float64(first), sizes[0]))
		}
	}
	if len(late) > 0 {
		return fmt.Errorf("expected at most %v and %v times the first: %s", readLimit, readFlat, strings.Join(late, "; "))
	}
	return nil
}

// A read takes at most readLimit, and at most readFlat times as long with more calls
// as with the fewest.
const (
	readLimit = time.Millisecond
	readFlat  = 1.5
)

// read times reads, in batches. The median is that of the fastest batch: whatever
// else the machine does makes reads slower, never faster.
func read(ctx context.Context, reader *results.Reader, test tandem.ID) (sorted []time.Duration, p50 time.Duration, err error) {
	const batches, reads = 20, 100
	for range batches {
		batch := make([]time.Duration, reads)
		for i := range batch {
			before := time.Now()
			if _, err := reader.Results(ctx, test); err != nil {
				return nil, 0, err
			}
			batch[i] = time.Since(before)
		}
		slices.Sort(batch)
		if median := quantile(batch, 0.5); p50 == 0 || median < p50 {
			p50 = median
		}
		sorted = append(sorted, batch...)
	}
	slices.Sort(sorted)
	return sorted, p50, nil
}

// folded is how many real calls the evidence rests on, so that reads carry a
// verdict with all that goes with it.
const folded = 3000

// converse has calls assigned, ended and analysed through ingest.
func converse(ctx context.Context, st *store.Store, t tandem.Test) error {
	in := ingest.New(st, results.NewCounter(st), dialogue.Measure, slog.New(slog.DiscardHandler), nil)
	defer in.Close()
	rng := rand.New(rand.NewPCG(5, 6))
	began := time.Now().Add(-24 * time.Hour).UTC()
	for i := 0; i < folded; i += 500 {
		var events []tandem.Event
		for k := i; k < min(i+500, folded); k++ {
			at := began.Add(time.Duration(k) * time.Second)
			id := tandem.DeriveCallID("bench", fmt.Sprint(k), at)
			arm := rng.IntN(2)
			ms := int64(30_000 + rng.ExpFloat64()*60_000)
			yes := true
			for n, e := range []tandem.Event{
				{Kind: tandem.EventAssigned, At: at, Assigned: &tandem.Assignment{
					RouteID: t.RouteID, TestID: t.ID, Phase: 1, Arm: t.Arms[arm].Key, VersionID: t.Arms[arm].VersionID, Probability: 0.5,
					UnitKind: tandem.PerCall, Unit: string(id), Caller: fmt.Sprintf("+1415555%04d", rng.IntN(10_000)),
				}},
				{Kind: tandem.EventEnded, At: at.Add(time.Minute), Ended: &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms, Answered: &yes}},
				{Kind: tandem.EventAnalysis, At: at.Add(2 * time.Minute), Analysis: map[string]any{"booked": rng.Float64() < 0.7, "sentiment": rng.Float64()*2 - 1}},
				{Kind: tandem.EventLatency, At: at.Add(time.Minute), Latency: &tandem.Latency{P50MS: 400 + rng.ExpFloat64()*300}},
			} {
				e.ID, e.Origin, e.CallID = fmt.Sprintf("%d/%d", k, n), tandem.OriginAPI, id
				events = append(events, e)
			}
		}
		if err := in.Ingest(ctx, events); err != nil {
			return err
		}
	}
	return nil
}

// fill adds n calls to the tallies of t.
func fill(ctx context.Context, st *store.Store, t tandem.Test, n int) error {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	const batch = 5000
	for done := 0; done < n; done += batch {
		var ch tandem.CallChanges
		for range min(batch, n-done) {
			arm := t.Arms[rng.IntN(2)].Key
			for _, o := range observations(rng) {
				ch.Tallies = append(ch.Tallies, tandem.TallyChange{Key: tandem.TallyKey{TestID: t.ID, Phase: 1, Arm: arm, Metric: o.Metric}, Add: &o})
			}
		}
		if err := st.CommitCalls(ctx, ch); err != nil {
			return err
		}
	}
	return nil
}

// observations is what one ended call says: ten metrics.
func observations(rng *rand.Rand) []tandem.Observation {
	yes := func(p float64) float64 {
		if rng.Float64() < p {
			return 1
		}
		return 0
	}
	names := []string{"caller", "agent", "system"}
	return []tandem.Observation{
		{Metric: tandem.MetricCalls, Kind: tandem.Count},
		{Metric: tandem.MetricEnded, Kind: tandem.Count},
		{Metric: tandem.MetricDuration, Kind: tandem.Mean, Number: rng.ExpFloat64() * 90},
		{Metric: tandem.MetricCompletion, Kind: tandem.Proportion, Number: yes(0.7)},
		{Metric: tandem.MetricTransfer, Kind: tandem.Proportion, Number: yes(0.1)},
		{Metric: tandem.MetricSentiment, Kind: tandem.Mean, Number: rng.Float64()*2 - 1},
		{Metric: tandem.MetricEndedBy, Kind: tandem.Category, Name: names[rng.IntN(3)]},
		{Metric: tandem.MetricCallerHangup, Kind: tandem.Mean, Number: rng.ExpFloat64() * 60},
		{Metric: tandem.MetricLatency, Kind: tandem.Mean, Number: 400 + rng.ExpFloat64()*300},
		{Metric: tandem.MetricFieldPrefix + "booked", Kind: tandem.Proportion, Number: yes(0.6)},
	}
}
