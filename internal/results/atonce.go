package results

import (
	"tandem"
	"tandem/internal/stats"
)

// Guardrails are judged twice. What is folded waits for the oldest call that is
// still without outcome, and one call that hangs must not blind them for an hour.
// So the tallies are judged as well, which have every outcome at once. Calls in
// progress are counted in A's favour: see [stats.LeastDifference]. Nothing else of a
// verdict may do that: it would have to say in whose favour.

// atOnce bounds the harm in an arm by every outcome that there is; false where
// there are too few of them, for averages, whose long tails need the care of
// [stats.Watched], and in sticky tests, whose tallies do not know callers.
func (a *account) atOnce(e entry, kind tandem.MetricKind, arm string, sign, alpha float64) (l stats.Least, ok bool) {
	if a.test.Unit == tandem.PerCaller || !betGuarded(kind, e.name) {
		return stats.Least{}, false
	}
	var strata [][2]stats.Partial
	for _, p := range a.test.Phases {
		var sides [2]stats.Partial
		for i, key := range [2]string{a.test.Arms[0].Key, arm} {
			if sides[i], ok = a.partial(e.name, kind, p.Number, key); !ok {
				return stats.Least{}, false
			}
		}
		if sign < 0 { // harm is what A has more
			sides[0], sides[1] = sides[1], sides[0]
		}
		strata = append(strata, sides)
	}
	l, err := stats.LeastDifference(strata, kind == tandem.Proportion, a.standing.Bounds[e.name], alpha, stats.Tuning)
	if err != nil {
		return stats.Least{}, false
	}
	if sign < 0 {
		l.MeanA, l.MeanB, l.NA, l.NB, l.OpenA, l.OpenB = l.MeanB, l.MeanA, l.NB, l.NA, l.OpenB, l.OpenA
	}
	return l, min(l.NA, l.NB) >= fewest(kind)
}

// fewest is how many values on a side an approximation needs.
func fewest(kind tandem.MetricKind) int64 {
	if kind == tandem.Mean {
		return stats.MeansFrom
	}
	return stats.SequenceFrom
}

// partial is one arm in one phase: what its calls have said of a metric, and how
// many may still say something. It is false where the tallies are behind the fold,
// since the two are not read at one moment.
func (a *account) partial(metric string, kind tandem.MetricKind, phase int, arm string) (stats.Partial, bool) {
	t := a.cells.of(metric, arm).phase(phase)
	if t.N > 0 && t.Kind != kind {
		return stats.Partial{}, false
	}
	p := stats.Partial{N: t.N, Mean: t.Mean, M2: t.M2}
	if kind == tandem.Proportion {
		p.Mean, p.M2 = ratio(t.Successes, t.N), 0
	}
	was, values := a.settled(metric, phase, arm)
	n := func(of string) int64 { return a.cells.of(of, arm).phase(phase).N }
	calls, lost := n(tandem.MetricCalls)-was.Calls, n(tandem.MetricLost)-was.Lost
	// A call that has said what it has to say is not open, though it may not have
	// said this.
	said := t.N - values
	if calls < 0 || lost < 0 || said < 0 {
		return stats.Partial{}, false
	}
	switch saidBy(metric) {
	case tandem.MetricEnded:
		said = max(said, n(tandem.MetricEnded)-was.Ended)
	case tandem.MetricAnalyzed:
		said = max(said, n(tandem.MetricAnalyzed)-was.Analyzed)
	}
	p.Open = max(0, calls-lost-said)
	return p, true
}

// saidBy is the stage at which a call has said what it knows of a metric; "" where
// that can come at any time.
func saidBy(metric string) string {
	switch metric {
	case tandem.MetricTransfer, tandem.MetricAnswered, tandem.MetricDuration:
		return tandem.MetricEnded
	case tandem.MetricCompletion, tandem.MetricSentiment:
		return tandem.MetricAnalyzed
	}
	if len(metric) > len(tandem.MetricFieldPrefix) && metric[:len(tandem.MetricFieldPrefix)] == tandem.MetricFieldPrefix {
		return tandem.MetricAnalyzed
	}
	return ""
}

// settled is what the fold has of an arm in a phase.
func (a *account) settled(metric string, phase int, arm string) (calls SettledCalls, values int64) {
	i := a.test.Arm(arm)
	for _, s := range a.standing.Settled {
		if s.Phase != phase || i < 0 || i >= len(s.Arms) {
			continue
		}
		if of := s.Values[metric]; i < len(of) {
			values = of[i]
		}
		return s.Arms[i], values
	}
	return SettledCalls{}, 0
}

