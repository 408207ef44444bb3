package stats

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// betCall is a call with a chance that is exact in binary, so that 1-q is too.
type betCall struct {
	inB  bool
	q, u float64
}

func betCalls(most int) *rapid.Generator[[]betCall] {
	one := rapid.Custom(func(t *rapid.T) betCall {
		return betCall{
			inB: rapid.Bool().Draw(t, "in b"),
			q:   rapid.SampledFrom([]float64{0.5, 0.5, 0.5, 0.25, 0.125, 0.75, 0.9375}).Draw(t, "q"),
			u:   rapid.Float64Range(0, 1).Draw(t, "u"),
		}
	})
	return rapid.SliceOfN(one, 0, most)
}

// outcomeOf turns a number between 0 and 1 into an outcome within bounds.
func outcomeOf(u float64, bounds Bounds, binary bool) float64 {
	if binary {
		return math.Round(u)
	}
	return min(bounds.High, bounds.Low+u*u*u*bounds.width())
}

var betKinds = []struct {
	bounds Bounds
	binary bool
}{{Bounds{0, 1}, true}, {Bounds{-1, 1}, false}, {Bounds{0, 3600}, false}}

func TestSwappingTheArmsTurnsTheSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(betKinds).Draw(t, "kind")
		grid := Grid(kind.bounds, kind.binary)
		b, err1 := NewBet(kind.bounds, kind.binary, grid, 0.3)
		swapped, err2 := NewBet(kind.bounds, kind.binary, grid, 0.3)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for _, c := range betCalls(80).Draw(t, "calls") {
			y := outcomeOf(c.u, kind.bounds, kind.binary)
			if b.Fold(c.inB, c.q, y) != nil || swapped.Fold(!c.inB, 1-c.q, y) != nil {
				t.Fatal("a call was refused")
			}
			in, out := b.Interval(), swapped.Interval()
			if b.LogE() != swapped.LogE() || b.LogP() != swapped.LogP() || in.Low != -out.High || in.High != -out.Low {
				t.Fatalf("%v, %v, %v against %v, %v, %v", b.LogE(), b.LogP(), in, swapped.LogE(), swapped.LogP(), out)
			}
		}
	})
}

func TestTestAndIntervalAgreeAtEveryLook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(betKinds).Draw(t, "kind")
		alpha := rapid.SampledFrom([]float64{0.05, 0.3, 0.9}).Draw(t, "alpha")
		lift := rapid.Float64Range(-0.6, 0.6).Draw(t, "lift")
		b, err := NewBet(kind.bounds, kind.binary, Grid(kind.bounds, kind.binary), alpha)
		if err != nil {
			t.Fatal(err)
		}
		last, lastP := b.Interval(), 0.0
		for _, c := range betCalls(150).Draw(t, "calls") {
			u := c.u
			if c.inB {
				u = min(1, max(0, u+lift))
			}
			if err := b.Fold(c.inB, c.q, outcomeOf(u, kind.bounds, kind.binary)); err != nil {
				t.Fatal(err)
			}
			in := b.Interval()
			if !(in.Low < in.High) || in.Low < last.Low || in.High > last.High {
				t.Fatalf("interval %v after %v", in, last)
			}
			if excluded := in.Low > 0 || in.High < 0; excluded != (b.LogP() <= math.Log(alpha)) {
				t.Fatalf("alpha %v: ln p %v, interval %v", alpha, b.LogP(), in)
			}
			if p := b.LogP(); p > lastP || p > 0 || p > -b.LogE()+1e-9 {
				t.Fatalf("ln p %v after %v, ln E %v", p, lastP, b.LogE())
			}
			last, lastP = in, b.LogP()
		}
	})
}

func TestAStateReadBackContinuesIdentically(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(betKinds).Draw(t, "kind")
		b, err := NewBet(kind.bounds, kind.binary, Grid(kind.bounds, kind.binary), 0.2)
		if err != nil {
			t.Fatal(err)
		}
		calls := betCalls(150).Draw(t, "calls")
		at := rapid.IntRange(0, len(calls)).Draw(t, "read back at")
		read := new(Bet)
		for i, c := range calls {
			if i == at {
				state, _ := b.MarshalBinary()
				if err := read.UnmarshalBinary(state); err != nil {
					t.Fatal(err)
				}
			}
			y := outcomeOf(c.u, kind.bounds, kind.binary)
			if b.Fold(c.inB, c.q, y) != nil || (i >= at && read.Fold(c.inB, c.q, y) != nil) {
				t.Fatal("a call was refused")
			}
		}
		if at == len(calls) {
			return
		}
		x, _ := b.MarshalBinary()
		y, _ := read.MarshalBinary()
		if !bytes.Equal(x, y) || b.Interval() != read.Interval() || b.LogP() != read.LogP() || b.LogE() != read.LogE() {
			t.Fatal("the state read back went another way")
		}
	})
}

// continues checks that a bet read back is the same, now and a few calls on.
func continues(t *testing.T, b *Bet) {
	t.Helper()
	state, _ := b.MarshalBinary()
	var read Bet
	if err := read.UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		fold(t, b, i%3 == 0, 0.5, float64(i%2))
		fold(t, &read, i%3 == 0, 0.5, float64(i%2))
	}
	x, _ := b.MarshalBinary()
	y, _ := read.MarshalBinary()
	if !bytes.Equal(x, y) {
		t.Error("the state read back went another way")
	}
}

func TestGridsRiseAndMirrorAroundAnExactZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := math.Pow(10, rapid.Float64Range(-6, 9).Draw(t, "log width"))
		low := rapid.Float64Range(-1e6, 1e6).Draw(t, "low")
		bounds := Bounds{low, low + width}
		if bounds.width() <= 0 {
			return
		}
		grid := Grid(bounds, false)
		n := len(grid)
		for j, d := range grid {
			if d != -grid[n-1-j] || (j > 0 && d <= grid[j-1]) {
				t.Fatalf("difference %v at %d", d, j)
			}
		}
		if grid[n/2] != 0 || grid[n-1] != bounds.width() {
			t.Fatalf("middle %v, end %v of width %v", grid[n/2], grid[n-1], bounds.width())
		}
		if _, err := NewBet(bounds, false, grid, 0.05); err != nil {
			t.Fatal(err)
		}
	})
}

func TestGridsAreFineWhereDecisionsAreMade(t *testing.T) {
	for _, c := range []struct {
		name         string
		bounds       Bounds
		binary       bool
		around, step float64
	}{
		{"a proportion near no difference", Bounds{0, 1}, true, 0, 0.0015},
		{"a proportion near 10 points", Bounds{0, 1}, true, 0.1, 0.0045},
		{"a sentiment near no difference", Bounds{-1, 1}, false, 0, 0.003},
		{"a duration near no difference", Bounds{0, 3600}, false, 0, 0.5},
		{"a duration near half a minute", Bounds{0, 3600}, false, 30, 2.2},
	} {
		grid := Grid(c.bounds, c.binary)
		for j := 1; j < len(grid); j++ {
			if grid[j-1] <= c.around && c.around < grid[j] && grid[j]-grid[j-1] > c.step {
				t.Errorf("%s: step %v; want at most %v", c.name, grid[j]-grid[j-1], c.step)
			}
		}
	}
}
