package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// logChiSquaredTail gives ln P(X > x) of chi-squared with df degrees of
// freedom, df >= 1: the upper incomplete gamma function Q(df/2, x/2). Where the
// tail is small it is the continued fraction DLMF 8.9.2, taken in logarithms.
func logChiSquaredTail(x, df float64) float64 {
	if x <= 0 {
		return 0
	}
	a, h := df/2, x/2
	if h <= a+1 {
		return math.Log1p(-mathext.GammaIncReg(a, h))
	}
	f := newLentz(1/tiny, h+1-a)
	for i := 1.0; i < 1e6; i++ {
		if f.step(-i*(i-a), h+2*i+1-a) {
			break
		}
	}
	lg, _ := math.Lgamma(a)
	return a*math.Log(h) - h - lg + math.Log(f.value)
}

// ChiSquared tests whether the columns of a table of counts (one row for each
// category, one column for each arm) share one distribution over the rows:
// Pearson's chi-squared without continuity correction, Pearson (1900). Rows and
// columns that are all zero are dropped before the degrees of freedom
// (rows-1)(columns-1) are counted; with none left the p-value is 1.
//
// Errors: ErrInput for a negative count or rows of unequal length.
func ChiSquared(table [][]int64) (Test, error) {
	statistic, df, err := pearson(table)
	if err != nil {
		return Test{}, err
	}
	if df == 0 {
		return Test{P: 1}, nil
	}
	return fromLog(statistic, df, logChiSquaredTail(statistic, df)), nil
}

// ChiSquaredStrata tests the same within each of several tables and adds up
// the evidence: the sum of independent chi-squared statistics is chi-squared
// with the sum of their degrees of freedom. The tables' totals are never mixed,
// so that a shift of both the split and the distribution between tables
// (Simpson's paradox) cannot pose as a difference.
func ChiSquaredStrata(tables [][][]int64) (Test, error) {
	var statistic, df float64
	for _, table := range tables {
		s, d, err := pearson(table)
		if err != nil {
			return Test{}, err
		}
		statistic, df = statistic+s, df+d
	}
	if df == 0 {
		return Test{P: 1}, nil
	}
	return fromLog(statistic, df, logChiSquaredTail(statistic, df)), nil
}

func pearson(table [][]int64) (statistic, df float64, err error) {
	if len(table) == 0 {
		return 0, 0, nil
	}
	columns := make([]float64, len(table[0]))
	rows := make([]float64, len(table))
	var total float64
	for i, row := range table {
		if len(row) != len(columns) {
			return 0, 0, fmt.Errorf("%w: row %d has %d columns; expected %d", ErrInput, i, len(row), len(columns))
		}
		for j, k := range row {
			if k < 0 {
				return 0, 0, fmt.Errorf("%w: count %d in row %d", ErrInput, k, i)
			}
			rows[i] += float64(k)
			columns[j] += float64(k)
			total += float64(k)
		}
	}
	for i, row := range table {
		for j, k := range row {
			if expected := rows[i] * columns[j] / total; expected > 0 {
				d := float64(k) - expected
				statistic += d * d / expected
			}
		}
	}
	return statistic, max(0, positive(rows)-1) * max(0, positive(columns)-1), nil
}

func positive(xs []float64) (n float64) {
	for _, x := range xs {
		if x > 0 {
			n++
		}
	}
	return n
}
