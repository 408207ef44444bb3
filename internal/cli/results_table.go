package cli

import (
	"slices"

	"tandem"
	"tandem/internal/cli/client"
)

// hidden metrics say how complete the data are; the lines below the table tell
// what matters of them.
var hidden = []string{tandem.MetricEnded, tandem.MetricLost, tandem.MetricAnalyzed, tandem.MetricNotRandomised}

// oneLook heads the p-values that hold for a single look. They decide nothing,
// so they are the first to go where there is no room.
const oneLook = "P, ONE LOOK"

// table is the table of metrics, and the columns that it has no room for.
func (s *session) table(r client.Results, brief bool) (text string, dropped []string) {
	g := s.armsGrid(r)
	if len(r.Arms) == 2 {
		g = s.pairGrid(r, brief)
	}
	dropped = g.fit()
	return g.String(), dropped
}

// pairGrid is the table of a test with two arms: one line per metric.
func (s *session) pairGrid(r client.Results, brief bool) *grid {
	a, b := r.Arms[0].Key, r.Arms[1].Key
	g := s.grid("", a, b, b+" - "+a, "95 % INTERVAL", "P", oneLook, "N "+a, "N "+b)
	g.spare = [][]string{{oneLook}, {"N " + a, "N " + b}}
	for col := 1; col <= 8; col++ {
		g.right[col] = true
	}
	for _, m := range shown(r.Metrics) {
		if m.Primary {
			g.bold[len(g.rows)] = true
		}
		cmp := against(m, b)
		if m.Kind == tandem.Category {
			g.row(label(m), "", "", "", "", anyP(m), pText(cmp), count(m.Arms[0].N), count(m.Arms[1].N))
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
	return g
}

// armsGrid is the table of a test with more arms: one line per metric and arm.
func (s *session) armsGrid(r client.Results) *grid {
	g := s.grid("", "ARM", "VALUE", "LESS A", "95 % INTERVAL", "P", oneLook, "N")
	g.spare = [][]string{{oneLook}, {"N"}}
	for col := 2; col <= 7; col++ {
		g.right[col] = true
	}
	for _, m := range shown(r.Metrics) {
		for i, arm := range m.Arms {
			name, p := "", evidenceP(against(m, arm.Arm))
			if i == 0 { // beside A stands what is of all arms at once
				name, p = label(m), anyP(m)
			}
			if m.Primary {
				g.bold[len(g.rows)] = true
			}
			cmp := against(m, arm.Arm)
			text := value(m, arm.Value)
			if m.Kind == tandem.Category {
				text = shares(arm)
			}
			g.row(name, arm.Arm, text, difference(m, cmp), evidenceInterval(m, cmp), p, pText(cmp), count(arm.N))
		}
	}
	return g
}

// shown leaves out what is told elsewhere and what has no data at all, but
// never the metric that decides.
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
