package main

import (
	"bufio"
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
	// serveEnv makes this program the server, in a process of its own.
	serveEnv = "TANDEM_BENCH_SERVE"
	// profileEnv names a file for the server's CPU profile.
	profileEnv = "TANDEM_BENCH_PROFILE"
)

func serveChild() int {
	var cfg config.Config
	if err := json.Unmarshal([]byte(os.Getenv(serveEnv)), &cfg); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if path := os.Getenv(profileEnv); path != "" {
		f, err := os.Create(path)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer pprof.StopCPUProfile()
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

// server is a Tandem in another process, on a world's database.
type server struct {
	*world
	cmd    *exec.Cmd
	url    string
	client *http.Client
}

// start starts a server and waits until its evidence covers every call.
func start(ctx context.Context, w *world) (*server, error) {
	cfg, err := json.Marshal(config.Config{Data: w.Dir, Database: w.database(), HTTP: "127.0.0.1:0"})
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{world: w, cmd: exec.CommandContext(ctx, self), client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	s.cmd.Env = append(os.Environ(), serveEnv+"="+string(cfg))
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
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), s.stop())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.url = "http://" + strings.TrimSpace(line)
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
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

func (s *server) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	return s.cmd.Wait()
}

func (s *server) results() string { return "/v1/tests/" + string(s.Test.ID) + "/results" }

// get asks the API; answer may be nil.
func (s *server) get(ctx context.Context, path string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.Key)
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %.500s", path, res.Status, body)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(body, answer)
}
