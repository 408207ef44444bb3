package results

import (
	"strings"
	"time"

	"tandem"
)

// account is all that is known of a test at one moment: its tallies, which count
// every call there is, and its evidence, which follows behind in the order of
// assignment. Everything in it is worked out without asking anybody.
type account struct {
	test     tandem.Test
	cells    cells
	entries  []entry
	standing Standing
	pairs    map[cellKey]*Pair
	sample   sampleRatio
	// recount is how far the calls follow the goal.
	recount tandem.Recount
	// mismatches says of metrics and arms why they cannot be compared.
	mismatches map[cellKey]string
}

func newAccount(t tandem.Test, arms []Definitions, rows []tandem.TallyRow, s Standing, r tandem.Recount) *account {
	c := newCells(rows)
	var fields []tandem.Field
	for _, arm := range arms {
		fields = append(fields, arm.Fields...)
	}
	a := &account{test: t, cells: c, entries: catalogue(fields, c), standing: s, pairs: make(map[cellKey]*Pair, len(s.Pairs)), recount: r, mismatches: map[cellKey]string{}}
	for _, m := range Mismatches(arms) {
		a.mismatches[cellKey{tandem.MetricFieldPrefix + m.Field, m.Arm}] = m.Reason
	}
	for i := range s.Pairs {
		p := &s.Pairs[i]
		a.pairs[cellKey{p.Metric, p.Arm}] = p
	}
	a.sample = a.checkSampleRatio()
	return a
}

// pair gives the evidence about a metric, as tallied, in an arm; nil for none.
func (a *account) pair(metric, arm string) *Pair { return a.pairs[cellKey{metric, arm}] }

// others lists the arms but the first.
func (a *account) others() []tandem.Arm { return a.test.Arms[1:] }

// entry finds the metric that a test names: its own name first, and the number
// reported under it where no version defines one.
func (a *account) entry(metric string) (entry, bool) {
	for _, name := range []string{metric, metric + NumberSuffix} {
		for _, e := range a.entries {
			if e.name == name {
				return e, true
			}
		}
	}
	return entry{name: metric, label: labelOf(metric), kind: tandem.Mean}, false
}

// labelOf makes a label for a metric that no call has reported yet.
func labelOf(metric string) string {
	if name := strings.TrimPrefix(metric, tandem.MetricFieldPrefix); name != "" {
		return words(name)
	}
	return "Metric"
}

// assemble makes results of a test's tallies and evidence.
func assemble(t tandem.Test, route tandem.Route, versions []version, rows []tandem.TallyRow, standing Standing, recount tandem.Recount) Results {
	arms := make([]Definitions, len(versions))
	for i, v := range versions {
		arms[i] = Definitions{Arm: t.Arms[i].Key, Fields: v.fields}
	}
	a := newAccount(t, arms, rows, standing, recount)
	out := Results{
		TestID: t.ID, RouteID: t.RouteID, Route: route.Number, Name: t.Name, Status: t.Status,
		Unit: t.Unit, Goal: t.Goal, GoalChanges: t.GoalChanges, Recounting: a.recounting(), NotComparable: Mismatches(arms), PrimaryMetric: t.PrimaryMetric,
		StartedAt: t.StartedAt, EndedAt: t.EndedAt, Winner: t.Winner,
		Method: method(a.cells, t), Hangups: hangupTimings(a.cells, t.Arms), Quality: quality(a.cells, t),
		Evidence: a.evidenceHeader(), Verdict: a.conclude(),
	}
	if out.Route == "" {
		out.Route = route.Name
	}
	out.Ramp = a.ramp(out.Verdict, time.Now())
	for i, arm := range t.Arms {
		out.Arms = append(out.Arms, ArmHeader{
			Key: arm.Key, VersionID: arm.VersionID, Version: versions[i].ref, Note: versions[i].note, Weight: arm.Weight,
		})
	}
	for _, p := range t.Phases {
		out.Phases = append(out.Phases, PhaseHeader{
			Number: p.Number, StartedAt: p.StartedAt, Weights: p.Weights, Calls: a.cells.calls[p.Number],
		})
	}
	out.Metrics = a.metrics()
	out.Method.Notes = append(append(out.Method.Notes, goalNotes(t)...), cutNotes(out.Metrics)...)
	if a.mixed() && t.PrimaryMetric == tandem.MetricCompletion {
		for i := range out.Quality {
			out.Quality[i].Outcomes, out.Quality[i].OutcomeShare = 0, nil
		}
	}
	return out
}

