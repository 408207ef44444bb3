package sip

import (
	"strings"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/sip/wire"
)

// attempt is one target that may take a call.
type attempt struct {
	t        *target
	servedBy string // as a failover event says it
	// endpoints are the target's addresses, once known; next is the one to try
	// after.
	endpoints []endpoint
	next      int
}

// invite handles an INVITE that starts a call, from an admitted source. The
// shard is locked.
func (g *Gateway) invite(w *worker, sh *shard, key uint64, from hop) {
	m := &w.m
	if g.draining.Load() || g.overload.refuse() {
		g.shed(w, m, from)
		return
	}
	if d := unacceptable(m); d != nil {
		g.reject(w, m, from, d.status, d.reason, d.extra)
		return
	}
	number := g.numbers.called(m)
	if number == "" {
		g.forbid(w, m, from)
		return
	}
	sipCallID := m.Value(wire.CallID)
	c := &call{foreign: foreignID(sipCallID), at: moment(w.now), from: from}
	c.id = tandem.DeriveCallID(tandem.OriginSIP, c.foreign, w.now)
	var ok bool
	c.decision, ok = g.assigner.Assign(assign.Request{Number: number, CallID: c.id, Caller: g.numbers.caller(m)})
	if !ok {
		g.forbid(w, m, from)
		return
	}
	g.stats.assigned.Add(1)
	if c.decision.Route.SIPMode == tandem.Redirect {
		g.redirect(w, c, from)
		return
	}
	s := g.newServer(w, sh, key, from)
	s.call = c
	w.reply = g.appendReply(w.reply[:0], m, from, 100, "Trying", "")
	s.respond(w, w.reply, 100)
	g.recordAssigned(c.id, c.foreign, c.decision.Assignment, c.at)
	c.token = g.appendToken(nil, c, m.FromTag, sipCallID)
	c.raw = append(make([]byte, 0, len(m.Raw)), m.Raw...)
	g.plan(c)
	if !g.launch(w, s, m) {
		g.refuse(w, s, nil, 503, "Service Unavailable")
	}
}

