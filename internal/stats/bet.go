package stats

import (
	"fmt"
	"math"
)

// Bounds are the lowest and the highest value that an outcome can take.
type Bounds struct{ Low, High float64 }

func (b Bounds) width() float64 { return b.High - b.Low }

// stakeSizes are the sizes eta of the stakes, in units of the score's spread: 8
// of them, geometric from 0.02 to 0.4. Each is staked both on b and on a. They
// are written out, not computed, so that every machine has the same.
var stakeSizes = [...]float64{
	0.02,
	0.03068254809268782,
	0.04707093787300504,
	0.07221281575281989,
	0.11078365961221504,
	0.16995624819678729,
	0.2607345379475356,
	0.4,
}

const (
	stakes = len(stakeSizes)
	// stakeLimit is how much of its wealth a stake may lose in one call, at most.
	stakeLimit = 0.9
	// rescaleEvery is the number of calls after which wealth is brought back
	// near 1. 32 calls change it by at most 0.1^32, far from underflow.
	rescaleEvery = 32
	// ruined is the share of the largest stake's wealth below which a stake is
	// given up. That only makes the evidence smaller, and it keeps denormal
	// numbers, which are slow, out of the fold.
	ruined = 0x1p-700
	// leastShare: an arm that gets fewer than one call in a billion is not
	// randomised; its calls are passed over.
	leastShare = 1e-9
	// leastAlpha keeps 1/alpha finite.
	leastAlpha = 1e-300
)

// Bet is the randomisation-betting e-process of one difference in means, b - a,
// over a grid of differences. It is exact from the first call and at every look
// because the only randomness it relies on is that of the split: a call is in b
// with a chance q that is known beforehand. It needs no model of the outcomes,
// which may drift over the day.
//
// For each difference d on the grid, call i scores
//
//	psi = (inB - q)/(q(1-q)) (y - m) - d
//
// with m the mean of both arms' outcomes before the call: its expectation is 0
// when d is the effect. 16 stakes bet on it with fractions
// lambda = +-eta sqrt(q(1-q))/s, s the standard deviation of the outcomes before
// the call (eta/(2s) at an even split: a stake risks the same whatever the split),
// held to |lambda| max|psi| <= 0.9 over whatever the call could still do. Their
// mean wealth W(d) is a test martingale when the effect is d. Waudby-Smith and
// Ramdas (2010.09686), section 4 (betting; a mean over stakes is a mixture); Ham
// et al. (2210.08639) for the score, whose law is that of the randomisation. By
// Ville's inequality W(d) reaches 1/alpha with chance alpha at most.
//
// The smallest stake sets how fine the evidence can see: however many the calls,
// the interval stays about 0.02 s wide to each side at an even split, and 0.01
// s/sqrt(q(1-q)) where b's share is q.
//
// A Bet is made by [NewBet] or filled by [Bet.UnmarshalBinary]. Its state is
// made with + - * / and square roots only, never fused, so that the same calls
// give the same bytes on every machine. It is not safe for concurrent use.
type Bet struct {
	bounds Bounds
	binary bool
	alpha  float64
	grid   []float64
	zero   int // where the grid is 0
	wealth []wealth
	// low and high are the first and the last difference not excluded.
	low, high int
	// decided: 0 is excluded.
	decided bool
	best    highest
	n       int64
	ones    int64   // binary outcomes only
	mean    float64 // Welford's running mean and squares, others only
	squares float64
}

// highest is the largest sum of the stakes at 0 so far: sum 2^scale.
type highest struct {
	sum   float64
	scale int64
}

// NewBet starts the evidence about outcomes within bounds, over a rising grid
// of differences such as [Grid] gives. Binary outcomes are 0 and 1, their bounds
// too; the mean before call i is then (ones+1)/(calls+2), so that the first call
// counts already. Other outcomes are staked on from the third call, when there
// is a spread. The interval is for 1 - alpha, 1e-300 <= alpha < 1.
//
// Errors: ErrInput for bounds that are not rising and finite (or not 0 and 1
// when binary), an alpha out of range, or a grid that does not rise, has no
// exact 0 inside, or reaches beyond the width of the bounds.
func NewBet(bounds Bounds, binary bool, grid []float64, alpha float64) (*Bet, error) {
	if err := checkBounds(bounds, binary); err != nil {
		return nil, err
	}
	if !(alpha >= leastAlpha && alpha < 1) {
		return nil, fmt.Errorf("%w: alpha %v; expected between %v and 1", ErrInput, alpha, leastAlpha)
	}
	zero, err := checkGrid(grid, bounds.width())
	if err != nil {
		return nil, err
	}
	b := &Bet{
		bounds: bounds, binary: binary, alpha: alpha,
		grid: append([]float64(nil), grid...), zero: zero, high: len(grid) - 1,
		wealth: make([]wealth, len(grid)),
		best:   highest{sum: 2 * float64(stakes)},
	}
	for j := range b.wealth {
		b.wealth[j] = startingWealth(alpha)
	}
	return b, nil
}

// NewBetAbove is [NewBet] with stakes on b only: evidence that the difference is
// above 0, and a lower bound of it. With all stakes above 0, W(d) cannot be expected
// to grow where the difference is d or less, so it refutes all of those. Nothing
// bounds the difference from above. For the other side turn the outcomes around in
// their bounds, and the sign of the answer.
//
// Errors: those of NewBet.
func NewBetAbove(bounds Bounds, binary bool, grid []float64, alpha float64) (*Bet, error) {
	b, err := NewBet(bounds, binary, grid, alpha)
	if err != nil {
		return nil, err
	}
	for j := range b.wealth {
		// What the stakes on a would have started with goes to those on b.
		for k := 0; k < len(b.wealth[j].stake); k += 2 {
			b.wealth[j].stake[k], b.wealth[j].stake[k+1] = 2, 0
		}
	}
	return b, nil
}

