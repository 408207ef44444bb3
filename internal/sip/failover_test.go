package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/assign"
)

// nobody gives an address on which nothing listens.
func nobody(t *testing.T, network string) string {
	t.Helper()
	u := newUA(t, network)
	u.close()
	return u.at.String()
}

func TestTheLiveVersionTakesTheCallWhenTheTargetFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		target func(t *testing.T, w *world) string
		reason tandem.Reason
	}{
		{"a port that nobody listens on", func(t *testing.T, _ *world) string {
			return "sip:a@" + nobody(t, UDP)
		}, tandem.ReasonTargetDown},
		{"a TCP port that nobody listens on", func(t *testing.T, _ *world) string {
			return "sip:a@" + nobody(t, TCP) + ";transport=tcp"
		}, tandem.ReasonTargetDown},
		{"a name that does not exist", func(*testing.T, *world) string {
			return "sip:a@nowhere.invalid"
		}, tandem.ReasonTargetDown},
		{"a target that says nothing", func(t *testing.T, _ *world) string {
			return "sip:a@" + newUA(t, UDP).at.String()
		}, tandem.ReasonTargetSilent},
		{"a target that answers 503", func(t *testing.T, w *world) string {
			u := newUA(t, UDP)
			go func() {
				m := <-u.got
				u.send(w.addr(UDP), u.respond(m, "503 Service Unavailable", "x", ""))
			}()
			return "sip:a@" + u.at.String()
		}, tandem.ReasonTargetError},
		{"a target over a transport that we do not listen on", func(*testing.T, *world) string {
			return "sips:a@127.0.0.1:5061"
		}, tandem.ReasonTargetDown},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, func(c *Config) { c.Listen = append(c.Listen, Listener{Network: TCP, Addr: loopback}) }, names{}.serve)
			caller, live := newUA(t, UDP), newUA(t, UDP)
			liveVersion := newVersion("sip:live@"+live.at.String(), map[string]string{"X-Which": "live"})
			w.give(newVersion(c.target(t, w), nil), liveVersion)
			caller.send(w.addr(UDP), caller.invite())
			caller.expect("100")
			got := live.expect("INVITE")
			if got.get("X-Which") != "live" {
				t.Errorf("the live version's headers are missing:\n%s", got.raw)
			}
			live.send(w.addr(UDP), live.respond(got, "200 OK", "l", sdp))
			caller.expect("200")
			f := w.led.wait(t, tandem.EventFailover)
			if f.Failover.Reason != c.reason || f.Failover.ServedBy != string(liveVersion.ID) {
				t.Errorf("recorded %+v; expected %s, served by the live version", *f.Failover, c.reason)
			}
			if r := w.led.call(t).NotRandomised(); r != c.reason {
				t.Errorf("the record says not randomised %q; expected %q", r, c.reason)
			}
		})
	}
}

func TestTheFallbackComesBeforeTheLiveVersion(t *testing.T) {
	w := start(t)
	caller, fallback, live := newUA(t, UDP), newUA(t, UDP), newUA(t, UDP)
	w.give(newVersion("sip:a@"+nobody(t, UDP), nil), newVersion("sip:live@"+live.at.String(), nil), func(d *assign.Decision) {
		d.Route.FallbackURI = "sip:desk@" + fallback.at.String()
	})
	caller.send(w.addr(UDP), caller.invite())
	got := fallback.expect("INVITE")
	if f := w.led.wait(t, tandem.EventFailover); f.Failover.ServedBy != "fallback" {
		t.Errorf("served by %q; expected fallback", f.Failover.ServedBy)
	}
	fallback.send(w.addr(UDP), fallback.respond(got, "500 Oops", "f", ""))
	live.expect("INVITE")
	fs := w.led.waitN(t, tandem.EventFailover, 2)
	if fs[0].ID == fs[1].ID || fs[1].Failover.Reason != tandem.ReasonTargetDown {
		t.Errorf("recorded %+v and %+v; expected two events that name the first failure", fs[0], fs[1])
	}
}

func TestACallThatNothingTakesFails(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	v := newVersion("sip:a@"+nobody(t, UDP), nil)
	w.give(v, newVersion("sip:b@"+nobody(t, UDP), nil))
	sent := caller.invite()
	caller.send(w.addr(UDP), sent)
	caller.expect("100")
	final := caller.expect("503")
	caller.send(w.addr(UDP), hopRequest("ACK", sent, final.get("To")))
	e := w.led.wait(t, tandem.EventEnded)
	if e.Ended.By != tandem.BySystem || e.Ended.SIPStatus != 503 {
		t.Errorf("ended %+v; expected by the system with 503", *e.Ended)
	}
}

