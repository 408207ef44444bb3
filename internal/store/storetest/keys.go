package storetest

import (
	"bytes"
	"context"
	"testing"

	"tandem"
	"tandem/internal/store"
)

var keyTests = []contract{
	on("a key is found by the hash of its secret until and after it is revoked", func(t *testing.T, s *store.Store) {
		k, secret, err := tandem.NewKey("ci", []tandem.Scope{tandem.ScopeRead, tandem.ScopeIngest}, Start)
		must(t, err)
		must(t, s.CreateKey(ctx, Actor, k))
		got, err := s.KeyByHash(ctx, tandem.HashSecret(secret))
		must(t, err)
		equal(t, "key", got, k)
		_, err = s.KeyByHash(ctx, tandem.HashSecret("tdm_guess"))
		wantError(t, err, tandem.NotFound, "")
		must(t, s.RevokeKey(ctx, "ann", k.ID))
		must(t, s.RevokeKey(ctx, "bob", k.ID))
		got, err = s.KeyByHash(ctx, k.Hash)
		must(t, err)
		if got.RevokedAt == nil || got.Allows(tandem.ScopeRead) {
			t.Errorf("the revoked key is %+v", got)
		}
		keys, err := s.Keys(ctx)
		must(t, err)
		equal(t, "keys", keys, []tandem.Key{got})
		entries, _, err := s.Audit(ctx, k.ID, tandem.Page{})
		must(t, err)
		equal(t, "audit", []string{entries[0].Actor, entries[0].Action, entries[1].Action}, []string{"ann", "key.revoke", "key.create"})
		for _, e := range entries {
			if bytes.Contains(e.After, []byte("hash")) || bytes.Contains(e.After, []byte(secret)) {
				t.Errorf("the audit log holds %s", e.After)
			}
		}
		wantError(t, s.RevokeKey(ctx, Actor, tandem.NewID(Start)), tandem.NotFound, "")
	}),
	on("the audit log is read newest first, in pages", func(t *testing.T, s *store.Store) {
		a := NewAgent("front-desk")
		must(t, s.CreateAgent(ctx, Actor, a))
		for _, greeting := range []string{"1", "2", "3", "4"} {
			_, err := s.UpdateAgent(ctx, Actor, "draft "+greeting, a.ID, 0, func(a *tandem.Agent) error { a.Draft.Greeting = greeting; return nil })
			must(t, err)
		}
		must(t, s.CreateAgent(ctx, Actor, NewAgent("other")))
		read := func(object tandem.ID) []string {
			var actions []string
			for _, e := range pages(t, 2, func(ctx context.Context, p tandem.Page) ([]tandem.AuditEntry, string, error) {
				return s.Audit(ctx, object, p)
			}) {
				actions = append(actions, e.Action)
			}
			return actions
		}
		equal(t, "of the agent", read(a.ID), []string{"draft 4", "draft 3", "draft 2", "draft 1", "agent.create"})
		equal(t, "of all", read("")[:2], []string{"agent.create", "draft 4"})
		badCursors(t, func(ctx context.Context, p tandem.Page) ([]tandem.AuditEntry, string, error) {
			return s.Audit(ctx, "", p)
		})
	}),
	{"all nodes share one secret, and it stays", func(t *testing.T, url string) {
		first, err := Open(t, url).Secret(ctx)
		must(t, err)
		second, err := Open(t, url).Secret(ctx)
		must(t, err)
		if len(first) != 32 || bytes.Equal(first, make([]byte, 32)) || !bytes.Equal(first, second) {
			t.Errorf("secrets are %d and %d bytes, equal: %v", len(first), len(second), bytes.Equal(first, second))
		}
	}},
}
