package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"tandem"
)

const (
	noticeColumns = `n.id, n.key, n.kind, n.at, COALESCE(n.test_id, ''), COALESCE(n.route_id, ''), n.text, n.data`
	insertNotice  = `
		INSERT INTO notices (id, key, kind, at, test_id, route_id, text, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (key) DO NOTHING`
	insertDelivery = `
		INSERT INTO deliveries (notice_id, webhook_id, at, state, attempts, next_at, last_error)
		VALUES ($1, $2, $3, 'pending', 0, $3, '')`
	selectLastVerdict = `
		SELECT ` + noticeColumns + `, (SELECT COUNT(*) FROM notices m WHERE m.test_id = $1 AND m.kind IN ('verdict', 'verdict.withdrawn'))
		FROM notices n WHERE n.test_id = $1 AND n.kind IN ('verdict', 'verdict.withdrawn')
		ORDER BY n.at DESC, n.id DESC LIMIT 1`
	selectAnnounced = `SELECT EXISTS (SELECT 1 FROM notices WHERE key = $1)`
)

// Announce stores a notice, and a delivery that is due at once for each
// webhook that wants it: of all, or of those in to when it is not nil. A key is
// announced once, by whichever node comes first: a second notice with it is not
// new, stores nothing and delivers nothing.
//
// Errors: Invalid{Field: "key"}, {Field: "text"} or {Field: "data"} for what cannot be
// stored; Unavailable.
func (s *Store) Announce(ctx context.Context, n tandem.Notice, to []tandem.ID) (isNew bool, err error) {
	switch {
	case n.Key == "" || !storable(n.Key):
		return false, tandem.Errorf(tandem.Invalid, "key", "is %q; expected UTF-8 text without NUL characters, and some", n.Key)
	case !storable(n.Text):
		return false, tandem.Errorf(tandem.Invalid, "text", "is not UTF-8 text without NUL characters")
	case n.Data != nil && !json.Valid(n.Data):
		return false, tandem.Errorf(tandem.Invalid, "data", "is not JSON")
	}
	// What is known already is asked for again and again; that takes no turn at
	// writing.
	var known bool
	if err := s.read.QueryRowContext(ctx, selectAnnounced, n.Key).Scan(&known); err != nil || known {
		return false, s.fault("look for a notice", err)
	}
	err = s.change(ctx, "store a notice", nil, func(tx *sql.Tx) error {
		isNew = false
		res, err := tx.ExecContext(ctx, insertNotice, string(n.ID), n.Key, string(n.Kind), micros(n.At),
			absent(n.TestID), absent(n.RouteID), n.Text, absent(string(n.Data)))
		if err != nil {
			return err
		}
		if stored, err := res.RowsAffected(); err != nil || stored == 0 {
			return err
		}
		listening, err := s.listening(ctx, tx, n.Kind, to)
		if err != nil {
			return err
		}
		for _, id := range listening {
			if _, err := tx.ExecContext(ctx, insertDelivery, string(n.ID), string(id), micros(n.At)); err != nil {
				return err
			}
		}
		isNew = true
		return nil
	})
	return isNew && err == nil, err
}

// LastVerdict gives what was told last of a test's verdict, that it was reached or
// withdrawn, and how often anything was. Before the first both are zero.
//
// Errors: Unavailable.
func (s *Store) LastVerdict(ctx context.Context, testID tandem.ID) (last tandem.Notice, told int, err error) {
	var r noticeRow
	err = s.read.QueryRowContext(ctx, selectLastVerdict, string(testID)).Scan(append(r.places(), &told)...)
	if errors.Is(err, sql.ErrNoRows) {
		return tandem.Notice{}, 0, nil
	}
	if err != nil {
		return tandem.Notice{}, 0, s.fault("look for the last verdict", err)
	}
	return r.notice(), told, nil
}

// listening lists the webhooks that want notices of a kind and holds them, so
// that none is deleted before the deliveries to it are there to be deleted too.
func (s *Store) listening(ctx context.Context, tx *sql.Tx, kind tandem.NoticeKind, to []tandem.ID) ([]tandem.ID, error) {
	rows, err := tx.QueryContext(ctx, selectWebhook+` ORDER BY id`+s.dialect.lock)
	if err != nil {
		return nil, err
	}
	var ids []tandem.ID
	err = each(rows, func(scan func(...any) error) error {
		w, err := scanWebhook(scan)
		if err == nil && w.Wants(kind) && (to == nil || slices.Contains(to, w.ID)) {
			ids = append(ids, w.ID)
		}
		return err
	})
	return ids, err
}

// Notices lists the notices about a test, or all when testID is "", the newest
// first. Errors are Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Notices(ctx context.Context, testID tandem.ID, p tandem.Page) ([]tandem.Notice, string, error) {
	l := list[tandem.Notice]{
		selects: `SELECT ` + noticeColumns + ` FROM notices n`,
		key:     [2]string{"n.at", "n.id"}, down: true, into: timeKey,
		scan: func(scan func(...any) error) (tandem.Notice, [2]any, error) {
			var r noticeRow
			if err := scan(r.places()...); err != nil {
				return tandem.Notice{}, [2]any{}, err
			}
			return r.notice(), [2]any{r.at, string(r.n.ID)}, nil
		},
	}
	if testID != "" {
		l.where.add("n.test_id = ?", string(testID))
	}
	notices, next, err := l.page(ctx, s.read, p)
	return notices, next, s.fault("list the notices", err)
}

// noticeRow reads rows of noticeColumns.
type noticeRow struct {
	n    tandem.Notice
	at   int64
	data []byte
}

func (r *noticeRow) places() []any {
	return []any{&r.n.ID, &r.n.Key, &r.n.Kind, &r.at, &r.n.TestID, &r.n.RouteID, &r.n.Text, &r.data}
}

func (r *noticeRow) notice() tandem.Notice {
	n := r.n
	n.At, n.Data = moment(r.at), r.data
	return n
}
