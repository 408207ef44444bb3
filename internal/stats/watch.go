package stats

// What a watched comparison is made of. The asymptotic sequences rest on a
// normal approximation at every look, the first ones included, where a small arm
// may have no success yet and so no spread at all. The functions here keep such a
// look from passing for certainty.

// StratumWeight is the weight of a stratum with na and nb values on its sides
// where differences are averaged over strata: 4 na nb/(na + nb), what it tells,
// in calls at an even split. Those are the weights of Mantel and Haenszel (1959),
// Journal of the National Cancer Institute 22, 719-748, times 4, which makes them
// na + nb where both are the same. With one spread in all strata no others give a
// smaller variance; weights by calls would let a stratum whose small arm has a
// handful of values shake the average of all. 0 when a side is empty.
func StratumWeight(na, nb int64) float64 {
	if na <= 0 || nb <= 0 {
		return 0
	}
	a, b := float64(na), float64(nb)
	return 4 * a * (b / (a + b))
}

// EvenCalls is how many calls at an even split tell as much about a difference
// as na and nb calls do: [StratumWeight], rounded down. Over strata it is the sum of
// the weights: with one standard deviation s in all of them, the variance of the
// average is 4 s²/EvenCalls. It is the clock of [Sequence], [SequenceAbove] and
// [Planned]: at a split of 90/10 the small arm sets the pace.
func EvenCalls(na, nb int64) int64 { return int64(StratumWeight(na, nb)) }

// ShareVariance is the variance of an observed share, as if there had been one
// more success and one more failure: Agresti and Caffo (2000), The American
// Statistician 54, 280-288. It is never 0, so an arm whose few calls all went the
// same way is not taken for certain. Without trials it is that of one success in
// two.
func ShareVariance(p Proportion) float64 {
	n := float64(p.N) + 2
	return (float64(p.Successes) + 1) / n * ((float64(p.N-p.Successes) + 1) / n) / n
}
