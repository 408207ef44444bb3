package stats

import "math"

// wealth is what the stakes of one difference have become, each from 1. Those
// on b are at even places, those on a behind them. All are in units of 2^scale,
// which keeps them near 1 however many calls there are.
type wealth struct {
	stake [2 * stakes]float64
	scale int64
	// sum of the stakes and the sum that excludes the difference, in the same
	// units. Both follow from the rest.
	sum, limit float64
}

func startingWealth(alpha float64) wealth {
	w := wealth{sum: 2 * float64(stakes)}
	for k := range w.stake {
		w.stake[k] = 1
	}
	w.setLimit(alpha)
	return w
}

// play stakes on one call at the difference d. A product is converted before it
// is added, which forbids the compiler to fuse the two: fused and unfused
// machines would otherwise differ in the last bit.
func (w *wealth) play(s score, d float64, lambda *[stakes]float64) {
	most := stakeLimit / max(s.up-d, s.down+d)
	psi := s.value - d
	var sum float64
	for k := range stakes {
		x := float64(min(lambda[k], most) * psi)
		b := float64(w.stake[2*k] * (1 + x))
		a := float64(w.stake[2*k+1] * (1 - x))
		w.stake[2*k], w.stake[2*k+1] = b, a
		sum += b + a
	}
	w.sum = sum
}

// rescale brings the largest stake to between 1/2 and 1. Multiplying by a power
// of two is exact.
func (w *wealth) rescale(alpha float64) {
	var most float64
	for _, x := range w.stake {
		most = max(most, x)
	}
	_, exponent := math.Frexp(most)
	unit := math.Ldexp(1, -exponent)
	var sum float64
	for k := 0; k < len(w.stake); k += 2 {
		b, a := float64(w.stake[k]*unit), float64(w.stake[k+1]*unit)
		if b < ruined {
			b = 0
		}
		if a < ruined {
			a = 0
		}
		w.stake[k], w.stake[k+1] = b, a
		sum += b + a
	}
	w.sum = sum
	w.scale += int64(exponent)
	w.setLimit(alpha)
}

func (w *wealth) setLimit(alpha float64) {
	w.limit = math.Ldexp(2*float64(stakes)/alpha, -clampExponent(w.scale))
}

// clampExponent keeps an exponent within what Ldexp's int holds everywhere;
// beyond it the result is 0 or infinite anyway.
func clampExponent(e int64) int { return int(min(max(e, -1<<20), 1<<20)) }

func (w *wealth) excluded() bool { return w.sum >= w.limit }

// favoursB says whether the stakes on b have won more than those on a.
func (w *wealth) favoursB() bool {
	var gap float64
	for k := 0; k < len(w.stake); k += 2 {
		gap += w.stake[k] - w.stake[k+1]
	}
	return gap > 0
}

// raise keeps the larger of two sums in units of their own.
func (h *highest) raise(sum float64, scale int64) {
	if sum >= math.Ldexp(h.sum, clampExponent(h.scale-scale)) {
		h.sum, h.scale = sum, scale
	}
}

// logWealth is ln of the mean wealth.
func logWealth(sum float64, scale int64) float64 {
	return math.Log(sum/(2*float64(stakes))) + float64(scale)*math.Ln2
}
