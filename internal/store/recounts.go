package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem"
)

const (
	// changeGoal holds the test, so that every later commit sees the edition.
	changeGoal = `
		INSERT INTO activity (test_id, sequence, goal_edition) VALUES ($1, 1, $2)
		ON CONFLICT (test_id) DO UPDATE SET sequence = activity.sequence + 1, goal_edition = excluded.goal_edition`
	beginRecount = `
		INSERT INTO recounts (test_id, edition, total, done, at, call_id, finished)
		VALUES ($1, $2, (SELECT COALESCE(SUM(calls), 0) FROM arm_sizes WHERE test_id = $1), 0, 0, '', 0)
		ON CONFLICT (test_id) DO UPDATE SET edition = excluded.edition, total = excluded.total,
			done = 0, at = 0, call_id = '', finished = 0`
	advanceRecount = `
		UPDATE recounts SET done = $5, at = $6, call_id = $7, finished = $8
		WHERE test_id = $1 AND edition = $2 AND at = $3 AND call_id = $4 AND finished = 0`
	selectRecount = `SELECT test_id, edition, total, done, at, call_id, finished FROM recounts`
)

// beginRecountOf has the calls of a test counted anew under its changed goal, and
// refuses from now on what was counted under an earlier one.
func (s *Store) beginRecountOf(ctx context.Context, tx *sql.Tx, t *tandem.Test) error {
	if _, err := tx.ExecContext(ctx, changeGoal, string(t.ID), t.GoalEdition()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, beginRecount, string(t.ID), t.GoalEdition())
	return err
}

// Recount says how far the calls of a test are counted under its goal; edition 1
// for a test whose goal was never changed.
func (s *Store) Recount(ctx context.Context, testID tandem.ID) (tandem.Recount, error) {
	r, err := scanRecount(s.hot.recount.QueryRowContext(ctx, string(testID)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return tandem.Recount{TestID: testID, Edition: 1}, nil
	}
	return r, s.fault("read how far a test is counted anew", err)
}

// Recounts lists the tests whose calls are not yet all counted under their changed
// goal.
func (s *Store) Recounts(ctx context.Context) ([]tandem.Recount, error) {
	all := []tandem.Recount{}
	rows, err := s.hot.recounts.QueryContext(ctx)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			r, err := scanRecount(scan)
			all = append(all, r)
			return err
		})
	}
	return all, s.fault("list what is counted anew", err)
}

func scanRecount(scan func(...any) error) (tandem.Recount, error) {
	var r tandem.Recount
	var at int64
	err := scan(&r.TestID, &r.Edition, &r.Total, &r.Done, &at, &r.Position.ID, &r.Finished)
	r.Position.At = foldedTime(at)
	return r, err
}

// AdvanceRecount says that the calls up to and including to, done of them in all,
// are counted under the goal of was.Edition, and with last that there are no more.
// moved is false, and nothing is changed, when was is not what is stored: another
// node went on from there, or the goal was changed again.
func (s *Store) AdvanceRecount(ctx context.Context, was tandem.Recount, to tandem.Position, done int64, last bool) (moved bool, err error) {
	err = s.change(ctx, "note how far a test is counted anew", nil, func(tx *sql.Tx) error {
		moved = false
		var sequence, folded, edition int64
		if err := tx.QueryRowContext(ctx, bumpActivity, string(was.TestID)).Scan(&sequence, &folded, &edition); err != nil {
			return err
		}
		finished := int64(0)
		if last {
			finished = sequence
		}
		res, err := tx.ExecContext(ctx, advanceRecount, string(was.TestID), was.Edition, placeMicros(was.Position.At), string(was.Position.ID),
			done, placeMicros(to.At), string(to.ID), finished)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return errors.Join(err, errNotMoved)
		}
		moved = true
		return nil
	})
	if errors.Is(err, errNotMoved) {
		return false, nil
	}
	return moved && err == nil, err
}

// placeMicros gives 0 before the first call.
func placeMicros(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return micros(at)
}

// errNotMoved takes a transaction back that found nothing to do.
var errNotMoved = errors.New("not moved")
