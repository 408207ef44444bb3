package replay

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"tandem"
)

// The headers that tie the two ends of a replayed call together.
const (
	// HeaderReplay carries the conversation's id from the caller to the agent;
	// a gateway passes it on untouched.
	HeaderReplay = "X-Replay-Id"
	// HeaderCall carries Tandem's id of the call to the agent.
	HeaderCall = "X-Tandem-Call"
	// HeaderTest marks a call that only sees whether the agent answers; it is taken,
	// and the caller hangs up.
	HeaderTest = "X-Tandem-Test"
)

// Leg is a call as it reaches the agent.
type Leg struct {
	// CallID is Tandem's id of the call; empty when no gateway was in the way.
	CallID tandem.ID
	// User is the user part of the URI that was called.
	User string
	// Headers are the X- headers of the INVITE, by name as sent.
	Headers map[string]string
}

// A Script decides how the conversation goes once the agent sees who calls and
// as which version it was called.
type Script func(Leg) Conversation

// pending is a call that was placed and that the agent is to take.
type pending struct {
	script Script
	hold   func(Conversation) time.Duration

	mu       sync.Mutex
	taken    bool
	leg      Leg
	played   Conversation
	answered time.Time
}

// take notes what the agent answers with. The agent may be called twice when
// the gateway forks; the last one plays.
func (p *pending) take(leg Leg, c Conversation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken, p.leg, p.played, p.answered = true, leg, c, time.Now()
}

func (p *pending) conversation() (Leg, Conversation, time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.leg, p.played, p.answered, p.taken
}

// agent answers calls and plays the agent's part of their conversations.
type agent struct {
	*endpoint
	find func(replayID string) *pending

	mu      sync.Mutex
	dialogs map[string]*agentCall
	closed  bool
	calls   sync.WaitGroup
}

// agentCall is a call that the agent is on.
type agentCall struct {
	*sipgo.DialogServerSession
	acked chan struct{} // closed when the caller's ACK has arrived
	once  sync.Once
}

func newAgent(e *endpoint, find func(string) *pending) *agent {
	a := &agent{endpoint: e, find: find, dialogs: map[string]*agentCall{}}
	e.server.OnInvite(a.onInvite)
	e.server.OnAck(func(req *sip.Request, tx sip.ServerTransaction) {
		if c := a.dialog(req); c != nil {
			_ = c.ReadAck(req, tx) // one for an older CSeq has nothing to confirm
			c.once.Do(func() { close(c.acked) })
		}
	})
	e.server.OnBye(a.onBye)
	return a
}

func (a *agent) onBye(req *sip.Request, tx sip.ServerTransaction) {
	c := a.dialog(req)
	if c == nil || c.ReadBye(req, tx) != nil {
		answer(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
	}
}

// begin counts a call in; false once the agent is closing.
func (a *agent) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.calls.Add(1)
	}
	return !a.closed
}

// close waits until the agent is on no call and closes the end point.
func (a *agent) close() error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.stop()
	a.calls.Wait()
	return a.endpoint.close()
}

func (a *agent) dialog(req *sip.Request) *agentCall {
	id, err := sip.DialogIDFromRequestUAS(req)
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dialogs[id]
}

func (a *agent) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if !a.begin() {
		answer(req, tx, sip.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	defer a.calls.Done()
	if to := req.To(); to != nil && to.Params.Has("tag") {
		answer(req, tx, sip.StatusNotAcceptableHere, "Not Acceptable Here") // nothing about the call may change
		return
	}
	p := a.find(headerValue(req, HeaderReplay))
	if p == nil && headerValue(req, HeaderTest) != "" {
		p = &pending{script: func(Leg) Conversation { return Conversation{By: tandem.ByCaller} }}
	}
	if p == nil {
		answer(req, tx, sip.StatusNotFound, "Not Found")
		return
	}
	session, err := a.dialogUA(req.Transport()).ReadInvite(req, tx)
	if err != nil {
		answer(req, tx, sip.StatusBadRequest, "Bad Request")
		return
	}
	c := &agentCall{DialogServerSession: session, acked: make(chan struct{})}
	a.mu.Lock()
	a.dialogs[session.ID] = c
	a.mu.Unlock()
	a.converse(c, legOf(req), p)
	a.mu.Lock()
	delete(a.dialogs, session.ID)
	a.mu.Unlock()
}

// ackTimeout is how long the agent waits for an ACK that the BYE overtook.
const ackTimeout = time.Second

// converse answers the call and holds it until one side hangs up.
func (a *agent) converse(call *agentCall, leg Leg, p *pending) {
	if call.Respond(sip.StatusRinging, "Ringing", nil) != nil {
		return // cancelled
	}
	c := p.script(leg)
	p.take(leg, c)
	err := call.RespondSDP(sdp(a.endpoint))
	if call.Context().Err() != nil { // a BYE overtook the ACK, or the call was cancelled
		late := time.NewTimer(ackTimeout)
		defer late.Stop()
		select {
		case <-call.acked:
		case <-late.C:
		}
		return
	}
	if err == nil && !callerEnds(c) {
		err = a.hangUp(call.DialogServerSession, p.hold(c))
	}
	if err != nil {
		a.log.Warn("the agent's side of a call failed", "call_id", leg.CallID, "error", err)
		return
	}
	select {
	case <-call.Context().Done():
	case <-a.ctx.Done():
	}
}

// hangUp sends BYE after the conversation's length, unless the call ends
// before.
func (a *agent) hangUp(session *sipgo.DialogServerSession, after time.Duration) error {
	if !wait(after, session.Context(), a.ctx) {
		return nil
	}
	ctx, cancel := context.WithTimeout(a.ctx, byeTimeout)
	defer cancel()
	contact := session.InviteRequest.Contact()
	bye := sip.NewRequest(sip.BYE, *contact.Address.Clone())
	bye.SetTransport(session.InviteRequest.Transport())
	a.own(bye)
	return session.WriteBye(ctx, bye)
}

// callerEnds says which end hangs up. What a system ended, or nobody knows who
// did, is ended by the agent's side, as a platform would.
func callerEnds(c Conversation) bool { return c.EndedBy() == tandem.ByCaller }

func legOf(req *sip.Request) Leg {
	leg := Leg{CallID: tandem.ID(headerValue(req, HeaderCall)), User: req.Recipient.User, Headers: map[string]string{}}
	for _, h := range req.Headers() {
		if n := h.Name(); len(n) > 2 && strings.EqualFold(n[:2], "X-") {
			leg.Headers[n] = h.Value()
		}
	}
	return leg
}

func headerValue(req *sip.Request, name string) string {
	if h := req.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}

// wait sleeps for d and says whether nothing stopped it.
func wait(d time.Duration, stops ...context.Context) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	a, b := stops[0], stops[len(stops)-1]
	select {
	case <-t.C:
		return true
	case <-a.Done():
	case <-b.Done():
	}
	return false
}
