package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// dialect holds what truly differs between the engines.
type dialect struct {
	// name is also the folder of the engine's migrations.
	name string
	// lock ends a SELECT whose rows stay as they are until the transaction
	// ends. SQLite needs none: its write transactions exclude each other.
	lock string
	// claim ends a SELECT that takes rows d for its transaction and passes over
	// those that another one has.
	claim string
	// member is the condition that a column is in the list given as
	// parameter n, which texts or numbers makes.
	member  func(n string) string
	texts   func([]string) any
	numbers func([]int64) any
	// goose says how migrations run.
	goose func() (goose.Dialect, []goose.ProviderOption, error)
	// pipeline runs statements of one transaction in as few exchanges with the
	// database as the engine allows.
	pipeline func(ctx context.Context, w *work, steps []step) error
	// wipe gives up the bytes of deleted rows, as far as the engine can.
	wipe func(ctx context.Context, db *sql.DB) error
	// classify says what an error of the driver means.
	classify func(error) fault
}

// snapshot is a read transaction that sees one moment throughout. On SQLite
// every read transaction does.
var snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}

// fault is what an error of a driver means to Tandem.
type fault int

const (
	faultOther  fault = iota
	faultAway         // the database cannot be reached or cannot write now
	faultUnique       // a unique index refused a row
	faultRace         // two transactions got in each other's way; try again
	faultValue        // the database cannot hold a value, such as text with a NUL
)
