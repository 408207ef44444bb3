package api

import (
	"context"
	"net/http"
	"time"

	"tandem"
	"tandem/internal/analyze"
)

// Analysis reads calls.
type Analysis interface {
	Status(ctx context.Context) (analyze.Progress, error)
	// Check says whether settings can work, without asking anybody.
	Check(s tandem.AnalyzerSettings, secrets analyze.Secrets) error
	// Try asks the model of the settings about a conversation that is built in.
	Try(ctx context.Context) (analyze.Trial, error)
	Estimate(ctx context.Context, testID tandem.ID) (tandem.ReanalysisEstimate, error)
	Again(ctx context.Context, actor string, testID tandem.ID, maxCost float64, now time.Time) (tandem.Reanalysis, error)
}

// Analyses are read and asked for.
type Analyses interface {
	CallAnalysis(ctx context.Context, id tandem.ID) (tandem.CallAnalysis, error)
	AskAnalysis(ctx context.Context, id tandem.ID) error
	Analyses(ctx context.Context, state tandem.AnalysisState, p tandem.Page) ([]tandem.CallAnalysis, string, error)
	Reanalysis(ctx context.Context, testID tandem.ID) (tandem.Reanalysis, error)
	CloseReanalysis(ctx context.Context, id tandem.ID, state tandem.ReanalysisState, note string) error
}

// Reanalysing is what came of asking for a re-analysis.
type Reanalysing struct {
	Estimate   *tandem.ReanalysisEstimate `json:"estimate,omitempty" doc:"With dry_run: what it would take"`
	Reanalysis *tandem.Reanalysis         `json:"reanalysis,omitempty" doc:"Without: what has begun"`
}

type reanalyze struct {
	TestPath
	Body struct {
		DryRun  bool    `json:"dry_run,omitempty" doc:"Only say what it would take"`
		MaxCost float64 `json:"max_cost,omitempty" minimum:"0" doc:"Stop before it costs more than so many US dollars, by estimate; 0: nowhere"`
	}
}

type reanalyzing struct {
	Status int
	Body   Reanalysing
}

func (a *api) analyses() {
	register(a, operation{
		id: "get-analysis", method: http.MethodGet, path: "/v1/calls/{call}/analysis", tag: tagAnalyses, scope: tandem.ScopeRead,
		summary: "Read what was found in a call", description: "And where its analysis stands. 404 while there is nothing to analyse: the call has not ended, or has no transcript or version.",
	}, func(ctx context.Context, in *CallPath) (*plain[tandem.CallAnalysis], error) {
		if !in.Call.Valid() {
			return nil, noCall(in.Call)
		}
		return onePlain(a.Store.CallAnalysis(ctx, in.Call))
	})
	register(a, operation{
		id: "analyze-again", method: http.MethodPost, path: "/v1/calls/{call}/analysis", tag: tagAnalyses, scope: tandem.ScopeWrite,
		summary: "Analyse a call again", status: http.StatusAccepted, description: "Whatever came of earlier attempts. What is found replaces what was found before.",
	}, func(ctx context.Context, in *CallPath) (*plain[tandem.CallAnalysis], error) {
		if !in.Call.Valid() {
			return nil, noCall(in.Call)
		}
		if err := a.Store.AskAnalysis(ctx, in.Call); err != nil {
			return nil, err
		}
		return onePlain(a.Store.CallAnalysis(ctx, in.Call))
	})
	register(a, operation{
		id: "list-analyses", method: http.MethodGet, path: "/v1/analyses", tag: tagAnalyses, scope: tandem.ScopeRead,
		summary: "List analyses, the last asked for first",
	}, func(ctx context.Context, in *struct {
		Paged
		State tandem.AnalysisState `query:"state" enum:"due,done,failed" default:"failed" doc:"Where they stand"`
	},
	) (*listResponse[tandem.CallAnalysis], error) {
		items, next, err := a.Store.Analyses(ctx, in.State, in.page())
		return pageOf(&in.Paged, items, next, err)
	})
	register(a, operation{
		id: "get-analyses-status", method: http.MethodGet, path: "/v1/analyses/status", tag: tagAnalyses, scope: tandem.ScopeRead,
		summary: "Read how analysis goes", description: "What waits, what was set aside, what today took of the budget, and why nothing moves, if so.",
	}, func(ctx context.Context, _ *struct{}) (*plain[analyze.Progress], error) {
		return onePlain(a.Analysis.Status(ctx))
	})
	register(a, operation{
		id: "reanalyze-test", method: http.MethodPost, path: "/v1/tests/{test}/reanalysis", tag: tagAnalyses, scope: tandem.ScopeWrite,
		summary: "Analyse all calls of a test again", status: http.StatusAccepted,
		description: "In the order in which they were assigned, so that all arms come to their turn alike; in the background, across restarts. With dry_run it says what that would take (200).",
	}, a.reanalyze)
	register(a, operation{
		id: "get-reanalysis", method: http.MethodGet, path: "/v1/tests/{test}/reanalysis", tag: tagAnalyses, scope: tandem.ScopeRead,
		summary: "Read how far the latest re-analysis of a test is",
	}, func(ctx context.Context, in *TestPath) (*plain[tandem.Reanalysis], error) {
		t, err := a.test(ctx, in.Test)
		if err != nil {
			return nil, err
		}
		return onePlain(a.Store.Reanalysis(ctx, t.ID))
	})
	register(a, operation{
		id: "cancel-reanalysis", method: http.MethodDelete, path: "/v1/tests/{test}/reanalysis", tag: tagAnalyses, scope: tandem.ScopeWrite,
		summary: "Cancel the re-analysis of a test", status: http.StatusNoContent, description: "What was analysed again stays; calls that wait keep what was found before.",
	}, a.cancelReanalysis)
}

func (a *api) reanalyze(ctx context.Context, in *reanalyze) (*reanalyzing, error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		est, err := a.Analysis.Estimate(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		return &reanalyzing{Status: http.StatusOK, Body: Reanalysing{Estimate: &est}}, nil
	}
	r, err := a.Analysis.Again(ctx, actor(ctx), t.ID, in.Body.MaxCost, a.Now())
	if err != nil {
		return nil, err
	}
	return &reanalyzing{Status: http.StatusAccepted, Body: Reanalysing{Reanalysis: &r}}, nil
}

func (a *api) cancelReanalysis(ctx context.Context, in *TestPath) (*struct{}, error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	r, err := a.Store.Reanalysis(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	if r.Over() {
		return nil, tandem.Errorf(tandem.Conflict, "", "the re-analysis of test %s is over: it is %s", t.ID, r.State)
	}
	return nil, a.Store.CloseReanalysis(ctx, r.ID, tandem.ReanalysisCancelled, "cancelled by "+actor(ctx))
}
