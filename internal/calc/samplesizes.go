package calc

import (
	"math"
	"slices"

	"tandem/internal/stats"
)

// sizesRatio tests the arms' sizes against the shares that aggregates give.
func (c *computer) sizesRatio(m *metric) (Line, bool) {
	if m.raw != nil {
		return Line{}, false // told once for all metrics, of the rows
	}
	var logBF float64
	given := false
	for _, ph := range m.phases {
		var counts []int64
		var shares []float64
		for i, arm := range ph.arms {
			share := arm.share
			if share == nil {
				share = c.shareOf(m.arms[i])
			}
			if share == nil {
				break
			}
			counts, shares = append(counts, arm.n), append(shares, *share)
		}
		if len(shares) < len(ph.arms) {
			continue
		}
		x, err := stats.SampleRatio(c.withEmpty(m.arms, counts, shares))
		if err != nil {
			return not(sampleRatio, err.Error()), true
		}
		logBF += x
		given = true
	}
	if !given {
		return Line{}, false
	}
	return ratioLine(logBF), true
}

func (c *computer) shareOf(arm string) *float64 {
	for i := range c.Shares {
		if c.Shares[i].Arm == arm {
			return &c.Shares[i].Share
		}
	}
	return nil
}

// withEmpty adds the arms of the split that have no calls, unless the shares
// add up without them.
func (c *computer) withEmpty(arms []string, counts []int64, shares []float64) ([]int64, []float64) {
	var total float64
	for _, s := range shares {
		total += s
	}
	if math.Abs(total-1) < 1e-6 {
		return counts, shares
	}
	for _, s := range c.Shares {
		if !slices.Contains(arms, s.Arm) {
			counts, shares = append(counts, 0), append(shares, s.Share)
		}
	}
	return counts, shares
}

// rowsRatio tests how many rows each arm has, with and without a value, against
// the chances that the rows had, phase by phase.
func (c *computer) rowsRatio(m *metric) Line {
	raw := m.raw
	if why := c.noOrder(m); why != "" && c.Unit == PerCall {
		return not(sampleRatio, "needs the shares of the split, or each call's chance of its arm: the column p")
	} else if why != "" {
		return not(sampleRatio, why)
	}
	all := m.everyArm()
	counts := make([][]int64, len(raw.phases))
	shares := make([][]float64, len(raw.phases))
	q := make([]float64, len(all))
	for i := range raw.len() {
		ph := raw.phase[i]
		if why := c.chances(m, i, all, q); why != "" {
			return not(sampleRatio, why)
		}
		switch {
		case shares[ph] == nil:
			shares[ph], counts[ph] = slices.Clone(q), make([]int64, len(all))
		case !near(shares[ph], q):
			return not(sampleRatio, "the chances change within a phase; say which phase a row is of, in the column phase")
		}
		counts[ph][raw.arm(i)]++
	}
	var logBF float64
	for ph := range counts {
		x, err := stats.SampleRatio(counts[ph], shares[ph])
		if err != nil {
			return not(sampleRatio, err.Error())
		}
		logBF += x
	}
	return ratioLine(logBF)
}

// near says whether chances are the same but for rounding.
func near(a, b []float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-9 {
			return false
		}
	}
	return true
}

// ratioLine says what a Bayes factor against the split means.
func ratioLine(logBF float64) Line {
	l := newLine(sampleRatio).p("", -logBF)
	l.LogE = finite(logBF)
	l.Says = "the split is intact, as far as the sizes tell"
	if logBF >= stats.SampleRatioAlarm {
		l.Says = "the split is broken: the sizes contradict the shares"
	}
	if math.IsInf(logBF, 1) {
		zero := 0.0
		l.P = &zero
	}
	return l
}
