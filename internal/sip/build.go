package sip

import (
	"bytes"
	"strconv"

	"tandem/internal/sip/wire"
)

// topBranch finds our branch in the first bytes of a request of ours, of which
// the rest may be missing.
func topBranch(message []byte) (branch, bool) {
	i := bytes.Index(message, []byte(branchMark))
	if i < 0 || len(message) < i+branchLen {
		return branch{}, false
	}
	return parseBranch(message[i : i+branchLen])
}

// appendCancel writes the CANCEL for the INVITE m as we sent it (RFC 3261
// section 9.1).
func appendCancel(dst []byte, m *wire.Message) []byte {
	return appendHopRequest(dst, m, "CANCEL", m.Line(wire.To))
}

// appendAck writes the ACK for a final response of 300 and above to the INVITE
// m as we sent it; to is the response's To line (RFC 3261 section 17.1.1.3).
func appendAck(dst []byte, m *wire.Message, to []byte) []byte {
	return appendHopRequest(dst, m, "ACK", to)
}

// appendHopRequest writes a request that goes the same one hop as m.
func appendHopRequest(dst []byte, m *wire.Message, method string, to []byte) []byte {
	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst = append(dst, m.URI...)
	dst = append(dst, " SIP/2.0\r\n"...)
	dst = append(dst, m.Line(wire.Via)...)
	dst = appendMaxForwards(dst, defaultHops)
	for i := range m.Headers {
		if h := &m.Headers[i]; h.ID == wire.Route || h.ID == wire.From || h.ID == wire.CallID {
			dst = append(dst, m.Raw[h.Start:h.End]...)
		}
	}
	dst = append(dst, to...)
	return appendCSeq(dst, m.CSeqNumber, method)
}

func appendCSeq(dst []byte, n uint32, method string) []byte {
	dst = append(dst, "CSeq: "...)
	dst = strconv.AppendUint(dst, uint64(n), 10)
	dst = append(dst, ' ')
	dst = append(dst, method...)
	return append(dst, "\r\nContent-Length: 0\r\n\r\n"...)
}

// dialog is what is needed to send requests of our own in a dialog that a 2xx
// made and that nobody wants.
type dialog struct {
	target []byte // Request-URI
	routes []byte // Route lines
}

// dialogOf reads the route set and the remote target from a 2xx: the
// Record-Route values above ours, last first, and Contact (RFC 3261 section
// 12.1.2). ours tells our own values.
func dialogOf(m *wire.Message, ours func(uri []byte) bool) (d dialog, ok bool) {
	contact, _, _ := wire.List(m.Value(wire.Contact))
	a, ok := wire.ParseAddress(contact)
	if !ok {
		return d, false
	}
	d.target = a.URI
	var above [][]byte
	done := false
	for i := range m.Headers {
		if m.Headers[i].ID != wire.RecordRoute || done {
			continue
		}
		for rest := m.ValueOf(&m.Headers[i]); rest != nil && !done; {
			var v []byte
			if v, rest, ok = wire.List(rest); !ok {
				return d, false
			}
			r, ok := wire.ParseAddress(v)
			if done = !ok || ours(r.URI); !done {
				above = append(above, v)
			}
		}
	}
	for i := len(above) - 1; i >= 0; i-- {
		d.routes = append(d.routes, "Route: "...)
		d.routes = append(d.routes, above[i]...)
		d.routes = append(d.routes, crlf...)
	}
	return d, true
}

// appendDialogRequest writes an ACK or BYE of ours in the dialog that the 2xx
// m made.
func appendDialogRequest(dst []byte, m *wire.Message, d dialog, method string, via []byte, cseq uint32) []byte {
	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst = append(dst, d.target...)
	dst = append(dst, " SIP/2.0\r\n"...)
	dst = append(dst, via...)
	dst = append(dst, d.routes...)
	dst = appendMaxForwards(dst, defaultHops)
	dst = append(dst, m.Line(wire.From)...)
	dst = append(dst, m.Line(wire.To)...)
	dst = append(dst, m.Line(wire.CallID)...)
	return appendCSeq(dst, cseq, method)
}
