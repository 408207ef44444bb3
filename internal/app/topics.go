package app

import (
	"context"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/results"
	"tandem/internal/topics"
)

// topics makes what groups calls, and what reads it.
func (a *App) topics(redact func([]tandem.Turn) []tandem.Turn) (*topics.Grouper, *topics.Reader) {
	g := topics.NewGrouper(topics.Deps{
		Store: a.store, Counter: results.NewCounter(a.store), Trouble: dialogue.Trouble, Namer: a.groupNamer, Redact: redact, Log: a.log,
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
	return model, nil
}
