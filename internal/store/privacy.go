package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tandem"
)

const (
	deleteTranscript = `DELETE FROM transcripts WHERE call_id = $1`
	// What there is to analyse is gone: what was found stays, what was not yet is
	// given up, also where it is under way.
	endAnalysis  = `UPDATE analyses SET state = 'done', last_error = '', asked_at = asked_at + 1 WHERE call_id = $1 AND state <> 'done' AND body IS NOT NULL`
	dropUnread   = `DELETE FROM analyses WHERE call_id = $1 AND state <> 'done' AND body IS NULL`
	dropAnalysis = `DELETE FROM analyses WHERE call_id = $1 AND state = 'done'`
	// What a later analysis is to find is not deleted with the earlier one.
	clearAnalysis    = `UPDATE analyses SET body = NULL, last_error = '', asked_at = asked_at + 1 WHERE call_id = $1`
	rewriteAnalysis  = `UPDATE analyses SET body = $2 WHERE call_id = $1 AND body IS NOT NULL`
	overtakeAnalysis = `UPDATE analyses SET asked_at = asked_at + 1, last_error = '' WHERE call_id = $1 AND state <> 'done'`
	// Which groups a call is in by its words goes with the words; which situations it
	// got into is known by what it counts for.
	leaveGroups = `DELETE FROM group_members WHERE call_id = $1 AND group_name NOT LIKE 'situation.%'`
	// An attempt under way has read what goes now.
	overtakeGrouping = `
		UPDATE groupings SET claim = NULL, next_at = asked_at, progress = '{}', ` + drops + `
		WHERE test_id = $1 AND claim IS NOT NULL`
	regroup       = `UPDATE groupings SET report = $4, model = $5 WHERE test_id = $1 AND by_what = $2 AND done_at = $3`
	deleteForeign = `DELETE FROM foreign_ids WHERE origin = $1 AND foreign_id = $2 AND call_id = $3`

	selectUnsettled = `SELECT ` + callColumns + ` FROM calls c WHERE c.holds < 0 ORDER BY c.id LIMIT $1`
	// What was written about a call beside its record: by analysers, people, judges.
	writtenAbout = `(EXISTS (SELECT 1 FROM analyses d WHERE d.call_id = c.id AND (d.body IS NOT NULL OR d.last_error <> ''))
		OR EXISTS (SELECT 1 FROM call_ratings r WHERE r.call_id = c.id AND ` + noted + `)
		OR EXISTS (SELECT 1 FROM pair_ratings r WHERE r.first_call = c.id AND r.note <> '')
		OR EXISTS (SELECT 1 FROM pair_ratings r WHERE r.second_call = c.id AND r.note <> '')
		OR EXISTS (SELECT 1 FROM judged_pairs p WHERE p.first_call = c.id AND ` + reasoned + `)
		OR EXISTS (SELECT 1 FROM judged_pairs p WHERE p.second_call = c.id AND ` + reasoned + `))`
)

// removalSteps deletes what is stored beside calls.
func removalSteps(ch tandem.CallChanges) ([]step, error) {
	var steps []step
	do := func(text string, args ...any) { steps = append(steps, step{text: text, args: args}) }
	for _, r := range slices.SortedFunc(slices.Values(ch.Removals), func(a, b tandem.Removal) int { return compareIDs(a.CallID, b.CallID) }) {
		id := string(r.CallID)
		if r.Transcript {
			do(deleteTranscript, id)
			do(endAnalysis, id)
			do(dropUnread, id)
			do(leaveGroups, id)
		}
		if r.Analysis {
			do(dropAnalysis, id)
			do(clearAnalysis, id)
		}
		if r.Rewritten != nil {
			body, err := json.Marshal(r.Rewritten)
			if err != nil {
				return nil, tandem.Errorf(tandem.Invalid, "findings", "cannot be written: %w", err)
			}
			do(rewriteAnalysis, id, string(body))
		}
		if r.Overtake {
			do(overtakeAnalysis, id)
		}
		if r.Foreign == nil {
			continue
		}
		for origin, foreign := range r.Foreign {
			do(deleteForeign, origin, foreign, id)
		}
		i := slices.IndexFunc(ch.Calls, func(c tandem.Call) bool { return c.ID == r.CallID })
		if i < 0 {
			return nil, tandem.Errorf(tandem.Invalid, "removals", "name call %s, which does not change", r.CallID)
		}
		for origin, hashed := range ch.Calls[i].Foreign {
			do(insertForeign, origin, hashed, id)
		}
	}
	for _, id := range heardAnew(ch) {
		do(overtakeGrouping, string(id))
	}
	for _, g := range ch.Groupings {
		if g.DoneAt == nil {
			return nil, tandem.Errorf(tandem.Invalid, "groupings", "hold one that was never done; expected those that were")
		}
		steps = append(steps, step{
			text: regroup, args: []any{string(g.TestID), string(g.By), micros(*g.DoneAt), text(g.Report), text(g.Model)},
			rows: 1, otherwise: tandem.Errorf(tandem.Conflict, "done_at", "of the groups of test %s by %s has moved on", g.TestID, g.By),
		})
	}
	return steps, nil
}

