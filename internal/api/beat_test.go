package api

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
	"tandem/internal/live"
)

// oneKey is a store that knows one key, until it is revoked.
type oneKey struct {
	Store
	mu  sync.Mutex
	key tandem.Key
}

func (o *oneKey) KeyByHash(context.Context, [32]byte) (tandem.Key, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.key, nil
}

func (o *oneKey) revoke() {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	o.key.RevokedAt = &now
}

func TestAStreamBeatsAndEndsWithItsKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &oneKey{key: tandem.Key{Name: "page", Scopes: []tandem.Scope{tandem.ScopeRead}}}
		hub := live.New()
		defer hub.Close()
		h := New(Deps{Store: store, Hub: hub})
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/events", nil)
		r.Header.Set("Authorization", "Bearer tdm_x")
		w := httptest.NewRecorder()
		start := time.Now()
		var done sync.WaitGroup
		done.Go(func() { h.ServeHTTP(w, r) })
		time.Sleep(time.Minute)
		store.revoke()
		done.Wait()
		if d := time.Since(start) - time.Minute; d > 5*time.Second {
			t.Errorf("the stream went on for %v after its key was revoked", d)
		}
		if n := strings.Count(w.Body.String(), ": still here\n\n"); n != 3 && n != 4 {
			t.Errorf("%d beats in a minute", n)
		}
	})
}
