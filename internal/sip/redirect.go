package sip

import (
	"tandem"
)

// redirect answers an INVITE with 302 and keeps nothing (RFC 3261 section
// 8.2.7): the assignment is a pure function of the call, so the INVITE sent
// again gets the same answer.
func (g *Gateway) redirect(w *worker, c *call, from hop) {
	d := &c.decision
	t := g.targets.ofVersion(d.Version)
	served := tandem.ServedByFallback
	if t == nil && d.Route.FallbackURI != "" {
		t = g.targets.ofURI(d.Route.FallbackURI)
	}
	if t == nil && d.Live != nil {
		t, served = g.targets.ofVersion(d.Live), string(d.Live.ID)
	}
	g.recordAssigned(c.id, c.foreign, d.Assignment, c.at)
	if t == nil {
		g.recordEnded(c.id, c.foreign, w.now, endedWith(503, []byte("Service Unavailable")))
		g.reject(w, &w.m, from, 503, "Service Unavailable", "")
		return
	}
	if g.targets.ofVersion(d.Version) == nil && d.Assignment.NotRandomised == "" {
		g.recordFailover(c, 1, w.now, tandem.Failover{Reason: tandem.ReasonNoTarget, ServedBy: served})
	}
	g.stats.redirected.Add(1)
	w.part[0] = t.appendContact(w.part[0][:0], d.Assignment.Number, c.id)
	g.reply(w, &w.m, from, 302, "Moved Temporarily", string(w.part[0]))
}
