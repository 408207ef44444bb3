package sip

import (
	"strings"
	"testing"

	"tandem"
	"tandem/internal/assign"
)

func TestRequestsThatAreAnsweredHere(t *testing.T) {
	w := start(t)
	agent := newUA(t, UDP)
	v := newVersion("sip:a@"+agent.at.String(), nil)
	w.give(v, v)
	caller := newUA(t, UDP)
	gate := w.addr(UDP)
	own := "sip:" + gate.String()
	hops := func(text, n string) string { return strings.Replace(text, "Max-Forwards: 70", "Max-Forwards: "+n, 1) }
	for _, c := range []struct {
		name, text, status, header string
	}{
		{"OPTIONS to us", caller.request("OPTIONS", own, ""), "200", "Allow"},
		{"OPTIONS to us on its last hop", hops(caller.request("OPTIONS", own, ""), "0"), "200", "Allow"},
		{"OPTIONS to a number on its last hop", hops(caller.request("OPTIONS", "sip:"+number+"@x.invalid", ""), "0"), "483", ""},
		{"OPTIONS for a number that exists", caller.request("OPTIONS", "sip:"+number+"@x.invalid", ""), "200", "Allow"},
		{"OPTIONS for a number that does not", caller.request("OPTIONS", "sip:+14155559999@x.invalid", ""), "200", "Allow"},
		{"OPTIONS that require an extension", caller.request("OPTIONS", own, "", "Require: foo"), "420", "Unsupported"},
		{"an INVITE on its last hop", hops(caller.invite(), "0"), "483", ""},
		{"a proxy extension that nobody has", caller.invite("Proxy-Require: sec-agree"), "420", "Unsupported"},
		{"a registration", caller.request("REGISTER", own, ""), "405", "Allow"},
		{"a subscription", caller.request("SUBSCRIBE", "sip:"+number+"@x.invalid", ""), "405", "Allow"},
		{"a method that nobody knows", caller.request("FROBNICATE", own, ""), "405", "Allow"},
		{"a BYE out of nowhere", strings.Replace(caller.request("BYE", own, ""), "@gateway.invalid>\r\n", "@gateway.invalid>;tag=x\r\n", 1), "481", ""},
		{"a body that is no session", caller.request("INVITE", "sip:"+number+"@x.invalid", "hello", "Content-Type: text/plain"), "415", "Accept"},
		{"an answer that cannot be given", caller.invite("Accept: text/nobodyKnowsThis"), "406", ""},
		{"another scheme", caller.request("INVITE", "mailto:x@y.invalid", sdp), "416", ""},
		{"a name that is no number", strings.Replace(caller.inviteTo("sip:frontdesk@x.invalid"), "To: <sip:"+number, "To: <sip:frontdesk", 1), "403", ""},
		{"two To headers", caller.invite("To: <sip:frontdesk@x.invalid>"), "400", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			caller.send(gate, c.text)
			got := caller.expect(c.status)
			if c.header != "" && got.get(c.header) == "" {
				t.Errorf("%s is missing:\n%s", c.header, got.raw)
			}
			if !strings.Contains(got.get("To"), "tag=") {
				t.Errorf("no To-tag:\n%s", got.raw)
			}
			caller.send(gate, c.text)
			if again := caller.expect(c.status); again.raw != got.raw {
				t.Errorf("the same request got another answer:\n%s\n%s", got.raw, again.raw)
			}
		})
	}
	agent.silent()
	if s := w.Stats(); s.Transactions != 0 || s.Rejected == 0 {
		t.Errorf("the answers took state: %+v", s)
	}
}

func TestNumbersAreReadInManyForms(t *testing.T) {
	for _, c := range []struct{ name, uri, to, region string }{
		{"E.164", "sip:+14155550100@x.invalid", "", ""},
		{"without plus", "sip:14155550100@x.invalid", "", ""},
		{"with 00", "sip:0014155550100@x.invalid", "", ""},
		{"with separators", "sip:+1-415-555-0100@x.invalid", "", ""},
		{"escaped", "sip:%2b14155550100@x.invalid", "", ""},
		{"with parameters", "sip:+14155550100;npdi;rn=+14155550000@x.invalid;user=phone", "", ""},
		{"a tel URI", "tel:+1-415-555-0100", "", ""},
		{"national", "sip:4155550100@x.invalid", "", "US"},
		{"in To only", "sip:account17@x.invalid", "<sip:+14155550100@x.invalid>", ""},
		{"sips", "sips:+14155550100@x.invalid", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, func(cfg *Config) { cfg.Region = c.region })
			caller, agent := newUA(t, UDP), newUA(t, UDP)
			v := newVersion("sip:a@"+agent.at.String(), nil)
			w.give(v, v)
			text := caller.inviteTo(c.uri)
			if c.to == "" {
				c.to = "<sip:nobody@x.invalid>"
			}
			text = strings.Replace(text, "<sip:"+number+"@gateway.invalid>", c.to, 1)
			for range 2 { // the second time from memory
				caller.send(w.addr(UDP), strings.ReplaceAll(text, "call-", "call-"+serial()))
				text = strings.Replace(text, "z9hG4bK", "z9hG4bKb", 1)
				agent.await("INVITE")
			}
		})
	}
}

