package sip

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem"
)

// certificate makes a certificate for loopback and a pool that trusts it.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"agent.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, IsCA: true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: "127.0.0.1",
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}
}

// party makes a user agent on a transport; a caller is connected to the
// gateway.
func (w *world) party(network string, conf *tls.Config, connected bool) *ua {
	w.t.Helper()
	if network != TLS {
		conf = nil
	}
	u := newUAOn(w.t, network, loopback, conf)
	if connected && network != UDP {
		u.connect(w.addr(network), conf)
	}
	return u
}

func TestCallsBetweenAllTransports(t *testing.T) {
	conf := certificate(t)
	for _, in := range []string{UDP, TCP, TLS} {
		for _, out := range []string{UDP, TCP, TLS} {
			t.Run(in+" to "+out, func(t *testing.T) {
				w := start(t, func(c *Config) {
					c.TLS = conf
					c.Listen = append(c.Listen, Listener{Network: TCP, Addr: loopback}, Listener{Network: TLS, Addr: loopback})
				})
				k := w.converse(w.party(in, conf, true), w.party(out, conf, false))
				want := 1
				if in != out {
					want = 2
				}
				if rr := k.invite.all("Record-Route"); len(rr) != want || !strings.Contains(rr[0], w.addr(out).String()) || !strings.Contains(rr[want-1], w.addr(in).String()) {
					t.Errorf("Record-Route is %q; expected the agent's side above the caller's", rr)
				}
				if via := k.invite.get("Via"); !strings.HasPrefix(via, "SIP/2.0/"+strings.ToUpper(out)+" "+w.addr(out).String()) {
					t.Errorf("Via is %s", via)
				}
				k.callerLeg.send("INFO", "")
				info := k.agent.expect("INFO")
				if len(info.all("Route")) != 0 {
					t.Errorf("a Route of ours is left:\n%s", info.raw)
				}
				k.agent.send(k.agentGate, k.agent.respond(info, "200 OK", "", ""))
				k.caller.expect("200")
				k.agentLeg.send("BYE", "")
				bye := k.caller.expect("BYE")
				k.caller.send(k.callerGate, k.caller.respond(bye, "200 OK", "", ""))
				k.agent.expect("200")
				if e := k.led.wait(t, tandem.EventEnded); e.Ended.By != tandem.ByAgent {
					t.Errorf("ended by %s", e.Ended.By)
				}
			})
		}
	}
}

func TestCallsOverIPv6(t *testing.T) {
	const loopback6 = "[::1]:0"
	if ln, err := net.Listen("tcp6", loopback6); err != nil {
		t.Skip("this machine has no IPv6 loopback")
	} else {
		_ = ln.Close()
	}
	for _, in := range []string{loopback, loopback6} {
		w := start(t, func(c *Config) { c.Listen = append(c.Listen, Listener{Network: UDP, Addr: loopback6}) })
		caller, agent := newUAOn(t, UDP, in, nil), newUAOn(t, UDP, loopback6, nil)
		gates := map[bool]netip.AddrPort{}
		for _, l := range w.Addrs() {
			a := netip.MustParseAddrPort(l.Addr)
			gates[a.Addr().Is4()] = a
		}
		v := newVersion("sip:agent@"+agent.at.String(), nil)
		w.give(v, v)
		gate, agentGate := gates[caller.at.Addr().Is4()], gates[false]
		caller.send(gate, caller.invite())
		caller.expect("100")
		got := agent.expect("INVITE")
		agent.send(agentGate, agent.respond(got, "200 OK", "a", sdp))
		ok := caller.expect("200")
		callerDialog(caller, gate, ok).send("ACK", "")
		agent.expect("ACK")
		agentDialog(agent, agentGate, got, "a").send("BYE", "")
		bye := caller.expect("BYE")
		caller.send(gate, caller.respond(bye, "200 OK", "", ""))
		agent.expect("200")
	}
}

// pair gives a UDP and a TCP user agent on one port.
func pair(t *testing.T) (udp, tcp *ua) {
	t.Helper()
	for range 20 {
		udp = newUA(t, UDP)
		ln, err := net.Listen("tcp", udp.at.String())
		if err != nil {
			continue
		}
		_ = ln.Close()
		return udp, newUAOn(t, TCP, udp.at.String(), nil)
	}
	t.Fatal("no port is free for both")
	return nil, nil
}

func TestARequestTooLongForUDPGoesByTCP(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	udp, tcp := pair(t)
	v := newVersion("sip:agent@"+udp.at.String(), nil)
	w.give(v, v)
	identity := "Identity: " + strings.Repeat("a", 1300)
	caller.send(w.addr(UDP), caller.invite(identity))
	caller.expect("100")
	got := tcp.expect("INVITE")
	if !strings.HasPrefix(got.get("Via"), "SIP/2.0/TCP ") || got.get("Identity") == "" {
		t.Errorf("it went as\n%s", got.raw)
	}
	tcp.send(netip.AddrPort{}, tcp.respond(got, "200 OK", "a", sdp))
	caller.expect("200")
	udp.silent()
}

