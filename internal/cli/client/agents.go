package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// Agents lists agents.
func (c *Client) Agents(ctx context.Context, p Page) (List[tandem.Agent], error) {
	var out List[tandem.Agent]
	err := c.do(ctx, request{method: http.MethodGet, path: path("agents"), query: p.into(nil)}, &out)
	return out, err
}

// Agent reads an agent by id or name.
func (c *Client) Agent(ctx context.Context, idOrName string) (tandem.Agent, error) {
	var out tandem.Agent
	err := c.do(ctx, request{method: http.MethodGet, path: path("agents", idOrName)}, &out)
	return out, err
}

// CreateAgent makes an agent.
func (c *Client) CreateAgent(ctx context.Context, name string, draft tandem.Content) (tandem.Agent, error) {
	var out tandem.Agent
	in := map[string]any{"name": name, "draft": draft}
	err := c.do(ctx, request{method: http.MethodPost, path: path("agents"), in: in}, &out)
	return out, err
}

// PutDraft replaces an agent's draft, if its revision is the given one; 0 is
// any.
func (c *Client) PutDraft(ctx context.Context, idOrName string, revision int64, draft any) (tandem.Agent, error) {
	var out tandem.Agent
	err := c.do(ctx, request{method: http.MethodPut, path: path("agents", idOrName, "draft"), match: revision, in: draft}, &out)
	return out, err
}

// Publish freezes an agent's draft as its next version, if the agent's revision
// is the given one; 0 is any.
func (c *Client) Publish(ctx context.Context, idOrName string, revision int64, note string) (tandem.Version, error) {
	var out tandem.Version
	in := map[string]string{"note": note}
	err := c.do(ctx, request{method: http.MethodPost, path: path("agents", idOrName, "publish"), match: revision, in: in}, &out)
	return out, err
}

// Versions lists an agent's versions, newest first.
func (c *Client) Versions(ctx context.Context, idOrName string, p Page) (List[tandem.Version], error) {
	var out List[tandem.Version]
	err := c.do(ctx, request{method: http.MethodGet, path: path("agents", idOrName, "versions"), query: p.into(nil)}, &out)
	return out, err
}

// Version reads a version by id or as agent@number.
func (c *Client) Version(ctx context.Context, idOrRef string) (tandem.Version, error) {
	var out tandem.Version
	err := c.do(ctx, request{method: http.MethodGet, path: path("versions", idOrRef)}, &out)
	return out, err
}

// Diff is how two versions of an agent differ.
type Diff struct {
	From        string              `json:"from"`
	To          string              `json:"to"`
	Differences []tandem.Difference `json:"differences"`
}

// Diff compares two versions of an agent; from and to are numbers or "draft".
func (c *Client) Diff(ctx context.Context, idOrName, from, to string) (Diff, error) {
	var out Diff
	q := url.Values{"from": {from}, "to": {to}}
	err := c.do(ctx, request{method: http.MethodGet, path: path("agents", idOrName, "diff"), query: q}, &out)
	return out, err
}
