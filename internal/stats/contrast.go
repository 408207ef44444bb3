package stats

import "math"

// Phase is one arm beside the first in one phase of a test.
type Phase struct {
	// NA and NB count units: values, or clusters where those are randomised.
	NA, NB       int64
	MeanA, MeanB float64
	Spread       Spread
}

// Contrast is the difference of two arms at one look: what a verdict watches.
type Contrast struct {
	Watched
	// MeanA and MeanB are the arms' means, weighted as the difference is: MeanB
	// less MeanA is Value.
	MeanA, MeanB float64
	// NA and NB count the units in the phases compared.
	NA, NB int64
}

// Contrasted averages the differences of the phases, each weighted by
// [StratumWeight], and leaves out those with fewer than two units on a side; false
// when none is left. Weights and clock are of one kind, so that with one spread in
// all phases the variance is that spread over the clock: what the boundaries of the
// sequences are made for.
//
// Of clusters, the same may be in several phases, most of them in the same arm, so
// that the phases' differences err together. Their standard errors add up then, to
// the most that it can be, and their skewness stays what it is.
func Contrasted(phases []Phase, clusters bool) (c Contrast, known bool) {
	// Products are converted before they are added, so that no compiler fuses the
	// two steps and rounds differently from another.
	var weight float64
	for i := range phases {
		if p := &phases[i]; p.NA > 1 && p.NB > 1 {
			weight += float64(StratumWeight(p.NA, p.NB))
		}
	}
	if weight == 0 {
		return Contrast{}, false
	}
	c.Clock = int64(weight)
	var all Spread
	var together, own, skew float64
	for i := range phases {
		p := &phases[i]
		if p.NA < 2 || p.NB < 2 {
			continue
		}
		w := StratumWeight(p.NA, p.NB) / weight
		c.MeanA += float64(w * p.MeanA)
		c.MeanB += float64(w * p.MeanB)
		all.Variance += float64(float64(w*w) * p.Spread.Variance)
		all.Own += float64(float64(w*w) * p.Spread.Own)
		all.Third += float64(float64(float64(w*w)*w) * p.Spread.Third)
		together += float64(w * math.Sqrt(p.Spread.Variance))
		part := float64(w * math.Sqrt(p.Spread.Own))
		own += part
		skew += float64(part * p.Spread.Skew())
		c.NA += p.NA
		c.NB += p.NB
	}
	c.Value, c.SE, c.Skew = c.MeanB-c.MeanA, math.Sqrt(all.Variance), all.Skew()
	if clusters {
		if c.SE, c.Skew = together, 0; own > 0 {
			c.Skew = skew / own
		}
	}
	return c, true
}

// From is the number of units on a side from which sequences may be used: of
// averages of numbers, or of shares.
func From(averages bool) int64 {
	if averages {
		return MeansFrom
	}
	return SequenceFrom
}

// Ready says whether sequences of the difference may be used.
func (c Contrast) Ready(averages bool) bool {
	from := From(averages)
	return c.SE > 0 && c.NA >= from && c.NB >= from
}
