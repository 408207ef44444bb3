//go:build !linux

package sip

import (
	"context"
	"net"
	"net/netip"
	"time"
)

const (
	socketBuffer = 4 << 20
	maxDatagram  = 65535
)

// udpSocket is a UDP listener's socket. Elsewhere than on Linux there is one
// for each listener, ICMP errors are not seen (a dead target is noticed when
// it stays silent), and neither is how long a message waited.
type udpSocket struct {
	l    *listener
	conn *net.UDPConn
}

func openUDP(ctx context.Context, l *listener, addr netip.AddrPort, _ int) ([]*udpSocket, error) {
	pc, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp"+family(addr.Addr()), addr.String())
	if err != nil {
		return nil, err
	}
	s := &udpSocket{l: l, conn: pc.(*net.UDPConn)}
	_ = s.conn.SetReadBuffer(socketBuffer)
	_ = s.conn.SetWriteBuffer(socketBuffer)
	return []*udpSocket{s}, nil
}

func (s *udpSocket) local() netip.AddrPort {
	a := s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

func (s *udpSocket) close() { _ = s.conn.Close() }

func (s *udpSocket) stop() { _ = s.conn.SetReadDeadline(time.Unix(1, 0)) }

func (s *udpSocket) send(b []byte, to netip.AddrPort) { _, _ = s.conn.WriteToUDPAddrPort(b, to) }

func (s *udpSocket) read(w *worker) {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buf)
		if ne, ok := err.(net.Error); ok && ne.Timeout() {
			return
		}
		if err != nil {
			continue
		}
		w.begin()
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		w.g.receive(w, hop{l: s.l, addr: from}, buf[:n])
	}
}
