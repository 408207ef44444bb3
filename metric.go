package tandem

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// MetricKind says how a metric is summarised.
type MetricKind string

// The kinds of metrics.
const (
	// Count counts calls.
	Count MetricKind = "count"
	// Proportion is a share of calls, 0 to 1.
	Proportion MetricKind = "proportion"
	// Mean is the average of a number, with its distribution.
	Mean MetricKind = "mean"
	// Category is a distribution over names.
	Category MetricKind = "category"
)

// The metrics every test has. A custom analysis field adds "field.<name>".
const (
	MetricCalls         = "calls"          // count: calls assigned
	MetricEnded         = "ended"          // count: calls with an end
	MetricLost          = "lost"           // count: calls given up waiting for
	MetricAnalyzed      = "analyzed"       // count: ended calls with analysis values
	MetricNotRandomised = "not_randomised" // category: calls counted apart, by reason
	MetricDuration      = "duration"       // mean, seconds: answered calls, answer to end
	MetricCompletion    = "completion"     // proportion: goal met
	MetricTransfer      = "transfer"       // proportion: handed on
	MetricSentiment     = "sentiment"      // mean, -1 to 1
	MetricEndedBy       = "ended_by"       // category
	MetricCallerHangup  = "caller_hangup"  // mean, seconds: when callers hang up
	MetricCost          = "cost"           // mean, in the currency named behind the dot
	MetricLatency       = "latency"        // mean, milliseconds: median reply of each call
	MetricFieldPrefix   = "field."         // custom analysis fields
	MetricAnswered      = "answered"       // proportion: of ended calls
)

// Observation is what one call says about one metric.
type Observation struct {
	Metric string
	Kind   MetricKind
	// Number is the value of a Mean; 1 or 0 for a Proportion.
	Number float64
	// Name is the value of a Category.
	Name string
}

// TallyKey names one cell of a test's results.
type TallyKey struct {
	TestID ID
	Phase  int
	Arm    string
	Metric string
}

// TallyChange takes back what a call said about a metric before and adds what
// it says now. Either may be nil.
type TallyChange struct {
	Key    TallyKey
	Remove *Observation
	Add    *Observation
}

// Tally is the running sufficient statistics of one cell: order-free but for
// rounding, mergeable, and able to take a value back. The zero Tally is empty.
type Tally struct {
	Kind MetricKind
	// N is how many values it rests on.
	N int64
	// Successes, for a Proportion.
	Successes int64
	// Mean and M2 (sum of squared deviations from the mean), for a Mean, by
	// Welford's updates (Chan et al. 1983 for merging).
	Mean, M2 float64
	// Hist is the distribution of a Mean.
	Hist Histogram
	// Names counts the values of a Category.
	Names map[string]int64
}

// Change applies c to the tally.
func (t *Tally) Change(c TallyChange) {
	if c.Remove != nil {
		t.observe(*c.Remove, -1)
	}
	if c.Add != nil {
		t.observe(*c.Add, 1)
	}
}

func (t *Tally) observe(o Observation, sign int64) {
	t.Kind = o.Kind
	t.N += sign
	switch o.Kind {
	case Proportion:
		if o.Number != 0 {
			t.Successes += sign
		}
	case Mean:
		t.observeNumber(o.Number, sign)
	case Category:
		if t.Names == nil {
			t.Names = map[string]int64{}
		}
		t.Names[o.Name] += sign
		if t.Names[o.Name] == 0 {
			delete(t.Names, o.Name)
		}
	}
}

func (t *Tally) observeNumber(x float64, sign int64) {
	if t.Hist == nil {
		t.Hist = Histogram{}
	}
	t.Hist.add(x, sign)
	if t.N == 0 {
		t.Mean, t.M2 = 0, 0
		return
	}
	before := x - t.Mean
	t.Mean += float64(sign) * before / float64(t.N)
	t.M2 = max(0, t.M2+float64(sign)*before*(x-t.Mean))
}

