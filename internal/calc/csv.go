package calc

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"tandem"
)

// readCSV reads a CSV file (RFC 4180, comma between fields, a header on top).
// Its header says what it is: raw rows have a column "value" or "value.NAME",
// callers have "total" and "calls", all else are aggregates.
func readCSV(src []byte) (*document, error) {
	r := csv.NewReader(bytes.NewReader(src))
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, tandem.Errorf(tandem.Invalid, "the file", "is empty; expected a header line")
	}
	if err != nil {
		return nil, badCSV(err)
	}
	r.ReuseRecord = true
	d := &document{}
	header = slices.Clone(header)
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
		if slices.Contains(header[:i], header[i]) {
			return nil, tandem.Errorf(tandem.Invalid, "line 1, column "+itoa(i+1), "is %s, which is there already", quote(header[i]))
		}
	}
	isValue := func(c string) bool { return c == colValue || strings.HasPrefix(c, colValue+".") }
	isTotal := func(c string) bool { return c == colTotal || c == colCalls }
	switch {
	case slices.ContainsFunc(header, isValue):
		d.has = []string{"rows"}
		d.rows, err = csvRows(r, header, newRowBuilder(true, false))
	case slices.ContainsFunc(header, isTotal):
		d.has = []string{"callers"}
		d.rows, err = csvRows(r, header, newRowBuilder(true, true))
	default:
		d.has = []string{"arms"}
		d.records, err = csvRecords(r, header)
	}
	return d, err
}

// badCSV says where a file is not CSV.
func badCSV(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return tandem.Errorf(tandem.Invalid, "line "+itoa(e.Line)+", column "+itoa(e.Column), "is not CSV: %s", e.Err)
	}
	return tandem.Errorf(tandem.Invalid, "the file", "is not CSV: %s", err)
}

func unknownColumn(i int, name string, known []string) error {
	return tandem.Errorf(tandem.Invalid, "line 1, column "+itoa(i+1), "is %s, which is not known here; known are %s", quote(name), strings.Join(known, ", "))
}

// eachLine reads the lines below the header.
func eachLine(r *csv.Reader, line func(number int, fields []string) error) error {
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badCSV(err)
		}
		number, _ := r.FieldPos(0)
		if err := line(number, fields); err != nil {
			return err
		}
	}
}

func csvRows(r *csv.Reader, header []string, b *rowBuilder) (*rowSet, error) {
	for i, name := range header {
		if !b.known(name) {
			return nil, unknownColumn(i, name, b.columnsKnown())
		}
	}
	err := eachLine(r, func(number int, fields []string) error {
		b.begin(number)
		for i, name := range header {
			c := textCell(strings.TrimSpace(fields[i]))
			if c.kind == absent && (name == colCalls || name == colTotal) {
				continue // told as missing at the row's end
			}
			if err := b.set(name, c, b.place(b.len()-1).of(name)); err != nil {
				return err
			}
		}
		return b.end()
	})
	if err != nil {
		return nil, err
	}
	return b.done()
}

func csvRecords(r *csv.Reader, header []string) ([]record, error) {
	for i, name := range header {
		if !slices.Contains(aggregateColumns, name) {
			return nil, unknownColumn(i, name, append(slices.Clone(aggregateColumns), "or, for raw rows, "+colValue))
		}
	}
	if !slices.Contains(header, colArm) {
		return nil, tandem.Errorf(tandem.Invalid, "line 1", "has no column arm")
	}
	var out []record
	err := eachLine(r, func(number int, fields []string) error {
		rec := record{at: place{"line " + itoa(number), true}, cells: map[string]cell{}}
		for i, name := range header {
			rec.cells[name] = textCell(strings.Clone(strings.TrimSpace(fields[i])))
		}
		rec.metric = rec.cells[colMetric].text
		out = append(out, rec)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = tandem.Errorf(tandem.Invalid, "the file", "has a header and nothing below; expected a line for each arm")
	}
	return out, err
}
