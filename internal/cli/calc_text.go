package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"tandem/internal/calc"
)

// calcText lays a report out for people.
func (s *session) calcText(r calc.Report) string {
	var out lines
	for i, m := range r.Metrics {
		if i > 0 {
			out.add("")
		}
		s.metricText(&out, m, r.Options)
	}
	if len(r.Overall) > 0 {
		if len(r.Metrics) > 0 {
			out.add("")
		}
		title := "All metrics"
		if len(r.Metrics) == 1 {
			title = "The calls"
		}
		out.add("%s", s.strong(title))
		s.linesText(&out, r.Overall, r.Options)
	}
	if r.Plan != nil {
		if len(r.Metrics) > 0 {
			out.add("")
		}
		s.planText(&out, *r.Plan, r.Options)
	}
	if slices.ContainsFunc(r.Metrics, func(m calc.MetricReport) bool { return len(m.Comparisons) > 0 }) {
		out.add("")
		s.paragraph(&out, "\"Only if you look once\" is what fixed-horizon methods hold for. Differences are the arm less the reference.")
	}
	for _, n := range r.Notes {
		s.paragraph(&out, n)
	}
	return out.String()
}

// paragraph wraps text that recedes.
func (s *session) paragraph(out *lines, text string) {
	width, _, _ := s.Terminal()
	for line := range strings.SplitSeq(lipgloss.Wrap(text, width, " "), "\n") {
		out.add("%s", s.dim(line))
	}
}

func (s *session) metricText(out *lines, m calc.MetricReport, o calc.Options) {
	title := fmt.Sprintf("%s (%s)", m.Metric, kindWords(m.Kind))
	if m.Metric == string(m.Kind) {
		title = "Arm sizes"
	}
	if m.Phases > 1 {
		title += fmt.Sprintf(": %d phases, compared within each; the arms are shown whole", m.Phases)
	}
	out.add("%s", s.strong(title))
	if m.Kind == calc.Category {
		out.add("%s", s.countsTable(m))
		if len(m.Arms) > 0 && m.Arms[0].Method != "" {
			s.paragraph(out, percentLevel(1-o.Alpha)+" intervals of all categories together: "+methodTitle(m.Arms[0].Method))
		}
	} else {
		out.add("%s", s.armsOf(m, o))
	}
	for _, n := range m.Notes {
		s.paragraph(out, "! "+n)
	}
	for _, c := range m.Comparisons {
		out.add("")
		out.add("%s", s.strong(c.Arm+" against "+c.Against))
		s.linesText(out, c.Lines, o)
	}
	if len(m.Overall) > 0 {
		out.add("")
		out.add("%s", s.strong("All arms"))
		s.linesText(out, m.Overall, o)
	}
}

func kindWords(k calc.Kind) string {
	switch k {
	case calc.Proportion:
		return "share"
	case calc.Mean:
		return "average"
	case calc.Ratio:
		return "average over calls, by caller"
	case calc.Category:
		return "categories"
	}
	return "arm sizes"
}

// armsOf is the table of the arms of a metric.
func (s *session) armsOf(m calc.MetricReport, o calc.Options) string {
	headers := []string{"ARM", "N"}
	optional := []struct {
		header string
		has    func(calc.ArmReport) bool
		cell   func(calc.ArmReport) string
	}{
		{"UNKNOWN", func(a calc.ArmReport) bool { return a.Unknown > 0 }, func(a calc.ArmReport) string { return count(a.Unknown) }},
		{"CALLERS", func(a calc.ArmReport) bool { return a.Callers > 0 }, func(a calc.ArmReport) string { return count(a.Callers) }},
		{"SUCCESSES", func(a calc.ArmReport) bool { return a.Successes != nil }, func(a calc.ArmReport) string { return count(*a.Successes) }},
		{"VALUE", func(a calc.ArmReport) bool { return a.Value != nil }, func(a calc.ArmReport) string { return figure(a.Value) }},
		{"SD", func(a calc.ArmReport) bool { return a.SD != nil }, func(a calc.ArmReport) string { return figure(a.SD) }},
		{
			percentLevel(1-o.Alpha) + " INTERVAL", func(a calc.ArmReport) bool { return a.Interval != nil },
			func(a calc.ArmReport) string { return span(a.Interval, calc.Absolute) + ", " + methodTitle(a.Method) },
		},
		{"EXPECTED SHARE", func(a calc.ArmReport) bool { return a.Expected != nil }, func(a calc.ArmReport) string { return figure(a.Expected) }},
	}
	optional = slices.DeleteFunc(optional, func(c struct {
		header string
		has    func(calc.ArmReport) bool
		cell   func(calc.ArmReport) string
	},
	) bool {
		return !slices.ContainsFunc(m.Arms, c.has)
	})
	for _, c := range optional {
		headers = append(headers, c.header)
	}
	g := s.grid(headers...)
	for col := 1; col < len(headers); col++ {
		g.right[col] = true
	}
	for _, a := range m.Arms {
		row := []string{a.Arm, count(a.N)}
		for _, c := range optional {
			cell := ""
			if c.has(a) {
				cell = c.cell(a)
			}
			row = append(row, cell)
		}
		g.row(row...)
	}
	return g.String()
}

