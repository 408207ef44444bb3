package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"tandem"
)

// Topics is a test by groups of its calls, as far as people are shown it; Raw is all
// of it.
type Topics struct {
	Grouping   tandem.Grouping `json:"grouping"`
	CallsSince int64           `json:"calls_since"`
	Report     *TopicsReport   `json:"report"`

	Raw []byte `json:"-"`
}

func (t *Topics) keep(raw []byte) { t.Raw = raw }

// TopicsReport is what came of a grouping.
type TopicsReport struct {
	Label    string     `json:"label"`
	At       time.Time  `json:"at"`
	CoversTo *time.Time `json:"covers_to"`
	Calls    int64      `json:"calls"`
	Silent   int64      `json:"without_words"`
	Grouped  int64      `json:"grouped"`
	Fit      *struct {
		NamedBy string `json:"named_by"`
	} `json:"fit"`
	Groups       []Group       `json:"groups"`
	Interactions []Interaction `json:"interactions"`
	Situations   []Group       `json:"situations"`
	Beside       []Interaction `json:"situation_interactions"`
	Notes        []string      `json:"notes"`
}

// Group is some of a test's calls.
type Group struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Terms       []string `json:"terms"`
	Typical     []struct {
		CallID tandem.ID `json:"call_id"`
		Said   string    `json:"said"`
	} `json:"typical"`
	Calls   int64         `json:"calls"`
	Share   GroupMetric   `json:"share"`
	Metrics []GroupMetric `json:"metrics"`
}

// GroupMetric is one metric within a group.
type GroupMetric struct {
	Name  string            `json:"name"`
	Label string            `json:"label"`
	Kind  tandem.MetricKind `json:"kind"`
	Unit  string            `json:"unit"`
	Arms  []struct {
		Arm     string   `json:"arm"`
		N       int64    `json:"n"`
		Unknown int64    `json:"unknown"`
		Value   *float64 `json:"value"`
	} `json:"arms"`
	Against []struct {
		Arm      string       `json:"arm"`
		Value    *float64     `json:"value"`
		Interval *tandem.Span `json:"interval"`
		Adjusted *float64     `json:"adjusted"`
	} `json:"against"`
}

// Interaction says whether a difference between arms differs among groups.
type Interaction struct {
	Situation string   `json:"situation"`
	Label     string   `json:"label"`
	Arm       string   `json:"arm"`
	Against   string   `json:"against"`
	Groups    int      `json:"groups"`
	LeftOut   []string `json:"left_out"`
	Q         *float64 `json:"q"`
	P         *float64 `json:"p"`
	Adjusted  *float64 `json:"adjusted"`
	Note      string   `json:"note"`
}

// AskTopics says how calls are to be grouped.
type AskTopics struct {
	By    tandem.GroupBy `json:"by,omitempty"`
	K     int            `json:"k,omitempty"`
	Again bool           `json:"again,omitempty"`
}

// Topics reads a test by groups of its calls.
func (c *Client) Topics(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (Topics, error) {
	var out Topics
	err := c.do(ctx, request{method: http.MethodGet, path: path("tests", string(testID), "topics"), query: url.Values{"by": {string(by)}}}, &out)
	return out, err
}

// AskTopics has a test's calls grouped, in the background.
func (c *Client) AskTopics(ctx context.Context, testID tandem.ID, ask AskTopics) (tandem.Grouping, error) {
	var out tandem.Grouping
	err := c.do(ctx, request{method: http.MethodPost, path: path("tests", string(testID), "topics"), in: ask}, &out)
	return out, err
}
