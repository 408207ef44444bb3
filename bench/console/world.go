package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tandem"
	"tandem/internal/account"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/ingest"
	"tandem/internal/results"
	"tandem/internal/store"
)

const (
	arms   = 5
	routes = 40 // one of them under test
	// spread is over how long the calls came.
	spread = 30 * 24 * time.Hour
	// batch is how many calls are committed at once.
	batch = 1000

	actor = "bench"
	email = "bench@localhost"
)

// world is a filled database: a workspace in which one test has all the calls.
type world struct {
	Dir   string      `json:"dir"`
	Key   string      `json:"key"` // of the API, reading
	Test  tandem.Test `json:"test"`
	Calls int         `json:"calls"`
	Seed  uint64      `json:"seed"`
	// Took is how long it took to fill it.
	Took time.Duration `json:"took"`
}

func (w *world) database() string { return "sqlite:" + filepath.Join(w.Dir, "tandem.db") }

// open gives the world in dir, which is filled if it is not there yet.
func open(ctx context.Context, dir string, calls int, seed uint64) (*world, error) {
	w := &world{Dir: dir, Calls: calls, Seed: seed}
	note := filepath.Join(dir, "world.json")
	raw, err := os.ReadFile(note)
	if err == nil {
		var was world
		if err := json.Unmarshal(raw, &was); err != nil {
			return nil, fmt.Errorf("%s: %w", note, err)
		}
		if was.Calls != calls || was.Seed != seed {
			return nil, fmt.Errorf("%s has %d calls of seed %d; expected %d of seed %d", dir, was.Calls, was.Seed, calls, seed)
		}
		was.Dir = dir
		return &was, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := w.fill(ctx); err != nil {
		return nil, fmt.Errorf("fill %s: %w", dir, err)
	}
	w.Took = time.Since(began)
	if raw, err = json.Marshal(w); err != nil {
		return nil, err
	}
	return w, os.WriteFile(note, raw, 0o600)
}

// fill stores the workspace and its calls: through ingest, as they would have come,
// read by an analyser and folded into evidence.
func (w *world) fill(ctx context.Context) error {
	st, err := store.Open(ctx, w.database())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	began := time.Now().UTC().Truncate(time.Microsecond).Add(-spread)
	if err := w.prepare(ctx, st, began); err != nil {
		return err
	}
	if err := w.ingest(ctx, st, began); err != nil {
		return err
	}
	return w.fold(ctx, st)
}

// prepare stores a user, a key, an agent with a version for each arm, the routes
// and the test.
func (w *world) prepare(ctx context.Context, st *store.Store, now time.Time) error {
	k, secret, err := tandem.NewKey("bench", []tandem.Scope{tandem.ScopeRead}, now)
	if err != nil {
		return err
	}
	w.Key = secret
	agent := tandem.Agent{ID: tandem.NewID(now), Name: "front-desk", CreatedAt: now, UpdatedAt: now, Draft: content()}
	_, _, err = account.New(st, nil).Invite(ctx, actor, account.Profile{Email: email, Name: "Bench", Role: tandem.Admin})
	if err := errors.Join(err, st.CreateKey(ctx, actor, k), st.CreateAgent(ctx, actor, agent)); err != nil {
		return err
	}
	var specs []tandem.ArmSpec
	for range arms {
		v, err := st.Publish(ctx, actor, agent.ID, 0, "")
		if err != nil {
			return err
		}
		specs = append(specs, tandem.ArmSpec{VersionID: v.ID, Weight: 100 / arms})
	}
	for n := range routes {
		r := tandem.Route{
			ID: tandem.NewID(now), Kind: tandem.Inbound, Number: fmt.Sprintf("+1415555%04d", 100+n), Name: fmt.Sprintf("Branch %d", n),
			LiveVersionID: specs[n%arms].VersionID, SIPMode: tandem.Proxy, MaxCallSeconds: 3600, CreatedAt: now, UpdatedAt: now,
		}
		if err := st.CreateRoute(ctx, actor, r); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if w.Test, err = tandem.NewTest(r, tandem.TestSpec{Arms: specs, Goal: "fields.booked == true"}, now); err != nil {
			return err
		}
		if err := st.StartTest(ctx, actor, w.Test); err != nil {
			return err
		}
	}
	return nil
}

func content() tandem.Content {
	return tandem.Content{
		Prompt: "You answer the phone of a dental practice.",
		Fields: []tandem.Field{
			{Name: "booked", Type: tandem.Boolean},
			{Name: "amount", Type: tandem.Number},
			{Name: "reason", Type: tandem.Selector, Choices: reasons},
		},
		Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@127.0.0.1"}},
	}
}

// ingest has the calls come, one batch made while the one before is committed.
func (w *world) ingest(ctx context.Context, st *store.Store, began time.Time) error {
	in := ingest.New(st, results.NewCounter(st), dialogue.Measure, slog.New(slog.DiscardHandler), nil)
	defer in.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []tandem.Event, 1)
	var making sync.WaitGroup
	defer making.Wait()
	making.Go(func() {
		defer close(batches)
		c := newCallers(w, began)
		for c.made < w.Calls {
			select {
			case batches <- c.next(min(batch, w.Calls-c.made)):
			case <-ctx.Done():
				return
			}
		}
	})
	for events := range batches {
		if err := in.Ingest(ctx, events); err != nil {
			cancel()
			return err
		}
		if err := analyzed(ctx, st); err != nil {
			cancel()
			return err
		}
	}
	return ctx.Err()
}

// analyzed says that the calls whose analysis is due have been read: their records
// hold what was found.
func analyzed(ctx context.Context, st *store.Store) error {
	for {
		claims, err := st.ClaimAnalyses(ctx, time.Now().UTC(), time.Minute, batch)
		if err != nil || len(claims) == 0 {
			return err
		}
		for i := range claims {
			claims[i].Analysis = &found
		}
		if err := st.FinishAnalyses(ctx, claims); err != nil {
			return err
		}
	}
}

var found = tandem.Analysis{
	Analyzer: "bench/1", Summary: "The caller asked for an appointment.",
	Findings: map[string]tandem.Finding{"booked": {Value: true, Reason: "the agent said so", Quote: "You are booked"}},
}

// fold folds all calls into evidence, so that a server that starts has little left
// to fold.
func (w *world) fold(ctx context.Context, st *store.Store) error {
	folder := results.NewFolder(st, slog.New(slog.DiscardHandler), nil)
	for {
		standing, err := folder.Standing(ctx, w.Test)
		if err != nil || standing.Calls >= int64(w.Calls) && !standing.Rebuilding {
			return err
		}
	}
}

// link gives the token of a link that signs the user in once.
func (w *world) link(ctx context.Context) (string, error) {
	st, err := store.Open(ctx, w.database())
	if err != nil {
		return "", err
	}
	defer func() { _ = st.Close() }()
	token, _, err := account.New(st, nil).Link(ctx, actor, email)
	return token, err
}
