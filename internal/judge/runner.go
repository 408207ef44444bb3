package judge

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tandem"
)

const (
	// pollEvery is how often the store is asked for a judging to work on.
	pollEvery = 2 * time.Second
	// lease is how long a judging is held, and so how long it rests after its node
	// dies; it is held anew three times in that.
	lease = time.Minute
	// atOnce is how many pairs the judge is asked about at the same time.
	atOnce = 4
	// maxTries is after how many failed attempts a pair is set aside while others
	// are answered, and lastTries while none is: then it is rather the judge.
	maxTries  = 4
	lastTries = 10
	// maxRounds is after how many rounds in a row without any answer a judging
	// fails.
	maxRounds = 12
	// firstWait is what is waited after one such round; it doubles up to maxWait.
	firstWait = 10 * time.Second
	maxWait   = 10 * time.Minute
	// storeTimeout bounds one question to the store, and keepFor how long an answer
	// is tried to be kept while the store is away.
	storeTimeout = 5 * time.Second
	keepFor      = 30 * time.Second
)

// Runner has pairs judged. Several nodes may run one; a judging is worked on by one
// at a time, and what the judge answered is kept before anything else is asked
// about that pair, so that after a crash at most the answers under way are asked
// for again.
type Runner struct {
	work     Work
	provider Provider
	log      *slog.Logger
	moved    func(testID tandem.ID)
	holder   string
	wake     chan struct{}
}

// NewRunner makes a Runner; Run has it work. moved hears of tests of which more is
// judged.
func NewRunner(work Work, provider Provider, log *slog.Logger, moved func(testID tandem.ID)) *Runner {
	return &Runner{work: work, provider: provider, log: log, moved: moved, holder: rand.Text(), wake: make(chan struct{}, 1)}
}

