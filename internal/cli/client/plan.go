package client

import (
	"context"
	"net/http"

	"tandem"
)

// PlanRequest asks how large a test has to be. What is left out is taken from
// the route, or has a default.
type PlanRequest struct {
	Route    string            `json:"route,omitempty"`
	Metric   string            `json:"metric,omitempty"`
	Kind     tandem.MetricKind `json:"kind,omitempty"`
	Unit     string            `json:"unit,omitempty"`
	Baseline *float64          `json:"baseline,omitempty"`
	SD       float64           `json:"sd,omitempty"`
	Low      *float64          `json:"low,omitempty"`
	High     *float64          `json:"high,omitempty"`
	Effect   float64           `json:"effect,omitempty"`
	Relative float64           `json:"relative,omitempty"`
	Calls    int64             `json:"calls,omitempty"`
	Days     float64           `json:"days,omitempty"`
	ShareB   float64           `json:"share_b,omitempty"`
	Power    float64           `json:"power,omitempty"`
	Alpha    float64           `json:"alpha,omitempty"`
	PerDay   float64           `json:"per_day,omitempty"`

	Arms              int         `json:"arms,omitempty"`
	OneSided          bool        `json:"one_sided,omitempty"`
	CallsPerCaller    float64     `json:"calls_per_caller,omitempty"`
	CallsSpread       float64     `json:"calls_spread,omitempty"`
	CallerCorrelation float64     `json:"caller_correlation,omitempty"`
	Covariate         float64     `json:"covariate_correlation,omitempty"`
	Quantile          float64     `json:"quantile,omitempty"`
	Density           float64     `json:"density,omitempty"`
	Categories        [][]float64 `json:"categories,omitempty"`
	RealShareB        float64     `json:"real_share_b,omitempty"`
}

// Plan is the answer, as far as people are shown it; Raw is all of it.
type Plan struct {
	Request  PlanRequest `json:"request"`
	Text     string      `json:"text"`
	Modes    []PlanMode  `json:"modes"`
	Smallest []Smallest  `json:"smallest"`
	Notes    []string    `json:"notes"`

	Raw []byte `json:"-"`
}

func (p *Plan) keep(raw []byte) { p.Raw = raw }

// PlanMode is what a test takes in one mode.
type PlanMode struct {
	Mode         string   `json:"mode"`
	Calls        int64    `json:"calls"`
	Expected     int64    `json:"expected"`
	Days         *float64 `json:"days"`
	ExpectedDays *float64 `json:"expected_days"`
}

// Smallest is the smallest difference that is found in one mode.
type Smallest struct {
	Mode   string   `json:"mode"`
	Calls  int64    `json:"calls"`
	Days   *float64 `json:"days"`
	Effect float64  `json:"effect"`
}

// Plan works out a plan.
func (c *Client) Plan(ctx context.Context, r PlanRequest) (Plan, error) {
	var out Plan
	err := c.do(ctx, request{method: http.MethodPost, path: path("plan"), in: r}, &out)
	return out, err
}
