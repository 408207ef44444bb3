package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"tandem"
	"tandem/bench/child"
	"tandem/internal/config"
	"tandem/internal/store"
)

// server is a Tandem in another process, with one route under test.
type server struct {
	*child.Server
	key  string
	test tandem.Test
	done func() error
}

// startServer starts Tandem on database ("" is a new SQLite file).
func startServer(ctx context.Context, database string) (*server, error) {
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return nil, err
	}
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "tandem.db")
	}
	s := &server{done: func() error { return os.RemoveAll(dir) }}
	if err := s.prepare(ctx, database); err != nil {
		return nil, errors.Join(err, s.done())
	}
	if s.Server, err = child.Start(ctx, config.Config{Data: dir, Database: database, HTTP: "127.0.0.1:0"}, s.key); err != nil {
		return nil, errors.Join(err, s.done())
	}
	return s, nil
}

func (s *server) stop() error { return errors.Join(s.Stop(), s.done()) }

// prepare makes a key, an agent with two versions, a route and a running test.
func (s *server) prepare(ctx context.Context, database string) error {
	st, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	now := time.Now().UTC().Truncate(time.Microsecond)
	k, secret, err := tandem.NewKey("bench", []tandem.Scope{tandem.ScopeAdmin}, now)
	if err != nil {
		return err
	}
	s.key = secret
	agent := tandem.Agent{ID: tandem.NewID(now), Name: "bench-" + string(tandem.NewID(now))[:8], CreatedAt: now, UpdatedAt: now, Draft: benchContent()}
	if err := errors.Join(st.CreateKey(ctx, "bench", k), st.CreateAgent(ctx, "bench", agent)); err != nil {
		return err
	}
	var arms []tandem.ArmSpec
	for range 2 {
		v, err := st.Publish(ctx, "bench", agent.ID, 0, "")
		if err != nil {
			return err
		}
		arms = append(arms, tandem.ArmSpec{VersionID: v.ID, Weight: 50})
	}
	r := tandem.Route{ID: tandem.NewID(now), Kind: tandem.Outbound, Name: agent.Name, LiveVersionID: arms[0].VersionID, SIPMode: tandem.Proxy, MaxCallSeconds: 3600, CreatedAt: now, UpdatedAt: now}
	if err := st.CreateRoute(ctx, "bench", r); err != nil {
		return err
	}
	if s.test, err = tandem.NewTest(r, tandem.TestSpec{Arms: arms, Goal: "fields.booked == true"}, now); err != nil {
		return err
	}
	return st.StartTest(ctx, "bench", s.test)
}

func benchContent() tandem.Content {
	return tandem.Content{
		Prompt: "You answer the phone.",
		Fields: []tandem.Field{
			{Name: "booked", Type: tandem.Boolean},
			{Name: "amount", Type: tandem.Number},
			{Name: "reason", Type: tandem.Selector, Choices: []string{"book", "move", "cancel"}},
		},
		Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@127.0.0.1"}},
	}
}
