package calc

import (
	"strconv"

	"tandem/internal/stats"
)

// minExpected is the expected count under which the normal test of a 2 x 2
// table is not to be trusted (Cochran 1954).
const minExpected = 5

// proportions compares two shares.
func (p *pair) proportions() {
	if why := p.perCallersOnly(); why != "" {
		for _, method := range []string{pooledZ, chiSquared, fisherExact, newcombe, miettinen, relativeDelta, betaBinomial, betting} {
			p.add(not(method, why))
		}
		p.byCaller()
		return
	}
	pairs := strata(p.m, p.arm, func(d armData) stats.Proportion { return d.proportion }, func(p stats.Proportion) int64 { return p.N })
	shared, one := p.m.shared(p.arm)
	a, b := one.armOrNone(0).proportion, one.armOrNone(p.arm).proportion
	est, err := stats.StratifiedProportions(pairs, p.level())
	empty := len(p.m.phases) == 1 && (a.N == 0 || b.N == 0)
	if empty {
		est, err = p.ofAnEmptyArm(a, b)
	}
	p.take(pooledZ, err, func(l Line) Line {
		l = l.of(est.Test).p(p.Sides, p.oneSided(est.Test))
		if least := p.leastExpected(); least >= 0 && least < minExpected {
			l.rough = true
			l.Note = "fewer than 5 expected in a cell (" + short(least) + "): prefer Fisher's"
		}
		return l
	})
	p.chiSquared()
	if shared > 1 {
		p.add(not(fisherExact, phases))
	} else {
		test, err := p.fisher(a, b)
		p.take(fisherExact, err, func(l Line) Line { return l.p(p.Sides, test.LogP) })
	}
	if p.Effect != Relative {
		p.take(newcombe, err, func(l Line) Line {
			if !empty {
				l = l.value(Absolute, est.Value)
			}
			return l.within(1-p.Alpha, p.Sides, p.cut(est.Interval, differing))
		})
		p.miettinen(shared, a, b)
	}
	if p.Effect != Absolute {
		p.relative(stats.StratifiedRelativeProportions(pairs, p.level()))
	}
	p.margins(est, err)
	p.belief(shared, a, b)
	p.byCaller()
	p.watched()
}

// ofAnEmptyArm says what can be said all the same: nothing speaks against equality,
// and the difference is bounded by the other arm alone.
func (p *pair) ofAnEmptyArm(a, b stats.Proportion) (est stats.Estimate, err error) {
	if est.Test, err = stats.PooledZ(a, b); err == nil {
		est.Interval, err = stats.Newcombe(a, b, p.level())
	}
	return est, err
}

// fisher is the exact test on the sides that count.
func (p *pair) fisher(a, b stats.Proportion) (stats.Test, error) {
	switch p.Sides {
	case Greater:
		return stats.FisherAbove(a, b)
	case Less:
		return stats.FisherAbove(b, a)
	}
	return stats.Fisher(a, b)
}

// phases is why methods for one table do not apply to several.
const phases = "the split changed: counts of different phases are not pooled"

func (p phaseData) armOrNone(i int) armData {
	if len(p.arms) == 0 {
		return armData{}
	}
	return p.arms[i]
}

// leastExpected gives the smallest expected count of any phase with both arms, -1
// where there is none.
func (p *pair) leastExpected() float64 {
	least := -1.0
	for _, ph := range p.m.phases {
		if ph.arms[0].n > 0 && ph.arms[p.arm].n > 0 {
			x := stats.MinExpected(ph.arms[0].proportion, ph.arms[p.arm].proportion)
			if least < 0 || x < least {
				least = x
			}
		}
	}
	return least
}

// chiSquared tests the 2 x 2 tables of the phases.
func (p *pair) chiSquared() {
	var tables [][][]int64
	for _, ph := range p.m.phases {
		a, b := ph.arms[0].proportion, ph.arms[p.arm].proportion
		tables = append(tables, [][]int64{
			{a.Successes, b.Successes},
			{a.N - a.Successes, b.N - b.Successes},
		})
	}
	test, err := stats.ChiSquaredStrata(tables)
	p.take(chiSquared, err, func(l Line) Line { return p.twoSidedOnly(l.of(test).p(TwoSided, test.LogP)) })
}

func (p *pair) miettinen(shared int, a, b stats.Proportion) {
	if shared > 1 {
		p.add(not(miettinen, phases))
		return
	}
	in, err := stats.MiettinenNurminen(a, b, p.level())
	var test stats.Test
	if err == nil {
		test, err = stats.ScoreTest(a, b, 0)
	}
	p.take(miettinen, err, func(l Line) Line {
		if a.N > 0 && b.N > 0 {
			l = l.value(Absolute, b.Share()-a.Share())
		}
		return l.within(1-p.Alpha, p.Sides, p.cut(in, differing)).of(test).p(p.Sides, p.oneSided(test))
	})
}

// relative adds a relative lift.
func (p *pair) relative(est stats.Estimate, err error) {
	p.take(relativeDelta, err, func(l Line) Line {
		return l.value(Relative, est.Value).within(1-p.Alpha, p.Sides, p.cut(est.Interval, relatively)).
			of(est.Test).p(p.Sides, p.oneSided(est.Test))
	})
}

func (p *pair) belief(shared int, a, b stats.Proportion) {
	if shared > 1 {
		p.add(not(betaBinomial, phases))
		return
	}
	belief, err := stats.BetaBinomial(a, b)
	p.take(betaBinomial, err, func(l Line) Line {
		return l.figure("p_greater", belief.BBetter).figure("loss_if_taken", belief.LossB).figure("loss_if_not", belief.LossA)
	})
}

// short writes a number for a message.
func short(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }
