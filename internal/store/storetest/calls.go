package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem"
)

var callTests = []contract{
	in("a call with every fact is read as it was stored, whichever way", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}})
		c.Revision, c.Ordinal = 1, 1
		got, err := w.Store.Call(ctx, c.ID)
		must(t, err)
		equal(t, "Call", got, c)
		equal(t, "EachCall", eachCall(t, w, w.Test.ID), []tandem.Call{c})
		at, err := w.Store.CallsAt(ctx, w.Test.ID, "A", []int64{1, 2})
		must(t, err)
		equal(t, "CallsAt", at, []tandem.Call{c})
		listed, _, err := w.Store.Calls(ctx, tandem.CallFilter{}, tandem.Page{})
		must(t, err)
		equal(t, "Calls", listed, []tandem.Call{c})
		byID := tandem.CallRef{ID: c.ID}
		bySIP := tandem.CallRef{Origin: tandem.OriginSIP, ForeignID: c.Foreign[tandem.OriginSIP]}
		byAPI := tandem.CallRef{Origin: tandem.OriginAPI, ForeignID: c.Foreign[tandem.OriginAPI]}
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{byID, bySIP, byAPI})
		must(t, err)
		equal(t, "LoadCalls", loaded, map[tandem.CallRef]tandem.Call{byID: c, bySIP: c, byAPI: c})
		said, err := w.Store.Transcript(ctx, c.ID)
		must(t, err)
		equal(t, "Transcript", said, turns)
	}),
	in("what is not stored is not found, or absent", func(t *testing.T, w World) {
		nobody := tandem.NewID(Start)
		_, err := w.Store.Call(ctx, nobody)
		wantError(t, err, tandem.NotFound, "")
		_, err = w.Store.Transcript(ctx, nobody)
		wantError(t, err, tandem.NotFound, "")
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{
			{ID: nobody}, {Origin: "sip", ForeignID: "x"}, {Origin: "sip", ForeignID: "\x00"}, {Origin: "sip", ForeignID: "\xff"},
		})
		must(t, err)
		equal(t, "loaded", len(loaded), 0)
		at, err := w.Store.CallsAt(ctx, w.Test.ID, "A", []int64{1})
		must(t, err)
		equal(t, "calls at", len(at), 0)
		none, err := w.Store.CallsAt(ctx, w.Test.ID, "A", nil)
		must(t, err)
		equal(t, "calls at nothing", len(none), 0)
		size, err := w.Store.ArmSize(ctx, w.Test.ID, "A")
		must(t, err)
		equal(t, "size", size, int64(0))
	}),
	in("a later transcript takes the place of the first", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		commit(t, w, tandem.CallChanges{
			Calls:       []tandem.Call{Call(e)},
			Transcripts: []tandem.Transcript{{CallID: e.CallID, Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "one"}}}},
		})
		later := tandem.Transcript{CallID: e.CallID, Turns: []tandem.Turn{{Role: tandem.RoleCaller, Text: "two\x00 <&> \u2028 🙂"}}}
		commit(t, w, tandem.CallChanges{Transcripts: []tandem.Transcript{later}})
		got, err := w.Store.Transcript(ctx, e.CallID)
		must(t, err)
		equal(t, "transcript", got, later)
	}),
	in("a call is overdue after the route's maximum length and the grace", func(t *testing.T, w World) {
		first, second, ended := w.Assigned(1, "A"), w.Assigned(2, "A"), w.Assigned(3, "A")
		unrouted := w.Assigned(4, "A")
		unrouted.Assigned.RouteID = tandem.NewID(Start)
		orphan := Analyzed(w.Assigned(5, "A"), map[string]any{"sentiment": 0.5})
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{
			Call(second), Call(first), Call(ended, Ended(ended, time.Minute, tandem.ByCaller)), Call(unrouted), Call(orphan),
		}})
		limit := time.Duration(w.Route.MaxCallSeconds)*time.Second + tandem.LostGrace
		overdue := func(now time.Time, limit int) []tandem.ID {
			got, err := w.Store.OverdueCalls(ctx, now, limit)
			must(t, err)
			return got
		}
		equal(t, "at the first's deadline", overdue(first.At.Add(limit), 10), []tandem.ID{})
		equal(t, "just after it", overdue(first.At.Add(limit+time.Microsecond), 10), []tandem.ID{first.CallID})
		equal(t, "a day later, one", overdue(Start.Add(24*time.Hour), 1), []tandem.ID{first.CallID})
		equal(t, "a day later", overdue(Start.Add(24*time.Hour), 10), []tandem.ID{first.CallID, second.CallID, unrouted.CallID})
	}),
	in("calls in progress are counted by version", func(t *testing.T, w World) {
		a1, a2, b := w.Assigned(1, "A"), w.Assigned(2, "A"), w.Assigned(3, "B")
		lost := w.Assigned(4, "B")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{
			Call(a1), Call(a2), Call(b),
			Call(lost, tandem.Event{ID: "l", Origin: tandem.OriginReaper, CallID: lost.CallID, Kind: tandem.EventLost, At: lost.At.Add(time.Hour)}),
			Call(Analyzed(w.Assigned(5, "A"), map[string]any{"sentiment": 0.5})),
		}})
		got, err := w.Store.InProgress(ctx)
		must(t, err)
		equal(t, "in progress", got, map[tandem.ID]int64{w.Versions[0].ID: 2, w.Versions[1].ID: 1})
		c, err := w.Store.Call(ctx, a1.CallID)
		must(t, err)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Join(c, Ended(a1, time.Minute, tandem.ByAgent))}})
		got, err = w.Store.InProgress(ctx)
		must(t, err)
		equal(t, "in progress", got, map[tandem.ID]int64{w.Versions[0].ID: 1, w.Versions[1].ID: 1})
	}),
	in("a walk over the calls sees one moment, and ends at the first error", func(t *testing.T, w World) {
		for n := range 20 {
			commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(n, "A"))}})
		}
		seen := 0
		must(t, w.Store.EachCall(ctx, "", func(c tandem.Call) error {
			if seen++; seen == 1 { // a write while the walk is on its way
				commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(100, "A"))}})
			}
			if c.ID == w.Assigned(100, "A").CallID {
				t.Error("the walk sees a call that was stored after it began")
			}
			return nil
		}))
		equal(t, "calls seen", seen, 20)
		equal(t, "calls seen after", len(eachCall(t, w, w.Test.ID)), 21)
		equal(t, "calls of another test", len(eachCall(t, w, w.Route.ID)), 0)
		seen = 0
		err := w.Store.EachCall(ctx, "", func(tandem.Call) error { seen++; return errRefused })
		if !errors.Is(err, errRefused) || seen != 1 {
			t.Errorf("after %d calls the error is %v", seen, err)
		}
	}),
	in("work that its caller gives up ends, and is not mistaken for a lost database", func(t *testing.T, w World) {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		_, _, err := w.Store.Agents(gone, tandem.Page{})
		if !errors.Is(err, context.Canceled) || tandem.CodeOf(err) == tandem.Unavailable {
			t.Errorf("read: %v", err)
		}
		err = w.Store.CommitCalls(gone, tandem.CallChanges{Calls: []tandem.Call{Call(w.Assigned(1, "A"))}})
		if !errors.Is(err, context.Canceled) || tandem.CodeOf(err) == tandem.Unavailable {
			t.Errorf("write: %v", err)
		}
		equal(t, "calls", len(eachCall(t, w, "")), 0)
	}),
}

