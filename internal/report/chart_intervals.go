package report

import (
	"fmt"
	"math"

	"tandem"
	"tandem/internal/results"
)

// gauge is one difference on a scale of its own.
type gauge struct {
	name, arm, text string
	value           float64
	span            *tandem.Span
	reach           float64
	primary         bool
}

// intervalChart draws every metric's difference, each on its own scale around
// no difference.
func intervalChart(r *results.Results, list []*results.Metric) (chart, bool) {
	var all []gauge
	t := table{Columns: []column{{Head: "Metric"}, {Head: "Difference", Number: true}, {Head: "Interval", Sub: "valid at every look", Number: true}}}
	for _, m := range list {
		for _, g := range gauges(m, len(r.Arms) > 2) {
			all = append(all, g)
			f := evidenceFigures(m)
			t.Rows = append(t.Rows, row{Head: cell{Text: g.name}, Strong: m.Primary, Cells: []cell{
				{Text: f.difference(g.value)}, {Text: f.span(g.span.Low, g.span.High)},
			}})
		}
	}
	if len(all) == 0 {
		return chart{}, false
	}
	first := r.Arms[0].Key
	decided := 0
	for _, g := range all {
		if g.decided() {
			decided++
		}
	}
	c := chart{
		Title:   "All differences from " + first,
		Desc:    fmt.Sprintf("%d differences with their intervals, each on a scale of its own. Intervals that exclude zero: %d.", len(all), decided),
		Caption: "Each line has its own scale around no difference. Intervals hold at every look. A full dot: the interval excludes zero. A hollow dot: it does not.",
		Table:   &t, Bulky: true,
	}
	other := "the other arm"
	if len(r.Arms) == 2 {
		other = r.Arms[1].Key
	}
	picture(&c, "intervals", func(d *drawing) { drawGauges(d, all, first, other) })
	return c, true
}

// gauges gives a metric's differences that have an interval.
func gauges(m *results.Metric, several bool) []gauge {
	f := evidenceFigures(m)
	var out []gauge
	reach := 0.0
	for _, c := range m.Against {
		e := c.Evidence
		if e == nil || e.Value == nil || e.Interval == nil {
			continue
		}
		g := gauge{name: plain(m.Label), arm: c.Arm, value: *e.Value, span: e.Interval, primary: m.Primary}
		if several {
			g.name += ", " + c.Arm
		}
		g.text = f.difference(g.value)
		reach = max(reach, math.Abs(g.value), math.Abs(g.span.Low), math.Abs(g.span.High))
		out = append(out, g)
	}
	for i := range out {
		out[i].reach = reach
	}
	return out
}

// decided says whether the interval excludes zero.
func (g gauge) decided() bool { return g.span.Low > 0 || g.span.High < 0 }

func drawGauges(d *drawing, all []gauge, first, other string) {
	rowHeight, left, right, top := 34.0, 250.0, 130.0, 26.0
	if d.narrow {
		rowHeight, left, right = 54, 6, 6
	}
	d.height = top + rowHeight*float64(len(all)) + 6
	x0, x1 := left, d.width-right
	center := (x0 + x1) / 2
	d.text("mark", x0, 14, start, "← "+first+" higher")
	d.text("mark", x1, 14, end, other+" higher →")
	d.line("zero", center, top-4, center, d.height-4)
	for i, g := range all {
		y := top + rowHeight*(float64(i)+0.5)
		if g.primary {
			d.rect("stripe", 0, y-rowHeight/2+1, d.width, rowHeight-2)
			d.line("zero", center, y-rowHeight/2, center, y+rowHeight/2)
		}
		class := "name"
		if g.primary {
			class = "name strong"
		}
		if d.narrow {
			d.text(class, 6, y-8, start, short(g.name, 26))
			d.text("figure", d.width-6, y-8, end, g.text)
			y += 12
		} else {
			d.text(class, 10, y+4, start, short(g.name, int((left-20)/letter)))
			d.text("figure", d.width-10, y+4, end, g.text)
		}
		x := scale{-g.reach, g.reach, x0 + 6, x1 - 6}
		d.group(toneOf(g.arm), func() {
			d.line("range", x.at(g.span.Low), y, x.at(g.span.High), y)
			dot := "dot"
			if !g.decided() {
				dot = "dot hollow"
			}
			d.circle(dot, x.at(g.value), y, 5)
		})
	}
}