func checkBounds(b Bounds, binary bool) error {
	if binary && b != (Bounds{0, 1}) {
		return fmt.Errorf("%w: bounds %v of a binary outcome; expected 0 and 1", ErrInput, b)
	}
	// Far inside the range of floats, so that no square overflows.
	if w := b.width(); !finite(b.Low, b.High) || !(w >= 1e-100 && w <= 1e100) || math.Abs(b.Low) > 1e100 {
		return fmt.Errorf("%w: bounds %v; expected two rising numbers", ErrInput, b)
	}
	return nil
}

func checkGrid(grid []float64, width float64) (zero int, err error) {
	for j, d := range grid {
		if !finite(d) || math.Abs(d) > width || (j > 0 && d <= grid[j-1]) {
			return 0, fmt.Errorf("%w: difference %v at %d of the grid; expected rising numbers within %v", ErrInput, d, j, width)
		}
		if d == 0 {
			zero = j
		}
	}
	if zero == 0 || zero == len(grid)-1 {
		return 0, fmt.Errorf("%w: a grid of %d differences without a 0 inside", ErrInput, len(grid))
	}
	return zero, nil
}

// Fold takes one call: whether it was in b, the chance q beforehand that it
// would be (given that it is in a or b), and its outcome y. A call whose q is 0
// or 1 was not randomised: it says nothing and is passed over. The order of the
// calls matters, and must not depend on their outcomes: fold them as they were
// assigned.
//
// Errors: ErrInput for NaN, a q outside 0 to 1, and a y out of bounds (or
// neither 0 nor 1 when binary). Nothing has changed then.
func (b *Bet) Fold(inB bool, q, y float64) error {
	if !(q >= 0 && q <= 1) {
		return fmt.Errorf("%w: chance %v; expected 0 to 1", ErrInput, q)
	}
	if !(y >= b.bounds.Low && y <= b.bounds.High) || (b.binary && y != 0 && y != 1) {
		return fmt.Errorf("%w: outcome %v; expected within %v to %v", ErrInput, y, b.bounds.Low, b.bounds.High)
	}
	if q < leastShare || q > 1-leastShare {
		return nil
	}
	if mean, spread := b.before(); spread > 0 {
		// The score's own spread is that of the outcomes over sqrt(q(1-q)).
		b.stake(b.score(inB, q, y, mean), spread/math.Sqrt(float64(q*(1-q))))
	}
	b.observe(y)
	return nil
}

// before gives the mean and the spread of the outcomes so far.
func (b *Bet) before() (mean, spread float64) {
	if b.binary {
		m := float64(b.ones+1) / float64(b.n+2)
		return m, math.Sqrt(m * (1 - m))
	}
	if b.n < 2 {
		return 0, 0
	}
	m := min(max(b.mean, b.bounds.Low), b.bounds.High)
	return m, math.Sqrt(b.squares / float64(b.n-1))
}

func (b *Bet) observe(y float64) {
	b.n++
	if b.binary {
		if y == 1 {
			b.ones++
		}
		return
	}
	d := y - b.mean
	b.mean += d / float64(b.n)
	b.squares += max(0, float64(d*(y-b.mean)))
}

// score is what a call says at a difference of 0, and how far up and down it
// could have gone, whatever its arm and outcome.
type score struct{ value, up, down float64 }

func (b *Bet) score(inB bool, q, y, mean float64) score {
	above, below := b.bounds.High-mean, mean-b.bounds.Low
	s := score{
		value: (y - mean) / q,
		up:    max(above/q, below/(1-q)),
		down:  max(below/q, above/(1-q)),
	}
	if !inB {
		s.value = (mean - y) / (1 - q)
	}
	return s
}

// stake plays one call at every difference that is still open, and at 0. spread
// is that of the score.
func (b *Bet) stake(s score, spread float64) {
	var lambda [stakes]float64
	for k, eta := range stakeSizes {
		lambda[k] = eta / spread
	}
	rescale := (b.n+1)%rescaleEvery == 0
	for j := b.low; j <= b.high; j++ {
		b.wealth[j].play(s, b.grid[j], &lambda)
		if rescale {
			b.wealth[j].rescale(b.alpha)
		}
	}
	w := &b.wealth[b.zero]
	if b.zero < b.low || b.zero > b.high {
		w.play(s, 0, &lambda)
		if rescale {
			w.rescale(b.alpha)
		}
	}
	b.best.raise(w.sum, w.scale)
	b.exclude()
}

// exclude moves the ends inwards past every difference whose wealth has reached
// 1/alpha. The last one stays, unless it is 0. That 0 is excluded shows in both
// the p-value and the interval, at the same call.
//
// Wealth falls and rises again along the grid, so what is excluded is at its
// ends. The one thing to guard is that rounding leaves a difference beyond 0
// standing when 0 itself has gone; then all of that side goes. Where nothing is
// left on the other side either, low is above high and the truth is in the step
// next to 0.
func (b *Bet) exclude() {
	for b.low < b.high && b.wealth[b.low].excluded() {
		b.low++
	}
	for b.high > b.low && b.wealth[b.high].excluded() {
		b.high--
	}
	if b.decided || !b.wealth[b.zero].excluded() {
		return
	}
	b.decided = true
	switch {
	case b.zero < b.low || b.zero > b.high:
	case b.wealth[b.zero].favoursB():
		b.low = b.zero + 1
	default:
		b.high = b.zero - 1
	}
}
