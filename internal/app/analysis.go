package app

import (
	"context"
	"math"

	"github.com/prometheus/client_golang/prometheus"

	"tandem"
	"tandem/internal/analyze"
	"tandem/internal/ingest"
	"tandem/internal/secrets"
)

// startAnalysis has calls analysed until Stop. Whatever a language model is shown
// passes through redact first.
func (a *App) startAnalysis(ingester *ingest.Ingester, redact func([]tandem.Turn) []tandem.Turn) {
	a.box = secrets.New(a.cfg.SecretsKeyFile)
	a.analysis = analyze.New(a.store, ingester, a.box, nil, a.log)
	a.analysis.Through(redact)
	a.background(a.analysis.Run, a.analysis.Redo)
}

// analysisMetrics tells how analyses get on and what language models take. Counters
// are of this node; what waits is on all nodes.
func (a *App) analysisMetrics(r *prometheus.Registry) {
	count := func(name, help string, value func(analyze.Counts) float64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "tandem", Name: name, Help: help}, func() float64 { return value(a.analysis.Counts()) }))
	}
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "tandem", Name: name, Help: help}, value))
	}
	count("analyses_done_total", "Analyses that were recorded.", func(c analyze.Counts) float64 { return float64(c.Done) })
	count("analyses_retried_total", "Attempts at analyses that failed and are made again.", func(c analyze.Counts) float64 { return float64(c.Retried) })
	count("analyses_failed_total", "Analyses that were set aside.", func(c analyze.Counts) float64 { return float64(c.Failed) })
	count("llm_requests_total", "Requests to language models: analyses, judging, naming.", func(c analyze.Counts) float64 { return float64(c.Usage.Requests) })
	count("llm_input_tokens_total", "Tokens sent to language models.", func(c analyze.Counts) float64 { return float64(c.Usage.InputTokens) })
	count("llm_output_tokens_total", "Tokens that language models answered.", func(c analyze.Counts) float64 { return float64(c.Usage.OutputTokens) })
	count("llm_cost_dollars_total", "What language models cost, by the prices in the settings.", func(c analyze.Counts) float64 { return c.Usage.Cost })
	gauge("analyses_due", "Analyses that wait, on all nodes. NaN while the database is away.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), askStore)
		defer cancel()
		due, _, err := a.analysis.Due(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(due)
	})
	gauge("analyses_paused", "1 while this node asks no language model: it does not answer, or its settings do not work.", func() float64 {
		if a.analysis.Paused() {
			return 1
		}
		return 0
	})
}
