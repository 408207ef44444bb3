package report

import (
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/judge"
)

// judged shows what readers, people and a language model, say of transcripts.
func judged(all []judge.Judgements, d *tandem.Decision) section {
	if len(all) == 0 {
		return section{}
	}
	s := section{ID: "judged", Title: "What readers prefer", Text: []string{judge.Label}}
	for i := range all {
		j := &all[i]
		if len(j.Judge) > 0 || j.People.Preferred != nil {
			s.Tables = append(s.Tables, preferences(j))
		}
		if len(j.Scores) > 0 {
			s.Tables = append(s.Tables, scores(j))
		}
		s.Notes = append(s.Notes, judgeNotes(j)...)
	}
	s.Notes = append(s.Notes, "Intervals hold at every look, however many pairs are added, as far as the pairs are independent of one another.")
	if d != nil {
		s.Notes = append(s.Notes, "These are the figures as they stand now: some may be younger than the decision.")
	}
	return s
}

var criterionNames = map[string]string{
	tandem.OverallCriterion: "All in all", tandem.NaturalnessField: "Language naturalness",
	tandem.ErrorField: "Error handling", tandem.OffScriptField: "Off-script recovery",
}

func preferences(j *judge.Judgements) table {
	t := table{Caption: fmt.Sprintf("%s against %s, pair by pair", j.Arms[1], j.Arms[0]), Cards: true, Columns: []column{
		{Head: "Criterion"},
		{Head: j.Arms[0] + " wins", Number: true},
		{Head: j.Arms[1] + " wins", Number: true},
		{Head: "Ties", Number: true},
		{Head: j.Arms[1] + "'s share", Sub: "of decided pairs", Number: true},
		{Head: "Interval", Sub: "valid at every look", Number: true},
		{Head: "Preferred"},
	}}
	add := func(who string, p *judge.Preferred) {
		none := cell{Text: unknown + " yet", None: true}
		line := row{
			Head:  cell{Text: criterionNames[p.Criterion], Sub: []string{who}},
			Cells: []cell{{Text: count(p.Wins[0])}, {Text: count(p.Wins[1])}, {Text: count(p.Ties)}, none, none, {Text: "none shown", None: true}},
		}
		if p.Share != nil {
			line.Cells[3] = cell{Text: percent(*p.Share)}
		}
		if p.Always != nil {
			line.Cells[4] = cell{Text: percent(p.Always.Low) + " to " + percent(p.Always.High)}
		}
		if p.Prefers != "" {
			line.Cells[5] = cell{Text: p.Prefers}
		}
		t.Rows = append(t.Rows, line)
	}
	for i := range j.Judge {
		add("the judge", &j.Judge[i])
	}
	if p := j.People.Preferred; p != nil {
		add("people", p)
	}
	return t
}

func scores(j *judge.Judgements) table {
	t := table{Caption: "Single calls as people rate them, 1 to 5", Columns: []column{
		{Head: "Rubric"},
		{Head: j.Arms[0], Arm: j.Arms[0], Number: true},
		{Head: j.Arms[1], Arm: j.Arms[1], Number: true},
		{Head: "Kappa", Sub: "people and analysis, quadratic weights", Number: true},
	}}
	for _, m := range j.Scores {
		line := row{Head: cell{Text: criterionNames[m.Field]}}
		for _, a := range m.Arms {
			c := cell{Text: unknown + " yet", None: true}
			if a.Mean != nil {
				c = cell{Text: fixed(*a.Mean, 2), Sub: []string{calls(a.Calls)}}
			}
			line.Cells = append(line.Cells, c)
		}
		line.Cells = append(line.Cells, kappaCell(m.Agreement))
		t.Rows = append(t.Rows, line)
	}
	return t
}

func kappaCell(a *judge.Agreement) cell {
	if a == nil || a.Kappa == nil {
		return cell{Text: unknown + " yet", None: true}
	}
	return cell{Text: fixed(*a.Kappa, 2), Sub: []string{fixed(a.Interval.Low, 2) + " to " + fixed(a.Interval.High, 2), "n " + count(a.N)}}
}

func judgeNotes(j *judge.Judgements) []string {
	var out []string
	if j.Judging != nil && len(j.Judge) > 0 {
		text := fmt.Sprintf("The judge is %s, a language model; it read %s pairs whose callers say much the same at first", plain(j.Judging.Judge), count(j.Judging.Judged))
		if j.Alike != nil {
			text += " (similarity " + fixed(*j.Alike, 2) + " in the median)"
		}
		out = append(out, text+", each twice with the calls changing places. An answer that changed with the place is a tie.")
	}
	if p := j.Position; p != nil && p.Pairs > 0 {
		out = append(out, fmt.Sprintf("Its answer was the same in both orders for %s of %s pairs (%s); it preferred whichever call was shown first in %s, second in %s.",
			count(p.Consistent), count(p.Pairs), percent(*p.Share), count(p.FirstBoth), count(p.SecondBoth)))
	}
	if p := j.People; p.Ratings > 0 {
		out = append(out, fmt.Sprintf("People: %s ratings of pairs by %s raters, %s of them without knowing which arm is which.", count(p.Ratings), count(p.Raters), count(p.Blind)))
	}
	if a := j.Agreement; a != nil {
		text := fmt.Sprintf("Over the %s pairs that people and the judge both saw, ", count(a.N))
		if a.Kappa == nil {
			text += "no kappa can be computed: all answers are the same."
		} else {
			text += strings.Join([]string{
				"they agree on " + percent(*a.Observed), "Cohen's kappa is " + fixed(*a.Kappa, 2) + " (" + fixed(a.Interval.Low, 2) + " to " + fixed(a.Interval.High, 2) + " if one looks once).",
			}, "; ")
		}
		out = append(out, text)
	}
	return out
}
