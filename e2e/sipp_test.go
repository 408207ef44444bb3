package e2e

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// sipp is a running SIPp. What its scenario logs are lines of name=value.
type sipp struct {
	*process
	t    testing.TB
	name string
	dir  string
	port int
}

// sippCommand has to be there: these tests do not skip for want of a program.
const sippCommand = "sipp"

func runSIPp(t testing.TB, scenario string, args ...string) *sipp {
	t.Helper()
	path, err := exec.LookPath(sippCommand)
	if err != nil {
		t.Fatalf("these tests need SIPp (Debian: apt-get install sip-tester): %v", err)
	}
	xml, err := filepath.Abs(filepath.Join("testdata", scenario+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(xml); err != nil { // looked at here, it counts for go test's cache
		t.Fatal(err)
	}
	s := &sipp{t: t, name: scenario, dir: t.TempDir(), port: freePort(t)}
	if keep := os.Getenv("TANDEM_E2E_KEEP"); keep != "" { // a folder for everything that was said
		s.dir = filepath.Join(keep, scenario+"-"+strconv.Itoa(s.port))
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-trace_msg", "-message_file", "messages")
	}
	cmd := exec.Command(path, append(args,
		"-sf", xml, "-i", "127.0.0.1", "-p", strconv.Itoa(s.port), "-nostdin", "-buff_size", "4194304",
		"-trace_logs", "-log_file", "log", "-trace_err", "-error_file", "errors", "-trace_stat", "-stf", "stat.csv", "-fd", "1",
	)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "TERM=dumb")
	if s.process, err = launch(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.running() {
			s.end(t, syscall.SIGKILL)
		}
	})
	return s
}

// answerWith starts an agent that takes every call.
func answerWith(t testing.TB, scenario string) *sipp {
	t.Helper()
	s := runSIPp(t, scenario)
	eventually(t, "SIPp listens", func() bool {
		if !s.running() {
			t.Fatalf("SIPp %s ended at its start:\n%s", scenario, tail(filepath.Join(s.dir, "errors"), 5))
		}
		probe, err := net.ListenPacket("udp", address(s.port))
		if err == nil {
			_ = probe.Close()
		}
		return err != nil // taken
	})
	return s
}

func (s *sipp) uri(user string) string { return fmt.Sprintf("sip:%s@%s", user, address(s.port)) }

// load is calls to place, all of one kind.
type load struct {
	scenario string
	script   string // what the agent is to do; default: the scenario's name
	calls    int
	rate     int // a second
	hold     int // milliseconds, for callers who leave
	outcome  string
}

// place starts placing calls to number through the gateway.
func place(t testing.TB, gateway, number string, l load) *sipp {
	t.Helper()
	if l.script == "" {
		l.script = l.scenario
	}
	return runSIPp(t, l.scenario, gateway, "-s", number, "-m", strconv.Itoa(l.calls), "-r", strconv.Itoa(l.rate),
		"-l", strconv.Itoa(l.calls), "-d", strconv.Itoa(l.hold), "-key", "script", l.script, "-key", "outcome", l.outcome,
		"-timeout", strconv.Itoa(int(2*patience.Seconds())), "-timeout_error")
}

// finished waits until all calls are through and reports those that did not go
// as the scenario has it.
func (s *sipp) finished() {
	s.t.Helper()
	if code := s.wait(s.t); code != 0 {
		s.t.Errorf("SIPp %s ended with %d, %d calls failed:\n%s", s.name, code, s.failed(), tail(filepath.Join(s.dir, "errors"), 20))
	}
}

// leave ends an agent and reports calls that did not go as its scenario has
// it.
func (s *sipp) leave() {
	s.t.Helper()
	s.end(s.t, syscall.SIGUSR1)
	if n := s.failed(); n != 0 {
		s.t.Errorf("%d calls failed at SIPp %s:\n%s", n, s.name, tail(filepath.Join(s.dir, "errors"), 20))
	}
}

// failed gives SIPp's own count of failed calls.
func (s *sipp) failed() int {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.dir, "stat.csv"))
	if err != nil {
		s.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for i, name := range strings.Split(lines[0], ";") {
		if name == "FailedCall(C)" {
			n, err := strconv.Atoi(strings.Split(lines[len(lines)-1], ";")[i])
			if err != nil {
				s.t.Fatal(err)
			}
			return n
		}
	}
	s.t.Fatalf("%s does not say how many calls failed", filepath.Join(s.dir, "stat.csv"))
	return 0
}

// entry is one line of a scenario's log.
type entry map[string]string

func (s *sipp) entries() []entry {
	s.t.Helper()
	f, err := os.Open(filepath.Join(s.dir, "log"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	var out []entry
	for lines := bufio.NewScanner(f); lines.Scan(); {
		e := entry{}
		last := ""
		for _, field := range strings.Fields(lines.Text()) {
			if name, value, ok := strings.Cut(field, "="); ok {
				e[name], last = value, name
			} else {
				e[last] = field // a [timestamp] is date, time and seconds: the seconds stay
			}
		}
		if e["call"] != "" {
			out = append(out, e)
		}
	}
	return out
}

// saw gives how each call ended, by its Call-ID.
func (s *sipp) saw() map[string]string { return s.collect("saw") }

// collect gives what the entries that have it say under name, by Call-ID.
func (s *sipp) collect(name string) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, e := range s.entries() {
		if v, ok := e[name]; ok {
			if was, twice := out[e["call"]]; twice && was != v {
				s.t.Errorf("SIPp %s says of call %s both %s=%s and %s=%s", s.name, e["call"], name, was, name, v)
			}
			out[e["call"]] = v
		}
	}
	return out
}
