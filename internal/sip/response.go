package sip

import (
	"net/netip"
	"strings"

	"tandem"
	"tandem/internal/sip/wire"
)

// response handles a response that came over the given hop.
func (g *Gateway) response(w *worker, from hop) {
	m := &w.m
	b, ok := parseBranch(m.Top.Branch)
	if !ok {
		g.stats.noise.Add(1)
		return
	}
	sh := g.table.at(b.id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	c := sh.clients[b.id]
	switch {
	case c == nil || c.branch != b:
		if m.Method == wire.Invite && m.Status >= 200 && m.Status < 300 {
			g.passAnswer(w, from, b)
		}
	case m.Method == wire.Cancel:
		if m.Status >= 200 {
			c.cancelAt = never
		}
	case m.Method != c.method:
	case m.Method == wire.Invite:
		g.inviteResponse(w, c)
	default:
		g.otherResponse(w, c)
	}
}

// otherResponse handles a response to a request that is no INVITE.
func (g *Gateway) otherResponse(w *worker, c *client) {
	m, s := &w.m, c.srv
	if m.Status < 200 {
		if c.state == calling {
			c.state = answering
		}
		if m.Status == 100 || s == nil {
			return
		}
	}
	if s != nil {
		w.out = appendRelayed(w.out[:0], m)
		if m.Status >= 200 && s.refer != nil {
			g.referred(w, s.refer, m.Status)
			s.refer = nil
		}
		s.respond(w, w.out, m.Status)
	}
	if m.Status >= 200 {
		c.forget()
	}
}

// inviteResponse handles a response to an INVITE.
func (g *Gateway) inviteResponse(w *worker, c *client) {
	status := w.m.Status
	switch {
	case c.state == finished:
		if (status >= 200 && status < 300) == c.hungUp && status >= 200 {
			w.send(c.to, c.ack)
		}
	case status < 200:
		g.ringing(w, c, status)
	case status < 300:
		g.answered(w, c)
	default:
		g.declined(w, c)
	}
}

// ringing handles a provisional response.
func (g *Gateway) ringing(w *worker, c *client, status int) {
	c.state, c.resend = answering, never
	s := c.srv
	switch {
	case s == nil:
		c.stopRinging(w)
		return
	case c.cancelling:
		c.stopRinging(w)
	default:
		c.giveUp = w.after(g.cfg.Timers.Ring) // timer C
		c.arm()
	}
	if status == 100 {
		return
	}
	w.out = appendRelayed(w.out[:0], &w.m)
	s.respond(w, w.out, status)
}

// answered handles a 2xx.
func (g *Gateway) answered(w *worker, c *client) {
	s := c.srv
	if s == nil || s.state != proceeding {
		g.hangUp(w, c)
		return
	}
	w.out = appendRelayed(w.out[:0], &w.m)
	if s.call != nil {
		g.recordAnswered(s.call.id, s.call.foreign, w.now)
	}
	s.respond(w, w.out, w.m.Status)
	c.forget()
}

// declined handles a final response of 300 and above: acknowledge it, then try
// the next target or pass it on.
func (g *Gateway) declined(w *worker, c *client) {
	m, s := &w.m, c.srv
	if w.n.Parse(c.req) == nil {
		c.ack = appendAck(nil, &w.n, m.Line(wire.To))
		w.send(c.to, c.ack)
	}
	c.state, c.resend, c.cancelled = finished, never, nil
	c.giveUp = w.after(64 * g.cfg.Timers.T1) // timer D
	c.unlink()
	c.arm()
	if s != nil && s.state == proceeding {
		g.decide(w, s, c)
	}
	if c.srv = nil; c.to.reliable() {
		c.forget()
	}
}

// decide says what becomes of a call whose target answered with a failure.
func (g *Gateway) decide(w *worker, s *server, c *client) {
	m := &w.m
	if why := failure(m.Status); why != "" && g.another(w, s, c, why) {
		return
	}
	w.out = appendRelayed(w.out[:0], m)
	if s.call != nil && m.Status < 400 && s.cancel.IsZero() {
		// The target sends the caller elsewhere: a transfer before the answer.
		contact, _, _ := wire.List(m.Value(wire.Contact))
		g.recordTransfer(s.call.id, s.call.foreign, w.now, tandem.Transfer{State: tandem.TransferAttempted, To: transferTo(contact)})
	}
	s.finish(w, m.Status, statusLine(m))
	s.respond(w, w.out, m.Status)
}

// statusLine gives the reason phrase of a response.
func statusLine(m *wire.Message) []byte {
	line := m.Raw[:m.HeadersAt]
	return wire.Trim(line[min(len(line), len("SIP/2.0 xxx")):])
}

// failure says why a final status means that the target failed rather than
// that somebody declined; "" for the latter. A 6xx is an answer for the callee
// wherever he is (RFC 3261 section 21.6), so no other target is tried.
func failure(status int) tandem.Reason {
	switch {
	case status >= 500 && status < 600:
		return tandem.ReasonTargetError
	case status == 408:
		return tandem.ReasonTargetSilent
	}
	return ""
}

// hangUp acknowledges and ends a dialog that came too late for anybody to
// want: its 2xx is in w.m.
func (g *Gateway) hangUp(w *worker, c *client) {
	m := &w.m
	// It stays for a while, for the 2xx sent again.
	c.state, c.hungUp, c.resend, c.cancelled = finished, true, never, nil
	c.giveUp = w.after(64 * g.cfg.Timers.T1)
	c.arm()
	callID := m.Value(wire.CallID)
	d, ok := dialogOf(m, func(uri []byte) bool {
		u, ok := wire.ParseURI(uri)
		if !ok {
			return false
		}
		_, ok = g.openToken(u.User, callID, w.now)
		return ok
	})
	if !ok {
		return
	}
	// Towards the peer the INVITE went to: on the way of its route set, and for
	// a set that is empty the Contact's host is nearly always that peer.
	for i, method := range [...]wire.Method{wire.Ack, wire.Bye} {
		b := branch{id: c.sh.newID()}
		w.part[1] = g.appendVia(w.part[1][:0], c.to, b)
		w.out = appendDialogRequest(w.out[:0], m, d, method.String(), w.part[1], m.CSeqNumber+uint32(i))
		if method == wire.Ack {
			c.ack = append([]byte(nil), w.out...)
			w.send(c.to, c.ack)
			continue
		}
		g.newClient(w, c.sh, nil, method, c.to, b)
	}
}

// passAnswer forwards a 2xx to an INVITE that no transaction knows any more: a
// retransmission after the first one, a second branch of a fork, or an answer
// after a restart (RFC 3261 section 16.7 step 1). The branch's signature
// vouches for the place it goes to.
func (g *Gateway) passAnswer(w *worker, from hop, b branch) {
	m := &w.m
	v, ok := m.SecondVia()
	if !ok {
		return
	}
	addr, network, ok := responseAddress(&v)
	callID := m.Value(wire.CallID)
	if sig := g.branchSignature(b, callID, addr); !ok || string(sig) != string(b.sig[:]) {
		return
	}
	t, inside, known := g.answerToken(w, callID)
	prefer := from.l
	if inside != nil {
		prefer = inside
	}
	up, ok := g.way(endpoint{network: network, addr: addr}, prefer)
	if !ok {
		return
	}
	if known && t.node != g.node {
		foreign := foreignID(callID)
		g.recordAssigned(t.callID, foreign, t.assignment(), t.at)
		g.recordAnswered(t.callID, foreign, w.now)
	}
	w.out = appendRelayed(w.out[:0], m)
	w.send(up, w.out)
}

// responseAddress gives where a Via value wants its responses.
func responseAddress(v *wire.ViaValue) (netip.AddrPort, string, bool) {
	host := v.Host
	if len(v.Received) > 0 {
		host = v.Received
	}
	addr, err := netip.ParseAddr(strings.Trim(string(host), "[]"))
	if err != nil {
		return netip.AddrPort{}, "", false
	}
	network := strings.ToLower(string(v.Transport))
	port := v.Port
	if n, ok := wire.Number(v.RPort, 65535); ok {
		port = n
	}
	if port == 0 {
		port = int(defaultPort(network))
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(port)), network, true
}

// answerToken finds our token in a 2xx and the listener of its lowest
// Record-Route of ours, the caller's side.
func (g *Gateway) answerToken(w *worker, callID []byte) (t token, inside *listener, ok bool) {
	m := &w.m
	for i := range m.Headers {
		if m.Headers[i].ID != wire.RecordRoute {
			continue
		}
		for rest := m.ValueOf(&m.Headers[i]); rest != nil; {
			var v []byte
			var fine bool
			if v, rest, fine = wire.List(rest); !fine {
				return t, inside, ok
			}
			a, _ := wire.ParseAddress(v)
			u, _ := wire.ParseURI(a.URI)
			if found, mine := g.openToken(u.User, callID, w.now); mine {
				t, ok = found, true
				inside = g.listenerOf(u)
			}
		}
	}
	return t, inside, ok
}
