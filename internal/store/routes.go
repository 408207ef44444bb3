package store

import (
	"context"
	"database/sql"

	"tandem"
)

const selectRoute = `
	SELECT id, kind, COALESCE(number, ''), name, live_version_id, fallback_uri, sip_mode,
		max_call_seconds, version_limit, revision, created_at, updated_at
	FROM routes`

var errNumberTaken = tandem.Errorf(tandem.Conflict, "number", "is the number of another route")

// CreateRoute stores a new route, with revision 1. Errors are
// Conflict{Field: "number"} when another route has its number, and
// Invalid{Field: "live_version_id"} when there is no such version.
func (s *Store) CreateRoute(ctx context.Context, actor string, r tandem.Route) error {
	r.Revision = 1
	return s.change(ctx, "store a route", errNumberTaken, func(tx *sql.Tx) error {
		if err := requireVersion(ctx, tx, "live_version_id", r.LiveVersionID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO routes (id, kind, number, name, live_version_id, fallback_uri, sip_mode,
				max_call_seconds, version_limit, revision, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			string(r.ID), string(r.Kind), absent(r.Number), r.Name, string(r.LiveVersionID), r.FallbackURI, string(r.SIPMode),
			r.MaxCallSeconds, r.VersionLimit, r.Revision, micros(r.CreatedAt), micros(r.UpdatedAt))
		if err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, "route.create", r.ID, nil, document(r)); err != nil {
			return err
		}
		return bumpConfig(ctx, tx)
	})
}

// Route gives a route by its id, its number or its name, in this order. Errors
// are NotFound, and Conflict when several routes share the name.
func (s *Store) Route(ctx context.Context, idOrNumberOrName string) (tandem.Route, error) {
	var found []tandem.Route
	err := s.eachRoute(ctx, s.read, ` WHERE id = $1 OR number = $1 OR name = $1
		ORDER BY CASE WHEN id = $1 THEN 0 WHEN number = $1 THEN 1 ELSE 2 END LIMIT 2`,
		func(r tandem.Route) { found = append(found, r) }, idOrNumberOrName)
	switch {
	case err != nil:
		return tandem.Route{}, s.fault("read a route", err)
	case len(found) == 0:
		return tandem.Route{}, notFound("route", idOrNumberOrName)
	case len(found) == 2 && string(found[0].ID) != idOrNumberOrName && found[0].Number != idOrNumberOrName:
		return tandem.Route{}, tandem.Errorf(tandem.Conflict, "route", "%q is the name of several routes; give the number or the id", idOrNumberOrName)
	}
	return found[0], nil
}

// Routes lists routes by name. Errors are Invalid{Field: "cursor"} and
// Unavailable.
func (s *Store) Routes(ctx context.Context, p tandem.Page) ([]tandem.Route, string, error) {
	l := list[tandem.Route]{selects: selectRoute, key: [2]string{"name", "id"}, into: textKey, scan: scanRoute}
	routes, next, err := l.page(ctx, s.read, p)
	return routes, next, s.fault("list the routes", err)
}

// UpdateRoute applies change to the stored route and gives what it became,
// under the rules of UpdateAgent. Errors are NotFound, Stale, those of
// CreateRoute, and what change returns.
func (s *Store) UpdateRoute(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Route) error) (tandem.Route, error) {
	var r tandem.Route
	err := s.change(ctx, "change a route", errNumberTaken, func(tx *sql.Tx) error {
		var err error
		if r, err = s.routeForUpdate(ctx, tx, id); err != nil {
			return err
		}
		if err := stale("route", revision, r.Revision); err != nil {
			return err
		}
		before := r
		if err := change(&r); err != nil || r == before {
			return err
		}
		if err := s.saveRoute(ctx, tx, actor, action, before, &r); err != nil {
			return err
		}
		return bumpConfig(ctx, tx)
	})
	if err != nil {
		return tandem.Route{}, err
	}
	return r, nil
}

func (s *Store) routeForUpdate(ctx context.Context, tx *sql.Tx, id tandem.ID) (tandem.Route, error) {
	r, _, err := scanRoute(tx.QueryRowContext(ctx, selectRoute+` WHERE id = $1`+s.dialect.lock, string(id)).Scan)
	return r, missing(err, "route", string(id))
}

// saveRoute stores what r became and bumps its revision. Id, kind and creation
// do not change.
func (s *Store) saveRoute(ctx context.Context, tx *sql.Tx, actor, action string, before tandem.Route, r *tandem.Route) error {
	if r.LiveVersionID != before.LiveVersionID {
		if err := requireVersion(ctx, tx, "live_version_id", r.LiveVersionID); err != nil {
			return err
		}
	}
	r.ID, r.CreatedAt = before.ID, before.CreatedAt
	r.Revision, r.UpdatedAt = before.Revision+1, s.now()
	_, err := tx.ExecContext(ctx, `
		UPDATE routes SET kind = $2, number = $3, name = $4, live_version_id = $5, fallback_uri = $6, sip_mode = $7,
			max_call_seconds = $8, version_limit = $9, revision = $10, updated_at = $11
		WHERE id = $1`,
		string(r.ID), string(r.Kind), absent(r.Number), r.Name, string(r.LiveVersionID), r.FallbackURI, string(r.SIPMode),
		r.MaxCallSeconds, r.VersionLimit, r.Revision, micros(r.UpdatedAt))
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, action, r.ID, document(before), document(*r))
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *Store) eachRoute(ctx context.Context, q querier, tail string, fn func(tandem.Route), args ...any) error {
	rows, err := q.QueryContext(ctx, selectRoute+tail, args...)
	if err != nil {
		return err
	}
	return each(rows, func(scan func(...any) error) error {
		r, _, err := scanRoute(scan)
		fn(r)
		return err
	})
}

func scanRoute(scan func(...any) error) (tandem.Route, [2]any, error) {
	var r tandem.Route
	var created, updated int64
	err := scan(&r.ID, &r.Kind, &r.Number, &r.Name, &r.LiveVersionID, &r.FallbackURI, &r.SIPMode,
		&r.MaxCallSeconds, &r.VersionLimit, &r.Revision, &created, &updated)
	r.CreatedAt, r.UpdatedAt = moment(created), moment(updated)
	return r, [2]any{r.Name, string(r.ID)}, err
}
