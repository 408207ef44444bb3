package cli

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type planCommand struct {
	Route    string   `arg:"" optional:"" help:"Number, name or id of a route: its volume, and what its latest test knows, fill in what is left out."`
	Metric   string   `help:"Metric of the route's latest test; default: what that test is decided by." placeholder:"METRIC"`
	Mean     bool     `help:"Plan for an average; default: for a share."`
	Baseline *float64 `help:"A's value: a share from 0 to 1, or an average." placeholder:"VALUE"`
	SD       float64  `name:"sd" help:"Standard deviation of one call's value; averages only." placeholder:"SIZE"`
	Effect   float64  `help:"Difference to find, B less A: 0.05 is 5 points of a share." placeholder:"SIZE"`
	Relative float64  `help:"The same as a share of the baseline: 0.1 is 10 % more." placeholder:"SHARE"`
	Calls    int64    `help:"The other way round: which difference do so many calls find?" placeholder:"N"`
	Days     float64  `help:"The same for so many days." placeholder:"N"`
	Share    float64  `help:"B's share of the calls (default 0.5)." placeholder:"SHARE"`
	Power    float64  `help:"Chance of finding a difference that is there (default 0.8)." placeholder:"SHARE"`
	Alpha    float64  `help:"Chance of finding one that is not (default 0.05)." placeholder:"SHARE"`
	PerDay   float64  `name:"per-day" help:"Calls a day in all arms; default: the route's." placeholder:"N"`

	Arms           int      `help:"Arms of the test (default 2): alpha is shared among the comparisons." placeholder:"N"`
	OneSided       bool     `help:"Only this side counts, as in a guardrail; --effect is the harm beyond its margin."`
	CallsPerCaller float64  `help:"Sticky tests: calls that a caller makes on average." placeholder:"N"`
	CallsSpread    float64  `help:"Sticky tests: their standard deviation by caller, as a share of that average." placeholder:"SHARE"`
	Alike          float64  `help:"Sticky tests: how much the calls of one caller are alike, the intra-caller correlation." placeholder:"SHARE"`
	Covariate      float64  `help:"Correlation with the caller's average before the test (CUPED); one look." placeholder:"SHARE"`
	Quantile       float64  `help:"Compare a quantile instead of the average: 0.5 is the median; one look." placeholder:"SHARE"`
	Density        float64  `help:"The values' density at the quantile; default: log-normal by --baseline and --sd." placeholder:"SIZE"`
	Categories     []string `help:"Shares of the categories in an arm, such as 0.6,0.3,0.1; once for each arm. One look." placeholder:"SHARES" sep:"none"`
	RealShare      float64  `help:"When is it found that B really gets this share instead of --share?" placeholder:"SHARE"`
}

func (*planCommand) Help() string {
	return `How many calls and days a test takes. For a route whose test is running, and nothing else
given: its verdict, with about how many more calls it takes.

  tandem plan --baseline 0.7 --effect 0.1
  tandem plan +14155550100 --effect 0.05
  tandem plan +14155550100 --days 14
  tandem plan --mean --baseline 90 --sd 60 --effect=-10 --per-day 200
  tandem plan --baseline 0.7 --effect 0.1 --arms 3
  tandem plan --baseline 0.05 --effect 0.03 --one-sided              a guardrail
  tandem plan --baseline 0.7 --effect 0.1 --calls-per-caller 3 --alike 0.3
  tandem plan --mean --baseline 90 --sd 60 --quantile 0.9 --effect 15
  tandem plan --categories 0.6,0.3,0.1 --categories 0.5,0.35,0.15
  tandem plan --share 0.5 --real-share 0.45                          the sample-ratio check`
}

func (c *planCommand) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if c.asksNothing() && c.Route != "" {
		t, err := s.latestTest(c.Route)
		if err != nil {
			return err
		}
		if t.Status == tandem.Running {
			return s.tellHowMany(t)
		}
	}
	req := client.PlanRequest{
		Route: c.Route, Metric: c.Metric, Baseline: c.Baseline, SD: c.SD, Effect: c.Effect, Relative: c.Relative,
		Calls: c.Calls, Days: c.Days, ShareB: c.Share, Power: c.Power, Alpha: c.Alpha, PerDay: c.PerDay,
	}
	req.Arms, req.OneSided, req.RealShareB = c.Arms, c.OneSided, c.RealShare
	req.CallsPerCaller, req.CallsSpread, req.CallerCorrelation = c.CallsPerCaller, c.CallsSpread, c.Alike
	req.Covariate, req.Quantile, req.Density = c.Covariate, c.Quantile, c.Density
	if req.Categories, err = c.arms(); err != nil {
		return err
	}
	if c.Mean {
		req.Kind = tandem.Mean
	}
	if c.Route != "" && c.Metric == "" && c.Baseline == nil && len(c.Categories) == 0 {
		t, err := s.latestTest(c.Route)
		if err != nil && tandem.CodeOf(err) != tandem.NotFound {
			return err
		}
		req.Metric = t.PrimaryMetric // none where no test has run
	}
	p, err := api.Plan(s.ctx, req)
	if err != nil {
		return err
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, p.Raw)
	}
	c.tell(s, p)
	return nil
}

