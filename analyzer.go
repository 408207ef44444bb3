package tandem

import (
	"errors"
	"math"
	"time"
)

// AnalyzerKind says who reads calls.
type AnalyzerKind string

// The kinds of analysers. What nobody chose is offline.
const (
	AnalyzerOffline AnalyzerKind = "offline" // word lists and rules
	AnalyzerLLM     AnalyzerKind = "llm"     // a language model
)

// AnalyzerSettings say who reads calls, and within which budget, but for the key and
// the headers that open the end point. A number of 0 is the default, or no limit.
type AnalyzerSettings struct {
	Kind AnalyzerKind `json:"kind,omitempty" enum:"offline,llm" doc:"Who reads calls: word lists and rules, or a language model"`
	// BaseURL, Model and Query name the model's end point.
	BaseURL string            `json:"base_url,omitempty" doc:"Address of an OpenAI-compatible end point, up to where chat/completions follows" example:"https://api.openai.com/v1"`
	Model   string            `json:"model,omitempty" doc:"The model's name at the end point" example:"gpt-4.1-mini"`
	Query   map[string]string `json:"query,omitempty" doc:"Sent with every request, such as Azure's api-version; not kept secret"`

	TimeoutSeconds  int     `json:"timeout_seconds,omitempty" minimum:"0" maximum:"600" doc:"How long one request may take; default 60"`
	MaxInputTokens  int     `json:"max_input_tokens,omitempty" minimum:"0" doc:"What is sent of one call at most, estimated; default 24000"`
	MaxOutputTokens int     `json:"max_output_tokens,omitempty" minimum:"0" doc:"What the model may answer; default 2000"`
	InputPrice      float64 `json:"input_price,omitempty" minimum:"0" doc:"US dollars for a million tokens sent"`
	OutputPrice     float64 `json:"output_price,omitempty" minimum:"0" doc:"US dollars for a million tokens answered"`
	Concurrency     int     `json:"concurrency,omitempty" minimum:"0" maximum:"64" doc:"Calls that one node asks the model about at once; default 4"`

	Budget AnalyzerBudget `json:"budget,omitempty"`
	// FillIn has offline read the calls that wait for the next day's budget.
	FillIn bool `json:"fill_in,omitempty" doc:"Whether word lists and rules read the calls that the budget does not cover; the model reads those that wait for the next day then"`
}

// AnalyzerBudget bounds what a language model may take, whatever it is asked: to
// analyse calls, to judge pairs, to name groups. 0 is no limit. Days are UTC.
type AnalyzerBudget struct {
	DayCost    float64 `json:"day_cost,omitempty" minimum:"0" doc:"US dollars a day; needs prices"`
	DayTokens  int64   `json:"day_tokens,omitempty" minimum:"0" doc:"Tokens a day, sent and answered"`
	CallCost   float64 `json:"call_cost,omitempty" minimum:"0" doc:"US dollars that one call may take, as estimated beforehand; needs prices"`
	CallTokens int64   `json:"call_tokens,omitempty" minimum:"0" doc:"Tokens that one call may take, as estimated beforehand"`
}

const (
	defaultAnalyzerConcurrency = 4
	maxAnalyzerConcurrency     = 64
	maxAnalyzerTimeout         = 600
)

// WithDefaults gives s with what was left out, as far as it is not the model
// client's.
func (s AnalyzerSettings) WithDefaults() AnalyzerSettings {
	if s.Kind == "" {
		s.Kind = AnalyzerOffline
	}
	if s.Concurrency == 0 {
		s.Concurrency = defaultAnalyzerConcurrency
	}
	if s.TimeoutSeconds == 0 {
		s.TimeoutSeconds = 60
	}
	return s
}

// Timeout is how long one request may take.
func (s AnalyzerSettings) Timeout() time.Duration {
	return time.Duration(s.WithDefaults().TimeoutSeconds) * time.Second
}

// Validate checks what is not the model client's to check.
func (s AnalyzerSettings) Validate() error {
	var errs []error
	refuse := func(field, format string, args ...any) {
		errs = append(errs, Errorf(Invalid, field, format, args...))
	}
	if s.Kind != "" && s.Kind != AnalyzerOffline && s.Kind != AnalyzerLLM {
		refuse("kind", "is %q; expected offline or llm", clip(string(s.Kind)))
	}
	if s.TimeoutSeconds < 0 || s.TimeoutSeconds > maxAnalyzerTimeout {
		refuse("timeout_seconds", "is %d; expected 1 to %d", s.TimeoutSeconds, maxAnalyzerTimeout)
	}
	if s.Concurrency < 0 || s.Concurrency > maxAnalyzerConcurrency {
		refuse("concurrency", "is %d; expected 1 to %d", s.Concurrency, maxAnalyzerConcurrency)
	}
	for _, limit := range []struct {
		field string
		cost  float64
		isUSD bool
	}{
		{"budget.day_cost", s.Budget.DayCost, true},
		{"budget.call_cost", s.Budget.CallCost, true},
		{"budget.day_tokens", float64(s.Budget.DayTokens), false},
		{"budget.call_tokens", float64(s.Budget.CallTokens), false},
	} {
		switch {
		case !(limit.cost >= 0) || math.IsInf(limit.cost, 1):
			refuse(limit.field, "is %v; expected 0 (no limit) or more", limit.cost)
		case limit.isUSD && limit.cost > 0 && !s.Priced():
			refuse(limit.field, "needs input_price or output_price: without prices nothing is known to cost anything")
		}
	}
	return errors.Join(errs...)
}

// Priced says whether what a call takes is known in dollars.
func (s AnalyzerSettings) Priced() bool { return s.InputPrice > 0 || s.OutputPrice > 0 }

// Tokens is what was sent and answered.
func (u AnalysisUsage) Tokens() int64 { return u.InputTokens + u.OutputTokens }

// CoversCall says whether one call may take u, as estimated.
func (b AnalyzerBudget) CoversCall(u AnalysisUsage) bool {
	return (b.CallCost == 0 || u.Cost <= b.CallCost) && (b.CallTokens == 0 || u.Tokens() <= b.CallTokens)
}

// CoversDay says whether a day may take u. Nothing at all is always covered.
func (b AnalyzerBudget) CoversDay(u AnalysisUsage) bool {
	return (b.DayCost == 0 || u.Cost <= b.DayCost) && (b.DayTokens == 0 || u.Tokens() <= b.DayTokens)
}

// Spent says whether nothing is left of a day that took u.
func (b AnalyzerBudget) Spent(u AnalysisUsage) bool {
	return b.DayCost > 0 && u.Cost >= b.DayCost || b.DayTokens > 0 && u.Tokens() >= b.DayTokens
}

// AnalysisDay is what was analysed in one UTC day, on all nodes.
type AnalysisDay struct {
	Analyses int64         `json:"analyses" doc:"Analyses that were finished"`
	Usage    AnalysisUsage `json:"usage" doc:"What language models took: for analyses, failed attempts included, for judging pairs and for naming groups"`
}

// AnalysisSource is what is to be analysed of a call.
type AnalysisSource struct {
	CallID    ID
	VersionID ID
	Turns     []Turn
}
