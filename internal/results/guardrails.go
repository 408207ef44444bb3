package results

import (
	"fmt"
	"math"

	"tandem"
	"tandem/internal/stats"
)

// guardrails says how each guardrail stands in each arm but A.
//
// A guardrail is breached when the lower bound of the harm, which holds at every
// look, is above the margin. Each guardrail is a promise of its own: its error is
// [Alpha], shared among the arms, so that a guardrail that holds in every arm is
// reported as breached in at most 5 of 100 tests. Guardrails do not share it among
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
	se := guardedSE(p)
	if !a.enough(p) || se == 0 {
		s.Text = text + ": too few calls to judge yet"
		return
	}
	// The bound of harm less margin and that of harm differ by the margin.
	above, _, err := stats.SequenceAbove(harm-s.Margin, se, p.NA+p.NB, Alpha/float64(len(a.others())), stats.Tuning)
	if err != nil {
		s.Text = text + ": cannot be judged"
		return
	}
	s.AtLeast = number(above + s.Margin)
	s.Breached = above > 0
	margin := ""
	if s.Margin > 0 {
		margin = " past the margin of " + m.amount(s.Margin)
	}
	if !s.Breached {
		s.Text = text + ": no proof of harm" + margin
		return
	}
	s.Text = fmt.Sprintf("%s: worse by at least %s (valid at every look)", text, m.amount(above+s.Margin))
	if margin != "" {
		s.Text += "," + margin
	}
}

// enough says whether the central limit theorem that the one-sided sequence
// rests on may be called upon. In a sticky test it counts callers, which is what
// the pair's own sequence waits for.
func (a *account) enough(p *Pair) bool {
	if a.test.Unit == tandem.PerCaller {
		return p.Asymptotic != nil
	}
	return min(p.NA, p.NB) >= stats.SequenceFrom
}

// guardedSE is a pair's standard error. Where a share is 0 or 1 on a side its
// spread is too, as if that were certain; it is then no less than that of one
// more success and one more failure (Agresti & Caffo 2000, The American
// Statistician 54, 280-288), so that an arm that fails in every call is seen to.
func guardedSE(p *Pair) float64 {
	if p.Kind != tandem.Proportion || p.NA == 0 || p.NB == 0 {
		return p.SE
	}
	least := func(n float64) float64 { return (n + 1) / ((n + 2) * (n + 2)) / n }
	return max(p.SE, math.Sqrt(least(float64(p.NA))+least(float64(p.NB))))
}
