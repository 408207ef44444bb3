package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tandem/internal/results"
)

// fewAtRisk is how many calls must still be on for a curve to be drawn in full:
// with fewer it is too ragged to read anything from.
const fewAtRisk = 20

// staying is the share of one arm's callers still on the line, as a curve.
type staying struct {
	arm    string
	points []point // x in seconds, y the share
	thin   float64 // from when the curve is ragged
}

// hangupChart draws when callers leave.
func hangupChart(r *results.Results) (chart, bool) {
	var curves []staying
	c := chart{Title: "Callers still on the line"}
	until := 1.0
	ragged := false
	for _, h := range r.Hangups {
		if len(h.Steps) == 0 {
			continue
		}
		s := stayingOf(h)
		curves = append(curves, s)
		until = max(until, shownUntil(h))
		ragged = ragged || !math.IsInf(s.thin, 1)
		c.Desc += fmt.Sprintf("%s: %s of %s callers hung up. ", h.Arm, count(h.Hangups), count(h.Calls))
	}
	if len(curves) == 0 {
		return chart{}, false
	}
	c.Caption = "Share of callers still on the line, by time from the answer, if only callers ended calls (Kaplan and Meier)."
	if ragged {
		c.Caption += fmt.Sprintf(" Dotted where fewer than %d calls are left.", fewAtRisk)
	}
	c.Table = stayingTable(curves, until)
	picture(&c, "staying", func(d *drawing) { drawStaying(d, curves, until) })
	return c, true
}

func stayingOf(h results.HangupTiming) staying {
	s := staying{arm: h.Arm, points: []point{{0, 1}}, thin: math.Inf(1)}
	share := 1.0
	for _, st := range h.Steps {
		if st.AtRisk < fewAtRisk {
			s.thin = min(s.thin, st.From)
		}
		if from := max(0, st.From); from > s.points[len(s.points)-1].x {
			s.points = append(s.points, point{from, share})
		}
		share = st.Staying
		s.points = append(s.points, point{st.To, share})
	}
	return s
}

// shownUntil gives the time by which nearly nobody is left, so that one long
// call does not squeeze the rest.
func shownUntil(h results.HangupTiming) float64 {
	out := h.Steps[len(h.Steps)-1].To
	for i := len(h.Steps) - 1; i >= 0; i-- {
		if s := h.Steps[i]; s.AtRisk >= max(3, h.Calls/100) {
			return s.To
		}
	}
	return out
}

// at gives the share still on the line after t seconds; false past the last
// call.
func (s staying) at(t float64) (float64, bool) {
	for i := 1; i < len(s.points); i++ {
		a, b := s.points[i-1], s.points[i]
		if t > b.x {
			continue
		}
		if b.x == a.x {
			return b.y, true
		}
		return a.y + (b.y-a.y)*max(0, t-a.x)/(b.x-a.x), true
	}
	return 0, false
}

// between gives the part of the curve from one time to another.
func (s staying) between(from, to float64) []point {
	var out []point
	if share, ok := s.at(from); ok {
		out = append(out, point{from, share})
	}
	for _, p := range s.points {
		if p.x > from && p.x < to {
			out = append(out, p)
		}
	}
	if share, ok := s.at(to); ok {
		out = append(out, point{to, share})
	}
	return out
}

func stayingTable(curves []staying, until float64) *table {
	t := table{Columns: []column{{Head: "After"}}}
	for _, s := range curves {
		t.Columns = append(t.Columns, column{Head: s.arm, Arm: s.arm, Number: true})
	}
	for _, at := range secondMarks(until, 12) {
		line := row{Head: cell{Text: clock(at)}}
		for _, s := range curves {
			c := cell{Text: "no calls", None: true}
			if share, ok := s.at(at); ok {
				c = cell{Text: percent(share)}
			}
			line.Cells = append(line.Cells, c)
		}
		t.Rows = append(t.Rows, line)
	}
	return &t
}

func drawStaying(d *drawing, curves []staying, until float64) {
	d.height = 260
	left, right, top, bottom, most := 48.0, 78.0, 12.0, 28.0, 9
	if d.narrow {
		d.height, left, right, most = 220, 48, 62, 4
	}
	least := 1.0
	for _, s := range curves {
		for _, p := range s.between(0, until) {
			least = min(least, p.y)
		}
	}
	low := max(0, min(0.8, math.Floor(least*5-1e-9)/5))
	x := scale{0, until, left, d.width - right}
	y := scale{low, 1, d.height - bottom, top}
	for _, v := range marks(low*100, 100, 5) {
		d.line("rule", left, y.at(v/100), d.width-right, y.at(v/100))
		d.text("mark", left-8, y.at(v/100)+4, end, fixed(v, 0)+space+"%")
	}
	for _, t := range secondMarks(until, most) {
		text := clock(t)
		if until < 120 && t < 60 {
			text = fixed(t, 0) + space + "s"
		}
		d.text("mark", x.at(t), d.height-8, middle, text)
	}
	turned := func(points []point) []point {
		for i, p := range points {
			points[i] = point{x.at(p.x), y.at(p.y)}
		}
		return points
	}
	for _, s := range curves {
		d.group(toneOf(s.arm), func() {
			d.path("curve", turned(s.between(0, min(until, s.thin))), false)
			if s.thin < until {
				d.path("curve thin", turned(s.between(s.thin, until)), false)
			}
		})
	}
	nameEnds(d, curves, until, x, y)
}

// nameEnds names each curve where it ends; where ends meet, names step aside.
func nameEnds(d *drawing, curves []staying, until float64, x, y scale) {
	type name struct {
		arm      string
		t, share float64
	}
	var ends []name
	for _, s := range curves {
		last := s.points[len(s.points)-1]
		n := name{s.arm, min(until, last.x), last.y}
		if share, ok := s.at(n.t); ok {
			n.share = share
		}
		ends = append(ends, n)
	}
	slices.SortFunc(ends, func(a, b name) int { return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.arm, b.arm)) })
	heights := make([]float64, len(ends))
	for i, n := range ends {
		heights[i] = y.at(n.share) + 4
	}
	heights = apart(heights, 16, y.start)
	for i, n := range ends {
		d.group(toneOf(n.arm), func() { d.text("ends", x.at(n.t)+6, heights[i], start, n.arm+" "+percent(n.share)) })
	}
}
