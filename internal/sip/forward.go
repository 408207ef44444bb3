package sip

import (
	"net/netip"
	"strconv"

	"tandem/internal/sip/wire"
)

// edits are the changes that forwarding makes to a request. Everything they do
// not name passes byte for byte.
type edits struct {
	uri         []byte // new Request-URI; nil keeps
	via         []byte // our Via line
	recordRoute []byte // our Record-Route lines; nil for none
	// routes is how many leading Route values are taken away; allRoutes takes
	// all.
	routes    int
	lastRoute []byte // a Route value to put at the end (strict routing)
	add       []byte // header lines to add
	replaced  []string
	// credentials is the realm whose Proxy-Authorization is taken away.
	credentials string
}

const allRoutes = 1 << 30

// appendRequest writes the request m with the edits, as it goes on from the
// hop it came over.
func appendRequest(dst []byte, m *wire.Message, from hop, e *edits) []byte {
	dst = append(dst, m.Name...)
	dst = append(dst, ' ')
	if e.uri != nil {
		dst = append(dst, e.uri...)
	} else {
		dst = append(dst, m.URI...)
	}
	dst = append(dst, " SIP/2.0\r\n"...)
	dst = append(dst, e.via...)
	dst = append(dst, e.recordRoute...)
	copied := int32(m.HeadersAt) // bytes before it are written or dropped
	routes := e.routes
	firstVia := m.First(wire.Via)
	for i := range m.Headers {
		h := &m.Headers[i]
		if h.ID == wire.Other && len(e.replaced) == 0 {
			continue
		}
		switch {
		case i == firstVia:
			dst = append(dst, m.Raw[copied:h.Start]...)
			dst = appendTopVia(dst, m, h, from)
		case h.ID == wire.MaxForwards:
			dst = append(dst, m.Raw[copied:h.Start]...)
			dst = appendMaxForwards(dst, m.Hops-1)
		case h.ID == wire.Route && routes > 0:
			dst = append(dst, m.Raw[copied:h.Start]...)
			dst, routes = appendRoute(dst, m.ValueOf(h), routes)
		case h.ID == wire.Tandem,
			h.ID == wire.ProxyAuthorization && e.credentials != "" && hasRealm(m.ValueOf(h), e.credentials),
			len(e.replaced) > 0 && contains(e.replaced, m.NameOf(h)):
			dst = append(dst, m.Raw[copied:h.Start]...)
		default:
			continue
		}
		copied = h.End
	}
	end := headersEnd(m)
	if copied < end {
		dst = append(dst, m.Raw[copied:end]...)
	}
	if m.Hops < 0 {
		dst = appendMaxForwards(dst, defaultHops)
	}
	dst = append(dst, e.add...)
	if e.lastRoute != nil {
		dst = append(dst, "Route: <"...)
		dst = append(dst, e.lastRoute...)
		dst = append(dst, ">\r\n"...)
	}
	if !m.Has(wire.ContentLength) {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, int64(len(m.Body())), 10)
		dst = append(dst, crlf...)
	}
	dst = append(dst, crlf...)
	return append(dst, m.Body()...)
}

// defaultHops is Max-Forwards where the request had none (RFC 3261 section
// 16.6).
const defaultHops = 70

func headersEnd(m *wire.Message) int32 {
	if n := len(m.Headers); n > 0 {
		return m.Headers[n-1].End
	}
	return int32(m.HeadersAt)
}

func appendMaxForwards(dst []byte, n int) []byte {
	dst = append(dst, "Max-Forwards: "...)
	dst = strconv.AppendInt(dst, int64(n), 10)
	return append(dst, crlf...)
}

