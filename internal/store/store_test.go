package store_test

import (
	"path/filepath"
	"testing"

	"tandem/internal/pgtest"
	"tandem/internal/store/storetest"
)

func sqliteURL(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "tandem.db") }

func TestSQLiteKeepsTheContract(t *testing.T) { storetest.Run(t, sqliteURL) }

func TestPostgreSQLKeepsTheContract(t *testing.T) { storetest.Run(t, pgtest.Start) }
