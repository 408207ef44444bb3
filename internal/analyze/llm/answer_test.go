package llm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"tandem"
)

// ollama answers as Ollama's openai/openai.go writes it (ChatCompletion there):
// what the model thinks is in reasoning, and nothing refuses.
func ollama(content string) string {
	return fmt.Sprintf(`{"id":"chatcmpl-923","object":"chat.completion","created":1790000000,"model":"llama3.2:3b","system_fingerprint":"fp_ollama",
		"choices":[{"index":0,"message":{"role":"assistant","content":%s,"reasoning":"The caller says {\"fields\": {}}."},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":812,"completion_tokens":201,"total_tokens":1013}}`, quoted(content))
}

// vllm answers as vLLM's ChatCompletionResponse has it, nulls and all.
func vllm(content string) string {
	return fmt.Sprintf(`{"id":"chatcmpl-8e0d5a86","object":"chat.completion","created":1790000000,"model":"Qwen/Qwen3-8B",
		"choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":null,"annotations":null,"audio":null,"function_call":null,"tool_calls":[],"reasoning_content":null},
		"logprobs":null,"finish_reason":"stop","stop_reason":null,"token_ids":null}],
		"service_tier":null,"system_fingerprint":null,"usage":{"prompt_tokens":790,"total_tokens":1000,"completion_tokens":210,"prompt_tokens_details":null},
		"prompt_logprobs":null,"prompt_token_ids":null,"kv_transfer_params":null}`, quoted(content))
}

func TestTheShapesOfOtherServersAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		body     string
		model    string
		in, out  int64
		estimate bool
	}{
		"Ollama":         {ollama(filled()), "llama3.2:3b", 812, 201, false},
		"vLLM":           {vllm(filled()), "Qwen/Qwen3-8B", 790, 210, false},
		"no usage":       {strings.Replace(vllm(filled()), `"usage":{"prompt_tokens":790,"total_tokens":1000,"completion_tokens":210,"prompt_tokens_details":null}`, `"usage":null`, 1), "Qwen/Qwen3-8B", 0, 0, true},
		"usage of 0":     {strings.Replace(ollama(filled()), `"prompt_tokens":812`, `"prompt_tokens":0`, 1), "llama3.2:3b", 0, 0, true},
		"hardly a shape": {`{"choices":[{"message":{"content":` + quoted(filled()) + `}}]}`, "test-model", 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, a := serve(t, status(200, c.body, "Content-Type: text/plain"))
			got := analyze(t, a, task)
			if got.Values()["guests"] != 4.0 || got.Model != c.model {
				t.Errorf("model %q, %v", got.Model, got.Values())
			}
			if guessed := strings.Contains(got.Note, noteGuessed); guessed != c.estimate {
				t.Errorf("note %q", got.Note)
			}
			if u := got.Usage; !c.estimate && (u.InputTokens != c.in || u.OutputTokens != c.out) || u.InputTokens == 0 || u.OutputTokens == 0 || u.Requests != 1 {
				t.Errorf("usage %+v", u)
			}
		})
	}
}

func TestAnAnswerIsFoundInWhatSurroundsIt(t *testing.T) {
	decoy := `{"fields": {"booked": {"quote": null, "reason": "", "value": false}}, "summary": "decoy"}`
	for name, text := range map[string]string{
		"bare":                     filled(),
		"a fence":                  "```json\n" + filled() + "\n```",
		"a fence without a name":   "```\n" + filled() + "\n```\n",
		"talk":                     "Here is the form:\n" + filled() + "\nI hope that {this} helps!",
		"thoughts":                 "<think>The caller {wants a table. Perhaps " + decoy + "</think>\n" + filled(),
		"thoughts without a start": "The caller said " + decoy + " but that is no evidence.</think>" + filled(),
		"another object after it":  filled() + "\n" + `{"confidence": 0.9}`,
		"a byte order mark":        "\uFEFF" + filled(),
		"a tag within":             strings.Replace(filled(), "because", "because of </think> and ```", 1),
	} {
		t.Run(name, func(t *testing.T) {
			end, a := serve(t, says(text))
			if got := analyze(t, a, task); got.Values()["booked"] != true || got.Summary != "A caller books a table." {
				t.Errorf("%+v", got)
			}
			if len(end.requests()) != 1 {
				t.Error("it was asked for again")
			}
		})
	}
}

func TestTextsOfTheModelAreCutAndCleaned(t *testing.T) {
	long := strings.Repeat("ü", 3*maxText)
	_, a := serve(t, says(filled(
		"name", part(quoted(long), ""),
		"booked", `{"quote": "A\u0000 table", "reason": "one\u0000\u001b\ud800 two\nthree", "value": true}`,
		"topic", `{"quote": null, "reason": `+quoted(long)+`, "value": "booking"}`,
	)))
	got := analyze(t, a, task)
	name, _ := got.Findings["name"].Value.(string)
	if utf8.RuneCountInString(name) != maxText || utf8.RuneCountInString(got.Findings["topic"].Reason) != maxText {
		t.Errorf("%d and %d characters", utf8.RuneCountInString(name), utf8.RuneCountInString(got.Findings["topic"].Reason))
	}
	if f := got.Findings["booked"]; f.Reason != "one\uFFFD two\nthree" || f.Quote != "A table" {
		t.Errorf("%+q", f)
	}
}

