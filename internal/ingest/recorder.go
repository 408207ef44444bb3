package ingest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
)

const (
	// linger is how long the recorder collects events before it commits them:
	// long enough that a busy gateway's commits are large and few, short
	// enough that results look live.
	linger = 100 * time.Millisecond
	// retryEvery is how long the recorder waits before it asks a store that was
	// away again.
	retryEvery = 500 * time.Millisecond
	// quietFor is how long after the last commit the spool is emptied: what is in the
	// store need not lie in a file as well, beyond the store's retention.
	quietFor = time.Minute
	// maxUnspooled bounds the events kept in memory while even the spool
	// cannot be written (disk full); past it the oldest are dropped, loudly.
	maxUnspooled = 200_000
)

// Recorder takes the gateway's events without ever making it wait. Each event
// is in the spool within about a millisecond and in the store within linger;
// while the store is away the spool grows and is worked off when it is back.
type Recorder struct {
	ingester *Ingester
	spool    *spool
	refused  *spool
	log      *slog.Logger
	failures int // in a row, of unknown cause

	mu      sync.Mutex
	fresh   []tandem.Event // not yet in the spool
	stuck   bool           // the first of them could not be written there
	dropped int64

	wake    chan struct{}
	stop    context.CancelFunc
	done    sync.WaitGroup
	pending atomic.Int64
}

// NewRecorder opens the spool at path, takes up what an earlier process left
// there, and starts.
func NewRecorder(ingester *Ingester, path string, log *slog.Logger) (*Recorder, error) {
	s, err := openSpool(path)
	if err != nil {
		return nil, err
	}
	refused, err := openSpool(path + ".refused")
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recorder{ingester: ingester, spool: s, refused: refused, log: log, wake: make(chan struct{}, 1), stop: cancel}
	if s.aside != "" {
		log.Error("the spool was damaged and is set aside", "file", s.aside)
	}
	if n := s.pending(); n > 0 {
		r.pending.Store(n)
		log.Info("taking up the spool of an earlier run", "bytes", n)
	}
	r.done.Go(func() { r.run(ctx) })
	return r, nil
}

// Record takes one event. It never blocks and never fails; what can be done
// about trouble behind it is done there. Personal data is taken out before the event
// is written anywhere; what was said is measured after that, but gateways report no
// transcripts.
func (r *Recorder) Record(e tandem.Event) {
	r.ingester.redact(&e)
	r.mu.Lock()
	if len(r.fresh) >= maxUnspooled {
		r.dropped += int64(len(r.fresh) / 2)
		r.fresh = append([]tandem.Event(nil), r.fresh[len(r.fresh)/2:]...)
	}
	r.fresh = append(r.fresh, e)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Pending gives how many bytes of events wait for the store.
func (r *Recorder) Pending() int64 { return r.pending.Load() }

// Close writes what is waiting, tries once more to commit it, and stops. What
// the store does not take stays in the spool for the next run.
func (r *Recorder) Close() error {
	r.stop()
	r.done.Wait()
	return errors.Join(r.spool.close(), r.refused.file.Close())
}

// run moves events from memory to the spool at once, and from the spool to the
// store every linger. A commit runs beside it: a store that hangs keeps no event
// out of the spool.
func (r *Recorder) run(ctx context.Context) {
	var held []tandem.Event // in the spool, not yet in a commit, all of it if !behind
	behind := r.spool.pending() > 0
	var commitAt <-chan time.Time
	if behind {
		commitAt = time.After(0)
	}
	var committing chan bool // says whether all of it got there
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			if committing != nil && !<-committing {
				behind = true
			}
			held = append(held, r.writeFresh()...)
			r.commit(held, r.spool.end(), behind)
			r.commitUnspooled()
			return
		case <-r.wake:
			fresh := r.writeFresh()
			if !behind && len(held)+len(fresh) <= 8*maxBatch {
				held = append(held, fresh...)
			} else if len(fresh) > 0 {
				behind, held = true, nil
			}
			if commitAt == nil && committing == nil {
				commitAt = time.After(linger)
			}
		case <-commitAt:
			commitAt, committing = nil, make(chan bool, 1)
			go func(events []tandem.Event, end int64, behind bool, done chan<- bool) {
				spooled := r.commit(events, end, behind)
				done <- r.commitUnspooled() && spooled
			}(held, r.spool.end(), behind, committing)
			held, behind = nil, false
		case all := <-committing:
			committing = nil
			switch {
			case !all:
				behind, held = true, nil
				commitAt = time.After(retryEvery)
			case behind || len(held) > 0:
				commitAt = time.After(linger)
			case quiet == nil:
				quiet = time.After(quietFor)
			}
		case <-quiet:
			if quiet = nil; committing != nil || commitAt != nil {
				break // busy: after the next commit
			}
			if err := r.spool.emptied(); err != nil {
				r.log.Error("spool cannot be emptied", "error", err)
			}
		}
	}
}

