package stats

// What a watched comparison is made of. The asymptotic sequences rest on a
// normal approximation at every look, the first ones included, where a small arm
// may have no success yet and so no spread at all. Both functions here keep such
// a look from passing for certainty; both fade as calls come.

// EvenCalls is how many calls at an even split tell as much about a difference
// as na and nb calls do: 4 na nb/(na + nb), rounded down, which is na + nb when
// both are the same. It is the clock of [Sequence] and [SequenceAbove]: at a split
// of 90/10 the small arm sets the pace. 0 when a side is empty.
func EvenCalls(na, nb int64) int64 {
	if na <= 0 || nb <= 0 {
		return 0
	}
	a, b := float64(na), float64(nb)
	return int64(4 * a * (b / (a + b)))
}

// ShareVariance is the variance of an observed share, as if there had been one
// more success and one more failure: Agresti and Caffo (2000), The American
// Statistician 54, 280-288. It is never 0, so an arm whose few calls all went the
// same way is not taken for certain. Without trials it is that of one success in
// two.
func ShareVariance(p Proportion) float64 {
	n := float64(p.N) + 2
	return (float64(p.Successes) + 1) / n * ((float64(p.N-p.Successes) + 1) / n) / n
}
