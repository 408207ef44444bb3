package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

// audit writes who changed what: before and after are the noun's JSON, nil for
// something new or gone.
func (s *Store) audit(ctx context.Context, tx *sql.Tx, actor, action string, object tandem.ID, before, after json.RawMessage) error {
	now := s.now()
	_, err := tx.ExecContext(ctx, insertAudit,
		string(tandem.NewID(now)), micros(now), actor, action, string(object), absent(string(before)), absent(string(after)))
	return err
}

// Audit lists changes, newest first: those of object, or all when it is "".
// Errors are Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Audit(ctx context.Context, object tandem.ID, p tandem.Page) ([]tandem.AuditEntry, string, error) {
	l := list[tandem.AuditEntry]{
		selects: `SELECT id, at, actor, action, object, COALESCE(before, 'null'), COALESCE(after, 'null') FROM audit`,
		key:     [2]string{"at", "id"}, down: true, into: timeKey, scan: scanAudit,
	}
	if object != "" {
		l.where.add("object = ?", string(object))
	}
	entries, next, err := l.page(ctx, s.read, p)
	return entries, next, s.fault("read the audit log", err)
}

func scanAudit(scan func(...any) error) (tandem.AuditEntry, [2]any, error) {
	var e tandem.AuditEntry
	var at int64
	var before, after string
	if err := scan(&e.ID, &at, &e.Actor, &e.Action, &e.Object, &before, &after); err != nil {
		return e, [2]any{}, err
	}
	e.At, e.Before, e.After = moment(at), json.RawMessage(before), json.RawMessage(after)
	return e, [2]any{at, string(e.ID)}, nil
}

// bumpConfig tells all nodes that what assignment works from has changed.
func bumpConfig(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE meta SET number = number + 1 WHERE name = 'config_version'`)
	return err
}
