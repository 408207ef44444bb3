package assign

import (
	"sync/atomic"

	"tandem"
)

// snapshot is everything assignment reads, prepared so that the hot path only
// looks up and hashes. It is immutable but for the load counters.
type snapshot struct {
	version  int64
	byNumber map[string]*entry
	byRoute  map[tandem.ID]*entry
	limited  bool // some route has a version limit
}

// entry is one route with its test, if one runs.
type entry struct {
	route tandem.Route
	live  slot
	test  *tandem.Test
	phase tandem.Phase
	arms  []slot
	// shares holds each arm's probability in the current phase.
	shares []float64
}

// anyFull says whether an arm that draws calls has no room for one more. The calls
// that come meanwhile, at busy hours, have no fair draw, whichever arm is theirs:
// setting apart only those of the full arm would leave the other with all callers
// of those hours.
func (e *entry) anyFull() bool {
	for i, arm := range e.arms {
		if e.shares[i] > 0 && arm.version != nil && arm.load.full(e.route.VersionLimit) {
			return true
		}
	}
	return false
}

// slot is a version that may take calls, and how many it has.
type slot struct {
	version *tandem.Version
	load    *load
}

// takes says whether the slot has a version with room for one more call.
func (s slot) takes(limit int) bool { return s.version != nil && !s.load.full(limit) }

// load counts a version's calls in progress: as the store last said, plus
// those assigned here since, plus those assigned in the interval before, which
// the store may not have had yet. So the count errs towards the limit, for at
// most two refreshes.
type load struct {
	stored, earlier, since atomic.Int64
}

func (l *load) full(limit int) bool {
	return limit > 0 && l.stored.Load()+l.earlier.Load()+l.since.Load() >= int64(limit)
}

func (l *load) refresh(stored int64) {
	l.stored.Store(stored)
	l.earlier.Store(l.since.Swap(0))
}

// build prepares cfg. Load counters of versions that were there before are
// kept, so that a change of a split forgets no calls.
func build(cfg tandem.Config, before *snapshot) *snapshot {
	s := &snapshot{
		version:  cfg.Version,
		byNumber: make(map[string]*entry, len(cfg.Routes)),
		byRoute:  make(map[tandem.ID]*entry, len(cfg.Routes)),
	}
	loads := map[tandem.ID]*load{}
	if before != nil {
		before.eachSlot(func(v *tandem.Version, l *load) { loads[v.ID] = l })
	}
	slotOf := func(id tandem.ID) slot {
		v, ok := cfg.Versions[id]
		if !ok {
			return slot{}
		}
		if loads[id] == nil {
			loads[id] = &load{}
		}
		return slot{version: &v, load: loads[id]}
	}
	for _, r := range cfg.Routes {
		e := &entry{route: r, live: slotOf(r.LiveVersionID)}
		s.byRoute[r.ID] = e
		if r.Kind == tandem.Inbound {
			s.byNumber[r.Number] = e
		}
		s.limited = s.limited || r.VersionLimit > 0
	}
	for _, t := range cfg.Tests {
		e := s.byRoute[t.RouteID]
		if e == nil || t.Status != tandem.Running {
			continue
		}
		e.test, e.phase = &t, t.Phase()
		for i, a := range t.Arms {
			e.arms = append(e.arms, slotOf(a.VersionID))
			e.shares = append(e.shares, e.phase.Split.Probability(i))
		}
	}
	return s
}

func (s *snapshot) eachSlot(fn func(*tandem.Version, *load)) {
	for _, e := range s.byRoute {
		for _, sl := range append([]slot{e.live}, e.arms...) {
			if sl.version != nil {
				fn(sl.version, sl.load)
			}
		}
	}
}
