package stats

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAdjustedPValuesMatchR(t *testing.T) {
	// R 4.2.2: p.adjust(p, "holm") and p.adjust(p, "BH").
	p := []float64{0.01, 0.04, 0.03, 0.005, 0.2, 0.04}
	for name, c := range map[string]struct {
		adjust, onLog func([]float64) ([]float64, error)
		want          []float64
	}{
		"Holm":              {Holm, HolmLog, []float64{0.05, 0.12, 0.12, 0.03, 0.2, 0.12}},
		"BenjaminiHochberg": {BenjaminiHochberg, BenjaminiHochbergLog, []float64{0.03, 0.048, 0.048, 0.03, 0.2, 0.048}},
	} {
		got, err := c.adjust(p)
		if err != nil {
			t.Fatal(err)
		}
		logs := make([]float64, len(p))
		for i := range p {
			logs[i] = math.Log(p[i])
		}
		onLog, err := c.onLog(logs)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			near(t, want, got[i], 1e-14, "%s, %d", name, i)
			near(t, math.Log(want), onLog[i], 1e-13, "%s on logarithms, %d", name, i)
		}
	}
}

func TestAdjustedLogarithmsStayApartBelowTheSmallestFloat(t *testing.T) {
	got, err := HolmLog([]float64{-2000, math.Inf(-1), -0.5, -1000})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{-2000 + math.Log(3), math.Inf(-1), -0.5, -1000 + math.Log(2)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAdjustingNothingGivesNothing(t *testing.T) {
	for name, adjust := range map[string]func([]float64) ([]float64, error){
		"Holm": Holm, "HolmLog": HolmLog, "BenjaminiHochberg": BenjaminiHochberg, "BenjaminiHochbergLog": BenjaminiHochbergLog,
	} {
		if got, err := adjust(nil); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestImpossiblePValuesAreRefused(t *testing.T) {
	for _, x := range []float64{math.NaN(), -0.1, 1.1, math.Inf(1)} {
		_, e1 := Holm([]float64{0.5, x})
		_, e2 := BenjaminiHochberg([]float64{x})
		if !errors.Is(e1, ErrInput) || !errors.Is(e2, ErrInput) {
			t.Errorf("p %v: errors %v, %v; want ErrInput", x, e1, e2)
		}
	}
	for _, x := range []float64{math.NaN(), 0.1, math.Inf(1)} {
		_, e1 := HolmLog([]float64{-1, x})
		_, e2 := BenjaminiHochbergLog([]float64{x})
		if !errors.Is(e1, ErrInput) || !errors.Is(e2, ErrInput) {
			t.Errorf("ln p %v: errors %v, %v; want ErrInput", x, e1, e2)
		}
	}
	if _, err := EBH([]float64{math.NaN()}, 0.05); !errors.Is(err, ErrInput) {
		t.Errorf("ln e NaN: error %v; want ErrInput", err)
	}
	for _, alpha := range []float64{0, 1, math.NaN()} {
		if _, err := EBH([]float64{3}, alpha); !errors.Is(err, ErrInput) {
			t.Errorf("alpha %v: error %v; want ErrInput", alpha, err)
		}
	}
}

func TestEBHRejectsTheLargest(t *testing.T) {
	// By hand from the definition, alpha 0.05 and four hypotheses: the largest
	// must reach 80, the second 40, the third 26.7, the fourth 20.
	for _, c := range []struct {
		e    []float64
		want []bool
	}{
		{[]float64{79, 39, 26, 19}, []bool{false, false, false, false}},
		{[]float64{81, 39, 26, 19}, []bool{true, false, false, false}},
		{[]float64{19, 27, 41, 27}, []bool{false, true, true, true}},
		{[]float64{21, 21, 21, 21}, []bool{true, true, true, true}},
		{[]float64{0, math.Inf(1), 0, 1}, []bool{false, true, false, false}},
		{[]float64{}, []bool{}},
	} {
		logs := make([]float64, len(c.e))
		for i, e := range c.e {
			logs[i] = math.Log(e)
		}
		got, err := EBH(logs, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v: %s", c.e, diff)
		}
	}
}

func TestEBHOfInverseEValuesIsBenjaminiHochberg(t *testing.T) {
	// With p = 1/e the two procedures are one.
	rapid.Check(t, func(t *rapid.T) {
		logE := rapid.SliceOfN(rapid.Float64Range(0, 8), 1, 20).Draw(t, "ln e")
		logP := make([]float64, len(logE))
		for i, l := range logE {
			logP[i] = -l
		}
		rejected, err1 := EBH(logE, 0.05)
		adjusted, err2 := BenjaminiHochbergLog(logP)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for i, l := range adjusted {
			if math.Abs(l-math.Log(0.05)) > 1e-12 && rejected[i] != (l < math.Log(0.05)) {
				t.Fatalf("e-BH %v, adjusted ln p %v", rejected, adjusted)
			}
		}
	})
}

func TestAdjustmentKeepsOrderAndOnlyRaises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "p")
		order := make([]int, len(p))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		shuffled := make([]float64, len(p))
		for i, j := range order {
			shuffled[i] = p[j]
		}
		for name, adjust := range map[string]func([]float64) ([]float64, error){"Holm": Holm, "BenjaminiHochberg": BenjaminiHochberg} {
			got, err := adjust(p)
			if err != nil {
				t.Fatal(err)
			}
			other, _ := adjust(shuffled)
			for i := range p {
				if got[i] < p[i] || got[i] > min(1, p[i]*float64(len(p))*(1+1e-15)) {
					t.Fatalf("%s of %v is %v", name, p, got)
				}
				if other[i] != got[order[i]] {
					t.Fatalf("%s depends on the order: %v and %v", name, got, other)
				}
				for j := range p {
					if p[i] < p[j] && got[i] > got[j] {
						t.Fatalf("%s turns %v and %v around", name, p[i], p[j])
					}
				}
			}
		}
		holm, _ := Holm(p)
		bh, _ := BenjaminiHochberg(p)
		for i := range p {
			if bh[i] > holm[i]*(1+1e-15) {
				t.Fatalf("Benjamini-Hochberg %v is above Holm %v", bh, holm)
			}
		}
	})
}
