package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem"
)

// testTimesFor are long enough for a busy machine where an answer comes, and short
// where none does.
func testTimesFor(answer time.Duration) testTimes {
	return testTimes{t1: 100 * time.Millisecond, answer: answer, hold: 30 * time.Millisecond, end: patience}
}

func sipTarget(uri, transport string) tandem.Target {
	return tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: uri, Transport: transport, Headers: map[string]string{"X-Tenant": "blue"}}}
}

// place makes a test call in the background.
func place(t *testing.T, c *TestCaller, target tandem.Target, number string) <-chan tandem.TestCall {
	t.Helper()
	out := make(chan tandem.TestCall, 1)
	go func() {
		got, err := c.Call(context.Background(), target, number)
		if err != nil {
			t.Error(err)
		}
		out <- got
	}()
	return out
}

func testCallerFor(answer time.Duration) *TestCaller {
	c := NewTestCaller(nil)
	c.times = testTimesFor(answer)
	return c
}

func stepsOf(c tandem.TestCall) string {
	var all []string
	for _, s := range c.Steps {
		all = append(all, s.Text)
	}
	return strings.Join(all, "\n")
}

func TestATestCallIsAnsweredHeldAndEnded(t *testing.T) {
	for _, network := range []string{UDP, TCP} {
		t.Run(network, func(t *testing.T) {
			agent := newUA(t, network)
			done := place(t, testCallerFor(patience), sipTarget("sip:"+agent.at.String(), network), "+14155550100")
			invite := agent.expect("INVITE")
			if invite.uri() != "sip:+14155550100@"+agent.at.String() || invite.get("X-Tenant") != "blue" || invite.get("X-Tandem-Test") != "yes" {
				t.Errorf("the INVITE is\n%s", invite.raw)
			}
			to := netip.MustParseAddrPort(strings.Fields(strings.Split(invite.get("Via"), ";")[0])[1])
			agent.send(to, agent.respond(invite, "100 Trying", "", ""))
			agent.send(to, agent.respond(invite, "180 Ringing", "a", ""))
			agent.send(to, agent.respond(invite, "200 OK", "a", strings.Replace(sdp, "RTP/AVP 0", "RTP/AVP 8 101", 1)))
			ack := agent.await("ACK")
			if ack.get("CSeq") != "1 ACK" || !strings.HasSuffix(ack.get("To"), "tag=a") {
				t.Errorf("the ACK is\n%s", ack.raw)
			}
			bye := agent.await("BYE")
			if bye.uri() != strings.Trim(agent.contact("agent"), "<>") {
				t.Errorf("the BYE goes to %s", bye.uri())
			}
			agent.send(to, agent.respond(bye, "200 OK", "", ""))
			got := <-done
			if got.Outcome != tandem.TestAnswered || got.Status != 200 || got.Codec != "PCMA/8000" || got.Address != agent.at.String() || got.Transport != network {
				t.Errorf("got %+v", got)
			}
			for _, want := range []string{"calling", "INVITE sent", "100 Trying", "180 Ringing", "200 OK", "BYE sent"} {
				if !strings.Contains(stepsOf(got), want) {
					t.Errorf("no step %q in\n%s", want, stepsOf(got))
				}
			}
		})
	}
}

func TestATestCallTellsHowItWasRefused(t *testing.T) {
	for _, c := range []struct{ name, status, text string }{
		{"nobody of that name", "404 Not Found", "404 Not Found. Is the user part"},
		{"a password wanted", "407 Proxy Authentication Required", "user name and password"},
		{"moved", "302 Moved Temporarily", "called at sip:"},
		{"no common codec", "488 Not Acceptable Here", "PCMU"},
	} {
		t.Run(c.name, func(t *testing.T) {
			agent := newUA(t, UDP)
			done := place(t, testCallerFor(patience), sipTarget("sip:front-desk@"+agent.at.String(), ""), "")
			invite := agent.expect("INVITE")
			agent.send(invite.from, agent.respond(invite, c.status, "a", ""))
			agent.await("ACK")
			got := <-done
			if got.Outcome != tandem.TestRefused || !strings.HasPrefix(c.status, got.Reason) && !strings.HasSuffix(c.status, got.Reason) || !strings.Contains(got.Text, c.text) {
				t.Errorf("got %+v", got)
			}
			agent.silent() // no second call
		})
	}
}

func TestATestCallThatRingsIsCancelled(t *testing.T) {
	agent := newUA(t, UDP)
	done := place(t, testCallerFor(300*time.Millisecond), sipTarget("sip:a@"+agent.at.String(), ""), "")
	invite := agent.expect("INVITE")
	agent.send(invite.from, agent.respond(invite, "180 Ringing", "a", ""))
	cancel := agent.await("CANCEL")
	agent.send(cancel.from, agent.respond(cancel, "200 OK", "a", ""))
	agent.send(invite.from, agent.respond(invite, "487 Request Terminated", "a", ""))
	agent.await("ACK")
	if got := <-done; got.Outcome != tandem.TestNoAnswer || !strings.Contains(got.Text, "rang") {
		t.Errorf("got %+v", got)
	}
}

func TestATestCallThatIsTakenAsItIsCancelledIsHungUp(t *testing.T) {
	agent := newUA(t, UDP)
	done := place(t, testCallerFor(300*time.Millisecond), sipTarget("sip:a@"+agent.at.String(), ""), "")
	invite := agent.expect("INVITE")
	agent.send(invite.from, agent.respond(invite, "180 Ringing", "a", ""))
	agent.await("CANCEL")
	agent.send(invite.from, agent.respond(invite, "200 OK", "a", sdp))
	agent.await("ACK")
	bye := agent.await("BYE")
	agent.send(bye.from, agent.respond(bye, "200 OK", "", ""))
	if got := <-done; got.Outcome != tandem.TestNoAnswer {
		t.Errorf("got %+v", got)
	}
}

