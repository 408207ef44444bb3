package tandem

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"sync"
)

// Histogram counts numbers in buckets that grow geometrically, so that any
// quantile is within 1 % of the true value: bucket i > 0 holds values in
// (g^(i-1), g^i] of the unit 1e-9, g = 1.01/0.99; bucket 0 holds what is
// smaller than the unit; negative numbers mirror the positive. It merges and
// takes values back exactly. The zero Histogram is empty; a copy shares its
// counts with the original.
type Histogram struct {
	// counts holds the buckets from low on without a gap: a read in order, and
	// a change of one count, are what it is for.
	low    int
	counts []int64
}

const histUnit = 1e-9

var (
	histLog = math.Log(1.01 / 0.99)
	unitLog = math.Log(histUnit)
)

// maxBucket is the bucket of the largest float64: past it a stored histogram
// is damaged.
var maxBucket = bucketOf(math.MaxFloat64)

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
	case b > 0 && b <= maxBucket:
		return bucketValues()[b]
	case b > 0:
		return bucketValue(b)
	case b < 0:
		return -BucketValue(-b)
	}
	return 0
}

// bucketValues are worked out once: a results read asks for thousands.
var bucketValues = sync.OnceValue(func() []float64 {
	all := make([]float64, maxBucket+1)
	for b := range all {
		all[b] = bucketValue(b)
	}
	return all
})

func bucketValue(b int) float64 { return math.Exp(unitLog+histLog*float64(b)) * 0.99 }

// Add adds n, which may be negative, to the count of bucket b.
func (h *Histogram) Add(b int, n int64) {
	switch {
	case n == 0:
		return
	case len(h.counts) == 0:
		h.low, h.counts = b, append(h.counts, 0)
	case b < h.low:
		// Room to spare in front: numbers tend to come in clusters.
		grown := make([]int64, len(h.counts)+h.low-b, len(h.counts)+h.low-b+64)
		copy(grown[h.low-b:], h.counts)
		h.low, h.counts = b, grown
	case b >= h.low+len(h.counts):
		h.counts = append(h.counts, make([]int64, b-h.low-len(h.counts)+1)...)
	}
	h.counts[b-h.low] += n
}

// All gives the buckets with members and their counts, in rising order.
func (h Histogram) All() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for i, k := range h.counts {
			if k != 0 && !yield(h.low+i, k) {
				return
			}
		}
	}
}

// Count gives how many members bucket b has.
func (h Histogram) Count(b int) int64 {
	if i := b - h.low; i >= 0 && i < len(h.counts) {
		return h.counts[i]
	}
	return 0
}

// Len gives how many buckets have members.
func (h Histogram) Len() (n int) {
	for range h.All() {
		n++
	}
	return n
}

// Equal says whether both have the same members.
func (h Histogram) Equal(o Histogram) bool {
	for b, k := range h.All() {
		if o.Count(b) != k {
			return false
		}
	}
	return h.Len() == o.Len()
}

// Quantile gives the q-quantile, q from 0 to 1, within 1 %; NaN when empty.
func (h Histogram) Quantile(q float64) float64 {
	var n int64
	for _, k := range h.counts {
		n += k
	}
	rank := max(1, int64(math.Ceil(q*float64(n))))
	for b, k := range h.All() {
		if rank -= k; rank <= 0 {
			return BucketValue(b)
		}
	}
	return math.NaN()
}

// MarshalBinary writes the buckets as pairs of varints (distance from the
// bucket before, count), in rising order.
func (h Histogram) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 3*len(h.counts))
	at := 0
	for b, k := range h.All() {
		out = binary.AppendVarint(out, int64(b-at))
		out = binary.AppendVarint(out, k)
		at = b
	}
	return out, nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (h *Histogram) UnmarshalBinary(data []byte) error {
	// A pair takes two bytes at least, and most pairs are next to each other.
	*h = Histogram{counts: make([]int64, 0, len(data)/2)}
	at := 0
	for left := data; len(left) > 0; {
		d, n := binary.Varint(left)
		if n <= 0 {
			return fmt.Errorf("histogram: bad bucket at byte %d", len(data)-len(left))
		}
		k, m := binary.Varint(left[n:])
		if m <= 0 {
			return fmt.Errorf("histogram: bad count at byte %d", len(data)-len(left)+n)
		}
		left = left[n+m:]
		if at += int(d); at > maxBucket || at < -maxBucket || d < 0 && len(h.counts) > 0 {
			return fmt.Errorf("histogram: bucket %d is out of range or order", at)
		}
		if last := h.low + len(h.counts) - 1; len(h.counts) > 0 && at == last+1 && k != 0 {
			h.counts = append(h.counts, k) // as nearly all are
			continue
		}
		h.Add(at, k)
	}
	return nil
}
