package results

import (
	"fmt"
	"math"

	"tandem"
	"tandem/internal/stats"
)

// scope is what a metric's evidence is for.
type scope byte

const (
	// fullScope: everything.
	fullScope scope = iota
	// firstScope: the same from callers' first calls; no track, no plan.
	firstScope
	// gapScope: a share of draws, for a p-value only.
	gapScope
)

// metricState is the evidence about one metric.
type metricState struct {
	metricKey
	scope scope
	// n counts the values folded.
	n int64
	// cells holds the moments of the values by phase (as in state.phases) and
	// arm; clusters those by caller, in sticky tests.
	cells    [][]stats.Numbers
	clusters [][]stats.SkewedClusters
	// extremes are the smallest and the largest value of any arm; in sticky tests,
	// of what a caller's calls added to or took from what the arm's mean foretells.
	extremes stats.Interval
	// rows holds what each caller said, in sticky tests, as in callers.rows.
	rows []callerTotal
	// pairs holds the evidence of each arm but the first.
	pairs []pairState
	// whole is the evidence that the arms differ at all; nil where there is none.
	whole *stats.Categorical
	// health follows the values of each arm, for the primary metric and those of
	// guardrails.
	health []armHealth

	bounds  stats.Bounds
	bounded bool
	// cut: the bets begin behind the first values, of which the largest is most.
	cut  bool
	most float64
}

// callerTotal is what one caller's calls said in one phase and arm.
type callerTotal struct {
	n   int64
	sum float64
}

// newMetric makes room for a metric's evidence.
func (s *state) newMetric(key metricKey, sc scope) *metricState {
	m := s.blankMetric(key, sc)
	if m.betting(s.sticky) {
		s.openBets(m)
	}
	for x := range m.pairs {
		if m.logged(s.sticky) {
			unit := stats.Bounds{Low: 0, High: 1}
			m.pairs[x].log = mustBet(unit, false, coarse(stats.Grid(unit, false)), s.alpha)
		}
	}
	if m.hasWhole(len(s.arms)) {
		m.whole = mustCategorical(len(s.arms))
	}
	return m
}

// blankMetric has no evidence yet, not even its beginnings.
func (s *state) blankMetric(key metricKey, sc scope) *metricState {
	m := &metricState{metricKey: key, scope: sc, cut: isCut(key, sc)}
	m.bounds, m.bounded = s.boundsOf(key)
	if key.kind != tandem.Category {
		m.pairs = make([]pairState, len(s.arms)-1)
	}
	if sc == fullScope && (s.isPrimary(key.name) || s.guarded[key.name]) && key.kind != tandem.Category {
		m.health = make([]armHealth, len(s.arms))
	}
	return m
}

// boundsOf gives the least and the largest value that a metric can have.
// Durations are cut at the route's longest call.
func (s *state) boundsOf(key metricKey) (stats.Bounds, bool) {
	switch {
	case key.kind == tandem.Proportion:
		return stats.Bounds{Low: 0, High: 1}, true
	case key.kind != tandem.Mean:
		return stats.Bounds{}, false
	case standard[key.name].Min != nil:
		d := standard[key.name]
		return stats.Bounds{Low: *d.Min, High: *d.Max}, true
	case key.name == tandem.MetricDuration, key.name == tandem.MetricCallerHangup:
		return stats.Bounds{Low: 0, High: float64(s.maxSeconds)}, true
	}
	b, ok := s.ranges[key.name]
	return b, ok
}

// bets says whether the metric has betting evidence: bounded outcomes, of draws
// that are each other's independent. Gaps are folded by draw even in sticky
// tests.
func (m *metricState) bets(sticky bool) bool {
	return m.bounded && (!sticky || m.scope == gapScope)
}

// logged says whether there is evidence on the log scale too.
func (m *metricState) logged(sticky bool) bool {
	return m.name == tandem.MetricDuration && m.scope != gapScope && m.bets(sticky)
}

// clustered says whether values are added up by caller.
func (m *metricState) clustered(sticky bool) bool { return sticky && m.scope != gapScope }

func (m *metricState) hasWhole(arms int) bool {
	return m.scope == fullScope && (m.kind == tandem.Category || m.kind == tandem.Proportion && arms > 2)
}

func (m *metricState) grid() []float64 {
	g := stats.Grid(m.betBounds(), m.kind == tandem.Proportion)
	if m.scope == gapScope {
		return coarse(g)
	}
	return g
}

// coarse thins a grid out where only the p-value is wanted.
func coarse(grid []float64) []float64 {
	const every = 10
	out := make([]float64, 0, len(grid)/every+1)
	for i := (len(grid) / 2) % every; i < len(grid); i += every {
		out = append(out, grid[i])
	}
	return out
}

// mustBet makes evidence from bounds and grids that are right by construction.
func mustBet(b stats.Bounds, binary bool, grid []float64, alpha float64) *stats.Bet {
	bet, err := stats.NewBet(b, binary, grid, alpha)
	if err != nil {
		panic(fmt.Sprintf("results: bounds %v: %v", b, err))
	}
	return bet
}

