package sip

import (
	"bytes"

	"tandem"
	"tandem/internal/sip/wire"
)

// route is what the Route headers of a request within a call say.
type route struct {
	ours   int       // leading Route values that are ours
	inURI  bool      // the Request-URI is ours: the sender is a strict router
	out    *listener // the lower of two values of ours: the other side's listener
	next   []byte    // URI that the request goes to next
	strict bool      // next does not understand loose routing
	last   []byte    // inURI: the true Request-URI
	others int       // inURI: Route values between ours and the last
}

// findRoute looks for a signed route of ours in the request; without one it
// belongs to no call of ours.
func (g *Gateway) findRoute(w *worker) (t token, r route, found bool) {
	m := &w.m
	callID := m.Value(wire.CallID)
	var user []byte
	if u, ok := wire.ParseURI(m.URI); ok && len(u.User) >= tokenEncoding.EncodedLen(tokenFixed) {
		if t, found = g.openToken(u.User, callID, w.now); found {
			user, r.inURI = u.User, true
		}
	}
	count := 0
	var first, last []byte
	for i := range m.Headers {
		if m.Headers[i].ID != wire.Route {
			continue
		}
		for rest := m.ValueOf(&m.Headers[i]); rest != nil; {
			var v []byte
			var ok bool
			if v, rest, ok = wire.List(rest); !ok {
				return t, r, false
			}
			a, ok := wire.ParseAddress(v)
			if !ok {
				return t, r, false
			}
			u, _ := wire.ParseURI(a.URI)
			switch {
			case count == 0 && !found:
				if t, found = g.openToken(u.User, callID, w.now); !found {
					return t, r, false
				}
				user, r.ours = u.User, 1
			case count == r.ours && bytes.Equal(u.User, user):
				r.ours++
				r.out = g.listenerOf(u)
			case first == nil:
				first = a.URI
				_, loose := wire.Param(u.Params, "lr")
				r.strict = !loose
			}
			last = a.URI
			count++
		}
	}
	r.next = first
	if r.inURI {
		r.fromStrictRouter(last, count)
	} else if first == nil {
		r.next = m.URI
	}
	return t, r, found
}

// fromStrictRouter sorts out a request whose Request-URI is ours: the true one
// is the last Route value (RFC 3261 section 16.4).
func (r *route) fromStrictRouter(last []byte, count int) {
	r.last, r.others = last, count-r.ours-1
	switch {
	case r.others < 0:
		r.next = nil
	case r.others == 0:
		r.next, r.strict = last, false
	}
}

// side tells who sent a request within a call.
func (t *token) side(m *wire.Message) tandem.EndedBy {
	switch t.callerTag {
	case tagMark(m.FromTag):
		return tandem.ByCaller
	case tagMark(m.ToTag):
		return tandem.ByAgent
	}
	return tandem.ByUnknown
}

// inDialog carries a request within a call on. The shard is locked.
func (g *Gateway) inDialog(w *worker, sh *shard, key uint64, from hop, t *token, r route) {
	m := &w.m
	if r.next == nil {
		g.reject(w, m, from, 404, "Not Found", "")
		return
	}
	var s *server
	if m.Method != wire.Ack {
		if g.overload.full.Load() && len(sh.servers) >= 2*g.cfg.Limits.Transactions/shardCount {
			g.shed(w, m, from)
			return
		}
		s = g.newServer(w, sh, key, from)
		if m.Method == wire.Invite {
			w.reply = g.appendReply(w.reply[:0], m, from, 100, "Trying", "")
			s.respond(w, w.reply, 100)
		}
	}
	g.observe(w, s, t)
	g.onward(w, s, from, r)
}

// observe records what a request within a call says about it.
func (g *Gateway) observe(w *worker, s *server, t *token) {
	m := &w.m
	switch m.Method {
	case wire.Bye, wire.Refer, wire.Notify:
	case wire.Ack:
		if t.node == g.node {
			return
		}
	default:
		return
	}
	foreign := foreignID(m.Value(wire.CallID))
	elsewhere := t.node != g.node // another node, or this one before it died, assigned it
	if elsewhere {
		g.recordAssigned(t.callID, foreign, t.assignment(), t.at)
	}
	switch m.Method {
	case wire.Ack:
		g.recordAnswered(t.callID, foreign, w.now)
	case wire.Bye:
		e := tandem.Ending{By: t.side(m), Cause: cause(m.Value(wire.Reason))}
		if elsewhere {
			yes := true
			e.Answered = &yes
		}
		g.recordEnded(t.callID, foreign, w.now, e)
	case wire.Refer:
		s.refer = &referral{id: t.callID, foreign: foreign, to: transferTo(m.Value(wire.ReferTo))}
	case wire.Notify:
		g.notified(w, t.callID, foreign)
	}
}