// cutNotes says which evidence is about values that were cut, and where.
func cutNotes(metrics []Metric) []string {
	var out []string
	for _, m := range metrics {
		for _, d := range m.Against {
			if d.Evidence == nil || d.Evidence.CutAt == nil {
				continue
			}
			at := *d.Evidence.CutAt
			unit := measureOf(m.Kind, m.Unit)
			out = append(out, m.Label+": in the evidence, what is longer than "+unit.value(at, unit.decimals(at))+" counts as that: four times the longest of the first "+plural(cutFrom, "value")+", but no more than the route's longest call.")
			break // the same for every arm
		}
	}
	return out
}

// metrics describes and compares the arms in each metric.
func (a *account) metrics() []Metric {
	primary := primaryTally(a.cells, a.test.PrimaryMetric)
	out := make([]Metric, 0, len(a.entries))
	for _, e := range a.entries {
		m := Metric{
			Name: e.name, Label: e.label, Kind: e.kind, Unit: e.unit, Base: e.base, Note: e.note,
			Arms: summarise(e, a.cells, a.test.Arms), Against: compare(e, a.cells, a.test.Arms), Overall: overall(e, a.cells, a.test.Arms),
		}
		if e.low != e.high {
			m.Bounds = &tandem.Span{Low: e.low, High: e.high}
		}
		a.addAnswers(&m, e)
		if m.Name != primary {
			a.apart(&m)
		}
		out = append(out, m)
	}
	a.addEvidence(out, primary)
	for i := range out {
		a.hold(&out[i])
	}
	plainNames(out)
	for i := range out {
		out[i].Primary = out[i].Name == a.test.PrimaryMetric
	}
	return out
}

// method says how the arms are compared.
func method(c cells, t tandem.Test) Method {
	m := Method{
		Comparison: FixedHorizon, Level: Level, Unit: string(tandem.PerCall), Stratified: len(c.calls) > 1,
		Notes: []string{"Intervals and p-values hold only if you look once, at a number of calls chosen beforehand, but for those under evidence, which hold at every look. Looking again and again and stopping at a small p finds winners between equal versions."},
	}
	note := func(s string) { m.Notes = append(m.Notes, s) }
	if m.Stratified {
		note("The split changed during the test. Arms are compared within each phase, and phases weigh what they tell: 4ab/(a + b) for a and b values on the two sides, so that a phase with a small arm counts as little as that arm; each arm's own figures take all phases together.")
	}
	if t.Unit == tandem.PerCaller {
		note("Callers were randomised, not calls. Calls of one caller resemble each other, so the per-call intervals that hold for one look are too narrow and their p-values too small. The evidence and the verdict go by caller.")
	}
	if others := int64(len(t.Arms) - 1); others > 1 {
		note("Each of " + plural(others, "arm") + " is compared with " + t.Arms[0].Key + ". The intervals under evidence hold for all of them together; the p-values of the primary metric are adjusted by Holm's method.")
	}
	if t.PlannedCalls > 0 {
		note("The test was planned for " + plural(t.PlannedCalls, "call") + ". The evidence spends most of its error there and stays true after it.")
	}
	if t.Status == tandem.Recorded {
		chance := "taken from the arms' counts. Split not checked: " + unknownShares + "."
		if t.Intended {
			chance = "the share that was intended, by the word of whoever imported it."
		}
		note("The test was recorded elsewhere: Tandem drew nothing. Each call's chance is " + chance)
	}
	return m
}
