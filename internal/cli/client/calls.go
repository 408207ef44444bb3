package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// Calls lists calls, newest first. filter holds the API's query parameters.
func (c *Client) Calls(ctx context.Context, filter url.Values, p Page) (List[tandem.Call], error) {
	var out List[tandem.Call]
	err := c.do(ctx, request{method: http.MethodGet, path: path("calls"), query: p.into(filter)}, &out)
	return out, err
}

// Call reads the record of a call.
func (c *Client) Call(ctx context.Context, id tandem.ID) (tandem.Call, error) {
	var out tandem.Call
	err := c.do(ctx, request{method: http.MethodGet, path: path("calls", string(id))}, &out)
	return out, err
}

// Transcript reads what was said in a call.
func (c *Client) Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error) {
	var out tandem.Transcript
	err := c.do(ctx, request{method: http.MethodGet, path: path("calls", string(id), "transcript")}, &out)
	return out, err
}
