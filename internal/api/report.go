package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tandem"
	"tandem/internal/report"
	"tandem/internal/results"
)

// reportPolicy lets a report have its own style and nothing else.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

type getReport struct {
	TestPath
	Format string `query:"format" enum:"markdown,html" doc:"Default: by the Accept header, else markdown"`
	Accept string `header:"Accept" doc:"text/html asks for the page, anything else for Markdown"`
}

func (in getReport) html() bool {
	return in.Format == "html" || in.Format == "" && strings.Contains(in.Accept, "text/html")
}

type reportResponse struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Vary        string `header:"Vary"`
	Body        []byte
}

func (a *api) report() {
	register(a, operation{
		id: "get-report", method: http.MethodGet, path: "/v1/tests/{test}/report", tag: tagResults, scope: tandem.ScopeRead,
		summary: "Read a test's results as a report", description: "Markdown, or one HTML page with its charts that needs nothing else. Of a test that was ended, what was known then and why it was decided so; of a running one, what is known so far.",
		produces: []string{"text/markdown", "text/html"},
	}, a.getReport)
}

func (a *api) getReport(ctx context.Context, in *getReport) (*reportResponse, error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	r, d, err := a.reported(ctx, t)
	if err != nil {
		return nil, err
	}
	out := &reportResponse{ContentType: "text/markdown; charset=utf-8", Policy: apiPolicy, Vary: "Accept"}
	write := report.Markdown
	if in.html() {
		write = report.HTML
		out.ContentType, out.Policy = "text/html; charset=utf-8", reportPolicy
	}
	var page bytes.Buffer
	judged, err := a.judgedArms(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := write(&page, r, d, judged...); err != nil {
		return nil, err
	}
	out.Body = page.Bytes()
	return out, nil
}

// reported gives what was known when the test ended, else what is known now.
func (a *api) reported(ctx context.Context, t tandem.Test) (results.Results, *tandem.Decision, error) {
	d, err := a.Store.Decision(ctx, t.ID)
	if tandem.CodeOf(err) == tandem.NotFound {
		r, err := a.Results.Results(ctx, t.ID)
		return r, nil, err
	}
	if err != nil {
		return results.Results{}, nil, err
	}
	var r results.Results
	if err := json.Unmarshal(d.Results, &r); err != nil {
		return r, nil, fmt.Errorf("decision of test %s: %w", t.ID, err)
	}
	return r, &d, nil
}