// heardAnew lists the tests of calls of which transcripts are deleted or rewritten.
func heardAnew(ch tandem.CallChanges) []tandem.ID {
	changed := map[tandem.ID]bool{}
	for _, r := range ch.Removals {
		changed[r.CallID] = r.Transcript || r.Overtake
	}
	var tests []tandem.ID
	for _, c := range ch.Calls {
		if changed[c.ID] && c.Assigned != nil && c.Assigned.Value.TestID != "" {
			tests = append(tests, c.Assigned.Value.TestID)
		}
	}
	slices.Sort(tests)
	return slices.Compact(tests)
}

func compareIDs(a, b tandem.ID) int {
	if a < b {
		return -1
	} else if a > b {
		return 1
	}
	return 0
}

// UnsettledCalls gives at most limit calls that were stored without a key of their
// caller.
func (s *Store) UnsettledCalls(ctx context.Context, limit int) ([]tandem.Call, error) {
	return s.callList(ctx, "list unsettled calls", selectUnsettled, max(limit, 0))
}

// CallerCalls gives at most limit calls of a caller, by the caller's key, in the order
// of their ids behind after.
func (s *Store) CallerCalls(ctx context.Context, key string, after tandem.ID, limit int) ([]tandem.Call, error) {
	return s.callList(ctx, "list a caller's calls", `
		SELECT `+callColumns+` FROM calls c WHERE c.caller_key = $1 AND c.caller_key <> '' AND c.id > $2 ORDER BY c.id LIMIT $3`, key, string(after), max(limit, 0))
}

// HoldingCalls gives at most limit calls behind a position, in order, of before a
// time, that may hold personal data of a kind; those whose time is not known come
// first. With the kind "" it gives all calls.
func (s *Store) HoldingCalls(ctx context.Context, d tandem.PersonalData, before time.Time, after tandem.Position, limit int) ([]tandem.Call, error) {
	w := holding(d, before)
	w.add("(c.assigned_at, c.id) > (?, ?)", storedMicros(after.At), string(after.ID))
	return s.callList(ctx, "list calls that hold personal data",
		`SELECT `+callColumns+` FROM calls c`+w.String()+` ORDER BY c.assigned_at, c.id LIMIT `+w.arg(max(limit, 0)), w.args...)
}

// CountHolding counts the calls of before a time that may hold personal data of a
// kind.
func (s *Store) CountHolding(ctx context.Context, d tandem.PersonalData, before time.Time) (int64, error) {
	var n int64
	w := holding(d, before)
	err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM calls c`+w.String(), w.args...).Scan(&n)
	return n, s.fault("count calls that hold personal data", err)
}

func holding(d tandem.PersonalData, before time.Time) *conditions {
	w := &conditions{}
	if !before.IsZero() {
		w.add("c.assigned_at < ?", micros(before))
		w.add("c.dated_at < ?", micros(before))
	}
	switch d {
	case "":
	case tandem.DataAnalyses, tandem.DataRecords:
		w.add("((c.holds & CAST(? AS INTEGER)) <> 0 OR "+writtenAbout+")", d.Bit())
	default:
		w.add("(c.holds & CAST(? AS INTEGER)) <> 0", d.Bit())
	}
	return w
}

// storedMicros writes a position's time as calls have it: 0 where it is not known.
func storedMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return micros(t)
}

func (s *Store) callList(ctx context.Context, doing, text string, args ...any) ([]tandem.Call, error) {
	calls := []tandem.Call{}
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			c, err := scanCall(scan)
			calls = append(calls, c)
			return err
		})
	}
	return calls, s.fault(doing, err)
}

// CommitPrivacy writes changes of calls as [Store.CommitCalls] does, and in the same
// transaction how far the job has come (nil for none), what was deleted, and what the
// audit log is told (nil for nothing). It is a Conflict when another node has taken the
// job over.
func (s *Store) CommitPrivacy(ctx context.Context, ch tandem.CallChanges, p tandem.PrivacyProgress) error {
	var steps []step
	if p.Job != nil {
		st, err := s.jobStep(*p.Job, p.Lease)
		if err != nil {
			return err
		}
		steps = append(steps, st)
	}
	for _, purged := range p.Purges {
		steps = append(steps, purgeStep(purged))
	}
	if a := p.Audit; a != nil {
		steps = append(steps, step{text: insertAudit, args: []any{
			string(tandem.NewID(a.At)), micros(a.At), a.Actor, a.Action, string(a.Object), absent(string(a.Before)), absent(string(a.After)),
		}})
	}
	err := s.commitWith(ctx, ch, steps)
	if err == nil && p.Job != nil {
		p.Job.Revision++
	}
	return err
}
