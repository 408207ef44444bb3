package results

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"tandem"
)

// epoch is the moment the tests' worlds begin.
var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// memory is a store in memory, for tests. Events go through the same steps as
// in production: load, apply, count, write.
type memory struct {
	routes   map[string]tandem.Route
	tests    []tandem.Test // newest first
	versions map[tandem.ID]tandem.Version
	calls    map[tandem.ID]tandem.Call
	order    []tandem.ID
	tallies  map[tandem.TallyKey]*tandem.Tally
	ordinals map[string]int64
	counter  *Counter
	volume   tandem.Volume
	counts   func(from, before time.Time) map[tandem.ID]int64
	recounts map[tandem.ID]tandem.Recount
	ledger   ledger
	// asked counts what the counter asks.
	asked int
	// onRead runs when tallies have been read.
	onRead func()
}

func newMemory() *memory {
	m := &memory{
		routes: map[string]tandem.Route{}, versions: map[tandem.ID]tandem.Version{}, calls: map[tandem.ID]tandem.Call{},
		tallies: map[tandem.TallyKey]*tandem.Tally{}, ordinals: map[string]int64{}, recounts: map[tandem.ID]tandem.Recount{},
	}
	m.counter = NewCounter(m)
	return m
}

func (m *memory) Test(_ context.Context, id tandem.ID) (tandem.Test, error) {
	m.asked++
	for _, t := range m.tests {
		if t.ID == id {
			return t, nil
		}
	}
	return tandem.Test{}, tandem.Errorf(tandem.NotFound, "test", "no test %s", id)
}

func (m *memory) Version(_ context.Context, id string) (tandem.Version, error) {
	m.asked++
	v, ok := m.versions[tandem.ID(id)]
	if !ok {
		return v, tandem.Errorf(tandem.NotFound, "version", "no version %s", id)
	}
	return v, nil
}

func (m *memory) Route(_ context.Context, id string) (tandem.Route, error) {
	r, ok := m.routes[id]
	if !ok {
		return r, tandem.Errorf(tandem.NotFound, "route", "no route %s", id)
	}
	return r, nil
}

// Tests gives pages of two, so that paging is exercised.
func (m *memory) Tests(_ context.Context, route tandem.ID, p tandem.Page) ([]tandem.Test, string, error) {
	var all []tandem.Test
	for _, t := range m.tests {
		if route == "" || t.RouteID == route {
			all = append(all, t)
		}
	}
	from := 0
	if p.Cursor != "" {
		_, _ = fmt.Sscan(p.Cursor, &from)
	}
	to := min(from+2, len(all))
	next := ""
	if to < len(all) {
		next = fmt.Sprint(to)
	}
	return all[from:to], next, nil
}

func (m *memory) Tallies(_ context.Context, id tandem.ID) ([]tandem.TallyRow, error) {
	var out []tandem.TallyRow
	for k, t := range m.tallies {
		if k.TestID == id {
			row := tandem.TallyRow{TallyKey: k}
			row.Merge(*t) // a copy: later changes must not reach it
			out = append(out, row)
		}
	}
	if m.onRead != nil {
		m.onRead()
	}
	return out, nil
}

