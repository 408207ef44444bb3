package results

import (
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/stats"
)

// Answers says what the analyses of an arm's calls made of one field. Analyses that
// leave the field out and those that report it as unknown are told apart: the
// first say nothing about the call, the second that its transcript tells nothing.
type Answers struct {
	Arm      string `json:"arm"`
	Analyzed int64  `json:"analyzed"`
	Known    int64  `json:"known"`
	Unknown  int64  `json:"unknown" doc:"Reported as unknown, or with a value that the field does not accept"`
	// Unreported are analysed calls of which nothing was reported.
	Unreported   int64    `json:"unreported"`
	UnknownShare *float64 `json:"unknown_share,omitempty" doc:"Of analysed calls; absent while there are none"`
}

// UnknownGap compares how often a field is unknown in an arm and in the first.
type UnknownGap struct {
	Arm      string    `json:"arm"`
	Against  string    `json:"against"`
	Value    *float64  `json:"value,omitempty" doc:"This arm's share of unknowns less the first's"`
	Interval *Interval `json:"interval,omitempty"`
	P        *float64  `json:"p,omitempty" doc:"Two-sided; holds only if you look once"`
	Uneven   bool      `json:"uneven" doc:"p is 0.01 or less: the calls whose value is known may not be alike in the two arms"`
}

// unevenP is the p from which on unknowns are called uneven.
const unevenP = 0.01

// answers tells how often each arm's analyses knew the field of a metric; nil for a
// metric that is no field of the versions, and while no call was analysed.
func (a *account) answers(e entry) []Answers {
	if e.field == "" {
		return nil
	}
	out := make([]Answers, len(a.test.Arms))
	var analyzed int64
	for i, arm := range a.test.Arms {
		n := Answers{
			Arm: arm.Key, Analyzed: a.cells.n(tandem.MetricAnalyzed, arm.Key),
			Known: a.cells.n(e.name, arm.Key), Unknown: a.cells.n(tandem.MetricUnknownPrefix+e.field, arm.Key),
		}
		if e.text { // a text that is unknown counts as not given
			n.Known = max(0, n.Known-n.Unknown)
		}
		n.Unreported = max(0, n.Analyzed-n.Known-n.Unknown)
		n.UnknownShare = share(n.Unknown, n.Analyzed)
		analyzed += n.Analyzed
		out[i] = n
	}
	if analyzed == 0 {
		return nil
	}
	return out
}

// unknownGaps compares the shares of unknowns; nil where nothing is unknown.
func (a *account) unknownGaps(e entry, all []Answers) []UnknownGap {
	var unknown int64
	for _, n := range all {
		unknown += n.Unknown
	}
	if unknown == 0 {
		return nil
	}
	var out []UnknownGap
	first := a.test.Arms[0].Key
	for _, arm := range a.others() {
		g := UnknownGap{Arm: arm.Key, Against: first}
		var pairs []stats.Stratum[stats.Proportion]
		for _, p := range a.test.Phases {
			x, y := a.unknownIn(e, first, p.Number), a.unknownIn(e, arm.Key, p.Number)
			pairs = append(pairs, stats.Stratum[stats.Proportion]{Weight: stats.StratumWeight(x.N, y.N), A: x, B: y})
		}
		if est, err := stats.StratifiedProportions(pairs, Level); err == nil {
			g.Value, g.Interval, g.P = number(est.Value), interval(est.Interval, "newcombe"), number(est.Test.P)
			g.Uneven = est.Test.P <= unevenP
		}
		out = append(out, g)
	}
	return out
}

func (a *account) unknownIn(e entry, arm string, phase int) stats.Proportion {
	return stats.Proportion{
		Successes: a.cells.of(tandem.MetricUnknownPrefix+e.field, arm).phase(phase).N,
		N:         a.cells.of(tandem.MetricAnalyzed, arm).phase(phase).N,
	}
}

// addAnswers fills in what is known of a field, and notes where unknowns are uneven.
func (a *account) addAnswers(m *Metric, e entry) {
	m.Answers = a.answers(e)
	m.UnknownGaps = a.unknownGaps(e, m.Answers)
	var parts []string
	for i, g := range m.UnknownGaps {
		if !g.Uneven {
			continue
		}
		w := measure{share: true}
		x, y := m.Answers[0].UnknownShare, m.Answers[i+1].UnknownShare
		parts = append(parts, fmt.Sprintf("%s in %s, %s in %s", w.value(*y, 1), g.Arm, w.value(*x, 1), g.Against))
	}
	if len(parts) > 0 {
		m.addNote("unknown unevenly often (" + strings.Join(parts, "; ") + "), so that the calls whose value is known may not be alike")
	}
}

func (m *Metric) addNote(s string) {
	if m.Note != "" {
		m.Note += "; "
	}
	m.Note += s
}
