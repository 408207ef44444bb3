package client

import (
	"context"
	"net/http"

	"tandem"
)

// NewKey is a key and its secret, which is told only once.
type NewKey struct {
	tandem.Key
	Secret string `json:"secret"`
}

// Keys lists API keys.
func (c *Client) Keys(ctx context.Context) (List[tandem.Key], error) {
	var out List[tandem.Key]
	err := c.do(ctx, request{method: http.MethodGet, path: path("keys")}, &out)
	return out, err
}

// CreateKey makes an API key.
func (c *Client) CreateKey(ctx context.Context, name string, scopes []tandem.Scope) (NewKey, error) {
	var out NewKey
	in := map[string]any{"name": name, "scopes": scopes}
	err := c.do(ctx, request{method: http.MethodPost, path: path("keys"), in: in}, &out)
	return out, err
}

// RevokeKey revokes an API key.
func (c *Client) RevokeKey(ctx context.Context, id tandem.ID) error {
	return c.do(ctx, request{method: http.MethodDelete, path: path("keys", string(id))}, nil)
}
