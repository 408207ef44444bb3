package sip

import (
	"time"

	"tandem"
	"tandem/internal/sip/wire"
)

type serverState uint8

const (
	// proceeding: no final response yet.
	proceeding serverState = iota
	// accepted: an INVITE was answered 2xx; its retransmissions are absorbed
	// (RFC 6026).
	accepted
	// completed: a final response was sent and is kept.
	completed
	// confirmed: the ACK for it came.
	confirmed
)

// server is the server side of a transaction: a request that we were sent and
// what we answered (RFC 3261 section 17.2, RFC 6026). All fields are guarded
// by the shard's lock.
type server struct {
	timer
	sh       *shard
	key      uint64
	method   wire.Method
	state    serverState
	up       hop    // where its responses go
	last     []byte // the last response, for retransmissions of the request
	client   *client
	call     *call     // of an INVITE that starts a call, until its final response
	raw      []byte    // the request, while it waits for the next hop's address
	refer    *referral // of a REFER
	cancel   time.Time // when a CANCEL came; zero if none
	interval time.Duration
	until    tick
}

// newServer makes the transaction; the shard is locked.
func (g *Gateway) newServer(w *worker, sh *shard, key uint64, from hop) *server {
	s := &server{sh: sh, key: key, method: w.m.Method, up: back(&w.m.Top, from)}
	s.owner = s
	sh.servers[key] = s
	if s.method == wire.Invite {
		sh.pending++
	}
	return s
}

// forget ends the transaction.
func (s *server) forget() {
	if s.state == proceeding && s.method == wire.Invite {
		s.sh.pending--
	}
	s.unlink()
	delete(s.sh.servers, s.key)
	s.last, s.client, s.call, s.raw = nil, nil, nil, nil
}

// respond sends a response upstream and moves the transaction on.
func (s *server) respond(w *worker, b []byte, status int) {
	if s.state != proceeding {
		return
	}
	w.send(s.up, b)
	t := &w.g.cfg.Timers
	switch {
	case status < 200:
		s.last = append(s.last[:0], b...)
		return
	case s.method != wire.Invite:
		s.state = completed
		if s.up.reliable() {
			s.forget()
			return
		}
		s.keep(b)
		s.sh.wheel.set(&s.timer, w.after(64*t.T1)) // timer J
		return
	case status < 300:
		s.sh.pending--
		s.state, s.last = accepted, nil
		s.sh.wheel.set(&s.timer, w.after(64*t.T1)) // timer L
	default:
		s.sh.pending--
		s.state = completed
		s.keep(b)
		s.until, s.interval = w.after(64*t.T1), t.T1 // timers H and G
		next := s.until
		if !s.up.reliable() {
			next = w.after(s.interval)
		}
		s.unlink()
		s.sh.wheel.set(&s.timer, next)
	}
	s.client, s.call, s.raw = nil, nil, nil
}

// keep stores the response for retransmission.
func (s *server) keep(b []byte) { s.last = append(make([]byte, 0, len(b)), b...) }

// again handles a retransmission of the request.
func (s *server) again(w *worker) {
	w.g.stats.repeated.Add(1)
	if len(s.last) > 0 {
		w.send(s.up, s.last)
	}
}

// acknowledged handles the ACK for a final response of 300 and above.
func (s *server) acknowledged(w *worker) {
	if s.state != completed {
		return
	}
	s.state, s.last = confirmed, nil
	if s.up.reliable() {
		s.forget()
		return
	}
	s.unlink()
	s.sh.wheel.set(&s.timer, w.after(w.g.cfg.Timers.T4)) // timer I
}

// due implements alarm.
func (s *server) due(w *worker) {
	if s.state == completed && s.method == wire.Invite && w.tick < s.until {
		w.g.stats.resent.Add(1)
		w.send(s.up, s.last)
		s.interval = min(2*s.interval, w.g.cfg.Timers.T2)
		s.sh.wheel.set(&s.timer, min(s.until, w.after(s.interval)))
		return
	}
	s.forget()
}

// refuse ends a transaction with a response of ours. sent is the request as it
// went on, or raw as it came.
func (g *Gateway) refuse(w *worker, s *server, c *client, status int, reason string) {
	if s.state != proceeding {
		return
	}
	var raw []byte
	sent := c != nil && c.req != nil
	switch {
	case sent:
		raw = c.req
	case s.call != nil:
		raw = s.call.raw
	default:
		raw = s.raw
	}
	if raw == nil || w.n.Parse(raw) != nil {
		s.forget()
		return
	}
	w.reply = g.appendAnswer(w.reply[:0], &w.n, s.origin(), status, reason, "", sent)
	g.stats.rejected.Add(1)
	s.finish(w, status, []byte(reason))
	s.respond(w, w.reply, status)
}

// origin is where the call's INVITE came from.
func (s *server) origin() hop {
	if s.call != nil {
		return s.call.from
	}
	return s.up
}

// finish records the end of a call that nobody answered.
func (s *server) finish(w *worker, status int, reason []byte) {
	c := s.call
	if c == nil {
		return
	}
	g := w.g
	if !s.cancel.IsZero() {
		no := false
		g.recordEnded(c.id, c.foreign, s.cancel, tandem.Ending{By: tandem.ByCaller, Cause: "CANCEL", SIPStatus: status, Answered: &no})
		return
	}
	if !retryable(status) {
		g.recordEnded(c.id, c.foreign, w.now, endedWith(status, reason))
	}
}
