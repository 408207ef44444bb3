package calc_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/calc"
	"tandem/internal/stats"
)

func marshal(r calc.Report) ([]byte, error) { return json.Marshal(r) }

// rowsOf writes calls as rows.
func rowsOf(n int, lift float64) string {
	rnd := rand.New(rand.NewPCG(7, uint64(n)))
	var b strings.Builder
	b.WriteString("arm,value,p.A,p.B\n")
	for range n {
		arm := "A"
		if rnd.Float64() < 0.2 {
			arm = "B"
		}
		share := 0.5
		if arm == "B" {
			share += lift
		}
		value := 0
		if rnd.Float64() < share {
			value = 1
		}
		fmt.Fprintf(&b, "%s,%d,0.8,0.2\n", arm, value)
	}
	return b.String()
}

func TestBettingIsTheEvidenceFoldedCallByCall(t *testing.T) {
	src := rowsOf(900, 0.15)
	r := computeText(t, src, "x.csv", calc.Settings{})
	l := line(t, r, 0, 0, "betting")

	unit := stats.Bounds{Low: 0, High: 1}
	bet, err := stats.NewBet(unit, true, stats.Grid(unit, true), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(strings.TrimSpace(src), "\n")[1:] {
		y := 0.0
		if strings.Split(row, ",")[1] == "1" {
			y = 1
		}
		if err := bet.Fold(row[0] == 'B', 0.2, y); err != nil {
			t.Fatal(err)
		}
	}
	want := bet.Interval()
	if *l.LogE != bet.LogE() || *l.Interval.Low != want.Low || *l.Interval.High != want.High || *l.P != math.Exp(bet.LogP()) {
		t.Errorf("betting says ln E %v, %v to %v, p %v; folded by hand %v, %+v, %v", *l.LogE, *l.Interval.Low, *l.Interval.High, *l.P, bet.LogE(), want, math.Exp(bet.LogP()))
	}
}

func TestTheChanceOfTheOwnArmIsEnoughForTwo(t *testing.T) {
	src := rowsOf(400, 0.2)
	own := strings.NewReplacer("p.A,p.B", "p", "0.8,0.2", "?").Replace(src)
	var b strings.Builder
	for line := range strings.Lines(own) {
		p := "0.8"
		if line[0] == 'B' {
			p = "0.2"
		}
		b.WriteString(strings.Replace(line, "?", p, 1))
	}
	x := line(t, computeText(t, src, "x.csv", calc.Settings{}), 0, 0, "betting")
	y := line(t, computeText(t, b.String(), "x.csv", calc.Settings{}), 0, 0, "betting")
	near(t, "ln E", y.LogE, *x.LogE, 1e-12)
	near(t, "low", y.Interval.Low, *x.Interval.Low, 1e-12)
}

func TestTheOrderOfRowsMattersToNothingButWhatIsFolded(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(rowsOf(300, 0.2)), "\n")
	shuffled := append([]string(nil), lines...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines)-1, func(i, j int) {
		shuffled[i+1], shuffled[j+1] = shuffled[j+1], shuffled[i+1]
	})
	a := computeText(t, strings.Join(lines, "\n"), "x.csv", calc.Settings{})
	b := computeText(t, strings.Join(shuffled, "\n"), "x.csv", calc.Settings{})
	folded := map[string]bool{"betting": true, "asymptotic": true}
	moved := 0
	for i, l := range a.Metrics[0].Comparisons[0].Lines {
		m := b.Metrics[0].Comparisons[0].Lines[i]
		same := cmp.Equal(written(t, l), written(t, m))
		if !folded[l.Method] && !same {
			t.Errorf("%s changed with the order:\n%s\n%s", l.Method, written(t, l), written(t, m))
		}
		if folded[l.Method] && !same {
			moved++
		}
	}
	if moved == 0 {
		t.Error("nothing changed with the order; expected the folded evidence to")
	}
}

