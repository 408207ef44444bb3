package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// tooLong is how many days of waiting are as good as never: prompts, models and
// callers change meanwhile.
const tooLong = 90

// text says the plan in a sentence or two.
func (p *planner) text() string {
	var out []string
	if len(p.Request.Categories) > 0 {
		if fixed := p.mode(ModeFixed); fixed != nil {
			out = append(out, "categories: "+p.oneLookText(*fixed))
		}
	} else if p.Request.Effect != 0 {
		out = append(out, p.sizeText())
	}
	for _, calls := range p.asked() {
		out = append(out, p.smallestText(calls))
	}
	if m := p.SampleRatio; m != nil {
		text := fmt.Sprintf("a split that gives B %s of the calls instead of %s is found broken by about %s", share100(p.Request.RealShareB), share100(p.Request.ShareB), plural(roughly(m.Calls), "call"))
		if m.Days != nil {
			text += ", " + days(*m.Days)
		}
		out = append(out, upper(text)+".")
	}
	return upper(strings.Join(out, " "))
}

// oneLookText is for what is compared once.
func (p *planner) oneLookText(m PlanMode) string {
	return fmt.Sprintf("%s in all to be %s sure with one look at the end%s.", plural(roughly(m.Calls), "call"), share100(p.Request.Power), p.waiting(m))
}

// sizeText says how many calls the effect takes.
func (p *planner) sizeText() string {
	m, base := p.measure(), *p.Request.Baseline
	head := fmt.Sprintf("%s against %s", m.level(base), m.level(base+p.Request.Effect))
	if p.label != "" {
		head = lower(p.label) + " " + head
	}
	if p.Request.oneLook() {
		if p.Request.Quantile > 0 {
			head = fmt.Sprintf("%s of difference in the %s quantile", m.amount(math.Abs(p.Request.Effect)), share100(p.Request.Quantile))
		}
		fixed := p.mode(ModeFixed)
		if fixed == nil {
			return head + ": too small a difference to be found."
		}
		return head + ": " + p.oneLookText(*fixed)
	}
	sequential, planned := p.mode(ModeSequential), p.mode(ModePlanned)
	text := head + ": too small a difference to be found by watching."
	switch {
	case sequential != nil && sequential.Expected > sequential.Calls:
		// A few tests that never end make an average that nobody would see.
		text = fmt.Sprintf("%s: about %s calls in all to be %s sure%s. Watching can hardly find a difference this small: plan the end.", head,
			grouped(roughly(sequential.Calls)), share100(p.Request.Power), p.waiting(*sequential))
	case sequential != nil:
		text = fmt.Sprintf("%s: about %s calls in all on average, %s to be %s sure%s.", head,
			grouped(roughly(sequential.Expected)), grouped(roughly(sequential.Calls)), share100(p.Request.Power), p.waiting(*sequential))
	}
	if planned != nil {
		text += " With the end planned: " + plural(roughly(planned.Calls), "call")
		if planned.Days != nil {
			text += ", " + days(*planned.Days)
		}
		text += "."
	}
	return text
}

// waiting says how long the calls take, and plainly so when that is too long.
func (p *planner) waiting(m PlanMode) string {
	if m.Days == nil {
		return ""
	}
	perDay := digits(p.Request.PerDay, 0)
	if p.Request.PerDay < 10 {
		perDay = short(p.Request.PerDay)
	}
	if *m.Days <= tooLong {
		return fmt.Sprintf("; %s at %s calls a day", days(*m.Days), perDay)
	}
	return fmt.Sprintf("; not enough calls: about %s at %s a day", days(*m.Days), perDay)
}

// smallestText says what so many calls find.
func (p *planner) smallestText(calls int64) string {
	m := p.measure()
	of := func(mode Mode) (Smallest, bool) {
		i := slices.IndexFunc(p.Smallest, func(s Smallest) bool { return s.Mode == mode && s.Calls == calls })
		if i < 0 {
			return Smallest{}, false
		}
		return p.Smallest[i], true
	}
	when := "by " + plural(calls, "call")
	if d := p.days(calls); d != nil {
		when += " (" + days(*d) + ")"
	}
	first := ModeSequential
	if p.Request.oneLook() {
		first = ModeFixed
	}
	sequential, found := of(first)
	if !found {
		return upper(when) + " no difference is found, however large."
	}
	text := fmt.Sprintf("%s a difference of %s from %s is found with a chance of %s",
		upper(when), m.amount(math.Abs(sequential.Effect)), m.level(*p.Request.Baseline), share100(p.Request.Power))
	if planned, ok := of(ModePlanned); ok {
		text += fmt.Sprintf("; one of %s if that is the planned end", m.amount(math.Abs(planned.Effect)))
	}
	return text + "."
}

func (p *planner) mode(mode Mode) *PlanMode {
	for i := range p.Modes {
		if p.Modes[i].Mode == mode {
			return &p.Modes[i]
		}
	}
	return nil
}

func (p *planner) measure() measure { return measureOf(p.Request.Kind, p.Request.Unit) }

func share100(x float64) string { return short(100*x) + " %" }
