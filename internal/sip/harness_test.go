package sip

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/assign"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// quiet is how long a test listens for what must not come.
const quiet = 150 * time.Millisecond

var testSecret = bytes.Repeat([]byte{42}, 32)

// quick are timers short enough for tests and long enough for a busy machine.
var quick = Timers{T1: 100 * time.Millisecond, T2: 400 * time.Millisecond, T4: 100 * time.Millisecond, Provisional: 400 * time.Millisecond}

// book is an assigner that knows what to say for each number.
type book struct {
	mu   sync.Mutex
	by   map[string]assign.Decision
	seen []assign.Request
}

func (b *book) Assign(r assign.Request) (assign.Decision, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = append(b.seen, r)
	d, ok := b.by[r.Number]
	d.Assignment.Caller = r.Caller
	if d.Assignment.UnitKind == tandem.PerCall {
		d.Assignment.Unit = string(r.CallID)
	}
	return d, ok
}

// asked gives the requests so far.
func (b *book) asked() []assign.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]assign.Request(nil), b.seen...)
}

func (b *book) set(number string, d assign.Decision) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.by[number] = d
}

// ledger is a recorder that remembers.
type ledger struct {
	mu     sync.Mutex
	events []tandem.Event
	more   chan struct{}
}

func newLedger() *ledger { return &ledger{more: make(chan struct{}, 1)} }

func (l *ledger) Record(e tandem.Event) {
	l.mu.Lock()
	l.events = append(l.events, e)
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

func (l *ledger) all(kind tandem.EventKind) (out []tandem.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// wait gives the first event of this kind once it is there.
func (l *ledger) wait(t *testing.T, kind tandem.EventKind) tandem.Event {
	t.Helper()
	return l.waitN(t, kind, 1)[0]
}

func (l *ledger) waitN(t *testing.T, kind tandem.EventKind, n int) []tandem.Event {
	t.Helper()
	deadline := time.After(patience)
	for {
		if got := l.all(kind); len(got) >= n {
			return got
		}
		select {
		case <-l.more:
		case <-deadline:
			t.Fatalf("no %d %q events; have %v", n, kind, l.kinds())
		}
	}
}

func (l *ledger) kinds() (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		out = append(out, string(e.Kind))
	}
	return out
}

// call gives the record that the events make, checked as ingest would.
func (l *ledger) call(t *testing.T) tandem.Call {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var c tandem.Call
	for _, e := range l.events {
		if err := e.Validate(); err != nil {
			t.Fatalf("the gateway recorded an event that ingest refuses: %v", err)
		}
		c.Apply(e)
	}
	return c
}

// world is a running gateway.
type world struct {
	*Gateway
	t    *testing.T
	book *book
	led  *ledger
}

const (
	number   = "+14155550100"
	loopback = "127.0.0.1:0"
)

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// start runs a gateway on loopback that admits loopback; changes may alter its
// configuration and, as functions of the gateway, its parts before it runs.
func start(t *testing.T, changes ...any) *world {
	t.Helper()
	cfg := Config{
		Listen: []Listener{{Network: UDP, Addr: loopback}},
		Trunks: []Trunk{{Name: "loopback", Sources: []netip.Prefix{
			netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
		}}},
		Secret: testSecret, Timers: quick,
	}
	for _, change := range changes {
		if change, ok := change.(func(*Config)); ok {
			change(&cfg)
		}
	}
	w := &world{t: t, book: &book{by: map[string]assign.Decision{}}, led: newLedger()}
	g, err := New(cfg, w.book, w.led, discard())
	if err != nil {
		t.Fatal(err)
	}
	w.Gateway = g
	for _, change := range changes {
		if change, ok := change.(func(*Gateway)); ok {
			change(g)
		}
	}
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := contextDone() // nothing to wait for
		defer cancel()
		_ = g.Stop(ctx)
	})
	return w
}

// addr gives where the gateway listens on a network.
func (w *world) addr(network string) netip.AddrPort {
	for _, l := range w.Addrs() {
		if l.Network == network {
			return netip.MustParseAddrPort(l.Addr)
		}
	}
	w.t.Fatalf("the gateway does not listen on %s", network)
	return netip.AddrPort{}
}

// newVersion makes a version with a SIP target.
func newVersion(uri string, headers map[string]string) *tandem.Version {
	return &tandem.Version{ID: tandem.NewID(time.Now()), Content: tandem.Content{Target: tandem.Target{
		Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: uri, Headers: headers},
	}}}
}

// give routes the test number to a version, as arm B of a test whose arm A is
// live.
func (w *world) give(v, live *tandem.Version, changes ...func(*assign.Decision)) assign.Decision {
	route := &tandem.Route{ID: tandem.NewID(time.Now()), Kind: tandem.Inbound, Number: number, SIPMode: tandem.Proxy}
	d := assign.Decision{Route: route, Version: v, Live: live, Assignment: tandem.Assignment{
		RouteID: route.ID, TestID: tandem.NewID(time.Now()), Phase: 2, Arm: "B", VersionID: v.ID,
		Probability: 0.2, UnitKind: tandem.PerCall, Number: number,
	}}
	if live != nil {
		route.LiveVersionID = live.ID
	}
	for _, change := range changes {
		change(&d)
	}
	w.book.set(number, d)
	return d
}

// testDialog is one side of a dialog.
type testDialog struct {
	u                     *ua
	to                    netip.AddrPort
	callID, local, remote string
	target                string
	routes                []string
	cseq                  int
}

func address(contact string) string {
	_, rest, _ := strings.Cut(contact, "<")
	uri, _, _ := strings.Cut(rest, ">")
	return uri
}

// callerDialog is the caller's side after the 2xx.
func callerDialog(u *ua, to netip.AddrPort, ok message) *testDialog {
	d := &testDialog{u: u, to: to, callID: ok.get("Call-ID"), local: ok.get("From"), remote: ok.get("To"), target: address(ok.get("Contact")), cseq: 1}
	rr := ok.all("Record-Route")
	for i := len(rr) - 1; i >= 0; i-- {
		d.routes = append(d.routes, rr[i])
	}
	return d
}

// agentDialog is the agent's side after its 2xx with this tag.
func agentDialog(u *ua, to netip.AddrPort, invite message, tag string) *testDialog {
	return &testDialog{
		u: u, to: to, callID: invite.get("Call-ID"), local: invite.get("To") + ";tag=" + tag, remote: invite.get("From"),
		target: address(invite.get("Contact")), routes: invite.all("Record-Route"), cseq: 100,
	}
}

// compose makes a request in the dialog.
func (d *testDialog) compose(method, body string, extra ...string) string {
	if method != "ACK" {
		d.cseq++
	}
	heads := []string{
		"Via: SIP/2.0/" + d.u.transport() + " " + d.u.at.String() + ";branch=z9hG4bK" + serial(),
		"Max-Forwards: 70", "From: " + d.local, "To: " + d.remote, "Call-ID: " + d.callID,
		"CSeq: " + strconv.Itoa(d.cseq) + " " + method,
	}
	for _, r := range d.routes {
		heads = append(heads, "Route: "+r)
	}
	return compose(method+" "+d.target+" SIP/2.0", append(heads, extra...), body)
}

func (d *testDialog) send(method, body string, extra ...string) string {
	d.u.t.Helper()
	text := d.compose(method, body, extra...)
	d.u.send(d.to, text)
	return text
}

// talk is a call that was answered.
type talk struct {
	*world
	caller, agent         *ua
	callerLeg, agentLeg   *testDialog
	sent                  string
	invite, ok            message
	callerGate, agentGate netip.AddrPort
}

// converse sets up a call between two UDP user agents up to the ACK.
func converse(t *testing.T, changes ...any) *talk {
	t.Helper()
	w := start(t, changes...)
	return w.converse(newUA(t, UDP), newUA(t, UDP))
}

func (w *world) converse(caller, agent *ua) *talk {
	w.t.Helper()
	k := &talk{world: w, caller: caller, agent: agent, callerGate: w.addr(caller.network), agentGate: w.addr(agent.network)}
	target := "sip:agent@" + agent.at.String()
	if agent.network != UDP {
		target += ";transport=" + agent.network
	}
	v := newVersion(target, nil)
	w.give(v, v)
	k.sent = caller.invite()
	caller.send(k.callerGate, k.sent)
	caller.expect("100")
	k.invite = agent.expect("INVITE")
	agent.send(k.agentGate, agent.respond(k.invite, "200 OK", "agent1", sdp))
	k.ok = caller.expect("200")
	k.callerLeg = callerDialog(caller, k.callerGate, k.ok)
	k.agentLeg = agentDialog(agent, k.agentGate, k.invite, "agent1")
	k.callerLeg.send("ACK", "")
	agent.expect("ACK")
	return k
}

// eventually waits until something that gives no signal is so.
func eventually(t *testing.T, so func() bool, what string) {
	t.Helper()
	poll := time.NewTicker(tickLength)
	defer poll.Stop()
	deadline := time.After(patience)
	for !so() {
		select {
		case <-poll.C:
		case <-deadline:
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// contextDone gives a context that has ended.
func contextDone() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx, cancel
}

func mustAddr(t *testing.T, s string) netip.AddrPort {
	t.Helper()
	a, err := netip.ParseAddrPort(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
