package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"strconv"

	"tandem"
)

const selectTest = `SELECT body, salt, revision, started_at FROM tests`

var errOneRunning = tandem.Errorf(tandem.Conflict, "", "the route has a running test already: end it first")

// StartTest stores a new test, with revision 1. Errors are
// Invalid{Field: "route_id"} and Invalid{Field: "arms[i].version_id"} for what is
// not stored, and Conflict when the route has a running test and t is to run.
func (s *Store) StartTest(ctx context.Context, actor string, t tandem.Test) error {
	t.Revision = 1
	return s.change(ctx, "store a test", errOneRunning, func(tx *sql.Tx) error {
		if _, err := s.routeForUpdate(ctx, tx, t.RouteID); err != nil {
			if tandem.CodeOf(err) == tandem.NotFound {
				return tandem.Errorf(tandem.Invalid, "route_id", "is %q; expected the id of a route", t.RouteID)
			}
			return err
		}
		for i, a := range t.Arms {
			if err := requireVersion(ctx, tx, "arms["+strconv.Itoa(i)+"].version_id", a.VersionID); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tests (id, route_id, status, started_at, salt, revision, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			string(t.ID), string(t.RouteID), string(t.Status), micros(t.StartedAt), t.Salt[:], t.Revision, string(document(t)))
		if err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, "test.start", t.ID, nil, document(t)); err != nil {
			return err
		}
		return bumpConfig(ctx, tx)
	})
}

// Test gives a test, or NotFound.
func (s *Store) Test(ctx context.Context, id tandem.ID) (tandem.Test, error) {
	t, _, err := scanTest(s.read.QueryRowContext(ctx, selectTest+` WHERE id = $1`, string(id)).Scan)
	return t, s.fault("read a test", missing(err, "test", string(id)))
}

// Tests lists the tests of a route, or of all when routeID is "", the newest
// first. Errors are Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Tests(ctx context.Context, routeID tandem.ID, p tandem.Page) ([]tandem.Test, string, error) {
	l := list[tandem.Test]{
		selects: selectTest, key: [2]string{"started_at", "id"}, down: true, into: timeKey, scan: scanTest,
	}
	if routeID != "" {
		l.where.add("route_id = ?", string(routeID))
	}
	tests, next, err := l.page(ctx, s.read, p)
	return tests, next, s.fault("list the tests", err)
}

// UpdateTest applies change to the stored test and its route, stores what
// changed of the two and gives the test, under the rules of UpdateAgent.
// revision is the test's. A Decision that change sets is stored in the same
// transaction; a test has one at most. A goal that change gives another edition has
// the test's calls counted anew: see [Store.Recount]. Errors are NotFound, Stale, Conflict for
// a second decision, those of UpdateRoute, and what change returns.
func (s *Store) UpdateTest(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Test, *tandem.Route) error) (tandem.Test, error) {
	var t tandem.Test
	err := s.change(ctx, "change a test", errNumberTaken, func(tx *sql.Tx) error {
		r, err := s.testForUpdate(ctx, tx, id, &t)
		if err != nil {
			return err
		}
		if err := stale("test", revision, t.Revision); err != nil {
			return err
		}
		wasTest, wasRoute, before := t, r, document(t)
		if err := change(&t, &r); err != nil {
			return err
		}
		t.ID, t.RouteID, t.Salt = wasTest.ID, wasTest.RouteID, wasTest.Salt
		if t.Decision != nil {
			if err := saveDecision(ctx, tx, t); err != nil {
				return err
			}
		}
		testMoved, routeMoved := !bytes.Equal(before, document(t)), r != wasRoute
		if t.GoalEdition() != wasTest.GoalEdition() {
			if err := s.beginRecountOf(ctx, tx, &t); err != nil {
				return err
			}
		}
		if testMoved {
			if err := s.saveTest(ctx, tx, actor, action, before, &t); err != nil {
				return err
			}
		}
		if routeMoved {
			if err := s.saveRoute(ctx, tx, actor, action, wasRoute, &r); err != nil {
				return err
			}
		}
		if !testMoved && !routeMoved {
			return nil
		}
		return bumpConfig(ctx, tx)
	})
	if err != nil {
		return tandem.Test{}, err
	}
	return t, nil
}

// testForUpdate reads the test and its route. Everybody locks the route first,
// then its test.
func (s *Store) testForUpdate(ctx context.Context, tx *sql.Tx, id tandem.ID, t *tandem.Test) (tandem.Route, error) {
	var routeID tandem.ID // of a test it never changes
	if err := tx.QueryRowContext(ctx, `SELECT route_id FROM tests WHERE id = $1`, string(id)).Scan(&routeID); err != nil {
		return tandem.Route{}, missing(err, "test", string(id))
	}
	r, err := s.routeForUpdate(ctx, tx, routeID)
	if err != nil {
		return r, err
	}
	*t, _, err = scanTest(tx.QueryRowContext(ctx, selectTest+` WHERE id = $1`+s.dialect.lock, string(id)).Scan)
	return r, err
}

// saveTest stores what t became, bumps its revision and tells those who watch
// the test.
func (s *Store) saveTest(ctx context.Context, tx *sql.Tx, actor, action string, before json.RawMessage, t *tandem.Test) error {
	t.Revision++
	_, err := tx.ExecContext(ctx, `UPDATE tests SET status = $2, revision = $3, body = $4 WHERE id = $1`,
		string(t.ID), string(t.Status), t.Revision, string(document(*t)))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, touchActivity, string(t.ID)); err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, action, t.ID, before, document(*t))
}

func scanTest(scan func(...any) error) (tandem.Test, [2]any, error) {
	var t tandem.Test
	var body string
	var salt []byte
	var revision, started int64
	if err := scan(&body, &salt, &revision, &started); err != nil {
		return t, [2]any{}, err
	}
	if err := json.Unmarshal([]byte(body), &t); err != nil {
		return t, [2]any{}, err
	}
	copy(t.Salt[:], salt)
	t.Revision = revision
	return t, [2]any{started, string(t.ID)}, nil
}
