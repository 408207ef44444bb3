package cli

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type testCommand struct {
	List  testList  `cmd:"" help:"List tests, newest first."`
	Show  testShow  `cmd:"" help:"Show a test."`
	Start testStart `cmd:"" help:"Start a test on a route."`
	Split testSplit `cmd:"" help:"Change the split of a running test."`
	End   testEnd   `cmd:"" help:"End a test and keep one version."`

	Reanalyze   testReanalyze   `cmd:"" help:"Analyse all calls of a test again."`
	Goal        testGoal        `cmd:"" help:"Change a running test's goal."`
	Acknowledge testAcknowledge `cmd:"" help:"Stand by a test in spite of an alarm."`
}

type testList struct {
	Route string `arg:"" optional:"" help:"Number, name or id of the route; default: all."`
	paging
}

func (c *testList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	tests, err := api.Tests(s.ctx, c.Route, c.page())
	if err != nil {
		return err
	}
	defer s.more(tests.Next)
	refs := refs{s: s}
	return s.show(tests, func() {
		g := s.grid("STATUS", "ARMS", "STARTED", "ENDED", "KEPT", "NAME", "ID")
		for _, t := range tests.Items {
			ended := ""
			if t.EndedAt != nil {
				ended = moment(*t.EndedAt)
			}
			g.row(string(t.Status), armsInWords(t, &refs), moment(t.StartedAt), ended, t.Winner, t.Name, string(t.ID))
		}
		g.print("There are no tests. Start one: tandem test start ROUTE --b front-desk@2")
	})
}

func armsInWords(t tandem.Test, refs *refs) string {
	parts := make([]string, len(t.Arms))
	for i, a := range t.Arms {
		parts[i] = fmt.Sprintf("%s %s %s %%", a.Key, refs.of(a.VersionID), number(a.Weight))
	}
	return strings.Join(parts, ", ")
}

type testShow struct {
	Test string `arg:"" help:"Id of the test; or number, name or id of a route, for its running or else latest test."`
}

func (c *testShow) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	refs := refs{s: s}
	return s.show(t, func() {
		g := s.grid("TEST", first(t.Name, string(t.ID)))
		g.row("status", string(t.Status))
		for _, a := range t.Arms {
			g.row("arm "+a.Key, fmt.Sprintf("%s, %s %%", refs.of(a.VersionID), number(a.Weight)))
		}
		g.row("randomises", map[tandem.Unit]string{tandem.PerCall: "each call", tandem.PerCaller: "each caller"}[t.Unit])
		g.row("goal", first(t.Goal, "none"))
		for _, ch := range t.GoalChanges {
			g.row("", fmt.Sprintf("until %s: %s", moment(ch.At), first(ch.From, "none")))
		}
		g.row("decided by", t.PrimaryMetric)
		for _, rule := range rulesInWords(t) {
			g.row(rule[0], rule[1])
		}
		g.row("started", moment(t.StartedAt))
		if t.EndedAt != nil {
			g.row("ended", moment(*t.EndedAt))
			g.row("kept", t.Winner)
			g.row("note", t.EndNote)
		}
		for _, p := range t.Phases[1:] {
			g.row("phase "+strconv.Itoa(p.Number), "from "+moment(p.StartedAt)+" split "+slashed(p.Weights))
		}
		g.row("id", string(t.ID))
		g.print("")
	})
}

type testStart struct {
	Route  string   `arg:"" help:"Number, name or id of the route."`
	A      string   `name:"a" help:"Version of arm A, such as front-desk@1; default: the live one." placeholder:"VERSION"`
	B      string   `name:"b" help:"Version of arm B." placeholder:"VERSION"`
	Arm    []string `help:"An arm and its share, such as front-desk@2=20; may be given several times, instead of --a, --b and --split." placeholder:"VERSION=PERCENT"`
	Split  string   `help:"Shares of the arms in percent, such as 50/50 (fastest) or 90/10 (cautious)." placeholder:"A/B"`
	Goal   string   `help:"When is a call a completion: a CEL expression over call and fields." placeholder:"EXPR"`
	Sticky bool     `help:"Give all calls of one caller the same arm."`
	Name   string   `help:"Name of the test." placeholder:"NAME"`
	Metric string   `help:"What the test is decided by; default: completion." placeholder:"METRIC"`
	ruleFlags
}

func (*testStart) Help() string {
	return `In force from the next call. One test at a time runs on a route.

  tandem test start +14155550100 --b front-desk@2 --goal 'fields.appointment_booked == true'
  tandem test start +14155550100 --a front-desk@3 --b front-desk@4 --split 90/10
  tandem test start +14155550100 --b front-desk@2 --ramp 90/10:200c:60m,50/50 \
      --guardrail transfer=0.05:rollback --guardrail duration=+20
  tandem test start +14155550100 --arm front-desk@1=50 --arm front-desk@2=25 --arm front-desk@3=25`
}

