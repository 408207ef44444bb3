package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"tandem"
	"tandem/internal/app"
	"tandem/internal/config"
	"tandem/internal/store"
)

// serveEnv makes this program a server instead: the real one, in a process of
// its own, so that its memory and its collector are its own.
const serveEnv = "TANDEM_BENCH_SERVE"

// profileEnv names a file for a CPU profile of each server; its process id is
// appended.
const profileEnv = "TANDEM_BENCH_PROFILE"

func profile(path string) (stop func()) {
	f, err := os.Create(fmt.Sprintf("%s.%d", path, os.Getpid()))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}
}

func serveChild() int {
	var cfg config.Config
	if err := json.Unmarshal([]byte(os.Getenv(serveEnv)), &cfg); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if path := os.Getenv(profileEnv); path != "" {
		defer profile(path)()
	}
	a, err := app.Start(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(a.HTTPAddr())
	<-ctx.Done()
	stopCtx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := a.Stop(stopCtx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// server is a Tandem in another process, with one route under test.
type server struct {
	cmd  *exec.Cmd
	url  string
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
	cfg, err := json.Marshal(config.Config{Data: dir, Database: database, HTTP: "127.0.0.1:0"})
	if err != nil {
		return nil, errors.Join(err, s.done())
	}
	self, err := os.Executable()
	if err != nil {
		return nil, errors.Join(err, s.done())
	}
	s.cmd = exec.CommandContext(ctx, self)
	s.cmd.Env = append(os.Environ(), serveEnv+"="+string(cfg))
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, s.done())
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), s.stop())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.url = "http://" + strings.TrimSpace(line)
	return s, nil
}

func (s *server) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	return errors.Join(s.cmd.Wait(), s.done())
}

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
