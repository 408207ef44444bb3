package results

import (
	"tandem"
	"tandem/internal/stats"
)

// Bets on durations are cut: see [stats.Cut]. Averages, the asymptotic sequence and
// tallies know no cut.
const (
	cutFrom  = stats.CutFrom
	cutTimes = stats.CutTimes
)

// isCut says whether a metric's bets wait for a cut.
func isCut(key metricKey, sc scope) bool {
	return key.kind == tandem.Mean && sc != gapScope && (key.name == tandem.MetricDuration || key.name == tandem.MetricCallerHangup)
}

// betBounds gives what the bets take for the least and the largest value.
func (m *metricState) betBounds() stats.Bounds {
	if !m.cut {
		return m.bounds
	}
	return stats.Bounds{Low: m.bounds.Low, High: stats.Cut(m.most, m.bounds.High)}
}

// betting says whether bets have begun.
func (m *metricState) betting(sticky bool) bool {
	return m.bets(sticky) && (!m.cut || m.n >= cutFrom)
}

// toCut notes one of the first values, and has the bets begin behind the last.
func (s *state) toCut(m *metricState, y float64) {
	if !m.cut || m.n > cutFrom {
		return
	}
	m.most = max(m.most, y)
	if m.n == cutFrom && m.bets(s.sticky) {
		s.openBets(m)
	}
}

// openBets begins the bets of every pair.
func (s *state) openBets(m *metricState) {
	for x := range m.pairs {
		m.pairs[x].bet = mustBet(m.betBounds(), m.kind == tandem.Proportion, m.grid(), s.alpha)
	}
}

// cutAt is where the bets cut values; 0 where they do not, or not yet.
func (m *metricState) cutAt(sticky bool) float64 {
	if !m.cut || !m.betting(sticky) {
		return 0
	}
	return m.betBounds().High
}
