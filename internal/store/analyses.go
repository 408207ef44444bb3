package store

import (
	"context"
	"encoding/json"
	"time"

	"tandem"
)

const (
	analysisColumns = `d.call_id, d.state, d.asked_at, d.attempts, d.next_at, d.last_error, d.body, d.kept_at`

	// askAnalysis makes a call's analysis due, whatever came of an earlier ask. An
	// ask is later than the one before, even within a microsecond.
	askAnalysis = `
		INSERT INTO analyses (call_id, state, asked_at, attempts, next_at, last_error, reanalysis) VALUES ($1, 'due', $2, 0, $2, '', $3)
		ON CONFLICT (call_id) DO UPDATE SET state = 'due', attempts = 0, next_at = excluded.next_at, last_error = '', reanalysis = excluded.reanalysis,
			asked_at = CASE WHEN analyses.asked_at >= excluded.asked_at THEN analyses.asked_at + 1 ELSE excluded.asked_at END`
	selectAnyAnalysis   = `SELECT EXISTS (SELECT 1 FROM analyses WHERE state = 'due' AND next_at <= $1)`
	selectDueAnalyses   = `SELECT ` + analysisColumns + ` FROM analyses d WHERE d.state = 'due' AND d.next_at <= $1 ORDER BY d.next_at LIMIT $2`
	takeAnalysis        = `UPDATE analyses SET next_at = $3 WHERE call_id = $1 AND asked_at = $2`
	extendAnalysis      = `UPDATE analyses SET next_at = $4 WHERE call_id = $1 AND asked_at = $2 AND state = 'due' AND next_at = $3 RETURNING call_id`
	failAnalysis        = `UPDATE analyses SET state = $3, attempts = attempts + $6, next_at = $4, last_error = $5 WHERE call_id = $1 AND asked_at = $2 AND state = 'due'`
	fillAnalysis        = `UPDATE analyses SET body = COALESCE(body, $3), next_at = $4 WHERE call_id = $1 AND asked_at = $2 AND state = 'due'`
	selectAnalysis      = `SELECT ` + analysisColumns + ` FROM analyses d WHERE d.call_id = $1`
	selectAnalyzable    = `SELECT EXISTS (SELECT 1 FROM calls c WHERE c.id = $1 AND ` + analyzable + `)`
	analyzable          = `c.ended_at IS NOT NULL AND c.has_transcript AND c.version_id IS NOT NULL`
	countAnalyses       = `SELECT state, COUNT(*) FROM analyses WHERE state IN ('due', 'failed') GROUP BY state`
	analysesListColumns = `SELECT ` + analysisColumns + ` FROM analyses d`
)

// askSteps makes the analyses of calls due, for a re-analysis or by themselves.
func askSteps(ids []tandem.ID, now int64, reanalysis tandem.ID) []step {
	steps := make([]step, len(ids))
	for i, id := range ids {
		steps[i] = step{text: askAnalysis, args: []any{string(id), now, absent(reanalysis)}}
	}
	return steps
}

// AskAnalysis makes a call's analysis due again.
//
// Errors: NotFound when there is no such call; Conflict when it has not ended, or
// has no transcript or version; Unavailable.
func (s *Store) AskAnalysis(ctx context.Context, id tandem.ID) error {
	if _, err := s.Call(ctx, id); err != nil {
		return err
	}
	var can bool
	if err := s.read.QueryRowContext(ctx, selectAnalyzable, string(id)).Scan(&can); err != nil {
		return s.fault("look at a call", err)
	}
	if !can {
		return tandem.Errorf(tandem.Conflict, "call_id", "%s has not ended, or has no transcript or no version: there is nothing to analyse", id)
	}
	return s.pipeline(ctx, "ask for an analysis", func(w *work) error {
		return w.run(ctx, askSteps([]tandem.ID{id}, micros(s.now()), ""))
	})
}

