package cli

import (
	"bufio"
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type judgeCommand struct {
	Start  judgeStart  `cmd:"" default:"withargs" help:"Have pairs of calls judged by a language model."`
	Show   judgeShow   `cmd:"" help:"What the judge prefers, beside what people say."`
	Pairs  judgePairs  `cmd:"" help:"The judge's pairs, with its reasons."`
	Cancel judgeCancel `cmd:"" help:"Stop judging."`
}

type judgeStart struct {
	Test     string  `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Pairs    int     `help:"Pairs to judge, 1 to 500 (default 100)." default:"100" placeholder:"N"`
	Arm      string  `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
	Estimate bool    `help:"Say about what it costs, and do nothing."`
	Yes      bool    `help:"Do not ask before it begins." short:"y"`
	MaxCost  float64 `name:"max-cost" help:"US dollars that it may cost; default: no limit." placeholder:"USD"`
	Rated    bool    `help:"Begin with pairs that people have rated."`
	Afresh   bool    `help:"Drop what was judged before: needed when the language model has changed."`
	Seed     int64   `help:"Decides which calls are drawn (default 1)." default:"1" placeholder:"N"`
}

func (*judgeStart) Help() string {
	return `Calls whose callers say much the same at first are paired, one of A and one of the other arm. The
model is asked twice which was handled better, the calls changing places; an answer that changes
with the place is a tie. What it costs is told first.

  tandem judge +14155550100 --pairs 100 --estimate
  tandem judge +14155550100 --pairs 100 --max-cost 2 --yes
  tandem judge show +14155550100`
}

func (c *judgeStart) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	ask := client.JudgingAsk{Arm: c.Arm, Pairs: c.Pairs, Seed: c.Seed, MaxCost: c.MaxCost, Rated: c.Rated, Afresh: c.Afresh, DryRun: true}
	if c.Estimate || !c.Yes {
		would, err := api.Judge(s.ctx, t.ID, ask)
		if err != nil {
			return err
		}
		if c.Estimate {
			return s.show(would, func() { s.printf("%s\n", estimateText(would)) })
		}
		if s.cmd.JSON {
			return tandem.Errorf(tandem.Invalid, "--yes", "is missing: with --json nobody is asked; look at what it costs with --estimate, then say --yes")
		}
		if s.printf("%s\n", estimateText(would)); would.Estimate.Pairs == 0 {
			return nil
		}
		if !s.agreed("Begin?") {
			s.printf("Nothing was begun.\n")
			return nil
		}
	}
	ask.DryRun = false
	began, err := api.Judge(s.ctx, t.ID, ask)
	if err != nil {
		return err
	}
	return s.show(began, func() {
		s.printf("%s pairs are being judged by %s. How far it is: tandem judge show %s\n", count(int64(began.Estimate.Pairs)), began.Estimate.Judge, c.Test)
	})
}

// agreed asks a question that is no unless somebody says yes.
func (s *session) agreed(question string) bool {
	s.printf("%s [y/N] ", question)
	answer := bufio.NewScanner(s.Stdin)
	if !answer.Scan() {
		s.printf("\n")
		return false
	}
	switch strings.ToLower(strings.TrimSpace(answer.Text())) {
	case "y", "yes":
		return true
	}
	return false
}

func estimateText(w client.JudgingStart) string {
	e := w.Estimate
	var out lines
	out.add("%s pairs of %s and %s, judged by %s.", count(int64(e.Pairs)), e.Arms[0], e.Arms[1], e.Judge)
	if e.Left > 0 {
		out.add("%s of them are left from before.", count(int64(e.Left)))
	}
	if e.Rated > 0 {
		out.add("%s of them people have rated.", count(int64(e.Rated)))
	}
	if e.Missing > 0 {
		out.add("%s fewer than asked for: there are too few calls with transcripts whose callers want the same.", count(int64(e.Missing)))
	}
	if e.Alike != nil {
		out.add("How alike their callers' first words are: %.2f in the median (1: the same, 0: nothing in common).", *e.Alike)
	}
	cost := "unknown, as the model's prices are not set"
	if e.Priced {
		cost = dollars(e.Usage.Cost)
	}
	out.add("About %s requests, %s tokens in and %s out. Cost about %s, rather less; answers that do not fit are asked for again.",
		count(e.Usage.Requests), count(e.Usage.InputTokens), count(e.Usage.OutputTokens), cost)
	return out.String()
}

// dollars writes a cost with the cents that matter.
type judgeCancel struct {
	Test string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Arm  string `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
}

func (c *judgeCancel) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	j, err := api.CancelJudging(s.ctx, t.ID, c.Arm)
	if err != nil {
		return err
	}
	return s.show(j, func() {
		s.printf("Stopped: %s of %s pairs are judged, and stay.\n", count(j.Judged), count(j.Pairs))
	})
}

type judgePairs struct {
	Test string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Arm  string `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
	paging
}

func (c *judgePairs) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	list, err := api.JudgedPairs(s.ctx, t.ID, c.Arm, c.page())
	if err != nil {
		return err
	}
	defer s.more(list.Next)
	return s.show(list, func() {
		if len(list.Items) == 0 {
			s.printf("No pair is judged yet. Have some judged: tandem judge %s\n", c.Test)
		}
		for _, p := range list.Items {
			s.printf("%s\n", s.judgedText(p))
		}
	})
}

func (s *session) judgedText(p tandem.JudgedPair) string {
	var out lines
	winner, known := p.Winner(tandem.OverallCriterion)
	switch {
	case p.State != tandem.PairJudged:
		winner = string(p.State)
	case !known:
		winner = "no answer that fits"
	case winner != tandem.Tie:
		winner += " preferred"
	}
	out.add("%s", s.strong(fmt.Sprintf("%d. %s, similarity %.2f", p.Number, winner, p.Similarity)))
	out.add("%s", s.dim(fmt.Sprintf("%s %s  %s %s", p.First.Arm, p.First.CallID, p.Second.Arm, p.Second.CallID)))
	for i, shown := range []string{p.First.Arm, p.Second.Arm} {
		if o := p.Opinions[i]; o != nil {
			said := o.Criteria[tandem.OverallCriterion]
			pick := p.Picks(tandem.OverallCriterion)[i]
			out.add("   %s as call one: %s. %s", shown, first(pick, "no answer"), said.Reason)
		}
	}
	if p.LastError != "" {
		out.add("   %s", p.LastError)
	}
	return out.String()
}
