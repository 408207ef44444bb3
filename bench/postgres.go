package main

import "tandem/internal/pgtest"

// startPostgres starts a PostgreSQL of its own.
func startPostgres() (url string, stop func() error, err error) { return pgtest.Launch() }
