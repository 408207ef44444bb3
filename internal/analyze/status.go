package analyze

import (
	"context"
	"errors"
	"time"

	"tandem"
	"tandem/internal/analyze/llm"
)

// Progress says how analysis is going.
type Progress struct {
	Analyzer string `json:"analyzer" example:"offline/1"`
	Model    string `json:"model,omitempty"`
	Note     string `json:"note" doc:"What the analyser cannot do"`

	Due      int64 `json:"due" doc:"Analyses that wait, on all nodes"`
	Failed   int64 `json:"failed" doc:"Analyses that were set aside after several attempts"`
	UnderWay int   `json:"under_way" doc:"Calls that this node asks the model about"`
	// Today is the UTC day.
	Today       tandem.AnalysisDay    `json:"today" doc:"This UTC day, on all nodes"`
	Budget      tandem.AnalyzerBudget `json:"budget"`
	BudgetSpent bool                  `json:"budget_spent" doc:"Whether calls, judgings and names of groups wait for the next UTC day"`
	Paused      *Pause                `json:"paused,omitempty" doc:"Why this node asks no model at present"`
}

// Pause is why no model is asked.
type Pause struct {
	Reason string    `json:"reason"`
	Until  time.Time `json:"until,omitzero" doc:"When one call is tried; absent when the settings have to change first"`
}

// Status says how analysis is going.
func (r *Runner) Status(ctx context.Context) (Progress, error) {
	set, err := r.read(ctx)
	if err != nil {
		return Progress{}, err
	}
	out := Progress{Analyzer: OfflineEdition, Note: OfflineNote, Budget: set.settings.Budget}
	if out.Due, out.Failed, err = r.calls.PendingAnalyses(ctx); err != nil {
		return out, err
	}
	now := time.Now().UTC()
	if out.Today, err = r.calls.AnalysisDay(ctx, now); err != nil || set.offline() {
		return out, err
	}
	out.Analyzer, out.Model, out.Note = llm.Edition, set.settings.Model, llm.Note
	out.BudgetSpent = set.settings.Budget.Spent(out.Today.Usage)
	r.mu.Lock()
	defer r.mu.Unlock()
	out.UnderWay = len(r.held)
	if set.fault != nil {
		out.Paused = &Pause{Reason: set.fault.Error()}
	}
	if r.setup != nil && r.setup.revision == set.revision {
		out.BudgetSpent = out.BudgetSpent || r.gate.overDay == dayOf(now)
		if now.Before(r.gate.until) {
			out.Paused = &Pause{Reason: r.gate.reason, Until: r.gate.until}
		}
	}
	return out, nil
}

// Trial is what came of asking the model about a conversation that is built in.
type Trial struct {
	OK       bool             `json:"ok" doc:"Whether the model answered and its answer fits"`
	Problem  string           `json:"problem,omitempty" doc:"What is wrong"`
	Field    string           `json:"field,omitempty" doc:"The setting that is wrong, as far as that is known"`
	Millis   int64            `json:"milliseconds" doc:"How long it took"`
	Analysis *tandem.Analysis `json:"analysis,omitempty" doc:"What came back"`
}

// trialTask is a call about which there is no doubt.
var trialTask = tandem.AnalysisTask{
	Fields: []tandem.Field{
		{Name: "table_booked", Type: tandem.Boolean, Instruction: "Whether a table was booked in this call."},
		{Name: "guests", Type: tandem.Number, Instruction: "For how many guests."},
	},
	Turns: []tandem.Turn{
		{Role: tandem.RoleAgent, Text: "Trattoria Aurora, good evening. How can I help?"},
		{Role: tandem.RoleCaller, Text: "Hi, do you have a table for four tonight at eight?"},
		{Role: tandem.RoleAgent, Text: "Yes, we do. Shall I book it?"},
		{Role: tandem.RoleCaller, Text: "Yes please, that would be great. Thank you!"},
		{Role: tandem.RoleAgent, Text: "It is booked: four guests, tonight at eight. See you then!"},
	},
}

// Try asks the model that the settings name about a conversation that is built in.
// What is wrong with the model is in the Trial; the error is the store's, or
// Conflict when the settings name no model.
func (r *Runner) Try(ctx context.Context) (Trial, error) {
	set, err := r.read(ctx)
	if err != nil {
		return Trial{}, err
	}
	if set.offline() {
		return Trial{}, tandem.Errorf(tandem.Conflict, "kind", "is offline: there is no model to try")
	}
	begun := time.Now()
	var found tandem.Analysis
	if err = set.fault; err == nil {
		found, err = try(ctx, set.model.Analyze, trialTask)
	}
	out := Trial{OK: err == nil, Millis: time.Since(begun).Milliseconds()}
	if found.Findings != nil {
		out.Analysis = &found
	}
	switch {
	case ctx.Err() != nil:
		return out, ctx.Err()
	case err != nil:
		out.Problem = err.Error()
		if e, ok := errors.AsType[*tandem.Error](err); ok {
			out.Field = e.Field
		}
	case found.Findings["table_booked"].Value != true || found.Findings["guests"].Value != 4.0:
		out.OK = false
		out.Problem = "the model answers, but does not see that a table for four was booked: " + found.Findings["table_booked"].Reason
	}
	return out, nil
}

// Check says whether the settings can work, without asking anybody.
func (r *Runner) Check(s tandem.AnalyzerSettings, secrets Secrets) error {
	err := s.Validate()
	if s.Kind == tandem.AnalyzerLLM || s.BaseURL != "" || s.Model != "" {
		_, merr := r.newModel(s, secrets)
		err = errors.Join(err, merr)
	}
	return err
}
