package privacy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tandem"
)

// Calls are the stored calls.
type Calls interface {
	UnsettledCalls(ctx context.Context, limit int) ([]tandem.Call, error)
	CallerCalls(ctx context.Context, key string, after tandem.ID, limit int) ([]tandem.Call, error)
	HoldingCalls(ctx context.Context, d tandem.PersonalData, before time.Time, after tandem.Position, limit int) ([]tandem.Call, error)
	CountHolding(ctx context.Context, d tandem.PersonalData, before time.Time) (int64, error)
	CommitPrivacy(ctx context.Context, ch tandem.CallChanges, p tandem.PrivacyProgress) error
	Wipe(ctx context.Context) error
}

// Papers are what belongs to calls.
type Papers interface {
	Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error)
	CallAnalysis(ctx context.Context, id tandem.ID) (tandem.CallAnalysis, error)
	Version(ctx context.Context, idOrRef string) (tandem.Version, error)
	Notes
	// Groupings lists those of tests that were ever done, of all tests for none.
	Groupings(ctx context.Context, tests []tandem.ID) ([]tandem.Grouping, error)
}

// Notes are what people and judges wrote about a call, and in which groups it is.
type Notes interface {
	CallRatings(ctx context.Context, id tandem.ID) ([]tandem.CallRating, error)
	PairRatingsOf(ctx context.Context, id tandem.ID) ([]tandem.PairRating, error)
	PairsOf(ctx context.Context, id tandem.ID) ([]tandem.JudgedPair, error)
	GroupsOf(ctx context.Context, id tandem.ID) ([]string, error)
}

// Jobs is work that goes on after a restart.
type Jobs interface {
	StartPrivacyJob(ctx context.Context, actor, key string, work tandem.PrivacyWork, asked bool) (tandem.PrivacyJob, bool, error)
	ClaimPrivacyJob(ctx context.Context, now time.Time, lease time.Duration) (*tandem.PrivacyJob, error)
}

// Counter knows what a call says about each metric. It sets after.Goal.
type Counter interface {
	Count(ctx context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error)
}

// Store is all that the Worker asks of the store.
type Store interface {
	Calls
	Papers
	Jobs
}

const (
	// batch bounds the calls of one transaction: some ten milliseconds of work, so
	// that ingest never waits long behind it.
	batch = 200
	// leaseFor is how long a node has a job between two of its batches.
	leaseFor = time.Minute
	// lookEvery is how often a node looks for work that another left.
	lookEvery = 5 * time.Second
	// conflicts bounds how often a batch is redone because its calls changed.
	conflicts = 8
)

// actorRetention is who the daily deletion is done by.
const actorRetention = "retention"

// Worker deletes, redacts, hands out and erases what is stored.
type Worker struct {
	keeper  *Keeper
	store   Store
	counter Counter
	log     *slog.Logger
	changed func(tests []tandem.ID)
	wake    chan struct{}
	now     func() time.Time

	// Run's own.
	asked   string // the last daily deletion that was asked for
	unwiped bool   // bytes of what was deleted may still be in the files
}

// NewWorker makes a Worker. changed, which may be nil, hears which tests' evidence is
// to be folded anew because callers' keys changed.
func NewWorker(keeper *Keeper, store Store, counter Counter, log *slog.Logger, changed func(tests []tandem.ID)) *Worker {
	return &Worker{
		keeper: keeper, store: store, counter: counter, log: log, changed: changed, wake: make(chan struct{}, 1),
		now: func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	}
}

// Wake has the worker look for work at once.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run does what work there is until ctx ends, and once a day asks for the deletion of
// what is older than its retention.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			w.log.Warn("work on personal data did not get on; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.wake:
		}
	}
}

func (w *Worker) look(ctx context.Context) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	if err := w.daily(ctx); err != nil {
		return err
	}
	if w.unwiped {
		w.wipe(ctx)
	}
	for ctx.Err() == nil {
		job, err := w.store.ClaimPrivacyJob(ctx, w.now(), leaseFor)
		if err != nil || job == nil {
			return err
		}
		if err := w.do(ctx, job); err != nil {
			if ctx.Err() == nil && !taken(err) {
				job.LastError = err.Error()
				_ = w.store.CommitPrivacy(ctx, tandem.CallChanges{}, tandem.PrivacyProgress{Job: job, Lease: w.now().Add(leaseFor)})
			}
			return err
		}
	}
	return ctx.Err()
}

// daily asks for the deletion of what is older than its retention: once a day, and
// once more when the settings changed, whichever node is first.
func (w *Worker) daily(ctx context.Context) error {
	r := w.keeper.now.Load()
	if r.settings.Retention == (tandem.Retention{}) {
		return nil
	}
	key := fmt.Sprintf("%s/%s/%d", actorRetention, w.now().Format(time.DateOnly), r.revision)
	if key == w.asked {
		return nil
	}
	_, _, err := w.store.StartPrivacyJob(ctx, actorRetention, key, tandem.WorkPurge, false)
	if err == nil {
		w.asked = key
	}
	return err
}

// taken says whether another node has taken a job over.
func taken(err error) bool {
	e, ok := errors.AsType[*tandem.Error](err)
	return ok && e.Code == tandem.Conflict && e.Field == "job"
}

