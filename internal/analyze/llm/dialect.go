package llm

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/shared"
)

// dialect is what an end point takes of the chat completions API. It begins with
// everything, and loses what the end point refuses.
type dialect struct {
	format        format
	limit         limit
	noTemperature bool
	noSeed        bool
}

type format int

// How the answer's form is asked for, beside the prompt that always has it.
const (
	formatSchema format = iota
	formatObject
	formatText
)

type limit int

// How the answer's length is bounded. The old name comes first: Ollama ignores the
// new one without a word, while OpenAI's newer models say that they refuse the old.
const (
	limitOld limit = iota
	limitNew
	limitNone
)

// seed makes answers repeatable as far as the provider can; any number does.
const seed = 7

// params gives the parameters of a request.
func (d dialect) params(model string, f *form, messages []openai.ChatCompletionMessageParamUnion, maxOutput int) openai.ChatCompletionNewParams {
	p := openai.ChatCompletionNewParams{Model: model, Messages: messages}
	switch d.format {
	case formatSchema:
		p.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: "analysis", Strict: openai.Bool(true), Schema: json.RawMessage(f.text),
		}}
	case formatObject:
		p.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
	}
	switch d.limit {
	case limitOld:
		p.MaxTokens = openai.Int(int64(maxOutput))
	case limitNew:
		p.MaxCompletionTokens = openai.Int(int64(maxOutput))
	}
	if !d.noTemperature {
		p.Temperature = openai.Float(0)
	}
	if !d.noSeed {
		p.Seed = openai.Int(seed)
	}
	return p
}

var (
	formatForm      = regexp.MustCompile(`response[_ ]format|json[_ ](schema|object|mode)|structured[_ ]output|guided[_ ]|grammar`)
	limitForm       = regexp.MustCompile(`max_(completion_)?tokens`)
	temperatureForm = regexp.MustCompile(`\btemperature\b`)
	seedForm        = regexp.MustCompile(`\bseed\b`)
)

// without gives the dialect that leaves out what a refusal names; false when it
// names nothing that can be left out.
func (d dialect) without(s *statusError) (dialect, bool) {
	if !s.badRequest() {
		return d, false
	}
	for _, text := range []string{strings.ToLower(s.param), strings.ToLower(s.message)} {
		switch {
		case temperatureForm.MatchString(text) && !d.noTemperature:
			d.noTemperature = true
		case seedForm.MatchString(text) && !d.noSeed:
			d.noSeed = true
		case limitForm.MatchString(text) && d.limit < limitNone:
			d.limit++
		case formatForm.MatchString(text) && d.format < formatText:
			d.format++
		default:
			continue
		}
		return d, true
	}
	return d, false
}

// dialect gives what the end point is known to take.
func (a *Analyzer) dialect() dialect {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.spoken
}

// learn replaces one dialect by another. When another analysis has learnt
// something meanwhile it does nothing: the end point will say it again.
func (a *Analyzer) learn(from, to dialect) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.spoken == from {
		a.spoken = to
	}
}
