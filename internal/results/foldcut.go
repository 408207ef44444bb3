package results

import (
	"tandem"
	"tandem/internal/stats"
)

// Bets can stake little on outcomes that might be an hour long when hardly any
// is past two minutes. So bets on durations wait for the first cutFrom values,
// take cutTimes the longest of them as the longest there can be, and from then on
// count what lasts longer as that long. The cut is fixed before any value that is
// bet on, so the evidence stays exact; it is about durations cut there, and says
// so. Averages, the asymptotic sequence and tallies know no cut.
const (
	cutFrom  = 50
	cutTimes = 4
	// leastCut, in seconds, is for tests whose first calls were all cut short.
	leastCut = 10
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
	return stats.Bounds{Low: m.bounds.Low, High: min(m.bounds.High, max(leastCut, cutTimes*m.most))}
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
