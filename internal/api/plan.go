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
	Effect float64 `query:"effect" doc:"Difference to find, B less A, in the primary metric's unit; default: the one seen so far, unless another arm than A was kept" example:"0.05"`
}

func (a *api) plans() {
	register(a, operation{
		id: "make-plan", method: http.MethodPost, path: "/v1/plan", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Plan a test", description: "How many calls and days it takes to find a difference, for a test that is watched, for one that is planned, and for reference for a single look; or which difference a number of calls or days can find.",
	}, a.makePlan)
	register(a, operation{
		id: "get-test-plan", method: http.MethodGet, path: "/v1/tests/{test}/plan", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Plan with what a test has seen", refusals: []int{409}, description: "The same for a test's primary metric, with its baseline and spread, for the difference that it has seen so far or another. Only for the test that runs on its route, else the latest: an older one says nothing about the calls of today. How many more calls a running test needs stands in the verdict of its results.",
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
	r, err := a.Results.ForRoute(ctx, string(t.RouteID))
	if err != nil {
		return nil, err
	}
	if r.TestID != t.ID { // PlanFor would fill in the figures of that one
		return nil, tandem.Errorf(tandem.Conflict, "", "the route is at test %s now; plan with that one, or give this one's figures to POST /v1/plan", r.TestID)
	}
	effect := in.Effect
	if effect == 0 {
		if effect, err = seen(t, r.Verdict); err != nil {
			return nil, err
		}
	}
	return onePlain(a.Results.PlanFor(ctx, string(t.RouteID), results.PlanRequest{Metric: t.PrimaryMetric, Effect: effect}, a.Now()))
}

// seen gives the difference that a plan takes when none was asked about: the
// one that the test has seen.
func seen(t tandem.Test, v tandem.Verdict) (float64, error) {
	if t.Winner != "" && t.Winner != t.Arms[0].Key { // the baseline is the winner, which is better than A by that much already
		return 0, tandem.Errorf(tandem.Invalid, "effect", "is missing; arm %s was kept, so say which difference from it to find", t.Winner)
	}
	if v.Value == nil || *v.Value == 0 {
		return 0, tandem.Errorf(tandem.Invalid, "effect", "is missing; the test has seen no difference yet, so say which one to find")
	}
	return *v.Value, nil
}
