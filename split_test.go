package tandem_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem"
)

// unitIDs are call ids as the gateway derives them.
func unitIDs(n int) []string {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ids := make([]string, n)
	for i := range ids {
		ids[i] = string(tandem.DeriveCallID("sip", fmt.Sprintf("%d@trunk.example.com", i), at))
	}
	return ids
}

func salt(b byte) (s tandem.Salt) { s[0] = b; return s }

func TestSharesKeepWithinBinomialLimitsOverAMillionUnits(t *testing.T) {
	const n = 1_000_000
	units := unitIDs(n)
	for i, weights := range [][]float64{
		{50, 50},
		{90, 10},
		{20, 80},
		{99, 1},
		{99.99, 0.01},
		{100, 0},
		{0, 100},
		{33.33, 66.67},
		{34, 33, 33},
		{70, 10, 10, 10},
		{10, 10, 10, 10, 10, 10, 10, 10, 10, 10},
	} {
		split, err := tandem.NewSplit(weights)
		if err != nil {
			t.Fatal(err)
		}
		counts := make([]int, len(weights))
		for _, u := range units {
			counts[split.Pick(salt(byte(i)), u)]++
		}
		for arm, w := range weights {
			p := w / 100
			// 4.9 standard deviations: one false alarm in a million arms, and
			// the units are fixed, so this never turns by chance.
			if limit := 4.9 * math.Sqrt(n*p*(1-p)); math.Abs(float64(counts[arm])-n*p) > limit {
				t.Errorf("weights %v: arm %d got %d of %d, outside %.0f +- %.0f", weights, arm, counts[arm], n, n*p, limit)
			}
			if got := split.Probability(arm); math.Abs(got-p) > 1e-9 {
				t.Errorf("weights %v: probability of arm %d is %v", weights, arm, got)
			}
		}
	}
}

func TestTwoTestsAssignIndependently(t *testing.T) {
	const n = 400_000
	split, _ := tandem.NewSplit([]float64{50, 50})
	var both [2][2]float64
	for _, u := range unitIDs(n) {
		both[split.Pick(salt(1), u)][split.Pick(salt(2), u)]++
	}
	chi2 := 0.0
	for _, row := range both {
		for _, c := range row {
			chi2 += (c - n/4) * (c - n/4) / (n / 4)
		}
	}
	if chi2 > 21.1 { // chi-squared, 3 degrees of freedom, p = 0.0001
		t.Errorf("assignments of two tests hang together: chi-squared %.1f of %v", chi2, both)
	}
}

func TestPickIsTheDocumentedFunctionOfSHA256(t *testing.T) {
	// Computed apart with: sha256sum of 16 salt bytes and the unit, first 8
	// bytes over 2^64, times 10,000.
	s := tandem.Salt{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	for unit, want := range map[string]int{"+14155550123": 779, "": 7432} {
		if got := tandem.Bucket(s, unit); got != want {
			t.Errorf("bucket of %q is %d, want %d", unit, got, want)
		}
	}
}

func TestReweightMovesAsFewUnitsAsItCan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arms := rapid.IntRange(2, 6).Draw(t, "arms")
		before, err := tandem.NewSplit(drawWeights(t, arms, "before"))
		if err != nil {
			t.Fatal(err)
		}
		for step := range rapid.IntRange(1, 4).Draw(t, "steps") {
			weights := drawWeights(t, arms, fmt.Sprint("step", step))
			after, err := before.Reweight(weights)
			if err != nil {
				t.Fatal(err)
			}
			gain := 0.0
			for arm := range arms {
				if p := after.Probability(arm); math.Abs(p-weights[arm]/100) > 1e-9 {
					t.Fatalf("arm %d has %v, want %v", arm, p, weights[arm])
				}
				gain += math.Max(0, after.Probability(arm)-before.Probability(arm))
			}
			moved := 0
			for b := range tandem.Buckets {
				from, to := armAt(before, b), armAt(after, b)
				if from == to {
					continue
				}
				moved++
				if after.Probability(to) <= before.Probability(to) || after.Probability(from) >= before.Probability(from) {
					t.Fatalf("bucket %d moved from arm %d to %d, which did not shrink and grow", b, from, to)
				}
			}
			if want := int(math.Round(gain * tandem.Buckets)); moved != want {
				t.Fatalf("%d buckets moved, want %d", moved, want)
			}
			before = after
		}
	})
}

func TestRaisingBMovesCallersOnlyFromAToBAndBack(t *testing.T) {
	split, _ := tandem.NewSplit([]float64{90, 10})
	seen := map[string]int{}
	units := unitIDs(20_000)
	for _, b := range []float64{10, 20, 50, 80, 100, 60, 10, 0} {
		grows := b >= split.Probability(1)*100
		next, err := split.Reweight([]float64{100 - b, b})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range units {
			arm := next.Pick(salt(7), u)
			if old, ok := seen[u]; ok && old != arm && (arm == 1) != grows {
				t.Fatalf("at %v %% a unit moved from %d to %d", b, old, arm)
			}
			seen[u] = arm
		}
		split = next
	}
}

func TestWeightsThatMakeNoSplitAreRefused(t *testing.T) {
	for name, weights := range map[string][]float64{
		"none": {}, "below zero": {-1, 101}, "not 100": {50, 49}, "three decimals": {33.333, 66.667},
		"not a number": {math.NaN(), 100}, "infinite": {math.Inf(1), 0},
	} {
		if _, err := tandem.NewSplit(weights); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%s: %v gave %v, want an invalid error", name, weights, err)
		}
	}
}

func armAt(s tandem.Split, bucket int) int {
	for _, seg := range s.Segments {
		if bucket < seg.End {
			return seg.Arm
		}
	}
	return -1
}

// drawWeights cuts 100 percent at random places of 0.01 percent.
func drawWeights(t *rapid.T, arms int, label string) []float64 {
	left := tandem.Buckets
	weights := make([]float64, arms)
	for i := range arms - 1 {
		n := rapid.IntRange(0, left).Draw(t, label)
		weights[i] = float64(n) / 100
		left -= n
	}
	weights[arms-1] = float64(left) / 100
	return weights
}
