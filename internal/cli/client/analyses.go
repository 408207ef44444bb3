package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"tandem"
)

// AnalysisStatus says how analysis goes on the server.
type AnalysisStatus struct {
	Analyzer    string                `json:"analyzer"`
	Model       string                `json:"model,omitempty"`
	Note        string                `json:"note"`
	Due         int64                 `json:"due"`
	Failed      int64                 `json:"failed"`
	UnderWay    int                   `json:"under_way"`
	Today       tandem.AnalysisDay    `json:"today"`
	Budget      tandem.AnalyzerBudget `json:"budget"`
	BudgetSpent bool                  `json:"budget_spent"`
	Paused      *struct {
		Reason string    `json:"reason"`
		Until  time.Time `json:"until,omitzero"`
	} `json:"paused,omitempty"`
}

// AnalysisStatus reads how analysis goes.
func (c *Client) AnalysisStatus(ctx context.Context) (out AnalysisStatus, err error) {
	return out, c.do(ctx, request{method: http.MethodGet, path: path("analyses", "status")}, &out)
}

// Analysis reads what was found in a call.
func (c *Client) Analysis(ctx context.Context, call tandem.ID) (out tandem.CallAnalysis, err error) {
	return out, c.do(ctx, request{method: http.MethodGet, path: path("calls", string(call), "analysis")}, &out)
}

// AnalyzeAgain has a call analysed again.
func (c *Client) AnalyzeAgain(ctx context.Context, call tandem.ID) (out tandem.CallAnalysis, err error) {
	return out, c.do(ctx, request{method: http.MethodPost, path: path("calls", string(call), "analysis")}, &out)
}

// Analyses lists analyses in a state, the last asked for first.
func (c *Client) Analyses(ctx context.Context, state tandem.AnalysisState, p Page) (out List[tandem.CallAnalysis], err error) {
	q := p.into(url.Values{"state": {string(state)}})
	return out, c.do(ctx, request{method: http.MethodGet, path: path("analyses"), query: q}, &out)
}

// Reanalyze asks for a test's calls to be analysed again, or with dryRun only what
// that would take.
func (c *Client) Reanalyze(ctx context.Context, test tandem.ID, dryRun bool, maxCost float64) (est *tandem.ReanalysisEstimate, begun *tandem.Reanalysis, err error) {
	var out struct {
		Estimate   *tandem.ReanalysisEstimate
		Reanalysis *tandem.Reanalysis
	}
	in := map[string]any{"dry_run": dryRun, "max_cost": maxCost}
	err = c.do(ctx, request{method: http.MethodPost, path: path("tests", string(test), "reanalysis"), in: in}, &out)
	return out.Estimate, out.Reanalysis, err
}

// Reanalysis reads how far a test's latest re-analysis is.
func (c *Client) Reanalysis(ctx context.Context, test tandem.ID) (out tandem.Reanalysis, err error) {
	return out, c.do(ctx, request{method: http.MethodGet, path: path("tests", string(test), "reanalysis")}, &out)
}

// CancelReanalysis cancels a test's re-analysis.
func (c *Client) CancelReanalysis(ctx context.Context, test tandem.ID) error {
	return c.do(ctx, request{method: http.MethodDelete, path: path("tests", string(test), "reanalysis")}, nil)
}

// Analyzer is who analyses calls, without secrets.
type Analyzer struct {
	tandem.AnalyzerSettings
	KeySet      bool     `json:"key_set"`
	HeaderNames []string `json:"header_names,omitempty"`
}

// Analyzer reads who analyses calls.
func (c *Client) Analyzer(ctx context.Context) (out Analyzer, err error) {
	return out, c.do(ctx, request{method: http.MethodGet, path: path("settings", "analyzer")}, &out)
}

// PutAnalyzer says who analyses calls: a JSON document as the API takes it.
func (c *Client) PutAnalyzer(ctx context.Context, doc json.RawMessage) (out Analyzer, err error) {
	return out, c.do(ctx, request{method: http.MethodPut, path: path("settings", "analyzer"), in: doc}, &out)
}

// AnalyzerTrial is what came of trying the model.
type AnalyzerTrial struct {
	OK       bool             `json:"ok"`
	Problem  string           `json:"problem,omitempty"`
	Field    string           `json:"field,omitempty"`
	Millis   int64            `json:"milliseconds"`
	Analysis *tandem.Analysis `json:"analysis,omitempty"`
}

// TryAnalyzer asks the model about a conversation that is built in.
func (c *Client) TryAnalyzer(ctx context.Context) (out AnalyzerTrial, err error) {
	return out, c.do(ctx, request{method: http.MethodPost, path: path("settings", "analyzer", "try")}, &out)
}
