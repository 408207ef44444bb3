package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the peer: bare inserts

	"tandem"
)

const clients = 64

func ingestion(ctx context.Context, o options, t *table) error {
	run := 10 * time.Second
	if o.full {
		run = 60 * time.Second
	}
	t.row("store", "acknowledged/s", "p50", "p99", "ratio to bare inserts")
	t.row("---", "---", "---", "---", "---")
	bare, err := bareInserts(ctx, run/2)
	if err != nil {
		return err
	}
	t.row("SQLite, bare inserts in commits of 64", bare, "", "", 1.0)
	for _, db := range databases() {
		rate, latencies, err := postEvents(ctx, db, run)
		if err != nil {
			return fmt.Errorf("%s: %w", db.name, err)
		}
		t.row("Tandem on "+db.name, rate, quantile(latencies, 0.5), quantile(latencies, 0.99), rate/bare)
	}
	return nil
}

// database is a place for the server's data.
type database struct {
	name  string
	start func() (url string, stop func() error, err error)
}

func databases() []database {
	return []database{
		{"SQLite", func() (string, func() error, error) { return "", func() error { return nil }, nil }},
		{"PostgreSQL", startPostgres},
	}
}

// bareInserts measures how many rows of an event's size SQLite takes with full
// durability when 64 are committed together and nothing else is done.
func bareInserts(ctx context.Context, run time.Duration) (float64, error) {
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE events (id TEXT PRIMARY KEY, origin TEXT, at INTEGER, record TEXT) WITHOUT ROWID`); err != nil {
		return 0, err
	}
	record := string(bytes.Repeat([]byte("x"), 450))
	n := 0
	start := time.Now()
	for time.Since(start) < run {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		for range clients {
			if _, err := tx.ExecContext(ctx, `INSERT INTO events VALUES ($1, $2, $3, $4)`, string(tandem.NewID(time.Now())), "api", n, record); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
			n++
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// postEvents lets 64 clients post one event after another, each call's four in
// order, and counts those acknowledged. The calls got their arms beforehand.
func postEvents(ctx context.Context, d database, run time.Duration) (rate float64, latencies []time.Duration, err error) {
	url, stop, err := d.start()
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	s, err := startServer(ctx, url)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	calls := make([][]tandem.ID, clients)
	perClient := int(run.Seconds() * mostEventsPerSecond / 4 / clients)
	if err := each(func(c int) error {
		for range perClient {
			var got struct {
				CallID tandem.ID `json:"call_id"`
			}
			if err := s.post(ctx, client, "/v1/assignments", map[string]any{"route": s.test.RouteID}, &got); err != nil {
				return err
			}
			calls[c] = append(calls[c], got.CallID)
		}
		return nil
	}); err != nil {
		return 0, nil, err
	}
	all := make([][]time.Duration, clients)
	start := time.Now()
	err = each(func(c int) error {
		for _, id := range calls[c] {
			if time.Since(start) > run {
				break
			}
			if err := s.report(ctx, client, id, &all[c]); err != nil {
				return err
			}
		}
		return nil
	})
	took := time.Since(start)
	for _, l := range all {
		latencies = append(latencies, l...)
	}
	slices.Sort(latencies)
	return float64(len(latencies)) / took.Seconds(), latencies, err
}

// mostEventsPerSecond bounds how many calls are prepared: more than the
// machines at hand can take.
const mostEventsPerSecond = 20_000

// each runs do for every client at once.
func each(do func(client int) error) error {
	var wg sync.WaitGroup
	errs := make([]error, clients)
	for c := range clients {
		wg.Go(func() { errs[c] = do(c) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// report tells a call's course in four events, each a request.
func (s *server) report(ctx context.Context, client *http.Client, call tandem.ID, latencies *[]time.Duration) error {
	now := time.Now().UTC()
	ms := int64(61_000)
	for i, e := range []tandem.Event{
		{Kind: tandem.EventAnswered},
		{Kind: tandem.EventAnalysis, Analysis: map[string]any{"booked": true, "amount": 12.5, "reason": "book", "sentiment": 0.4}},
		{Kind: tandem.EventLatency, Latency: &tandem.Latency{P50MS: 640, P90MS: 900}},
		{Kind: tandem.EventEnded, Ended: &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}},
	} {
		e.ID, e.At = fmt.Sprintf("%s-%d", call, i), now
		before := time.Now()
		if err := s.post(ctx, client, "/v1/calls/"+string(call)+"/events", e, nil); err != nil {
			return err
		}
		*latencies = append(*latencies, time.Since(before))
	}
	return nil
}

func (s *server) post(ctx context.Context, client *http.Client, path string, body, answer any) error {
	return s.Ask(ctx, client, http.MethodPost, path, body, answer)
}
