package sip

import "tandem/internal/sip/wire"

// cancel handles a CANCEL; s is the INVITE's transaction, if there is one. The
// CANCEL itself is answered here, hop by hop (RFC 3261 section 9.2, 16.10).
func (g *Gateway) cancel(w *worker, s *server, from hop) {
	if s == nil || s.method != wire.Invite {
		g.reject(w, &w.m, from, 481, "Call/Transaction Does Not Exist", "")
		return
	}
	g.reply(w, &w.m, from, 200, "OK", "")
	if s.state != proceeding || !s.cancel.IsZero() {
		return
	}
	s.cancel = w.now
	if s.client == nil { // still looking for the target's address
		g.refuse(w, s, nil, 487, "Request Terminated")
		return
	}
	s.client.stopRinging(w)
}
