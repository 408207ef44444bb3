package results

import (
	"math"
	"sort"

	"tandem"
)

// shape is a histogram laid out in rising order.
type shape struct {
	values []float64 // each stands for one bucket
	counts []int64
	total  int64
}

// newShape lays h out.
func newShape(h tandem.Histogram) shape {
	n := h.Len()
	s := shape{values: make([]float64, 0, n), counts: make([]int64, 0, n)}
	for b, k := range h.All() {
		s.values = append(s.values, tandem.BucketValue(b))
		s.counts = append(s.counts, k)
		s.total += k
	}
	return s
}

// quantile gives the q-quantile, 0 < q <= 1, of a shape that is not empty.
func (s shape) quantile(q float64) float64 {
	rank := int64(math.Ceil(q * float64(s.total)))
	for i, k := range s.counts {
		if rank -= k; rank <= 0 {
			return s.values[i]
		}
	}
	return s.values[len(s.values)-1]
}

// scale divides a range into bins of a width people can read: 1, 2 or 5 times
// a power of ten.
type scale struct {
	width width
	first float64 // the multiple of the width at which the first bin begins
	bins  int
	// lowest and highest are the edges that hold what lies far out.
	lowest, highest float64
}

const (
	wantedBins = 24
	farOut     = 0.005 // beyond these quantiles a value widens no scale
)

// newScale spans all shapes but for what lies far out. Without any value it has
// no bins.
func newScale(shapes []shape) scale {
	low, high := math.Inf(1), math.Inf(-1)
	lowest, highest := low, high
	for _, s := range shapes {
		if s.total > 0 {
			low, high = min(low, s.quantile(farOut)), max(high, s.quantile(1-farOut))
			lowest, highest = min(lowest, s.values[0]), max(highest, s.values[len(s.values)-1])
		}
	}
	if low > high {
		return scale{}
	}
	// A range that begins near 0 is read more easily from 0.
	if low > 0 && low < high/2 {
		low = 0
	}
	w := readable(max((high-low)/wantedBins, math.Abs(high)/1000))
	sc := scale{width: w, first: w.below(low)}
	sc.bins = int(w.below(high)-sc.first) + 1
	sc.lowest = min(sc.edge(0), w.times(w.below(lowest)))
	sc.highest = max(sc.edge(sc.bins), w.times(w.below(highest)+1))
	return sc
}

// width is digit times ten to the power; digit is 1, 2 or 5. It is kept in two
// parts so that its multiples are the decimal numbers people expect.
type width struct {
	digit float64
	power int
}

// readable gives the least width that is no less than x; 1 for 0.
func readable(x float64) width {
	if x <= 0 {
		return width{1, 0}
	}
	power := int(math.Floor(math.Log10(x)))
	for _, digit := range []float64{1, 2, 5} {
		if w := (width{digit, power}); w.times(1) >= x*(1-1e-9) {
			return w
		}
	}
	return width{1, power + 1}
}

// times gives k widths.
func (w width) times(k float64) float64 {
	if w.power < 0 {
		return k * w.digit / math.Pow10(-w.power)
	}
	return k * w.digit * math.Pow10(w.power)
}

// below gives the largest k so that k widths are at most x. A value that stands
// for a bucket is within 1 % of the number that was counted: one that close to
// a multiple is taken for it, so that whole numbers land in the bin they begin.
func (w width) below(x float64) float64 {
	k := math.Round(x / w.times(1))
	if math.Abs(w.times(k)-x) > 0.0101*math.Abs(x)+1e-9*w.times(1) {
		k = math.Floor(x / w.times(1))
	}
	return k
}

// index gives the bin of a value.
func (sc scale) index(x float64) int {
	return int(min(max(sc.width.below(x)-sc.first, 0), float64(sc.bins-1)))
}

// edge gives where bin i begins.
func (sc scale) edge(i int) float64 { return sc.width.times(sc.first + float64(i)) }

// span gives where bin i begins and ends. What lies far out widens the first
// and the last bin, which then tell the truth.
func (sc scale) span(i int) (from, to float64) {
	from, to = sc.edge(i), sc.edge(i+1)
	if i == 0 {
		from = sc.lowest
	}
	if i == sc.bins-1 {
		to = sc.highest
	}
	return from, to
}

// counts gives how many of the shape's values fall into each bin.
func (sc scale) counts(s shape) []Bin {
	if s.total == 0 || sc.bins == 0 {
		return nil
	}
	out := make([]Bin, sc.bins)
	for i := range out {
		out[i].From, out[i].To = sc.span(i)
	}
	// Values rise, and so do their bins: only where one ends has to be found.
	for from := 0; from < len(s.values); {
		bin := sc.index(s.values[from])
		to := from + 1 + sort.Search(len(s.values)-from-1, func(i int) bool { return sc.index(s.values[from+1+i]) > bin })
		for _, k := range s.counts[from:to] {
			out[bin].N += k
		}
		from = to
	}
	return out
}
