package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tandem"
)

const (
	groupingColumns = `d.test_id, d.by_what, d.state, d.asked_at, d.k, d.again, d.next_at, d.attempts, d.last_error, d.progress, d.claim, d.done_at, d.report, d.model`

	// drops lists the attempt under way among those whose members are deleted.
	drops = `old = groupings.old || COALESCE(' ' || groupings.claim, '')`

	askGrouping = `
		INSERT INTO groupings (test_id, by_what, state, asked_at, k, again, next_at, attempts, last_error, progress, old)
		VALUES ($1, $2, 'due', $3, $4, $5, $3, 0, '', '{}', '')
		ON CONFLICT (test_id, by_what) DO UPDATE SET state = 'due', asked_at = excluded.asked_at, k = excluded.k, again = excluded.again,
			next_at = excluded.next_at, attempts = 0, last_error = '', progress = '{}', claim = NULL, ` + drops
	selectGrouping     = `SELECT ` + groupingColumns + ` FROM groupings d WHERE d.test_id = $1 AND d.by_what = $2`
	selectAnyGrouping  = `SELECT EXISTS (SELECT 1 FROM groupings WHERE state = 'due' AND next_at <= $1)`
	selectDueGrouping  = `SELECT ` + groupingColumns + ` FROM groupings d WHERE d.state = 'due' AND d.next_at <= $1 ORDER BY d.next_at LIMIT 1`
	takeGrouping       = `UPDATE groupings SET next_at = $3, progress = '{}', claim = $4, ` + drops + ` WHERE test_id = $1 AND by_what = $2`
	keepGrouping       = `UPDATE groupings SET next_at = $4, progress = $5 WHERE test_id = $1 AND by_what = $2 AND claim = $3`
	finishGrouping     = `UPDATE groupings SET state = 'done', attempts = 0, last_error = '', done_at = $4, report = $5, model = $6, old = old || COALESCE(' ' || run, ''), run = claim, claim = NULL WHERE test_id = $1 AND by_what = $2 AND claim = $3`
	failGrouping       = `UPDATE groupings SET state = $4, attempts = attempts + 1, next_at = $5, last_error = $6, claim = NULL, ` + drops + ` WHERE test_id = $1 AND by_what = $2 AND claim = $3`
	insertMember       = `INSERT INTO group_members (run, group_name, arm, ordinal, call_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	selectGroupMembers = `SELECT DISTINCT m.ordinal FROM groupings d JOIN group_members m ON m.run = d.run WHERE d.test_id = $1 AND m.group_name = $2 AND m.arm = $3 ORDER BY m.ordinal`
	selectOldRuns      = `SELECT old FROM groupings WHERE test_id = $1 AND by_what = $2`
	deleteOldMembers   = `
		DELETE FROM group_members WHERE (run, group_name, arm, ordinal) IN
			(SELECT run, group_name, arm, ordinal FROM group_members WHERE run = $1 LIMIT 2000)`
	forgetOldRuns = `UPDATE groupings SET old = substr(old, length($3) + 1) WHERE test_id = $1 AND by_what = $2 AND substr(old, 1, length($3)) = $3`
)

// errGroupingLost is what an attempt hears that was overtaken or given up.
var errGroupingLost = tandem.Errorf(tandem.Conflict, "", "the grouping was asked for again, or somebody else works on it")

// AskGrouping makes the grouping of a test's calls due, in place of one that is due
// or under way. k is the number of groups, 0 for as many as suit; again says that
// groups are made anew. What came of an earlier one stays until then.
func (s *Store) AskGrouping(ctx context.Context, testID tandem.ID, by tandem.GroupBy, k int, again bool) (tandem.Grouping, error) {
	now := micros(s.now())
	err := s.pipeline(ctx, "ask for a grouping", func(w *work) error {
		return w.run(ctx, []step{{text: askGrouping, args: []any{string(testID), string(by), now, k, again}}})
	})
	if err != nil {
		return tandem.Grouping{}, err
	}
	return s.Grouping(ctx, testID, by)
}

// Grouping gives where a grouping stands.
//
// Errors: NotFound before anybody asked for it; Unavailable.
func (s *Store) Grouping(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (tandem.Grouping, error) {
	g, err := scanGrouping(s.read.QueryRowContext(ctx, selectGrouping, string(testID), string(by)).Scan)
	return g, s.fault("read a grouping", missing(err, "grouping of test", string(testID)))
}

// ClaimGrouping takes the grouping that is longest due, until now plus lease; nil
// when none is. Members that earlier attempts left are deleted.
func (s *Store) ClaimGrouping(ctx context.Context, now time.Time, lease time.Duration) (*tandem.Grouping, error) {
	var due bool
	if err := s.read.QueryRowContext(ctx, selectAnyGrouping, micros(now)).Scan(&due); err != nil || !due {
		return nil, s.fault("look for due groupings", err)
	}
	var claimed *tandem.Grouping
	err := s.pipeline(ctx, "claim a grouping", func(w *work) error {
		claimed = nil
		err := w.run(ctx, []step{{
			text: selectDueGrouping + s.dialect.claim, args: []any{micros(now)},
			row: func(scan func(...any) error) error {
				g, err := scanGrouping(scan)
				claimed = &g
				return err
			},
		}})
		if err != nil || claimed == nil {
			return err
		}
		claimed.Claim, claimed.Progress, claimed.NextAt = tandem.NewID(now), tandem.GroupingProgress{}, moment(micros(now.Add(lease)))
		return w.run(ctx, []step{{text: takeGrouping, args: []any{string(claimed.TestID), string(claimed.By), micros(claimed.NextAt), string(claimed.Claim)}}})
	})
	if err != nil || claimed == nil {
		return nil, err
	}
	return claimed, s.dropMembers(ctx, claimed.TestID, claimed.By)
}

// KeepGrouping records how far an attempt has come with the members that it found,
// and holds its claim until a time.
//
// Errors: Conflict when the attempt was overtaken or given up; Unavailable.
func (s *Store) KeepGrouping(ctx context.Context, g tandem.Grouping, until time.Time, members []tandem.GroupMember) error {
	return s.pipeline(ctx, "go on with a grouping", func(w *work) error {
		steps := []step{{
			text: keepGrouping, args: []any{string(g.TestID), string(g.By), string(g.Claim), micros(until), string(document(g.Progress))},
			rows: 1, otherwise: errGroupingLost,
		}}
		for _, m := range members {
			steps = append(steps, step{text: insertMember, args: []any{string(g.Claim), m.Group, m.Arm, m.Ordinal, string(m.CallID)}})
		}
		return w.run(ctx, steps)
	})
}

// FinishGrouping shows what an attempt came to, its Report, Model and members, in
// place of what was shown before.
//
// Errors: Conflict when the attempt was overtaken or given up; Unavailable.
func (s *Store) FinishGrouping(ctx context.Context, g tandem.Grouping) error {
	err := s.pipeline(ctx, "finish a grouping", func(w *work) error {
		return w.run(ctx, []step{{
			text: finishGrouping, args: []any{string(g.TestID), string(g.By), string(g.Claim), micros(s.now()), text(g.Report), text(g.Model)},
			rows: 1, otherwise: errGroupingLost,
		}})
	})
	if err != nil {
		return err
	}
	return s.dropMembers(ctx, g.TestID, g.By)
}

func text(doc json.RawMessage) any {
	if doc == nil {
		return nil
	}
	return string(doc)
}

// FailGrouping counts an attempt that failed: it is due again at nextAt or, when
// that is the zero time, set aside. An attempt that was overtaken changes nothing.
func (s *Store) FailGrouping(ctx context.Context, g tandem.Grouping, nextAt time.Time, reason string) error {
	state := tandem.GroupingDue
	if nextAt.IsZero() {
		state, nextAt = tandem.GroupingFailed, g.NextAt
	}
	return s.pipeline(ctx, "put a grouping off", func(w *work) error {
		return w.run(ctx, []step{{
			text: failGrouping, args: []any{string(g.TestID), string(g.By), string(g.Claim), string(state), micros(nextAt), keepable(reason)},
		}})
	})
}

// GroupOrdinals lists the calls of an arm that are in a group, by their ordinals in
// order. A group that there is not has none.
func (s *Store) GroupOrdinals(ctx context.Context, testID tandem.ID, arm, group string) ([]int64, error) {
	out := []int64{}
	rows, err := s.read.QueryContext(ctx, selectGroupMembers, string(testID), group, arm)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var n int64
			err := scan(&n)
			out = append(out, n)
			return err
		})
	}
	return out, s.fault("read a group", err)
}

// GroupsOf lists the groups that a call is in, as they are shown.
func (s *Store) GroupsOf(ctx context.Context, id tandem.ID) ([]string, error) {
	out := []string{}
	rows, err := s.read.QueryContext(ctx, `
		SELECT DISTINCT m.group_name FROM group_members m JOIN groupings d ON d.run = m.run WHERE m.call_id = $1 ORDER BY m.group_name`, string(id))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var group string
			err := scan(&group)
			out = append(out, group)
			return err
		})
	}
	return out, s.fault("read the groups of a call", err)
}

// Groupings lists the groupings of tests that were ever done, of all tests for none.
func (s *Store) Groupings(ctx context.Context, tests []tandem.ID) ([]tandem.Grouping, error) {
	out := []tandem.Grouping{}
	w := &conditions{}
	w.add("d.done_at IS NOT NULL")
	if len(tests) > 0 {
		list := make([]string, len(tests))
		for i, id := range tests {
			list[i] = string(id)
		}
		w.add("d.test_id "+s.dialect.member("?"), s.dialect.texts(list))
	}
	rows, err := s.read.QueryContext(ctx, `SELECT `+groupingColumns+` FROM groupings d`+w.String()+` ORDER BY d.test_id, d.by_what`, w.args...)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			g, err := scanGrouping(scan)
			out = append(out, g)
			return err
		})
	}
	return out, s.fault("list groupings", err)
}

// Transcripts gives what was said in calls; those without a transcript are absent.
func (s *Store) Transcripts(ctx context.Context, ids []tandem.ID) (map[tandem.ID][]tandem.Turn, error) {
	out := make(map[tandem.ID][]tandem.Turn, len(ids))
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT call_id, turns FROM transcripts WHERE call_id `+s.dialect.member("$1"), s.dialect.texts(list))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var id, raw string
			if err := scan(&id, &raw); err != nil {
				return err
			}
			var turns []tandem.Turn
			err := json.Unmarshal([]byte(raw), &turns)
			out[tandem.ID(id)] = turns
			return err
		})
	}
	return out, s.fault("read transcripts", err)
}

