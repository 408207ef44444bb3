package api_test

import (
	"context"
	"testing"
	"time"

	"tandem"
	"tandem/internal/results"
)

func TestCallsPerDayAreCountedForEveryRoute(t *testing.T) {
	s := start(t)
	s.agent("front-desk", 1)
	var first, second tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "+14155550100", "live_version": "front-desk@1"}).want(201, &first)
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "+14155550101", "live_version": "front-desk@1"}).want(201, &second)
	now := time.Now().UTC()
	assigned := func(id string, at time.Time) tandem.Event {
		call := tandem.DeriveCallID("volume", id, at)
		return tandem.Event{
			ID: id, Origin: tandem.OriginSIP, CallID: call, Kind: tandem.EventAssigned, At: at,
			Assigned: &tandem.Assignment{RouteID: first.ID, VersionID: first.LiveVersionID, UnitKind: tandem.PerCall, Unit: string(call)},
		}
	}
	err := s.ingester.Ingest(context.Background(), []tandem.Event{
		assigned("a", now), assigned("b", now), assigned("c", now.Add(-3*24*time.Hour)), assigned("d", now.Add(-30*24*time.Hour)),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got results.CallsPerDay
	s.do(s.read, "GET", "/v1/volume?days=7", nil).want(200, &got)
	if len(got.Days) != 7 || got.Days[6] != now.Format(time.DateOnly) {
		t.Errorf("the days are %v", got.Days)
	}
	if len(got.Routes) != 1 || got.Routes[0].RouteID != first.ID || got.Routes[0].Today != 2 || got.Routes[0].Calls[3] != 1 {
		t.Errorf("got %+v", got.Routes)
	}
	s.do(s.read, "GET", "/v1/volume?zone=Asia/Kathmandu", nil).want(200, &got)
	if len(got.Days) != 14 {
		t.Errorf("%d days", len(got.Days))
	}
	s.do(s.read, "GET", "/v1/volume?zone=Mars/Olympus", nil).refused(422, "query.zone")
	s.do(s.read, "GET", "/v1/volume?zone=Local", nil).refused(422, "query.zone")
	s.do(s.read, "GET", "/v1/volume?days=93", nil).refused(422)
	s.do(s.ingest, "GET", "/v1/volume", nil).refused(403)
}
