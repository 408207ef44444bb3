// Command stats measures the mathematics beside Python's scipy and statsmodels,
// on the same figures in one run, and the folding of a call into evidence beside
// its limit. It fails where the two disagree, and where there is nothing to compare with.
//
//	go run ./bench/stats
package main

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/tabwriter"
	"time"

	"tandem/internal/stats"
)

//go:embed peer.py
var peer string

// python is Debian's, which has Debian's packages.
const python = "/usr/bin/python3"

const (
	rows  = 1_000_000
	level = 0.95
	// agree is how far two programs may differ, relative to the value.
	agree = 1e-9
	// foldLimit is how long one call may take in one metric's evidence, the
	// whole interval included.
	foldLimit = 10 * time.Microsecond
)

// measured is one computation: what it gave and how long it took.
type measured struct {
	Seconds float64
	Value   []float64
}

func main() {
	raw := make([]float64, rows)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range raw {
		raw[i] = 90 * math.Exp(0.5*rng.NormFloat64())
	}
	agrees := compare(ours(raw), raw)
	fmt.Println()
	if within := folding(); !agrees || !within {
		os.Exit(1)
	}
}

// ours computes everything here.
func ours(raw []float64) map[string]measured {
	a, b := stats.Proportion{Successes: 28900, N: 41200}, stats.Proportion{Successes: 31100, N: 39800}
	interval := func(in stats.Interval, err error) []float64 { must(err); return []float64{in.Low, in.High} }
	test := func(t stats.Test, err error) []float64 { must(err); return []float64{t.Statistic, t.P} }
	welch := func(e stats.Estimate, err error) []float64 { return test(e.Test, err) }
	return map[string]measured{
		"pooled_z": timed(func() []float64 { return test(stats.PooledZ(a, b)) }),
		"wilson":   timed(func() []float64 { return interval(stats.Wilson(a, level)) }),
		"newcombe": timed(func() []float64 { return interval(stats.Newcombe(a, b, level)) }),
		"score":    timed(func() []float64 { return interval(stats.MiettinenNurminen(a, b, level)) }),
		"fisher": timed(func() []float64 {
			t, err := stats.Fisher(stats.Proportion{Successes: 2890, N: 4120}, stats.Proportion{Successes: 3110, N: 3980})
			must(err)
			return []float64{t.P}
		}),
		"welch_aggregates": timed(func() []float64 {
			return welch(stats.Welch(stats.Moments{N: 3900, Mean: 90.1, Variance: 48.9 * 48.9}, stats.Moments{N: 4100, Mean: 92.5, Variance: 61.2 * 61.2}, level))
		}),
		"welch_raw": timed(func() []float64 { return welch(stats.Welch(moments(raw[:rows/2]), moments(raw[rows/2:]), level)) }),
	}
}

// moments runs over raw values as a tally does (Welford 1962).
func moments(values []float64) stats.Moments {
	var mean, squares float64
	for i, x := range values {
		d := x - mean
		mean += d / float64(i+1)
		squares += d * (x - mean)
	}
	return stats.Moments{N: int64(len(values)), Mean: mean, Variance: squares / float64(len(values)-1)}
}

func timed(fn func() []float64) measured {
	value := fn()
	n, began := 0, time.Now()
	for time.Since(began) < 300*time.Millisecond {
		fn()
		n++
	}
	return measured{time.Since(began).Seconds() / float64(n), value}
}

// compare prints both sides of each computation, and whether they agree.
func compare(mine map[string]measured, raw []float64) bool {
	theirs, versions, err := askPeer(raw)
	if err != nil {
		fmt.Printf("The peers are missing, so nothing was compared: %v\n", err)
		return false
	}
	fmt.Printf("## Beside %s\n\n", versions)
	w := tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)
	fmt.Fprintf(w, "| computation\t| Tandem\t| Python\t| ratio\t| agree to 1e-9\t|\n| ---\t| ---\t| ---\t| ---\t| ---\t|\n")
	ok := true
	for _, c := range []struct{ key, name string }{
		{"pooled_z", "pooled z-test of two shares"},
		{"wilson", "score interval of a share (Wilson)"},
		{"newcombe", "interval of a difference from score intervals (Newcombe)"},
		{"score", "score interval of a difference (Miettinen-Nurminen*)"},
		{"fisher", "Fisher's exact test, 4,000 a side"},
		{"welch_aggregates", "Welch's t from aggregates"},
		{"welch_raw", "Welch's t from a million raw rows"},
	} {
		m, t := mine[c.key], theirs[c.key]
		same := alike(m.Value, t.Value)
		ok = ok && same
		fmt.Fprintf(w, "| %s\t| %s\t| %s\t| %.3g\t| %s\t|\n", c.name, duration(m.Seconds), duration(t.Seconds), m.Seconds/t.Seconds, map[bool]string{true: "yes", false: fmt.Sprintf("NO: %v and %v", m.Value, t.Value)}[same])
	}
	_ = w.Flush()
	fmt.Println("\n* Time: statsmodels, whose interval has a wrong coefficient in 0.13.5. Value: scipy's root finder on the likelihood.")
	return ok
}

