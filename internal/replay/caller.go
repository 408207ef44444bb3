package replay

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"tandem"
)

// byeTimeout is how long the other side has to confirm the end of a call: a
// few retransmissions.
const byeTimeout = 5 * time.Second

// caller places calls and plays the caller's part of their conversations.
type caller struct {
	*endpoint
	gateway  sip.Uri
	network  string // udp or tcp
	username string
	password string

	mu      sync.Mutex
	dialogs map[string]*sipgo.DialogClientSession
}

func newCaller(e *endpoint, gateway sip.Uri, network, username, password string) *caller {
	c := &caller{
		endpoint: e, gateway: gateway, network: network, username: username, password: password,
		dialogs: map[string]*sipgo.DialogClientSession{},
	}
	e.server.OnBye(c.onBye)
	return c
}

func (c *caller) onBye(req *sip.Request, tx sip.ServerTransaction) {
	s := c.dialog(req)
	if s == nil || s.ReadBye(req, tx) != nil {
		answer(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
	}
}

func (c *caller) dialog(req *sip.Request) *sipgo.DialogClientSession {
	id, err := sip.DialogIDFromRequestUAC(req)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dialogs[id]
}

// check asks the gateway whether it is there (OPTIONS, RFC 3261 section 11).
func (c *caller) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	req := sip.NewRequest(sip.OPTIONS, c.gateway)
	req.SetTransport(strings.ToUpper(c.network))
	c.own(req)
	if _, err := c.client.Do(ctx, req); err != nil {
		return tandem.Errorf(tandem.Unavailable, "sip", "%s does not answer SIP over %s: %w", c.gateway.HostPort(), c.network, err)
	}
	return nil
}

const checkTimeout = 3 * time.Second

// dial places a call and waits until it is answered and acknowledged, for at
// most patience. ctx ending before gives the call up.
func (c *caller) dial(ctx context.Context, patience time.Duration, number, from, replayID string) (*sipgo.DialogClientSession, error) {
	d := &dialling{}
	var stop func()
	d.ctx, stop = d.until(ctx, patience)
	defer stop()
	s, err := c.place(d, number, from, replayID)
	switch {
	case err == nil:
		return s, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case d.ctx.Err() != nil:
		return nil, tandem.Errorf(tandem.Unavailable, "", "the call to %s was not answered within %s", number, patience)
	}
	return nil, err
}

// dialling is a call that is not answered yet.
type dialling struct {
	ctx context.Context
	// heard is whether anything came back. A call of which nothing has been
	// heard cannot be cancelled (RFC 3261 section 9.1), only dropped.
	heard atomic.Bool
}

// until gives a context that ends after patience or with ctx, in the way that
// the SIP stack needs to know.
func (d *dialling) until(ctx context.Context, patience time.Duration) (context.Context, func()) {
	out, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	giveUp := func() {
		if d.heard.Load() {
			cancel(context.DeadlineExceeded)
		} else {
			cancel(sipgo.WaitAnswerForceCancelErr)
		}
	}
	timer := time.AfterFunc(patience, giveUp)
	unhook := context.AfterFunc(ctx, giveUp)
	return out, func() {
		timer.Stop()
		unhook()
		cancel(nil)
	}
}

func (c *caller) place(d *dialling, number, from, replayID string) (*sipgo.DialogClientSession, error) {
	target := *c.gateway.Clone()
	target.User = number
	extra := []sip.Header{sip.NewHeader(HeaderReplay, replayID)}
	network := c.network
	for redirected := false; ; redirected = true {
		session, err := c.invite(d, target, network, from, extra)
		if err == nil {
			return session, nil
		}
		refused, ok := errors.AsType[*sipgo.ErrDialogResponse](err)
		if !ok {
			return nil, fmt.Errorf("call %s: %w", number, err)
		}
		contact := refused.Res.Contact()
		if redirected || refused.Res.StatusCode/100 != 3 || contact == nil {
			return nil, tandem.Errorf(tandem.Unavailable, "", "the call to %s was answered %d %s", number, refused.Res.StatusCode, refused.Res.Reason)
		}
		var moved []sip.Header
		target, network, moved = follow(contact.Address, network)
		extra = append(extra, moved...)
	}
}

// follow turns a redirect's contact into a target, its transport, and the
// headers that it asks for (RFC 3261 section 19.1.5; only X- headers are
// taken, since the others could change what the call is).
func follow(uri sip.Uri, network string) (sip.Uri, string, []sip.Header) {
	var headers []sip.Header
	for _, h := range uri.Headers {
		value, err := url.PathUnescape(h.V)
		if err == nil && len(h.K) > 2 && strings.EqualFold(h.K[:2], "X-") && !strings.ContainsAny(value, "\r\n\x00") {
			headers = append(headers, sip.NewHeader(h.K, value))
		}
	}
	uri.Headers = nil
	if t, ok := uri.UriParams.Get("transport"); ok {
		network = strings.ToLower(t)
	}
	return uri, network, headers
}

func (c *caller) invite(d *dialling, target sip.Uri, network, from string, extra []sip.Header) (*sipgo.DialogClientSession, error) {
	req := sip.NewRequest(sip.INVITE, target)
	req.SetTransport(strings.ToUpper(network))
	c.own(req)
	f := sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: from, Host: c.host()}}
	f.Params.Add("tag", sip.GenerateTagN(16))
	contact := c.contact(network)
	req.AppendHeader(&f)
	req.AppendHeader(&contact)
	for _, h := range extra {
		req.AppendHeader(h)
	}
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.SetBody(sdp(c.endpoint))
	session, err := c.dialogUA(network).WriteInvite(d.ctx, req)
	if err != nil {
		return nil, err
	}
	heard := func(*sip.Response) error {
		d.heard.Store(true)
		return nil
	}
	if err := session.WaitAnswer(d.ctx, sipgo.AnswerOptions{Username: c.username, Password: c.password, OnResponse: heard}); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.dialogs[session.ID] = session
	c.mu.Unlock()
	if err := session.Ack(d.ctx); err != nil {
		c.forget(session)
		return nil, err
	}
	return session, nil
}

func (c *caller) forget(s *sipgo.DialogClientSession) {
	c.mu.Lock()
	delete(c.dialogs, s.ID)
	c.mu.Unlock()
}

// hangUp sends BYE unless the call has ended, even when the program is
// stopping: the other side must not be left with a call that nobody is on.
func (c *caller) hangUp(ctx context.Context, s *sipgo.DialogClientSession) error {
	// The session's state may say confirmed after a BYE that came while the ACK
	// was on its way out; its context does not go back.
	if s.Context().Err() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), byeTimeout)
	defer cancel()
	to := s.InviteRequest.Recipient
	if contact := s.InviteResponse.Contact(); contact != nil {
		to = contact.Address
	}
	bye := sip.NewRequest(sip.BYE, *to.Clone())
	bye.SetTransport(s.InviteRequest.Transport())
	c.own(bye)
	return s.WriteBye(ctx, bye)
}
