package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tandem"
)

// Post reports the events of one call and returns once they are stored. It
// tries again while the server is away: events have ids, so a second try
// changes nothing.
func (c *Client) Post(ctx context.Context, events []tandem.Event) error {
	if len(events) == 0 {
		return nil
	}
	return again(ctx, func() error {
		return c.do(ctx, request{method: http.MethodPost, path: path("calls", string(events[0].CallID), "events"), in: events}, nil)
	})
}

// BulkReport says what became of the lines of a bulk request.
type BulkReport struct {
	Accepted int `json:"accepted"`
	// RejectedCount is how many were not stored; Rejected lists the first of
	// them.
	RejectedCount int `json:"rejected_count"`
	Rejected      []struct {
		Line   int `json:"line"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	} `json:"rejected"`
}

// PostBulk reports events of any calls as JSON lines and returns once they are
// stored. An event that is refused is Invalid, with the event's id in the
// message; the others are stored all the same. It tries again while the server
// is away.
func (c *Client) PostBulk(ctx context.Context, events []tandem.Event) error {
	if len(events) == 0 {
		return nil
	}
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, e := range events {
		if err := enc.Encode(e); err != nil {
			return fmt.Errorf("event %s cannot be written: %w", e.ID, err)
		}
	}
	return again(ctx, func() error { return c.postLines(ctx, lines.Bytes(), events) })
}

func (c *Client) postLines(ctx context.Context, lines []byte, events []tandem.Event) error {
	req, err := c.prepare(ctx, request{method: http.MethodPost, path: path("events"), body: bytes.NewReader(lines), kind: "application/x-ndjson"})
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer res.Body.Close()
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(res.Body); err != nil {
		return c.unreachable(ctx, err)
	}
	var report BulkReport
	// A bulk request that was taken in part is answered 422 with the report;
	// any other error is a problem.
	if res.StatusCode >= 300 && (res.StatusCode != http.StatusUnprocessableEntity || json.Unmarshal(raw.Bytes(), &report) != nil || report.RejectedCount == 0) {
		return problem(res, raw.Bytes())
	}
	var errs []error
	for _, r := range report.Rejected {
		name := fmt.Sprintf("line %d", r.Line)
		if r.Line >= 1 && r.Line <= len(events) {
			name = "event " + events[r.Line-1].ID
		}
		for _, e := range r.Errors {
			errs = append(errs, tandem.Errorf(tandem.Invalid, e.Location, "%s (%s)", e.Message, name))
		}
	}
	return errors.Join(errs...)
}

// pauses are the waits between tries while the server is away.
var pauses = []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}

// again runs f until it does anything but find the server away, a few times.
func again(ctx context.Context, f func() error) error {
	for _, pause := range pauses {
		err := f()
		if tandem.CodeOf(err) != tandem.Unavailable {
			return err
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
	return f()
}
