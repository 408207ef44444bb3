package sip

import (
	"bytes"
	"net/netip"
	"strconv"

	"tandem/internal/sip/wire"
)

// hop is the way to a neighbour: the listener that stands for us, the
// neighbour's address, and for streams the connection.
type hop struct {
	l    *listener
	conn *stream
	addr netip.AddrPort
}

// network gives the transport that messages over this hop take.
func (h hop) network() string {
	if h.conn != nil {
		return h.conn.network
	}
	return UDP
}

func (h hop) reliable() bool { return h.conn != nil }

// send puts a message on its way. It does not block and does not keep b.
// Failures come back later, as an answer that never comes or an ICMP error.
func (w *worker) send(h hop, b []byte) {
	w.g.stats.sent.Add(1)
	if h.conn != nil {
		h.conn.write(b)
		return
	}
	if h.l == nil || len(h.l.socks) == 0 {
		return
	}
	h.l.socks[w.index%len(h.l.socks)].send(b, h.addr)
}

// defaultPort is the port of a SIP address that names none.
func defaultPort(network string) uint16 {
	if network == TLS {
		return 5061
	}
	return 5060
}

// back gives the way for responses to a request with this topmost Via that
// came over from (RFC 3261 section 18.2.2, RFC 3581).
//
// Without rport the port is the one in the Via, unless the Via names another
// host than the packet came from: then its sender sits behind a translator and
// the packet's own port is the only one known to reach it.
func back(v *wire.ViaValue, from hop) hop {
	if from.conn != nil {
		return from
	}
	if v.HasRPort || !sameHost(v.Host, from.addr.Addr()) {
		return from
	}
	port := uint16(v.Port)
	if port == 0 {
		port = defaultPort(UDP)
	}
	from.addr = netip.AddrPortFrom(from.addr.Addr(), port)
	return from
}

// sameHost says whether the text host is the address a.
func sameHost(host []byte, a netip.Addr) bool {
	var buf [48]byte
	if string(host) == string(a.AppendTo(buf[:0])) {
		return true
	}
	if digit := len(host) > 0 && host[0] >= '0' && host[0] <= '9'; !digit && !a.Is6() {
		return false // a name
	}
	parsed, err := netip.ParseAddr(string(host))
	return err == nil && parsed.Unmap() == a
}

// appendHostPort writes "host:port" in lower case, an IPv6 address in
// brackets.
func appendHostPort(dst, host []byte, port uint16) []byte {
	v6 := bytes.IndexByte(host, ':') >= 0
	if v6 {
		dst = append(dst, '[')
	}
	for _, c := range host {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	if v6 {
		dst = append(dst, ']')
	}
	dst = append(dst, ':')
	return strconv.AppendUint(dst, uint64(port), 10)
}
