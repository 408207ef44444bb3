package stats

import (
	"errors"
	"math"
	"testing"
)

// congruential is the generator of the reference calls below: x <- 1103515245 x
// + 12345 mod 2^31, ISO C's example.
func congruential(seed int64) func() float64 {
	return func() float64 {
		seed = (seed*1103515245 + 12345) % (1 << 31)
		return float64(seed) / (1 << 31)
	}
}

func newBet(t testing.TB, bounds Bounds, binary bool, grid []float64, alpha float64) *Bet {
	t.Helper()
	b, err := NewBet(bounds, binary, grid, alpha)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fold(t testing.TB, b *Bet, inB bool, q, y float64) {
	t.Helper()
	if err := b.Fold(inB, q, y); err != nil {
		t.Fatal(err)
	}
}

func success(p, u float64) float64 {
	if u < p {
		return 1
	}
	return 0
}

// Reference: the recursion written out in Python 3.11 from its definition, with
// a logarithm for each stake, the maximum of |psi| taken over both arms and both
// bounds, and mean and spread recomputed from all earlier outcomes at each call.
func TestEvidenceMatchesItsDefinition(t *testing.T) {
	proportion := func(inB bool, u float64) float64 {
		if inB {
			return success(0.8, u)
		}
		return success(0.5, u)
	}
	duration := func(inB bool, u float64) float64 {
		if inB {
			return min(3600, 60/(u+0.05))
		}
		return min(3600, 90/(u+0.05))
	}
	for _, c := range []struct {
		name    string
		calls   int
		outcome func(inB bool, u float64) float64
		q       []float64
		bounds  Bounds
		binary  bool
		grid    []float64
		logW    []float64
		logP    float64
	}{
		{
			"a proportion at an even split", 200, proportion,
			[]float64{0.5},
			Bounds{0, 1},
			true,
			[]float64{-0.2, 0, 0.3},
			[]float64{19.237528307559625, 4.9568192945796525, -0.6349013325356674},
			-4.9568192945796525,
		},
		{
			"a proportion whose split changes at every call", 200, proportion,
			[]float64{0.1, 0.5, 0.25},
			Bounds{0, 1},
			true,
			[]float64{-0.2, 0, 0.3},
			[]float64{7.561967529723176, 1.2974716240162922, -0.35791606833386114},
			-1.2974716240162922,
		},
		{
			"a skewed duration", 300, duration,
			[]float64{0.5, 0.4},
			Bounds{0, 3600},
			false,
			[]float64{-300, 0, 50},
			[]float64{4.684570146005621, 2.423020685316291, 4.128591930576575},
			-2.423020685316291,
		},
	} {
		// An alpha that nothing reaches keeps the whole grid in play.
		b := newBet(t, c.bounds, c.binary, c.grid, 1e-100)
		next := congruential(12345)
		for i := range c.calls {
			q := c.q[i%len(c.q)]
			inB := next() < q
			fold(t, b, inB, q, c.outcome(inB, next()))
		}
		for j, want := range c.logW {
			near(t, want, logWealth(b.wealth[j].sum, b.wealth[j].scale), 1e-11, "%s: ln W(%v)", c.name, c.grid[j])
		}
		near(t, c.logW[1], b.LogE(), 1e-11, "%s: ln W(0)", c.name)
		near(t, c.logP, b.LogP(), 1e-11, "%s: ln p", c.name)
		if b.N() != int64(c.calls) {
			t.Errorf("%s: %d calls; want %d", c.name, b.N(), c.calls)
		}
	}
}

func TestBetRefusesWhatCannotBe(t *testing.T) {
	unit, grid := Bounds{0, 1}, []float64{-1, 0, 1}
	for name, c := range map[string]struct {
		bounds Bounds
		binary bool
		grid   []float64
		alpha  float64
	}{
		"bounds the wrong way round":    {Bounds{1, 0}, false, grid, 0.05},
		"bounds without width":          {Bounds{1, 1}, false, grid, 0.05},
		"a bound of NaN":                {Bounds{math.NaN(), 1}, false, grid, 0.05},
		"an infinite bound":             {Bounds{0, math.Inf(1)}, false, grid, 0.05},
		"bounds whose squares overflow": {Bounds{-1e200, 1e200}, false, grid, 0.05},
		"binary outcomes up to 2":       {Bounds{0, 2}, true, grid, 0.05},
		"alpha 0":                       {unit, true, grid, 0},
		"alpha 1":                       {unit, true, grid, 1},
		"alpha NaN":                     {unit, true, grid, math.NaN()},
		"no grid":                       {unit, true, nil, 0.05},
		"a grid without 0":              {unit, true, []float64{-1, 0.1, 1}, 0.05},
		"a grid that begins at 0":       {unit, true, []float64{0, 0.5, 1}, 0.05},
		"a grid that ends at 0":         {unit, true, []float64{-1, -0.5, 0}, 0.05},
		"a grid that falls":             {unit, true, []float64{-1, 0, 1, 0.5}, 0.05},
		"a grid beyond the width":       {unit, true, []float64{-1, 0, 1.5}, 0.05},
		"a grid with NaN":               {unit, true, []float64{-1, 0, math.NaN(), 1}, 0.05},
	} {
		if _, err := NewBet(c.bounds, c.binary, c.grid, c.alpha); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
}

func TestCallsThatCannotBeChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		binary bool
		q, y   float64
		want   error
	}{
		{"an outcome of NaN", false, 0.5, math.NaN(), ErrInput},
		{"an outcome above the bounds", false, 0.5, 1.1, ErrInput},
		{"an outcome below the bounds", false, 0.5, -0.1, ErrInput},
		{"an infinite outcome", false, 0.5, math.Inf(1), ErrInput},
		{"half a success", true, 0.5, 0.5, ErrInput},
		{"a chance of NaN", true, math.NaN(), 1, ErrInput},
		{"a chance above 1", true, 1.1, 1, ErrInput},
		{"a chance below 0", true, -0.1, 1, ErrInput},
		{"a chance of 0 says nothing", true, 0, 1, nil},
		{"a chance of 1 says nothing", true, 1, 1, nil},
		{"a chance too small to be one says nothing", true, 1e-12, 1, nil},
	} {
		b := newBet(t, Bounds{0, 1}, c.binary, Grid(Bounds{0, 1}, c.binary), 0.05)
		for i := range 5 {
			fold(t, b, i%2 == 0, 0.5, float64(i%2))
		}
		before, _ := b.MarshalBinary()
		err := b.Fold(true, c.q, c.y)
		if !errors.Is(err, c.want) || (c.want == nil && err != nil) {
			t.Errorf("%s: error %v; want %v", c.name, err, c.want)
		}
		if after, _ := b.MarshalBinary(); string(after) != string(before) {
			t.Errorf("%s: the state has changed", c.name)
		}
	}
}

