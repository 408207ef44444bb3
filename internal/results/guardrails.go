package results

import (
	"fmt"

	"tandem"
	"tandem/internal/stats"
)

// guardrails says how each guardrail stands in each arm but A.
//
// A guardrail is breached when the lower bound of the harm, which holds at every
// look, is above the margin; see leastHarm. Each guardrail is a promise of its own: its error is
// [Alpha], shared among the arms, so that a guardrail that holds in every arm is
// reported as breached in at most 5 of 100 tests: exactly so for shares and
// sentiment of calls; for averages, and by caller, as far as the normal approximation
// holds with the care of [stats.Spread] and [stats.Watched] (simulate bounds it). Guardrails do not share it among
// themselves: with one more of them, each would see harm later.
func (a *account) guardrails() []tandem.GuardrailState {
	out := []tandem.GuardrailState{}
	for _, g := range a.test.Guardrails {
		for _, arm := range a.others() {
			out = append(out, a.guardrail(g, arm.Key))
		}
	}
	return out
}

func (a *account) guardrail(g tandem.Guardrail, arm string) tandem.GuardrailState {
	s := tandem.GuardrailState{Guardrail: g, Arm: arm}
	e, known := a.entry(g.Metric)
	p := a.pair(e.name, arm)
	name := lower(e.label)
	switch {
	case !known:
		s.Text = fmt.Sprintf("no call has reported the %s yet", name)
	case p == nil || p.NA+p.NB == 0:
		s.Text = fmt.Sprintf("%s in %s: no call is covered yet", name, arm)
	case !p.Known:
		s.Text = fmt.Sprintf("%s in %s: too few calls to compare yet", name, arm)
	default:
		a.judge(&s, p, e)
	}
	s.Text = upper(s.Text) + "."
	return s
}

// judge compares the harm in one arm with the margin.
func (a *account) judge(s *tandem.GuardrailState, p *Pair, e entry) {
	sign := s.Worse.Sign()
	harm := sign * p.Value
	s.Harm = number(harm)
	m := measureOf(e.kind, e.unit)
	text := fmt.Sprintf("%s %s", lower(e.label), a.sides(p, m))
	least, exact, ok := a.leastHarm(p, sign)
	if !ok {
		s.Text = text + ": too few calls to judge yet"
		return
	}
	s.AtLeast = number(least)
	s.Breached = least > s.Margin
	margin := ""
	if s.Margin > 0 {
		margin = " past the margin of " + m.amount(s.Margin)
	}
	if !s.Breached {
		s.Text = text + ": no proof of harm" + margin
		return
	}
	valid := "valid at every look"
	if !exact {
		valid += approximately
	}
	s.Text = fmt.Sprintf("%s: worse by at least %s (%s)", text, m.amount(least), valid)
	if margin != "" {
		s.Text += "," + margin
	}
}

// leastHarm is the always-valid lower bound of the harm in one arm; false while
// there is none. Shares and sentiment have the bets' interval, which is exact from
// the first call: the asymptotic sequence calls harm of a rare outcome in a small
// arm far too often. Averages of numbers have the one-sided sequence, since bets
// on durations that could be an hour long see harm late.
func (a *account) leastHarm(p *Pair, sign float64) (low float64, exact, ok bool) {
	if p.Bet != nil && (p.Kind == tandem.Proportion || p.Metric == tandem.MetricSentiment) {
		if sign > 0 {
			return p.Bet.Interval.Low, true, true
		}
		return -p.Bet.Interval.High, true, true
	}
	if !a.enough(p) {
		return 0, false, false
	}
	alpha := Alpha / float64(len(a.others()))
	harm := p.watched(p.SE, p.Clock)
	if sign < 0 {
		harm = harm.Turned()
	}
	low, _, err := harm.Above(alpha, stats.Tuning)
	return low, false, err == nil
}

// enough says whether the central limit theorem that the one-sided sequence
// rests on may be called upon. In a sticky test it counts callers, which is what
// the pair's own sequence waits for.
func (a *account) enough(p *Pair) bool {
	switch {
	case a.test.Unit == tandem.PerCaller:
		return p.Asymptotic != nil
	case p.Kind == tandem.Mean:
		return min(p.NA, p.NB) >= stats.MeansFrom
	}
	return min(p.NA, p.NB) >= stats.SequenceFrom
}
