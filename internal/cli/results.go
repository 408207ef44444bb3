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

// hidden metrics say how complete the data are; the line below the table tells
// what matters of them.
var hidden = []string{tandem.MetricEnded, tandem.MetricLost, tandem.MetricAnalyzed, tandem.MetricNotRandomised}

// resultsText lays results out for people; brief leaves medians, the values of
// categories and notes away.
func (s *session) resultsText(r client.Results, brief bool) string {
	var out lines
	out.add("%s", s.strong(resultsTitle(r)))
	if r.Goal != "" {
		out.add("goal: %s", r.Goal)
	}
	s.addVerdict(&out, r, brief)
	for _, a := range r.Arms {
		kept := ""
		if r.Winner == a.Key {
			kept = "  kept"
		}
		out.add("%s  %s  %s %%%s  %s", a.Key, a.Version, number(a.Weight), kept, s.dim(a.Note))
	}
	out.add("")
	if len(r.Arms) == 2 {
		out.add("%s", s.pairTable(r, brief))
	} else {
		out.add("%s", s.armsTable(r))
	}
	out.add("")
	if q := qualityLine(r); q != "" {
		out.add("%s", q)
	}
	for _, n := range s.legend(r, brief) {
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
	if v.Change != "" && !brief {
		s.addWrapped(out, "would change it: "+v.Change, plain)
	}
	if w := r.Evidence.Waiting; w > 0 {
		out.add("%s", s.dim(count(w)+" calls wait behind the oldest one that is still without outcome"))
	}
	out.add("")
}

// legend says what the table's figures mean.
func (s *session) legend(r client.Results, brief bool) []string {
	notes := []string{"95 % intervals and p hold at every look, over the covered calls; p of metrics that do not decide is adjusted for their number and exploratory. P, one look, holds only if you look once: it decides nothing."}
	if brief {
		return notes
	}
	if f := r.Evidence.FirstCalls; len(f) > 0 && f[0].Value != nil {
		if m := primary(r.Metrics); m != nil {
			text := fmt.Sprintf("Each caller's first call only: %s %s %s over %s calls", label(*m), f[0].Arm, withPoints(*m, *f[0].Value), count(f[0].N))
			if in := f[0].Interval; in != nil {
				text += ", " + spanText(*m, in)
			}
			notes = append(notes, text+".")
		}
	}
	if len(r.Method.Notes) > 1 {
		notes = append(notes, r.Method.Notes[1:]...)
	}
	return notes
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

// pairTable is the table of a test with two arms: one line per metric.
func (s *session) pairTable(r client.Results, brief bool) string {
	a, b := r.Arms[0].Key, r.Arms[1].Key
	g := s.grid("", a, b, b+" - "+a, "95 % INTERVAL", "P", "P, ONE LOOK", "N "+a, "N "+b)
	for col := 1; col <= 8; col++ {
		g.right[col] = true
	}
	for _, m := range shown(r.Metrics) {
		if m.Primary {
			g.bold[len(g.rows)] = true
		}
		cmp := against(m, b)
		if m.Kind == tandem.Category {
			g.row(label(m), "", "", "", "", "", pText(cmp), count(m.Arms[0].N), count(m.Arms[1].N))
			for _, name := range names(m, brief) {
				g.row("  "+name, share(m.Arms[0], name), share(m.Arms[1], name))
			}
			continue
		}
		if m.Kind == tandem.Count {
			g.row(label(m), value(m, m.Arms[0].Value), value(m, m.Arms[1].Value))
			continue
		}
		g.row(label(m), value(m, m.Arms[0].Value), value(m, m.Arms[1].Value), difference(m, cmp), evidenceInterval(m, cmp), evidenceP(cmp), pText(cmp), count(m.Arms[0].N), count(m.Arms[1].N))
		if !brief && (m.Name == tandem.MetricDuration || m.Name == tandem.MetricCallerHangup) {
			g.row("  median", value(m, m.Arms[0].Median), value(m, m.Arms[1].Median))
			g.row("  90th percentile", value(m, m.Arms[0].P90), value(m, m.Arms[1].P90))
		}
	}
	return g.String()
}

// armsTable is the table of a test with more arms: one line per metric and arm.
func (s *session) armsTable(r client.Results) string {
	g := s.grid("", "ARM", "VALUE", "DIFFERENCE FROM A", "95 % INTERVAL", "P", "P, ONE LOOK", "N")
	for col := 2; col <= 7; col++ {
		g.right[col] = true
	}
	for _, m := range shown(r.Metrics) {
		for i, arm := range m.Arms {
			name := ""
			if i == 0 {
				name = label(m)
			}
			if m.Primary {
				g.bold[len(g.rows)] = true
			}
			cmp := against(m, arm.Arm)
			text := value(m, arm.Value)
			if m.Kind == tandem.Category {
				text = shares(arm)
			}
			g.row(name, arm.Arm, text, difference(m, cmp), evidenceInterval(m, cmp), evidenceP(cmp), pText(cmp), count(arm.N))
		}
	}
	return g.String()
}

// shown leaves out what is told elsewhere and what has no data at all.
func shown(all []client.Metric) []client.Metric {
	var out []client.Metric
	for _, m := range all {
		if slices.Contains(hidden, m.Name) || m.Kind != tandem.Count && !m.Primary && !slices.ContainsFunc(m.Arms, func(a client.Summary) bool { return a.N > 0 }) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// qualityLine tells of calls that the table does not count; "" when there are
// none.
func qualityLine(r client.Results) string {
	var lost, apart int64
	for _, q := range r.Quality {
		lost += q.Lost
		for _, n := range q.NotRandomised {
			apart += n
		}
	}
	var parts []string
	if lost > 0 {
		parts = append(parts, count(lost)+" lost")
	}
	if apart > 0 {
		parts = append(parts, count(apart)+" not randomised and counted apart")
	}
	return strings.Join(parts, ", ")
}
