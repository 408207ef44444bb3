package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// server is one Tandem node.
type server struct {
	*client
	t        testing.TB
	data     string
	database string // URL
	http     string // host:port
	sip      string
	log      string // path
	process  *process
}

// newServer starts a node. database "" is a SQLite file of its own.
func newServer(t testing.TB, database string) *server {
	t.Helper()
	return newServerIn(t, filepath.Join(t.TempDir(), "data"), database)
}

// newServerIn starts a node with this data folder.
func newServerIn(t testing.TB, data, database string) *server {
	t.Helper()
	s := &server{t: t, data: data, database: database, http: address(freePort(t)), sip: address(freePort(t))}
	s.log = filepath.Join(t.TempDir(), "log")
	if s.database == "" {
		s.database = "sqlite:" + filepath.Join(s.data, "tandem.db")
	}
	s.client = &client{t: t, base: "http://" + s.http, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	var key struct{ Secret string }
	s.tandemJSON(&key, append([]string{"key", "create", "tests-" + strings.ReplaceAll(s.http, ":", "-"), "--scope", "admin"}, s.where()...)...)
	s.key = key.Secret
	s.start()
	t.Cleanup(func() {
		if s.process.running() {
			s.process.end(t, syscall.SIGKILL)
		}
		if t.Failed() {
			t.Logf("last lines of the log of %s:\n%s", s.http, tail(s.log, 30))
		}
	})
	return s
}

// where are the flags that name the node's database.
func (s *server) where() []string { return []string{"--data", s.data, "--database", s.database} }

// start starts the node, at the addresses that it always has.
func (s *server) start() {
	s.t.Helper()
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(program, append([]string{"serve", "--http", s.http, "--sip", "udp:" + s.sip + ",tcp:" + s.sip}, s.where()...)...)
	cmd.Stdout, cmd.Stderr = log, log
	if s.process, err = launch(cmd); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the server is ready", func() bool {
		if !s.process.running() {
			s.t.Fatalf("the server ended at its start:\n%s", tail(s.log, 30))
		}
		res, err := http.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// kill is kill -9.
func (s *server) kill() {
	s.t.Helper()
	s.process.end(s.t, syscall.SIGKILL)
}

// stop is Ctrl-C; the server has to end well.
func (s *server) stop() {
	s.t.Helper()
	if code := s.process.end(s.t, syscall.SIGINT); code != 0 {
		s.t.Errorf("the server ended with %d:\n%s", code, tail(s.log, 30))
	}
}

// verify has everything recomputed from the calls and gives how many calls
// that were. While calls are still analysed there is nothing to say of their test:
// then it is asked again.
func (s *server) verify() int64 {
	s.t.Helper()
	var report struct {
		Calls       int64
		Differences []object
		Moving      []string
	}
	eventually(s.t, "everything can be recomputed", func() bool {
		stdout, stderr, code := s.tandem(append([]string{"--json", "verify"}, s.where()...)...)
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			s.t.Fatalf("tandem verify: exit code %d, %v\n%s%s", code, err, stdout, stderr)
		}
		if code != 0 && (len(report.Moving) == 0 || len(report.Differences) > 0) {
			s.t.Fatalf("tandem verify: exit code %d\n%s%s", code, stdout, stderr)
		}
		return code == 0
	})
	return report.Calls
}

// tandem runs a command against the server.
func (s *server) tandem(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "TANDEM_URL="+s.base, "TANDEM_KEY="+s.key)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	p, err := launch(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	code = p.wait(s.t)
	return out.String(), errs.String(), code
}

// tandemJSON runs a command that has to succeed and reads its JSON.
func (s *server) tandemJSON(into any, args ...string) {
	s.t.Helper()
	stdout, stderr, code := s.tandem(append([]string{"--json"}, args...)...)
	if code != 0 {
		s.t.Fatalf("tandem %s: exit code %d\n%s%s", strings.Join(args, " "), code, stdout, stderr)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal([]byte(stdout), into); err != nil {
		s.t.Fatalf("tandem %s: %v in %q", strings.Join(args, " "), err, stdout)
	}
}

// settled waits until all that the gateway saw is in the database and every
// call has ended.
func (s *server) settled() {
	s.t.Helper()
	s.settledBut(0)
}

// settledBut is settled when at most n calls may never end.
func (s *server) settledBut(n int) {
	s.t.Helper()
	eventually(s.t, "the spool is worked off", func() bool {
		var status struct {
			DatabaseOK      bool  `json:"database_ok"`
			SpoolBacklog    int64 `json:"spool_backlog"`
			CallsInProgress int64 `json:"calls_in_progress"`
		}
		code, err := s.do("GET", "/v1/status", nil, &status)
		return err == nil && code == http.StatusOK && status.DatabaseOK && status.SpoolBacklog == 0 && status.CallsInProgress <= int64(n)
	})
}

func tail(path string, lines int) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	return fmt.Sprint(strings.Join(all[max(0, len(all)-lines):], "\n"))
}
