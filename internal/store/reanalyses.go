package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

const (
	reanalysisColumns = `r.id, r.test_id, r.state, r.actor, r.asked_at, r.max_cost, r.cost_per_call, r.calls, r.asked,
		r.requests, r.input_tokens, r.output_tokens, r.cost, r.note,
		(SELECT COUNT(*) FROM analyses d WHERE d.reanalysis = r.id AND d.state = 'due'),
		(SELECT COUNT(*) FROM analyses d WHERE d.reanalysis = r.id AND d.state = 'failed')`
	selectReanalyses = `SELECT ` + reanalysisColumns + ` FROM reanalyses r`
	insertReanalysis = `
		INSERT INTO reanalyses (id, test_id, state, actor, asked_at, max_cost, cost_per_call, calls, asked, cursor_at, cursor_id,
			requests, input_tokens, output_tokens, cost, note)
		VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, 0, -1, '', 0, 0, 0, 0, '')`
	selectNextAgain = `
		SELECT c.assigned_at, c.id FROM calls c
		WHERE c.test_id = $1 AND (c.assigned_at, c.id) > ($2, $3) AND ` + analyzable + ` ORDER BY c.assigned_at, c.id LIMIT $4`
	moveReanalysis   = `UPDATE reanalyses SET asked = asked + $2, cursor_at = $3, cursor_id = $4 WHERE id = $1`
	closeReanalysis  = `UPDATE reanalyses SET state = $2, note = $3 WHERE id = $1 AND state = 'running'`
	cancelReanalyses = `UPDATE analyses SET state = 'done' WHERE reanalysis = $1 AND state = 'due' AND body IS NOT NULL AND (kept_at IS NULL OR kept_at <> asked_at)`
)

// CountAnalyzable counts the calls of a test that there is something to analyse of.
func (s *Store) CountAnalyzable(ctx context.Context, testID tandem.ID) (n int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM calls c WHERE c.test_id = $1 AND `+analyzable, string(testID)).Scan(&n)
	return n, s.fault("count the calls", err)
}

// strata is in how many spans of time a sample of calls is drawn.
const strata = 20

// SampleAnalyzable gives at most limit calls of a test that there is something to
// analyse of, spread over the time in which they were assigned.
func (s *Store) SampleAnalyzable(ctx context.Context, testID tandem.ID, limit int) ([]tandem.ID, error) {
	var from, to int64
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MIN(assigned_at), 0), COALESCE(MAX(assigned_at), 0) FROM calls WHERE test_id = $1`, string(testID)).Scan(&from, &to)
	if err != nil {
		return nil, s.fault("sample the calls", err)
	}
	seen, ids := map[tandem.ID]bool{}, []tandem.ID{}
	spans := max(1, min(strata, limit))
	for i := range int64(spans) {
		rows, err := s.read.QueryContext(ctx, selectNextAgain, string(testID), from+(to-from)*i/int64(spans), "", (limit+spans-1)/spans)
		if err == nil {
			err = each(rows, func(scan func(...any) error) error {
				var id tandem.ID
				if err := scan(new(int64), &id); err != nil {
					return err
				}
				if !seen[id] && len(ids) < limit { // of a quiet span it gives those of the next
					seen[id] = true
					ids = append(ids, id)
				}
				return nil
			})
		}
		if err != nil {
			return nil, s.fault("sample the calls", err)
		}
	}
	return ids, nil
}

// BeginReanalysis stores a running re-analysis; Conflict when the test has one.
func (s *Store) BeginReanalysis(ctx context.Context, r tandem.Reanalysis) error {
	clash := tandem.Errorf(tandem.Conflict, "test", "%s is being analysed again already; cancel that first, or wait", r.TestID)
	return s.change(ctx, "begin a re-analysis", clash, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, insertReanalysis, string(r.ID), string(r.TestID), r.Actor, micros(r.AskedAt), r.MaxCost, r.CostPerCall, r.Calls)
		if err != nil {
			return err
		}
		after, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, r.Actor, "test.reanalyze", r.TestID, nil, after)
	})
}

// Reanalysis gives the latest re-analysis of a test, or NotFound.
func (s *Store) Reanalysis(ctx context.Context, testID tandem.ID) (tandem.Reanalysis, error) {
	r, err := scanReanalysis(s.read.QueryRowContext(ctx, selectReanalyses+` WHERE r.test_id = $1 ORDER BY r.asked_at DESC LIMIT 1`, string(testID)).Scan)
	return r, s.fault("read a re-analysis", missing(err, "re-analysis of test", string(testID)))
}

// RunningReanalyses lists those that are not over, the oldest first.
func (s *Store) RunningReanalyses(ctx context.Context) ([]tandem.Reanalysis, error) {
	var out []tandem.Reanalysis
	rows, err := s.read.QueryContext(ctx, selectReanalyses+` WHERE r.state = 'running' ORDER BY r.asked_at`)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			r, err := scanReanalysis(scan)
			out = append(out, r)
			return err
		})
	}
	return out, s.fault("list the re-analyses", err)
}

// StepReanalysis has the turn come of at most limit further calls and gives how
// many there were. Nothing happens to one that is over.
func (s *Store) StepReanalysis(ctx context.Context, r tandem.Reanalysis, limit int) (int, error) {
	var ids []tandem.ID
	err := s.change(ctx, "go on with a re-analysis", nil, func(tx *sql.Tx) error {
		ids = ids[:0]
		var at int64
		var id, state string
		err := tx.QueryRowContext(ctx, `SELECT cursor_at, cursor_id, state FROM reanalyses WHERE id = $1`+s.dialect.lock, string(r.ID)).Scan(&at, &id, &state)
		if err != nil || state != string(tandem.ReanalysisRunning) {
			return err
		}
		rows, err := tx.QueryContext(ctx, selectNextAgain, string(r.TestID), at, id, limit)
		if err != nil {
			return err
		}
		err = each(rows, func(scan func(...any) error) error {
			var next tandem.ID
			if err := scan(&at, &next); err != nil {
				return err
			}
			ids, id = append(ids, next), string(next)
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, st := range askSteps(ids, micros(s.now()), r.ID) {
			if _, err := tx.ExecContext(ctx, st.text, st.args...); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, moveReanalysis, string(r.ID), len(ids), at, id)
		return err
	})
	return len(ids), err
}

// CloseReanalysis ends one that is running. What is due for one that is cancelled
// is so no longer, where an earlier analysis stands; a call that has none keeps
// its turn.
func (s *Store) CloseReanalysis(ctx context.Context, id tandem.ID, state tandem.ReanalysisState, note string) error {
	return s.change(ctx, "end a re-analysis", nil, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, closeReanalysis, string(id), string(state), note); err != nil || state != tandem.ReanalysisCancelled {
			return err
		}
		_, err := tx.ExecContext(ctx, cancelReanalyses, string(id))
		return err
	})
}

func scanReanalysis(scan func(...any) error) (r tandem.Reanalysis, err error) {
	var asked int64
	err = scan(&r.ID, &r.TestID, &r.State, &r.Actor, &asked, &r.MaxCost, &r.CostPerCall, &r.Calls, &r.Asked,
		&r.Usage.Requests, &r.Usage.InputTokens, &r.Usage.OutputTokens, &r.Usage.Cost, &r.Note, &r.Pending, &r.Failed)
	r.AskedAt = moment(asked)
	return r, err
}