// dropMembers deletes the members of attempts whose members are not shown, a few at
// a time, since it is the writer's turn. One that is cut short goes on at the next
// claim.
func (s *Store) dropMembers(ctx context.Context, testID tandem.ID, by tandem.GroupBy) error {
	var old string
	if err := s.read.QueryRowContext(ctx, selectOldRuns, string(testID), string(by)).Scan(&old); err != nil || old == "" {
		return s.fault("look for old groups", err)
	}
	for run := range strings.FieldsSeq(old) {
		for {
			res, err := s.write.ExecContext(ctx, deleteOldMembers, run)
			if err != nil {
				return s.fault("delete old groups", err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				if err != nil {
					return s.fault("delete old groups", err)
				}
				break
			}
		}
	}
	_, err := s.write.ExecContext(ctx, forgetOldRuns, string(testID), string(by), old)
	return s.fault("delete old groups", err)
}

func scanGrouping(scan func(...any) error) (g tandem.Grouping, err error) {
	var testID, by, state, progress string
	var asked, next int64
	var claim, report, model *string
	var done *int64
	if err := scan(&testID, &by, &state, &asked, &g.K, &g.Again, &next, &g.Attempts, &g.LastError, &progress, &claim, &done, &report, &model); err != nil {
		return g, err
	}
	g.TestID, g.By, g.State = tandem.ID(testID), tandem.GroupBy(by), tandem.GroupingState(state)
	g.AskedAt, g.NextAt = moment(asked), moment(next)
	if claim != nil {
		g.Claim = tandem.ID(*claim)
	}
	if done != nil {
		at := moment(*done)
		g.DoneAt = &at
	}
	if report != nil {
		g.Report = json.RawMessage(*report)
	}
	if model != nil {
		g.Model = json.RawMessage(*model)
	}
	return g, json.Unmarshal([]byte(progress), &g.Progress)
}
