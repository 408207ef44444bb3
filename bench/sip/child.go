package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"tandem"
	"tandem/bench/child"
	"tandem/internal/app"
	"tandem/internal/assign"
	"tandem/internal/config"
	"tandem/internal/sip"
	"tandem/internal/store"
)

const (
	// roleEnv makes this program a subject instead.
	roleEnv = "TANDEM_BENCH_SIP_ROLE"
	dirEnv  = "TANDEM_BENCH_SIP_DIR"
)

// runSubject runs a subject until it is told to end.
func runSubject(role string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	profiled, err := child.Profile()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	serve := serveGateway
	if role == "server" {
		serve = serveTandem
	}
	if err := errors.Join(serve(ctx, child.Log()), profiled()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// counter is a recorder that only counts.
type counter struct{ n atomic.Int64 }

func (c *counter) Record(tandem.Event) { c.n.Add(1) }

// serveGateway runs the gateway with the real assigner and no store.
func serveGateway(ctx context.Context, log *slog.Logger) error {
	cfg := tandem.Config{Version: 1, Versions: map[tandem.ID]tandem.Version{}}
	for _, b := range world(time.Now().UTC()) {
		for _, v := range b.versions {
			cfg.Versions[v.ID] = v
		}
		t, err := b.test()
		if err != nil {
			return err
		}
		cfg.Routes, cfg.Tests = append(cfg.Routes, b.route), append(cfg.Tests, t)
	}
	a := assign.New(static(cfg), log)
	if err := a.Reload(ctx); err != nil {
		return err
	}
	var events counter
	g, err := sip.New(sip.Config{
		Listen: []sip.Listener{{Network: sip.UDP, Addr: subjectAddr}},
		Trunks: []sip.Trunk{{Name: "load", Sources: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}},
		Secret: secret,
	}, a, &events, log)
	if err != nil {
		return err
	}
	if err := g.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	fmt.Printf("%+v events=%d\n", g.Stats(), events.n.Load())
	stopCtx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = g.Stop(stopCtx)
	return nil
}

// serveTandem runs the whole server on a new SQLite file.
func serveTandem(ctx context.Context, log *slog.Logger) error {
	dir := os.Getenv(dirEnv)
	database := "sqlite:" + filepath.Join(dir, "tandem.db")
	if err := fill(ctx, database); err != nil {
		return err
	}
	a, err := app.Start(ctx, config.Config{
		Data: dir, Database: database, HTTP: "127.0.0.1:0", SIP: []string{"udp:" + subjectAddr}, Allow: []string{"127.0.0.0/8"},
	}, log)
	if err != nil {
		return err
	}
	return child.Await(ctx, a)
}

// fill stores the benchmark's world.
func fill(ctx context.Context, database string) error {
	st, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	for _, b := range world(time.Now().UTC().Truncate(time.Microsecond)) {
		agent := tandem.Agent{ID: tandem.NewID(b.route.CreatedAt), Name: b.route.Name, CreatedAt: b.route.CreatedAt, UpdatedAt: b.route.CreatedAt, Draft: b.versions[0].Content}
		if err := st.CreateAgent(ctx, "bench", agent); err != nil {
			return err
		}
		for i := range b.versions {
			if b.versions[i], err = st.Publish(ctx, "bench", agent.ID, 0, ""); err != nil {
				return err
			}
		}
		b.route.LiveVersionID = b.versions[0].ID
		t, err := b.test()
		if err != nil {
			return err
		}
		if err := errors.Join(st.CreateRoute(ctx, "bench", b.route), st.StartTest(ctx, "bench", t)); err != nil {
			return err
		}
	}
	return nil
}

// block is a route and the two versions of its test.
type block struct {
	route    tandem.Route
	versions [2]tandem.Version
}

func (b block) test() (tandem.Test, error) {
	return tandem.NewTest(b.route, tandem.TestSpec{Arms: []tandem.ArmSpec{
		{VersionID: b.versions[0].ID, Weight: 50}, {VersionID: b.versions[1].ID, Weight: 50},
	}}, time.Now().UTC())
}

// world is a proxied, a redirected and a probed number, each split evenly.
func world(now time.Time) (out []block) {
	for _, r := range []struct {
		number, name, agent string
		mode                tandem.SIPMode
	}{
		{proxied, "proxied", agentAddr, tandem.Proxy},
		{redirected, "redirected", agentAddr, tandem.Redirect},
		{probed, "probed", probeAddr, tandem.Proxy},
	} {
		var b block
		for i := range b.versions {
			b.versions[i] = tandem.Version{ID: tandem.NewID(now), Content: tandem.Content{Target: tandem.Target{
				Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:" + r.agent},
			}}}
		}
		b.route = tandem.Route{
			ID: tandem.NewID(now), Kind: tandem.Inbound, Number: r.number, Name: r.name, LiveVersionID: b.versions[0].ID,
			SIPMode: r.mode, MaxCallSeconds: 3600, CreatedAt: now, UpdatedAt: now,
		}
		out = append(out, b)
	}
	return out
}

// static is a configuration that never changes.
type static tandem.Config

func (s static) Config(context.Context) (tandem.Config, error)           { return tandem.Config(s), nil }
func (s static) ConfigVersion(context.Context) (int64, error)            { return s.Version, nil }
func (s static) InProgress(context.Context) (map[tandem.ID]int64, error) { return nil, nil }
