// Package app wires Tandem: it opens the store, starts the verbs and the edges
// in the order in which they need each other, and stops them in reverse. It is
// the only package that knows them all, and it decides nothing itself.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
	"tandem/internal/analyze"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/api"
	"tandem/internal/assign"
	"tandem/internal/config"
	"tandem/internal/console"
	"tandem/internal/ingest"
	"tandem/internal/live"
	"tandem/internal/notify"
	"tandem/internal/privacy"
	"tandem/internal/recording"
	"tandem/internal/results"
	"tandem/internal/sample"
	"tandem/internal/secrets"
	"tandem/internal/sip"
	"tandem/internal/steer"
	"tandem/internal/store"
)

// drainFor is how long a stopping server waits for calls that are being set up
// and requests that are being answered.
const drainFor = 10 * time.Second

// App is a running server.
type App struct {
	cfg     config.Config
	log     *slog.Logger
	started time.Time
	moves   atomic.Int64 // of evidence

	store    *store.Store
	proxies  []netip.Prefix
	hub      *live.Hub
	assigner *assign.Assigner
	recorder *ingest.Recorder
	pilot    *steer.Pilot
	courier  *notify.Courier
	analysis *analyze.Runner
	box      *secrets.Box
	gateway  *sip.Gateway
	http     *http.Server
	addr     string

	// stops undo what Start did, newest last.
	stops []func(context.Context) error
}

// Start starts a server as cfg says. When it fails, whatever it had started is
// stopped again.
func Start(ctx context.Context, cfg config.Config, log *slog.Logger) (*App, error) {
	a := &App{cfg: cfg, log: log, started: time.Now().UTC()}
	for _, step := range []func(context.Context) error{a.claimData, a.openStore, a.startVerbs, a.startGateway, a.startHTTP} {
		if err := step(ctx); err != nil {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
			defer cancel()
			return nil, errors.Join(err, a.Stop(stopCtx))
		}
	}
	// Starting leaves behind more than serving needs: migrations, the schemas of the API.
	debug.FreeOSMemory()
	return a, nil
}

// Stop refuses new work, lets what is in hand finish until ctx ends, and stops
// everything. It may be called once.
func (a *App) Stop(ctx context.Context) error {
	var errs []error
	for len(a.stops) > 0 {
		last := len(a.stops) - 1
		errs = append(errs, a.stops[last](ctx))
		a.stops = a.stops[:last]
	}
	return errors.Join(errs...)
}

// onStop has stop run at Stop, before everything that was started earlier.
func (a *App) onStop(stop func(context.Context) error) { a.stops = append(a.stops, stop) }

// HTTPAddr gives the address that the API listens on.
func (a *App) HTTPAddr() string { return a.addr }

// SIPAddrs gives the gateway's listeners with the ports they got.
func (a *App) SIPAddrs() []sip.Listener {
	if a.gateway == nil {
		return nil
	}
	return a.gateway.Addrs()
}

// claimData makes the data folder and keeps a second server out of it: two
// would write over each other's spool.
func (a *App) claimData(context.Context) error {
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return tandem.Errorf(tandem.Invalid, "data", "cannot be made: %v", err)
	}
	release, err := lock(filepath.Join(a.cfg.Data, "lock"))
	if err != nil {
		return tandem.Errorf(tandem.Conflict, "data", "%s is in use by another server: %v", a.cfg.Data, err)
	}
	a.onStop(func(context.Context) error { return release() })
	return nil
}

func (a *App) openStore(ctx context.Context) error {
	var err error
	if a.store, err = store.Open(ctx, a.cfg.Database); err != nil {
		return err
	}
	a.onStop(func(context.Context) error { return a.store.Close() })
	return nil
}

