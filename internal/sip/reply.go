package sip

import (
	"encoding/hex"
	"strconv"

	"tandem/internal/sip/wire"
)

// appendReply makes a response of ours to the request m, which came from the
// given hop. extra is further header lines, each with its CRLF. A To-tag is
// added unless the status is 100; it is derived from the request, so that the
// same request answered twice without state gets the same answer.
func (g *Gateway) appendReply(dst []byte, m *wire.Message, from hop, status int, reason, extra string) []byte {
	return g.appendAnswer(dst, m, from, status, reason, extra, false)
}

// appendAnswer is appendReply; with sent, m is the request as we sent it on,
// whose first Via is ours and whose second is complete.
func (g *Gateway) appendAnswer(dst []byte, m *wire.Message, from hop, status int, reason, extra string, sent bool) []byte {
	dst = append(dst, "SIP/2.0 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, reason...)
	dst = append(dst, crlf...)
	first := true
	for i := range m.Headers {
		h := &m.Headers[i]
		switch h.ID {
		case wire.Via:
			switch {
			case !first || m.Top.End == 0:
				dst = append(dst, m.Raw[h.Start:h.End]...)
			case !sent:
				dst = appendTopVia(dst, m, h, from)
			}
			first = false
		case wire.From, wire.CallID, wire.CSeq:
			dst = append(dst, m.Raw[h.Start:h.End]...)
		case wire.To:
			if status == 100 || m.ToTag != nil {
				dst = append(dst, m.Raw[h.Start:h.End]...)
				continue
			}
			dst = append(dst, m.Raw[h.Start:h.ValueEnd]...)
			dst = append(dst, ";tag="...)
			dst = g.appendTag(dst, m)
			dst = append(dst, crlf...)
		}
	}
	dst = append(dst, extra...)
	return append(dst, "Content-Length: 0\r\n\r\n"...)
}

func (g *Gateway) appendTag(dst []byte, m *wire.Message) []byte {
	sum := g.tagKey.sign(m.Value(wire.CallID), m.FromTag)
	return hex.AppendEncode(dst, sum[:8])
}

// reply answers m without keeping state (RFC 3261 section 8.2.7): the same
// request sent again gets the same answer again.
func (g *Gateway) reply(w *worker, m *wire.Message, from hop, status int, reason, extra string) {
	if m.Method == wire.Ack {
		return
	}
	w.reply = g.appendReply(w.reply[:0], m, from, status, reason, extra)
	w.send(back(&m.Top, from), w.reply)
}

// reject is reply for a request that is turned away.
func (g *Gateway) reject(w *worker, m *wire.Message, from hop, status int, reason, extra string) {
	g.stats.rejected.Add(1)
	g.reply(w, m, from, status, reason, extra)
}

// forbid is the one answer to whoever may not know more: an unknown source, an
// unknown number.
func (g *Gateway) forbid(w *worker, m *wire.Message, from hop) {
	g.stats.forbidden.Add(1)
	g.reject(w, m, from, 403, "Forbidden", "")
}

// shed is the answer while no new call can be taken.
func (g *Gateway) shed(w *worker, m *wire.Message, from hop) {
	g.stats.shed.Add(1)
	g.reject(w, m, from, 503, "Service Unavailable", g.retryAfter)
}

const crlf = "\r\n"
