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
	source  netip.Prefix // that made it; zero for one of ours
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
