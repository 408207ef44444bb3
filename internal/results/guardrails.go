package results

import (
	"fmt"

	"tandem"
	"tandem/internal/stats"
)

// guardrails says how each guardrail stands in each arm but A.
//
// A guardrail is breached when the lower bound of the harm, which holds at every
// look, is above the margin. It is judged by the covered calls (see leastHarm) and,
// for shares, sentiment and ratings, by every outcome there is (see atOnce), so that a
// call that hangs blinds nobody. Each guardrail is a promise of its own: its error is
// [Alpha], shared among the arms and the ways of judging, so that a guardrail that
// holds in every arm is reported as breached in at most 5 of 100 tests: exactly so for
// shares and sentiment of covered calls; else as far as the normal approximation holds
// with the care of [stats.Spread] and [stats.Watched] (simulate bounds it). Guardrails
// do not share it among themselves: with one more of them, each would see harm later.
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
	bounds := a.bounds(p, e, arm, g.Worse.Sign())
	switch {
	case a.held(e.name):
		s.Text = fmt.Sprintf("%s in %s: %s", name, arm, lower(a.recounting().Text))
	case !known:
		s.Text = fmt.Sprintf("no call has reported the %s yet", name)
	case len(bounds) > 0:
		a.judge(&s, bounds, e)
	case p == nil || p.NA+p.NB == 0:
		s.Text = fmt.Sprintf("%s in %s: no call is covered yet", name, arm)
	case !p.Known:
		s.Text = fmt.Sprintf("%s in %s: too few calls to compare yet", name, arm)
	default:
		s.Harm = number(g.Worse.Sign() * p.Value)
		s.Text = fmt.Sprintf("%s %s: too few calls to judge yet", name, a.sides(p, measureOf(e.kind, e.unit)))
	}
	if constant, n, is := a.alwaysSame(e.name); is && !s.Breached {
		s.Text += fmt.Sprintf("; never seen other than %s, in %s: see whether it is reported",
			measureOf(e.kind, e.unit).level(constant), plural(n, "call"))
	}
	s.Text = upper(s.Text) + "."
	return s
}

// alwaysSame says whether a guardrail's metric has had one value in all calls.
func (a *account) alwaysSame(metric string) (value float64, calls int64, is bool) {
	for _, h := range a.standing.Health {
		if h.Metric == metric && h.Kind == ailmentConstant {
			return h.Value, h.Run, true
		}
	}
	return 0, 0, false
}

// judge compares the harm in one arm with the margin.
func (a *account) judge(s *tandem.GuardrailState, bounds []harmBound, e entry) {
	b := telling(bounds, s.Margin)
	for _, one := range bounds {
		s.Known = s.Known || one.known()
	}
	s.Harm = number(s.Worse.Sign() * b.pair.Value)
	s.AtLeast = number(b.low)
	s.Breached, s.AtOnce = b.low > s.Margin, b.atOnce
	m := measureOf(e.kind, e.unit)
	text := fmt.Sprintf("%s %s", lower(e.label), a.sides(&b.pair, m))
	margin := ""
	if s.Margin > 0 {
		margin = " past the margin of " + m.amount(s.Margin)
	}
	if !s.Breached {
		s.Text = text + ": no proof of harm" + margin
		if b.atOnce {
			s.Text += ", " + a.overCalls(b, e)
		}
		return
	}
	valid := "valid at every look"
	if !b.exact {
		valid += approximately
	}
	s.Text = fmt.Sprintf("%s: worse by at least %s (%s)", text, m.amount(b.low), valid)
	if margin != "" {
		s.Text += "," + margin
	}
	s.Text += ", " + a.overCalls(b, e)
}

// leastHarm is the always-valid lower bound of the harm in one arm; false while
// there is none. Shares, sentiment and ratings have the bets' interval, which is exact from
// the first call: the asymptotic sequence calls harm of a rare outcome in a small
// arm far too often. Averages of numbers have the one-sided sequence, since bets
// on durations that could be an hour long see harm late. So has a metric whose bets
// exclude every difference, since no end of an interval is left.
func (a *account) leastHarm(p *Pair, sign float64) (low float64, exact, ok bool) {
	if p.Bet != nil && !p.Bet.NoneFits && betGuarded(p.Kind, p.Metric) {
		if sign > 0 {
			return p.Bet.Interval.Low, true, true
		}
		return -p.Bet.Interval.High, true, true
	}
	if !a.enough(p) {
		return 0, false, false
	}
	harm := p.watched(p.SE, p.Clock)
	if sign < 0 {
		harm = harm.Turned()
	}
	low, _, err := harm.Above(a.guardAlpha(p.Kind, p.Metric), stats.Tuning)
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