// do works on a job until it is finished.
func (w *Worker) do(ctx context.Context, job *tandem.PrivacyJob) error {
	redactor, err := w.keeper.redactor(job.Settings)
	if err != nil {
		return err
	}
	for job.FinishedAt == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		step := w.purgeBatch
		if job.Work == tandem.WorkRedact {
			step = func(ctx context.Context, job *tandem.PrivacyJob) error { return w.redactBatch(ctx, job, redactor) }
		}
		for n := 1; ; n++ {
			next := *job
			next.LastError = ""
			if err = step(ctx, &next); err == nil {
				*job = next
				break
			}
			if tandem.CodeOf(err) != tandem.Conflict || taken(err) || n == conflicts {
				return fmt.Errorf("%s: %w", job.Work, err)
			}
		}
	}
	w.log.Info("work on personal data is done", "job_id", job.ID, "work", job.Work, "looked", job.Looked, "changed", job.Changed, "refused", job.Refused)
	return nil
}

// finish ends the job, and has the database give up what was deleted.
func (w *Worker) finish(ctx context.Context, job *tandem.PrivacyJob, purges ...tandem.Purge) error {
	now := w.now()
	job.FinishedAt = &now
	if err := w.commit(ctx, tandem.CallChanges{}, job, purges...); err != nil {
		return err
	}
	w.wipe(ctx)
	return nil
}

// wipe tries once; while a reader keeps the database from it, the next look does it.
func (w *Worker) wipe(ctx context.Context) {
	err := w.store.Wipe(ctx)
	if w.unwiped = err != nil; w.unwiped && ctx.Err() == nil {
		w.log.Warn("what was deleted cannot be wiped from the database's files yet", "error", err)
	}
}

func (w *Worker) commit(ctx context.Context, ch tandem.CallChanges, job *tandem.PrivacyJob, purges ...tandem.Purge) error {
	return w.store.CommitPrivacy(ctx, ch, tandem.PrivacyProgress{Job: job, Lease: w.now().Add(leaseFor), Purges: purges})
}

// settle gives callers' keys to calls that were stored without, so that they belong
// with those of today, and their number can go.
func (w *Worker) settle(ctx context.Context) error {
	for n := 0; ctx.Err() == nil; {
		calls, err := w.store.UnsettledCalls(ctx, batch)
		if err != nil || len(calls) == 0 {
			return err
		}
		var ch tandem.CallChanges
		for _, c := range calls {
			if c.Assigned != nil {
				f := *c.Assigned
				if f.Value = w.keeper.keyed(f.Value); f.Value != c.Assigned.Value {
					c.Assigned = &f
					ch.Counted = append(ch.Counted, c.ID)
				}
			}
			ch.Calls = append(ch.Calls, c)
		}
		err = w.store.CommitPrivacy(ctx, ch, tandem.PrivacyProgress{})
		if tandem.CodeOf(err) == tandem.Conflict && n < conflicts {
			n++
			continue
		}
		if err != nil {
			return fmt.Errorf("give callers their keys: %w", err)
		}
		n = 0
		w.tell(ch)
	}
	return ctx.Err()
}

// tell says which tests' evidence rests on what changed.
func (w *Worker) tell(ch tandem.CallChanges) {
	var tests []tandem.ID
	seen := map[tandem.ID]bool{"": true}
	for _, c := range ch.Calls {
		if c.Assigned != nil && !seen[c.Assigned.Value.TestID] {
			seen[c.Assigned.Value.TestID] = true
			tests = append(tests, c.Assigned.Value.TestID)
		}
	}
	if w.changed != nil && len(tests) > 0 && len(ch.Counted) > 0 {
		w.changed(tests)
	}
}

// hider says what names somebody in a call.
func (w *Worker) hider(ctx context.Context, versions map[tandem.ID][]tandem.Field, c *tandem.Call) (tandem.Hider, error) {
	var fields []tandem.Field
	if c.Assigned != nil && c.Assigned.Value.VersionID != "" {
		id := c.Assigned.Value.VersionID
		known, ok := versions[id]
		if !ok {
			v, err := w.store.Version(ctx, string(id))
			if err != nil && tandem.CodeOf(err) != tandem.NotFound {
				return tandem.Hider{}, fmt.Errorf("version of call %s: %w", c.ID, err)
			}
			known = v.Content.Fields
			versions[id] = known
		}
		fields = known
	}
	return tandem.Hider{Hash: w.keeper.Hash, Choice: func(name, text string) bool {
		for _, f := range fields {
			if f.Name == name {
				return f.Type == tandem.Selector && f.Accepts(text) == nil
			}
		}
		return false
	}}, nil
}

// protect sees to it that the call counts for what it counted for, letting the goal
// stand as it was judged where what it was judged by is gone. It gives what changes
// nevertheless.
func (w *Worker) protect(ctx context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error) {
	changes, err := w.counter.Count(ctx, before, after)
	if err != nil || len(changes) == 0 && after.GoalState() == before.GoalState() {
		return changes, err
	}
	now := before // judged by the goal as it is now, while that can still be done
	if _, err := w.counter.Count(ctx, before, &now); err != nil {
		return nil, err
	}
	gone := tandem.Removed{}
	if after.Removed != nil {
		gone = *after.Removed
	}
	gone.Goal, gone.GoalEdition, after.Goal = true, now.GoalEdition, now.Goal
	after.Removed = &gone
	return w.counter.Count(ctx, before, after)
}

// randomKey gives a caller's key that leads to nobody.
func randomKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return tandem.CallerKey(b)
}
