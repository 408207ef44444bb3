package main

import (
	"context"
	"embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed testdata
var files embed.FS

// sipp is one running SIPp.
type sipp struct {
	*process
	stats string
	errs  string
}

// socketBuffer is what every party asks for.
const socketBuffer = 4 << 20

func startSIPp(ctx context.Context, dir, scenario string, args ...string) (*sipp, error) {
	path, err := exec.LookPath("sipp")
	if err != nil {
		return nil, errors.New("SIPp is missing: apt-get install sip-tester")
	}
	text, err := files.ReadFile("testdata/" + scenario + ".xml")
	if err != nil {
		return nil, err
	}
	name := filepath.Join(dir, scenario)
	if err := os.WriteFile(name+".xml", text, 0o600); err != nil {
		return nil, err
	}
	s := &sipp{stats: name + ".csv", errs: name + ".err"}
	cmd := exec.CommandContext(ctx, path, append([]string{
		"-sf", name + ".xml", "-i", "127.0.0.1", "-nostdin", "-buff_size", strconv.Itoa(socketBuffer),
		"-trace_stat", "-fd", "1", "-stf", s.stats, "-trace_err", "-error_file", s.errs,
	}, args...)...)
	cmd.Dir = dir
	out, err := os.Create(name + ".out")
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout = out
	s.process, err = start(cmd)
	return s, err
}

// rateArgs say how many calls to make and how fast.
func rateArgs(l load) []string {
	number := proxied
	if l.mode == "redirect" {
		number = redirected
	}
	return []string{
		"-s", number, "-m", strconv.Itoa(l.rate * l.seconds), "-r", strconv.Itoa(l.rate), "-d", "1000",
		"-l", strconv.Itoa(15 * l.rate), // in progress at once
		"-recv_timeout", "40000",
	} // ms; past all retransmissions
}

// stop ends SIPp at once: asked kindly it first waits for its calls.
func (s *sipp) stop() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// finished says whether SIPp made its calls: with status 1 it says that some
// failed, which the result tells too.
func (s *sipp) finished() bool {
	return s.err == nil || s.cmd.ProcessState.ExitCode() == 1
}

func (s *sipp) errors() string {
	text, _ := os.ReadFile(s.errs)
	return string(text[:min(len(text), 2000)])
}

// result reads SIPp's own count.
func (s *sipp) result() (calls, failed, retransmitted int) {
	text, err := os.ReadFile(s.stats)
	if err != nil {
		return 0, 0, 0
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	names, values := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	get := func(name string) int {
		for i, n := range names {
			if n == name && i < len(values) {
				v, _ := strconv.Atoi(values[i])
				return v
			}
		}
		return 0
	}
	failed = get("FailedCall(C)")
	return get("SuccessfulCall(C)") + failed, failed, get("Retransmissions(C)")
}
