package stats

import "math"

// restricted is the likelihood of two proportions whose difference is held at a
// given value.
type restricted struct {
	yesA, noA, yesB, noB float64
}

func restrict(a, b Proportion) restricted {
	return restricted{
		yesA: float64(a.Successes), noA: float64(a.N - a.Successes),
		yesB: float64(b.Successes), noB: float64(b.N - b.Successes),
	}
}

// variance gives the variance of the difference of the observed shares when the
// true shares differ by d = b - a and are otherwise the likeliest, times
// N/(N-1), as Miettinen & Nurminen (1985) have it.
func (r restricted) variance(d float64) float64 {
	// In a form with d >= 0 and with shares below one half on average: a share
	// near 0 is exact in floating point, one near 1 is not.
	if r.yesA+r.yesB > r.noA+r.noB {
		r = restricted{r.noA, r.yesA, r.noB, r.yesB}
		d = -d
	}
	if d < 0 {
		r = restricted{r.yesB, r.noB, r.yesA, r.noA}
		d = -d
	}
	if d >= 1 {
		return 0
	}
	nA, nB := r.yesA+r.noA, r.yesB+r.noB
	t := r.likeliest(d)
	v := t*(1-t)/nA + (t+d)*max(0, 1-d-t)/nB
	return v * ((nA + nB) / (nA + nB - 1))
}

// likeliest gives the share of a for which the likelihood is greatest, b's being
// larger by d, 0 <= d < 1. There the derivative of its logarithm,
//
//	yesA/t - noA/(1-t) + yesB/(t+d) - noB/(1-d-t),
//
// falls through 0, unless it is at an end.
func (r restricted) likeliest(d float64) float64 {
	top := 1 - d
	if d == 0 {
		return (r.yesA + r.yesB) / (r.yesA + r.noA + r.yesB + r.noB)
	}
	if r.yesA == 0 && r.yesB/d <= r.noA+r.noB/top {
		return 0
	}
	if r.noB == 0 && r.noA/d <= r.yesA/top+r.yesB {
		return top
	}
	low, high := 0.0, top
	t := r.cubicRoot(d)
	for range 100 {
		if !(t > low && t < high) {
			t = (low + high) / 2
		}
		// The derivative times t(1-d-t), which has no poles in between, and its
		// own slope.
		outer, inner := t*(top-t), r.yesB/(t+d)-r.noA/(1-t)
		value := r.yesA*(top-t) - r.noB*t + outer*inner
		slope := -r.yesA - r.noB + (top-2*t)*inner - outer*(r.yesB/((t+d)*(t+d))+r.noA/((1-t)*(1-t)))
		if value > 0 {
			low = t
		} else {
			high = t
		}
		next := t - value/slope
		if math.Abs(next-t) <= 1e-15*t || high-low <= 1e-15*high {
			return next
		}
		t = next
	}
	return t
}

// cubicRoot solves the same equation in closed form: Farrington & Manning (1990),
// Statistics in Medicine 9, 1447-1454, appendix. Near the ends of the range the
// arc cosine loses half of the digits, so this is only where Newton's method
// begins.
func (r restricted) cubicRoot(d float64) float64 {
	nA, nB := r.yesA+r.noA, r.yesB+r.noB
	theta, pB, pA := nA/nB, r.yesB/nB, r.yesA/nA
	a := 1 + theta
	b := -(1 + theta + pB + theta*pA + d*(theta+2))
	c := d*d + d*(2*pB+theta+1) + pB + theta*pA
	e := -pB * d * (1 + d)
	third := b / (3 * a)
	v := third*third*third - b*c/(6*a*a) + e/(2*a)
	u := math.Copysign(math.Sqrt(max(0, third*third-c/(3*a))), v)
	cube := u * u * u
	if cube == 0 {
		return -third - d
	}
	w := (math.Pi + math.Acos(min(1, max(-1, v/cube)))) / 3
	return 2*u*math.Cos(w) - third - d
}
