package store_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"tandem"
	"tandem/internal/pgtest"
	"tandem/internal/store/storetest"
)

func TestPagesThatLookAtFewCallsGoOnToTheEnd(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"SQLite": sqliteURL, "PostgreSQL": pgtest.Start} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s := storetest.Open(t, url(t))
			w := storetest.NewWorld(t, s)
			rng := rand.New(rand.NewPCG(3, 4))
			var calls []tandem.Call
			for n := range 60 {
				e := w.Assigned(n, []string{"A", "B"}[rng.IntN(2)])
				e.At = storetest.Start.Add(time.Duration(rng.IntN(20)) * time.Minute) // some at once
				calls = append(calls, storetest.Call(e,
					storetest.Ended(e, time.Duration(1+rng.IntN(3))*time.Minute, []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[rng.IntN(2)]),
					storetest.Analyzed(e, map[string]any{"topic": []string{"hours", "price"}[rng.IntN(2)]})))
			}
			if err := s.CommitCalls(ctx, tandem.CallChanges{Calls: calls}); err != nil {
				t.Fatal(err)
			}
			const looked, size = 7, 3
			s.LookAt(looked)
			for what, f := range map[string]tandem.CallFilter{
				"an arm":                    {TestID: w.Test.ID, Arm: "B"},
				"a test on its route":       {TestID: w.Test.ID, RouteID: w.Route.ID},
				"a test on another route":   {TestID: w.Test.ID, RouteID: w.Agent.ID},
				"who ended it, of a route":  {RouteID: w.Route.ID, EndedBy: tandem.ByAgent},
				"who ended it, of a while":  {EndedBy: tandem.ByAgent, Since: storetest.Start.Add(5 * time.Minute), Before: storetest.Start.Add(12 * time.Minute)},
				"a stage that no call has":  {Stage: tandem.StageLost},
				"a field":                   {Field: "topic", Value: "hours"},
				"a field that no call has":  {Field: "topic", Value: "weather"},
				"at least so long":          {MinLength: 150 * time.Second},
				"so long, and who ended it": {MinLength: 90 * time.Second, MaxLength: 2 * time.Minute, EndedBy: tandem.ByCaller},
			} {
				want := 0
				for _, c := range calls {
					if f.Match(c) {
						want++
					}
				}
				seen, short := map[tandem.ID]bool{}, false
				p := tandem.Page{Limit: size}
				for n := 0; ; n++ {
					got, next, err := s.Calls(ctx, f, p)
					if err != nil || len(got) > size || n > len(calls) {
						t.Fatalf("%s: page %d holds %d calls; error %v", what, n, len(got), err)
					}
					for _, c := range got {
						if seen[c.ID] || !f.Match(c) {
							t.Errorf("%s: call %s is listed again, or does not pass", what, c.ID)
						}
						seen[c.ID] = true
					}
					short = short || len(got) < size && next != ""
					if p.Cursor = next; next == "" {
						break
					}
				}
				if len(seen) != want {
					t.Errorf("%s: %d calls are listed; expected %d", what, len(seen), want)
				}
				if want < len(calls)/looked && !short {
					t.Errorf("%s: no page was short: more was looked at than allowed", what)
				}
			}
		})
	}
}
