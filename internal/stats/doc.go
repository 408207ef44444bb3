// Package stats is the mathematics of comparing arms: intervals, tests and
// their tails. Numbers flow in, numbers flow out. It knows no calls and no
// arms, does no I/O and keeps no state.
//
// What is here holds for one look at the data, planned beforehand (fixed
// horizon). Inference that stays valid at every look is another family of
// formulas and gets its own files beside these; nothing here may decide a test
// that is watched as it runs.
//
// Counts are int64, so that a billion calls are exact. Every function refuses
// NaN, infinities and impossible counts with [ErrInput], is defined at 0 of 0
// and n of n, and says [ErrTooFew] where the data cannot carry the answer.
// Tails are computed as tails, never as one minus the rest, and p-values come
// with their natural logarithm, which still orders them where the p-value
// itself has underflowed to 0.
package stats

import (
	"errors"
	"fmt"
	"math"
)

// The ways in which a computation can be refused. They are wrapped: compare
// with errors.Is.
var (
	// ErrInput: an argument is NaN, infinite, negative where it cannot be, or
	// more successes than trials.
	ErrInput = errors.New("impossible input")
	// ErrTooFew: the data are too few, or have no spread, so that the answer
	// does not exist.
	ErrTooFew = errors.New("too few data")
)

// Interval is a confidence interval. An end is infinite where the data do not
// bound it.
type Interval struct{ Low, High float64 }

// Test is the outcome of a significance test.
type Test struct {
	// Statistic is z, t or chi-squared; 0 for an exact test.
	Statistic float64
	// DF is the degrees of freedom; 0 where the test has none.
	DF float64
	// P is the two-sided p-value, 0 to 1; 0 when below the smallest float.
	P float64
	// LogP is the natural logarithm of the p-value.
	LogP float64
}

func fromLog(statistic, df, logP float64) Test {
	logP = min(0, logP)
	return Test{Statistic: statistic, DF: df, P: math.Exp(logP), LogP: logP}
}

// alpha checks a confidence level, such as 0.95, and gives 1 - level.
func alpha(level float64) (float64, error) {
	if !(level > 0 && level < 1) {
		return 0, fmt.Errorf("%w: confidence level %v; expected between 0 and 1", ErrInput, level)
	}
	return 1 - level, nil
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
