package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
)

var ledgerTests = []contract{
	in("the ledger gives a test's calls in order of assignment, whole, in pages of any size", func(t *testing.T, w World) {
		full, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{full}, Transcripts: []tandem.Transcript{turns}})
		untested := w.Assigned(3, "A")
		untested.Assigned.TestID, untested.Assigned.Arm = "", ""
		foreign := w.Assigned(4, "A")
		foreign.Assigned.TestID = second(t, w).ID
		batch := []tandem.Call{Call(untested), Call(foreign), Call(Analyzed(w.Assigned(5, "A"), map[string]any{"x": 1.0}))}
		for n := range 40 {
			e := w.Assigned(100-7*n%40, "B")
			e.At = Start.Add(time.Duration(n%13) * time.Microsecond) // many at the same time: ids decide
			e.CallID = tandem.DeriveCallID("ledger", fmt.Sprint(n), Start)
			e.ForeignID = fmt.Sprint("ledger-", n)
			batch = append(batch, Call(e))
		}
		commit(t, w, tandem.CallChanges{Calls: batch})
		want := eachCall(t, w, w.Test.ID)
		slices.SortFunc(want, func(a, b tandem.Call) int {
			return cmp.Or(a.Assigned.At.Compare(b.Assigned.At), strings.Compare(string(a.ID), string(b.ID)))
		})
		equal(t, "calls of the test", len(want), 41)
		for _, size := range []int{1, 7, 41, 1000} {
			var got []tandem.Call
			var after tandem.Position
			for {
				page := ledger(t, w, after, 0, size)
				got = append(got, page.Calls...)
				if len(page.Calls) == 0 {
					break
				}
				after = positionOf(page.Calls[len(page.Calls)-1])
			}
			equal(t, fmt.Sprintf("calls in pages of %d", size), got, want)
		}
		equal(t, "calls in a page of none", len(ledger(t, w, tandem.Position{}, 0, 0).Calls), 0)
	}),
	in("the ledger of a test without calls is empty", func(t *testing.T, w World) {
		equal(t, "page", ledger(t, w, tandem.Position{}, 0, 10), tandem.LedgerPage{Calls: []tandem.Call{}})
	}),
	in("a fold is announced before the first call too, is never lowered and moves nothing", func(t *testing.T, w World) {
		at := Start.Add(123457 * time.Microsecond)
		equal(t, "sequence before the first call", announce(t, w, at), int64(0))
		equal(t, "folded to", ledger(t, w, tandem.Position{}, 0, 1).FoldedTo, at)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(1, "A"))}})
		before, err := w.Store.Activity(ctx)
		must(t, err)
		equal(t, "sequence", announce(t, w, Start), before[w.Test.ID])
		equal(t, "folded to after an earlier time", ledger(t, w, tandem.Position{}, 0, 1).FoldedTo, at)
		announce(t, w, Start.Add(time.Hour))
		page := ledger(t, w, tandem.Position{}, 0, 1)
		equal(t, "folded to after a later time", page.FoldedTo, Start.Add(time.Hour))
		equal(t, "sequence of the page", page.Sequence, before[w.Test.ID])
		after, err := w.Store.Activity(ctx)
		must(t, err)
		equal(t, "activity", after, before)
	}),
	in("a correction is recorded for what changes behind the fold, and for nothing else", func(t *testing.T, w World) {
		for _, c := range correctionCases {
			t.Run(c.name, func(t *testing.T) { c.check(t, w) })
		}
	}),
	in("a call that moves to another test corrects both", func(t *testing.T, w World) {
		other := second(t, w)
		into := w
		into.Test = other
		e := w.Assigned(10, "A")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(e)}})
		announce(t, w, Start.Add(time.Minute))
		announce(t, into, Start.Add(time.Minute))
		since := [2]int64{ledger(t, w, tandem.Position{}, 0, 1).Sequence, ledger(t, into, tandem.Position{}, 0, 1).Sequence}
		moved := into.Assigned(5, "A")
		moved.ID, moved.Origin, moved.CallID = "moved", tandem.OriginImport, e.CallID
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(load(t, w, e.CallID), moved)}})
		from, to := ledger(t, w, tandem.Position{}, since[0], 10), ledger(t, into, tandem.Position{}, since[1], 10)
		equal(t, "corrected where it was", *from.Corrected, Start.Add(10*time.Second))
		equal(t, "corrected where it is", *to.Corrected, Start.Add(5*time.Second))
		equal(t, "calls", []int{len(from.Calls), len(to.Calls)}, []int{0, 1})
		if from.Sequence <= since[0] || to.Sequence <= since[1] {
			t.Errorf("activity went from %v to %d and %d", since, from.Sequence, to.Sequence)
		}
	}),
	in("corrections are told from the sequence asked about on, the earliest of them", func(t *testing.T, w World) {
		for n := range 5 {
			commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(10*n, "A"))}})
		}
		announce(t, w, Start.Add(time.Minute))
		since := ledger(t, w, tandem.Position{}, 0, 1).Sequence
		for _, n := range []int{30, 10, 20} {
			recount(t, w, n)
		}
		var got []time.Duration
		for i := range int64(4) {
			at := time.Duration(-1)
			if c := ledger(t, w, tandem.Position{}, since+i, 1).Corrected; c != nil {
				at = c.Sub(Start) / time.Second
			}
			got = append(got, at)
		}
		equal(t, "earliest corrections", got, []time.Duration{10, 10, 20, -1})
	}),
	in("a commit that fails corrects nothing", func(t *testing.T, w World) {
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(20, "A"))}})
		announce(t, w, Start.Add(time.Minute))
		save(t, w, 1, 20)
		before := ledger(t, w, tandem.Position{}, 0, 10)
		err := w.Store.CommitCalls(ctx, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(10, "A")), Call(w.Assigned(20, "A"))}})
		wantError(t, err, tandem.Conflict, "revision")
		equal(t, "ledger", ledger(t, w, tandem.Position{}, 0, 10), before)
		_, err = w.Store.Checkpoint(ctx, w.Test.ID, time.Time{})
		must(t, err)
	}),
}

