package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func clustersOf(t testing.TB, groups [][]float64) (c Clusters) {
	t.Helper()
	for _, g := range groups {
		var sum float64
		for _, x := range g {
			sum += x
		}
		if err := c.Add(sum, float64(len(g))); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

var (
	callersA = [][]float64{{3, 5}, {4}, {10, 9, 11}, {2}, {7, 7, 8}, {6}}
	callersB = [][]float64{{8}, {9, 12}, {5, 4}, {11, 13, 10, 12}, {7}}
)

func TestClusteredMeansMatchStatsmodels(t *testing.T) {
	// statsmodels 0.13.5: OLS(y, ones).fit(cov_type="cluster",
	// cov_kwds={"groups": g}), params and bse^2. Its sandwich with the usual
	// correction is the delta method's variance for a mean.
	for _, c := range []struct {
		groups         [][]float64
		mean, variance float64
		calls          int64
	}{
		{callersA, 6.545454545454545, 1.649723379550577, 11},
		{callersB, 9.1, 2.378249999999999, 10},
	} {
		got := clustersOf(t, c.groups)
		near(t, c.mean, got.Mean(), 1e-14, "mean")
		near(t, c.variance, got.Variance(), 1e-13, "variance")
		if got.Numbers() != c.calls || got.N != int64(len(c.groups)) {
			t.Errorf("%d numbers in %d clusters; want %d in %d", got.Numbers(), got.N, c.calls, len(c.groups))
		}
	}
}

func TestRatioDifferenceIsWelchsOverClusters(t *testing.T) {
	got, err := RatioDifference(clustersOf(t, callersA), clustersOf(t, callersB), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	// By hand from the variances above, 6 and 5 clusters.
	va, vb := 1.649723379550577, 2.378249999999999
	df := (va + vb) * (va + vb) / (va*va/5 + vb*vb/4)
	near(t, 9.1-6.545454545454545, got.Value, 1e-13, "difference")
	near(t, math.Sqrt(va+vb), got.SE, 1e-13, "standard error")
	near(t, df, got.Test.DF, 1e-12, "df")
}

func TestClustersOfOneAreOrdinaryNumbers(t *testing.T) {
	var a, b Clusters
	for i, x := range riversA {
		_ = a.Add(x, 1)
		if i < len(riversB) {
			_ = b.Add(riversB[i], 1)
		}
	}
	got, err := RatioDifference(a, b, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Welch(momentsOf(riversA), momentsOf(riversB), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, want.Value, got.Value, 1e-13, "difference")
	near(t, want.Test.Statistic, got.Test.Statistic, 1e-13, "t")
	near(t, want.Test.DF, got.Test.DF, 1e-12, "df")
}

// momentsOf is the two-pass way.
func momentsOf(xs []float64) Moments {
	var sum, m2 float64
	for _, x := range xs {
		sum += x
	}
	mean := sum / float64(len(xs))
	for _, x := range xs {
		m2 += (x - mean) * (x - mean)
	}
	return Moments{int64(len(xs)), mean, m2 / float64(len(xs)-1)}
}

func TestClustersKeepASpreadOfOneAroundABillion(t *testing.T) {
	// The same deviations around 0 and around 1e9 have the same variance, though
	// sums differ by a billion times sizes that vary.
	var low, high Clusters
	rng := newXorshift(3)
	for range 1000 {
		n := math.Floor(1 + 5*rng())
		deviation := math.Round((rng()-0.5)*16) / 4
		_ = low.Add(deviation*n, n)
		_ = high.Add((1e9+deviation)*n, n)
	}
	near(t, 1e9+low.Mean(), high.Mean(), 1e-15, "mean")
	near(t, low.Variance(), high.Variance(), 1e-9, "variance")
}

func TestTooFewClustersHaveNoTest(t *testing.T) {
	two := clustersOf(t, [][]float64{{1}, {2, 3}})
	for name, c := range map[string]Clusters{
		"none":       {},
		"one":        clustersOf(t, [][]float64{{1, 2, 3}}),
		"one, again": clustersOf(t, [][]float64{{1}}),
	} {
		if got, err := RatioDifference(c, two, 0.95); !errors.Is(err, ErrTooFew) {
			t.Errorf("%s: %v, error %v; want ErrTooFew", name, got, err)
		}
		if v := c.Variance(); v != 0 {
			t.Errorf("%s: variance %v; want 0", name, v)
		}
	}
	flat := clustersOf(t, [][]float64{{1}, {1, 1}, {1, 1, 1}})
	if got, err := RatioDifference(flat, flat, 0.95); !errors.Is(err, ErrTooFew) {
		t.Errorf("no spread: %v, error %v; want ErrTooFew", got, err)
	}
	if (Clusters{}).Mean() != 0 {
		t.Error("the mean of nothing is not 0")
	}
}

func TestImpossibleClustersAreRefusedAndChangeNothing(t *testing.T) {
	before := clustersOf(t, callersA)
	for name, do := range map[string]func(*Clusters) error{
		"NaN sum":              func(c *Clusters) error { return c.Add(math.NaN(), 1) },
		"infinite sum":         func(c *Clusters) error { return c.Add(math.Inf(1), 1) },
		"NaN size":             func(c *Clusters) error { return c.Add(1, math.NaN()) },
		"negative size":        func(c *Clusters) error { return c.Add(1, -1) },
		"a sum of no numbers":  func(c *Clusters) error { return c.Add(1, 0) },
		"NaN in place of one":  func(c *Clusters) error { return c.Replace(4, 1, math.NaN(), 1) },
		"too large to square":  func(c *Clusters) error { return c.Add(1e200, 1) },
		"a NaN one taken away": func(c *Clusters) error { return c.Replace(math.NaN(), 1, 0, 0) },
	} {
		c := before
		if err := do(&c); !errors.Is(err, ErrInput) || c != before {
			t.Errorf("%s: error %v, %+v; want ErrInput and no change", name, err, c)
		}
	}
	var empty Clusters
	if err := empty.Replace(1, 1, 2, 1); !errors.Is(err, ErrInput) {
		t.Errorf("replacing what is not there: error %v; want ErrInput", err)
	}
	if err := empty.Add(0, 0); err != nil || empty != (Clusters{}) {
		t.Errorf("adding no cluster: %v, %+v; want no change", err, empty)
	}
	for _, damaged := range []Clusters{{N: -1}, {N: 2, Size: 1, EE: -1}, {N: 2, Size: math.NaN()}} {
		if _, err := RatioDifference(before, damaged, 0.95); !errors.Is(err, ErrInput) {
			t.Errorf("%+v: error %v; want ErrInput", damaged, err)
		}
	}
}

type cluster struct{ sum, n float64 }

func clusterList() *rapid.Generator[[]cluster] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cluster {
		n := float64(rapid.IntRange(1, 30).Draw(t, "n"))
		return cluster{n * rapid.Float64Range(-50, 400).Draw(t, "mean"), n}
	}), 1, 40)
}

func addAll(list []cluster) (c Clusters) {
	for _, x := range list {
		if err := c.Add(x.sum, x.n); err != nil {
			panic(err)
		}
	}
	return c
}

// sameClusters compares what they say; where the origin is does not matter.
func sameClusters(t *rapid.T, what string, want, got Clusters, scale float64) {
	t.Helper()
	if want.N != got.N || want.Numbers() != got.Numbers() ||
		math.Abs(want.Mean()-got.Mean()) > 1e-9*scale || math.Abs(want.Variance()-got.Variance()) > 1e-9*scale*scale {
		t.Fatalf("%s: mean %v and variance %v of %d; want %v and %v of %d", what,
			got.Mean(), got.Variance(), got.Numbers(), want.Mean(), want.Variance(), want.Numbers())
	}
}

func TestClustersDoNotDependOnOrderOrOnParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := clusterList().Draw(t, "clusters")
		whole := addAll(list)
		cut := rapid.IntRange(0, len(list)).Draw(t, "cut")
		merged := addAll(list[:cut])
		merged.Merge(addAll(list[cut:]))
		sameClusters(t, "merged", whole, merged, 400)
		sameClusters(t, "in another order", whole, addAll(rapid.Permutation(list).Draw(t, "order")), 400)
	})
}

func TestAReplacedClusterLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := clusterList().Draw(t, "clusters")
		got := addAll(list)
		i := rapid.IntRange(0, len(list)-1).Draw(t, "which")
		old := list[i]
		to := clusterList().Draw(t, "new")[0]
		if err := got.Replace(old.sum, old.n, to.sum, to.n); err != nil {
			t.Fatal(err)
		}
		list[i] = to
		sameClusters(t, "replaced", addAll(list), got, 400)
		if err := got.Replace(to.sum, to.n, 0, 0); err != nil {
			t.Fatal(err)
		}
		sameClusters(t, "taken away", addAll(append(list[:i:i], list[i+1:]...)), got, 400)
	})
}

func TestACallerGrowsCallByCall(t *testing.T) {
	// As calls come in, a caller's cluster is replaced again and again.
	var grown Clusters
	totals := map[int]cluster{}
	rng := newXorshift(9)
	for range 5000 {
		caller := int(rng() * 700)
		was := totals[caller]
		is := cluster{was.sum + 120*rng(), was.n + 1}
		if err := grown.Replace(was.sum, was.n, is.sum, is.n); err != nil {
			t.Fatal(err)
		}
		totals[caller] = is
	}
	var whole Clusters
	for caller := range 700 {
		if c, ok := totals[caller]; ok {
			_ = whole.Add(c.sum, c.n)
		}
	}
	near(t, whole.Mean(), grown.Mean(), 1e-12, "mean")
	near(t, whole.Variance(), grown.Variance(), 1e-11, "variance")
	if grown.Numbers() != 5000 {
		t.Errorf("%d numbers; want 5000", grown.Numbers())
	}
}

