package stats

import "math"

// Ahead is how many more calls the betting evidence takes that stands at logE now,
// the logarithm of [Bet.LogE], if every call is worth what the design says: along the
// mean growth of each stake, from where the mean of them is at logE to where it is at
// 1/Alpha. Where logE is below 0, what was lost has to be won back first.
//
// Errors: those of [Design.Sequential]; ErrTooFew where no stake grows, since the
// smallest is too large for so small an effect: watching will never find it.
func (d Design) Ahead(logE float64) (int64, error) {
	p, err := d.planEffect()
	if err != nil {
		return 0, err
	}
	if math.IsNaN(logE) {
		return 0, ErrInput
	}
	growth, _ := p.stakes()
	most := math.Inf(-1)
	for _, g := range growth {
		most = max(most, g)
	}
	if !(most > 0) {
		return 0, p.never()
	}
	wealth := func(n float64) float64 {
		var sum float64
		for _, g := range growth {
			sum += math.Exp(n * (g - most))
		}
		return n*most + math.Log(sum/float64(len(growth)))
	}
	// The mean lies between the best stake alone and its part of the mean.
	reaches := func(target float64) float64 {
		low := target / most
		high := low + math.Log(float64(len(growth)))/most
		for range 16 {
			if mid := (low + high) / 2; wealth(mid) < target {
				low = mid
			} else {
				high = mid
			}
		}
		return high
	}
	target := -math.Log(p.Alpha)
	more := reaches(target - min(0, logE))
	if logE > 0 {
		more -= reaches(min(logE, target))
	}
	if more > mostCalls {
		return 0, p.never()
	}
	return upwards(max(0, more)), nil
}
