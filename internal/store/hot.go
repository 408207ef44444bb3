package store

import (
	"context"
	"database/sql"
)

// hotStatements are prepared when the store is opened, so that what runs for
// each call or each look parses no SQL.
type hotStatements struct {
	// writes are by their text, for pipelines of the writer.
	writes map[string]*sql.Stmt

	configVersion, activity, keyByHash *sql.Stmt
	tallies, armSize, callsAt          *sql.Stmt
	callsByID, callsByForeign          *sql.Stmt
	fold, ledger                       *sql.Stmt
	recount, recounts                  *sql.Stmt
	signedIn                           *sql.Stmt
}

// statements are the SQL texts that depend on the dialect.
type statements struct {
	callsByID, callsByForeign, callsAt string
	lockCalls, cells                   string
}

func (d *dialect) statements() statements {
	return statements{
		callsByID:      `SELECT ` + callColumns + ` FROM calls c WHERE c.id ` + d.member("$1"),
		callsByForeign: `SELECT f.foreign_id, ` + callColumns + ` FROM foreign_ids f JOIN calls c ON c.id = f.call_id WHERE f.origin = $1 AND f.foreign_id ` + d.member("$2"),
		callsAt:        `SELECT ` + callColumns + ` FROM calls c WHERE c.test_id = $1 AND c.arm = $2 AND c.ordinal > 0 AND c.ordinal ` + d.member("$3"),
		lockCalls: `
			SELECT id, revision, COALESCE(route_id, ''), COALESCE(test_id, ''), phase, COALESCE(arm, ''), COALESCE(version_id, ''),
				assigned_at, foreign_count, caller_key
			FROM calls WHERE id ` + d.member("$1") + ` ORDER BY id` + d.lock,
		cells: `
			SELECT metric, kind, n, successes, mean, m2, hist, names
			FROM tallies WHERE test_id = $1 AND phase = $2 AND arm = $3 AND metric ` + d.member("$4"),
	}
}

func (h *hotStatements) prepare(ctx context.Context, s *Store) error {
	q := s.dialect.statements()
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&h.configVersion, selectConfigVersion},
		{&h.activity, selectActivity},
		{&h.keyByHash, selectKey + ` WHERE hash = $1`},
		{&h.tallies, selectTallies},
		{&h.armSize, selectArmSize},
		{&h.callsAt, q.callsAt},
		{&h.callsByID, q.callsByID},
		{&h.callsByForeign, q.callsByForeign},
		{&h.fold, selectFold},
		{&h.ledger, selectLedger},
		{&h.recount, selectRecount + ` WHERE test_id = $1`},
		{&h.recounts, selectRecount + ` WHERE finished = 0 ORDER BY test_id`},
		{&h.signedIn, selectSignedIn},
	} {
		var err error
		if *p.stmt, err = s.read.PrepareContext(ctx, p.text); err != nil { //nolint:sqlclosecheck // closed with the database
			return err
		}
	}
	h.writes = map[string]*sql.Stmt{}
	for _, text := range []string{
		q.lockCalls, q.cells, bumpActivity, growArm, insertCall, updateCall, updateFacts,
		insertForeign, saveTranscript, saveTally, insertCorrection, undoCheckpoints,
	} {
		stmt, err := s.write.PrepareContext(ctx, text) //nolint:sqlclosecheck // closed with the database
		if err != nil {
			return err
		}
		h.writes[text] = stmt
	}
	return nil
}
