package judge

import (
	"math"
	"slices"
	"strconv"

	"tandem"
	"tandem/internal/stats"
)

// agree compares what people say of pairs with what the judge does; nil when there
// is no pair that both saw.
func (s *Judgements) agree(pairs []tandem.JudgedPair, said map[tandem.Pair]string) *Agreement {
	out := newAgreement(s.Arms[0], s.Arms[1], tandem.Tie)
	for _, p := range pairs {
		people, rated := said[p.Pair]
		judge, known := p.Winner(tandem.OverallCriterion)
		if rated && known {
			out.add(people, judge)
		}
	}
	return out.concluded(stats.CohenKappa)
}

func newAgreement(labels ...string) *Agreement {
	out := &Agreement{Labels: labels, Table: make([][]int64, len(labels))}
	for i := range out.Table {
		out.Table[i] = make([]int64, len(labels))
	}
	return out
}

func (a *Agreement) add(people, machine string) {
	i, j := slices.Index(a.Labels, people), slices.Index(a.Labels, machine)
	if i < 0 || j < 0 {
		return
	}
	a.Table[i][j]++
	a.N++
}

// concluded fills in kappa; nil without an item. Where all items are in one
// category of both, there is none.
func (a *Agreement) concluded(kappa func([][]int64, float64) (stats.Kappa, error)) *Agreement {
	if a.N == 0 {
		return nil
	}
	if k, err := kappa(a.Table, level); err == nil {
		a.Observed, a.Expected, a.Kappa = &k.Observed, &k.Expected, &k.Value
		a.Interval = &tandem.Span{Low: k.Interval.Low, High: k.Interval.High}
	}
	return a
}

// scores summarises ratings of single calls, of all arms.
func (s *Judgements) scores(calls []tandem.RatedCall) []ScoreMatch {
	out := []ScoreMatch{}
	for _, field := range tandem.RubricFields() {
		m := ScoreMatch{Field: field, Arms: []ArmScore{{Arm: s.Arms[0]}, {Arm: s.Arms[1]}}}
		agreement := newAgreement("1", "2", "3", "4", "5")
		sums := [2]float64{}
		for _, rated := range byCall(calls, field) {
			i := slices.Index(s.Arms[:], rated.arm)
			if i < 0 {
				continue
			}
			m.Arms[i].Calls++
			sums[i] += rated.mean
			if rated.analyzed != nil {
				agreement.add(whole(rated.mean), whole(*rated.analyzed))
			}
		}
		for i := range m.Arms {
			if n := m.Arms[i].Calls; n > 0 {
				m.Arms[i].Mean = new(sums[i] / float64(n))
			}
		}
		m.Agreement = agreement.concluded(func(table [][]int64, level float64) (stats.Kappa, error) {
			return stats.WeightedKappa(table, stats.Quadratic, level)
		})
		if m.Arms[0].Calls+m.Arms[1].Calls > 0 {
			out = append(out, m)
		}
	}
	return out
}

// whole rounds a score to a category of the rubric; halves go up.
func whole(score float64) string { return strconv.Itoa(int(math.Floor(score + 0.5))) }

// scored is one call's ratings by one field.
type scored struct {
	arm      string
	mean     float64
	analyzed *float64
}

// byCall puts the ratings of each call together, in the order of calls.
func byCall(calls []tandem.RatedCall, field string) (out []scored) {
	var last tandem.ID
	n := 0.0
	for _, c := range calls { // in the order of their ids
		score := c.Scores.Score(field)
		if score == nil {
			continue
		}
		if len(out) == 0 || c.CallID != last {
			last, n = c.CallID, 0
			out = append(out, scored{arm: c.Arm})
			if x, ok := c.Analyzed[field]; ok {
				out[len(out)-1].analyzed = &x
			}
		}
		s := &out[len(out)-1]
		n++
		s.mean += (float64(*score) - s.mean) / n
	}
	return out
}
