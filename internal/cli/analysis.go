package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"tandem"
	"tandem/internal/cli/client"
)

type analysisCommand struct {
	Status analysisStatus `cmd:"" default:"1" help:"How analysis goes: what waits, what it took, why nothing moves."`
	Show   analysisShow   `cmd:"" help:"What was found in a call, and on what it rests."`
	Again  analysisAgain  `cmd:"" help:"Analyse a call again."`
	Failed analysisFailed `cmd:"" help:"Calls whose analysis was set aside after several attempts."`
}

type analysisStatus struct{}

func (*analysisStatus) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	st, err := api.AnalysisStatus(s.ctx)
	if err != nil {
		return err
	}
	return s.show(st, func() { s.analysisGrid(st).print("") })
}

func (s *session) analysisGrid(st client.AnalysisStatus) *grid {
	g := s.grid("ANALYSER", first(st.Model, st.Analyzer))
	g.row("waiting", count(st.Due))
	g.row("set aside", count(st.Failed))
	g.row("done today (UTC)", count(st.Today.Analyses))
	if st.Model != "" {
		g.row("under way here", strconv.Itoa(st.UnderWay))
		g.row("tokens today", ofLimit(count(st.Today.Usage.Tokens()), st.Budget.DayTokens > 0, count(st.Budget.DayTokens)))
		g.row("cost today", ofLimit(dollars(st.Today.Usage.Cost), st.Budget.DayCost > 0, dollars(st.Budget.DayCost)))
	}
	if st.BudgetSpent {
		g.row("budget", "spent: calls wait for the next UTC day")
	}
	if p := st.Paused; p != nil {
		until := ""
		if !p.Until.IsZero() {
			until = " (until " + moment(p.Until) + ")"
		}
		g.row("paused", p.Reason+until)
	}
	g.row("note", st.Note)
	return g
}

func dollars(x float64) string {
	if x < 1 {
		return fmt.Sprintf("$%.4f", x)
	}
	return fmt.Sprintf("$%.2f", x)
}

func ofLimit(used string, limited bool, limit string) string {
	if limited {
		return used + " of " + limit
	}
	return used
}

type analysisShow struct {
	Call tandem.ID `arg:"" help:"Id of the call."`
}

func (c *analysisShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.Analysis(s.ctx, c.Call)
	if err != nil {
		return err
	}
	return s.show(a, func() { s.printAnalysis(a) })
}

func (s *session) printAnalysis(a tandem.CallAnalysis) {
	switch {
	case a.State == tandem.AnalysisFailed:
		s.printf("Set aside after %d attempts: %s\n", a.Attempts, a.LastError)
	case a.State == tandem.AnalysisDue && a.LastError != "":
		s.printf("Tried again at %s; last: %s\n", moment(a.NextAt), a.LastError)
	case a.State == tandem.AnalysisDue:
		s.printf("Waiting since %s.\n", moment(a.AskedAt))
	}
	if a.Analysis == nil {
		return
	}
	f := a.Analysis
	s.printf("%s %s\n", f.Analyzer, f.Model)
	if f.Summary != "" {
		s.printf("%s\n", f.Summary)
	}
	g := s.grid("FIELD", "VALUE", "WHY", "QUOTE")
	for _, name := range slices.Sorted(maps.Keys(f.Findings)) {
		finding := f.Findings[name]
		g.row(name, valueWord(finding.Value), finding.Reason, finding.Quote)
	}
	g.print("")
	if f.Usage != nil {
		s.printf("%s tokens, %s\n", count(f.Usage.Tokens()), dollars(f.Usage.Cost))
	}
	s.printf("%s\n", s.dim(f.Note))
}

func valueWord(v any) string {
	if v == nil {
		return "unknown"
	}
	return fmt.Sprint(v)
}

type analysisAgain struct {
	Call tandem.ID `arg:"" help:"Id of the call."`
}

func (c *analysisAgain) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.AnalyzeAgain(s.ctx, c.Call)
	if err != nil {
		return err
	}
	return s.show(a, func() { s.printf("Asked. What is found: tandem analysis show %s\n", c.Call) })
}

type analysisFailed struct{ paging }

func (c *analysisFailed) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	list, err := api.Analyses(s.ctx, tandem.AnalysisFailed, c.page())
	if err != nil {
		return err
	}
	defer s.more(list.Next)
	return s.show(list, func() {
		g := s.grid("ASKED", "ATTEMPTS", "LAST ERROR", "CALL")
		for _, a := range list.Items {
			g.row(moment(a.AskedAt), strconv.Itoa(a.Attempts), a.LastError, string(a.CallID))
		}
		g.print("No analysis was set aside.")
	})
}