func TestOnlyTheLastErrorGoesToTheCaller(t *testing.T) {
	w := start(t)
	caller, a, b := newUA(t, UDP), newUA(t, UDP), newUA(t, UDP)
	w.give(newVersion("sip:a@"+a.at.String(), nil), newVersion("sip:b@"+b.at.String(), nil))
	caller.send(w.addr(UDP), caller.invite())
	caller.expect("100")
	a.send(w.addr(UDP), a.respond(a.expect("INVITE"), "500 First", "a", ""))
	a.expect("ACK")
	b.send(w.addr(UDP), b.respond(b.expect("INVITE"), "502 Second", "b", ""))
	b.expect("ACK")
	caller.expect("502")
	if e := w.led.wait(t, tandem.EventEnded); e.Ended.SIPStatus != 502 || e.Ended.By != tandem.BySystem {
		t.Errorf("ended %+v", *e.Ended)
	}
}

func TestADeclinedCallIsNotTriedElsewhere(t *testing.T) {
	for status, by := range map[string]tandem.EndedBy{
		"486 Busy Here": tandem.ByAgent, "603 Decline": tandem.ByAgent, "404 Not Found": tandem.ByAgent, "480 Away": tandem.ByAgent,
	} {
		t.Run(status, func(t *testing.T) {
			w := start(t)
			caller, a, b := newUA(t, UDP), newUA(t, UDP), newUA(t, UDP)
			w.give(newVersion("sip:a@"+a.at.String(), nil), newVersion("sip:b@"+b.at.String(), nil))
			caller.send(w.addr(UDP), caller.invite())
			caller.expect("100")
			a.send(w.addr(UDP), a.respond(a.expect("INVITE"), status, "a", ""))
			a.expect("ACK")
			caller.expect(status[:3])
			b.silent()
			if e := w.led.wait(t, tandem.EventEnded); e.Ended.By != by || e.Ended.Cause != status[4:] {
				t.Errorf("ended %+v", *e.Ended)
			}
		})
	}
}

func TestAChallengedCallHasNotEnded(t *testing.T) {
	w := start(t)
	caller, a := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:a@"+a.at.String(), nil)
	w.give(v, v)
	caller.send(w.addr(UDP), caller.invite())
	caller.expect("100")
	a.send(w.addr(UDP), a.respond(a.expect("INVITE"), "407 Proxy Authentication Required", "a", "", `Proxy-Authenticate: Digest realm="agent", nonce="x"`))
	a.expect("ACK")
	if m := caller.expect("407"); m.get("Proxy-Authenticate") == "" {
		t.Error("the challenge got lost")
	}
	if n := len(w.led.all(tandem.EventEnded)); n != 0 {
		t.Error("recorded an end; the caller will send credentials")
	}
}

func TestALateAnswerFromAnAbandonedTargetIsHungUp(t *testing.T) {
	w := start(t)
	caller, a, b := newUA(t, UDP), newUA(t, UDP), newUA(t, UDP)
	gate := w.addr(UDP)
	w.give(newVersion("sip:a@"+a.at.String(), nil), newVersion("sip:b@"+b.at.String(), nil))
	caller.send(gate, caller.invite())
	caller.expect("100")
	late := a.expect("INVITE")
	got := b.expect("INVITE")
	b.send(gate, b.respond(got, "200 OK", "b", sdp))
	caller.expect("200")
	a.send(gate, a.respond(late, "180 Ringing", "a", ""))
	a.await("CANCEL")
	a.send(gate, a.respond(late, "200 OK", "a", sdp))
	a.await("ACK")
	bye := a.await("BYE")
	a.send(gate, a.respond(bye, "200 OK", "", ""))
	caller.silent()
}

// names is a name server made of maps.
type names struct {
	srv   map[string][]*net.SRV
	addrs map[string][]netip.Addr
	gate  chan struct{} // when set, answers wait for it
}

// serve makes a gateway ask n.
func (n names) serve(g *Gateway) { g.resolver.dns = n }

