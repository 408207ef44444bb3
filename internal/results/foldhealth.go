package results

import (
	"tandem"
)

const (
	// healthFrom is how many values an arm needs before anything is odd.
	healthFrom = 30
	// A run is a jump when its chance, under the share before it, is below
	// jumpChance, and below jumpOverall even over all places at which it could
	// have begun.
	jumpChance  = 1e-6
	jumpOverall = 1e-3
)

// The kinds of ailments.
const (
	ailmentConstant = "constant"
	ailmentJumped   = "jumped"
)

// armHealth follows the values of a metric in one arm: the primary one, or a
// guardrail's.
type armHealth struct {
	n         int64
	low, high float64
	// run is how many values in a row were value; before it came earlier, sum of
	// which were 1.
	run    int64
	value  float64
	before int64
	ones   int64
	// chance is the chance of the run under the share before it: a product, so
	// that every machine comes to the same.
	chance float64
	// worst is the longest run that was a jump, worstValue what it was of: its
	// calls stay in the evidence when the metric moves again.
	worst      int64
	worstValue float64
}

func (h *armHealth) see(y float64) {
	if h.n == 0 {
		h.low, h.high = y, y
	}
	h.n++
	h.low, h.high = min(h.low, y), max(h.high, y)
	if h.run > 0 && y == h.value {
		h.run++
		h.unlikely()
		return
	}
	h.before += h.run
	if h.value == 1 {
		h.ones += h.run
	}
	h.run, h.value, h.chance = 1, y, 1
	h.unlikely()
}

// unlikely takes the run one value further, and keeps it where it is a jump.
func (h *armHealth) unlikely() {
	if h.before < healthFrom {
		return
	}
	same := h.ones
	if h.value != 1 {
		same = h.before - h.ones
	}
	// One more of each, so that no share is 0 or 1.
	if h.chance > 0x1p-900 {
		h.chance = float64(h.chance * (float64(same+1) / float64(h.before+2)))
	}
	if h.run > h.worst && h.jumped() {
		h.worst, h.worstValue = h.run, h.value
	}
}

// jumped says whether the run in hand is too long for the share before it.
func (h *armHealth) jumped() bool {
	return h.before >= healthFrom && h.chance < min(jumpChance, jumpOverall/float64(h.before))
}

// ailments lists what is odd about the primary metric and those of guardrails.
func (s *state) ailments() []Ailment {
	var out []Ailment
	for _, m := range s.metrics.sorted() {
		if m.health == nil {
			continue
		}
		if a, constant := constant(m); constant {
			out = append(out, a)
			continue
		}
		if m.kind != tandem.Proportion {
			continue
		}
		for i := range m.health {
			if h := &m.health[i]; h.worst > 0 {
				out = append(out, Ailment{
					Metric: m.name, Arm: s.arms[i], Kind: ailmentJumped, Run: h.worst, Value: h.worstValue,
					Over: h.run != h.worst || h.value != h.worstValue,
				})
			}
		}
	}
	return out
}

// constant says whether every value in every arm was the same, with enough of
// them in two arms at least and in each that has any.
func constant(m *metricState) (Ailment, bool) {
	a := Ailment{Metric: m.name, Kind: ailmentConstant}
	filled := 0
	for i := range m.health {
		h := &m.health[i]
		if h.n == 0 {
			continue
		}
		if h.n < healthFrom || h.low != h.high || filled > 0 && h.low != a.Value {
			return Ailment{}, false
		}
		filled++
		a.Value = h.low
		a.Run += h.n
	}
	return a, filled > 1
}
