package sip

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tandem/internal/sip/wire"
)

// testLine is the way of a test call's messages: a connected UDP socket, on which
// the system tells when nothing listens at the other end, or a connection.
type testLine struct {
	conn    net.Conn
	to      endpoint
	local   netip.AddrPort
	got     chan *wire.Message
	broke   chan brokenLine
	reading sync.WaitGroup
}

// brokenLine says why nothing more comes.
type brokenLine struct{ why error }

// open connects to an address and reads what comes.
func (c *TestCaller) open(ctx context.Context, to endpoint) (*testLine, error) {
	network := "tcp"
	if to.network == UDP {
		network = "udp"
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, to.addr.String())
	if err != nil {
		return nil, err
	}
	local := addrPortOf(conn.LocalAddr())
	if to.network == TLS {
		conf := &tls.Config{MinVersion: tls.VersionTLS12}
		if c.tls != nil {
			conf = c.tls.Clone()
		}
		conf.ServerName = firstOf(to.host, to.addr.Addr().String())
		secure := tls.Client(conn, conf)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		conn = secure
	}
	// A burst that nobody has read yet must not hold the reader up for good.
	l := &testLine{conn: conn, to: to, local: local, got: make(chan *wire.Message, 64), broke: make(chan brokenLine, 1)}
	l.reading.Go(l.read)
	return l, nil
}

func addrPortOf(a net.Addr) netip.AddrPort {
	p, _ := netip.ParseAddrPort(a.String())
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}

func (l *testLine) close() {
	_ = l.conn.Close()
	l.reading.Wait()
}

func (l *testLine) send(b []byte) error {
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err := l.conn.Write(b)
	return err
}

// read hands messages on until the line closes; what is none is passed over.
func (l *testLine) read() {
	r := bufio.NewReaderSize(l.conn, 8<<10)
	buf := make([]byte, maxDatagram)
	for {
		var raw []byte
		var err error
		if l.to.network == UDP {
			var n int
			n, err = l.conn.Read(buf)
			raw = bytes.Clone(buf[:n])
		} else {
			raw, err = frame(r, nil)
		}
		if err != nil {
			l.broke <- brokenLine{err}
			return
		}
		m := new(wire.Message)
		if len(raw) == 0 || m.Parse(raw) != nil {
			continue
		}
		select {
		case l.got <- m:
		default: // more than any agent sends: let it send again
		}
	}
}

// via is a Via for a new transaction.
func (l *testLine) via() string {
	return fmt.Sprintf("Via: SIP/2.0/%s %s;branch=%s%s;rport\r\n", strings.ToUpper(l.to.network), l.local, wire.MagicCookie, randomToken())
}

func (l *testLine) contact() string {
	scheme, params := "sip", ""
	switch l.to.network {
	case TCP:
		params = ";transport=tcp"
	case TLS:
		scheme = "sips"
	}
	return fmt.Sprintf("<%s:%s@%s%s>", scheme, testUser, l.local, params)
}

// hostOf is an address as SIP writes it.
func hostOf(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

// reasonOf gives a response's reason phrase.
func reasonOf(m *wire.Message) string {
	line, _, _ := bytes.Cut(m.Raw, []byte("\r\n"))
	if parts := bytes.SplitN(line, []byte(" "), 3); len(parts) == 3 {
		return strings.ToValidUTF8(string(parts[2]), "")
	}
	return ""
}

// firstRoute gives the URI of the first of dialog routes.
func firstRoute(lines []byte) []byte {
	line, _, _ := bytes.Cut(lines, []byte("\r\n"))
	_, value, ok := bytes.Cut(line, []byte(": "))
	if !ok {
		return nil
	}
	if a, ok := wire.ParseAddress(value); ok {
		return a.URI
	}
	return nil
}

// repeater says when a request over UDP is to be sent again (RFC 3261 timers A
// and E): after T1, then twice as late each time.
type repeater struct {
	timer *time.Timer
	wait  time.Duration
}

func newRepeater(l *testLine, t1 time.Duration) *repeater {
	if l.to.network != UDP {
		return &repeater{}
	}
	return &repeater{timer: time.NewTimer(t1), wait: t1}
}

// due gives a channel that tells.
func (r *repeater) due() <-chan time.Time {
	if r.timer == nil {
		return nil
	}
	return r.timer.C
}

// next sets the time after this.
func (r *repeater) next() {
	if r.timer != nil {
		r.wait *= 2
		r.timer.Reset(r.wait)
	}
}

func (r *repeater) stop() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

// testAudio is the port that a test call's audio comes to. It is counted, and
// nobody hears it.
type testAudio struct {
	conn    *net.UDPConn
	packets atomic.Int64
	reading sync.WaitGroup
}

func listenAudio(on netip.Addr) (*testAudio, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(on, 0)))
	if err != nil {
		return nil, err
	}
	a := &testAudio{conn: conn}
	a.reading.Go(func() {
		buf := make([]byte, 2048)
		for {
			n, _, err := conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			if n >= 12 && buf[0]>>6 == 2 { // RTP, RFC 3550 section 5.1
				a.packets.Add(1)
			}
		}
	})
	return a, nil
}

func (a *testAudio) heard() int64 { return a.packets.Load() }

func (a *testAudio) close() {
	_ = a.conn.Close()
	a.reading.Wait()
}

const offered = "PCMU, PCMA, G.722 and Opus"

// offer is the SDP of the call.
func (a *testAudio) offer() string {
	at := addrPortOf(a.conn.LocalAddr())
	family := "IP4"
	if at.Addr().Is6() {
		family = "IP6"
	}
	return fmt.Sprintf("v=0\r\no=tandem 1 1 IN %[1]s %[2]s\r\ns=Tandem test call\r\nc=IN %[1]s %[2]s\r\nt=0 0\r\n"+
		"m=audio %[3]d RTP/AVP 0 8 9 111 101\r\n"+
		"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:9 G722/8000\r\na=rtpmap:111 opus/48000/2\r\n"+
		"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n", family, at.Addr(), at.Port())
}

// staticFormats are the payload types of RFC 3551 that need no rtpmap.
var staticFormats = map[string]string{"0": "PCMU/8000", "3": "GSM/8000", "8": "PCMA/8000", "9": "G722/8000", "18": "G729/8000"}

// chosen reads the audio format out of an answer's SDP, and says what is wrong
// with it.
func chosen(sdp []byte) (codec, fault string) {
	if len(sdp) == 0 {
		return "", "it did not say with which audio format"
	}
	formats := map[string]string{}
	var first string
	audio := false
	for line := range strings.Lines(string(sdp)) {
		kind, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case kind == "m":
			words := strings.Fields(value)
			if audio = first == "" && len(words) >= 4 && words[0] == "audio"; !audio {
				continue
			}
			if first = words[3]; words[1] == "0" {
				return "", "it refused the audio"
			}
		case audio && kind == "a" && strings.HasPrefix(value, "rtpmap:"):
			if n, name, ok := strings.Cut(strings.TrimPrefix(value, "rtpmap:"), " "); ok {
				formats[n] = name
			}
		}
	}
	if codec = firstOf(formats[first], staticFormats[first]); codec == "" {
		return "", "it named no audio format that is known"
	}
	return codec, ""
}
