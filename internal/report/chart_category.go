package report

import (
	"fmt"
	"slices"

	"tandem/internal/results"
)

const (
	// namesDrawn is how many values of a category are drawn, the most frequent;
	// namesListed is how many the table lists.
	namesDrawn  = 10
	namesListed = 60
)

// named is one value of a category in all arms.
type namedValue struct {
	name   string
	counts []int64
	shares []float64
	most   float64
}

// categoryChart draws how often each value comes up, arm by arm.
func categoryChart(m *results.Metric, id string) (chart, bool) {
	values := valuesOf(m)
	if len(values) == 0 {
		return chart{}, false
	}
	c := chart{Title: plain(m.Label), Caption: "Share of " + plain(m.Base) + ", arm by arm."}
	for _, s := range m.Arms {
		if len(s.Shares) > 0 {
			c.Desc += fmt.Sprintf("%s: most often %s, %s of %s. ", s.Arm, words(s.Shares[0].Name), percent(s.Shares[0].Share), calls(s.N))
		}
	}
	drawn := values[:min(len(values), namesDrawn)]
	if left := len(values) - len(drawn); left > 0 {
		c.Caption += fmt.Sprintf(" The %d most frequent of %d values.", len(drawn), len(values))
	}
	if m.AnyDifference != nil {
		c.Caption += " That the arms differ at all: p " + pValue(m.AnyDifference, nil) + ", valid at every look."
	}
	c.Table = categoryTable(m, values)
	picture(&c, id, func(d *drawing) { drawCategory(d, m, drawn) })
	return c, true
}

// valuesOf lists a category's values, the most frequent of any arm first.
func valuesOf(m *results.Metric) []namedValue {
	index := map[string]int{}
	var out []namedValue
	for a, s := range m.Arms {
		for _, x := range s.Shares {
			i, ok := index[x.Name]
			if !ok {
				i = len(out)
				index[x.Name] = i
				out = append(out, namedValue{name: words(x.Name), counts: make([]int64, len(m.Arms)), shares: make([]float64, len(m.Arms))})
			}
			out[i].counts[a], out[i].shares[a] = x.N, x.Share
			out[i].most = max(out[i].most, x.Share)
		}
	}
	slices.SortStableFunc(out, func(a, b namedValue) int {
		switch {
		case a.most > b.most:
			return -1
		case a.most < b.most:
			return 1
		}
		return 0
	})
	return out
}

func categoryTable(m *results.Metric, values []namedValue) *table {
	t := table{Columns: []column{{Head: "Value"}}}
	for _, s := range m.Arms {
		t.Columns = append(t.Columns, column{Head: s.Arm, Sub: "n " + count(s.N), Arm: s.Arm, Number: true})
	}
	for _, v := range values[:min(len(values), namesListed)] {
		line := row{Head: cell{Text: v.name}}
		for i := range m.Arms {
			line.Cells = append(line.Cells, cell{Text: withShare(v.counts[i], &v.shares[i])})
		}
		t.Rows = append(t.Rows, line)
	}
	if left := len(values) - len(t.Rows); left > 0 {
		line := row{Head: cell{Text: fmt.Sprintf("%d more values, each rarer", left), None: true}}
		for i := range m.Arms {
			var n int64
			var share float64
			for _, v := range values[len(t.Rows):] {
				n, share = n+v.counts[i], share+v.shares[i]
			}
			line.Cells = append(line.Cells, cell{Text: withShare(n, &share)})
		}
		t.Rows = append(t.Rows, line)
	}
	return &t
}

func drawCategory(d *drawing, m *results.Metric, values []namedValue) {
	bar, gap, left, right, head := 15.0, 12.0, 250.0, 64.0, 0.0
	if d.narrow {
		left, head = 6, 18
	}
	most := 1e-9
	for _, v := range values {
		most = max(most, v.most)
	}
	x := scale{0, most, left + 20, d.width - right}
	y := 4.0
	for _, v := range values {
		name, block := v.name, float64(len(m.Arms))*bar
		if d.narrow {
			d.text("name", 6, y+12, start, short(name, 44))
		} else {
			d.text("name", left-4, y+block/2+4, end, short(name, int((left-14)/letter)))
		}
		y += head
		for i, s := range m.Arms {
			d.group(toneOf(s.Arm), func() {
				d.text("arm", left+14, y+bar-4, end, s.Arm)
				d.rect("bar", x.at(0), y+1, x.at(v.shares[i])-x.at(0), bar-2)
				d.text("figure", x.at(v.shares[i])+6, y+bar-4, start, percent(v.shares[i]))
			})
			y += bar
		}
		y += gap
	}
	d.height = y
}
