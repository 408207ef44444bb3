package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem"
)

const (
	selectFold = `
		SELECT a.sequence, a.folded_at, a.forgotten, a.goal_edition,
			(SELECT MIN(c.at) FROM corrections c WHERE c.test_id = $1 AND c.sequence > $2)
		FROM activity a WHERE a.test_id = $1`
	selectLedger = `
		SELECT ` + callColumns + ` FROM calls c
		WHERE c.test_id = $1 AND (c.assigned_at, c.id) > ($2, $3) ORDER BY c.assigned_at, c.id LIMIT $4`
	announceFold = `
		INSERT INTO activity (test_id, sequence, folded_at) VALUES ($1, 0, $2)
		ON CONFLICT (test_id) DO UPDATE SET folded_at =
			CASE WHEN excluded.folded_at > activity.folded_at THEN excluded.folded_at ELSE activity.folded_at END
		RETURNING sequence`
)

// Ledger gives at most limit calls of a test behind a position, in order, and
// what has changed in what lies before, all as of one moment. since is the
// sequence as of which the caller read that; a caller that has read nothing
// asks with the zero Position and is told of nothing forgotten.
//
// Evidence is folded from it like this. Read a page. Go back where it names a
// correction. Before folding calls that are later than FoldedTo, say so with
// AnnounceFold; if that gives another sequence than the page's, read again. From
// then on every commit that changes one of those calls, or puts one among
// them, records a correction: it either came before the announcement, and so
// is in the sequence that AnnounceFold gives, or sees it.
func (s *Store) Ledger(ctx context.Context, testID tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error) {
	var page tandem.LedgerPage
	err := s.view(ctx, func(tx *sql.Tx) error {
		var foldedAt, forgotten int64
		var corrected sql.NullInt64
		//nolint:sqlclosecheck // both statements are closed with the transaction
		err := tx.StmtContext(ctx, s.hot.fold).QueryRowContext(ctx, string(testID), since).Scan(&page.Sequence, &foldedAt, &forgotten, &page.GoalEdition, &corrected)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // no row: nothing has ever moved
			return err
		}
		page.FoldedTo = foldedTime(foldedAt)
		page.Forgotten = forgotten > since && after != tandem.Position{}
		if corrected.Valid {
			at := moment(corrected.Int64)
			page.Corrected = &at
		}
		rows, err := tx.StmtContext(ctx, s.hot.ledger).QueryContext(ctx, string(testID), micros(after.At), string(after.ID), max(limit, 0)) //nolint:sqlclosecheck // as above
		if err != nil {
			return err
		}
		page.Calls = make([]tandem.Call, 0, min(max(limit, 0), 1000))
		var r callRow
		return each(rows, func(scan func(...any) error) error {
			if err := scan(r.places()...); err != nil {
				return err
			}
			c, err := r.call()
			page.Calls = append(page.Calls, c)
			return err
		})
	})
	if err != nil {
		return tandem.LedgerPage{}, s.fault("read a test's ledger", err)
	}
	return page, nil
}

// AnnounceFold says that a node is about to fold the calls of a test assigned
// up to and including to. It gives the test's sequence at that moment, 0 for a
// test without calls, and leaves it. An earlier time than one announced
// before changes nothing. [Store.Ledger] says what it is for.
func (s *Store) AnnounceFold(ctx context.Context, testID tandem.ID, to time.Time) (sequence int64, err error) {
	err = s.change(ctx, "announce a fold", nil, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, announceFold, string(testID), micros(to)).Scan(&sequence)
	})
	return sequence, err
}

// foldedTime gives the zero time while nothing was announced.
func foldedTime(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return moment(us)
}