func TestNothingIsKnownBeforeTheFirstCall(t *testing.T) {
	for _, bounds := range []Bounds{{0, 1}, {-1, 1}, {0, 3600}} {
		b := newBet(t, bounds, false, Grid(bounds, false), 0.05)
		check := func(when string) {
			if in := b.Interval(); b.LogE() != 0 || b.LogP() != 0 || in != (Interval{-bounds.width(), bounds.width()}) {
				t.Errorf("%v, %s: ln E %v, ln p %v, interval %v", bounds, when, b.LogE(), b.LogP(), in)
			}
		}
		check("no call")
		fold(t, b, true, 0.5, bounds.High)
		check("one call")
		fold(t, b, false, 0.5, bounds.High)
		fold(t, b, true, 0.5, bounds.High)
		check("equal outcomes have no spread to stake on")
	}
}

func TestEqualOutcomesAreNoDifference(t *testing.T) {
	// 100 calls, all successes: the evidence against 0 never grows, while large
	// differences are excluded.
	b := newBet(t, Bounds{0, 1}, true, Grid(Bounds{0, 1}, true), 0.05)
	rng := newXorshift(5)
	for range 100 {
		fold(t, b, rng() < 0.5, 0.5, 1)
	}
	if in := b.Interval(); b.LogP() < -1 || in.Low < -0.2 || in.High > 0.2 || in.Low > 0 || in.High < 0 {
		t.Errorf("ln p %v, interval %v", b.LogP(), in)
	}
}

