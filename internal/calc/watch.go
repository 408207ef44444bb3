package calc

import (
	"math"
	"slices"

	"tandem/internal/stats"
)

// watched adds what holds at every look.
func (p *pair) watched() {
	p.asymptotic()
	p.bet()
}

// watchAlpha is the error that one arm's evidence may make: the test's, shared
// among the arms as the verdict shares it.
func (p *pair) watchAlpha() float64 { return p.Alpha / float64(len(p.m.arms)-1) }

// contrast is an estimated difference with its standard error, made of phases.
type contrast struct {
	value, se float64
	na, nb    int64 // units on each side: values, or callers
	// even adds up what the phases tell, which is their weights.
	even, variance float64
}

// meanVariance is that of an average.
func meanVariance(m stats.Moments) float64 { return m.Variance / float64(m.N) }

// shareVariance is that of a share that is given as a mean of 0 and 1.
func shareVariance(m stats.Moments) float64 {
	return stats.ShareVariance(stats.Proportion{Successes: int64(math.Round(m.Mean * float64(m.N))), N: m.N})
}

// varianceOf gives the variance of what the metric estimates, as the verdict
// takes it.
func (p *pair) varianceOf() func(stats.Moments) float64 {
	if p.m.kind == Proportion && p.Unit != PerCaller {
		return shareVariance
	}
	return meanVariance
}

// add takes a phase, if it has two values on either side.
func (c *contrast) add(a, b stats.Moments, of func(stats.Moments) float64) {
	if a.N < 2 || b.N < 2 {
		return
	}
	weight := stats.StratumWeight(a.N, b.N)
	c.even += weight
	c.na, c.nb = c.na+a.N, c.nb+b.N
	c.value += weight * (b.Mean - a.Mean)
	c.variance += weight * weight * (of(a) + of(b))
}

// done gives the contrast of the phases that were added.
func (c contrast) done() contrast {
	if c.even > 0 {
		c.value /= c.even
		c.se = math.Sqrt(c.variance) / c.even
	}
	return c
}

// clock is the time of the sequences.
func (c contrast) clock() int64 { return int64(c.even) }

// few says whether a side has too few units for an asymptotic sequence.
func (c contrast) few() bool { return min(c.na, c.nb) < stats.SequenceFrom }

// contrast weighs the differences of the phases that have values on both sides;
// the variance of each arm is its own.
func (p *pair) contrast() contrast {
	var c contrast
	for _, ph := range p.m.phases {
		a, b := ph.arms[0].asMoments(p.m.kind), ph.arms[p.arm].asMoments(p.m.kind)
		c.add(a, b, p.varianceOf())
	}
	return c.done()
}

// asMoments gives shares as means of 0 and 1.
func (d armData) asMoments(kind Kind) stats.Moments {
	if kind != Proportion {
		return d.moments
	}
	p := d.proportion
	m := stats.Moments{N: p.N, Mean: p.Share()}
	if p.N > 1 {
		rest := float64(p.N-p.Successes) / float64(p.N)
		m.Variance = m.Mean * rest * float64(p.N) / float64(p.N-1)
	}
	return m
}

// asymptotic adds the sequences that need only aggregates. Of raw rows, whose
// order is known, their p-values are the least of all looks, as the verdict's.
func (p *pair) asymptotic() {
	c := p.contrast()
	if p.m.raw == nil || c.few() {
		p.sequences(asymptotic, planned, c, "values", nil)
		return
	}
	least := p.looks(p.plan(c))
	p.sequences(asymptotic, planned, c, "values", &least)
}

// leastP are the least ln p of all looks.
type leastP struct{ asymptotic, planned float64 }

// plan is the planned number of values in even calls, at the split that the
// values have; 0 without a plan.
func (p *pair) plan(c contrast) int64 {
	if p.Planned == 0 {
		return 0
	}
	return max(1, int64(math.Round(float64(p.Planned)*c.even/float64(c.na+c.nb))))
}

// looks looks at the difference after every row.
func (p *pair) looks(plan int64) leastP {
	var least leastP
	raw, of := p.m.raw, p.varianceOf()
	phases := make([][2]running, len(raw.phases))
	for i := range raw.len() {
		a := raw.arm(i)
		if !raw.known(i) || a != 0 && a != p.arm {
			continue
		}
		phases[raw.phase[i]][min(a, 1)].add(raw.value[i])
		var c contrast
		for k := range phases {
			c.add(phases[k][0].moments(), phases[k][1].moments(), of)
		}
		if c = c.done(); c.few() {
			continue
		}
		if _, logP, err := p.band(c); err == nil {
			least.asymptotic = min(least.asymptotic, logP)
		}
		if plan > 0 {
			if band, err := stats.Planned(c.value, c.se, c.clock(), plan, p.watchAlpha()); err == nil {
				least.planned = min(least.planned, band.LogP)
			}
		}
	}
	return least
}

