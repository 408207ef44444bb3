package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"tandem/internal/stats"
)

const (
	unevenPart   = "Equal versions, planned mode, from 50/50 to 95/5: how often is a winner found"
	averagesPart = "Equal averages, by every method that decides or rolls back: how often is a difference found"
	callersPart  = "Equal versions in sticky tests, by every method that decides or rolls back"
)

// worst is the largest of several rates, all of which have to hold.
func worst(how string, names []string, rates []rate) figure {
	var text []string
	f := figure{how: how, held: true}
	for i, r := range rates {
		one := atMost(r, alpha, how)
		text = append(text, fmt.Sprintf("%s %.1f %%", names[i], 100*r.value()))
		f.must, f.held = one.must, f.held && one.held
	}
	f.found = strings.Join(text, ", ")
	return f
}

// tally counts what several methods said of the same runs.
func tally(said [][]bool, methods int) []rate {
	out := make([]rate, methods)
	for _, one := range said {
		for i, yes := range one {
			out[i].n++
			if yes {
				out[i].yes++
			}
		}
	}
	return out
}

// unevenPlans are planned tests of shares at every split and share that there
// may be, watched past their end.
func unevenPlans() []setting {
	const runs = 10_000
	shares := []float64{0.1, 0.5, 0.7, 0.9}
	var out []setting
	for _, q := range []float64{0.5, 0.3, 0.2, 0.1, 0.05} {
		for _, n := range []int{500, 1_000, 5_000} {
			name := fmt.Sprintf("%.0f/%.0f, N = %d", 100-100*q, 100*q, n)
			out = append(out, setting{unevenPart, name, func(r *runner) (figure, string, error) {
				var names []string
				var rates []rate
				watchedTo := n + n/2
				for _, p := range shares {
					even := int64(math.Ceil(4*q*(1-q)*float64(n) - 1e-6))
					got, err := share(r, r.runs(runs), yes(watched(sharesFrom, watchedTo, coin(q, p, p), planned(even, ofShares))))
					if err != nil {
						return figure{}, "", err
					}
					names, rates = append(names, fmt.Sprintf("share %.1f:", p)), append(rates, got)
				}
				return worst(fmt.Sprintf("4 x %d x %d", r.runs(runs), watchedTo), names, rates), "", nil
			}})
		}
	}
	return out
}

// numbers draws an arm's values, whose means are the same in both.
type numbers func(rng *rand.Rand, inB bool) float64

// logNormal has mean 1 and the given sigmas.
func logNormal(sigmaA, sigmaB float64) numbers {
	return func(rng *rand.Rand, inB bool) float64 {
		sigma := sigmaA
		if inB {
			sigma = sigmaB
		}
		return math.Exp(sigma*rng.NormFloat64() - sigma*sigma/2)
	}
}

// rareCosts are 0 but for one call in 25 in A, one in 100 in B, where they are
// four times as high.
func rareCosts(rng *rand.Rand, inB bool) float64 {
	p := 0.04
	if inB {
		p = 0.01
	}
	if rng.Float64() < p {
		return rng.ExpFloat64() / p
	}
	return 0
}

// averages are what has no bounds to bet on: cost, latency, number fields.
func averages() []setting {
	const runs, calls, plan = 4_000, 5_000, 2_000
	methods := []string{"sequence", "guardrails (higher is worse)", "(lower)", "plan"}
	var out []setting
	for _, c := range []struct {
		name   string
		draw   numbers
		splits []float64
	}{
		{"normal", func(rng *rand.Rand, _ bool) float64 { return rng.NormFloat64() }, []float64{0.5, 0.1}},
		{"log-normal, sigma 0.5", logNormal(0.5, 0.5), []float64{0.5, 0.1}},
		{"log-normal, sigma 1.2", logNormal(1.2, 1.2), []float64{0.5, 0.1}},
		{"log-normal, sigma 0.5 and 1.2", logNormal(0.5, 1.2), []float64{0.5, 0.2, 0.1}},
		{"log-normal, sigma 1 and 1.5", logNormal(1, 1.5), []float64{0.5, 0.2}},
		{"rare costs, four times as rare and as high in B", rareCosts, []float64{0.5, 0.2}},
	} {
		for _, q := range c.splits {
			next := func(rng *rand.Rand, _ int) call {
				inB := rng.Float64() < q
				return call{inB: inB, q: q, y: c.draw(rng, inB)}
			}
			out = append(out, setting{averagesPart, fmt.Sprintf("%s, %.0f/%.0f", c.name, 100-100*q, 100*q), func(r *runner) (figure, string, error) {
				said, err := each(r, r.runs(runs), manyMethods(calls, next, int64(4*q*(1-q)*plan)))
				return worst(fmt.Sprintf("%d x %d", r.runs(runs), calls), methods, tally(said, len(methods))), "", err
			}})
		}
	}
	return append(out, setting{averagesPart, "contrast: log-normal, sigma 0.5 and 1.2, 50/50, the sequence without care", func(r *runner) (figure, string, error) {
		got, err := share(r, r.runs(runs), yes(watched(numbersFrom, calls, skewed(), sequence(ofOwn))))
		return contrast(got, fmt.Sprintf("%d x %d", r.runs(runs), calls)), "", err
	}})
}