func TestASilentAgentIsAskedAgainButNotCancelled(t *testing.T) {
	agent := newUA(t, UDP)
	done := place(t, testCallerFor(250*time.Millisecond), sipTarget("sip:a@"+agent.at.String(), ""), "")
	first := agent.expect("INVITE")
	if again := agent.expect("INVITE"); again.raw != first.raw {
		t.Errorf("the retransmission differs:\n%s", again.raw)
	}
	if got := <-done; got.Outcome != tandem.TestNoAnswer || !strings.Contains(got.Text, "Nothing came back") {
		t.Errorf("got %+v", got)
	}
}

func TestAnAgentThatHangsUpIsTold(t *testing.T) {
	agent := newUA(t, UDP)
	c := testCallerFor(patience)
	c.times.hold = patience
	done := place(t, c, sipTarget("sip:a@"+agent.at.String(), ""), "")
	invite := agent.expect("INVITE")
	agent.send(invite.from, agent.respond(invite, "200 OK", "a", sdp))
	ack := agent.await("ACK")
	from, to := ack.get("To"), ack.get("From")
	agent.send(invite.from, compose("BYE sip:tandem-test@"+invite.from.String()+" SIP/2.0", []string{
		"Via: SIP/2.0/UDP " + agent.at.String() + ";branch=z9hG4bKbye", "Max-Forwards: 70", "From: " + from, "To: " + to,
		"Call-ID: " + ack.get("Call-ID"), "CSeq: 1 BYE",
	}, ""))
	agent.await("200")
	if got := <-done; got.Outcome != tandem.TestAnswered || !strings.Contains(got.Text, "hung up by itself") {
		t.Errorf("got %+v", got)
	}
}

func TestATestCallThatGetsNowhere(t *testing.T) {
	free, err := net.ListenPacket("udp", loopback)
	if err != nil {
		t.Fatal(err)
	}
	nobody := free.LocalAddr().String()
	_ = free.Close()
	for _, c := range []struct {
		name, uri, transport, text string
		dns                        dnsOf
	}{
		{"nobody listens over UDP", "sip:a@" + nobody, "udp", "nothing listens there", nil},
		{"nobody listens over TCP", "sip:a@" + nobody, "tcp", "nothing listens there", nil},
		{"a name that is not known", "sip:a@agent.invalid", "", "has no address: it is not known", dnsOf{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			caller := testCallerFor(patience)
			if c.dns != nil {
				caller.dns = c.dns
			}
			got, err := caller.Call(context.Background(), sipTarget(c.uri, c.transport), "")
			if err != nil || got.Outcome != tandem.TestUnreachable || !strings.Contains(got.Text, c.text) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestATestCallByName(t *testing.T) {
	agent := newUA(t, UDP)
	caller := testCallerFor(patience)
	caller.dns = dnsOf{"agent.invalid": agent.at}
	done := place(t, caller, sipTarget("sip:a@agent.invalid", ""), "")
	invite := agent.expect("INVITE")
	agent.send(invite.from, agent.respond(invite, "486 Busy Here", "a", ""))
	agent.await("ACK")
	if got := <-done; got.Address != agent.at.String() || got.Outcome != tandem.TestRefused {
		t.Errorf("got %+v", got)
	}
}

// dnsOf is a name server that gives each name one address by an SRV record.
type dnsOf map[string]netip.AddrPort

func (n dnsOf) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	at, ok := n[name]
	if !ok {
		return "", nil, errors.New("no such record")
	}
	return name, []*net.SRV{{Target: name + ".", Port: at.Port()}}, nil
}

func (n dnsOf) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	at, ok := n[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{at.Addr()}, nil
}

func TestATargetThatCannotBeCalled(t *testing.T) {
	c := NewTestCaller(nil)
	_, err := c.Call(context.Background(), tandem.Target{}, "")
	if tandem.CodeOf(err) != tandem.Invalid {
		t.Errorf("no target: %v", err)
	}
	_, err = c.Call(context.Background(), sipTarget("sip:agent.invalid", ""), "")
	if tandem.CodeOf(err) != tandem.Invalid || !strings.Contains(err.Error(), "number") {
		t.Errorf("no number: %v", err)
	}
}

func TestTheChosenAudioFormatIsRead(t *testing.T) {
	head := "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
	for _, c := range []struct{ name, sdp, codec, fault string }{
		{"a static one", head + "m=audio 4000 RTP/AVP 0\r\n", "PCMU/8000", ""},
		{"a dynamic one", head + "m=audio 4000 RTP/AVP 111 0\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:111 opus/48000/2\r\n", "opus/48000/2", ""},
		{"audio after video", head + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 L16/16000\r\n", "L16/16000", ""},
		{"refused", head + "m=audio 0 RTP/AVP 0\r\n", "", "refused"},
		{"none", "", "", "did not say"},
		{"unknown", head + "m=audio 4000 RTP/AVP 97\r\n", "", "no audio format"},
	} {
		if codec, fault := chosen([]byte(c.sdp)); codec != c.codec || !strings.Contains(fault, c.fault) || (fault == "") != (c.fault == "") {
			t.Errorf("%s: %q, %q", c.name, codec, fault)
		}
	}
}
