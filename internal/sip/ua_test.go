package sip

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	sipgo "github.com/emiago/sipgo/sip"
)

// ua is a user agent that sends and receives text.
type ua struct {
	t       *testing.T
	network string
	udp     *net.UDPConn
	ln      net.Listener
	mu      sync.Mutex
	conn    net.Conn // the last connection
	conns   []net.Conn
	lenient bool // what comes back may echo what is broken
	got     chan message
	at      netip.AddrPort
	wg      sync.WaitGroup
}

// message is a received message as text.
type message struct {
	raw, start string
	heads      [][2]string
	body       string
	from       netip.AddrPort
}

func newUA(t *testing.T, network string) *ua { return newUAOn(t, network, loopback, nil) }

func newUAOn(t *testing.T, network, addr string, conf *tls.Config) *ua {
	t.Helper()
	u := &ua{t: t, network: network, got: make(chan message, 1000)}
	var err error
	if network == UDP {
		pc, e := net.ListenPacket("udp", addr)
		if e != nil {
			t.Fatal(e)
		}
		u.udp = pc.(*net.UDPConn)
		u.at = unmapped(u.udp.LocalAddr().(*net.UDPAddr).AddrPort())
		u.wg.Go(u.readUDP)
	} else {
		if u.ln, err = net.Listen("tcp", addr); err != nil {
			t.Fatal(err)
		}
		u.at = unmapped(u.ln.Addr().(*net.TCPAddr).AddrPort())
		u.wg.Go(func() {
			for {
				c, err := u.ln.Accept()
				if err != nil {
					return
				}
				if conf != nil {
					c = tls.Server(c, conf)
				}
				u.adopt(c)
			}
		})
	}
	t.Cleanup(u.close)
	return u
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

func (u *ua) close() {
	if u.udp != nil {
		_ = u.udp.Close()
	}
	if u.ln != nil {
		_ = u.ln.Close()
	}
	u.mu.Lock()
	for _, c := range u.conns {
		_ = c.Close()
	}
	u.mu.Unlock()
	u.wg.Wait()
}

func (u *ua) adopt(c net.Conn) {
	u.mu.Lock()
	u.conn = c
	u.conns = append(u.conns, c)
	u.mu.Unlock()
	u.wg.Go(func() { u.readStream(c) })
}

// connect makes this TCP or TLS user agent the client.
func (u *ua) connect(to netip.AddrPort, conf *tls.Config) {
	u.t.Helper()
	c, err := net.Dial("tcp", to.String())
	if err != nil {
		u.t.Fatal(err)
	}
	if conf != nil {
		c = tls.Client(c, conf)
	}
	u.adopt(c)
}

func (u *ua) readUDP() {
	buf := make([]byte, 65535)
	for {
		n, from, err := u.udp.ReadFromUDPAddrPort(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP error
		}
		u.take(string(buf[:n]), unmapped(from))
	}
}

func (u *ua) readStream(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		var b strings.Builder
		length := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if line == "\r\n" && b.Len() == 0 {
				continue
			}
			b.WriteString(line)
			if line == "\r\n" {
				break
			}
			if n, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(n), "content-length") {
				length, _ = strconv.Atoi(strings.TrimSpace(v))
			}
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		b.Write(body)
		u.take(b.String(), netip.AddrPort{})
	}
}

func (u *ua) take(raw string, from netip.AddrPort) {
	// What the gateway sends must be readable by somebody else's parser.
	if _, err := sipgo.NewParser().ParseSIP([]byte(raw)); err != nil && !u.lenient {
		u.t.Errorf("sent a message that sipgo cannot parse: %v\n%s", err, raw)
	}
	u.got <- parseMessage(raw, from)
}