// sequences adds the asymptotic sequence and the planned mode. what are the
// units.
func (p *pair) sequences(watch, plan string, c contrast, what string, least *leastP) {
	if c.few() || c.se == 0 {
		why := "needs " + itoa(stats.SequenceFrom) + " " + what + " in each arm"
		if !c.few() {
			why = "neither arm varies"
		}
		p.add(not(watch, why))
		if p.Planned > 0 {
			p.add(not(plan, why))
		}
		return
	}
	in, logP, err := p.band(c)
	if least != nil {
		logP = least.asymptotic
	}
	p.take(watch, err, func(l Line) Line {
		return overLooks(l.value(Absolute, c.value).within(1-p.watchAlpha(), p.Sides, in).p(p.Sides, logP).figure("se", c.se), least)
	})
	if watch == asymptotic || p.m.kind == Ratio || p.Unit == PerCaller {
		p.watchedMargins(c)
	}
	if p.Planned == 0 {
		p.add(not(plan, "no number of calls was planned"))
		return
	}
	band, err := stats.Planned(c.value, c.se, c.clock(), p.plan(c), p.watchAlpha())
	if least != nil {
		band.LogP = least.planned
	}
	p.take(plan, err, func(l Line) Line {
		l = l.value(Absolute, c.value).within(1-p.watchAlpha(), TwoSided, band.Interval).p(TwoSided, band.LogP)
		return overLooks(p.twoSidedOnly(l.figure("se", c.se).figure("planned", float64(p.Planned))), least)
	})
}

// overLooks says of which looks p is.
func overLooks(l Line, least *leastP) Line {
	l.Looks = "this"
	if least != nil {
		l.Looks = "all"
		l.Note = "p is the least of all looks, the interval that of the last"
	}
	return l
}

// band is the asymptotic sequence on the sides that count.
func (p *pair) band(c contrast) (in stats.Interval, logP float64, err error) {
	alpha := p.watchAlpha()
	switch p.Sides {
	case Greater:
		low, logP, err := stats.SequenceAbove(c.value, c.se, c.clock(), alpha, p.Tuning)
		return stats.Interval{Low: low, High: p.natural().High}, logP, err
	case Less:
		low, logP, err := stats.SequenceAbove(-c.value, c.se, c.clock(), alpha, p.Tuning)
		return stats.Interval{Low: p.natural().Low, High: -low}, logP, err
	}
	band, err := stats.Sequence(c.value, c.se, c.clock(), alpha, p.Tuning)
	return band.Interval, band.LogP, err
}

// natural is where the difference can be.
func (p *pair) natural() stats.Interval {
	if p.m.kind == Proportion {
		return differing
	}
	return unbounded
}

// noOrder says why the rows cannot be folded one by one; "" when they can.
func (c *computer) noOrder(m *metric) string {
	switch {
	case m.raw == nil:
		return "needs the calls in the order of assignment: raw rows"
	case c.Unit == PerCaller:
		return "callers were randomised, not calls (unit caller)"
	case !m.raw.hasOwn && len(m.raw.each) == 0 && c.Shares == nil:
		return "needs each call's chance of its arm: the column p, or the shares of the split"
	}
	return ""
}

// chances fills q with the chances beforehand of these arms for row i, given
// that it is in one of them, in their order: the row's own chance for its own
// arm, where it is logged, else what the split says.
func (c *computer) chances(m *metric, i int, arms []int, q []float64) (why string) {
	raw := m.raw
	own := raw.arm(i)
	var total float64
	for k, a := range arms {
		x := math.NaN()
		at := slices.IndexFunc(raw.each, func(e *chances) bool { return e.arm == m.arms[a] })
		switch {
		case at >= 0:
			x = raw.each[at].p[i]
		case raw.hasOwn && !math.IsNaN(raw.own[i]) && a == own:
			x = raw.own[i]
		case raw.hasOwn && !math.IsNaN(raw.own[i]) && len(m.arms) == 2:
			x = 1 - raw.own[i]
		default:
			for _, s := range c.Shares {
				if s.Arm == m.arms[a] {
					x = s.Share
				}
			}
		}
		if math.IsNaN(x) {
			if raw.hasOwn && !math.IsNaN(raw.own[i]) {
				return "with three arms or more p alone does not give the chances of the others: add the columns p.ARM, or the shares of the split"
			}
			return raw.place(i).base + " has no chance of its arm, and there are no shares"
		}
		q[k] = x
		total += x
	}
	if total == 0 {
		return raw.place(i).base + ": no arm had a chance"
	}
	for k := range arms {
		q[k] /= total
	}
	return ""
}
