package stats

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func newCategorical(t testing.TB, arms int) *Categorical {
	t.Helper()
	c, err := NewCategorical(arms)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// referenceCategorical folds 250 calls of three arms with three categories.
func referenceCategorical(t testing.TB) *Categorical {
	c := newCategorical(t, 3)
	q := []float64{0.5, 0.25, 0.25}
	next := congruential(777)
	for range 250 {
		u, arm := next(), 0
		for ; u >= q[arm]; arm++ {
			u -= q[arm]
		}
		name := "z"
		if u = next(); u < 0.2+0.2*float64(arm) {
			name = "x"
		} else if u < 0.7 {
			name = "y"
		}
		if err := c.Fold(arm, name, q); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Reference: the definition written out in Python 3.11 with one logarithm for
// each kappa and all counts looked up anew at each call.
func TestCategoricalEvidenceMatchesItsDefinition(t *testing.T) {
	c := referenceCategorical(t)
	near(t, 14.520854100248823, c.LogE(), 1e-12, "ln E")
	near(t, -14.582180887272173, c.LogP(), 1e-12, "ln p")
	if c.N() != 250 {
		t.Errorf("%d calls", c.N())
	}
}

func TestTheSameCategoricalCallsGiveTheSameBytesOnEveryMachine(t *testing.T) {
	// The digest is the same on amd64, which does not fuse a product and a sum,
	// and on arm64, which does where it may.
	state, err := referenceCategorical(t).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(state)
	if got, want := hex.EncodeToString(sum[:8]), "f1b3144e7227520a"; got != want {
		t.Errorf("digest %s of %d bytes; want %s", got, len(state), want)
	}
}

type categoricalCall struct {
	arm, category int
	q             []float64
}

func categoricalCalls(arms int) *rapid.Generator[[]categoricalCall] {
	one := rapid.Custom(func(t *rapid.T) categoricalCall {
		weights := rapid.SliceOfN(rapid.IntRange(0, 4), arms, arms).Draw(t, "weights")
		arm := rapid.IntRange(0, arms-1).Draw(t, "arm")
		weights[arm]++
		total := 0
		for _, w := range weights {
			total += w
		}
		c := categoricalCall{arm: arm, category: rapid.IntRange(0, 5).Draw(t, "category")}
		for _, w := range weights {
			c.q = append(c.q, float64(w)/float64(total))
		}
		return c
	})
	return rapid.SliceOfN(one, 0, 120)
}

func TestCategoriesMayBeNamedAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _ := NewCategorical(3)
		y, _ := NewCategorical(3)
		names := rapid.Permutation([]string{"", "transfer", "goodbye", "é", "a b", "0"}).Draw(t, "names")
		for _, call := range categoricalCalls(3).Draw(t, "calls") {
			err1 := x.Fold(call.arm, string(rune('a'+call.category)), call.q)
			err2 := y.Fold(call.arm, names[call.category], call.q)
			if err1 != nil || err2 != nil || x.LogE() != y.LogE() || x.LogP() != y.LogP() {
				t.Fatalf("%v, %v against %v, %v", x.LogE(), err1, y.LogE(), err2)
			}
		}
	})
}

func TestArmsMayBeCountedInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _ := NewCategorical(3)
		y, _ := NewCategorical(3)
		for _, call := range categoricalCalls(3).Draw(t, "calls") {
			turned := []float64{call.q[2], call.q[1], call.q[0]}
			if x.Fold(call.arm, string(rune('a'+call.category)), call.q) != nil || y.Fold(2-call.arm, string(rune('a'+call.category)), turned) != nil {
				t.Fatal("a call was refused")
			}
			if d := x.LogE() - y.LogE(); math.Abs(d) > 1e-9 {
				t.Fatalf("%v against %v", x.LogE(), y.LogE())
			}
		}
	})
}

func TestEachFactorIsFairUnderTheNull(t *testing.T) {
	// Given a category, the mean of f over the arms, each with its chance, is 1:
	// what makes the product a martingale.
	rapid.Check(t, func(t *rapid.T) {
		c, _ := NewCategorical(4)
		calls := categoricalCalls(4).Draw(t, "calls")
		for _, call := range calls {
			if err := c.Fold(call.arm, string(rune('a'+call.category)), call.q); err != nil {
				t.Fatal(err)
			}
		}
		for _, call := range calls {
			counts := c.category(string(rune('a' + call.category)))
			for _, kappa := range pullings {
				var mean, total float64
				for _, q := range call.q {
					total += q
				}
				for arm, q := range call.q {
					if q > 0 {
						mean += q * c.factor(arm, counts, call.q, total, kappa*c.common(counts), kappa)
					}
				}
				if math.Abs(mean-1) > 1e-12 {
					t.Fatalf("mean factor %v for kappa %v", mean, kappa)
				}
			}
		}
	})
}