func TestARequestTooLongForUDPGoesByUDPAllTheSame(t *testing.T) {
	w := start(t)
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:agent@"+agent.at.String(), nil)
	w.give(v, v)
	for range 2 {
		caller.send(w.addr(UDP), caller.invite("Identity: "+strings.Repeat("a", 1300)))
		caller.await("100")
		got := agent.expect("INVITE")
		if !strings.HasPrefix(got.get("Via"), "SIP/2.0/UDP ") {
			t.Errorf("it went as\n%s", got.raw)
		}
		agent.send(w.addr(UDP), agent.respond(got, "200 OK", "a", sdp))
		caller.await("200")
	}
	if n := len(w.led.all(tandem.EventFailover)); n != 0 {
		t.Error("falling back to UDP is no failover")
	}
}

func TestResponsesGoWhereTheRequestCameFrom(t *testing.T) {
	w := start(t)
	caller, other := newUA(t, UDP), newUA(t, UDP)
	gate := w.addr(UDP)
	for _, c := range []struct {
		name, via string
		at        *ua
		want      string
	}{
		{"with rport, to the packet's port", other.at.String() + ";rport", caller, ";received=127.0.0.1;rport=" + caller.at.String()[len("127.0.0.1:"):]},
		{"without rport, to the port in Via", other.at.String(), other, ""},
		{"behind a translator, to the packet's port", "10.1.1.1:5060", caller, ";received=127.0.0.1;rport="},
		{"with a name, to the packet's port", "phone.invalid", caller, ";received=127.0.0.1;rport="},
		{"with a forged received", other.at.String() + ";received=192.0.2.9;rport", caller, ";received=127.0.0.1;rport="},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(caller.request("OPTIONS", "sip:"+gate.String(), ""), caller.at.String(), c.via, 1)
			caller.send(gate, text)
			got := c.at.expect("200")
			if !strings.Contains(got.get("Via"), c.want) || strings.Contains(got.get("Via"), "192.0.2.9") {
				t.Errorf("Via came back as %s", got.get("Via"))
			}
		})
	}
}

func TestStreamsAreCutIntoMessages(t *testing.T) {
	w := start(t, func(c *Config) { c.Listen = []Listener{{Network: TCP, Addr: loopback}} })
	caller := w.party(TCP, nil, true)
	options := func() string { return caller.request("OPTIONS", "sip:"+w.addr(TCP).String(), "") }
	a, b := options(), options()
	caller.send(netip.AddrPort{}, "\r\n\r\n"+a+b[:40])
	caller.expect("200")
	caller.send(netip.AddrPort{}, b[40:])
	caller.expect("200")
	caller.send(netip.AddrPort{}, strings.Replace(options(), "Content-Length: 0\r\n", "", 1))
	eventually(t, func() bool { return w.Stats().Connections == 0 }, "the connection without lengths to be closed")
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	w := start(t, func(c *Config) {
		c.Listen = []Listener{{Network: TCP, Addr: loopback}}
		c.Timers.Idle = 50 * time.Millisecond
	})
	w.party(TCP, nil, true)
	eventually(t, func() bool { return w.Stats().Connections == 1 }, "the connection")
	eventually(t, func() bool { return w.Stats().Connections == 0 }, "the connection to be closed")
}

func TestConnectionsAreLimited(t *testing.T) {
	w := start(t, func(c *Config) {
		c.Listen = []Listener{{Network: TCP, Addr: loopback}}
		c.Limits.Connections = 2
	})
	for range 5 {
		w.party(TCP, nil, true)
	}
	first := w.party(TCP, nil, true)
	_ = first
	eventually(t, func() bool { return w.Stats().Connections == 2 }, "two connections")
}

func TestATLSTargetMustShowItsName(t *testing.T) {
	conf := certificate(t)
	withTLS := func(c *Config) {
		c.TLS = conf
		c.Listen = append(c.Listen, Listener{Network: TLS, Addr: loopback})
	}
	local := []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	hosts := names{addrs: map[string][]netip.Addr{"agent.test": local, "impostor.test": local}}
	for host, trusted := range map[string]bool{"agent.test": true, "impostor.test": false} {
		t.Run(host, func(t *testing.T) {
			w := start(t, withTLS, hosts.serve)
			caller, agent, live := newUA(t, UDP), newUAOn(t, TLS, loopback, conf), newUA(t, UDP)
			w.give(newVersion("sips:a@"+host+":"+agent.at.String()[len("127.0.0.1:"):], nil), newVersion("sip:live@"+live.at.String(), nil))
			caller.send(w.addr(UDP), caller.invite())
			if trusted {
				agent.expect("INVITE")
				return
			}
			live.expect("INVITE")
			if f := w.led.wait(t, tandem.EventFailover); f.Failover.Reason != tandem.ReasonTargetDown {
				t.Errorf("failed over for %s", f.Failover.Reason)
			}
		})
	}
}

func TestOneSourceDoesNotTakeAllConnections(t *testing.T) {
	w := start(t, func(c *Config) { c.Listen[0].Network, c.Limits.Connections = TCP, 400 })
	var open []net.Conn
	for range 2 * leastPerSource {
		c, err := net.Dial("tcp", w.addr(TCP).String())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	eventually(t, func() bool { return w.Stats().Connections == leastPerSource }, "the connections of one source to be 100")
	for _, c := range open {
		_ = c.Close()
	}
	eventually(t, func() bool { return w.Stats().Connections == 0 }, "the connections to be forgotten")
	c, err := net.Dial("tcp", w.addr(TCP).String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	eventually(t, func() bool { return w.Stats().Connections == 1 }, "the source to be let in again")
}
