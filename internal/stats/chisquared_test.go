package stats

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestChiSquaredMatchesR(t *testing.T) {
	// R 4.2.2, chisq.test(matrix, correct = FALSE). The second table is the
	// one of R's manual page: Agresti (2007), p. 39.
	for _, c := range []struct {
		name             string
		table            [][]int64
		statistic, df, p float64
	}{
		{"3 categories by 2 arms", [][]int64{{12, 7}, {5, 9}, {7, 11}}, 3.1820755592685415, 2, 0.20371409166204474},
		{"2 categories by 3 arms", [][]int64{{762, 327, 468}, {484, 239, 477}}, 30.070149095754672, 2, 2.9535891832117569e-07},
		{"an empty category changes nothing", [][]int64{{12, 7}, {0, 0}, {5, 9}, {7, 11}}, 3.1820755592685415, 2, 0.20371409166204474},
		{"an empty arm changes nothing", [][]int64{{12, 0, 7}, {5, 0, 9}, {7, 0, 11}}, 3.1820755592685415, 2, 0.20371409166204474},
	} {
		got, err := ChiSquared(c.table)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		near(t, c.statistic, got.Statistic, 1e-13, "%s: chi-squared", c.name)
		near(t, c.df, got.DF, 0, "%s: df", c.name)
		near(t, c.p, got.P, 1e-12, "%s: p", c.name)
	}
}

func TestChiSquaredIsDefinedWithNothingToCompare(t *testing.T) {
	for name, table := range map[string][][]int64{
		"no categories": nil,
		"all zero":      {{0, 0}, {0, 0}},
		"one category":  {{5, 7}},
		"one arm":       {{5, 0}, {7, 0}},
		"one call":      {{1, 0}},
	} {
		if got, err := ChiSquared(table); err != nil || got != (Test{P: 1}) {
			t.Errorf("%s: %v, %v; want p 1", name, got, err)
		}
	}
}

func TestImpossibleTablesAreRefused(t *testing.T) {
	for name, table := range map[string][][]int64{
		"a negative count": {{1, 2}, {-1, 2}},
		"a ragged row":     {{1, 2}, {1}},
	} {
		if _, err := ChiSquared(table); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
		if _, err := ChiSquaredStrata([][][]int64{table}); !errors.Is(err, ErrInput) {
			t.Errorf("stratified, %s: error %v; want ErrInput", name, err)
		}
	}
}

func TestChiSquaredIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "columns")
		table, turned := make([][]int64, rows), make([][]int64, columns)
		for j := range turned {
			turned[j] = make([]int64, rows)
		}
		for i := range table {
			table[i] = rapid.SliceOfN(rapid.Int64Range(0, 1000), columns, columns).Draw(t, "row")
			for j, k := range table[i] {
				turned[columns-1-j][rows-1-i] = k
			}
		}
		x, err1 := ChiSquared(table)
		y, err2 := ChiSquared(turned)
		if err1 != nil || err2 != nil || x.DF != y.DF {
			t.Fatalf("%v, %v against %v, %v", x, err1, y, err2)
		}
		if d := x.Statistic - y.Statistic; d > 1e-9*(1+x.Statistic) || d < -1e-9*(1+x.Statistic) {
			t.Fatalf("%v against %v", x, y)
		}
	})
}
