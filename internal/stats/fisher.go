package stats

import "math"

// fisherTie is the relative difference up to which two tables count as equally
// likely.
const fisherTie = 1e-7

// Fisher tests whether two proportions are equal, exactly, whatever the counts:
// the probability, with both margins fixed, of every table that is no likelier
// than the one seen. Fisher (1935), JRSS 98, 39-82; two-sided as in R's
// fisher.test, which also lets tables within a relative 1e-7 count as equally
// likely.
//
// The work is bounded whatever the counts: long tails are integrated, not added
// up. Errors: ErrInput.
func Fisher(a, b Proportion) (Test, error) {
	if err := a.check(); err != nil {
		return Test{}, err
	}
	if err := b.check(); err != nil {
		return Test{}, err
	}
	yes := uint64(a.Successes) + uint64(b.Successes)
	no := uint64(a.N-a.Successes) + uint64(b.N-b.Successes)
	if a.N == 0 || b.N == 0 || yes == 0 || no == 0 {
		return Test{P: 1}, nil
	}
	h := newHypergeometric(yes, no, uint64(a.N))
	limit := h.logP(float64(a.Successes)) + fisherTie
	if limit >= h.logP(h.mode) {
		return Test{P: 1}, nil
	}
	m := h.mirror()
	up, down := h.upper(h.firstBelow(limit), nil), m.upper(m.firstBelow(limit), nil)
	return fromLog(0, 0, logAdd(up.Log+math.Log(up.Mass), down.Log+math.Log(down.Mass))), nil
}

// firstBelow gives the first number above the mode with ln P <= limit, one past
// the end if there is none. ln P falls all the way.
func (h hypergeometric) firstBelow(limit float64) float64 {
	above, below := h.mode, h.high+1
	for below-above > 1 {
		middle := math.Floor(above + (below-above)/2)
		if h.logP(middle) <= limit {
			below = middle
		} else {
			above = middle
		}
	}
	return below
}

// logAdd gives ln(e^x + e^y).
func logAdd(x, y float64) float64 {
	if x < y {
		x, y = y, x
	}
	if math.IsInf(x, -1) {
		return x
	}
	return x + math.Log1p(math.Exp(y-x))
}
