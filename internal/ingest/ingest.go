// Package ingest turns events of any origin, in any order, repeated or late,
// into the records of calls.
//
// Events flow in from two sides. The API and connectors call
// [Ingester.Ingest], which answers once the events are committed; concurrent
// requests share one commit. The SIP gateway calls [Recorder.Record], which
// never blocks: a file on disk, the spool, holds its events until the store has
// them, so that calls go on while the store is away. Out flow records and
// tally changes, written in one transaction. It never decides which version
// takes a call and never computes a result.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tandem"
)

// Store is where records live.
type Store interface {
	// LoadCalls gives the calls that refs name; a ref to no call is absent.
	LoadCalls(ctx context.Context, refs []tandem.CallRef) (map[tandem.CallRef]tandem.Call, error)
	// CommitCalls writes one batch in one transaction, or nothing, and sets the
	// ordinals it gave in ch. It is a Conflict when a call changed since it was
	// loaded.
	CommitCalls(ctx context.Context, ch tandem.CallChanges) error
	// OverdueCalls lists calls that should have ended before now.
	OverdueCalls(ctx context.Context, now time.Time, limit int) ([]tandem.ID, error)
}

// Counter knows what a call says about each metric. It sets after.Goal and
// after.GoalEdition.
type Counter interface {
	Count(ctx context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error)
	// Forget has it ask about tests again: a goal was changed.
	Forget()
}

// Privacy keeps personal data out of what is stored. The zero value keeps all.
type Privacy struct {
	// Redact takes personal data out of an event. Redacting what was redacted changes
	// nothing. It replaces what the event points to, and never writes through it.
	Redact func(e *tandem.Event)
	// Hide replaces what names somebody in what is told of a closed call.
	Hide tandem.Hider
}

// Measure derives how a conversation went from its transcript; nil when nobody
// spoke. It is a pure function.
type Measure func(turns []tandem.Turn) *tandem.Conversation

const (
	// maxBatch bounds the events of one commit: a few milliseconds of work, so
	// that no request waits long behind others.
	maxBatch = 1024
	// maxAttempts bounds how often a batch is redone because another node
	// changed one of its calls meanwhile.
	maxAttempts = 8
)

// Ingester commits events. Make one with New; Close it after its users.
type Ingester struct {
	store    Store
	counter  Counter
	measure  Measure
	privacy  Privacy
	log      *slog.Logger
	onCommit func(tests []tandem.ID)

	jobs     chan *job
	stop     chan struct{} // closed to stop run
	finished chan struct{} // closed when run has
	recent   *recent       // run's own
}

type job struct {
	events []report
	result chan error
}

// report is an event as it is stored, and how the conversation went by the words of
// its transcript as they were said: measured before anything was taken out of them.
type report struct {
	tandem.Event
	conversation *tandem.Conversation
}

// New starts an Ingester that keeps all data. onCommit, which may be nil, hears
// after each commit which tests it touched; it must not block.
func New(store Store, counter Counter, measure Measure, log *slog.Logger, onCommit func(tests []tandem.ID)) *Ingester {
	return NewPrivate(store, counter, measure, Privacy{}, log, onCommit)
}

// NewPrivate starts an Ingester that takes personal data out of every event before
// it is joined to anything.
func NewPrivate(store Store, counter Counter, measure Measure, privacy Privacy, log *slog.Logger, onCommit func(tests []tandem.ID)) *Ingester {
	i := &Ingester{
		store: store, counter: counter, measure: measure, privacy: privacy, log: log, onCommit: onCommit,
		jobs: make(chan *job, 256), stop: make(chan struct{}), finished: make(chan struct{}),
		recent: newRecent(),
	}
	go i.run()
	return i
}

// Ingest joins events to their calls' records and returns once they are
// committed, all of them or none. Events are assumed valid
// ([tandem.Event.Validate] is for the edges). Giving up early through ctx leaves
// open whether they were committed; sending them again is safe.
//
// Errors: Conflict when an event gives a call a foreign id that another call
// has; Unavailable when the store is away or the Ingester is closed.
func (i *Ingester) Ingest(ctx context.Context, events []tandem.Event) error {
	if len(events) == 0 {
		return nil
	}
	j := &job{events: i.reports(events), result: make(chan error, 1)}
	select {
	case i.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-i.stop:
		return errClosed
	}
	select {
	case err := <-j.result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-i.finished:
	}
	select {
	case err := <-j.result: // it was among the last
		return err
	default:
		return errClosed
	}
}