// countsTable has a line for each category.
func (s *session) countsTable(m calc.MetricReport) string {
	headers := []string{""}
	names := map[string]bool{}
	shares := map[string]map[string]calc.CategoryShare{}
	for _, a := range m.Arms {
		headers = append(headers, a.Arm, "", "")
		shares[a.Arm] = map[string]calc.CategoryShare{}
		for _, x := range a.Shares {
			shares[a.Arm][x.Category] = x
		}
		for name := range a.Counts {
			names[name] = true
		}
	}
	g := s.grid(headers...)
	for col := 1; col < len(headers); col++ {
		g.right[col] = true
	}
	line := func(name string, one bool, of func(calc.ArmReport) int64) {
		row := []string{name}
		for _, a := range m.Arms {
			share := ""
			if a.N > 0 {
				share = fmt.Sprintf("%.1f %%", 100*float64(of(a))/float64(a.N))
			}
			interval := ""
			if in := shares[a.Arm][name].Interval; in != nil && one {
				interval = fmt.Sprintf("%.1f to %.1f", 100**in.Low, 100**in.High)
			}
			row = append(row, count(of(a)), share, interval)
		}
		g.row(row...)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		line(name, true, func(a calc.ArmReport) int64 { return a.Counts[name] })
	}
	line("all", false, func(a calc.ArmReport) int64 { return a.N })
	return g.String()
}

// linesText writes what methods say: a table, what does not fit into it, and
// why the rest is not given.
func (s *session) linesText(out *lines, all []calc.Line, o calc.Options) {
	g := s.grid("METHOD", "ESTIMATE", "INTERVAL", "STATISTIC", "P", "HOLDS")
	for col := 1; col <= 4; col++ {
		g.right[col] = true
	}
	var more, none []string
	for _, l := range all {
		if l.NotGiven != "" {
			none = append(none, l.Title+": "+l.NotGiven)
			continue
		}
		g.row(l.Title, estimate(l), intervalCell(l, o), statistic(l), pCell(l), holds(l.Holds))
		if text := detail(l); text != "" {
			more = append(more, l.Title+": "+text)
		}
	}
	if len(g.rows) > 0 {
		out.add("%s", g)
	}
	for _, text := range more {
		s.paragraph(out, text)
	}
	if len(none) > 0 {
		s.paragraph(out, "Not given: "+strings.Join(none, "; ")+".")
	}
}

// planText writes the sizes of a test.
func (s *session) planText(out *lines, r calc.PlanReport, o calc.Options) {
	p := r.Plan
	title := "Plan: baseline " + digits(p.Baseline)
	if p.SD > 0 {
		title += ", sd " + digits(p.SD)
	}
	if p.Effect != 0 {
		title += ", effect " + plus(p.Effect) + digits(p.Effect)
	}
	if p.Margin > 0 {
		title += ", margin " + digits(p.Margin)
	}
	power := p.Power
	if power == 0 {
		power = 0.8
	}
	out.add("%s", s.strong(title+", power "+digits(power)+", alpha "+digits(o.Alpha)))
	g := s.grid("METHOD", "CALLS, BOTH ARMS", "MEAN IF STOPPED", "DAYS", "MINIMUM EFFECT", "HOLDS")
	for col := 1; col <= 4; col++ {
		g.right[col] = true
	}
	var none []string
	for _, z := range r.Sizes {
		if z.NotGiven != "" {
			none = append(none, z.Title+": "+z.NotGiven)
			continue
		}
		expected := ""
		if z.Expected > 0 {
			expected = count(z.Expected)
		}
		g.row(z.Title, count(z.Calls), expected, figure(z.Days), figure(z.Effect), holds(z.Holds))
	}
	out.add("%s", g)
	if len(none) > 0 {
		s.paragraph(out, "Not given: "+strings.Join(none, "; ")+".")
	}
	for _, n := range r.Notes {
		s.paragraph(out, n)
	}
}
