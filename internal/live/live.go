// Package live tells who listens that something changed: an agent, a route, a
// test, or a test's results. Changes flow in from this node's own writes
// (Publish) and from the store, which Watch polls for what other nodes did; out
// flow notices that carry only what changed, never the data: listeners fetch
// that. It stores nothing, and no listener can make a publisher wait.
package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"

	"tandem"
)

// Kind says what changed.
type Kind string

// What can change.
const (
	// Config: something about routes, tests or versions, perhaps on another
	// node; no id.
	Config Kind = "config"
	// Agent, Route and Test: the thing with this id was made or edited.
	Agent Kind = "agent"
	Route Kind = "route"
	Test  Kind = "test"
	// Results: calls of the test with this id were recorded.
	Results Kind = "results"
	// Reanalysis, Judging and Topics: reading the calls of the test with this id
	// again, judging pairs of them, or grouping them got on.
	Reanalysis Kind = "reanalysis"
	Judging    Kind = "judging"
	Topics     Kind = "topics"
	// Reset: more changed than can be told one by one; fetch everything again.
	Reset Kind = "reset"
)

// Change is one notice. Seq grows with each change that a Hub hears of.
type Change struct {
	Kind Kind      `json:"kind" enum:"config,agent,route,test,results,reanalysis,judging,topics,reset"`
	ID   tandem.ID `json:"id,omitempty"`
	Seq  uint64    `json:"seq"`
}

// maxKept bounds what the hub, and each listener's backlog, remembers: past it
// a listener is told to fetch everything, which is cheaper for both.
const maxKept = 4096

type key struct {
	kind Kind
	id   tandem.ID
}

// Hub passes changes on. It is safe for concurrent use.
type Hub struct {
	epoch string

	mu     sync.Mutex
	seq    uint64
	latest map[key]uint64 // the last Seq of each thing that changed
	floor  uint64         // changes up to here may be missing in latest
	subs   map[*backlog]bool
	closed bool
	wake   chan struct{} // closed and replaced when the first listener comes

	pumps sync.WaitGroup
}

// New makes a Hub.
func New() *Hub {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return &Hub{epoch: hex.EncodeToString(b[:]), latest: map[key]uint64{}, subs: map[*backlog]bool{}, wake: make(chan struct{})}
}

// Epoch names this hub's run: sequence numbers of another epoch mean nothing
// here.
func (h *Hub) Epoch() string { return h.epoch }

// Publish passes c on with the next sequence number. It never blocks: a
// listener that is slow hears of each thing once, with the newest number.
func (h *Hub) Publish(c Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.seq++
	c.Seq = h.seq
	if len(h.latest) >= maxKept {
		clear(h.latest)
		h.floor = h.seq - 1
	}
	h.latest[key{c.Kind, c.ID}] = c.Seq
	for b := range h.subs {
		b.put(c)
	}
}

// Subscribe gives the changes from now on, until ctx ends or the hub closes;
// then the channel is closed.
func (h *Hub) Subscribe(ctx context.Context) <-chan Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.subscribe(ctx, nil)
}

// Resume is Subscribe for a listener that has heard of everything up to seq: it
// is told first what it missed, or Reset when that is no longer known.
func (h *Hub) Resume(ctx context.Context, seq uint64) <-chan Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	if seq > h.seq || seq < h.floor {
		return h.subscribe(ctx, []Change{{Kind: Reset, Seq: h.seq}})
	}
	var missed []Change
	for k, at := range h.latest {
		if at > seq {
			missed = append(missed, Change{Kind: k.kind, ID: k.id, Seq: at})
		}
	}
	return h.subscribe(ctx, missed)
}

// subscribe is called with h.mu held.
func (h *Hub) subscribe(ctx context.Context, first []Change) <-chan Change {
	out := make(chan Change)
	if h.closed {
		close(out)
		return out
	}
	b := newBacklog()
	for _, c := range first {
		b.put(c)
	}
	h.subs[b] = true
	if len(h.subs) == 1 {
		close(h.wake)
		h.wake = make(chan struct{})
	}
	h.pumps.Go(func() {
		defer close(out)
		defer h.drop(b)
		b.pump(ctx, out)
	})
	return out
}

func (h *Hub) drop(b *backlog) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, b)
}

// listeners says whether anybody listens, and gives a channel that is closed
// when the next first listener comes.
func (h *Hub) listeners() (bool, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs) > 0, h.wake
}

// Close ends every subscription and waits until their goroutines are gone.
// Publish and Subscribe after it do nothing.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		for b := range h.subs {
			close(b.stop)
		}
	}
	h.mu.Unlock()
	h.pumps.Wait()
}
