package sip

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socketBuffer is asked of the kernel for each direction: 208 KB, the usual
// default, loses messages at 6,000 a second.
const socketBuffer = 4 << 20

// batchSize is how many datagrams one system call fetches at most.
const batchSize = 32

const maxDatagram = 65535

// udpSocket is one of the sockets that share a UDP listener's address. The
// kernel gives every source to one of them (SO_REUSEPORT), so one reader sees
// all messages of a flow, in order.
type udpSocket struct {
	l    *listener
	conn *net.UDPConn
	raw  syscall.RawConn
	fd   uintptr
	v6   bool
}

// openUDP binds n sockets to addr.
func openUDP(ctx context.Context, l *listener, addr netip.AddrPort, n int) ([]*udpSocket, error) {
	network := "udp" + family(addr.Addr())
	if addr.Port() != 0 {
		// Shared ports hide a second server on the same address: try for it alone.
		probe, err := (&net.ListenConfig{}).ListenPacket(ctx, network, addr.String())
		if err != nil {
			return nil, err
		}
		_ = probe.Close()
	}
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		if e := c.Control(func(fd uintptr) { err = prepareUDP(int(fd), addr.Addr().Is6()) }); e != nil {
			return e
		}
		return err
	}}
	var socks []*udpSocket
	for range n {
		pc, err := lc.ListenPacket(ctx, network, addr.String())
		if err != nil {
			for _, s := range socks {
				s.close()
			}
			return nil, err
		}
		s := &udpSocket{l: l, conn: pc.(*net.UDPConn), v6: addr.Addr().Is6()}
		s.raw, err = s.conn.SyscallConn()
		if err == nil {
			err = s.raw.Control(func(fd uintptr) { s.fd = fd })
		}
		socks = append(socks, s)
		if err != nil {
			return nil, err
		}
		addr = s.local() // port 0 became a real one that the others share
	}
	return socks, nil
}

func prepareUDP(fd int, v6 bool) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return err
	}
	// The forms that override the system's maximum need a privilege; without
	// it take what is given.
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBuffer) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, socketBuffer)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, socketBuffer) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, socketBuffer)
	}
	// Arrival times tell how long messages wait for us: the overload signal.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return err
	}
	// ICMP errors tell at once that nobody listens at a target.
	if v6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1)
}

func (s *udpSocket) local() netip.AddrPort {
	a := s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

func (s *udpSocket) close() { _ = s.conn.Close() }

// stop makes the reader return; the socket stays usable for sending.
func (s *udpSocket) stop() { _ = s.conn.SetReadDeadline(time.Unix(1, 0)) }

// send sends one datagram without blocking. A full send buffer loses it, as
// the network might; retransmission is the transaction's business.
func (s *udpSocket) send(b []byte, to netip.AddrPort) {
	if len(b) == 0 || !to.IsValid() || to.Addr().Is4() == s.v6 {
		return
	}
	var sa4 unix.RawSockaddrInet4
	var sa6 unix.RawSockaddrInet6
	var sa unsafe.Pointer
	var size uintptr
	if s.v6 {
		sa6 = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: networkOrder(to.Port()), Addr: to.Addr().As16()}
		sa, size = unsafe.Pointer(&sa6), unix.SizeofSockaddrInet6
	} else {
		sa4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: networkOrder(to.Port()), Addr: to.Addr().As4()}
		sa, size = unsafe.Pointer(&sa4), unix.SizeofSockaddrInet4
	}
	for range 2 {
		_, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, s.fd, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, uintptr(sa), size)
		if errno != unix.ECONNREFUSED && errno != unix.EHOSTUNREACH && errno != unix.ENETUNREACH {
			return
		}
		// An earlier datagram's ICMP error, reported now; this one was not sent.
		// The reader may not be woken for it any more.
		s.l.g.later(s.refusals)
	}
}

func networkOrder(port uint16) uint16 {
	b := [2]byte{byte(port >> 8), byte(port)}
	return *(*uint16)(unsafe.Pointer(&b))
}

