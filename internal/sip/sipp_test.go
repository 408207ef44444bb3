package sip

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tandem"
	"tandem/internal/assign"
)

// sipp is one running SIPp.
type sipp struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  strings.Builder
	errs string
	done chan error
}

// startSIPp runs a scenario of testdata. SIPp is another implementation of SIP
// than ours; without it these tests say nothing, so they fail.
func startSIPp(t *testing.T, scenario string, args ...string) *sipp {
	t.Helper()
	path, err := exec.LookPath("sipp")
	if err != nil {
		t.Fatal("SIPp is missing: apt-get install sip-tester")
	}
	file, err := filepath.Abs(filepath.Join("testdata", scenario+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &sipp{t: t, errs: filepath.Join(dir, "errors.log"), done: make(chan error, 1)}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	s.cmd = exec.CommandContext(ctx, path, append([]string{
		"-sf", file, "-i", "127.0.0.1", "-nostdin", "-trace_err", "-error_file", s.errs,
	}, args...)...)
	s.cmd.Dir, s.cmd.Stdout = dir, &s.out
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGKILL) }
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		cancel()
		<-s.done
	})
	return s
}

// startAgent starts SIPp as an agent at a port, and waits until it listens there: a
// call that comes before would find nobody.
func startAgent(t *testing.T, scenario, port string, args ...string) *sipp {
	t.Helper()
	s := startSIPp(t, scenario, append([]string{"-p", port}, args...)...)
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	bound := fmt.Sprintf("0100007F:%04X ", n) // 127.0.0.1 as Linux writes it
	eventually(t, func() bool {
		sockets, err := os.ReadFile("/proc/net/udp")
		return err == nil && strings.Contains(string(sockets), bound)
	}, "the agent to listen")
	return s
}

// finish waits until SIPp has made or taken its calls, all of them well.
func (s *sipp) finish() {
	s.t.Helper()
	err := <-s.done
	s.done <- err
	if err == nil {
		return
	}
	errs, _ := os.ReadFile(s.errs)
	s.t.Errorf("SIPp %v: %v\n%.3000s\n%s", s.cmd.Args, err, errs, tail(s.out.String(), 1500))
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// freePort gives a UDP port of loopback that is free now.
func freePort(t *testing.T) string {
	t.Helper()
	u := newUA(t, UDP)
	u.close()
	return strconv.Itoa(int(u.at.Port()))
}

// source is a configuration that never changes.
type source tandem.Config

func (s source) Config(context.Context) (tandem.Config, error)           { return tandem.Config(s), nil }
func (s source) ConfigVersion(context.Context) (int64, error)            { return 1, nil }
func (s source) InProgress(context.Context) (map[tandem.ID]int64, error) { return nil, nil }

// splitWorld is a gateway with the real assigner and a test of two versions at
// these ports, split evenly. With deadA, B's is the live version.
func splitWorld(t *testing.T, portA, portB string, deadA bool) (w *world, a, b tandem.ID) {
	t.Helper()
	now := time.Now()
	va, vb := newVersion("sip:a@127.0.0.1:"+portA, nil), newVersion("sip:b@127.0.0.1:"+portB, nil)
	route := tandem.Route{ID: tandem.NewID(now), Kind: tandem.Inbound, Number: number, Name: "desk", LiveVersionID: va.ID, SIPMode: tandem.Proxy, MaxCallSeconds: 60}
	test, err := tandem.NewTest(route, tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: va.ID, Weight: 50}, {VersionID: vb.ID, Weight: 50}}}, now)
	if err != nil {
		t.Fatal(err)
	}
	assigner := assign.New(source{Version: 1, Routes: []tandem.Route{route}, Tests: []tandem.Test{test}, Versions: map[tandem.ID]tandem.Version{va.ID: *va, vb.ID: *vb}}, discard())
	if err := assigner.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	// SIPp's own timers are those of the RFC; ours must not run ahead of them.
	w = start(t, func(c *Config) { c.Timers = Timers{} }, func(g *Gateway) {
		if g.assigner = assigner; deadA {
			g.assigner = liveIs{assigner, vb}
		}
	})
	return w, va.ID, vb.ID
}

