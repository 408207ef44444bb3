package sip

import (
	"sync/atomic"
	"time"
)

// overload says when new calls must be refused: when messages have waited in
// the socket longer than the limit without a break (a standing queue, as in
// RFC 8289's CoDel; a spike that drains by itself does not count), or when more
// is in hand than the limits allow.
type overload struct {
	queue time.Duration
	spike time.Duration

	since   atomic.Int64 // when the wait last went over the limit, 0 while under; unix ns
	waiting atomic.Bool
	full    atomic.Bool
}

// waited is told how long a message had waited when it was read.
func (o *overload) waited(now time.Time, wait time.Duration) {
	if wait <= o.queue {
		if o.since.Load() != 0 {
			o.since.Store(0)
			o.waiting.Store(false)
		}
		return
	}
	at := now.UnixNano()
	switch since := o.since.Load(); {
	case since == 0:
		o.since.CompareAndSwap(0, at)
	case at-since >= int64(o.spike):
		o.waiting.Store(true)
	}
}

// refuse says whether a new call must be refused.
func (o *overload) refuse() bool { return o.waiting.Load() || o.full.Load() }
