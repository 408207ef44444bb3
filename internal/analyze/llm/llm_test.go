package llm

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"tandem"
)

// analyze is for tests in which nothing may fail.
func analyze(t *testing.T, a *Analyzer, task tandem.AnalysisTask) tandem.Analysis {
	t.Helper()
	got, err := a.Analyze(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Findings) != len(task.Fields)+len(tandem.StandardFields()) {
		t.Errorf("%d findings; want one for each field", len(got.Findings))
	}
	return got
}

// wantUnknown checks that all fields but some are unknown, for a reason.
func wantUnknown(t *testing.T, got tandem.Analysis, reason string, but ...string) {
	t.Helper()
	for name, f := range got.Findings {
		if strings.Contains(strings.Join(but, " "), name) {
			continue
		}
		if f.Value != nil || !strings.Contains(f.Reason, reason) {
			t.Errorf("%s: %+v; want unknown, with a reason about %q", name, f, reason)
		}
	}
}

func TestAnAnswerThatFitsFillsAllFields(t *testing.T) {
	end, a := serveWith(t, Config{InputPrice: 2, OutputPrice: 8}, says(filled()))
	got := analyze(t, a, task)
	want := map[string]any{
		"booked": true, "guests": 4.0, "name": "Ana Pérez", "topic": "booking", "sentiment": 0.4, "call_successful": true,
		"language_naturalness": 4.0, "error_handling": nil, "off_script_recovery": nil,
	}
	if !reflect.DeepEqual(got.Values(), want) {
		t.Errorf("%v\nwant %v", got.Values(), want)
	}
	if f := got.Findings["name"]; f.Quote != "My name is Ana Perez" || f.Reason != "because" {
		t.Errorf("%+v; want the quote without the line's beginning", f)
	}
	if got.Analyzer != Edition || got.Prompt != PromptEdition || got.Model != "test-model-2026-01-01" || got.Summary != "A caller books a table." || got.Note != Note {
		t.Errorf("%+v", got)
	}
	if *got.Usage != (tandem.AnalysisUsage{Requests: 1, InputTokens: 1000, OutputTokens: 100, Cost: 0.0028}) {
		t.Errorf("usage %+v", *got.Usage)
	}
	r := end.requests()[0]
	if r.path != "/v1/chat/completions" || r.header.Get("Authorization") != "Bearer "+key || r.Model != "test-model" {
		t.Errorf("%s with %v", r.path, r.header)
	}
	if r.ResponseFormat == nil || r.ResponseFormat.Type != "json_schema" || !r.ResponseFormat.JSONSchema.Strict ||
		*r.Temperature != 0 || *r.Seed != seed || *r.MaxTokens != defaultOutput || r.MaxCompletionTokens != nil {
		t.Errorf("asked with %+v", r)
	}
}

func TestWhatDoesNotFitIsRepairedOnce(t *testing.T) {
	for name, bad := range map[string]string{
		"a wrong type":         filled("booked", part(`"yes"`, "")),
		"a number too high":    filled("guests", part("501", "")),
		"a choice of its own":  filled("topic", part(`"weather"`, "")),
		"a field too few":      filled("guests", ""),
		"a field too many":     filled("mood", part("1", "")),
		"no reason":            filled("booked", `{"value": true, "quote": null}`),
		"a mere value":         filled("booked", "true"),
		"half an answer":       filled()[:200],
		"a chat":               "The caller books a table.",
		"nothing":              "",
		"another object":       `{"verdict": "booked"}`,
		"an array":             `[1, 2]`,
		"fields of another ty": `{"fields": [], "summary": 3}`,
	} {
		t.Run(name, func(t *testing.T) {
			end, a := serve(t, says(bad), says(filled()))
			got := analyze(t, a, task)
			if got.Values()["booked"] != true || got.Values()["guests"] != 4.0 || got.Values()["topic"] != "booking" {
				t.Errorf("%v", got.Values())
			}
			if got.Usage.Requests != 2 || got.Usage.InputTokens != 2000 {
				t.Errorf("usage %+v", *got.Usage)
			}
			second := end.requests()[1]
			last := second.Messages[len(second.Messages)-1]
			if last.Role != "user" || !strings.Contains(last.Content, "does not fit:\n- ") {
				t.Errorf("the repair says %q", last.Content)
			}
			if bad != "" && second.Messages[2].Content != bad {
				t.Errorf("the repair is about %q", second.Messages[2].Content)
			}
		})
	}
}

