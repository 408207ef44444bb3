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

// least is the moment of the least p so far. It keeps the z and the number of
// values that p follows from, and not p: the last digits of logarithms differ
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
	meanA, meanB float64
	// na and nb count units: values, or callers in sticky tests, in the phases
	// that have some on both sides.
	na, nb int64
	// clock is the time of the sequences: the phases' even calls, added up.
	clock int64
}

// meansFrom is the number of values on a side from which averages of numbers are
// compared by an asymptotic sequence. Unlike shares, numbers can have tails that
// few values do not show.
const meansFrom = 50

// ready says whether an asymptotic band holds for the metric.
func (c contrast) ready(m *metricState) bool {
	from := int64(stats.SequenceFrom)
	if m.kind == tandem.Mean {
		from = meansFrom
	}
	return c.se > 0 && c.na >= from && c.nb >= from
}

// contrast compares arm x with the first, within phases that have two values on
// both sides. Weights and clock are of one kind, so that with one spread in all
// phases the variance is that spread over the clock: what the boundaries of the
// sequences are made for.
func (s *state) contrast(m *metricState, x int) (c contrast, known bool) {
	var weight float64
	for i := range s.phases {
		if a, b := m.side(i, 0), m.side(i, x); a.n > 1 && b.n > 1 {
			// Rounded before it is added: the function is a product that would be
			// fused with the sum where it is inlined.
			weight += float64(stats.StratumWeight(a.n, b.n))
		}
	}
	if weight == 0 {
		return contrast{}, false
	}
	c.clock = int64(weight)
	var variance, spread float64
	for i := range s.phases {
		a, b := m.side(i, 0), m.side(i, x)
		if a.n < 2 || b.n < 2 {
			continue
		}
		w := stats.StratumWeight(a.n, b.n) / weight
		c.meanA += float64(w * a.mean)
		c.meanB += float64(w * b.mean)
		variance += float64(float64(w*w) * (a.variance + b.variance))
		spread += float64(w * math.Sqrt(a.variance+b.variance))
		c.na += a.n
		c.nb += b.n
	}
	c.value, c.se = c.meanB-c.meanA, math.Sqrt(variance)
	if s.sticky {
		// The same callers call in several phases, most of them in the same arm,
		// so the phases' differences err together. Their standard errors add up to
		// the most that it can be.
		c.se = spread
	}
	return c, true
}

// side is one arm in one phase.
type side struct {
	n              int64
	mean, variance float64 // variance of the mean
}

func (m *metricState) side(phase, arm int) side {
	if phase < len(m.clusters) {
		c := &m.clusters[phase][arm]
		if m.kind == tandem.Proportion {
			return side{c.N, c.Mean(), shareVariance(*c)}
		}
		return side{c.N, c.Mean(), c.Variance()}
	}
	if phase >= len(m.cells) {
		return side{}
	}
	c := &m.cells[phase][arm]
	switch {
	case c.n < 2:
		return side{n: c.n}
	case m.kind == tandem.Proportion:
		successes := int64(math.Round(float64(c.mean * float64(c.n))))
		return side{c.n, c.mean, stats.ShareVariance(stats.Proportion{Successes: successes, N: c.n})}
	}
	return side{c.n, c.mean, c.m2 / float64(c.n-1) / float64(c.n)}
}

// shareVariance is the variance of a share by caller as if there had been two
// more callers of the usual size, one with nothing but successes and one with
// nothing but failures: [stats.ShareVariance] for callers. A small arm whose few
// callers all say the same would else be taken for certain.
func shareVariance(c stats.Clusters) float64 {
	if c.N == 0 || c.Add(c.Size, c.Size) != nil || c.Add(0, c.Size) != nil {
		return 0
	}
	return c.Variance()
}

// values counts the values of an arm in all phases.
func (m *metricState) values(arm int) (n int64) {
	for i := range m.cells {
		n += m.cells[i][arm].n
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
	z := c.value / c.se
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
	p.track.add(trackPoint{at: at, n: c.na + c.nb, clock: c.clock, value: c.value, se: c.se})
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
	at, n     int64 // at: microseconds
	clock     int64
	value, se float64
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
