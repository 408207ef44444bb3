package privacy

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem"
	"tandem/internal/results"
)

func TestACallerHasOneKeyHoweverTheNumberIsWritten(t *testing.T) {
	k := NewKeeper(nil, options([]byte("secret")), quiet)
	want := k.CallerKey("+14155550199")
	for _, written := range []string{"(415) 555-0199", "tel:+14155550199", "sip:+14155550199@example.com", want} {
		if got := k.CallerKey(written); got != want {
			t.Errorf("%q: %s, want %s", written, got, want)
		}
	}
	if k.CallerKey("+14155550198") == want || NewKeeper(nil, options([]byte("other")), quiet).CallerKey("+14155550199") == want {
		t.Error("another number, or the number under another secret, has the same key")
	}
	if h := k.Hash("id"); k.Hash(h) != h || h == "id" || k.Hash("id2") == h {
		t.Errorf("hash %q", h)
	}
}

func TestRedactingWhatWasRedactedChangesNothing(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCaller)
	s := everyKind()
	s.DiscardCallers, s.DiscardRecordings = true, true
	w.set(s)
	for _, e := range w.events(3) {
		w.keeper.Redact(&e)
		once, err := json.Marshal(e)
		w.must(err)
		w.keeper.Redact(&e)
		if twice, err := json.Marshal(e); err != nil || string(twice) != string(once) {
			t.Errorf("%s became %s", once, twice)
		}
	}
}

func TestSettingsOfAnotherNodeAreTakenUp(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	other := NewKeeper(w.store, options([]byte("s")), quiet)
	w.must(other.Reload(ctx))
	w.set(everyKind())
	version, err := w.store.ConfigVersion(ctx)
	w.must(err)
	if other.now.Load().version == version {
		t.Fatal("the version did not move, so nobody looks")
	}
	w.must(other.Reload(ctx))
	if !slices.Equal(other.Settings().Redact.Kinds, tandem.RedactKinds()) || other.now.Load().redactor == nil {
		t.Errorf("settings %+v", other.Settings())
	}
}

func TestWorkThatIsInterruptedGoesOnAndCountsEachCallOnce(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	ids := w.calls(1, 210) // more than a batch
	w.now = w.call(ids[len(ids)-1]).Assigned.At.Add(48 * time.Hour)
	w.set(tandem.PrivacySettings{Retention: tandem.Retention{Callers: 1}})
	job, err := w.worker.Start(ctx, "ann", tandem.WorkPurge)
	w.must(err)
	w.jobsAreOfNow()
	mine, err := w.worker.store.ClaimPrivacyJob(ctx, w.now, leaseFor)
	w.must(err)
	stale := *mine
	w.must(w.worker.purgeBatch(ctx, mine)) // and then the node dies
	if err := w.worker.purgeBatch(ctx, &stale); !taken(err) {
		t.Errorf("a node that has lost the job goes on: %v", err)
	}
	w.work()
	done, err := w.store.PrivacyJob(ctx, job.ID)
	w.must(err)
	if done.FinishedAt == nil || done.Changed != 210 {
		t.Errorf("job %+v", done)
	}
	purges, _, err := w.store.Purges(ctx, tandem.Page{})
	w.must(err)
	n := int64(0)
	for _, p := range purges {
		if p.JobID == job.ID {
			n += p.Calls
		}
	}
	if n != 210 {
		t.Errorf("%d calls in the log, want 210", n)
	}
}

// TestNoRemovalChangesWhatACallCountsFor strips calls of every shape.
func TestNoRemovalChangesWhatACallCountsFor(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	counter := results.NewCounter(w.store)
	frozen := 0
	rapid.Check(t, func(rt *rapid.T) {
		events := w.events(rapid.IntRange(1, 300).Draw(rt, "n"))
		c := tandem.Call{ID: events[0].CallID}
		values := map[string]any{}
		for _, name := range []string{"note", "topic", "booked", "amount", "made_up"} {
			switch rapid.IntRange(0, 5).Draw(rt, name) {
			case 0, 4:
				values[name] = rapid.SampledFrom([]string{"call back on 212-555-0188", "", "billing", "x"}).Draw(rt, "text")
			case 1:
				values[name] = rapid.Bool().Draw(rt, "bool")
			case 2:
				values[name] = rapid.Float64Range(-5, 5).Draw(rt, "number")
			case 3:
				values[name] = nil
			}
		}
		events[4].Analysis = values
		for i, e := range events {
			if i == 0 || rapid.IntRange(0, 4).Draw(rt, "told") > 0 {
				c.Apply(e)
			}
		}
		_, err := counter.Count(ctx, tandem.Call{}, &c)
		w.must(err)
		before := c
		raw, err := json.Marshal(before)
		w.must(err)
		for _, d := range rapid.Permutation(tandem.AllPersonalData()).Draw(rt, "order") {
			was := c
			h, err := w.worker.hider(ctx, map[tandem.ID][]tandem.Field{}, &c)
			w.must(err)
			had := c.Holds()&d.Bit() != 0
			if removed := c.Remove(d, w.now, h); removed && !had {
				rt.Errorf("%s was removed of a call that holds none", d)
			}
			if c.Holds()&d.Bit() != 0 {
				rt.Errorf("%s is still held", d)
			}
			changes, err := w.worker.protect(ctx, was, &c)
			w.must(err)
			if len(changes) > 0 || c.GoalState() != before.GoalState() {
				rt.Fatalf("removing %s changes %+v, and the goal from %s to %s", d, changes, before.GoalState(), c.GoalState())
			}
		}
		if c.Removed != nil && c.Removed.Goal {
			frozen++
		}
		if after, err := json.Marshal(before); err != nil || string(after) != string(raw) {
			rt.Error("a copy of the call was written to")
		}
		if a := c.Assigned.Value; a.Caller != "" || !c.Closed() {
			rt.Errorf("left %+v", c)
		}
	})
	if frozen == 0 {
		t.Error("no goal rested on a text, so nothing was shown of those")
	}
}
