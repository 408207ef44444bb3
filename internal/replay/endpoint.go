package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// endpoint is a SIP user agent that listens on one port of UDP and TCP, and
// sends from it what it sends by UDP.
type endpoint struct {
	ua     *sipgo.UserAgent
	server *sipgo.Server
	client *sipgo.Client
	udp    *net.UDPConn
	tcp    net.Listener
	addr   netip.AddrPort
	user   string
	log    *slog.Logger

	serving sync.WaitGroup
	// ctx ends when the end point closes: handlers that hold a call give up.
	ctx  context.Context
	stop context.CancelFunc
}

// portTries is how often a free UDP port is tried whose TCP twin is taken.
const portTries = 20

// receiveBuffer holds a burst of messages while this process is not running.
const receiveBuffer = 4 << 20

// newEndpoint listens but does not read: handlers are set first, then serve.
func newEndpoint(user, listen string, log *slog.Logger) (*endpoint, error) {
	udp, tcp, err := listenBoth(listen)
	if err != nil {
		return nil, err
	}
	e := &endpoint{user: user, log: log, udp: udp, tcp: tcp, addr: udp.LocalAddr().(*net.UDPAddr).AddrPort()}
	e.ctx, e.stop = context.WithCancel(context.Background())
	if err := e.open(log); err != nil {
		return nil, errors.Join(fmt.Errorf("SIP user agent: %w", err), udp.Close(), tcp.Close())
	}
	return e, nil
}

// serve reads messages until close.
func (e *endpoint) serve() {
	reading := &firstRead{PacketConn: e.udp, begun: make(chan struct{})}
	e.serving.Go(func() { _ = e.server.ServeUDP(reading) }) // ends with an error when udp closes
	e.serving.Go(func() { _ = e.server.ServeTCP(e.tcp) })
	<-reading.begun // from here on the stack knows the socket and sends from it
}

func (e *endpoint) open(log *slog.Logger) (err error) {
	e.ua, err = sipgo.NewUA(
		sipgo.WithUserAgent("tandem-replay"),
		sipgo.WithUserAgentHostname(e.addr.Addr().String()),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(log)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(log),
			// Answers to transactions that are over: late retransmissions.
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}),
		),
	)
	if err != nil {
		return err
	}
	if e.server, err = sipgo.NewServer(e.ua, sipgo.WithServerLogger(log)); err != nil {
		return err
	}
	e.server.OnOptions(func(req *sip.Request, tx sip.ServerTransaction) { answer(req, tx, sip.StatusOK, "OK") })
	e.client, err = sipgo.NewClient(e.ua, sipgo.WithClientLogger(log))
	return err
}

// firstRead tells when a socket is read from for the first time.
type firstRead struct {
	net.PacketConn
	once  sync.Once
	begun chan struct{}
}

func (f *firstRead) ReadFrom(b []byte) (int, net.Addr, error) {
	f.once.Do(func() { close(f.begun) })
	return f.PacketConn.ReadFrom(b)
}

// listenBoth opens UDP and TCP on one port; any free one when listen says 0.
func listenBoth(listen string) (*net.UDPConn, net.Listener, error) {
	addr, err := net.ResolveUDPAddr("udp", listen)
	if err != nil {
		return nil, nil, fmt.Errorf("listen on %q: %w", listen, err)
	}
	for try := 0; ; try++ {
		udp, err := net.ListenUDP("udp", addr)
		if err != nil {
			return nil, nil, err
		}
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err == nil {
			_ = udp.SetReadBuffer(receiveBuffer) // the kernel may grant less
			return udp, tcp, nil
		}
		_ = udp.Close()
		if addr.Port != 0 || try == portTries || !errors.Is(err, syscall.EADDRINUSE) {
			return nil, nil, err
		}
	}
}

// contact is where in-dialog requests reach the end point.
func (e *endpoint) contact(transport string) sip.ContactHeader {
	uri := sip.Uri{Scheme: "sip", User: e.user, Host: e.host(), Port: int(e.addr.Port())}
	if sip.NetworkToLower(transport) != "udp" {
		uri.UriParams.Add("transport", sip.NetworkToLower(transport))
	}
	return sip.ContactHeader{Address: uri}
}

// host is the address as SIP writes it: IPv6 in brackets.
func (e *endpoint) host() string {
	if a := e.addr.Addr().Unmap(); a.Is6() {
		return "[" + a.String() + "]"
	}
	return e.addr.Addr().Unmap().String()
}

// own makes req leave from the port that the end point listens on, as a
// firewall or an allow-list expects. Connections of TCP have ports of their own.
func (e *endpoint) own(req *sip.Request) {
	if sip.NetworkToLower(req.Transport()) == "udp" {
		req.Laddr = sip.Addr{IP: e.addr.Addr().Unmap().AsSlice(), Port: int(e.addr.Port())}
	}
}

func (e *endpoint) dialogUA(transport string) *sipgo.DialogUA {
	return &sipgo.DialogUA{Client: e.client, ContactHDR: e.contact(transport)}
}

// stragglers is how long messages that were read before the sockets closed may
// still be in work: the stack gives each to a goroutine that it does not wait
// for.
const stragglers = 20 * time.Millisecond

// close hangs up on nobody: calls must have ended before.
func (e *endpoint) close() error {
	e.stop()
	err := errors.Join(e.udp.Close(), e.tcp.Close())
	e.serving.Wait()
	err = errors.Join(err, e.ua.Close())
	// A message handled just now may have found its socket gone and opened
	// another one to answer from.
	time.Sleep(stragglers)
	return errors.Join(err, e.ua.Close())
}

// answer responds to a request outside any dialog session. A failed send is
// repaired by the peer's retransmission.
func answer(req *sip.Request, tx sip.ServerTransaction, status int, reason string) {
	_ = tx.Respond(sip.NewResponseFromRequest(req, status, reason, nil))
}
