package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

const selectWebhook = `SELECT id, url, kinds, created_at FROM webhooks`

// CreateWebhook stores a new webhook with its secret. The audit log does not
// get the secret, and no list gives it; only a Claim does.
func (s *Store) CreateWebhook(ctx context.Context, actor string, w tandem.Webhook) error {
	clash := tandem.Errorf(tandem.Conflict, "id", "is the id of a stored webhook")
	return s.change(ctx, "store a webhook", clash, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO webhooks (id, url, kinds, secret, created_at) VALUES ($1, $2, $3, $4, $5)`,
			string(w.ID), w.URL, string(document(w.Kinds)), w.Secret, micros(w.CreatedAt))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "webhook.create", w.ID, nil, document(w))
	})
}

// Webhooks lists all webhooks without their secrets, the oldest first.
func (s *Store) Webhooks(ctx context.Context) ([]tandem.Webhook, error) {
	hooks := []tandem.Webhook{}
	rows, err := s.read.QueryContext(ctx, selectWebhook+` ORDER BY created_at, id`)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			w, err := scanWebhook(scan)
			hooks = append(hooks, w)
			return err
		})
	}
	return hooks, s.fault("list the webhooks", err)
}

// DeleteWebhook ends a webhook and removes its deliveries, those on their way
// too; what a node is sending at this moment still arrives. NotFound when there
// is no such webhook.
func (s *Store) DeleteWebhook(ctx context.Context, actor string, id tandem.ID) error {
	return s.change(ctx, "delete a webhook", nil, func(tx *sql.Tx) error {
		w, err := scanWebhook(tx.QueryRowContext(ctx, selectWebhook+` WHERE id = $1`+s.dialect.lock, string(id)).Scan)
		if err != nil {
			return missing(err, "webhook", string(id))
		}
		for _, text := range []string{`DELETE FROM deliveries WHERE webhook_id = $1`, `DELETE FROM webhooks WHERE id = $1`} {
			if _, err := tx.ExecContext(ctx, text, string(id)); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actor, "webhook.delete", id, document(w), nil)
	})
}

func scanWebhook(scan func(...any) error) (tandem.Webhook, error) {
	var w tandem.Webhook
	var kinds string
	var created int64
	if err := scan(&w.ID, &w.URL, &kinds, &created); err != nil {
		return w, err
	}
	w.CreatedAt = moment(created)
	return w, json.Unmarshal([]byte(kinds), &w.Kinds)
}
