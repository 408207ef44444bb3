// Package stats is the mathematics of comparing arms: intervals, tests, evidence
// and the sizes of tests. Numbers flow in, numbers flow out. It knows no calls'
// records, does no I/O and starts nothing.
//
// There are two families.
//
// Inference that holds at every look may be read after each call, and a test may
// be stopped because of it. It decides:
//
//   - [Bet], the verdict on a difference in means and its interval: exact from the
//     first call, folded in the order of assignment.
//   - [Categorical], the same for distributions over categories and for several
//     arms at once.
//   - [Planned], for a test that was given a largest number of calls beforehand.
//   - [Sequence], the band drawn over time, and [SequenceAbove], for guardrails:
//     from sufficient statistics, right for large numbers of calls.
//   - [SampleRatio], whether the split is intact.
//   - [ShareSequence], the chance of one of two outcomes, such as a judge's
//     preference.
//
// The fixed horizon holds for one look, planned beforehand: all other tests and
// intervals here. They describe, and they are the reference to other software.
// They may never decide a test that is watched as it runs.
//
// [Design] says beforehand how many calls either family takes. [Bet] and
// [Categorical] are the only things here with a state; all else is functions of
// values.
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
