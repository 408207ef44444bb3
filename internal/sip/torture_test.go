package sip

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// tortureDir holds the messages of RFC 4475 and RFC 5118 beside the
// repository.
var tortureDir = filepath.Join("..", "..", "..", "shared", "data", "sip")

type tortureCase struct {
	File   string `json:"file"`
	Expect string `json:"expect"`
	Kind   string `json:"kind"`
}

func tortureCases(t testing.TB) []tortureCase {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tortureDir, "MANIFEST.json"))
	if err != nil {
		t.Skipf("the torture messages are not here: %v", err)
	}
	var cases []tortureCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// normal are the answers that a valid message may get from a gateway that has
// no such number and does no such thing.
var normal = []string{"200", "401", "403", "404", "405", "407", "481"}

var statusCode = regexp.MustCompile(`\b[45]\d\d\b`)

// allowed reads the manifest's expectation: status codes, empty for silence.
func (c tortureCase) allowed() (codes []string) {
	if c.Kind == "response" {
		return nil // for nobody here, good or bad
	}
	codes = statusCode.FindAllString(c.Expect, -1)
	if strings.Contains(c.Expect, "accept") || strings.Contains(c.Expect, "tolerate") || strings.Contains(c.Expect, "answer") || strings.Contains(c.Expect, "liberal") {
		codes = append(codes, normal...)
	}
	if strings.Contains(c.Expect, "4xx") {
		codes = append(codes, "400")
	}
	if strings.Contains(c.Expect, "treat as RFC 2543") {
		codes = append(codes, normal...)
	}
	return codes
}

func TestTortureMessagesAreAnsweredAsTheyShould(t *testing.T) {
	cases := tortureCases(t)
	byAddress, byDigest := start(t), start(t, digestTrunk())
	before := runtime.NumGoroutine()
	for _, c := range cases {
		t.Run(c.File, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(tortureDir, c.File))
			if err != nil {
				t.Fatal(err)
			}
			gate := byAddress.addr(UDP)
			if strings.Contains(c.Expect, "as if without credentials") {
				gate = byDigest.addr(UDP)
			}
			u := newUA(t, UDP)
			u.lenient = true
			u.send(gate, string(raw))
			probe := u.request("OPTIONS", "sip:"+gate.String(), "", "Subject: probe")
			u.send(gate, probe)
			codes := c.allowed()
			if len(codes) > 0 {
				m := u.await("")
				if code := m.start[len("SIP/2.0 "):][:3]; !slices.Contains(codes, code) {
					t.Errorf("answered %q; expected %s (%v)", m.start, c.Expect, codes)
				}
				switch {
				case strings.HasPrefix(c.Expect, "420") && m.get("Unsupported") == "":
					t.Error("no Unsupported")
				case strings.HasPrefix(c.Expect, "415") && m.get("Accept") == "":
					t.Error("no Accept")
				}
			}
			if m := u.await(""); m.get("Call-ID") != parseMessage(probe, u.at).get("Call-ID") {
				t.Errorf("got %q; expected nothing more", m.start)
			}
		})
	}
	if s := byAddress.Stats(); s.Transactions != 0 || s.Connections != 0 {
		t.Errorf("something is left behind: %+v", s)
	}
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines became %d", before, after)
	}
}