// onward finds the next hop of a request within a call and sends it there; s
// is nil for an ACK.
func (g *Gateway) onward(w *worker, s *server, from hop, r route) {
	m := &w.m
	u, ok := wire.ParseURI(r.next)
	if !ok || !u.IsSIP() {
		g.notOnward(w, s, from, 404, "Not Found")
		return
	}
	q, ep, literal := where(u, "")
	if q.network != UDP && q.network != TCP && q.network != TLS {
		g.notOnward(w, s, from, 503, "Service Unavailable")
		return
	}
	if literal {
		g.onwardTo(w, s, from, r, []endpoint{ep})
		return
	}
	if found, known := g.resolver.cached(q); known {
		g.onwardTo(w, s, from, r, found)
		return
	}
	raw := append([]byte(nil), m.Raw...)
	if s != nil {
		s.raw = raw
	}
	g.resolver.later(q, func(found []endpoint, _ error) {
		w := g.borrow()
		defer g.giveBack(w)
		if s != nil {
			s.sh.mu.Lock()
			defer s.sh.mu.Unlock()
			if s.state != proceeding || !s.cancel.IsZero() {
				return
			}
		}
		if w.m.Parse(raw) != nil {
			return
		}
		if _, r, ok := g.findRoute(w); ok {
			g.onwardTo(w, s, from, r, found)
		}
	})
}

// notOnward answers a request within a call that cannot be carried on.
func (g *Gateway) notOnward(w *worker, s *server, from hop, status int, reason string) {
	if s == nil {
		return
	}
	w.reply = g.appendReply(w.reply[:0], &w.m, from, status, reason, "")
	g.stats.rejected.Add(1)
	s.respond(w, w.reply, status)
}

// onwardTo sends the request in w.m to the first endpoint there is a way to.
func (g *Gateway) onwardTo(w *worker, s *server, from hop, r route, found []endpoint) {
	m := &w.m
	prefer := r.out
	if prefer == nil {
		prefer = from.l
	}
	for _, ep := range found {
		to, ok := g.way(ep, prefer)
		if !ok {
			continue
		}
		w.edits = edits{routes: r.ours, add: w.add[:0]}
		r.edit(m, &w.edits)
		if s == nil {
			g.passAck(w, from, to)
			return
		}
		b := g.sealBranch(branch{id: s.sh.newID(), loop: g.loopMark(m)}, m.Value(wire.CallID), s.up.addr)
		g.dispatch(w, s, m, from, to, b)
		return
	}
	g.notOnward(w, s, from, 503, "Service Unavailable")
}

// edit says how routing changes the request.
func (r *route) edit(m *wire.Message, e *edits) {
	uri := m.URI
	if r.inURI {
		uri, e.uri, e.routes = r.last, r.last, allRoutes
		skip := r.ours
		if r.strict {
			skip++
		}
		e.add = appendRoutes(e.add[:0], m, skip, r.ours+r.others)
	}
	if r.strict { // the next hop wants itself in the Request-URI (section 16.6)
		e.lastRoute, e.uri = uri, r.next
		if !r.inURI {
			e.routes++
		}
	}
}

// appendRoutes writes the request's Route values from index from up to but not
// including index to as lines of their own.
func appendRoutes(dst []byte, m *wire.Message, from, to int) []byte {
	n := 0
	for i := range m.Headers {
		if m.Headers[i].ID != wire.Route {
			continue
		}
		for rest := m.ValueOf(&m.Headers[i]); rest != nil; n++ {
			var v []byte
			var ok bool
			if v, rest, ok = wire.List(rest); !ok {
				return dst
			}
			if n >= from && n < to {
				dst = append(append(append(dst, "Route: "...), v...), crlf...)
			}
		}
	}
	return dst
}

// passAck forwards the ACK of a 2xx, which has no transaction.
func (g *Gateway) passAck(w *worker, from, to hop) {
	m := &w.m
	b := branch{id: g.table.serverKey(m), loop: g.loopMark(m)} // the same for its retransmissions
	w.part[1] = g.appendVia(w.part[1][:0], to, b)
	w.edits.via = w.part[1]
	w.out = appendRequest(w.out[:0], m, from, &w.edits)
	w.send(to, w.out)
}
