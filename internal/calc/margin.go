package calc

import (
	"math"

	"tandem"
	"tandem/internal/stats"
)

// margins adds non-inferiority and equivalence, where a margin is given. est is
// the difference that they rest on, unless plain shares have a better test.
// Both are one-sided statements at alpha, whatever the sides.
func (p *pair) margins(est stats.Estimate, err error) {
	const none = "no margin was given"
	set := p.m.set.Margin
	switch {
	case set == nil:
		p.add(not(nonInferior, none))
		p.add(not(equivalent, none))
		return
	case p.Alpha > 0.5:
		p.add(not(nonInferior, "needs an alpha of at most 0.5"))
		p.add(not(equivalent, "needs an alpha of at most 0.5"))
		return
	}
	margin, level, higher := *set, 1-p.Alpha, p.m.better() == tandem.Higher
	shared, one := p.m.shared(p.arm)
	var first, second stats.MarginTest
	switch {
	case p.m.kind == Proportion && p.Unit == PerCall && shared < 2:
		if margin >= 1 {
			const whole = "a margin of 1 or more allows any difference of shares"
			p.add(not(nonInferior, whole))
			p.add(not(equivalent, whole))
			return
		}
		a, b := one.armOrNone(0).proportion, one.armOrNone(p.arm).proportion
		if first, err = stats.NonInferiorProportions(a, b, margin, higher, level); err == nil {
			second, err = stats.EquivalentProportions(a, b, margin, level)
		}
		est.Value = b.Share() - a.Share()
	case err == nil:
		if first, err = stats.NonInferior(est, margin, higher, level); err == nil {
			second, err = stats.Equivalent(est, margin, level)
		}
	}
	p.take(nonInferior, err, p.claim(est, first, level, p.worse(), "not worse by "+short(margin)+" or more"))
	p.take(equivalent, err, p.claim(est, second, 2*level-1, TwoSided, "the difference is within "+short(margin)))
}

// worse is the side on which an arm must not be: the claim bounds it from there.
func (p *pair) worse() Sides {
	if p.m.better() == tandem.Higher {
		return Greater
	}
	return Less
}

// claim fills in a line that says whether something is shown.
func (p *pair) claim(est stats.Estimate, t stats.MarginTest, level float64, sides Sides, what string) func(Line) Line {
	return func(l Line) Line {
		l = l.value(Absolute, est.Value).within(level, sides, t.Interval).of(t.Test).p(sides, t.Test.LogP)
		l.Says = shown(t.Holds, what)
		l.Note = string(p.m.better()) + " is better"
		return l.figure("margin", *p.m.set.Margin)
	}
}

func shown(holds bool, what string) string {
	if holds {
		return "shown: " + what
	}
	return "not shown: " + what
}

// watchedMargins adds the same at every look.
func (p *pair) watchedMargins(l looked) {
	set := p.m.set.Margin
	if set == nil {
		return // said once, by margins
	}
	margin, alpha := *set, p.watchAlpha()
	if alpha < 0.5 {
		w, lower := l.Watched, p.m.better() == tandem.Lower
		if lower {
			w = w.Turned()
		}
		w.Value += margin
		low, logP, err := w.Above(alpha, p.Tuning)
		in := stats.Interval{Low: low - margin, High: math.Inf(1)}
		if lower {
			in = stats.Interval{Low: math.Inf(-1), High: margin - low}
		}
		t := stats.MarginTest{Holds: low > 0, Interval: p.clipped(in), Test: stats.Test{LogP: logP}}
		p.take(nonInferiorSeq, err, p.plainClaim(l, t, 1-alpha, p.worse(), "not worse by "+short(margin)+" or more"))
	}
	band, err := l.Sequence(alpha, p.Tuning)
	in := p.clipped(band.Interval)
	t := stats.MarginTest{Holds: in.Low > -margin && in.High < margin, Interval: in, Test: stats.Test{LogP: math.NaN()}}
	p.take(equivalentSeq, err, p.plainClaim(l, t, 1-alpha, TwoSided, "the difference is within "+short(margin)))
}

func (p *pair) plainClaim(l looked, t stats.MarginTest, level float64, sides Sides, what string) func(Line) Line {
	fill := p.claim(stats.Estimate{Value: l.Value}, t, level, sides, what)
	return func(x Line) Line {
		x = fill(x)
		x.Statistic = nil
		return x
	}
}

// clipped keeps an interval where the difference can be.
func (p *pair) clipped(in stats.Interval) stats.Interval {
	n := p.natural()
	return stats.Interval{Low: max(in.Low, n.Low), High: min(in.High, n.High)}
}
