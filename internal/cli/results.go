package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"tandem"
	"tandem/internal/cli/client"
)

type resultsCommand struct {
	Test     string        `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Watch    bool          `help:"Keep showing the latest figures until Ctrl-C." short:"w"`
	Interval time.Duration `help:"How often to look, with --watch (default 1s)." placeholder:"DURATION" default:"1s"`
}

func (*resultsCommand) Help() string {
	return `For example:

  tandem results +14155550100
  tandem results +14155550100 --watch
  tandem results +14155550100 --json | jq '.metrics[] | select(.primary)'`
}

func (c *resultsCommand) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	read := func(ctx context.Context) (client.Results, error) { return api.Results(ctx, c.Test) }
	if c.Watch {
		return s.watch(max(c.Interval, 100*time.Millisecond), read)
	}
	r, err := read(s.ctx)
	if err != nil {
		return err
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, r.Raw)
	}
	s.printf("%s\n", s.resultsText(r, false))
	return nil
}

// watch shows results until ctx ends, which is how it is meant to stop. A
// server that is away for a while is waited for.
func (s *session) watch(every time.Duration, read func(context.Context) (client.Results, error)) error {
	screen := newScreen(s.Env)
	tick := time.NewTicker(every)
	defer tick.Stop()
	shown := false
	for {
		r, err := read(s.ctx)
		switch {
		case s.ctx.Err() != nil:
			return nil
		case err != nil && (!shown || tandem.CodeOf(err) != tandem.Unavailable):
			return err
		case err != nil:
			screen.note(explain(err)[0])
		case s.cmd.JSON:
			if err := s.writeJSON(nil, r.Raw); err != nil {
				return err
			}
			shown = true
		default:
			s.drawResults(screen, r)
			shown = true
		}
		select {
		case <-tick.C:
		case <-s.ctx.Done():
			return nil
		}
	}
}

// drawResults draws results in full, or without details where the terminal is
// too low for them.
func (s *session) drawResults(screen *screen, r client.Results) {
	text := s.resultsText(r, false)
	if !screen.fits(text) {
		text = s.resultsText(r, true)
	}
	screen.draw(text)
}

// resultsText lays results out for people; brief leaves medians, the values of
// categories and notes away.
func (s *session) resultsText(r client.Results, brief bool) string {
	var out lines
	s.addWrapped(&out, resultsTitle(r), s.strong)
	if r.Goal != "" {
		s.addWrapped(&out, "goal: "+r.Goal, plain)
	}
	for _, line := range goalLines(r) {
		s.addWrapped(&out, line, s.dim)
	}
	s.addVerdict(&out, r, brief)
	for _, a := range r.Arms {
		kept := ""
		if r.Winner == a.Key {
			kept = "  kept"
		}
		s.addWrapped(&out, fmt.Sprintf("%s  %s  %s %%%s  %s", a.Key, a.Version, number(a.Weight), kept, s.dim(a.Note)), plain)
	}
	table, dropped := s.table(r, brief)
	out.add("\n%s\n", table)
	for _, q := range qualityLines(r) {
		s.addWrapped(&out, q, plain)
	}
	if !brief {
		for _, line := range fieldLines(r) {
			s.addWrapped(&out, line, plain)
		}
	}
	for _, n := range legend(r, dropped, brief) {
		s.addWrapped(&out, n, s.dim)
	}
	return out.String()
}

// addVerdict puts what can be concluded before any figure.
func (s *session) addVerdict(out *lines, r client.Results, brief bool) {
	v := r.Verdict
	if v.Text == "" {
		return
	}
	out.add("")
	s.addWrapped(out, v.Text, s.strong)
	for _, a := range v.Alarms {
		state := "open"
		if a.Acknowledged != nil {
			state = "acknowledged by " + a.Acknowledged.By
		}
		s.addWrapped(out, fmt.Sprintf("alarm (%s, %s): %s", a.Check, state, a.Text), plain)
	}
	for _, g := range v.Guardrails {
		if g.Breached || !brief {
			s.addWrapped(out, "guardrail: "+g.Text, plain)
		}
	}
	if text := rampText(r.Ramp); text != "" && !brief {
		s.addWrapped(out, text, plain)
	}
	if v.Change != "" && !brief {
		s.addWrapped(out, "would change it: "+v.Change, plain)
	}
	if w := r.Evidence.Waiting; w > 0 {
		verb := " wait"
		if w == 1 {
			verb = " waits"
		}
		s.addWrapped(out, calls(w)+verb+" behind the oldest one that is still without outcome", s.dim)
	}
	if r.Evidence.Rebuilding {
		s.addWrapped(out, "the evidence is being computed anew", s.dim)
	}
	out.add("")
}

// rampText says what a ramp's next step waits for; "" where there is none.
func rampText(r *tandem.RampState) string {
	if r == nil {
		return ""
	}
	waits := "is due"
	if len(r.Waits) > 0 {
		waits = "waits for " + strings.Join(r.Waits, "; ")
	}
	return fmt.Sprintf("ramp: step %d of %d; the next %s", r.Step, r.Steps, waits)
}

// legend says what the table's figures mean.
func legend(r client.Results, dropped []string, brief bool) []string {
	text := "95 % intervals and p hold at every look, over the covered calls; p of metrics that do not decide is exploratory, and adjusted for their number except that of a category."
	if !slices.Contains(dropped, oneLook) {
		text += " P, one look, holds only if you look once: it decides nothing."
	}
	notes := []string{text}
	if brief {
		return notes
	}
	if len(r.Arms) > 2 {
		notes = append(notes, "P beside A says whether the arms differ at all; it is not adjusted.")
	}
	notes = append(notes, firstCalls(r)...)
	if len(r.Method.Notes) > 1 {
		notes = append(notes, r.Method.Notes[1:]...) // the first is the text above
	}
	if len(dropped) > 0 {
		notes = append(notes, "No room for the columns "+strings.Join(dropped, "; ")+".")
	}
	return notes
}

// firstCalls says what comes out when each caller counts once: calls of one
// caller resemble each other.
func firstCalls(r client.Results) []string {
	m := primary(r.Metrics)
	if m == nil {
		return nil
	}
	var out []string
	for _, f := range r.Evidence.FirstCalls {
		if f.Value == nil {
			continue
		}
		text := fmt.Sprintf("Each caller's first call only: %s %s %s over %s", label(*m), f.Arm, withPoints(*m, *f.Value), calls(f.N))
		if f.Interval != nil {
			text += ", " + spanText(*m, f.Interval)
		}
		out = append(out, text+".")
	}
	return out
}

func primary(all []client.Metric) *client.Metric {
	i := slices.IndexFunc(all, func(m client.Metric) bool { return m.Primary })
	if i < 0 {
		return nil
	}
	return &all[i]
}

func plain(text string) string { return text }

// addWrapped adds text in lines no wider than the terminal, each in a style.
func (s *session) addWrapped(out *lines, text string, style func(string) string) {
	width, _, _ := s.Terminal()
	for line := range strings.SplitSeq(lipgloss.Wrap(text, width, " "), "\n") {
		out.add("%s", style(line))
	}
}

func resultsTitle(r client.Results) string {
	title := r.Route
	if r.Name != "" {
		title = r.Name + " on " + r.Route
	}
	title += "  " + string(r.Status) + " since " + moment(r.StartedAt)
	if r.EndedAt != nil {
		title = fmt.Sprintf("%s  %s %s to %s", first(r.Name, r.Route), r.Status, moment(r.StartedAt), moment(*r.EndedAt))
	}
	if n := len(r.Phases); n > 1 {
		title += fmt.Sprintf("  phase %d", r.Phases[n-1].Number)
	}
	return title
}
