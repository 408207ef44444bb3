package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

// Start is the moment at which the suite's world begins.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Actor makes the suite's changes.
const Actor = "storetest"

// template is a SQLite database with its tables and nothing in it. Making one takes
// longer than most tests.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tandem-storetest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	s, err := store.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Prepare makes the tables where url names a SQLite file that is not there yet, so
// that whoever opens it finds them.
func Prepare(tb testing.TB, url string) {
	tb.Helper()
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return
	}
	if _, err := os.Stat(path); err == nil {
		return
	}
	empty, err := template()
	if err == nil {
		err = os.WriteFile(path, empty, 0o600)
	}
	if err != nil {
		tb.Fatalf("prepare the store: %v", err)
	}
}

// Open opens a store for the length of a test.
func Open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	Prepare(tb, url)
	s, err := store.Open(context.Background(), url)
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return s
}

// World is a store with an agent of two versions, a route and a running test
// between them.
type World struct {
	Store    *store.Store
	Agent    tandem.Agent
	Versions []tandem.Version // front-desk@1 and @2
	Route    tandem.Route
	Test     tandem.Test
}

// NewWorld fills an empty store.
func NewWorld(tb testing.TB, s *store.Store) World {
	tb.Helper()
	ctx := context.Background()
	w := World{Store: s, Agent: NewAgent("front-desk")}
	must(tb, s.CreateAgent(ctx, Actor, w.Agent))
	for range 2 {
		v, err := s.Publish(ctx, Actor, w.Agent.ID, 0, "")
		must(tb, err)
		w.Versions = append(w.Versions, v)
	}
	w.Route = NewRoute("+14155550100", w.Versions[0].ID)
	must(tb, s.CreateRoute(ctx, Actor, w.Route))
	w.Test = NewTest(tb, w.Route, w.Versions)
	must(tb, s.StartTest(ctx, Actor, w.Test))
	w.Route.Revision, w.Test.Revision = 1, 1
	return w
}

// NewAgent gives an agent with a draft that can be published.
func NewAgent(name string) tandem.Agent {
	temperature := 0.3
	return tandem.Agent{
		ID: tandem.NewID(Start), Name: name, CreatedAt: Start, UpdatedAt: Start,
		Draft: tandem.Content{
			Prompt: "You book appointments. Grüße freundlich.", Greeting: "Hello!",
			LLM:    &tandem.LLM{Provider: "openai", Model: "gpt-4.1-mini", Temperature: &temperature},
			Fields: []tandem.Field{{Name: "appointment_booked", Type: tandem.Boolean}},
			Extra:  []byte(`{"note":"<&>"}`),
			Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@agent.example.com"}},
		},
	}
}

// NewRoute gives an inbound route.
func NewRoute(number string, live tandem.ID) tandem.Route {
	return tandem.Route{
		ID: tandem.NewID(Start), Kind: tandem.Inbound, Number: number, Name: "main " + number, LiveVersionID: live,
		SIPMode: tandem.Proxy, MaxCallSeconds: 600, VersionLimit: 3, CreatedAt: Start, UpdatedAt: Start,
	}
}

// NewTest gives a running test of 50/50 between the first two versions.
func NewTest(tb testing.TB, r tandem.Route, versions []tandem.Version) tandem.Test {
	tb.Helper()
	t, err := tandem.NewTest(r, tandem.TestSpec{
		Name: "warmer greeting", Goal: "fields.appointment_booked",
		Arms: []tandem.ArmSpec{{VersionID: versions[0].ID, Weight: 50}, {VersionID: versions[1].ID, Weight: 50}},
	}, Start)
	must(tb, err)
	return t
}

// Assigned gives the event that assigns call n of the world to an arm, n
// seconds after the start.
func (w World) Assigned(n int, arm string) tandem.Event {
	at := Start.Add(time.Duration(n) * time.Second)
	id := tandem.DeriveCallID("storetest", fmt.Sprint(n), at)
	return tandem.Event{
		ID: fmt.Sprintf("assigned-%d", n), Origin: tandem.OriginSIP, CallID: id, ForeignID: fmt.Sprintf("sip-%d", n),
		Kind: tandem.EventAssigned, At: at,
		Assigned: &tandem.Assignment{
			RouteID: w.Route.ID, TestID: w.Test.ID, Phase: 1, Arm: arm, VersionID: w.Versions[w.Test.Arm(arm)].ID,
			Probability: 0.5, UnitKind: tandem.PerCall, Unit: string(id), Number: w.Route.Number, Caller: "+14155550199",
		},
	}
}

// Call gives the record that events make of a call that is not stored yet.
func Call(events ...tandem.Event) tandem.Call {
	return Join(tandem.Call{ID: events[0].CallID}, events...)
}

// Join applies events to a record.
func Join(c tandem.Call, events ...tandem.Event) tandem.Call {
	for _, e := range events {
		c.Apply(e)
	}
	return c
}

// Ended gives the event that ends the call of an assignment.
func Ended(assigned tandem.Event, after time.Duration, by tandem.EndedBy) tandem.Event {
	ms := after.Milliseconds()
	return tandem.Event{
		ID: "ended-" + string(assigned.CallID), Origin: tandem.OriginSIP, CallID: assigned.CallID, Kind: tandem.EventEnded,
		At: assigned.At.Add(after), Ended: &tandem.Ending{By: by, DurationMS: &ms, Cause: "BYE"},
	}
}

// Analyzed gives the event that reports analysis values of a call.
func Analyzed(assigned tandem.Event, values map[string]any) tandem.Event {
	return tandem.Event{
		ID: "analysis-" + string(assigned.CallID), Origin: tandem.OriginAPI, CallID: assigned.CallID, Kind: tandem.EventAnalysis,
		At: assigned.At.Add(time.Minute), Analysis: values,
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
