package store

import (
	"context"
	"database/sql"
	"slices"

	"tandem"
)

const (
	selectConfigVersion = `SELECT number FROM meta WHERE name = 'config_version'`
	selectInProgress    = `
		SELECT version_id, COUNT(*) FROM calls
		WHERE stage = 'assigned' AND version_id IS NOT NULL GROUP BY version_id`
)

// Config gives all that assignment needs to know, as of one moment: every
// route, the running tests, and the versions that these name.
func (s *Store) Config(ctx context.Context) (tandem.Config, error) {
	c := tandem.Config{Versions: map[tandem.ID]tandem.Version{}}
	err := s.view(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, selectConfigVersion).Scan(&c.Version); err != nil {
			return err
		}
		if err := s.eachRoute(ctx, tx, ` ORDER BY id`, func(r tandem.Route) { c.Routes = append(c.Routes, r) }); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, selectTest+` WHERE status = 'running' ORDER BY id`)
		if err != nil {
			return err
		}
		err = each(rows, func(scan func(...any) error) error {
			t, _, err := scanTest(scan)
			c.Tests = append(c.Tests, t)
			return err
		})
		if err != nil {
			return err
		}
		rows, err = tx.QueryContext(ctx, selectVersion+` WHERE v.id `+s.dialect.member("$1"), s.dialect.texts(versionsOf(c)))
		if err != nil {
			return err
		}
		return each(rows, func(scan func(...any) error) error {
			v, _, err := scanVersion(scan)
			c.Versions[v.ID] = v
			return err
		})
	})
	if err != nil {
		return tandem.Config{}, s.fault("read the configuration", err)
	}
	return c, nil
}

// versionsOf lists the versions that routes and tests name, each once.
func versionsOf(c tandem.Config) []string {
	ids := []string{}
	for _, r := range c.Routes {
		ids = append(ids, string(r.LiveVersionID))
	}
	for _, t := range c.Tests {
		for _, a := range t.Arms {
			ids = append(ids, string(a.VersionID))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// view runs fn in a read transaction that sees one moment throughout.
func (s *Store) view(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, snapshot)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	return fn(tx)
}

// ConfigVersion gives the version of the configuration: a read of one row, for
// nodes that ask several times a second.
func (s *Store) ConfigVersion(ctx context.Context) (int64, error) {
	var n int64
	err := s.hot.configVersion.QueryRowContext(ctx).Scan(&n)
	return n, s.fault("read the configuration's version", err)
}

// InProgress counts the calls in stage assigned by the version they were
// assigned to.
func (s *Store) InProgress(ctx context.Context) (map[tandem.ID]int64, error) {
	counts := map[tandem.ID]int64{}
	rows, err := s.read.QueryContext(ctx, selectInProgress)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var id tandem.ID
			var n int64
			err := scan(&id, &n)
			counts[id] = n
			return err
		})
	}
	return counts, s.fault("count the calls in progress", err)
}
