package app

import (
	"context"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tandem/internal/api"
	"tandem/internal/sip"
)

// Release gives Tandem's version: the module's, or "dev" when it was built
// from a work tree.
func Release() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

// askStore bounds how long a status waits for the store.
const askStore = 2 * time.Second

func (a *App) status(ctx context.Context) api.Status {
	ctx, cancel := context.WithTimeout(ctx, askStore)
	defer cancel()
	s := api.Status{
		Release: Release(), StartedAt: a.started, UptimeSeconds: int64(time.Since(a.started).Seconds()),
		SpoolBacklog: a.recorder.Pending(), SIPListeners: a.listenerNames(), SIPTrunks: a.trunks(), DatabaseOK: true,
	}
	s.Node, _ = os.Hostname()
	counts, err := a.store.InProgress(ctx)
	if err != nil {
		s.DatabaseOK, s.DatabaseError = false, err.Error()
	}
	for _, n := range counts {
		s.CallsInProgress += n
	}
	return s
}

// listenerNames writes the gateway's listeners as the settings do.
func (a *App) listenerNames() []string {
	var names []string
	for _, l := range a.SIPAddrs() {
		names = append(names, l.Network+":"+l.Addr)
	}
	return names
}

// trunks says who may send calls, without secrets.
func (a *App) trunks() []api.Trunk {
	var all []api.Trunk
	if len(a.cfg.Allow) > 0 {
		all = append(all, api.Trunk{Name: "sip-allow", Sources: a.cfg.Allow})
	}
	for _, t := range a.cfg.Trunks {
		all = append(all, api.Trunk{Name: t.Name, Sources: append([]string{}, t.Sources...), Password: t.Username != ""})
	}
	return all
}

func (a *App) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askStore)
	defer cancel()
	_, err := a.store.ConfigVersion(ctx)
	return err
}

// metrics serves Prometheus' text format.
func (a *App) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "tandem", Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func(sip.Stats) int64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "tandem", Subsystem: "sip", Name: name, Help: help}, func() float64 {
			return float64(value(a.sipStats()))
		}))
	}
	count := func(name, help string, value func() int64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "tandem", Name: name, Help: help}, func() float64 { return float64(value()) }))
	}
	count("evidence_moves_total", "Times that a test's evidence moved.", a.moves.Load)
	count("webhooks_delivered_total", "Notices that a webhook took.", func() int64 { return a.courier.Counts().Delivered })
	count("webhooks_retried_total", "Attempts that failed and are made again.", func() int64 { return a.courier.Counts().Retried })
	count("webhooks_failed_total", "Deliveries given up.", func() int64 { return a.courier.Counts().Failed })
	a.analysisMetrics(r)
	gauge("spool_bytes", "Bytes of events that wait for the store.", func() float64 { return float64(a.recorder.Pending()) })
	gauge("sip_transactions", "SIP transactions held.", func() float64 { return float64(a.sipStats().Transactions) })
	gauge("sip_pending_invites", "INVITEs without a final answer.", func() float64 { return float64(a.sipStats().Pending) })
	gauge("sip_connections", "TCP and TLS connections.", func() float64 { return float64(a.sipStats().Connections) })
	counter("received_total", "SIP messages received.", func(s sip.Stats) int64 { return s.Received })
	counter("sent_total", "SIP messages sent.", func(s sip.Stats) int64 { return s.Sent })
	counter("assigned_total", "Calls given to a version.", func(s sip.Stats) int64 { return s.Assigned })
	counter("failovers_total", "Attempts at another target.", func(s sip.Stats) int64 { return s.Failovers })
	counter("rejected_total", "Requests refused.", func(s sip.Stats) int64 { return s.Rejected })
	counter("shed_total", "Calls refused for overload or drain.", func(s sip.Stats) int64 { return s.Shed })
	counter("retransmissions_received_total", "Retransmissions that arrived.", func(s sip.Stats) int64 { return s.Repeated })
	counter("retransmissions_sent_total", "Retransmissions sent.", func(s sip.Stats) int64 { return s.Resent })
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

func (a *App) sipStats() sip.Stats {
	if a.gateway == nil {
		return sip.Stats{}
	}
	return a.gateway.Stats()
}
