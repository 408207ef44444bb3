package tandem_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func content() tandem.Content {
	temp := 0.4
	return tandem.Content{
		Prompt: "You answer the phone.", Greeting: "Hello.",
		LLM:    &tandem.LLM{Provider: "openai", Model: "gpt-4.1-mini", Temperature: &temp},
		Voice:  &tandem.Speech{Provider: "cartesia", Voice: "sonic"},
		Tools:  []tandem.Tool{{Name: "book", Parameters: json.RawMessage(`{"type":"object"}`)}},
		Fields: []tandem.Field{{Name: "booked", Type: tandem.Boolean}, {Name: "reason", Type: tandem.Selector, Choices: []string{"book", "cancel"}}},
		Extra:  json.RawMessage(`{"barge_in":true}`),
		Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@agent.example.com"}},
	}
}

func TestPublishingFreezesTheDraftUnderTheNextNumber(t *testing.T) {
	a := tandem.Agent{ID: tandem.NewID(t0), Name: "front-desk", Draft: content()}
	v1, err := a.Publish("ada", "first", t0)
	if err != nil {
		t.Fatal(err)
	}
	a.Draft.Prompt = "Be brief."
	v2, err := a.Publish("ada", "shorter", t0.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if v1.Ref() != "front-desk@1" || v2.Ref() != "front-desk@2" || v1.Content.Prompt != "You answer the phone." || v2.Content.Prompt != "Be brief." {
		t.Errorf("got %s %q and %s %q", v1.Ref(), v1.Content.Prompt, v2.Ref(), v2.Content.Prompt)
	}
}

func TestContentThatCannotRunIsNotPublished(t *testing.T) {
	for field, change := range map[string]func(*tandem.Content){
		"draft.target.kind":            func(c *tandem.Content) { c.Target = tandem.Target{} },
		"draft.target.sip":             func(c *tandem.Content) { c.Target.SIP = nil },
		"draft.target.sip.uri":         func(c *tandem.Content) { c.Target.SIP.URI = "agent.example.com" },
		"draft.target.sip.transport":   func(c *tandem.Content) { c.Target.SIP.Transport = "sctp" },
		"draft.target.sip.headers":     func(c *tandem.Content) { c.Target.SIP.Headers = map[string]string{"Via": "x"} },
		"draft.target.sip.headers.X-A": func(c *tandem.Content) { c.Target.SIP.Headers = map[string]string{"X-A": "x\r\nVia: y"} },
		"draft.llm":                    func(c *tandem.Content) { c.LLM.Model = "" },
		"draft.llm.temperature":        func(c *tandem.Content) { nan := math.NaN(); c.LLM.Temperature = &nan },
		"draft.voice.provider":         func(c *tandem.Content) { c.Voice.Provider = "" },
		"draft.tools[1].name":          func(c *tandem.Content) { c.Tools = append(c.Tools, c.Tools[0]) },
		"draft.tools[0].parameters":    func(c *tandem.Content) { c.Tools[0].Parameters = json.RawMessage(`[]`) },
		"draft.flow":                   func(c *tandem.Content) { c.Flow = json.RawMessage(`{`) },
		"draft.extra":                  func(c *tandem.Content) { c.Extra = json.RawMessage(`"text"`) },
		"draft.fields[0].name":         func(c *tandem.Content) { c.Fields[0].Name = "Not A Name" },
		"draft.fields[1].name":         func(c *tandem.Content) { c.Fields[1].Name = "booked" },
		"draft.fields[0].type":         func(c *tandem.Content) { c.Fields[0].Type = "date" },
		"draft.fields[1].choices":      func(c *tandem.Content) { c.Fields[1].Choices = []string{"one"} },
		"draft.prompt":                 func(c *tandem.Content) { c.Prompt = strings.Repeat("x", 2<<20) },
	} {
		t.Run(field, func(t *testing.T) {
			a := tandem.Agent{Name: "x", Draft: content()}
			change(&a.Draft)
			if _, err := a.Publish("ada", "", t0); !hasField(err, field) || a.LatestVersion != 0 {
				t.Errorf("got %v, want an error on %s", err, field)
			}
		})
	}
}

func TestSIPURIsThatCouldBreakOutOfAHeaderAreRefused(t *testing.T) {
	for uri, ok := range map[string]bool{
		"sip:a@b.example.com": true, "sips:a@b.example.com:5061": true, "sip:b.example.com;transport=tcp": true,
		"sip:+14155550100@[2001:db8::1]:5060": true, "sip:host_1.example.com": true, "sip:1@127.0.0.1": true,
		"": false, "tel:+14155550100": false, "sip:": false, "sip:a@": false, "sip:a@b c": false, "sip:a@b\r\nVia: x": false,
		"sip:a@b>": false, "sip:a@b:99999": false, "sip:a@b:": false, "sip:a@b?Replaces=x": false, "sip:a@b;x=y?Replaces=x": false, "sip:@host": false, "sip:a@b@host": false,
		"sip:a@b!": false, "sip:a@b;transport=sctp": false, `sip:"a@b`: false,
	} {
		if err := tandem.ValidateSIPURI("uri", uri); (err == nil) != ok {
			t.Errorf("%q: %v, want ok %v", uri, err, ok)
		}
	}
}

func TestTwoVersionsAreComparedFieldByField(t *testing.T) {
	a, b := content(), content()
	if d := tandem.Diff(a, b); len(d) != 0 {
		t.Fatalf("equal contents differ: %v", d)
	}
	warm := 0.9
	b.LLM.Temperature = &warm
	b.Voice = nil
	b.Fields[1].Choices = []string{"book", "cancel", "move"}
	b.Tools = append(b.Tools, tandem.Tool{Name: "transfer"})
	b.Extra = json.RawMessage(`{"barge_in":true,"speed":1.0}`)
	var paths []string
	for _, d := range tandem.Diff(a, b) {
		paths = append(paths, d.Path+" "+string(d.Before)+" -> "+string(d.After))
	}
	want := []string{
		"extra.speed null -> 1.0",
		`fields[reason].choices ["book","cancel"] -> ["book","cancel","move"]`,
		"llm.temperature 0.4 -> 0.9",
		`tools[transfer] null -> {"name":"transfer"}`,
		`voice {"provider":"cartesia","voice":"sonic"} -> null`,
	}
	if d := cmp.Diff(want, paths); d != "" {
		t.Error(d)
	}
}

func route() tandem.Route {
	return tandem.Route{ID: tandem.NewID(t0), Kind: tandem.Inbound, Number: "+14155550100", Name: "main", LiveVersionID: tandem.NewID(t0), SIPMode: tandem.Proxy, MaxCallSeconds: 3600}
}

func TestRoutesThatCannotWorkAreRefused(t *testing.T) {
	if err := route().Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*tandem.Route){
		"name":             func(r *tandem.Route) { r.Name = " " },
		"kind":             func(r *tandem.Route) { r.Kind = "both" },
		"number":           func(r *tandem.Route) { r.Number = "0415 555" },
		"live_version_id":  func(r *tandem.Route) { r.LiveVersionID = "front-desk" },
		"fallback_uri":     func(r *tandem.Route) { r.FallbackURI = "http://x" },
		"sip_mode":         func(r *tandem.Route) { r.SIPMode = "bridge" },
		"max_call_seconds": func(r *tandem.Route) { r.MaxCallSeconds = 1 },
		"version_limit":    func(r *tandem.Route) { r.VersionLimit = -1 },
	} {
		r := route()
		change(&r)
		if err := r.Validate(); !hasField(err, field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
	out := route()
	out.Kind = tandem.Outbound
	if err := out.Validate(); !hasField(err, "number") {
		t.Errorf("an outbound route with a number: %v", err)
	}
}

func TestTheLifeOfATest(t *testing.T) {
	r := route()
	b := tandem.NewID(t0)
	spec := tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: r.LiveVersionID, Weight: 90}, {VersionID: b, Weight: 10}}}
	test, err := tandem.NewTest(r, spec, t0)
	if err != nil {
		t.Fatal(err)
	}
	if test.Unit != tandem.PerCall || test.PrimaryMetric != tandem.MetricCompletion || test.Salt == (tandem.Salt{}) {
		t.Errorf("defaults: %+v", test)
	}
	if err := test.Reweight([]float64{50, 50}, t0.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := test.Reweight([]float64{50, 50}, t0.Add(2*time.Hour)); err != nil || len(test.Phases) != 2 {
		t.Errorf("the same split again: %v, %d phases; want 2", err, len(test.Phases))
	}
	if err := test.Reweight([]float64{50, 30, 20}, t0); !hasField(err, "weights") {
		t.Errorf("three weights for two arms: %v", err)
	}
	if err := test.End(&r, "C", "", t0); !hasField(err, "winner") {
		t.Errorf("an unknown winner: %v", err)
	}
	kept := r.LiveVersionID
	nobody := test
	if err := nobody.End(&r, "", "", t0); err != nil || nobody.Winner != "A" || r.LiveVersionID != kept {
		t.Errorf("no winner given: %v, winner %s", err, nobody.Winner)
	}
	if err := test.End(&r, "B", "better", t0); err != nil || r.LiveVersionID != b || test.Status != tandem.Ended {
		t.Errorf("B wins: %v, live %s", err, r.LiveVersionID)
	}
	if err := test.End(&r, "A", "", t0); tandem.CodeOf(err) != tandem.Conflict {
		t.Errorf("ending twice: %v", err)
	}
	if err := test.Reweight([]float64{10, 90}, t0); tandem.CodeOf(err) != tandem.Conflict {
		t.Errorf("changing the split of an ended test: %v", err)
	}
}

