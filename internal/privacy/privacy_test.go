package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/sample"
)

func everyKind() tandem.PrivacySettings {
	return tandem.PrivacySettings{Redact: tandem.RedactSettings{Kinds: tandem.RedactKinds(), Names: []string{"Anna Secretname"}}}
}

// onEach runs a test on each engine, with calls as units and with callers.
func onEach(t *testing.T, run func(t *testing.T, w *world)) {
	for name, fresh := range engines {
		for _, unit := range []tandem.Unit{tandem.PerCall, tandem.PerCaller} {
			t.Run(name+" per "+string(unit), func(t *testing.T) { run(t, newWorld(t, fresh(t), unit)) })
		}
	}
}

func TestWhatComesInIsRedactedBeforeItIsStoredAndMeasuredBeforeThat(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCaller)
	w.set(everyKind())
	events := w.events(3)
	said := dialogue.Measure(events[2].Transcript)
	before, err := json.Marshal(events)
	w.must(err)
	w.report(events...)
	after, err := json.Marshal(events)
	w.must(err)
	if string(before) != string(after) {
		t.Error("the reporter's own events were written to")
	}
	c := w.call(events[0].CallID)
	if d := cmp.Diff(said, c.Conversation); d != "" {
		t.Errorf("the conversation is measured by what was said (-want +got):\n%s", d)
	}
	if redacted := dialogue.Measure([]tandem.Turn{{Role: "agent", Text: "a"}}); redacted == nil {
		t.Fatal("nothing is measured")
	}
	if got, want := c.Redactions(), (tandem.Redactions{"phone": 6, "email": 1, "name": 1}); !cmp.Equal(got, want) {
		t.Errorf("redactions %v, want %v", got, want)
	}
	if got := c.Values["note"].Redacted["name"]; got != 1 || c.Turns.Redacted["phone"] != 4 || c.Ended.Redacted["phone"] != 1 {
		t.Errorf("each fact tells its own: note %d, transcript %v, end %v", got, c.Turns.Redacted, c.Ended.Redacted)
	}
	said2, err := w.store.Transcript(ctx, c.ID)
	w.must(err)
	if got := said2.Turns[1].Text; got != "It's [phone], secretword3x" {
		t.Errorf("stored %q", got)
	}
	if a := c.Assigned.Value; a.Caller != "+14155550133" || !tandem.IsCallerKey(a.CallerKey) || a.Unit != a.CallerKey {
		t.Errorf("the caller is kept in one place, beside the key: %+v", a)
	}
	w.must(w.store.Wipe(ctx))
	for _, secret := range []string{"415-555-01", "Anna Secretname will", "14155550177"} {
		if n := w.onDisk(secret); n > 0 {
			t.Errorf("%q is on disk %d times", secret, n)
		}
	}
	if w.onDisk("secretword3x") == 0 {
		t.Error("this test does not find what is on disk")
	}
}

func TestNumbersAndLinksThatAreNotKeptAreNeverStored(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCaller)
	w.set(tandem.PrivacySettings{DiscardCallers: true, DiscardRecordings: true})
	events := w.events(1)
	w.report(events...)
	w.report(w.events(8)...) // the same caller
	c, again := w.call(events[0].CallID), w.call(w.events(8)[0].CallID)
	if a := c.Assigned.Value; a.Caller != "" || a.CallerKey == "" || a.Unit != a.CallerKey || again.Assigned.Value.CallerKey != a.CallerKey {
		t.Errorf("assigned %+v and %+v", a, again.Assigned.Value)
	}
	if c.Recording == nil || c.Recording.Value.URL != "" {
		t.Errorf("recording %+v", c.Recording)
	}
	w.must(w.store.Wipe(ctx))
	if n := w.onDisk("+14155550131") + w.onDisk("secretaudio"); n > 0 {
		t.Errorf("they are on disk %d times", n)
	}
	found, err := w.worker.Export(ctx, "ann", "(415) 555-0131")
	w.must(err)
	if len(found.Calls) != 2 {
		t.Errorf("%d calls are found by the number that is not stored", len(found.Calls))
	}
}

