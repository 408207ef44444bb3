package steer

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"tandem"
)

// round looks at every test that needs it.
func (p *Pilot) round(ctx context.Context) {
	err := p.refresh(ctx, time.Now())
	due := p.take()
	for i, id := range due {
		if err != nil || ctx.Err() != nil {
			p.mark(due[i:]...)
			break
		}
		err, p.last = p.lookAt(ctx, id), id
	}
	if ctx.Err() == nil {
		p.report("", err)
	}
}

// lookAt looks at one test. A test that cannot be steered is tried again in the
// next round; the error is returned only where others would fare no better.
func (p *Pilot) lookAt(ctx context.Context, id tandem.ID) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	err := p.look(ctx, id)
	if err != nil {
		p.mark(id)
	}
	if unavailable(err) {
		return err
	}
	p.report(id, err)
	return nil
}

// refresh reads the running tests when the configuration moved, and marks those
// that are new or were changed, whose ramp step has just lasted long enough, and
// in a sweep those that moved of late.
func (p *Pilot) refresh(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	version, err := p.store.ConfigVersion(ctx)
	if err != nil {
		return err
	}
	if version != p.version {
		cfg, err := p.store.Config(ctx)
		if err != nil {
			return err
		}
		p.adopt(cfg)
	}
	p.sweep(now)
	for id, t := range p.running {
		if dueByClock(t, now) && !dueByClock(t, p.polled) {
			p.mark(id)
		}
	}
	p.polled = now
	return nil
}

// sweep marks, once in a while, the running tests that moved of late.
func (p *Pilot) sweep(now time.Time) {
	if now.Sub(p.swept) < sweepEvery {
		return
	}
	p.swept = now
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, at := range p.heard {
		if _, runs := p.running[id]; !runs || now.Sub(at) > sweepFor {
			delete(p.heard, id)
		} else {
			p.moved[id] = true
		}
	}
}

// dueByClock says whether only calls are missing to a ramp's next step.
func dueByClock(t tandem.Test, at time.Time) bool {
	_, due := t.NextRampStep(math.MaxInt64, at)
	return due
}

func (p *Pilot) adopt(cfg tandem.Config) {
	was := p.running
	p.version, p.running = cfg.Version, make(map[tandem.ID]tandem.Test, len(cfg.Tests))
	for _, t := range cfg.Tests {
		p.running[t.ID] = t
		if old, ok := was[t.ID]; !ok || old.Revision != t.Revision {
			p.mark(t.ID)
			p.hear(t.ID)
		}
	}
	for id := range was {
		if _, ok := p.running[id]; !ok {
			p.mark(id) // it ended: what is still to be told is told
		}
	}
	// What was told of others stands in the store; this is only what spares
	// asking it again.
	maps.DeleteFunc(p.told, func(id tandem.ID, _ map[string]bool) bool { return p.running[id].ID == "" })
	maps.DeleteFunc(p.trouble, func(id tandem.ID, _ bool) bool { return id != "" && p.running[id].ID == "" })
}

// take empties the list of tests to look at. It begins behind the test that was
// looked at last, so that one that ends every round does not hide the others.
func (p *Pilot) take() []tandem.ID {
	p.mu.Lock()
	defer p.mu.Unlock()
	ids := slices.Sorted(maps.Keys(p.moved))
	clear(p.moved)
	first, _ := slices.BinarySearch(ids, p.last+"\x00")
	return slices.Concat(ids[first:], ids[:first])
}
