package report

import (
	"fmt"

	"tandem/internal/results"
)

// goal tells of a goal that was changed while the test ran: whoever reads the
// figures has to know.
func goal(r *results.Results) section {
	if len(r.GoalChanges) == 0 {
		return section{}
	}
	s := section{ID: "goal", Title: "The goal was changed"}
	if r.Recounting != nil {
		s.Alerts = append(s.Alerts, alert{Tone: warn, Text: plain(r.Recounting.Text) + ".", More: []string{"Nothing is concluded about completion until that is done."}})
	}
	t := table{Under: "goal", Cards: true, Columns: []column{{Head: "When"}, {Head: "By"}, {Head: "Before"}, {Head: "Since"}, {Head: "After", Number: true}}}
	for _, ch := range r.GoalChanges {
		line := row{Head: cell{Text: moment(ch.At)}, Cells: []cell{
			{Text: plain(ch.By)}, {Text: expression(ch.From)}, {Text: expression(ch.To)}, {Text: calls(ch.Calls)},
		}}
		if note := plain(ch.Note); note != "" {
			line.Head.Sub = append(line.Head.Sub, note)
		}
		t.Rows = append(t.Rows, line)
	}
	s.Tables = []table{t}
	s.Text = []string{"All calls are counted under the goal as it is now. Whoever changed it could have seen the results of the calls before; a goal that is picked because of them can make a winner of either arm."}
	return s
}

func expression(goal string) string {
	if text := plain(goal); text != "" {
		return text
	}
	return "none"
}

// fields says which fields are not compared, and how often the others were
// unknown.
func fields(r *results.Results) section {
	s := section{ID: "fields", Title: "Fields of the analysis"}
	torn := table{Caption: "Not comparable", Columns: []column{{Head: "Field"}, {Head: "Arms"}, {Head: "Why"}}}
	for _, m := range r.NotComparable {
		torn.Rows = append(torn.Rows, row{Head: cell{Text: plain(m.Field)}, Cells: []cell{{Text: m.Arm + " and " + m.Against}, {Text: plain(m.Reason)}}})
	}
	known := table{Caption: "Unknown in analysed calls", Cards: true, Columns: []column{{Head: "Field"}}}
	for _, a := range r.Arms {
		known.Columns = append(known.Columns, column{Head: a.Key, Arm: a.Key, Number: true})
	}
	known.Columns = append(known.Columns, column{Head: "Uneven", Sub: "only if you look once"})
	for i := range r.Metrics {
		if m := &r.Metrics[i]; len(m.UnknownGaps) > 0 {
			known.Rows = append(known.Rows, unknownRow(m))
		}
	}
	for _, t := range []table{torn, known} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	if len(s.Tables) == 0 {
		return section{}
	}
	if len(known.Rows) > 0 {
		s.Text = []string{"An analysis may find that a transcript does not tell a field: it is then unknown, and in no share or average. Where that is so more often in one arm, the calls that are left may not be alike."}
	}
	return s
}

func unknownRow(m *results.Metric) row {
	line := row{Head: cell{Text: plain(m.Label)}}
	for _, a := range m.Answers {
		c := cell{Text: withShare(a.Unknown, a.UnknownShare), Sub: []string{"of " + count(a.Analyzed)}}
		if a.Unreported > 0 {
			c.Sub = append(c.Sub, count(a.Unreported)+space+"not reported")
		}
		line.Cells = append(line.Cells, c)
	}
	uneven := cell{Text: "no"}
	for _, g := range m.UnknownGaps {
		if g.P == nil {
			continue
		}
		text := fmt.Sprintf("%s: p %s", g.Arm, pValue(g.P, nil))
		if g.Uneven {
			uneven.Text, line.Strong = "yes", true
		}
		uneven.Sub = append(uneven.Sub, text)
	}
	line.Cells = append(line.Cells, uneven)
	return line
}