func mustCategorical(arms int) *stats.Categorical {
	c, err := stats.NewCategorical(arms)
	if err != nil {
		panic(fmt.Sprintf("results: %d arms: %v", arms, err))
	}
	return c
}

// foldNumber takes one value.
func (s *state) foldNumber(m *metricState, d draw, y float64) error {
	if m.bounded {
		y = min(max(y, m.bounds.Low), m.bounds.High)
	}
	m.n++
	if err := s.describe(m, d, y); err != nil {
		return err
	}
	if m.health != nil {
		m.health[d.arm].see(y)
	}
	if m.whole != nil && d.fresh {
		name := "0"
		if y != 0 {
			name = "1"
		}
		if err := m.whole.Fold(d.arm, name, s.even); err != nil && s.drawable() {
			return fmt.Errorf("%s of all arms: %w", m.name, err)
		}
	}
	from, to := 1, len(s.arms)
	if d.arm > 0 {
		from, to = d.arm, d.arm+1
	}
	for x := from; x < to; x++ {
		if err := s.foldPair(m, d, x, y); err != nil {
			return err
		}
	}
	s.toCut(m, y)
	return nil
}

// drawable says whether the chances of the call in hand are known.
func (s *state) drawable() bool {
	var total float64
	for _, q := range s.even {
		total += q
	}
	return total > 0
}

// describe adds the value to the moments of its cell, or to its caller's
// cluster.
func (s *state) describe(m *metricState, d draw, y float64) error {
	if !m.clustered(s.sticky) {
		for len(m.cells) <= d.phase {
			m.cells = append(m.cells, make([]stats.Numbers, len(s.arms)))
		}
		m.reach(y)
		m.cells[d.phase][d.arm].Add(y)
		return nil
	}
	for len(m.clusters) <= d.phase {
		m.clusters = append(m.clusters, make([]stats.SkewedClusters, len(s.arms)))
	}
	c := &m.clusters[d.phase][d.arm]
	if d.row < 0 {
		err := c.Add(y, 1)
		m.reach(c.Residual(y, 1))
		return err
	}
	for len(m.rows) <= d.row {
		m.rows = append(m.rows, callerTotal{})
	}
	was := m.rows[d.row]
	is := callerTotal{n: was.n + 1, sum: was.sum + y}
	m.rows[d.row] = is
	err := c.Replace(was.sum, float64(was.n), is.sum, float64(is.n))
	m.reach(c.Residual(is.sum, float64(is.n)))
	return err
}

// reach widens the extremes. Shares know theirs.
func (m *metricState) reach(x float64) {
	if m.kind != tandem.Mean {
		return
	}
	if m.n == 1 {
		m.extremes = stats.Interval{Low: x, High: x}
	}
	m.extremes.Low, m.extremes.High = min(m.extremes.Low, x), max(m.extremes.High, x)
}

// foldPair takes one value of the first arm or of arm x.
func (s *state) foldPair(m *metricState, d draw, x int, y float64) error {
	p := &m.pairs[x-1]
	if m.bets(s.sticky) && d.fresh {
		if q, ok := s.chanceOf(x); ok {
			if p.bet != nil {
				if err := p.bet.Fold(d.arm == x, q, min(y, m.betBounds().High)); err != nil {
					return fmt.Errorf("%s of arm %s: %w", m.name, s.arms[x], err)
				}
				if m.scope == fullScope && p.betSince.calls == 0 {
					p.betSince.note(p.bet.LogP() <= s.logAlpha, d.at, s.randomised)
				}
			}
			if p.log != nil {
				if err := p.log.Fold(d.arm == x, q, logScore(y, m.bounds.High)); err != nil {
					return fmt.Errorf("log %s of arm %s: %w", m.name, s.arms[x], err)
				}
			}
		}
	}
	if m.scope != gapScope {
		s.watch(m, x, d.at)
	}
	return nil
}

// chanceOf gives the chance that the call in hand, known to be in the first arm
// or in x, is in x; false when it was not left to chance.
func (s *state) chanceOf(x int) (float64, bool) {
	a, b := s.chance[0], s.chance[x]
	if !(a > 0 && b > 0) {
		return 0, false
	}
	return b / (a + b), true
}

// logGrain keeps the last digits of a logarithm, which differ between machines,
// out of the state. Any bounded score will do for the evidence, so rounding
// costs nothing.
const logGrain = 1 << 16

// logScore is where a duration is between 0 and the longest, on a log scale.
func logScore(d, longest float64) float64 {
	return math.Round(math.Log1p(d)/math.Log1p(longest)*logGrain) / logGrain
}

// foldName takes one name of a category.
func (s *state) foldName(m *metricState, d draw, name string) error {
	if !d.fresh {
		return nil
	}
	m.n++
	if err := m.whole.Fold(d.arm, name, s.even); err != nil && s.drawable() {
		return fmt.Errorf("%s of all arms: %w", m.name, err)
	}
	return nil
}
