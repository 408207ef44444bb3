package stats

import "math"

// Fisher tests whether two proportions are equal, exactly, whatever the counts:
// the probability, with both margins fixed, of every table that is no likelier
// than the one seen. Fisher (1935), JRSS 98, 39-82; two-sided as in R's
// fisher.test, which also lets tables within a relative 1e-7 count as equally
// likely.
//
// The work grows with the square root of the counts. Errors: ErrInput.
func Fisher(a, b Proportion) (Test, error) {
	if err := a.check(); err != nil {
		return Test{}, err
	}
	if err := b.check(); err != nil {
		return Test{}, err
	}
	h := hypergeometric{
		good: float64(a.Successes) + float64(b.Successes),
		bad:  float64(a.N-a.Successes) + float64(b.N-b.Successes),
		draw: float64(a.N),
	}
	seen := float64(a.Successes)
	mode := h.mode()
	seenLog := h.logRatio(mode, seen)

	const tie = 1e-7
	total, tail := 1.0, 0.0
	if 0 <= seenLog+tie {
		tail = math.Exp(-seenLog)
	}
	for _, direction := range []float64{-1, 1} {
		log := 0.0
		for k := mode; ; k += direction {
			step := h.logStep(k, direction)
			if math.IsInf(step, -1) {
				break
			}
			log += step
			// Beyond both sums' reach: the weights only fall from here on.
			if log < -50 && log < seenLog-50 {
				break
			}
			total += math.Exp(log)
			if log <= seenLog+tie {
				tail += math.Exp(log - seenLog)
			}
		}
	}
	return fromLog(0, 0, seenLog+math.Log(tail)-math.Log(total)), nil
}

// hypergeometric counts the good ones among draw from good and bad.
type hypergeometric struct{ good, bad, draw float64 }

// mode gives the likeliest count.
func (h hypergeometric) mode() float64 {
	m := math.Floor((h.draw + 1) / (h.good + h.bad + 2) * (h.good + 1))
	return min(max(m, 0, h.draw-h.bad), h.good, h.draw)
}

// logStep gives ln P(k+direction) - ln P(k), -Inf past the end of the support.
func (h hypergeometric) logStep(k, direction float64) float64 {
	if direction > 0 {
		return math.Log((h.good - k) / (k + 1) * ((h.draw - k) / (h.bad - h.draw + k + 1)))
	}
	return math.Log(k / (h.good - k + 1) * ((h.bad - h.draw + k) / (h.draw - k + 1)))
}

// logRatio gives ln P(to) - ln P(from), summed step by step: differences of
// log-gammas would cancel for large counts.
func (h hypergeometric) logRatio(from, to float64) float64 {
	var log float64
	for k := from; k < to; k++ {
		log += h.logStep(k, 1)
	}
	for k := from; k > to; k-- {
		log += h.logStep(k, -1)
	}
	return log
}
