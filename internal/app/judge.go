package app

import (
	"context"
	"fmt"

	"tandem"
	"tandem/internal/judge"
	"tandem/internal/live"
	"tandem/internal/sample"
)

// judge gives who judges pairs: the analyser's language model.
func (a *App) judge(ctx context.Context) (judge.Judge, error) {
	model, err := a.analysis.LanguageModel(ctx)
	if err != nil {
		return nil, err
	}
	return model, nil
}

// startJudge makes what judges pairs.
func (a *App) startJudge(sampler *sample.Sampler) *judge.Desk {
	runner := judge.NewRunner(a.store, a.judge, a.log, func(testID tandem.ID) {
		a.hub.Publish(live.Change{Kind: live.Results, ID: testID})
	})
	a.background(runner.Run)
	return judge.NewDesk(a.store, a.judge, drawn(sampler), runner.Wake)
}

// drawn has a sampler draw what is to be judged.
func drawn(s *sample.Sampler) judge.Draw {
	return func(ctx context.Context, testID tandem.ID, arm string, n int, seed int64) ([]judge.Drawn, error) {
		calls, err := s.Candidates(ctx, testID, arm, n, uint64(seed))
		if err != nil {
			return nil, err
		}
		out := make([]judge.Drawn, len(calls))
		for i, c := range calls {
			out[i] = judge.Drawn{CallID: c.Call.ID, Turns: c.Turns}
		}
		return out, nil
	}
}

// seal gives what hides arms in blind samples, the same on every node.
func (a *App) seal(ctx context.Context) (*sample.Seal, error) {
	secret, err := a.store.Secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the nodes' secret: %w", err)
	}
	return sample.NewSeal(secret), nil
}
