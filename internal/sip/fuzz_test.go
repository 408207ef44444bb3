package sip

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/sip/wire"
)

// blank is a recorder that forgets.
type blank struct{}

func (blank) Record(tandem.Event) {}

// FuzzMessage gives the gateway bytes as if they had come by UDP from a trunk.
// It must not crash or hang, and what it passes on must be a message in which
// it recognises itself.
func FuzzMessage(f *testing.F) {
	book := &book{by: map[string]assign.Decision{}}
	g, err := New(Config{Secret: testSecret, Trunks: []Trunk{{Name: "loopback", Sources: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}}, book, blank{}, discard())
	if err != nil {
		f.Fatal(err)
	}
	l := &listener{g: g, network: UDP, addr: netip.MustParseAddrPort("127.0.0.1:5060"), hostport: "127.0.0.1:5060"}
	g.listeners = []*listener{l}
	g.ours = g.names()
	w := &world{Gateway: g, book: book}
	v := newVersion("sip:agents.invalid:5060", map[string]string{"X-Variant": "b"})
	v.Content.Target.SIP.URI = "sip:127.0.0.1:5090"
	w.give(v, v)
	wk := g.newWorker(0)
	from := hop{l: l, addr: netip.MustParseAddrPort("127.0.0.1:5070")}

	u := &ua{network: UDP, at: from.addr}
	invite := u.invite("X-Tandem-Call: no", "Route: <sip:127.0.0.1;lr>, <sip:b>")
	for _, seed := range []string{invite, u.request("OPTIONS", "sip:127.0.0.1", ""), u.request("BYE", "sip:x", "", "Route: <sip:a;lr>"), hopRequest("CANCEL", invite, "")} {
		f.Add([]byte(seed))
	}
	g.receive(wk, from, []byte(invite))
	forwarded := string(wk.out)
	f.Add([]byte(strings.Replace(forwarded, "Record-Route", "Route", 1)))
	f.Add([]byte("SIP/2.0 200 OK\r\n" + forwarded[strings.Index(forwarded, "\r\n")+2:]))
	if files, err := filepath.Glob(filepath.Join(tortureDir, "*", "*.dat")); err == nil {
		for _, name := range files {
			if b, err := os.ReadFile(name); err == nil {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		wk.out, wk.reply = wk.out[:0], wk.reply[:0]
		wk.begin()
		g.receive(wk, from, raw)
		for _, out := range [][]byte{wk.out, wk.reply} {
			if len(out) == 0 {
				continue
			}
			var m wire.Message
			if !strings.HasPrefix(string(out), "SIP/2.0 ") {
				if err := m.Parse(out); err != nil {
					t.Fatalf("sent on as no message (%v):\n%s", err, out)
				}
				if _, ok := parseBranch(m.Top.Branch); !ok {
					t.Errorf("sent on without our Via:\n%s", out)
				}
				if n := strings.Count(strings.ToLower(string(out[:m.BodyAt])), "\nx-tandem-call:"); n > 1 {
					t.Errorf("sent on with %d X-Tandem-Call:\n%s", n, out)
				}
			}
		}
		for i := range g.table.shards { // forget what it started
			sh := &g.table.shards[i]
			for _, s := range sh.servers {
				s.forget()
			}
			for _, c := range sh.clients {
				c.forget()
			}
		}
	})
}
