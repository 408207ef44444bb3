package stats

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
)

// reference folds calls made with integers and the four operations only.
func referenceBet(t testing.TB, bounds Bounds, binary bool, calls int) *Bet {
	b := newBet(t, bounds, binary, Grid(bounds, binary), 0.05)
	next := congruential(99)
	chances := [...]float64{0.5, 0.1, 0.3, 0.8}
	for range calls {
		q := chances[int(next()*4)]
		inB := next() < q
		y := bounds.Low + next()*next()*bounds.width()
		if binary {
			y = success(0.7, next())
		}
		fold(t, b, inB, q, y)
	}
	return b
}

func TestTheSameCallsGiveTheSameBytesOnEveryMachine(t *testing.T) {
	// The digests are the same on amd64, which does not fuse a product and a sum,
	// and on arm64 and with GOAMD64=v3, which do where they may.
	for _, c := range []struct {
		name   string
		bounds Bounds
		binary bool
		calls  int
		want   string
	}{
		{"no calls", Bounds{0, 1}, true, 0, "26a411f48b594aa3"},
		{"a proportion", Bounds{0, 1}, true, 1000, "0887cbea4027f92b"},
		{"a sentiment", Bounds{-1, 1}, false, 1000, "5a7f93fb56842723"},
		{"a duration", Bounds{0, 3600}, false, 1000, "25ef16a684a924e3"},
	} {
		state, err := referenceBet(t, c.bounds, c.binary, c.calls).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(state)
		if got := hex.EncodeToString(sum[:8]); got != c.want {
			t.Errorf("%s: digest %s of %d bytes; want %s", c.name, got, len(state), c.want)
		}
	}
}

func TestDamagedStatesAreRefused(t *testing.T) {
	good, _ := referenceBet(t, Bounds{0, 1}, true, 50).MarshalBinary()
	for name, damage := range map[string]func([]byte) []byte{
		"nothing":               func([]byte) []byte { return nil },
		"another version":       func(s []byte) []byte { s[0] = 9; return s },
		"a byte too few":        func(s []byte) []byte { return s[:len(s)-1] },
		"a byte too many":       func(s []byte) []byte { return append(s, 0) },
		"a wealth of NaN":       func(s []byte) []byte { s[len(s)-1], s[len(s)-2] = 0x7f, 0xff; return s },
		"a wealth below 0":      func(s []byte) []byte { s[len(s)-1] |= 0x80; return s },
		"the first byte alone":  func(s []byte) []byte { return s[:1] },
		"a boolean of 2":        func(s []byte) []byte { s[1] = 2; return s },
		"alpha with its sign":   func(s []byte) []byte { s[2+3*8-1] |= 0x80; return s },
		"fewer than no calls":   func(s []byte) []byte { s[2+4*8-1] |= 0x80; return s },
		"more ones than calls":  func(s []byte) []byte { s[2+5*8-2] = 1; return s },
		"a grid without an end": func(s []byte) []byte { s[2+9*8+6] = 1; return s },
	} {
		var b Bet
		if err := b.UnmarshalBinary(damage(append([]byte(nil), good...))); !errors.Is(err, ErrInput) {
			t.Errorf("%s: error %v; want ErrInput", name, err)
		}
		if b.wealth != nil {
			t.Errorf("%s: the bet has changed", name)
		}
	}
}

func FuzzStatesFromOutside(f *testing.F) {
	// Small grids: the fuzzer is slow to shorten long inputs.
	for _, calls := range []int{0, 10, 300} {
		b := newBet(f, Bounds{0, 1}, true, []float64{-0.5, 0, 0.5}, 0.05)
		for i := range calls {
			fold(f, b, i%2 == 0, 0.5, float64(i%3/2))
		}
		state, _ := b.MarshalBinary()
		f.Add(state)
	}
	c := referenceCategorical(f)
	state, _ := c.MarshalBinary()
	f.Add(state)
	f.Fuzz(func(t *testing.T, state []byte) {
		var b Bet
		if b.UnmarshalBinary(state) == nil {
			if again, _ := b.MarshalBinary(); string(again) != string(state) {
				t.Error("a bet read and written again differs")
			}
			_ = b.Fold(true, 0.5, b.bounds.High)
			_, _, _ = b.Interval(), b.LogP(), b.LogE()
		}
		var c Categorical
		if c.UnmarshalBinary(state) == nil {
			if again, _ := c.MarshalBinary(); string(again) != string(state) {
				t.Error("a categorical state read and written again differs")
			}
			_, _ = c.LogP(), c.LogE()
		}
	})
}
