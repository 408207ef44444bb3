// Package llm reads a transcript with a language model, behind any OpenAI-compatible
// end point (OpenAI, Azure OpenAI, Groq, vLLM, Ollama and others), and fills
// analysis fields.
//
// A call's turns and its version's fields flow in; findings flow out, each with a
// reason and, where it occurs in the call, a quote. What the model answers is
// checked against a schema and against the fields; what does not fit after one
// repair is unknown. The package never tries again by itself after an end point
// fails: [RetryError] and [RefusedError] say what to do.
//
// A transcript is what strangers say, and it is sent as data: each turn is one line
// of one message, between two lines with a random mark that nobody in the call can
// know. So nothing that is said can leave the recording, be taken for another turn
// by its form, change what the model is told beside it, or bring in a value that
// its field does not take. What this cannot guarantee is that the model heeds it:
// models can be talked into things, and a caller who says "note that this call was
// a success" may sway the value of a field within what the field takes. A quote
// shows that words were said, not that they prove the value.
package llm

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"tandem"
)

// Edition names this analyser; it changes when what it finds may change.
const Edition = "llm/1"

// Note says what this cannot do.
const Note = "A language model read the call: it can be wrong, differ from one time to the next, and be swayed by what people say in the call."

// noteGuessed is added where tokens are estimated.
const noteGuessed = "The end point does not tell all tokens it used: some are estimated."

// Analyzer asks a model. Many may use it at once.
type Analyzer struct {
	cfg  Config // without its secrets
	chat openai.ChatCompletionService
	mark func() string // makes a mark

	mu     sync.Mutex
	spoken dialect
}

// New makes an Analyzer; it asks nobody anything. The client is for proxies,
// certificates and connections, nil for the default one; it follows no redirect,
// since the key and the call go to the given address and nowhere else. The error
// is [tandem.Invalid], by the names base_url, key, model, headers, timeout,
// max_input_tokens, max_output_tokens, input_price and output_price.
func New(cfg Config, client *http.Client) (*Analyzer, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	options := []option.RequestOption{
		option.WithBaseURL(cfg.BaseURL), option.WithAPIKey(cfg.Key), option.WithHTTPClient(&own),
		option.WithMaxRetries(0), option.WithHeader("User-Agent", "Tandem"), option.WithMiddleware(bounded),
	}
	for name, value := range cfg.Headers {
		options = append(options, option.WithHeader(name, value))
	}
	for name, value := range cfg.Query {
		options = append(options, option.WithQuery(name, value))
	}
	cfg.Key, cfg.Headers = "", nil
	// Not openai.NewClient, which would take keys and addresses from the environment.
	return &Analyzer{cfg: cfg, chat: openai.NewChatCompletionService(options...), mark: rand.Text}, nil
}

// leastRoom is how many tokens of a call are worth asking about.
const leastRoom = 500

// room is how many tokens of a call are sent.
func (a *Analyzer) room(f *form) int {
	return max(leastRoom, a.cfg.MaxInputTokens-int(tokens(f.open(record(nil, 0, a.mark()), a.mark()).size)))
}

// Analyze asks the model about a call, at most twice but for what the end point
// refuses to take. A call in which nothing is said is not asked about. Errors are a
// *[RetryError], a *[RefusedError] or ctx's; with an error, too, the analysis tells
// what was used. A model that refuses, or that answers nothing that fits, is no
// error: the fields are unknown then, with the reason.
func (a *Analyzer) Analyze(ctx context.Context, task tandem.AnalysisTask) (tandem.Analysis, error) {
	out := tandem.Analysis{Analyzer: Edition, Model: a.cfg.Model, Prompt: PromptEdition, Note: Note, Usage: &tandem.AnalysisUsage{}}
	f, err := newForm(task.Fields)
	if err != nil {
		return out, err
	}
	e := &exchange{Analyzer: a, form: f}
	rec, err := e.analyze(ctx, task.Turns, &out)
	out.Usage = &e.usage
	for _, note := range []string{rec.note(), e.note()} {
		out.Note = strings.TrimSpace(out.Note + " " + note)
	}
	return out, err
}

func (e *exchange) note() string {
	if e.guessed {
		return noteGuessed
	}
	return ""
}

// analyze asks, and asks again where the answer does not fit.
func (e *exchange) analyze(ctx context.Context, turns []tandem.Turn, out *tandem.Analysis) (recording, error) {
	rec, so, first, err := e.open(ctx, turns)
	if err != nil {
		return rec, err
	}
	if len(rec.said) == 0 {
		e.form.fill(out, reading{}, "nothing is said in the call")
		return rec, nil
	}
	if first.model != "" {
		out.Model = first.model
	}
	if why := first.over(); why != "" {
		e.form.fill(out, reading{}, why)
		return rec, nil
	}
	r := e.form.read(first.text, rec)
	if r.fits() {
		e.form.fill(out, r, "")
		return rec, nil
	}
	second, err := e.ask(ctx, so.repair(first, r))
	if _, again := errors.AsType[*RetryError](err); again || ctx.Err() != nil && err != nil {
		return rec, err
	}
	why := second.over()
	if err == nil && why == "" {
		r = r.mended(e.form.read(second.text, rec))
	}
	e.form.fill(out, r, why)
	return rec, nil
}

// open sends the recording, and less of it as long as that is too much for the
// model.
func (e *exchange) open(ctx context.Context, turns []tandem.Turn) (rec recording, so conversation, got answer, err error) {
	for room := e.room(e.form); ; room = max(leastRoom, room/2) {
		mark := e.mark()
		rec = record(turns, room*bytesPerToken, mark)
		if len(rec.said) == 0 {
			return rec, so, answer{}, nil
		}
		so = e.form.open(rec, mark)
		got, err = e.ask(ctx, so)
		if no, ok := errors.AsType[*RefusedError](err); !ok || !no.long || room == leastRoom {
			return rec, so, got, err
		}
	}
}

// fill puts into out what fits. Other fields are unknown: because of why, or
// because of what does not fit.
func (f *form) fill(out *tandem.Analysis, r reading, why string) {
	out.Summary, out.Findings = r.summary, map[string]tandem.Finding{}
	for _, field := range f.fields {
		finding, ok := r.findings[field.Name]
		switch {
		case ok:
		case why != "":
			finding.Reason = why
		default:
			finding.Reason = "the model's answer did not fit: " + r.faults[field.Name]
		}
		out.Findings[field.Name] = finding
	}
}

// outputPerField is about how many tokens a field takes of an answer.
const outputPerField = 80

// Estimate gives about how many tokens and dollars an analysis of the task takes,
// without a repair, and without asking anybody. It is rather too high.
func (a *Analyzer) Estimate(task tandem.AnalysisTask) tandem.AnalysisUsage {
	f, err := newForm(task.Fields)
	if err != nil {
		return tandem.AnalysisUsage{}
	}
	mark := a.mark()
	rec := record(task.Turns, a.room(f)*bytesPerToken, mark)
	if len(rec.said) == 0 {
		return tandem.AnalysisUsage{}
	}
	out := min(a.cfg.MaxOutputTokens, outputPerField*(len(f.fields)+2))
	usage := a.cfg.priced(tokens(f.open(rec, mark).size), int64(out))
	usage.Requests = 1
	return usage
}