func (a *App) startVerbs(ctx context.Context) error {
	a.hub = live.New()
	folder := results.NewFolder(a.store, a.log, a.evidenceMoved)
	counter := results.NewCounter(a.store)
	moved := func(id tandem.ID) {
		folder.Moved(id)
		a.hub.Publish(live.Change{Kind: live.Results, ID: id})
	}
	allMoved := func(tests []tandem.ID) {
		for _, id := range tests {
			moved(id)
		}
	}
	sweeper := results.NewSweeper(a.store, counter, a.log, moved)
	keeper, err := newKeeper(ctx, a.store, a.cfg.Region, a)
	if err != nil {
		return err
	}
	ingester := ingest.NewPrivate(a.store, counter, dialogue.Measure, ingest.Privacy{Redact: keeper.Redact, Hide: tandem.Hider{Hash: keeper.Hash}}, a.log, allMoved)
	a.onStop(func(context.Context) error { ingester.Close(); return nil })
	privates := privacy.NewWorker(keeper, a.store, counter, a.log, allMoved)

	if a.recorder, err = ingest.NewRecorder(ingester, filepath.Join(a.cfg.Data, "events.spool"), a.log); err != nil {
		return err
	}
	a.onStop(func(context.Context) error { return a.recorder.Close() })

	a.assigner = assign.New(a.store, a.log)
	if err := a.assigner.Reload(ctx); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	if a.proxies, err = config.Prefixes("http-proxies", a.cfg.Proxies); err != nil {
		return err
	}
	reader := results.NewReader(a.store, folder)
	a.courier = notify.New(a.store, a.log)
	a.pilot = steer.New(a.store, standings{reader}, a.assigner, a.log, a.steered, a.courier.Wake)
	a.startAnalysis(ingester, keeper.Turns)
	grouper, topicsReader := a.topics(keeper.Turns)
	a.background(grouper.Run, a.assigner.Run, ingester.Reap, func(ctx context.Context) { a.hub.Watch(ctx, a.store, a.log) },
		folder.Run, a.pilot.Run, a.courier.Run, sweeper.Run, keeper.Run, privates.Run)
	sampler := sample.NewSampler(a.store)
	seal, err := a.seal(ctx)
	if err != nil {
		return err
	}
	outgoing, err := a.cfg.TLS()
	if err != nil {
		return err
	}
	a.http = &http.Server{
		Handler: api.New(api.Deps{
			Store: a.store, Assigner: a.assigner, Ingester: ingester, Results: reader, Sampler: sampler, Seal: seal, Desk: a.startJudge(sampler),
			Topics: topicsReader, Recordings: recording.New(a.cfg.RecordingHosts), TestCalls: sip.NewTestCaller(outgoing), Privacy: personal{keeper, privates}, Analysis: a.analysis, Box: a.box, Hub: a.hub, Region: a.cfg.Region, Release: Release(), Log: a.log, Console: console.Handler(), Metrics: a.metrics(),
			Status: a.status, Ready: a.ready, GoalChanged: sweeper.Wake, Proxies: a.proxies,
		}),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	return nil
}

// background runs tasks until Stop.
func (a *App) background(tasks ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(func() { task(ctx) })
	}
	a.onStop(func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

func (a *App) startGateway(ctx context.Context) error {
	listeners, err := a.cfg.Listeners()
	if err != nil || len(listeners) == 0 {
		return err
	}
	cfg, err := a.gatewayConfig(ctx, listeners)
	if err != nil {
		return err
	}
	g, err := sip.New(cfg, a.assigner, a.recorder, a.log)
	if err != nil {
		return err
	}
	if err := g.Start(ctx); err != nil {
		return tandem.Errorf(tandem.Invalid, "sip", "cannot listen: %w", err)
	}
	a.gateway = g
	a.onStop(g.Stop)
	return nil
}

func (a *App) gatewayConfig(ctx context.Context, listeners []config.Listener) (sip.Config, error) {
	cfg := sip.Config{Region: a.cfg.Region}
	var err error
	if cfg.Secret, err = a.store.Secret(ctx); err != nil {
		return cfg, fmt.Errorf("read the nodes' secret: %w", err)
	}
	if cfg.TLS, err = a.cfg.TLS(); err != nil {
		return cfg, err
	}
	for _, l := range listeners {
		sl := sip.Listener{Network: l.Network, Addr: l.Addr}
		if a.cfg.Advertise != "" {
			_, port, _ := net.SplitHostPort(l.Addr) // checked by config
			sl.Advertise = net.JoinHostPort(a.cfg.Advertise, port)
		}
		cfg.Listen = append(cfg.Listen, sl)
	}
	allowed, err := config.Prefixes("sip-allow", a.cfg.Allow)
	if err != nil {
		return cfg, err
	}
	if len(allowed) > 0 {
		cfg.Trunks = append(cfg.Trunks, sip.Trunk{Name: "sip-allow", Sources: allowed})
	}
	for _, t := range a.cfg.Trunks {
		sources, err := config.Prefixes("trunks."+t.Name, t.Sources)
		if err != nil {
			return cfg, err
		}
		cfg.Trunks = append(cfg.Trunks, sip.Trunk{Name: t.Name, Sources: sources, Username: t.Username, Password: t.Password})
	}
	return cfg, nil
}

func (a *App) startHTTP(ctx context.Context) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.HTTP)
	if err != nil {
		return tandem.Errorf(tandem.Invalid, "http", "cannot listen on %s: %v", a.cfg.HTTP, err)
	}
	a.addr = ln.Addr().String()
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := a.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the API stopped", "error", err)
		}
	}()
	a.onStop(func(ctx context.Context) error {
		a.hub.Close() // ends the streams, which would hold Shutdown up
		err := a.http.Shutdown(ctx)
		if err != nil {
			err = errors.Join(err, a.http.Close())
		}
		<-served
		return err
	})
	return nil
}
