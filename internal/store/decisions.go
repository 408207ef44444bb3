package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

// Decision gives what was known when a test was ended, or NotFound.
func (s *Store) Decision(ctx context.Context, testID tandem.ID) (tandem.Decision, error) {
	var d tandem.Decision
	var body string
	err := s.read.QueryRowContext(ctx, `SELECT body FROM decisions WHERE test_id = $1`, string(testID)).Scan(&body)
	if err != nil {
		return d, s.fault("read a decision", missing(err, "decision on test", string(testID)))
	}
	return d, json.Unmarshal([]byte(body), &d)
}

// saveDecision stores what was known. It is never changed after that: a test
// is decided once.
func saveDecision(ctx context.Context, tx *sql.Tx, t tandem.Test) error {
	d := *t.Decision
	d.TestID = t.ID
	if d.Results != nil && !json.Valid(d.Results) {
		return tandem.Errorf(tandem.Invalid, "decision.results", "is not JSON")
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO decisions (test_id, body) VALUES ($1, $2) ON CONFLICT (test_id) DO NOTHING`,
		string(t.ID), string(document(d)))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return tandem.Errorf(tandem.Conflict, "", "the test has a decision already")
}
