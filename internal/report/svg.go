package report

import (
	"html"
	"html/template"
	"strconv"
	"strings"
)

// layout is the room a chart has. Text keeps its size on every screen, so a
// chart is drawn once for wide screens and once for narrow ones.
type layout struct {
	id     string
	width  float64
	narrow bool
}

const (
	wideWidth   = 920
	narrowWidth = 330
	// letter is about how wide a letter of a chart's text is.
	letter = 6.6
)

// drawing is an SVG picture in the making. Coordinates are CSS pixels from the
// top left. Text and classes are escaped where they are written, here and
// nowhere else.
type drawing struct {
	layout
	height float64
	body   strings.Builder
}

// num writes a coordinate to a tenth of a pixel.
func num(x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	if s = strings.TrimSuffix(s, ".0"); s == "-0" {
		return "0"
	}
	return s
}

// element opens an element. Attributes are pairs of name and value.
func (d *drawing) element(name string, attributes ...string) {
	d.body.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		d.body.WriteString(" " + attributes[i] + `="` + html.EscapeString(attributes[i+1]) + `"`)
	}
	d.body.WriteString(">")
}

func (d *drawing) closed(name string, attributes ...string) {
	d.element(name, attributes...)
	d.body.WriteString("</" + name + ">")
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	d.closed("line", "class", class, "x1", num(x1), "y1", num(y1), "x2", num(x2), "y2", num(y2))
}

func (d *drawing) rect(class string, x, y, w, h float64) {
	d.closed("rect", "class", class, "x", num(x), "y", num(y), "width", num(max(0, w)), "height", num(max(0, h)))
}

func (d *drawing) circle(class string, x, y, r float64) {
	d.closed("circle", "class", class, "cx", num(x), "cy", num(y), "r", num(r))
}

// anchor is which end of a text its x is.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

func (d *drawing) text(class string, x, y float64, a anchor, s string) {
	d.element("text", "class", class, "x", num(x), "y", num(y), "text-anchor", string(a))
	d.body.WriteString(html.EscapeString(s) + "</text>")
}

// point is a place in a drawing.
type point struct{ x, y float64 }

// pathOf writes points as a line, or as an outline when closed.
func pathOf(points []point, isClosed bool) string {
	var b strings.Builder
	for i, p := range points {
		command := "L"
		if i == 0 {
			command = "M"
		}
		b.WriteString(command + num(p.x) + " " + num(p.y))
	}
	if isClosed {
		b.WriteString("Z")
	}
	return b.String()
}

func (d *drawing) path(class string, points []point, isClosed bool) {
	if len(points) > 1 {
		d.closed("path", "class", class, "d", pathOf(points, isClosed))
	}
}

// within draws only what lies inside a rectangle.
func (d *drawing) within(x, y, w, h float64, paint func()) {
	box := strings.Join([]string{num(x), num(y), num(w), num(h)}, " ")
	d.element("svg", "x", num(x), "y", num(y), "width", num(w), "height", num(h), "viewBox", box)
	paint()
	d.body.WriteString("</svg>")
}

// group draws in a class that colours what is inside.
func (d *drawing) group(class string, paint func()) {
	d.element("g", "class", class)
	paint()
	d.body.WriteString("</g>")
}

// svg gives the picture with its name and description for those who hear it.
func (d *drawing) svg(title, desc string) template.HTML {
	out := drawing{}
	class := "picture"
	if d.narrow {
		class += " narrow"
	} else {
		class += " wide"
	}
	out.element("svg", "class", class, "viewBox", "0 0 "+num(d.width)+" "+num(d.height), "role", "img",
		"aria-labelledby", d.id+"-title "+d.id+"-desc")
	out.element("title", "id", d.id+"-title")
	out.body.WriteString(html.EscapeString(title) + "</title>")
	out.element("desc", "id", d.id+"-desc")
	out.body.WriteString(html.EscapeString(desc) + "</desc>")
	out.body.WriteString(d.body.String() + "</svg>")
	return template.HTML(out.body.String()) // every text in it went through html.EscapeString
}

// picture draws a chart for wide and for narrow screens. id tells its elements
// apart from those of other charts.
func picture(c *chart, id string, paint func(*drawing)) {
	for _, l := range []layout{{id + "-wide", wideWidth, false}, {id + "-narrow", narrowWidth, true}} {
		d := &drawing{layout: l}
		paint(d)
		if l.narrow {
			c.Narrow = d.svg(c.Title, c.Desc)
		} else {
			c.Wide = d.svg(c.Title, c.Desc)
		}
	}
}
