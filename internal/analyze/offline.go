package analyze

import (
	"context"

	"tandem"
	"tandem/internal/analyze/lexicon"
	"tandem/internal/analyze/rules"
)

// OfflineEdition names the analyser without a model; it changes when what it finds
// may change.
const OfflineEdition = "offline/1"

// OfflineNote says what it cannot do.
const OfflineNote = lexicon.Note + " Fields are filled by rules about words, where they have one; whether a call was successful and how the agent did it cannot tell."

const (
	needsModel = "this needs a language model"
	needsRule  = "the field has no rule, and without one this needs a language model"
)

// Offline reads calls with a word list and rules, without a model or a network.
type Offline struct{}

// Analyze fills the sentiment and the fields that have a rule; all others are
// unknown. It never fails.
func (Offline) Analyze(_ context.Context, task tandem.AnalysisTask) (tandem.Analysis, error) {
	out := tandem.Analysis{Analyzer: OfflineEdition, Note: OfflineNote, Findings: map[string]tandem.Finding{}}
	for _, f := range tandem.StandardFields() {
		out.Findings[f.Name] = tandem.Finding{Reason: needsModel}
	}
	out.Findings[tandem.SentimentField] = lexicon.Sentiment(task.Turns)
	for _, f := range task.Fields {
		finding, ok := rules.Fill(f, task.Turns)
		if !ok {
			finding.Reason = needsRule
		}
		out.Findings[f.Name] = finding
	}
	return out, nil
}

// offlineValues gives what it can say something about: a field that it cannot fill
// is not unknown, nobody looked.
func offlineValues(found tandem.Analysis, fields []tandem.Field) map[string]any {
	values := map[string]any{tandem.SentimentField: found.Findings[tandem.SentimentField].Value}
	for _, f := range fields {
		if f.Rule != nil {
			values[f.Name] = found.Findings[f.Name].Value
		}
	}
	return values
}