// manyMethods watches the same calls by the sequence, by guardrails on either side
// and by a plan.
func manyMethods(calls int, next source, even int64) func(rng *rand.Rand) []bool {
	return func(rng *rand.Rand) []bool {
		said := make([]bool, 4)
		var l look
		for i := range calls {
			l.add(next(rng, i))
			if min(l.a.N, l.b.N) >= numbersFrom {
				judge(said, l.compared(ofMeans), even)
			}
		}
		return said
	}
}

// judge adds what the methods say at one look.
func judge(said []bool, w stats.Watched, even int64) {
	said[0] = said[0] || bySequence(w)
	said[1] = said[1] || isAbove(w)
	said[2] = said[2] || isAbove(w.Turned())
	said[3] = said[3] || byPlan(w, even)
}

// callersAlike are sticky tests: each caller has habits and calls three times on
// average.
func callersAlike() []setting {
	const runs, callers = 4_000, 600
	methods := []string{"sequence", "guardrails (higher is worse)", "(lower)", "plan"}
	var out []setting
	for _, c := range []struct {
		name  string
		share bool
		draw  func(rng *rand.Rand, habit float64, inB bool) float64
	}{
		{"share of about 0.65", true, func(rng *rand.Rand, habit float64, _ bool) float64 {
			return success(rng, 1/(1+math.Exp(-1.2*(habit+0.7))))
		}},
		{"log-normal, sigma 0.5", false, habitual(0.5, 0.5)},
		{"log-normal, sigma 0.5 and 1.2", false, habitual(0.5, 1.2)},
	} {
		for _, q := range []float64{0.5, 0.2, 0.1} {
			out = append(out, setting{callersPart, fmt.Sprintf("%s, %.0f/%.0f", c.name, 100-100*q, 100*q), func(r *runner) (figure, string, error) {
				said, err := each(r, r.runs(runs), func(rng *rand.Rand) []bool { return watchCallers(rng, callers, q, c.share, c.draw) })
				return worst(fmt.Sprintf("%d x %d by %d callers", r.runs(runs), 3*callers, callers), methods, tally(said, len(methods))), "", err
			}})
		}
	}
	return out
}

func habitual(sigmaA, sigmaB float64) func(rng *rand.Rand, habit float64, inB bool) float64 {
	return func(rng *rand.Rand, habit float64, inB bool) float64 {
		sigma := sigmaA
		if inB {
			sigma = sigmaB
		}
		return math.Exp(sigma*(0.6*habit+0.8*rng.NormFloat64()) - sigma*sigma/2)
	}
}

func watchCallers(rng *rand.Rand, callers int, q float64, share bool, draw func(rng *rand.Rand, habit float64, inB bool) float64) []bool {
	habit, inB := make([]float64, callers), make([]bool, callers)
	for i := range habit {
		habit[i], inB[i] = rng.NormFloat64(), rng.Float64() < q
	}
	said := make([]bool, 4)
	even := int64(4 * q * (1 - q) * float64(callers))
	l := newCallers(callers)
	for range 3 * callers {
		i := rng.IntN(callers)
		l.add(i, inB[i], draw(rng, habit[i], inB[i]))
		if w, ok := l.compared(share); ok {
			judge(said, w, even)
		}
	}
	return said
}

// byCaller is what callers have said by one moment, as the verdict keeps it.
type byCaller struct {
	arms     [2]stats.SkewedClusters
	sum, n   []float64
	extremes stats.Interval
}

func newCallers(callers int) *byCaller {
	return &byCaller{sum: make([]float64, callers), n: make([]float64, callers)}
}

func (l *byCaller) add(caller int, inB bool, y float64) {
	c := &l.arms[0]
	if inB {
		c = &l.arms[1]
	}
	sum, n := l.sum[caller], l.n[caller]
	if err := c.Replace(sum, n, sum+y, n+1); err != nil {
		panic(err)
	}
	l.sum[caller], l.n[caller] = sum+y, n+1
	off := c.Residual(sum+y, n+1)
	l.extremes.Low, l.extremes.High = min(l.extremes.Low, off), max(l.extremes.High, off)
}

// compared is the difference of the arms, once there are enough callers.
func (l *byCaller) compared(share bool) (stats.Watched, bool) {
	a, b := &l.arms[0], &l.arms[1]
	if min(a.N, b.N) < stats.From(!share) {
		return stats.Watched{}, false
	}
	var s stats.Spread
	if share {
		s = stats.SpreadOfClusteredShares(a.Clusters, b.Clusters)
	} else {
		s = stats.SpreadOfClusteredMeans(*a, *b, l.extremes)
	}
	c, known := stats.Contrasted([]stats.Phase{{NA: a.N, NB: b.N, MeanA: a.Mean(), MeanB: b.Mean(), Spread: s}}, true)
	return c.Watched, known && c.Ready(!share)
}