// correctionCase changes one thing in a world whose calls at 10, 20 and 30
// seconds are folded up to 20.
type correctionCase struct {
	name   string
	change func(w World) tandem.CallChanges
	// corrected is the time of the correction in seconds; 0 for none.
	corrected int
}

func (c correctionCase) check(t *testing.T, w World) {
	// Each case has a test of its own, on other calls.
	w.Test = second(t, w)
	for _, n := range []int{10, 20, 30} {
		e := w.at(n, "A")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(e, Ended(e, time.Minute, tandem.ByCaller))}, Counted: []tandem.ID{e.CallID}})
	}
	announce(t, w, Start.Add(20*time.Second))
	before := ledger(t, w, tandem.Position{}, 0, 1)
	if before.Corrected != nil {
		t.Fatalf("corrected at %s already", before.Corrected)
	}
	commit(t, w, c.change(w))
	var want *time.Time
	if c.corrected != 0 {
		at := Start.Add(time.Duration(c.corrected) * time.Second)
		want = &at
	}
	if d := gocmp.Diff(want, ledger(t, w, tandem.Position{}, before.Sequence, 1).Corrected); d != "" {
		t.Errorf("correction (-want +got):\n%s", d)
	}
}

// at gives the event that assigns the call at n seconds of the world's test.
func (w World) at(n int, arm string) tandem.Event {
	e := w.Assigned(n, arm)
	e.CallID = tandem.DeriveCallID(string(w.Test.ID), fmt.Sprint(n), Start)
	e.ForeignID = ""
	return e
}

// stored gives the stored call at n seconds.
func (w World) stored(n int) tandem.Call {
	c, err := w.Store.Call(ctx, w.at(n, "A").CallID)
	if err != nil {
		panic(err)
	}
	return c
}

// reassigned gives the call stored at n seconds as a better origin assigns it.
func (w World) reassigned(n int, change func(e *tandem.Event)) tandem.CallChanges {
	e := w.at(n, "A")
	e.ID, e.Origin = "corrected", tandem.OriginImport
	change(&e)
	return tandem.CallChanges{Calls: []tandem.Call{Join(w.stored(n), e)}}
}

// counted gives a change of the calls at these seconds that results see.
func (w World) counted(seconds ...int) tandem.CallChanges {
	var ch tandem.CallChanges
	for _, n := range seconds {
		c := Join(w.stored(n), Analyzed(w.at(n, "A"), map[string]any{"sentiment": 0.5}))
		ch.Calls, ch.Counted = append(ch.Calls, c), append(ch.Counted, c.ID)
	}
	return ch
}

func fresh(events ...tandem.Event) tandem.CallChanges {
	return tandem.CallChanges{Calls: []tandem.Call{Call(events...)}}
}

