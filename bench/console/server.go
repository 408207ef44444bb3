package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tandem/bench/child"
	"tandem/internal/config"
)

// server is a Tandem in another process, on a world's database.
type server struct {
	*child.Server
	*world
	client *http.Client
}

// start starts a server and waits until its evidence covers every call.
func start(ctx context.Context, w *world) (*server, error) {
	c, err := child.Start(ctx, config.Config{Data: w.Dir, Database: w.database(), HTTP: "127.0.0.1:0"}, w.Key)
	if err != nil {
		return nil, err
	}
	s := &server{Server: c, world: w, client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *server) ready(ctx context.Context) error {
	for {
		var r struct {
			Evidence struct {
				Calls int `json:"calls"`
			} `json:"evidence"`
		}
		if err := s.get(ctx, s.results(), &r); err != nil || r.Evidence.Calls >= s.Calls {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (s *server) results() string { return "/v1/tests/" + string(s.Test.ID) + "/results" }

// get asks the API; answer may be nil.
func (s *server) get(ctx context.Context, path string, answer any) error {
	return s.Ask(ctx, s.client, http.MethodGet, path, nil, answer)
}