func TestAPurgeDeletesWhatIsOlderAndChangesNoResult(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ids := w.calls(1, 60)
		before := w.results()
		w.verify()
		w.now = w.call(ids[0]).Assigned.At.Add(10*24*time.Hour + 30*time.Hour) // the first thirty are older than ten days
		for _, r := range []tandem.Retention{{Transcripts: 10}, {Analyses: 10}, {Recordings: 10}, {Callers: 10}, {Records: 10}} {
			w.set(tandem.PrivacySettings{Retention: r})
			_, err := w.worker.Start(ctx, "ann", tandem.WorkPurge)
			w.must(err)
			w.jobsAreOfNow()
			w.work()
			if d := cmp.Diff(before, w.results()); d != "" {
				t.Fatalf("%+v changed results:\n%s", r, d)
			}
			w.verify()
		}
		if r := w.verify(); r.GoalsTaken == 0 {
			t.Error("verify does not say which goals it cannot judge anew")
		}
		w.wantStripped(ids[:30], ids[30:])
		purges, _, err := w.store.Purges(ctx, tandem.Page{Limit: 500})
		w.must(err)
		sum := map[tandem.PersonalData]int64{}
		for _, p := range purges {
			sum[p.Data] += p.Calls
			if p.Left == nil || *p.Left != 0 || p.Cause != "retention" || p.Days != 10 || p.Setting == 0 {
				t.Errorf("purge %+v", p)
			}
			if p.Calls > 0 && (!p.Oldest.Equal(w.call(ids[0]).Assigned.At) || !p.Newest.Equal(w.call(ids[29]).Assigned.At)) {
				t.Errorf("purge of %s from %s to %s", p.Data, p.Oldest, p.Newest)
			}
		}
		for _, d := range tandem.AllPersonalData() {
			if sum[d] != 30 {
				t.Errorf("%d calls were purged of %s, want 30", sum[d], d)
			}
		}
		if strings.HasPrefix(t.Name(), "TestAPurgeDeletesWhatIsOlderAndChangesNoResult/sqlite") {
			w.wantNothingOnDisk(30)
		}
	})
}

// jobsAreOfNow puts the jobs' time at the world's.
func (w *world) jobsAreOfNow() { w.worker.store = shifted{w.worker.store, w} }

// shifted is a store whose jobs were asked for at the world's time.
type shifted struct {
	Store
	w *world
}

func (s shifted) ClaimPrivacyJob(c context.Context, _ time.Time, lease time.Duration) (*tandem.PrivacyJob, error) {
	job, err := s.Store.ClaimPrivacyJob(c, time.Now().Add(time.Hour), lease)
	if job != nil {
		job.At = s.w.now
	}
	return job, err
}

func (w *world) wantStripped(gone, kept []tandem.ID) {
	w.t.Helper()
	for _, id := range gone {
		c := w.call(id)
		raw, err := json.Marshal(c)
		w.must(err)
		for _, secret := range []string{"secret", "555-01", "+141555501", "platformcall", "Secretname"} {
			if strings.Contains(strings.ReplaceAll(string(raw), `"number":"+14155550100"`, ""), secret) {
				w.t.Fatalf("%q is left in %s", secret, raw)
			}
		}
		if !c.Closed() || c.HasTranscript() || c.Values["topic"].Value == tandem.RemovedText || c.Values["amount"].Value == nil || c.Conversation == nil {
			w.t.Fatalf("what counts stays, what names goes: %s", raw)
		}
		if _, err := w.store.Transcript(ctx, id); tandem.CodeOf(err) != tandem.NotFound {
			w.t.Errorf("transcript: %v", err)
		}
		if _, err := w.store.CallAnalysis(ctx, id); tandem.CodeOf(err) != tandem.NotFound {
			w.t.Errorf("analysis: %v", err)
		}
		n, err := w.worker.notesOf(ctx, id)
		w.must(err)
		if texts := n.texts(); len(texts) > 0 {
			w.t.Fatalf("words about the call are left: %q", texts)
		}
		if len(n.ratings) != 1 || *n.ratings[0].Scores.Naturalness != 4 || len(n.pairs) != 1 || n.pairs[0].Winner != "A" || len(n.judged) != 1 {
			w.t.Fatalf("what was chosen stays: %+v", n)
		}
		if winner, known := n.judged[0].Winner(tandem.OverallCriterion); winner != tandem.Tie || !known {
			w.t.Errorf("the judge's winner is %q", winner)
		}
	}
	for _, id := range kept {
		c := w.call(id)
		if c.Removed != nil || !c.HasTranscript() || c.Assigned.Value.Caller == "" || c.Recording.Value.URL == "" || !strings.Contains(fmt.Sprint(c.Values["free"].Value), "secret") {
			w.t.Fatalf("a younger call lost something: %+v", c)
		}
	}
}

