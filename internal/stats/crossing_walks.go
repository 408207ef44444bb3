package stats

import "math"

// sequenceWalk is a test watched by the asymptotic sequence: z reaches its bound
// when the walk, whose drift is effect/noise a call, reaches sqrt(n) times it.
func (p *plan) sequenceWalk() walk {
	if p.OneSided {
		return p.above(math.Abs(p.Effect))
	}
	return p.zWalk(func(n float64) float64 {
		return sequenceBound(n*sequenceRate(p.Alpha, p.Tuning), p.Alpha)
	})
}

// plannedWalk is a test in the planned mode.
func (p *plan) plannedWalk(planned float64) walk {
	a := sequenceShare * p.Alpha
	rate := sequenceRate(a, sequenceAround*planned)
	c := normalQuantile(boundaryShare * p.Alpha / 4)
	return p.zWalk(func(n float64) float64 {
		return min(sequenceBound(n*rate, a), c*math.Sqrt(planned/n))
	})
}

// aboveWalk is a test of non-inferiority watched by the one-sided sequence.
func (p *plan) aboveWalk() walk { return p.above(p.Margin + p.Effect) }

// above is a test watched by the one-sided sequence, at a distance from what it is
// to rule out.
func (p *plan) above(distance float64) walk {
	drift, rate := distance/p.noise, sequenceRate(2*p.Alpha, p.Tuning)
	return walk{
		from: p.watchedFrom(),
		ends: func(n float64) (low, high float64) {
			return math.Inf(-1), p.caution*math.Sqrt(n)*sequenceBoundAbove(n*rate, p.Alpha) - n*drift
		},
	}
}

// watchedFrom is how many calls it takes until both arms have enough.
func (p *plan) watchedFrom() float64 {
	from := float64(SequenceFrom)
	if !p.Binary {
		from = MeansFrom
	}
	return from / min(p.ShareB, 1-p.ShareB)
}

func (p *plan) zWalk(bound func(n float64) float64) walk {
	drift := math.Abs(p.Effect) / p.noise
	return walk{
		from: p.watchedFrom(),
		ends: func(n float64) (low, high float64) {
			b := p.caution * math.Sqrt(n) * bound(n)
			return -b - n*drift, b - n*drift
		},
	}
}

// betWalk is a test watched by the betting evidence. The logarithm of a stake's
// wealth is a sum over calls with a mean growth and a spread of its own, all
// carried by the same scores: after n calls, with the walk at x,
//
//	W = mean over k of exp(n growth_k + spread_k x)
//
// which is 1/alpha at two places, the boundaries.
func (p *plan) betWalk() walk {
	growth, spread := p.stakes()
	target := math.Log(2 * float64(stakes) / p.Alpha)
	return walk{
		from: 2,
		ends: func(n float64) (low, high float64) {
			high = wealthReaches(n, growth[:], spread[:], target)
			var turned [2 * stakes]float64
			for k, s := range spread {
				turned[k] = -s
			}
			return -wealthReaches(n, growth[:], turned[:], target), high
		},
	}
}

// stakes gives the mean and the signed standard deviation of each stake's
// logarithm a call, those on the effect's side first. The pooled mean and spread
// of the outcomes, from which stakes are set, are taken as settled.
func (p *plan) stakes() (growth, spread [2 * stakes]float64) {
	q := p.ShareB
	mean := q*p.meanB + (1-q)*p.meanA
	between := p.meanB - p.meanA
	pooled := math.Sqrt(q*p.sdB*p.sdB + (1-q)*p.sdA*p.sdA + q*(1-q)*between*between)
	if p.Binary {
		pooled = math.Sqrt(mean * (1 - mean))
	}
	most := math.Inf(1)
	if p.Bounds != (Bounds{}) {
		above, below := p.Bounds.High-mean, mean-p.Bounds.Low
		most = stakeLimit / max(above/q, below/(1-q), below/q, above/(1-q))
	}
	sign := math.Copysign(1, p.Effect)
	for k, eta := range stakeSizes {
		lambda := min(eta*math.Sqrt(q*(1-q))/pooled, most)
		growth[k], spread[k] = p.logGrowth(lambda*sign, mean)
		growth[stakes+k], spread[stakes+k] = p.logGrowth(-lambda*sign, mean)
		spread[stakes+k] = -spread[stakes+k]
	}
	return growth, spread
}

// logGrowth is the mean and the standard deviation of ln(1 + lambda psi) at one
// call. An arm has two values: 0 and 1, or its mean less or plus its standard
// deviation, which has the right mean and variance.
func (p *plan) logGrowth(lambda, mean float64) (growth, spread float64) {
	var first, second float64
	for _, arm := range [2]struct{ share, weight, mean, sd float64 }{
		{p.ShareB, 1 / p.ShareB, p.meanB, p.sdB},
		{1 - p.ShareB, -1 / (1 - p.ShareB), p.meanA, p.sdA},
	} {
		values, chances := [2]float64{arm.mean - arm.sd, arm.mean + arm.sd}, [2]float64{0.5, 0.5}
		if p.Binary {
			values, chances = [2]float64{0, 1}, [2]float64{1 - arm.mean, arm.mean}
		}
		for v, y := range values {
			l := math.Log1p(max(-stakeLimit, lambda*arm.weight*(y-mean)))
			first += arm.share * chances[v] * l
			second += arm.share * chances[v] * l * l
		}
	}
	return first, math.Sqrt(max(0, second-first*first))
}

// wealthReaches finds the largest x with ln of the sum of exp(n growth + spread
// x) = target. The logarithm is convex in x, so Newton's method, begun where the
// best single stake is there alone, only ever comes down to it.
func wealthReaches(n float64, growth, spread []float64, target float64) float64 {
	x := math.Inf(1)
	for k, s := range spread {
		if s > 0 {
			x = min(x, (target-n*growth[k])/s)
		}
	}
	for range 50 {
		most := math.Inf(-1)
		for k, s := range spread {
			most = max(most, n*growth[k]+s*x)
		}
		var sum, slope float64
		for k, s := range spread {
			e := math.Exp(n*growth[k] + s*x - most)
			sum += e
			slope += s * e
		}
		move := (most + math.Log(sum) - target) * sum / slope
		if !(slope > 0) || math.Abs(move) < 1e-9*(1+math.Abs(x)) {
			break
		}
		x -= move
	}
	return x
}
