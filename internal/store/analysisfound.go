package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem"
)

const (
	keepAnalysis = `
		UPDATE analyses SET body = $3, kept_at = asked_at
		WHERE call_id = $1 AND asked_at = $2 AND state = 'due' AND (kept_at IS NULL OR kept_at <> asked_at) RETURNING call_id`
	finishAnalysis = `
		UPDATE analyses SET state = 'done', body = $3, kept_at = asked_at, last_error = ''
		WHERE call_id = $1 AND asked_at = $2 AND state <> 'done' RETURNING call_id`

	addDay = `
		INSERT INTO analysis_days (day, analyses, requests, input_tokens, output_tokens, cost) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (day) DO UPDATE SET analyses = analysis_days.analyses + excluded.analyses, requests = analysis_days.requests + excluded.requests,
			input_tokens = analysis_days.input_tokens + excluded.input_tokens, output_tokens = analysis_days.output_tokens + excluded.output_tokens,
			cost = analysis_days.cost + excluded.cost`
	addReanalysis = `
		UPDATE reanalyses SET requests = requests + $2, input_tokens = input_tokens + $3, output_tokens = output_tokens + $4, cost = cost + $5
		WHERE id = (SELECT reanalysis FROM analyses WHERE call_id = $1)`
	selectDay = `SELECT analyses, requests, input_tokens, output_tokens, cost FROM analysis_days WHERE day = $1`

	dayMicros = int64(24 * time.Hour / time.Microsecond)
)

func encodeAnalysis(found tandem.Analysis) (string, error) {
	body, err := json.Marshal(found)
	if err != nil {
		return "", tandem.Errorf(tandem.Invalid, "findings", "cannot be written: %w", err)
	}
	return string(body), nil
}

// usageSteps adds what was used for a call to the day and to the re-analysis that
// asked.
func (s *Store) usageSteps(call tandem.ID, u tandem.AnalysisUsage) []step {
	if u == (tandem.AnalysisUsage{}) {
		return nil
	}
	return []step{
		{text: addDay, args: []any{micros(s.now()) / dayMicros, int64(0), u.Requests, u.InputTokens, u.OutputTokens, u.Cost}},
		{text: addReanalysis, args: []any{string(call), u.Requests, u.InputTokens, u.OutputTokens, u.Cost}},
	}
}

// spend adds to the day what a language model took for something else than an
// analysis.
func (s *Store) spend(ctx context.Context, tx *sql.Tx, u tandem.AnalysisUsage) error {
	if u == (tandem.AnalysisUsage{}) {
		return nil
	}
	_, err := tx.ExecContext(ctx, addDay, micros(s.now())/dayMicros, int64(0), u.Requests, u.InputTokens, u.OutputTokens, u.Cost)
	return err
}

// Spend adds to the day what a language model took for something that has no record
// of its own.
func (s *Store) Spend(ctx context.Context, u tandem.AnalysisUsage) error {
	return s.change(ctx, "count what a language model took", nil, func(tx *sql.Tx) error { return s.spend(ctx, tx, u) })
}

// KeepAnalysis stores what was found for the ask that claim is of, ahead of the
// call's record, and counts what it used. It gives what is stored for that ask,
// which is another's when somebody else was first. Conflict when the ask was
// overtaken by a later one or is over; what was used counts all the same.
func (s *Store) KeepAnalysis(ctx context.Context, claim tandem.CallAnalysis, found tandem.Analysis) (tandem.Analysis, error) {
	body, err := encodeAnalysis(found)
	if err != nil {
		return found, err
	}
	var used tandem.AnalysisUsage
	if found.Usage != nil {
		used = *found.Usage
	}
	kept := false
	err = s.pipeline(ctx, "keep an analysis", func(w *work) error {
		kept = false
		return w.run(ctx, append(s.usageSteps(claim.CallID, used), step{
			text: keepAnalysis, args: []any{string(claim.CallID), micros(claim.AskedAt), body},
			row: func(scan func(...any) error) error { kept = true; return scan(new(string)) },
		}))
	})
	if err != nil || kept {
		return found, err
	}
	a, err := s.CallAnalysis(ctx, claim.CallID)
	if err == nil && (!a.Kept || !a.AskedAt.Equal(claim.AskedAt) || a.State != tandem.AnalysisDue) {
		err = tandem.Errorf(tandem.Conflict, "asked_at", "of the analysis of call %s has moved on", claim.CallID)
	}
	if err != nil {
		return found, err
	}
	return *a.Analysis, nil
}

// FinishAnalyses stores what was found, each in Analysis, for the asks that the
// claims are of, and counts those that were not done already. An ask that was
// overtaken by a later one is forgotten.
func (s *Store) FinishAnalyses(ctx context.Context, claims []tandem.CallAnalysis) error {
	steps := make([]step, len(claims))
	var done int64
	for i, c := range claims {
		body, err := encodeAnalysis(*c.Analysis)
		if err != nil {
			return err
		}
		steps[i] = step{
			text: finishAnalysis, args: []any{string(c.CallID), micros(c.AskedAt), body},
			row: func(scan func(...any) error) error { done++; return scan(new(string)) },
		}
	}
	return s.pipeline(ctx, "store analyses", func(w *work) error {
		done = 0
		if err := w.run(ctx, steps); err != nil || done == 0 {
			return err
		}
		return w.run(ctx, []step{{text: addDay, args: []any{micros(s.now()) / dayMicros, done, int64(0), int64(0), int64(0), 0.0}}})
	})
}

// AnalysisDay gives what was analysed in the UTC day of at, on all nodes.
func (s *Store) AnalysisDay(ctx context.Context, at time.Time) (d tandem.AnalysisDay, err error) {
	err = s.read.QueryRowContext(ctx, selectDay, micros(at)/dayMicros).
		Scan(&d.Analyses, &d.Usage.Requests, &d.Usage.InputTokens, &d.Usage.OutputTokens, &d.Usage.Cost)
	if errors.Is(err, sql.ErrNoRows) {
		return tandem.AnalysisDay{}, nil
	}
	return d, s.fault("read what analyses took", err)
}

// AnalysisSources gives what is to be analysed of calls. A call without a
// transcript or a version is absent.
func (s *Store) AnalysisSources(ctx context.Context, ids []tandem.ID) (map[tandem.ID]tandem.AnalysisSource, error) {
	out := make(map[tandem.ID]tandem.AnalysisSource, len(ids))
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT c.id, c.version_id, t.turns FROM calls c JOIN transcripts t ON t.call_id = c.id
		WHERE c.version_id IS NOT NULL AND c.id `+s.dialect.member("$1"), s.dialect.texts(texts))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var source tandem.AnalysisSource
			var turns string
			if err := scan(&source.CallID, &source.VersionID, &turns); err != nil {
				return err
			}
			out[source.CallID] = source
			if err := json.Unmarshal([]byte(turns), &source.Turns); err != nil {
				return nil //nolint:nilerr // a transcript that cannot be read is one without turns: its own analysis says so
			}
			out[source.CallID] = source
			return nil
		})
	}
	return out, s.fault("read transcripts", err)
}