// writeFresh moves the events in memory to the spool and returns them. If the
// spool cannot be written they stay in memory.
func (r *Recorder) writeFresh() []tandem.Event {
	fresh := r.takeFresh()
	if len(fresh) == 0 {
		return nil
	}
	if err := r.spool.append(fresh); err != nil {
		r.log.Error("spool cannot be written; events are held in memory", "error", err, "events", len(fresh))
		r.giveBack(fresh)
		return nil
	}
	r.pending.Store(r.spool.pending())
	return fresh
}

func (r *Recorder) takeFresh() []tandem.Event {
	r.mu.Lock()
	fresh, dropped := r.fresh, r.dropped
	r.fresh, r.stuck, r.dropped = nil, false, 0
	r.mu.Unlock()
	if dropped > 0 {
		r.log.Error("events were lost: neither the spool nor the store could be written", "events", dropped)
	}
	return fresh
}

func (r *Recorder) giveBack(events []tandem.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh, r.stuck = append(events, r.fresh...), true
}

func (r *Recorder) isStuck() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stuck
}

// commitUnspooled brings events that the spool could not take (disk full)
// straight to the store. It reports whether none is left.
func (r *Recorder) commitUnspooled() bool {
	if !r.isStuck() {
		return true
	}
	events := r.takeFresh()
	for len(events) > 0 {
		n := min(len(events), maxBatch)
		if !r.ingest(events[:n]) {
			r.giveBack(events)
			return false
		}
		events = events[n:]
	}
	return true
}

// commit brings what is in the spool up to end to the store: from held when that
// is all of it, else from the file. It reports whether everything got there.
func (r *Recorder) commit(held []tandem.Event, end int64, behind bool) bool {
	if !behind {
		if len(held) == 0 {
			return true
		}
		if !r.ingest(held) {
			if err := r.spool.sync(); err != nil {
				r.log.Error("spool cannot be synced", "error", err)
			}
			return false
		}
		return r.mark(end)
	}
	for r.spool.pending() > 0 {
		events, end, bad, err := r.spool.next(maxBatch)
		if err != nil {
			r.log.Error("spool cannot be read", "error", err)
			return false
		}
		if bad > 0 {
			r.log.Error("spool holds lines that are not events; they are skipped", "lines", bad)
		}
		if len(events) > 0 && !r.ingest(events) || !r.mark(end) {
			return false
		}
	}
	return true
}

func (r *Recorder) mark(end int64) bool {
	if err := r.spool.committed(end); err != nil {
		r.log.Error("spool cannot be emptied", "error", err)
	}
	r.pending.Store(r.spool.pending())
	return true
}

// ingest commits events. A batch that is refused is gone through event by
// event, so that one poisoned event holds up nothing; what is refused by itself
// is set aside in a file beside the spool.
func (r *Recorder) ingest(events []tandem.Event) bool {
	err := r.ingester.Ingest(context.Background(), events)
	if err == nil {
		r.failures = 0
		return true
	}
	if r.wait(err) {
		r.log.Warn("store does not take events; they wait in the spool", "error", err, "bytes", r.spool.pending())
		return false
	}
	for i := range events {
		switch err := r.ingester.Ingest(context.Background(), events[i:i+1]); {
		case err == nil:
		case tandem.CodeOf(err) == tandem.Unavailable:
			return false
		default:
			r.log.Error("event is refused and set aside", "error", err, "call_id", events[i].CallID, "kind", events[i].Kind)
			if err := r.refused.append(events[i : i+1]); err != nil {
				r.log.Error("refused event cannot be set aside", "error", err)
				return false
			}
		}
	}
	return true
}

// maxFailures is how often in a row a failure without a known cause is taken
// for a store in trouble before its events are suspected one by one.
const maxFailures = 20

// wait says whether err is a matter of time rather than of the events.
func (r *Recorder) wait(err error) bool {
	switch tandem.CodeOf(err) {
	case tandem.Unavailable:
		return true
	case tandem.Internal:
		r.failures++
		return r.failures < maxFailures
	}
	return false
}
