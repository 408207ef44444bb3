package stats

// solve finds where f, which rises, first is at least 0, to a relative
// tolerance: it brackets the place from a guess above 0 and closes in by false
// position, never so near one end that the other stops moving. What it gives is
// on the upper side. It fails when f stays below 0 up to most.
func solve(f func(float64) float64, guess, most, tolerance float64) (x float64, ok bool) {
	const stride = 1.3
	high := min(guess, most)
	above := f(high)
	low, below := high, above
	for above < 0 {
		if high >= most {
			return 0, false
		}
		low, below = high, above
		high = min(high*stride, most)
		above = f(high)
	}
	for below >= 0 {
		high, above = low, below
		if low /= stride; low < 1e-300 {
			return high, true
		}
		below = f(low)
	}
	for range 200 {
		if high-low <= tolerance*high {
			break
		}
		margin := (high - low) / 50
		next := min(max(low+(high-low)*below/(below-above), low+margin), high-margin)
		if at := f(next); at < 0 {
			low, below = next, at
		} else {
			high, above = next, at
		}
	}
	return high, true
}
