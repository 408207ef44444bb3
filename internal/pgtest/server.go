package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	superuser    = "tandem"
	startTimeout = time.Minute // a cold cluster on a busy machine takes seconds
)

// Server is a private PostgreSQL cluster. Its methods are for one goroutine.
type Server struct {
	dir  string // holds data/, the socket and the log
	port int
	// durable: it waits for the disk, as a real one does.
	durable bool
	who     *syscall.Credential // nil: the user who runs the tests
	keep    io.Closer           // its end tells the keeper to clean up

	postgres *exec.Cmd // nil while stopped
	exited   chan error
}

// launch makes a cluster and starts it.
func launch(durable bool) (*Server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	s := &Server{durable: durable}
	if s.who, err = credential(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "tandem-pg-"); err != nil {
		return nil, err
	}
	if s.who != nil {
		if err := os.Chown(s.dir, int(s.who.Uid), int(s.who.Gid)); err != nil {
			return nil, err
		}
	}
	if err := s.startKeeper(); err != nil {
		return nil, err
	}
	cmd := s.command(initdb, "-D", s.data(), "-U", superuser, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), s.close())
	}
	if s.port, err = freePort(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := s.Start(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// URL gives the URL of the server's maintenance database.
func (s *Server) URL() string { return s.url("postgres") }

func (s *Server) url(database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", superuser, s.port, database)
}

// Start starts the stopped server on the port it had before and waits until it
// takes connections.
func (s *Server) Start() error {
	if s.postgres != nil {
		return errors.New("the server runs already")
	}
	binary, err := program("postgres")
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	sync := "off"
	if s.durable {
		sync = "on"
	}
	cmd := s.command(
		binary, "-D", s.data(), "-k", s.dir, "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync="+sync, "-c", "max_connections=200",
	)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	started, exited := make(chan error, 1), make(chan error, 1)
	go func() {
		// The kernel sends Pdeathsig when the thread that forked ends, so that
		// thread is kept until the server has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			exited <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	s.postgres, s.exited = cmd, exited
	return s.await()
}

// await waits until the server takes connections.
func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case exit := <-s.exited:
			s.postgres = nil
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("postgres ended while starting: %w\n%s", exit, log)
		case <-ctx.Done():
			return fmt.Errorf("postgres takes no connections: %w", err)
		case <-tick.C:
		}
	}
}

// Stop stops the server and waits for its end: immediately, as a crash would
// (recovery at the next start), or cleanly after ending all sessions.
func (s *Server) Stop(immediate bool) error {
	if s.postgres == nil {
		return nil
	}
	signal, clean := syscall.SIGINT, !immediate // "fast shutdown" in PostgreSQL's words
	if immediate {
		signal = syscall.SIGQUIT
	}
	if err := s.postgres.Process.Signal(signal); err != nil {
		return fmt.Errorf("stop postgres: %w", err)
	}
	err := <-s.exited
	s.postgres = nil
	if clean && err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// close stops the server and removes its files.
func (s *Server) close() error {
	err := s.Stop(true)
	return errors.Join(err, s.keep.Close(), os.RemoveAll(s.dir))
}

// startKeeper starts a shell that outlives this process by a moment: when the
// pipe to it closes, because of close or of the end of the process, it waits
// for the server's end and removes the files. It sits in a process group of
// its own, so that Ctrl-C does not end it first.
func (s *Server) startKeeper() error {
	const script = `cat >/dev/null
i=0
while [ -e "$0/data/postmaster.pid" ] && [ $i -lt 100 ]; do
	pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
	i=$((i+1)); sleep 0.1
done
rm -rf "$0"`
	keeper := s.command("/bin/sh", "-c", script, s.dir)
	keeper.SysProcAttr.Setpgid = true
	keeper.Dir = "/"
	in, err := keeper.StdinPipe()
	if err != nil {
		return err
	}
	if err := keeper.Start(); err != nil {
		return fmt.Errorf("pgtest keeper: %w", err)
	}
	s.keep = keeperEnd{in, keeper}
	return nil
}

type keeperEnd struct {
	in  io.Closer
	cmd *exec.Cmd
}

// Close tells the keeper to clean up and waits for it.
func (k keeperEnd) Close() error { return errors.Join(k.in.Close(), k.cmd.Wait()) }

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.who}
	return cmd
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// program finds one of PostgreSQL's programs in PATH or where Debian keeps
// them, the newest version first.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	best, version := "", -1.0
	for _, path := range found {
		v, err := strconv.ParseFloat(strings.Split(path, "/")[4], 64)
		if err == nil && v > version {
			best, version = path, v
		}
	}
	if best == "" {
		return "", fmt.Errorf("no program %q in PATH or /usr/lib/postgresql/*/bin: these tests need PostgreSQL (Debian: apt-get install postgresql)", name)
	}
	return best, nil
}
