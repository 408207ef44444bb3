package report

import (
	"fmt"
	"math"
	"slices"

	"tandem"
	"tandem/internal/results"
)

// sensitivity shows the primary metric by each caller's first call only.
func sensitivity(r *results.Results) section {
	s := section{ID: "first-calls", Title: "Each caller's first call only"}
	m := r.Metric(r.PrimaryMetric)
	if len(r.Evidence.FirstCalls) == 0 || m == nil {
		return section{}
	}
	var values []*float64
	var spans []*tandem.Span
	for _, e := range r.Evidence.FirstCalls {
		values, spans = append(values, e.Value), append(spans, e.Interval)
	}
	f := spanFigures(m, values, spans...)
	t := table{Under: "first-calls", Cards: true, Columns: []column{
		{Head: "Arms"},
		{Head: "Difference", Number: true},
		{Head: "Interval", Sub: "valid at every look", Number: true},
		{Head: "p", Sub: "valid at every look", Number: true},
		{Head: "n", Number: true},
	}}
	for _, e := range r.Evidence.FirstCalls {
		none := cell{Text: unknown + " yet", None: true}
		line := row{Head: cell{Text: e.Arm + " less " + e.Against}, Cells: []cell{none, none, {Text: pValue(e.P, e.Log10P)}, {Text: count(e.N)}}}
		if e.Value != nil {
			line.Cells[0] = cell{Text: f.difference(*e.Value)}
		}
		if e.Interval != nil {
			line.Cells[1] = cell{Text: f.span(e.Interval.Low, e.Interval.High)}
		}
		t.Rows = append(t.Rows, line)
	}
	s.Tables = []table{t}
	s.Text = []string{"A caller who meets both versions carries memory from one to the other. If this differs much from the verdict, look into repeat callers before acting on it."}
	s.Notes = []string{callersLine(r.Evidence)}
	return s
}

func callersLine(e results.EvidenceHeader) string {
	text := fmt.Sprintf("The covered calls came from %s different callers.", count(e.Callers))
	if e.Withheld > 0 {
		text += fmt.Sprintf(" %s withheld their number and count as callers of their own.", calls(e.Withheld))
	}
	return text
}

// quality says how complete the data are.
func quality(r *results.Results) section {
	if len(r.Quality) == 0 {
		return section{}
	}
	s := section{ID: "quality", Title: "Data quality", Text: []string{splitLine(r.Evidence.SampleRatio, r.Evidence.Calls)}}
	s.Tables = append(s.Tables, completeness(r))
	if len(r.Evidence.Coverage) > 0 && len(r.Arms) > 0 {
		s.Tables = append(s.Tables, gaps(r))
	}
	s.Notes = append(s.Notes, "Calls are counted under the arm they were assigned, whichever version answered in the end. Calls whose arm was not left to chance are counted apart and are in no metric.")
	if r.Unit == tandem.PerCaller {
		s.Notes = append(s.Notes, callersLine(r.Evidence))
	}
	return s
}

func completeness(r *results.Results) table {
	t := table{Caption: "Calls by arm", Columns: []column{{Head: "Calls"}}}
	for _, q := range r.Quality {
		t.Columns = append(t.Columns, column{Head: q.Arm, Arm: q.Arm, Number: true})
	}
	add := func(name string, of func(int, *results.Quality) string) {
		line := row{Head: cell{Text: name}}
		for i := range r.Quality {
			line.Cells = append(line.Cells, cell{Text: of(i, &r.Quality[i])})
		}
		t.Rows = append(t.Rows, line)
	}
	add("Left to chance", func(_ int, q *results.Quality) string { return count(q.Randomised) })
	expected := expectedCalls(r)
	add("Expected from the split", func(i int, _ *results.Quality) string { return fixed(expected[i], 0) })
	add("In progress", func(_ int, q *results.Quality) string { return count(q.InProgress) })
	add("Ended", func(_ int, q *results.Quality) string { return count(q.Ended) })
	add("Lost: no end was reported", func(_ int, q *results.Quality) string { return withShare(q.Lost, q.LostShare) })
	add("Analysed", func(_ int, q *results.Quality) string { return withShare(q.Analyzed, q.AnalyzedShare) })
	add("Outcome known", func(_ int, q *results.Quality) string { return withShare(q.Outcomes, q.OutcomeShare) })
	for _, reason := range reasons(r.Quality) {
		add("Counted apart: "+words(string(reason)), func(_ int, q *results.Quality) string { return count(q.NotRandomised[reason]) })
	}
	return t
}

// expectedCalls gives the calls that each phase's split would give each arm.
func expectedCalls(r *results.Results) []float64 {
	out := make([]float64, len(r.Quality))
	for _, p := range r.Phases {
		for i, w := range p.Weights {
			if i < len(out) {
				out[i] += w / 100 * float64(p.Calls)
			}
		}
	}
	return out
}

func reasons(all []results.Quality) []tandem.Reason {
	var out []tandem.Reason
	for _, q := range all {
		for reason := range q.NotRandomised {
			if !slices.Contains(out, reason) {
				out = append(out, reason)
			}
		}
	}
	slices.Sort(out)
	return out
}

func withShare(n int64, share *float64) string {
	if share == nil {
		return count(n)
	}
	return count(n) + " (" + percent(*share) + ")"
}

// splitLine says what the check of the arms' sizes says.
func splitLine(s results.SampleRatio, n int64) string {
	switch {
	case s.NotChecked != "":
		return "Split not checked: " + s.NotChecked + "."
	case s.LogBayesFactor == nil && s.Broken:
		return "Split: an arm without a share of the calls has some all the same."
	case s.LogBayesFactor == nil || n == 0:
		return "Split: there are no calls to check yet."
	case s.Broken:
		return fmt.Sprintf("Split: the arms' sizes contradict it (evidence against it %s; alarm from 100 on).", bayes(*s.LogBayesFactor))
	}
	return fmt.Sprintf("Split: the arms have the calls that it gives them, give or take chance (evidence against it %s; alarm from 100 on).", bayes(*s.LogBayesFactor))
}

// bayes writes a Bayes factor from its natural logarithm.
func bayes(log float64) string {
	if log10 := log / math.Ln10; math.Abs(log10) >= 4 {
		return "10" + superscript(int(math.Round(log10)))
	}
	return significant(math.Exp(log))
}

var gapNames = map[string]string{
	results.CoverageOutcome:  "Outcome known",
	results.CoverageAnalysis: "Analysed",
	results.CoverageLost:     "Lost",
	results.CoverageFailover: "Failed over",
}

// gaps says whether anything is missing more often in one arm.
func gaps(r *results.Results) table {
	t := table{Caption: "Missing more often in one arm?", Columns: []column{
		{Head: "Share of calls"},
		{Head: "Difference", Number: true},
		{Head: "p", Sub: "valid at every look", Number: true},
		{Head: "Alarm"},
	}}
	share := &results.Metric{Kind: tandem.Proportion}
	for _, g := range r.Evidence.Coverage {
		name := gapNames[g.Kind]
		if name == "" {
			name = words(g.Kind)
		}
		line := row{Head: cell{Text: name, Sub: []string{g.Arm + " less " + r.Arms[0].Key}}, Strong: g.Alarm}
		value := cell{Text: unknown + " yet", None: true}
		if g.Value != nil {
			value = cell{Text: figuresOf(share, g.Value).difference(*g.Value)}
		}
		state := "no"
		if g.Alarm {
			state = "yes"
		}
		line.Cells = []cell{value, {Text: pValue(g.P, nil)}, {Text: state}}
		t.Rows = append(t.Rows, line)
	}
	return t
}
