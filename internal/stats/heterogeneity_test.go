package stats

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// bcg is the trials of the BCG vaccine against tuberculosis in Colditz et al.
// (1994), JAMA 271, 698-702, as R's metafor has them (dat.bcg): cases and others
// among the vaccinated, then among the others.
var bcg = [][4]float64{
	{4, 119, 11, 128},
	{6, 300, 29, 274},
	{3, 228, 11, 209},
	{62, 13536, 248, 12619},
	{33, 5036, 47, 5761},
	{180, 1361, 372, 1079},
	{8, 2537, 10, 619},
	{505, 87886, 499, 87892},
	{29, 7470, 45, 7232},
	{17, 1699, 65, 1600},
	{186, 50448, 141, 27197},
	{5, 2493, 3, 2338},
	{27, 16886, 29, 17825},
}

// The figures are those that metafor's documentation gives for dat.bcg: QE of
// rma(measure = "RR") and rma(measure = "OR").
func TestHeterogeneityIsThatOfMetafor(t *testing.T) {
	for name, c := range map[string]struct {
		effect func(r [4]float64) Effect
		q      float64
	}{
		"log relative risk": {func(r [4]float64) Effect {
			a, b := r[0]+r[1], r[2]+r[3]
			return Effect{math.Log(r[0] / a / (r[2] / b)), math.Sqrt(1/r[0] - 1/a + 1/r[2] - 1/b)}
		}, 152.2330},
		"log odds ratio": {func(r [4]float64) Effect {
			return Effect{math.Log(r[0] * r[3] / (r[1] * r[2])), math.Sqrt(1/r[0] + 1/r[1] + 1/r[2] + 1/r[3])}
		}, 163.1649},
	} {
		var effects []Effect
		for _, r := range bcg {
			effects = append(effects, c.effect(r))
		}
		got, err := Heterogeneity(effects)
		if err != nil || math.Abs(got.Statistic-c.q) > 5e-5 || got.DF != 12 || got.P > 1e-4 {
			t.Errorf("%s: %+v, %v; expected Q %v", name, got, err, c.q)
		}
	}
}

func TestEstimatesThatAgreeAreNotHeterogeneous(t *testing.T) {
	got, err := Heterogeneity([]Effect{{0.1, 0.02}, {0.1, 0.3}, {0.1, 1}})
	if err != nil || got.Statistic > 1e-20 || got.P != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	// Two estimates are compared as by a z test: (0.3 - 0.1)/0.05 = 4 squared.
	two, err := Heterogeneity([]Effect{{0.1, 0.03}, {0.3, 0.04}})
	if err != nil || math.Abs(two.Statistic-16) > 1e-9 || math.Abs(two.P-6.334248e-05) > 1e-9 {
		t.Errorf("%+v, %v", two, err)
	}
}

func TestHeterogeneityRefusesWhatIsNoEstimate(t *testing.T) {
	for _, bad := range []Effect{{math.NaN(), 1}, {0, 0}, {0, -1}, {math.Inf(1), 1}, {0, math.Inf(1)}} {
		if _, err := Heterogeneity([]Effect{{0, 1}, bad}); !errors.Is(err, ErrInput) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := Heterogeneity([]Effect{{0, 1}}); !errors.Is(err, ErrTooFew) {
		t.Errorf("one estimate: %v", err)
	}
}

func TestHeterogeneityKnowsNoOrderAndNoScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		effects := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Effect {
			return Effect{rapid.Float64Range(-5, 5).Draw(t, "value"), rapid.Float64Range(0.01, 3).Draw(t, "se")}
		}), 2, 9).Draw(t, "effects")
		first, err := Heterogeneity(effects)
		if err != nil {
			t.Fatal(err)
		}
		moved := make([]Effect, len(effects))
		for i, e := range effects {
			moved[len(effects)-1-i] = Effect{7 - 2*e.Value, 2 * e.SE}
		}
		second, err := Heterogeneity(moved)
		if err != nil || math.Abs(first.Statistic-second.Statistic) > 1e-6*(1+first.Statistic) || !(first.P >= 0 && first.P <= 1) {
			t.Fatalf("%+v and %+v, %v", first, second, err)
		}
	})
}

// One success of 1 against one of 1 is, with one and one added, 2/3 against 2/3:
// variances of 2/27 each. Agresti & Caffo's own formula by hand.
func TestAddedProportionsAreNeverCertain(t *testing.T) {
	e, err := AddedProportions([]Stratum[Proportion]{{1, Proportion{1, 1}, Proportion{1, 1}}})
	if err != nil || e.Value != 0 || math.Abs(e.SE-math.Sqrt(4.0/27)) > 1e-12 {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := AddedProportions([]Stratum[Proportion]{{1, Proportion{1, 1}, Proportion{}}}); !errors.Is(err, ErrTooFew) {
		t.Errorf("an empty side: %v", err)
	}
}

// TestHeterogeneityErrsSeldomFromSmallGroups draws six groups with one and the same
// difference and 20 calls on each side: 4,000 times, with fixed seeds.
func TestHeterogeneityErrsSeldomFromSmallGroups(t *testing.T) {
	const draws, groups, n = 4000, 6, 20
	for _, p := range [][2]float64{{0.5, 0.5}, {0.8, 0.8}, {0.95, 0.95}, {0.6, 0.75}} {
		rng, wrong := rand.New(rand.NewPCG(1, 2)), 0
		for range draws {
			var effects []Effect
			for range groups {
				var sides [2]Proportion
				for i := range sides {
					sides[i].N = n
					for range n {
						if rng.Float64() < p[i] {
							sides[i].Successes++
						}
					}
				}
				e, err := AddedProportions([]Stratum[Proportion]{{1, sides[0], sides[1]}})
				if err != nil {
					t.Fatal(err)
				}
				effects = append(effects, e)
			}
			if test, err := Heterogeneity(effects); err != nil {
				t.Fatal(err)
			} else if test.P <= 0.05 {
				wrong++
			}
		}
		share := float64(wrong) / draws
		t.Logf("%v: %.3f", p, share)
		if share > 0.06 {
			t.Errorf("at %v it is significant in %.3f of draws without interaction; at most 0.06 was wanted", p, share)
		}
	}
}
