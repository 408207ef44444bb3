package report

import (
	"fmt"
	"math"
	"time"

	"tandem"
	"tandem/internal/results"
)

// overTime draws the primary metric's difference over time, one chart for each
// arm against the first.
func overTime(r *results.Results) section {
	m := r.Metric(r.PrimaryMetric)
	if m == nil {
		return section{}
	}
	s := section{ID: "over-time", Title: "The difference over time"}
	reach := trackReach(m)
	for i, c := range m.Against {
		if e := c.Evidence; e != nil && len(e.Track) > 1 {
			s.Charts = append(s.Charts, trackChart(m, e, reach, fmt.Sprintf("track-%d", i)))
		}
	}
	if n := len(s.Charts); n > 0 {
		s.Charts[n-1].Caption = "The shaded band is a confidence sequence: it holds at all moments at once, so it may be watched. Its wide beginning is cut off. " +
			"The bar at the right is the interval that the verdict rests on."
	}
	return s
}

// trackRange is the range of differences that the charts show.
type trackRange struct{ low, high float64 }

// trackReach gives one range for all arms: no difference, the differences and
// their bands. The bands' wide beginnings are cut off, else they would flatten
// all that follows.
func trackReach(m *results.Metric) trackRange {
	out := trackRange{}
	take := func(low, high float64) { out.low, out.high = min(out.low, low), max(out.high, high) }
	for _, c := range m.Against {
		if c.Evidence == nil {
			continue
		}
		points := c.Evidence.Track
		for _, p := range points {
			if p.N*5 >= points[len(points)-1].N {
				take(p.Low, p.High)
			}
		}
		if in := c.Evidence.Interval; in != nil {
			take(in.Low, in.High)
		}
	}
	pad := (out.high - out.low) * 0.06
	if pad == 0 {
		pad = 1
	}
	return trackRange{out.low - pad, out.high + pad}
}

func trackChart(m *results.Metric, e *results.PairEvidence, reach trackRange, id string) chart {
	last := e.Track[len(e.Track)-1]
	f := spanFigures(m, []*float64{&last.Value}, &tandem.Span{Low: last.Low, High: last.High}, e.Interval)
	c := chart{
		Title: fmt.Sprintf("%s: %s less %s", plain(m.Label), e.Arm, e.Against),
		Desc: fmt.Sprintf("From %s to %s, over %s values. At the end the difference is %s, the band runs from %s.",
			moment(e.Track[0].At), moment(last.At), count(last.N), f.difference(last.Value), f.span(last.Low, last.High)),
		Table: trackTable(f, e.Track),
	}
	picture(&c, id, func(d *drawing) { drawTrack(d, f, e, reach) })
	return c
}

// trackTable lists about a dozen moments, the last among them.
func trackTable(f figures, points []results.BandPoint) *table {
	t := table{Columns: []column{{Head: "Up to"}, {Head: "Values", Number: true}, {Head: "Difference", Number: true}, {Head: "Band", Number: true}}}
	every := max(1, (len(points)+11)/12)
	for i := range points {
		if (len(points)-1-i)%every != 0 {
			continue
		}
		p := points[i]
		t.Rows = append(t.Rows, row{Head: cell{Text: moment(p.At)}, Cells: []cell{
			{Text: count(p.N)}, {Text: f.difference(p.Value)}, {Text: f.span(p.Low, p.High)},
		}})
	}
	return &t
}

func drawTrack(d *drawing, f figures, e *results.PairEvidence, reach trackRange) {
	d.height = 300
	left, right, top, bottom, most := 62.0, 116.0, 18.0, 28.0, 8
	if d.narrow {
		d.height, left, right, most = 250, 44, 58, 3
	}
	points := e.Track
	x0, x1 := left, d.width-right
	y := scale{reach.low, reach.high, d.height - bottom, top}
	from, to := points[0].At, points[len(points)-1].At
	x := scale{0, to.Sub(from).Seconds(), x0, x1}
	at := func(t time.Time) float64 { return x.at(t.Sub(from).Seconds()) }

	drawDifferenceAxis(d, f, y, x0, x1)
	for _, mark := range timeMarks(from, to, most) {
		d.line("tick", at(mark.at), d.height-bottom, at(mark.at), d.height-bottom+4)
		d.text("mark", at(mark.at), d.height-8, middle, mark.text)
	}
	d.group(toneOf(e.Arm), func() {
		d.within(x0, top, x1-x0, d.height-top-bottom, func() {
			var band, line []point
			for _, p := range points {
				band, line = append(band, point{at(p.At), y.at(p.High)}), append(line, point{at(p.At), y.at(p.Value)})
			}
			for i := len(points) - 1; i >= 0; i-- {
				band = append(band, point{at(points[i].At), y.at(points[i].Low)})
			}
			d.path("band", band, true)
			d.path("curve", line, false)
		})
		last := points[len(points)-1]
		value, text := last.Value, x1+12
		if e.Interval != nil {
			d.line("whisker", x1+12, y.at(e.Interval.Low), x1+12, y.at(e.Interval.High))
			text += 8
		}
		if e.Value != nil {
			value = *e.Value
		}
		d.circle("dot", x1+12, y.at(value), 4.5)
		label := f.difference(value)
		if d.narrow {
			label = f.change(value)
		}
		d.text("ends", text+2, y.at(value)+4, start, label)
	})
}

// drawDifferenceAxis draws the scale of a difference, upright, with the line of
// no difference.
func drawDifferenceAxis(d *drawing, f figures, y scale, x0, x1 float64) {
	low, high := f.scaled(y.from), f.scaled(y.to)
	values := marks(low, high, 6)
	digits := 0
	if len(values) > 1 {
		digits = max(0, -int(math.Floor(math.Log10(values[1]-values[0])+1e-9)))
	}
	unit := figures{digits: digits}
	for _, v := range values {
		h := scale{low, high, y.start, y.end}.at(v)
		class := "rule"
		if math.Abs(v) < (high-low)*1e-9 {
			class = "zero"
		}
		d.line(class, x0, h, x1, h)
		d.text("mark", x0-8, h+4, end, unit.change(v))
	}
	if f.unit != "" {
		d.text("mark", x0+4, 11, start, short(f.unit, 24))
	}
}
