package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"tandem"
)

const selectVersion = `
	SELECT v.id, v.agent_id, a.name, v.number, v.note, v.published_at, v.published_by, v.content
	FROM versions v JOIN agents a ON a.id = v.agent_id`

// Version gives a version by its id or by its reference, such as front-desk@3.
// Errors are NotFound, and Invalid{Field: "version"} for a reference to a
// draft, which takes no calls until it is published.
func (s *Store) Version(ctx context.Context, idOrRef string) (tandem.Version, error) {
	text, args := selectVersion+` WHERE v.id = $1`, []any{idOrRef}
	if at := strings.LastIndexByte(idOrRef, '@'); at >= 0 {
		agent, number := idOrRef[:at], idOrRef[at+1:]
		if number == "draft" {
			return tandem.Version{}, tandem.Errorf(tandem.Invalid, "version", "%q is a draft; publish it first", idOrRef)
		}
		n, err := strconv.ParseInt(number, 10, 32)
		if err != nil {
			return tandem.Version{}, notFound("version", idOrRef)
		}
		text, args = selectVersion+` WHERE a.name = $1 AND v.number = $2`, []any{agent, n}
	}
	v, _, err := scanVersion(s.read.QueryRowContext(ctx, text, args...).Scan)
	return v, s.fault("read a version", missing(err, "version", idOrRef))
}

// Versions lists an agent's versions, the newest first. Errors are
// Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Versions(ctx context.Context, agentID tandem.ID, p tandem.Page) ([]tandem.Version, string, error) {
	l := list[tandem.Version]{
		selects: selectVersion, key: [2]string{"v.number", "v.id"}, down: true, into: timeKey, scan: scanVersion,
	}
	l.where.add("v.agent_id = ?", string(agentID))
	versions, next, err := l.page(ctx, s.read, p)
	return versions, next, s.fault("list the versions", err)
}

func insertVersion(ctx context.Context, tx *sql.Tx, v tandem.Version) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO versions (id, agent_id, number, note, published_at, published_by, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		string(v.ID), string(v.AgentID), v.Number, v.Note, micros(v.PublishedAt), v.PublishedBy, string(document(v.Content)))
	return err
}

// requireVersion refuses the id of a version that is not stored, in terms of
// the field that names it.
func requireVersion(ctx context.Context, tx *sql.Tx, field string, id tandem.ID) error {
	var found bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM versions WHERE id = $1)`, string(id)).Scan(&found)
	if err == nil && !found {
		return tandem.Errorf(tandem.Invalid, field, "is %q; expected the id of a published version", id)
	}
	return err
}

func scanVersion(scan func(...any) error) (tandem.Version, [2]any, error) {
	var v tandem.Version
	var content string
	var published int64
	if err := scan(&v.ID, &v.AgentID, &v.AgentName, &v.Number, &v.Note, &published, &v.PublishedBy, &content); err != nil {
		return v, [2]any{}, err
	}
	v.PublishedAt = moment(published)
	return v, [2]any{int64(v.Number), string(v.ID)}, json.Unmarshal([]byte(content), &v.Content)
}