func (m *memory) EachCall(_ context.Context, id tandem.ID, fn func(tandem.Call) error) error {
	for _, callID := range m.order {
		c := m.calls[callID]
		if c.Assigned != nil && c.Assigned.Value.TestID == id {
			if err := fn(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// CallCounts is what counts says; nil counts nothing.
func (m *memory) CallCounts(_ context.Context, from, before time.Time) (map[tandem.ID]int64, error) {
	if m.counts == nil {
		return nil, nil
	}
	return m.counts(from, before), nil
}

// Volume is what volume says.
func (m *memory) Volume(context.Context, tandem.ID, time.Time) (tandem.Volume, error) {
	return m.volume, nil
}

// ingest joins one event to its call and commits.
func (m *memory) ingest(e tandem.Event) error {
	m.ledger.mu.Lock()
	defer m.ledger.mu.Unlock()
	before := m.calls[e.CallID]
	after := before
	after.ID = e.CallID
	if changed, _ := after.Apply(e); !changed {
		return nil
	}
	changes, err := m.counter.Count(context.Background(), before, &after)
	if err != nil {
		return err
	}
	if a := after.Assigned; a != nil && after.GoalEdition != 0 && after.GoalEdition != m.recount(a.Value.TestID).Edition {
		return tandem.ErrGoalChanged
	}
	m.store(before, after, changes)
	return nil
}

// store writes a call with what it changes in the tallies.
func (m *memory) store(before, after tandem.Call, changes []tandem.TallyChange) {
	for _, ch := range changes {
		t := m.tallies[ch.Key]
		if t == nil {
			t = &tandem.Tally{}
			m.tallies[ch.Key] = t
		}
		t.Change(ch)
	}
	if a := after.Assigned; a != nil && a.Value.Arm != "" && (before.Assigned == nil || before.Assigned.Value.Arm != a.Value.Arm) {
		m.ordinals[a.Value.Arm]++
		after.Ordinal = m.ordinals[a.Value.Arm]
	}
	if _, known := m.calls[after.ID]; !known {
		m.order = append(m.order, after.ID)
	}
	after.Revision++
	m.calls[after.ID] = after
	m.ledger.commit(before, after, len(changes) > 0)
}

// world is a memory with one route, two versions and a running test.
type world struct {
	*memory
	test  tandem.Test
	route tandem.Route
	n     int
}

// defaultFields are what both versions of a world define unless told otherwise.
func defaultFields() []tandem.Field {
	return []tandem.Field{
		{Name: "booked", Type: tandem.Boolean},
		{Name: "amount", Type: tandem.Number, Unit: "EUR", Min: ptr(0.0), Max: ptr(1000.0)},
		{Name: "reason", Type: tandem.Selector, Choices: []string{"book", "cancel", "ask"}},
		{Name: "summary", Type: tandem.Text},
	}
}

// defaultArms are a world's arms.
func defaultArms() []Definitions {
	return []Definitions{{"A", defaultFields()}, {"B", defaultFields()}}
}

func newWorld(t testing.TB, goal string, fields ...[]tandem.Field) *world {
	t.Helper()
	w := &world{memory: newMemory()}
	for len(fields) < 2 {
		fields = append(fields, defaultFields())
	}
	spec := tandem.TestSpec{Goal: goal}
	for i, f := range fields {
		v := tandem.Version{ID: tandem.NewID(epoch), AgentName: "front-desk", Number: i + 1, Content: tandem.Content{Fields: f}}
		w.versions[v.ID] = v
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID})
	}
	spec.Arms[0].Weight, spec.Arms[1].Weight = 50, 50
	w.route = tandem.Route{ID: tandem.NewID(epoch), Number: "+14155550100", Name: "reception"}
	for _, name := range []string{string(w.route.ID), w.route.Number, w.route.Name} {
		w.routes[name] = w.route
	}
	test, err := tandem.NewTest(w.route, spec, epoch)
	if err != nil {
		t.Fatal(err)
	}
	w.test = test
	w.tests = []tandem.Test{test}
	return w
}

// callID gives an id that is the same in every run.
func callID(n int) tandem.ID {
	return tandem.DeriveCallID("results-test", fmt.Sprint(n), epoch)
}

// report ingests an event, made unique.
func (w *world) report(t testing.TB, e tandem.Event) {
	t.Helper()
	w.n++
	if e.ID == "" {
		e.ID = fmt.Sprintf("e%d", w.n)
	}
	if e.Origin == "" {
		e.Origin = tandem.OriginAPI
	}
	if e.At.IsZero() {
		e.At = epoch.Add(time.Duration(w.n) * time.Second)
	}
	if err := e.Validate(); err != nil {
		t.Fatalf("event %+v: %v", e, err)
	}
	if err := w.ingest(e); err != nil {
		t.Fatalf("ingest %+v: %v", e, err)
	}
}

func (w *world) assigned(id tandem.ID, phase int, arm string) tandem.Event {
	return tandem.Event{CallID: id, Kind: tandem.EventAssigned, Assigned: &tandem.Assignment{
		RouteID: w.route.ID, TestID: w.test.ID, Phase: phase, Arm: arm,
		VersionID: w.test.Arms[max(0, w.test.Arm(arm))].VersionID, Probability: 0.5, UnitKind: tandem.PerCall,
	}}
}

func ended(id tandem.ID, by tandem.EndedBy, seconds float64) tandem.Event {
	ms := int64(math.Round(seconds * 1000))
	return tandem.Event{CallID: id, Kind: tandem.EventEnded, Ended: &tandem.Ending{By: by, DurationMS: &ms}}
}

func analysis(id tandem.ID, values map[string]any) tandem.Event {
	return tandem.Event{CallID: id, Kind: tandem.EventAnalysis, Analysis: values}
}

// play makes n whole calls of an arm, the first successes of which are booked.
func (w *world) play(t testing.TB, phase int, arm string, n, successes int, seconds func(i int) float64) {
	t.Helper()
	for i := range n {
		id := callID(w.n)
		w.report(t, w.assigned(id, phase, arm))
		w.report(t, ended(id, tandem.ByCaller, seconds(i)))
		w.report(t, analysis(id, map[string]any{"booked": i < successes}))
	}
}

func (w *world) results(t testing.TB) Results {
	t.Helper()
	r, err := NewReader(w, nil).Results(context.Background(), w.test.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ptr[T any](x T) *T { return &x }

func metric(t testing.TB, r Results, name string) Metric {
	t.Helper()
	m := r.Metric(name)
	if m == nil {
		var names []string
		for _, m := range r.Metrics {
			names = append(names, m.Name)
		}
		slices.Sort(names)
		t.Fatalf("no metric %q; there are %v", name, names)
	}
	return *m
}