// appendTopVia writes the header with the topmost Via value, noting where the
// request really came from (RFC 3261 section 18.2.1, RFC 3581).
func appendTopVia(dst []byte, m *wire.Message, h *wire.Header, from hop) []byte {
	v := &m.Top
	other := !sameHost(v.Host, from.addr.Addr())
	if !other && !v.HasRPort && v.ReceivedAt.Empty() {
		return append(dst, m.Raw[h.Start:h.End]...)
	}
	// The value without the parameters that are ours to set, then ours.
	at := h.Start
	for _, cut := range ordered(v.ReceivedAt, semicolonBefore(m.Raw, v.RPortAt)) {
		if !cut.Empty() {
			dst = append(dst, m.Raw[at:cut.Start]...)
			at = cut.End
		}
	}
	dst = append(dst, m.Raw[at:v.End]...)
	if other || v.HasRPort {
		dst = append(dst, ";received="...)
		dst = from.addr.Addr().AppendTo(dst)
		dst = append(dst, ";rport="...)
		dst = strconv.AppendUint(dst, uint64(from.addr.Port()), 10)
	}
	return append(dst, m.Raw[v.End:h.End]...)
}

// semicolonBefore widens a parameter's span to its semicolon.
func semicolonBefore(raw []byte, s wire.Span) wire.Span {
	if s.Empty() {
		return s
	}
	for raw[s.Start] != ';' {
		s.Start--
	}
	return s
}

func ordered(a, b wire.Span) [2]wire.Span {
	if b.Start < a.Start {
		return [2]wire.Span{b, a}
	}
	return [2]wire.Span{a, b}
}

// appendRoute writes what is left of a Route header after its first values are
// taken away, and gives how many are still to be taken from the next.
func appendRoute(dst, value []byte, drop int) ([]byte, int) {
	for drop > 0 && value != nil {
		_, rest, ok := wire.List(value)
		if !ok {
			return dst, drop
		}
		value = rest
		drop--
	}
	if value = wire.Trim(value); len(value) == 0 {
		return dst, drop
	}
	dst = append(dst, "Route: "...)
	dst = append(dst, value...)
	return append(dst, crlf...), drop
}

func contains(names []string, name []byte) bool {
	for _, n := range names {
		if wire.EqualFold(name, n) {
			return true
		}
	}
	return false
}

// appendVia writes our Via line for a request that goes over to.
func (g *Gateway) appendVia(dst []byte, to hop, b branch) []byte {
	dst = append(dst, "Via: SIP/2.0/"...)
	dst = append(dst, viaTransport(to.network())...)
	dst = append(dst, ' ')
	dst = append(dst, to.l.sentBy(to.addr.Addr())...)
	dst = append(dst, ";branch="...)
	dst = b.append(dst)
	return append(dst, ";rport\r\n"...)
}

func viaTransport(network string) string {
	switch network {
	case TCP:
		return "TCP"
	case TLS:
		return "TLS"
	}
	return "UDP"
}

// appendRecordRoute writes our Record-Route lines. When the two legs differ in
// listener there are two, the upper for the side the request goes to (RFC
// 5658).
func (g *Gateway) appendRecordRoute(dst, tok []byte, in hop, out *listener, outPeer netip.Addr) []byte {
	if out != in.l {
		dst = appendRecordRouteLine(dst, tok, out, outPeer)
	}
	return appendRecordRouteLine(dst, tok, in.l, in.addr.Addr())
}

func appendRecordRouteLine(dst, tok []byte, l *listener, peer netip.Addr) []byte {
	dst = append(dst, "Record-Route: <sip:"...)
	dst = append(dst, tok...)
	dst = append(dst, '@')
	dst = append(dst, l.sentBy(peer)...)
	if l.network != UDP {
		dst = append(dst, ";transport="...)
		dst = append(dst, l.network...)
	}
	return append(dst, ";lr>\r\n"...)
}

// appendRelayed writes the response m without its topmost Via value, which is
// ours.
func appendRelayed(dst []byte, m *wire.Message) []byte {
	h := &m.Headers[m.First(wire.Via)]
	dst = append(dst, m.Raw[:h.Start]...)
	if m.Top.End < h.ValueEnd { // further values in the same header
		dst = append(dst, "Via: "...)
		dst = append(dst, wire.Trim(m.Raw[m.Top.End+1:h.ValueEnd])...)
		dst = append(dst, crlf...)
	}
	return append(dst, m.Raw[h.End:]...)
}