func TestStrataOfClustersAreWeighed(t *testing.T) {
	a, b := clustersOf(t, callersA), clustersOf(t, callersB)
	one, _ := RatioDifference(a, b, 0.95)
	two, err := StratifiedRatios([]Stratum[Clusters]{{1, a, b}, {1, a, b}, {5, Clusters{}, b}}, 0.95)
	if err != nil || two.Strata != 2 {
		t.Fatal(two, err)
	}
	near(t, one.Value, two.Value, 1e-14, "difference")
	near(t, one.SE/math.Sqrt2, two.SE, 1e-14, "standard error")
	swapped, _ := RatioDifference(b, a, 0.95)
	if swapped.Value != -one.Value || swapped.Test.P != one.Test.P {
		t.Errorf("%v and swapped %v", one, swapped)
	}
}

// Sticky callers: a caller's calls are alike. By caller the test is right about
// as often as it says; by call it finds differences that are not there.
func TestClusteringByCallerKeepsTheErrorRate(t *testing.T) {
	rng := newXorshift(21)
	const rounds = 2000
	var byCaller, byCall int
	for range rounds {
		var clustered [2]Clusters
		var calls [2]Proportion
		for arm := range 2 {
			for range 80 {
				n, p := math.Floor(1+7*rng()), 0.4+0.5*rng()
				c := binomial(rng, int64(n), p)
				_ = clustered[arm].Add(float64(c.Successes), n)
				calls[arm].N += c.N
				calls[arm].Successes += c.Successes
			}
		}
		e, err := RatioDifference(clustered[0], clustered[1], 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if e.Test.P <= 0.05 {
			byCaller++
		}
		if z, _ := PooledZ(calls[0], calls[1]); z.P <= 0.05 {
			byCall++
		}
	}
	// 2,000 draws at 5 % have a standard error of 0.5 points.
	if share := float64(byCaller) / rounds; share > 0.067 || share < 0.035 {
		t.Errorf("by caller %.1f %% false differences; want about 5", 100*share)
	}
	if byCall <= byCaller*5/4 {
		t.Errorf("%d false differences by call, %d by caller: the calls of a caller are not alike here", byCall, byCaller)
	}
}
