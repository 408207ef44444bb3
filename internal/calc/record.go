package calc

import (
	"math/big"
	"strings"

	"tandem"
	"tandem/internal/stats"
)

// The columns of aggregates: one record for each arm, or for each category of
// an arm.
const (
	colMetric       = "metric"
	colPhase        = "phase"
	colArm          = "arm"
	colN            = "n"
	colSuccesses    = "successes"
	colMean         = "mean"
	colSD           = "sd"
	colVariance     = "variance"
	colSum          = "sum"
	colSumOfSquares = "sum_of_squares"
	colShare        = "share"
	colCategory     = "category"
	colCount        = "count"
)

// aggregateColumns lists them for CSV; in JSON the metric has its own object
// and counts are one.
var aggregateColumns = []string{colMetric, colPhase, colArm, colN, colSuccesses, colMean, colSD, colVariance, colSum, colSumOfSquares, colShare, colCategory, colCount}

var armKeys = []string{colPhase, colArm, colN, colSuccesses, colMean, colSD, colVariance, colSum, colSumOfSquares, colShare, "counts"}

// place is where a record stands.
type place struct {
	base string
	csv  bool
}

// of gives the place of one of its values.
func (p place) of(column string) string {
	if p.csv {
		return p.base + ", " + column
	}
	return join(p.base, column)
}

// record is one line of aggregates as it was read.
type record struct {
	at     place
	metric string
	cells  map[string]cell
	// counts are the categories of JSON, in their order.
	counts []categoryCount
}

type categoryCount struct {
	name string
	n    int64
	at   string
}

func (r record) has(column string) bool { return r.cells[column].kind != absent }

// shapes says which columns go together: those needed, then those besides that
// may be there.
var shapes = []struct {
	kind   Kind
	marks  []string // any of them marks the shape
	needs  []string
	also   []string
	either []string // exactly one of them, where there are any
}{
	{kind: Proportion, marks: []string{colSuccesses}, needs: []string{colN}, also: []string{colShare}},
	{kind: Mean, marks: []string{colMean, colSD, colVariance}, needs: []string{colN, colMean}, either: []string{colSD, colVariance}, also: []string{colShare}},
	{kind: Mean, marks: []string{colSum, colSumOfSquares}, needs: []string{colN, colSum, colSumOfSquares}, also: []string{colShare}},
	{kind: Category, marks: []string{colCategory, colCount}, needs: []string{colCategory, colCount}},
	{kind: sizes, marks: []string{colShare}, needs: []string{colN}},
}

// sizes is the kind of records that say how many calls each arm has, and
// nothing about them.
const sizes Kind = "sizes"

// armData is what one arm has in one phase of a metric.
type armData struct {
	// n counts the values; for sizes, the calls.
	n          int64
	proportion stats.Proportion
	moments    stats.Moments
	clusters   stats.Clusters
	counts     map[string]int64
	share      *float64
	// cancelled says that the variance came as the small difference of large
	// sums, and has lost digits.
	cancelled bool
	filled    bool
}

// shape finds which kind of record r is.
func (r record) shape() (Kind, error) {
	if r.counts != nil {
		if extra := r.extra([]string{}); extra != "" {
			return "", tandem.Errorf(tandem.Invalid, r.at.of(extra), "does not go with counts")
		}
		return Category, nil
	}
	for _, s := range shapes {
		mark := ""
		for _, m := range s.marks {
			if r.has(m) {
				mark = m
				break
			}
		}
		if mark == "" {
			continue
		}
		for _, need := range s.needs {
			if !r.has(need) {
				return "", tandem.Errorf(tandem.Invalid, r.at.of(need), "is missing; %s needs it", mark)
			}
		}
		given := 0
		for _, e := range s.either {
			if r.has(e) {
				given++
			}
		}
		if len(s.either) > 0 && given != 1 {
			return "", tandem.Errorf(tandem.Invalid, r.at.of(s.either[0]), "expected exactly one of %s", strings.Join(s.either, " and "))
		}
		all := append(append(append([]string{}, s.marks...), s.needs...), append(s.either, s.also...)...)
		if extra := r.extra(all); extra != "" {
			return "", tandem.Errorf(tandem.Invalid, r.at.of(extra), "does not go with %s", mark)
		}
		return s.kind, nil
	}
	return "", tandem.Errorf(tandem.Invalid, r.at.base, "says nothing about the arm; expected successes and n, or mean, n and sd (or variance), or sum, n and sum_of_squares, or counts, or n and share")
}

