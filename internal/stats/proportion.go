package stats

import (
	"fmt"
	"math"
)

// Proportion is a number of successes among N trials.
type Proportion struct{ Successes, N int64 }

func (p Proportion) check() error {
	if p.N < 0 || p.Successes < 0 || p.Successes > p.N {
		return fmt.Errorf("%w: %d successes of %d", ErrInput, p.Successes, p.N)
	}
	return nil
}

// Share gives Successes/N, and 0 for no trials.
func (p Proportion) Share() float64 {
	if p.N == 0 {
		return 0
	}
	return float64(p.Successes) / float64(p.N)
}

// variance gives that of the share, by what was observed; 0 for no trials.
func (p Proportion) variance() float64 {
	if p.N == 0 {
		return 0
	}
	n := float64(p.N)
	return p.Share() * (float64(p.N-p.Successes) / n) / n
}

// Wilson gives the score interval of a proportion at a confidence level such as
// 0.95, always within 0 and 1; the whole of it for no trials. Wilson, E. B.
// (1927), JASA 22, 209-212; Newcombe (1998), Statistics in Medicine 17,
// 857-872, method 3 (no continuity correction).
//
// Errors: ErrInput.
func Wilson(p Proportion, level float64) (Interval, error) {
	a, err := alpha(level)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return Interval{}, err
	}
	return wilson(p, normalQuantile(a/2)), nil
}

func wilson(p Proportion, z float64) Interval {
	if p.N == 0 {
		return Interval{0, 1}
	}
	n, z2 := float64(p.N), z*z
	share, rest := p.Share(), float64(p.N-p.Successes)/float64(p.N)
	middle := (share + z2/(2*n)) / (1 + z2/n)
	half := z / (1 + z2/n) * math.Sqrt(share*rest/n+z2/(4*n*n))
	in := Interval{max(0, middle-half), min(1, middle+half)}
	// The ends at 0 and n successes are exact; rounding must not move them.
	if p.Successes == 0 {
		in.Low = 0
	}
	if p.Successes == p.N {
		in.High = 1
	}
	return in
}

// Newcombe gives the hybrid score interval of the difference b - a of two
// proportions, within -1 and 1 and of positive width even at 20 of 20 against
// 20 of 20. Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method
// 10.
//
// Errors: ErrInput.
func Newcombe(a, b Proportion, level float64) (Interval, error) {
	al, err := alpha(level)
	if err == nil {
		err = a.check()
	}
	if err == nil {
		err = b.check()
	}
	if err != nil {
		return Interval{}, err
	}
	z := normalQuantile(al / 2)
	low, high := newcombe(a, b, z)
	d := b.Share() - a.Share()
	return Interval{max(-1, d-low), min(1, d+high)}, nil
}

// newcombe gives how far the interval reaches below and above the difference.
// An arm without trials can be anywhere, so the difference is bounded by the
// other arm's interval alone.
func newcombe(a, b Proportion, z float64) (below, above float64) {
	wa, wb := wilson(a, z), wilson(b, z)
	pa, pb := a.Share(), b.Share()
	if a.N == 0 || b.N == 0 {
		d := pb - pa
		return d - (wb.Low - wa.High), (wb.High - wa.Low) - d
	}
	return math.Hypot(pb-wb.Low, wa.High-pa), math.Hypot(wb.High-pb, pa-wa.Low)
}

// PooledZ tests whether two proportions are equal: the normal test with the
// variance pooled under that hypothesis, without continuity correction. Its
// square is Pearson's chi-squared of the 2 x 2 table. Statistic is positive
// when b is larger. Where both are 0, both 1 or one arm is empty, nothing speaks
// against equality and p is 1. Under 5 expected in a cell use [Fisher]; see
// [MinExpected].
//
// Errors: ErrInput.
func PooledZ(a, b Proportion) (Test, error) {
	if err := a.check(); err != nil {
		return Test{}, err
	}
	if err := b.check(); err != nil {
		return Test{}, err
	}
	v := pooledVariance(a, b)
	if v == 0 || a.N == 0 || b.N == 0 {
		return Test{P: 1}, nil
	}
	z := (b.Share() - a.Share()) / math.Sqrt(v)
	return fromLog(z, 0, logNormalTwoSided(z)), nil
}

// pooledVariance gives the variance of the difference if both have one share.
func pooledVariance(a, b Proportion) float64 {
	na, nb := float64(a.N), float64(b.N)
	n := na + nb
	if na == 0 || nb == 0 {
		return 0
	}
	yes := float64(a.Successes) + float64(b.Successes)
	no := float64(a.N-a.Successes) + float64(b.N-b.Successes)
	return yes / n * (no / n) * (1/na + 1/nb)
}

// MinExpected gives the smallest expected count of the 2 x 2 table under
// equality, which says whether [PooledZ] may be used: Cochran's rule asks for 5.
// Cochran, W. G. (1954), Biometrics 10, 417-451.
func MinExpected(a, b Proportion) float64 {
	n := float64(a.N) + float64(b.N)
	if n == 0 {
		return 0
	}
	yes := float64(a.Successes) + float64(b.Successes)
	no := float64(a.N-a.Successes) + float64(b.N-b.Successes)
	return min(yes, no) / n * float64(min(a.N, b.N))
}
