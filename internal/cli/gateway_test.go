package cli

import (
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"tandem"
)

// gateway is a SIP redirect server that gives the calls of the fake's running
// test to its arms in turn, as Tandem's own does in redirect mode.
type gateway struct {
	api  *fakeAPI
	addr string

	mu  sync.Mutex
	arm map[tandem.ID]int
	n   int
}

// begun tells when the socket is read from.
type begun struct {
	net.PacketConn
	once sync.Once
	yes  chan struct{}
}

func (b *begun) ReadFrom(p []byte) (int, net.Addr, error) {
	b.once.Do(func() { close(b.yes) })
	return b.PacketConn.ReadFrom(p)
}

func newGateway(t *testing.T, api *fakeAPI) *gateway {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ua, err := sipgo.NewUA()
	if err != nil {
		t.Fatal(err)
	}
	srv, err := sipgo.NewServer(ua)
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{api: api, addr: udp.LocalAddr().String(), arm: map[tandem.ID]int{}}
	srv.OnInvite(g.invite)
	srv.OnAck(func(*sip.Request, sip.ServerTransaction) {})
	srv.OnOptions(func(req *sip.Request, tx sip.ServerTransaction) {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 200, "OK", nil))
	})
	conn := &begun{PacketConn: udp, yes: make(chan struct{})}
	var serving sync.WaitGroup
	serving.Go(func() { _ = srv.ServeUDP(conn) })
	<-conn.yes
	t.Cleanup(func() {
		_ = udp.Close()
		serving.Wait()
		_ = ua.Close()
		time.Sleep(20 * time.Millisecond) // the stack does not wait for its handlers
		_ = ua.Close()
	})
	return g
}

func (g *gateway) invite(req *sip.Request, tx sip.ServerTransaction) {
	version, ok := g.next(tandem.DeriveCallID("sip", req.CallID().Value(), time.Now()))
	if !ok {
		_ = tx.Respond(sip.NewResponseFromRequest(req, 403, "Forbidden", nil))
		return
	}
	id := tandem.DeriveCallID("sip", req.CallID().Value(), time.Now())
	headers := []string{"X-Tandem-Call=" + string(id)}
	for name, v := range version.Content.Target.SIP.Headers {
		headers = append(headers, name+"="+v)
	}
	res := sip.NewResponseFromRequest(req, 302, "Moved Temporarily", nil)
	res.AppendHeader(sip.NewHeader("Contact", "<"+version.Content.Target.SIP.URI+"?"+strings.Join(headers, "&")+">"))
	_ = tx.Respond(res)
}

func (g *gateway) next(id tandem.ID) (tandem.Version, bool) {
	g.api.mu.Lock()
	defer g.api.mu.Unlock()
	if len(g.api.tests) == 0 {
		return tandem.Version{}, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.arm[id]; !known {
		g.arm[id] = g.n % len(g.api.tests[0].Arms)
		g.n++
	}
	v, err := g.api.version(string(g.api.tests[0].Arms[g.arm[id]].VersionID))
	return v, err == nil
}
