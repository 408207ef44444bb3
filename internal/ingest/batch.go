package ingest

import (
	"context"
	"slices"

	"tandem"
)

// batch joins events to the calls they name.
type batch struct {
	events []report
	hide   tandem.Hider
	// named holds, for each event, the call it names.
	named []tandem.CallRef
	// alias maps an origin's own id to Tandem's where an event of this batch
	// states both.
	alias map[tandem.CallRef]tandem.ID
	// assigned holds the calls that are being assigned.
	assigned map[tandem.ID]bool
	calls    map[tandem.ID]*working
	order    []tandem.ID // in which calls were first met
}

// working is one call on its way from its stored record to the next.
type working struct {
	before, after tandem.Call
	changed       bool
	transcript    []tandem.Turn
	hasTranscript bool
}

func newBatch(events []report, hide tandem.Hider) *batch {
	b := &batch{
		events: events, hide: hide, named: make([]tandem.CallRef, len(events)),
		alias: map[tandem.CallRef]tandem.ID{}, assigned: map[tandem.ID]bool{}, calls: make(map[tandem.ID]*working, len(events)),
	}
	for i, e := range events {
		b.named[i] = e.Ref()
		if e.Kind == tandem.EventAssigned && e.CallID != "" {
			b.assigned[e.CallID] = true
		}
		if e.CallID != "" && e.ForeignID != "" {
			b.alias[tandem.CallRef{Origin: e.Origin, ForeignID: e.ForeignID}] = e.CallID
		}
	}
	return b
}

// refs lists the calls to load, each once.
func (b *batch) refs() []tandem.CallRef {
	seen := make(map[tandem.CallRef]bool, len(b.named))
	refs := make([]tandem.CallRef, 0, len(b.named))
	for _, r := range b.named {
		if !seen[r] {
			seen[r] = true
			refs = append(refs, r)
		}
	}
	return refs
}

// find gives the stored records that refs name. Calls whose other systems' ids were
// deleted are found by the hashes that took their place.
func (b *batch) find(ctx context.Context, store Store, refs []tandem.CallRef) (map[tandem.CallRef]tandem.Call, error) {
	if b.hide.Hash == nil {
		return store.LoadCalls(ctx, refs)
	}
	hashed := map[tandem.CallRef]tandem.CallRef{}
	for _, r := range refs {
		if r.ID == "" {
			hashed[r] = tandem.CallRef{Origin: r.Origin, ForeignID: b.hide.Hash(r.ForeignID)}
		}
	}
	all := refs
	for _, h := range hashed {
		all = append(all[:len(all):len(all)], h)
	}
	found, err := store.LoadCalls(ctx, all)
	if err != nil {
		return nil, err
	}
	for r, h := range hashed {
		if c, ok := found[h]; ok {
			if _, ok := found[r]; !ok {
				found[r] = c
			}
			delete(found, h)
		}
	}
	return found, nil
}

// join applies every event to its call. Of a closed call nothing is told that names
// anybody.
func (b *batch) join(loaded map[tandem.CallRef]tandem.Call) {
	for i, e := range b.events {
		w := b.call(b.named[i], e.Event, loaded)
		if w.after.Closed() {
			told, any := w.after.Admit(e.Event, b.hide)
			if !any {
				continue
			}
			e.Event = told
		}
		changed, transcript := w.after.Apply(e.Event)
		w.changed = w.changed || changed
		if transcript {
			w.transcript, w.hasTranscript = e.Transcript, true
			w.after.Conversation = e.conversation
		}
	}
}

func (b *batch) call(ref tandem.CallRef, e tandem.Event, loaded map[tandem.CallRef]tandem.Call) *working {
	stored, known := loaded[ref]
	id := ref.ID
	switch {
	case known:
		id = stored.ID
	case id == "":
		var ok bool
		if id, ok = b.alias[ref]; !ok {
			id = tandem.DeriveCallID(ref.Origin, ref.ForeignID, e.At)
			b.alias[ref] = id
		}
		stored = loaded[tandem.CallRef{ID: id}] // the alias may name a stored call
	}
	w := b.calls[id]
	if w == nil {
		w = &working{before: stored, after: stored}
		w.after.ID = id
		b.calls[id] = w
		b.order = append(b.order, id)
	}
	return w
}

// changes says what to write, and which tests it touches.
func (b *batch) changes(ctx context.Context, counter Counter) (tandem.CallChanges, []tandem.ID, error) {
	var out tandem.CallChanges
	var tests []tandem.ID
	for _, id := range b.order {
		w := b.calls[id]
		if !w.changed {
			continue
		}
		tallies, err := counter.Count(ctx, w.before, &w.after)
		if err != nil {
			return out, nil, err
		}
		out.Calls = append(out.Calls, w.after)
		out.Tallies = append(out.Tallies, tallies...)
		if len(tallies) > 0 || assignmentMoved(w.before.Assigned, w.after.Assigned) {
			out.Counted = append(out.Counted, id)
		}
		if w.unread() {
			out.Unread = append(out.Unread, id)
		}
		if w.hasTranscript {
			out.Transcripts = append(out.Transcripts, tandem.Transcript{CallID: id, Turns: w.transcript})
		}
		if a := w.after.Assigned; a != nil && a.Value.TestID != "" && !slices.Contains(tests, a.Value.TestID) {
			tests = append(tests, a.Value.TestID)
		}
	}
	return out, tests, nil
}

// unread says whether what there is to analyse of the call changed: it has ended,
// has a transcript and a version, and one of them is new.
func (w *working) unread() bool {
	ready := func(c *tandem.Call) bool { return c.Ended != nil && c.Turns != nil && versionOf(c) != "" }
	return ready(&w.after) && (w.hasTranscript || !ready(&w.before) || versionOf(&w.before) != versionOf(&w.after))
}

func versionOf(c *tandem.Call) tandem.ID {
	if c.Assigned == nil {
		return ""
	}
	return c.Assigned.Value.VersionID
}

// assignmentMoved says whether a call was assigned anew, in whatever detail:
// tallies may not show the probability of its arm or its place in time, but
// evidence rests on them.
func assignmentMoved(before, after *tandem.Fact[tandem.Assignment]) bool {
	if before == nil || after == nil {
		return before != after
	}
	return before.Value != after.Value || !before.At.Equal(after.At)
}
