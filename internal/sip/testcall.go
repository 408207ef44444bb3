package sip

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"syscall"
	"time"

	"tandem"
	"tandem/internal/sip/wire"
)

// TestCaller places calls that only see whether an agent answers. It finds
// targets as the gateway does, but keeps nothing and needs no gateway.
type TestCaller struct {
	tls   *tls.Config
	dns   lookup
	times testTimes
	now   func() time.Time
}

// testTimes bound a test call; the sum of all but t1 is the longest it takes.
type testTimes struct {
	t1     time.Duration // until the first retransmission
	answer time.Duration // to look the name up, connect and be answered
	hold   time.Duration // how long an answered call is held
	end    time.Duration // to have the end confirmed
}

// NewTestCaller makes a TestCaller. conf holds the roots for TLS; nil is the
// system's.
func NewTestCaller(conf *tls.Config) *TestCaller {
	return &TestCaller{
		tls: conf, dns: net.DefaultResolver, now: time.Now,
		times: testTimes{t1: 500 * time.Millisecond, answer: 6 * time.Second, hold: 3 * time.Second, end: time.Second},
	}
}

// Call calls target once, at one address and without following redirects, holds
// the line for three seconds and hangs up: ten seconds in all. What goes wrong on
// the way is told in what it gives. number fills in a target without a user part.
// ctx ending hangs up.
//
// Errors: Invalid with fields "target" and "number".
func (c *TestCaller) Call(ctx context.Context, target tandem.Target, number string) (tandem.TestCall, error) {
	if err := target.Validate(); err != nil {
		return tandem.TestCall{}, tandem.Errorf(tandem.Invalid, "target", "cannot be called: %w", err)
	}
	t := prepare(*target.SIP)
	if t == nil {
		return tandem.TestCall{}, tandem.Errorf(tandem.Invalid, "target", "is %q; expected a SIP URI", target.SIP.URI)
	}
	if t.after != "" && number == "" {
		return tandem.TestCall{}, tandem.Errorf(tandem.Invalid, "number", "is missing; the target %s has no user part, so a call needs the number that it is for", target.SIP.URI)
	}
	p := &testCall{TestCaller: c, target: t, begun: c.now()}
	p.out = tandem.TestCall{
		URI: string(t.appendURI(nil, number)), Transport: t.query.network, StartedAt: p.begun.UTC(), Steps: []tandem.TestCallStep{},
	}
	p.run(ctx)
	p.out.Seconds = p.elapsed()
	return p.out, nil
}

// testCall is one test call on its way.
type testCall struct {
	*TestCaller
	target *target
	begun  time.Time
	out    tandem.TestCall

	line   *testLine
	audio  *testAudio
	invite wire.Message
	tag    string // ours
}

// run makes the call and sees that it ends.
func (p *testCall) run(ctx context.Context) {
	waiting, cancel := context.WithTimeout(ctx, p.times.answer)
	defer cancel()
	to, err := p.find(waiting)
	if err != nil {
		p.fail(tandem.TestUnreachable, "The name %s has no address: %s.", p.target.query.host, plainNetwork(err))
		return
	}
	p.out.Address = to.addr.String()
	p.step("calling %s over %s", to.addr, strings.ToUpper(to.network))
	if p.line, err = p.open(waiting, to); err != nil {
		p.fail(tandem.TestUnreachable, "%s cannot be reached over %s: %s.", to.addr, strings.ToUpper(to.network), plainNetwork(err))
		return
	}
	defer p.line.close()
	if p.audio, err = listenAudio(p.line.local.Addr()); err != nil {
		p.fail(tandem.TestUnreachable, "Tandem cannot open a port for audio: %s.", plainNetwork(err))
		return
	}
	defer p.audio.close()
	if err := p.compose(); err != nil {
		p.fail(tandem.TestUnreachable, "The call cannot be written: %s.", err)
		return
	}
	ok, err := p.ring(waiting)
	switch {
	case err != nil:
		p.fail(tandem.TestUnreachable, "%s over %s: %s.", to.addr, strings.ToUpper(to.network), plainNetwork(err))
	case ok != nil:
		p.talk(ctx, ok)
	}
}

func (p *testCall) elapsed() float64 { return seconds(p.now().Sub(p.begun)) }

// seconds rounds to milliseconds.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

func (p *testCall) step(format string, args ...any) {
	p.out.Steps = append(p.out.Steps, tandem.TestCallStep{Seconds: p.elapsed(), Text: fmt.Sprintf(format, args...)})
}

func (p *testCall) fail(outcome tandem.TestCallOutcome, format string, args ...any) {
	p.out.Outcome, p.out.Text = outcome, fmt.Sprintf(format, args...)
	p.step("%s", strings.TrimSuffix(p.out.Text, "."))
}

// find gives the address to call: the first, since a test tries one.
func (p *testCall) find(ctx context.Context) (endpoint, error) {
	if p.target.literal {
		return p.target.direct, nil
	}
	found, err := (&resolver{dns: p.dns, ctx: ctx}).find(p.target.query)
	if err != nil {
		return endpoint{}, err
	}
	if len(found) > 1 {
		p.step("%s has %d addresses; the first is called", p.target.query.host, len(found))
	}
	return found[0], nil
}

// plainNetwork is a network error without the addresses that the text around it
// names already.
func plainNetwork(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return "it is not known"
		}
		return "the name server does not answer"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to it from here"
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "it did not answer in time"
	}
	return err.Error()
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// randomToken is a tag, branch or Call-ID that nobody guesses.
func randomToken() string {
	var b [12]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// compose writes the INVITE.
func (p *testCall) compose() error {
	offer := p.audio.offer()
	p.tag = randomToken()
	var b []byte
	b = fmt.Appendf(b, "INVITE %s SIP/2.0\r\n%sMax-Forwards: 70\r\n", p.out.URI, p.line.via())
	b = fmt.Appendf(b, "From: \"Tandem test call\" <sip:%s@%s>;tag=%s\r\nTo: <%s>\r\n", testUser, hostOf(p.line.local.Addr()), p.tag, p.out.URI)
	b = fmt.Appendf(b, "Call-ID: %s\r\nCSeq: 1 INVITE\r\nContact: %s\r\n", randomToken(), p.line.contact())
	b = append(b, "User-Agent: Tandem\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nX-Tandem-Test: yes\r\n"...)
	b = append(b, p.target.lines...)
	b = fmt.Appendf(b, "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(offer), offer)
	return p.invite.Parse(b)
}

const testUser = "tandem-test"
