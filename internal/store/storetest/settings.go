package storetest

import (
	"encoding/json"
	"errors"
	"testing"

	"tandem"
	"tandem/internal/store"
)

var settingTests = []contract{
	on("a setting is absent, then what it was changed to, for whoever read it last", func(t *testing.T, s *store.Store) {
		body, revision, err := s.Setting(ctx, tandem.SettingPrivacy)
		must(t, err)
		equal(t, "before", []any{string(body), revision}, []any{"", int64(0)})
		version, err := s.ConfigVersion(ctx)
		must(t, err)
		to := func(text string) func(json.RawMessage) (tandem.SettingChange, error) {
			return func(stored json.RawMessage) (tandem.SettingChange, error) {
				return tandem.SettingChange{Body: json.RawMessage(text), Before: stored, After: json.RawMessage(`{"told":1}`)}, nil
			}
		}
		revision, err = s.UpdateSetting(ctx, Actor, tandem.SettingPrivacy, 0, to(`{"a":"<&>"}`))
		must(t, err)
		equal(t, "revision", revision, int64(1))
		_, err = s.UpdateSetting(ctx, "ann", tandem.SettingPrivacy, 1, to(`{"a":2}`))
		must(t, err)
		_, err = s.UpdateSetting(ctx, Actor, tandem.SettingPrivacy, 1, to(`{}`))
		wantError(t, err, tandem.Stale, "revision")
		refusal := errors.New("no")
		if _, err := s.UpdateSetting(ctx, Actor, tandem.SettingPrivacy, 0, func(json.RawMessage) (tandem.SettingChange, error) {
			return tandem.SettingChange{}, refusal
		}); !errors.Is(err, refusal) {
			t.Errorf("got %v", err)
		}
		body, revision, err = s.Setting(ctx, tandem.SettingPrivacy)
		must(t, err)
		equal(t, "after", []any{string(body), revision}, []any{`{"a":2}`, int64(2)})
		other, _, err := s.Setting(ctx, tandem.SettingAnalyzer)
		must(t, err)
		equal(t, "another setting", string(other), "")
		entries, _, err := s.Audit(ctx, tandem.ID(tandem.SettingPrivacy), tandem.Page{})
		must(t, err)
		equal(t, "entries", len(entries), 2)
		equal(t, "audit", []string{entries[0].Actor, entries[0].Action, string(entries[0].Before), string(entries[0].After)}, []string{"ann", "settings.privacy", `{"a":"<&>"}`, `{"told":1}`})
		moved, err := s.ConfigVersion(ctx)
		must(t, err)
		equal(t, "moves of the configuration", moved-version, int64(2))
	}),
}
