package sip

import (
	"time"

	"tandem"
	"tandem/internal/sip/wire"
)

type clientState uint8

const (
	// calling: nothing has come back.
	calling clientState = iota
	// answering: a provisional response has come.
	answering
	// finished: an INVITE's final response of 300 and above was acknowledged;
	// its retransmissions are acknowledged again (timer D).
	finished
)

// never is a tick that does not come.
const never = tick(1 << 62)

// client is the client side of a transaction: a request as we sent it on (RFC
// 3261 section 17.1). A client without server has been given up: what it
// still gets is cancelled, or acknowledged and hung up. All fields are guarded
// by the shard's lock.
type client struct {
	timer
	sh       *shard
	branch   branch
	srv      *server
	method   wire.Method
	state    clientState
	viaTCP   bool // a UDP peer's request too long for UDP; UDP is left
	to       hop
	req      []byte // as sent
	ack      []byte // finished: to be sent again
	resend   tick
	interval time.Duration
	giveUp   tick

	hungUp     bool // finished: by our BYE, after a 2xx that nobody wanted
	cancelling bool // a CANCEL is wanted
	cancelled  []byte
	cancelAt   tick
	cancelWait time.Duration
}

// newClient makes a transaction for the request in w.out, which bears branch b
// and goes to the given hop, and sends it. The shard is locked.
func (g *Gateway) newClient(w *worker, sh *shard, s *server, method wire.Method, to hop, b branch) *client {
	t := &g.cfg.Timers
	c := &client{
		sh: sh, branch: b, srv: s, method: method, to: to, resend: never,
		req: append(make([]byte, 0, len(w.out)), w.out...),
	}
	c.owner = c
	sh.clients[b.id] = c
	if !to.reliable() {
		c.interval = t.T1
		c.resend = w.after(c.interval) // timers A and E
	}
	c.giveUp = w.after(64 * t.T1) // timers B and F
	if method == wire.Invite && s != nil && s.call != nil {
		c.giveUp = w.after(t.Provisional)
	}
	if s != nil {
		s.client = c
	}
	c.arm()
	w.send(to, c.req)
	return c
}

func (c *client) arm() {
	next := min(c.resend, c.giveUp)
	if c.cancelled != nil {
		next = min(next, c.cancelAt)
	}
	c.sh.wheel.set(&c.timer, next)
}

// forget ends the transaction.
func (c *client) forget() {
	c.unlink()
	delete(c.sh.clients, c.branch.id)
	if c.srv != nil && c.srv.client == c {
		c.srv.client = nil
	}
	c.srv = nil
}

// abandon lets the server side go on without this client, which stays to tidy
// up after what may still come.
func (c *client) abandon(w *worker) {
	if c.srv != nil && c.srv.client == c {
		c.srv.client = nil
	}
	c.srv, c.resend = nil, never
	c.giveUp = w.after(64 * w.g.cfg.Timers.T1)
	if c.method != wire.Invite {
		c.forget()
		return
	}
	if c.state == answering {
		c.stopRinging(w)
	}
	c.arm()
}

// stopRinging sends a CANCEL once that is allowed: after a provisional
// response (RFC 3261 section 9.1).
func (c *client) stopRinging(w *worker) {
	c.cancelling = true
	if c.state != answering || c.cancelled != nil {
		return
	}
	if w.n.Parse(c.req) != nil {
		return
	}
	c.cancelled = appendCancel(nil, &w.n)
	c.cancelWait, c.cancelAt = w.g.cfg.Timers.T1, never
	if !c.to.reliable() {
		c.cancelAt = w.after(c.cancelWait)
	}
	c.giveUp = w.after(64 * w.g.cfg.Timers.T1)
	c.arm()
	w.send(c.to, c.cancelled)
}

// due implements alarm.
func (c *client) due(w *worker) {
	t := &w.g.cfg.Timers
	if w.tick >= c.giveUp {
		w.g.timedOut(w, c)
		return
	}
	if w.tick >= c.resend {
		w.g.stats.resent.Add(1)
		w.send(c.to, c.req)
		c.interval *= 2
		if c.method != wire.Invite {
			c.interval = min(c.interval, t.T2)
			if c.state == answering {
				c.interval = t.T2
			}
		}
		c.resend = w.after(c.interval)
	}
	if c.cancelled != nil && w.tick >= c.cancelAt {
		w.g.stats.resent.Add(1)
		w.send(c.to, c.cancelled)
		c.cancelWait = min(2*c.cancelWait, t.T2)
		c.cancelAt = w.after(c.cancelWait)
	}
	c.arm()
}

// timedOut handles the end of a client's patience.
func (g *Gateway) timedOut(w *worker, c *client) {
	s := c.srv
	if s == nil || c.state == finished {
		c.forget()
		return
	}
	if c.method != wire.Invite {
		// A late 408 helps nobody (RFC 4320): the sender has given up too.
		c.forget()
		s.forget()
		return
	}
	ringing := c.state == answering
	if !s.cancel.IsZero() {
		g.refuse(w, s, c, 487, "Request Terminated")
		c.abandon(w)
		return
	}
	if !ringing && g.another(w, s, c, tandem.ReasonTargetSilent) {
		return
	}
	g.refuse(w, s, c, 408, "Request Timeout")
	c.abandon(w)
}

// another gives up a client and tries the call's next target; false when there
// is none, or the request starts no call.
func (g *Gateway) another(w *worker, s *server, c *client, why tandem.Reason) bool {
	if s.call == nil || !s.cancel.IsZero() || !s.call.more() {
		return false
	}
	if c.state == finished {
		c.srv = nil // stays for retransmissions of the answer
		s.client = nil
	} else {
		c.abandon(w)
	}
	s.call.miss(why)
	return g.launch(w, s, nil)
}

// undeliverable handles a request that could not be sent.
func (g *Gateway) undeliverable(w *worker, c *client) {
	s := c.srv
	if c.viaTCP { // it was turned to TCP for its length; UDP is left
		g.backToUDP(w, c)
		return
	}
	if s == nil || c.state != calling {
		if s == nil {
			c.forget()
		}
		return
	}
	if !s.cancel.IsZero() {
		g.refuse(w, s, c, 487, "Request Terminated")
		c.forget()
		return
	}
	if s.call != nil && s.call.more() {
		c.forget()
		s.call.miss(tandem.ReasonTargetDown)
		if g.launch(w, s, nil) {
			return
		}
	}
	g.refuse(w, s, c, 503, "Service Unavailable")
	c.forget()
}

// undelivered finds the client of a message of ours that could not be sent and
// fails it. No lock is held.
func (g *Gateway) undelivered(w *worker, message []byte) {
	b, ok := topBranch(message)
	if !ok {
		return
	}
	sh := g.table.at(b.id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if c := sh.clients[b.id]; c != nil && c.branch == b {
		g.undeliverable(w, c)
	}
}

// refused is told the first bytes of a datagram of ours that came back by
// ICMP.
func (g *Gateway) refused(w *worker, quoted []byte) { g.undelivered(w, quoted) }
