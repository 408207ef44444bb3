package results

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"tandem"
)

// compareTallies lists where stored rows and recomputed tallies differ, in the
// order of their keys. A cell without values is as good as none.
func compareTallies(stored []tandem.TallyRow, counted map[tandem.TallyKey]*tandem.Tally) []Discrepancy {
	byKey := make(map[tandem.TallyKey]*tandem.Tally, len(stored))
	keys := map[tandem.TallyKey]bool{}
	for i := range stored {
		byKey[stored[i].TallyKey] = &stored[i].Tally
		keys[stored[i].TallyKey] = true
	}
	for k := range counted {
		keys[k] = true
	}
	none := &tandem.Tally{}
	var out []Discrepancy
	for _, k := range slices.SortedFunc(maps.Keys(keys), compareKeys) {
		s, n := cmp.Or(byKey[k], none), cmp.Or(counted[k], none)
		for _, d := range tallyDifferences(s, n) {
			d.TestID, d.Phase, d.Arm, d.Metric = k.TestID, k.Phase, k.Arm, k.Metric
			out = append(out, d)
		}
	}
	return out
}

func compareKeys(a, b tandem.TallyKey) int {
	return cmp.Or(
		cmp.Compare(a.TestID, b.TestID), cmp.Compare(a.Metric, b.Metric),
		cmp.Compare(a.Arm, b.Arm), cmp.Compare(a.Phase, b.Phase))
}

func tallyDifferences(stored, counted *tandem.Tally) []Discrepancy {
	var out []Discrepancy
	differ := func(what string, s, c any) {
		out = append(out, Discrepancy{What: what, Stored: fmt.Sprint(s), Counts: fmt.Sprint(c)})
	}
	if stored.N != counted.N {
		differ("n", stored.N, counted.N)
	}
	if stored.N != 0 && counted.N != 0 && stored.Kind != counted.Kind {
		differ("kind", stored.Kind, counted.Kind)
	}
	if stored.Successes != counted.Successes {
		differ("successes", stored.Successes, counted.Successes)
	}
	if !stored.Hist.Equal(counted.Hist) {
		differ("histogram", histText(stored.Hist, counted.Hist), histText(counted.Hist, stored.Hist))
	}
	if !maps.Equal(stored.Names, counted.Names) {
		differ("names", stored.Names, counted.Names)
	}
	if n := float64(counted.N); counted.N > 0 && stored.N == counted.N {
		sd := math.Sqrt(counted.Variance())
		if !within(stored.Mean, counted.Mean, 1e-9*(math.Abs(counted.Mean)+sd)+1e-9) {
			differ("mean", stored.Mean, counted.Mean)
		}
		if !within(stored.M2, counted.M2, 1e-9*counted.M2+1e-12*(counted.M2+n*counted.Mean*counted.Mean)+1e-3) {
			differ("m2", stored.M2, counted.M2)
		}
	}
	return out
}

// within is false for NaN.
func within(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

// histText writes the buckets of h that differ from other's.
func histText(h, other tandem.Histogram) string {
	var parts []string
	for b, k := range h.All() {
		if k != other.Count(b) {
			parts = append(parts, fmt.Sprintf("%d near %.4g", k, tandem.BucketValue(b)))
		}
	}
	if len(parts) > 5 {
		parts = append(parts[:5], "...")
	}
	return cmp.Or(strings.Join(parts, ", "), "nothing there")
}

// sameRows says whether two reads gave the same tallies, in any order.
func sameRows(a, b []tandem.TallyRow) bool {
	if len(a) != len(b) {
		return false
	}
	byKey := make(map[tandem.TallyKey]*tandem.Tally, len(a))
	for i := range a {
		byKey[a[i].TallyKey] = &a[i].Tally
	}
	for i := range b {
		t, ok := byKey[b[i].TallyKey]
		if !ok || !sameTally(t, &b[i].Tally) {
			return false
		}
	}
	return true
}

func sameTally(a, b *tandem.Tally) bool {
	// By bits: a damaged cell's NaN is the same NaN in both reads.
	return a.N == b.N && a.Kind == b.Kind && a.Successes == b.Successes &&
		math.Float64bits(a.Mean) == math.Float64bits(b.Mean) && math.Float64bits(a.M2) == math.Float64bits(b.M2) &&
		a.Hist.Equal(b.Hist) && maps.Equal(a.Names, b.Names)
}
