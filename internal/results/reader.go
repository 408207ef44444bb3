package results

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tandem"
)

// Store is what reading results needs of the store.
type Store interface {
	TestSource
	Tests(ctx context.Context, routeID tandem.ID, p tandem.Page) ([]tandem.Test, string, error)
	Route(ctx context.Context, idOrNumberOrName string) (tandem.Route, error)
	Tallies(ctx context.Context, testID tandem.ID) ([]tandem.TallyRow, error)
	EachCall(ctx context.Context, testID tandem.ID, fn func(tandem.Call) error) error
	Checkpoints
	// Volume counts a route's calls since then, or of the last thousands.
	Volume(ctx context.Context, routeID tandem.ID, since time.Time) (tandem.Volume, error)
	// CallCounts counts every route's calls from a time until before another.
	CallCounts(ctx context.Context, from, before time.Time) (map[tandem.ID]int64, error)
	// Recount says how far the calls of a test are counted under its goal.
	Recount(ctx context.Context, testID tandem.ID) (tandem.Recount, error)
}

// Evidence knows what holds of a test however often it is looked at.
type Evidence interface {
	// Standing gives what t's evidence says at its watermark; zero where nothing
	// is folded yet.
	Standing(ctx context.Context, t tandem.Test) (Standing, error)
}

// Reader reads the results of tests. It is safe for concurrent use.
type Reader struct {
	store    Store
	evidence Evidence
	versions sync.Map // tandem.ID -> version; versions never change
	days     dayBook
}

// version is what results show of a version.
type version struct {
	ref, note string
	fields    []tandem.Field
}

// NewReader makes a Reader. evidence may be nil: then nothing is ever folded, so
// that no verdict gets past Collecting, since numbers that hold for one look
// never decide.
func NewReader(store Store, evidence Evidence) *Reader {
	if evidence == nil {
		evidence = noEvidence{}
	}
	return &Reader{store: store, evidence: evidence}
}

// Results gives a test's results so far. The time it takes grows with arms,
// metrics and phases, not with calls.
//
// Errors: NotFound when there is no such test; the store's.
func (r *Reader) Results(ctx context.Context, testID tandem.ID) (Results, error) {
	t, err := r.store.Test(ctx, testID)
	if err != nil {
		return Results{}, fmt.Errorf("test: %w", err)
	}
	return r.of(ctx, t)
}

// ForRoute gives the results of the test that runs on a route, named by id,
// number or name; when none runs, of the latest.
//
// Errors: NotFound when there is no such route, or it never had a test.
func (r *Reader) ForRoute(ctx context.Context, idOrNumberOrName string) (Results, error) {
	route, err := r.store.Route(ctx, idOrNumberOrName)
	if err != nil {
		return Results{}, fmt.Errorf("route: %w", err)
	}
	t, found, err := r.latest(ctx, route)
	if err != nil {
		return Results{}, err
	}
	if !found {
		return Results{}, tandem.Errorf(tandem.NotFound, "route", "has had no test yet")
	}
	return r.of(ctx, t)
}

// Verdict says what may be concluded of a test now.
//
// Errors: NotFound when there is no such test; the store's.
func (r *Reader) Verdict(ctx context.Context, testID tandem.ID) (tandem.Verdict, error) {
	out, err := r.Results(ctx, testID)
	return out.Verdict, err
}

// latest gives the test that runs on a route, else the latest, if there is one.
func (r *Reader) latest(ctx context.Context, route tandem.Route) (latest tandem.Test, found bool, err error) {
	page := tandem.Page{}
	for {
		tests, next, err := r.store.Tests(ctx, route.ID, page)
		if err != nil {
			return tandem.Test{}, false, fmt.Errorf("tests: %w", err)
		}
		for _, t := range tests {
			if t.Status == tandem.Running {
				return t, true, nil
			}
		}
		if !found && len(tests) > 0 {
			latest, found = tests[0], true
		}
		if next == "" {
			return latest, found, nil
		}
		page.Cursor = next
	}
}

func (r *Reader) of(ctx context.Context, t tandem.Test) (Results, error) {
	route, err := r.store.Route(ctx, string(t.RouteID))
	if err != nil {
		return Results{}, fmt.Errorf("route: %w", err)
	}
	versions := make([]version, len(t.Arms))
	for i, a := range t.Arms {
		if versions[i], err = r.version(ctx, a.VersionID); err != nil {
			return Results{}, fmt.Errorf("version of arm %s: %w", a.Key, err)
		}
	}
	t, rows, standing, recount, err := r.figures(ctx, t)
	if err != nil {
		return Results{}, err
	}
	return assemble(t, route, versions, rows, standing, recount), nil
}

// goalAttempts is how often figures are read again because the goal was changed
// meanwhile.
const goalAttempts = 5

// figures reads what belongs to one edition of the test's goal. How far the calls
// follow the goal is read first: so what is then said to follow it does.
func (r *Reader) figures(ctx context.Context, t tandem.Test) (tandem.Test, []tandem.TallyRow, Standing, tandem.Recount, error) {
	var rows []tandem.TallyRow
	var standing Standing
	recount, err := r.store.Recount(ctx, t.ID)
	for range goalAttempts {
		if err != nil {
			return t, nil, standing, recount, fmt.Errorf("goal: %w", err)
		}
		if rows, err = r.store.Tallies(ctx, t.ID); err != nil {
			return t, nil, standing, recount, fmt.Errorf("tallies: %w", err)
		}
		if standing, err = r.evidence.Standing(ctx, t); err != nil {
			return t, nil, standing, recount, fmt.Errorf("evidence: %w", err)
		}
		was := recount
		if recount, err = r.store.Recount(ctx, t.ID); err == nil && recount.Edition == was.Edition && recount.Edition == t.GoalEdition() {
			return t, rows, standing, was, nil
		}
		if err == nil {
			t, err = r.store.Test(ctx, t.ID)
		}
	}
	if err != nil {
		return t, nil, standing, recount, fmt.Errorf("goal: %w", err)
	}
	return t, nil, standing, recount, tandem.Errorf(tandem.Conflict, "", "the goal of the test is being changed: try again")
}

func (r *Reader) version(ctx context.Context, id tandem.ID) (version, error) {
	if have, ok := r.versions.Load(id); ok {
		return have.(version), nil
	}
	v, err := r.store.Version(ctx, string(id))
	if err != nil {
		return version{}, err
	}
	out := version{ref: v.Ref(), note: v.Note, fields: v.Content.Fields}
	r.versions.Store(id, out)
	return out, nil
}

// noEvidence has folded nothing.
type noEvidence struct{}

// Standing is always the zero one.
func (noEvidence) Standing(context.Context, tandem.Test) (Standing, error) { return Standing{}, nil }