// unacceptable checks what only the start of a call can be refused for: a body
// that cannot describe a voice call, or answers that cannot.
func unacceptable(m *wire.Message) *refusal {
	const accepted = "Accept: application/sdp, multipart/mixed\r\n"
	if v := m.Value(wire.ContentType); v != nil && len(m.Body()) > 0 {
		kind, _, _ := strings.Cut(string(v), ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
		if kind != "application/sdp" && !strings.HasPrefix(kind, "multipart/") {
			return &refusal{415, "Unsupported Media Type", accepted}
		}
	}
	if v := m.Value(wire.Accept); len(v) > 0 {
		kinds := strings.ToLower(string(v))
		if !strings.Contains(kinds, "application/sdp") && !strings.Contains(kinds, "application/*") && !strings.Contains(kinds, "*/*") {
			return &refusal{406, "Not Acceptable", ""}
		}
	}
	return nil
}

// plan lists the targets that may take the call: the version's, the route's
// fallback, the live version's.
func (g *Gateway) plan(c *call) {
	d := &c.decision
	c.attempts = make([]attempt, 0, 3)
	if d.Version != nil {
		c.attempts = append(c.attempts, attempt{t: g.targets.ofVersion(d.Version), servedBy: string(d.Version.ID)})
	}
	if d.Route.FallbackURI != "" {
		c.attempts = append(c.attempts, attempt{t: g.targets.ofURI(d.Route.FallbackURI), servedBy: tandem.ServedByFallback})
	}
	if d.Live != nil && (d.Version == nil || d.Live.ID != d.Version.ID) {
		c.attempts = append(c.attempts, attempt{t: g.targets.ofVersion(d.Live), servedBy: string(d.Live.ID)})
	}
	if d.Version == nil && d.Assignment.NotRandomised == "" {
		c.failed = tandem.ReasonNoTarget
	}
}

// more says whether there is another address or target to try.
func (c *call) more() bool {
	if c.attempt < len(c.attempts) {
		a := &c.attempts[c.attempt]
		if a.next < len(a.endpoints) {
			return true
		}
	}
	return c.attempt+1 < len(c.attempts)
}

// miss notes why an attempt failed and moves on to the target's next address
// or, when there is none, the next target.
func (c *call) miss(why tandem.Reason) {
	if c.attempt < len(c.attempts) {
		if a := &c.attempts[c.attempt]; a.next < len(a.endpoints) && why != tandem.ReasonTargetError {
			return
		}
	}
	c.skip(why)
}

func (c *call) skip(why tandem.Reason) {
	if c.failed == "" {
		c.failed = why
	}
	c.attempt++
}

// launch sends the INVITE to the first address that takes it, from the current
// attempt on; false when nothing is left. m is the INVITE where it is parsed
// already. The shard is locked.
func (g *Gateway) launch(w *worker, s *server, m *wire.Message) bool {
	c := s.call
	for ; c.attempt < len(c.attempts); c.skip(tandem.ReasonTargetDown) {
		a := &c.attempts[c.attempt]
		if a.t == nil {
			if c.failed == "" {
				c.failed = tandem.ReasonNoTarget
			}
			continue
		}
		if a.endpoints == nil {
			if a.t.literal {
				a.endpoints = []endpoint{a.t.direct}
			} else if found, known := g.resolver.cached(a.t.query); known {
				if a.endpoints = found; found == nil {
					continue
				}
			} else {
				g.launchLater(s, a)
				return true
			}
		}
		for a.next < len(a.endpoints) {
			ep := a.endpoints[a.next]
			a.next++
			if g.sendInvite(w, s, a.t, ep, m) {
				g.reportFailover(w, c)
				return true
			}
		}
	}
	return false
}

// launchLater goes on once the target's name is resolved.
func (g *Gateway) launchLater(s *server, a *attempt) {
	g.resolver.later(a.t.query, func(found []endpoint, err error) {
		w := g.borrow()
		defer g.giveBack(w)
		s.sh.mu.Lock()
		defer s.sh.mu.Unlock()
		if s.state != proceeding || s.call == nil {
			return // cancelled meanwhile
		}
		if err == nil {
			a.endpoints = found
		} else {
			g.log.Warn("a target's name cannot be resolved", "call_id", s.call.id, "host", a.t.query.host, "error", err)
			s.call.skip(tandem.ReasonTargetDown)
		}
		if !g.launch(w, s, nil) {
			g.refuse(w, s, nil, 503, "Service Unavailable")
		}
	})
}

// reportFailover records that another target than the assigned one is being
// tried.
func (g *Gateway) reportFailover(w *worker, c *call) {
	a := &c.attempts[c.attempt]
	if c.failed == "" || c.reported == c.attempt+1 {
		return
	}
	c.reported = c.attempt + 1
	g.stats.failover.Add(1)
	g.log.Warn("a call goes to another target than the assigned version's",
		"call_id", c.id, "route_id", c.decision.Assignment.RouteID, "reason", c.failed, "served_by", a.servedBy)
	g.recordFailover(c, c.attempt, w.now, tandem.Failover{Reason: c.failed, ServedBy: a.servedBy})
}

// largestUDP is how long a request may be to go by UDP on a path whose MTU is
// unknown (RFC 3261 section 18.1.1).
const largestUDP = 1300

// sendInvite sends the call's INVITE to one address; false when there is no
// way there.
func (g *Gateway) sendInvite(w *worker, s *server, t *target, ep endpoint, m *wire.Message) bool {
	c := s.call
	if m == nil {
		m = &w.n
		if m.Parse(c.raw) != nil {
			return false
		}
	}
	to, ok := g.way(ep, c.from.l)
	if !ok {
		return false
	}
	b := g.sealBranch(branch{id: s.sh.newID(), loop: g.loopMark(m)}, m.Value(wire.CallID), s.up.addr)
	w.part[0] = t.appendURI(w.part[0][:0], c.decision.Assignment.Number)
	w.part[2] = g.appendRecordRoute(w.part[2][:0], c.token, c.from, to.l, ep.addr.Addr())
	w.add = append(w.add[:0], "X-Tandem-Call: "...)
	w.add = append(append(w.add, c.id...), crlf...)
	w.add = append(w.add, t.lines...)
	w.edits = edits{
		uri: w.part[0], recordRoute: w.part[2], routes: allRoutes,
		add: w.add, replaced: t.names, credentials: realm,
	}
	g.dispatch(w, s, m, c.from, to, b)
	return true
}

// dispatch writes the request m with w.edits, starts its client transaction
// and sends it. One that is too long for UDP goes by TCP, where the peer takes
// that.
func (g *Gateway) dispatch(w *worker, s *server, m *wire.Message, from, to hop, b branch) {
	build := func() {
		w.part[1] = g.appendVia(w.part[1][:0], to, b)
		w.edits.via = w.part[1]
		w.out = appendRequest(w.out[:0], m, from, &w.edits)
	}
	build()
	viaTCP := false
	if to.conn == nil && len(w.out) > largestUDP {
		if conn := g.streams.instead(to); conn != nil {
			to.conn, viaTCP = conn, true
			build()
		}
	}
	g.newClient(w, s.sh, s, m.Method, to, b).viaTCP = viaTCP
}

// backToUDP sends a request that was to go by TCP for its length by UDP after
// all.
func (g *Gateway) backToUDP(w *worker, c *client) {
	g.streams.avoid(c.to.addr)
	c.viaTCP, c.to.conn = false, nil
	if w.n.Parse(c.req) != nil {
		c.forget()
		return
	}
	h := &w.n.Headers[w.n.First(wire.Via)]
	w.out = append(w.out[:0], c.req[:h.Start]...)
	w.out = g.appendVia(w.out, c.to, c.branch)
	w.out = append(w.out, c.req[h.End:]...)
	c.req = append([]byte(nil), w.out...)
	if c.state == calling && c.srv != nil {
		c.interval = g.cfg.Timers.T1
		c.resend = w.after(c.interval)
		c.arm()
	}
	w.send(c.to, c.req)
}

// way gives the hop to an endpoint: the listener that stands for us and, for
// streams, the connection; false when there is none.
func (g *Gateway) way(ep endpoint, prefer *listener) (hop, bool) {
	l := g.outward(ep.network, ep.addr.Addr(), prefer)
	if l == nil {
		return hop{}, false
	}
	h := hop{l: l, addr: ep.addr}
	if ep.network != UDP {
		h.conn = g.streams.to(ep.network, ep.addr, ep.host, l)
	}
	return h, ep.network == UDP || h.conn != nil
}
