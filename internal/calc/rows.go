package calc

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// The columns of raw rows: one row for each call, in the order of assignment.
// A metric's values are in "value", or in "value.NAME"; likewise the covariate
// "before". The chance of a call's own arm is in "p"; "p.ARM" gives that of
// every arm.
const (
	colValue  = "value"
	colBefore = "before"
	colCaller = "caller"
	colChance = "p"
	// Of rows that sum up a caller each:
	colCalls = "calls"
	colTotal = "total"
)

var (
	rowColumns   = []string{colArm, colValue, colValue + ".NAME", colCaller, colBefore, colBefore + ".NAME", colChance, colChance + ".ARM", colPhase}
	totalColumns = []string{colArm, colTotal, colCalls, colCaller, colPhase}
)

// column is one column of values, with what they look like.
type column struct {
	name  string
	cells []cell
}

// chances are the columns p.ARM.
type chances struct {
	arm string
	p   []float64 // NaN where empty
}

// rowSet is raw rows.
type rowSet struct {
	csv   bool
	lines []int32 // CSV: where each row starts

	arms   []string // in the order in which they first appear
	arm    []int32
	phases []string
	phase  []int32
	// caller is -1 where it is not known. There are none without the column.
	callers   map[string]int32
	caller    []int32
	hasCaller bool
	hasPhase  bool
	own       []float64 // chance of the row's own arm; NaN where empty
	hasOwn    bool
	each      []*chances
	values    []*column
	before    []*column
	// totals says that each row is a caller: with the sum of their calls'
	// values in values[0] and how many calls in calls.
	totals bool
	calls  []int64
}

func (s *rowSet) len() int { return len(s.arm) }

// place gives where row i stands.
func (s *rowSet) place(i int) place {
	if s.csv {
		return place{"line " + itoa(int(s.lines[i])), true}
	}
	base := "rows"
	if s.totals {
		base = "callers"
	}
	return place{base + index(i), false}
}

// rowBuilder adds rows to a set.
type rowBuilder struct {
	rowSet
	armIndex   map[string]int32
	phaseIndex map[string]int32
	columns    map[string]int // columns by what is in front of the dot and behind
}

func newRowBuilder(csv, totals bool) *rowBuilder {
	b := &rowBuilder{armIndex: map[string]int32{}, phaseIndex: map[string]int32{}, columns: map[string]int{}}
	b.csv, b.totals, b.callers = csv, totals, map[string]int32{}
	return b
}

// known says whether rows may have this column.
func (b *rowBuilder) known(name string) bool {
	if b.totals {
		return slices.Contains(totalColumns, name)
	}
	switch name {
	case colArm, colPhase, colCaller, colChance, colValue, colBefore:
		return true
	}
	head, tail, dotted := strings.Cut(name, ".")
	return dotted && tail != "" && (head == colValue || head == colBefore || head == colChance)
}

// columnsKnown lists what rows may have.
func (b *rowBuilder) columnsKnown() []string {
	if b.totals {
		return totalColumns
	}
	return rowColumns
}

// begin starts a row: all its columns are empty until they are set.
func (b *rowBuilder) begin(line int) {
	if b.csv {
		b.lines = append(b.lines, int32(min(line, math.MaxInt32)))
	}
	b.arm = append(b.arm, -1)
	b.phase = append(b.phase, -1)
	b.caller = append(b.caller, -1)
	b.own = append(b.own, math.NaN())
	for _, c := range b.values {
		c.cells = append(c.cells, cell{})
	}
	for _, c := range b.before {
		c.cells = append(c.cells, cell{})
	}
	for _, c := range b.each {
		c.p = append(c.p, math.NaN())
	}
	if b.totals {
		b.calls = append(b.calls, -1)
	}
}

// set gives the row that was begun the value of a column.
func (b *rowBuilder) set(name string, c cell, at string) (err error) {
	i := b.len() - 1
	switch name {
	case colArm:
		if c.kind != absent {
			b.arm[i] = intern(&b.arms, b.armIndex, c.text)
		}
	case colPhase:
		b.hasPhase = true
		if c.kind != absent {
			b.phase[i] = intern(&b.phases, b.phaseIndex, c.text)
		}
	case colCaller:
		b.hasCaller = true
		if c.kind != absent {
			id, there := b.callers[c.text]
			if !there {
				id = int32(len(b.callers))
				b.callers[strings.Clone(c.text)] = id
			}
			b.caller[i] = id
		}
	case colChance:
		b.hasOwn = true
		if c.kind != absent {
			b.own[i], err = chance(c, at, 0)
		}
	case colCalls:
		if b.calls[i], err = c.count(at); err == nil && b.calls[i] == 0 {
			err = c.refuse(at, "at least 1")
		}
	default:
		return b.setDotted(name, c, at)
	}
	return err
}

func intern(names *[]string, known map[string]int32, name string) int32 {
	i, there := known[name]
	if !there {
		i = int32(len(*names))
		name = strings.Clone(name)
		*names = append(*names, name)
		known[name] = i
	}
	return i
}

// chance reads a probability above 0 (or 0 itself, for arms other than the
// row's own).
func chance(c cell, at string, least float64) (float64, error) {
	x, err := c.float(at)
	if err != nil {
		return 0, err
	}
	if x <= 0 && least == 0 || x < 0 || x > 1 {
		return 0, c.refuse(at, "a chance above 0, at most 1")
	}
	return x, nil
}

func (b *rowBuilder) setDotted(name string, c cell, at string) (err error) {
	i := b.len() - 1
	head, tail, dotted := strings.Cut(name, ".")
	if !dotted {
		tail = name
		if head == colBefore || head == colTotal {
			tail = colValue
		}
	}
	switch head {
	case colChance:
		k, there := b.columns[name]
		if !there {
			k = len(b.each)
			b.columns[name] = k
			b.each = append(b.each, &chances{arm: tail, p: blank(b.len())})
		}
		if c.kind != absent {
			b.each[k].p[i], err = chance(c, at, -1)
		}
		return err
	case colBefore:
		b.column(&b.before, name, tail).cells[i] = c
		if c.kind != absent {
			_, err = c.float(at)
		}
		return err
	case colTotal:
		b.column(&b.values, name, tail).cells[i] = c
		_, err = c.float(at)
		return err
	}
	b.column(&b.values, name, tail).cells[i] = c
	return nil
}

func (b *rowBuilder) column(in *[]*column, key, name string) *column {
	k, there := b.columns[key]
	if !there {
		k = len(*in)
		b.columns[key] = k
		*in = append(*in, &column{name: name, cells: make([]cell, b.len())})
	}
	return (*in)[k]
}

func blank(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func quote(s string) string { return strconv.Quote(clip(s)) }

func itoa(i int) string { return strconv.Itoa(i) }
