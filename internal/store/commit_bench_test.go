package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store/storetest"
)

// observations is what an analyzed call says: the eight tally changes of a
// usual event, half of them with a histogram.
func observations(a tandem.Assignment, n int) []tandem.TallyChange {
	x := float64(n%240) + 0.5
	obs := []tandem.Observation{
		{Metric: tandem.MetricEnded, Kind: tandem.Count, Number: 1},
		{Metric: tandem.MetricDuration, Kind: tandem.Mean, Number: x},
		{Metric: tandem.MetricCompletion, Kind: tandem.Proportion, Number: float64(n % 2)},
		{Metric: tandem.MetricTransfer, Kind: tandem.Proportion},
		{Metric: tandem.MetricSentiment, Kind: tandem.Mean, Number: x/120 - 1},
		{Metric: tandem.MetricEndedBy, Kind: tandem.Category, Name: "caller"},
		{Metric: tandem.MetricCallerHangup, Kind: tandem.Mean, Number: x},
		{Metric: "cost.USD", Kind: tandem.Mean, Number: x / 1000},
	}
	changes := make([]tandem.TallyChange, len(obs))
	for i := range obs {
		changes[i] = tandem.TallyChange{
			Key: tandem.TallyKey{TestID: a.TestID, Phase: a.Phase, Arm: a.Arm, Metric: obs[i].Metric}, Add: &obs[i],
		}
	}
	return changes
}

// BenchmarkCommitCalls stores calls in batches, each call twice: when it is
// assigned, and with all its outcomes and eight tally changes. The figure is
// writes of calls a second, each loaded and joined before, as ingest does; the
// quantiles are of one commit.
func BenchmarkCommitCalls(b *testing.B) {
	for _, engine := range engines {
		for _, size := range []int{1, 64, 512} {
			b.Run(fmt.Sprintf("%s/batch=%d", engine.name, size), func(b *testing.B) {
				benchmarkCommit(b, engine.fresh(b), size, func(storetest.World) {})
			})
		}
	}
}

func benchmarkCommit(b *testing.B, url string, size int, prepare func(storetest.World)) {
	ctx := context.Background()
	w := storetest.NewWorld(b, storetest.Open(b, url))
	prepare(w)
	n := 0
	var took []time.Duration
	commit := func(ch tandem.CallChanges) {
		start := time.Now()
		if err := w.Store.CommitCalls(ctx, ch); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	for b.Loop() {
		first, second := tandem.CallChanges{}, tandem.CallChanges{}
		refs := make([]tandem.CallRef, size)
		var events []tandem.Event
		for i := range size {
			n++
			e := w.Assigned(n, []string{"A", "B"}[n%2])
			events = append(events, e)
			refs[i] = tandem.CallRef{ID: e.CallID}
			first.Calls = append(first.Calls, storetest.Call(e))
		}
		commit(first)
		loaded, err := w.Store.LoadCalls(ctx, refs)
		if err != nil || len(loaded) != size {
			b.Fatalf("loaded %d calls of %d, %v", len(loaded), size, err)
		}
		for i, e := range events {
			c := storetest.Join(loaded[refs[i]], storetest.Ended(e, 90*time.Second, tandem.ByCaller),
				storetest.Analyzed(e, map[string]any{"appointment_booked": true, "sentiment": 0.5}))
			second.Calls = append(second.Calls, c)
			second.Counted = append(second.Counted, c.ID)
			second.Tallies = append(second.Tallies, observations(*e.Assigned, n+i)...)
		}
		commit(second)
	}
	slices.Sort(took)
	b.ReportMetric(float64(2*b.N*size)/b.Elapsed().Seconds(), "writes/s")
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}

// BenchmarkTallies reads the results' cells of a test: 2 arms and 8 metrics.
// It must not depend on how many calls there are.
func BenchmarkTallies(b *testing.B) {
	for _, engine := range engines {
		for _, calls := range []int{1_000, 20_000} {
			b.Run(fmt.Sprintf("%s/calls=%d", engine.name, calls), func(b *testing.B) {
				w := storetest.NewWorld(b, storetest.Open(b, engine.fresh(b)))
				for n := 0; n < calls; n += 500 {
					var ch tandem.CallChanges
					for i := range 500 {
						e := w.Assigned(n+i, []string{"A", "B"}[i%2])
						ch.Calls = append(ch.Calls, storetest.Call(e))
						ch.Tallies = append(ch.Tallies, observations(*e.Assigned, n+i)...)
					}
					if err := w.Store.CommitCalls(context.Background(), ch); err != nil {
						b.Fatal(err)
					}
				}
				for b.Loop() {
					rows, err := w.Store.Tallies(context.Background(), w.Test.ID)
					if err != nil || len(rows) != 16 {
						b.Fatalf("%d rows, %v", len(rows), err)
					}
				}
			})
		}
	}
}