func written(t *testing.T, l calc.Line) string {
	t.Helper()
	out, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestRowsSayWhatTheirAggregatesSay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "rows")
		var rows strings.Builder
		rows.WriteString("arm,value\n")
		counts := map[string][2]int{}
		for i := range n {
			arm := rapid.SampledFrom([]string{"A", "B"}).Draw(rt, fmt.Sprint("arm", i))
			y := rapid.IntRange(0, 1).Draw(rt, fmt.Sprint("value", i))
			c := counts[arm]
			counts[arm] = [2]int{c[0] + 1, c[1] + y}
			fmt.Fprintf(&rows, "%s,%d\n", arm, y)
		}
		aggregates := "arm,n,successes\n"
		for _, arm := range []string{"A", "B"} {
			if c, there := counts[arm]; there {
				aggregates += fmt.Sprintf("%s,%d,%d\n", arm, c[0], c[1])
			}
		}
		a := computeText(t, rows.String(), "x.csv", calc.Settings{})
		b := computeText(t, aggregates, "x.csv", calc.Settings{})
		if len(a.Metrics[0].Comparisons) != len(b.Metrics[0].Comparisons) {
			rt.Fatalf("%d comparisons of rows, %d of aggregates", len(a.Metrics[0].Comparisons), len(b.Metrics[0].Comparisons))
		}
		for i, cmp := range a.Metrics[0].Comparisons {
			for k, l := range cmp.Lines {
				m := b.Metrics[0].Comparisons[i].Lines[k]
				if l.Method == "asymptotic" || l.Method == "betting" {
					continue // of rows they look back over the order
				}
				if x, y := written(t, l), written(t, m); x != y {
					rt.Fatalf("rows say %s, aggregates %s", x, y)
				}
			}
		}
	})
}

func TestPhasesAreNeverPooled(t *testing.T) {
	// B is worse in each phase and better in the pooled counts (Simpson 1951).
	const src = "phase,arm,n,successes\n1,A,900,450\n1,B,100,40\n2,A,100,90\n2,B,900,765\n"
	r := computeText(t, src, "x.csv", calc.Settings{})
	for _, method := range []string{"newcombe", "asymptotic", "relative_delta"} {
		if l := line(t, r, 0, 0, method); l.Estimate == nil || *l.Estimate >= 0 {
			t.Errorf("%s estimates %v; expected B to be worse", method, l.Estimate)
		}
	}
	for _, method := range []string{"fisher_exact", "miettinen_nurminen", "beta_binomial"} {
		if l := line(t, r, 0, 0, method); l.NotGiven == "" {
			t.Errorf("%s is given for two phases", method)
		}
	}
}

func TestWhatDoesNotApplySaysWhy(t *testing.T) {
	three := "arm,value,p\nA,1,0.3\nB,0,0.3\nC,1,0.4\n"
	for name, tc := range map[string]struct {
		src    string
		flags  calc.Settings
		metric int
		method string
		want   string
	}{
		"betting on aggregates":           {src: "arm,n,successes\nA,9,4\nB,9,5\n", method: "betting", want: "needs the calls in the order of assignment: raw rows"},
		"betting without chances":         {src: "arm,value\nA,1\nB,0\n", method: "betting", want: "needs each call's chance of its arm: the column p, or the shares of the split"},
		"betting on numbers":              {src: "arm,value,p\nA,1.5,0.5\nB,0,0.5\n", method: "betting", want: "needs bounds: the least and the greatest that a value can be"},
		"betting when callers are split":  {src: "arm,value,p\nA,1,0.5\nB,0,0.5\n", flags: calc.Settings{Unit: ptr(calc.PerCaller)}, method: "betting", want: "callers were randomised, not calls (unit caller)"},
		"three arms with own chance only": {src: three, method: "betting", want: "with three arms or more p alone does not give the chances of the others: add the columns p.ARM, or the shares of the split"},
		"sequences of few":                {src: "arm,n,successes\nA,9,4\nB,90,50\n", method: "asymptotic", want: "needs 10 values in each arm"},
		"planned without a plan":          {src: "arm,n,successes\nA,90,40\nB,90,50\n", method: "planned", want: "no number of calls was planned"},
		"clusters without callers":        {src: "arm,n,successes\nA,9,4\nB,9,5\n", method: "ratio_clustered", want: "needs raw rows with the column caller, or callers' totals"},
		"callers in several arms":         {src: "arm,value,caller\nA,1,x\nB,0,x\nB,0,y\n", method: "ratio_clustered", want: "a caller is in several arms: callers were not what was randomised"},
		"Welch on one number":             {src: "arm,n,mean,sd\nA,1,4,0\nB,9,5,1\n", method: "welch_t", want: "an arm has fewer than two values"},
		"non-inferiority without margin":  {src: "arm,n,successes\nA,9,4\nB,9,5\n", method: "non_inferior", want: "no margin was given"},
	} {
		r := computeText(t, tc.src, "x.csv", tc.flags)
		if got := line(t, r, tc.metric, 0, tc.method).NotGiven; got != tc.want {
			t.Errorf("%s: %q; expected %q", name, got, tc.want)
		}
	}
}