func parseMessage(raw string, from netip.AddrPort) message {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := message{raw: raw, start: lines[0], body: body, from: from}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		m.heads = append(m.heads, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	return m
}

func (m message) all(name string) (out []string) {
	for _, h := range m.heads {
		if strings.EqualFold(h[0], name) {
			out = append(out, h[1])
		}
	}
	return out
}

func (m message) get(name string) string {
	if v := m.all(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

func (m message) is(what string) bool {
	return strings.HasPrefix(m.start, what+" ") || strings.HasPrefix(m.start, "SIP/2.0 "+what)
}

// uri gives the Request-URI.
func (m message) uri() string { return strings.Fields(m.start)[1] }

func (u *ua) send(to netip.AddrPort, text string) {
	u.t.Helper()
	var err error
	if u.udp != nil {
		_, err = u.udp.WriteToUDPAddrPort([]byte(text), to)
	} else {
		u.mu.Lock()
		_, err = u.conn.Write([]byte(text))
		u.mu.Unlock()
	}
	if err != nil {
		u.t.Fatal(err)
	}
}

// expect gives the next message and fails unless it is what was named: a
// method, or a status code.
func (u *ua) expect(what string) message {
	u.t.Helper()
	select {
	case m := <-u.got:
		if !m.is(what) {
			u.t.Fatalf("got %q; expected %s\n%s", m.start, what, m.raw)
		}
		return m
	case <-time.After(patience):
		u.t.Fatalf("no %s came", what)
	}
	return message{}
}

// await is expect that lets other messages, retransmissions mostly, pass.
func (u *ua) await(what string) message {
	u.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-u.got:
			if m.is(what) {
				return m
			}
		case <-deadline:
			u.t.Fatalf("no %s came", what)
		}
	}
}

// silent fails if anything comes.
func (u *ua) silent() {
	u.t.Helper()
	select {
	case m := <-u.got:
		u.t.Fatalf("got %q; expected nothing\n%s", m.start, m.raw)
	case <-time.After(quiet):
	}
}

func (u *ua) transport() string { return strings.ToUpper(u.network) }

func (u *ua) contact(user string) string {
	c := "<sip:" + user + "@" + u.at.String()
	if u.network != UDP {
		c += ";transport=" + u.network
	}
	return c + ">"
}

var unique struct {
	sync.Mutex
	n int
}

func serial() string {
	unique.Lock()
	defer unique.Unlock()
	unique.n++
	return strconv.Itoa(unique.n) + "x" + strconv.FormatInt(time.Now().UnixNano()%1e9, 36)
}

const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

// compose puts a message together; a body gets its type.
func compose(start string, heads []string, body string) string {
	var b strings.Builder
	b.WriteString(start + "\r\n")
	for _, h := range heads {
		b.WriteString(h + "\r\n")
	}
	if body != "" && !strings.Contains(b.String(), "Content-Type") {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// invite composes an INVITE for the test number.
func (u *ua) invite(extra ...string) string {
	return u.inviteTo("sip:"+number+"@gateway.invalid", extra...)
}

func (u *ua) inviteTo(uri string, extra ...string) string {
	return u.request("INVITE", uri, sdp, extra...)
}

// request composes a request outside of a dialog.
func (u *ua) request(method, uri, body string, extra ...string) string {
	id := serial()
	heads := []string{
		"Via: SIP/2.0/" + u.transport() + " " + u.at.String() + ";branch=z9hG4bK" + id,
		"Max-Forwards: 70",
		"From: <sip:+14155550199@caller.invalid>;tag=caller" + id,
		"To: <sip:" + number + "@gateway.invalid>",
		"Call-ID: call-" + id + "@test",
		"CSeq: 1 " + method,
		"Contact: " + u.contact("caller"),
	}
	return compose(method+" "+uri+" SIP/2.0", append(heads, extra...), body)
}

// hopRequest composes an ACK or CANCEL for a request that was sent.
func hopRequest(method, sent, to string) string {
	m := parseMessage(sent, netip.AddrPort{})
	if to == "" {
		to = m.get("To")
	}
	return compose(method+" "+m.uri()+" SIP/2.0", []string{
		"Via: " + m.get("Via"), "Max-Forwards: 70", "From: " + m.get("From"), "To: " + to,
		"Call-ID: " + m.get("Call-ID"), "CSeq: 1 " + method,
	}, "")
}

// respond composes a response to a request.
func (u *ua) respond(req message, status, tag, body string, extra ...string) string {
	var heads []string
	for _, h := range req.heads {
		switch strings.ToLower(h[0]) {
		case "via", "v", "from", "f", "call-id", "i", "cseq", "record-route":
			heads = append(heads, h[0]+": "+h[1])
		case "to", "t":
			to := h[1]
			if tag != "" && !strings.Contains(to, "tag=") {
				to += ";tag=" + tag
			}
			heads = append(heads, h[0]+": "+to)
		}
	}
	contact := false
	for _, e := range extra {
		contact = contact || strings.HasPrefix(e, "Contact:")
	}
	if !contact {
		heads = append(heads, "Contact: "+u.contact("agent"))
	}
	return compose("SIP/2.0 "+status, append(heads, extra...), body)
}
