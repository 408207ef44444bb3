package ingest

import "tandem"

// recentCalls bounds each generation of recent. A call's events come in
// bursts, so a few seconds' worth of calls is enough.
const recentCalls = 8192

// recent remembers the records that this node committed last, so that the
// events of one call, which come close together, do not each read it back. A
// record that another node changed meanwhile is found out by its revision when
// it is committed, and read again. It belongs to one goroutine.
type recent struct{ young, old map[tandem.ID]tandem.Call }

func newRecent() *recent { return &recent{young: map[tandem.ID]tandem.Call{}} }

func (r *recent) get(id tandem.ID) (tandem.Call, bool) {
	if c, ok := r.young[id]; ok {
		return c, true
	}
	c, ok := r.old[id]
	return c, ok
}

// committed takes the calls of a commit, as they were written.
func (r *recent) committed(calls []tandem.Call) {
	for _, c := range calls {
		if len(r.young) >= recentCalls {
			r.young, r.old = make(map[tandem.ID]tandem.Call, recentCalls), r.young
		}
		c.Revision++
		r.young[c.ID] = c
	}
}

func (r *recent) forget(calls []tandem.Call) {
	for _, c := range calls {
		delete(r.young, c.ID)
		delete(r.old, c.ID)
	}
}
