package analyze

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
)

// listening is an end point that keeps what it is sent and answers what fits a
// question about a pair or about one group, at 1,000 tokens in and 100 out.
type listening struct {
	mu   sync.Mutex
	sent string
	asks int
}

func (l *listening) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	l.mu.Lock()
	l.sent += string(raw)
	l.asks++
	l.mu.Unlock()
	parts := map[string]any{}
	for _, name := range tandem.Criteria() {
		parts[name] = map[string]any{"quote": "call [phone]", "reason": "so", "value": "one"}
	}
	answer := any(map[string]any{"fields": parts})
	if strings.Contains(string(raw), "group_1") {
		answer = map[string]any{"group_1": map[string]any{"name": "Refunds", "description": "They want money."}}
	}
	text, _ := json.Marshal(answer)
	content, _ := json.Marshal(string(text))
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}`, content)
	return w.Result(), nil
}

// asking is a runner whose settings name the end point, with a day's budget of so
// many tokens.
func asking(t *testing.T, dayTokens int64) (*Runner, *memory, *listening) {
	t.Helper()
	m, end := newMemory(0), &listening{}
	m.set(tandem.AnalyzerSettings{Kind: tandem.AnalyzerLLM, BaseURL: "http://model.invalid/v1", Model: "m", Budget: tandem.AnalyzerBudget{DayTokens: dayTokens}})
	r := New(m, &records{}, nil, &http.Client{Transport: end}, quiet)
	r.Through(func(turns []tandem.Turn) []tandem.Turn {
		out := append([]tandem.Turn(nil), turns...)
		for i := range out {
			out[i].Text = strings.ReplaceAll(out[i].Text, "555-0188", "[phone]")
		}
		return out
	})
	return r, m, end
}

func model(t *testing.T, r *Runner) *LanguageModel {
	t.Helper()
	got, err := r.LanguageModel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var pairOfCalls = tandem.JudgementTask{
	One: []tandem.Turn{{Role: tandem.RoleCaller, Text: "call 555-0188"}}, Two: []tandem.Turn{{Role: tandem.RoleAgent, Text: "555-0188?"}},
}

func TestNothingReachesTheModelThatTheRedactorTakesOut(t *testing.T) {
	r, _, end := asking(t, 0)
	m := model(t, r)
	got, err := m.Judge(t.Context(), pairOfCalls)
	if err != nil || got.Criteria[tandem.OverallCriterion].Quote != "call [phone]" {
		t.Errorf("a quote is checked against what was shown: %+v, %v", got, err)
	}
	names, used, err := m.NameGroups(t.Context(), []tandem.GroupSketch{{Terms: []string{"refund", "555-0188"}, Said: []string{"at 555-0188"}}})
	if err != nil || names[0].Name != "Refunds" || used.Requests != 1 {
		t.Errorf("%+v, %+v, %v", names, used, err)
	}
	if strings.Contains(end.sent, "0188") || strings.Count(end.sent, "[phone]") < 4 {
		t.Errorf("sent %s", end.sent)
	}
	if pairOfCalls.One[0].Text != "call 555-0188" {
		t.Error("what is stored was written to")
	}
}

func TestJudgingAndNamingKeepToTheDaysBudget(t *testing.T) {
	r, store, end := asking(t, 20_000)
	m := model(t, r)
	if err := m.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.NameGroups(t.Context(), []tandem.GroupSketch{{Terms: []string{"refund"}}}); err != nil {
		t.Fatal(err)
	}
	if d := store.today(); d.Usage.Tokens() != 1100 || d.Analyses != 0 {
		t.Errorf("naming is not in the day: %+v", d)
	}
	if c := r.Counts(); c.Usage.Tokens() != 1100 {
		t.Errorf("counts %+v", c)
	}
	store.mu.Lock()
	store.count(&tandem.AnalysisUsage{InputTokens: 18_000}, 0) // by whoever
	store.mu.Unlock()
	refused := func(err error, what string) {
		t.Helper()
		e, ok := err.(*SpentError) //nolint:errorlint // as it is given
		if !ok || tandem.CodeOf(err) != tandem.Unavailable || !e.Unasked() || e.RetryAfter() <= 0 || !e.Until.After(time.Now()) || e.Until.Hour() != 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := m.Judge(t.Context(), pairOfCalls)
	refused(err, "a question that the rest does not cover")
	if err := m.Ready(t.Context()); err != nil {
		t.Errorf("something is left: %v", err)
	}
	store.mu.Lock()
	store.count(&tandem.AnalysisUsage{InputTokens: 2_000}, 0)
	store.mu.Unlock()
	refused(m.Ready(t.Context()), "ready")
	_, _, err = m.NameGroups(t.Context(), []tandem.GroupSketch{{Terms: []string{"refund"}}})
	refused(err, "naming")
	if end.asks != 1 {
		t.Errorf("%d questions were asked", end.asks)
	}
	if status, err := r.Status(t.Context()); err != nil || !status.BudgetSpent || status.Today.Usage.Tokens() != 21_100 {
		t.Errorf("status %+v, %v", status, err)
	}
	if len(r.taken) != 0 {
		t.Errorf("%d questions are still under way", len(r.taken))
	}
}

func TestWhatIsAnalysedPassesThroughTheRedactor(t *testing.T) {
	r, m, _ := asking(t, 0)
	m.add(1, "call 555-0188")
	jobs, err := r.claim(t.Context(), 1)
	if err != nil || jobs[0].task.Turns[0].Text != "call [phone]" {
		t.Errorf("%+v, %v", jobs, err)
	}
}
