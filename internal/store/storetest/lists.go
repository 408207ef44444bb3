package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tandem"
)

var listTests = []contract{
	in("calls are listed last assigned first, those without an assignment at the end", func(t *testing.T, w World) {
		for n := range 9 {
			e := w.Assigned(n, "A")
			e.At = Start.Add(time.Duration(n/3) * time.Hour) // three at a time
			commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(e)}})
		}
		orphan := Call(Analyzed(w.Assigned(99, "A"), map[string]any{"sentiment": 0.5}))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{orphan}})
		read := func(ctx context.Context, p tandem.Page) ([]tandem.Call, string, error) {
			return w.Store.Calls(ctx, tandem.CallFilter{}, p)
		}
		for _, size := range []int{1, 2, 3, 4, 9, 10, 500} {
			got := pages(t, size, read)
			equal(t, "length", len(got), 10)
			equal(t, "order", slices.IsSortedFunc(got, newestFirst), true)
			equal(t, "last", got[9].ID, orphan.ID)
		}
		badCursors(t, read)
	}),
	in("a filter keeps in SQL what it keeps in the domain", func(t *testing.T, w World) {
		rng := rand.New(rand.NewPCG(1, 2))
		for n := range 120 {
			commit(t, w, tandem.CallChanges{Calls: []tandem.Call{randomCall(rng, w, n)}})
		}
		all := eachCall(t, w, "")
		slices.SortFunc(all, newestFirst)
		hits := 0
		for range 400 {
			f := randomFilter(rng, w, all)
			want := []tandem.Call{}
			for _, c := range all {
				if f.Match(c) {
					want = append(want, c)
				}
			}
			got := pages(t, 1+rng.IntN(120), func(ctx context.Context, p tandem.Page) ([]tandem.Call, string, error) {
				return w.Store.Calls(ctx, f, p)
			})
			equal(t, fmt.Sprintf("calls kept by %+v", f), slices.Clip(append([]tandem.Call{}, got...)), want)
			if len(want) > 0 && len(want) < len(all) {
				hits++
			}
		}
		if hits < 100 {
			t.Errorf("only %d of the filters kept some calls and not others: the test proves little", hits)
		}
	}),
	in("a goal that is no goal is refused", func(t *testing.T, w World) {
		_, _, err := w.Store.Calls(ctx, tandem.CallFilter{Goal: "maybe"}, tandem.Page{})
		wantError(t, err, tandem.Invalid, "goal")
	}),
}

func assignedAt(c tandem.Call) int64 {
	if c.Assigned == nil {
		return 0
	}
	return c.Assigned.At.UnixMicro()
}

func newestFirst(a, b tandem.Call) int {
	return cmp.Or(cmp.Compare(assignedAt(b), assignedAt(a)), cmp.Compare(b.ID, a.ID))
}

// values are analysis values, among them some whose text is the same.
var values = []any{nil, true, false, "true", "42", 42.0, 42.5, 0.0, -1e-7, 1e21, 123456789.0, "opening hours", "", "<b>&\"", "\u2028", "🙂"}

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

func randomCall(rng *rand.Rand, w World, n int) tandem.Call {
	e := w.Assigned(n, pick(rng, "A", "B"))
	e.At = Start.Add(time.Duration(rng.IntN(20)) * time.Minute)
	if rng.IntN(4) == 0 {
		e.Assigned.TestID, e.Assigned.Arm, e.Assigned.Phase = "", "", 0
	}
	c := tandem.Call{ID: e.CallID}
	if rng.IntN(10) > 0 {
		c = Join(c, e)
	}
	if rng.IntN(3) > 0 {
		c = Join(c, Ended(e, pick(rng, time.Minute, 90*time.Second, time.Hour), pick(rng, tandem.ByCaller, tandem.ByAgent, tandem.BySystem, tandem.ByUnknown)))
	}
	if rng.IntN(3) == 0 {
		c = Join(c, tandem.Event{
			ID: "t", Origin: tandem.OriginSIP, CallID: e.CallID, Kind: tandem.EventTransferred, At: e.At,
			Transferred: &tandem.Transfer{State: pick(rng, tandem.TransferFailed, tandem.TransferCompleted)},
		})
	}
	if rng.IntN(3) == 0 {
		c = Join(c, tandem.Event{
			ID: "tr", Origin: tandem.OriginAPI, CallID: e.CallID, Kind: tandem.EventTranscript, At: e.At,
			Transcript: make([]tandem.Turn, rng.IntN(3)),
		})
	}
	if rng.IntN(2) == 0 {
		c = Join(c, Analyzed(e, map[string]any{pick(rng, "topic", "amount"): pick(rng, values...)}))
	}
	if len(c.Foreign) == 0 && c.Assigned == nil && c.Ended == nil {
		c = Join(c, tandem.Event{ID: "s", Origin: tandem.OriginSIP, CallID: e.CallID, Kind: tandem.EventStarted, At: e.At})
	}
	if met := rng.IntN(3); met < 2 {
		goal := met == 1
		c.Goal = &goal
	}
	return c
}

func randomFilter(rng *rand.Rand, w World, all []tandem.Call) tandem.CallFilter {
	var f tandem.CallFilter
	one := all[rng.IntN(len(all))]
	for range 1 + rng.IntN(3) {
		switch rng.IntN(13) {
		case 0:
			f.RouteID = pick(rng, w.Route.ID, w.Agent.ID)
		case 1:
			f.TestID = pick(rng, w.Test.ID, w.Agent.ID)
		case 2:
			f.Arm = pick(rng, "A", "B", "C")
		case 3:
			f.VersionID = pick(rng, w.Versions[0].ID, w.Versions[1].ID)
		case 4:
			f.Stage = one.Stage()
		case 5:
			f.EndedBy = pick(rng, tandem.ByCaller, tandem.ByUnknown)
		case 6:
			f.Transferred = pick(rng, new(true), new(false))
		case 7:
			f.Goal = one.GoalState()
		case 8:
			f.Field, f.Value = pick(rng, "topic", "amount"), "x"
			if text, ok := tandem.ValueText(pick(rng, values...)); ok {
				f.Value = text
			}
		case 9:
			f.Since = Start.Add(time.Duration(rng.IntN(20))*time.Minute + time.Duration(rng.IntN(2)))
			if rng.IntN(2) == 0 {
				f.Before = f.Since.Add(5 * time.Minute)
			}
		case 10:
			f.HasTranscript = true
		case 11:
			f.MinLength = pick(rng, time.Second, 90*time.Second, 2*time.Hour)
		case 12:
			f.MaxLength = pick(rng, time.Second, time.Minute, 90*time.Second, 2*time.Hour)
		}
	}
	return f
}
