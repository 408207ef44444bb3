package cli

import (
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type ratingsCommand struct {
	Test string `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Arm  string `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
}

func (*ratingsCommand) Help() string {
	return `What people prefer of pairs, what they rated single calls, what the judge prefers, and how far they
agree.`
}

func (c *ratingsCommand) Run(s *session) error { return s.showJudgements(c.Test, c.Arm) }

type judgeShow struct {
	Test string `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Arm  string `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
}

func (c *judgeShow) Run(s *session) error { return s.showJudgements(c.Test, c.Arm) }

func (s *session) showJudgements(test, arm string) error {
	t, err := s.latestTest(test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	j, err := api.Judgements(s.ctx, t.ID, arm)
	if err != nil {
		return err
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, j.Raw)
	}
	s.printf("%s\n", s.judgementsText(j, test))
	return nil
}

var criterionNames = map[string]string{
	tandem.OverallCriterion: "overall", tandem.NaturalnessField: "language naturalness",
	tandem.ErrorField: "error handling", tandem.OffScriptField: "off-script recovery",
}

func criterionName(name string) string { return first(criterionNames[name], name) }

func (s *session) judgementsText(j client.Judgements, test string) string {
	var out lines
	if len(j.Judge) == 0 && j.People.Ratings == 0 && len(j.Scores) == 0 && j.Judging == nil {
		out.add("Nobody has rated or judged anything yet: tandem rate %s, tandem judge %s", test, test)
		return out.String()
	}
	s.addJudging(&out, j)
	if len(j.Judge) > 0 {
		out.add("%s", s.preferences(j.Arms, "JUDGE", j.Judge))
		out.add("%s", judgeWords(j))
	}
	out.add("")
	if p := j.People; p.Preferred != nil {
		out.add("%s", s.preferences(j.Arms, "PEOPLE", []client.Preferred{*p.Preferred}))
		out.add("%s ratings of pairs by %s, %s of them blind. %s", count(p.Ratings), people(p.Raters), count(p.Blind), preferenceWords("People", *p.Preferred))
	} else {
		out.add("No person has rated a pair: tandem rate %s", test)
	}
	if a := j.Agreement; a != nil {
		out.add("People and the judge, over %s pairs that both saw: %s", count(a.N), agreementWords(a))
	}
	for _, m := range j.Scores {
		var means []string
		for _, a := range m.Arms {
			mean := unknown
			if a.Mean != nil {
				mean = fmt.Sprintf("%.2f", *a.Mean)
			}
			means = append(means, fmt.Sprintf("%s %s (%s calls)", a.Arm, mean, count(a.Calls)))
		}
		text := fmt.Sprintf("People on %s, 1 to 5: %s.", criterionName(m.Field), strings.Join(means, ", "))
		if m.Agreement != nil {
			text += fmt.Sprintf(" With the analysis, over %s calls: %s", count(m.Agreement.N), agreementWords(m.Agreement))
		}
		out.add("%s", text)
	}
	out.add("")
	out.add("%s", s.dim(j.Label))
	return out.String()
}

func people(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return count(n) + " people"
}

func (s *session) addJudging(out *lines, j client.Judgements) {
	g := j.Judging
	if g == nil {
		return
	}
	out.add("%s", s.strong(fmt.Sprintf("%s: %s of %s pairs judged", strings.ReplaceAll(string(g.State), "_", " "), count(g.Judged), count(g.Pairs))))
	cost := fmt.Sprintf("%s requests", count(g.Usage.Requests))
	if g.Usage.Cost > 0 {
		cost += ", " + dollars(g.Usage.Cost)
	}
	out.add("By %s; %s.", g.Judge, cost)
	if g.Failed > 0 {
		out.add("Pairs set aside: %s.", count(g.Failed))
	}
	if g.LastError != "" {
		out.add("%s", g.LastError)
	}
	out.add("")
}

// preferences is a table of who won how often.
func (s *session) preferences(arms [2]string, who string, all []client.Preferred) string {
	g := s.grid(who, arms[0]+" WINS", arms[1]+" WINS", "TIES", arms[1]+"'S SHARE", "AT EVERY LOOK", "IF ONE LOOKS ONCE")
	g.right = map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true}
	g.spare = [][]string{{"IF ONE LOOKS ONCE"}}
	for _, p := range all {
		g.row(criterionName(p.Criterion), count(p.Wins[0]), count(p.Wins[1]), count(p.Ties), percentOf(p.Share), percents(p.Always), percents(p.Once))
	}
	return strings.TrimRight(g.String(), "\n")
}

func percentOf(x *float64) string {
	if x == nil {
		return unknown
	}
	return fmt.Sprintf("%.0f %%", 100**x)
}

func percents(in *tandem.Span) string {
	if in == nil {
		return unknown
	}
	return fmt.Sprintf("%.0f to %.0f %%", 100*in.Low, 100*in.High)
}

func preferenceWords(who string, p client.Preferred) string {
	if p.Prefers == "" {
		return who + " show no preference that holds at every look."
	}
	return who + " prefer " + p.Prefers + ", whenever one looks."
}

// judgeWords says what the judge's figures are worth.
func judgeWords(j client.Judgements) string {
	var out lines
	if p := j.Judge[0]; p.Prefers == "" {
		out.add("The judge shows no preference that holds at every look.")
	} else {
		out.add("The judge prefers %s, whenever one looks.", p.Prefers)
	}
	if at := j.Position; at != nil && at.Pairs > 0 {
		out.add("The same answer in both orders: %s of %s pairs (%.0f %%). Whatever was shown first: %s, second: %s (bias %+.2f).",
			count(at.Consistent), count(at.Pairs), 100*float64(at.Consistent)/float64(at.Pairs), count(at.FirstBoth), count(at.SecondBoth), *at.Bias)
	}
	if n := j.Judge[0].Unknown; n > 0 {
		out.add("Pairs without answers that fit: %s.", count(n))
	}
	return out.String()
}

func agreementWords(a *client.Agreement) string {
	if a.Kappa == nil {
		return "kappa does not exist, as all are in one category."
	}
	return fmt.Sprintf("agreement %.0f %%, kappa %.2f (%.2f to %.2f).", 100**a.Observed, *a.Kappa, a.Interval.Low, a.Interval.High)
}
