package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reporters are platforms that ask which version takes a call and report how
// it went, and that send everything again until it is acknowledged.
type reporters struct {
	*client
	route   string
	working sync.WaitGroup

	mu    sync.Mutex
	acked map[string]outcome // by Tandem's id of the call
	away  int                // answers that said to come again later
	cut   int                // requests that got no answer
}

// outcome is what was acknowledged of a call.
type outcome struct {
	Arm        string
	By         string
	DurationMS int64
	Success    bool
	Score      float64
}

// pace is the pause of a reporter between two calls: the machine is also the
// server and the peers.
const pace = 5 * time.Millisecond

// report starts n reporters. They stop when ctx ends, each once the call in
// hand is acknowledged.
func report(ctx context.Context, c *client, route string, n int) *reporters {
	r := &reporters{client: c, route: route, acked: map[string]outcome{}}
	for w := range n {
		r.working.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				r.one(fmt.Sprintf("%d-%d", w, i), i%10 == 9)
				time.Sleep(pace)
			}
		})
	}
	return r
}

func (r *reporters) one(foreign string, asLines bool) {
	var given struct {
		CallID string `json:"call_id"`
		Arm    string `json:"arm"`
	}
	ask := object{"route": r.route, "call": object{"origin": "dialler", "foreign_id": foreign}, "caller": "+14155550111"}
	if !r.insist("/v1/assignments", ask, &given) {
		return
	}
	o := outcome{Arm: given.Arm, By: "caller", DurationMS: rand.Int64N(120_000), Success: rand.IntN(2) == 0, Score: float64(rand.IntN(100))}
	if rand.IntN(3) == 0 {
		o.By = "agent"
	}
	events := []object{
		{"id": foreign + "/answered", "origin": "dialler", "kind": "answered"},
		{"id": foreign + "/ended", "origin": "dialler", "kind": "ended", "ended": object{"by": o.By, "duration_ms": o.DurationMS}},
		{"id": foreign + "/analysis", "origin": "dialler", "kind": "analysis", "analysis": object{"success": o.Success, "score": o.Score}},
	}
	path, in := "/v1/calls/"+given.CallID+"/events", any(events)
	if asLines {
		path, in = "/v1/events", lines(given.CallID, events)
	}
	if !r.insist(path, in, nil) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acked[given.CallID] = o
}

// insist sends until it is acknowledged; false when that does not come.
func (r *reporters) insist(path string, in, out any) bool {
	for deadline := time.Now().Add(patience); ; {
		status, err := r.do(http.MethodPost, path, in, out)
		if err == nil {
			return true
		}
		r.mu.Lock()
		switch status {
		case 0:
			r.cut++
		case http.StatusServiceUnavailable:
			r.away++
		default:
			r.t.Errorf("an answer that is neither an acknowledgement nor 503: %v", err)
		}
		r.mu.Unlock()
		if time.Now().After(deadline) {
			r.t.Errorf("%s was never acknowledged: %v", path, err)
			return false
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (r *reporters) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.acked)
}

// found checks that every acknowledged outcome is in the records.
func (r *reporters) found(t *testing.T, calls []call) {
	t.Helper()
	got := map[string]outcome{}
	for _, c := range calls {
		if c.Foreign["dialler"] == "" || c.Ended == nil {
			continue
		}
		o := outcome{Arm: c.Assigned.Value.Arm, By: c.Ended.Value.By, DurationMS: *c.Ended.Value.DurationMS}
		o.Success, _ = c.Values["success"].Value.(bool)
		o.Score, _ = c.Values["score"].Value.(float64)
		got[c.ID] = o
	}
	if diff := cmp.Diff(r.acked, got); diff != "" {
		t.Errorf("what was acknowledged and what is recorded differ (-acknowledged +records):\n%s", diff)
	}
	again := 0
	for id, o := range r.acked {
		var c call
		r.must(http.MethodGet, "/v1/calls/"+url.PathEscape(id), nil, &c)
		var same struct {
			CallID string `json:"call_id"`
			Arm    string `json:"arm"`
		}
		r.must(http.MethodPost, "/v1/assignments", object{"route": r.route, "call": object{"origin": "dialler", "foreign_id": c.Foreign["dialler"]}}, &same)
		if same.CallID != id || same.Arm != o.Arm {
			t.Errorf("call %s of arm %s is now told to be %s of arm %s", id, o.Arm, same.CallID, same.Arm)
		}
		if again++; again == 20 {
			break
		}
	}
}
