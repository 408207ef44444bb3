package results

import (
	"context"
	"fmt"
	"sync"

	"tandem"
)

// Store is what reading results needs of the store.
type Store interface {
	TestSource
	Tests(ctx context.Context, routeID tandem.ID, p tandem.Page) ([]tandem.Test, string, error)
	Route(ctx context.Context, idOrNumberOrName string) (tandem.Route, error)
	Tallies(ctx context.Context, testID tandem.ID) ([]tandem.TallyRow, error)
	EachCall(ctx context.Context, testID tandem.ID, fn func(tandem.Call) error) error
}

// Evidence concludes from a test what holds however often it is looked at.
type Evidence interface {
	// Verdict says what may be concluded of t now. rows are the test's
	// tallies as the results beside the verdict show them.
	Verdict(ctx context.Context, t tandem.Test, rows []tandem.TallyRow) (tandem.Verdict, error)
}

// Reader reads the results of tests. It is safe for concurrent use.
type Reader struct {
	store    Store
	evidence Evidence
	versions sync.Map // tandem.ID -> version; versions never change
}

// version is what results show of a version.
type version struct {
	ref, note string
	fields    []tandem.Field
}

// NewReader makes a Reader. evidence may be nil: then every verdict is
// Collecting, since numbers that hold for one look never decide.
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
	var latest *tandem.Test
	page := tandem.Page{}
	for {
		tests, next, err := r.store.Tests(ctx, route.ID, page)
		if err != nil {
			return Results{}, fmt.Errorf("tests: %w", err)
		}
		for _, t := range tests {
			if t.Status == tandem.Running {
				return r.of(ctx, t)
			}
		}
		if latest == nil && len(tests) > 0 {
			latest = &tests[0]
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	if latest == nil {
		return Results{}, tandem.Errorf(tandem.NotFound, "route", "has had no test yet")
	}
	return r.of(ctx, *latest)
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
	rows, err := r.store.Tallies(ctx, t.ID)
	if err != nil {
		return Results{}, fmt.Errorf("tallies: %w", err)
	}
	out := assemble(t, route, versions, rows)
	if out.Verdict, err = r.evidence.Verdict(ctx, t, rows); err != nil {
		return Results{}, fmt.Errorf("verdict: %w", err)
	}
	return out, nil
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

// assemble is the pure part: from tallies to results, but for the verdict.
func assemble(t tandem.Test, route tandem.Route, versions []version, rows []tandem.TallyRow) Results {
	c := newCells(rows)
	out := Results{
		TestID: t.ID, RouteID: t.RouteID, Route: route.Number, Name: t.Name, Status: t.Status,
		Unit: t.Unit, Goal: t.Goal, PrimaryMetric: t.PrimaryMetric,
		StartedAt: t.StartedAt, EndedAt: t.EndedAt, Winner: t.Winner,
		Method: method(c, t), Hangups: hangupTimings(c, t.Arms), Quality: quality(c, t),
	}
	if out.Route == "" {
		out.Route = route.Name
	}
	var fields []tandem.Field
	for i, a := range t.Arms {
		fields = append(fields, versions[i].fields...)
		out.Arms = append(out.Arms, ArmHeader{
			Key: a.Key, VersionID: a.VersionID, Version: versions[i].ref, Note: versions[i].note, Weight: a.Weight,
		})
	}
	for _, p := range t.Phases {
		out.Phases = append(out.Phases, PhaseHeader{
			Number: p.Number, StartedAt: p.StartedAt, Weights: p.Weights, Calls: c.calls[p.Number],
		})
	}
	for _, e := range catalogue(fields, c) {
		out.Metrics = append(out.Metrics, Metric{
			Name: e.name, Label: e.label, Kind: e.kind, Unit: e.unit, Base: e.base, Note: e.note,
			Arms: summarise(e, c, t.Arms), Against: compare(e, c, t.Arms), Overall: overall(e, c, t.Arms),
		})
	}
	plainNames(out.Metrics)
	for i := range out.Metrics {
		out.Metrics[i].Primary = out.Metrics[i].Name == t.PrimaryMetric
	}
	return out
}

func method(c cells, t tandem.Test) Method {
	m := Method{
		Comparison: FixedHorizon, Level: Level, Unit: string(tandem.PerCall), Stratified: len(c.calls) > 1,
		Notes: []string{"Intervals and p-values hold only if you look once, at a number of calls chosen beforehand. Looking again and again and stopping at a small p finds winners between equal versions."},
	}
	if m.Stratified {
		m.Notes = append(m.Notes, "The split changed during the test. Arms are compared within each phase, and phases weigh as many calls as they had; each arm's own figures take all phases together.")
	}
	if t.Unit == tandem.PerCaller {
		m.Notes = append(m.Notes, "Callers were randomised, not calls. Calls of one caller resemble each other, so these per-call intervals are too narrow and these p-values too small.")
	}
	return m
}

// noEvidence knows nothing.
type noEvidence struct{}

// Verdict says how many calls there are, and nothing more.
func (noEvidence) Verdict(_ context.Context, t tandem.Test, rows []tandem.TallyRow) (tandem.Verdict, error) {
	var calls, outcomes int64
	for _, r := range rows {
		switch r.Metric {
		case tandem.MetricCalls:
			calls += r.N
		case t.PrimaryMetric, t.PrimaryMetric + NumberSuffix:
			outcomes += r.N
		}
	}
	text := fmt.Sprintf("Collecting: %d calls so far, %d with a known %s.", calls, outcomes, t.PrimaryMetric)
	if t.Status != tandem.Running {
		text = fmt.Sprintf("No verdict: %d calls, %d with a known %s.", calls, outcomes, t.PrimaryMetric)
	}
	return tandem.Verdict{Status: tandem.Collecting, Metric: t.PrimaryMetric, Text: text}, nil
}
