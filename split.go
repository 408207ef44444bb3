package tandem

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"sort"
)

// Buckets is the resolution of a split: 10,000 buckets of 0.01 percent.
const Buckets = 10_000

// Salt is a test's secret. It makes assignment unpredictable to callers and
// independent of every other test's.
type Salt [16]byte

// Split lays the arms of a test over the buckets. The zero Split has no arms.
// It is immutable: Reweight returns another.
type Split struct {
	// Segments cover bucket 0 to Buckets-1 in order, each up to but not
	// including End. An arm of weight 0 has no segment; after several changes
	// of a test with three or more arms an arm may have more than one.
	Segments []Segment `json:"segments"`
}

// Segment gives the buckets from the previous segment's End to its own to Arm.
type Segment struct {
	Arm int `json:"arm"`
	End int `json:"end"`
}

// NewSplit lays out weights (percent, one per arm) in the order of the arms.
// Every refusal is an Invalid error whose field is "[i].weight", or empty when
// the weights are wrong together.
func NewSplit(weights []float64) (Split, error) {
	want, err := buckets(weights)
	if err != nil {
		return Split{}, err
	}
	var table []int
	for arm, n := range want {
		for range n {
			table = append(table, arm)
		}
	}
	return fromTable(table), nil
}

// Reweight gives the split with the new weights that moves the fewest buckets:
// exactly as many as the growing arms gain, and none between two arms that do
// not grow. With two arms, raising B's share moves buckets only from A to B.
// Arms may be added at the end; none can be taken away (give it weight 0).
func (s Split) Reweight(weights []float64) (Split, error) {
	want, err := buckets(weights)
	if err != nil {
		return Split{}, err
	}
	table := s.table()
	have := make([]int, len(want))
	for _, arm := range table {
		if arm >= len(want) {
			return Split{}, Errorf(Invalid, "", "has %d entries; the test has more arms: give an arm that ends weight 0", len(weights))
		}
		have[arm]++
	}
	// The first arm gives up its last buckets, every other arm its first, so
	// that two arms share one border that slides.
	var free []int
	release := func(arm, b int) {
		if table[b] == arm && have[arm] > want[arm] {
			have[arm]--
			free = append(free, b)
			table[b] = -1
		}
	}
	for b := len(table) - 1; b >= 0; b-- {
		release(0, b)
	}
	for b := range table {
		if table[b] > 0 {
			release(table[b], b)
		}
	}
	sort.Ints(free)
	next := 0
	for arm := range want {
		for ; have[arm] < want[arm]; have[arm]++ {
			table[free[next]] = arm
			next++
		}
	}
	return fromTable(table), nil
}

// Pick gives the arm of unit: a pure function of the split, the salt and the
// unit. The bucket is the high part of the first 8 bytes of
// SHA-256(salt || unit), taken as a big-endian fraction of 1, times [Buckets];
// it can be recomputed in any language. Pick on the zero Split returns -1.
func (s Split) Pick(salt Salt, unit string) (arm int) {
	if len(s.Segments) == 0 {
		return -1
	}
	b := Bucket(salt, unit)
	for _, seg := range s.Segments {
		if b < seg.End {
			return seg.Arm
		}
	}
	return s.Segments[len(s.Segments)-1].Arm
}

// Bucket gives the bucket of unit under salt, 0 to Buckets-1. It does not
// allocate for units of up to 240 bytes.
func Bucket(salt Salt, unit string) int {
	var buf [256]byte
	in := append(buf[:0], salt[:]...)
	in = append(in, unit...)
	sum := sha256.Sum256(in)
	hi, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:8]), Buckets)
	return int(hi)
}

// Probability gives the chance, 0 to 1, that a unit gets arm.
func (s Split) Probability(arm int) float64 {
	n, from := 0, 0
	for _, seg := range s.Segments {
		if seg.Arm == arm {
			n += seg.End - from
		}
		from = seg.End
	}
	return float64(n) / Buckets
}

func (s Split) table() []int {
	table := make([]int, 0, Buckets)
	for _, seg := range s.Segments {
		for len(table) < seg.End {
			table = append(table, seg.Arm)
		}
	}
	return table
}

func fromTable(table []int) Split {
	var s Split
	for b, arm := range table {
		if b == 0 || arm != table[b-1] {
			s.Segments = append(s.Segments, Segment{Arm: arm})
		}
		s.Segments[len(s.Segments)-1].End = b + 1
	}
	return s
}

// buckets checks weights and turns them into whole buckets.
func buckets(weights []float64) ([]int, error) {
	if len(weights) == 0 {
		return nil, Errorf(Invalid, "", "is empty; expected one weight in percent for each arm")
	}
	var errs []error
	n := make([]int, len(weights))
	total := 0
	for i, w := range weights {
		switch scaled := w * (Buckets / 100); {
		case math.IsNaN(w) || w < 0 || w > 100:
			errs = append(errs, Errorf(Invalid, index(i)+".weight", "is %v; expected a percentage from 0 to 100", w))
		case math.Abs(scaled-math.Round(scaled)) > 1e-6:
			errs = append(errs, Errorf(Invalid, index(i)+".weight", "is %v; expected at most two decimals", w))
		default:
			n[i] = int(math.Round(scaled))
			total += n[i]
		}
	}
	if errs == nil && total != Buckets {
		errs = append(errs, Errorf(Invalid, "", "have weights that add up to %v; expected 100", float64(total)/(Buckets/100)))
	}
	return n, errors.Join(errs...)
}
