package calc

import (
	"slices"

	"tandem"
)

// document is a JSON file as it was read.
type document struct {
	settings Settings
	records  []record
	// metrics are the names of "metrics", which may also only say how to take a
	// column of the rows.
	metrics []string
	rows    *rowSet
	plan    *Plan
	// has lists which of arms, metrics, rows and callers are there.
	has []string
}

var (
	fileKeys   = []string{"alpha", "sides", "effect", "planned", "tuning", "unit", "reference", "quantiles", "shares", "kind", "better", "margin", "bounds", "cut", "arms", "metrics", "rows", "callers", "plan"}
	metricKeys = []string{"name", "arms", "kind", "better", "margin", "bounds", "cut"}
)

// readDocument reads a JSON file.
func readDocument(src []byte) (*document, error) {
	r, d := newJSONReader(src), &document{settings: Settings{Of: map[string]MetricSettings{}}}
	err := r.object("", func(key, path string) error { return d.member(r, key, path) })
	if err == nil {
		err = r.end()
	}
	return d, err
}

func (d *document) member(r *jsonReader, key, path string) (err error) {
	s := &d.settings
	switch key {
	case "arms":
		d.has = append(d.has, key)
		return d.arms(r, path)
	case "metrics":
		d.has = append(d.has, key)
		return r.list(path, func(_ int, path string) error { return d.metric(r, path) })
	case "rows", "callers":
		d.has = append(d.has, key)
		return d.readRows(r, path, key == "callers")
	case "plan":
		d.plan, err = readPlan(r, path)
	case "quantiles":
		if s.Quantiles, err = readNumbers(r, path); err == nil {
			s.Quantiles, err = NewQuantiles(path, s.Quantiles)
		}
	case "shares":
		s.Shares, err = readShares(r, path)
	default:
		if !slices.Contains(fileKeys, key) {
			return unknownKey(path, fileKeys)
		}
		if is, err := s.All.read(r, key, path); is || err != nil {
			return err
		}
		return s.read(r, key, path)
	}
	return err
}

// read reads a setting that is a single value.
func (s *Settings) read(r *jsonReader, key, path string) error {
	c, err := r.cell(path)
	if err != nil {
		return err
	}
	switch key {
	case "alpha", "tuning":
		x, err := c.float(path)
		if err != nil {
			return err
		}
		if key == "alpha" {
			s.Alpha, err = NewAlpha(path, x)
		} else {
			s.Tuning, err = NewTuning(path, x)
		}
		return err
	case "planned":
		n, err := c.count(path)
		if err == nil {
			s.Planned, err = NewPlanned(path, n)
		}
		return err
	}
	text, err := c.name(path)
	if err != nil {
		return err
	}
	switch key {
	case "sides":
		s.Sides, err = ParseSides(path, text)
	case "effect":
		s.Effect, err = ParseEffect(path, text)
	case "unit":
		s.Unit, err = ParseUnit(path, text)
	case "reference":
		s.Reference = &text
	}
	return err
}

// read reads a setting of metrics, if key is one.
func (s *MetricSettings) read(r *jsonReader, key, path string) (is bool, err error) {
	switch key {
	case "kind", "better":
		c, err := r.cell(path)
		if err != nil {
			return true, err
		}
		if key == "kind" {
			s.Kind, err = ParseKind(path, c.text)
		} else {
			s.Better, err = ParseBetter(path, c.text)
		}
		return true, err
	case "cut":
		c, err := r.cell(path)
		if err == nil && c.kind != flag {
			err = c.refuse(path, "true or false")
		}
		if err == nil {
			s.Cut, err = ParseCut(path, c.text)
		}
		return true, err
	case "margin":
		c, err := r.cell(path)
		if err != nil {
			return true, err
		}
		x, err := c.float(path)
		if err == nil {
			s.Margin, err = NewMargin(path, x)
		}
		return true, err
	case "bounds":
		ends, err := readNumbers(r, path)
		if err == nil && len(ends) != 2 {
			err = tandem.Errorf(tandem.Invalid, path, "has %d entries; expected two, the lower bound and the upper", len(ends))
		}
		if err == nil {
			s.Bounds, err = NewBounds(path, ends[0], ends[1])
		}
		return true, err
	}
	return false, nil
}

func readNumbers(r *jsonReader, path string) ([]float64, error) {
	out := []float64{}
	err := r.list(path, func(_ int, path string) error {
		c, err := r.cell(path)
		if err != nil {
			return err
		}
		x, err := c.float(path)
		out = append(out, x)
		return err
	})
	return out, err
}

func readShares(r *jsonReader, path string) ([]Share, error) {
	var out []Share
	err := r.object(path, func(key, path string) error {
		c, err := r.cell(path)
		if err != nil {
			return err
		}
		x, err := c.float(path)
		out = append(out, Share{key, x})
		return err
	})
	if err != nil {
		return nil, err
	}
	return NewShares(path, out)
}

// metric reads an entry of "metrics".
func (d *document) metric(r *jsonReader, path string) error {
	from := len(d.records)
	name, named := "", false
	var set MetricSettings
	err := r.object(path, func(key, path string) error {
		switch key {
		case "name":
			c, err := r.cell(path)
			if err != nil {
				return err
			}
			named = true
			name, err = c.name(path)
			return err
		case "arms":
			return d.arms(r, path)
		}
		is, err := set.read(r, key, path)
		if !is && err == nil {
			return unknownKey(path, metricKeys)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !named {
		return cell{}.refuse(join(path, "name"), "the name of the metric")
	}
	if slices.Contains(d.metrics, name) {
		return tandem.Errorf(tandem.Invalid, join(path, "name"), "is %s a second time", quote(name))
	}
	d.metrics = append(d.metrics, name)
	d.settings.Of[name] = set
	for i := range d.records[from:] {
		d.records[from+i].metric = name
	}
	return nil
}

func (d *document) arms(r *jsonReader, path string) error {
	return r.list(path, func(_ int, path string) error {
		rec := record{at: place{path, false}, cells: map[string]cell{}}
		err := r.object(path, func(key, path string) error {
			if key == "counts" {
				return rec.readCounts(r, path)
			}
			if !slices.Contains(armKeys, key) {
				return unknownKey(path, armKeys)
			}
			c, err := r.cell(path)
			if err == nil && c.kind == absent {
				err = c.refuse(path, "a value; leave the key out where there is none")
			}
			rec.cells[key] = c
			return err
		})
		d.records = append(d.records, rec)
		return err
	})
}

func (rec *record) readCounts(r *jsonReader, path string) error {
	rec.counts = []categoryCount{}
	return r.object(path, func(key, path string) error {
		c, err := r.cell(path)
		if err != nil {
			return err
		}
		n, err := c.count(path)
		rec.counts = append(rec.counts, categoryCount{key, n, path})
		return err
	})
}

func (d *document) readRows(r *jsonReader, path string, totals bool) error {
	b := newRowBuilder(false, totals)
	err := r.list(path, func(_ int, path string) error {
		b.begin(0)
		err := r.object(path, func(key, path string) error {
			if !b.known(key) {
				return unknownKey(path, b.columnsKnown())
			}
			c, err := r.cell(path)
			if err != nil {
				return err
			}
			return b.set(key, c, path)
		})
		if err != nil {
			return err
		}
		return b.end()
	})
	if err == nil {
		d.rows, err = b.done()
	}
	return err
}
