package calc

import (
	"math"

	"tandem/internal/stats"
)

// bet folds the rows into the betting e-process, exactly as the verdict does.
func (p *pair) bet() {
	bounds := stats.Bounds{Low: 0, High: 1}
	binary := p.m.kind == Proportion
	if !binary && p.m.set.Bounds != nil {
		bounds = stats.Bounds(*p.m.set.Bounds)
	}
	switch why := p.noOrder(p.m); {
	case why != "":
		p.add(not(betting, why))
		return
	case !binary && p.m.set.Bounds == nil:
		p.add(not(betting, "needs bounds: the least and the greatest that a value can be"))
		return
	}
	identity := func(y float64) float64 { return y }
	bet, ok := p.betOn(betting, bounds, bounds, binary, identity)
	if ok {
		c := p.contrast()
		if c.even > 0 {
			bet = bet.value(Absolute, c.value)
		}
		p.add(bet)
	}
	if binary || bounds.Low != 0 {
		return
	}
	// As the verdict does for durations: on the log scale long calls do not
	// drown the rest, but what is found there may be a change of the spread.
	// It is rounded as the verdict's is, which has to be the same on every machine.
	const grain = 1 << 16
	score := func(y float64) float64 {
		return math.Round(math.Log1p(y)/math.Log1p(bounds.High)*grain) / grain
	}
	if l, ok := p.betOn(bettingLog, bounds, stats.Bounds{Low: 0, High: 1}, false, score); ok {
		l.Interval, l.Level = nil, 0
		l.Says = "any change, of the average or of the spread"
		p.add(l)
	}
}

// betOn folds the rows' scores into a new e-process.
func (p *pair) betOn(method string, bounds, scored stats.Bounds, binary bool, score func(float64) float64) (Line, bool) {
	bet, err := stats.NewBet(scored, binary, stats.Grid(scored, binary), p.watchAlpha())
	if err != nil {
		p.add(not(method, err.Error()))
		return Line{}, false
	}
	clamped, why := p.fold(bet, bounds, score)
	if why != "" {
		p.add(not(method, why))
		return Line{}, false
	}
	l := newLine(method).within(1-p.watchAlpha(), TwoSided, bet.Interval()).p(TwoSided, bet.LogP()).figure("folded", float64(bet.N()))
	l.LogE, l.Looks = finite(bet.LogE()), "all"
	l = p.twoSidedOnly(l)
	if clamped > 0 {
		l.Note = itoa(clamped) + " values beyond the bounds count as the bound"
	}
	return l, true
}

func (p *pair) fold(bet *stats.Bet, bounds stats.Bounds, score func(float64) float64) (clamped int, why string) {
	raw := p.m.raw
	arms, q := []int{0, p.arm}, make([]float64, 2)
	for i := range raw.len() {
		a := raw.arm(i)
		if a != 0 && a != p.arm || !raw.known(i) {
			continue
		}
		if why := p.chances(p.m, i, arms, q); why != "" {
			return 0, why
		}
		y := min(max(raw.value[i], bounds.Low), bounds.High)
		if y != raw.value[i] {
			clamped++
		}
		if err := bet.Fold(a == p.arm, q[1], score(y)); err != nil {
			return 0, raw.place(i).base + ": " + err.Error()
		}
	}
	return clamped, ""
}
