package results

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"tandem"
)

// Run folds what moves until ctx ends: what [Folder.Moved] names at once, what
// other nodes did within about a second. While nothing moves it only asks
// whether something did. While the store is away it keeps what it has.
func (d *Folder) Run(ctx context.Context) {
	d.running.Store(true)
	defer d.running.Store(false)
	tick := time.NewTicker(activityEvery)
	defer tick.Stop()
	var seen map[tandem.ID]int64
	away, look := false, true
	for {
		err := d.round(ctx, look, &seen)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				d.log.Warn("evidence cannot be folded while the store is away", "error", err)
			} else {
				d.log.Info("evidence is folded again")
			}
		}
		if look = d.wait(ctx, tick.C); ctx.Err() != nil {
			return
		}
	}
}

// wait waits for something to do. It is true when it is time to look what other
// nodes did.
func (d *Folder) wait(ctx context.Context, tick <-chan time.Time) bool {
	for {
		var soon <-chan time.Time
		if next := d.next(); !next.IsZero() {
			timer := time.NewTimer(time.Until(next))
			defer timer.Stop()
			soon = timer.C
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick:
			return true
		case <-soon:
			return false
		case <-d.wake: // perhaps due later: look again when
		}
	}
}

// next gives when the next test is due; the zero time when none is.
func (d *Folder) next() (next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.tests {
		if !f.due.IsZero() && (next.IsZero() || f.due.Before(next)) {
			next = f.due
		}
	}
	return next
}

// round folds until no test is due; with look it first asks what moved.
func (d *Folder) round(ctx context.Context, look bool, seen *map[tandem.ID]int64) error {
	if look {
		if err := d.look(ctx, seen); err != nil {
			return err
		}
		d.tidy()
	}
	for {
		due := d.due()
		if len(due) == 0 {
			return nil
		}
		// A few pages of each in turn, so that a long test does not hold up
		// others.
		for i, f := range due {
			if err := d.turn(ctx, f); err != nil {
				d.postpone(due[i:])
				return err
			}
		}
	}
}

// look finds the tests that any node's commits have touched: those in memory that
// are behind, and others that moved since the last look.
func (d *Folder) look(ctx context.Context, seen *map[tandem.ID]int64) error {
	activity, err := d.store.Activity(ctx)
	if err != nil {
		return err
	}
	for id, n := range activity {
		moved := *seen != nil && (*seen)[id] != n
		if !moved && !d.holds(id) {
			continue
		}
		d.enter(id, func(f *folding, now time.Time) {
			if moved {
				f.used = now
			}
			if n != f.known {
				f.wants(now)
			}
		})
	}
	*seen = activity
	return nil
}

func (d *Folder) holds(id tandem.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tests[id] != nil
}

// postpone puts tests off until the store may be back.
func (d *Folder) postpone(tests []*folding) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range tests {
		f.due = time.Now().Add(activityEvery)
	}
}

// wants puts the test down for a turn, not too soon after its last one.
// Folder.mu is held.
func (f *folding) wants(at time.Time) {
	if at.Before(f.rests) {
		at = f.rests
	}
	if f.due.IsZero() || at.Before(f.due) {
		f.due = at
	}
}

// due takes the tests that want a turn, those that have waited longest first.
func (d *Folder) due() []*folding {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	var out []*folding
	for _, f := range d.tests {
		if !f.due.IsZero() && !f.due.After(now) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *folding) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.id, b.id)) })
	for _, f := range out {
		f.due = time.Time{}
	}
	return out
}

// turn folds a few pages of a test and says when it wants the next turn. Only
// the store's absence is an error: a test that cannot be folded must not keep
// others from it.
func (d *Folder) turn(ctx context.Context, f *folding) error {
	f.mu.Lock()
	more, err := d.advance(ctx, f, atOnce)
	next, sequence := f.settles, f.sequence
	f.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	f.rests = now.Add(foldPause)
	switch {
	case tandem.CodeOf(err) == tandem.NotFound:
		delete(d.tests, f.id) // activity without a test: nothing to fold
		return nil
	case tandem.CodeOf(err) == tandem.Unavailable || ctx.Err() != nil:
		return err
	case err != nil:
		d.log.Error("the evidence of a test cannot be folded", slog.String("test_id", string(f.id)), "error", err)
		next = now.Add(brokenFor)
		f.rests = next
	case more:
		next, f.rests = now, now
	}
	f.known = sequence
	if !next.IsZero() {
		f.wants(next)
	}
	return nil
}

// tidy drops tests from memory: of those that no longer run the least recently
// used, and of the rest those that nothing happens to. Nothing is lost with
// them that is not in the store.
func (d *Folder) tidy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	var ended []*folding
	for id, f := range d.tests {
		switch {
		case !f.due.IsZero():
		case f.ended:
			ended = append(ended, f)
		case now.Sub(f.used) > idleAfter:
			delete(d.tests, id)
		}
	}
	slices.SortFunc(ended, func(a, b *folding) int { return b.used.Compare(a.used) })
	for _, f := range ended[min(keptEnded, len(ended)):] {
		delete(d.tests, f.id)
	}
}
