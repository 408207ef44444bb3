package report

import (
	"fmt"
	"math"

	"tandem"
	"tandem/internal/results"
)

// distributions shows the shape of numbers, when callers leave, and how often
// each value of a category comes up.
func distributions(r *results.Results) section {
	s := section{ID: "distributions", Title: "Distributions"}
	if c, ok := hangupChart(r); ok {
		s.Charts = append(s.Charts, c)
	}
	for i, m := range shown(r) {
		var c chart
		var ok bool
		switch m.Kind {
		case tandem.Mean:
			c, ok = histogramChart(m, fmt.Sprintf("shape-%d", i))
		case tandem.Category:
			c, ok = categoryChart(m, fmt.Sprintf("shares-%d", i))
		}
		if ok {
			s.Charts = append(s.Charts, c)
		}
	}
	return s
}

// histogramChart draws the shape of a number, one panel for each arm.
func histogramChart(m *results.Metric, id string) (chart, bool) {
	f := armFigures(m)
	var with []*results.Summary
	c := chart{Title: "How " + lowerFirst(plain(m.Label)) + " is spread", Bulky: true}
	for i := range m.Arms {
		s := &m.Arms[i]
		if len(s.Histogram) == 0 || s.Value == nil || s.N == 0 || len(with) > 0 && len(s.Histogram) != len(with[0].Histogram) {
			continue
		}
		with = append(with, s)
		c.Desc += fmt.Sprintf("%s: mean %s", s.Arm, f.value(*s.Value))
		if s.Median != nil && s.P90 != nil {
			c.Desc += fmt.Sprintf(", median %s, 90th percentile %s", significant(*s.Median), significant(*s.P90))
		}
		c.Desc += fmt.Sprintf(", of %s. ", calls(s.N))
	}
	if len(with) == 0 {
		return chart{}, false
	}
	c.Caption = "Share of each arm's calls; the upright line is the mean."
	if farOut(with[0].Histogram) {
		c.Caption += " The outer bars hold what lies far out."
	}
	c.Table = histogramTable(m, with)
	picture(&c, id, func(d *drawing) { drawHistograms(d, m, f, with) })
	return c, true
}

// binWidth gives the width of the bins: that of a middle one, since those at
// the ends may be wider.
func binWidth(bins []results.Bin) float64 {
	b := bins[len(bins)/2]
	if len(bins) == 2 && bins[0].To-bins[0].From < b.To-b.From {
		b = bins[0]
	}
	return b.To - b.From
}

// farOut says whether a bin at the ends is wider than the rest.
func farOut(bins []results.Bin) bool {
	w := binWidth(bins) * (1 + 1e-9)
	first, last := bins[0], bins[len(bins)-1]
	return first.To-first.From > w || last.To-last.From > w
}

func histogramTable(m *results.Metric, with []*results.Summary) *table {
	head := "From, to"
	if unit := plain(m.Unit); unit != "" {
		head += ", in " + unit
	}
	t := table{Columns: []column{{Head: head}}}
	for _, s := range with {
		t.Columns = append(t.Columns, column{Head: s.Arm, Arm: s.Arm, Number: true})
	}
	for i, b := range with[0].Histogram {
		line := row{Head: cell{Text: significant(b.From) + " to " + significant(b.To)}}
		for _, s := range with {
			line.Cells = append(line.Cells, cell{Text: withShare(s.Histogram[i].N, part(s.Histogram[i].N, s.N))})
		}
		t.Rows = append(t.Rows, line)
	}
	return &t
}

func part(n, of int64) *float64 {
	if of == 0 {
		return nil
	}
	x := float64(n) / float64(of)
	return &x
}

// panelsInARow is how many arms' panels stand side by side on a wide screen.
const panelsInARow = 3

func drawHistograms(d *drawing, m *results.Metric, f figures, with []*results.Summary) {
	columns := min(len(with), panelsInARow)
	panel, gap := 190.0, 28.0
	if d.narrow {
		columns, panel = 1, 160
	}
	rows := (len(with) + columns - 1) / columns
	d.height = panel * float64(rows)
	w := (d.width - gap*float64(columns-1)) / float64(columns)
	most := 0.0
	for _, s := range with {
		for _, b := range s.Histogram {
			most = max(most, float64(b.N)/float64(s.N))
		}
	}
	for i, s := range with {
		x := float64(i%columns) * (w + gap)
		y := float64(i/columns) * panel
		d.group(toneOf(s.Arm), func() { drawHistogram(d, m, f, s, most, x, y, w, panel) })
	}
}

func drawHistogram(d *drawing, m *results.Metric, f figures, s *results.Summary, most, left, top, w, h float64) {
	bins := s.Histogram
	width := binWidth(bins)
	// Bars of one width, from where the first regular bin begins.
	from := bins[0].To - width
	to := from + width*float64(len(bins))
	x := scale{from, to, left + 2, left + w - 2}
	y := scale{0, max(most, 1e-9), top + h - 26, top + 30}
	head := s.Arm + "  mean " + f.value(*s.Value)
	if s.Median != nil {
		head += ", median " + significant(*s.Median)
	}
	d.text("ends", left+2, top+16, start, head)
	for i, b := range bins {
		x0 := x.at(from + width*float64(i))
		x1 := x.at(from + width*float64(i+1))
		bar := y.at(float64(b.N) / float64(s.N))
		d.rect("bar", x0+0.5, bar, x1-x0-1, y.at(0)-bar)
	}
	d.line("base", left, y.at(0), left+w, y.at(0))
	mean := min(max(*s.Value, from), to)
	d.line("mean", x.at(mean), top+26, x.at(mean), y.at(0))
	clocked := m.Unit == "s" && from >= 0 && to >= 120
	values := marks(from, to, int(w/70))
	if clocked {
		values = secondMarks(to, int(w/70))
	}
	digits := 0
	if len(values) > 1 {
		digits = max(0, -int(math.Floor(math.Log10(values[1]-values[0])+1e-9)))
	}
	for _, v := range values {
		text := fixed(v, digits)
		if clocked {
			text = clock(v)
		}
		if v < from {
			continue
		}
		d.text("mark", min(max(x.at(v), left+14), left+w-14), top+h-10, middle, text)
	}
}
