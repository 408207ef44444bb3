package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference: R 4.2.2, fisher.test(matrix(c(kb, nb-kb, ka, na-ka), 2), alternative = "greater").
func TestOneSideOfFisherMatchesR(t *testing.T) {
	for _, c := range []struct {
		b, a          Proportion
		greater, less float64
	}{
		{Proportion{311, 398}, Proportion{289, 412}, 0.0058699160914529, 0.996331529199055},
		{Proportion{3, 3}, Proportion{0, 3}, 0.05, 1},
		{Proportion{0, 5}, Proportion{2, 9}, 1, 0.395604395604395},
		{Proportion{20, 20}, Proportion{20, 20}, 1, 1},
		{Proportion{50, 1000}, Proportion{10, 1000}, 5.38254401873082e-08, 0.999999990142767},
		{Proportion{5200, 10000}, Proportion{5000, 10000}, 0.00243939788445341, 0.997767002453926},
		{Proportion{0, 0}, Proportion{3, 9}, 1, 1},
	} {
		above, err := FisherAbove(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		below, err := FisherAbove(c.b, c.a)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.greater, above.P, 1e-11, "%v above %v", c.b, c.a)
		near(t, c.less, below.P, 1e-11, "%v below %v", c.b, c.a)
	}
	if _, err := FisherAbove(Proportion{2, 1}, Proportion{0, 1}); !errors.Is(err, ErrInput) {
		t.Errorf("2 of 1: error %v; want ErrInput", err)
	}
}

// Both one-sided sums have the table that was seen, so together they are 1 and
// its probability.
func TestBothSidesOfFisherAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Proportion {
			n := rapid.Int64Range(1, 1e5).Draw(t, name)
			return Proportion{rapid.Int64Range(0, n).Draw(t, name+" successes"), n}
		}
		a, b := draw("a"), draw("b")
		up, err := FisherAbove(a, b)
		if err != nil {
			t.Fatal(err)
		}
		down, err := FisherAbove(b, a)
		if err != nil {
			t.Fatal(err)
		}
		seen := 1.0
		if h, varies, err := margins(b, a); err == nil && varies {
			seen = math.Exp(h.logP(float64(b.Successes)))
		}
		if sum := up.P + down.P; math.Abs(sum-1-seen) > 1e-9 {
			t.Fatalf("%v and %v: %v + %v is not 1 + %v", a, b, up.P, down.P, seen)
		}
	})
}

// Reference: R 4.2.2, the larger of the one-sided sequence's bound at 0.4 alpha
// around planned/4 and value - se*qnorm(1-.6*alpha/2)*sqrt(planned/n).
func TestOneSideOfAPlanMatchesR(t *testing.T) {
	for _, c := range []struct {
		name       string
		value, se  float64
		n, planned int64
		alpha      float64
		low, logP  float64
	}{
		{"at its end", 0.05, 0.02, 1000, 1000, 0.05, 0.006598192448308803, -3.877675472952754276},
		{"half way", 0.05, 0.02, 500, 1000, 0.05, -0.01137942487110871, -2.05182803815613468},
		{"early, where the sequence decides", 0.1, 0.02, 100, 1000, 0.05, 0.03579268767280357, -8.68316437908740646},
		{"after its end", 0.1, 0.02, 2000, 1000, 0.05, 0.03417282881713801, -9.98070048341858573},
		{"at another alpha", 0.06, 0.02, 1000, 1000, 0.01, 0.005044372291100163, -5.403753417184413266},
	} {
		low, logP, err := PlannedAbove(c.value, c.se, c.n, c.planned, c.alpha)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.low, low, 1e-12, "%s: low", c.name)
		near(t, c.logP, logP, 1e-12, "%s: ln p", c.name)
	}
	if _, logP, err := PlannedAbove(-0.1, 0.02, 100, 1000, 0.05); err != nil || logP != 0 {
		t.Errorf("the wrong side: ln p %v, %v; want 0", logP, err)
	}
	for name, err := range map[string]error{
		"no plan":   third(PlannedAbove(1, 1, 10, 0, 0.05)),
		"alpha 0.5": third(PlannedAbove(1, 1, 10, 100, 0.5)),
	} {
		if !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
}

func third(_, _ float64, err error) error { return err }

// Equal arms, and arms in which b is worse: a one-sided bet seldom says that b is
// above. Where b is above it finds that sooner than both sides do.
func TestABetOnOneSideSeldomErrsAndFindsItsSide(t *testing.T) {
	const runs, calls = 400, 600
	grid := Grid(Bounds{0, 1}, true)
	found := func(pa, pb float64, newBet func(Bounds, bool, []float64, float64) (*Bet, error)) (share float64, agree bool) {
		rng := newXorshift(97)
		agree = true
		for range runs {
			b, err := newBet(Bounds{0, 1}, true, grid, 0.05)
			if err != nil {
				t.Fatal(err)
			}
			for range calls {
				inB := rng() < 0.3
				p := pa
				if inB {
					p = pb
				}
				fold(t, b, inB, 0.3, success(p, rng()))
			}
			in := b.Interval()
			above := b.LogP() <= math.Log(0.05)
			if above {
				share += 1.0 / runs
			}
			agree = agree && above == (in.Low > 0 || in.High < 0)
		}
		return share, agree
	}
	// 400 runs: 8.5 is passed in 1 of 1,000 series; these are always the same.
	if share, agree := found(0.7, 0.7, NewBetAbove); share > 0.085 || !agree {
		t.Errorf("equal arms: found in %.1f %%, test and interval agree: %v", 100*share, agree)
	}
	if share, _ := found(0.7, 0.6, NewBetAbove); share > 0.01 {
		t.Errorf("b is worse: called above in %.1f %%", 100*share)
	}
	one, agree := found(0.65, 0.8, NewBetAbove)
	both, _ := found(0.65, 0.8, NewBet)
	if one <= both || !agree {
		t.Errorf("b is better: one side finds %.1f %%, both %.1f %%, test and interval agree: %v", 100*one, 100*both, agree)
	}
}

func TestABetOnOneSideIsReadBack(t *testing.T) {
	grid := Grid(Bounds{0, 1}, true)
	b, err := NewBetAbove(Bounds{0, 1}, true, grid, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	rng := newXorshift(5)
	for i := range 300 {
		if i == 150 {
			state, err := b.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			back := new(Bet)
			if err := back.UnmarshalBinary(state); err != nil {
				t.Fatal(err)
			}
			b = back
		}
		inB := rng() < 0.5
		fold(t, b, inB, 0.5, success(map[bool]float64{true: 0.3, false: 0.8}[inB], rng()))
	}
	if p := b.LogP(); p < -1 {
		t.Errorf("b is far worse and ln p of above is %v: the stakes on a came back", p)
	}
	if in := b.Interval(); in.High != 1 {
		t.Errorf("the interval is %v; want no bound from above", in)
	}
}
