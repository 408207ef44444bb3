package sample

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestADeckDealsEveryNumberOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 300).Draw(t, "n")
		d := newDeck(rapid.Uint64().Draw(t, "seed"), "A", n)
		var all []int64
		for int64(len(all)) < n {
			hand := d.draw(rapid.IntRange(1, 40).Draw(t, "hand"))
			if len(hand) == 0 {
				t.Fatalf("empty after %d of %d", len(all), n)
			}
			all = append(all, hand...)
		}
		if rest := d.draw(1); len(rest) != 0 {
			t.Fatalf("%v dealt after the last", rest)
		}
		slices.Sort(all)
		for i, x := range all {
			if x != int64(i)+1 {
				t.Fatalf("%v is not 1 to %d", all, n)
			}
		}
	})
}

func TestTheOrderDoesNotDependOnTheSizeOfTheHands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, n := rapid.Uint64().Draw(t, "seed"), rapid.Int64Range(1, 1e12).Draw(t, "n")
		whole := newDeck(seed, "B", n).draw(100)
		d := newDeck(seed, "B", n)
		var parts []int64
		for len(parts) < len(whole) {
			parts = append(parts, d.draw(min(7, len(whole)-len(parts)))...)
		}
		if !slices.Equal(whole, parts) {
			t.Fatalf("%v at once, %v in sevens", whole, parts)
		}
	})
}

func TestAllOrdersAreEquallyLikely(t *testing.T) {
	// The 24 orders of 4 numbers over 24,000 seeds: chi-squared with 23
	// degrees of freedom passes 56 with probability 1e-4; the seeds are fixed.
	counts := map[[4]int64]int{}
	for seed := range uint64(24_000) {
		counts[[4]int64(newDeck(seed, "A", 4).draw(4))]++
	}
	x := 0.0
	for _, n := range counts {
		x += float64(n-1000) * float64(n-1000) / 1000
	}
	if len(counts) != 24 || x > 56 {
		t.Errorf("%d orders, chi-squared %.1f", len(counts), x)
	}
}

func TestADrawStaysTheSameFromReleaseToRelease(t *testing.T) {
	// Samples are shared by seed: a change here breaks every shared link.
	if got, want := newDeck(42, "A", 1000).draw(5), []int64{980, 638, 563, 554, 918}; !slices.Equal(got, want) {
		t.Errorf("seed 42, arm A, 1000 calls: %v; want %v", got, want)
	}
}
