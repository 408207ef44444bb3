package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store/storetest"
)

// BenchmarkLedger reads pages of 1,000 ended and analyzed calls at the
// beginning, in the middle and at the end of a ledger of 50,000. Where in it
// must not matter.
func BenchmarkLedger(b *testing.B) {
	const calls, page = 50_000, 1000
	ctx := context.Background()
	for _, engine := range engines {
		w := storetest.NewWorld(b, storetest.Open(b, engine.fresh(b)))
		for n := 0; n < calls; n += page {
			var ch tandem.CallChanges
			for i := range page {
				e := w.Assigned(n+i, []string{"A", "B"}[i%2])
				ch.Calls = append(ch.Calls, storetest.Call(e, storetest.Ended(e, 90*time.Second, tandem.ByCaller),
					storetest.Analyzed(e, map[string]any{"appointment_booked": true, "sentiment": 0.5})))
			}
			if err := w.Store.CommitCalls(ctx, ch); err != nil {
				b.Fatal(err)
			}
		}
		for _, depth := range []int{0, calls / 2, calls - page} {
			b.Run(fmt.Sprintf("%s/behind=%d", engine.name, depth), func(b *testing.B) {
				after := tandem.Position{At: storetest.Start.Add(time.Duration(depth)*time.Second - 1)}
				for b.Loop() {
					got, err := w.Store.Ledger(ctx, w.Test.ID, after, 0, page)
					if err != nil || len(got.Calls) != page {
						b.Fatalf("%d calls, %v", len(got.Calls), err)
					}
				}
				b.ReportMetric(float64(b.N*page)/b.Elapsed().Seconds(), "calls/s")
			})
		}
	}
}

// BenchmarkCommitBehindTheFold is BenchmarkCommitCalls where every commit is a
// correction: what was folded runs far ahead.
func BenchmarkCommitBehindTheFold(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine.name+"/batch=64", func(b *testing.B) {
			benchmarkCommit(b, engine.fresh(b), 64, func(w storetest.World) {
				if _, err := w.Store.AnnounceFold(context.Background(), w.Test.ID, storetest.Start.Add(1000*time.Hour)); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
