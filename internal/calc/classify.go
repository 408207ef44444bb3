package calc

import (
	"math"
	"slices"
	"strings"

	"tandem"
)

// take reads a column's cells as what they are.
func (m *metric) take(c *column) (err error) {
	raw := m.raw
	if raw.totals {
		m.kind = Ratio
		if k := m.set.Kind; k != nil {
			return tandem.Errorf(tandem.Invalid, "kind", "is %s; callers' totals are neither shares nor categories", *k)
		}
	} else if m.kind, err = m.classify(c); err != nil {
		return err
	}
	if m.kind == Category {
		raw.category = make([]string, len(c.cells))
		for i, v := range c.cells {
			raw.category[i] = v.text
		}
		return nil
	}
	raw.value = make([]float64, len(c.cells))
	for i, v := range c.cells {
		switch {
		case v.kind == absent:
			raw.value[i] = math.NaN()
		case v.text == "true":
			raw.value[i] = 1
		case v.text == "false":
			raw.value[i] = 0
		default:
			if raw.value[i], err = v.float(raw.place(i).of(raw.columnName(c.name))); err != nil {
				return err
			}
		}
	}
	return m.takeBefore()
}

func (m *metric) takeBefore() error {
	raw := m.raw
	i := slices.IndexFunc(raw.rowSet.before, func(c *column) bool { return c.name == m.name })
	if i < 0 {
		return nil
	}
	raw.before = make([]float64, raw.len())
	for k, v := range raw.rowSet.before[i].cells {
		raw.before[k] = math.NaN()
		if v.kind != absent {
			x, err := v.float(raw.place(k).of(colBefore))
			if err != nil {
				return err
			}
			raw.before[k] = x
		}
	}
	return nil
}

// columnName gives the column's name in the file.
func (s *rowSet) columnName(name string) string {
	if s.totals {
		return colTotal
	}
	if name == colValue {
		return colValue
	}
	return colValue + "." + name
}

// notKnown are words by which other programs say that a value is missing. Taken
// for a category they would be compared.
var notKnown = []string{"na", "n/a", "nan", "null", "none", "nil", "inf", "-inf", "+inf", "infinity", "-infinity", "#n/a", "."}

// classify finds what a column holds: 0 and 1 (or true and false), numbers or
// words, unless its kind is given. It never guesses at a mixture.
func (m *metric) classify(c *column) (Kind, error) {
	want := Kind("")
	if m.set.Kind != nil {
		want = *m.set.Kind
	}
	binary, first := true, -1
	for i, v := range c.cells {
		if v.kind == absent {
			continue
		}
		at := m.raw.place(i).of(m.raw.columnName(c.name))
		isBinary := v.kind == flag || v.kind == number && (v.text == "0" || v.text == "1" || equals(v, 0) || equals(v, 1))
		switch {
		case want == Proportion && !isBinary:
			return "", v.refuse(at, "0 or 1, or true or false")
		case want == Mean && v.kind != number:
			return "", v.refuse(at, "a number")
		case want != "":
		case v.kind == word && slices.Contains(notKnown, strings.ToLower(v.text)):
			return "", v.refuse(at, "a value, or nothing at all where it is not known (or the kind category, if it is a name)")
		case first >= 0 && (v.kind == word) != (c.cells[first].kind == word):
			return "", v.refuse(at, "something like "+quote(c.cells[first].text)+" in the rows before (or the kind category)")
		case first >= 0 && !isBinary && v.kind == number && c.cells[first].kind == flag,
			first >= 0 && v.kind == flag && !binary:
			return "", v.refuse(at, "all true and false, or all numbers, in one column")
		}
		if first < 0 {
			first = i
		}
		binary = binary && isBinary
	}
	switch {
	case first < 0:
		return "", tandem.Errorf(tandem.Invalid, m.raw.columnName(c.name), "has no value in any row")
	case want != "":
		return want, nil
	case c.cells[first].kind == word:
		return Category, nil
	case binary:
		return Proportion, nil
	}
	return Mean, nil
}

func equals(v cell, x float64) bool {
	y, err := v.float("")
	return err == nil && y == x
}
