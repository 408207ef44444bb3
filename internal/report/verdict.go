package report

import (
	"cmp"
	"fmt"

	"tandem"
	"tandem/internal/results"
)

// conclusion shows the verdict: its sentence, then what it rests on.
func conclusion(r *results.Results) verdict {
	v := &r.Verdict
	out := verdict{Text: plain(v.Text)}
	out.Title, out.Tone = verdictTitle(r)
	add := func(name, text string) {
		if text != "" {
			out.Facts = append(out.Facts, fact{name, text})
		}
	}
	add("Metric", label(r, cmp.Or(v.Metric, r.PrimaryMetric)))
	if m := r.Metric(v.Metric); m != nil {
		f := spanFigures(m, []*float64{v.Value}, v.Interval)
		if v.Value != nil {
			add("Difference, "+cmp.Or(v.Compared, v.Arm, "B")+" less "+cmp.Or(v.Against, "A"), f.difference(*v.Value))
		}
		if v.Interval != nil {
			add(levelOf(v)+" interval, valid at every look", f.span(v.Interval.Low, v.Interval.High)+f.apart().suffix())
		}
	}
	if v.P != nil {
		add("p, valid at every look", pValue(v.P, verdictLog10(r)))
	}
	add("Method", methodNames[v.Method])
	add("Covers", covered(r))
	add("What would change it", plain(v.Change))
	add("To a decision, if the difference stays", more(v))
	return out
}

// verdictLog10 gives the logarithm of the verdict's p, which may be too small to write:
// that of the evidence where it is the same p.
func verdictLog10(r *results.Results) *float64 {
	v := &r.Verdict
	if m := r.Metric(v.Metric); m != nil {
		for _, c := range m.Against {
			if e := c.Evidence; e != nil && c.Arm == v.Compared && e.P != nil && *e.P == *v.P && e.Log10P != nil {
				return e.Log10P
			}
		}
	}
	return log10Of(v.P)
}

// suffix is the unit behind a difference.
func (f figures) suffix() string {
	if f.unit == "" {
		return ""
	}
	return space + f.unit
}

func verdictTitle(r *results.Results) (string, tone) {
	switch v := r.Verdict; v.Status {
	case tandem.Better:
		return "Conclusion", good
	case tandem.NoDifference:
		return "No practical difference", good
	case tandem.GuardrailBreached:
		return "A guardrail is breached", bad
	case tandem.SplitBroken:
		return "The split is broken", bad
	case tandem.OutcomesMissing:
		return "Outcomes are missing", bad
	case tandem.TooFewRandomised:
		return "Too few calls were left to chance", bad
	case tandem.MetricBroken:
		return "The metric cannot be relied on", bad
	}
	if r.Status == tandem.Running {
		return "No conclusion yet", calm
	}
	return "No conclusion", calm
}

// levelOf writes the confidence level: 95 %.
func levelOf(v *tandem.Verdict) string { return weight(100 * cmp.Or(v.Level, results.Level)) }

func covered(r *results.Results) string {
	n, to := r.Verdict.Calls, r.Verdict.CoveredTo
	if n == 0 {
		n, to = r.Evidence.Calls, r.Evidence.CoveredTo
	}
	text := calls(n)
	if to != nil {
		text += ", up to " + moment(*to)
	}
	if w := r.Evidence.Waiting; w > 0 {
		text += fmt.Sprintf("; %s more wait behind the oldest call without outcome", count(w))
	}
	if r.Evidence.Rebuilding {
		text += "; being computed anew, so it will cover more soon"
	}
	return text
}

// more says how much longer, as far as anybody can say.
func more(v *tandem.Verdict) string {
	if v.MoreCalls == nil || v.Status != tandem.Collecting {
		return ""
	}
	text := "about " + count(*v.MoreCalls) + " more calls"
	if v.MoreDays != nil {
		text += ", about " + days(*v.MoreDays)
	}
	return text
}

func days(d float64) string {
	switch {
	case d < 1:
		return "a day"
	case d < 10:
		return fixed(d, 1) + " days"
	}
	return fixed(d, 0) + " days"
}

// checks lists what went wrong and what is watched.
func checks(r *results.Results) section {
	s := section{ID: "checks", Title: "Alarms and guardrails"}
	for _, a := range r.Verdict.Alarms {
		al := alert{Tone: bad, Text: plain(a.Text), More: []string{"Not acknowledged: it suspends the verdict."}}
		if k := a.Acknowledged; k != nil {
			al.Tone, al.More = warn, []string{"Acknowledged by " + plain(k.By) + " on " + moment(k.At) + ", so it no longer suspends the verdict."}
			if note := plain(k.Note); note != "" {
				al.More = append(al.More, "Reason given: "+note)
			}
		}
		s.Alerts = append(s.Alerts, al)
	}
	if len(s.Alerts) == 0 {
		s.Text = append(s.Text, checked(r))
	}
	if len(r.Verdict.Guardrails) == 0 {
		s.Text = append(s.Text, "No guardrails were set.")
		return s
	}
	for _, g := range r.Verdict.Breached() {
		s.Alerts = append(s.Alerts, alert{Tone: bad, Text: plain(g.Text)})
	}
	s.Tables = append(s.Tables, guardrails(r))
	return s
}

// checked says what was checked in vain, as far as there is anything to check.
func checked(r *results.Results) string {
	if r.Evidence.Calls == 0 {
		return "There are no calls to check yet."
	}
	return "No check failed: the arms' sizes, missing outcomes, calls not left to chance and the health of the primary metric are checked at every call."
}

func guardrails(r *results.Results) table {
	t := table{Caption: "Guardrails", Cards: true, Columns: []column{
		{Head: "Metric"},
		{Head: "Arm"},
		{Head: "Allowed", Sub: "worse than A by", Number: true},
		{Head: "Worse by", Sub: "negative: better", Number: true},
		{Head: "At least", Sub: "valid at every look", Number: true},
		{Head: "State"},
	}}
	for _, g := range r.Verdict.Guardrails {
		t.Rows = append(t.Rows, guardrail(r, g))
	}
	return t
}

func guardrail(r *results.Results, g tandem.GuardrailState) row {
	m := r.Metric(g.Metric)
	if m == nil {
		m = &results.Metric{Kind: tandem.Mean}
	}
	f := figuresOf(m, &g.Margin, g.Harm, g.AtLeast)
	written := func(x *float64) cell {
		if x == nil {
			return cell{Text: unknown, None: true}
		}
		return cell{Text: f.difference(*x)}
	}
	state := cell{Text: "holds"}
	switch {
	case g.Breached:
		state = cell{Text: "breached"}
	case g.AtLeast == nil || !g.Known && r.Status == tandem.Running:
		state = cell{Text: "too early to say", None: true}
	}
	if g.Action == tandem.Rollback {
		state.Sub = append(state.Sub, "a breach gives all calls to A")
	}
	if text := plain(g.Text); text != "" && !g.Breached {
		state.Sub = append(state.Sub, text)
	}
	return row{
		Head:   cell{Text: label(r, g.Metric), Sub: []string{"worse when " + string(g.Worse)}},
		Cells:  []cell{{Text: g.Arm}, {Text: f.amount(g.Margin)}, written(g.Harm), written(g.AtLeast), state},
		Strong: g.Breached,
	}
}