func alike(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= agree*math.Max(math.Abs(a[i]), math.Abs(b[i]))) {
			return false
		}
	}
	return true
}

// askPeer runs the same figures through Python.
func askPeer(raw []float64) (map[string]measured, string, error) {
	if _, err := os.Stat(python); err != nil {
		return nil, "", errors.New("there is no " + python)
	}
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "raw")
	f, err := os.Create(path)
	if err != nil {
		return nil, "", err
	}
	if err := errors.Join(binary.Write(f, binary.LittleEndian, raw), f.Close()); err != nil {
		return nil, "", err
	}
	out, err := exec.Command(python, "-c", peer, path).Output()
	if err != nil {
		return nil, "", fmt.Errorf("scipy and statsmodels (Debian's python3-scipy, python3-statsmodels) do not run: %w", err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, "", err
	}
	var versions string
	theirs := map[string]measured{}
	for key, v := range all {
		var m measured
		if key == "versions" {
			err = json.Unmarshal(v, &versions)
		} else {
			err = json.Unmarshal(v, &m)
			theirs[key] = m
		}
		if err != nil {
			return nil, "", err
		}
	}
	return theirs, versions, nil
}

// folding measures one call folded into one metric's evidence.
func folding() bool {
	fmt.Printf("## One call folded into one metric's evidence (limit %s, no allocation)\n\n", foldLimit)
	w := tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)
	fmt.Fprintf(w, "| outcomes\t| a call\t| allocations\t| of the limit\t|\n| ---\t| ---\t| ---\t| ---\t|\n")
	ok := true
	for _, c := range []struct {
		name   string
		bounds stats.Bounds
		binary bool
	}{{"shares", stats.Bounds{Low: 0, High: 1}, true}, {"durations up to 6 minutes", stats.Bounds{Low: 0, High: 360}, false}, {"durations up to an hour", stats.Bounds{Low: 0, High: 3600}, false}} {
		for _, warm := range []int{0, 1_000} {
			r := testing.Benchmark(func(b *testing.B) { fold(b, c.bounds, c.binary, warm) })
			per := time.Duration(r.NsPerOp())
			ok = ok && per < foldLimit && r.AllocsPerOp() == 0
			fmt.Fprintf(w, "| %s, after %d calls\t| %s\t| %d\t| %.3g\t|\n", c.name, warm, duration(per.Seconds()), r.AllocsPerOp(), float64(per)/float64(foldLimit))
		}
	}
	_ = w.Flush()
	return ok
}

// fold folds calls behind the first warm ones. Fewer differences of the grid are
// left to judge as calls come in, so it begins anew every 50 or 100 calls: what is
// measured is a call near that number, not the millionth.
func fold(b *testing.B, bounds stats.Bounds, binary bool, warm int) {
	rng := rand.New(rand.NewPCG(3, 4))
	draw := func() (bool, float64) {
		y := math.Min(bounds.High, 90*math.Exp(0.5*rng.NormFloat64()))
		if binary {
			y = float64(rng.IntN(2))
		}
		return rng.IntN(2) == 1, y
	}
	begin := func() *stats.Bet {
		bet, err := stats.NewBet(bounds, binary, stats.Grid(bounds, binary), 0.05)
		must(err)
		for range warm {
			inB, y := draw()
			must(bet.Fold(inB, 0.5, y))
		}
		return bet
	}
	// Beginning anew is reading back what was kept, which costs less than folding.
	kept, err := begin().MarshalBinary()
	must(err)
	var bet stats.Bet
	again := func() { bet = stats.Bet{}; must(bet.UnmarshalBinary(kept)) }
	again()
	every := 50
	if warm > 0 {
		every = 100
	}
	b.ReportAllocs()
	for i := 1; b.Loop(); i++ {
		if i%every == 0 {
			b.StopTimer()
			again()
			b.StartTimer()
		}
		inB, y := draw()
		must(bet.Fold(inB, 0.5, y))
	}
}

func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

func must(err error) {
	if err != nil {
		panic(err) // figures that are constants of this program
	}
}