// Wake says that there may be something to judge. It never blocks.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. Requests under way are cut off then, and are made again
// by who goes on.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		err := r.all(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				r.log.Warn("judgings cannot be worked on; they wait in the store", "error", err)
			} else {
				r.log.Info("judgings can be worked on again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// all works on what there is, one judging after the other.
func (r *Runner) all(ctx context.Context) error {
	for ctx.Err() == nil {
		j, ok, err := r.claim(ctx)
		if err != nil || !ok {
			return err
		}
		err = r.hold(ctx, j, r.judgeAll)
		if ctx.Err() != nil {
			r.release(ctx, j)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) claim(ctx context.Context) (tandem.Judging, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return r.work.ClaimJudging(ctx, time.Now().UTC(), lease, r.holder)
}

// hold runs work while the claim can be kept.
func (r *Runner) hold(ctx context.Context, j tandem.Judging, work func(context.Context, tandem.Judging) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var holding sync.WaitGroup
	holding.Go(func() {
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		until := time.Now().Add(lease)
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now := time.Now().UTC()
			asking, done := context.WithTimeout(ctx, storeTimeout)
			ok, err := r.work.HoldJudging(asking, j, r.holder, now.Add(lease))
			done()
			switch {
			case ok:
				until = now.Add(lease)
			case err == nil, now.After(until.Add(-lease / 3)): // lost, or about to be
				cancel()
				return
			}
		}
	})
	err := work(ctx, j)
	cancel()
	holding.Wait()
	return err
}

// release lets another node, or the next start of this one, go on at once.
func (r *Runner) release(ctx context.Context, j tandem.Judging) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	j.NextAt = time.Now().UTC()
	if err := r.work.SettleJudging(ctx, j, r.holder); err != nil {
		r.log.Info("a judging could not be released; it goes on when its lease ends", "test_id", j.TestID, "error", err)
	}
}

// round is what came of asking about some pairs at the same time.
type round struct {
	mu      sync.Mutex
	usage   tandem.AnalysisUsage
	answers int       // pairs with all their answers
	faulty  []pairAsk // pairs with an attempt that failed
	// wait is the longest that the judge asks to wait, failed why it did not answer,
	// refused why it will not.
	wait            time.Duration
	failed, refused error
	// unasked says that the judge may not be asked now, which is nobody's fault.
	unasked bool
	store   error
}

// failure is what a judge's error says beside its code.
func (o *round) failure(err error) {
	if tandem.CodeOf(err) == tandem.Unavailable {
		o.failed = err
	} else {
		o.refused = err
	}
	if later, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err); ok {
		o.wait = max(o.wait, later.RetryAfter())
	}
	o.unasked = o.unasked || unasked(err)
}

// unasked says whether err is of a question that nobody was asked.
func unasked(err error) bool {
	e, ok := errors.AsType[interface {
		error
		Unasked() bool
	}](err)
	return ok && e.Unasked()
}

// judgeAll asks about all that is due. It ends when nothing is, when the judge
// cannot be asked, or when ctx does.
func (r *Runner) judgeAll(ctx context.Context, j tandem.Judging) error {
	judge, err := r.provider(ctx)
	if err != nil {
		return r.putOff(ctx, j, &round{failed: err})
	}
	if name := judge.JudgeName(); name != j.Judge {
		return r.settle(ctx, j, tandem.JudgingFailed, "the language model that is set up is now "+name+"; these pairs are judged by "+j.Judge+". Set that up again, or start afresh")
	}
	if err := judge.Ready(ctx); err != nil {
		out := &round{}
		out.failure(err)
		out.failed = err
		return r.putOff(ctx, j, out)
	}
	for ctx.Err() == nil {
		pairs, err := r.work.DuePairs(ctx, j, atOnce)
		if err != nil {
			return err
		}
		if len(pairs) == 0 {
			if j.Judged == 0 {
				return r.settle(ctx, j, tandem.JudgingFailed, "every pair was set aside; the last: "+j.LastError)
			}
			return r.settle(ctx, j, tandem.JudgingDone, "")
		}
		done, err := r.round(ctx, judge, &j, pairs)
		if done || err != nil {
			return err
		}
	}
	return nil
}

// round asks about some pairs; done is whether the judging was settled.
func (r *Runner) round(ctx context.Context, judge Judge, j *tandem.Judging, pairs []tandem.JudgedPair) (done bool, err error) {
	asks, missing, err := r.affordable(ctx, judge, j, pairs)
	if err != nil {
		return false, err
	}
	if len(asks) == 0 && missing == 0 {
		return true, r.settle(ctx, *j, tandem.JudgingSpent, "another pair might cost more than the limit allows")
	}
	out := &round{}
	var asking sync.WaitGroup
	for _, a := range asks {
		asking.Go(func() { r.ask(ctx, judge, *j, a, out) })
	}
	asking.Wait()
	j.Usage.Add(out.usage)
	j.Judged += int64(out.answers)
	if out.failed != nil {
		j.LastError = out.failed.Error()
	}
	r.moved(j.TestID)
	stopped := ctx.Err() != nil
	if out.store == nil && !stopped {
		out.store = r.setAside(ctx, *j, out)
	}
	switch {
	case out.store != nil || stopped:
		return false, out.store
	case out.refused != nil && out.answers == 0:
		return true, r.settle(ctx, *j, tandem.JudgingFailed, out.refused.Error())
	case out.failed != nil && out.answers == 0:
		return true, r.putOff(ctx, *j, out)
	}
	j.Attempts = 0
	if out.wait > 0 { // some were answered, and the judge asks for a pause
		return true, r.putOff(ctx, *j, out)
	}
	return false, nil
}

// setAside gives up pairs that failed too often.
func (r *Runner) setAside(ctx context.Context, j tandem.Judging, out *round) error {
	limit := lastTries
	if out.answers > 0 {
		limit = maxTries
	}
	for _, p := range out.faulty {
		if p.Attempts+1 < limit {
			continue
		}
		r.log.Warn("a pair of calls was set aside", "test_id", j.TestID, "arm", j.Arms[1], "number", p.Number, "error", p.LastError)
		if err := r.work.RecordStep(ctx, j, tandem.JudgingStep{Number: p.Number, Error: p.LastError, Aside: true}); err != nil {
			return err
		}
	}
	return nil
}

// pairAsk is a pair with what is said in it.
type pairAsk struct {
	tandem.JudgedPair
	tasks [2]tandem.JudgementTask
}

// affordable reads pairs and keeps the first ones that the limit allows. Pairs whose
// transcripts are gone are set aside, and counted as missing.
func (r *Runner) affordable(ctx context.Context, judge Judge, j *tandem.Judging, pairs []tandem.JudgedPair) (asks []pairAsk, missing int, err error) {
	cost := j.Usage.Cost
	for _, p := range pairs {
		first, err := r.work.Transcript(ctx, p.First.CallID)
		var second tandem.Transcript
		if err == nil {
			second, err = r.work.Transcript(ctx, p.Second.CallID)
		}
		if tandem.CodeOf(err) == tandem.NotFound {
			missing++
			j.LastError = "what was said in one of the calls is gone"
			if err := r.work.RecordStep(ctx, *j, tandem.JudgingStep{Number: p.Number, Error: j.LastError, Aside: true}); err != nil {
				return nil, 0, err
			}
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		a := pairAsk{p, tasks(first.Turns, second.Turns)}
		for order, task := range a.tasks {
			if p.Opinions[order] == nil {
				cost += judge.EstimateJudgement(task).Cost
			}
		}
		if j.CostLimit > 0 && cost > j.CostLimit {
			return asks, missing, nil
		}
		asks = append(asks, a)
	}
	return asks, missing, nil
}

// ask asks about one pair, in the orders that are not answered yet, and keeps each
// answer.
func (r *Runner) ask(ctx context.Context, judge Judge, j tandem.Judging, p pairAsk, out *round) {
	for order, task := range p.tasks {
		if p.Opinions[order] != nil {
			continue
		}
		opinion, err := judge.Judge(ctx, task)
		if err != nil && unasked(err) {
			out.mu.Lock()
			defer out.mu.Unlock()
			out.failure(err)
			return
		}
		step := tandem.JudgingStep{Number: p.Number, Order: order, Usage: opinion.Usage}
		switch {
		case err == nil:
			step.Opinion = &opinion
		case ctx.Err() != nil:
			step.Error = p.LastError // nobody's fault; but what was used counts
		default:
			step.Error, step.Attempt = err.Error(), true
		}
		kept := r.keep(ctx, j, step)
		out.mu.Lock()
		out.usage.Add(opinion.Usage)
		if kept != nil {
			out.store = kept
		}
		if err != nil && ctx.Err() == nil {
			p.LastError = err.Error()
			out.faulty = append(out.faulty, p)
			out.failure(err)
		}
		if err == nil && kept == nil && order == 1 {
			out.answers++
		}
		out.mu.Unlock()
		if err != nil || kept != nil {
			return
		}
	}
	if p.Opinions[1] != nil { // only the first was missing
		out.mu.Lock()
		out.answers++
		out.mu.Unlock()
	}
}

// keep stores what was paid for, and tries for a while when the store is away, even
// when ctx has ended.
func (r *Runner) keep(ctx context.Context, j tandem.Judging, step tandem.JudgingStep) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepFor)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		asking, done := context.WithTimeout(ctx, storeTimeout)
		err := r.work.RecordStep(asking, j, step)
		done()
		if tandem.CodeOf(err) != tandem.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// putOff has a judging looked at again after a while, or ends it when that was done
// too often.
func (r *Runner) putOff(ctx context.Context, j tandem.Judging, out *round) error {
	idle := out.answers == 0 && !out.unasked
	if idle {
		if j.Attempts++; j.Attempts >= maxRounds {
			return r.settle(ctx, j, tandem.JudgingFailed, out.failed.Error())
		}
	}
	wait := out.wait
	if idle {
		wait = max(wait, min(maxWait, firstWait<<(j.Attempts-1)))
	}
	j.NextAt = time.Now().UTC().Add(wait)
	why := ""
	if out.failed != nil {
		why = out.failed.Error()
	}
	r.log.Info("a judging is put off", "test_id", j.TestID, "arm", j.Arms[1], "until", j.NextAt, "error", why)
	return r.settle(ctx, j, tandem.JudgingRuns, why)
}

func (r *Runner) settle(ctx context.Context, j tandem.Judging, state tandem.JudgingState, why string) error {
	j.State, j.LastError = state, why
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	err := r.work.SettleJudging(ctx, j, r.holder)
	if err == nil && state != tandem.JudgingRuns {
		r.log.Info("a judging has ended", "test_id", j.TestID, "arm", j.Arms[1], "state", state, "error", why)
		r.moved(j.TestID)
	}
	return err
}