// datagrams is where a batch is received.
type datagrams struct {
	msgs  [batchSize]mmsghdr
	iovs  [batchSize]unix.Iovec
	names [batchSize]unix.RawSockaddrInet6
	times [batchSize][64]byte
	bufs  [batchSize][]byte
}

type mmsghdr struct {
	hdr unix.Msghdr
	len uint32
	_   [4]byte
}

func newDatagrams() *datagrams {
	d := &datagrams{}
	for i := range d.msgs {
		d.bufs[i] = make([]byte, maxDatagram)
		d.iovs[i].Base = &d.bufs[i][0]
		d.iovs[i].SetLen(maxDatagram)
		h := &d.msgs[i].hdr
		h.Iov = &d.iovs[i]
		h.SetIovlen(1)
		h.Name = (*byte)(unsafe.Pointer(&d.names[i]))
		h.Control = &d.times[i][0]
	}
	return d
}

// read handles datagrams until stop is called.
func (s *udpSocket) read(w *worker) {
	d := newDatagrams()
	var n int
	var errno syscall.Errno
	fetch := func(fd uintptr) bool {
		for i := range d.msgs {
			h := &d.msgs[i].hdr
			h.Namelen = unix.SizeofSockaddrInet6
			h.SetControllen(len(d.times[i]))
		}
		r, _, e := syscall.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&d.msgs[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
		n, errno = int(r), e
		return e != unix.EAGAIN && e != unix.EINTR
	}
	for {
		if err := s.raw.Read(fetch); err != nil {
			return // stopped
		}
		w.begin()
		if errno != 0 {
			s.refusals(w)
			continue
		}
		w.g.overload.waited(w.now, d.wait(0, w.now))
		for i := range n {
			from := hop{l: s.l, addr: d.from(i)}
			w.g.receive(w, from, d.bufs[i][:d.msgs[i].len])
		}
	}
}

func (d *datagrams) from(i int) netip.AddrPort {
	sa := &d.names[i]
	p := (*[2]byte)(unsafe.Pointer(&sa.Port))
	port := uint16(p[0])<<8 | uint16(p[1])
	if sa.Family == unix.AF_INET {
		sa4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(sa))
		return netip.AddrPortFrom(netip.AddrFrom4(sa4.Addr), port)
	}
	return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr).Unmap(), port)
}

// wait gives how long datagram i lay in the socket.
func (d *datagrams) wait(i int, now time.Time) time.Duration {
	const need = unix.SizeofCmsghdr + int(unsafe.Sizeof(unix.Timespec{}))
	if int(d.msgs[i].hdr.Controllen) < need {
		return 0
	}
	c := (*unix.Cmsghdr)(unsafe.Pointer(&d.times[i][0]))
	if c.Level != unix.SOL_SOCKET || c.Type != unix.SCM_TIMESTAMPNS {
		return 0
	}
	ts := (*unix.Timespec)(unsafe.Pointer(&d.times[i][unix.SizeofCmsghdr]))
	return now.Sub(time.Unix(ts.Unix()))
}

// refusals reads the ICMP errors that wait at the socket and fails what was
// sent there.
func (s *udpSocket) refusals(w *worker) {
	var quoted [1024]byte
	var control [512]byte
	for {
		var n, nc int
		var err error
		if e := s.raw.Control(func(fd uintptr) {
			n, nc, _, _, err = unix.Recvmsg(int(fd), quoted[:], control[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		}); e != nil || err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		if err == nil && unreachable(control[:nc]) {
			w.g.refused(w, quoted[:n])
		}
	}
}

// unreachable says whether an extended error (ip(7), IP_RECVERR) means that
// nobody is there; the path's MTU, which comes the same way, does not.
func unreachable(control []byte) bool {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return false
	}
	for _, m := range messages {
		v4 := m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_RECVERR
		v6 := m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_RECVERR
		if (v4 || v6) && len(m.Data) >= 4 {
			switch syscall.Errno(binary.NativeEndian.Uint32(m.Data)) {
			case unix.ECONNREFUSED, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EHOSTDOWN, unix.EACCES:
				return true
			}
		}
	}
	return false
}