// wantNothingOnDisk looks for the bytes of the first calls.
func (w *world) wantNothingOnDisk(calls int) {
	w.t.Helper()
	for n := 1; n <= calls; n++ {
		for _, secret := range []string{fmt.Sprintf("secretword%dx", n), fmt.Sprintf("secretaudio%dx", n), fmt.Sprintf("of-platformcall%d\"", n), fmt.Sprintf("secretnote%dx", n), fmt.Sprintf("secretreason%dx", n)} {
			if found := w.onDisk(secret); found > 0 {
				w.t.Errorf("%q is on disk %d times", secret, found)
			}
		}
	}
	if w.onDisk(fmt.Sprintf("secretword%dx", calls+1)) == 0 {
		w.t.Error("this test does not find what is on disk")
	}
}

func TestASampleHoldsNoCallWhoseTranscriptWasDeleted(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	ids := w.calls(1, 20)
	w.now = w.call(ids[0]).Assigned.At.Add(34 * time.Hour)
	w.set(tandem.PrivacySettings{Retention: tandem.Retention{Transcripts: 1}})
	_, err := w.worker.Start(ctx, "ann", tandem.WorkPurge)
	w.must(err)
	w.jobsAreOfNow()
	w.work()
	got, err := sample.NewSampler(w.store).Sample(ctx, w.test.ID, sample.Query{Seed: 1, PerArm: 20})
	w.must(err)
	n := 0
	for _, arm := range got.Arms {
		for _, c := range arm.Calls {
			if n++; len(c.Turns) == 0 {
				t.Errorf("call %s has nothing to read", c.Call.ID)
			}
		}
	}
	if n != 10 {
		t.Errorf("%d calls were drawn, want the 10 that still have a transcript", n)
	}
}

func TestErasingACallerLeavesTheResultsAndNothingElse(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ids := w.calls(1, 60)
		before := w.results()
		var theirs, others []tandem.ID
		for n, id := range ids {
			if (n+1)%7 == 4 {
				theirs = append(theirs, id)
			} else {
				others = append(others, id)
			}
		}
		key := w.call(theirs[0]).Assigned.Value.CallerKey
		for _, written := range []string{"+1 415-555-0134", "(415) 555.0134", "tel:+14155550134", key} {
			found, err := w.worker.Export(ctx, "ann", written)
			w.must(err)
			if len(found.Calls) != len(theirs) || found.Calls[0].Analysis.Analysis.Summary != "secretsummary" || len(found.Calls[0].Turns) != 5 ||
				len(found.Calls[0].Ratings) != 1 || len(found.Calls[0].Pairs) != 1 || len(found.Calls[0].Judged) != 1 {
				t.Fatalf("by %q: %d calls, want %d with what was said and found", written, len(found.Calls), len(theirs))
			}
		}
		done, err := w.worker.Erase(ctx, "ann", "415 555 0134")
		w.must(err)
		if done.Calls != int64(len(theirs)) || done.Key != key {
			t.Errorf("erased %+v, want %d calls of %s", done, len(theirs), key)
		}
		if d := cmp.Diff(before, w.results()); d != "" {
			t.Errorf("results changed:\n%s", d)
		}
		w.verify()
		w.wantStripped(theirs, others)
		again, err := w.worker.Export(ctx, "ann", "+14155550134")
		w.must(err)
		if len(again.Calls) != 0 {
			t.Errorf("%d calls are still known as theirs", len(again.Calls))
		}
		entries, _, err := w.store.Audit(ctx, "", tandem.Page{Limit: 500})
		w.must(err)
		raw, err := json.Marshal(entries)
		w.must(err)
		if strings.Contains(string(raw), "5550134") || !strings.Contains(string(raw), "privacy.erase") || !strings.Contains(string(raw), key) {
			t.Errorf("the audit log says %s", raw)
		}

		// The same events again, and new ones, by whatever name of the call.
		for n := range 60 {
			if (n+1)%7 != 4 {
				continue
			}
			for _, e := range w.events(n + 1) {
				w.report(e)
				e.ID += "-again"
				e.At = e.At.Add(time.Second)
				w.report(e)
				e.CallID = ""
				e.ID += "-by-their-id"
				w.report(e)
			}
		}
		w.wantStripped(theirs, others)
		w.verify()
		calls, _, err := w.store.Calls(ctx, tandem.CallFilter{}, tandem.Page{Limit: 500})
		w.must(err)
		if len(calls) != len(ids) {
			t.Errorf("%d calls, want the %d there were: events by a foreign id found another call", len(calls), len(ids))
		}
		if strings.Contains(t.Name(), "sqlite") {
			w.must(w.store.Wipe(ctx))
			if n := w.onDisk("+14155550134") + w.onDisk("secretword4x") + w.onDisk(key+`"`) - w.onDisk(`{"caller_key":"`+key+`"`); n > 0 {
				t.Errorf("it is on disk %d times", n)
			}
		}
	})
}

