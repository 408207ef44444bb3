package stats

import (
	"fmt"
	"math"
)

// Moments summarises N numbers. Variance is the unbiased one, M2/(N-1); it has
// no meaning below two numbers.
type Moments struct {
	N              int64
	Mean, Variance float64
}

func (m Moments) check() error {
	if m.N < 0 || !finite(m.Mean, m.Variance) || m.Variance < 0 {
		return fmt.Errorf("%w: mean %v, variance %v of %d numbers", ErrInput, m.Mean, m.Variance, m.N)
	}
	return nil
}

// MeanInterval gives Student's t interval of a mean. Student (1908), Biometrika
// 6, 1-25.
//
// Errors: ErrInput; ErrTooFew below two numbers.
func MeanInterval(m Moments, level float64) (Interval, error) {
	a, err := alpha(level)
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return Interval{}, err
	}
	if m.N < 2 {
		return Interval{}, fmt.Errorf("%w: an interval for a mean needs two numbers", ErrTooFew)
	}
	half := studentQuantile(a/2, float64(m.N-1)) * math.Sqrt(m.Variance/float64(m.N))
	return Interval{m.Mean - half, m.Mean + half}, nil
}

// Welch compares two means without assuming equal variances: the t test, the
// interval of the difference b - a, and the Satterthwaite degrees of freedom.
// Welch, B. L. (1947), Biometrika 34, 28-35. Statistic is positive when b is
// larger.
//
// Errors: ErrInput; ErrTooFew below two numbers on a side, or when neither side
// has any spread.
func Welch(a, b Moments, level float64) (Estimate, error) {
	return StratifiedMeans([]Stratum[Moments]{{Weight: 1, A: a, B: b}}, level)
}
