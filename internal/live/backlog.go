package live

import (
	"context"
	"sync"
)

// backlog holds what one listener has not taken yet: each thing once, with its
// newest number.
type backlog struct {
	mu      sync.Mutex
	waiting map[key]uint64
	filled  chan struct{} // holds a token while something waits
	stop    chan struct{}
}

func newBacklog() *backlog {
	return &backlog{waiting: map[key]uint64{}, filled: make(chan struct{}, 1), stop: make(chan struct{})}
}

func (b *backlog) put(c Change) {
	b.mu.Lock()
	if _, reset := b.waiting[key{kind: Reset}]; reset || len(b.waiting) >= maxKept {
		clear(b.waiting)
		c.Kind, c.ID = Reset, ""
	}
	k := key{c.Kind, c.ID}
	b.waiting[k] = max(b.waiting[k], c.Seq)
	b.mu.Unlock()
	select {
	case b.filled <- struct{}{}:
	default:
	}
}

// next takes the oldest change.
func (b *backlog) next() (Change, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 {
		return Change{}, false
	}
	var oldest Change
	for k, seq := range b.waiting {
		if c := (Change{k.kind, k.id, seq}); oldest.Kind == "" || c.Seq < oldest.Seq {
			oldest = c
		}
	}
	delete(b.waiting, key{oldest.Kind, oldest.ID})
	return oldest, true
}

// pump hands changes to out until ctx ends or the hub closes.
func (b *backlog) pump(ctx context.Context, out chan<- Change) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.stop:
			return
		case <-b.filled:
		}
		for {
			c, ok := b.next()
			if !ok {
				break
			}
			select {
			case out <- c:
			case <-ctx.Done():
				return
			case <-b.stop:
				return
			}
		}
	}
}
