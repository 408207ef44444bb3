package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// idle measures a server that has just answered a request and does nothing.
func idle(ctx context.Context, _ options, t *table) (err error) {
	s, err := startServer(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.post(ctx, http.DefaultClient, "/v1/assignments", map[string]any{"route": s.test.RouteID}, nil); err != nil {
		return err
	}
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID()))
	if err != nil {
		return err
	}
	sizes := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if name, rest, ok := strings.Cut(line, ":"); ok {
			sizes[name] = strings.TrimSpace(rest)
		}
	}
	t.row("resident memory", "of it its own", "of it the program's file, which the system may drop")
	t.row("---", "---", "---")
	t.row(sizes["VmRSS"], sizes["RssAnon"], sizes["RssFile"])
	return nil
}
