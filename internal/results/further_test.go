package results

import (
	"testing"

	"tandem/internal/stats"
)

func TestBesideANegativeAverageNothingIsRelative(t *testing.T) {
	stratum := func(a, b stats.Moments) stats.Stratum[stats.Moments] {
		return stats.Stratum[stats.Moments]{Weight: stats.StratumWeight(a.N, b.N), A: a, B: b}
	}
	good := stratum(stats.Moments{N: 400, Mean: 0.5, Variance: 1}, stats.Moments{N: 400, Mean: 0.6, Variance: 1})
	for name, tc := range map[string]struct {
		pairs []stats.Stratum[stats.Moments]
		given bool
	}{
		"a negative average":                {[]stats.Stratum[stats.Moments]{stratum(stats.Moments{N: 400, Mean: -0.5, Variance: 1}, stats.Moments{N: 400, Mean: -0.3, Variance: 1})}, false},
		"an average above 0":                {[]stats.Stratum[stats.Moments]{good}, true},
		"a phase besides, where A is empty": {[]stats.Stratum[stats.Moments]{good, stratum(stats.Moments{}, stats.Moments{N: 9, Mean: 1, Variance: 1})}, true},
	} {
		var d Comparison
		d.relateMeans(tc.pairs)
		if (d.Relative != nil) != tc.given {
			t.Errorf("%s: relative %+v; want given: %v", name, d.Relative, tc.given)
		}
	}
}
