package client

import (
	"context"
	"net/http"

	"tandem"
)

// NewRoute is a route to make. LiveVersion is an id or agent@number.
type NewRoute struct {
	Kind           tandem.RouteKind `json:"kind,omitempty"`
	Number         string           `json:"number,omitempty"`
	Name           string           `json:"name,omitempty"`
	LiveVersion    string           `json:"live_version"`
	FallbackURI    string           `json:"fallback_uri,omitempty"`
	SIPMode        tandem.SIPMode   `json:"sip_mode,omitempty"`
	MaxCallSeconds int              `json:"max_call_seconds,omitempty"`
	VersionLimit   int              `json:"version_limit,omitempty"`
}

// Routes lists routes.
func (c *Client) Routes(ctx context.Context, p Page) (List[tandem.Route], error) {
	var out List[tandem.Route]
	err := c.do(ctx, request{method: http.MethodGet, path: path("routes"), query: p.into(nil)}, &out)
	return out, err
}

// Route reads a route by id, number or name.
func (c *Client) Route(ctx context.Context, which string) (tandem.Route, error) {
	var out tandem.Route
	err := c.do(ctx, request{method: http.MethodGet, path: path("routes", which)}, &out)
	return out, err
}

// CreateRoute makes a route.
func (c *Client) CreateRoute(ctx context.Context, r NewRoute) (tandem.Route, error) {
	var out tandem.Route
	err := c.do(ctx, request{method: http.MethodPost, path: path("routes"), in: r}, &out)
	return out, err
}

// PatchRoute changes what change names, by the names of the API, if the
// route's revision is the given one; 0 is any. A nil value takes away.
func (c *Client) PatchRoute(ctx context.Context, which string, revision int64, change map[string]any) (tandem.Route, error) {
	var out tandem.Route
	err := c.do(ctx, request{method: http.MethodPatch, path: path("routes", which), match: revision, in: change}, &out)
	return out, err
}
