package stats

import "math"

// N is the number of calls folded; those passed over do not count.
func (b *Bet) N() int64 { return b.n }

// LogE is ln W(0): the natural logarithm of the evidence against no difference
// as it stands now.
func (b *Bet) LogE() float64 {
	w := &b.wealth[b.zero]
	return logWealth(w.sum, w.scale)
}

// LogP is the natural logarithm of the always-valid p-value of no difference:
// the smallest 1/W(0) so far, at most 1. It is at most ln(alpha) exactly when
// the interval excludes 0.
func (b *Bet) LogP() float64 {
	return agreeing(min(0, -logWealth(b.best.sum, b.best.scale)), b.alpha, b.decided)
}

// openEnd is how far from an excluded 0 an interval that begins there is said
// to begin, as a share of the first step of the grid: its end is open.
const openEnd = 1e-6

// Interval is the confidence sequence of b - a at 1 - alpha: the differences
// never excluded so far and one step of the grid to each side, since the truth
// may lie between. Each is taken for that of every call. It never grows and is
// never empty: where the calls exclude every difference ([Bet.NoneFits]), the last
// one to stand is kept.
func (b *Bet) Interval() Interval {
	in := Interval{-b.bounds.width(), b.bounds.width()}
	if b.low > 0 {
		in.Low = b.grid[b.low-1]
	}
	if b.high < len(b.grid)-1 {
		in.High = b.grid[b.high+1]
	}
	if b.decided && b.low == b.zero+1 {
		in.Low = openEnd * b.grid[b.low]
	}
	if b.decided && b.high == b.zero-1 {
		in.High = openEnd * b.grid[b.high]
	}
	return in
}

// NoneFits says whether the calls exclude every difference by now: then it is not
// the same in all of them, so that it seems to have changed over time.
func (b *Bet) NoneFits() bool {
	return b.low > b.high || b.low == b.high && b.wealth[b.low].excluded()
}

// agreeing holds a p-value computed by logarithms to the side of alpha on which
// the test itself came out.
func agreeing(logP, alpha float64, excluded bool) float64 {
	limit := math.Log(alpha)
	if excluded {
		return min(logP, limit)
	}
	return max(logP, math.Nextafter(limit, 1))
}
