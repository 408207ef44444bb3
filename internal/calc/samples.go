package calc

import (
	"math"
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// samples are the raw values of one metric.
type samples struct {
	*rowSet
	// position gives an arm of the rows its place in the metric.
	position []int32
	// value is NaN where it is not known; category is its name for categories.
	value    []float64
	category []string
	before   []float64 // nil without a covariate
	unknown  []int64   // by position: rows without a value
}

// put brings the arm at position i to the front.
func (s *samples) put(i int) {
	for k, p := range s.position {
		switch {
		case int(p) == i:
			s.position[k] = 0
		case int(p) < i:
			s.position[k] = p + 1
		}
	}
	toFront(s.unknown, i)
}

// arm gives the position of row i's arm.
func (s *samples) arm(i int) int { return int(s.position[s.rowSet.arm[i]]) }

// known says whether row i has a value.
func (s *samples) known(i int) bool {
	if s.category != nil {
		return s.category[i] != ""
	}
	return !math.IsNaN(s.value[i])
}

// metrics makes a metric of each column of values. The arms are sorted by name,
// since which of them the first row happened to draw means nothing.
func (s *rowSet) metrics(set Settings) ([]*metric, error) {
	arms := slices.Sorted(slices.Values(s.arms))
	position := make([]int32, len(s.arms))
	for i, a := range s.arms {
		position[i] = int32(slices.Index(arms, a))
	}
	var out []*metric
	for _, c := range s.values {
		m := &metric{name: c.name, arms: slices.Clone(arms), set: set.of(c.name)}
		m.raw = &samples{rowSet: s, position: slices.Clone(position), unknown: make([]int64, len(arms))}
		if err := m.take(c); err != nil {
			return nil, err
		}
		if err := m.sum(); err != nil {
			return nil, tandem.Errorf(tandem.Invalid, s.columnName(c.name), "%s", err)
		}
		out = append(out, m)
	}
	return out, nil
}

// sum adds the rows up by phase and arm.
func (m *metric) sum() error {
	raw := m.raw
	m.phases = make([]phaseData, len(raw.phases))
	sums := make([][]running, len(raw.phases))
	for p := range m.phases {
		m.phases[p] = phaseData{name: raw.phases[p], arms: make([]armData, len(m.arms))}
		sums[p] = make([]running, len(m.arms))
	}
	for i := range raw.len() {
		p, a := raw.phase[i], raw.arm(i)
		if !raw.known(i) {
			raw.unknown[a]++
			continue
		}
		d := &m.phases[p].arms[a]
		d.n++
		switch m.kind {
		case Category:
			if d.counts == nil {
				d.counts = map[string]int64{}
			}
			d.counts[raw.category[i]]++
		case Ratio:
			if err := d.clusters.Add(raw.value[i], float64(raw.calls[i])); err != nil {
				return err
			}
		default:
			if m.kind == Proportion {
				d.proportion.N++
				d.proportion.Successes += int64(raw.value[i])
			}
			sums[p][a].add(raw.value[i])
		}
	}
	for p := range m.phases {
		for a := range m.arms {
			if m.kind == Mean || m.kind == Proportion {
				m.phases[p].arms[a].moments = sums[p][a].moments()
			}
		}
	}
	if raw.hasCaller && (m.kind == Mean || m.kind == Proportion) {
		return m.cluster()
	}
	return nil
}

// cluster adds the values up by caller, within phases. A row without a caller
// is one of its own.
func (m *metric) cluster() error {
	raw := m.raw
	at := map[who]int{}
	var totals []total
	var whose []who
	for i := range raw.len() {
		if !raw.known(i) {
			continue
		}
		w := who{raw.phase[i], int32(raw.arm(i)), raw.caller[i]}
		k, there := at[w]
		if !there || w.caller < 0 {
			k = len(totals)
			totals, whose = append(totals, total{}), append(whose, w)
			at[w] = k
		}
		totals[k].sum += raw.value[i]
		totals[k].n++
	}
	for k, t := range totals {
		if err := m.phases[whose[k].phase].arms[whose[k].arm].clusters.Add(t.sum, t.n); err != nil {
			return err
		}
	}
	return nil
}

// running is Welford's mean and sum of squares.
type running struct {
	n        int64
	mean, m2 float64
}

func (r *running) add(x float64) {
	r.n++
	d := x - r.mean
	r.mean += d / float64(r.n)
	r.m2 += d * (x - r.mean)
}

func (r *running) moments() stats.Moments {
	m := stats.Moments{N: r.n, Mean: r.mean}
	if r.n > 1 {
		m.Variance = r.m2 / float64(r.n-1)
	}
	return m
}

// of gives an arm's values in the order of the rows.
func (s *samples) of(arm int) []float64 {
	var out []float64
	for i := range s.len() {
		if s.arm(i) == arm && s.known(i) {
			out = append(out, s.value[i])
		}
	}
	return out
}

// repeats says whether a caller has several calls, and whether one of them met
// several arms.
func (s *samples) repeats() (repeated, split bool) {
	arm := make([]int, len(s.callers))
	for i, c := range s.caller {
		if c < 0 {
			continue
		}
		a := s.arm(i) + 1
		repeated = repeated || arm[c] != 0
		split = split || arm[c] != 0 && arm[c] != a
		arm[c] = a
	}
	return repeated, split
}
