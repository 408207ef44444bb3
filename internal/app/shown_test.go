package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"tandem"
	"tandem/internal/analyze"
	"tandem/internal/judge"
	"tandem/internal/topics"
)

// pupil is an OpenAI-compatible end point that keeps what it is sent and answers
// whatever fits the schema that it is given.
type pupil struct {
	mu   sync.Mutex
	sent []string
}

func (p *pupil) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var in struct {
		ResponseFormat struct {
			JSONSchema struct {
				Schema map[string]any `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.sent = append(p.sent, string(raw))
	p.mu.Unlock()
	text, _ := json.Marshal(fitting(in.ResponseFormat.JSONSchema.Schema))
	content, _ := json.Marshal(string(text))
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}`, content)
}

// fitting gives a value that fits a schema: as little as it takes.
func fitting(schema map[string]any) any {
	if list, ok := schema["enum"].([]any); ok {
		return list[len(list)-1]
	}
	if list, ok := schema["anyOf"].([]any); ok {
		return fitting(list[len(list)-1].(map[string]any))
	}
	kind := schema["type"]
	if list, ok := kind.([]any); ok {
		kind = list[len(list)-1]
	}
	switch kind {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, of := range properties {
			out[name] = fitting(of.(map[string]any))
		}
		return out
	case "array":
		return []any{}
	case "string":
		return "words"
	case "number", "integer":
		return 1
	case "boolean":
		return true
	}
	return nil
}

// asked counts the requests that hold a text.
func (p *pupil) asked(text string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sent {
		if strings.Contains(s, text) {
			n++
		}
	}
	return n
}

// Calls are stored while nothing is redacted; then redaction is turned on and a
// language model is asked everything that it can be asked.
func TestWhatWasStoredBeforeRedactionReachesNoLanguageModel(t *testing.T) {
	a, c, test, end := recorded(t)
	c.do("PUT", "/v1/settings/privacy", `{"redact":{"kinds":["phone","name"],"names":["Karenina"]},"discard_callers":false,"discard_recordings":false,"retention":{"transcripts_days":0,"analyses_days":0,"recordings_days":0,"callers_days":0,"records_days":0}}`, 200, nil)
	c.useModel(end, `{}`)
	at := "/v1/tests/" + string(test.ID)

	c.do("POST", at+"/reanalysis", `{}`, 202, nil)
	waitFor(t, func() bool {
		var r tandem.Reanalysis
		c.do("GET", at+"/reanalysis", "", 200, &r)
		return r.State == tandem.ReanalysisDone
	})
	c.do("POST", at+"/judgements", `{"pairs":4}`, 202, nil)
	waitFor(t, func() bool {
		var j judge.Judgements
		c.do("GET", at+"/judgements", "", 200, &j)
		return j.Judging != nil && j.Judging.State == tandem.JudgingDone
	})
	c.do("POST", at+"/topics", `{"by":"intent","k":3}`, 202, nil)
	var groups topics.Topics
	waitFor(t, func() bool {
		groups = topics.Topics{}
		c.do("GET", at+"/topics", "", 200, &groups)
		return groups.Grouping.State == tandem.GroupingDone
	})
	if fit := groups.Report.Fit; fit == nil || fit.NamedBy == "offline" {
		t.Errorf("the model named no groups: %+v", groups.Report)
	}
	if n := end.asked("[phone]"); n < calls+8+1 || n != len(end.sent) {
		t.Errorf("%d of %d requests hold what was redacted", n, len(end.sent))
	}
	for _, secret := range []string{"555-0188", "Karenina", "karenina"} {
		if n := end.asked(secret); n > 0 {
			t.Errorf("%q reached the model %d times", secret, n)
		}
	}
	kept, err := a.store.Transcript(t.Context(), someCall(t, a, test))
	must(t, err)
	if !strings.Contains(kept.Turns[1].Text, "555-0188") {
		t.Errorf("this test stores nothing to be taken out: %q", kept.Turns[1].Text)
	}
	var status analyze.Progress
	c.do("GET", "/v1/analyses/status", "", 200, &status)
	if want := int64(len(end.sent)); status.Today.Usage.Requests != want || status.Today.Usage.Tokens() != 1100*want {
		t.Errorf("the day has %+v; want %d requests", status.Today.Usage, want)
	}
	metrics := c.metrics()
	for _, line := range []string{
		fmt.Sprintf("tandem_llm_requests_total %d", len(end.sent)), "tandem_analyses_due 0", "tandem_analyses_paused 0", "tandem_analyses_failed_total 0", "tandem_llm_cost_dollars_total ",
	} {
		if !strings.Contains(metrics, "\n"+line) {
			t.Errorf("the metrics lack %q:\n%s", line, metrics)
		}
	}
}

func TestTheDaysBudgetBoundsJudgingAndNamingToo(t *testing.T) {
	_, c, test, end := recorded(t)
	at := "/v1/tests/" + string(test.ID)
	c.useModel(end, `{"day_tokens":1}`) // any question is more
	c.do("POST", at+"/topics", `{"by":"intent","k":3}`, 202, nil)
	var groups topics.Topics
	waitFor(t, func() bool {
		groups = topics.Topics{}
		c.do("GET", at+"/topics", "", 200, &groups)
		return groups.Grouping.State == tandem.GroupingDone
	})
	if !slices.ContainsFunc(groups.Report.Notes, func(n string) bool { return strings.Contains(n, "budget") }) || groups.Report.Fit.NamedBy != "offline" {
		t.Errorf("notes %q", groups.Report.Notes)
	}
	c.do("POST", at+"/judgements", `{"pairs":4}`, 202, nil)
	var j judge.Judgements
	waitFor(t, func() bool {
		c.do("GET", at+"/judgements", "", 200, &j)
		return j.Judging != nil && j.Judging.LastError != ""
	})
	if j.Judging.State != tandem.JudgingRuns || !strings.Contains(j.Judging.LastError, "budget") || j.Judging.Usage.Requests != 0 || j.Judging.Attempts != 0 {
		t.Errorf("judging %+v", j.Judging)
	}
	if len(end.sent) != 0 {
		t.Errorf("%d questions were asked", len(end.sent))
	}
}

const calls = 36

// recorded is a server with calls that were read offline, in each of which the caller
// tells a number, and an end point for later.
func recorded(t *testing.T) (*App, caller, tandem.Test, *pupil) {
	t.Helper()
	a := started(t)
	test := startTest(t, a, tandem.Rules{}, 50, 50)
	for n := range calls {
		talk(t, a, test, n, wanted[n%3]+", Karenina, 415-555-0188")
	}
	waitFor(t, func() bool {
		list, _, err := a.store.Analyses(t.Context(), tandem.AnalysisDone, tandem.Page{Limit: 500})
		must(t, err)
		return len(list) == calls
	})
	return a, callerOf(t, a), test, &pupil{}
}

func someCall(t *testing.T, a *App, test tandem.Test) tandem.ID {
	t.Helper()
	list, _, err := a.store.Calls(t.Context(), tandem.CallFilter{TestID: test.ID}, tandem.Page{Limit: 1})
	must(t, err)
	return list[0].ID
}

// useModel has calls analysed by a language model within a budget.
func (c caller) useModel(end *pupil, budget string) {
	c.t.Helper()
	server := httptest.NewServer(end)
	c.t.Cleanup(server.Close)
	c.t.Cleanup(http.DefaultClient.CloseIdleConnections)
	c.do("PUT", "/v1/settings/analyzer", fmt.Sprintf(`{"kind":"llm","base_url":%q,"model":"m","input_price":1,"output_price":1,"budget":%s}`, server.URL+"/v1", budget), 200, nil)
}

func (c caller) metrics() string {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+"/metrics", http.NoBody)
	must(c.t, err)
	req.Header.Set("Authorization", "Bearer "+c.key)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	must(c.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(c.t, err)
	return string(raw)
}
