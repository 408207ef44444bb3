package results

import (
	"fmt"

	"tandem"
)

// Recounting says that the goal was changed and not everything follows it yet.
type Recounting struct {
	// Done of about Total calls are counted under the changed goal. Once all are,
	// the evidence is folded anew from them.
	Done  int64  `json:"done" doc:"Calls counted under the changed goal"`
	Total int64  `json:"total" doc:"Calls that there were when it was changed, about"`
	Text  string `json:"text"`
}

// A changed goal is counted in two steps: first the tallies of completion are a
// mixture of two goals, then only the evidence is. Neither is shown.

// mixed says that the tallies of completion hold calls of two goals.
func (a *account) mixed() bool { return a.recount.Running() }

// behind says that the evidence of completion may hold calls of two goals.
func (a *account) behind() bool {
	return a.mixed() || a.standing.Calls > 0 && a.recount.Finished > a.standing.Sequence
}

// held says that no conclusion may rest on a metric now.
func (a *account) held(metric string) bool { return metric == tandem.MetricCompletion && a.behind() }

// recounting is nil when everything follows the goal.
func (a *account) recounting() *Recounting {
	if !a.behind() {
		return nil
	}
	r := a.recount
	out := &Recounting{Done: r.Done, Total: max(r.Total, r.Done)}
	out.Text = fmt.Sprintf("Re-counting: %s of %s under the changed goal", grouped(out.Done), plural(out.Total, "call"))
	if !a.mixed() {
		out.Text = fmt.Sprintf("Re-counted: %s under the changed goal; the evidence is being folded anew", plural(out.Done, "call"))
	}
	return out
}

// hold takes out of a metric what is a mixture of two goals.
func (a *account) hold(m *Metric) {
	if !a.held(m.Name) {
		return
	}
	m.AnyDifference, m.Overall = nil, nil
	for i := range m.Against {
		m.Against[i].Evidence = nil
	}
	m.addNote(lower(a.recounting().Text))
	if !a.mixed() {
		return
	}
	for i := range m.Arms {
		m.Arms[i] = Summary{Arm: m.Arms[i].Arm}
	}
	for i, d := range m.Against {
		m.Against[i] = Comparison{Arm: d.Arm, Against: d.Against, Label: d.Label, Note: "held back until every call is counted under the changed goal"}
	}
}

// suspendForGoal says why nothing is concluded about completion.
func (a *account) suspendForGoal(v *tandem.Verdict) {
	v.Status = tandem.Collecting
	v.Text = a.recounting().Text + ". No verdict on the completion rate until that is done."
	v.Change = "Nothing has to be done: it goes on by itself."
}

// goalNote tells who reads a verdict on completion that the goal is not the one the
// test began with.
func (a *account) goalNote() string {
	n := len(a.test.GoalChanges)
	if n == 0 || a.test.PrimaryMetric != tandem.MetricCompletion {
		return ""
	}
	last := a.test.GoalChanges[n-1]
	times := ""
	if n > 1 {
		times = fmt.Sprintf(" for the %s time", ordinal(n))
	}
	return fmt.Sprintf(" The goal was changed%s on %s, after %s.", times, dateTime(last.At, true), plural(last.Calls, "call"))
}

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// goalNotes say what a changed goal does to what is concluded.
func goalNotes(t tandem.Test) []string {
	var out []string
	for _, ch := range t.GoalChanges {
		out = append(out, fmt.Sprintf("The goal was changed on %s by %s, after %s: from %s to %s.",
			dateTime(ch.At, true), ch.By, plural(ch.Calls, "call"), quoted(ch.From), quoted(ch.To)))
	}
	if len(out) > 0 {
		out = append(out, "All calls, those before the change too, are counted under the goal as it is now. What holds at every look holds for a goal that was chosen without a look at results: a goal picked because of them can make a winner of either arm.")
	}
	return out
}

func quoted(goal string) string {
	if goal == "" {
		return "none"
	}
	return "“" + goal + "”"
}