func TestTestsThatMakeNoSenseAreRefused(t *testing.T) {
	id := func() tandem.ID { return tandem.NewID(t0) }
	same := id()
	for name, tc := range map[string]struct {
		spec  tandem.TestSpec
		field string
	}{
		"one arm":              {tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: id(), Weight: 100}}}, "arms"},
		"a weight below zero":  {tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: id(), Weight: -1}, {VersionID: id(), Weight: 101}}}, "arms[0].weight"},
		"weights not 100":      {tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: id(), Weight: 50}, {VersionID: id(), Weight: 40}}}, "arms"},
		"no version":           {tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: id(), Weight: 50}, {VersionID: "draft", Weight: 50}}}, "arms[1].version_id"},
		"one version in both":  {tandem.TestSpec{Arms: []tandem.ArmSpec{{VersionID: same, Weight: 50}, {VersionID: same, Weight: 50}}}, "arms[1].version_id"},
		"an unknown unit":      {tandem.TestSpec{Unit: "day", Arms: []tandem.ArmSpec{{VersionID: id(), Weight: 50}, {VersionID: id(), Weight: 50}}}, "unit"},
		"a name with newlines": {tandem.TestSpec{Name: "a\nb", Arms: []tandem.ArmSpec{{VersionID: id(), Weight: 50}, {VersionID: id(), Weight: 50}}}, "name"},
	} {
		if _, err := tandem.NewTest(route(), tc.spec, t0); !hasField(err, tc.field) {
			t.Errorf("%s: got %v, want an error on %s", name, err, tc.field)
		}
	}
}

