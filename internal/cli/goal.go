package cli

import (
	"errors"
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type goalCommand struct {
	Check goalCheck `cmd:"" help:"Check a goal and list the names that it can use."`
}

type goalCheck struct {
	Goal string   `arg:"" help:"CEL expression over call and fields."`
	A    string   `name:"a" help:"Version of arm A, such as front-desk@1." placeholder:"VERSION"`
	B    string   `name:"b" help:"Version of arm B." placeholder:"VERSION"`
	Arm  []string `help:"Further versions; may be given several times." placeholder:"VERSION"`
}

func (*goalCheck) Help() string {
	return `Says whether the text can be the goal of a test between these versions, and if not, where it is wrong.

  tandem goal check 'fields.appointment_booked && !call.transferred' --a front-desk@1 --b front-desk@2`
}

func (c *goalCheck) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var versions []string
	for _, v := range append([]string{c.A, c.B}, c.Arm...) {
		if v != "" {
			versions = append(versions, v)
		}
	}
	check, err := api.CheckGoal(s.ctx, c.Goal, versions)
	if err != nil {
		return err
	}
	err = s.show(check, func() {
		if check.OK {
			s.printf("The goal is good.\n")
		}
		for _, w := range check.Warnings {
			s.printf("warning: %s\n", w)
		}
		s.printf("\n")
		g := s.grid("NAME", "TYPE", "WHAT")
		for _, n := range check.Names {
			g.row(n.Name, n.Type, whatIs(n))
		}
		g.print("")
	})
	return errors.Join(err, goalFaults(c.Goal, check.Errors))
}

func whatIs(n client.GoalName) string {
	text, _, _ := strings.Cut(n.Doc, ". ")
	text = strings.TrimSuffix(text, ".")
	if n.Unit != "" {
		text += " (" + n.Unit + ")"
	}
	if len(n.Choices) > 0 {
		text += ": " + strings.Join(n.Choices, ", ")
	}
	return strings.TrimPrefix(text, ": ")
}

// goalFaults points at what is wrong.
func goalFaults(goal string, faults []client.GoalFault) error {
	var errs []error
	lines := strings.Split(goal, "\n")
	for _, f := range faults {
		text := fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Message)
		if f.Line >= 1 && f.Line <= len(lines) && f.Column >= 1 && f.Column <= len(lines[f.Line-1])+1 {
			text += "\n    " + lines[f.Line-1] + "\n    " + strings.Repeat(" ", f.Column-1) + "^"
		}
		errs = append(errs, tandem.Errorf(tandem.Invalid, "goal", "%s", text))
	}
	return errors.Join(errs...)
}

type testGoal struct {
	Test string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Goal string `arg:"" help:"The new goal: a CEL expression over call and fields."`
	Note string `help:"Why." short:"m" placeholder:"TEXT"`
}

func (*testGoal) Help() string {
	return `In force at once for new calls; those counted before are counted anew in the background, and no conclusion
about completion is drawn until all are. The change stays with the test and is told in its results: a goal that is
picked because of results can make a winner of either arm.

  tandem test goal +14155550100 'fields.appointment_booked && !call.transferred' -m "a transfer is no booking"`
}

func (c *testGoal) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	was := len(t.GoalChanges)
	if t, err = api.ChangeGoal(s.ctx, t.ID, t.Revision, c.Goal, c.Note); err != nil {
		return err
	}
	return s.show(t, func() {
		if len(t.GoalChanges) == was {
			s.printf("That is the goal already.\n")
			return
		}
		s.printf("Changed. New calls follow it at once; those before are counted anew: tandem results shows how far that is.\n")
	})
}

// goalLines tell of a goal that was changed, and how far it is followed.
func goalLines(r client.Results) []string {
	var out []string
	if n := len(r.GoalChanges); n > 0 {
		ch := r.GoalChanges[n-1]
		text := fmt.Sprintf("changed %s by %s, after %s; before: %s", moment(ch.At), ch.By, calls(ch.Calls), first(ch.From, "none"))
		if ch.Note != "" {
			text += " (" + ch.Note + ")"
		}
		if n > 1 {
			text += fmt.Sprintf("; the %dth change", n)
			text = strings.NewReplacer("the 2th", "the 2nd", "the 3th", "the 3rd").Replace(text)
		}
		out = append(out, text)
	}
	if r.Recounting != nil {
		out = append(out, r.Recounting.Text)
	}
	return out
}

// fieldLines tell which fields are not compared, and which are unknown more often
// in an arm than in the first.
func fieldLines(r client.Results) []string {
	var out []string
	for _, m := range r.NotComparable {
		out = append(out, fmt.Sprintf("not compared, %s in %s and %s: %s", m.Field, m.Against, m.Arm, m.Reason))
	}
	for _, m := range r.Metrics {
		var parts []string
		uneven := false
		for _, g := range m.UnknownGaps {
			uneven = uneven || g.Uneven
		}
		for _, a := range m.Answers {
			if a.Unknown > 0 || a.Unreported > 0 {
				text := fmt.Sprintf("%s %s of %s", a.Arm, count(a.Unknown), count(a.Analyzed))
				if a.Unreported > 0 {
					text += fmt.Sprintf(" and %s not reported", count(a.Unreported))
				}
				parts = append(parts, text)
			}
		}
		if len(parts) == 0 || len(m.UnknownGaps) == 0 {
			continue
		}
		text := label(m) + " is unknown in analysed calls: " + strings.Join(parts, ", ")
		if uneven {
			text += " (uneven: the calls whose value is known may not be alike)"
		}
		out = append(out, text)
	}
	return out
}
