package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"tandem"
)

// PlaceTestCall calls an agent's version, or its draft when version is 0. It is
// sent once: repeating it would call again.
func (c *Client) PlaceTestCall(ctx context.Context, agent string, version int, number string) (tandem.TestCall, error) {
	in := map[string]any{}
	if version > 0 {
		in["version"] = version
	}
	if number != "" {
		in["number"] = number
	}
	var out tandem.TestCall
	err := c.do(ctx, request{method: http.MethodPost, path: path("agents", agent, "test-call"), in: in}, &out)
	return out, err
}

// CallsPerDay is how many calls the routes had, day by day.
type CallsPerDay struct {
	Days   []string `json:"days"`
	Routes []struct {
		RouteID tandem.ID `json:"route_id"`
		Calls   []int64   `json:"calls"`
		Today   int64     `json:"today"`
	} `json:"routes"`
}

// CallsPerDay counts every route's calls of the last days, as a time zone (IANA)
// divides them.
func (c *Client) CallsPerDay(ctx context.Context, days int, zone string) (CallsPerDay, error) {
	var out CallsPerDay
	q := url.Values{"days": {strconv.Itoa(days)}, "zone": {zone}}
	err := c.do(ctx, request{method: http.MethodGet, path: path("volume"), query: q}, &out)
	return out, err
}
