package calc

import (
	"cmp"
	"slices"

	"tandem"
)

// phaseData is what the arms have in one phase.
type phaseData struct {
	name string
	arms []armData
}

// aggregate is a metric as it was given in aggregates.
type aggregate struct {
	name   string
	kind   Kind
	arms   []string
	phases []phaseData
	at     string
}

// gather sorts records into metrics, phases and arms, each in the order in
// which they first appear.
func gather(records []record) ([]*aggregate, error) {
	var all []*aggregate
	for _, r := range records {
		kind, err := r.shape()
		if err != nil {
			return nil, err
		}
		data, err := r.data(kind)
		if err != nil {
			return nil, err
		}
		arm, err := r.cells[colArm].name(r.at.of(colArm))
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(a *aggregate) bool { return a.name == r.metric })
		if i < 0 {
			i = len(all)
			all = append(all, &aggregate{name: r.metric, kind: kind, at: r.at.base})
		}
		if all[i].kind != kind {
			return nil, tandem.Errorf(tandem.Invalid, r.at.base, "gives %s; the metric's first record gives %s", kind.plural(), all[i].kind.plural())
		}
		if err := all[i].add(r, arm, data); err != nil {
			return nil, err
		}
	}
	for _, a := range all {
		if err := a.settleShares(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// plural names what records of this kind give.
func (k Kind) plural() string {
	switch k {
	case Proportion:
		return "successes"
	case Category:
		return "counts"
	case Mean:
		return "means"
	}
	return "arm sizes"
}

func (a *aggregate) add(r record, arm string, data armData) error {
	// One that is not said is the nameless phase.
	phase := r.cells[colPhase].text
	p := slices.IndexFunc(a.phases, func(p phaseData) bool { return p.name == phase })
	if p < 0 {
		p = len(a.phases)
		a.phases = append(a.phases, phaseData{name: phase, arms: make([]armData, len(a.arms))})
	}
	i := slices.Index(a.arms, arm)
	if i < 0 {
		i = len(a.arms)
		a.arms = append(a.arms, arm)
		for p := range a.phases {
			a.phases[p].arms = append(a.phases[p].arms, armData{})
		}
	}
	at := &a.phases[p].arms[i]
	if a.kind == Category && r.counts == nil && at.filled {
		for name, n := range data.counts {
			if _, there := at.counts[name]; there {
				return tandem.Errorf(tandem.Invalid, r.at.base, "gives %s of arm %s a second time", quote(name), quote(arm))
			}
			at.counts[name] = n
			at.n += n
		}
		return nil
	}
	if at.filled {
		return tandem.Errorf(tandem.Invalid, r.at.base, "gives arm %s a second time", quote(arm))
	}
	*at = data
	return nil
}

// settleShares makes shares fractions of 1, in each phase that has any.
func (a *aggregate) settleShares() error {
	for _, p := range a.phases {
		var shares []Share
		for i, arm := range p.arms {
			if arm.share != nil {
				shares = append(shares, Share{a.arms[i], *arm.share})
			}
		}
		if len(shares) == 0 {
			continue
		}
		if len(shares) < len(p.arms) {
			return tandem.Errorf(tandem.Invalid, cmp.Or(a.at, "arms"), "has a share for %d of %d arms; expected one for each", len(shares), len(p.arms))
		}
		done, err := NewShares(cmp.Or(a.at, "arms")+": shares", shares)
		if err != nil {
			return err
		}
		for i := range p.arms {
			p.arms[i].share = &done[i].Share
		}
	}
	return nil
}
