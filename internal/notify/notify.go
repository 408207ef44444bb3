// Package notify delivers notices to webhooks.
//
// In flow deliveries that the store holds, each a notice on its way to one
// address; out flow HTTP requests signed as the Standard Webhooks specification
// (standardwebhooks.com, version 1.0) describes. What is due is claimed for a
// minute, so that several nodes share the work and a node that dies loses none
// of it. Delivery is at least once: after a crash between a receiver's answer
// and its record the same notice is sent again, with the same webhook-id. The
// package never decides what is worth telling, and knows nothing of tests.
package notify

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
)

// Store is where deliveries wait.
type Store interface {
	// ClaimDeliveries takes pending deliveries that are due, at most limit. For
	// the length of the lease nobody else gets them; then they are due again.
	// Attempts counts those that were finished before.
	ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]tandem.Claim, error)
	// FinishDelivery records what came of an attempt and counts it. nextAt
	// matters for a delivery that stays pending.
	FinishDelivery(ctx context.Context, noticeID, webhookID tandem.ID, state tandem.DeliveryState, nextAt time.Time, lastError string) error
}

const (
	// pollEvery is how often the store is asked for what is due. It also bounds
	// how late a retry is.
	pollEvery = 2 * time.Second
	// lease is how long a claim is held. A delivery that has waited so long in
	// its lane that it might not end within the lease is let go instead of sent.
	lease = time.Minute
	// claimAtOnce bounds one claim.
	claimAtOnce = 64
	// laneLength bounds what waits in memory for one webhook. What is claimed
	// beyond it is let go: it is due again when its lease ends.
	laneLength = 256
	// atOnce bounds the requests under way, over all webhooks.
	atOnce = 32
	// storeTimeout bounds one question to the store.
	storeTimeout = 5 * time.Second
)

// Courier delivers what is due. Each webhook has a lane of its own, with one
// request at a time, so that a slow address delays only itself.
type Courier struct {
	store  Store
	log    *slog.Logger
	client *http.Client

	wake    chan struct{} // holds a token when something may be due
	posting chan struct{} // holds a token for each request under way

	mu      sync.Mutex
	lanes   map[tandem.ID][]held // webhooks that are being worked on, with what waits
	working sync.WaitGroup       // lanes

	delivered, retried, failed atomic.Int64
}

// held is a claim and when its lease ends.
type held struct {
	tandem.Claim
	until time.Time
}

// New makes a Courier; Run has it work.
func New(store Store, log *slog.Logger) *Courier {
	return &Courier{
		store: store, log: log, client: newClient(),
		wake: make(chan struct{}, 1), posting: make(chan struct{}, atOnce),
		lanes: map[tandem.ID][]held{},
	}
}

// Counts is what a Courier has done since it was made.
type Counts struct {
	Delivered int64
	Retried   int64 // attempts that failed and will be followed by another
	Failed    int64 // deliveries given up
}

// Counts gives what was done so far.
func (c *Courier) Counts() Counts {
	return Counts{Delivered: c.delivered.Load(), Retried: c.retried.Load(), Failed: c.failed.Load()}
}

// Wake says that a delivery may be due now. It never blocks.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends. Requests under way are cut off then; their
// deliveries are due again when their leases end.
func (c *Courier) Run(ctx context.Context) {
	defer c.client.CloseIdleConnections()
	defer c.working.Wait()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		err := c.dispatch(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				c.log.Warn("webhook deliveries cannot be read; they wait in the store", "error", err)
			} else {
				c.log.Info("webhook deliveries can be read again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-tick.C:
		}
	}
}

// dispatch claims everything that is due and hands it to the lanes.
func (c *Courier) dispatch(ctx context.Context) error {
	for {
		now := time.Now().UTC()
		claims, err := c.claim(ctx, now)
		if err != nil {
			return err
		}
		for _, claim := range claims {
			c.enqueue(ctx, held{claim, now.Add(lease)})
		}
		if len(claims) < claimAtOnce {
			return nil
		}
	}
}

func (c *Courier) claim(ctx context.Context, now time.Time) ([]tandem.Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return c.store.ClaimDeliveries(ctx, now, lease, claimAtOnce)
}

// enqueue puts h into its webhook's lane and sees that somebody works on it.
func (c *Courier) enqueue(ctx context.Context, h held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting, busy := c.lanes[h.WebhookID]
	if len(waiting) >= laneLength {
		return
	}
	c.lanes[h.WebhookID] = append(waiting, h)
	if !busy {
		c.working.Go(func() { c.work(ctx, h.WebhookID) })
	}
}

// work empties a webhook's lane, one delivery after the other.
func (c *Courier) work(ctx context.Context, webhookID tandem.ID) {
	for {
		h, ok := c.next(webhookID)
		if !ok {
			return
		}
		c.deliver(ctx, h)
	}
}

// next takes the first of a lane; false, and no lane any more, when there is
// none.
func (c *Courier) next(webhookID tandem.ID) (held, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := c.lanes[webhookID]
	if len(waiting) == 0 {
		delete(c.lanes, webhookID)
		return held{}, false
	}
	c.lanes[webhookID] = waiting[1:]
	return waiting[0], true
}

// deliver makes one attempt and records what came of it. When Run is ending,
// or the lease might end before the attempt does, it makes none.
func (c *Courier) deliver(ctx context.Context, h held) {
	select {
	case c.posting <- struct{}{}:
		defer func() { <-c.posting }()
	case <-ctx.Done():
		return
	}
	if time.Until(h.until) < postTimeout+storeTimeout {
		return
	}
	a := c.post(ctx, h.Claim)
	if ctx.Err() != nil && !a.ok() {
		return // cut off by Run's end: not the receiver's fault
	}
	c.finish(context.WithoutCancel(ctx), h, judge(a, h.Attempts, time.Now().UTC()))
}

func (c *Courier) finish(ctx context.Context, h held, v ruling) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	log := c.log.With("webhook_id", h.WebhookID, "notice_id", h.Notice.ID, "test_id", h.Notice.TestID)
	err := c.store.FinishDelivery(ctx, h.Notice.ID, h.WebhookID, v.state, v.nextAt, v.reason)
	if tandem.CodeOf(err) == tandem.NotFound {
		return // the webhook was deleted meanwhile
	}
	if err != nil {
		log.Warn("a webhook delivery could not be recorded and will be sent again", "error", err)
		return
	}
	switch v.state {
	case tandem.DeliveryDelivered:
		c.delivered.Add(1)
	case tandem.DeliveryPending:
		c.retried.Add(1)
		log.Info("a webhook delivery failed and will be tried again", "error", v.reason, "next_at", v.nextAt)
	case tandem.DeliveryFailed:
		c.failed.Add(1)
		log.Warn("a webhook delivery was given up", "error", v.reason)
	}
}