// ClaimAnalyses takes at most limit analyses that are due, the longest due first,
// by putting them off until now plus lease: until then no other node is given
// them, and a node that dies gives them back by that.
func (s *Store) ClaimAnalyses(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]tandem.CallAnalysis, error) {
	claims := []tandem.CallAnalysis{}
	var due bool // asked all the time, and mostly false: that takes no turn at writing
	if err := s.read.QueryRowContext(ctx, selectAnyAnalysis, micros(now)).Scan(&due); err != nil || !due {
		return claims, s.fault("look for due analyses", err)
	}
	until := micros(now.Add(lease))
	err := s.pipeline(ctx, "claim analyses", func(w *work) error {
		claims = claims[:0]
		var take []step
		err := w.run(ctx, []step{{
			text: selectDueAnalyses + s.dialect.claim, args: []any{micros(now), max(limit, 0)},
			row: func(scan func(...any) error) error {
				a, _, err := scanAnalysis(scan)
				if err != nil {
					return err
				}
				take = append(take, step{text: takeAnalysis, args: []any{string(a.CallID), micros(a.AskedAt), until}})
				a.NextAt = moment(until)
				claims = append(claims, a)
				return nil
			},
		}})
		if err != nil {
			return err
		}
		return w.run(ctx, take)
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

// ExtendAnalyses puts claims off until then: to hold them longer, or to give them
// back. A claim that somebody else has by now stays theirs. It gives the claims
// that are held still, with their new end.
func (s *Store) ExtendAnalyses(ctx context.Context, claims []tandem.CallAnalysis, until time.Time) ([]tandem.CallAnalysis, error) {
	var held []tandem.CallAnalysis
	err := s.pipeline(ctx, "hold analyses", func(w *work) error {
		held = nil
		steps := make([]step, len(claims))
		for i, c := range claims {
			steps[i] = step{
				text: extendAnalysis, args: []any{string(c.CallID), micros(c.AskedAt), micros(c.NextAt), micros(until)},
				row: func(scan func(...any) error) error {
					c.NextAt = moment(micros(until))
					held = append(held, c)
					return scan(new(string))
				},
			}
		}
		return w.run(ctx, steps)
	})
	return held, err
}

// FillAnalyses stores what stands in, in Analysis, for the analyses of claims until
// they are made, at until or later. An earlier analysis stays.
func (s *Store) FillAnalyses(ctx context.Context, claims []tandem.CallAnalysis, until time.Time) error {
	steps := make([]step, len(claims))
	for i, c := range claims {
		body, err := encodeAnalysis(*c.Analysis)
		if err != nil {
			return err
		}
		steps[i] = step{text: fillAnalysis, args: []any{string(c.CallID), micros(c.AskedAt), body, micros(until)}}
	}
	return s.pipeline(ctx, "put analyses off", func(w *work) error { return w.run(ctx, steps) })
}

// FailAnalysis records an attempt that came to nothing, and what it used.
func (s *Store) FailAnalysis(ctx context.Context, claim tandem.CallAnalysis, f tandem.AnalysisFailure) error {
	state, next, count := tandem.AnalysisDue, f.NextAt, 0
	if next.IsZero() {
		state, next = tandem.AnalysisFailed, claim.NextAt
	}
	if f.Counts {
		count = 1
	}
	return s.pipeline(ctx, "put an analysis off", func(w *work) error {
		return w.run(ctx, append(s.usageSteps(claim.CallID, f.Used), step{
			text: failAnalysis, args: []any{string(claim.CallID), micros(claim.AskedAt), string(state), micros(next), keepable(f.Reason), count},
		}))
	})
}

// CallAnalysis gives where the analysis of a call stands.
//
// Errors: NotFound when the call has none to make; Unavailable.
func (s *Store) CallAnalysis(ctx context.Context, id tandem.ID) (tandem.CallAnalysis, error) {
	a, _, err := scanAnalysis(s.read.QueryRowContext(ctx, selectAnalysis, string(id)).Scan)
	return a, s.fault("read an analysis", missing(err, "analysis of call", string(id)))
}

// Analyses lists the analyses in a state, the last asked for first. Errors are
// Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Analyses(ctx context.Context, state tandem.AnalysisState, p tandem.Page) ([]tandem.CallAnalysis, string, error) {
	l := list[tandem.CallAnalysis]{
		selects: analysesListColumns, key: [2]string{"d.asked_at", "d.call_id"}, down: true, into: timeKey,
		scan: scanAnalysis,
	}
	l.where.add("d.state = ?", string(state))
	found, next, err := l.page(ctx, s.read, p)
	return found, next, s.fault("list analyses", err)
}

// PendingAnalyses counts the analyses that are due, now or later, and those that
// were set aside.
func (s *Store) PendingAnalyses(ctx context.Context) (due, failed int64, err error) {
	rows, err := s.read.QueryContext(ctx, countAnalyses)
	if err != nil {
		return 0, 0, s.fault("count analyses", err)
	}
	err = each(rows, func(scan func(...any) error) error {
		var state string
		var n int64
		if err := scan(&state, &n); err != nil {
			return err
		}
		if state == string(tandem.AnalysisDue) {
			due = n
		} else {
			failed = n
		}
		return nil
	})
	return due, failed, s.fault("count analyses", err)
}

func scanAnalysis(scan func(...any) error) (a tandem.CallAnalysis, key [2]any, err error) {
	var id, state string
	var asked, next int64
	var body *string
	var kept *int64
	if err := scan(&id, &state, &asked, &a.Attempts, &next, &a.LastError, &body, &kept); err != nil {
		return a, key, err
	}
	a.CallID, a.State, a.AskedAt, a.NextAt = tandem.ID(id), tandem.AnalysisState(state), moment(asked), moment(next)
	a.Kept = kept != nil && *kept == asked
	if body != nil {
		a.Analysis = &tandem.Analysis{}
		err = json.Unmarshal([]byte(*body), a.Analysis)
	}
	return a, [2]any{asked, id}, err
}
