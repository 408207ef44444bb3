package results

import (
	"math"

	"tandem"
	"tandem/internal/stats"
)

// finding is what one method of inference says about a pair.
type finding struct {
	method   tandem.Evidence
	logP     float64
	interval stats.Interval
	// since is when it first refuted equality; nil while it has not.
	since *tandem.Since
}

// finding gives what decides about a pair; false while there is nothing. A
// planned test is decided by its plan alone: to take the better of two methods
// would spend the error twice.
func (a *account) finding(p *Pair) (finding, bool) {
	if p == nil {
		return finding{}, false
	}
	if a.test.PlannedCalls > 0 {
		if p.Planned == nil {
			return finding{}, false
		}
		return finding{tandem.ByPlan, p.Planned.LogP, p.Planned.Interval, p.PlannedSince}, true
	}
	return a.unplanned(p)
}

// unplanned is the finding of a pair that no plan covers: bets where outcomes
// have bounds, else the asymptotic sequence.
func (a *account) unplanned(p *Pair) (finding, bool) {
	switch {
	case p.Bet != nil:
		return finding{tandem.Betting, p.Bet.LogP, p.Bet.fits(), p.BetSince}, true
	case p.Asymptotic == nil:
		return finding{}, false
	case a.test.Unit == tandem.PerCaller:
		return finding{tandem.Clustered, p.Asymptotic.LogP, p.Asymptotic.Interval, p.AsymptoticSince}, true
	}
	return finding{tandem.Asymptotic, p.Asymptotic.LogP, p.Asymptotic.Interval, p.AsymptoticSince}, true
}

// fits is the interval of the differences that the bets have not excluded: without
// ends where they exclude them all, since the last that they excluded is no more
// likely than any other.
func (b *Bet) fits() stats.Interval {
	if b.NoneFits {
		return stats.Interval{Low: math.Inf(-1), High: math.Inf(1)}
	}
	return b.Interval
}

// excludesZero says which side of 0 the interval is on: 1, -1, or 0 for neither.
func (f finding) excludesZero() int {
	switch {
	case f.interval.Low > 0:
		return 1
	case f.interval.High < 0:
		return -1
	}
	return 0
}

// evidenceHeader says how far the evidence reaches.
func (a *account) evidenceHeader() EvidenceHeader {
	s := a.standing
	h := EvidenceHeader{
		Calls: s.Calls, CoveredTo: a.coveredTo(), Rebuilding: s.Rebuilding,
		Callers: s.Callers, Withheld: s.Withheld,
		SampleRatio: a.sample.shown(), Coverage: a.gaps(),
	}
	if len(s.Traffic.Stretches) > 0 {
		h.Traffic = &s.Traffic
	}
	var all int64
	for _, n := range a.cells.calls {
		all += n
	}
	h.Waiting = max(0, all-s.Calls)
	if a.held(a.test.PrimaryMetric) {
		return h
	}
	for i := range s.FirstCalls {
		p := &s.FirstCalls[i]
		f, ok := a.unplanned(p)
		h.FirstCalls = append(h.FirstCalls, pairEvidence(p, f, ok))
	}
	return h
}

// addEvidence puts what holds at every look beside each comparison. primary is
// the metric that the verdict rests on, as tallied.
func (a *account) addEvidence(metrics []Metric, primary string) {
	var others []*PairEvidence
	for i := range metrics {
		m := &metrics[i]
		var of []*PairEvidence
		for j := range m.Against {
			d := &m.Against[j]
			p := a.pair(m.Name, d.Arm)
			if p == nil || m.Name != primary && !a.compares(m.Name, d.Arm) {
				continue
			}
			f, ok := a.finding(p)
			e := pairEvidence(p, f, ok)
			e.Exploratory = m.Name != primary
			d.Evidence = &e
			of = append(of, d.Evidence)
		}
		if m.Name == primary {
			adjust(of, len(a.others()), stats.Holm)
		} else {
			others = append(others, of...)
		}
	}
	adjust(others, len(others), stats.BenjaminiHochberg)
	for _, w := range a.standing.Overall {
		for i := range metrics {
			if metrics[i].Name == w.Metric && a.comparesAll(w.Metric) {
				metrics[i].AnyDifference = number(math.Exp(w.LogP))
			}
		}
	}
}

// adjust fills in adjusted p-values, for a family of so many comparisons; those
// without evidence are in it with p = 1. A family of one needs none.
func adjust(all []*PairEvidence, family int, by func([]float64) ([]float64, error)) {
	if family < 2 {
		return
	}
	p := make([]float64, max(family, len(all)))
	for i := range p {
		p[i] = 1
		if i < len(all) && all[i].P != nil {
			p[i] = *all[i].P
		}
	}
	adjusted, err := by(p)
	if err != nil {
		return // a p-value that is none: there is nothing to adjust
	}
	for i, e := range all {
		if e.P != nil {
			e.Adjusted = number(adjusted[i])
		}
	}
}

// pairEvidence writes a pair and what is found of it, if anything, for JSON.
func pairEvidence(p *Pair, f finding, found bool) PairEvidence {
	e := PairEvidence{Arm: p.Arm, Against: p.Against, N: p.NA + p.NB}
	if p.Known {
		e.Value = number(p.Value)
	}
	if found {
		e.Method, e.Interval = f.method, span(f.interval)
		e.P, e.Log10P, e.Since = number(math.Exp(f.logP)), number(f.logP/math.Ln10), f.since
	}
	if found && f.method == tandem.Betting && p.Cut > 0 {
		e.CutAt = number(p.Cut)
	}
	e.NoneFits = p.Bet != nil && p.Bet.NoneFits
	if p.Asymptotic != nil {
		e.Band = span(p.Asymptotic.Interval)
	}
	if p.Any != nil {
		e.AnyChange = number(math.Exp(p.Any.LogP))
	}
	if len(p.Track) > 0 {
		e.Track = make([]BandPoint, len(p.Track))
		for i, at := range p.Track {
			e.Track[i] = BandPoint(at)
		}
	}
	return e
}

// span is nil where an end is unbounded.
func span(in stats.Interval) *tandem.Span {
	if number(in.Low) == nil || number(in.High) == nil {
		return nil
	}
	return &tandem.Span{Low: in.Low, High: in.High}
}
