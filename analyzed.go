package tandem

import "time"

// AnalysisTask is what an analyser is given of a call: nothing that tells its arm.
type AnalysisTask struct {
	Fields []Field // the version's own, without the standard ones
	Turns  []Turn
}

// Analysis is what an analyser found in one call's transcript. The call's record
// gets its values as an event.
type Analysis struct {
	// Analyzer names the analyser with its edition, which changes when what it
	// finds may change.
	Analyzer string             `json:"analyzer" example:"offline/1"`
	Model    string             `json:"model,omitempty" doc:"The language model, as the provider names it"`
	Prompt   string             `json:"prompt,omitempty" doc:"Edition of what a language model was told"`
	Summary  string             `json:"summary,omitempty" doc:"The call in a few sentences"`
	Findings map[string]Finding `json:"findings" doc:"By field; a value of null is unknown"`
	Note     string             `json:"note,omitempty" doc:"What the analyser cannot do"`
	Usage    *AnalysisUsage     `json:"usage,omitempty" doc:"What a language model took for it"`
}

// AnalysisUsage is what was asked of a language model, over all attempts.
type AnalysisUsage struct {
	Requests     int64 `json:"requests"`
	InputTokens  int64 `json:"input_tokens"`
	OutputTokens int64 `json:"output_tokens"`
	// Cost is by the prices in the settings; 0 without any.
	Cost float64 `json:"cost" doc:"In US dollars"`
}

// Add adds v to u.
func (u *AnalysisUsage) Add(v AnalysisUsage) {
	u.Requests += v.Requests
	u.InputTokens += v.InputTokens
	u.OutputTokens += v.OutputTokens
	u.Cost += v.Cost
}

// Finding is one value, and on what it rests.
type Finding struct {
	// Value is text, a number (float64), a boolean, or nil where it is unknown.
	Value  any    `json:"value"`
	Reason string `json:"reason,omitempty" doc:"Why it is this, or unknown"`
	Quote  string `json:"quote,omitempty" doc:"The words that show it"`
}

// Values gives the findings as an event has them.
func (a Analysis) Values() map[string]any {
	values := make(map[string]any, len(a.Findings))
	for name, f := range a.Findings {
		values[name] = f.Value
	}
	return values
}

// AnalysisState says how far the analysis of a call has come.
type AnalysisState string

// The states of an analysis. One that failed was tried several times and is set
// aside until somebody asks for it again.
const (
	AnalysisDue    AnalysisState = "due"
	AnalysisDone   AnalysisState = "done"
	AnalysisFailed AnalysisState = "failed"
)

// CallAnalysis is where the analysis of a call stands. Every ended call with a
// transcript and a version has one, which is due again when any of them changes.
type CallAnalysis struct {
	CallID ID            `json:"call_id"`
	State  AnalysisState `json:"state" enum:"due,done,failed"`
	// AskedAt is since when it is due; what was found for an earlier ask is
	// overtaken.
	AskedAt  time.Time `json:"asked_at"`
	Attempts int       `json:"attempts" doc:"Attempts that failed"`
	// NextAt is when it is tried next, while due.
	NextAt    time.Time `json:"next_at"`
	LastError string    `json:"last_error,omitempty"`
	Analysis  *Analysis `json:"analysis,omitempty" doc:"The last one that was made"`
	// Kept says that Analysis answers this very ask, though the call's record may
	// not have its values yet.
	Kept bool `json:"-"`
}

// AnalysisFailure is an attempt that came to nothing.
type AnalysisFailure struct {
	// NextAt is when it is tried again; the zero time sets it aside.
	NextAt time.Time
	Reason string
	// Counts says whether the attempt counts: not when it was not the call's fault.
	Counts bool
	Used   AnalysisUsage
}
