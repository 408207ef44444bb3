package main

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"testing"
	"time"

	"tandem"
	"tandem/internal/assign"
)

// fixed is a configuration that never changes.
type fixed struct{ cfg tandem.Config }

func (f fixed) Config(context.Context) (tandem.Config, error) { return f.cfg, nil }

func (f fixed) ConfigVersion(context.Context) (int64, error) { return f.cfg.Version, nil }

func (f fixed) InProgress(context.Context) (map[tandem.ID]int64, error) { return nil, nil }

// thousandRoutes is a workspace with a running test on each of its routes.
func thousandRoutes() (fixed, error) {
	now := time.Now().UTC()
	cfg := tandem.Config{Version: 1, Versions: map[tandem.ID]tandem.Version{}}
	target := tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@127.0.0.1"}}
	for n := range 1000 {
		var arms []tandem.ArmSpec
		for v := range 2 {
			ver := tandem.Version{ID: tandem.NewID(now), Number: v + 1, Content: tandem.Content{Target: target}}
			cfg.Versions[ver.ID] = ver
			arms = append(arms, tandem.ArmSpec{VersionID: ver.ID, Weight: 50})
		}
		r := tandem.Route{ID: tandem.NewID(now), Kind: tandem.Inbound, Number: number(n), Name: "r", LiveVersionID: arms[0].VersionID, SIPMode: tandem.Proxy, MaxCallSeconds: 3600}
		t, err := tandem.NewTest(r, tandem.TestSpec{Arms: arms}, now)
		if err != nil {
			return fixed{}, err
		}
		cfg.Routes, cfg.Tests = append(cfg.Routes, r), append(cfg.Tests, t)
	}
	return fixed{cfg}, nil
}

func number(n int) string {
	return "+1415555" + string([]byte{'0' + byte(n/1000%10), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)})
}

func assignment(ctx context.Context, _ options, t *table) error {
	src, err := thousandRoutes()
	if err != nil {
		return err
	}
	a := assign.New(src, slog.New(slog.DiscardHandler))
	if err := a.Reload(ctx); err != nil {
		return err
	}
	req := assign.Request{Number: number(500), CallID: tandem.NewID(time.Now()), Caller: "+14155559999"}
	ours := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, ok := a.Assign(req); !ok {
				b.Fatal("no route")
			}
		}
	})
	var buf [52]byte
	peer := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(buf[:])
		}
	})
	t.row("what", "per call", "allocations", "per second, one core", "ratio to SHA-256 alone")
	t.row("---", "---", "---", "---", "---")
	t.row("Assign, 1,000 routes under test", time.Duration(ours.NsPerOp()), ours.AllocsPerOp(), 1e9/float64(ours.NsPerOp()), float64(ours.NsPerOp())/float64(peer.NsPerOp()))
	t.row("SHA-256 of 52 bytes", time.Duration(peer.NsPerOp()), peer.AllocsPerOp(), 1e9/float64(peer.NsPerOp()), 1.0)
	return nil
}
