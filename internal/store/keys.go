package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

const selectKey = `SELECT id, name, scopes, hash, created_at, revoked_at FROM api_keys`

// CreateKey stores a new key. Its secret is not part of it.
func (s *Store) CreateKey(ctx context.Context, actor string, k tandem.Key) error {
	scopes, err := json.Marshal(k.Scopes)
	if err != nil {
		return err
	}
	clash := tandem.Errorf(tandem.Conflict, "id", "is the id of a stored key")
	return s.change(ctx, "store a key", clash, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO api_keys (id, name, scopes, hash, created_at) VALUES ($1, $2, $3, $4, $5)`,
			string(k.ID), k.Name, string(scopes), k.Hash[:], micros(k.CreatedAt))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "key.create", k.ID, nil, document(k))
	})
}

// KeyByHash gives the key whose secret has this hash, revoked or not, or
// NotFound.
func (s *Store) KeyByHash(ctx context.Context, hash [32]byte) (tandem.Key, error) {
	k, err := scanKey(s.hot.keyByHash.QueryRowContext(ctx, hash[:]).Scan)
	return k, s.fault("read a key", missing(err, "key", "with this secret"))
}

// Keys lists all keys, the oldest first.
func (s *Store) Keys(ctx context.Context) ([]tandem.Key, error) {
	keys := []tandem.Key{}
	rows, err := s.read.QueryContext(ctx, selectKey+` ORDER BY created_at, id`)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			k, err := scanKey(scan)
			keys = append(keys, k)
			return err
		})
	}
	return keys, s.fault("list the keys", err)
}

// RevokeKey ends a key. Revoking it again changes nothing. NotFound when there
// is no such key.
func (s *Store) RevokeKey(ctx context.Context, actor string, id tandem.ID) error {
	return s.change(ctx, "revoke a key", nil, func(tx *sql.Tx) error {
		k, err := scanKey(tx.QueryRowContext(ctx, selectKey+` WHERE id = $1`+s.dialect.lock, string(id)).Scan)
		if err != nil {
			return missing(err, "key", string(id))
		}
		if k.RevokedAt != nil {
			return nil
		}
		before, now := document(k), s.now()
		k.RevokedAt = &now
		if _, err := tx.ExecContext(ctx, `UPDATE api_keys SET revoked_at = $2 WHERE id = $1`, string(id), micros(now)); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "key.revoke", id, before, document(k))
	})
}

func scanKey(scan func(...any) error) (tandem.Key, error) {
	var k tandem.Key
	var scopes string
	var hash []byte
	var created int64
	var revoked sql.NullInt64
	if err := scan(&k.ID, &k.Name, &scopes, &hash, &created, &revoked); err != nil {
		return k, err
	}
	copy(k.Hash[:], hash)
	k.CreatedAt = moment(created)
	if revoked.Valid {
		at := moment(revoked.Int64)
		k.RevokedAt = &at
	}
	return k, json.Unmarshal([]byte(scopes), &k.Scopes)
}
