package api_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/sip"
)

// dialled is a test caller that answers at once and remembers.
type dialled struct {
	mu      sync.Mutex
	targets []string
	numbers []string
}

func (d *dialled) Call(_ context.Context, t tandem.Target, number string) (tandem.TestCall, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.SIP == nil {
		return tandem.TestCall{}, tandem.Errorf(tandem.Invalid, "target", "cannot be called")
	}
	d.targets, d.numbers = append(d.targets, t.SIP.URI), append(d.numbers, number)
	return tandem.TestCall{URI: t.SIP.URI, Outcome: tandem.TestAnswered, Steps: []tandem.TestCallStep{}}, nil
}

func TestATestCallGoesToTheDraftOrAVersion(t *testing.T) {
	d := &dialled{}
	s := start(t, func(deps *api.Deps) { deps.TestCalls = d })
	s.agent("front-desk", 1)
	s.do(s.write, "PUT", "/v1/agents/front-desk/draft", map[string]any{"target": map[string]any{"kind": "sip", "sip": map[string]any{"uri": "sip:new@127.0.0.1"}}}).want(200, nil)
	const path = "/v1/agents/front-desk/test-call"
	s.do(s.write, "POST", path, nil).want(200, nil)
	s.do(s.write, "POST", path, map[string]any{"version": 1, "number": "(415) 555-0100"}).want(200, nil)
	if len(d.targets) != 2 || d.targets[0] != "sip:new@127.0.0.1" || d.targets[1] != "sip:agent@127.0.0.1:5070" || d.numbers[1] != "+14155550100" {
		t.Errorf("called %v for %v", d.targets, d.numbers)
	}
	s.do(s.write, "POST", path, map[string]any{"version": 2}).refused(422, "body.version")
	s.do(s.write, "POST", path, map[string]any{"number": "reception"}).refused(422, "body.number")
	s.do(s.write, "POST", "/v1/agents/nobody/test-call", nil).refused(404)
	s.do(s.read, "POST", path, nil).refused(403)
	if len(d.targets) != 2 {
		t.Errorf("what was refused was called: %v", d.targets)
	}
}

func TestFewTestCallsAreLetThrough(t *testing.T) {
	d := &dialled{}
	s := start(t, func(deps *api.Deps) { deps.TestCalls = d })
	s.agent("front-desk", 1)
	refused := 0
	for range 12 {
		a := s.do(s.write, "POST", "/v1/agents/front-desk/test-call", nil)
		if a.status == http.StatusTooManyRequests {
			refused++
			a.refused(http.StatusTooManyRequests)
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
	if refused == 0 || len(d.targets) != 12-refused {
		t.Errorf("%d were refused and %d placed", refused, len(d.targets))
	}
}

func TestATestCallToNobodySaysSo(t *testing.T) {
	s := start(t, func(deps *api.Deps) { deps.TestCalls = sip.NewTestCaller(nil) })
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "gone", "draft": map[string]any{
		"target": map[string]any{"kind": "sip", "sip": map[string]any{"uri": "sip:a@127.0.0.1:1;transport=tcp"}},
	}}).want(201, nil)
	var got tandem.TestCall
	s.do(s.write, "POST", "/v1/agents/gone/test-call", nil).want(200, &got)
	if got.Outcome != tandem.TestUnreachable || got.Address != "127.0.0.1:1" || got.Text == "" || len(got.Steps) == 0 {
		t.Errorf("got %+v", got)
	}
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "blank"}).want(201, nil)
	s.do(s.write, "POST", "/v1/agents/blank/test-call", nil).refused(422, "body.target")
}
