package analyze

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"time"

	"tandem"
)

const (
	// maxAttempts is how often an analysis may fail before it is set aside.
	maxAttempts = 5
	// firstWait is how long the first failure waits; each further one waits
	// waitGrowth times as long: about a quarter of an hour in all.
	firstWait  = 10 * time.Second
	waitGrowth = 4
	// jitter spreads waits by this share to either side.
	jitter = 0.1
)

// batch makes analyses without a model, of a whole claim at once. With an until
// they stand in for a model's, which is asked then. It gives how many were
// claimed.
func (r *Runner) batch(ctx context.Context, until time.Time) (int, error) {
	began := time.Now()
	jobs, err := r.claim(ctx, offlineBatch)
	if err != nil || len(jobs) == 0 {
		return 0, err
	}
	defer rest(ctx, began)
	n := len(jobs)
	done := jobs[:0]
	for _, j := range jobs {
		if j, ok := r.offlineJob(ctx, j); ok {
			done = append(done, j)
		}
	}
	return n, r.deliver(context.WithoutCancel(ctx), done, until)
}

// offlineJob analyses without a model; false when that failed, which is recorded.
func (r *Runner) offlineJob(ctx context.Context, j job) (job, bool) {
	if j.claim.Kept {
		return j, true // a model found it, and the record may lack it
	}
	found, err := try(ctx, r.offline, j.task)
	if err != nil {
		r.troubled(ctx, j.claim, tandem.AnalysisUsage{}, err)
		return j, false
	}
	j.claim.Analysis = &found
	j.values = func(a tandem.Analysis) map[string]any { return offlineValues(a, j.task.Fields) }
	return j, true
}

// try analyses; a panic is an error.
func try(ctx context.Context, analyze func(context.Context, tandem.AnalysisTask) (tandem.Analysis, error), task tandem.AnalysisTask) (found tandem.Analysis, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{text: fmt.Sprintf("the analyser panicked: %.200v", p), stack: debug.Stack()}
		}
	}()
	return analyze(ctx, task)
}

type panicError struct {
	text  string
	stack []byte
}

func (p *panicError) Error() string { return p.text }

// deliver gives the records what was found and says that it is done. When the
// store is away everything waits a little; what is at fault itself fails by itself.
func (r *Runner) deliver(ctx context.Context, jobs []job, until time.Time) error {
	if len(jobs) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 2*storeTimeout)
	defer cancel()
	events, claims := make([]tandem.Event, len(jobs)), make([]tandem.CallAnalysis, len(jobs))
	for i, j := range jobs {
		events[i], claims[i] = j.event(), j.claim
	}
	err := r.report.Ingest(ctx, events)
	if err != nil && len(jobs) > 1 && tandem.CodeOf(err) != tandem.Unavailable && ctx.Err() == nil {
		for _, j := range jobs {
			if err := r.deliver(ctx, []job{j}, until); err != nil {
				return err
			}
		}
		return nil
	}
	if err == nil && until.IsZero() {
		err = r.queue.FinishAnalyses(ctx, claims)
	} else if err == nil {
		err = r.queue.FillAnalyses(ctx, claims, until)
	}
	switch {
	case err == nil:
		if until.IsZero() {
			r.counted.add(func(n *Counts) { n.Done += int64(len(jobs)) })
		}
		return nil
	case tandem.CodeOf(err) == tandem.Unavailable || ctx.Err() != nil || len(jobs) > 1:
		r.putOff(context.WithoutCancel(ctx), claims, putOffFor)
		return err
	}
	r.troubled(ctx, jobs[0].claim, tandem.AnalysisUsage{}, fmt.Errorf("what was found cannot be recorded: %w", err))
	return nil
}

// event reports what was found. Its time is that of the ask: a later ask replaces
// what an earlier one found, whichever is answered first, and the same ask
// answered again changes nothing.
func (j job) event() tandem.Event {
	a := j.claim.Analysis
	e := tandem.Event{
		ID: "analysis/" + strconv.FormatInt(j.claim.AskedAt.UnixMicro(), 10), CallID: j.claim.CallID, Kind: tandem.EventAnalysis,
		Origin: tandem.OriginLLM, At: j.claim.AskedAt, Analysis: a.Values(),
	}
	if a.Analyzer == OfflineEdition {
		e.Origin = tandem.OriginOffline
	}
	if j.values != nil {
		e.Analysis = j.values(*a)
	}
	return e
}

// troubled counts a failed attempt against its call, which is tried again later or
// set aside.
func (r *Runner) troubled(ctx context.Context, claim tandem.CallAnalysis, used tandem.AnalysisUsage, err error) {
	f := tandem.AnalysisFailure{Reason: err.Error(), Counts: true, Used: used}
	log := r.log.With("call_id", claim.CallID, "attempt", claim.Attempts+1, "error", err)
	if p, ok := err.(*panicError); ok { //nolint:errorlint // it is never wrapped
		log = log.With("stack", string(p.stack))
	}
	if claim.Attempts+1 < maxAttempts {
		f.NextAt = time.Now().UTC().Add(spread(time.Duration(float64(firstWait) * math.Pow(waitGrowth, float64(claim.Attempts)))))
		log.Info("an analysis failed and will be tried again", "next_at", f.NextAt)
	} else {
		log.Warn("an analysis was set aside")
	}
	r.fail(ctx, claim, f)
}

func spread(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*rand.Float64()))
}

// fail records a failure. Where that cannot be, the claim runs out by itself.
func (r *Runner) fail(ctx context.Context, claim tandem.CallAnalysis, f tandem.AnalysisFailure) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := r.queue.FailAnalysis(ctx, claim, f); err != nil {
		r.log.Warn("a failed analysis could not be recorded; it will be tried again", "call_id", claim.CallID, "error", err)
	}
	r.counted.add(func(n *Counts) {
		if f.NextAt.IsZero() {
			n.Failed++
		} else {
			n.Retried++
		}
	})
}

// putOff gives claims back, due again after wait. Where that cannot be, they run
// out by themselves.
func (r *Runner) putOff(ctx context.Context, claims []tandem.CallAnalysis, wait time.Duration) {
	if len(claims) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if _, err := r.queue.ExtendAnalyses(ctx, claims, time.Now().UTC().Add(wait)); err != nil {
		r.log.Debug("claimed analyses could not be given back; they are due again when their leases end", "error", err)
	}
}
