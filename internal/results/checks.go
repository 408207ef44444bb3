package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tandem"
)

const (
	// gapAlpha is how often the gaps of two arms alike may raise an alarm, over
	// all kinds of gaps, arms and looks.
	gapAlpha = 0.01
	// gapKinds is how many kinds of gaps share it.
	gapKinds = 4
	// mostNotRandomised is the share of calls counted apart past which a test is
	// no longer about what it drew, from leastForShare calls on.
	mostNotRandomised = 0.10
	leastForShare     = 50
)

// alarms lists the checks that failed, the gravest first, each with the
// acknowledgement that it may have.
func (a *account) alarms() []tandem.Alarm {
	out := []tandem.Alarm{}
	checks := []func() (tandem.Alarm, bool){a.splitAlarm, a.coverageAlarm, a.notRandomisedAlarm, a.healthAlarm}
	if a.held(a.test.PrimaryMetric) {
		// Whether outcomes are missing, and what they look like, is a mixture of two goals.
		checks = []func() (tandem.Alarm, bool){a.splitAlarm, a.notRandomisedAlarm}
	}
	for _, check := range checks {
		alarm, failed := check()
		if !failed {
			continue
		}
		if ack, done := a.test.Acknowledgement(alarm); done {
			alarm.Acknowledged = &ack
		}
		out = append(out, alarm)
	}
	return out
}

// evidenceStrength is the strength of a concern by its log evidence, which JSON
// has to be able to write.
func evidenceStrength(log float64) float64 { return min(log, math.MaxFloat64/4) }

func (a *account) splitAlarm() (tandem.Alarm, bool) {
	if !a.sample.broken() {
		return tandem.Alarm{}, false
	}
	return tandem.Alarm{
		Check: tandem.CheckSampleRatio, Text: a.sample.text(a.test.Arms) + ".",
		Concerns: []tandem.Concern{{Kind: "split", Strength: evidenceStrength(a.sample.most)}},
	}, true
}

// gaps compares how often something is missing in each arm and in the first.
func (a *account) gaps() []Gap {
	out := make([]Gap, 0, len(a.standing.Coverage))
	for i := range a.standing.Coverage {
		p := &a.standing.Coverage[i]
		if p.Metric == CoverageOutcome && a.held(a.test.PrimaryMetric) {
			continue
		}
		g := Gap{Kind: p.Metric, Arm: p.Arm}
		if p.Known {
			g.Value = number(p.Value)
		}
		if f, ok := a.unplanned(p); ok {
			g.P = number(math.Exp(f.logP))
			g.Alarm = f.logP <= math.Log(gapAlpha/float64(gapKinds*len(a.others())))
		}
		out = append(out, g)
	}
	return out
}

// coverageAlarm says where outcomes are missing unevenly.
func (a *account) coverageAlarm() (tandem.Alarm, bool) {
	alarm := tandem.Alarm{Check: tandem.CheckCoverage}
	var parts []string
	for i, g := range a.gaps() {
		if !g.Alarm {
			continue
		}
		p := &a.standing.Coverage[i]
		f, _ := a.unplanned(p)
		alarm.Concerns = append(alarm.Concerns, tandem.Concern{Kind: p.Metric, Arm: p.Arm, Strength: evidenceStrength(-f.logP)})
		parts = append(parts, fmt.Sprintf("%s %s (%s)", a.gapWords(p.Metric), a.sides(p, measure{share: true}), pText(f.logP)))
	}
	alarm.Text = "Outcomes are missing unevenly: " + strings.Join(parts, "; ") + "."
	return alarm, len(parts) > 0
}

func (a *account) gapWords(kind string) string {
	switch kind {
	case CoverageOutcome:
		return "calls with a known " + lower(a.primary().label)
	case CoverageAnalysis:
		return "calls with an analysis"
	case CoverageLost:
		return "lost calls"
	case CoverageFailover:
		return "calls that something else took"
	}
	return kind
}

