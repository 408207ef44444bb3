package e2e

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// phone is a user agent on one UDP socket that says exactly what a test has it
// say, wherever the test wants it sent: what SIPp cannot do, which knows one
// gateway.
type phone struct {
	t    testing.TB
	conn *net.UDPConn
}

func newPhone(t testing.TB) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &phone{t: t, conn: conn}
}

func (p *phone) addr() string { return p.conn.LocalAddr().String() }

// send sends lines as a message without a body to host:port.
func (p *phone) send(to string, lines ...string) { p.t.Helper(); p.sendBody(to, "", lines...) }

func (p *phone) sendBody(to, body string, lines ...string) {
	p.t.Helper()
	addr, err := net.ResolveUDPAddr("udp", to)
	if err != nil {
		p.t.Fatal(err)
	}
	text := strings.Join(append(lines, fmt.Sprintf("Content-Length: %d", len(body))), "\r\n") + "\r\n\r\n" + body
	if _, err := p.conn.WriteToUDP([]byte(text), addr); err != nil {
		p.t.Fatal(err)
	}
}

// message is a SIP message: its first line and its header lines.
type message struct {
	first  string
	header []string
	from   string // host:port it came from
}

// await gives the next message that starts so and passes over others, such as
// retransmissions and 100.
func (p *phone) await(start string) message {
	p.t.Helper()
	var skipped []string
	buf := make([]byte, 65536)
	_ = p.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		n, from, err := p.conn.ReadFromUDP(buf)
		if err != nil {
			p.t.Fatalf("no %s came, but %q: %v", start, skipped, err)
		}
		head, _, _ := strings.Cut(string(buf[:n]), "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		if strings.HasPrefix(lines[0], start) {
			return message{first: lines[0], header: lines[1:], from: from.String()}
		}
		skipped = append(skipped, lines[0])
	}
}

// all gives the lines of the header, whole.
func (m message) all(name string) []string {
	var out []string
	for _, line := range m.header {
		if n, _, _ := strings.Cut(line, ":"); strings.EqualFold(strings.TrimSpace(n), name) {
			out = append(out, line)
		}
	}
	return out
}

// value gives the header's first value.
func (m message) value(name string) string {
	for _, line := range m.all(name) {
		_, v, _ := strings.Cut(line, ":")
		return strings.TrimSpace(v)
	}
	return ""
}

// answer answers a request as its receiver.
func (p *phone) answer(m message, status string, more ...string) {
	p.t.Helper()
	lines := append([]string{"SIP/2.0 " + status}, m.all("Via")...)
	lines = append(lines, m.all("Record-Route")...)
	to := m.value("To")
	if !strings.Contains(to, ";tag=") {
		to += ";tag=" + p.tag()
	}
	lines = append(lines, "From: "+m.value("From"), "To: "+to, "Call-ID: "+m.value("Call-ID"), "CSeq: "+m.value("CSeq"))
	p.send(m.from, append(lines, more...)...)
}

func (p *phone) tag() string { return strings.ReplaceAll(p.addr(), ":", "-") }

// leg is one side of a dialog.
type leg struct {
	*phone
	local, remote string // From and To of its requests
	callID        string
	target        string   // Request-URI
	routes        []string // Route lines
	cseq          int
	branches      int
}

// dialogue is a call in progress between two phones.
type dialogue struct {
	callID        string // SIP's
	id            string // Tandem's
	arm           string
	caller, agent *leg
}

// branch makes a branch that no other request has.
func (l *leg) branch() string {
	l.branches++
	return fmt.Sprintf("z9hG4bK-%s-%s-%d", l.callID, l.tag(), l.branches)
}

// request sends a request within the dialog by way of the node at gateway.
func (l *leg) request(gateway, method string, more ...string) {
	l.t.Helper()
	l.requestBody(gateway, method, "", more...)
}

// notify tells how a transfer came out (RFC 3515 section 2.4.5).
func (l *leg) notify(gateway, outcome string) {
	l.t.Helper()
	l.requestBody(gateway, "NOTIFY", outcome+"\r\n", "Event: refer", "Subscription-State: terminated;reason=noresource",
		"Contact: <sip:caller@"+l.addr()+">", "Content-Type: message/sipfrag")
}

func (l *leg) requestBody(gateway, method, body string, more ...string) {
	l.t.Helper()
	if method != "ACK" {
		l.cseq++
	}
	lines := append([]string{
		method + " " + l.target + " SIP/2.0", "Via: SIP/2.0/UDP " + l.addr() + ";branch=" + l.branch(), "Max-Forwards: 70",
		"From: " + l.local, "To: " + l.remote, "Call-ID: " + l.callID, fmt.Sprintf("CSeq: %d %s", l.cseq, method),
	}, l.routes...)
	l.sendBody(gateway, body, append(lines, more...)...)
}

// converse sets a call up by way of the node at invited; its ACK goes by way
// of the node at acked. agents are by arm.
func converse(t testing.TB, caller *phone, agents map[string]*phone, callID, number, invited, acked string) *dialogue {
	t.Helper()
	out := &leg{phone: caller, callID: callID, local: "<sip:+14155550112@" + caller.addr() + ">;tag=" + caller.tag(), remote: "<sip:" + number + "@" + invited + ">", cseq: 1}
	caller.send(invited,
		"INVITE sip:"+number+"@"+invited+" SIP/2.0", "Via: SIP/2.0/UDP "+caller.addr()+";branch="+out.branch(), "Max-Forwards: 70",
		"From: "+out.local, "To: "+out.remote, "Call-ID: "+callID, "CSeq: 1 INVITE", "Contact: <sip:caller@"+caller.addr()+">")
	arm, invite := firstInvite(t, agents)
	agent := agents[arm]
	agent.answer(invite, "200 OK", "Contact: <sip:agent@"+agent.addr()+">")
	ok := caller.await("SIP/2.0 200")
	out.remote, out.target = ok.value("To"), contact(ok)
	records := ok.all("Record-Route")
	for i := range records {
		out.routes = append(out.routes, "Route"+strings.TrimPrefix(records[len(records)-1-i], "Record-Route"))
	}
	in := &leg{phone: agent, callID: callID, local: ok.value("To"), remote: ok.value("From"), target: contact(invite), cseq: 10}
	for _, line := range invite.all("Record-Route") {
		in.routes = append(in.routes, "Route"+strings.TrimPrefix(line, "Record-Route"))
	}
	out.request(acked, "ACK")
	agent.await("ACK")
	return &dialogue{callID: callID, id: invite.value("X-Tandem-Call"), arm: arm, caller: out, agent: in}
}

// firstInvite waits until one of the agents is called.
func firstInvite(t testing.TB, agents map[string]*phone) (arm string, m message) {
	t.Helper()
	deadline := time.Now().Add(patience)
	buf := make([]byte, 65536)
	for time.Now().Before(deadline) {
		for arm, a := range agents {
			_ = a.conn.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
			n, from, err := a.conn.ReadFromUDP(buf)
			if err != nil {
				continue
			}
			head, _, _ := strings.Cut(string(buf[:n]), "\r\n\r\n")
			if lines := strings.Split(head, "\r\n"); strings.HasPrefix(lines[0], "INVITE ") {
				return arm, message{first: lines[0], header: lines[1:], from: from.String()}
			}
		}
	}
	t.Fatal("no agent was called")
	return "", message{}
}

func contact(m message) string {
	_, v, _ := strings.Cut(m.value("Contact"), "<")
	uri, _, _ := strings.Cut(v, ">")
	return uri
}
