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
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			t.row("resident memory")
			t.row("---")
			t.row(strings.TrimSpace(rest))
		}
	}
	return nil
}
