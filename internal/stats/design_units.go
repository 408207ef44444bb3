package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// takeUnits turns calls into the units that are randomised, and shares alpha among
// the arms. It gives what a unit's standard deviation is of a call's.
func (p *plan) takeUnits() float64 {
	p.Alpha /= float64(p.Arms - 1)
	p.calls = 1 - p.ShareB + float64(p.Arms-1)*p.ShareB
	factor := math.Sqrt(1 - p.Covariate*p.Covariate)
	if p.PerCaller > 0 {
		p.calls *= p.PerCaller
		factor *= math.Sqrt(DesignEffect(p.PerCaller, p.Alike, p.Uneven) / p.PerCaller)
	}
	p.sdA, p.sdB = factor*p.sdA, factor*p.sdB
	return factor
}

// sized turns units of two arms into calls of the test.
func (p *plan) sized(units, expected float64) Size {
	return Size{Calls: upwards(units * p.calls), Expected: upwards(expected * p.calls)}
}

// tail is the error on the side of the effect.
func (p *plan) tail() float64 {
	if p.OneSided {
		return p.Alpha
	}
	return p.Alpha / 2
}

// DesignEffect is how many times more calls a test by caller takes than one whose
// calls are independent: 1 + (m (1 + uneven^2) - 1) alike, with m calls by caller on
// average, their standard deviation over their mean, and the intra-caller
// correlation. Kish (1965), Survey Sampling, section 5.4; for unequal numbers Eldridge,
// Ashby and Kerry (2006), International Journal of Epidemiology 35, 1292-1300.
func DesignEffect(perCaller, alike, uneven float64) float64 {
	return max(1, 1+(perCaller*(1+uneven*uneven)-1)*alike)
}

// QuantileSD is the standard deviation with which a [Design] for means plans the
// comparison of a quantile: sqrt(q(1-q))/density, with the values' density at their
// q-quantile (David & Nagaraja 2003, Order Statistics, section 10.2).
//
// Errors: ErrInput for q outside 0 to 1 or a density that is not above 0.
func QuantileSD(q, density float64) (float64, error) {
	if !(q > 0 && q < 1) || !(density > 0) || !finite(density) {
		return 0, fmt.Errorf("%w: density %v at quantile %v", ErrInput, density, q)
	}
	return math.Sqrt(q*(1-q)) / density, nil
}

// LogNormalQuantile gives the q-quantile of a log-normal distribution with a mean
// and a standard deviation, and its density there: what durations are about like.
//
// Errors: ErrInput for a mean or standard deviation that is not above 0, or q
// outside 0 to 1.
func LogNormalQuantile(mean, sd, q float64) (value, density float64, err error) {
	if !(mean > 0 && sd > 0) || !finite(mean, sd) || !(q > 0 && q < 1) {
		return 0, 0, fmt.Errorf("%w: quantile %v of mean %v, sd %v", ErrInput, q, mean, sd)
	}
	variance := math.Log1p(sd / mean * (sd / mean))
	sigma, z := math.Sqrt(variance), -normalQuantile(q)
	value = math.Exp(math.Log(mean) - variance/2 + sigma*z)
	return value, math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / (sigma * value), nil
}

// CategorySize is the number of calls, in all arms, with which one chi-squared test
// at alpha finds that the arms' shares of categories differ as given: shares[arm]
// adds up to 1, split is each arm's share of the calls. The statistic is then
// noncentral chi-squared with N w^2, w Cohen's effect size: Cohen (1988),
// Statistical Power Analysis, section 7.4.
//
// Errors: ErrInput; ErrTooFew when the arms do not differ.
func CategorySize(shares [][]float64, split []float64, alpha, power float64) (Size, error) {
	w2, df, err := categoryEffect(shares, split)
	if err != nil {
		return Size{}, err
	}
	if !(alpha >= leastAlpha && alpha < 0.5 && power > alpha && power <= 0.9999) {
		return Size{}, fmt.Errorf("%w: alpha %v, power %v", ErrInput, alpha, power)
	}
	if !(w2 > 1e-14) || df == 0 {
		return Size{}, fmt.Errorf("%w: the arms' shares are the same", ErrTooFew)
	}
	critical := distuv.ChiSquared{K: df}.Quantile(1 - alpha)
	calls, ok := solve(func(n float64) float64 { return noncentralTail(critical, df, n*w2) - power }, df/w2, mostCalls, 1e-9)
	if !ok {
		return Size{}, fmt.Errorf("%w: %.0g calls do not show it", ErrTooFew, float64(mostCalls))
	}
	n := upwards(calls)
	return Size{Calls: n, Expected: n}, nil
}

