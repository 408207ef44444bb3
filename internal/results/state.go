package results

import (
	"cmp"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/stats"
)

const (
	// maxCallers is how many callers of a test are told apart: 8 bytes each in
	// every checkpoint.
	maxCallers = 1_000_000
	// maxOpen bounds the metrics whose names calls make up (undefined fields,
	// currencies): each takes tens of kilobytes of state. The first ones count.
	maxOpen = 64
)

// state is the evidence of a test after its first calls, in the order of the
// ledger. It is a pure function of the test, of maxSeconds and of those calls,
// down to the byte: everything in it is made with + - * / and square roots,
// products are rounded before they are added (float64(x*y) + z), and nothing
// depends on the order of a map. It is not safe for concurrent use.
type state struct {
	*frame
	// maxSeconds is the route's longest call when the fold began: durations are
	// bounded by it. It stays what it was.
	maxSeconds int

	// calls counts all calls of the ledger, last is the place of the last.
	calls int64
	last  tandem.Position
	// randomised counts those left to chance, covered is when the last of them
	// was assigned (microseconds).
	randomised int64
	covered    int64
	volume     volume
	traffic    traffic

	// phases lists the numbers of the phases in the order in which the calls had
	// them.
	phases []int
	// drawn counts units that were drawn by phase (as in phases) and arm: calls,
	// or in sticky tests callers. ratio is what they say of the split.
	drawn [][]int64
	ratio stats.RatioRun
	// counts counts randomised calls by phase and arm; apart the calls that were
	// not, over all arms.
	counts [][]armCounts
	apart  apartCounts
	callers
	withheld int64

	metrics  shelf
	first    shelf // each caller's first call only
	coverage [len(gaps)]*metricState

	obs    []tandem.Observation
	chance []float64 // of each arm, for the call in hand
	even   []float64 // the same, adding up to 1
	size   int       // of the last bytes made of it
}

// gaps are the metrics of coverage, in order.
var gaps = [...]string{CoverageOutcome, CoverageAnalysis, CoverageLost, CoverageFailover}

const (
	gapOutcome = iota
	gapAnalysis
	gapLost
	gapFailover
)

func newState(f *frame, maxSeconds int) *state {
	s := blankState(f, maxSeconds)
	for i, name := range gaps {
		s.coverage[i] = s.newMetric(metricKey{name, tandem.Proportion}, gapScope)
	}
	return s
}

// blankState has nothing but room.
func blankState(f *frame, maxSeconds int) *state {
	return &state{
		frame: f, maxSeconds: maxSeconds, callers: newCallers(),
		metrics: shelf{}, first: shelf{},
		chance: make([]float64, len(f.arms)), even: make([]float64, len(f.arms)),
	}
}

// metricKey names a metric with its kind: two versions may define a field
// differently, and the two kinds are then two metrics.
type metricKey struct {
	name string
	kind tandem.MetricKind
}

func compareMetrics(a, b metricKey) int {
	return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind))
}

// shelf holds metrics.
type shelf map[metricKey]*metricState

func (sh shelf) sorted() []*metricState {
	out := make([]*metricState, 0, len(sh))
	for _, m := range sh {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *metricState) int { return compareMetrics(a.metricKey, b.metricKey) })
	return out
}

// draw is how a call got its arm.
type draw struct {
	arm, phase int // phase as in state.phases
	// fresh: this draw was not known from an earlier call of the same caller.
	// Always so where calls are randomised.
	fresh bool
	// first: the caller's first call in the test; false once callers are no
	// longer told apart.
	first bool
	// row is the caller's place in callers, in sticky tests; -1 for a withheld
	// caller.
	row int
	at  int64 // microseconds
}

// fold takes the next call of the ledger. What it says comes from
// [plan.observe], the same as in the tallies.
func (s *state) fold(c *tandem.Call) error {
	a := &c.Assigned.Value
	at := c.Assigned.At.UnixMicro()
	s.calls++
	s.last = tandem.Position{At: instant(at), ID: c.ID}
	arm, ok := s.place[a.Arm]
	if !ok {
		return nil
	}
	d := draw{arm: arm, phase: s.phase(a.Phase), at: at}
	s.apart.add(c.NotRandomised() != "")
	if !s.meet(a, &d) || a.NotRandomised != "" && !drawn(a.NotRandomised) {
		return nil
	}
	s.chances(a, arm)
	if c.NotRandomised() != "" {
		return s.foldFailover(d)
	}
	s.randomised++
	s.covered = at
	s.volume.add(at)
	s.traffic.add(at, arm, len(s.arms))
	s.obs = s.plan.observe(c, s.obs[:0])
	if err := s.foldCoverage(d); err != nil {
		return err
	}
	return s.foldObservations(d)
}

