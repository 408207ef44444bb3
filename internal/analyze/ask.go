package analyze

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"tandem"
	"tandem/internal/analyze/llm"
)

const (
	// keepTries is how often what a model found is offered to a store that is away:
	// it was paid for.
	keepTries = 5
	// refusedFor is how long an end point that takes no requests is left alone.
	refusedFor = 5 * time.Minute
	// troubleFrom is how many calls in a row have to fail for the end point, not
	// the calls, to be at fault; it is left alone for firstWait then, and twice as
	// long each time, up to refusedFor.
	troubleFrom = 3
)

// gate says whether a model may be asked.
type gate struct {
	until   time.Time // not before
	reason  string    // why; stays until something is answered
	probing bool      // one call at a time, until something is answered
	failing map[tandem.ID]bool
	outages int
	overDay int64 // UTC day since 1970 whose budget covers nothing more
}

func dayOf(t time.Time) int64 { return t.Unix() / (24 * 3600) }

func tomorrow(t time.Time) time.Time { return time.Unix((dayOf(t)+1)*24*3600, 0).UTC() }

// ask has a model read what is due, as far as it may be asked now.
func (r *Runner) ask(ctx context.Context) (more bool, err error) {
	s := r.setup
	slots, spent, over, err := r.admit(ctx, s)
	if err != nil {
		return false, err
	}
	if over {
		if !s.settings.FillIn {
			return false, nil
		}
		n, err := r.batch(ctx, tomorrow(time.Now()))
		return n == offlineBatch, err
	}
	if slots <= 0 {
		return false, nil
	}
	jobs, err := r.claim(ctx, slots)
	if err != nil {
		return false, err
	}
	var back []tandem.CallAnalysis
	for _, j := range jobs {
		est := tandem.AnalysisUsage{}
		if !j.claim.Kept {
			est = s.model.Estimate(j.task)
		}
		switch {
		case !s.settings.Budget.CoversCall(est):
			err = errors.Join(err, r.tooDear(ctx, s, j, est))
			continue
		case !covers(s.settings.Budget, spent, est):
			back = append(back, j.claim)
			if r.idle() {
				r.spent(time.Now())
			}
			continue
		}
		spent.Add(est)
		r.begin(ctx, s, j, est)
	}
	r.putOff(ctx, back, putOffFor)
	return false, err
}

// covers says whether the rest of the day's budget covers one more call.
func covers(b tandem.AnalyzerBudget, spent, more tandem.AnalysisUsage) bool {
	spent.Add(more)
	return more == tandem.AnalysisUsage{} || b.CoversDay(spent)
}

// admit gives how many calls the model may be asked about now, what the day took
// with what is under way, and whether its budget is spent.
func (r *Runner) admit(ctx context.Context, s *setup) (slots int, spent tandem.AnalysisUsage, over bool, err error) {
	now := time.Now()
	b := s.settings.Budget
	if b.DayCost > 0 || b.DayTokens > 0 {
		day, err := r.calls.AnalysisDay(ctx, now)
		if err != nil {
			return 0, spent, false, err
		}
		spent = day.Usage
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.Spent(spent) || r.gate.overDay == dayOf(now) {
		return 0, spent, true, nil
	}
	for _, u := range r.taken {
		spent.Add(u)
	}
	most := s.settings.Concurrency
	if r.gate.probing {
		most = 1
	}
	if s.model == nil || now.Before(r.gate.until) {
		most = 0
	}
	return most - len(r.held), spent, false, nil
}

func (r *Runner) idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.held) == 0 && len(r.taken) == 0
}

func (r *Runner) spent(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gate.overDay = dayOf(now)
}

// tooDear finishes an analysis that one call's budget does not cover.
func (r *Runner) tooDear(ctx context.Context, s *setup, j job, est tandem.AnalysisUsage) error {
	why := fmt.Sprintf("the budget for one call does not cover this one: it would take about %d tokens", est.Tokens())
	if s.settings.FillIn {
		j, ok := r.offlineJob(ctx, j)
		if !ok {
			return nil
		}
		j.claim.Analysis.Note += " No language model read the call: " + why + "."
		return r.deliver(context.WithoutCancel(ctx), []job{j}, time.Time{})
	}
	found := tandem.Analysis{Analyzer: llm.Edition, Model: s.settings.Model, Prompt: llm.PromptEdition, Note: "No language model read the call: " + why + ".", Findings: map[string]tandem.Finding{}}
	for _, f := range slices.Concat(tandem.StandardFields(), j.task.Fields) {
		found.Findings[f.Name] = tandem.Finding{Reason: why}
	}
	j.claim.Analysis = &found
	return r.deliver(context.WithoutCancel(ctx), []job{j}, time.Time{})
}