func TestIDs(t *testing.T) {
	a := tandem.DeriveCallID("sip", "abc@x", t0)
	if a != tandem.DeriveCallID("sip", "abc@x", t0.Add(time.Second)) {
		t.Error("the same call gave two ids a second apart")
	}
	if a == tandem.DeriveCallID("sip", "abc@x", t0.Add(24*time.Hour)) || a == tandem.DeriveCallID("vapi", "abc@x", t0) || a == tandem.DeriveCallID("sip", "abd@x", t0) {
		t.Error("different calls gave one id")
	}
	seen := []tandem.ID{}
	for i := range 100 {
		seen = append(seen, tandem.NewID(t0.Add(time.Duration(i)*time.Millisecond)))
	}
	if !slices.IsSorted(seen) {
		t.Error("new ids do not sort by time")
	}
	for _, id := range append(seen, a) {
		b, ok := id.Bytes()
		if !ok || tandem.IDFromBytes(b) != id {
			t.Errorf("%s does not survive as bytes", id)
		}
	}
	for _, bad := range []tandem.ID{"", "x", "018F0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-00000000000g"} {
		if bad.Valid() {
			t.Errorf("%q is taken for an id", bad)
		}
	}
}

func TestKeysAllowWhatTheirScopesSay(t *testing.T) {
	k, secret, err := tandem.NewKey("ci", []tandem.Scope{tandem.ScopeIngest}, t0)
	if err != nil || tandem.HashSecret(secret) != k.Hash || !strings.HasPrefix(secret, "tdm_") {
		t.Fatalf("%v %q", err, secret)
	}
	admin, _, _ := tandem.NewKey("root", []tandem.Scope{tandem.ScopeAdmin}, t0)
	revoked := admin
	revoked.RevokedAt = &t0
	for name, is := range map[string]bool{
		"its scope": k.Allows(tandem.ScopeIngest), "admin anything": admin.Allows(tandem.ScopeWrite),
		"no other": !k.Allows(tandem.ScopeRead), "revoked nothing": !revoked.Allows(tandem.ScopeRead),
	} {
		if !is {
			t.Errorf("a key must allow %s", name)
		}
	}
	if _, _, err := tandem.NewKey("x", []tandem.Scope{"everything"}, t0); !hasField(err, "scopes[0]") {
		t.Errorf("an unknown scope: %v", err)
	}
}
