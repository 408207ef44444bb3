package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// subject is the process under test.
type subject struct {
	*process
	out string
}

func (s *subject) cpu() time.Duration { return cpuTime(s.cmd.Process.Pid) }
func (s *subject) memory() int64      { return memoryOf(s.cmd.Process.Pid) }

func (s *subject) log() string {
	text, _ := os.ReadFile(s.out)
	return string(text[max(0, len(text)-2000):])
}

func startSubject(ctx context.Context, name, dir string) (*subject, error) {
	s := &subject{out: filepath.Join(dir, name+".log")}
	var cmd *exec.Cmd
	switch name {
	case "kamailio":
		path, err := exec.LookPath("kamailio")
		if err != nil {
			return nil, errors.New("Kamailio is missing: apt-get install kamailio") //nolint:staticcheck // a name
		}
		text, err := files.ReadFile("testdata/kamailio.cfg")
		if err != nil {
			return nil, err
		}
		text = []byte(strings.NewReplacer("LISTEN", "udp:"+subjectAddr, "AGENT", agentAddr, "PROBE", probeAddr).Replace(string(text)))
		cfg := filepath.Join(dir, "kamailio.cfg")
		if err := os.WriteFile(cfg, text, 0o600); err != nil {
			return nil, err
		}
		cmd = exec.CommandContext(ctx, path, "-f", cfg, "-DD", "-E", "-m", "2048", "-x", "fm", "-b", "4194304",
			"-P", filepath.Join(dir, "kamailio.pid"), "-Y", dir)
	case "gateway", "server":
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd = exec.CommandContext(ctx, self)
		cmd.Env = append(os.Environ(), roleEnv+"="+name, dirEnv+"="+dir)
	default:
		return nil, errors.New("no such subject: " + name)
	}
	log, err := os.Create(s.out)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	s.process, err = start(cmd)
	return s, err
}

var secret = bytes.Repeat([]byte{7}, 32)
