package calc

import (
	"math"

	"tandem/internal/stats"
)

// wager is what is bet on: outcomes within bounds, as a score of them.
type wager struct {
	method string
	// bounds hold the outcomes, scored the scores.
	bounds, scored stats.Bounds
	binary         bool
	score          func(float64) float64
	// cut: the bets begin behind the first values, which settle the bounds.
	cut bool
}

// bet folds the rows into the betting e-process, exactly as the verdict does.
func (p *pair) bet(l looked) {
	w := wager{method: betting, bounds: stats.Bounds{Low: 0, High: 1}, binary: p.m.kind == Proportion, cut: p.m.cut()}
	if !w.binary && p.m.set.Bounds != nil {
		w.bounds = stats.Bounds(*p.m.set.Bounds)
	}
	w.score, w.scored = func(y float64) float64 { return y }, w.bounds
	switch why := p.noOrder(p.m); {
	case why != "":
		p.add(not(betting, why))
		return
	case !w.binary && p.m.set.Bounds == nil:
		p.add(not(betting, "needs bounds: the least and the greatest that a value can be"))
		return
	case w.cut && p.m.units() <= stats.CutFrom:
		p.add(not(betting, "needs more than "+itoa(stats.CutFrom)+" values: the first settle the cut"))
	default:
		if line, ok := p.betOn(w); ok {
			if l.known {
				line = line.value(Absolute, l.Value)
			}
			p.add(line)
		}
	}
	if w.binary || w.bounds.Low != 0 {
		return
	}
	// As the verdict does for durations: on the log scale long calls do not
	// drown the rest, but what is found there may be a change of the spread.
	// It is rounded as the verdict's is, which has to be the same on every machine.
	const grain = 1 << 16
	high := w.bounds.High
	w.method, w.scored, w.cut = bettingLog, stats.Bounds{Low: 0, High: 1}, false
	w.score = func(y float64) float64 {
		return math.Round(math.Log1p(y)/math.Log1p(high)*grain) / grain
	}
	if line, ok := p.betOn(w); ok {
		line.Interval, line.Level = nil, 0
		line.Says = "any change, of the average or of the spread"
		p.add(line)
	}
}

// cut says whether the bets are to be cut as those on durations are.
func (m *metric) cut() bool { return m.kind == Mean && m.set.Cut != nil && *m.set.Cut }

// units counts the values of all arms.
func (m *metric) units() (n int64) {
	for i := range m.arms {
		n += m.total(i).n
	}
	return n
}

// betOn folds the rows' scores into a new e-process.
func (p *pair) betOn(w wager) (Line, bool) {
	raw, first := p.m.raw, 0
	if w.cut {
		var most float64
		for seen := 0; seen < stats.CutFrom; first++ {
			if raw.known(first) {
				seen++
				most = max(most, p.m.bounded(raw.value[first]))
			}
		}
		w.scored.High = stats.Cut(most, w.bounds.High)
		high := w.scored.High
		w.score = func(y float64) float64 { return min(y, high) }
	}
	open := stats.NewBet
	if p.Sides != TwoSided {
		open = stats.NewBetAbove
	}
	if p.Sides == Less {
		score, around := w.score, w.scored.Low+w.scored.High
		w.score = func(y float64) float64 { return min(max(around-score(y), w.scored.Low), w.scored.High) }
	}
	bet, err := open(w.scored, w.binary, stats.Grid(w.scored, w.binary), p.watchAlpha())
	if err != nil {
		p.add(not(w.method, err.Error()))
		return Line{}, false
	}
	clamped, why := p.fold(bet, w, first)
	if why != "" {
		p.add(not(w.method, why))
		return Line{}, false
	}
	in := bet.Interval()
	switch p.Sides {
	case Greater:
		in.High = p.reach().High
	case Less:
		in = stats.Interval{Low: p.reach().Low, High: -in.Low}
	}
	l := newLine(w.method).within(1-p.watchAlpha(), p.Sides, in).p(p.Sides, bet.LogP()).figure("folded", float64(bet.N()))
	l.LogE, l.Looks = finite(bet.LogE()), "all"
	if w.cut {
		l = l.figure("cut", w.scored.High)
	}
	if clamped > 0 {
		l.Note = itoa(clamped) + " values beyond the bounds count as the bound"
	}
	return l, true
}

// reach is how far the difference can go at most.
func (p *pair) reach() stats.Interval {
	if b := p.m.set.Bounds; b != nil && p.m.kind == Mean {
		return stats.Interval{Low: b.Low - b.High, High: b.High - b.Low}
	}
	return differing
}

// fold folds the rows from first on.
func (p *pair) fold(bet *stats.Bet, w wager, first int) (clamped int, why string) {
	raw := p.m.raw
	arms, q := []int{0, p.arm}, make([]float64, 2)
	for i := first; i < raw.len(); i++ {
		a := raw.arm(i)
		if a != 0 && a != p.arm || !raw.known(i) {
			continue
		}
		if why := p.chances(p.m, i, arms, q); why != "" {
			return 0, why
		}
		y := min(max(raw.value[i], w.bounds.Low), w.bounds.High)
		if y != raw.value[i] {
			clamped++
		}
		if err := bet.Fold(a == p.arm, q[1], w.score(y)); err != nil {
			return 0, raw.place(i).base + ": " + err.Error()
		}
	}
	return clamped, ""
}
