package calc

import (
	"math"
	"slices"

	"tandem"
)

// end checks the row that was begun.
func (b *rowBuilder) end() error {
	i := b.len() - 1
	if b.arm[i] < 0 {
		return cell{}.refuse(b.place(i).of(colArm), "the name of the arm")
	}
	if b.totals && b.calls[i] < 0 {
		return cell{}.refuse(b.place(i).of(colCalls), "the number of the caller's calls")
	}
	if b.totals && (len(b.values) == 0 || b.values[0].cells[i].kind == absent) {
		return cell{}.refuse(b.place(i).of(colTotal), "the sum of the values of the caller's calls")
	}
	return nil
}

// done checks what only the whole can tell.
func (b *rowBuilder) done() (*rowSet, error) {
	s := &b.rowSet
	if s.len() == 0 {
		return nil, tandem.Errorf(tandem.Invalid, orRows(s), "are none; expected at least one row")
	}
	if err := s.checkPhases(); err != nil {
		return nil, err
	}
	if err := s.checkChances(); err != nil {
		return nil, err
	}
	for _, c := range s.before {
		if !slices.ContainsFunc(s.values, func(v *column) bool { return v.name == c.name }) {
			return nil, tandem.Errorf(tandem.Invalid, colBefore+"."+c.name, "has no metric; expected a column value.%s beside it", c.name)
		}
	}
	return s, nil
}

func orRows(s *rowSet) string {
	if s.csv {
		return "the rows"
	}
	return "rows"
}

func (s *rowSet) checkPhases() error {
	if !s.hasPhase {
		s.phases = []string{""}
		for i := range s.phase {
			s.phase[i] = 0
		}
	}
	for i, p := range s.phase {
		if p < 0 {
			return cell{}.refuse(s.place(i).of(colPhase), "a phase in every row, as there is one in others")
		}
	}
	return nil
}

// checkChances makes sure that the chances of a row's arms add up to 1.
func (s *rowSet) checkChances() error {
	if len(s.each) == 0 {
		return nil
	}
	for _, c := range s.each {
		if !slices.Contains(s.arms, c.arm) {
			s.arms = append(s.arms, c.arm) // one that nobody drew
		}
	}
	for i := range s.arm {
		var total float64
		for _, c := range s.each {
			total += c.p[i]
			if c.p[i] == 0 && c.arm == s.arms[s.arm[i]] {
				return tandem.Errorf(tandem.Invalid, s.place(i).of(colChance+"."+c.arm), "is 0 although the row is in that arm; expected a chance above 0")
			}
		}
		if math.IsNaN(total) {
			return tandem.Errorf(tandem.Invalid, s.place(i).base, "lacks the chance of an arm; expected every column p.ARM filled in")
		}
		if math.Abs(total-1) > 1e-6 {
			return tandem.Errorf(tandem.Invalid, s.place(i).base, "has chances that add up to %v; expected 1", total)
		}
	}
	for _, arm := range s.arms {
		if !slices.ContainsFunc(s.each, func(c *chances) bool { return c.arm == arm }) {
			return tandem.Errorf(tandem.Invalid, colChance+"."+arm, "is missing; expected a column for each arm")
		}
	}
	return nil
}
