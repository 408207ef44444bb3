package stats

import "math"

// Belief is what a Bayesian with uniform priors believes about two proportions.
// It describes; it is not a reason to stop a test, because it does not stay
// honest when it is looked at again and again.
type Belief struct {
	// BBetter is the probability that b's true share is larger than a's.
	BBetter float64
	// LossA is what choosing a is expected to cost: the mean of how much larger
	// b's true share is, counted as 0 where it is smaller. LossB is the same
	// for choosing b. Both are shares, 0 to 1.
	LossA, LossB float64
}

// BetaBinomial gives the exact belief about two proportions, each with a Beta(1,
// 1) prior, from no trials to billions and far into the tails.
//
// The posterior of x of n is the distribution of the (x+1)-th smallest of n+1
// uniform numbers. So a and b are places in one shuffled row of n_a+1 balls of
// one kind and n_b+1 of the other, and P(b > a) is the chance that, among the
// first x_a+x_b+1 balls, at least x_a+1 are a's: a tail of the hypergeometric
// distribution (Altham 1969, JRSS B 31, 261-269). The expected loss is the mean
// number of balls between the two places, divided by one more than the length of
// the row; given the count above, both places' means are those of order
// statistics drawn without replacement. All terms are positive, so nothing
// cancels, and the work does not grow with the counts.
//
// Errors: ErrInput.
func BetaBinomial(a, b Proportion) (Belief, error) {
	if err := a.check(); err != nil {
		return Belief{}, err
	}
	if err := b.check(); err != nil {
		return Belief{}, err
	}
	bBetter, lossA := above(a, b)
	aBetter, lossB := above(b, a)
	// The two add up to 1 but for rounding. The larger is taken from the smaller,
	// so that the belief about (b, a) is the exact rest of that about (a, b).
	both := aBetter + bBetter
	p := bBetter / both
	if bBetter > aBetter {
		p = 1 - aBetter/both
	}
	return Belief{BBetter: p, LossA: lossA, LossB: lossB}, nil
}

// above gives the probability that b is larger than a, and the mean of b - a
// where it is (0 elsewhere).
func above(a, b Proportion) (p, excess float64) {
	taken := uint64(a.Successes) + uint64(b.Successes) + 1
	h := newHypergeometric(uint64(a.N)+1, uint64(b.N)+1, taken)
	placeA, placeB := float64(a.Successes)+1, float64(b.Successes)+1
	behindB := float64(b.N-b.Successes) + 1
	// With r - 1 more than x_a+1 of a's balls among those taken, b's place is
	// that of its r-th ball among the rest, and a's that of the r-th of its own
	// from the end of those taken.
	between := func(more float64) float64 {
		r := more + 1
		return r*((h.left+1)/(behindB+r)) + (r*(placeB-1)+(r-1)*placeA)/(placeA+r)
	}
	s := h.upper(placeA, between)
	scale := math.Exp(s.Log)
	return s.Mass * scale, s.Weighted * scale / (h.draw + h.left + 1)
}
