package store

import (
	"context"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"tandem"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. It refuses a database that a newer
// Tandem has changed already.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/"+s.dialect.name)
	if err != nil {
		return err
	}
	engine, options, err := s.dialect.goose()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(engine, s.write, files, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		// Another process may have opened a new file in the same moment and
		// been first; then there is nothing left to do.
		if _, again := provider.Up(ctx); again != nil {
			return err
		}
	}
	have, known, err := provider.GetVersions(ctx)
	if err == nil && have > known {
		err = tandem.Errorf(tandem.Invalid, "database", "has schema %d; this Tandem knows schemas up to %d: a newer Tandem made it", have, known)
	}
	return err
}

// sqliteGoose: the file's write lock keeps two migrations apart.
func sqliteGoose() (goose.Dialect, []goose.ProviderOption, error) {
	return goose.DialectSQLite3, nil, nil
}

// postgresGoose: nodes that start together wait for each other, asking each
// second for a minute.
func postgresGoose() (goose.Dialect, []goose.ProviderOption, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	return goose.DialectPostgres, []goose.ProviderOption{goose.WithSessionLocker(locker)}, err
}
