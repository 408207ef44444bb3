package report

import (
	"fmt"
	"slices"

	"tandem"
	"tandem/internal/results"
)

// shown lists the metrics that a report compares: the primary one first, and no
// counts, which stand under the quality of the data.
func shown(r *results.Results) []*results.Metric {
	var out []*results.Metric
	for i := range r.Metrics {
		if r.Metrics[i].Kind != tandem.Count {
			out = append(out, &r.Metrics[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *results.Metric) int {
		switch {
		case a.Primary == b.Primary:
			return 0
		case a.Primary:
			return -1
		}
		return 1
	})
	return out
}

// metrics sets the arms side by side.
func metrics(r *results.Results) section {
	list := shown(r)
	if len(list) == 0 || len(r.Arms) == 0 {
		return section{}
	}
	first := r.Arms[0].Key
	t := table{Under: "metrics", Cards: true, Columns: []column{{Head: "Metric"}}}
	for _, a := range r.Arms {
		t.Columns = append(t.Columns, column{Head: a.Key, Arm: a.Key, Number: true})
	}
	t.Columns = append(t.Columns,
		column{Head: "Difference from " + first, Sub: "interval valid at every look", Number: true},
		column{Head: "p", Sub: "valid at every look", Number: true})
	for _, m := range list {
		t.Rows = append(t.Rows, metricRow(m, len(r.Arms) > 2))
	}
	s := section{ID: "metrics", Title: "Metrics", Tables: []table{t}, Text: []string{
		fmt.Sprintf("Each arm as all its calls have it so far, and how it differs from %s over the calls that the verdict covers. The difference is taken within each phase of the split and averaged by what the phases tell, so it need not be that of the two columns.", first),
	}}
	if slices.ContainsFunc(list, func(m *results.Metric) bool { return !m.Primary }) {
		s.Notes = append(s.Notes, "Every metric but the primary one is exploratory: a lead to follow in a test of its own, not a conclusion. Their adjusted p-values allow for how many of them were looked at (Benjamini and Hochberg).")
	}
	if c, ok := intervalChart(r, list); ok {
		s.Charts = append(s.Charts, c)
	}
	return s
}

func metricRow(m *results.Metric, several bool) row {
	line := row{Strong: m.Primary, Head: cell{Text: plain(m.Label), Tag: "exploratory", Sub: []string{plain(m.Base)}}}
	if m.Primary {
		line.Head.Tag = "primary"
	}
	if note := plain(m.Note); note != "" {
		line.Head.Sub = append(line.Head.Sub, note)
	}
	for i := range m.Arms {
		line.Cells = append(line.Cells, armCell(m, &m.Arms[i]))
	}
	diff, p := differenceCells(m, several)
	line.Cells = append(line.Cells, diff, p)
	return line
}

// armCell describes one arm in one metric.
func armCell(m *results.Metric, s *results.Summary) cell {
	f := armFigures(m)
	if s.Successes != nil {
		f = figures{share: true, digits: 1}
	}
	var c cell
	switch {
	case s.Value != nil:
		c.Text = f.value(*s.Value)
		if s.Interval != nil {
			c.Sub = append(c.Sub, f.between(s.Interval.Low, s.Interval.High))
		}
	case len(s.Shares) > 0:
		c.Text = percent(s.Shares[0].Share)
		c.Sub = append(c.Sub, short(words(s.Shares[0].Name), 32))
	default:
		c = cell{Text: "none yet", None: true}
	}
	if s.Median != nil && s.P90 != nil {
		c.Sub = append(c.Sub, "median"+space+significant(*s.Median)+", p90"+space+significant(*s.P90))
	}
	n := "n " + count(s.N)
	if s.Unknown > 0 {
		n += ", " + count(s.Unknown) + space + "unknown"
	}
	c.Sub = append(c.Sub, n)
	return c
}

// differenceCells says what holds at every look. With several arms each line
// names its arm.
func differenceCells(m *results.Metric, several bool) (diff, p cell) {
	if m.Kind == tandem.Category || !evident(m) {
		return withoutPairs(m)
	}
	f := evidenceFigures(m)
	var diffs, chances []cell
	for _, c := range m.Against {
		who := ""
		if several {
			who = c.Arm + ": "
		}
		diffs = append(diffs, differenceCell(f, who, c.Evidence))
		chances = append(chances, chanceCell(who, c.Evidence, several))
	}
	if m.AnyDifference != nil {
		last := &chances[len(chances)-1]
		last.More = append(last.More, cell{Text: pValue(m.AnyDifference, log10Of(m.AnyDifference)), Sub: []string{anyArms}})
	}
	diff, p = diffs[0], chances[0]
	diff.More, p.More = diffs[1:], append(p.More, chances[1:]...)
	return diff, p
}

const anyArms = "that the arms differ at all"

func differenceCell(f figures, who string, e *results.PairEvidence) cell {
	if e == nil || e.Value == nil {
		return cell{Text: who + unknown + " yet", None: true}
	}
	c := cell{Text: who + f.difference(*e.Value)}
	if e.Interval != nil {
		c.Sub = []string{f.span(e.Interval.Low, e.Interval.High)}
	}
	return c
}

func chanceCell(who string, e *results.PairEvidence, several bool) cell {
	if e == nil || e.P == nil {
		return cell{Text: who + unknown, None: true}
	}
	c := cell{Text: who + pValue(e.P, e.Log10P)}
	if e.Adjusted != nil && (several || e.Exploratory) {
		c.Sub = append(c.Sub, "adjusted "+pValue(e.Adjusted, nil))
	}
	if e.AnyChange != nil {
		c.Sub = append(c.Sub, "any change, spread too: "+pValue(e.AnyChange, nil))
	}
	return c
}

// withoutPairs is for metrics that have no difference to name.
func withoutPairs(m *results.Metric) (diff, p cell) {
	diff, p = cell{Text: unknown + " yet", None: true}, cell{Text: unknown, None: true}
	if m.Kind == tandem.Category && slices.ContainsFunc(m.Arms, func(s results.Summary) bool { return len(s.Shares) > 0 }) {
		diff.Text = "see the distribution"
	}
	for _, c := range m.Against {
		if note := plain(c.Note); note != "" {
			diff.Sub = append(diff.Sub, note)
			break
		}
	}
	if m.AnyDifference != nil {
		p = cell{Text: pValue(m.AnyDifference, log10Of(m.AnyDifference)), Sub: []string{anyArms}}
	}
	return diff, p
}

// evident says whether anything holds at every look about the metric.
func evident(m *results.Metric) bool {
	return slices.ContainsFunc(m.Against, func(c results.Comparison) bool {
		return c.Evidence != nil && (c.Evidence.Value != nil || c.Evidence.P != nil)
	})
}

func evidenceFigures(m *results.Metric) figures {
	var values []*float64
	var spans []*tandem.Span
	for _, c := range m.Against {
		if c.Evidence != nil {
			values, spans = append(values, c.Evidence.Value), append(spans, c.Evidence.Interval)
		}
	}
	return spanFigures(m, values, spans...)
}

// reference shows what a textbook would say, which holds for one look.
func reference(r *results.Results) section {
	t := table{Under: "once", Cards: true, Columns: []column{
		{Head: "Metric"},
		{Head: "Difference", Sub: "95" + space + "% interval", Number: true},
		{Head: "p", Number: true},
		{Head: "Relative", Sub: "95" + space + "% interval", Number: true},
		{Head: "Medians", Sub: "95" + space + "% interval", Number: true},
	}}
	b := table{Caption: "Belief: a description, not a reason to stop", Cards: true, Columns: []column{
		{Head: "Metric"},
		{Head: "Chance that it is higher", Number: true},
		{Head: "Loss if kept", Sub: "expected", Number: true},
		{Head: "Loss if not", Sub: "expected", Number: true},
	}}
	for _, m := range shown(r) {
		for _, c := range m.Against {
			if line, ok := onceRow(m, c); ok {
				t.Rows = append(t.Rows, line)
			}
			if c.Belief != nil {
				b.Rows = append(b.Rows, beliefRow(m, c))
			}
		}
	}
	if len(t.Rows) == 0 {
		return section{}
	}
	s := section{ID: "once", Title: "Only if you look once", Tables: []table{t}, Alerts: []alert{{
		Tone: warn,
		Text: "These figures hold for one look, at a number of calls chosen beforehand. They never decide a test here.",
		More: []string{"They are what other software prints, for comparison. Looking again and again and stopping at a small p finds winners between equal versions."},
	}}}
	if len(b.Rows) > 0 {
		s.Tables = append(s.Tables, b)
		s.Notes = append(s.Notes, "The belief starts from uniform priors (Beta-Binomial). Stopping when it passes a threshold finds winners between equal versions more often still.")
	}
	return s
}

var testNames = map[string]string{
	"pooled_z": "pooled z", "fisher_exact": "Fisher's exact test", "welch_t": "Welch's t", "chi_squared": "chi-squared",
	"newcombe": "Newcombe", "delta": "delta method", "order_statistics": "order statistics",
}

func onceRow(m *results.Metric, c results.Comparison) (row, bool) {
	if c.P == nil && c.Value == nil {
		return row{}, false
	}
	none := cell{Text: "none", None: true}
	cells := []cell{none, {Text: pValue(c.P, c.Log10P), Sub: named(c.Test)}, none, none}
	if c.Value != nil {
		f := spanFigures(m, []*float64{c.Value}, spansOf(c.Interval)...)
		cells[0] = intervalCell(f, *c.Value, c.Interval)
	}
	if c.Relative != nil {
		f := figures{share: true, digits: 1, unit: "%"}
		cells[2] = intervalCell(f, c.Relative.Value, c.Relative.Interval)
	}
	if c.Median != nil {
		f := spanFigures(m, []*float64{&c.Median.Value}, spansOf(c.Median.Interval)...)
		cells[3] = intervalCell(f, c.Median.Value, c.Median.Interval)
	}
	line := row{Head: cell{Text: plain(m.Label), Sub: []string{c.Arm + " less " + c.Against}}, Cells: cells, Strong: m.Primary}
	if note := plain(c.Note); note != "" {
		line.Head.Sub = append(line.Head.Sub, note)
	}
	return line, true
}

func named(test string) []string {
	if name := testNames[test]; name != "" {
		return []string{name}
	}
	return nil
}

func spansOf(i *results.Interval) []*tandem.Span {
	if i == nil {
		return nil
	}
	return []*tandem.Span{{Low: i.Low, High: i.High}}
}

func intervalCell(f figures, x float64, in *results.Interval) cell {
	c := cell{Text: f.difference(x)}
	if in != nil {
		c.Sub = append([]string{f.span(in.Low, in.High)}, named(in.Method)...)
	}
	return c
}

func beliefRow(m *results.Metric, c results.Comparison) row {
	// The two losses are of very different size: each has digits of its own.
	loss := func(x float64) cell { return cell{Text: figuresOf(m, &x).amount(x)} }
	return row{
		Head:  cell{Text: plain(m.Label), Sub: []string{c.Arm + " against " + c.Against}},
		Cells: []cell{{Text: percent(c.Belief.Better)}, loss(c.Belief.LossIfKept), loss(c.Belief.LossIfNot)},
	}
}