// notRandomisedAlarm says that too many calls are counted apart.
func (a *account) notRandomisedAlarm() (tandem.Alarm, bool) {
	var apart, calls int64
	reasons := map[string]int64{}
	for _, arm := range a.test.Arms {
		calls += a.cells.n(tandem.MetricCalls, arm.Key)
		t := a.cells.of(tandem.MetricNotRandomised, arm.Key).total
		apart += t.N
		for reason, n := range t.Names {
			reasons[reason] += n
		}
	}
	all := apart + calls
	share, worst := float64(apart)/float64(all), ""
	if all < leastForShare {
		share = 0
	}
	// What is in the evidence stays there when later calls are drawn again.
	if most := ratio(a.standing.ApartMost, a.standing.ApartOf); most > share {
		if share <= mostNotRandomised {
			worst = fmt.Sprintf("; at its worst %s of %s", grouped(a.standing.ApartMost), grouped(a.standing.ApartOf))
		}
		share = most
	}
	if share <= mostNotRandomised {
		return tandem.Alarm{}, false
	}
	names := make([]string, 0, len(reasons))
	for reason := range reasons {
		names = append(names, reason)
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(cmp.Compare(reasons[y], reasons[x]), cmp.Compare(x, y))
	})
	for i, reason := range names {
		names[i] = fmt.Sprintf("%s %s", reason, grouped(reasons[reason]))
	}
	return tandem.Alarm{
		Check:    tandem.CheckNotRandomised,
		Concerns: []tandem.Concern{{Kind: "not_randomised", Strength: share}},
		Text: fmt.Sprintf("Too few calls are left to chance: %s of %s had no fair draw, or went elsewhere than it said (%s)%s.",
			grouped(apart), plural(all, "call"), strings.Join(names, ", "), worst),
	}, true
}

// healthAlarm says what is odd about the primary metric, and where a guardrail's has
// changed its meaning. A guardrail's that never moves may be as it should be; the
// guardrail says so itself.
func (a *account) healthAlarm() (tandem.Alarm, bool) {
	alarm := tandem.Alarm{Check: tandem.CheckMetricHealth}
	var parts []string
	last := ""
	for _, h := range a.standing.Health {
		e, _ := a.entry(h.Metric)
		concern := tandem.Concern{Kind: h.Kind, Arm: h.Arm, Strength: float64(h.Run)}
		if e.name != a.primary().name {
			if h.Kind == ailmentConstant {
				continue
			}
			concern.Kind += "." + h.Metric
		}
		alarm.Concerns = append(alarm.Concerns, concern)
		text := oddness(h, measureOf(e.kind, e.unit))
		if h.Metric != last {
			text, last = "the "+lower(e.label)+": "+text, h.Metric
		}
		parts = append(parts, text)
	}
	alarm.Text = "Something is odd about " + strings.Join(parts, "; ") + "."
	return alarm, len(parts) > 0
}

// oddness says what an ailment is.
func oddness(h Ailment, m measure) string {
	where := ""
	if h.Arm != "" {
		where = " of arm " + h.Arm
	}
	switch {
	case h.Kind != ailmentJumped:
		return fmt.Sprintf("it has been %s in all of %s%s, so that it tells nothing apart", m.level(h.Value), plural(h.Run, "call"), where)
	case h.Over:
		return fmt.Sprintf("it was %s in each of %s in a row%s, which its share before makes all but impossible; it moves again, and those calls are in the evidence",
			m.level(h.Value), plural(h.Run, "call"), where)
	}
	return fmt.Sprintf("it was %s in each of the last %s%s, which its share before makes all but impossible", m.level(h.Value), plural(h.Run, "call"), where)
}

// primary gives the metric that the verdict rests on.
func (a *account) primary() entry {
	e, _ := a.entry(a.test.PrimaryMetric)
	return e
}

// pText writes a p-value given by its logarithm.
func pText(logP float64) string {
	switch p := math.Exp(logP); {
	case p >= 0.00095:
		return "p " + short(p)
	case logP < -300*math.Ln10:
		return "p below 1e-300"
	default:
		return fmt.Sprintf("p %.0e", p)
	}
}
