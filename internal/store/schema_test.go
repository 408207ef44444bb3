package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"tandem"
	"tandem/internal/pgtest"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
)

// engines lists how a test reaches each engine by the store and by raw SQL.
var engines = []struct {
	name, driver string
	fresh        func(testing.TB) string
}{
	{"sqlite", "sqlite", sqliteURL},
	{"postgres", "pgx", pgtest.Start},
}

// raw opens a database without the store's help.
func raw(tb testing.TB, driver, url string) *sql.DB {
	tb.Helper()
	db, err := sql.Open(driver, strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func rows(tb testing.TB, db *sql.DB, query string) []string {
	tb.Helper()
	r, err := db.Query(query)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var out []string
	for r.Next() {
		var line string
		if err := r.Scan(&line); err != nil {
			tb.Fatal(err)
		}
		out = append(out, line)
	}
	if err := r.Err(); err != nil {
		tb.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestBothEnginesHaveTheSameTablesColumnsAndIndexes(t *testing.T) {
	questions := map[string][2]string{
		"columns": {
			`SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 0 THEN ' NULL' ELSE '' END
			 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%'`,
			`SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'YES' THEN ' NULL' ELSE '' END
			 FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`,
		},
		"types": {
			`SELECT m.name || '.' || c.name || ' ' || CASE lower(c.type) WHEN 'blob' THEN 'bytea' ELSE lower(c.type) END
			 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%'`,
			`SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'json' THEN 'text' ELSE data_type END
			 FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`,
		},
		"indexes": {
			`SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`,
			`SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%pkey' AND indexname NOT LIKE 'goose%'`,
		},
	}
	var dbs [2]*sql.DB
	for i, e := range engines {
		url := e.fresh(t)
		storetest.Open(t, url)
		dbs[i] = raw(t, e.driver, url)
	}
	for what, query := range questions {
		have := [2][]string{rows(t, dbs[0], query[0]), rows(t, dbs[1], query[1])}
		if diff := cmp.Diff(have[0], have[1]); diff != "" || len(have[0]) < 10 {
			t.Errorf("%s (-sqlite +postgres, %d in all):\n%s", what, len(have[0]), diff)
		}
	}
	if wrong := rows(t, dbs[1], `
		SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%' AND data_type = 'text' AND COALESCE(collation_name, '') <> 'C'`); len(wrong) > 0 {
		t.Errorf("PostgreSQL orders %v by the rules of a language; expected COLLATE \"C\"", wrong)
	}
}

func TestAPublishedVersionCannotBeChangedByAnySQL(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			url := e.fresh(t)
			w := storetest.NewWorld(t, storetest.Open(t, url))
			db := raw(t, e.driver, url)
			statements := []string{
				`UPDATE versions SET content = '{}'`,
				`UPDATE versions SET note = 'x' WHERE number = 1`,
				`DELETE FROM versions WHERE number = 2`,
			}
			if e.name == "sqlite" {
				statements = append(statements, `INSERT OR REPLACE INTO versions SELECT id, agent_id, number, 'x', published_at, published_by, content FROM versions`)
			} else {
				statements = append(statements, `TRUNCATE versions CASCADE`)
			}
			for _, statement := range statements {
				if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), "immutable") {
					t.Errorf("%s: error is %v; expected a refusal", statement, err)
				}
			}
			for _, v := range w.Versions {
				got, err := w.Store.Version(context.Background(), string(v.ID))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(v, got); diff != "" {
					t.Errorf("version changed (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestASecondRunningTestIsRefusedByTheDatabaseItself(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			url := e.fresh(t)
			storetest.NewWorld(t, storetest.Open(t, url))
			db := raw(t, e.driver, url)
			const copyAs = `INSERT INTO tests SELECT 'x' || status, route_id, $1, started_at, salt, revision, body FROM tests`
			if _, err := db.Exec(copyAs, "running"); err == nil || !strings.Contains(strings.ToLower(err.Error()), "unique") {
				t.Errorf("error is %v; expected a refusal", err)
			}
			if _, err := db.Exec(copyAs, "recorded"); err != nil {
				t.Errorf("a recorded test is refused: %v", err)
			}
		})
	}
}

func TestADatabaseOfANewerTandemIsNotOpened(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			url := e.fresh(t)
			if err := storetest.Open(t, url).Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := raw(t, e.driver, url).Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
				t.Fatal(err)
			}
			if s, err := store.Open(context.Background(), url); tandem.CodeOf(err) != tandem.Invalid {
				t.Errorf("Open gives %v, %v; expected Invalid", s, err)
			}
		})
	}
}

func TestOpenSaysWhatIsWrongWithAnAddress(t *testing.T) {
	for name, c := range map[string]struct {
		url  string
		code tandem.Code
	}{
		"nothing":                      {"", tandem.Invalid},
		"another database":             {"mysql://localhost/x", tandem.Invalid},
		"no path":                      {"sqlite:", tandem.Invalid},
		"memory":                       {"sqlite::memory:", tandem.Invalid},
		"a folder that is not there":   {"sqlite:/nonexistent/folder/x.db", tandem.Unavailable},
		"a bad PostgreSQL URL":         {"postgres://user:secret@host:port/x", tandem.Invalid},
		"a server that does not exist": {"postgres://user:secret@127.0.0.1:1/x", tandem.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(context.Background(), c.url)
			if tandem.CodeOf(err) != c.code {
				t.Errorf("error is %v; expected %s", err, c.code)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestASQLiteFileIsPrivateAndMayHaveAnyName(t *testing.T) {
	for _, form := range []string{"sqlite:", "sqlite://"} {
		path := filepath.Join(t.TempDir(), "a b?c#d%20é.db")
		storetest.NewWorld(t, storetest.Open(t, form+path))
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 || info.Size() == 0 {
			t.Errorf("the file has mode %v and %d bytes; expected 0600 and some", info.Mode(), info.Size())
		}
	}
}
