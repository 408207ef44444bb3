package api

import (
	"context"
	"encoding/json"

	"tandem"
)

// Settings are what the workspace has chosen.
type Settings interface {
	// Setting gives a setting and its revision, nil and 0 before anybody chose.
	Setting(ctx context.Context, name tandem.SettingName) (json.RawMessage, int64, error)
	UpdateSetting(ctx context.Context, actor string, name tandem.SettingName, revision int64, change func(stored json.RawMessage) (tandem.SettingChange, error)) (int64, error)
}

// readSetting reads a setting as a T; what nobody chose is as in T's zero value.
func readSetting[T any](ctx context.Context, a *api, name tandem.SettingName) (doc T, revision int64, err error) {
	body, revision, err := a.Store.Setting(ctx, name)
	if err == nil && body != nil {
		err = json.Unmarshal(body, &doc)
	}
	return doc, revision, err
}

// editSetting applies change to a setting. told is what of it the audit log is told,
// without secrets.
func editSetting[T any](ctx context.Context, a *api, name tandem.SettingName, m IfMatch, told func(T) any, change func(*T) error) (doc T, revision int64, err error) {
	if revision, err = m.revision(); err != nil {
		return doc, 0, err
	}
	revision, err = a.Store.UpdateSetting(ctx, actor(ctx), name, revision, func(stored json.RawMessage) (ch tandem.SettingChange, err error) {
		doc = *new(T)
		if stored != nil {
			if err := json.Unmarshal(stored, &doc); err != nil {
				return ch, err
			}
		}
		if ch.Before, err = json.Marshal(told(doc)); err != nil {
			return ch, err
		}
		if err := change(&doc); err != nil {
			return ch, err
		}
		if ch.After, err = json.Marshal(told(doc)); err != nil {
			return ch, err
		}
		ch.Body, err = json.Marshal(doc)
		return ch, err
	})
	if err == nil {
		a.inForce(ctx)
	}
	return doc, revision, err
}