func (c *testStart) Run(s *session) error {
	arms, err := c.arms()
	if err != nil {
		return err
	}
	rules, err := c.rules()
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	spec := client.NewTest{Name: c.Name, Arms: arms, Goal: c.Goal, PrimaryMetric: c.Metric, Rules: rules}
	if c.Sticky {
		spec.Unit = tandem.PerCaller
	}
	t, err := api.StartTest(s.ctx, c.Route, spec)
	if err != nil {
		return err
	}
	refs := refs{s: s}
	return s.show(t, func() {
		s.printf("Started: %s.\nWatch it: tandem results %q --watch\n", armsInWords(t, &refs), c.Route)
	})
}

func (c *testStart) arms() ([]client.Arm, error) {
	if len(c.Arm) > 0 {
		if c.A != "" || c.B != "" || c.Split != "" {
			return nil, tandem.Errorf(tandem.Invalid, "--arm", "does not go with --a, --b and --split: it says both version and share")
		}
		return armShares(c.Arm)
	}
	if c.B == "" {
		return nil, tandem.Errorf(tandem.Invalid, "--b", "is missing; expected the version to try, such as front-desk@2")
	}
	arms := []client.Arm{{Version: c.A}, {Version: c.B}}
	if c.Split == "" {
		return arms, nil
	}
	w, err := parseSplit(c.Split)
	if err != nil {
		return nil, err
	}
	if len(w) != 2 {
		return nil, tandem.Errorf(tandem.Invalid, "--split", "has %d shares; expected one for A and one for B", len(w))
	}
	arms[0].Weight, arms[1].Weight = &w[0], &w[1]
	return arms, nil
}

// armShares reads VERSION=PERCENT.
func armShares(list []string) ([]client.Arm, error) {
	var errs []error
	arms := make([]client.Arm, len(list))
	for i, a := range list {
		version, share, found := strings.Cut(a, "=")
		w, err := parseNumber(strings.TrimSuffix(share, "%"))
		if !found || err != nil || version == "" {
			errs = append(errs, tandem.Errorf(tandem.Invalid, "--arm", "is %q; expected a version and its share, such as front-desk@2=20", a))
			continue
		}
		arms[i] = client.Arm{Version: version, Weight: &w}
	}
	return arms, errors.Join(errs...)
}

// parseSplit reads 80/20.
func parseSplit(text string) ([]float64, error) {
	var out []float64
	for part := range strings.SplitSeq(text, "/") {
		w, err := parseNumber(strings.TrimSuffix(strings.TrimSpace(part), "%"))
		if err != nil {
			return nil, tandem.Errorf(tandem.Invalid, "split", "is %q; expected shares in percent, such as 80/20", text)
		}
		out = append(out, w)
	}
	return out, nil
}

// parseNumber reads a number; infinities and NaN are none.
func parseNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		err = strconv.ErrRange
	}
	return x, err
}

// slashed writes shares as 80/20.
func slashed(weights []float64) string {
	parts := make([]string, len(weights))
	for i, w := range weights {
		parts[i] = number(w)
	}
	return strings.Join(parts, "/")
}

type testSplit struct {
	Test  string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Split string `arg:"" help:"New shares in percent, such as 80/20."`
}

func (*testSplit) Help() string {
	return `In force from the next call; results stay comparable, since the change opens a new phase.

  tandem test split +14155550100 20/80`
}

func (c *testSplit) Run(s *session) error {
	weights, err := parseSplit(c.Split)
	if err != nil {
		return err
	}
	t, err := s.runningTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	if t, err = api.PutSplit(s.ctx, t.ID, t.Revision, weights); err != nil {
		return err
	}
	refs := refs{s: s}
	return s.show(t, func() { s.printf("From now on: %s.\n", armsInWords(t, &refs)) })
}

// latestTest finds a test by its id, or the running or else latest one of a
// route.
func (s *session) latestTest(which string) (tandem.Test, error) {
	api, err := s.client()
	if err != nil {
		return tandem.Test{}, err
	}
	if tandem.ID(which).Valid() {
		t, err := api.Test(s.ctx, tandem.ID(which))
		if tandem.CodeOf(err) != tandem.NotFound {
			return t, err
		}
	}
	list, err := api.Tests(s.ctx, which, client.Page{})
	if err != nil {
		return tandem.Test{}, err
	}
	for _, t := range list.Items {
		if t.Status == tandem.Running {
			return t, nil
		}
	}
	if len(list.Items) == 0 {
		return tandem.Test{}, tandem.Errorf(tandem.NotFound, "", "no test has run on %s", which)
	}
	return list.Items[0], nil
}

// runningTest is latestTest for what only a running test can do.
func (s *session) runningTest(which string) (tandem.Test, error) {
	t, err := s.latestTest(which)
	if err == nil && t.Status != tandem.Running {
		err = tandem.Errorf(tandem.Conflict, "", "no test is running on %s; the latest is %s", which, t.Status)
	}
	return t, err
}