// categoryEffect is w^2 and the degrees of freedom.
func categoryEffect(shares [][]float64, split []float64) (w2, df float64, err error) {
	if len(shares) < 2 || len(split) != len(shares) {
		return 0, 0, fmt.Errorf("%w: %d arms and %d shares of the calls", ErrInput, len(shares), len(split))
	}
	var total float64
	for _, s := range split {
		if !(s > 0) || !finite(s) {
			return 0, 0, fmt.Errorf("%w: an arm's share of the calls is %v", ErrInput, s)
		}
		total += s
	}
	all := make([]float64, len(shares[0]))
	for arm, row := range shares {
		var sum float64
		if len(row) != len(all) {
			return 0, 0, fmt.Errorf("%w: %d and %d categories", ErrInput, len(all), len(row))
		}
		for c, p := range row {
			if !(p >= 0 && p <= 1) {
				return 0, 0, fmt.Errorf("%w: share %v of a category", ErrInput, p)
			}
			sum += p
			all[c] += split[arm] / total * p
		}
		if math.Abs(sum-1) > 1e-6 {
			return 0, 0, fmt.Errorf("%w: shares that add up to %v; expected 1", ErrInput, sum)
		}
	}
	for arm, row := range shares {
		for c, p := range row {
			if all[c] > 0 {
				w2 += split[arm] / total * (p - all[c]) * (p - all[c]) / all[c]
			}
		}
	}
	return w2, (positive(all) - 1) * float64(len(shares)-1), nil
}

// noncentralTail is P(X > x) of noncentral chi-squared: a mixture of central ones
// with Poisson weights, DLMF has its gamma functions (8.2.4).
func noncentralTail(x, df, lambda float64) float64 {
	var tail float64
	half := lambda / 2
	from := max(0, int(half-10*math.Sqrt(half)-10))
	for j := from; j < from+int(20*math.Sqrt(half))+60; j++ {
		k := float64(j)
		lg, _ := math.Lgamma(k + 1)
		weight := -half - lg
		if j > 0 {
			weight += k * math.Log(half)
		}
		tail += math.Exp(weight) * mathext.GammaIncRegComp(df/2+k, x/2)
	}
	return min(1, tail)
}

// SampleRatioSize is the number of calls by which [SampleRatio] raises its alarm
// with the wanted power when arm B, one of two, gets the share is where it should
// get intended. It counts a look at that call alone, and so is a little more than it
// takes.
//
// Errors: ErrInput; ErrTooFew when the shares are the same.
func SampleRatioSize(intended, is, power float64) (Size, error) {
	if !(intended >= leastShare && intended <= 1-leastShare && is >= 0 && is <= 1 && power > 0 && power <= 0.9999) {
		return Size{}, fmt.Errorf("%w: share %v for %v, power %v", ErrInput, is, intended, power)
	}
	if is == intended {
		return Size{}, fmt.Errorf("%w: the split is as intended", ErrTooFew)
	}
	shares := []float64{1 - intended, intended}
	alarm := func(n, k int64) bool {
		log, err := SampleRatio([]int64{n - k, k}, shares)
		return err == nil && log >= SampleRatioAlarm
	}
	reached := func(n int64) bool {
		drawn := distuv.Binomial{N: float64(n), P: is}
		middle := int64(float64(n) * intended)
		if is > intended {
			k := edge(middle, n, func(k int64) bool { return alarm(n, k) })
			return k <= n && 1-drawn.CDF(float64(k-1)) >= power
		}
		k := n - edge(n-middle, n, func(k int64) bool { return alarm(n, n-k) })
		return k >= 0 && drawn.CDF(float64(k)) >= power
	}
	n := int64(1)
	for !reached(n) {
		if n *= 2; n > 1e9 {
			return Size{}, fmt.Errorf("%w: %d calls do not show it", ErrTooFew, n)
		}
	}
	calls := edge(n/2, n, reached)
	return Size{Calls: calls, Expected: calls}, nil
}

// edge finds the least k from low to high for which yes holds, given that it holds
// from some k on; high+1 where it never does.
func edge(low, high int64, yes func(int64) bool) int64 {
	high++
	for low < high {
		if mid := low + (high-low)/2; yes(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