// asksNothing says whether a route is all that was given.
func (c *planCommand) asksNothing() bool {
	return reflect.DeepEqual(*c, planCommand{Route: c.Route, Categories: c.Categories}) && len(c.Categories) == 0
}

// arms reads the shares of each arm's categories.
func (c *planCommand) arms() ([][]float64, error) {
	var out [][]float64
	for _, text := range c.Categories {
		var row []float64
		for part := range strings.SplitSeq(text, ",") {
			x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
			if err != nil {
				return nil, fmt.Errorf("--categories %s: %q is no number; expected shares such as 0.6,0.3,0.1", text, part)
			}
			row = append(row, x)
		}
		out = append(out, row)
	}
	return out, nil
}

// tellHowMany says how far a running test is.
func (s *session) tellHowMany(t tandem.Test) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	r, err := api.Results(s.ctx, string(t.ID))
	if err != nil {
		return err
	}
	v := r.Verdict
	return s.show(v, func() {
		var out lines
		s.addWrapped(&out, v.Text, s.strong)
		if v.Change != "" {
			s.addWrapped(&out, "would change it: "+v.Change, plain)
		}
		if v.Change == "More calls." {
			s.addWrapped(&out, "How many calls depends on the difference that is to be found. Name it, and A's value where the test does not know it yet: tandem plan "+
				first(r.Route, string(t.ID))+" --baseline 0.7 --effect 0.05", plain)
		}
		s.printf("%s\n", out.String())
	})
}

// modeWords names the ways of watching a test.
var modeWords = map[string]string{
	"sequential": "watched, stopped when decided", "planned": "planned (--planned)", "fixed": "one look at the end, for reference",
}

func (c *planCommand) tell(s *session, p client.Plan) {
	var out lines
	s.addWrapped(&out, first(p.Text, "So few calls find no difference."), s.strong)
	out.add("")
	if len(p.Modes) > 0 {
		g := s.grid("", "CALLS", "DAYS", "ON AVERAGE", "DAYS")
		for col := 1; col <= 4; col++ {
			g.right[col] = true
		}
		for _, m := range p.Modes {
			average, averageDays := count(m.Expected), daysText(m.ExpectedDays)
			if m.Expected > m.Calls { // a few endless tests: an average of nothing
				average, averageDays = "", ""
			}
			g.row(first(modeWords[m.Mode], m.Mode), count(m.Calls), daysText(m.Days), average, averageDays)
		}
		out.add("%s", g.String())
	}
	if len(p.Smallest) > 0 {
		metric := client.Metric{Kind: p.Request.Kind, Unit: p.Request.Unit}
		g := s.grid("", "CALLS", "DAYS", "FINDS A DIFFERENCE OF")
		for col := 1; col <= 3; col++ {
			g.right[col] = true
		}
		for _, m := range p.Smallest {
			g.row(first(modeWords[m.Mode], m.Mode), count(m.Calls), daysText(m.Days), foundText(metric, m.Effect))
		}
		out.add("%s", g.String())
	}
	for _, n := range p.Notes {
		s.addWrapped(&out, n, s.dim)
	}
	s.printf("%s\n", out.String())
}

func daysText(d *float64) string {
	if d == nil {
		return ""
	}
	if *d < 0.1 {
		return "<0.1"
	}
	return significant(*d)
}

// foundText writes a difference that can be found: small ones matter here, so
// points get as many digits as anything else.
func foundText(m client.Metric, x float64) string {
	unit := m.Unit
	if m.Kind == tandem.Proportion {
		x, unit = 100*x, "pp"
	}
	text := significant(x)
	if x > 0 {
		text = "+" + text
	}
	return withUnit(text, unit)
}
