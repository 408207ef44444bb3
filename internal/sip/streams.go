package sip

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// streams holds the connections by their peer's address.
type streams struct {
	g    *Gateway
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu     sync.Mutex
	byPeer map[peer]*stream
	all    int
	max    int
	// accepted counts the connections that each source made, so that no
	// stranger takes all of them.
	accepted map[netip.Prefix]int
	// avoided are UDP peers that took no TCP connection, until when.
	avoided map[netip.AddrPort]time.Time
}

// peer names a connection. Of TLS connections that we made the name that the
// certificate was checked for is part of it: two names at one address are two
// peers. Any of them serves a request that names only the address.
type peer struct {
	network string
	addr    netip.AddrPort
	host    string
}

func peerOf(network string, addr netip.AddrPort, host string) peer {
	if _, err := netip.ParseAddr(host); network != TLS || err == nil {
		host = ""
	}
	return peer{network, addr, host}
}

func newStreams(g *Gateway, limit int) *streams {
	s := &streams{g: g, byPeer: map[peer]*stream{}, accepted: map[netip.Prefix]int{}, avoided: map[netip.AddrPort]time.Time{}, max: limit}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

func (ss *streams) count() int {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.all
}

// close ends all connections and waits for their goroutines.
func (ss *streams) close() {
	ss.mu.Lock()
	ss.stop()
	ss.mu.Unlock()
	ss.wg.Wait()
}

// to gives a connection to the peer, an existing one or a new one that is
// being set up; nil when there are too many.
func (ss *streams) to(network string, addr netip.AddrPort, host string, l *listener) *stream {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if s := ss.byPeer[peerOf(network, addr, host)]; s != nil && !s.isClosed() {
		return s
	}
	s := ss.add(network, addr, host, l)
	if s != nil {
		ss.run(s, nil)
	}
	return s
}

// avoidTCP is how long a UDP peer that takes no TCP connection is not asked
// for one again.
const avoidTCP = 10 * time.Minute

// maxAvoided bounds the memory for such peers.
const maxAvoided = 10_000

// instead gives a TCP connection to the same address for a message that is too
// long for UDP; nil for a peer that is known to take none.
func (ss *streams) instead(to hop) *stream {
	ss.mu.Lock()
	until, known := ss.avoided[to.addr]
	ss.mu.Unlock()
	if known && time.Now().Before(until) {
		return nil
	}
	return ss.to(TCP, to.addr, "", to.l)
}

// avoid remembers that a UDP peer takes no TCP connection.
func (ss *streams) avoid(addr netip.AddrPort) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if len(ss.avoided) >= maxAvoided {
		clear(ss.avoided)
	}
	ss.avoided[addr] = time.Now().Add(avoidTCP)
}

// accept takes a connection that a peer made.
func (ss *streams) accept(c net.Conn, l *listener) {
	ra := c.RemoteAddr().(*net.TCPAddr).AddrPort()
	addr := netip.AddrPortFrom(ra.Addr().Unmap(), ra.Port())
	ss.mu.Lock()
	defer ss.mu.Unlock()
	from := sourceOf(addr.Addr())
	if ss.accepted[from] >= max(ss.max/perSource, leastPerSource) {
		_ = c.Close()
		return
	}
	s := ss.add(l.network, addr, "", l)
	if s == nil {
		_ = c.Close()
		return
	}
	s.source = from
	ss.accepted[from]++
	ss.run(s, c)
}

const (
	// perSource is the part of all connections that one source may hold: a
	// trunk has a handful.
	perSource      = 8
	leastPerSource = 100
)

// sourceOf gives what counts as one source: an IPv4 address, or an IPv6 network
// of 64 bits, which is what one customer has.
func sourceOf(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits) // in range for either family
	return p
}

// add registers a connection; the lock is held.
func (ss *streams) add(network string, addr netip.AddrPort, host string, l *listener) *stream {
	if ss.all >= ss.max || ss.ctx.Err() != nil {
		return nil
	}
	s := &stream{g: ss.g, l: l, network: network, remote: addr, host: host, wake: make(chan struct{}, 1)}
	ss.byPeer[peerOf(network, addr, host)] = s
	ss.byPeer[peer{network: network, addr: addr}] = s
	ss.all++
	return s
}

func (ss *streams) run(s *stream, c net.Conn) {
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(ss.ctx)
	ss.wg.Go(func() {
		defer s.cancel()
		s.serve(ctx, c)
		lost := s.shut()
		ss.mu.Lock()
		ss.all--
		if s.source.IsValid() {
			if ss.accepted[s.source]--; ss.accepted[s.source] == 0 {
				delete(ss.accepted, s.source)
			}
		}
		for _, k := range [...]peer{peerOf(s.network, s.remote, s.host), {network: s.network, addr: s.remote}} {
			if ss.byPeer[k] == s {
				delete(ss.byPeer, k)
			}
		}
		ss.mu.Unlock()
		w := ss.g.borrow()
		for _, b := range lost {
			ss.g.undelivered(w, b)
		}
		ss.g.giveBack(w)
	})
}