// begin asks the model about one call, beside what else is under way.
func (r *Runner) begin(ctx context.Context, s *setup, j job, est tandem.AnalysisUsage) {
	r.mu.Lock()
	r.held[j.claim.CallID], r.taken[j.claim.CallID] = j.claim, est
	r.mu.Unlock()
	r.working.Go(func() {
		if r.one(ctx, s, j) {
			r.mu.Lock()
			delete(r.held, j.claim.CallID)
			r.mu.Unlock()
		}
		r.mu.Lock()
		delete(r.taken, j.claim.CallID)
		r.mu.Unlock()
		select {
		case r.freed <- struct{}{}:
		default:
		}
	})
}

// one asks the model; false leaves the call held, to be given back at the end.
func (r *Runner) one(ctx context.Context, s *setup, j job) bool {
	if !j.claim.Kept {
		found, err := try(ctx, s.model.Analyze, j.task)
		if found.Usage != nil {
			r.counted.use(*found.Usage)
		}
		switch {
		case err != nil && ctx.Err() != nil:
			return false
		case err != nil:
			r.failed(ctx, s, j.claim, found.Usage, err)
			return true
		}
		r.answered(s)
		if found, err = r.keep(ctx, j.claim, found); err != nil {
			if tandem.CodeOf(err) != tandem.Conflict {
				r.log.Warn("what a model found could not be stored; it will be asked again", "call_id", j.claim.CallID, "error", err)
			}
			return true
		}
		j.claim.Analysis = &found
	}
	if err := r.deliver(context.WithoutCancel(ctx), []job{j}, time.Time{}); err != nil {
		r.log.Debug("an analysis could not be delivered and waits", "call_id", j.claim.CallID, "error", err)
	}
	return true
}

// keep stores what was found, through a store's short absence.
func (r *Runner) keep(ctx context.Context, claim tandem.CallAnalysis, found tandem.Analysis) (tandem.Analysis, error) {
	for n := 1; ; n++ {
		inTime, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
		kept, err := r.queue.KeepAnalysis(inTime, claim, found)
		cancel()
		if tandem.CodeOf(err) != tandem.Unavailable || n == keepTries || ctx.Err() != nil {
			return kept, err
		}
		select {
		case <-time.After(time.Duration(n) * time.Second):
		case <-ctx.Done():
		}
	}
}

// answered says that the end point answers.
func (r *Runner) answered(s *setup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.setup == s {
		r.gate = gate{overDay: r.gate.overDay}
	}
}

// failed decides whether the call or the end point is at fault. A call at fault
// has an attempt less; an end point at fault is left alone for a while, by all.
func (r *Runner) failed(ctx context.Context, s *setup, claim tandem.CallAnalysis, used *tandem.AnalysisUsage, err error) {
	if used == nil {
		used = &tandem.AnalysisUsage{}
	}
	until := r.blame(s, claim.CallID, err)
	if until.IsZero() {
		r.troubled(ctx, claim, *used, err)
		return
	}
	r.log.Warn("the analyser pauses", "until", until, "error", err)
	r.fail(ctx, claim, tandem.AnalysisFailure{NextAt: until.Add(spread(time.Second)), Reason: err.Error(), Used: *used})
}

// blame gives until when the end point is left alone; the zero time when the call
// is at fault.
func (r *Runner) blame(s *setup, id tandem.ID, err error) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now().UTC()
	wait := time.Duration(0)
	g := &r.gate
	retry, again := errors.AsType[*llm.RetryError](err)
	refused, no := errors.AsType[*llm.RefusedError](err)
	if g.failing == nil {
		g.failing = map[tandem.ID]bool{}
	}
	if again || no {
		g.failing[id] = true
	}
	switch {
	case again && retry.After > 0:
		wait = retry.After
	case no && !aboutOneCall(refused.Status):
		wait = refusedFor
	case (again || no) && len(g.failing) >= troubleFrom:
		wait = min(refusedFor, firstWait<<min(g.outages, 10))
		g.outages++
	}
	if wait == 0 || r.setup != s { // settings that are no longer in force stop nobody
		if wait > 0 {
			return now.Add(time.Second)
		}
		return time.Time{}
	}
	if until := now.Add(wait); until.After(g.until) {
		g.until = until
	}
	g.reason, g.probing = err.Error(), true
	return g.until
}

// aboutOneCall says whether an end point may refuse one call for what is in it, and
// take others.
func aboutOneCall(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusUnprocessableEntity
}

// renew holds what models are asked about longer, when it is time.
func (r *Runner) renew(ctx context.Context) error {
	now := time.Now().UTC()
	if now.Sub(r.renewed) < renewEvery {
		return nil
	}
	claims := r.inHand()
	if len(claims) > 0 {
		held, err := r.queue.ExtendAnalyses(ctx, claims, now.Add(lease))
		if err != nil {
			return err
		}
		r.mu.Lock()
		for _, c := range held {
			if _, still := r.held[c.CallID]; still {
				r.held[c.CallID] = c
			}
		}
		r.mu.Unlock()
	}
	r.renewed = now
	return nil
}

func (r *Runner) inHand() []tandem.CallAnalysis {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.held))
}

// giveBack lets other nodes have what was cut off.
func (r *Runner) giveBack() {
	r.putOff(context.Background(), r.inHand(), 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.held)
}
