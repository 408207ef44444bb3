package store

import (
	"context"
	"database/sql"
	"errors"
)

// attempts is how often a transaction is tried when another gets in its way.
const attempts = 2

// change runs fn in one write transaction. fn may run twice, when another
// transaction got in the way of the first try; it must not begin or end
// transactions. clash is returned in place of a refusal by a unique index; nil
// leaves that refusal general.
func (s *Store) change(ctx context.Context, doing string, clash error, fn func(tx *sql.Tx) error) error {
	return s.retry(doing, clash, func() error {
		tx, err := s.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // without effect after Commit
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

func (s *Store) retry(doing string, clash error, try func() error) error {
	var err error
	for range attempts {
		err = try()
		if err == nil || s.dialect.classify(err) != faultRace {
			break
		}
	}
	if clash != nil && err != nil && s.dialect.classify(err) == faultUnique {
		return clash
	}
	return s.fault(doing, err)
}

// step is one statement of a pipeline.
type step struct {
	text string
	args []any
	// row takes each row of a query; nil for a statement without rows.
	row func(scan func(dest ...any) error) error
	// rows is how many rows the statement must change, when otherwise is set:
	// the error for any other number.
	rows      int64
	otherwise error
}

func (st step) check(n int64) error {
	if st.otherwise != nil && n != st.rows {
		return st.otherwise
	}
	return nil
}

// work is a write transaction whose statements run in pipelines.
type work struct {
	store *Store
	conn  *sql.Conn
	tx    *sql.Tx
	stmts map[string]*sql.Stmt // of this transaction
}

// pipeline runs fn in one write transaction of its own, under the rules of
// change.
func (s *Store) pipeline(ctx context.Context, doing string, fn func(w *work) error) error {
	return s.retry(doing, nil, func() error {
		conn, err := s.write.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }() // back to the pool
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // without effect after Commit
		if err := fn(&work{store: s, conn: conn, tx: tx, stmts: map[string]*sql.Stmt{}}); err != nil {
			return err
		}
		return tx.Commit()
	})
}

func (w *work) run(ctx context.Context, steps []step) error {
	if len(steps) == 0 {
		return nil
	}
	return w.store.dialect.pipeline(ctx, w, steps)
}

// prepared gives a statement of this transaction: one prepared when the store
// was opened, or else a new one.
func (w *work) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt, ok := w.stmts[text]; ok {
		return stmt, nil
	}
	var stmt *sql.Stmt
	if hot, ok := w.store.hot.writes[text]; ok {
		stmt = w.tx.StmtContext(ctx, hot)
	} else {
		var err error
		if stmt, err = w.tx.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	w.stmts[text] = stmt
	return stmt, nil
}

// each gives every row to fn and closes rows.
func each(rows *sql.Rows, fn func(scan func(dest ...any) error) error) error {
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
