package replay

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"tandem"
)

// A Poster reports events to Tandem and returns once they are stored.
type Poster interface {
	Post(ctx context.Context, events []tandem.Event) error
}

// Summary counts what became of the calls.
type Summary struct {
	Placed   int64 `json:"placed"`
	Answered int64 `json:"answered"` // played to their end
	Failed   int64 `json:"failed"`
	Posted   int64 `json:"posted"` // outcomes reported
	// Errors holds the first few different failures and how often each
	// happened.
	Errors map[string]int64 `json:"errors,omitempty"`
	// Elapsed is the time it all took.
	Elapsed time.Duration `json:"elapsed_ns"`
}

// maxErrors keeps the summary readable.
const maxErrors = 10

// Run plays calls, at most concurrency at a time, and posts the outcome of
// each. Progress is called after each call, never twice at once; it may be nil.
//
// When ctx ends no further call is placed, and those in progress have grace to
// come to their end. Run returns when all have ended; its error is the
// sequence's own, or ctx's. What went wrong with single calls is in the
// summary.
func (p *Player) Run(ctx context.Context, calls iter.Seq2[Call, error], concurrency int, grace time.Duration, post Poster, progress func(Summary)) (Summary, error) {
	begun := time.Now()
	playing, cancel := withGrace(ctx, grace)
	defer cancel()
	r := &run{player: p, post: post, progress: progress}
	slots := make(chan struct{}, max(1, concurrency))
	var err error
	for c, cerr := range calls {
		if err = errors.Join(cerr, ctx.Err()); err != nil {
			break
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if err = ctx.Err(); err != nil {
			break
		}
		r.calls.Go(func() {
			defer func() { <-slots }()
			r.one(playing, c)
		})
	}
	r.calls.Wait()
	r.sum.Elapsed = time.Since(begun)
	return r.sum, err
}

// withGrace gives a context that ends grace after ctx does.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if wait(grace, out) {
			cancel()
		}
	})
	return out, func() { stop(); cancel() }
}

type run struct {
	player   *Player
	post     Poster
	progress func(Summary)
	calls    sync.WaitGroup

	mu  sync.Mutex
	sum Summary
}

func (r *run) one(ctx context.Context, c Call) {
	played, err := r.player.Play(ctx, c)
	answered := err == nil
	if answered && played.CallID == "" {
		err = tandem.Errorf(tandem.Invalid, "", "the call reached the agent without %s: no gateway of Tandem was in the way", HeaderCall)
	}
	if err == nil {
		err = r.post.Post(ctx, played.Events())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum.Placed++
	if answered {
		r.sum.Answered++
	} else {
		r.sum.Failed++
	}
	if err == nil {
		r.sum.Posted++
	} else {
		r.sum.failed(err)
	}
	if r.progress != nil {
		r.progress(r.sum)
	}
}

func (s *Summary) failed(err error) {
	if s.Errors == nil {
		s.Errors = map[string]int64{}
	}
	text := err.Error()
	if _, seen := s.Errors[text]; !seen && len(s.Errors) >= maxErrors {
		text = "other"
	}
	s.Errors[text]++
}

// Calls makes a call to number of each conversation, at most limit; 0 is all.
func Calls(conversations iter.Seq2[Conversation, error], number string, limit int) iter.Seq2[Call, error] {
	return func(yield func(Call, error) bool) {
		n := 0
		for c, err := range conversations {
			if err != nil {
				yield(Call{}, err)
				return
			}
			if limit > 0 && n == limit {
				return
			}
			n++
			script := func(Leg) Conversation { return c }
			if !yield(Call{ID: c.ID, Number: number, From: c.CallerNumber(), Script: script}, nil) {
				return
			}
		}
	}
}
