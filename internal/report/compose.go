package report

import (
	"fmt"

	"tandem"
	"tandem/internal/judge"
	"tandem/internal/results"
)

// compose puts the report together.
func compose(r results.Results, d *tandem.Decision, readings []judge.Judgements) document {
	doc := document{
		Title:    title(&r),
		Kicker:   kicker(d),
		Standing: standing(&r, d),
		Facts:    aboutTest(&r, d),
		Verdict:  conclusion(&r),
		Decision: decided(&r, d),
		Cards:    cards(&r, d),
	}
	parts := []section{
		overTime(&r), checks(&r), goal(&r), phases(&r), metrics(&r), fields(&r), distributions(&r),
		sensitivity(&r), judged(readings, d), reference(&r), quality(&r), method(&r),
	}
	for _, s := range parts {
		if !s.empty() {
			doc.Sections = append(doc.Sections, s)
		}
	}
	return doc
}

func title(r *results.Results) string {
	route := plain(r.Route)
	if r.Name == "" {
		return "A/B test on " + route
	}
	return plain(r.Name) + ", on " + route
}

func kicker(d *tandem.Decision) string {
	if d != nil {
		return "Tandem decision report"
	}
	return "Tandem results"
}

// standing says as of when the figures are.
func standing(r *results.Results, d *tandem.Decision) string {
	if d != nil {
		return "What was known when the test was ended, " + moment(d.At) + "."
	}
	to := r.Evidence.CoveredTo
	if to == nil {
		to = r.Verdict.CoveredTo
	}
	so := "So far"
	if r.Status != tandem.Running {
		so = "As it stands now"
	}
	if to == nil {
		return so + ", before the verdict covers any call."
	}
	return fmt.Sprintf("%s, as of %s: the verdict covers the calls assigned up to then.", so, moment(*to))
}

func aboutTest(r *results.Results, d *tandem.Decision) []fact {
	facts := []fact{{"Route", plain(r.Route)}, {"Started", moment(r.StartedAt)}}
	switch {
	case r.Status == tandem.Recorded:
		facts = append(facts, fact{"Status", "recorded elsewhere, then imported"})
	case d != nil:
		facts = append(facts, fact{"Ended", moment(d.At)})
	case r.EndedAt != nil:
		facts = append(facts, fact{"Ended", moment(*r.EndedAt)})
	default:
		facts = append(facts, fact{"Status", string(r.Status)})
	}
	unit := "calls, each on its own"
	if r.Unit == tandem.PerCaller {
		unit = "callers: all calls of one get the same version"
	}
	facts = append(facts, fact{"Randomised", unit}, fact{"Decided by", lowerFirst(label(r, r.PrimaryMetric))})
	if r.Goal != "" {
		facts = append(facts, fact{"A call is completed when", plain(r.Goal)})
	}
	return append(facts, fact{"Test", string(r.TestID)})
}

// decided says who concluded what.
func decided(r *results.Results, d *tandem.Decision) *decision {
	if d == nil {
		if r.Winner == "" {
			return nil
		}
		out := &decision{Title: "Arm " + r.Winner + " was kept", Text: armName(r, r.Winner) + " took all calls from then on."}
		if r.EndedAt != nil {
			out.Text = fmt.Sprintf("The test was ended on %s. %s", moment(*r.EndedAt), out.Text)
		}
		return out
	}
	return &decision{
		Title:  "Arm " + d.Winner + " was kept",
		Text:   fmt.Sprintf("%s ended the test on %s. %s took all calls from then on.", plain(d.By), moment(d.At), armName(r, d.Winner)),
		Reason: paragraphs(d.Note),
		Beside: beside(r, d),
	}
}

// beside says whether the decision rests on the verdict: a reader must be able
// to tell evidence from judgement.
func beside(r *results.Results, d *tandem.Decision) string {
	switch v := r.Verdict; {
	case v.Status == tandem.Better && v.Arm == d.Winner:
		return "The verdict at that moment named the same arm."
	case v.Status == tandem.Better:
		return fmt.Sprintf("The verdict at that moment named arm %s: the decision went against it.", v.Arm)
	case v.Status == tandem.NoDifference:
		return "The verdict at that moment found no practical difference, so either arm would have done."
	}
	return "There was no conclusion at that moment: the decision is a judgement, not a finding."
}

// armName names an arm's version.
func armName(r *results.Results, key string) string {
	for _, a := range r.Arms {
		if a.Key == key && a.Version != "" {
			return plain(a.Version)
		}
	}
	return "arm " + key
}

// cards describes each arm by the primary metric.
func cards(r *results.Results, d *tandem.Decision) []card {
	kept := r.Winner
	if d != nil {
		kept = d.Winner
	}
	primary := r.Metric(r.PrimaryMetric)
	out := make([]card, len(r.Arms))
	for i, a := range r.Arms {
		out[i] = card{
			Arm: a.Key, Version: plain(a.Version), Note: plain(a.Note), Weight: weight(a.Weight),
			Label: label(r, r.PrimaryMetric), Value: unknown + " yet", Kept: kept == a.Key,
		}
		if i < len(r.Quality) {
			q := r.Quality[i]
			out[i].Calls = calls(q.Randomised)
			if q.InProgress > 0 {
				out[i].Calls += ", " + count(q.InProgress) + " in progress"
			}
		}
		if primary != nil && i < len(primary.Arms) && primary.Arms[i].Value != nil {
			out[i].Value, out[i].Detail = cardFigure(primary, &primary.Arms[i])
		}
	}
	return out
}

func cardFigure(m *results.Metric, s *results.Summary) (value, detail string) {
	f := armFigures(m)
	if s.Interval != nil {
		detail = f.between(s.Interval.Low, s.Interval.High) + ", "
	}
	return f.value(*s.Value), detail + "of " + count(s.N) + " " + plain(m.Base)
}

// phases lists the splits a test has had.
func phases(r *results.Results) section {
	if len(r.Phases) < 2 {
		return section{}
	}
	t := table{Under: "phases", Columns: []column{{Head: "From"}}}
	for _, a := range r.Arms {
		t.Columns = append(t.Columns, column{Head: a.Key, Arm: a.Key, Number: true})
	}
	t.Columns = append(t.Columns, column{Head: "Calls", Number: true})
	for _, p := range r.Phases {
		line := row{Head: cell{Text: moment(p.StartedAt)}}
		for _, w := range p.Weights {
			line.Cells = append(line.Cells, cell{Text: weight(w)})
		}
		line.Cells = append(line.Cells, cell{Text: count(p.Calls)})
		t.Rows = append(t.Rows, line)
	}
	return section{
		ID: "phases", Title: "Phases", Tables: []table{t},
		Text: []string{"The split changed during the test. Arms are compared within each phase, so that a good day in one phase cannot pass for a good version."},
	}
}
