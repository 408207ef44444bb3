package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"tandem"
)

const (
	// correctionsKept is how long a correction is remembered: longer than any
	// node stays away and still keeps what it has in memory.
	correctionsKept = 24 * time.Hour
	// forgetAtOnce bounds the corrections that one checkpoint looks at. More come
	// between two checkpoints only where nearly every commit is late.
	forgetAtOnce = 5000

	selectCheckpoint = `
		SELECT k.calls, k.at, k.call_id, k.state, COALESCE(a.sequence, 0)
		FROM checkpoints k LEFT JOIN activity a ON a.test_id = k.test_id WHERE k.test_id = $1`
	insertCheckpoint = `
		INSERT INTO checkpoints (test_id, calls, at, call_id, state) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (test_id, calls) DO NOTHING`
	selectForgettable = `
		SELECT COALESCE(MAX(sequence), 0) FROM (
			SELECT sequence, recorded_at FROM corrections WHERE test_id = $1 ORDER BY sequence LIMIT $3
		) AS oldest WHERE recorded_at < $2`
)

// Checkpoint gives the newest checkpoint of a test whose last call was assigned
// before a time, or the newest of all for the zero time; NotFound when there
// is none. A stored checkpoint is always right: the commit that changes a call
// in it takes it away. Its Sequence is the test's activity as of this read.
func (s *Store) Checkpoint(ctx context.Context, testID tandem.ID, before time.Time) (tandem.Checkpoint, error) {
	end := int64(math.MaxInt64)
	if !before.IsZero() {
		end = ceilMicros(before)
	}
	row := s.read.QueryRowContext(ctx, selectCheckpoint+` AND k.at < $2 ORDER BY k.calls DESC LIMIT 1`, string(testID), end)
	cp, err := scanCheckpoint(testID, row.Scan)
	if err != nil {
		return tandem.Checkpoint{}, s.fault("read a checkpoint", missing(err, "such checkpoint of test", string(testID)))
	}
	return cp, nil
}

// Checkpoints gives all checkpoints of a test, that of the fewest calls first.
func (s *Store) Checkpoints(ctx context.Context, testID tandem.ID) ([]tandem.Checkpoint, error) {
	all := []tandem.Checkpoint{}
	rows, err := s.read.QueryContext(ctx, selectCheckpoint+` ORDER BY k.calls`, string(testID))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			cp, err := scanCheckpoint(testID, scan)
			all = append(all, cp)
			return err
		})
	}
	return all, s.fault("read a test's checkpoints", err)
}

func scanCheckpoint(testID tandem.ID, scan func(...any) error) (tandem.Checkpoint, error) {
	cp := tandem.Checkpoint{TestID: testID}
	var at int64
	err := scan(&cp.Calls, &at, &cp.Position.ID, &cp.State, &cp.Sequence)
	cp.Position.At = moment(at)
	return cp, err
}

// SaveCheckpoint stores a checkpoint and drops those after the numbers of
// calls in drop. It is not saved, and nothing is dropped, when a call in it was
// changed after cp.Sequence, or may have been as far as is remembered. A
// second checkpoint after the same number of calls rests on the same calls; the
// first is kept, and saved is true. Corrections older than a day are
// forgotten on the way.
//
// Errors: Invalid{Field: "position"} for calls that nobody has announced to
// fold, since their changes were not recorded; Unavailable.
func (s *Store) SaveCheckpoint(ctx context.Context, cp tandem.Checkpoint, drop []int64) (saved bool, err error) {
	err = s.change(ctx, "save a checkpoint", nil, func(tx *sql.Tx) error {
		var err error
		if saved, err = s.stands(ctx, tx, cp); err != nil {
			return err
		}
		if err := s.forget(ctx, tx, cp.TestID); err != nil || !saved {
			return err
		}
		if len(drop) > 0 {
			_, err := tx.ExecContext(ctx, `DELETE FROM checkpoints WHERE test_id = $1 AND calls `+s.dialect.member("$2"),
				string(cp.TestID), s.dialect.numbers(drop))
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, insertCheckpoint,
			string(cp.TestID), cp.Calls, micros(cp.Position.At), string(cp.Position.ID), cp.State)
		return err
	})
	return saved && err == nil, err
}

// stands says whether the calls of a checkpoint are still as they were read. It
// holds the test, so that no commit comes between the answer and the save.
func (s *Store) stands(ctx context.Context, tx *sql.Tx, cp tandem.Checkpoint) (bool, error) {
	var foldedAt, forgotten int64
	err := tx.QueryRowContext(ctx, `SELECT folded_at, forgotten FROM activity WHERE test_id = $1`+s.dialect.lock,
		string(cp.TestID)).Scan(&foldedAt, &forgotten)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if end := micros(cp.Position.At); end > foldedAt {
		return false, tandem.Errorf(tandem.Invalid, "position", "is at %s; expected no later than the time announced to fold, %s",
			cp.Position.At.Format(time.RFC3339Nano), moment(foldedAt).Format(time.RFC3339Nano))
	}
	if cp.Sequence < forgotten {
		return false, nil
	}
	var corrected bool
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM corrections WHERE test_id = $1 AND sequence > $2 AND at <= $3)`,
		string(cp.TestID), cp.Sequence, micros(cp.Position.At)).Scan(&corrected)
	return !corrected, err
}

// forget drops corrections that are older than any memory they could correct,
// and says in the test's activity up to where.
func (s *Store) forget(ctx context.Context, tx *sql.Tx, testID tandem.ID) error {
	var last int64
	old := micros(s.now().Add(-correctionsKept))
	if err := tx.QueryRowContext(ctx, selectForgettable, string(testID), old, forgetAtOnce).Scan(&last); err != nil || last == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM corrections WHERE test_id = $1 AND sequence <= $2`, string(testID), last); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE activity SET forgotten = $2 WHERE test_id = $1`, string(testID), last)
	return err
}
