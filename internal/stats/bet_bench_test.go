package stats

import "testing"

// BenchmarkBetFold folds one call into the evidence of one metric, the whole
// grid of the interval included. "early" is the worst case: nothing is excluded
// yet. "late" is after 1,000 calls.
func BenchmarkBetFold(b *testing.B) {
	for _, c := range []struct {
		name   string
		bounds Bounds
		binary bool
		before int
		fresh  int
	}{
		{"binary early", Bounds{0, 1}, true, 0, 20},
		{"binary late", Bounds{0, 1}, true, 1000, 0},
		{"duration early", Bounds{0, 3600}, false, 3, 20},
		{"duration late", Bounds{0, 3600}, false, 1000, 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			rng := newXorshift(9)
			outcome := func() float64 {
				if c.binary {
					return float64(int(rng() * 1.7))
				}
				return 60 / (0.05 + rng())
			}
			fill := func() *Bet {
				bet, err := NewBet(c.bounds, c.binary, Grid(c.bounds, c.binary), 0.05)
				if err != nil {
					b.Fatal(err)
				}
				for range c.before {
					_ = bet.Fold(rng() < 0.5, 0.5, outcome())
				}
				return bet
			}
			bet := fill()
			start := *bet
			wealthThen := append([]wealth(nil), bet.wealth...)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				if c.fresh > 0 && i%c.fresh == 0 {
					b.StopTimer()
					w := bet.wealth
					*bet = start
					bet.wealth = w
					copy(bet.wealth, wealthThen)
					b.StartTimer()
				}
				_ = bet.Fold(rng() < 0.5, 0.5, outcome())
			}
		})
	}
}
