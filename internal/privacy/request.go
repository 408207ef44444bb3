package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tandem"
)

// Export is everything that Tandem has of a caller.
type Export struct {
	Caller string    `json:"caller" doc:"As it was asked for"`
	Key    string    `json:"caller_key" doc:"By which the caller's calls are known"`
	At     time.Time `json:"at"`
	Calls  []Kept    `json:"calls"`
}

// Kept is everything that is kept of one call.
type Kept struct {
	Call     tandem.Call          `json:"call"`
	Turns    []tandem.Turn        `json:"transcript" nullable:"false"`
	Analysis *tandem.CallAnalysis `json:"analysis,omitempty" doc:"What was found by whom: values, ratings, reasons, quotes, the summary"`

	Ratings []tandem.CallRating `json:"ratings" nullable:"false" doc:"What people said of the call"`
	Pairs   []tandem.PairRating `json:"pair_ratings" nullable:"false" doc:"What people said of it beside another call"`
	// Judged has no quotes of the other call.
	Judged []tandem.JudgedPair `json:"judged_pairs" nullable:"false" doc:"What a language model said of it beside another call, without the other call's words"`
	Groups []string            `json:"groups" nullable:"false" doc:"Groups of its test's calls that it is in"`
}

// Erasure is what was erased of a caller.
type Erasure struct {
	ID tandem.ID `json:"id" doc:"Names the erasure in the audit log and among the purges"`
	// Key is what the caller was known by until now.
	Key   string `json:"caller_key" doc:"By which the caller's calls were known; they no longer are"`
	Calls int64  `json:"calls" doc:"Calls whose personal data was erased"`
}

// Export gives everything that is kept of a caller, by a number however written, a
// name, or the caller's key. The audit log is told who asked, and the key.
func (w *Worker) Export(ctx context.Context, actor, caller string) (Export, error) {
	out := Export{Caller: caller, At: w.now(), Calls: []Kept{}}
	var err error
	if out.Key, err = w.find(ctx, caller); err != nil {
		return out, err
	}
	audit, err := entry(actor, "privacy.export", tandem.NewID(out.At), out.Key, out.At)
	if err == nil {
		err = w.store.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Audit: audit})
	}
	if err != nil {
		return out, err
	}
	after := tandem.ID("")
	for {
		calls, err := w.store.CallerCalls(ctx, out.Key, after, batch)
		if err != nil || len(calls) == 0 {
			return out, err
		}
		for _, c := range calls {
			kept, err := w.kept(ctx, c)
			if err != nil {
				return out, err
			}
			out.Calls = append(out.Calls, kept)
		}
		after = calls[len(calls)-1].ID
	}
}

// kept gives everything that is kept of a call.
func (w *Worker) kept(ctx context.Context, c tandem.Call) (Kept, error) {
	out := Kept{Call: c, Turns: []tandem.Turn{}}
	if c.HasTranscript() {
		t, err := w.store.Transcript(ctx, c.ID)
		if err != nil && tandem.CodeOf(err) != tandem.NotFound {
			return out, err
		}
		out.Turns = append(out.Turns, t.Turns...)
	}
	if a, err := w.store.CallAnalysis(ctx, c.ID); err == nil {
		out.Analysis = &a
	} else if tandem.CodeOf(err) != tandem.NotFound {
		return out, err
	}
	n, err := w.notesOf(ctx, c.ID)
	if err != nil {
		return out, err
	}
	out.Ratings, out.Pairs, out.Judged = n.ratings, n.pairs, n.own(out.Turns)
	out.Groups, err = w.store.GroupsOf(ctx, c.ID)
	return out, err
}

// entry tells the audit log whose data somebody asked for, by the key alone.
func entry(actor, action string, id tandem.ID, key string, at time.Time) (*tandem.AuditEntry, error) {
	after, err := json.Marshal(map[string]string{"caller_key": key})
	return &tandem.AuditEntry{At: at, Actor: actor, Action: action, Object: id, After: after}, err
}

