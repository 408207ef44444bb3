package sip

import "sync/atomic"

// counters are written by all readers.
type counters struct {
	received, sent, noise          atomic.Int64
	assigned, redirected, failover atomic.Int64
	rejected, forbidden, shed      atomic.Int64
	repeated, resent               atomic.Int64
}

// Stats is what the gateway has done since it started, and what it holds now.
type Stats struct {
	// Received and Sent count messages; Noise those that were no SIP.
	Received, Sent, Noise int64
	// Assigned counts calls given to a version, Redirected those of them that
	// were answered with 302, Failovers attempts at another target.
	Assigned, Redirected, Failovers int64
	// Rejected counts requests answered with a 4xx or 5xx of ours, Forbidden
	// those of them with 403, Shed those with 503 for overload or drain.
	Rejected, Forbidden, Shed int64
	// Repeated counts retransmissions that arrived, Resent those that we sent.
	Repeated, Resent int64
	// Transactions, Pending (INVITEs without a final answer) and Connections
	// are held now.
	Transactions, Pending, Connections int
}

// Stats gives the gateway's counters.
func (g *Gateway) Stats() Stats {
	servers, clients, pending := g.table.counts()
	c := &g.stats
	return Stats{
		Received: c.received.Load(), Sent: c.sent.Load(), Noise: c.noise.Load(),
		Assigned: c.assigned.Load(), Redirected: c.redirected.Load(), Failovers: c.failover.Load(),
		Rejected: c.rejected.Load(), Forbidden: c.forbidden.Load(), Shed: c.shed.Load(),
		Repeated: c.repeated.Load(), Resent: c.resent.Load(),
		Transactions: servers + clients, Pending: pending, Connections: g.streams.count(),
	}
}
