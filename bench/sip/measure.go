package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Numbers of the benchmark's routes.
const (
	proxied    = "+14155550100"
	redirected = "+14155550101"
	probed     = "+14155550102"
)

// figures are what one run gave.
type figures struct {
	calls, failed int
	retransmitted int
	lost          int // datagrams that found a socket's buffer full, any socket's
	cpu           time.Duration
	p50, p99      time.Duration // INVITE to forwarded INVITE
	memory        int64         // largest proportional set size seen, bytes
}

// settle is how long a subject may work on after the last call; its CPU time
// counts.
const settle = 2 * time.Second

// measure runs one subject under one load.
func measure(ctx context.Context, subject string, l load) (f figures, err error) {
	dir, err := os.MkdirTemp("", "tandem-bench-sip-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := startSubject(ctx, subject, dir)
	if err != nil {
		return f, err
	}
	defer s.stop()
	p, err := newProbe()
	if err != nil {
		return f, err
	}
	defer p.close()
	if err := p.ready(ctx); err != nil {
		return f, fmt.Errorf("it does not answer: %w\n%s", err, s.log())
	}
	if l.mode == "proxy" {
		agent, err := startSIPp(ctx, dir, "agent", "-p", port(agentAddr))
		if err != nil {
			return f, err
		}
		defer agent.stop()
	}
	lostBefore := receiveErrors()
	cpuBefore := s.cpu()
	caller, err := startSIPp(ctx, dir, scenarioOf(l), append(rateArgs(l), "-p", port(callerAddr), subjectAddr)...)
	if err != nil {
		return f, err
	}
	defer caller.stop()
	if l.mode == "proxy" {
		p.start()
	}
	memory := time.NewTicker(time.Second)
	defer memory.Stop()
	for running := true; running; {
		select {
		case <-ctx.Done():
			return f, ctx.Err()
		case <-memory.C:
			f.memory = max(f.memory, s.memory())
		case <-caller.done:
			if !caller.finished() {
				return f, fmt.Errorf("the caller: %w\n%s", caller.err, caller.errors())
			}
			running = false
		}
	}
	probes := p.stop()
	time.Sleep(settle)
	f.calls, f.failed, f.retransmitted = caller.result()
	f.cpu = (s.cpu() - cpuBefore) / time.Duration(max(1, f.calls+probes))
	f.lost = receiveErrors() - lostBefore
	if l.mode == "proxy" {
		f.p50, f.p99 = p.quantile(0.5), p.quantile(0.99)
	}
	keep(dir, subject, l)
	return f, nil
}

func scenarioOf(l load) string {
	if l.mode == "redirect" {
		return "redirected"
	}
	return "caller"
}

// keepEnv names a folder for the logs of every run.
const keepEnv = "TANDEM_BENCH_KEEP"

func keep(dir, subject string, l load) {
	if to := os.Getenv(keepEnv); to != "" {
		_ = os.CopyFS(filepath.Join(to, fmt.Sprintf("%s-%s-%d", subject, l.mode, time.Now().Unix())), os.DirFS(dir))
	}
}