func TestPValuesAreOrderedFarBelowTheSmallestFloat(t *testing.T) {
	b := newBet(t, Bounds{0, 1}, true, Grid(Bounds{0, 1}, true), 0.05)
	rng := newXorshift(6)
	last := 0.0
	for i := range 6000 {
		inB := rng() < 0.5
		fold(t, b, inB, 0.5, success(0.5, map[bool]float64{true: 0, false: 1}[inB]))
		if p := b.LogP(); i > 100 && i%10 == 0 {
			if !(p < last) {
				t.Fatalf("call %d: ln p %v after %v", i, p, last)
			}
			last = p
		}
	}
	if last > -700 || math.Exp(last) != 0 || math.IsInf(last, 0) {
		t.Errorf("ln p %v; want a finite number below -700", last)
	}
}

func TestAlphaExtremes(t *testing.T) {
	for _, alpha := range []float64{1e-300, 1e-12, 0.5, 1 - 1e-15} {
		b := newBet(t, Bounds{0, 1}, true, Grid(Bounds{0, 1}, true), alpha)
		rng := newXorshift(8)
		for i := range 4000 {
			inB := rng() < 0.5
			fold(t, b, inB, 0.5, success(0.5, map[bool]float64{true: 0.4, false: 0.6}[inB]))
			in := b.Interval()
			if excluded := in.Low > 0 || in.High < 0; excluded != (b.LogP() <= math.Log(alpha)) {
				t.Fatalf("alpha %v, call %d: ln p %v, interval %v", alpha, i, b.LogP(), in)
			}
		}
		if b.LogP() > math.Log(alpha) {
			t.Errorf("alpha %v: ln p %v after 4,000 calls that differ wholly", alpha, b.LogP())
		}
	}
}

func TestAMillionCallsDoNotDegenerate(t *testing.T) {
	if testing.Short() {
		t.Skip("a second's work")
	}
	bounds := Bounds{0, 3600}
	b := newBet(t, bounds, false, []float64{-3600, -10, 0, 10, 3600}, 0.05)
	rng := newXorshift(10)
	for i := range 1_000_000 {
		inB := rng() < 0.5
		y := 60 / (0.05 + rng())
		if i > 990_000 && inB {
			y *= 2
		}
		fold(t, b, inB, 0.5, y)
	}
	if e := b.LogE(); math.IsNaN(e) || math.IsInf(e, 0) || e > -10 {
		t.Errorf("ln E %v; want a finite number far below 0", e)
	}
	if p := b.LogP(); math.IsNaN(p) || p < math.Log(0.05) {
		t.Errorf("ln p %v of equal arms", p)
	}
}

func TestAnEffectThatTurnsExcludesEverythingAndStaysDefined(t *testing.T) {
	// First none, until only 0 stands on a coarse grid; then a large one. What is
	// left is the step next to 0 on the side of the new effect.
	for _, c := range []struct {
		name string
		inB  bool // whose outcomes are successes, then
		want Interval
	}{
		{"towards b", true, Interval{0.4 * openEnd, 0.4}},
		{"towards a", false, Interval{-0.4, -0.4 * openEnd}},
	} {
		b := newBet(t, Bounds{0, 1}, true, []float64{-0.8, -0.4, 0, 0.4, 0.8}, 0.05)
		rng := newXorshift(11)
		for range 400 {
			fold(t, b, rng() < 0.5, 0.5, success(0.5, rng()))
		}
		if in := b.Interval(); in != (Interval{-0.4, 0.4}) {
			t.Fatalf("%s: interval %v before the turn", c.name, in)
		}
		if b.NoneFits() {
			t.Errorf("%s: 0 stands, but none is said to fit", c.name)
		}
		for range 2000 {
			inB := rng() < 0.5
			fold(t, b, inB, 0.5, success(0.5, map[bool]float64{true: 0.1, false: 0.9}[inB == c.inB]))
		}
		if in := b.Interval(); in != c.want || b.LogP() > math.Log(0.05) {
			t.Errorf("%s: interval %v, ln p %v; want %v", c.name, in, b.LogP(), c.want)
		}
		if !b.NoneFits() {
			t.Errorf("%s: after the turn one difference is said to fit all calls", c.name)
		}
		continues(t, b)
	}
}
