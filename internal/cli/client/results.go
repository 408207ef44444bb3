package client

import (
	"context"
	"net/http"
	"time"

	"tandem"
)

// Results is a test as its calls have it so far, as far as people are shown
// it; Raw is all of it.
type Results struct {
	TestID      tandem.ID           `json:"test_id"`
	Route       string              `json:"route"`
	Name        string              `json:"name"`
	Status      tandem.TestStatus   `json:"status"`
	Unit        tandem.Unit         `json:"unit"`
	Goal        string              `json:"goal"`
	GoalChanges []tandem.GoalChange `json:"goal_changes"`
	// Recounting is there while not everything follows a changed goal.
	Recounting *struct {
		Done, Total int64
		Text        string
	} `json:"recounting"`
	NotComparable []struct {
		Field, Arm, Against, Reason string
	} `json:"not_comparable"`
	StartedAt time.Time      `json:"started_at"`
	EndedAt   *time.Time     `json:"ended_at"`
	Winner    string         `json:"winner"`
	Arms      []ResultArm    `json:"arms"`
	Phases    []tandem.Phase `json:"phases"`
	Verdict   tandem.Verdict `json:"verdict"`
	Method    struct {
		Notes []string `json:"notes"`
	} `json:"method"`
	Metrics  []Metric  `json:"metrics"`
	Quality  []Quality `json:"quality"`
	Evidence Covered   `json:"evidence"`
	// Ramp is what the next step waits for; nil without one.
	Ramp *tandem.RampState `json:"ramp"`

	Raw []byte `json:"-"`
}

func (r *Results) keep(raw []byte) { r.Raw = raw }

// ResultArm says which version an arm is.
type ResultArm struct {
	Key     string  `json:"key"`
	Version string  `json:"version"`
	Note    string  `json:"note"`
	Weight  float64 `json:"weight"`
}

// Metric is one metric over all arms.
type Metric struct {
	Name    string            `json:"name"`
	Label   string            `json:"label"`
	Kind    tandem.MetricKind `json:"kind"`
	Unit    string            `json:"unit"`
	Primary bool              `json:"primary"`
	Arms    []Summary         `json:"arms"`
	Against []Comparison      `json:"against_a"`
	// AnyDifference is the p, valid at every look, that the arms differ at all.
	AnyDifference *float64 `json:"any_difference_p"`
	Note          string   `json:"note"`
	// Answers and UnknownGaps are of analysis fields.
	Answers []struct {
		Arm                           string
		Analyzed, Unknown, Unreported int64
	} `json:"answers"`
	UnknownGaps []struct {
		Arm    string
		Uneven bool
	} `json:"unknown_gaps"`
}

// Summary describes one arm in one metric.
type Summary struct {
	Arm    string       `json:"arm"`
	N      int64        `json:"n"`
	Value  *float64     `json:"value"`
	Median *float64     `json:"median"`
	P90    *float64     `json:"p90"`
	Shares []NamedShare `json:"shares"`
}

// NamedShare is one value of a category.
type NamedShare struct {
	Name  string  `json:"name"`
	N     int64   `json:"n"`
	Share float64 `json:"share"`
}

// Comparison is how an arm differs from the first.
type Comparison struct {
	Arm      string       `json:"arm"`
	Value    *float64     `json:"value"`
	Interval *tandem.Span `json:"interval"`
	P        *float64     `json:"p"`
	Log10P   *float64     `json:"log10_p"`
	// Evidence holds at every look, unlike the rest.
	Evidence *Evidence `json:"evidence"`
}

// Evidence is what holds at every look about one arm against the first.
type Evidence struct {
	Value       *float64     `json:"value"`
	Interval    *tandem.Span `json:"interval"`
	P           *float64     `json:"p"`
	Log10P      *float64     `json:"log10_p"`
	Adjusted    *float64     `json:"adjusted_p"`
	Exploratory bool         `json:"exploratory"`
}

// Covered says how far the evidence reaches.
type Covered struct {
	Calls      int64      `json:"calls"`
	Waiting    int64      `json:"waiting"`
	CoveredTo  *time.Time `json:"covered_to"`
	Rebuilding bool       `json:"rebuilding"`
	Callers    int64      `json:"callers"`
	Withheld   int64      `json:"withheld"`
	FirstCalls []struct {
		Arm      string       `json:"arm"`
		N        int64        `json:"n"`
		Value    *float64     `json:"value"`
		Interval *tandem.Span `json:"interval"`
	} `json:"first_calls"`
}

// Quality says how complete an arm's data are.
type Quality struct {
	Arm           string           `json:"arm"`
	InProgress    int64            `json:"in_progress"`
	Lost          int64            `json:"lost"`
	OutcomeShare  *float64         `json:"outcome_share"` // of ended calls
	NotRandomised map[string]int64 `json:"not_randomised"`
}

// Results reads the results of a test by its id, or of the running or else
// latest test of a route by its id, number or name.
func (c *Client) Results(ctx context.Context, which string) (Results, error) {
	var out Results
	err := c.testOrRoute(ctx, which, nil, "results", &out)
	return out, err
}

// testOrRoute reads something that both tests and routes have. An id may be of
// either; a test is tried first.
func (c *Client) testOrRoute(ctx context.Context, which string, q map[string][]string, what string, out any) error {
	if tandem.ID(which).Valid() {
		err := c.do(ctx, request{method: http.MethodGet, path: path("tests", which, what), query: q}, out)
		if tandem.CodeOf(err) != tandem.NotFound {
			return err
		}
	}
	return c.do(ctx, request{method: http.MethodGet, path: path("routes", which, what), query: q}, out)
}
