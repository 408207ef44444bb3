package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	webhook "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// receiver is a webhook's other side. It refuses what it hears first and checks
// the signature of everything.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	secret  string
	heard   []notice
	refused string // the webhook-id that was refused
	wrong   []string
}

type notice struct {
	ID   string
	Type string
	Data struct {
		Kind, Text string
		TestID     string `json:"test_id"`
	}
}

// listen makes a webhook and gives what hears it.
func (c *client) listen() *receiver {
	c.t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	if t, ok := c.t.(*testing.T); ok {
		t.Cleanup(r.Close)
	}
	var made struct{ Secret string }
	c.must("POST", "/v1/webhooks", object{"url": r.URL}, &made)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = made.Secret
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	id := req.Header.Get("Webhook-Id")
	if r.refused == "" {
		r.refused = id
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	hook, err := webhook.NewWebhook(r.secret)
	if err == nil {
		err = hook.Verify(raw, req.Header)
	}
	n := notice{ID: id}
	if e := json.Unmarshal(raw, &n); err != nil || e != nil {
		r.wrong = append(r.wrong, fmt.Sprint(err, e))
		return
	}
	r.heard = append(r.heard, n)
}

// of gives what was heard of a kind.
func (r *receiver) of(kind string) (out []notice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.heard {
		if n.Type == kind {
			out = append(out, n)
		}
	}
	return out
}

// wellSigned checks that nothing came with a signature that is not the
// webhook's.
func (r *receiver) wellSigned(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.wrong) > 0 {
		t.Errorf("badly signed: %v", r.wrong)
	}
}
