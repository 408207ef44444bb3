package calc

import (
	"slices"

	"tandem/internal/stats"
)

// categories compares two distributions over names.
func (p *pair) categories() {
	if why := p.perCallersOnly(); why != "" {
		p.add(not(chiSquared, why))
		return
	}
	test, small, err := p.m.table([]int{0, p.arm})
	p.take(chiSquared, err, func(l Line) Line {
		l = p.twoSidedOnly(l.of(test).p(TwoSided, test.LogP))
		if small {
			l.Note = "fewer than 5 expected in a cell: the p-value is rough"
		}
		return l
	})
	p.add(p.categoricalLine([]int{0, p.arm}, p.m))
}

// named gives counts by category; a share has two.
func (d armData) named() map[string]int64 {
	if p := d.proportion; p.N > 0 {
		return map[string]int64{"0": p.N - p.Successes, "1": p.Successes}
	}
	return d.counts
}

// table tests whether arms share one distribution, within phases, and says
// whether a cell has fewer than 5 expected.
func (m *metric) table(arms []int) (test stats.Test, small bool, err error) {
	var tables [][][]int64
	filled := false
	for _, ph := range m.phases {
		names := map[string]bool{}
		with := 0
		for _, a := range arms {
			for name := range ph.arms[a].named() {
				names[name] = true
			}
			if ph.arms[a].n > 0 {
				with++
			}
		}
		filled = filled || with > 1
		var table [][]int64
		for _, name := range sortedKeys(names) {
			row := make([]int64, len(arms))
			for i, a := range arms {
				row[i] = ph.arms[a].named()[name]
			}
			table = append(table, row)
		}
		small = small || leastCell(table) < minExpected
		tables = append(tables, table)
	}
	if !filled {
		return stats.Test{}, false, stats.ErrTooFew
	}
	test, err = stats.ChiSquaredStrata(tables)
	return test, small, err
}

// leastCell gives the smallest expected count of a table.
func leastCell(table [][]int64) float64 {
	var total float64
	var rows, columns []float64
	for i, row := range table {
		rows = append(rows, 0)
		for j, k := range row {
			if len(columns) <= j {
				columns = append(columns, 0)
			}
			rows[i] += float64(k)
			columns[j] += float64(k)
			total += float64(k)
		}
	}
	positive := func(x float64) bool { return x <= 0 }
	rows, columns = slices.DeleteFunc(rows, positive), slices.DeleteFunc(columns, positive)
	if len(rows) < 2 || len(columns) < 2 {
		return minExpected
	}
	return slices.Min(rows) / total * slices.Min(columns)
}

// categoricalLine folds the rows into the e-process that the arms differ at all.
// It is not folded from counts: they have no order.
func (c *computer) categoricalLine(arms []int, m *metric) Line {
	if why := c.noOrder(m); why != "" {
		return not(categoricalE, why)
	}
	process, err := stats.NewCategorical(len(arms))
	if err != nil {
		return not(categoricalE, err.Error())
	}
	raw := m.raw
	q := make([]float64, len(arms))
	for i := range raw.len() {
		at := slices.Index(arms, raw.arm(i))
		if at < 0 || !raw.known(i) {
			continue
		}
		if why := c.chances(m, i, arms, q); why != "" {
			return not(categoricalE, why)
		}
		if err := process.Fold(at, raw.nameOf(i), q); err != nil {
			return not(categoricalE, raw.place(i).base+": "+err.Error())
		}
	}
	l := newLine(categoricalE).p(TwoSided, process.LogP())
	l.LogE = finite(process.LogE())
	return c.twoSidedOnly(l)
}

// nameOf gives row i's value as a category; shares count as two of them.
func (s *samples) nameOf(i int) string {
	switch {
	case s.category != nil:
		return s.category[i]
	case s.value[i] == 1:
		return "1"
	}
	return "0"
}
