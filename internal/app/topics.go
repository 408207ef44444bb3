package app

import (
	"context"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/redact"
	"tandem/internal/results"
	"tandem/internal/topics"
)

// topics makes what groups calls, and what reads it.
func (a *App) topics() (*topics.Grouper, *topics.Reader) {
	g := topics.NewGrouper(topics.Deps{
		Store: a.store, Counter: results.NewCounter(a.store), Trouble: dialogue.Trouble, Namer: a.groupNamer, Log: a.log,
	})
	return g, topics.NewReader(a.store, dialogue.Trouble, g.Wake)
}

// groupNamer gives the language model that names groups, nil where the workspace has
// none.
func (a *App) groupNamer(ctx context.Context) (topics.Namer, error) {
	model, err := a.analysis.LanguageModel(ctx)
	if tandem.CodeOf(err) == tandem.Unavailable {
		return nil, nil // the groups' words are their names
	}
	if err != nil {
		return nil, err
	}
	r, err := redact.New(redact.Config{Region: a.cfg.Region})
	return redacted{model, r}, err
}

// redacted shows a namer nothing that is personal data by its form, whatever the
// store keeps.
type redacted struct {
	topics.Namer
	redactor *redact.Redactor
}

// NameGroups implements topics.Namer.
func (r redacted) NameGroups(ctx context.Context, sketches []tandem.GroupSketch) ([]tandem.GroupName, tandem.AnalysisUsage, error) {
	out := make([]tandem.GroupSketch, len(sketches))
	for i, s := range sketches {
		out[i].Terms = s.Terms // words of several calls, without digits
		for _, said := range s.Said {
			text, _ := r.redactor.Text(said)
			out[i].Said = append(out[i].Said, text)
		}
	}
	return r.Namer.NameGroups(ctx, out)
}