func TestCallersAreKnownByTheIdentityThatTheTrunkAsserts(t *testing.T) {
	for _, c := range []struct {
		name, want string
		headers    []string
		from       string
	}{
		{"From", "+14155550199", nil, ""},
		{"asserted", "+14155550123", []string{"P-Asserted-Identity: <sip:+14155550123@x.invalid;user=phone>, <tel:+14155550124>"}, ""},
		{"asserted as tel", "+14155550123", []string{"P-Asserted-Identity: <tel:+1-415-555-0123>"}, ""},
		{"withheld", "", nil, `"Anonymous" <sip:anonymous@anonymous.invalid>`},
		{"a name", "alice", nil, "<sip:alice@x.invalid>"},
		{"no user", "", nil, "<sip:x.invalid>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t)
			caller := newUA(t, UDP)
			text := caller.invite(c.headers...)
			if c.from != "" {
				text = strings.Replace(text, "<sip:+14155550199@caller.invalid>", c.from, 1)
			}
			caller.send(w.addr(UDP), text)
			caller.expect("403")
			if got := w.book.asked()[0].Caller; got != c.want {
				t.Errorf("the caller is %q; expected %q", got, c.want)
			}
		})
	}
}

func TestARedirectedCall(t *testing.T) {
	w := start(t)
	caller := newUA(t, UDP)
	gate := w.addr(UDP)
	v := newVersion("sip:agents.example.com;transport=tcp", map[string]string{"X-Variant": "a b&c=d?e>"})
	w.give(v, nil, func(d *assign.Decision) { d.Route.SIPMode = tandem.Redirect })
	sent := caller.invite()
	caller.send(gate, sent)
	got := caller.expect("302")
	e := w.led.wait(t, tandem.EventAssigned)
	want := "<sip:" + number + "@agents.example.com;transport=tcp?X-Tandem-Call=" + string(e.CallID) + "&X-Variant=a%20b%26c%3Dd%3Fe%3E>"
	if got.get("Contact") != want {
		t.Errorf("Contact is %s\nexpected   %s", got.get("Contact"), want)
	}
	caller.send(gate, hopRequest("ACK", sent, got.get("To")))
	caller.send(gate, sent)
	if again := caller.expect("302"); again.raw != got.raw {
		t.Error("the same INVITE got another answer")
	}
	if s := w.Stats(); s.Transactions != 0 {
		t.Error("a redirect keeps a transaction")
	}
	if es := w.led.waitN(t, tandem.EventAssigned, 2); es[0].ID != es[1].ID {
		t.Error("the repeated assignment has another id")
	}
}

func TestATargetThatSendsTheCallerElsewhereIsATransfer(t *testing.T) {
	w, caller, agent, _, got := ring(t)
	agent.send(w.addr(UDP), agent.respond(got, "302 Moved Temporarily", "a", "", "Contact: <sip:+14155550177@desk.invalid?Replaces=x>;q=1"))
	agent.expect("ACK")
	if m := caller.expect("302"); m.get("Contact") != "<sip:+14155550177@desk.invalid?Replaces=x>;q=1" {
		t.Errorf("the caller got\n%s", m.raw)
	}
	e := w.led.wait(t, tandem.EventTransferred)
	if e.Transferred.State != tandem.TransferAttempted || e.Transferred.To != "sip:+14155550177@desk.invalid" {
		t.Errorf("transferred %+v", *e.Transferred)
	}
	if e := w.led.wait(t, tandem.EventEnded); e.Ended.SIPStatus != 302 || e.Ended.By != tandem.ByAgent {
		t.Errorf("ended %+v", *e.Ended)
	}
}

func TestTransfersAreFollowedToTheirOutcome(t *testing.T) {
	for _, c := range []struct {
		name, answer, frag string
		want               tandem.Transfer
	}{
		{"completed", "202 Accepted", "SIP/2.0 200 OK", tandem.Transfer{State: tandem.TransferCompleted, To: "sip:+14155550177@desk.invalid"}},
		{"failed", "202 Accepted", "SIP/2.0 486 Busy Here", tandem.Transfer{State: tandem.TransferFailed, To: "sip:+14155550177@desk.invalid"}},
		{"still ringing", "202 Accepted", "SIP/2.0 180 Ringing", tandem.Transfer{State: tandem.TransferAttempted, To: "sip:+14155550177@desk.invalid"}},
		{"refused", "603 Decline", "", tandem.Transfer{State: tandem.TransferFailed, To: "sip:+14155550177@desk.invalid"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := converse(t)
			k.agentLeg.send("REFER", "", "Refer-To: <sip:+14155550177@desk.invalid?Replaces=a%40b>")
			refer := k.caller.expect("REFER")
			k.caller.send(k.callerGate, k.caller.respond(refer, c.answer, "", ""))
			k.agent.expect(c.answer[:3])
			if c.frag != "" {
				k.callerLeg.send("NOTIFY", c.frag+"\r\n", "Event: refer;id=93809824", "Subscription-State: terminated;reason=noresource", "Content-Type: message/sipfrag;version=2.0")
				notify := k.agent.expect("NOTIFY")
				k.agent.send(k.agentGate, k.agent.respond(notify, "200 OK", "", ""))
				k.caller.expect("200")
			}
			k.agentLeg.send("BYE", "")
			bye := k.caller.expect("BYE")
			k.caller.send(k.callerGate, k.caller.respond(bye, "200 OK", "", ""))
			k.agent.expect("200")
			record := k.led.call(t)
			if record.Transfer == nil || record.Transfer.Value != c.want {
				t.Errorf("the record's transfer is %+v; expected %+v", record.Transfer, c.want)
			}
			if record.Ended.Value.By != tandem.ByAgent {
				t.Errorf("ended by %s", record.Ended.Value.By)
			}
		})
	}
}
