package sip

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"tandem"
	"tandem/internal/sip/wire"
)

// ring sends the INVITE and waits for its final response until ctx ends. It
// gives the 2xx of a call that was taken; nil when out says how else it went.
func (p *testCall) ring(ctx context.Context) (*wire.Message, error) {
	if err := p.line.send(p.invite.Raw); err != nil {
		return nil, err
	}
	p.step("INVITE sent, offering %s", offered)
	again := newRepeater(p.line, p.times.t1)
	defer again.stop()
	last := 0
	for {
		select {
		case m := <-p.line.got:
			if m.IsRequest() || m.Method != wire.Invite || m.CSeqNumber != 1 {
				continue
			}
			again.stop()
			if m.Status != last { // the same again is a retransmission
				p.heard(m)
				last = m.Status
			}
			if m.Status < 200 {
				continue
			}
			p.out.Status, p.out.Reason = m.Status, reasonOf(m)
			if m.Status < 300 {
				return m, nil
			}
			_ = p.line.send(appendAck(nil, &p.invite, m.Line(wire.To)))
			p.refused(m)
			return nil, nil
		case end := <-p.line.broke:
			if len(p.line.got) > 0 { // what came before the end counts first
				p.line.broke <- end
				continue
			}
			return nil, end.why
		case <-again.due():
			again.next()
			if err := p.line.send(p.invite.Raw); err != nil {
				return nil, err
			}
		case <-ctx.Done():
			p.unanswered(last)
			return nil, nil
		}
	}
}

func (p *testCall) heard(m *wire.Message) {
	p.step("%d %s", m.Status, reasonOf(m))
	p.out.Steps[len(p.out.Steps)-1].Status = m.Status
}

// refused tells a final response of 300 or above.
func (p *testCall) refused(m *wire.Message) {
	p.out.Outcome = tandem.TestRefused
	p.out.Text = fmt.Sprintf("The agent refused the call: %d %s.", m.Status, reasonOf(m))
	if hint := refusalHint(m); hint != "" {
		p.out.Text += " " + hint
	}
}

// refusalHint says what to look at.
func refusalHint(m *wire.Message) string {
	switch m.Status {
	case 301, 302, 305:
		contact, _, _ := wire.List(m.Value(wire.Contact))
		if a, ok := wire.ParseAddress(contact); ok {
			return fmt.Sprintf("It wants to be called at %s.", a.URI)
		}
		return "It wants to be called somewhere else."
	case 401, 407:
		return "It wants a user name and password; Tandem calls without, so it has to admit Tandem by its address."
	case 403:
		return "Does it admit calls from Tandem's address?"
	case 404, 484, 604:
		return "Is the user part of the target right?"
	case 415, 488, 606:
		return "It takes none of the audio formats that were offered: " + offered + "."
	case 480, 486, 600:
		return "It may be reached, but takes no call now."
	case 500, 502, 503, 504:
		return "It is there, but cannot take calls now."
	}
	return ""
}

// unanswered takes the call back. A call of which nothing was heard cannot be
// cancelled (RFC 3261 section 9.1).
func (p *testCall) unanswered(last int) {
	if last == 0 {
		p.fail(tandem.TestNoAnswer, "Nothing came back within %s. Is the address right, and does a firewall let Tandem through?", secondsText(p.times.answer))
		return
	}
	p.fail(tandem.TestNoAnswer, "The agent rang but did not answer within %s; the call was cancelled.", secondsText(p.times.answer))
	_ = p.line.send(appendCancel(nil, &p.invite))
	timer := time.NewTimer(p.times.end)
	defer timer.Stop()
	for {
		select {
		case m := <-p.line.got:
			if m.IsRequest() || m.Method != wire.Invite || m.Status < 200 {
				continue
			}
			p.heard(m)
			if m.Status >= 300 {
				_ = p.line.send(appendAck(nil, &p.invite, m.Line(wire.To)))
				return
			}
			// It was taken after all, at the last moment.
			d := p.dialog(m)
			p.confirm(context.Background(), m, d)
			p.hangUp(m, d)
			return
		case <-p.line.broke:
			return
		case <-timer.C:
			return
		}
	}
}

// talk holds a call that was taken, and ends it.
func (p *testCall) talk(ctx context.Context, ok *wire.Message) {
	taken := p.elapsed()
	d := p.dialog(ok)
	p.confirm(ctx, ok, d)
	var fault string
	p.out.Codec, fault = chosen(ok.Body())
	if p.out.Codec != "" {
		p.step("answered with %s; holding the line for %s", p.out.Codec, secondsText(p.times.hold))
	}
	ended := p.hold(ctx, ok, d)
	if !ended {
		p.hangUp(ok, d)
	}
	p.out.Outcome, p.out.Packets = tandem.TestAnswered, p.audio.heard()
	p.out.Text = fmt.Sprintf("The agent answered after %.1f s", taken)
	switch {
	case fault != "":
		p.out.Text += ", but " + fault + "."
	case p.out.Packets == 0:
		p.out.Text += fmt.Sprintf(" with %s. No audio came in %s: Tandem is silent in a test call, and a firewall may stand between.", p.out.Codec, secondsText(p.times.hold))
	default:
		p.out.Text += fmt.Sprintf(" with %s, and was heard: %d audio packets.", p.out.Codec, p.out.Packets)
	}
	if ended {
		p.out.Text += " It hung up by itself."
	}
}