func TestWhatWasStoredIsRedactedAsWhatComesIs(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ids := w.calls(1, 30)
		before := w.results()
		w.set(everyKind())
		job, err := w.worker.Start(ctx, "ann", tandem.WorkRedact)
		w.must(err)
		w.work()
		job, err = w.store.PrivacyJob(ctx, job.ID)
		w.must(err)
		if job.FinishedAt == nil || job.Looked != 30 || job.Changed != 30 || job.Refused != 0 || job.Redacted["phone"] == 0 || job.Redacted["name"] != 10 {
			t.Errorf("job %+v", job)
		}
		if d := cmp.Diff(before, w.results()); d != "" {
			t.Errorf("results changed:\n%s", d)
		}
		w.verify()
		for _, id := range ids {
			said, err := w.store.Transcript(ctx, id)
			w.must(err)
			found, err := w.store.CallAnalysis(ctx, id)
			w.must(err)
			c := w.call(id)
			c.Assigned = nil
			raw, err := json.Marshal([]any{said, found, c})
			w.must(err)
			if strings.Contains(string(raw), "555-01") || strings.Contains(string(raw), "Secretname") || !strings.Contains(string(raw), "secretquote [phone]") {
				t.Fatalf("call is %s", raw)
			}
		}
		if strings.Contains(t.Name(), "sqlite") {
			if n := w.onDisk("415-555-01"); n > 0 {
				t.Errorf("numbers are on disk %d times", n)
			}
		}
		again, err := w.worker.Start(ctx, "ann", tandem.WorkRedact)
		w.must(err)
		w.work()
		again, err = w.store.PrivacyJob(ctx, again.ID)
		w.must(err)
		if again.Changed != 0 || len(again.Redacted) != 0 {
			t.Errorf("redacting again found %+v", again)
		}
	})
}

func TestCallsOfBeforeThereWereKeysBelongWithThoseOfToday(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		old := ingestOld(w)
		for n := 1; n <= 20; n++ {
			w.must(old.Ingest(ctx, w.events(n)))
		}
		old.Close()
		before := w.results()
		w.work()
		if d := cmp.Diff(before, w.results()); d != "" {
			t.Errorf("results changed:\n%s", d)
		}
		w.verify()
		w.calls(21, 40)
		found, err := w.worker.Export(ctx, "ann", "+14155550131")
		w.must(err)
		if len(found.Calls) != 6 { // 1, 8, 15, 22, 29, 36
			t.Errorf("%d calls of the caller, want 6", len(found.Calls))
		}
		left, err := w.store.UnsettledCalls(ctx, 10)
		w.must(err)
		if len(left) != 0 {
			t.Errorf("%d calls without a key", len(left))
		}
	})
}
