package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// NewWebhook is a webhook and its secret, which is told only once.
type NewWebhook struct {
	tandem.Webhook
	Secret string `json:"secret"`
}

// Webhooks lists webhooks.
func (c *Client) Webhooks(ctx context.Context) (List[tandem.Webhook], error) {
	var out List[tandem.Webhook]
	err := c.do(ctx, request{method: http.MethodGet, path: path("webhooks")}, &out)
	return out, err
}

// CreateWebhook makes a webhook that hears these kinds of notices, or all.
func (c *Client) CreateWebhook(ctx context.Context, address string, kinds []tandem.NoticeKind) (NewWebhook, error) {
	var out NewWebhook
	in := map[string]any{"url": address}
	if len(kinds) > 0 {
		in["kinds"] = kinds
	}
	err := c.do(ctx, request{method: http.MethodPost, path: path("webhooks"), in: in}, &out)
	return out, err
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id tandem.ID) error {
	return c.do(ctx, request{method: http.MethodDelete, path: path("webhooks", string(id))}, nil)
}

// PingWebhook sends a webhook a notice of kind ping.
func (c *Client) PingWebhook(ctx context.Context, id tandem.ID) (tandem.Notice, error) {
	var out tandem.Notice
	err := c.do(ctx, request{method: http.MethodPost, path: path("webhooks", string(id), "ping")}, &out)
	return out, err
}

// Deliveries lists what a webhook was sent, newest first.
func (c *Client) Deliveries(ctx context.Context, id tandem.ID, p Page) (List[tandem.Delivery], error) {
	var out List[tandem.Delivery]
	err := c.do(ctx, request{method: http.MethodGet, path: path("webhooks", string(id), "deliveries"), query: p.into(nil)}, &out)
	return out, err
}

// Notices lists notices, newest first; test "" is all.
func (c *Client) Notices(ctx context.Context, test tandem.ID, p Page) (List[tandem.Notice], error) {
	var out List[tandem.Notice]
	q := url.Values{}
	if test != "" {
		q.Set("test", string(test))
	}
	err := c.do(ctx, request{method: http.MethodGet, path: path("notices"), query: p.into(q)}, &out)
	return out, err
}
