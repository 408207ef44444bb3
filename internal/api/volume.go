package api

import (
	"context"
	"net/http"
	"time"

	"tandem"
	"tandem/internal/results"
)

type readVolume struct {
	Days int    `query:"days" minimum:"1" maximum:"92" default:"14" doc:"How many days, today included"`
	Zone string `query:"zone" default:"UTC" doc:"Time zone that divides the days, by its IANA name" example:"America/New_York"`
}

func (a *api) volume() {
	register(a, operation{
		id: "get-volume", method: http.MethodGet, path: "/v1/volume", tag: tagRoutes, scope: tandem.ScopeRead,
		summary:     "Count every route's calls per day",
		description: "Calls by the day on which they were given a version. A day that is over is counted anew every ten minutes, today every two seconds, so the answer may be that old.",
	}, func(ctx context.Context, in *readVolume) (*plain[results.CallsPerDay], error) {
		zone, err := time.LoadLocation(in.Zone)
		if err != nil || in.Zone == "Local" { // the server's own would mean another thing on each node
			return nil, tandem.Errorf(tandem.Invalid, "zone", "is %.60q; expected a time zone such as Europe/Berlin", in.Zone)
		}
		return onePlain(a.Results.CallsPerDay(ctx, in.Days, zone, a.Now()))
	})
}