func TestACategoricalStateReadBackContinuesIdentically(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := NewCategorical(2)
		calls := categoricalCalls(2).Draw(t, "calls")
		at := rapid.IntRange(0, len(calls)).Draw(t, "read back at")
		read := new(Categorical)
		for i := 0; i <= len(calls); i++ {
			if i == at {
				state, _ := c.MarshalBinary()
				if err := read.UnmarshalBinary(state); err != nil {
					t.Fatal(err)
				}
			}
			if i == len(calls) {
				break
			}
			name := string(rune('a' + calls[i].category))
			if c.Fold(calls[i].arm, name, calls[i].q) != nil || (i >= at && read.Fold(calls[i].arm, name, calls[i].q) != nil) {
				t.Fatal("a call was refused")
			}
		}
		x, _ := c.MarshalBinary()
		y, _ := read.MarshalBinary()
		if !bytes.Equal(x, y) || c.N() != read.N() || c.LogP() != read.LogP() {
			t.Fatal("the state read back went another way")
		}
	})
}

func TestCategoricalCallsThatCannotBeChangeNothing(t *testing.T) {
	if _, err := NewCategorical(1); !errors.Is(err, ErrInput) {
		t.Errorf("one arm: error %v", err)
	}
	for _, call := range []struct {
		name string
		arm  int
		q    []float64
		want error
	}{
		{"an arm that does not exist", 3, []float64{0.5, 0.25, 0.25}, ErrInput},
		{"a chance too few", 0, []float64{0.5, 0.5}, ErrInput},
		{"a chance of NaN", 0, []float64{0.5, math.NaN(), 0.5}, ErrInput},
		{"chances over 1 together", 0, []float64{0.5, 0.5, 0.5}, ErrInput},
		{"a chance below 0", 0, []float64{1.5, -0.5, 0}, ErrInput},
		{"an arm without a chance says nothing", 2, []float64{0.5, 0.5, 0}, nil},
		{"an arm that was certain says nothing", 2, []float64{0, 0, 1}, nil},
	} {
		c := referenceCategorical(t)
		before, _ := c.MarshalBinary()
		if err := c.Fold(call.arm, "new", call.q); !errors.Is(err, call.want) || (call.want == nil && err != nil) {
			t.Errorf("%s: error %v; want %v", call.name, err, call.want)
		}
		if after, _ := c.MarshalBinary(); !bytes.Equal(before, after) {
			t.Errorf("%s: the state has changed", call.name)
		}
	}
}

func TestDamagedCategoricalStatesAreRefused(t *testing.T) {
	good, _ := referenceCategorical(t).MarshalBinary()
	for name, damage := range map[string]func([]byte) []byte{
		"nothing":               func([]byte) []byte { return nil },
		"another version":       func(s []byte) []byte { s[0] = 9; return s },
		"a byte too few":        func(s []byte) []byte { return s[:len(s)-1] },
		"a byte too many":       func(s []byte) []byte { return append(s, 0) },
		"a count below 0":       func(s []byte) []byte { s[len(s)-1] |= 0x80; return s },
		"one arm":               func(s []byte) []byte { s[1] = 1; return s },
		"a category too many":   func(s []byte) []byte { s[9]++; return s },
		"a best that is not":    func(s []byte) []byte { s[1+5*8-1] |= 0x80; return s },
		"a wealth that is owed": func(s []byte) []byte { s[1+6*8-1] |= 0x80; return s },
	} {
		var c Categorical
		if err := c.UnmarshalBinary(damage(append([]byte(nil), good...))); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
	}
}

func TestEqualDistributionsSeldomDifferAndUnequalOnesDo(t *testing.T) {
	rng := newXorshift(31)
	found := func(runs, calls, arms int, shift float64) float64 {
		q := make([]float64, arms)
		for b := range q {
			q[b] = 1 / float64(arms)
		}
		hits := 0.0
		for range runs {
			c := newCategorical(t, arms)
			for range calls {
				arm := int(rng() * float64(arms))
				name := "caller"
				if u := rng(); u < 0.3+shift*float64(arm) {
					name = "agent"
				} else if u > 0.9 {
					name = "system"
				}
				if err := c.Fold(arm, name, q); err != nil {
					t.Fatal(err)
				}
			}
			if c.LogP() <= math.Log(0.05) {
				hits++
			}
		}
		return hits / float64(runs)
	}
	if share := found(400, 400, 3, 0); share > 0.085 {
		t.Errorf("%.1f %% of equal arms differ", 100*share)
	}
	if share := found(100, 1000, 3, 0.1); share < 0.8 {
		t.Errorf("only %.0f %% of arms with 30, 40 and 50 %% differ", 100*share)
	}
}

func TestCategoricalEvidenceStaysFinite(t *testing.T) {
	c := newCategorical(t, 2)
	q := []float64{0.5, 0.5}
	for i := range 20000 {
		if err := c.Fold(i%2, []string{"yes", "no"}[i%2], q); err != nil {
			t.Fatal(err)
		}
	}
	if e := c.LogE(); math.IsInf(e, 0) || e < 10000 {
		t.Errorf("ln E %v after 20,000 calls that differ wholly; want near 20,000 ln 2", e)
	}
	if math.Abs(c.LogP()+c.LogE()) > 1e-6 {
		t.Errorf("ln p %v, ln E %v", c.LogP(), c.LogE())
	}
}

func BenchmarkCategorical(b *testing.B) {
	c := referenceCategorical(b)
	q := []float64{0.5, 0.25, 0.25}
	names := []string{"x", "y", "z"}
	b.ReportAllocs()
	for i := range b.N {
		_ = c.Fold(i%3, names[i*7%3], q)
	}
}