// extra gives a column that is filled in and not among these; "" for none.
func (r record) extra(known []string) string {
	for _, c := range aggregateColumns[3:] {
		if !r.has(c) {
			continue
		}
		ok := false
		for _, k := range known {
			ok = ok || k == c
		}
		if !ok {
			return c
		}
	}
	return ""
}

// data reads the record's numbers.
func (r record) data(kind Kind) (armData, error) {
	d := armData{filled: true}
	var err error
	if r.has(colN) {
		if d.n, err = r.cells[colN].count(r.at.of(colN)); err != nil {
			return d, err
		}
	}
	if r.has(colShare) {
		x, err := r.cells[colShare].float(r.at.of(colShare))
		if err != nil {
			return d, err
		}
		if x < 0 || x > 100 {
			return d, tandem.Errorf(tandem.Invalid, r.at.of(colShare), "is %v; expected a share from 0 to 1, or a percentage", x)
		}
		d.share = &x
	}
	switch kind {
	case Proportion:
		k, err := r.cells[colSuccesses].count(r.at.of(colSuccesses))
		if err != nil {
			return d, err
		}
		if k > d.n {
			return d, tandem.Errorf(tandem.Invalid, r.at.of(colSuccesses), "is %d; expected at most n, which is %d", k, d.n)
		}
		d.proportion = stats.Proportion{Successes: k, N: d.n}
	case Mean:
		return d, r.moments(&d)
	case Category:
		return d, r.categories(&d)
	}
	return d, nil
}

func (r record) moments(d *armData) error {
	var v [5]float64
	for i, c := range []string{colMean, colSD, colVariance, colSum, colSumOfSquares} {
		if !r.has(c) {
			continue
		}
		x, err := r.cells[c].float(r.at.of(c))
		if err != nil {
			return err
		}
		if x < 0 && c != colMean && c != colSum {
			return tandem.Errorf(tandem.Invalid, r.at.of(c), "is %v; expected 0 or more", x)
		}
		v[i] = x
	}
	d.moments = stats.Moments{N: d.n, Mean: v[0], Variance: v[2]}
	if r.has(colSD) {
		d.moments.Variance = v[1] * v[1]
	}
	if !r.has(colSum) {
		return nil
	}
	if d.n == 0 {
		if v[3] != 0 || v[4] != 0 {
			return tandem.Errorf(tandem.Invalid, r.at.of(colSum), "is %v; expected 0, as n is 0", v[3])
		}
		return nil
	}
	return r.sums(d)
}

// sums makes moments of a sum and a sum of squares, exactly as they are written:
// where the mean is large against the spread, the variance is all in digits that a
// float does not hold.
func (r record) sums(d *armData) error {
	sum, err := r.cells[colSum].exact(r.at.of(colSum))
	if err != nil {
		return err
	}
	squares, err := r.cells[colSumOfSquares].exact(r.at.of(colSumOfSquares))
	if err != nil {
		return err
	}
	n := new(big.Rat).SetInt64(d.n)
	mean := new(big.Rat).Quo(sum, n)
	least := new(big.Rat).Mul(sum, mean)
	rest := new(big.Rat).Sub(squares, least)
	d.moments.Mean, _ = mean.Float64()
	m2, _ := rest.Float64()
	all, _ := squares.Float64()
	rounded := r.cells[colSum].rounded() || r.cells[colSumOfSquares].rounded()
	// What rounding to the digits of a float can do to sums of this size, and what
	// it leaves of their difference.
	slack, lost := 1e-12*all, 1e-9*all
	if !rounded {
		slack, lost = 0, 0
	}
	if m2 < -slack || d.n == 1 && m2 > lost {
		at, _ := least.Float64()
		return tandem.Errorf(tandem.Invalid, r.at.of(colSumOfSquares), "is %s; %d numbers that add up to %s have a sum of squares of at least %v", clip(r.cells[colSumOfSquares].text), d.n, clip(r.cells[colSum].text), at)
	}
	d.cancelled = rounded && m2 < lost
	if d.n > 1 {
		d.moments.Variance = max(0, m2) / float64(d.n-1)
	}
	return nil
}

func (r record) categories(d *armData) error {
	d.counts = map[string]int64{}
	counts := r.counts
	if counts == nil {
		name, err := r.cells[colCategory].name(r.at.of(colCategory))
		if err != nil {
			return err
		}
		n, err := r.cells[colCount].count(r.at.of(colCount))
		if err != nil {
			return err
		}
		counts = []categoryCount{{name, n, r.at.base}}
	}
	for _, c := range counts {
		d.counts[c.name] += c.n
		d.n += c.n
	}
	if d.n > maxCount {
		return tandem.Errorf(tandem.Invalid, r.at.base, "has counts that add up to %d; expected at most 1e15", d.n)
	}
	return nil
}
