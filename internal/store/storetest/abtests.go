package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem"
)

var abTests = []contract{
	in("a test is read as it was stored, its salt too", func(t *testing.T, w World) {
		got, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "test", got, w.Test)
		if got.Salt == (tandem.Salt{}) {
			t.Error("the salt is lost")
		}
		_, err = w.Store.Test(ctx, w.Route.ID)
		wantError(t, err, tandem.NotFound, "")
	}),
	in("a route has one running test, and any number of others", func(t *testing.T, w World) {
		second := NewTest(t, w.Route, w.Versions)
		wantError(t, w.Store.StartTest(ctx, Actor, second), tandem.Conflict, "")
		for _, status := range []tandem.TestStatus{tandem.Recorded, tandem.Recorded, tandem.Ended} {
			other := NewTest(t, w.Route, w.Versions)
			other.Status = status
			must(t, w.Store.StartTest(ctx, Actor, other))
		}
		_, err := w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end("B"))
		must(t, err)
		must(t, w.Store.StartTest(ctx, Actor, second))
	}),
	in("arms need published versions and a stored route", func(t *testing.T, w World) {
		bad := NewTest(t, w.Route, w.Versions)
		bad.Arms[1].VersionID = w.Agent.ID
		wantError(t, w.Store.StartTest(ctx, Actor, bad), tandem.Invalid, "arms[1].version_id")
		lost := NewTest(t, w.Route, w.Versions)
		lost.RouteID = w.Agent.ID
		wantError(t, w.Store.StartTest(ctx, Actor, lost), tandem.Invalid, "route_id")
	}),
	in("ending a test moves the route to the winner in the same transaction", func(t *testing.T, w World) {
		before, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		got, err := w.Store.UpdateTest(ctx, "ann", "test.end", w.Test.ID, 1, end("B"))
		must(t, err)
		if got.Status != tandem.Ended || got.Winner != "B" || got.Revision != 2 || got.Salt != w.Test.Salt {
			t.Errorf("the test became %+v", got)
		}
		stored, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "stored test", stored, got)
		r, err := w.Store.Route(ctx, string(w.Route.ID))
		must(t, err)
		equal(t, "live version and revision", []any{r.LiveVersionID, r.Revision}, []any{w.Versions[1].ID, int64(2)})
		c, err := w.Store.Config(ctx)
		must(t, err)
		if c.Version <= before || len(c.Tests) != 0 {
			t.Errorf("configuration went from %d to %d with %d running tests", before, c.Version, len(c.Tests))
		}
		for _, object := range []tandem.ID{w.Test.ID, w.Route.ID} {
			entries, _, err := w.Store.Audit(ctx, object, tandem.Page{Limit: 1})
			must(t, err)
			equal(t, "actor and action", []string{entries[0].Actor, entries[0].Action}, []string{"ann", "test.end"})
		}
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end("A"))
		wantError(t, err, tandem.Conflict, "")
	}),
	in("a winner that the domain refuses changes neither test nor route", func(t *testing.T, w World) {
		_, err := w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end("Z"))
		wantError(t, err, tandem.Invalid, "winner")
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, func(t *tandem.Test, r *tandem.Route) error {
			return errors.Join(end("B")(t, r), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Errorf("error is %v", err)
		}
		got, err := w.Store.Test(ctx, w.Test.ID)
		must(t, err)
		equal(t, "test", got, w.Test)
		r, err := w.Store.Route(ctx, string(w.Route.ID))
		must(t, err)
		equal(t, "route", r, w.Route)
	}),
	in("a changed split opens a phase; the same split leaves no trace", func(t *testing.T, w World) {
		split := func(a, b float64) (tandem.Test, error) {
			return w.Store.UpdateTest(ctx, Actor, "test.reweight", w.Test.ID, 0, func(t *tandem.Test, _ *tandem.Route) error {
				return t.Reweight([]float64{a, b}, Start.Add(time.Hour))
			})
		}
		got, err := split(80, 20)
		must(t, err)
		equal(t, "phases and revision", []int64{int64(len(got.Phases)), got.Revision}, []int64{2, 2})
		before, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		got, err = split(80, 20)
		must(t, err)
		after, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		equal(t, "revision and configuration", []int64{got.Revision, after}, []int64{2, before})
		r, err := w.Store.Route(ctx, string(w.Route.ID))
		must(t, err)
		equal(t, "route", r, w.Route)
		_, err = w.Store.UpdateTest(ctx, Actor, "test.reweight", w.Test.ID, 1, end(""))
		wantError(t, err, tandem.Stale, "revision")
	}),
	in("tests are listed newest first, of one route or all", func(t *testing.T, w World) {
		other := NewRoute("+14155550101", w.Versions[0].ID)
		must(t, w.Store.CreateRoute(ctx, Actor, other))
		want := []tandem.ID{w.Test.ID}
		for i := range 4 {
			next := NewTest(t, []tandem.Route{w.Route, other}[i%2], w.Versions)
			next.Status, next.StartedAt = tandem.Recorded, Start.Add(time.Duration(i+1)*time.Hour)
			must(t, w.Store.StartTest(ctx, Actor, next))
			want = append([]tandem.ID{next.ID}, want...)
		}
		list := func(route tandem.ID) func(context.Context, tandem.Page) ([]tandem.Test, string, error) {
			return func(ctx context.Context, p tandem.Page) ([]tandem.Test, string, error) {
				return w.Store.Tests(ctx, route, p)
			}
		}
		equal(t, "all", ids(pages(t, 2, list(""))), want)
		equal(t, "of the first route", ids(pages(t, 2, list(w.Route.ID))), []tandem.ID{want[1], want[3], want[4]})
		badCursors(t, list(""))
	}),
	in("a changed test shows in its activity", func(t *testing.T, w World) {
		before, err := w.Store.Activity(ctx)
		must(t, err)
		_, err = w.Store.UpdateTest(ctx, Actor, "test.end", w.Test.ID, 0, end(""))
		must(t, err)
		after, err := w.Store.Activity(ctx)
		must(t, err)
		if after[w.Test.ID] <= before[w.Test.ID] {
			t.Errorf("activity went from %d to %d", before[w.Test.ID], after[w.Test.ID])
		}
	}),
}

func end(winner string) func(*tandem.Test, *tandem.Route) error {
	return func(t *tandem.Test, r *tandem.Route) error { return t.End(r, winner, "done", Start.Add(time.Hour)) }
}

func ids(tests []tandem.Test) []tandem.ID {
	out := make([]tandem.ID, len(tests))
	for i, t := range tests {
		out[i] = t.ID
	}
	return out
}