// reports measures and redacts. The events themselves stay as they are.
func (i *Ingester) reports(events []tandem.Event) []report {
	out := make([]report, len(events))
	for k, e := range events {
		out[k].Event = e
		if e.Kind == tandem.EventTranscript {
			out[k].conversation = i.measure(e.Transcript)
		}
		i.redact(&out[k].Event)
	}
	return out
}

func (i *Ingester) redact(e *tandem.Event) {
	if i.privacy.Redact != nil {
		i.privacy.Redact(e)
	}
}

var errClosed = &tandem.Error{Code: tandem.Unavailable, Message: "the server is stopping"}

// Close commits what is waiting and stops.
func (i *Ingester) Close() {
	close(i.stop)
	<-i.finished
}

func (i *Ingester) run() {
	defer close(i.finished)
	for {
		select {
		case j := <-i.jobs:
			i.process(i.gather(j))
		case <-i.stop:
			select {
			case j := <-i.jobs:
				i.process(i.gather(j))
				continue
			default:
				return
			}
		}
	}
}

// gather takes what is waiting behind first, up to maxBatch events.
func (i *Ingester) gather(first *job) []*job {
	batch := []*job{first}
	for n := len(first.events); n < maxBatch; {
		select {
		case j := <-i.jobs:
			batch = append(batch, j)
			n += len(j.events)
		default:
			return batch
		}
	}
	return batch
}

// process commits a batch. A batch that fails for another reason than the
// store being away is redone request by request, so that one request's fault
// is not another's.
func (i *Ingester) process(batch []*job) {
	events := batch[0].events
	if len(batch) > 1 {
		events = nil
		for _, j := range batch {
			events = append(events, j.events...)
		}
	}
	err := i.commit(context.Background(), events)
	if err != nil && len(batch) > 1 && tandem.CodeOf(err) != tandem.Unavailable {
		for _, j := range batch {
			j.result <- i.commit(context.Background(), j.events)
		}
		return
	}
	for _, j := range batch {
		j.result <- err
	}
}

// commitTimeout bounds one transaction, so that a store that hangs turns into
// one that is away.
const commitTimeout = 15 * time.Second

func (i *Ingester) commit(ctx context.Context, events []report) error {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	var err error
	for n := range maxAttempts {
		if err = i.attempt(ctx, events, n == 0); tandem.CodeOf(err) != tandem.Conflict {
			break
		}
		if tandem.GoalChanged(err) {
			i.counter.Forget()
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &tandem.Error{Code: tandem.Unavailable, Message: "the store did not answer in time", Err: err}
	}
	return err
}

// attempt joins events to what is known of their calls and commits. The first
// attempt trusts memory, and takes a call that is being assigned for new; where
// that is wrong the commit is a Conflict and the next attempt reads the store.
func (i *Ingester) attempt(ctx context.Context, events []report, trusting bool) error {
	b := newBatch(events, i.privacy.Hide)
	loaded, err := i.load(ctx, b, trusting)
	if err != nil {
		return fmt.Errorf("load calls: %w", err)
	}
	b.join(loaded)
	changes, tests, err := b.changes(ctx, i.counter)
	if err != nil {
		return fmt.Errorf("count calls: %w", err)
	}
	if len(changes.Calls) == 0 {
		return nil
	}
	if err := i.store.CommitCalls(ctx, changes); err != nil {
		i.recent.forget(changes.Calls)
		return fmt.Errorf("commit calls: %w", err)
	}
	i.recent.committed(changes.Calls)
	if i.onCommit != nil && len(tests) > 0 {
		i.onCommit(tests)
	}
	return nil
}

// load gives the stored records that the batch names.
func (i *Ingester) load(ctx context.Context, b *batch, trusting bool) (map[tandem.CallRef]tandem.Call, error) {
	refs := b.refs()
	if !trusting {
		return b.find(ctx, i.store, refs)
	}
	known := make(map[tandem.CallRef]tandem.Call, len(refs))
	unknown := refs[:0]
	for _, r := range refs {
		if c, ok := i.recent.get(r.ID); ok {
			known[r] = c
		} else if !b.assigned[r.ID] {
			unknown = append(unknown, r)
		}
	}
	if len(unknown) == 0 {
		return known, nil
	}
	loaded, err := b.find(ctx, i.store, unknown)
	if err != nil {
		return nil, err
	}
	for r, c := range loaded {
		known[r] = c
	}
	return known, nil
}
