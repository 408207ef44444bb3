package store

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"tandem"
)

const (
	growArm = `
		INSERT INTO arm_sizes (test_id, arm, calls) VALUES ($1, $2, $3)
		ON CONFLICT (test_id, arm) DO UPDATE SET calls = arm_sizes.calls + excluded.calls
		RETURNING calls`
	saveTally = `
		INSERT INTO tallies (test_id, phase, arm, metric, kind, n, successes, mean, m2, hist, names)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (test_id, phase, arm, metric) DO UPDATE SET kind = excluded.kind, n = excluded.n,
			successes = excluded.successes, mean = excluded.mean, m2 = excluded.m2, hist = excluded.hist, names = excluded.names`
)

type armKey struct {
	test tandem.ID
	arm  string
}

// armGrowth is the calls of one batch that get an ordinal in one arm.
type armGrowth struct {
	calls []*callWrite
}

func (c *commit) grow(key armKey, w *callWrite) {
	g := c.arms[key]
	if g == nil {
		g = &armGrowth{}
		c.arms[key] = g
	}
	g.calls = append(g.calls, w)
}

// growArms gives out the next ordinals of each arm.
func (c *commit) growArms() []step {
	keys := slices.SortedFunc(maps.Keys(c.arms), func(a, b armKey) int {
		return cmp.Or(cmp.Compare(a.test, b.test), cmp.Compare(a.arm, b.arm))
	})
	var steps []step
	for _, key := range keys {
		g := c.arms[key]
		steps = append(steps, step{
			text: growArm, args: []any{string(key.test), key.arm, len(g.calls)},
			row: func(scan func(...any) error) error {
				var last int64
				if err := scan(&last); err != nil {
					return err
				}
				for i, w := range g.calls {
					w.ordinal = last - int64(len(g.calls)-1-i)
				}
				return nil
			},
		})
	}
	return steps
}

// cell is one tally and what a batch changes in it, in order.
type cell struct {
	key     tandem.TallyKey
	changes []tandem.TallyChange
	tally   tandem.Tally
}

// newCells gathers changes by cell, so that each is read and written once.
func newCells(changes []tandem.TallyChange) []cell {
	at := make(map[tandem.TallyKey]int)
	var cells []cell
	for _, ch := range changes {
		i, known := at[ch.Key]
		if !known {
			i = len(cells)
			at[ch.Key] = i
			cells = append(cells, cell{key: ch.Key})
		}
		cells[i].changes = append(cells[i].changes, ch)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.key.TestID, b.key.TestID), cmp.Compare(a.key.Phase, b.key.Phase),
			cmp.Compare(a.key.Arm, b.key.Arm), cmp.Compare(a.key.Metric, b.key.Metric))
	})
	return cells
}

// readCells reads the tallies of the cells, an arm's at a time.
func (c *commit) readCells() []step {
	var steps []step
	for from := 0; from < len(c.cells); {
		arm := c.cells[from].key
		arm.Metric = ""
		to, metrics := from, []string{}
		for ; to < len(c.cells); to++ {
			key := c.cells[to].key
			metrics = append(metrics, key.Metric)
			if key.Metric = ""; key != arm {
				metrics = metrics[:len(metrics)-1]
				break
			}
			c.cells[to].tally = tandem.Tally{}
		}
		cells := c.cells[from:to]
		steps = append(steps, step{
			text: c.sql.cells, args: []any{string(arm.TestID), arm.Phase, arm.Arm, c.dialect.texts(metrics)},
			row: func(scan func(...any) error) error { return readCell(scan, cells) },
		})
		from = to
	}
	return steps
}

// readCell reads a row into the cell that it belongs to.
func readCell(scan func(...any) error, cells []cell) error {
	var metric string
	var t tandem.Tally
	var columns cellColumns
	if err := scan(append([]any{&metric}, columns.places(&t)...)...); err != nil {
		return err
	}
	for i := range cells {
		if cells[i].key.Metric == metric {
			cells[i].tally = t
			return columns.decode(&cells[i].tally)
		}
	}
	return nil
}

// step applies the changes and writes the cell.
func (c *cell) step() (step, error) {
	t := c.tally
	for _, ch := range c.changes {
		t.Change(ch)
	}
	var hist, names any
	if t.Hist.Len() > 0 {
		raw, err := t.Hist.MarshalBinary()
		if err != nil {
			return step{}, err
		}
		hist = raw
	}
	if t.Names != nil {
		raw, err := json.Marshal(t.Names)
		if err != nil {
			return step{}, err
		}
		names = string(raw)
	}
	return step{text: saveTally, args: []any{
		string(c.key.TestID), c.key.Phase, c.key.Arm, c.key.Metric, string(t.Kind),
		t.N, t.Successes, t.Mean, t.M2, hist, names,
	}}, nil
}