func TestWhatDoesNotFitAfterTheRepairIsUnknownAndTheRestIsKept(t *testing.T) {
	_, a := serve(t,
		says(filled("guests", part("900", ""), "topic", part(`"weather"`, ""))),
		says(filled("guests", part("901", ""), "booked", part(`"yes"`, ""))))
	got := analyze(t, a, task)
	if f := got.Findings["guests"]; f.Value != nil || !strings.Contains(f.Reason, "did not fit: ") || !strings.Contains(f.Reason, "901") {
		t.Errorf("guests: %+v", f)
	}
	if got.Values()["booked"] != true {
		t.Errorf("booked: %+v; want what the first answer said", got.Findings["booked"])
	}
	if got.Values()["topic"] != "booking" {
		t.Errorf("topic: %+v; want what the second answer said", got.Findings["topic"])
	}
	if got.Usage.Requests != 2 {
		t.Errorf("%d requests; want one repair", got.Usage.Requests)
	}
}

func TestAnswersThatAreNoneLeaveTheFieldsUnknown(t *testing.T) {
	refusal := body(`{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":null,"refusal":"I can't help with that."}}],"usage":{"prompt_tokens":1000,"completion_tokens":9}}`)
	filtered := status(400, `{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"jailbreak":{"filtered":true,"detected":true}}}}}`)
	for name, c := range map[string]struct {
		answers  []http.HandlerFunc
		reason   string
		requests int64
	}{
		"never JSON":                  {[]http.HandlerFunc{says("I'd rather chat.")}, "did not fit: it is not a JSON object", 2},
		"a refusal":                   {[]http.HandlerFunc{refusal}, "refuses to answer: I can't help", 1},
		"a refusal to repair":         {[]http.HandlerFunc{says("no JSON"), refusal}, "refuses to answer", 2},
		"a filter":                    {[]http.HandlerFunc{ends(filled(), "content_filter")}, "content filter", 1},
		"a filter before the model":   {[]http.HandlerFunc{filtered}, "content filter", 1},
		"a prompt that is not liked":  {[]http.HandlerFunc{status(400, `{"error":{"message":"Invalid prompt","type":"invalid_request_error","code":"invalid_prompt"}}`)}, "content filter", 1},
		"always cut off":              {[]http.HandlerFunc{ends(filled()[:300], "length")}, "not a JSON object", 2},
		"only thoughts":               {[]http.HandlerFunc{ends("<think>Perhaps "+filled(), "length")}, "not a JSON object", 2},
		"a repair that is refused":    {[]http.HandlerFunc{says("no JSON"), status(400, `{"error":{"message":"last message must be from a user"}}`)}, "not a JSON object", 2},
		"what the server found wrong": {[]http.HandlerFunc{status(400, `{"error":{"message":"Failed to generate JSON.","type":"invalid_request_error","code":"json_validate_failed","failed_generation":"{\"fields\": "}}`)}, "not a JSON object", 2},
	} {
		t.Run(name, func(t *testing.T) {
			_, a := serve(t, c.answers...)
			got := analyze(t, a, task)
			wantUnknown(t, got, c.reason)
			if got.Usage.Requests != c.requests {
				t.Errorf("%d requests; want %d", got.Usage.Requests, c.requests)
			}
		})
	}
}

func TestAnAnswerThatIsCutOffIsAskedForAgainShorter(t *testing.T) {
	end, a := serve(t, ends(filled()[:300], "length"), says(filled()))
	if got := analyze(t, a, task); got.Values()["guests"] != 4.0 {
		t.Errorf("%v", got.Values())
	}
	if last := end.requests()[1].Messages[3].Content; !strings.Contains(last, "Be much shorter") {
		t.Errorf("the repair says %q", last)
	}
}

func TestNothingIsAskedAboutACallInWhichNothingIsSaid(t *testing.T) {
	end, a := serve(t, says(filled()))
	silent := tandem.AnalysisTask{Fields: fields, Turns: []tandem.Turn{{Role: tandem.RoleCaller, Text: " \u200b\n"}}}
	got := analyze(t, a, silent)
	wantUnknown(t, got, "nothing is said")
	if len(end.requests()) != 0 || *got.Usage != (tandem.AnalysisUsage{}) || a.Estimate(silent) != (tandem.AnalysisUsage{}) {
		t.Errorf("%d requests, usage %+v", len(end.requests()), *got.Usage)
	}
}

