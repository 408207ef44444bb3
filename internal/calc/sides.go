package calc

import (
	"math"

	"tandem"
	"tandem/internal/stats"
)

// refused wraps what the mathematics would not take.
func refused(metric, method string, err error) error {
	return tandem.Errorf(tandem.Invalid, metric, "%s: %s", methodOf(method).Title, err)
}

// level is the confidence of intervals that hold alpha on the side that counts:
// a one-sided bound at 1 - alpha is an end of the two-sided interval at 1 - 2
// alpha.
func (c *computer) level() float64 {
	if c.Sides == TwoSided {
		return 1 - c.Alpha
	}
	return 1 - 2*c.Alpha
}

// cut leaves the end of an interval that counts and puts the other where the
// quantity itself ends.
func (c *computer) cut(in, natural stats.Interval) stats.Interval {
	switch c.Sides {
	case Greater:
		in.High = natural.High
	case Less:
		in.Low = natural.Low
	}
	return in
}

// unbounded and shares are where a difference can be.
var (
	unbounded  = stats.Interval{Low: math.Inf(-1), High: math.Inf(1)}
	differing  = stats.Interval{Low: -1, High: 1} // of two shares
	relatively = stats.Interval{Low: -1, High: math.Inf(1)}
)

// oneSided turns the two-sided ln p of a test whose statistic is symmetric (z
// or t, positive when the other arm is larger) into that of the side that
// counts: half of it where the statistic points that way, else 1 less half.
func (c *computer) oneSided(t stats.Test) float64 {
	towards := t.Statistic
	switch c.Sides {
	case TwoSided:
		return t.LogP
	case Less:
		towards = -towards
	}
	if towards > 0 {
		return t.LogP - math.Ln2
	}
	return math.Log1p(-math.Exp(t.LogP) / 2)
}

// twoSidedOnly marks a line whose method knows no sides, where they were asked
// for.
func (c *computer) twoSidedOnly(l Line) Line {
	if c.Sides != TwoSided {
		l.Note = "two-sided only"
	}
	return l
}
