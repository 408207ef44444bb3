package calc

import (
	"math"

	"tandem/internal/stats"
)

// watched adds what holds at every look.
func (p *pair) watched() {
	l := p.looked(false)
	p.sequences(asymptotic, planned, l)
	p.bet(l)
}

// watchAlpha is the error that one arm's evidence may make: the test's, shared
// among the arms as the verdict shares it.
func (p *pair) watchAlpha() float64 { return p.Alpha / float64(len(p.m.arms)-1) }

// looked is what a sequence knows.
type looked struct {
	stats.Contrast
	known bool
	// byCaller says that the units are callers.
	byCaller bool
	// least holds the least p-values of all looks; nil where there is only one.
	least *leastP
	// bare says that the numbers came as mean and variance, so that skewness and
	// extremes are not known.
	bare bool
}

// leastP are the least ln p of all looks.
type leastP struct{ asymptotic, planned float64 }

// looked makes the contrast. Of raw rows, whose order is known, it looks after
// every row, as the verdict does.
func (p *pair) looked(byCaller bool) looked {
	l := looked{byCaller: byCaller}
	e := newEvidence(p.m, byCaller)
	raw := p.m.raw
	if raw == nil {
		e.aggregated(p.m)
		l.Contrast, l.known = e.contrast(p.arm)
		l.bare = e.averages
		return l
	}
	// The plan is fixed beforehand, so it takes the split of all rows.
	plan := p.plan(byCaller)
	var least leastP
	for i := range raw.len() {
		if !raw.known(i) {
			continue
		}
		if err := e.add(raw, i, p.m.bounded(raw.value[i])); err != nil && p.err == nil {
			p.err = refused(p.m.name, asymptoticRatio, err)
		}
		if a := raw.arm(i); raw.totals || a != 0 && a != p.arm {
			continue
		}
		if l.Contrast, l.known = e.contrast(p.arm); !l.known || !l.Ready(e.averages) {
			continue
		}
		if _, logP, err := p.band(l.Watched); err == nil {
			least.asymptotic = min(least.asymptotic, logP)
		}
		if plan > 0 {
			if _, logP, err := p.plannedBand(l.Watched, plan); err == nil {
				least.planned = min(least.planned, logP)
			}
		}
	}
	if raw.totals {
		l.Contrast, l.known = e.contrast(p.arm)
		return l
	}
	l.least = &least
	return l
}

// bounded holds a value to its bounds, as the verdict does.
func (m *metric) bounded(y float64) float64 {
	if b := m.set.Bounds; b != nil && m.kind == Mean {
		return min(max(y, b.Low), b.High)
	}
	return y
}

// plan is the planned number of calls, or callers, in even ones of the two arms, as
// the verdict has it: at the split, where it is given, else at that of the values; 0
// without a plan.
func (p *pair) plan(byCaller bool) int64 {
	if p.Planned == 0 {
		return 0
	}
	var all, a, b float64
	if len(p.Shares) > 0 {
		for _, s := range p.Shares {
			all += s.Share
			switch s.Arm {
			case p.m.arms[0]:
				a = s.Share
			case p.m.arms[p.arm]:
				b = s.Share
			}
		}
	} else {
		for i := range p.m.arms {
			n := float64(p.m.total(i).n)
			if byCaller {
				n = float64(p.m.total(i).clusters.N)
			}
			all += n
			switch i {
			case 0:
				a = n
			case p.arm:
				b = n
			}
		}
	}
	if !(a > 0 && b > 0) {
		return max(1, int64(math.Ceil((a+b)/max(all, 1e-9)*float64(p.Planned)-1e-6)))
	}
	return max(1, int64(math.Ceil(float64(p.Planned)*4*(a/all)*(b/(a+b))-1e-6)))
}

// sequences adds the asymptotic sequence and the planned mode.
func (p *pair) sequences(watch, plan string, l looked) {
	averages := p.m.kind != Proportion
	if !l.known || !l.Ready(averages) {
		what := "values"
		if l.byCaller {
			what = "callers"
		}
		why := "needs " + itoa(int(stats.From(averages))) + " " + what + " in each arm"
		if min(l.NA, l.NB) >= stats.From(averages) {
			why = "neither arm varies"
		}
		p.add(not(watch, why))
		if p.Planned > 0 {
			p.add(not(plan, why))
		}
		return
	}
	in, logP, err := p.band(l.Watched)
	if l.least != nil {
		logP = l.least.asymptotic
	}
	fill := func(in stats.Interval, logP float64) func(Line) Line {
		return func(x Line) Line {
			return l.overLooks(x.value(Absolute, l.Value).within(1-p.watchAlpha(), p.Sides, p.clipped(in)).p(p.Sides, logP).figure("se", l.SE))
		}
	}
	p.take(watch, err, fill(in, logP))
	if watch == asymptotic || p.m.kind == Ratio || p.Unit == PerCaller {
		p.watchedMargins(l)
	}
	if p.Planned == 0 {
		p.add(not(plan, "no number of calls was planned"))
		return
	}
	in, logP, err = p.plannedBand(l.Watched, p.plan(l.byCaller))
	if l.least != nil {
		logP = l.least.planned
	}
	p.take(plan, err, func(x Line) Line {
		return fill(in, logP)(x).figure("planned", float64(p.Planned)).figure("planned_even", float64(p.plan(l.byCaller)))
	})
}

// overLooks says of which looks p is, and what the sequence could not know.
func (l looked) overLooks(x Line) Line {
	x.Looks = "this"
	switch {
	case l.least != nil:
		x.Looks = "all"
		x.Note = "p is the least of all looks, the interval that of the last"
	case l.bare:
		x.Note = "of a mean and a variance, neither skewness nor extremes are known: of the calls' own rows the verdict is more careful"
	}
	return x
}

// band is the asymptotic sequence on the sides that count.
func (p *pair) band(w stats.Watched) (in stats.Interval, logP float64, err error) {
	return p.onSides(w,
		func(w stats.Watched) (stats.Band, error) { return w.Sequence(p.watchAlpha(), p.Tuning) },
		func(w stats.Watched) (float64, float64, error) { return w.Above(p.watchAlpha(), p.Tuning) })
}

// plannedBand is that of the planned mode.
func (p *pair) plannedBand(w stats.Watched, plan int64) (in stats.Interval, logP float64, err error) {
	return p.onSides(w,
		func(w stats.Watched) (stats.Band, error) { return w.Planned(plan, p.watchAlpha()) },
		func(w stats.Watched) (float64, float64, error) { return w.PlannedAbove(plan, p.watchAlpha()) })
}

func (p *pair) onSides(w stats.Watched, both func(stats.Watched) (stats.Band, error), above func(stats.Watched) (float64, float64, error)) (stats.Interval, float64, error) {
	switch p.Sides {
	case Greater:
		low, logP, err := above(w)
		return stats.Interval{Low: low, High: p.natural().High}, logP, err
	case Less:
		low, logP, err := above(w.Turned())
		return stats.Interval{Low: p.natural().Low, High: -low}, logP, err
	}
	band, err := both(w)
	return band.Interval, band.LogP, err
}

// natural is where the difference can be.
func (p *pair) natural() stats.Interval {
	if p.m.kind == Proportion {
		return differing
	}
	return unbounded
}

// successes are those of a share that is kept as a mean of 0 and 1.
func successes(m stats.Numbers) stats.Proportion {
	return stats.Proportion{Successes: int64(math.Round(m.Mean * float64(m.N))), N: m.N}
}
