package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/results"
)

type makePlan struct {
	Body struct {
		Route string `json:"route,omitempty" doc:"Id, phone number or name of a route: its volume, and for a metric what its latest test knows, fill in what is left out"`
		results.PlanRequest
	}
}

type testPlan struct {
	TestPath
	Effect float64 `query:"effect" doc:"Difference to find, B less A, in the primary metric's unit; default: the one seen so far" example:"0.05"`
}

func (a *api) plans() {
	register(a, operation{
		id: "make-plan", method: http.MethodPost, path: "/v1/plan", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Plan a test", description: "How many calls and days it takes to find a difference, for a test that is watched, for one that is planned, and for reference for a single look; or which difference a number of calls or days can find.",
	}, a.makePlan)
	register(a, operation{
		id: "get-test-plan", method: http.MethodGet, path: "/v1/tests/{test}/plan", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Plan with what a test has seen", description: "The same for a test's primary metric, with its baseline and spread, for the difference that it has seen so far or another. How many more calls a running test needs stands in the verdict of its results.",
	}, a.testPlan)
}

func (a *api) makePlan(ctx context.Context, in *makePlan) (*plain[results.Plan], error) {
	if in.Body.Route == "" {
		if in.Body.Metric != "" {
			return nil, tandem.Errorf(tandem.Invalid, "route", "is missing; a metric means the metric of a route's latest test")
		}
		return onePlain(results.MakePlan(in.Body.PlanRequest, 0))
	}
	r, err := a.namedRoute(ctx, in.Body.Route)
	if err != nil {
		return nil, err
	}
	return onePlain(a.Results.PlanFor(ctx, string(r.ID), in.Body.PlanRequest, a.Now()))
}

func (a *api) testPlan(ctx context.Context, in *testPlan) (*plain[results.Plan], error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	effect := in.Effect
	if effect == 0 {
		r, err := a.Results.Results(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		if r.Verdict.Value == nil || *r.Verdict.Value == 0 {
			return nil, tandem.Errorf(tandem.Invalid, "effect", "is missing; the test has seen no difference yet, so say which one to find")
		}
		effect = *r.Verdict.Value
	}
	return onePlain(a.Results.PlanFor(ctx, string(t.RouteID), results.PlanRequest{Metric: t.PrimaryMetric, Effect: effect}, a.Now()))
}
