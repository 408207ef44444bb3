package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tandem"
	"tandem/internal/store"
)

var ctx = context.Background()

var errRefused = errors.New("refused by the rule")

var agentTests = []contract{
	on("an agent is read as it was stored, by id and by name", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		a.Revision = 1
		for _, key := range []string{string(a.ID), a.Name} {
			got, err := s.Agent(ctx, key)
			must(t, err)
			equal(t, "agent by "+key, got, a)
		}
		_, err := s.Agent(ctx, "nobody")
		wantError(t, err, tandem.NotFound, "")
	}),
	on("a name is given once", func(t *testing.T, s *store.Store) {
		must(t, s.CreateAgent(ctx, Actor, NewAgent("front-desk")))
		wantError(t, s.CreateAgent(ctx, Actor, NewAgent("front-desk")), tandem.Conflict, "name")
		b := NewAgent("back-office")
		must(t, s.CreateAgent(ctx, Actor, b))
		_, err := s.UpdateAgent(ctx, Actor, "agent.rename", b.ID, 0, func(a *tandem.Agent) error { a.Name = "front-desk"; return nil })
		wantError(t, err, tandem.Conflict, "name")
	}),
	on("agents are listed by name, page after page", func(t *testing.T, s *store.Store) {
		var want []string
		for i := range 7 {
			want = append(want, fmt.Sprintf("agent %d", i))
		}
		want = append(want, "Ärger", "ähnlich") // after ASCII on every engine, capitals first
		for i := range want {
			must(t, s.CreateAgent(ctx, Actor, NewAgent(want[(i*4)%len(want)])))
		}
		for _, size := range []int{1, 2, 3, 8, 9, 10} {
			var got []string
			for _, a := range pages(t, size, s.Agents) {
				got = append(got, a.Name)
			}
			equal(t, fmt.Sprintf("names in pages of %d", size), got, want)
		}
		badCursors(t, s.Agents)
	}),
	on("a change bumps the revision and is audited with before and after", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		got, err := s.UpdateAgent(ctx, "ann", "agent.draft", a.ID, 1, func(a *tandem.Agent) error {
			a.Draft.Greeting, a.ID, a.LatestVersion = "Good morning!", "x", 99
			return nil
		})
		must(t, err)
		if got.Revision != 2 || got.ID != a.ID || got.LatestVersion != 0 || got.Draft.Greeting != "Good morning!" || !got.UpdatedAt.After(a.UpdatedAt) {
			t.Errorf("the agent became %+v", got)
		}
		stored, err := s.Agent(ctx, string(a.ID))
		must(t, err)
		equal(t, "stored agent", stored, got)
		entries, _, err := s.Audit(ctx, a.ID, tandem.Page{})
		must(t, err)
		if len(entries) != 2 || entries[0].Actor != "ann" || entries[0].Action != "agent.draft" || entries[1].Action != "agent.create" {
			t.Fatalf("audit is %+v", entries)
		}
		equal(t, "before", decode[tandem.Agent](t, entries[0].Before).Draft.Greeting, "Hello!")
		equal(t, "after", decode[tandem.Agent](t, entries[0].After), got)
		equal(t, "before of something new", string(entries[1].Before), "null")
	}),
	on("an old revision is refused, and changes nothing", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		edit := func(greeting string, revision int64) error {
			_, err := s.UpdateAgent(ctx, Actor, "agent.draft", a.ID, revision, func(a *tandem.Agent) error { a.Draft.Greeting = greeting; return nil })
			return err
		}
		must(t, edit("one", 1))
		wantError(t, edit("two", 1), tandem.Stale, "revision")
		got, err := s.Agent(ctx, string(a.ID))
		must(t, err)
		equal(t, "greeting", got.Draft.Greeting, "one")
		must(t, edit("three", 0))
	}),
	on("a rule that refuses, and a change that changes nothing, leave no trace", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		_, err := s.UpdateAgent(ctx, Actor, "agent.draft", a.ID, 0, func(a *tandem.Agent) error { a.Name = "x"; return errRefused })
		if !errors.Is(err, errRefused) {
			t.Errorf("error is %v; expected the rule's", err)
		}
		_, err = s.UpdateAgent(ctx, Actor, "agent.draft", a.ID, 0, func(*tandem.Agent) error { return nil })
		must(t, err)
		got, err := s.Agent(ctx, string(a.ID))
		must(t, err)
		a.Revision = 1
		equal(t, "agent", got, a)
		entries, _, err := s.Audit(ctx, a.ID, tandem.Page{})
		must(t, err)
		equal(t, "audit entries", len(entries), 1)
		_, err = s.UpdateAgent(ctx, Actor, "agent.draft", tandem.NewID(Start), 0, func(*tandem.Agent) error { return nil })
		wantError(t, err, tandem.NotFound, "")
	}),
	on("publishing freezes the draft as the next version", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		v1, err := s.Publish(ctx, "ann", a.ID, 1, "first")
		must(t, err)
		_, err = s.UpdateAgent(ctx, Actor, "agent.draft", a.ID, 0, func(a *tandem.Agent) error { a.Draft.Greeting = "Hi!"; return nil })
		must(t, err)
		v2, err := s.Publish(ctx, "ann", a.ID, 0, "")
		must(t, err)
		equal(t, "numbers", []int{v1.Number, v2.Number}, []int{1, 2})
		equal(t, "greetings", []string{v1.Content.Greeting, v2.Content.Greeting}, []string{"Hello!", "Hi!"})
		equal(t, "publisher and note", []string{v1.PublishedBy, v1.Note}, []string{"ann", "first"})
		for _, key := range []string{string(v1.ID), "front-desk@1"} {
			got, err := s.Version(ctx, key)
			must(t, err)
			equal(t, "version "+key, got, v1)
		}
		newest := func(ctx context.Context, p tandem.Page) ([]tandem.Version, string, error) {
			return s.Versions(ctx, a.ID, p)
		}
		equal(t, "versions", pages(t, 1, newest), []tandem.Version{v2, v1})
		badCursors(t, newest)
		got, err := s.Agent(ctx, a.Name)
		must(t, err)
		equal(t, "latest version and revision", []int64{int64(got.LatestVersion), got.Revision}, []int64{2, 4})
		entries, _, err := s.Audit(ctx, v2.ID, tandem.Page{})
		must(t, err)
		equal(t, "audited version", decode[tandem.Version](t, entries[0].After), v2)
	}),
	on("a draft that is not valid is not published", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		a.Draft.Target.SIP.URI = "mailto:x"
		must(t, s.CreateAgent(ctx, Actor, a))
		_, err := s.Publish(ctx, Actor, a.ID, 0, "")
		if tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("error is %v; expected Invalid", err)
		}
		_, err = s.Publish(ctx, Actor, a.ID, 7, "")
		wantError(t, err, tandem.Stale, "revision")
		_, err = s.Publish(ctx, Actor, tandem.NewID(Start), 0, "")
		wantError(t, err, tandem.NotFound, "")
	}),
	in("references to what is not published are refused", func(t *testing.T, w World) {
		_, err := w.Store.Version(ctx, "front-desk@draft")
		wantError(t, err, tandem.Invalid, "version")
		for _, ref := range []string{"front-desk@3", "front-desk@x", "nobody@1", "@", "front-desk@99999999999999999999", string(w.Route.ID)} {
			_, err := w.Store.Version(ctx, ref)
			wantError(t, err, tandem.NotFound, "")
		}
	}),
	in("a renamed agent's versions carry its new name, also in the configuration", func(t *testing.T, w World) {
		before, err := w.Store.ConfigVersion(ctx)
		must(t, err)
		_, err = w.Store.UpdateAgent(ctx, Actor, "agent.rename", w.Agent.ID, 0, func(a *tandem.Agent) error { a.Name = "reception"; return nil })
		must(t, err)
		v, err := w.Store.Version(ctx, "reception@1")
		must(t, err)
		equal(t, "reference", v.Ref(), "reception@1")
		c, err := w.Store.Config(ctx)
		must(t, err)
		equal(t, "reference in the configuration", c.Versions[v.ID].Ref(), "reception@1")
		if c.Version <= before {
			t.Errorf("configuration version went from %d to %d", before, c.Version)
		}
	}),
}
