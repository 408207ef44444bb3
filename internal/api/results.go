package api

import (
	"context"
	"net/http"
	"time"

	"tandem"
	"tandem/internal/results"
)

// Results reads a test's results.
type Results interface {
	Results(ctx context.Context, testID tandem.ID) (results.Results, error)
	// ForRoute gives those of the route's running test, else of its latest.
	ForRoute(ctx context.Context, idOrNumberOrName string) (results.Results, error)
	// CallsPerDay counts every route's calls of the last days.
	CallsPerDay(ctx context.Context, days int, zone *time.Location, now time.Time) (results.CallsPerDay, error)
	// PlanFor works out a plan with what the route knows.
	PlanFor(ctx context.Context, idOrNumberOrName string, req results.PlanRequest, now time.Time) (results.Plan, error)
}

type readResults struct {
	TestPath
	Tracks string `query:"tracks" enum:"all,primary" default:"all" doc:"Whose histories come along: those of all metrics, or of the primary one. They are most of an answer"`
}

func (a *api) results() {
	register(a, operation{
		id: "get-results", method: http.MethodGet, path: "/v1/tests/{test}/results", tag: tagResults, scope: tandem.ScopeRead,
		summary: "Read a test's results", description: "From running tallies: the answer takes as long for ten million calls as for ten.",
	}, func(ctx context.Context, in *readResults) (*plain[results.Results], error) {
		if !in.Test.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no test has the id %.120q", in.Test)
		}
		r, err := a.Results.Results(ctx, in.Test)
		if in.Tracks == "primary" {
			r.DropTracks()
		}
		return onePlain(r, err)
	})
	register(a, operation{
		id: "get-route-results", method: http.MethodGet, path: "/v1/routes/{route}/results", tag: tagResults, scope: tandem.ScopeRead,
		summary: "Read the results of a route's test", description: "Of the test that runs on it, else of the latest.",
	}, func(ctx context.Context, in *RoutePath) (*plain[results.Results], error) {
		r, err := a.route(ctx, in.Route)
		if err != nil {
			return nil, err
		}
		return onePlain(a.Results.ForRoute(ctx, string(r.ID)))
	})
	a.volume()
	a.samples()
}
