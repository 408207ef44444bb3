package main

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"tandem/internal/stats"
)

const guardPart = "Guardrails, judged by covered calls and by every outcome at once, after every beginning and end of a call"

// guardrails are tests whose versions do equally well, or do not, on a line with
// calls in progress.
func guardrails() []setting {
	const runs, calls = 2_000, 1_500
	one := func(name string, calls int, l line, judge func(r *runner, got rate) figure) setting {
		return setting{guardPart, name, func(r *runner) (figure, string, error) {
			got, err := share(r, r.runs(runs), func(rng *rand.Rand) bool { return l.breached(rng, calls) })
			return judge(r, got), "", err
		}}
	}
	how := func(r *runner, calls int) string { return fmt.Sprintf("%d x %d", r.runs(runs), calls) }
	bound := func(name string, l line) setting {
		return one(name, calls, l, func(r *runner, got rate) figure { return atMost(got, alpha, how(r, calls)) })
	}
	free := func(name string, l line) setting {
		return one(name, calls, l, func(r *runner, got rate) figure { return contrast(got, how(r, calls)) })
	}
	handedOn := line{next: coin(0.5, 0.1, 0.1), lasts: handsOnAtOnce}
	rare := line{next: coin(0.1, 0.02, 0.02), lasts: handsOnAtOnce}
	ignoring := handedOn
	ignoring.ignoresOpen = true
	harm := line{next: coin(0.1, 0.05, 0.5), lasts: handsOnAtOnce, margin: 0.05, hangs: true}
	return []setting{
		bound("equal shares of 10 %, 50/50; B hands on after 20 s, A after 15 min", handedOn),
		bound("equal shares of 2 %, 90/10, the same lengths", rare),
		free("contrast: equal shares of 10 %, calls in progress left out", ignoring),
		one("50 against 5 % handed on, 90/10, margin 5 points, while the first call hangs", 600, harm, func(r *runner, got rate) figure {
			return figure{how: how(r, 600), found: got.String(), must: "at least 80 %", held: got.bounds().High >= 0.8}
		}),
	}
}

// handsOnAtOnce is how long a call lasts, in seconds: one that B hands on (y is 1)
// is short, one that A hands on is long.
func handsOnAtOnce(c call) float64 {
	switch {
	case c.y == 0:
		return 120
	case c.inB:
		return 20
	}
	return 900
}

// line is a telephone line on which a call begins every five seconds.
type line struct {
	next   source
	lasts  func(call) float64
	margin float64
	hangs  bool // the first call never ends
	// ignoresOpen judges settled calls as if there were no others.
	ignoresOpen bool
}

type started struct {
	call
	number int
	ends   float64
}

// ends lists calls in progress, the first to end first.
type ends []started

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i].ends < e[j].ends }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *ends) Push(x any)        { *e = append(*e, x.(started)) }
func (e *ends) Pop() any {
	all := *e
	last := all[len(all)-1]
	*e = all[:len(all)-1]
	return last
}

// breached says whether the guardrail on B is ever reported as breached.
func (l line) breached(rng *rand.Rand, calls int) bool {
	g := &guard{line: l, bet: mustBet(binary, stats.Grid(binary, true))}
	var going ends
	for i := range calls {
		now := 5 * float64(i)
		for len(going) > 0 && going[0].ends <= now {
			if g.end(heap.Pop(&going).(started)) {
				return true
			}
		}
		s := started{call: l.next(rng, i), number: i}
		if s.ends = now + l.lasts(s.call); l.hangs && i == 0 {
			s.ends = math.Inf(1)
		}
		heap.Push(&going, s)
		if g.begin(s) {
			return true
		}
	}
	return false
}

// guard judges as the results do.
type guard struct {
	line
	bet  *stats.Bet
	arms [2]stats.Numbers
	open [2]int64
	// settled holds calls that ended before one that began earlier; covered is the
	// next to be folded.
	settled map[int]call
	covered int
}

func armOf(c call) int {
	if c.inB {
		return 1
	}
	return 0
}

func (g *guard) begin(s started) bool {
	g.open[armOf(s.call)]++
	return g.atOnce()
}

func (g *guard) end(s started) bool {
	arm := armOf(s.call)
	g.open[arm]--
	g.arms[arm].Add(s.y)
	if g.settled == nil {
		g.settled = map[int]call{}
	}
	g.settled[s.number] = s.call
	for {
		c, ok := g.settled[g.covered]
		if !ok {
			break
		}
		delete(g.settled, g.covered)
		g.covered++
		if err := g.bet.Fold(c.inB, c.q, c.y); err != nil {
			panic(err)
		}
		if g.bet.Interval().Low > g.margin {
			return true
		}
	}
	return g.atOnce()
}

func (g *guard) atOnce() bool {
	if min(g.arms[0].N, g.arms[1].N) < stats.SequenceFrom {
		return false
	}
	var sides [2]stats.Partial
	for i, m := range g.arms {
		sides[i] = stats.Partial{N: m.N, Mean: m.Mean, M2: m.M2, Open: g.open[i]}
		if g.ignoresOpen {
			sides[i].Open = 0
		}
	}
	least, err := stats.LeastDifference([][2]stats.Partial{sides}, true, binary, alpha/2, stats.Tuning)
	if err != nil && !errors.Is(err, stats.ErrTooFew) {
		panic(err)
	}
	return err == nil && least.Low > g.margin
}
