package results

import (
	"errors"
	"fmt"

	"tandem"
	"tandem/internal/stats"
)

// planner works out a plan, part by part.
type planner struct {
	Plan
	design stats.Design
	label  string
	err    error
}

// sizes fills in how many calls the effect takes in each mode.
func (p *planner) sizes() {
	if p.Request.Effect == 0 {
		return
	}
	if p.unbounded() && !p.Request.oneLook() {
		p.note("Without bounds of the value, the evidence is asymptotic: it holds from a few dozen calls on.")
	}
	p.notes()
	for _, mode := range p.Request.modes() {
		size, err := p.size(mode)
		if p.refused(err) {
			continue
		}
		if err != nil {
			p.note(fmt.Sprintf("%s: no number of calls finds a difference this small.", upper(string(mode))))
			continue
		}
		p.Modes = append(p.Modes, p.sized(mode, size))
	}
}

// unbounded says that there is nothing to bet on, so that the verdict rests on
// the asymptotic sequence.
func (p *planner) unbounded() bool {
	return p.Request.Kind == tandem.Mean && p.Request.Low == nil
}

func (p *planner) size(mode Mode) (stats.Size, error) {
	switch {
	case mode == ModePlanned:
		return p.design.Planned()
	case mode == ModeFixed:
		return p.design.Fixed()
	case p.sequence():
		return p.design.Asymptotic()
	}
	return p.design.Sequential()
}

// asked lists the numbers of calls for which the smallest difference is wanted.
func (p *planner) asked() []int64 {
	var out []int64
	if n := p.Request.Calls; n > 0 {
		out = append(out, n)
	}
	if n := int64(p.Request.Days * p.Request.PerDay); n > 0 && n != p.Request.Calls {
		out = append(out, n)
	}
	return out
}

// smallest fills in what the calls or days asked about can find.
func (p *planner) smallest() {
	for _, calls := range p.asked() {
		for _, mode := range p.Request.modes() {
			effect, err := p.finds(calls, mode)
			if p.refused(err) {
				continue
			}
			if err != nil {
				p.note(fmt.Sprintf("%s: not even the largest difference is found by %s.", upper(string(mode)), plural(calls, "call")))
				continue
			}
			p.Smallest = append(p.Smallest, Smallest{Mode: mode, Calls: calls, Days: p.days(calls), Effect: effect})
		}
	}
}

func (p *planner) finds(calls int64, mode Mode) (float64, error) {
	method := string(mode)
	if mode == ModeSequential && p.sequence() {
		method = "asymptotic"
	}
	return p.design.MinimumEffect(calls, method)
}

// refused keeps an error that is the request's fault.
func (p *planner) refused(err error) bool {
	if err == nil || errors.Is(err, stats.ErrTooFew) {
		return false
	}
	if p.err == nil {
		p.err = tandem.Errorf(tandem.Invalid, "", "cannot be planned: %w", err)
	}
	return true
}

// days is nil while the volume is not known.
func (p *planner) days(calls int64) *float64 {
	d, err := stats.Days(calls, p.Request.PerDay)
	if err != nil {
		return nil
	}
	return number(d)
}

func (p *planner) note(s string) { p.Notes = append(p.Notes, s) }
