package client

import (
	"context"
	"net/http"
	"net/url"

	"tandem"
)

// Sample is transcripts drawn at random, the same number from each arm; Raw is
// all of it.
type Sample struct {
	TestID tandem.ID        `json:"test_id"`
	Seed   uint64           `json:"seed"`
	AsOf   map[string]int64 `json:"as_of"`
	Arms   []SampleArm      `json:"arms"`
	// Pairs take the place of Arms in a blind sample.
	Pairs []BlindPair `json:"pairs,omitempty"`

	Raw []byte `json:"-"`
}

func (s *Sample) keep(raw []byte) { s.Raw = raw }

// SampleArm is what was drawn of one arm.
type SampleArm struct {
	Arm       string        `json:"arm"`
	Looked    int64         `json:"looked"`
	Exhausted bool          `json:"exhausted"`
	Calls     []SampledCall `json:"calls"`
}

// SampledCall is one call with what was said.
type SampledCall struct {
	Call  tandem.Call   `json:"call"`
	Turns []tandem.Turn `json:"turns"`
}

// Sample draws calls of a test. q holds the API's query parameters.
func (c *Client) Sample(ctx context.Context, testID tandem.ID, q url.Values) (Sample, error) {
	var out Sample
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(testID), "sample"), query: q}, &out)
	return out, err
}
