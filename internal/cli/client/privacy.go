package client

import (
	"context"
	"encoding/json"
	"net/http"

	"tandem"
)

// Privacy reads the privacy settings.
func (c *Client) Privacy(ctx context.Context) (tandem.PrivacySettings, error) {
	var out tandem.PrivacySettings
	err := c.do(ctx, request{method: http.MethodGet, path: path("settings", "privacy")}, &out)
	return out, err
}

// SetPrivacy changes the privacy settings, all of them.
func (c *Client) SetPrivacy(ctx context.Context, s tandem.PrivacySettings) (tandem.PrivacySettings, error) {
	var out tandem.PrivacySettings
	err := c.do(ctx, request{method: http.MethodPut, path: path("settings", "privacy"), in: s}, &out)
	return out, err
}

// StartPrivacyWork asks for work on what is stored.
func (c *Client) StartPrivacyWork(ctx context.Context, work tandem.PrivacyWork) (tandem.PrivacyJob, error) {
	var out tandem.PrivacyJob
	err := c.do(ctx, request{method: http.MethodPost, path: path("privacy", string(work))}, &out)
	return out, err
}

// PrivacyJob tells how far work has come.
func (c *Client) PrivacyJob(ctx context.Context, id tandem.ID) (tandem.PrivacyJob, error) {
	var out tandem.PrivacyJob
	err := c.do(ctx, request{method: http.MethodGet, path: path("privacy", "jobs", string(id))}, &out)
	return out, err
}

// Purges lists what was deleted, newest first.
func (c *Client) Purges(ctx context.Context, p Page) (List[tandem.Purge], error) {
	var out List[tandem.Purge]
	err := c.do(ctx, request{method: http.MethodGet, path: path("privacy", "purges"), query: p.into(nil)}, &out)
	return out, err
}

// ExportCaller gives everything that is kept of a caller, as it came.
func (c *Client) ExportCaller(ctx context.Context, caller string) (json.RawMessage, error) {
	var out json.RawMessage
	err := c.do(ctx, request{method: http.MethodPost, path: path("privacy", "export"), in: map[string]string{"caller": caller}}, &out)
	return out, err
}

// Erasure is what was erased of a caller.
type Erasure struct {
	ID    tandem.ID `json:"id"`
	Key   string    `json:"caller_key"`
	Calls int64     `json:"calls"`
}

// EraseCaller erases a caller's personal data.
func (c *Client) EraseCaller(ctx context.Context, caller string) (Erasure, error) {
	var out Erasure
	err := c.do(ctx, request{method: http.MethodPost, path: path("privacy", "erase"), in: map[string]string{"caller": caller}}, &out)
	return out, err
}
