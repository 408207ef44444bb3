package api_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/live"
)

// listener reads server-sent events, one block at a time.
type listener struct {
	t    *testing.T
	resp *http.Response
	in   *bufio.Reader
}

func (s *server) listen(t *testing.T, key, lastID string) *listener {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("listening: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	l := &listener{t, resp, bufio.NewReader(resp.Body)}
	if block, _ := l.next(); !strings.Contains(block, "retry: ") {
		t.Errorf("the stream begins with %q", block)
	}
	return l
}

// next gives the next block, or false at the end of the stream.
func (l *listener) next() (string, bool) {
	var block strings.Builder
	for {
		line, err := l.in.ReadString('\n')
		if err != nil {
			return block.String(), false
		}
		if line == "\n" {
			return block.String(), true
		}
		block.WriteString(line)
	}
}

func (l *listener) want(parts ...string) (id string) {
	l.t.Helper()
	block, ok := l.next()
	for _, p := range parts {
		if !ok || !strings.Contains(block, p) {
			l.t.Fatalf("heard %q (%v), want %q", block, ok, p)
		}
	}
	for line := range strings.Lines(block) {
		if v, ok := strings.CutPrefix(line, "id: "); ok {
			id = strings.TrimSpace(v)
		}
	}
	return id
}

func TestListening(t *testing.T) {
	s := start(t)
	l := s.listen(t, s.read, "")
	var a tandem.Agent
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "front-desk"}).want(201, &a)
	l.want("event: agent\n", `"id":"`+string(a.ID)+`"`)
	_, test := s.running("+14155550100", 50)
	for {
		block, ok := l.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		if strings.Contains(block, "event: test\n") {
			break
		}
	}
	got := s.ask("+14155550100")
	s.do(s.ingest, "POST", "/v1/calls/"+string(got.CallID)+"/events", `{"id":"1","kind":"started"}`).want(200, nil)
	for {
		block, ok := l.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		if strings.Contains(block, "event: results\n") && strings.Contains(block, string(test.ID)) {
			break
		}
	}
}

func TestAListenerThatComesBackHearsWhatItMissed(t *testing.T) {
	s := start(t)
	l := s.listen(t, s.read, "")
	s.hub.Publish(live.Change{Kind: live.Agent, ID: "one"})
	id := l.want("event: agent", `"id":"one"`)
	l.resp.Body.Close()
	s.hub.Publish(live.Change{Kind: live.Route, ID: "two"})
	s.listen(t, s.read, id).want("event: route", `"id":"two"`)
	s.listen(t, s.read, "another-7").want("event: reset")
	s.listen(t, s.read, "nonsense").want("event: reset")
}

func TestStreamsEndWhenTheHubCloses(t *testing.T) {
	s := start(t)
	l := s.listen(t, s.read, "")
	s.hub.Close()
	if block, ok := l.next(); ok {
		t.Errorf("heard %q after the end", block)
	}
}
