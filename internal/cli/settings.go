package cli

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem"
	"tandem/internal/cli/client"
)

type settingsCommand struct {
	Analyzer settingsAnalyzer `cmd:"" help:"Who analyses calls, and within which budget."`
}

type settingsAnalyzer struct {
	Show analyzerShow `cmd:"" default:"1" help:"Show it, without secrets."`
	Set  analyzerSet  `cmd:"" help:"Set it from a JSON file."`
	Try  analyzerTry  `cmd:"" help:"Ask the model about a short conversation that is built in."`
}

type analyzerShow struct{}

func (*analyzerShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.Analyzer(s.ctx)
	if err != nil {
		return err
	}
	return s.show(a, func() { s.printAnalyzer(a) })
}

func (s *session) printAnalyzer(a client.Analyzer) {
	g := s.grid("ANALYSER", string(a.Kind))
	if a.BaseURL != "" || a.Model != "" {
		g.row("model", a.Model)
		g.row("end point", a.BaseURL)
		for _, name := range slices.Sorted(maps.Keys(a.Query)) {
			g.row("query "+name, a.Query[name])
		}
		g.row("key", map[bool]string{true: "set", false: "none"}[a.KeySet])
		if len(a.HeaderNames) > 0 {
			g.row("headers set", strings.Join(a.HeaderNames, ", "))
		}
		g.row("time-out", a.Timeout().String())
		g.row("at once, per node", strconv.Itoa(a.Concurrency))
		if a.Priced() {
			g.row("prices a million", dollars(a.InputPrice)+" in, "+dollars(a.OutputPrice)+" out")
		}
		g.row("budget a day", limitsInWords(a.Budget.DayCost, a.Budget.DayTokens))
		g.row("budget a call", limitsInWords(a.Budget.CallCost, a.Budget.CallTokens))
		g.row("over budget", map[bool]string{true: "word lists and rules fill in", false: "calls wait"}[a.FillIn])
	}
	g.print("Calls are read offline, by word lists and rules.")
}

func limitsInWords(cost float64, tokens int64) string {
	var parts []string
	if cost > 0 {
		parts = append(parts, dollars(cost))
	}
	if tokens > 0 {
		parts = append(parts, count(tokens)+" tokens")
	}
	if len(parts) == 0 {
		return "no limit"
	}
	return strings.Join(parts, ", ")
}

type analyzerSet struct {
	File string `arg:"" help:"JSON document; - reads the input." placeholder:"FILE.json"`
}

func (*analyzerSet) Help() string {
	return `The document replaces all settings but the key and the headers, which stay when they are left out:

  {"kind": "llm", "base_url": "https://api.openai.com/v1", "model": "gpt-4.1-mini", "key": "sk-...",
   "input_price": 0.4, "output_price": 1.6, "budget": {"day_cost": 5}, "fill_in": true}
  {"kind": "llm", "base_url": "http://127.0.0.1:11434/v1", "model": "qwen3:8b"}
  {"kind": "offline"}

The key is stored sealed and never shown again. Try it then: tandem settings analyzer try`
}

func (c *analyzerSet) Run(s *session) error {
	raw, err := s.readFile(c.File)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	a, err := api.PutAnalyzer(s.ctx, raw)
	if err != nil {
		return err
	}
	return s.show(a, func() { s.printAnalyzer(a) })
}

type analyzerTry struct{}

func (*analyzerTry) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	got, err := api.TryAnalyzer(s.ctx)
	if err != nil {
		return err
	}
	err = s.show(got, func() {
		if got.OK {
			s.printf("It works: the model answered in %s and its answer fits.\n", time.Duration(got.Millis)*time.Millisecond)
		}
		if got.Analysis != nil {
			s.printAnalysis(tandem.CallAnalysis{State: tandem.AnalysisDone, Analysis: got.Analysis})
		}
	})
	if err == nil && !got.OK {
		err = tandem.Errorf(tandem.Invalid, "", "%s", got.Problem)
	}
	return err
}
