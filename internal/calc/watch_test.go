package calc_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tandem/internal/calc"
	"tandem/internal/stats"
)

// spoken are durations of calls by callers of two arms, in two phases.
func spoken(n int) (rows []string, arm, phase, caller []int, value []float64) {
	rnd := rand.New(rand.NewPCG(3, 9))
	for i := range n {
		c, ph := rnd.IntN(150), 0
		if i >= n/2 {
			ph = 1
		}
		arm, phase, caller = append(arm, c%2), append(phase, ph), append(caller, c)
		y := math.Round(60*math.Exp(0.8*rnd.NormFloat64())*(1+0.2*float64(c%2))*10) / 10
		value = append(value, y)
		rows = append(rows, fmt.Sprintf("%s,%d,%d,%v", "AB"[c%2:c%2+1], ph, c, y))
	}
	return rows, arm, phase, caller, value
}

// What the verdict does, written out: sums by caller within phases, the extremes as
// they come, a look after every row, the standard errors of phases added up.
func TestByCallerEveryRowIsALook(t *testing.T) {
	rows, arm, phase, caller, value := spoken(700)
	r := computeText(t, "arm,phase,caller,value\n"+strings.Join(rows, "\n"), "x.csv", calc.Settings{Unit: ptr(calc.PerCaller)})
	l := line(t, r, 0, 0, "asymptotic_clustered")

	var clusters [2][2]stats.SkewedClusters
	type total struct{ sum, n float64 }
	totals := map[[2]int]total{}
	var extremes stats.Interval
	var c stats.Contrast
	least := 0.0
	for i, y := range value {
		at := &clusters[phase[i]][arm[i]]
		was := totals[[2]int{phase[i], caller[i]}]
		is := total{was.sum + y, was.n + 1}
		totals[[2]int{phase[i], caller[i]}] = is
		if err := at.Replace(was.sum, was.n, is.sum, is.n); err != nil {
			t.Fatal(err)
		}
		off := at.Residual(is.sum, is.n)
		extremes = stats.Interval{Low: min(extremes.Low, off), High: max(extremes.High, off)}
		var phases []stats.Phase
		for k := range clusters {
			a, b := clusters[k][0], clusters[k][1]
			phases = append(phases, stats.Phase{
				NA: a.N, NB: b.N, MeanA: a.Mean(), MeanB: b.Mean(),
				Spread: stats.SpreadOfClusteredMeans(a, b, extremes),
			})
		}
		var known bool
		if c, known = stats.Contrasted(phases, true); !known || !c.Ready(true) {
			continue
		}
		band, err := c.Sequence(0.05, stats.Tuning)
		if err != nil {
			t.Fatal(err)
		}
		least = min(least, band.LogP)
	}
	band, err := c.Sequence(0.05, stats.Tuning)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "low", l.Interval.Low, band.Interval.Low, 0)
	near(t, "high", l.Interval.High, band.Interval.High, 0)
	near(t, "p", l.P, math.Exp(least), 0)
	if last := math.Exp(band.LogP); *l.P >= last {
		t.Errorf("p is %v, that of the last look %v: the looks before tell nothing apart in this test", *l.P, last)
	}
	if l.Looks != "all" {
		t.Errorf("the p is that of %q looks; expected all", l.Looks)
	}
}

func TestSharesByCallerHaveTwoMoreCallersInEachArm(t *testing.T) {
	var b strings.Builder
	b.WriteString("arm,caller,value\n")
	var clusters [2]stats.Clusters
	for i := range 40 {
		fmt.Fprintf(&b, "%s,%d,1\n", "AB"[i%2:i%2+1], i)
		if err := clusters[i%2].Add(1, 1); err != nil {
			t.Fatal(err)
		}
	}
	l := line(t, computeText(t, b.String(), "x.csv", calc.Settings{Unit: ptr(calc.PerCaller)}), 0, 0, "asymptotic_clustered")
	if l.NotGiven != "" {
		t.Fatalf("callers who all succeed: %s; expected an interval, as the verdict has it", l.NotGiven)
	}
	near(t, "its standard error", &l.Figures[0].Value, math.Sqrt(stats.SpreadOfClusteredShares(clusters[0], clusters[1]).Variance), 0)
}

