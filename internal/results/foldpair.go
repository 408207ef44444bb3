package results

import (
	"math"

	"tandem"
	"tandem/internal/stats"
)

// pairState is the evidence of one arm against the first.
type pairState struct {
	bet, log *stats.Bet
	// asymptotic and planned are the moments at which their p-values were least.
	asymptotic, planned least
	// betSince, asymptoticSince and plannedSince are when each first refuted
	// equality.
	betSince, asymptoticSince, plannedSince since
	track                                   track
}

// since is a call: when it was assigned (microseconds), and how many randomised
// calls there were with it; 0 for none.
type since struct{ at, calls int64 }

// note keeps the first call at which something was so.
func (s *since) note(so bool, at, calls int64) {
	if so && s.calls == 0 {
		*s = since{at, calls}
	}
}

// least is the moment of the least p so far. It keeps the z, corrected for
// skewness, and the number of values that p follows from, and not p: the last digits of logarithms differ
// between machines, those of z do not.
type least struct {
	z    float64
	n    int64   // the sequence's clock; 0 before the first
	logP float64 // follows from z and n
}

func (l *least) watch(z float64, n int64, logP float64) {
	if l.n == 0 || logP < l.logP {
		*l = least{z, n, logP}
	}
}

// contrast is the difference of two arms at one moment.
type contrast struct {
	value, se    float64
	skew         float64 // of [stats.Spread]
	meanA, meanB float64
	// na and nb count units: values, or callers in sticky tests, in the phases
	// that have some on both sides.
	na, nb int64
	// clock is the time of the sequences: the phases' even calls, added up.
	clock int64
}

// ready says whether an asymptotic band holds for the metric.
func (c contrast) ready(m *metricState) bool {
	from := stats.From(m.kind == tandem.Mean)
	return c.se > 0 && c.na >= from && c.nb >= from
}

// contrast compares arm x with the first, by [stats.Contrasted].
func (s *state) contrast(m *metricState, x int) (contrast, bool) {
	var room [8]stats.Phase
	phases := room[:0]
	for i := range s.phases {
		if a, b := m.side(i, 0), m.side(i, x); a.n > 1 && b.n > 1 {
			phases = append(phases, stats.Phase{NA: a.n, NB: b.n, MeanA: a.mean, MeanB: b.mean, Spread: m.spread(i, x)})
		}
	}
	c, known := stats.Contrasted(phases, s.sticky)
	return contrast{
		value: c.Value, se: c.SE, skew: c.Skew, meanA: c.MeanA, meanB: c.MeanB, na: c.NA, nb: c.NB, clock: c.Clock,
	}, known
}

// side is one arm in one phase.
type side struct {
	n    int64
	mean float64
}

func (m *metricState) side(phase, arm int) side {
	switch {
	case phase < len(m.clusters):
		c := &m.clusters[phase][arm]
		return side{c.N, c.Mean()}
	case phase < len(m.cells):
		c := &m.cells[phase][arm]
		return side{c.N, c.Mean}
	}
	return side{}
}

// spread is how far the difference of arm x from the first may be off in one
// phase, where both have values.
func (m *metricState) spread(phase, x int) stats.Spread {
	share := m.kind == tandem.Proportion
	if phase < len(m.clusters) {
		a, b := &m.clusters[phase][0], &m.clusters[phase][x]
		if share {
			return stats.SpreadOfClusteredShares(a.Clusters, b.Clusters)
		}
		return stats.SpreadOfClusteredMeans(*a, *b, m.extremes)
	}
	a, b := &m.cells[phase][0], &m.cells[phase][x]
	if share {
		return stats.SpreadOfShares(successes(a), successes(b))
	}
	return stats.SpreadOfMeans(*a, *b, m.extremes)
}

func successes(c *stats.Numbers) stats.Proportion {
	return stats.Proportion{Successes: int64(math.Round(float64(c.Mean * float64(c.N)))), N: c.N}
}

// values counts the values of an arm in all phases.
func (m *metricState) values(arm int) (n int64) {
	for i := range m.cells {
		n += m.cells[i][arm].N
	}
	for i := range m.clusters {
		n += m.clusters[i][arm].Numbers()
	}
	return n
}

// watch looks at the pair after one more value.
func (s *state) watch(m *metricState, x int, at int64) {
	c, known := s.contrast(m, x)
	if !known || !c.ready(m) {
		return
	}
	p := &m.pairs[x-1]
	z := c.watched().Z()
	if band, err := stats.Sequence(z, 1, c.clock, s.alpha, stats.Tuning); err == nil {
		p.asymptotic.watch(z, c.clock, band.LogP)
		p.asymptoticSince.note(band.LogP <= s.logAlpha, at, s.randomised)
	}
	if m.scope != fullScope {
		return
	}
	if planned := s.planned[x]; planned > 0 {
		if band, err := stats.Planned(z, 1, c.clock, planned, s.alpha); err == nil {
			p.planned.watch(z, c.clock, band.LogP)
			p.plannedSince.note(band.LogP <= s.logAlpha, at, s.randomised)
		}
	}
	p.track.add(trackPoint{at: at, n: c.na + c.nb, clock: c.clock, value: c.value, se: c.se, skew: c.skew})
}

func (c contrast) watched() stats.Watched {
	return stats.Watched{Value: c.value, SE: c.se, Skew: c.skew, Clock: c.clock}
}

// trackLength is how many moments of a pair's history are kept.
const trackLength = 128

// track is a pair's history, thinned: it keeps every so many looks, and when it
// is full, half of them.
type track struct {
	looks, stride int64
	points        []trackPoint
}

type trackPoint struct {
	at, n           int64 // at: microseconds
	clock           int64
	value, se, skew float64
}

func (t *track) add(p trackPoint) {
	t.stride = max(t.stride, 1)
	t.looks++
	if (t.looks-1)%t.stride != 0 {
		return
	}
	if t.points == nil {
		t.points = make([]trackPoint, 0, trackLength)
	}
	t.points = append(t.points, p)
	if len(t.points) < trackLength {
		return
	}
	for i := range trackLength / 2 {
		t.points[i] = t.points[2*i]
	}
	t.points = t.points[:trackLength/2]
	t.stride *= 2
}
