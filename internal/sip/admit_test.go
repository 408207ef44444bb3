package sip

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	rfc7616 "github.com/icholy/digest"

	"tandem"
)

var dateless = regexp.MustCompile(`tag=[0-9a-z]+|branch=[^;\r]+|call-[^\r]+|rport=\d+`)

func TestStrangersAndUnknownNumbersGetTheSameAnswer(t *testing.T) {
	w := start(t)
	closed := start(t, func(c *Config) { c.Trunks[0].Sources = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	caller, agent := newUA(t, UDP), newUA(t, UDP)
	v := newVersion("sip:a@"+agent.at.String(), nil)
	closed.give(v, v)
	caller.send(closed.addr(UDP), caller.invite())
	stranger := caller.expect("403")
	caller.send(w.addr(UDP), caller.invite())
	unknown := caller.expect("403")
	if a, b := dateless.ReplaceAllString(stranger.raw, ""), dateless.ReplaceAllString(unknown.raw, ""); a != b {
		t.Errorf("they can be told apart:\n%s\n%s", a, b)
	}
	for _, method := range []string{"OPTIONS", "REGISTER", "SUBSCRIBE"} {
		caller.send(closed.addr(UDP), caller.request(method, "sip:"+number+"@x.invalid", ""))
		caller.expect("403")
	}
	agent.silent()
	if len(closed.led.kinds()) != 0 || len(closed.book.asked()) != 0 {
		t.Error("a stranger's call got as far as the assigner")
	}
}

func digestTrunk(sources ...string) func(*Config) {
	return func(c *Config) {
		t := Trunk{Name: "carrier", Username: "carrier", Password: "s3cret\"x"}
		for _, s := range sources {
			t.Sources = append(t.Sources, netip.MustParsePrefix(s))
		}
		c.Trunks = []Trunk{t}
	}
}

// credentials answers a challenge with an independent implementation of RFC
// 7616.
func credentials(t *testing.T, challenge message, algorithm, username, password string, count int) string {
	t.Helper()
	for _, h := range challenge.all("Proxy-Authenticate") {
		chal, err := rfc7616.ParseChallenge(h)
		if err != nil {
			t.Fatal(err)
		}
		if chal.Algorithm != algorithm {
			continue
		}
		cred, err := rfc7616.Digest(chal, rfc7616.Options{
			Method: "INVITE", URI: "sip:" + number + "@gateway.invalid", Username: username, Password: password, Count: count, Cnonce: "0a4f113b",
		})
		if err != nil {
			t.Fatal(err)
		}
		return "Proxy-Authorization: " + cred.String()
	}
	t.Fatalf("no challenge for %s in\n%s", algorithm, challenge.raw)
	return ""
}

func TestATrunkIsAdmittedByDigest(t *testing.T) {
	for _, algorithm := range []string{"SHA-256", "MD5"} {
		t.Run(algorithm, func(t *testing.T) {
			w := start(t, digestTrunk())
			caller, agent := newUA(t, UDP), newUA(t, UDP)
			gate := w.addr(UDP)
			v := newVersion("sip:a@"+agent.at.String(), nil)
			w.give(v, v)
			caller.send(gate, caller.invite())
			challenge := caller.expect("407")
			if !strings.Contains(challenge.all("Proxy-Authenticate")[0], "SHA-256") {
				t.Error("the stronger algorithm does not come first")
			}
			foreign := `Proxy-Authorization: Digest realm="next", username="x", nonce="y", uri="sip:z", response="0"`
			caller.send(gate, caller.invite(foreign, credentials(t, challenge, algorithm, "carrier", "s3cret\"x", 1)))
			caller.expect("100")
			got := agent.expect("INVITE")
			if auth := got.all("Proxy-Authorization"); len(auth) != 1 || !strings.Contains(auth[0], `realm="next"`) {
				t.Errorf("credentials went on: %q", auth)
			}
			caller.send(gate, caller.invite(credentials(t, challenge, algorithm, "carrier", "s3cret\"x", 2)))
			caller.expect("100")
			agent.await("INVITE")
			caller.send(gate, caller.invite(credentials(t, challenge, algorithm, "carrier", "s3cret\"x", 2)))
			if m := caller.expect("407"); !strings.Contains(m.raw, "stale=true") {
				t.Error("a count used twice is not told that the nonce is used up")
			}
		})
	}
}

func TestBadCredentialsAreChallengedAgain(t *testing.T) {
	w := start(t, digestTrunk())
	caller := newUA(t, UDP)
	gate := w.addr(UDP)
	caller.send(gate, caller.invite())
	challenge := caller.expect("407")
	right := credentials(t, challenge, "SHA-256", "carrier", "s3cret\"x", 1)
	for name, header := range map[string]string{
		"a wrong password":               credentials(t, challenge, "SHA-256", "carrier", "wrong", 1),
		"a user who does not exist":      credentials(t, challenge, "SHA-256", "nobody", "s3cret\"x", 1),
		"a nonce of somebody else's":     regexp.MustCompile(`nonce="[^"]+"`).ReplaceAllString(right, `nonce="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"`),
		"another scheme":                 "Proxy-Authorization: Basic Y2FycmllcjpzM2NyZXQ=",
		"a scheme that nobody knows":     "Proxy-Authorization: NoOneKnowsThisScheme opaque-data=here",
		"a quote that is not closed":     `Proxy-Authorization: Digest realm="tandem`,
		"an algorithm that nobody knows": strings.Replace(right, "algorithm=SHA-256", "algorithm=ROT13", 1),
		"a response that was cut":        regexp.MustCompile(`response="[^"]+"`).ReplaceAllString(right, `response="00"`),
		"no count":                       regexp.MustCompile(`nc=\w+`).ReplaceAllString(right, `nc=zz`),
		"no credentials":                 "X-Nothing: here",
	} {
		t.Run(name, func(t *testing.T) {
			caller.send(gate, caller.invite(header))
			if m := caller.expect("407"); strings.Contains(m.raw, "stale") {
				t.Errorf("told that only the nonce was stale:\n%s", m.raw)
			}
		})
	}
	if len(w.book.asked()) != 0 {
		t.Error("one of them got through")
	}
}

func TestNoncesExpire(t *testing.T) {
	var ahead atomic.Int64
	w := start(t, digestTrunk(), func(g *Gateway) {
		g.admission.digest.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	caller := newUA(t, UDP)
	caller.send(w.addr(UDP), caller.invite())
	challenge := caller.expect("407")
	ahead.Store(int64(w.cfg.Timers.Nonce + time.Second))
	caller.send(w.addr(UDP), caller.invite(credentials(t, challenge, "SHA-256", "carrier", "s3cret\"x", 1)))
	if m := caller.expect("407"); !strings.Contains(m.raw, "stale=true") {
		t.Errorf("not told that the nonce is stale:\n%s", m.raw)
	}
}

func TestATrunkWithBothNeedsBoth(t *testing.T) {
	inside, outside := start(t, digestTrunk("127.0.0.0/8")), start(t, digestTrunk("192.0.2.0/24"))
	caller := newUA(t, UDP)
	caller.send(inside.addr(UDP), caller.invite())
	challenge := caller.expect("407")
	caller.send(outside.addr(UDP), caller.invite(credentials(t, challenge, "SHA-256", "carrier", "s3cret\"x", 1)))
	caller.expect("403")
	caller.send(inside.addr(UDP), caller.invite(credentials(t, challenge, "SHA-256", "carrier", "s3cret\"x", 1)))
	caller.expect("403") // admitted; the number does not exist
}

func TestConfigsThatAdmitEverybodyAreRefused(t *testing.T) {
	good := func() Config {
		return Config{Secret: testSecret, Listen: []Listener{{Network: UDP, Addr: loopback}}, Trunks: []Trunk{{Name: "a", Username: "u", Password: "p"}}}
	}
	for field, change := range map[string]func(*Config){
		"secret":              func(c *Config) { c.Secret = []byte("short") },
		"trunks[0]":           func(c *Config) { c.Trunks[0] = Trunk{Name: "a"} },
		"trunks[0].password":  func(c *Config) { c.Trunks[0].Password = "" },
		"trunks[0].username":  func(c *Config) { c.Trunks[0].Username = "a\r\nX: y" },
		"trunks[1].username":  func(c *Config) { c.Trunks = append(c.Trunks, c.Trunks[0]) },
		"listen[0].network":   func(c *Config) { c.Listen[0].Network = "sctp" },
		"listen[1].network":   func(c *Config) { c.Listen = append(c.Listen, Listener{Network: TLS, Addr: loopback}) },
		"listen[0].advertise": func(c *Config) { c.Listen[0].Advertise = "host\r\nX: y" },
	} {
		t.Run(field, func(t *testing.T) {
			c := good()
			change(&c)
			_, err := New(c, nil, nil, discard())
			if e, ok := errors.AsType[*tandem.Error](err); !ok || e.Code != tandem.Invalid || e.Field != field {
				t.Errorf("got %v; expected an Invalid error for %s", err, field)
			}
		})
	}
	if _, err := New(good(), nil, nil, discard()); err != nil {
		t.Errorf("the good one is refused: %v", err)
	}
}
