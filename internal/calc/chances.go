package calc

import (
	"math"
	"slices"
)

// noOrder says why the rows cannot be folded one by one; "" when they can.
func (c *computer) noOrder(m *metric) string {
	switch {
	case m.raw == nil:
		return "needs the calls in the order of assignment: raw rows"
	case c.Unit == PerCaller:
		return "callers were randomised, not calls (unit caller)"
	case !m.raw.hasOwn && len(m.raw.each) == 0 && c.Shares == nil:
		return "needs each call's chance of its arm: the column p, or the shares of the split"
	}
	return ""
}

// chances fills q with the chances beforehand of these arms for row i, given
// that it is in one of them, in their order: the row's own chance for its own
// arm, where it is logged, else what the split says.
func (c *computer) chances(m *metric, i int, arms []int, q []float64) (why string) {
	raw := m.raw
	own := raw.arm(i)
	var total float64
	for k, a := range arms {
		x := math.NaN()
		at := slices.IndexFunc(raw.each, func(e *chances) bool { return e.arm == m.arms[a] })
		switch {
		case at >= 0:
			x = raw.each[at].p[i]
		case raw.hasOwn && !math.IsNaN(raw.own[i]) && a == own:
			x = raw.own[i]
		case raw.hasOwn && !math.IsNaN(raw.own[i]) && len(m.arms) == 2:
			x = 1 - raw.own[i]
		default:
			for _, s := range c.Shares {
				if s.Arm == m.arms[a] {
					x = s.Share
				}
			}
		}
		if math.IsNaN(x) {
			if raw.hasOwn && !math.IsNaN(raw.own[i]) {
				return "with three arms or more p alone does not give the chances of the others: add the columns p.ARM, or the shares of the split"
			}
			return raw.place(i).base + " has no chance of its arm, and there are no shares"
		}
		q[k] = x
		total += x
	}
	if total == 0 {
		return raw.place(i).base + ": no arm had a chance"
	}
	for k := range arms {
		q[k] /= total
	}
	return ""
}