func TestAnAnswerInAnotherLanguageIsKept(t *testing.T) {
	_, a := serve(t, says(strings.ReplaceAll(filled("name", part(`"安娜"`, "")), "A caller books a table.", "一位来电者预订了餐桌。")))
	if got := analyze(t, a, task); got.Summary != "一位来电者预订了餐桌。" || got.Values()["name"] != "安娜" {
		t.Errorf("%+v", got)
	}
}

func TestAnEstimateIsRatherTooHighAndAsksNobody(t *testing.T) {
	end, a := serveWith(t, Config{InputPrice: 1, OutputPrice: 1}, says(filled()))
	u := a.Estimate(task)
	if len(end.requests()) != 0 {
		t.Errorf("%d requests", len(end.requests()))
	}
	analyze(t, a, task)
	r := end.requests()[0]
	if sent := int64(len(r.system()) + len(r.user())); u.InputTokens < sent/3 || u.InputTokens > sent/3+2 {
		t.Errorf("%d tokens for %d bytes", u.InputTokens, sent)
	}
	if u.Requests != 1 || u.OutputTokens < int64(len(filled()))/4 || u.Cost != float64(u.InputTokens+u.OutputTokens)/1e6 {
		t.Errorf("%+v", u)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	picky := func(w http.ResponseWriter, r *http.Request) { says(filled())(w, r) }
	_, a := serve(t, status(400, `{"error":{"message":"temperature","param":"temperature"}}`), picky)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := a.Analyze(t.Context(), task); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestASettingThatCannotWorkIsRefused(t *testing.T) {
	good := Config{BaseURL: "https://api.example/v1", Model: "m"}
	for field, change := range map[string]func(*Config){
		"base_url":          func(c *Config) { c.BaseURL = "https://user:hunter2@api.example/v1" },
		"model":             func(c *Config) { c.Model = "" },
		"key":               func(c *Config) { c.Key = "hunter2\n" },
		"headers":           func(c *Config) { c.Headers = map[string]string{"api-key": "hunter2\r\nx: y"} },
		"timeout":           func(c *Config) { c.Timeout = 1 },
		"max_input_tokens":  func(c *Config) { c.MaxInputTokens = 10 },
		"max_output_tokens": func(c *Config) { c.MaxOutputTokens = -1 },
		"input_price":       func(c *Config) { c.InputPrice = -1 },
		"output_price":      func(c *Config) { c.OutputPrice = -1 },
	} {
		cfg := good
		change(&cfg)
		_, err := New(cfg, nil)
		if tandem.CodeOf(err) != tandem.Invalid || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: %v", field, err)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: gives a secret away: %v", field, err)
		}
	}
	for _, url := range []string{"", "api.example/v1", "ftp://api.example", "https://api.example/v1?key=1", "https://api.example/#x", "http://[::1"} {
		cfg := good
		cfg.BaseURL = url
		if _, err := New(cfg, nil); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%q is taken: %v", url, err)
		}
	}
	if _, err := New(good, nil); err != nil {
		t.Error(err)
	}
}

func TestHeadersAndQueryAreSentAndTheEnvironmentIsNotRead(t *testing.T) {
	for _, name := range []string{"OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"} {
		t.Setenv(name, "from-the-environment")
	}
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/")
	end := &fake{answers: []http.HandlerFunc{says(filled())}}
	server := httptest.NewServer(end)
	defer server.Close()
	a, err := New(Config{
		BaseURL: server.URL + "/openai/deployments/gpt", Model: "gpt",
		Headers: map[string]string{"api-key": key}, Query: map[string]string{"api-version": "2024-10-21"},
	}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	analyze(t, a, task)
	r := end.requests()[0]
	if r.path != "/openai/deployments/gpt/chat/completions?api-version=2024-10-21" || r.header.Get("api-key") != key {
		t.Errorf("%s with %v", r.path, r.header)
	}
	for name, values := range r.header {
		if name == "Authorization" || strings.Contains(strings.Join(values, ""), "environment") {
			t.Errorf("header %s is sent: %q", name, values)
		}
	}
}
