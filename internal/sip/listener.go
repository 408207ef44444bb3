package sip

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"tandem"
)

// listener is one address that the gateway listens on, and how it names itself
// there.
type listener struct {
	g        *Gateway
	network  string
	addr     netip.AddrPort // as bound
	hostport string         // as others reach it; "" when that depends on who asks
	socks    []*udpSocket   // UDP
	stream   net.Listener   // TCP, TLS

	wildcard bool
	mu       sync.Mutex
	local    map[netip.Addr]string // wildcard: peer to our address towards it
}

// maxLocal bounds the memory of a wildcard listener for its own addresses.
const maxLocal = 10_000

// open binds the address.
func (g *Gateway) open(ctx context.Context, c Listener) (*listener, error) {
	l := &listener{g: g, network: c.Network, hostport: c.Advertise, local: map[netip.Addr]string{}}
	want, err := net.ResolveTCPAddr("tcp", withDefaultPort(c.Addr, c.Network))
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "listen", "has %q; expected host:port: %w", c.Addr, err)
	}
	addr := want.AddrPort()
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if !addr.Addr().IsValid() {
		addr = netip.AddrPortFrom(netip.IPv4Unspecified(), addr.Port())
	}
	if c.Network == UDP {
		l.socks, err = openUDP(ctx, l, addr, g.cfg.Limits.Readers)
		if err == nil {
			addr = l.socks[0].local()
		}
	} else {
		lc := net.ListenConfig{}
		l.stream, err = lc.Listen(ctx, "tcp"+family(addr.Addr()), addr.String())
		if err == nil {
			addr = l.stream.Addr().(*net.TCPAddr).AddrPort()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("sip: listen on %s %s: %w", c.Network, c.Addr, err)
	}
	l.addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	l.wildcard = l.addr.Addr().IsUnspecified()
	switch {
	case l.hostport != "":
		if host, port, err := net.SplitHostPort(l.hostport); err != nil || port == "0" {
			l.hostport = joinHostPort(strings.Trim(firstOf(host, l.hostport), "[]"), l.addr.Port())
		}
	case !l.wildcard:
		l.hostport = l.addr.String()
	}
	return l, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func joinHostPort(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}

func withDefaultPort(addr, network string) string {
	if _, _, err := net.SplitHostPort(addr); err == nil {
		return addr
	}
	return joinHostPort(strings.Trim(addr, "[]"), defaultPort(network))
}

func family(a netip.Addr) string {
	if a.Is4() {
		return "4"
	}
	return "6"
}

// sentBy gives the "host:port" by which peer reaches this listener.
func (l *listener) sentBy(peer netip.Addr) string {
	if l.hostport != "" {
		return l.hostport
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.local[peer]; ok {
		return s
	}
	if len(l.local) >= maxLocal {
		clear(l.local)
	}
	s := l.addr.String()
	// Connecting a UDP socket sends nothing; it asks the routing table.
	if c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, 9))); err == nil {
		own := c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
		s = netip.AddrPortFrom(own, l.addr.Port()).String()
		_ = c.Close()
	}
	l.local[peer] = s
	return s
}

// serves says whether the listener can reach an address of this family.
func (l *listener) serves(network string, a netip.Addr) bool {
	return l.network == network && l.addr.Addr().Is4() == a.Is4()
}

// outward picks the listener that stands for us towards a, over network:
// prefer, when it fits, so that a call between two peers of one network stays
// on one address.
func (g *Gateway) outward(network string, a netip.Addr, prefer *listener) *listener {
	if prefer != nil && prefer.serves(network, a) {
		return prefer
	}
	for _, l := range g.listeners {
		if l.serves(network, a) {
			return l
		}
	}
	return nil
}

// names collects every "host:port" that means this gateway.
func (g *Gateway) names() map[string]*listener {
	names := map[string]*listener{}
	add := func(host string, port uint16, l *listener) {
		k := strings.ToLower(joinHostPort(host, port))
		if names[k] == nil {
			names[k] = l
		}
	}
	var own []netip.Addr
	if addrs, err := net.InterfaceAddrs(); err == nil {
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok {
					own = append(own, ip.Unmap())
				}
			}
		}
	}
	for _, l := range g.listeners {
		port := l.addr.Port()
		add(l.addr.Addr().String(), port, l)
		if l.wildcard {
			for _, a := range own {
				if a.Is4() == l.addr.Addr().Is4() {
					add(a.String(), port, l)
				}
			}
		}
		if l.hostport != "" {
			host, p, _ := net.SplitHostPort(l.hostport)
			if n, err := strconv.ParseUint(p, 10, 16); err == nil {
				add(host, uint16(n), l)
			}
		}
	}
	return names
}
