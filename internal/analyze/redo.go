package analyze

import (
	"context"
	"math"
	"time"

	"tandem"
)

// Redo is where re-analyses of tests are kept.
type Redo interface {
	RunningReanalyses(ctx context.Context) ([]tandem.Reanalysis, error)
	// StepReanalysis has the turn come of at most limit further calls, in the order
	// in which they were assigned, and gives how many there were.
	StepReanalysis(ctx context.Context, r tandem.Reanalysis, limit int) (int, error)
	CloseReanalysis(ctx context.Context, id tandem.ID, state tandem.ReanalysisState, note string) error
	BeginReanalysis(ctx context.Context, r tandem.Reanalysis) error
	CountAnalyzable(ctx context.Context, testID tandem.ID) (int64, error)
	SampleAnalyzable(ctx context.Context, testID tandem.ID, limit int) ([]tandem.ID, error)
}

const (
	// What of a re-analysis is due at once is bounded, so that new calls wait little
	// behind it: by a few minutes with a model, a second without.
	againAtOnceModel   = 100
	againAtOnceOffline = 2000
	// estimateFrom is how many calls an estimate measures.
	estimateFrom = 200
)

// Redo has re-analyses go on until ctx ends.
func (r *Runner) Redo(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := r.goOn(ctx)
		if (err != nil) != away && ctx.Err() == nil {
			if away = err != nil; away {
				r.log.Warn("re-analyses cannot go on now", "error", err)
			}
		}
	}
}

func (r *Runner) goOn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	running, err := r.redo.RunningReanalyses(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	atOnce := int64(againAtOnceModel)
	if r.setup != nil && r.setup.offline() {
		atOnce = againAtOnceOffline
	}
	r.mu.Unlock()
	for _, a := range running {
		if err := r.step(ctx, a, atOnce); err != nil {
			return err
		}
	}
	return nil
}

// step has the turn come of some calls, or ends what is through.
func (r *Runner) step(ctx context.Context, a tandem.Reanalysis, atOnce int64) error {
	n := atOnce - a.Pending
	if a.MaxCost > 0 {
		left := a.MaxCost - a.Usage.Cost - float64(a.Pending)*a.CostPerCall
		n = min(n, int64(math.Floor(left/a.CostPerCall)))
		if n <= 0 && a.Pending == 0 {
			return r.redo.CloseReanalysis(ctx, a.ID, tandem.ReanalysisStopped, "the next call might cost more than max_cost leaves")
		}
	}
	if n <= 0 {
		return nil
	}
	got, err := r.redo.StepReanalysis(ctx, a, int(n))
	if err == nil && got == 0 && a.Pending == 0 {
		err = r.redo.CloseReanalysis(ctx, a.ID, tandem.ReanalysisDone, "")
	}
	return err
}

// Estimate says what reading all calls of a test again would take, from a sample of
// them. It asks no model.
func (r *Runner) Estimate(ctx context.Context, testID tandem.ID) (tandem.ReanalysisEstimate, error) {
	out := tandem.ReanalysisEstimate{Analyzer: OfflineEdition}
	set, err := r.read(ctx)
	if err != nil {
		return out, err
	}
	if out.Calls, err = r.redo.CountAnalyzable(ctx, testID); err != nil || set.offline() || out.Calls == 0 {
		return out, err
	}
	if set.fault != nil {
		return out, set.fault
	}
	out.Analyzer = set.settings.Model
	ids, err := r.redo.SampleAnalyzable(ctx, testID, estimateFrom)
	if err != nil {
		return out, err
	}
	sources, err := r.calls.AnalysisSources(ctx, ids)
	if err != nil {
		return out, err
	}
	known := fields{}
	var sum tandem.AnalysisUsage
	for _, s := range sources {
		list, err := known.of(ctx, r.calls, s.VersionID)
		if err != nil {
			return out, err
		}
		sum.Add(set.model.Estimate(tandem.AnalysisTask{Fields: list, Turns: r.redact(s.Turns)}))
	}
	if out.Sampled = int64(len(sources)); out.Sampled == 0 {
		return out, nil
	}
	scale := float64(out.Calls) / float64(out.Sampled)
	whole := func(n int64) int64 { return int64(math.Ceil(float64(n) * scale)) }
	out.Usage = tandem.AnalysisUsage{
		Requests: whole(sum.Requests), InputTokens: whole(sum.InputTokens), OutputTokens: whole(sum.OutputTokens), Cost: sum.Cost * scale,
	}
	return out, nil
}

// Again begins to read all calls of a test again. maxCost, in dollars, is where it
// stops; 0 is nowhere.
//
// Errors: Conflict when the test is being analysed again already, or has no call to
// analyse; Invalid{Field: "max_cost"} when nothing is known to cost anything.
func (r *Runner) Again(ctx context.Context, actor string, testID tandem.ID, maxCost float64, now time.Time) (tandem.Reanalysis, error) {
	est, err := r.Estimate(ctx, testID)
	if err != nil {
		return tandem.Reanalysis{}, err
	}
	if est.Calls == 0 {
		return tandem.Reanalysis{}, tandem.Errorf(tandem.Conflict, "test", "%s has no ended call with a transcript", testID)
	}
	out := tandem.Reanalysis{
		ID: tandem.NewID(now), TestID: testID, State: tandem.ReanalysisRunning, Actor: actor, AskedAt: now,
		MaxCost: maxCost, CostPerCall: est.Usage.Cost / float64(est.Calls), Calls: est.Calls,
	}
	if maxCost > 0 && out.CostPerCall == 0 {
		return out, tandem.Errorf(tandem.Invalid, "max_cost", "is %v, but the analyser's settings have no prices, or no model: nothing is known to cost anything", maxCost)
	}
	return out, r.redo.BeginReanalysis(ctx, out)
}