// fullCall gives a call that has every fact, and its transcript.
func fullCall(w World) (tandem.Call, tandem.Transcript) {
	e := w.Assigned(1, "A")
	at := func(d time.Duration) time.Time { return e.At.Add(d + 123456*time.Microsecond) }
	start, finish := int64(0), int64(1500)
	turns := []tandem.Turn{
		{Role: tandem.RoleAgent, Text: "Hello! <How> can I help?", StartMS: &start, EndMS: &finish, Interrupted: true},
		{Role: tandem.RoleCaller, Text: "Ich hätte gern „morgen“ – 日本\u2028\x00."},
	}
	event := func(id, origin string, kind tandem.EventKind, d time.Duration) tandem.Event {
		return tandem.Event{ID: id, Origin: origin, CallID: e.CallID, Kind: kind, At: at(d)}
	}
	transfer := event("t", tandem.OriginSIP, tandem.EventTransferred, 50*time.Second)
	transfer.Transferred = &tandem.Transfer{State: tandem.TransferCompleted, To: "sip:desk@example.com"}
	failover := event("f", tandem.OriginSIP, tandem.EventFailover, time.Second)
	failover.Failover = &tandem.Failover{Reason: tandem.ReasonTargetSilent, ServedBy: "fallback"}
	transcript := event("tr", tandem.OriginAPI, tandem.EventTranscript, time.Minute)
	transcript.Transcript, transcript.ForeignID = turns, "plat\"form-1"
	analysis := Analyzed(e, map[string]any{
		"booked": true, "amount": 42.5, "huge": 1e21, "topic": "opening \"hours\" <&> \x00", "unknown": nil, "sentiment": -0.25,
	})
	cost := event("c", tandem.OriginAPI, tandem.EventCost, time.Minute)
	cost.Cost = &tandem.Cost{Amount: 0.0123, Currency: "USD"}
	latency := event("la", tandem.OriginAPI, tandem.EventLatency, time.Minute)
	latency.Latency = &tandem.Latency{P50MS: 640.5, P90MS: 1200}
	c := Call(e, event("s", tandem.OriginSIP, tandem.EventStarted, 0), event("a", tandem.OriginSIP, tandem.EventAnswered, 2*time.Second),
		Ended(e, 90*time.Second, tandem.ByCaller), transfer, failover, event("l", tandem.OriginReaper, tandem.EventLost, time.Hour),
		transcript, analysis, cost, latency)
	met := true
	c.Goal = &met
	reply, interruptions := 412.5, 0
	c.Conversation = &tandem.Conversation{Turns: 2, ReplyP50MS: &reply, ReplyP90MS: &reply, Interruptions: &interruptions, RepeatedPrompts: 1, DeadEnd: true}
	return c, tandem.Transcript{CallID: c.ID, Turns: turns}
}

func commit(tb testing.TB, w World, ch tandem.CallChanges) {
	tb.Helper()
	must(tb, w.Store.CommitCalls(ctx, ch))
}

func eachCall(tb testing.TB, w World, test tandem.ID) []tandem.Call {
	tb.Helper()
	var calls []tandem.Call
	must(tb, w.Store.EachCall(ctx, test, func(c tandem.Call) error { calls = append(calls, c); return nil }))
	return calls
}
