// Package storetest is the contract of the store: one suite of tests that every
// engine passes. Tests of the store run it with each engine's URL; tests of
// other packages may use its fixtures.
package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/store"
)

// Run runs the whole contract. fresh gives the URL of a new, empty database for
// each test; some tests open it more than once, as several nodes do.
func Run(t *testing.T, fresh func(testing.TB) string) {
	groups := []struct {
		name  string
		tests []contract
	}{
		{"agents and versions", agentTests},
		{"routes", routeTests},
		{"tests", abTests},
		{"keys, audit and secret", keyTests},
		{"calls", callTests},
		{"lists of calls", listTests},
		{"commits", commitTests},
		{"nodes", nodeTests},
		{"ledger", ledgerTests},
		{"checkpoints", checkpointTests},
		{"folding", foldTests},
		{"decisions and volume", decisionTests},
		{"webhooks and notices", noticeTests},
		{"deliveries", deliveryTests},
		{"analyses", analysisTests},
		{"settings", settingTests},
		{"re-analyses", reanalysisTests},
		{"goals", goalTests},
		{"personal data", privacyTests},
		{"groupings", groupingTests},
		{"written", writtenTests},
		{"users", userTests},
		{"sessions and tickets", sessionTests},
		{"ratings", ratingTests},
		{"judgings", judgingTests},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.tests {
				t.Run(c.name, func(t *testing.T) { c.run(t, fresh(t)) })
			}
		})
	}
}

type contract struct {
	name string
	run  func(t *testing.T, url string)
}

// on makes a contract about one store.
func on(name string, run func(t *testing.T, s *store.Store)) contract {
	return contract{name, func(t *testing.T, url string) { run(t, Open(t, url)) }}
}

// in makes a contract about a store that holds a World.
func in(name string, run func(t *testing.T, w World)) contract {
	return contract{name, func(t *testing.T, url string) { run(t, NewWorld(t, Open(t, url))) }}
}

// wantError checks the code and the field of an error.
func wantError(tb testing.TB, err error, code tandem.Code, field string) {
	tb.Helper()
	e, ok := errors.AsType[*tandem.Error](err)
	if !ok || e.Code != code || e.Field != field {
		tb.Fatalf("error is %#v (%v); expected code %q, field %q", err, err, code, field)
	}
}

func equal(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// pages reads a whole list, size entries at a time.
func pages[T any](tb testing.TB, size int, read func(context.Context, tandem.Page) ([]T, string, error)) []T {
	tb.Helper()
	var all []T
	p := tandem.Page{Limit: size}
	for range 1000 {
		part, next, err := read(context.Background(), p)
		must(tb, err)
		if len(part) > size || len(part) < size && next != "" {
			tb.Fatalf("a page of %d holds %d entries, and the next is %q", size, len(part), next)
		}
		all = append(all, part...)
		if next == "" {
			return all
		}
		p.Cursor = next
	}
	tb.Fatal("the list does not end")
	return nil
}

// badCursors are cursors that no list gives.
func badCursors[T any](t *testing.T, read func(context.Context, tandem.Page) ([]T, string, error)) {
	t.Helper()
	for _, cursor := range []string{"x", "!!!", "bnVsbA", "W10", "WzFd", "e30", "WyJcdTAwMDAiLCJcdTAwMDAiXQ", strings.Repeat("A", 5000)} {
		_, _, err := read(context.Background(), tandem.Page{Cursor: cursor})
		wantError(t, err, tandem.Invalid, "cursor")
	}
}
