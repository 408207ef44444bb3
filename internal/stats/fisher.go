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
	h, varies, err := margins(a, b)
	if err != nil {
		return Test{}, err
	}
	if !varies {
		return Test{P: 1}, nil
	}
	limit := h.logP(float64(a.Successes)) + fisherTie
	if limit >= h.logP(h.mode) {
		return Test{P: 1}, nil
	}
	m := h.mirror()
	up, down := h.upper(h.firstBelow(limit), nil), m.upper(m.firstBelow(limit), nil)
	return fromLog(0, 0, logAdd(up.Log+math.Log(up.Mass), down.Log+math.Log(down.Mass))), nil
}

// FisherAbove tests whether b's proportion is larger than a's, exactly: the
// probability, with both margins fixed, of as many successes in b or more. It is
// one-sided as R's fisher.test is with alternative "greater", b's column first. For
// "less", exchange the two. The work is bounded as in [Fisher]. Errors: ErrInput.
func FisherAbove(a, b Proportion) (Test, error) {
	h, varies, err := margins(b, a)
	if err != nil {
		return Test{}, err
	}
	if !varies {
		return Test{P: 1}, nil
	}
	if k := float64(b.Successes); k > h.mode {
		up := h.upper(k, nil)
		return fromLog(0, 0, up.Log+math.Log(up.Mass)), nil
	}
	// The other tail is the smaller one: up to k-1.
	m := h.mirror()
	down := m.upper(float64(b.N-b.Successes)+1, nil)
	return fromLog(0, 0, math.Log1p(-math.Exp(down.Log+math.Log(down.Mass)))), nil
}

// margins gives the distribution of the successes of p among those of both; false
// when there is only one possible table.
func margins(p, other Proportion) (h hypergeometric, varies bool, err error) {
	if err := p.check(); err != nil {
		return h, false, err
	}
	if err := other.check(); err != nil {
		return h, false, err
	}
	yes := uint64(p.Successes) + uint64(other.Successes)
	no := uint64(p.N-p.Successes) + uint64(other.N-other.Successes)
	if p.N == 0 || other.N == 0 || yes == 0 || no == 0 {
		return h, false, nil
	}
	return newHypergeometric(yes, no, uint64(p.N)), true, nil
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