func ratio(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// harmBound is a lower bound of the harm in one arm, with the figures it is from.
type harmBound struct {
	low   float64
	logP  float64 // of no harm at all
	exact bool
	// pair has the figures; interval is two-sided, where there is one.
	pair     Pair
	interval *tandem.Span
	method   tandem.Evidence
	// atOnce: from all outcomes, with so many calls open.
	atOnce bool
	open   int64
}

// bounds gives what can be said about the harm in one arm: from the calls covered by
// evidence, and from all outcomes at once.
func (a *account) bounds(p *Pair, e entry, arm string, sign float64) []harmBound {
	var out []harmBound
	if p != nil && p.Known {
		if b, ok := a.coveredBound(p, sign); ok {
			out = append(out, b)
		}
	}
	kind := e.kind
	if t := a.cells.of(e.name, arm).total; t.N > 0 {
		kind = t.Kind
	}
	if kind != tandem.Proportion && kind != tandem.Mean {
		return out
	}
	if l, ok := a.atOnce(e, kind, arm, sign, a.guardAlpha(kind, e.name)); ok {
		out = append(out, harmBound{
			low: l.Low, logP: l.LogP, atOnce: true, open: l.OpenA + l.OpenB, method: tandem.Asymptotic,
			interval: a.atOnceInterval(e, kind, arm),
			pair: Pair{
				Metric: e.name, Arm: arm, Against: a.test.Arms[0].Key, Kind: kind, Known: true,
				NA: l.NA, NB: l.NB, Value: l.MeanB - l.MeanA, MeanA: l.MeanA, MeanB: l.MeanB,
			},
		})
	}
	return out
}

// atOnceInterval is the two-sided interval of the difference at [Level].
func (a *account) atOnceInterval(e entry, kind tandem.MetricKind, arm string) *tandem.Span {
	half := Alpha / float64(len(a.others())) / 2
	low, ok := a.atOnce(e, kind, arm, 1, half)
	high, also := a.atOnce(e, kind, arm, -1, half)
	if !ok || !also {
		return nil
	}
	return span(stats.Interval{Low: low.Low, High: -high.Low})
}

// coveredBound is what the calls say that are covered by evidence.
func (a *account) coveredBound(p *Pair, sign float64) (harmBound, bool) {
	b := harmBound{pair: *p, method: tandem.Asymptotic}
	if a.test.Unit == tandem.PerCaller {
		b.method = tandem.Clustered
	}
	var ok bool
	if b.low, b.exact, ok = a.leastHarm(p, sign); !ok {
		return harmBound{}, false
	}
	if b.exact {
		b.method, b.logP, b.interval = tandem.Betting, p.Bet.LogP, span(p.Bet.fits())
		return b, true
	}
	harm := p.watched(p.SE, p.Clock)
	if sign < 0 {
		harm = harm.Turned()
	}
	if _, logP, err := harm.Above(a.guardAlpha(p.Kind, p.Metric), stats.Tuning); err == nil {
		b.logP = logP
	}
	if p.Asymptotic != nil {
		b.interval = span(p.Asymptotic.Interval)
	}
	return b, true
}

// guardAlpha is the error that a one-sided sequence may make about one arm. Where
// bets and tallies are two different ways to be wrong, each spends half: an end of
// the bets' two-sided interval does as it is. Averages of numbers are judged in one way.
func (a *account) guardAlpha(kind tandem.MetricKind, metric string) float64 {
	alpha := Alpha / float64(len(a.others()))
	if betGuarded(kind, metric) {
		return alpha / 2
	}
	return alpha
}

// betGuarded says whether guardrails on a metric go by bets: see leastHarm.
func betGuarded(kind tandem.MetricKind, metric string) bool {
	return kind == tandem.Proportion || standard[metric].Min != nil
}

// telling gives the bound that a guardrail is shown by: the one that says most of
// the harm where the margin is passed, else the one that rests on most values.
func telling(bounds []harmBound, margin float64) harmBound {
	best := bounds[0]
	for _, b := range bounds[1:] {
		switch {
		case b.low > margin || best.low > margin:
			if b.low > best.low {
				best = b
			}
		case b.pair.NA+b.pair.NB > best.pair.NA+best.pair.NB:
			best = b
		}
	}
	return best
}

// known says whether a bound rests on enough values on both sides to tell harm
// from its absence.
func (b harmBound) known() bool {
	return b.method == tandem.Clustered || min(b.pair.NA, b.pair.NB) >= fewest(b.pair.Kind)
}

// over says which calls a bound is from.
func (a *account) overCalls(b harmBound, e entry) string {
	if !b.atOnce {
		return a.covered()
	}
	text := "over all " + plural(b.pair.NA+b.pair.NB, "call") + " with a known " + lower(e.label) + " so far"
	if b.open > 0 {
		text += ", " + grouped(b.open) + " still open counted in " + possessive(a.test.Arms[0].Key) + " favour"
	}
	return text
}

func possessive(arm string) string { return arm + "'s" }
