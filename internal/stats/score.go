package stats

import (
	"fmt"
	"math"
)

// MiettinenNurminen gives the score interval of the difference b - a of two
// proportions: all differences that [ScoreTest] does not refute at 1 - level. It
// lies within -1 and 1 and has a positive width even at 20 of 20 against 20 of
// 20. Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226, with
// their factor N/(N-1). With an empty arm it is [Newcombe]'s, which the other
// arm alone bounds; with none it is -1 to 1.
//
// Errors: ErrInput.
func MiettinenNurminen(a, b Proportion, level float64) (Interval, error) {
	al, err := alpha(level)
	if err != nil {
		return Interval{}, err
	}
	return scoreInterval(a, b, normalQuantile(al/2))
}

// scoreInterval gives the differences whose score statistic is within z >= 0.
func scoreInterval(a, b Proportion, z float64) (Interval, error) {
	if err := a.check(); err != nil {
		return Interval{}, err
	}
	if err := b.check(); err != nil {
		return Interval{}, err
	}
	d := b.Share() - a.Share()
	below, above := newcombe(a, b, z)
	if a.N == 0 || b.N == 0 {
		return Interval{max(-1, d-below), min(1, d+above)}, nil
	}
	r := restrict(a, b)
	low := max(-1, d-r.reach(d, -1, z, below))
	high := min(1, d+r.reach(d, 1, z, above))
	return Interval{low, high}, nil
}

// reach gives how far from the observed difference d, in a direction, the score
// statistic is z: the root of u = z sqrt(variance(d +- u)). It is found by secants
// kept inside a bracket, from a guess on. When nothing varied u = 0 solves it
// too; that is not the one meant.
func (r restricted) reach(d, direction, z, guess float64) float64 {
	if z == 0 {
		return 0
	}
	gap := func(u float64) float64 { return u - z*math.Sqrt(r.variance(d+direction*u)) }
	low, high := 0.0, 1-direction*d
	if high <= 0 {
		return 0
	}
	u := guess
	if !(u > 0 && u < high) {
		u = high / 2
	}
	g := gap(u)
	next := u - g
	for range 100 {
		if g < 0 {
			low = u
		} else {
			high = u
		}
		if g == 0 || high-low <= 1e-16*high {
			break
		}
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		last, lastGap := u, g
		u, g = next, gap(next)
		next = u - g*(u-last)/(g-lastGap)
		if math.Abs(next-u) <= 1e-15*u {
			return next
		}
	}
	return u
}

// ScoreTest tests whether the true difference b - a of two proportions is the one
// given, such as a margin; -1 < difference < 1. Its statistic is the observed
// difference's distance from that, divided by the standard error under that
// hypothesis,
//
//	z = (pB - pA - difference)/sqrt((p~A(1-p~A)/nA + p~B(1-p~B)/nB) N/(N-1)),
//
// with p~ the likeliest shares that differ by just that: Miettinen & Nurminen
// (1985), Statistics in Medicine 4, 213-226. Without the factor N/(N-1) it is the
// test of Farrington & Manning (1990), Statistics in Medicine 9, 1447-1454. At 0
// it is [PooledZ] but for that factor. Where nothing speaks against the
// hypothesis, or an arm is empty, p is 1.
//
// Errors: ErrInput.
func ScoreTest(a, b Proportion, difference float64) (Test, error) {
	if err := a.check(); err != nil {
		return Test{}, err
	}
	if err := b.check(); err != nil {
		return Test{}, err
	}
	if !(difference > -1 && difference < 1) {
		return Test{}, fmt.Errorf("%w: difference %v; expected between -1 and 1", ErrInput, difference)
	}
	z := scoreZ(a, b, difference)
	return fromLog(z, 0, logNormalTwoSided(z)), nil
}

func scoreZ(a, b Proportion, difference float64) float64 {
	if a.N == 0 || b.N == 0 {
		return 0
	}
	v := restrict(a, b).variance(difference)
	if v == 0 {
		return 0 // no difference, and none given
	}
	return (b.Share() - a.Share() - difference) / math.Sqrt(v)
}