func TestDurationsAreCutAsTheVerdictCutsThem(t *testing.T) {
	rows, arm, _, _, value := spoken(500)
	var b strings.Builder
	b.WriteString("arm,p,value\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s,0.5,%v\n", rows[i][:1], value[i])
	}
	set := calc.MetricSettings{Bounds: &calc.Bounds{High: 3600}, Cut: ptr(true)}
	l := line(t, computeText(t, b.String(), "x.csv", calc.Settings{All: set}), 0, 0, "betting")

	var most float64
	for _, y := range value[:50] {
		most = max(most, y)
	}
	bounds := stats.Bounds{High: 4 * most}
	bet, err := stats.NewBet(bounds, false, stats.Grid(bounds, false), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	for i := 50; i < len(value); i++ {
		if err := bet.Fold(arm[i] == 1, 0.5, min(value[i], 4*most)); err != nil {
			t.Fatal(err)
		}
	}
	near(t, "ln E", l.LogE, bet.LogE(), 0)
	near(t, "low", l.Interval.Low, bet.Interval().Low, 0)
	near(t, "high", l.Interval.High, bet.Interval().High, 0)
	if f := l.Figures; len(f) != 2 || f[1].Name != "cut" || f[1].Value != 4*most {
		t.Errorf("the figures are %+v; expected the cut %v", f, 4*most)
	}
	set.Cut = ptr(false)
	if whole := line(t, computeText(t, b.String(), "x.csv", calc.Settings{All: set}), 0, 0, "betting"); *whole.LogE == *l.LogE {
		t.Error("without the cut the evidence is the same")
	}
}

func TestAveragesAreWatchedFromFiftyValuesASide(t *testing.T) {
	for n, want := range map[int]string{49: "needs 50 values in each arm", 50: ""} {
		l := line(t, computeText(t, fmt.Sprintf("arm,n,mean,sd\nA,%d,4,1\nB,900,5,1\n", n), "x.csv", calc.Settings{}), 0, 0, "asymptotic")
		if l.NotGiven != want {
			t.Errorf("%d values: not given because %q; expected %q", n, l.NotGiven, want)
		}
	}
}

func TestWhatRestsOnANormalApproximationSaysSo(t *testing.T) {
	r := compute(t, "shares.json", calc.Settings{})
	for method, want := range map[string]calc.Holds{
		"asymptotic": calc.Approximately, "planned": calc.Approximately, "non_inferior_asymptotic": calc.Approximately,
		"equivalent_asymptotic": calc.Approximately, "pooled_z": calc.OneLook,
	} {
		if l := line(t, r, 0, 0, method); l.Holds != want {
			t.Errorf("%s holds %q; expected %q", method, l.Holds, want)
		}
	}
	if l := line(t, compute(t, "calls.csv", calc.Settings{}), 0, 0, "betting"); l.Holds != calc.EveryLook {
		t.Errorf("betting holds %q; expected every look", l.Holds)
	}
	for _, l := range compute(t, "arms.csv", calc.Settings{}).Metrics[0].Overall {
		if l.Method == "holm" && l.Of == "asymptotic" && l.Holds != calc.Approximately {
			t.Errorf("Holm's of the asymptotic sequence holds %q", l.Holds)
		}
	}
}

func TestSequencesOfSharesStayWithinOne(t *testing.T) {
	const src = "arm,n,successes\nA,10,0\nB,10,10\n"
	r := computeText(t, src, "x.csv", calc.Settings{Planned: ptr(int64(1000)), All: calc.MetricSettings{Margin: ptr(0.1)}})
	for _, method := range []string{"asymptotic", "planned", "equivalent_asymptotic"} {
		if l := line(t, r, 0, 0, method); l.Interval == nil || *l.Interval.High != 1 || *l.Interval.Low < -1 {
			t.Errorf("%s: %s; expected an interval that ends at 1", method, written(t, l))
		}
	}
}

