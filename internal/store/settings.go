package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tandem"
)

const selectSetting = `SELECT body, revision FROM settings WHERE name = $1`

// Setting gives the setting of that name and its revision: nil and 0 when nobody
// has chosen anything yet.
func (s *Store) Setting(ctx context.Context, name tandem.SettingName) (json.RawMessage, int64, error) {
	body, revision, err := scanSetting(s.read.QueryRowContext(ctx, selectSetting, string(name)))
	return body, revision, s.fault("read the settings", err)
}

// UpdateSetting applies change to the stored setting, nil when there is none, and
// gives the revision it then has. A revision other than 0 must be the stored one.
// All nodes hear of it as they do of a changed configuration. Errors are Stale and
// what change returns.
func (s *Store) UpdateSetting(ctx context.Context, actor string, name tandem.SettingName, revision int64, change func(stored json.RawMessage) (tandem.SettingChange, error)) (int64, error) {
	next := int64(0)
	err := s.change(ctx, "change the settings", nil, func(tx *sql.Tx) error {
		body, stored, err := scanSetting(tx.QueryRowContext(ctx, selectSetting+s.dialect.lock, string(name)))
		if err != nil {
			return err
		}
		if err := stale("setting", revision, stored); err != nil {
			return err
		}
		ch, err := change(body)
		if err != nil {
			return err
		}
		next = stored + 1
		_, err = tx.ExecContext(ctx, `
			INSERT INTO settings (name, body, revision) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET body = excluded.body, revision = excluded.revision`,
			string(name), string(ch.Body), next)
		if err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, "settings."+string(name), tandem.ID(name), ch.Before, ch.After); err != nil {
			return err
		}
		return bumpConfig(ctx, tx)
	})
	return next, err
}

func scanSetting(row *sql.Row) (body json.RawMessage, revision int64, err error) {
	var text string
	err = row.Scan(&text, &revision)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return json.RawMessage(text), revision, err
}