var correctionCases = []correctionCase{
	{"a new call behind the fold", func(w World) tandem.CallChanges { return fresh(w.at(15, "B")) }, 15},
	{"a new call at the time of the fold", func(w World) tandem.CallChanges {
		e := w.at(99, "B")
		e.At = Start.Add(20 * time.Second)
		return fresh(e)
	}, 20},
	{"a new call right behind the time of the fold", func(w World) tandem.CallChanges {
		e := w.at(99, "B")
		e.At = Start.Add(20*time.Second + time.Microsecond)
		return fresh(e)
	}, 0},
	{"a new call ahead of the fold", func(w World) tandem.CallChanges { return fresh(w.at(25, "B")) }, 0},
	{"another outcome behind the fold", func(w World) tandem.CallChanges { return w.counted(10) }, 10},
	{"another outcome ahead of the fold", func(w World) tandem.CallChanges { return w.counted(30) }, 0},
	{"several outcomes: the earliest counts", func(w World) tandem.CallChanges { return w.counted(30, 20, 10) }, 10},
	{"one on each side of the fold", func(w World) tandem.CallChanges { return w.counted(30, 20) }, 20},
	{"a change that results do not see", func(w World) tandem.CallChanges {
		return tandem.CallChanges{Calls: []tandem.Call{w.stored(10)}}
	}, 0},
	{"a change that results do not see beside one ahead that they see", func(w World) tandem.CallChanges {
		ch := w.counted(30)
		ch.Calls = append(ch.Calls, w.stored(10))
		return ch
	}, 0},
	{"a transcript", func(w World) tandem.CallChanges {
		turns := []tandem.Turn{{Role: tandem.RoleAgent, Text: "hi"}}
		e := tandem.Event{ID: "t", Origin: tandem.OriginAPI, CallID: w.stored(10).ID, Kind: tandem.EventTranscript, At: Start, Transcript: turns}
		return tandem.CallChanges{
			Calls: []tandem.Call{Join(w.stored(10), e)}, Transcripts: []tandem.Transcript{{CallID: e.CallID, Turns: turns}},
		}
	}, 0},
	{"tallies alone", func(w World) tandem.CallChanges {
		return tandem.CallChanges{Tallies: []tandem.TallyChange{add(w, "A", tandem.Observation{Metric: tandem.MetricCalls, Kind: tandem.Count, Number: 1})}}
	}, 0},
	{"another arm", func(w World) tandem.CallChanges {
		return w.reassigned(10, func(e *tandem.Event) { e.Assigned.Arm = "B" })
	}, 10},
	{"another arm ahead of the fold", func(w World) tandem.CallChanges {
		return w.reassigned(30, func(e *tandem.Event) { e.Assigned.Arm = "B" })
	}, 0},
	{"out of the fold to a later time", func(w World) tandem.CallChanges {
		return w.reassigned(10, func(e *tandem.Event) { e.At = Start.Add(40 * time.Second) })
	}, 10},
	{"into the fold from a later time", func(w World) tandem.CallChanges {
		return w.reassigned(30, func(e *tandem.Event) { e.At = Start.Add(5 * time.Second) })
	}, 5},
	{"out of the test", func(w World) tandem.CallChanges {
		return w.reassigned(10, func(e *tandem.Event) { e.Assigned.TestID, e.Assigned.Arm = "", "" })
	}, 10},
	{"the same assignment from a better origin", func(w World) tandem.CallChanges {
		return w.reassigned(10, func(*tandem.Event) {})
	}, 0},
}

// second stores another test on the world's route, which does not run.
func second(tb testing.TB, w World) tandem.Test {
	tb.Helper()
	other := NewTest(tb, w.Route, w.Versions)
	other.Status = tandem.Recorded
	must(tb, w.Store.StartTest(ctx, Actor, other))
	return other
}

func ledger(tb testing.TB, w World, after tandem.Position, since int64, limit int) tandem.LedgerPage {
	tb.Helper()
	page, err := w.Store.Ledger(ctx, w.Test.ID, after, since, limit)
	must(tb, err)
	return page
}

func announce(tb testing.TB, w World, to time.Time) int64 {
	tb.Helper()
	sequence, err := w.Store.AnnounceFold(ctx, w.Test.ID, to)
	must(tb, err)
	return sequence
}

// recount commits a change of call n that results see.
func recount(tb testing.TB, w World, n int) {
	tb.Helper()
	e := w.Assigned(n, "A")
	c := Join(load(tb, w, e.CallID), Analyzed(e, map[string]any{"sentiment": 0.5}))
	commit(tb, w, tandem.CallChanges{Calls: []tandem.Call{c}, Counted: []tandem.ID{c.ID}})
}

func positionOf(c tandem.Call) tandem.Position {
	return tandem.Position{At: c.Assigned.At, ID: c.ID}
}