func TestBettingAndThePlanKnowOneSide(t *testing.T) {
	src := rowsOf(900, 0.12)
	planned := ptr(int64(900))
	two := computeText(t, src, "x.csv", calc.Settings{Planned: planned})
	up := computeText(t, src, "x.csv", calc.Settings{Planned: planned, Sides: ptr(calc.Greater)})
	down := computeText(t, src, "x.csv", calc.Settings{Planned: planned, Sides: ptr(calc.Less)})
	for _, method := range []string{"betting", "planned"} {
		both, above, below := line(t, two, 0, 0, method), line(t, up, 0, 0, method), line(t, down, 0, 0, method)
		if above.Sides != calc.Greater || below.Sides != calc.Less {
			t.Errorf("%s: the sides are %s and %s", method, above.Sides, below.Sides)
		}
		if *above.P >= *both.P || *below.P < 0.5 {
			t.Errorf("%s: p is %v for greater, %v for two, %v for less", method, *above.P, *both.P, *below.P)
		}
		if *above.Interval.High != 1 || *below.Interval.Low != -1 || *above.Interval.Low <= *both.Interval.Low {
			t.Errorf("%s: %s\n%s\n%s", method, written(t, above), written(t, both), written(t, below))
		}
	}
}

func TestARelativeLiftOfANegativeMeanIsNotGiven(t *testing.T) {
	for _, sides := range []calc.Sides{calc.TwoSided, calc.Greater, calc.Less} {
		r := computeText(t, "arm,n,mean,sd\nA,400,-0.5,1\nB,400,-0.3,1\n", "x.csv", calc.Settings{Sides: ptr(sides)})
		if l := line(t, r, 0, 0, "relative_delta"); !strings.Contains(l.NotGiven, "compare by difference") || l.P != nil {
			t.Errorf("%s: %s; expected none", sides, written(t, l))
		}
	}
}

func TestSumsOfSquaresKeepEveryDigit(t *testing.T) {
	// 500 times 999,999,999 and 500 times 1,000,000,001.
	const src = "arm,n,sum,sum_of_squares\nA,1000,1000000000000,1000000000000000001000\nB,1000,1000000000100.5,1e21\n"
	a := computeText(t, strings.Replace(src, "B,1000,1000000000100.5,1e21", "B,2,3.5,6.25", 1), "x.csv", calc.Settings{}).Metrics[0]
	near(t, "sd of A", a.Arms[0].SD, math.Sqrt(1000.0/999), 1e-15)
	near(t, "sd of B", a.Arms[1].SD, 0.5/math.Sqrt(2), 1e-15)
	if len(a.Notes) != 0 {
		t.Errorf("%q are noted of exact sums", a.Notes)
	}
	// As a float writes it, the same sum of squares has lost the spread.
	lost := computeText(t, "arm,n,sum,sum_of_squares\nA,1000,1000000000000,1000000000000000000000\n", "x.csv", calc.Settings{}).Metrics[0]
	if len(lost.Notes) != 2 || !strings.Contains(lost.Notes[1], "almost the square") {
		t.Errorf("%q are noted of a sum that is rounded", lost.Notes)
	}
	if _, err := calc.Read([]byte("arm,n,sum,sum_of_squares\nA,3,100000000,3333333333333333\n"), "x.csv", "", calc.Settings{}); err == nil {
		t.Error("a sum of squares that is 1/3 too small was taken")
	}
}

func TestNothingAndNoneAreDefined(t *testing.T) {
	for name, tc := range map[string]struct {
		src       string
		low, high float64
	}{
		"an empty arm": {"arm,n,successes\nA,0,0\nB,9,5\n", -0.733349, 0.811221},
		"both empty":   {"arm,n,successes\nA,0,0\nB,0,0\n", -1, 1},
		"20 of 20":     {"arm,n,successes\nA,20,20\nB,20,20\n", -0.161125, 0.161125},
	} {
		r := computeText(t, tc.src, "x.csv", calc.Settings{})
		for _, method := range []string{"pooled_z", "fisher_exact", "chi_squared", "miettinen_nurminen"} {
			if l := line(t, r, 0, 0, method); l.P == nil || *l.P != 1 {
				t.Errorf("%s: %s; expected a p of 1", name, written(t, l))
			}
		}
		l := line(t, r, 0, 0, "newcombe")
		near(t, name+": low", l.Interval.Low, tc.low, 1e-6)
		near(t, name+": high", l.Interval.High, tc.high, 1e-6)
	}
}