func TestAnEmptyTextIsUnknown(t *testing.T) {
	_, a := serve(t, says(filled("name", `{"quote": "", "reason": "", "value": "  "}`)))
	if f := analyze(t, a, task).Findings["name"]; f.Value != nil || f.Reason == "" {
		t.Errorf("%+v", f)
	}
}

// TestTheSchemaKeepsToWhatStrictModesTake walks through the schema: OpenAI's
// structured outputs want every property required and no others allowed, and take
// no bounds of numbers everywhere.
func TestTheSchemaKeepsToWhatStrictModesTake(t *testing.T) {
	f, err := newForm(fields)
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal([]byte(f.text), &root); err != nil {
		t.Fatal(err)
	}
	keywords := []string{"type", "properties", "required", "additionalProperties", "description", "enum"}
	var walk func(at string, s map[string]any)
	walk = func(at string, s map[string]any) {
		for k := range s {
			if !slices.Contains(keywords, k) {
				t.Errorf("%s has %s", at, k)
			}
		}
		properties, _ := s["properties"].(map[string]any)
		if required, _ := s["required"].([]any); s["type"] == "object" && (s["additionalProperties"] != false || len(required) != len(properties)) {
			t.Errorf("%s is open", at)
		}
		for name, p := range properties {
			walk(at+"."+name, p.(map[string]any))
		}
	}
	walk("", root)
	for _, want := range []string{
		`"enum":["booking","complaint",null],"type":["string","null"]`,
		`"description":"How many guests. At least 0. At most 500."`,
		`"required":["fields","summary"]`,
		`{"quote":{"type":["string","null"]},"reason":{"type":"string"},"value":{"type":["boolean","null"]}}`,
		"the agent's language is. 5: like an able person",
	} {
		if !strings.Contains(f.text, want) {
			t.Errorf("%s is not in %s", want, f.text)
		}
	}
	if !strings.Contains(f.system(mark), f.text) {
		t.Error("servers that do not show the schema to the model leave it without the fields")
	}
}

// FuzzReader holds the reader of answers to its promises, whatever a model writes:
// every field is either found or at fault, values are ones that the field takes,
// and texts can be stored.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"", filled(), "```json\n" + filled() + "```", filled()[:300], "<think>{", `{"fields":{"name":{"value":"x","reason":"","quote":"\u0000"}}}`, "{{{{{{", `[{"fields":{}}]`} {
		f.Add(s)
	}
	form, err := newForm(fields)
	if err != nil {
		f.Fatal(err)
	}
	rec := record(turns, 10_000, mark)
	f.Fuzz(func(t *testing.T, text string) {
		r := form.read(text, rec)
		var out tandem.Analysis
		form.fill(&out, r, "")
		storable(t, out.Summary)
		for _, field := range form.fields {
			_, found := r.findings[field.Name]
			if why := r.faults[field.Name]; found == (why != "") {
				t.Errorf("%s: found %v, at fault %q", field.Name, found, why)
			}
			got := out.Findings[field.Name]
			if err := field.Accepts(got.Value); err != nil {
				t.Error(err)
			}
			if value, ok := got.Value.(string); ok {
				storable(t, value)
			}
			storable(t, got.Reason)
			storable(t, got.Quote)
			if got.Quote != "" && !rec.holds(got.Quote) {
				t.Errorf("%s: quote %q", field.Name, got.Quote)
			}
		}
	})
}

func storable(t *testing.T, s string) {
	t.Helper()
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, control) || utf8.RuneCountInString(s) > maxText+len(unfounded)+1 {
		t.Errorf("%q cannot be stored", s)
	}
}

// FuzzRecording holds recordings to theirs: one line for each turn that says
// anything, and nothing that could end the recording.
func FuzzRecording(f *testing.F) {
	for _, s := range attempts {
		f.Add(strings.ReplaceAll(s, "MARK", mark), 200)
	}
	f.Fuzz(func(t *testing.T, text string, room int) {
		room = 40 + max(0, room)%100_000
		rec := record([]tandem.Turn{{Role: tandem.RoleCaller, Text: text}, {Role: tandem.RoleAgent, Text: "Good bye."}}, room, mark)
		lines := strings.Count(rec.text, "\n")
		if want := 1 + len(rec.said) + min(1, rec.left); lines != want {
			t.Errorf("%d lines; want %d: %q", lines, want, rec.text)
		}
		if strings.Count(rec.text, mark) != 2 || strings.Count(rec.text, "<<<") != 1 || strings.Count(rec.text, ">>>") != 1 || !utf8.ValidString(rec.text) {
			t.Errorf("%q", rec.text)
		}
		if len(rec.text) > room+4*len(mark) {
			t.Errorf("%d bytes for %d", len(rec.text), room)
		}
	})
}

func TestAnAnswerOfManyBracesIsReadInTime(t *testing.T) {
	began := time.Now()
	if jsonIn(strings.Repeat(`{"a":`, maxBody/5)) != nil || jsonIn(strings.Repeat(`{`, maxBody)) != nil || jsonIn(strings.Repeat(`{"a":[1,2,3],`, maxBody/13)+"x") != nil {
		t.Error("something was found")
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