func (n names) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	if n.gate != nil {
		select {
		case <-n.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if a := n.addrs[host]; a != nil {
		return a, nil
	}
	return nil, errors.New("no such host")
}

func (n names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if s := n.srv["_"+service+"._"+proto+"."+name]; s != nil {
		return name, s, nil
	}
	return "", nil, errors.New("no such record")
}

func TestTargetsAreFoundBySRVAndFailOverBetweenRecords(t *testing.T) {
	caller, a := newUA(t, UDP), newUA(t, UDP)
	local := []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	dead := netip.MustParseAddrPort(nobody(t, UDP))
	w := start(t, names{
		srv: map[string][]*net.SRV{"_sip._udp.agents.test": {
			{Target: "dead.agents.test.", Port: dead.Port(), Priority: 1}, {Target: "up.agents.test.", Port: a.at.Port(), Priority: 2},
		}},
		addrs: map[string][]netip.Addr{"dead.agents.test": local, "up.agents.test": local},
	}.serve)
	v := newVersion("sip:agents.test", nil)
	w.give(v, v)
	caller.send(w.addr(UDP), caller.invite())
	got := a.expect("INVITE")
	if got.uri() != "sip:"+number+"@agents.test" {
		t.Errorf("Request-URI is %s", got.uri())
	}
	a.send(w.addr(UDP), a.respond(got, "200 OK", "a", sdp))
	caller.await("200")
	if n := len(w.led.all(tandem.EventFailover)); n != 0 {
		t.Error("another address of the same target is no failover")
	}
}

func TestACallWaitsForItsTargetsName(t *testing.T) {
	caller, a := newUA(t, UDP), newUA(t, UDP)
	open := make(chan struct{})
	w := start(t, names{addrs: map[string][]netip.Addr{"agent.test": {netip.MustParseAddr("127.0.0.1")}}, gate: open}.serve)
	v := newVersion("sip:a@agent.test:"+a.at.String()[len("127.0.0.1:"):], nil)
	w.give(v, v)
	sent := caller.invite()
	caller.send(w.addr(UDP), sent)
	caller.expect("100")
	caller.send(w.addr(UDP), sent) // a retransmission while the name is looked up
	caller.expect("100")
	close(open)
	got := a.expect("INVITE")
	a.send(w.addr(UDP), a.respond(got, "180 Ringing", "a", ""))
	caller.expect("180")
	a.silent()
}

func TestACancelWhileTheNameIsLookedUp(t *testing.T) {
	caller, a := newUA(t, UDP), newUA(t, UDP)
	open := make(chan struct{})
	w := start(t, names{addrs: map[string][]netip.Addr{"agent.test": {netip.MustParseAddr("127.0.0.1")}}, gate: open}.serve)
	v := newVersion("sip:a@agent.test:"+a.at.String()[len("127.0.0.1:"):], nil)
	w.give(v, v)
	sent := caller.invite()
	caller.send(w.addr(UDP), sent)
	caller.expect("100")
	caller.send(w.addr(UDP), hopRequest("CANCEL", sent, ""))
	caller.expect("200")
	caller.expect("487")
	close(open)
	a.silent()
	cancelled(t, w)
}

func TestTheResolverKeepsOldAnswersWhileNameServersAreAway(t *testing.T) {
	now := time.Now()
	r := newResolver(names{addrs: map[string][]netip.Addr{"x.test": {netip.MustParseAddr("192.0.2.1")}}}, func() time.Time { return now })
	defer r.close()
	q := query{network: UDP, host: "x.test", port: 5060}
	done := make(chan struct{})
	r.later(q, func(e []endpoint, err error) {
		if err != nil || len(e) != 1 {
			t.Errorf("resolved to %v, %v", e, err)
		}
		close(done)
	})
	<-done
	r.wg.Wait()
	r.dns = names{}
	now = now.Add(resolveTTL + time.Second)
	for range 3 {
		if e, known := r.cached(q); !known || len(e) != 1 {
			t.Fatalf("cached gives %v, %v; expected the old answer", e, known)
		}
		r.wg.Wait()
	}
	now = now.Add(2 * resolveStale)
	if _, known := r.cached(q); known {
		t.Error("an answer is used long after it went stale")
	}
}

func TestRequestsThatWaitForANameStayInOrder(t *testing.T) {
	open := make(chan struct{})
	w := start(t, names{addrs: map[string][]netip.Addr{"agent.test": {netip.MustParseAddr("127.0.0.1")}}, gate: open}.serve)
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	gate := w.addr(UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	caller.send(gate, caller.invite())
	got := agent.expect("INVITE")
	contact := "Contact: <sip:agent@agent.test:" + strconv.Itoa(int(agent.at.Port())) + ">"
	agent.send(gate, agent.respond(got, "200 OK", "a", sdp, contact))
	leg := callerDialog(caller, gate, caller.await("200"))
	leg.send("ACK", "")
	reinvite := leg.send("INVITE", sdp)
	caller.expect("100")
	caller.send(gate, strings.Replace(hopRequest("CANCEL", reinvite, ""), "1 CANCEL", "2 CANCEL", 1))
	caller.expect("200")
	caller.expect("487")
	leg.send("INFO", "")
	leg.send("BYE", "")
	close(open)
	agent.expect("ACK")
	agent.expect("INFO")
	agent.expect("BYE")
	w.led.wait(t, tandem.EventEnded)
}

func TestADefectThatOneCallBringsOutLeavesTheOthersAlone(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	w.give(newVersion("sip:a@127.0.0.1", nil), nil, func(d *assign.Decision) { d.Route = nil }) // the gateway counts on a route
	sent := caller.invite()
	caller.send(w.addr(UDP), sent)
	caller.send(w.addr(UDP), caller.request("OPTIONS", "sip:"+w.addr(UDP).String(), ""))
	caller.expect("200")
	caller.send(w.addr(UDP), hopRequest("CANCEL", sent, "")) // its shard is not locked for ever
	caller.expect("481")
}
