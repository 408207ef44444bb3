package results

import (
	"cmp"
	"slices"

	"tandem"
)

// cells holds a test's tallies by metric and arm.
type cells struct {
	byKey map[cellKey]*cell
	// metrics lists the metrics that have a tally, in no order.
	metrics []string
	// calls is the number of randomised calls by phase.
	calls map[int]int64
}

type cellKey struct{ metric, arm string }

// cell is one metric of one arm.
type cell struct {
	// total pools all phases: right to describe an arm, wrong to compare two.
	total  tandem.Tally
	phases []phaseTally // in rising order
	laid   *shape       // the total's histogram, laid out when first asked for
}

type phaseTally struct {
	phase int
	*tandem.Tally
}

var emptyCell = &cell{}

func newCells(rows []tandem.TallyRow) cells {
	c := cells{byKey: make(map[cellKey]*cell, len(rows)), calls: map[int]int64{}}
	seen := make(map[string]bool, 32)
	for i := range rows {
		r := &rows[i]
		if r.N == 0 {
			continue
		}
		if !seen[r.Metric] {
			seen[r.Metric] = true
			c.metrics = append(c.metrics, r.Metric)
		}
		if r.Metric == tandem.MetricCalls {
			c.calls[r.Phase] += r.N
		}
		k := cellKey{r.Metric, r.Arm}
		at := c.byKey[k]
		if at == nil {
			at = &cell{}
			c.byKey[k] = at
		}
		at.phases = append(at.phases, phaseTally{r.Phase, &r.Tally})
	}
	for _, at := range c.byKey {
		at.pool()
	}
	return c
}

// pool adds the phases up. With one phase it shares that phase's maps.
func (c *cell) pool() {
	if len(c.phases) == 1 {
		c.total = *c.phases[0].Tally
		return
	}
	slices.SortFunc(c.phases, func(a, b phaseTally) int { return cmp.Compare(a.phase, b.phase) })
	for _, p := range c.phases {
		c.total.Merge(*p.Tally)
	}
}

func (c cells) of(metric, arm string) *cell {
	if at := c.byKey[cellKey{metric, arm}]; at != nil {
		return at
	}
	return emptyCell
}

func (c cells) n(metric, arm string) int64 { return c.of(metric, arm).total.N }

// phase gives a cell's tally in one phase; the empty one where it has none.
func (c *cell) phase(number int) *tandem.Tally {
	for _, p := range c.phases {
		if p.phase == number {
			return p.Tally
		}
	}
	return &tandem.Tally{}
}

// shape gives the histogram of all phases.
func (c *cell) shape() shape {
	if c.total.Hist.Len() == 0 {
		return shape{}
	}
	if c.laid == nil {
		s := newShape(c.total.Hist)
		c.laid = &s
	}
	return *c.laid
}