// calls joins the events of each call.
func (l *ledger) calls() map[tandem.ID]*tandem.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[tandem.ID]*tandem.Call{}
	for _, e := range l.events {
		if out[e.CallID] == nil {
			out[e.CallID] = &tandem.Call{ID: e.CallID}
		}
		out[e.CallID].Apply(e)
	}
	return out
}

func TestCallsBetweenSIPpAndSIPp(t *testing.T) {
	const n = 200
	for _, c := range []struct {
		name, caller, agent string
		dead                bool // A's agent is not there
		by                  tandem.EndedBy
		answered            bool
		transfer            tandem.TransferState
	}{
		{name: "the caller hangs up", caller: "caller", agent: "agent", by: tandem.ByCaller, answered: true},
		{name: "the agent hangs up", caller: "caller_listens", agent: "agent_hangs_up", by: tandem.ByAgent, answered: true},
		{name: "the caller gives up", caller: "caller_cancels", agent: "agent_rings", by: tandem.ByCaller},
		{name: "the agent hands the caller on", caller: "caller_referred", agent: "agent_refers", by: tandem.ByAgent, answered: true, transfer: tandem.TransferCompleted},
		{name: "one agent is dead", caller: "caller", agent: "agent", dead: true, by: tandem.ByCaller, answered: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			portA, portB, portC := freePort(t), freePort(t), freePort(t)
			w, a, b := splitWorld(t, portA, portB, c.dead)
			if !c.dead {
				startAgent(t, c.agent, portA, "-d", "20")
			}
			startAgent(t, c.agent, portB, "-d", "20")
			caller := startSIPp(t, c.caller, "-p", portC, "-s", number, "-m", strconv.Itoa(n), "-r", "200", "-d", "20", w.addr(UDP).String())
			caller.finish()
			eventually(t, func() bool { return len(w.led.all(tandem.EventEnded)) >= n }, "all calls to end")
			perArm := map[tandem.ID]int{}
			for id, call := range w.led.calls() {
				perArm[call.Assigned.Value.VersionID]++
				if call.Ended.Value.By != c.by {
					t.Errorf("call %s ended by %s; expected %s", id, call.Ended.Value.By, c.by)
				}
				if got, _ := call.WasAnswered(); got != c.answered {
					t.Errorf("call %s answered %v", id, got)
				}
				if c.transfer != "" && (call.Transfer == nil || call.Transfer.Value.State != c.transfer || call.Transfer.Value.To == "") {
					t.Errorf("call %s has transfer %+v", id, call.Transfer)
				}
				wantFailover := c.dead && call.Assigned.Value.VersionID == a
				if got := call.Failover != nil; got != wantFailover {
					t.Errorf("call %s of version %s has failover %v", id, call.Assigned.Value.VersionID, got)
				}
			}
			// Five standard deviations around one half.
			if perArm[a]+perArm[b] != n || perArm[a] < n/2-36 || perArm[b] < n/2-36 {
				t.Errorf("assigned %v of %d", perArm, n)
			}
		})
	}
}

func TestNoBYEOvertakesItsACK(t *testing.T) {
	// ACK and BYE leave the caller back to back; the agent's scenario breaks
	// when they arrive the other way round.
	const n = 3000
	portA, portB := freePort(t), freePort(t)
	w, _, _ := splitWorld(t, portA, portB, false)
	startAgent(t, "agent", portA)
	startAgent(t, "agent", portB)
	caller := startSIPp(t, "caller", "-p", freePort(t), "-s", number, "-m", strconv.Itoa(n), "-r", "600", "-d", "0", w.addr(UDP).String())
	caller.finish()
	eventually(t, func() bool { return len(w.led.all(tandem.EventEnded)) >= n }, "all calls to end")
}

// liveIs is an assigner with another live version.
type liveIs struct {
	Assigner
	live *tandem.Version
}

func (l liveIs) Assign(r assign.Request) (assign.Decision, bool) {
	d, ok := l.Assigner.Assign(r)
	d.Live = l.live
	return d, ok
}
