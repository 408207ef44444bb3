package sip

import (
	"errors"
	"hash/crc32"
	"runtime/debug"

	"tandem"
	"tandem/internal/sip/wire"
)

// methodsAllowed is what OPTIONS is told and 405 names.
const methodsAllowed = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, MESSAGE\r\n"

// receive handles one message that came over the given hop, to the end.
func (g *Gateway) receive(w *worker, from hop, raw []byte) {
	defer g.contain()
	g.stats.received.Add(1)
	if len(raw) <= 4 && len(wire.Trim(raw)) == 0 {
		return // a keep-alive
	}
	if err := w.m.Parse(raw); err != nil {
		if d, ok := errors.AsType[*wire.DefectError](err); ok {
			g.defective(w, from, d)
		} else {
			g.stats.noise.Add(1)
		}
		return
	}
	if w.m.IsRequest() {
		g.request(w, from)
	} else {
		g.response(w, from)
	}
}

// contain keeps a defect of ours that one message brings out from ending every
// other call.
func (g *Gateway) contain() {
	if r := recover(); r != nil {
		g.log.Error("a message could not be handled: a defect in the gateway", "panic", r, "stack", string(debug.Stack()))
	}
}

// defective answers a request that breaks the rules of the protocol.
func (g *Gateway) defective(w *worker, from hop, d *wire.DefectError) {
	m := &w.m
	if m.Method == wire.Ack || !m.Has(wire.Via) {
		g.stats.noise.Add(1)
		return
	}
	g.reject(w, m, from, d.Status, d.Reason, "")
}

// request handles a well-formed request.
func (g *Gateway) request(w *worker, from hop) {
	m := &w.m
	key := g.table.serverKey(m)
	sh := g.table.at(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	s := sh.servers[key]
	switch {
	case m.Method == wire.Cancel:
		g.cancel(w, s, from)
		return
	case s != nil && m.Method != wire.Ack:
		s.again(w)
		return
	case s != nil && s.state != accepted:
		s.acknowledged(w)
		return
	}
	if d := g.refusal(m); d != nil {
		g.reject(w, m, from, d.status, d.reason, d.extra)
		return
	}
	// A token alone opens no door: who has been in one call could send
	// anything with it. Only what belongs to that call's dialog goes on.
	if m.ToTag != nil {
		if t, r, found := g.findRoute(w); found && t.side(m) != tandem.ByUnknown {
			g.inDialog(w, sh, key, from, &t, r)
			return
		}
	}
	g.outOfDialog(w, sh, key, from)
}

// refusal is an answer that turns a request away.
type refusal struct {
	status int
	reason string
	extra  string
}

// refusal checks what a proxy must check before it forwards anything (RFC 3261
// section 16.3); nil when all is well.
func (g *Gateway) refusal(m *wire.Message) *refusal {
	if m.Hops == 0 && (m.Method != wire.Options || !g.forUs(m)) {
		return &refusal{483, "Too Many Hops", ""}
	}
	if v := m.Value(wire.ProxyRequire); v != nil {
		return &refusal{420, "Bad Extension", "Unsupported: " + string(oneLine(v)) + crlf}
	}
	if g.looped(m) {
		return &refusal{482, "Loop Detected", ""}
	}
	return nil
}

// oneLine unfolds a value.
func oneLine(v []byte) []byte {
	out := make([]byte, 0, len(v))
	for _, c := range v {
		if c != '\r' && c != '\n' {
			out = append(out, c)
		}
	}
	return out
}

// loopMark is the same for a request that comes back unchanged (RFC 3261
// section 16.3 step 4): if it went on to where it came from, it would never
// end.
func (g *Gateway) loopMark(m *wire.Message) uint32 {
	sum := crc32.ChecksumIEEE(m.URI)
	sum = crc32.Update(sum, crc32.IEEETable, m.Value(wire.CallID))
	sum = crc32.Update(sum, crc32.IEEETable, m.FromTag)
	sum = crc32.Update(sum, crc32.IEEETable, m.Value(wire.Route))
	return crc32.Update(sum, crc32.IEEETable, m.Value(wire.CSeq))
}

// looped says whether the request passed here before, unchanged.
func (g *Gateway) looped(m *wire.Message) bool {
	loop := false
	m.EachVia(func(_ int, v *wire.ViaValue) bool {
		if b, ok := parseBranch(v.Branch); ok {
			loop = b.loop == g.loopMark(m)
		}
		return !loop
	})
	return loop
}

// forUs says whether the Request-URI means the gateway itself and not a number
// behind it.
func (g *Gateway) forUs(m *wire.Message) bool {
	u, ok := wire.ParseURI(m.URI)
	return ok && !u.HasUser && g.isOurs(u)
}

// isOurs says whether a URI's host and port are one of our addresses.
func (g *Gateway) isOurs(u wire.URI) bool { return g.listenerOf(u) != nil }

// listenerOf gives the listener that a URI of ours names; nil for others'.
func (g *Gateway) listenerOf(u wire.URI) *listener {
	var buf [300]byte
	if len(u.Host) > 255 {
		return nil
	}
	port := uint16(u.Port)
	if port == 0 {
		port = defaultPort(UDP)
		if t, _ := wire.Param(u.Params, "transport"); u.Secure() || wire.EqualFold(t, TLS) {
			port = defaultPort(TLS)
		}
	}
	return g.ours[string(appendHostPort(buf[:0], u.Host, port))]
}

// outOfDialog handles a request that starts something.
func (g *Gateway) outOfDialog(w *worker, sh *shard, key uint64, from hop) {
	m := &w.m
	if m.Method == wire.Ack {
		return
	}
	verdict, stale, _ := g.admission.admit(m, from.addr.Addr())
	switch {
	case verdict == challenged:
		g.reject(w, m, from, 407, "Proxy Authentication Required", g.admission.digest.challenge(stale))
	case verdict == forbidden:
		g.forbid(w, m, from)
	case m.ToTag != nil:
		g.reject(w, m, from, 481, "Call/Transaction Does Not Exist", "")
	case m.Method == wire.Invite:
		g.invite(w, sh, key, from)
	case m.Method == wire.Options:
		g.options(w, from)
	default:
		g.otherMethod(w, from)
	}
}

// options answers for the gateway itself, whatever number is asked about, so
// that nobody learns which exist.
func (g *Gateway) options(w *worker, from hop) {
	m := &w.m
	if v := m.Value(wire.Require); v != nil {
		g.reject(w, m, from, 420, "Bad Extension", "Unsupported: "+string(oneLine(v))+crlf)
		return
	}
	if g.draining.Load() {
		g.shed(w, m, from)
		return
	}
	g.reply(w, m, from, 200, "OK", methodsAllowed+"Accept: application/sdp\r\n")
}

// otherMethod turns away what the gateway does not do: it registers nobody and
// carries nothing but calls.
func (g *Gateway) otherMethod(w *worker, from hop) {
	m := &w.m
	for _, id := range [...]wire.HeaderID{wire.To, wire.From} {
		if a, ok := wire.ParseAddress(m.Value(id)); ok {
			u, ok := wire.ParseURI(a.URI)
			if !ok || !u.IsSIP() && !u.IsTel() {
				g.reject(w, m, from, 416, "Unsupported URI Scheme", "")
				return
			}
		}
	}
	g.reject(w, m, from, 405, "Method Not Allowed", methodsAllowed)
}
