// Package assign decides which version takes a call.
//
// In flows the configuration (routes, running tests, versions) from the store,
// as an immutable snapshot behind an atomic pointer; out flow decisions. Assign
// is a pure function of the snapshot and the call: it never touches the
// database, takes no lock and keeps no memory of calls, so a retransmission or
// another node gets the same answer. It never records anything: that is for
// its callers.
package assign

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"tandem"
)

// pollEvery is how often a node asks whether the configuration moved. A change
// made elsewhere is in force within this time and one read, well under the
// promised second.
const pollEvery = 250 * time.Millisecond

// Source is where the configuration is read from.
type Source interface {
	// Config gives routes, running tests and the versions they name.
	Config(ctx context.Context) (tandem.Config, error)
	// ConfigVersion grows with every change to what Config gives.
	ConfigVersion(ctx context.Context) (int64, error)
	// InProgress gives how many calls each version has in progress.
	InProgress(ctx context.Context) (map[tandem.ID]int64, error)
}

// Assigner decides which version takes a call. It is safe for concurrent use.
type Assigner struct {
	source Source
	log    *slog.Logger
	now    atomic.Pointer[snapshot]
}

// New makes an Assigner that knows no route before the first Reload.
func New(source Source, log *slog.Logger) *Assigner {
	a := &Assigner{source: source, log: log}
	a.now.Store(build(tandem.Config{Version: -1}, nil))
	return a
}

// Request is a call that wants a version.
type Request struct {
	// Number is the called number in E.164, or RouteID names the route.
	Number  string
	RouteID tandem.ID
	// CallID is Tandem's id of the call.
	CallID tandem.ID
	// Caller is the caller's number or name; empty when withheld.
	Caller string
	// Arm, if not empty, is the arm to give, by its key: nothing is drawn.
	Arm string
}

// Decision says what a call got. The pointers are into the snapshot: they stay
// valid and must not be written through.
type Decision struct {
	Assignment tandem.Assignment
	Route      *tandem.Route
	// Version takes the call; nil when only the route's fallback is left.
	Version *tandem.Version
	// Live is the route's live version.
	Live *tandem.Version
}

// Assign decides which version takes the call; false when no route has this
// number or id.
func (a *Assigner) Assign(r Request) (Decision, bool) {
	s := a.now.Load()
	e := s.byNumber[r.Number]
	if r.RouteID != "" {
		e = s.byRoute[r.RouteID]
	}
	if e == nil {
		return Decision{}, false
	}
	d := Decision{Route: &e.route, Live: e.live.version, Version: e.live.version}
	d.Assignment = tandem.Assignment{RouteID: e.route.ID, Number: e.route.Number, Caller: r.Caller, VersionID: e.route.LiveVersionID}
	chosen := e.live
	if t := e.test; t != nil {
		if e.anyFull() {
			d.Assignment.NotRandomised = tandem.ReasonLimit
		}
		unit, kind := string(r.CallID), tandem.PerCall
		if t.Unit == tandem.PerCaller && r.Caller != "" {
			unit, kind = r.Caller, tandem.PerCaller
		}
		arm := e.phase.Split.Pick(t.Salt, unit)
		if i := t.Arm(r.Arm); r.Arm != "" && i >= 0 {
			arm, d.Assignment.NotRandomised = i, tandem.ReasonForced
		}
		chosen = e.arms[arm]
		d.Version = chosen.version
		as := &d.Assignment
		as.TestID, as.Phase, as.Arm, as.VersionID = t.ID, e.phase.Number, t.Arms[arm].Key, t.Arms[arm].VersionID
		as.Probability, as.UnitKind, as.Unit = e.shares[arm], kind, unit
	}
	if chosen.version == nil {
		d.Assignment.NotRandomised, d.Version, chosen = tandem.ReasonNoTarget, e.live.version, e.live
	} else if !chosen.takes(e.route.VersionLimit) {
		d.Assignment.NotRandomised = tandem.ReasonLimit
		if e.live.takes(e.route.VersionLimit) {
			d.Version, chosen = e.live.version, e.live
		} else if e.route.FallbackURI != "" {
			d.Version, chosen = nil, slot{}
		} // with neither, the version it drew: full beats a dead line
	}
	if s.limited && chosen.load != nil {
		chosen.load.since.Add(1)
	}
	return d, true
}

// Reload reads the configuration now, so that a change made on this node is in
// force when its request is answered.
func (a *Assigner) Reload(ctx context.Context) error {
	cfg, err := a.source.Config(ctx)
	if err != nil {
		return err
	}
	for {
		before := a.now.Load()
		if before.version > cfg.Version {
			return nil // a newer one is in force already
		}
		if a.now.CompareAndSwap(before, build(cfg, before)) {
			return a.refreshLoad(ctx)
		}
	}
}

// Run keeps the snapshot current until ctx ends. While the store is away the
// last snapshot stays in force.
func (a *Assigner) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := a.poll(ctx)
		if (err != nil) != away && ctx.Err() == nil {
			if away = err != nil; away {
				a.log.Warn("configuration store is away; the last snapshot stays in force", "error", err)
			} else {
				a.log.Info("configuration store is back")
			}
		}
	}
}

func (a *Assigner) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*pollEvery)
	defer cancel()
	v, err := a.source.ConfigVersion(ctx)
	if err != nil {
		return err
	}
	if v != a.now.Load().version {
		return a.Reload(ctx)
	}
	return a.refreshLoad(ctx)
}

func (a *Assigner) refreshLoad(ctx context.Context) error {
	s := a.now.Load()
	if !s.limited {
		return nil
	}
	counts, err := a.source.InProgress(ctx)
	if err != nil {
		return err
	}
	seen := map[*load]bool{} // a version may stand in several slots
	s.eachSlot(func(v *tandem.Version, l *load) {
		if !seen[l] {
			seen[l] = true
			l.refresh(counts[v.ID])
		}
	})
	return nil
}
