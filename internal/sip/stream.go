package sip

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"tandem/internal/sip/wire"
)

// maxQueued bounds what may wait for one connection, in bytes.
const maxQueued = 1 << 20

// writeTimeout is how long a peer may refuse to take bytes before its
// connection is given up.
const writeTimeout = 10 * time.Second

// stream is one TCP or TLS connection, ours or the peer's. Its writer
// goroutine dials first when the connection is ours, so that whoever sends
// never waits.
type stream struct {
	g       *Gateway
	l       *listener // stands for us in headers; of a peer's connection, where it came in
	network string
	remote  netip.AddrPort
	host    string // TLS: the name that the certificate must bear
	cancel  context.CancelFunc

	mu     sync.Mutex
	queue  [][]byte
	queued int
	closed bool
	wake   chan struct{}
}

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
	s := &streams{g: g, byPeer: map[peer]*stream{}, avoided: map[netip.AddrPort]time.Time{}, max: limit}
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
	s := ss.add(l.network, addr, "", l)
	if s == nil {
		_ = c.Close()
		return
	}
	ss.run(s, c)
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

func (s *stream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// shut marks the connection closed and gives what was not sent.
func (s *stream) shut() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	lost := s.queue
	s.queue = nil
	return lost
}

// write queues a copy of b.
func (s *stream) write(b []byte) {
	s.mu.Lock()
	ok := !s.closed && s.queued+len(b) <= maxQueued
	if ok {
		s.queue = append(s.queue, append([]byte(nil), b...))
		s.queued += len(b)
	}
	s.mu.Unlock()
	if !ok {
		// Tell the transaction later: its shard is locked now.
		lost := append([]byte(nil), b...)
		s.g.later(func(w *worker) { s.g.undelivered(w, lost) })
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// serve runs the connection to its end.
func (s *stream) serve(ctx context.Context, c net.Conn) {
	c, err := s.establish(ctx, c)
	if err != nil {
		return
	}
	defer c.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer s.cancel()
	wg.Go(func() {
		s.read(c)
		s.cancel()
	})
	s.writeLoop(ctx, c)
	_ = c.Close() // ends the reader
}

// establish dials and shakes hands where that is still to be done.
func (s *stream) establish(ctx context.Context, c net.Conn) (net.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, s.g.cfg.Timers.Connect)
	defer cancel()
	dialled := c == nil
	if dialled {
		var err error
		if c, err = (&net.Dialer{}).DialContext(limited, "tcp", s.remote.String()); err != nil {
			return nil, err
		}
	}
	if s.network != TLS {
		return c, nil
	}
	var tc *tls.Conn
	if dialled {
		tc = tls.Client(c, s.g.clientTLS(s.host, s.remote))
	} else {
		tc = tls.Server(c, s.g.cfg.TLS)
	}
	if err := tc.HandshakeContext(limited); err != nil {
		_ = c.Close()
		return nil, err
	}
	return tc, nil
}

// clientTLS is the configuration for a connection to host.
func (g *Gateway) clientTLS(host string, remote netip.AddrPort) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if g.cfg.TLS != nil {
		c = g.cfg.TLS.Clone()
	}
	c.ServerName = firstOf(host, remote.Addr().String())
	return c
}

func (s *stream) writeLoop(ctx context.Context, c net.Conn) {
	for {
		s.mu.Lock()
		batch := s.queue
		s.queue, s.queued = nil, 0
		s.mu.Unlock()
		if len(batch) > 0 {
			_ = c.SetWriteDeadline(time.Now().Add(writeTimeout))
			buffers := net.Buffers(append([][]byte(nil), batch...))
			if _, err := buffers.WriteTo(c); err != nil {
				s.mu.Lock()
				s.queue = append(batch, s.queue...)
				s.mu.Unlock()
				return
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
	}
}

// read handles the messages of the connection one after another.
func (s *stream) read(c net.Conn) {
	w := s.g.newWorker(0)
	r := bufio.NewReaderSize(c, 8<<10)
	var buf []byte
	for {
		_ = c.SetReadDeadline(time.Now().Add(s.g.cfg.Timers.Idle))
		msg, err := frame(r, buf[:0])
		buf = msg
		if err != nil {
			if errors.Is(err, errFraming) && len(msg) > 0 {
				w.begin()
				s.g.receive(w, s.hop(), msg) // answers 400 where it can
			}
			return
		}
		if len(msg) == 0 { // keep-alive (RFC 5626 section 3.5.1)
			s.write([]byte(crlf))
			continue
		}
		w.begin()
		s.g.receive(w, s.hop(), msg)
	}
}

func (s *stream) hop() hop { return hop{l: s.l, conn: s, addr: s.remote} }

var errFraming = errors.New("message without a usable length")

// frame reads one message of a stream (RFC 3261 section 18.3) into buf; it
// gives no bytes for a keep-alive.
func frame(r *bufio.Reader, buf []byte) ([]byte, error) {
	for blank := 0; ; {
		b, err := r.Peek(2)
		if err != nil {
			return buf, err
		}
		if b[0] != '\r' || b[1] != '\n' {
			break
		}
		_, _ = r.Discard(2)
		if blank++; blank == 2 {
			return buf, nil
		}
	}
	length, known := 0, false
	for {
		line, err := r.ReadSlice('\n')
		buf = append(buf, line...)
		if len(buf) > maxDatagram {
			return buf, errFraming
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return buf, err
		}
		if len(line) <= 2 && len(wire.Trim(line)) == 0 {
			break
		}
		if n, ok := wire.ContentLengthLine(line); ok {
			length, known = n, true
		}
	}
	if !known || length < 0 || len(buf)+length > maxDatagram {
		return buf, errFraming
	}
	at := len(buf)
	for len(buf) < at+length {
		buf = append(buf, 0)
	}
	for n := at; n < len(buf); {
		k, err := r.Read(buf[n:])
		if n += k; err != nil {
			return buf[:n], err
		}
	}
	return buf, nil
}
