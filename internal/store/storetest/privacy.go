package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

// keyed gives call n of a caller with every kind of personal data.
func keyed(w World, n int, key string) tandem.Call {
	e := w.Assigned(n, "A")
	e.Assigned.CallerKey = key
	link := tandem.Event{ID: "r", Origin: tandem.OriginAPI, CallID: e.CallID, Kind: tandem.EventRecording, At: e.At, Recording: &tandem.Recording{URL: "https://example.com/a"}}
	said := tandem.Event{
		ID: "t", Origin: tandem.OriginAPI, CallID: e.CallID, Kind: tandem.EventTranscript, At: e.At,
		Transcript: []tandem.Turn{{Role: tandem.RoleCaller, Text: "hi"}}, Redacted: map[string]tandem.Redactions{"": {"phone": 2}},
	}
	return Call(e, Ended(e, time.Minute, tandem.ByCaller), Analyzed(e, map[string]any{"note": "text"}), link, said)
}

func idsOf(calls []tandem.Call) []tandem.ID {
	out := []tandem.ID{}
	for _, c := range calls {
		out = append(out, c.ID)
	}
	return out
}

var nothing = tandem.Hider{Hash: func(id string) string { return "h-" + id }}

var privacyTests = []contract{
	in("a caller's calls are found by key, page by page", func(t *testing.T, w World) {
		one, two, other := keyed(w, 1, "k1"), keyed(w, 2, "k1"), keyed(w, 3, "k2")
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{two, other, one}})
		got, err := w.Store.CallerCalls(ctx, "k1", "", 1)
		must(t, err)
		next, err := w.Store.CallerCalls(ctx, "k1", got[0].ID, 10)
		must(t, err)
		first, second := one, two
		if two.ID < one.ID {
			first, second = two, one
		}
		equal(t, "pages", append(idsOf(got), idsOf(next)...), []tandem.ID{first.ID, second.ID})
		got[0].Ordinal, first.Revision = 0, 1
		equal(t, "as it was stored", got[0], first)
		none, err := w.Store.CallerCalls(ctx, "", "", 10)
		must(t, err)
		equal(t, "calls of nobody", none, []tandem.Call{})
	}),
	in("a call is unsettled while its caller has no key", func(t *testing.T, w World) {
		e := w.Assigned(1, "A")
		withheld := w.Assigned(2, "A")
		withheld.Assigned.Caller = ""
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{Call(e), Call(withheld), keyed(w, 3, "k")}})
		got, err := w.Store.UnsettledCalls(ctx, 10)
		must(t, err)
		equal(t, "unsettled", idsOf(got), []tandem.ID{e.CallID})
		f := *got[0].Assigned
		f.Value.CallerKey = "k"
		got[0].Assigned = &f
		must(t, w.Store.CommitPrivacy(ctx, tandem.CallChanges{Calls: got, Counted: idsOf(got)}, tandem.PrivacyProgress{}))
		left, err := w.Store.UnsettledCalls(ctx, 10)
		must(t, err)
		equal(t, "left", left, []tandem.Call{})
		found, err := w.Store.CallerCalls(ctx, "k", "", 10)
		must(t, err)
		equal(t, "found by the new key", len(found), 2)
	}),
	in("calls are told by what they hold and how old they are", func(t *testing.T, w World) {
		old, young := keyed(w, 1, "k"), keyed(w, 100, "k")
		bare := Call(w.Assigned(2, "B"))
		bare.Assigned.Value.Caller = ""
		undated := Call(Analyzed(w.Assigned(3, "A"), map[string]any{"note": "x"}))
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{old, young, bare, undated}})
		before := Start.Add(70 * time.Second)
		for d, want := range map[tandem.PersonalData][]tandem.ID{
			tandem.DataTranscripts: {old.ID}, tandem.DataRecordings: {old.ID}, tandem.DataCallers: {old.ID},
			tandem.DataAnalyses: {undated.ID, old.ID}, tandem.DataRecords: {undated.ID, old.ID, bare.ID}, "": {undated.ID, old.ID, bare.ID},
		} {
			got, err := w.Store.HoldingCalls(ctx, d, before, tandem.Position{}, 10)
			must(t, err)
			equal(t, string(d), idsOf(got), want)
			n, err := w.Store.CountHolding(ctx, d, before)
			must(t, err)
			equal(t, "count of "+string(d), n, int64(len(want)))
		}
		got, err := w.Store.HoldingCalls(ctx, "", before, tandem.Position{At: old.Assigned.At, ID: old.ID}, 10)
		must(t, err)
		equal(t, "behind a position", idsOf(got), []tandem.ID{bare.ID})
	}),
	in("what is removed of a call goes with its record, and only then", func(t *testing.T, w World) {
		c := keyed(w, 1, "k")
		commit(t, w, tandem.CallChanges{
			Calls: []tandem.Call{c}, Unread: []tandem.ID{c.ID},
			Transcripts: []tandem.Transcript{{CallID: c.ID, Turns: []tandem.Turn{{Role: tandem.RoleCaller, Text: "hi"}}}},
		})
		claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		stored, err := w.Store.Call(ctx, c.ID)
		must(t, err)
		after := stored
		if !after.Remove(tandem.DataRecords, Start, nothing) {
			t.Fatal("there was nothing to remove")
		}
		ch := tandem.CallChanges{
			Calls:    []tandem.Call{after},
			Removals: []tandem.Removal{{CallID: c.ID, Transcript: true, Analysis: true, Foreign: stored.Foreign}},
		}
		moved := ch
		moved.Calls = []tandem.Call{after}
		moved.Calls[0].Revision = 7
		wantError(t, w.Store.CommitPrivacy(ctx, moved, tandem.PrivacyProgress{}), tandem.Conflict, "revision")
		_, err = w.Store.Transcript(ctx, c.ID)
		must(t, err)

		after.Revision = stored.Revision
		ch.Calls = []tandem.Call{after}
		must(t, w.Store.CommitPrivacy(ctx, ch, tandem.PrivacyProgress{}))
		_, err = w.Store.Transcript(ctx, c.ID)
		wantError(t, err, tandem.NotFound, "")
		finish(t, w, claims[0], tandem.Analysis{Analyzer: "late/1", Summary: "hi"})
		_, err = w.Store.CallAnalysis(ctx, c.ID)
		wantError(t, err, tandem.NotFound, "")
		raw := tandem.CallRef{Origin: tandem.OriginSIP, ForeignID: "sip-1"}
		hashed := tandem.CallRef{Origin: tandem.OriginSIP, ForeignID: "h-sip-1"}
		loaded, err := w.Store.LoadCalls(ctx, []tandem.CallRef{raw, hashed})
		must(t, err)
		equal(t, "found by hash alone", []tandem.ID{loaded[raw].ID, loaded[hashed].ID}, []tandem.ID{"", c.ID})
		equal(t, "what is left", loaded[hashed].Removed, after.Removed)
	}),
	in("a redacted analysis takes the place of the one found, and overtakes one under way", func(t *testing.T, w World) {
		c, turns := fullCall(w)
		commit(t, w, tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{turns}, Unread: []tandem.ID{c.ID}})
		claims, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		finish(t, w, claims[0], tandem.Analysis{Analyzer: "a/1", Summary: "415"})
		must(t, w.Store.AskAnalysis(ctx, c.ID))
		under, err := w.Store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 1)
		must(t, err)
		stored, err := w.Store.Call(ctx, c.ID)
		must(t, err)
		must(t, w.Store.CommitPrivacy(ctx, tandem.CallChanges{
			Calls: []tandem.Call{stored}, Removals: []tandem.Removal{{CallID: c.ID, Rewritten: &tandem.Analysis{Analyzer: "a/1", Summary: "[phone]"}, Overtake: true}},
		}, tandem.PrivacyProgress{}))
		finish(t, w, under[0], tandem.Analysis{Analyzer: "a/1", Summary: "415 again"})
		got, err := w.Store.CallAnalysis(ctx, c.ID)
		must(t, err)
		equal(t, "analysis", []any{got.State, got.Analysis.Summary}, []any{tandem.AnalysisDue, "[phone]"})
	}),
	on("work is started once for a key, claimed by one node, and goes on where it was", func(t *testing.T, s *store.Store) {
		body := json.RawMessage(`{"retention":{"callers_days":3}}`)
		_, err := s.UpdateSetting(ctx, Actor, tandem.SettingPrivacy, 0, func(json.RawMessage) (tandem.SettingChange, error) {
			return tandem.SettingChange{Body: body}, nil
		})
		must(t, err)
		job, isNew, err := s.StartPrivacyJob(ctx, "retention", "day", tandem.WorkPurge, false)
		must(t, err)
		same, again, err := s.StartPrivacyJob(ctx, "retention", "day", tandem.WorkPurge, false)
		must(t, err)
		equal(t, "one of two", []any{isNew, again, same.ID}, []any{true, false, job.ID})
		equal(t, "by the settings as they were", []any{job.Settings.Retention.Callers, job.Setting}, []any{3, int64(1)})
		now := time.Now().Add(time.Second).Truncate(time.Microsecond).UTC()
		claimed, err := s.ClaimPrivacyJob(ctx, now, time.Minute)
		must(t, err)
		none, err := s.ClaimPrivacyJob(ctx, now, time.Minute)
		must(t, err)
		if claimed == nil || claimed.ID != job.ID || none != nil {
			t.Fatalf("claimed %+v and %+v", claimed, none)
		}
		left := int64(0)
		claimed.Step, claimed.After, claimed.Looked, claimed.Changed, claimed.Redacted = 2, tandem.Position{At: Start, ID: "x"}, 10, 4, map[string]int{"phone": 3}
		log := tandem.Purge{JobID: job.ID, Data: tandem.DataCallers, Cause: "retention", Days: 3, Setting: 1, At: Start, Before: Start, Calls: 4, Oldest: Start.Add(-2 * time.Hour), Newest: Start.Add(-time.Hour)}
		must(t, s.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Job: claimed, Lease: now.Add(time.Minute), Purges: []tandem.Purge{log}}))
		taken, err := s.ClaimPrivacyJob(ctx, now.Add(2*time.Minute), time.Minute)
		must(t, err)
		equal(t, "as it was left", []any{taken.Step, taken.After, taken.Looked, taken.Redacted["phone"]}, []any{2, tandem.Position{At: Start, ID: "x"}, int64(10), 3})
		more := log
		more.Calls, more.Oldest, more.Newest, more.Left = 1, Start.Add(-3*time.Hour), Start.Add(-3*time.Hour), &left
		wantError(t, s.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Job: claimed, Purges: []tandem.Purge{more}}), tandem.Conflict, "job")
		taken.FinishedAt = &now
		must(t, s.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Job: taken, Purges: []tandem.Purge{more}}))
		log.Calls, log.Oldest, log.Left = 5, more.Oldest, &left
		empty := tandem.Purge{JobID: job.ID, Data: tandem.DataRecords, Cause: "retention", At: Start, Left: &left}
		must(t, s.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Purges: []tandem.Purge{empty}}))
		equal(t, "log", pages(t, 1, s.Purges), []tandem.Purge{empty, log})
		read, err := s.PrivacyJob(ctx, job.ID)
		must(t, err)
		equal(t, "finished", *read.FinishedAt, now)
		listed := pages(t, 1, s.PrivacyJobs)
		equal(t, "listed", listed, []tandem.PrivacyJob{read})
		done, err := s.ClaimPrivacyJob(ctx, now.Add(time.Hour), time.Minute)
		must(t, err)
		if done != nil {
			t.Errorf("finished work was claimed: %+v", done)
		}
		_, err = s.PrivacyJob(ctx, tandem.NewID(Start))
		wantError(t, err, tandem.NotFound, "")
		badCursors(t, s.Purges)
		badCursors(t, s.PrivacyJobs)
		must(t, s.Wipe(ctx))
	}),
}

// finish stores what was found for a claim.
func finish(t *testing.T, w World, claim tandem.CallAnalysis, found tandem.Analysis) {
	t.Helper()
	claim.Analysis = &found
	must(t, w.Store.FinishAnalyses(ctx, []tandem.CallAnalysis{claim}))
}
