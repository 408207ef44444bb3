package api_test

import (
	"net/url"
	"testing"

	"tandem"
)

func TestARouteIsFoundByIDNumberAndName(t *testing.T) {
	s := start(t)
	s.agent("front-desk", 1)
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "(415) 555-0100", "live_version": "front-desk@1"}).want(201, &r)
	if r.Number != "+14155550100" || r.Name != "14155550100" || r.Kind != tandem.Inbound || r.SIPMode != tandem.Proxy ||
		r.MaxCallSeconds != tandem.DefaultMaxCallSeconds || r.LiveVersionID == "" || r.Revision == 0 {
		t.Errorf("made %+v", r)
	}
	s.do(s.write, "PATCH", "/v1/routes/"+string(r.ID), map[string]any{"name": "Main line"}).want(200, nil)
	for _, which := range []string{string(r.ID), "+14155550100", "4155550100", "0014155550100", "Main line"} {
		var got tandem.Route
		s.do(s.read, "GET", "/v1/routes/"+url.PathEscape(which), nil).want(200, &got)
		if got.ID != r.ID {
			t.Errorf("%q found %q", which, got.ID)
		}
	}
	s.do(s.read, "GET", "/v1/routes/nobody", nil).refused(404)
	s.do(s.read, "GET", "/v1/routes/+14155550199", nil).refused(404)
}

func TestRoutesThatCannotBe(t *testing.T) {
	s := start(t)
	s.agent("front-desk", 1)
	s.do(s.write, "POST", "/v1/routes", map[string]any{"number": "+14155550100", "live_version": "front-desk@1"}).want(201, nil)
	for _, c := range []struct {
		name   string
		body   map[string]any
		status int
		places []string
	}{
		{"no version", map[string]any{"number": "+14155550101"}, 422, []string{"body.live_version"}},
		{"a draft", map[string]any{"number": "+14155550101", "live_version": "front-desk@draft"}, 422, []string{"body.live_version"}},
		{"a version that is not there", map[string]any{"number": "+14155550101", "live_version": "front-desk@7"}, 422, []string{"body.live_version"}},
		{"nonsense for a number, and for a version", map[string]any{"number": "reception", "live_version": "x"}, 422, []string{"body.number", "body.live_version"}},
		{"a number that is taken, written differently", map[string]any{"number": "415.555.0100", "live_version": "front-desk@1"}, 409, []string{"body.number"}},
		{"an outbound route with a number", map[string]any{"kind": "outbound", "name": "x", "number": "+14155550101", "live_version": "front-desk@1"}, 422, []string{"body.number"}},
		{"a fallback that is no SIP URI", map[string]any{"number": "+14155550101", "live_version": "front-desk@1", "fallback_uri": "http://x"}, 422, []string{"body.fallback_uri"}},
		{"a call length beyond a day", map[string]any{"number": "+14155550101", "live_version": "front-desk@1", "max_call_seconds": 100000}, 422, []string{"body.max_call_seconds"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.write, "POST", "/v1/routes", c.body).refused(c.status, c.places...)
		})
	}
}

func TestAPatchTellsAbsentNullAndZeroApart(t *testing.T) {
	s := start(t)
	s.agent("front-desk", 2)
	var r tandem.Route
	s.do(s.write, "POST", "/v1/routes", map[string]any{
		"number": "+14155550100", "live_version": "front-desk@1", "fallback_uri": "sip:help@127.0.0.1", "version_limit": 5,
	}).want(201, &r)
	patch := func(body string, status int) tandem.Route {
		t.Helper()
		var got tandem.Route
		s.do(s.write, "PATCH", "/v1/routes/"+string(r.ID), body).want(status, &got)
		return got
	}
	if got := patch(`{}`, 200); got.FallbackURI != "sip:help@127.0.0.1" || got.VersionLimit != 5 || got.Name != r.Name {
		t.Errorf("an empty patch changed %+v", got)
	}
	if got := patch(`{"fallback_uri": null}`, 200); got.FallbackURI != "" || got.VersionLimit != 5 {
		t.Errorf("null fallback gave %+v", got)
	}
	if got := patch(`{"version_limit": 0}`, 200); got.VersionLimit != 0 {
		t.Errorf("zero limit gave %+v", got)
	}
	if got := patch(`{"live_version": "front-desk@2", "number": "+1 415 555 0177"}`, 200); got.LiveVersionID == r.LiveVersionID || got.Number != "+14155550177" {
		t.Errorf("patched %+v", got)
	}
	s.do(s.write, "PATCH", "/v1/routes/"+string(r.ID), `{"name": null}`).refused(422, "body.name")
	s.do(s.write, "PATCH", "/v1/routes/"+string(r.ID), `{"max_call_seconds": 1}`).refused(422, "body.max_call_seconds")
	s.do(s.write, "PATCH", "/v1/routes/"+string(r.ID), `{"name": "x"}`, "If-Match", `"1"`).refused(412)
}
