package stats

import (
	"math"
	"sort"
)

// overshoot is how far, in standard deviations of one step, a random walk stands
// beyond a boundary when it first crosses it: the boundary of a Brownian motion
// has to lie that much further out to stand for a walk that is looked at after
// every step. Chernoff (1965); Siegmund (1985), Sequential Analysis, chapter X:
// 0.5826 = -zeta(1/2)/sqrt(2 pi).
const overshoot = 0.5826

// The recursive integration: how finely it looks and how far out. Each look is
// 9 % more calls than the one before, and the state has 81 points over 12
// standard deviations. Finer steps move powers by less than 0.001, calls by less
// than 0.3 % and their mean by less than 1 %.
const (
	lookRatio  = 1.09
	statePoint = 81
	farOut     = 6.0
)

// walk is a sum of scores, minus its drift and in units of one score's standard
// deviation, so that after n calls it is a Brownian motion at time n, between
// two boundaries. Crossing the high one is finding the effect.
type walk struct {
	// from is the first look, in calls.
	from float64
	// ends are the boundaries after n calls. An infinite end is never crossed.
	ends func(n float64) (low, high float64)
}

// passage is the chance to have crossed the high boundary by each of the looks.
type passage struct{ calls, crossed []float64 }

// passage computes the chance of a first crossing by recursive numerical
// integration: Armitage, McPherson and Rowe (1969), JRSS A 132, 235-244. Between
// two looks, the chance that a Brownian bridge stays inside is taken in closed
// form against the straight line between the boundaries (Siegmund 1985, chapter
// III), so the looks need not be close. It ends at the last number of calls, or
// when the chance exceeds what is enough and the rest has nearly passed too.
func (w walk) passage(last, enough float64) passage {
	out := passage{calls: []float64{0}, crossed: []float64{0}}
	if last < w.from {
		return out
	}
	now := state{mass: []float64{1}, at: []float64{0}}
	n := min(w.start(last), last)
	for {
		next, crossed := now.step(n, w.inside)
		total := min(1, out.reached()+crossed)
		out.calls, out.crossed = append(out.calls, n), append(out.crossed, total)
		now = next
		if n >= last || len(now.at) == 0 || (total > enough && total > 0.9995) || (n > 1e6 && crossed < 1e-12 && total > enough) {
			return out
		}
		n = min(n*lookRatio, last)
	}
}

// start skips the looks at which a crossing is out of reach.
func (w walk) start(last float64) float64 {
	n := w.from
	for ; n < last; n *= lookRatio {
		low, high := w.inside(n)
		if root := math.Sqrt(n); high < 4.5*root || low > -4.5*root {
			break
		}
	}
	return max(n/lookRatio, w.from)
}

func (w walk) inside(n float64) (low, high float64) {
	low, high = w.ends(n)
	return low - overshoot, high + overshoot
}

// state is the distribution of a walk that is still inside.
type state struct {
	n         float64
	low, high float64 // the boundaries then
	at, mass  []float64
}

// step moves the distribution to n calls and gives the chance that the high
// boundary was crossed on the way.
func (s state) step(n float64, inside func(float64) (low, high float64)) (state, float64) {
	next := state{n: n}
	next.low, next.high = inside(n)
	if len(s.at) == 1 {
		// From the single point where all begins, the boundaries are as at the
		// first look.
		s.low, s.high = next.low, next.high
	}
	dt := n - s.n
	root := math.Sqrt(dt)
	// What crossed the high end: the reflection principle, with the line's
	// slope, for each point the walk may come from.
	var crossed float64
	slope := (next.high - s.high) / dt
	for i, x := range s.at {
		gap := s.high - x
		up := normalShare(-(gap+slope*dt)/root) + math.Exp(min(0, -2*gap*slope+logNormalShare((slope*dt-gap)/root)))
		if math.IsInf(gap, 1) {
			up = 0
		}
		crossed += s.mass[i] * min(1, up)
	}
	from, to := max(next.low, -farOut*math.Sqrt(n)), min(next.high, farOut*math.Sqrt(n))
	if !(to > from) {
		return next, crossed
	}
	next.spread(from, to)
	for j, y := range next.at {
		var density float64
		for i, x := range s.at {
			u := (y - x) / root
			if u > 8 || u < -8 {
				continue
			}
			stay := 1 - bridged((s.high-x)*(next.high-y)/dt) - bridged((x-s.low)*(y-next.low)/dt)
			density += s.mass[i] * math.Exp(-u*u/2) * max(0, stay)
		}
		next.mass[j] *= density / (root * math.Sqrt(2*math.Pi))
	}
	return next, crossed
}

// bridged is exp(-2x), the chance of a Brownian bridge to cross a line.
func bridged(x float64) float64 {
	if x > 20 {
		return 0
	}
	return math.Exp(-2 * x)
}

// spread lays the points between two ends, with Simpson's weights as mass.
func (s *state) spread(from, to float64) {
	s.at, s.mass = make([]float64, statePoint), make([]float64, statePoint)
	h := (to - from) / (statePoint - 1)
	for j := range s.at {
		s.at[j] = from + float64(j)*h
		s.mass[j] = h / 3 * float64(2+2*(j%2))
	}
	s.mass[0], s.mass[statePoint-1] = h/3, h/3
}

// logNormalShare is ln P(Z <= z).
func logNormalShare(z float64) float64 {
	if z > 0 {
		return math.Log1p(-0.5 * math.Erfc(z/math.Sqrt2))
	}
	return logErfc(-z/math.Sqrt2) - math.Ln2
}

// reached is the chance to have crossed by the last look.
func (p passage) reached() float64 { return p.crossed[len(p.crossed)-1] }

// quantile is the number of calls by which the chance to have crossed is share,
// between two looks by the logarithm of the calls.
func (p passage) quantile(share float64) (calls float64, ok bool) {
	i := sort.SearchFloat64s(p.crossed, share)
	if i == len(p.crossed) || i == 0 {
		return 0, false
	}
	part := (share - p.crossed[i-1]) / (p.crossed[i] - p.crossed[i-1])
	if p.calls[i-1] == 0 {
		return p.calls[i] * part, true
	}
	return p.calls[i-1] * math.Pow(p.calls[i]/p.calls[i-1], part), true
}

// mean is the expected number of calls until the boundary is crossed or the last
// look comes: the area over the curve.
func (p passage) mean() (calls float64) {
	for i := 1; i < len(p.calls); i++ {
		calls += (p.calls[i] - p.calls[i-1]) * (1 - (p.crossed[i-1]+p.crossed[i])/2)
	}
	return calls
}