func TestASplitOfThreeArmsGivesTheirChances(t *testing.T) {
	shares := []calc.Share{{Arm: "A", Share: 0.5}, {Arm: "B", Share: 0.25}, {Arm: "C", Share: 0.25}}
	var byShare, byColumn strings.Builder
	byShare.WriteString("arm,value\n")
	byColumn.WriteString("arm,value,p.A,p.B,p.C\n")
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		arm := []string{"A", "A", "B", "C"}[rnd.IntN(4)]
		y := rnd.IntN(2)
		fmt.Fprintf(&byShare, "%s,%d\n", arm, y)
		fmt.Fprintf(&byColumn, "%s,%d,0.5,0.25,0.25\n", arm, y)
	}
	a := computeText(t, byShare.String(), "x.csv", calc.Settings{Shares: shares})
	b := computeText(t, byColumn.String(), "x.csv", calc.Settings{})
	for k := range 2 {
		if x, y := written(t, line(t, a, 0, k, "betting")), written(t, line(t, b, 0, k, "betting")); x != y {
			t.Errorf("by shares %s\nby columns %s", x, y)
		}
	}
	if l := line(t, a, 0, 0, "betting"); math.Abs(l.Level-0.975) > 1e-12 {
		t.Errorf("the level is %v; expected alpha shared by two arms, 0.975", l.Level)
	}
	for _, r := range []calc.Report{a, b} {
		if l := r.Overall[0]; l.Method != "sample_ratio" || l.LogE == nil || *l.LogE > 0 {
			t.Errorf("the sample ratio is %+v; expected an intact split", l)
		}
	}
}

func TestTinyPValuesKeepTheirOrder(t *testing.T) {
	var last float64
	for _, n := range []int64{100_000, 1_000_000, 1_000_000_000} {
		src := fmt.Sprintf("arm,n,successes\nA,%d,%d\nB,%d,%d\n", n, n/2, n, n*6/10)
		l := line(t, computeText(t, src, "x.csv", calc.Settings{}), 0, 0, "pooled_z")
		if l.Log10P == nil || *l.Log10P >= last {
			t.Errorf("n %d: log10 p is %v; expected below %v", n, l.Log10P, last)
		}
		last = *l.Log10P
	}
	if last > -1e6 {
		t.Errorf("log10 p of a billion is %v", last)
	}
}

func TestWhenCallersWereRandomisedOnlyWhatIsByCallerIsGiven(t *testing.T) {
	r := compute(t, "calls.csv", calc.Settings{Unit: ptr(calc.PerCaller)})
	for _, m := range r.Metrics {
		for _, a := range m.Arms {
			if a.Interval != nil {
				t.Errorf("%s of %s has an interval over calls", m.Metric, a.Arm)
			}
		}
		for _, l := range m.Comparisons[0].Lines {
			if l.NotGiven == "" {
				t.Errorf("%s: %s is given although callers met both arms", m.Metric, l.Method)
			}
		}
	}
}
