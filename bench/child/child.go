// Package child runs what is measured in a process of its own, so that its memory
// and its collector are its own: the benchmark's program, started again as the real
// server.
package child

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"tandem/internal/app"
	"tandem/internal/config"
)

const (
	// serveEnv makes the program a server: its configuration, as JSON.
	serveEnv = "TANDEM_BENCH_SERVE"
	// profileEnv names a file for a CPU profile; the process id is appended.
	profileEnv = "TANDEM_BENCH_PROFILE"
	// stopFor bounds how long a server may take to stop.
	stopFor = 10 * time.Second
)

// ServeIfAsked makes this process a server, where [Start] asked for that, and ends
// it with the server. It comes first in main.
func ServeIfAsked() {
	raw := os.Getenv(serveEnv)
	if raw == "" {
		return
	}
	if err := serve(raw); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(raw string) (err error) {
	var cfg config.Config
	if err := json.Unmarshal([]byte(raw), &cfg); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	profiled, err := Profile()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, profiled()) }()
	a, err := app.Start(ctx, cfg, Log())
	if err != nil {
		return err
	}
	fmt.Println(a.HTTPAddr())
	return Await(ctx, a)
}

// Log is where a measured process says what is wrong.
func Log() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// Await stops a server when ctx ends.
func Await(ctx context.Context, a *app.App) error {
	<-ctx.Done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopFor)
	defer cancel()
	return a.Stop(ctx)
}

// Profile profiles this process where TANDEM_BENCH_PROFILE says so, until stop.
func Profile() (stop func() error, err error) {
	path := os.Getenv(profileEnv)
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(fmt.Sprintf("%s.%d", path, os.Getpid()))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// Server is a Tandem in another process.
type Server struct {
	URL string
	key string
	cmd *exec.Cmd
}

// Start starts a server, to be asked with key.
func Start(ctx context.Context, cfg config.Config, key string) (*Server, error) {
	raw, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &Server{key: key, cmd: exec.CommandContext(ctx, self)}
	s.cmd.Env = append(os.Environ(), serveEnv+"="+string(raw))
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), s.Stop())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.URL = "http://" + strings.TrimSpace(line)
	return s, nil
}

// PID is the server's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Stop ends the server.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	return s.cmd.Wait()
}

// Ask asks the server's API by client. body and answer may be nil.
func (s *Server) Ask(ctx context.Context, client *http.Client, method, path string, body, answer any) error {
	var sent io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, sent)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s: %s: %.500s", path, res.Status, got)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(got, answer)
}
