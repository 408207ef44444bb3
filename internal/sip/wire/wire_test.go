package wire

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	sipgo "github.com/emiago/sipgo/sip"
	"github.com/google/go-cmp/cmp"
)

// crlf writes a message with the line ends of the wire.
func crlf(lines ...string) string { return strings.Join(lines, "\r\n") }

func invite(extra ...string) string {
	head := []string{
		"INVITE sip:+14155550100@example.com SIP/2.0",
		"Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport",
		"Max-Forwards: 70",
		"From: \"Ann <a>\" <sip:ann@example.net>;tag=f1",
		"To: <sip:+14155550100@example.com>",
		"Call-ID: c1@example.net",
		"CSeq: 314 INVITE",
	}
	return crlf(append(append(head, extra...), "", "")...)
}

func TestAMessageIsIndexedWhereItLies(t *testing.T) {
	var m Message
	raw := invite("X-Tandem-Call: x", "Subject: folded", " line", "Content-Length: 4") + "bodyand more"
	if err := m.Parse([]byte(raw)); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{
		"method": m.Method.String(), "uri": string(m.URI), "from tag": string(m.FromTag), "to tag": string(m.ToTag),
		"call": string(m.Value(CallID)), "cseq": string(m.CSeqMethod), "host": string(m.Top.Host), "branch": string(m.Top.Branch),
		"transport": string(m.Top.Transport), "body": string(m.Body()), "via line": string(m.Line(Via)),
		"subject": string(m.ValueOf(&m.Headers[7])), "name": string(m.NameOf(&m.Headers[7])),
	}
	want := map[string]string{
		"method": "INVITE", "uri": "sip:+14155550100@example.com", "from tag": "f1", "to tag": "",
		"call": "c1@example.net", "cseq": "INVITE", "host": "192.0.2.1", "branch": "z9hG4bKabc",
		"transport": "UDP", "body": "body", "via line": "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport\r\n",
		"subject": "folded\r\n line", "name": "Subject",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if m.CSeqNumber != 314 || m.Hops != 70 || m.Top.Port != 5062 || !m.Top.HasRPort || !m.Top.Compliant() || !m.Has(Tandem) || m.ToTag != nil {
		t.Errorf("indexed as %+v", m)
	}
}

func TestBrokenMessages(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		status         int // 0: noise
	}{
		{"nothing", invite(), "", 0},
		{"no line", invite(), "hello", 0},
		{"no SIP", invite(), "GET / HTTP/1.1\r\n\r\n", 0},
		{"a bare line feed", "Max-Forwards: 70\r\n", "Max-Forwards: 70\n", 400},
		{"a bare carriage return in a header", "Max-Forwards: 70", "Subject: a\rX: b", 400},
		{"a header without colon", "Max-Forwards: 70", "Max-Forwards 70", 400},
		{"a header without name", "Max-Forwards: 70", ": 70", 400},
		{"a start line without URI", "sip:+14155550100@example.com SIP", "SIP", 400},
		{"another version", "SIP/2.0\r\nVia", "SIP/3.0\r\nVia", 505},
		{"another scheme", "sip:+14155550100@example.com SIP", "mailto:a@b SIP", 416},
		{"a port that is none", "@example.com SIP", "@example.com:0 SIP", 400},
		{"a port too large", "@example.com SIP", "@example.com:65536 SIP", 400},
		{"a host with blanks", "@example.com SIP", "@exa mple.com SIP", 400},
		{"headers in the URI", "@example.com SIP", "@example.com?a=b SIP", 400},
		{"a sequence number too large", "CSeq: 314", "CSeq: 2147483648", 400},
		{"another method in CSeq", "314 INVITE", "314 BYE", 400},
		{"no Call-ID", "Call-ID: c1", "X-ID: c1", 400},
		{"an empty Call-ID", "c1@example.net", "", 400},
		{"two From", "To: <", "From: <sip:x@y>\r\nTo: <", 400},
		{"a quote that is not closed", `"Ann <a>"`, `"Ann <a>`, 400},
		{"a bracket that is not closed", "<sip:ann@example.net>", "<sip:ann@example.net", 400},
		{"a Via without host", "192.0.2.1:5062", ":5062", 400},
		{"a Via without protocol", "Via: SIP/2.0/UDP ", "Via: ", 400},
		{"a Via with an empty parameter", ";rport", ";;rport", 400},
		{"too many hops to count", "Max-Forwards: 70", "Max-Forwards: 256", 400},
		{"a negative length", "Max-Forwards: 70", "Content-Length: -1", 400},
		{"a length past the end", "Max-Forwards: 70", "Content-Length: 1", 400},
		{"two lengths", "Max-Forwards: 70", "Content-Length: 0\r\nl: 0", 400},
		{"three hundred headers", "Max-Forwards: 70", strings.Repeat("X: y\r\n", 300) + "Z: y", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := strings.Replace(invite(), c.from, c.to, 1)
			var m Message
			err := m.Parse([]byte(raw))
			var d *DefectError
			switch {
			case c.status == 0 && !errors.Is(err, ErrNoise):
				t.Errorf("got %v; expected noise", err)
			case c.status != 0 && (!errors.As(err, &d) || d.Status != c.status):
				t.Errorf("got %v; expected %d", err, c.status)
			}
		})
	}
}

