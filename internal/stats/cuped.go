package stats

import (
	"fmt"
)

// Pair is an outcome Y with a covariate X known before the unit was randomised,
// such as the caller's mean before the test.
type Pair struct{ Y, X float64 }

// Cuped takes out of each arm's outcomes what the covariate explains of them:
//
//	adjusted = Y - theta (X - mean of X over all arms).
//
// Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online
// controlled experiments by utilizing pre-experiment data, WSDM, section 3. One
// theta serves all arms, as it must for the difference to stay unbiased: the
// pooled within-arm covariance of Y and X divided by the pooled within-arm
// variance of X, which is also the slope of X in the regression of Y on X and the
// arm. Compare the adjusted arms with [Welch]; theta's own uncertainty is of a
// smaller order and left out. Where X does not vary, theta is 0 and the outcomes
// stay as they are. For a unit without a covariate give the mean of the others,
// the same in all arms.
//
// Errors: ErrInput for NaN and infinities; ErrTooFew without any pair.
func Cuped(arms [][]Pair) (theta float64, adjusted []Moments, err error) {
	var n, grandX float64
	for i, arm := range arms {
		for _, p := range arm {
			if !finite(p.Y, p.X) {
				return 0, nil, fmt.Errorf("%w: outcome %v with covariate %v in arm %d", ErrInput, p.Y, p.X, i)
			}
			n++
			grandX += (p.X - grandX) / n
		}
	}
	if n == 0 {
		return 0, nil, fmt.Errorf("%w: no pairs", ErrTooFew)
	}
	var sxy, sxx float64
	means := make([]Pair, len(arms))
	for i, arm := range arms {
		m := meanPair(arm)
		means[i] = m
		for _, p := range arm {
			sxy += (p.Y - m.Y) * (p.X - m.X)
			sxx += (p.X - m.X) * (p.X - m.X)
		}
	}
	if !finite(sxx, sxy) {
		return 0, nil, fmt.Errorf("%w: the numbers are too large to square", ErrInput)
	}
	if sxx > 0 {
		theta = sxy / sxx
	}
	adjusted = make([]Moments, len(arms))
	for i, arm := range arms {
		m := means[i]
		var m2 float64
		for _, p := range arm {
			r := (p.Y - m.Y) - theta*(p.X-m.X)
			m2 += r * r
		}
		adjusted[i].N = int64(len(arm))
		if len(arm) > 0 {
			adjusted[i].Mean = m.Y - theta*(m.X-grandX)
		}
		if len(arm) > 1 {
			adjusted[i].Variance = m2 / float64(len(arm)-1)
		}
		if !finite(theta, adjusted[i].Mean, adjusted[i].Variance) {
			return 0, nil, fmt.Errorf("%w: the numbers are too large to square", ErrInput)
		}
	}
	return theta, adjusted, nil
}

func meanPair(arm []Pair) (m Pair) {
	for i, p := range arm {
		m.Y += (p.Y - m.Y) / float64(i+1)
		m.X += (p.X - m.X) / float64(i+1)
	}
	return m
}