// hold keeps the line open and says whether the agent ended the call.
func (p *testCall) hold(ctx context.Context, ok *wire.Message, d dialog) (ended bool) {
	timer := time.NewTimer(p.times.hold)
	defer timer.Stop()
	for {
		select {
		case m := <-p.line.got:
			switch {
			case !m.IsRequest() && m.Method == wire.Invite && m.Status/100 == 2:
				p.confirm(ctx, ok, d) // our ACK was lost
			case m.IsRequest() && p.answer(m):
				p.step("the agent hung up")
				return true
			}
		case <-p.line.broke:
			p.step("the connection was lost")
			return true
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// answer responds to a request of the agent's and says whether it was the end.
func (p *testCall) answer(m *wire.Message) (bye bool) {
	switch m.Method {
	case wire.Ack:
	case wire.Bye:
		_ = p.line.send(responseTo(m, "200 OK"))
		return true
	case wire.Options, wire.Info, wire.Notify:
		_ = p.line.send(responseTo(m, "200 OK"))
	case wire.Invite, wire.Update:
		_ = p.line.send(responseTo(m, "488 Not Acceptable Here"))
	default:
		_ = p.line.send(responseTo(m, "501 Not Implemented"))
	}
	return false
}

// responseTo answers a request without a body.
func responseTo(m *wire.Message, status string) []byte {
	dst := []byte("SIP/2.0 " + status + crlf)
	for i := range m.Headers {
		switch h := &m.Headers[i]; h.ID {
		case wire.Via, wire.From, wire.To, wire.CallID, wire.CSeq:
			dst = append(dst, m.Raw[h.Start:h.End]...)
		}
	}
	return append(dst, "Content-Length: 0\r\n\r\n"...)
}

// dialog is how requests within the call are addressed.
func (p *testCall) dialog(ok *wire.Message) dialog {
	d, found := dialogOf(ok, func([]byte) bool { return false })
	if !found {
		d = dialog{target: p.invite.URI}
	}
	return d
}

// confirm sends the ACK of a 2xx.
func (p *testCall) confirm(ctx context.Context, ok *wire.Message, d dialog) {
	line := p.towards(ctx, d)
	if line != p.line {
		defer line.close()
	}
	_ = line.send(appendDialogRequest(nil, ok, d, "ACK", []byte(line.via()), 1))
}

// hangUp sends the BYE and waits a moment for its confirmation. It does so even
// when whoever asked for the call is gone: the agent must not be left with it.
func (p *testCall) hangUp(ok *wire.Message, d dialog) {
	ctx, cancel := context.WithTimeout(context.Background(), p.times.end)
	defer cancel()
	line := p.towards(ctx, d)
	if line != p.line {
		defer line.close()
	}
	bye := appendDialogRequest(nil, ok, d, "BYE", []byte(line.via()), 2)
	if line.send(bye) != nil {
		return
	}
	p.step("BYE sent")
	again := newRepeater(line, p.times.t1)
	defer again.stop()
	for {
		select {
		case m := <-line.got:
			if m.IsRequest() {
				p.answer(m)
			} else if m.Method == wire.Bye && m.Status >= 200 {
				p.step("%d %s", m.Status, reasonOf(m))
				return
			}
		case <-line.broke:
			return
		case <-again.due():
			again.next()
			_ = line.send(bye)
		case <-ctx.Done():
			p.step("the end was not confirmed")
			return
		}
	}
}

// towards gives the line that requests within the call take: the one that is
// open, unless the agent named another address.
func (p *testCall) towards(ctx context.Context, d dialog) *testLine {
	next := d.target
	if route := firstRoute(d.routes); route != nil {
		next = route
	}
	u, ok := wire.ParseURI(next)
	if !ok || !u.IsSIP() {
		return p.line
	}
	network := p.line.to.network
	if _, given := wire.Param(u.Params, "transport"); given || u.Secure() {
		network = ""
	}
	q, to, literal := where(u, network)
	if !literal {
		found, err := (&resolver{dns: p.dns, ctx: ctx}).find(q)
		if err != nil {
			return p.line
		}
		to = found[0]
	}
	if to.addr == p.line.to.addr {
		return p.line
	}
	line, err := p.open(ctx, to)
	if err != nil {
		return p.line
	}
	return line
}

// secondsText is a duration in words.
func secondsText(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " seconds"
}
