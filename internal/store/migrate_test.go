package store

import (
	"context"
	"io/fs"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"tandem"
)

func TestADatabaseOfTheFirstSchemaIsBroughtUpToDateWithWhatItHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		ctx, test := context.Background(), tandem.NewID(time.Now())
		files, err := fs.Sub(migrations, "migrations/"+s.dialect.name)
		if err != nil {
			t.Fatal(err)
		}
		engine, options, err := s.dialect.goose()
		if err != nil {
			t.Fatal(err)
		}
		provider, err := goose.NewProvider(engine, s.write, files, append(options, goose.WithDisableGlobalRegistry(true))...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.DownTo(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := s.write.ExecContext(ctx, `INSERT INTO activity (test_id, sequence) VALUES ($1, 41)`, string(test)); err != nil {
			t.Fatal(err)
		}
		if err := s.migrate(ctx); err != nil {
			t.Fatal(err)
		}
		page, err := s.Ledger(ctx, test, tandem.Position{}, 0, 10)
		if err != nil || page.Sequence != 41 || !page.FoldedTo.IsZero() || page.Corrected != nil {
			t.Errorf("the ledger is %+v, %v", page, err)
		}
	})
}
