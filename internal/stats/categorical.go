package stats

import (
	"fmt"
	"math"
)

// pullings are the kappas: how many calls' worth each arm's distribution is
// pulled towards the common one. Few suit a large difference, many a small one;
// the evidence is averaged over all of them.
var pullings = [...]float64{10, 30, 100, 300, 1000}

// categoricalState is the first byte of a Categorical's state.
const categoricalState = 1

// shareSlack is how far the chances of all arms may be from adding up to 1.
const shareSlack = 1e-6

// Categorical is the e-process of K arms whose outcome is one of C categories:
// evidence against "the arm makes no difference to the category", valid at every
// look. It bets on the arm of each call, given its category. Under the null
// hypothesis the category says nothing about the arm, so arm a has its chance
// q_a, and
//
//	f = p_a(c) / sum_b q_b p_b(c)
//
// has the expectation 1 whatever positive guesses p come from earlier calls:
// Turner, Ly and Grunwald (2106.02693), e-variables for k samples. Here
//
//	p_b(c) = (n_bc + kappa pbar(c))/(n_b + kappa)
//	pbar(c) = (n_c + 1/2)/(N + C/2)
//
// and the product of f is averaged over kappa in 10, 30, 100, 300, 1000.
// Categories may appear as calls come; C counts those seen, this call's too.
//
// The state is made with + - * / only, never fused, so that the same calls give
// the same bytes on every machine. It is not safe for concurrent use.
type Categorical struct {
	place  map[string]int // of a category in counts and names
	names  []string       // as they appeared
	counts [][]int64      // by category, then by arm
	arms   []int64        // calls of each arm
	n      int64
	wealth [len(pullings)]float64 // in units of 2^scale
	scale  int64
	best   highest
}

// NewCategorical starts the evidence about so many arms, 2 to 1000.
//
// Errors: ErrInput for another number.
func NewCategorical(arms int) (*Categorical, error) {
	if arms < 2 || arms > 1000 {
		return nil, fmt.Errorf("%w: %d arms; expected 2 to 1000", ErrInput, arms)
	}
	c := &Categorical{place: map[string]int{}, arms: make([]int64, arms), best: highest{sum: float64(len(pullings))}}
	for k := range c.wealth {
		c.wealth[k] = 1
	}
	return c, nil
}

// Fold takes one call: its arm, its category, and the chance beforehand of every
// arm, adding up to 1. Arms whose chance is 0 take no part. A call whose own arm
// had the chance 0 or 1 was not randomised: it says nothing and is passed over.
//
// Errors: ErrInput for an arm that does not exist or chances that are none.
// Nothing has changed then.
func (c *Categorical) Fold(arm int, category string, q []float64) error {
	if arm < 0 || arm >= len(c.arms) || len(q) != len(c.arms) {
		return fmt.Errorf("%w: arm %d with %d chances; expected %d arms", ErrInput, arm, len(q), len(c.arms))
	}
	var total float64
	for b, x := range q {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("%w: chance %v of arm %d; expected 0 to 1", ErrInput, x, b)
		}
		total += x
	}
	if math.Abs(total-1) > shareSlack {
		return fmt.Errorf("%w: chances add up to %v; expected 1", ErrInput, total)
	}
	if q[arm] < leastShare || q[arm] > 1-leastShare {
		return nil
	}
	counts := c.category(category)
	common := c.common(counts)
	for k, kappa := range pullings {
		f := c.factor(arm, counts, q, total, float64(kappa*common), kappa)
		c.wealth[k] = float64(c.wealth[k] * f)
	}
	c.n++
	c.arms[arm]++
	counts[arm]++
	c.settle()
	return nil
}

// category finds the counts of a category, or makes room for a new one.
func (c *Categorical) category(name string) []int64 {
	at, ok := c.place[name]
	if !ok {
		at = len(c.names)
		c.place[name] = at
		c.names = append(c.names, name)
		c.counts = append(c.counts, make([]int64, len(c.arms)))
	}
	return c.counts[at]
}

// common is pbar of a category.
func (c *Categorical) common(counts []int64) float64 {
	var seen int64
	for _, k := range counts {
		seen += k
	}
	return (float64(seen) + 0.5) / (float64(c.n) + float64(len(c.names))/2)
}

// factor is f for one kappa; pull is kappa pbar(c). Chances that add up to 1 but
// for rounding are divided by their sum, which keeps its expectation at 1.
func (c *Categorical) factor(arm int, counts []int64, q []float64, total, pull, kappa float64) float64 {
	var own, mixed float64
	for b, share := range q {
		if share == 0 {
			continue
		}
		p := (float64(counts[b]) + pull) / (float64(c.arms[b]) + kappa)
		if b == arm {
			own = p
		}
		mixed += float64(share * p)
	}
	return float64(own*total) / mixed
}

// settle sums up, and brings the largest wealth back near 1 when it has gone
// far.
func (c *Categorical) settle() {
	sum := c.sum()
	if sum > 0x1p200 || sum < 0x1p-200 {
		_, exponent := math.Frexp(sum)
		unit := math.Ldexp(1, -exponent)
		for k := range c.wealth {
			c.wealth[k] = float64(c.wealth[k] * unit)
			if c.wealth[k] < ruined {
				c.wealth[k] = 0
			}
		}
		c.scale += int64(exponent)
		sum = c.sum()
	}
	c.best.raise(sum, c.scale)
}

func (c *Categorical) sum() (sum float64) {
	for _, w := range c.wealth {
		sum += w
	}
	return sum
}

// N is the number of calls folded; those passed over do not count.
func (c *Categorical) N() int64 { return c.n }

// LogE is the natural logarithm of the evidence against "no difference" as it
// stands now.
func (c *Categorical) LogE() float64 { return c.log(highest{c.sum(), c.scale}) }

// LogP is the natural logarithm of the always-valid p-value: one over the
// largest evidence so far, at most 1.
func (c *Categorical) LogP() float64 { return min(0, -c.log(c.best)) }

func (c *Categorical) log(h highest) float64 {
	return math.Log(h.sum/float64(len(pullings))) + float64(h.scale)*math.Ln2
}
