package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
	"tandem/internal/live"
)

const (
	// heartbeat keeps proxies from closing a quiet stream.
	heartbeat = 15 * time.Second
	// retryMS is how long a browser waits before it comes back.
	retryMS = 2000
	// streamWrite is how long a listener may take for one notice.
	streamWrite = 10 * time.Second
)

func (a *api) stream() {
	op := operation{
		id: "listen", method: http.MethodGet, path: "/v1/events", tag: tagServer, scope: tandem.ScopeRead,
		summary:     "Listen to what changes",
		description: "Server-sent events that say what changed, not the data: fetch that. `event` is the kind: agent, route, test (the thing with this id was edited), results (calls of the test with this id were recorded), reanalysis, judging, topics (reading the calls of the test with this id again, judging pairs of them, or grouping them got on: twice a second at most), config (routes, tests or versions changed, perhaps on another node), reset (fetch everything again). A listener that comes back with Last-Event-ID hears first what it missed. A comment comes every 15 seconds.",
	}
	a.mux.HandleFunc("GET "+op.path, a.listen)
	a.describe(op, func(h *huma.Operation) {
		h.Parameters = []*huma.Param{{Name: "Last-Event-ID", In: "header", Description: "The last id that was heard", Schema: &huma.Schema{Type: huma.TypeString}}}
		h.Responses["200"] = &huma.Response{
			Description: "The stream; each event's data is a Change",
			Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: a.schema(live.Change{})}},
		}
	})
}

func (a *api) listen(w http.ResponseWriter, r *http.Request) {
	if _, err := a.keyring.admit(r, tandem.ScopeRead); err != nil {
		a.fail(w, r, err, inBody)
		return
	}
	if a.Hub == nil {
		a.fail(w, r, tandem.Errorf(tandem.Unavailable, "", "this server tells no changes"), inBody)
		return
	}
	s := &eventStream{w: w, conn: http.NewResponseController(w), epoch: a.Hub.Epoch()}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	_ = s.conn.SetReadDeadline(time.Time{})
	// Listening begins before the first byte, so that whoever has read it has
	// missed nothing since.
	ctx, leave := context.WithCancel(r.Context())
	defer leave()
	changes := a.changes(ctx, r.Header.Get("Last-Event-ID"))
	if s.send("retry: "+strconv.Itoa(retryMS)+"\n: listening\n\n") == nil {
		a.relay(r, s, changes)
	}
}

// relay writes changes until the listener leaves, the hub closes or the key is
// revoked.
func (a *api) relay(r *http.Request, s *eventStream, changes <-chan live.Change) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	check := time.NewTicker(keyTTL)
	defer check.Stop()
	for {
		var err error
		select {
		case c, open := <-changes:
			if !open {
				return
			}
			err = s.change(c)
		case <-beat.C:
			err = s.send(": still here\n\n")
		case <-check.C:
			_, err = a.keyring.admit(r, tandem.ScopeRead)
			if tandem.CodeOf(err) == tandem.Unavailable {
				err = nil // the store is away; so is anybody who could revoke
			}
		}
		if err != nil {
			return // gone, or no longer welcome
		}
	}
}

// changes gives what follows lastID; an id of another run of the server means
// nothing here, so that listener is told to fetch everything.
func (a *api) changes(ctx context.Context, lastID string) <-chan live.Change {
	if lastID == "" {
		return a.Hub.Subscribe(ctx)
	}
	epoch, n, _ := strings.Cut(lastID, "-")
	seq, err := strconv.ParseUint(n, 10, 64)
	if err != nil || epoch != a.Hub.Epoch() {
		seq = math.MaxUint64
	}
	return a.Hub.Resume(ctx, seq)
}

// eventStream writes server-sent events (WHATWG HTML, section 9.2).
type eventStream struct {
	w     http.ResponseWriter
	conn  *http.ResponseController
	epoch string
}

func (s *eventStream) change(c live.Change) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.send(fmt.Sprintf("id: %s-%d\nevent: %s\ndata: %s\n\n", s.epoch, c.Seq, c.Kind, data))
}

func (s *eventStream) send(text string) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(streamWrite))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.conn.Flush()
}
