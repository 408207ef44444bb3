package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"tandem"
)

// Arm is one arm of a test to be. Version is an id or agent@number.
type Arm struct {
	Version string   `json:"version,omitempty"`
	Weight  *float64 `json:"weight,omitempty"`
}

// NewTest is a test to start.
type NewTest struct {
	Name          string      `json:"name,omitempty"`
	Arms          []Arm       `json:"arms"`
	Unit          tandem.Unit `json:"unit,omitempty"`
	Goal          string      `json:"goal,omitempty"`
	PrimaryMetric string      `json:"primary_metric,omitempty"`
	tandem.Rules
}

// RecordedTest is a finished experiment to import.
type RecordedTest struct {
	Route         string    `json:"route"`
	Name          string    `json:"name,omitempty"`
	Arms          []Arm     `json:"arms"`
	Goal          string    `json:"goal,omitempty"`
	PrimaryMetric string    `json:"primary_metric,omitempty"`
	Intended      bool      `json:"intended,omitempty"`
	StartedAt     time.Time `json:"started_at,omitzero"`
	EndedAt       time.Time `json:"ended_at,omitzero"`
}

// StartTest starts a test on a route.
func (c *Client) StartTest(ctx context.Context, route string, t NewTest) (tandem.Test, error) {
	var out tandem.Test
	err := c.do(ctx, request{method: http.MethodPost, path: path("routes", route, "test"), in: t}, &out)
	return out, err
}

// RecordTest makes a test of a finished experiment.
func (c *Client) RecordTest(ctx context.Context, t RecordedTest) (tandem.Test, error) {
	var out tandem.Test
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", "recorded"), in: t}, &out)
	return out, err
}

// Tests lists the tests of a route, newest first; route "" is all.
func (c *Client) Tests(ctx context.Context, route string, p Page) (List[tandem.Test], error) {
	var out List[tandem.Test]
	q := url.Values{}
	if route != "" {
		q.Set("route", route)
	}
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests"), query: p.into(q)}, &out)
	return out, err
}

// Test reads a test by id.
func (c *Client) Test(ctx context.Context, id tandem.ID) (tandem.Test, error) {
	var out tandem.Test
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(id))}, &out)
	return out, err
}

// PutSplit changes the split of a running test: weights in percent, one for
// each arm.
func (c *Client) PutSplit(ctx context.Context, id tandem.ID, revision int64, weights any) (tandem.Test, error) {
	var out tandem.Test
	in := map[string]any{"weights": weights}
	err := c.do(ctx, request{method: http.MethodPut, path: path("tests", string(id), "split"), match: revision, in: in}, &out)
	return out, err
}

// Acknowledge says that an alarm was looked into.
func (c *Client) Acknowledge(ctx context.Context, id tandem.ID, revision int64, check tandem.Check, note string) (tandem.Test, error) {
	var out tandem.Test
	in := map[string]string{"check": string(check), "note": note}
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", string(id), "acknowledge"), match: revision, in: in}, &out)
	return out, err
}

// Report gives a test's results as a page, format markdown or html.
func (c *Client) Report(ctx context.Context, id tandem.ID, format string) ([]byte, error) {
	var out []byte
	q := url.Values{"format": {format}}
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(id), "report"), query: q}, &out)
	return out, err
}

// Decision is what was known when a test was ended.
type Decision struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Winner  string    `json:"winner"`
	Note    string    `json:"note"`
	Results Results   `json:"results"`
}

// Decision reads what was known when a test was ended. Errors: NotFound while
// it runs.
func (c *Client) Decision(ctx context.Context, id tandem.ID) (Decision, error) {
	var out Decision
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(id), "decision")}, &out)
	return out, err
}

// EndTest ends a running test and makes the winner live; winner "" is A.
func (c *Client) EndTest(ctx context.Context, id tandem.ID, revision int64, winner, note string) (tandem.Test, error) {
	var out tandem.Test
	in := map[string]string{}
	if winner != "" {
		in["winner"] = winner
	}
	if note != "" {
		in["note"] = note
	}
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", string(id), "end"), match: revision, in: in}, &out)
	return out, err
}