// Merge adds the values of o to t.
func (t *Tally) Merge(o Tally) {
	if o.N == 0 {
		return
	}
	n := t.N + o.N
	d := o.Mean - t.Mean
	t.M2 += o.M2 + d*d*float64(t.N)*float64(o.N)/float64(n)
	t.Mean += d * float64(o.N) / float64(n)
	t.Kind, t.N, t.Successes = o.Kind, n, t.Successes+o.Successes
	if o.Hist != nil {
		if t.Hist == nil {
			t.Hist = Histogram{}
		}
		for b, k := range o.Hist {
			t.Hist[b] += k
		}
	}
	if o.Names != nil {
		if t.Names == nil {
			t.Names = map[string]int64{}
		}
		for name, k := range o.Names {
			t.Names[name] += k
		}
	}
}

// Variance gives the unbiased variance of a Mean; 0 below two values.
func (t Tally) Variance() float64 {
	if t.N < 2 {
		return 0
	}
	return t.M2 / float64(t.N-1)
}

// Histogram counts numbers in buckets that grow geometrically, so that any
// quantile is within 1 % of the true value: bucket i > 0 holds values in
// (g^(i-1), g^i] of the unit 1e-9, g = 1.01/0.99; bucket 0 holds what is
// smaller than the unit; negative numbers mirror the positive. It merges and
// takes values back exactly.
type Histogram map[int]int64

const histUnit = 1e-9

var (
	histLog = math.Log(1.01 / 0.99)
	unitLog = math.Log(histUnit)
)

func bucketOf(x float64) int {
	switch {
	case x > histUnit:
		return max(1, int(math.Ceil((math.Log(x)-unitLog)/histLog)))
	case x < -histUnit:
		return -max(1, int(math.Ceil((math.Log(-x)-unitLog)/histLog)))
	}
	return 0
}

// BucketValue gives the number that stands for all in bucket b: no member is
// more than 1 % away from it.
func BucketValue(b int) float64 {
	switch {
	case b > 0:
		return math.Exp(unitLog+histLog*float64(b)) * 0.99
	case b < 0:
		return -BucketValue(-b)
	}
	return 0
}

func (h Histogram) add(x float64, sign int64) {
	b := bucketOf(x)
	h[b] += sign
	if h[b] == 0 {
		delete(h, b)
	}
}

// Buckets lists the buckets with members, in rising order.
func (h Histogram) Buckets() []int {
	bs := make([]int, 0, len(h))
	for b := range h {
		bs = append(bs, b)
	}
	slices.Sort(bs)
	return bs
}

// Quantile gives the q-quantile, q from 0 to 1, within 1 %; NaN when empty.
func (h Histogram) Quantile(q float64) float64 {
	var n int64
	for _, k := range h {
		n += k
	}
	if n == 0 {
		return math.NaN()
	}
	rank := int64(math.Ceil(q * float64(n)))
	for _, b := range h.Buckets() {
		if rank -= h[b]; rank <= 0 {
			return BucketValue(b)
		}
	}
	return math.NaN() // not reached: the ranks add up to n
}

// MarshalBinary writes the buckets as pairs of varints (distance from the
// bucket before, count), in rising order.
func (h Histogram) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 4*len(h))
	at := 0
	for _, b := range h.Buckets() {
		out = binary.AppendVarint(out, int64(b-at))
		out = binary.AppendVarint(out, h[b])
		at = b
	}
	return out, nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (h *Histogram) UnmarshalBinary(data []byte) error {
	*h = Histogram{}
	at := 0
	for len(data) > 0 {
		d, n := binary.Varint(data)
		if n <= 0 {
			return fmt.Errorf("histogram: bad bucket at %d bytes from the end", len(data))
		}
		k, m := binary.Varint(data[n:])
		if m <= 0 {
			return fmt.Errorf("histogram: bad count at %d bytes from the end", len(data))
		}
		data = data[n+m:]
		at += int(d)
		(*h)[at] = k
	}
	return nil
}