func TestURIs(t *testing.T) {
	for text, want := range map[string]string{
		"sip:a@h":                          "sip|a|h|0||",
		"sips:a:secret@h:5061;x=y?q=1":     "sips|a|h|5061|;x=y|q=1",
		"sip:h;lr":                         "sip||h|0|;lr|",
		"SIP:a;b=c@[2001:db8::1]:5070":     "SIP|a;b=c|2001:db8::1|5070||",
		"tel:+1-415;ext=2":                 "tel|+1-415||0|;ext=2|",
		"sip:a@192.0.2.1;transport=tcp;lr": "sip|a|192.0.2.1|0|;transport=tcp;lr|",
		"sip:@h":                           "", "sip:": "", "a@h": "", "sip:a@": "", "sip:a@[::1": "", "sip:a@h:x": "", "sip:a@::1": "", "sip:a@h h": "", "tel:": "",
	} {
		u, ok := ParseURI([]byte(text))
		got := ""
		if ok {
			got = strings.Join([]string{string(u.Scheme), string(u.User), string(u.Host), strconv.Itoa(u.Port), string(u.Params), string(u.Headers)}, "|")
		}
		if got != want {
			t.Errorf("%s is read as %q; expected %q", text, got, want)
		}
	}
}

func TestParameters(t *testing.T) {
	const params = `;tag=a;Name = "q;\"x" ; lr;empty=`
	for name, want := range map[string]string{"tag": "a", "name": `q;\"x`, "lr": "", "empty": ""} {
		if v, ok := Param([]byte(params), name); !ok || string(v) != want {
			t.Errorf("%s is %q, %v; expected %q", name, v, ok, want)
		}
	}
	if _, ok := Param([]byte(params), "other"); ok {
		t.Error("a parameter that is not there is found")
	}
}

// FuzzParse looks for crashes, spans outside the message, and messages that
// another parser reads otherwise.
func FuzzParse(f *testing.F) {
	f.Add([]byte(invite()))
	f.Add([]byte(invite("Route: <sip:a;lr>,\"x\" <sip:b>", "v: SIP/2.0/TCP h:5060 ;received=::1, SIP / 2.0 / UDP x", "l: 3") + "abc"))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf:<sip:a@b>;tag=1\r\nt: sip:c@d;tag=2\r\ni: x\r\nCSeq: 1 INVITE\r\n\r\n"))
	if files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "sip", "*", "*.dat")); err == nil {
		for _, name := range files {
			if b, err := os.ReadFile(name); err == nil {
				f.Add(b)
			}
		}
	}
	parser := sipgo.NewParser()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m Message
		err := m.Parse(raw)
		if m.HeadersAt > len(raw) || m.BodyAt > len(raw) || len(m.Raw) > len(raw) {
			t.Fatalf("offsets past the end: %+v", m)
		}
		end := m.HeadersAt
		for i := range m.Headers {
			h := &m.Headers[i]
			if int(h.Start) < end || h.Value < h.Start || h.ValueEnd < h.Value || h.End < h.ValueEnd || int(h.End) > len(raw) {
				t.Fatalf("header %d lies at %+v", i, h)
			}
			end = int(h.End)
		}
		m.EachVia(func(_ int, v *ViaValue) bool {
			if v.ReceivedAt.Start < 0 || v.ReceivedAt.End > v.End || v.RPortAt.End > v.End {
				t.Fatalf("Via lies at %+v", v)
			}
			return true
		})
		m.SecondVia()
		_, _ = ParseAddress(m.Value(Contact))
		if err != nil {
			return
		}
		other, err := parser.ParseSIP(raw)
		if err != nil || other.CallID() == nil || other.CSeq() == nil {
			return // stricter than we are, or broken there
		}
		if got := other.CallID().Value(); got != string(m.Value(CallID)) && !strings.ContainsAny(got, "\r\n") {
			t.Errorf("Call-ID is %q here and %q there", m.Value(CallID), got)
		}
		if got := other.CSeq().SeqNo; got != m.CSeqNumber {
			t.Errorf("CSeq is %d here and %d there", m.CSeqNumber, got)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw := []byte(invite("Contact: <sip:a@192.0.2.1>", "Supported: timer", "User-Agent: x", "Allow: INVITE, ACK", "Content-Type: application/sdp"))
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		if m.Parse(raw) != nil {
			b.Fatal("not parsed")
		}
	}
}

// BenchmarkParseSipgo is what BenchmarkParse is to be compared with.
func BenchmarkParseSipgo(b *testing.B) {
	raw := []byte(invite("Contact: <sip:a@192.0.2.1>", "Supported: timer", "User-Agent: x", "Allow: INVITE, ACK", "Content-Type: application/sdp"))
	parser := sipgo.NewParser()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parser.ParseSIP(raw); err != nil {
			b.Fatal(err)
		}
	}
}
