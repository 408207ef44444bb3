package cli

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tandem"
	"tandem/internal/cli/client"
)

type topicsCommand struct {
	Test   string `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	By     string `help:"intent: what callers say (default). failure: what was said where something went wrong." enum:"intent,failure" default:"intent" placeholder:"WHAT"`
	K      int    `name:"k" help:"How many groups; default: as many as suit." placeholder:"N"`
	Again  bool   `help:"Make the groups anew."`
	Update bool   `help:"Have calls that came since join the groups."`
	All    bool   `help:"Show every metric of every group; default: completion, and where calls go."`
}

func (*topicsCommand) Help() string {
	return `How each version does in groups of calls: exploratory. Calls are grouped the first time
that they are asked for, and again with --update, --again or --k.

  tandem topics +14155550100
  tandem topics +14155550100 --by failure --k 6
  tandem sample +14155550100 --group intent.2`
}

// A grouping under way is looked at again after a while that doubles: few calls are
// grouped at once, many take minutes.
const (
	topicsSoon = 20 * time.Millisecond
	topicsLate = 2 * time.Second
)

func (c *topicsCommand) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	by := tandem.GroupBy(c.By)
	got, err := api.Topics(s.ctx, t.ID, by)
	if none := tandem.CodeOf(err) == tandem.NotFound; none || c.K != 0 || c.Again || c.Update {
		if _, err := api.AskTopics(s.ctx, t.ID, client.AskTopics{By: by, K: c.K, Again: c.Again}); err != nil {
			return err
		}
		got, err = s.awaitTopics(api, t.ID, by)
	} else if err == nil && got.Report == nil {
		got, err = s.awaitTopics(api, t.ID, by)
	}
	if err != nil {
		return err
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, got.Raw)
	}
	s.printf("%s\n", s.topicsText(got, c.All))
	return nil
}

// awaitTopics reads until a grouping is done or set aside.
func (s *session) awaitTopics(api *client.Client, id tandem.ID, by tandem.GroupBy) (client.Topics, error) {
	p := newProgress(s.Env)
	defer p.done()
	for wait := topicsSoon; ; wait = min(2*wait, topicsLate) {
		got, err := api.Topics(s.ctx, id, by)
		switch {
		case err != nil:
			return got, err
		case got.Grouping.State == tandem.GroupingDone:
			return got, nil
		case got.Grouping.State == tandem.GroupingFailed && got.Report == nil:
			return got, tandem.Errorf(tandem.Conflict, "", "the calls cannot be grouped: %s", got.Grouping.LastError)
		case got.Grouping.State == tandem.GroupingFailed:
			return got, nil // what was made before is shown, and why it is old
		}
		at := got.Grouping.Progress
		p.show(fmt.Sprintf("%s: %s of %s calls", first(at.Step, "waiting"), count(at.Done), count(at.Total)))
		select {
		case <-s.ctx.Done():
			return got, s.ctx.Err()
		case <-time.After(wait):
		}
	}
}

// topicsText lays out groups, situations and interactions.
func (s *session) topicsText(t client.Topics, all bool) string {
	var out lines
	if t.Grouping.State == tandem.GroupingFailed {
		out.add("The last run failed: %s", t.Grouping.LastError)
	}
	r := t.Report
	head := fmt.Sprintf("%s calls, %s in groups by %s", count(r.Calls), count(r.Grouped), t.Grouping.By)
	if r.CoversTo != nil {
		head += ", up to " + moment(*r.CoversTo)
	}
	out.add("%s", s.strong(head))
	if t.CallsSince > 0 {
		out.add("%s calls have come since: --update takes them in", count(t.CallsSince))
	}
	out.add("%s\n", r.Label)
	for _, part := range []struct {
		name   string
		groups []client.Group
		among  []client.Interaction
	}{{"GROUP", r.Groups, r.Interactions}, {"SITUATION", r.Situations, r.Beside}} {
		if len(part.groups) == 0 {
			continue
		}
		g := s.groupGrid(part.name, part.groups, all)
		g.fit()
		out.add("%s\n", g)
		for _, i := range part.among {
			if i.P != nil && (i.Situation == "" || *i.Adjusted < 0.05) {
				out.add("%s", interactionText(i))
			}
		}
		out.add("")
	}
	for _, g := range r.Groups {
		out.add("%s  %s", s.strong(g.Key), g.Name)
		if g.Description != "" {
			out.add("    %s", g.Description)
		}
		out.add("    words: %s", strings.Join(g.Terms, ", "))
		for _, c := range g.Typical {
			out.add("    %s", s.dim(fmt.Sprintf("%s  %q", c.CallID, c.Said)))
		}
	}
	for _, n := range r.Notes {
		out.add("%s", n)
	}
	out.add("%s", s.dim("P is adjusted for all groups and metrics. Read calls of a group: tandem sample TEST --group KEY"))
	return out.String()
}

// groupGrid has a line for each group, metric and arm beside the first.
func (s *session) groupGrid(name string, groups []client.Group, all bool) *grid {
	g := s.grid(name, "", "ARM", "A", "IT", "LESS A", "95 % INTERVAL", "P", "N A", "N")
	g.spare = [][]string{{"N A", "N"}, {"95 % INTERVAL"}}
	for col := 3; col <= 9; col++ {
		g.right[col] = true
	}
	for _, group := range groups {
		title := group.Key
		for i, m := range append([]client.GroupMetric{group.Share}, group.Metrics...) {
			if i > 0 && !all && m.Name != tandem.MetricCompletion || i > 0 && silent(m) {
				continue
			}
			as := client.Metric{Kind: m.Kind, Unit: m.Unit}
			for j, d := range m.Against {
				c := client.Comparison{Arm: d.Arm, Value: d.Value}
				span := ""
				if d.Interval != nil {
					span = spanText(as, d.Interval)
				}
				g.bold[len(g.rows)] = title != ""
				g.row(title, m.Label, d.Arm, value(as, m.Arms[0].Value), value(as, m.Arms[j+1].Value), difference(as, &c), span, adjusted(d.Adjusted), ofCalls(m, 0), ofCalls(m, j+1))
				title = ""
			}
		}
	}
	return g
}

// ofCalls is how many calls a value rests on and, where some say nothing, of how many.
func ofCalls(m client.GroupMetric, arm int) string {
	a := m.Arms[arm]
	if a.Unknown == 0 {
		return count(a.N)
	}
	return count(a.N) + " of " + count(a.N+a.Unknown)
}

// silent says that no call says anything about a metric.
func silent(m client.GroupMetric) bool {
	for _, a := range m.Arms {
		if a.N > 0 {
			return false
		}
	}
	return true
}

func adjusted(p *float64) string {
	if p == nil || *p <= 0 {
		return smallP(p, nil)
	}
	log := math.Log10(*p)
	return smallP(p, &log)
}

func interactionText(i client.Interaction) string {
	where := fmt.Sprintf("among %d groups", i.Groups)
	if i.Situation != "" {
		where = "in and outside of " + i.Situation
	}
	text := fmt.Sprintf("%s, %s less %s: whether it differs %s: Q %s, adjusted p %s", i.Label, i.Arm, i.Against, where, number(*i.Q), adjusted(i.Adjusted))
	if len(i.LeftOut) > 0 {
		text += ", without " + strings.Join(i.LeftOut, ", ") + " (too few calls)"
	}
	return text
}
