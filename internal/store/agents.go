package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

const selectAgent = `SELECT id, name, draft, latest_version, revision, created_at, updated_at FROM agents`

var errNameTaken = tandem.Errorf(tandem.Conflict, "name", "is the name of another agent")

// CreateAgent stores a new agent, with revision 1. Conflict{Field: "name"} when
// another agent has its name.
func (s *Store) CreateAgent(ctx context.Context, actor string, a tandem.Agent) error {
	a.Revision = 1
	return s.change(ctx, "store an agent", errNameTaken, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO agents (id, name, draft, latest_version, revision, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			string(a.ID), a.Name, string(document(a.Draft)), a.LatestVersion, a.Revision, micros(a.CreatedAt), micros(a.UpdatedAt))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "agent.create", a.ID, nil, document(a))
	})
}

// Agent gives an agent by its id or its name, or NotFound.
func (s *Store) Agent(ctx context.Context, idOrName string) (tandem.Agent, error) {
	a, _, err := scanAgent(s.read.QueryRowContext(ctx,
		selectAgent+` WHERE id = $1 OR name = $1 ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END LIMIT 1`, idOrName).Scan)
	return a, s.fault("read an agent", missing(err, "agent", idOrName))
}

// Agents lists agents by name. Errors are Invalid{Field: "cursor"} and
// Unavailable.
func (s *Store) Agents(ctx context.Context, p tandem.Page) ([]tandem.Agent, string, error) {
	l := list[tandem.Agent]{selects: selectAgent, key: [2]string{"name", "id"}, into: textKey, scan: scanAgent}
	agents, next, err := l.page(ctx, s.read, p)
	return agents, next, s.fault("list the agents", err)
}

// UpdateAgent applies change to the stored agent and gives what it became.
// change may run twice and must touch nothing else; what it does to the id, the
// latest version and the creation is undone. A change that changes nothing is
// not stored. Errors are NotFound, Stale for a revision other than
// the stored one (0 is any), Conflict{Field: "name"}, and what change returns.
func (s *Store) UpdateAgent(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Agent) error) (tandem.Agent, error) {
	var a tandem.Agent
	err := s.change(ctx, "change an agent", errNameTaken, func(tx *sql.Tx) error {
		var err error
		if a, err = s.agentForUpdate(ctx, tx, id, revision); err != nil {
			return err
		}
		was, before := a, document(a)
		if err := change(&a); err != nil {
			return err
		}
		a.ID, a.LatestVersion, a.CreatedAt = was.ID, was.LatestVersion, was.CreatedAt
		if bytes.Equal(before, document(a)) {
			return nil
		}
		if err := s.saveAgent(ctx, tx, actor, action, before, &a); err != nil || a.Name == was.Name {
			return err
		}
		return bumpConfig(ctx, tx) // versions carry their agent's name
	})
	if err != nil {
		return tandem.Agent{}, err
	}
	return a, nil
}

// Publish freezes the agent's draft as its next version. Errors are NotFound,
// Stale as for UpdateAgent, and what [tandem.Agent.Publish] finds wrong with
// the draft.
func (s *Store) Publish(ctx context.Context, actor string, agentID tandem.ID, revision int64, note string) (tandem.Version, error) {
	var v tandem.Version
	err := s.change(ctx, "publish a version", nil, func(tx *sql.Tx) error {
		a, err := s.agentForUpdate(ctx, tx, agentID, revision)
		if err != nil {
			return err
		}
		before := document(a)
		if v, err = a.Publish(actor, note, s.now()); err != nil {
			return err
		}
		if err := insertVersion(ctx, tx, v); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, "version.publish", v.ID, nil, document(v)); err != nil {
			return err
		}
		if err := s.saveAgent(ctx, tx, actor, "agent.publish", before, &a); err != nil {
			return err
		}
		return bumpConfig(ctx, tx)
	})
	if err != nil {
		return tandem.Version{}, err
	}
	return v, nil
}

func (s *Store) agentForUpdate(ctx context.Context, tx *sql.Tx, id tandem.ID, revision int64) (tandem.Agent, error) {
	a, _, err := scanAgent(tx.QueryRowContext(ctx, selectAgent+` WHERE id = $1`+s.dialect.lock, string(id)).Scan)
	if err != nil {
		return a, missing(err, "agent", string(id))
	}
	return a, stale("agent", revision, a.Revision)
}

// saveAgent stores what a became and bumps its revision.
func (s *Store) saveAgent(ctx context.Context, tx *sql.Tx, actor, action string, before json.RawMessage, a *tandem.Agent) error {
	a.Revision, a.UpdatedAt = a.Revision+1, s.now()
	_, err := tx.ExecContext(ctx, `
		UPDATE agents SET name = $2, draft = $3, latest_version = $4, revision = $5, updated_at = $6 WHERE id = $1`,
		string(a.ID), a.Name, string(document(a.Draft)), a.LatestVersion, a.Revision, micros(a.UpdatedAt))
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, action, a.ID, before, document(*a))
}

func scanAgent(scan func(...any) error) (tandem.Agent, [2]any, error) {
	var a tandem.Agent
	var draft string
	var created, updated int64
	if err := scan(&a.ID, &a.Name, &draft, &a.LatestVersion, &a.Revision, &created, &updated); err != nil {
		return a, [2]any{}, err
	}
	a.CreatedAt, a.UpdatedAt = moment(created), moment(updated)
	return a, [2]any{a.Name, string(a.ID)}, json.Unmarshal([]byte(draft), &a.Draft)
}