// find gives the key of a caller, after those calls have got theirs that had none.
func (w *Worker) find(ctx context.Context, caller string) (string, error) {
	if caller = strings.TrimSpace(caller); caller == "" {
		return "", tandem.Errorf(tandem.Invalid, "caller", "is empty; expected a number, a name, or a caller's key")
	}
	return w.keeper.CallerKey(caller), w.settle(ctx)
}

// Erase deletes all personal data of a caller's calls, and what tells that they are
// the caller's. They go on counting, as the calls of somebody nobody knows; what is
// told of them later brings nothing back. The audit log and the purges name the
// caller's key only.
func (w *Worker) Erase(ctx context.Context, actor, caller string) (Erasure, error) {
	out := Erasure{ID: tandem.NewID(w.now())}
	var err error
	if out.Key, err = w.find(ctx, caller); err != nil {
		return out, err
	}
	nobody := randomKey()
	for told, n := false, 0; ; {
		calls, err := w.store.CallerCalls(ctx, out.Key, "", batch)
		if err != nil {
			return out, fmt.Errorf("erase: %w", err)
		}
		if len(calls) == 0 && told {
			if err := w.store.Wipe(ctx); err != nil {
				w.log.Warn("what was erased is wiped from the database's files with the next deletion", "error", err)
			}
			return out, nil
		}
		ch, log, err := w.erasing(ctx, calls, nobody)
		if err != nil {
			return out, fmt.Errorf("erase: %w", err)
		}
		log.JobID = out.ID
		p := tandem.PrivacyProgress{Purges: []tandem.Purge{log}}
		if !told {
			if p.Audit, err = entry(actor, "privacy.erase", out.ID, out.Key, w.now()); err != nil {
				return out, err
			}
		}
		err = w.store.CommitPrivacy(ctx, ch, p)
		if tandem.CodeOf(err) == tandem.Conflict && n < conflicts {
			n++ // one of the calls changed meanwhile
			continue
		}
		if err != nil {
			return out, fmt.Errorf("erase: %w", err)
		}
		told, n = true, 0
		out.Calls += log.Calls
		w.tell(ch)
	}
}

// erasing says what erases calls. Unlike a purge it is never refused: where a call
// cannot count for the same without what goes, the tallies change with it.
func (w *Worker) erasing(ctx context.Context, calls []tandem.Call, nobody string) (tandem.CallChanges, tandem.Purge, error) {
	var ch tandem.CallChanges
	zero := int64(0)
	log := tandem.Purge{Data: tandem.DataRecords, Cause: causeErasure, At: w.now(), Left: &zero}
	versions := map[tandem.ID][]tandem.Field{}
	for _, c := range calls {
		h, err := w.hider(ctx, versions, &c)
		if err != nil {
			return ch, log, err
		}
		after := c
		after.Remove(tandem.DataRecords, w.now(), h)
		after.Rekey(nobody)
		changes, err := w.protect(ctx, c, &after)
		if err != nil {
			return ch, log, err
		}
		noted(&log, c)
		ch.Calls = append(ch.Calls, after)
		ch.Tallies = append(ch.Tallies, changes...)
		ch.Counted = append(ch.Counted, c.ID)
		ch.Removals = append(ch.Removals, tandem.Removal{CallID: c.ID, Transcript: true, Analysis: true, Words: wordless, Foreign: c.Foreign})
	}
	err := w.forget(ctx, &ch)
	return ch, log, err
}

// Start asks for work on what is stored, by the settings as they are.
func (w *Worker) Start(ctx context.Context, actor string, work tandem.PrivacyWork) (tandem.PrivacyJob, error) {
	job, _, err := w.store.StartPrivacyJob(ctx, actor, "", work, true)
	if err == nil {
		w.Wake()
	}
	return job, err
}
