package stats

import "testing"

// The benchmarks of what is computed at each look.

func BenchmarkPooledZ(b *testing.B) {
	for b.Loop() {
		if _, err := PooledZ(Proportion{700, 1000}, Proportion{800, 1000}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWelch(b *testing.B) {
	for b.Loop() {
		if _, err := Welch(sleepA, sleepB, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMiettinenNurminen(b *testing.B) {
	for b.Loop() {
		if _, err := MiettinenNurminen(Proportion{700, 1000}, Proportion{800, 1000}, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

// The sizes at which sums are longest, and one past which they are integrated.
func benchmarkSizes(b *testing.B, do func(x, y Proportion) error) {
	for _, c := range []struct {
		name string
		x, y Proportion
	}{
		{"100", Proportion{50, 100}, Proportion{55, 100}},
		{"10k", Proportion{5000, 10000}, Proportion{5120, 10000}},
		{"1M", Proportion{500000, 1000000}, Proportion{500500, 1000000}},
		{"1G", Proportion{5e8, 1e9}, Proportion{5e8 + 20000, 1e9}},
		{"1G far apart", Proportion{5e8, 1e9}, Proportion{6e8, 1e9}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := do(c.x, c.y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFisher(b *testing.B) {
	benchmarkSizes(b, func(x, y Proportion) error { _, err := Fisher(x, y); return err })
}

func BenchmarkBetaBinomial(b *testing.B) {
	benchmarkSizes(b, func(x, y Proportion) error { _, err := BetaBinomial(x, y); return err })
}

func BenchmarkQuantileDifference(b *testing.B) {
	// As many buckets as a stored histogram of durations has.
	var x, y []Counted
	for i := range 400 {
		x = append(x, Counted{float64(i), int64(1000 - i)})
		y = append(y, Counted{float64(i) * 1.01, int64(1000 - i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := QuantileDifference(x, y, 0.5, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClustersReplace(b *testing.B) {
	c := clustersOf(b, callersA)
	for b.Loop() {
		if err := c.Replace(8, 2, 9, 3); err != nil {
			b.Fatal(err)
		}
		if err := c.Replace(9, 3, 8, 2); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRatioDifference(b *testing.B) {
	x, y := clustersOf(b, callersA), clustersOf(b, callersB)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := RatioDifference(x, y, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
