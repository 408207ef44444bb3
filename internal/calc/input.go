package calc

import (
	"bytes"
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/stats"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	JSON Format = "json"
	CSV  Format = "csv"
)

// Options says how a report was computed: settings with nothing left open.
type Options struct {
	Alpha     float64   `json:"alpha"`
	Sides     Sides     `json:"sides"`
	Effect    Effect    `json:"effect"`
	Planned   int64     `json:"planned,omitempty"`
	Tuning    float64   `json:"tuning"`
	Unit      Unit      `json:"unit"`
	Quantiles []float64 `json:"quantiles"`
	Shares    []Share   `json:"shares,omitempty"`
}

// Input is a file that makes sense.
type Input struct {
	Options Options
	Plan    *Plan
	metrics []*metric
	rows    *rowSet
}

// Read reads a file. name is the file's name, whose ending tells the format
// where it is not given; with neither, the first character does. Flags go
// before what the file says.
//
// Every error is a *tandem.Error with code Invalid whose Field is the place.
func Read(src []byte, name string, format Format, flags Settings) (Input, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	var d *document
	var err error
	switch formatOf(src, name, format) {
	case JSON:
		d, err = readDocument(src)
	case CSV:
		d, err = readCSV(src)
	default:
		err = tandem.Errorf(tandem.Invalid, "format", "is %s; expected json or csv", quote(string(format)))
	}
	if err != nil {
		return Input{}, err
	}
	return d.input(flags)
}

func formatOf(src []byte, name string, format Format) Format {
	if format != "" {
		return format
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return JSON
	case ".csv":
		return CSV
	}
	if s := bytes.TrimLeft(src, " \t\r\n"); len(s) > 0 && (s[0] == '{' || s[0] == '[') {
		return JSON
	}
	return CSV
}

// input makes sense of the parts of a document.
func (d *document) input(flags Settings) (Input, error) {
	s := flags.over(d.settings)
	o, err := s.options()
	if err != nil {
		return Input{}, err
	}
	in := Input{Options: o, Plan: d.plan, rows: d.rows}
	if err := d.checkParts(); err != nil {
		return Input{}, err
	}
	aggregates, err := gather(d.records)
	if err != nil {
		return Input{}, err
	}
	for _, a := range aggregates {
		if a.name == "" && a.kind == sizes {
			a.name = string(sizes)
		}
		m := &metric{name: cmp.Or(a.name, colValue), kind: a.kind, arms: a.arms, phases: a.phases, set: s.of(cmp.Or(a.name, colValue))}
		if k := m.set.Kind; k != nil && *k != m.kind {
			return Input{}, tandem.Errorf(tandem.Invalid, a.at, "gives %s, which is not the kind %s", a.kind.plural(), *k)
		}
		in.metrics = append(in.metrics, m)
	}
	if d.rows != nil {
		if in.metrics, err = d.rows.metrics(s); err != nil {
			return Input{}, err
		}
	}
	for _, m := range in.metrics {
		if err := m.put(s.Reference); err != nil {
			return Input{}, err
		}
	}
	return in, in.checkNames(s)
}

// checkParts makes sure that the file is about one kind of thing.
func (d *document) checkParts() error {
	var data []string
	for _, part := range d.has {
		if part == "metrics" && len(d.records) == 0 {
			continue // says only how to take the rows
		}
		data = append(data, part)
	}
	switch {
	case len(data) > 1:
		return tandem.Errorf(tandem.Invalid, data[1], "does not go with %s; expected one of arms, metrics, rows and callers", data[0])
	case len(data) == 0 && d.plan == nil:
		return tandem.Errorf(tandem.Invalid, "the file", "has no data; expected one of arms, metrics, rows, callers and plan")
	case len(data) == 1 && d.rows == nil && len(d.records) == 0:
		return tandem.Errorf(tandem.Invalid, data[0], "is empty; expected an entry for each arm")
	}
	return nil
}

// options fills in what is not said.
func (s Settings) options() (Options, error) {
	o := Options{
		Alpha: 0.05, Sides: TwoSided, Effect: Both, Tuning: stats.Tuning, Unit: PerCall,
		Quantiles: s.Quantiles, Shares: s.Shares,
	}
	set(&o.Alpha, s.Alpha)
	set(&o.Sides, s.Sides)
	set(&o.Effect, s.Effect)
	set(&o.Planned, s.Planned)
	set(&o.Tuning, s.Tuning)
	set(&o.Unit, s.Unit)
	if o.Quantiles == nil {
		o.Quantiles = []float64{0.5, 0.9}
	}
	if o.Sides != TwoSided && o.Alpha >= 0.5 {
		return o, tandem.Errorf(tandem.Invalid, "alpha", "is %v; expected below 0.5 where one side counts", o.Alpha)
	}
	return o, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// checkNames refuses what is said of metrics and arms that are not there.
func (in Input) checkNames(s Settings) error {
	var names, arms []string
	for _, m := range in.metrics {
		names = append(names, m.name)
		for _, a := range m.arms {
			if !slices.Contains(arms, a) {
				arms = append(arms, a)
			}
		}
	}
	for _, name := range sortedKeys(s.Of) {
		if !slices.Contains(names, name) {
			return tandem.Errorf(tandem.Invalid, "metrics", "%s has no data; there are %s", quote(name), strings.Join(names, ", "))
		}
	}
	if s.Shares == nil {
		return nil
	}
	for _, a := range arms {
		if !slices.ContainsFunc(s.Shares, func(x Share) bool { return x.Arm == a }) {
			return tandem.Errorf(tandem.Invalid, "shares", "do not name arm %s, which has data", quote(a))
		}
	}
	return nil
}
