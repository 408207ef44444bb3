package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tandem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "sk-very-secret"

// request is what the end point was sent, as far as tests look at it.
type request struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	ResponseFormat *struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Name   string          `json:"name"`
			Strict bool            `json:"strict"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	MaxTokens           *int     `json:"max_tokens"`
	MaxCompletionTokens *int     `json:"max_completion_tokens"`
	Temperature         *float64 `json:"temperature"`
	Seed                *int     `json:"seed"`

	header http.Header
	path   string
}

func (r request) system() string { return r.Messages[0].Content }
func (r request) user() string   { return r.Messages[1].Content }

// fake is an end point. It answers the nth request with the nth of its answers,
// and from then on with the last one.
type fake struct {
	answers []http.HandlerFunc
	mu      sync.Mutex
	got     []request
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	got := request{header: r.Header, path: r.URL.RequestURI()}
	if err := json.Unmarshal(body, &got); err != nil {
		panic(err)
	}
	f.mu.Lock()
	f.got = append(f.got, got)
	answer := f.answers[min(len(f.got), len(f.answers))-1]
	f.mu.Unlock()
	answer(w, r)
}

func (f *fake) requests() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.got
}

// serve gives an end point and an analyser that asks it.
func serve(t *testing.T, answers ...http.HandlerFunc) (*fake, *Analyzer) {
	t.Helper()
	return serveWith(t, Config{}, answers...)
}

func serveWith(t *testing.T, cfg Config, answers ...http.HandlerFunc) (*fake, *Analyzer) {
	t.Helper()
	f := &fake{answers: answers}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	cfg.BaseURL, cfg.Key, cfg.Model = server.URL+"/v1", key, "test-model"
	a, err := New(cfg, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return f, a
}

// says answers as OpenAI does.
func says(content string) http.HandlerFunc { return ends(content, "stop") }

func ends(content, finish string) http.HandlerFunc {
	return body(fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"test-model-2026-01-01",
		"choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":%q}],
		"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":0}},
		"service_tier":"default","system_fingerprint":null}`, quoted(content), finish))
}

// body answers 200 with a body.
func body(s string) http.HandlerFunc { return status(http.StatusOK, s) }

// status answers with headers given as "name: value".
func status(code int, s string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, s)
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

var (
	low, high = 0.0, 500.0
	fields    = []tandem.Field{
		{Name: "booked", Type: tandem.Boolean, Instruction: "Whether a table was booked."},
		{Name: "guests", Type: tandem.Number, Instruction: "How many guests.", Min: &low, Max: &high},
		{Name: "name", Type: tandem.Text, Instruction: "The caller's name."},
		{Name: "topic", Type: tandem.Selector, Instruction: "What it is about.", Choices: []string{"booking", "complaint"}},
	}
	turns = []tandem.Turn{
		{Role: tandem.RoleAgent, Text: "Trattoria Roma, how can I help you?"},
		{Role: tandem.RoleCaller, Text: "A table for four on Friday, please. My name is Ana Pérez."},
		{Role: tandem.RoleTool, Text: `{"available": true}`},
		{Role: tandem.RoleAgent, Text: "You're booked, Friday at eight."},
	}
	task = tandem.AnalysisTask{Fields: fields, Turns: turns}
)

// part is a field's part of an answer.
func part(value, quote string) string {
	return fmt.Sprintf(`{"quote": %s, "reason": "because", "value": %s}`, quoted(quote), value)
}

// parts are those of an answer in which all fits.
func parts() map[string]string {
	return map[string]string{
		"booked": part("true", "you're BOOKED"), "guests": part("4", "a table for four"),
		"name": part(`"Ana Pérez"`, "[2] caller: My name is Ana Perez"), "topic": part(`"booking"`, "A table"),
		"sentiment": part("0.4", "please"), "call_successful": part("true", "You're booked, Friday at eight."),
		"language_naturalness": part("4", "how can I help you"),
		"error_handling":       `{"quote": null, "reason": "nothing went wrong", "value": null}`,
		"off_script_recovery":  `{"quote": null, "reason": "", "value": null}`,
	}
}

// filled gives an answer with some parts replaced, given as name and JSON; an empty
// one is left out.
func filled(changes ...string) string {
	all := parts()
	for i := 0; i < len(changes); i += 2 {
		if all[changes[i]] = changes[i+1]; changes[i+1] == "" {
			delete(all, changes[i])
		}
	}
	raw := map[string]json.RawMessage{}
	for name, s := range all {
		raw[name] = json.RawMessage(s)
	}
	b, err := json.Marshal(map[string]any{"summary": "A caller books a table.", "fields": raw})
	if err != nil {
		panic(err)
	}
	return string(b)
}
