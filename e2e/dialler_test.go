package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// dialler places calls through the API, as a dialler does, and reports how each
// went. It asks the next node where one does not answer, and sends everything
// again until it is acknowledged.
type dialler struct {
	t     testing.TB
	nodes []*client
	route string
	// wins says whether call nth of an arm, from 0 on, is a success; handsOn
	// whether it is transferred.
	wins, handsOn func(nth int, arm string) bool

	node   int // the one that answered last
	mu     sync.Mutex
	placed int
	of     map[string]int // calls by arm
}

// dialled is a call that was placed.
type dialled struct {
	number int // among the dialler's
	nth    int // among those of its arm
	id     string
	arm    string
}

func (d *dialler) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.placed
}

// dial places so many calls and reports them.
func (d *dialler) dial(calls int) []dialled {
	d.t.Helper()
	all := d.place(calls)
	d.report(all)
	return all
}

// place asks which version takes each of so many calls.
func (d *dialler) place(calls int) []dialled {
	d.t.Helper()
	all := make([]dialled, 0, calls)
	for range calls {
		c := dialled{number: d.count()}
		var given struct {
			CallID string `json:"call_id"`
			Arm    string `json:"arm"`
		}
		d.insist("/v1/assignments", object{
			"route": d.route, "call": object{"origin": "dialler", "foreign_id": fmt.Sprint(c.number)}, "caller": fmt.Sprintf("+1415556%04d", c.number),
		}, &given)
		d.mu.Lock()
		if d.of == nil {
			d.of = map[string]int{}
		}
		c.id, c.arm, c.nth = given.CallID, given.Arm, d.of[given.Arm]
		d.of[given.Arm]++
		d.placed++
		d.mu.Unlock()
		all = append(all, c)
	}
	return all
}

// report says how calls went.
func (d *dialler) report(calls []dialled) {
	d.t.Helper()
	var events []object
	for _, c := range calls {
		events = append(events, d.ended(c), d.analysed(c, d.wins(c.nth, c.arm)))
		if d.handsOn != nil && d.handsOn(c.nth, c.arm) {
			events = append(events, object{"id": c.event("transfer"), "call_id": c.id, "origin": "dialler", "kind": "transferred", "transferred": object{"state": "completed"}})
		}
	}
	d.send(events)
}

func (c dialled) event(name string) string { return fmt.Sprint(c.number, "/", name) }

func (d *dialler) ended(c dialled) object {
	return object{"id": c.event("end"), "call_id": c.id, "origin": "dialler", "kind": "ended", "ended": object{"by": "caller", "duration_ms": 20_000 + c.number%7*1000, "answered": true}}
}

// analysed is a call's analysis. success may be nil: the analysis cannot tell.
func (d *dialler) analysed(c dialled, success any) object {
	return object{"id": c.event("analysis"), "call_id": c.id, "origin": "dialler", "kind": "analysis", "analysis": object{"success": success, "score": float64(c.number % 10)}}
}

// send posts events in batches.
func (d *dialler) send(events []object) {
	d.t.Helper()
	const batch = 500
	for ; len(events) > batch; events = events[batch:] {
		d.insist("/v1/events", bulk(events[:batch]), nil)
	}
	d.insist("/v1/events", bulk(events), nil)
}

// insist sends until it is acknowledged.
func (d *dialler) insist(path string, in, out any) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); ; d.node++ {
		status, err := d.nodes[d.node%len(d.nodes)].do(http.MethodPost, path, in, out)
		if err == nil {
			return
		}
		if status != 0 && status != http.StatusServiceUnavailable || time.Now().After(deadline) {
			d.t.Errorf("%s is not acknowledged: %v", path, err)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// bulk writes events of several calls as lines.
func bulk(events []object) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for _, e := range events {
		_ = enc.Encode(e) // text and numbers always encode
	}
	return out.Bytes()
}

// better has B succeed in 9 of 10 calls and A in 6 of 10.
func better(nth int, arm string) bool {
	if arm == "B" {
		return nth%10 != 0
	}
	return nth%10 < 6
}

// alike has every arm succeed in every other call, so that nothing can speak
// for one of them.
func alike(nth int, _ string) bool { return nth%2 == 0 }

// analyser reports what was found in calls that reached agents by SIP.
type analyser struct {
	*client
	agents map[string]*sipp // by arm
	wins   func(nth int, arm string) bool
	done   map[string]bool // by Tandem's id of the call
	of     map[string]int  // calls by arm
}

func newAnalyser(c *client, agents map[string]*sipp, wins func(int, string) bool) *analyser {
	return &analyser{client: c, agents: agents, wins: wins, done: map[string]bool{}, of: map[string]int{}}
}

// analyse reports the calls that came since it last did and gives how many were
// acknowledged in all. Those that are not are sent again the next time.
func (a *analyser) analyse() int {
	a.t.Helper()
	var events []object
	found := map[string]bool{}
	of := map[string]int{}
	for arm, agent := range a.agents {
		of[arm] = a.of[arm]
		for _, e := range agent.entries() { // in the order in which they came
			id := e["tandem"]
			if id == "" || a.done[id] || found[id] {
				continue
			}
			found[id] = true
			events = append(events, object{"id": "analysis", "call_id": id, "origin": "analyser", "kind": "analysis", "analysis": object{"success": a.wins(of[arm], arm), "score": 5}})
			of[arm]++
		}
	}
	if len(events) == 0 {
		return len(a.done)
	}
	status, err := a.do(http.MethodPost, "/v1/events", bulk(events), nil)
	switch {
	case err == nil:
		a.of = of
		for id := range found {
			a.done[id] = true
		}
	case status != 0 && status != http.StatusServiceUnavailable:
		a.t.Errorf("an answer that is neither an acknowledgement nor 503: %v", err)
	}
	return len(a.done)
}
