package storetest

import (
	"encoding/json"
	"fmt"
	"testing"

	"tandem"
)

func decode[T any](tb testing.TB, raw json.RawMessage) T {
	tb.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		tb.Fatalf("decode %s: %v", raw, err)
	}
	return v
}

var routeTests = []contract{
	in("a route is read as it was stored, by id, number and name", func(t *testing.T, w World) {
		for _, key := range []string{string(w.Route.ID), w.Route.Number, w.Route.Name} {
			got, err := w.Store.Route(ctx, key)
			must(t, err)
			equal(t, "route by "+key, got, w.Route)
		}
		_, err := w.Store.Route(ctx, "+4930123456")
		wantError(t, err, tandem.NotFound, "")
	}),
	in("a number belongs to one route, and outbound routes have none", func(t *testing.T, w World) {
		wantError(t, w.Store.CreateRoute(ctx, Actor, NewRoute(w.Route.Number, w.Versions[0].ID)), tandem.Conflict, "number")
		for i := range 2 {
			out := NewRoute("", w.Versions[0].ID)
			out.Kind, out.Name = tandem.Outbound, fmt.Sprintf("campaign %d", i)
			must(t, w.Store.CreateRoute(ctx, Actor, out))
		}
		other := NewRoute("+14155550101", w.Versions[0].ID)
		must(t, w.Store.CreateRoute(ctx, Actor, other))
		_, err := w.Store.UpdateRoute(ctx, Actor, "route.edit", other.ID, 0, func(r *tandem.Route) error { r.Number = w.Route.Number; return nil })
		wantError(t, err, tandem.Conflict, "number")
	}),
	in("a live version must be published", func(t *testing.T, w World) {
		wantError(t, w.Store.CreateRoute(ctx, Actor, NewRoute("+14155550101", tandem.NewID(Start))), tandem.Invalid, "live_version_id")
		_, err := w.Store.UpdateRoute(ctx, Actor, "route.edit", w.Route.ID, 0, func(r *tandem.Route) error { r.LiveVersionID = w.Agent.ID; return nil })
		wantError(t, err, tandem.Invalid, "live_version_id")
	}),
	in("a name that several routes share is no address", func(t *testing.T, w World) {
		twin := NewRoute("+14155550101", w.Versions[0].ID)
		twin.Name = w.Route.Name
		must(t, w.Store.CreateRoute(ctx, Actor, twin))
		_, err := w.Store.Route(ctx, twin.Name)
		wantError(t, err, tandem.Conflict, "route")
		named := NewRoute("+14155550102", w.Versions[0].ID)
		named.Name = w.Route.Number // the default name; the number itself goes first
		must(t, w.Store.CreateRoute(ctx, Actor, named))
		got, err := w.Store.Route(ctx, w.Route.Number)
		must(t, err)
		equal(t, "route", got.ID, w.Route.ID)
	}),
	in("a change is stored, audited and moves the configuration", func(t *testing.T, w World) {
		before, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		got, err := w.Store.UpdateRoute(ctx, "ann", "route.edit", w.Route.ID, 1, func(r *tandem.Route) error {
			r.LiveVersionID, r.FallbackURI, r.VersionLimit, r.MaxCallSeconds = w.Versions[1].ID, "sip:desk@example.com", 0, 60
			r.SIPMode, r.Name = tandem.Redirect, "renamed"
			return nil
		})
		must(t, err)
		stored, err := w.Store.Route(ctx, "renamed")
		must(t, err)
		equal(t, "stored route", stored, got)
		if got.Revision != 2 || !got.UpdatedAt.After(w.Route.UpdatedAt) {
			t.Errorf("route became %+v", got)
		}
		after, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		if after <= before {
			t.Errorf("configuration version went from %d to %d", before, after)
		}
		entries, _, err := w.Store.Audit(ctx, w.Route.ID, tandem.Page{})
		must(t, err)
		equal(t, "before", decode[tandem.Route](t, entries[0].Before), w.Route)
		equal(t, "after", decode[tandem.Route](t, entries[0].After), got)
		_, err = w.Store.UpdateRoute(ctx, Actor, "route.edit", w.Route.ID, 1, func(*tandem.Route) error { return nil })
		wantError(t, err, tandem.Stale, "revision")
		_, err = w.Store.UpdateRoute(ctx, Actor, "route.edit", w.Agent.ID, 0, func(*tandem.Route) error { return nil })
		wantError(t, err, tandem.NotFound, "")
	}),
	in("routes are listed by name", func(t *testing.T, w World) {
		want := []tandem.ID{w.Route.ID}
		for i := range 5 {
			r := NewRoute(fmt.Sprintf("+1415555011%d", i), w.Versions[0].ID)
			r.Name = "z" // one name for all: the id decides, and none is lost
			must(t, w.Store.CreateRoute(ctx, Actor, r))
		}
		got := pages(t, 2, w.Store.Routes)
		equal(t, "first", got[0].ID, want[0])
		for i := 2; i < len(got); i++ {
			if got[i].ID <= got[i-1].ID {
				t.Errorf("route %d has id %s, after %s", i, got[i].ID, got[i-1].ID)
			}
		}
		equal(t, "length", len(got), 6)
		badCursors(t, w.Store.Routes)
	}),
	in("the configuration holds routes, running tests and the versions they name", func(t *testing.T, w World) {
		old, err := w.Store.Publish(ctx, Actor, w.Agent.ID, 0, "named by nobody")
		must(t, err)
		recorded := NewTest(t, w.Route, w.Versions)
		recorded.Status = tandem.Recorded
		must(t, w.Store.StartTest(ctx, Actor, recorded))
		c, err := w.Store.Config(ctx)
		must(t, err)
		version, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		equal(t, "configuration", c, tandem.Config{
			Version: version, Routes: []tandem.Route{w.Route}, Tests: []tandem.Test{w.Test},
			Versions: map[tandem.ID]tandem.Version{w.Versions[0].ID: w.Versions[0], w.Versions[1].ID: w.Versions[1]},
		})
		if _, there := c.Versions[old.ID]; there {
			t.Error("a version that nobody names is in the configuration")
		}
	}),
}