// phase finds the place of a phase by its number.
func (s *state) phase(number int) int {
	for i := len(s.phases) - 1; i >= 0; i-- {
		if s.phases[i] == number {
			return i
		}
	}
	s.phases = append(s.phases, number)
	s.drawn = append(s.drawn, make([]int64, len(s.arms)))
	s.counts = append(s.counts, make([]armCounts, len(s.arms)))
	return len(s.phases) - 1
}

// chances fills in the chance of each arm for a call: what was logged for its
// own, the phase's split for the others.
func (s *state) chances(a *tandem.Assignment, arm int) {
	clear(s.chance)
	copy(s.chance, s.frame.phases[a.Phase])
	if a.Probability > 0 && a.Probability <= 1 {
		s.chance[arm] = a.Probability
	}
	var total float64
	for _, q := range s.chance {
		total += q
	}
	for i, q := range s.chance {
		s.even[i] = 0
		if total > 0 {
			s.even[i] = q / total
		}
	}
}

// foldFailover takes a call that something else than the version it drew took,
// because that was full, away or without a target: it has no outcome, and that
// is all that counts. It must count: an arm that is full at busy hours lacks the
// calls of those hours, and the others do not.
func (s *state) foldFailover(d draw) error {
	if err := s.foldGap(gapFailover, d, true); err != nil {
		return err
	}
	return s.foldGap(gapOutcome, d, false)
}

func (s *state) foldCoverage(d draw) error {
	var ended, analyzed, lost, outcome bool
	for i := range s.obs {
		switch name := s.obs[i].Metric; {
		case name == tandem.MetricEnded:
			ended = true
		case name == tandem.MetricAnalyzed:
			analyzed = true
		case name == tandem.MetricLost:
			lost = true
		case s.isPrimary(name):
			outcome = true
		}
	}
	s.counts[d.phase][d.arm].add(ended, analyzed, lost)
	if ended {
		if err := s.foldGap(gapAnalysis, d, analyzed); err != nil {
			return err
		}
	}
	if err := s.foldGap(gapOutcome, d, outcome); err != nil {
		return err
	}
	if err := s.foldGap(gapLost, d, lost); err != nil {
		return err
	}
	return s.foldGap(gapFailover, d, false)
}

// foldGap takes one answer of a fresh draw.
func (s *state) foldGap(gap int, d draw, yes bool) error {
	if !d.fresh {
		return nil
	}
	return s.foldNumber(s.coverage[gap], d, oneIf(yes))
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (s *state) foldObservations(d draw) error {
	var news []tandem.Observation
	for i := range s.obs {
		o := &s.obs[i]
		if o.Kind == tandem.Count {
			continue
		}
		m := s.metrics[metricKey{o.Metric, o.Kind}]
		if m == nil {
			// Observations come in no order, so that new names have to be sorted
			// before the first ones are chosen.
			news = append(news, *o)
			continue
		}
		if err := s.foldObservation(m, d, o); err != nil {
			return err
		}
	}
	slices.SortFunc(news, func(a, b tandem.Observation) int {
		return cmp.Or(strings.Compare(a.Metric, b.Metric), cmp.Compare(a.Kind, b.Kind))
	})
	for i := range news {
		key := metricKey{news[i].Metric, news[i].Kind}
		if !s.known[key.name] && s.open() >= maxOpen {
			continue
		}
		s.metrics[key] = s.newMetric(key, fullScope)
		if err := s.foldObservation(s.metrics[key], d, &news[i]); err != nil {
			return err
		}
	}
	return nil
}

// open counts the metrics whose names calls have made up.
func (s *state) open() int {
	n := 0
	for key := range s.metrics {
		if !s.known[key.name] {
			n++
		}
	}
	return n
}

func (s *state) foldObservation(m *metricState, d draw, o *tandem.Observation) error {
	if o.Kind == tandem.Category {
		return s.foldName(m, d, o.Name)
	}
	if err := s.foldNumber(m, d, o.Number); err != nil {
		return err
	}
	if !d.first || s.sticky || !s.isPrimary(o.Metric) {
		return nil
	}
	f := s.first[m.metricKey]
	if f == nil {
		f = s.newMetric(m.metricKey, firstScope)
		s.first[m.metricKey] = f
	}
	return s.foldNumber(f, d, o.Number)
}
