package stats

import (
	"fmt"
	"math"
	"slices"
)

// Holm adjusts p-values for their number, so that calling those at most alpha
// significant errs at all with a chance of at most alpha, however the tests
// depend on each other: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
// The answers are in the order of p.
//
// Errors: ErrInput for NaN and what is not between 0 and 1.
func Holm(p []float64) ([]float64, error) {
	if err := checkP(p, 0, 1); err != nil {
		return nil, err
	}
	return holm(p, timesP), nil
}

// HolmLog is [Holm] for natural logarithms of p-values, which stay apart where
// the p-values are 0.
//
// Errors: ErrInput for NaN and what is above 0.
func HolmLog(logP []float64) ([]float64, error) {
	if err := checkP(logP, math.Inf(-1), 0); err != nil {
		return nil, err
	}
	return holm(logP, timesLogP), nil
}

// BenjaminiHochberg adjusts p-values so that of those at most q a share of at
// most q is expected to be false, for independent or positively dependent tests:
// Benjamini & Hochberg (1995), JRSS B 57, 289-300. The answers are in the order
// of p.
//
// Errors: ErrInput for NaN and what is not between 0 and 1.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	if err := checkP(p, 0, 1); err != nil {
		return nil, err
	}
	return benjaminiHochberg(p, timesP), nil
}

// BenjaminiHochbergLog is [BenjaminiHochberg] for natural logarithms of p-values.
//
// Errors: ErrInput for NaN and what is above 0.
func BenjaminiHochbergLog(logP []float64) ([]float64, error) {
	if err := checkP(logP, math.Inf(-1), 0); err != nil {
		return nil, err
	}
	return benjaminiHochberg(logP, timesLogP), nil
}

// EBH says which hypotheses to reject by their e-values, given as natural
// logarithms, so that of those rejected a share of at most alpha is expected to
// be false, however the e-values depend on each other: Wang & Ramdas (2022), JRSS
// B 84, 822-852. It rejects the k largest for the largest k with the k-th at
// least (how many there are)/(alpha k). The answers are in the order of logE.
//
// Errors: ErrInput for NaN and for an alpha that is not between 0 and 1.
func EBH(logE []float64, alpha float64) ([]bool, error) {
	if !(alpha > 0 && alpha < 1) {
		return nil, fmt.Errorf("%w: alpha %v; expected between 0 and 1", ErrInput, alpha)
	}
	if err := checkP(logE, math.Inf(-1), math.Inf(1)); err != nil {
		return nil, err
	}
	n := len(logE)
	sorted := rising(logE)
	least := math.Inf(1)
	for k := 1; k <= n; k++ {
		// -Inf is an e-value of 0, which no number of others can reject.
		if e := logE[sorted[n-k]]; e >= math.Log(float64(n)/(alpha*float64(k))) {
			least = e
		}
	}
	out := make([]bool, n)
	for i, e := range logE {
		out[i] = e >= least
	}
	return out, nil
}

func checkP(p []float64, low, high float64) error {
	for i, x := range p {
		if !(x >= low && x <= high) {
			return fmt.Errorf("%w: value %v at %d; expected %v to %v", ErrInput, x, i, low, high)
		}
	}
	return nil
}

// times multiplies a p-value, by at most to 1, or its logarithm, to 0.
type times func(p, factor float64) float64

func timesP(p, factor float64) float64    { return min(1, p*factor) }
func timesLogP(l, factor float64) float64 { return min(0, l+math.Log(factor)) }

func holm(p []float64, by times) []float64 {
	out := make([]float64, len(p))
	largest := math.Inf(-1)
	for k, i := range rising(p) {
		largest = max(largest, by(p[i], float64(len(p)-k)))
		out[i] = largest
	}
	return out
}

func benjaminiHochberg(p []float64, by times) []float64 {
	out := make([]float64, len(p))
	smallest := math.Inf(1)
	order := rising(p)
	for k, i := range slices.Backward(order) {
		smallest = min(smallest, by(p[i], float64(len(p))/float64(k+1)))
		out[i] = smallest
	}
	return out
}

// rising gives the places of xs from the smallest to the largest.
func rising(xs []float64) []int {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case xs[i] < xs[j]:
			return -1
		case xs[i] > xs[j]:
			return 1
		}
		return 0
	})
	return order
}
