package cli

import (
	"fmt"

	"tandem"
)

type testReanalyze struct {
	Test     string  `arg:"" help:"Id of the test; or number, name or id of a route, for its running or else latest test."`
	Estimate bool    `help:"Only say what it would take."`
	Yes      bool    `help:"Begin, whatever it takes; without it, only what costs nothing begins."`
	MaxCost  float64 `name:"max-cost" help:"Begin, and stop before it costs more than so many US dollars, by estimate." placeholder:"USD"`
	Progress bool    `help:"Show how far the latest one is."`
	Cancel   bool    `help:"Cancel the one that runs."`
}

func (*testReanalyze) Help() string {
	return `All ended calls of the test with a transcript are analysed again by the analyser of the settings, in
the order in which they were assigned, so that all arms come to their turn alike. It goes on in the
server's background, across restarts.

  tandem test reanalyze +14155550100 --estimate
  tandem test reanalyze +14155550100 --max-cost 5
  tandem test reanalyze +14155550100 --progress`
}

func (c *testReanalyze) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	switch {
	case c.Progress:
		r, err := api.Reanalysis(s.ctx, t.ID)
		if err != nil {
			return err
		}
		return s.show(r, func() { s.printReanalysis(r) })
	case c.Cancel:
		if err := api.CancelReanalysis(s.ctx, t.ID); err != nil {
			return err
		}
		return s.show(map[string]tandem.ID{"cancelled": t.ID}, func() { s.printf("Cancelled. What was analysed again stays.\n") })
	}
	est, _, err := api.Reanalyze(s.ctx, t.ID, true, 0)
	if err != nil {
		return err
	}
	takes := fmt.Sprintf("%s calls, about %s tokens, %s, by %s", count(est.Calls), count(est.Usage.Tokens()), dollars(est.Usage.Cost), est.Analyzer)
	if c.Estimate {
		return s.show(est, func() { s.printf("%s\n", takes) })
	}
	if est.Usage.Tokens() > 0 && !c.Yes && c.MaxCost == 0 {
		return tandem.Errorf(tandem.Invalid, "--yes", "is missing: this would take %s", takes)
	}
	_, begun, err := api.Reanalyze(s.ctx, t.ID, false, c.MaxCost)
	if err != nil {
		return err
	}
	return s.show(begun, func() {
		s.printf("Begun: %s.\nHow far it is: tandem test reanalyze %s --progress\n", takes, c.Test)
	})
}

func (s *session) printReanalysis(r tandem.Reanalysis) {
	g := s.grid("RE-ANALYSIS", string(r.State))
	g.row("calls", fmt.Sprintf("%s of %s", count(r.Asked-r.Pending), count(r.Calls)))
	g.row("set aside", count(r.Failed))
	g.row("tokens", count(r.Usage.Tokens()))
	g.row("cost", ofLimit(dollars(r.Usage.Cost), r.MaxCost > 0, dollars(r.MaxCost)))
	if r.Note != "" {
		g.row("note", r.Note)
	}
	g.row("asked", moment(r.AskedAt)+" by "+r.Actor)
	g.print("")
}
