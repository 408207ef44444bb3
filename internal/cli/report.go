package cli

import (
	"os"

	"tandem"
)

type reportCommand struct {
	Test string `arg:"" help:"Id of the test; or number, name or id of a route, for its running or else latest test."`
	HTML bool   `name:"html" help:"One HTML page with charts, in place of Markdown."`
	Out  string `help:"File to write; default: the output." short:"o" placeholder:"FILE"`
}

func (*reportCommand) Help() string {
	return `Of a test that was ended: what was known then, and why it was decided so.

  tandem report +14155550100
  tandem report +14155550100 --html -o greeting.html`
}

func (c *reportCommand) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	format := "markdown"
	if c.HTML {
		format = "html"
	}
	page, err := api.Report(s.ctx, t.ID, format)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = s.Stdout.Write(page)
		return err
	}
	if err := os.WriteFile(c.Out, page, 0o600); err != nil {
		return tandem.Errorf(tandem.Invalid, "--out", "cannot be written: %v", err)
	}
	return s.show(map[string]string{"file": c.Out}, func() { s.printf("Written: %s\n", c.Out) })
}
