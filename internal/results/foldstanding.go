package results

import (
	"tandem"
	"tandem/internal/stats"
)

// standing says what the evidence is now. It shares nothing with the state.
func (s *state) standing() Standing {
	out := Standing{
		Calls: s.randomised, CoveredTo: instant(s.covered), PerDay: s.volume.perDay(), Traffic: s.traffic.shown(),
		Callers: s.met, Withheld: s.withheld, Health: s.ailments(),
	}
	metrics := s.metrics.sorted()
	out.Pairs = s.pairs(metrics)
	for _, m := range metrics {
		if m.whole != nil && m.whole.N() > 0 && !ambiguous(metrics, m) {
			out.Overall = append(out.Overall, Whole{Metric: m.name, N: m.whole.N(), LogE: m.whole.LogE(), LogP: m.whole.LogP()})
		}
	}
	if !s.full {
		out.FirstCalls = s.pairs(s.first.sorted())
	}
	out.Coverage = s.pairs(s.coverage[:])
	out.Settled, out.SplitMost = s.settledCounts(), s.ratio.LogMost()
	out.ApartMost, out.ApartOf = s.apart.mostApart, s.apart.mostOfAll
	out.Bounds = s.guardBounds()
	for i, arms := range s.drawn {
		if !s.sticky {
			break
		}
		out.Drawn = append(out.Drawn, Drawn{Phase: s.phases[i], Arms: append([]int64(nil), arms...)})
	}
	return out
}

// ambiguous says whether calls gave the metric in another kind as well.
func ambiguous(all []*metricState, m *metricState) bool {
	for _, other := range all {
		if other != m && other.name == m.name {
			return true
		}
	}
	return false
}

func (s *state) pairs(metrics []*metricState) []Pair {
	var out []Pair
	for _, m := range metrics {
		twice := ambiguous(metrics, m)
		for x := 1; x <= len(m.pairs); x++ {
			na, nb := m.values(0), m.values(x)
			// Where two kinds have the metric's name, only one pair can be right.
			if na+nb == 0 || twice && (na == 0 || nb == 0) {
				continue
			}
			out = append(out, s.pair(m, x))
		}
	}
	return out
}

func (s *state) pair(m *metricState, x int) Pair {
	p := &m.pairs[x-1]
	out := Pair{
		Metric: m.name, Arm: s.arms[x], Against: s.arms[0], Kind: m.kind,
		NA: m.values(0), NB: m.values(x), Alpha: s.alpha, Bet: betOf(p.bet), Any: betOf(p.log), Cut: m.cutAt(s.sticky),
	}
	if p.bet != nil {
		out.BetBounds = m.betBounds()
	}
	out.BetSince, out.AsymptoticSince, out.PlannedSince = p.betSince.moment(), p.asymptoticSince.moment(), p.plannedSince.moment()
	c, known := s.contrast(m, x)
	if !known {
		return out
	}
	out.Known, out.Value, out.SE, out.Skew, out.Clock, out.MeanA, out.MeanB = true, c.value, c.se, c.skew, c.clock, c.meanA, c.meanB
	if !c.ready(m) || p.asymptotic.n == 0 {
		return out
	}
	n := c.na + c.nb
	if band, err := c.watched().Sequence(s.alpha, stats.Tuning); err == nil {
		out.Asymptotic = &Sequence{LogP: p.asymptotic.logP, Interval: band.Interval}
	}
	if p.planned.n > 0 {
		if band, err := c.watched().Planned(s.planned[x], s.alpha); err == nil {
			out.Planned = &Sequence{LogP: p.planned.logP, Interval: band.Interval}
		}
	}
	out.Track = s.trackOf(p, trackPoint{at: s.covered, n: n, clock: c.clock, value: c.value, se: c.se, skew: c.skew})
	return out
}

// moment is nil for none.
func (s since) moment() *tandem.Since {
	if s.calls == 0 {
		return nil
	}
	return &tandem.Since{At: instant(s.at), Calls: s.calls}
}

// guardBounds gives the least and the largest value of the guardrails' averages,
// of those that have them.
func (s *state) guardBounds() map[string]stats.Bounds {
	out := map[string]stats.Bounds{}
	for name := range s.guarded {
		if b, ok := s.boundsOf(metricKey{name, tandem.Mean}); ok {
			out[name] = b
		}
	}
	return out
}

func betOf(b *stats.Bet) *Bet {
	if b == nil {
		return nil
	}
	return &Bet{LogE: b.LogE(), LogP: b.LogP(), Interval: b.Interval(), NoneFits: b.NoneFits()}
}

// trackOf gives the band at the moments kept, and now.
func (s *state) trackOf(p *pairState, now trackPoint) []TrackPoint {
	points := p.track.points
	if len(points) == 0 {
		return nil
	}
	out := make([]TrackPoint, 0, len(points)+1)
	if last := points[len(points)-1]; last.n != now.n {
		points = append(points[:len(points):len(points)], now)
	}
	for _, t := range points {
		band, err := stats.Watched{Value: t.value, SE: t.se, Skew: t.skew, Clock: t.clock}.Sequence(s.alpha, stats.Tuning)
		if err != nil {
			continue
		}
		out = append(out, TrackPoint{
			At: instant(t.at), N: t.n, Value: t.value, Low: band.Interval.Low, High: band.Interval.High,
		})
	}
	return out
}

// relearn fills in what follows from the rest of a pair that was read back.
func (s *state) relearn(m *metricState, x int) {
	p := &m.pairs[x-1]
	if p.asymptotic.n > 0 {
		if band, err := stats.Sequence(p.asymptotic.z, 1, p.asymptotic.n, s.alpha, stats.Tuning); err == nil {
			p.asymptotic.logP = band.LogP
		}
	}
	if p.planned.n > 0 {
		if band, err := stats.Planned(p.planned.z, 1, p.planned.n, s.planned[x], s.alpha); err == nil {
			p.planned.logP = band.LogP
		}
	}
}
