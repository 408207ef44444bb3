package sip

import "time"

// tickLength is the resolution of all transaction timers: fine beside T1 =
// 500 ms, and 50 wake-ups a second cost nothing.
const tickLength = 20 * time.Millisecond

// tick counts tickLengths since the gateway started.
type tick int64

// wheelSlots makes one turn of the wheel about 10 s; a timer further away is
// looked at once a turn and put back.
const wheelSlots = 512

// timer is one pending alarm, linked into its wheel's slot. Its zero value is
// not pending.
type timer struct {
	next, prev *timer
	at         tick
	owner      alarm
}

// alarm is told when its timer is due, with its shard locked.
type alarm interface {
	due(w *worker)
}

// wheel holds the timers of one shard.
type wheel struct {
	slots [wheelSlots]timer // heads of rings
	now   tick
}

func (wh *wheel) init(now tick) {
	wh.now = now
	for i := range wh.slots {
		h := &wh.slots[i]
		h.next, h.prev = h, h
	}
}

// set makes t due at the given tick, whether or not it was pending. A timer
// that is pending for an earlier tick stays where it is: it is put right when
// it comes up, which makes moving a deadline away free.
func (wh *wheel) set(t *timer, at tick) {
	if at <= wh.now {
		at = wh.now + 1
	}
	if t.next != nil {
		if at >= t.at {
			t.at = at
			return
		}
		t.unlink()
	}
	t.at = at
	wh.link(t)
}

func (wh *wheel) link(t *timer) {
	slot := t.at
	if slot >= wh.now+wheelSlots {
		slot = wh.now + wheelSlots - 1
	}
	h := &wh.slots[slot%wheelSlots]
	t.next, t.prev = h, h.prev
	h.prev.next = t
	h.prev = t
}

func (t *timer) unlink() {
	if t.next == nil {
		return
	}
	t.next.prev, t.prev.next = t.prev, t.next
	t.next, t.prev = nil, nil
}

// advance runs everything that is due up to and including now.
func (wh *wheel) advance(w *worker, now tick) {
	for wh.now < now {
		wh.now++
		h := &wh.slots[wh.now%wheelSlots]
		if h.next == h {
			continue
		}
		// Move the ring to a head of its own: an alarm may set timers into this
		// slot, and may stop others that are due with it.
		var ring timer
		ring.next, ring.prev = h.next, h.prev
		ring.next.prev, ring.prev.next = &ring, &ring
		h.next, h.prev = h, h
		for ring.next != &ring {
			t := ring.next
			t.unlink()
			if t.at > wh.now {
				wh.link(t)
				continue
			}
			t.owner.due(w)
		}
	}
}
