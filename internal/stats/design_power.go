package stats

import (
	"fmt"
	"math"
)

// fixedPower is the power of a single test after so many calls, in the direction
// of the effect.
func (p *plan) fixedPower(calls float64) float64 {
	effect, root := math.Abs(p.Effect), math.Sqrt(calls)
	if p.Binary {
		return normalShare((effect*root - normalQuantile(p.tail())*p.pooled) / p.noise)
	}
	// Welch's degrees of freedom at the expected sizes of the arms.
	inverse := 0.0
	for _, arm := range [2]struct{ sd, share float64 }{{p.sdA, 1 - p.ShareB}, {p.sdB, p.ShareB}} {
		n := arm.share * calls
		if n < 2 {
			return 0
		}
		part := arm.sd / p.noise * arm.sd / p.noise / arm.share
		inverse += part * part / (n - 1)
	}
	t := studentQuantile(p.tail(), 1/inverse)
	return normalShare((effect*root/p.noise - t*(1-inverse/4)) / math.Sqrt(1+t*t*inverse/2))
}

// leastCalls finds the smallest number of calls with the wanted power, which
// rises with the calls, to a part of itself. The first guess is that of a plain
// z test of the distance.
func (p *plan) leastCalls(power func(calls float64) float64, distance, part float64) (float64, error) {
	if distance <= 0 {
		return 0, p.never()
	}
	guess := (normalQuantile(p.tail()) - normalQuantile(p.Power)) * p.noise / distance
	gap := func(root float64) float64 { return p.beyond(power(root * root)) }
	root, ok := solve(gap, guess, math.Sqrt(mostCalls), part/2)
	if !ok {
		return 0, p.never()
	}
	return root * root, nil
}

// beyond is how far a power lies above the wanted one, as normal deviates: nearly
// a straight line in the root of the calls and in the effect.
func (p *plan) beyond(power float64) float64 {
	return normalQuantile(p.Power) - normalQuantile(min(max(power, 1e-15), 1-1e-15))
}

// normalShare is P(Z <= z).
func normalShare(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// MinimumEffect is the smallest effect, in the direction of d.Effect (upwards
// when that is 0), that a test of n calls finds with the wanted power. The
// method is "fixed" (one look), "sequential" (the betting evidence), "planned"
// (a plan of n calls) or "asymptotic". The effect of a proportion stays within 0
// to 1.
//
// Errors: ErrInput, also for another method; ErrTooFew when n calls do not find
// even the largest effect.
func (d Design) MinimumEffect(n int64, method string) (float64, error) {
	if n < 1 {
		return 0, fmt.Errorf("%w: %d calls; expected at least 1", ErrInput, n)
	}
	if method == "sequential" && d.PerCaller > 0 {
		method = "asymptotic"
	}
	if method == "sequential" {
		d.Covariate = 0
	}
	if method == "planned" && d.OneSided {
		return 0, fmt.Errorf("%w: a plan has two sides", ErrInput)
	}
	power, err := d.powerBy(float64(n), method)
	if err != nil {
		return 0, err
	}
	sign := math.Copysign(1, d.Effect)
	largest := d.largestEffect(sign)
	if largest == 0 {
		return 0, fmt.Errorf("%w: nothing lies beyond a baseline of %v", ErrTooFew, d.Baseline)
	}
	d.Effect = sign * largest / 2
	p, err := d.plan()
	if err != nil {
		return 0, err
	}
	guess := (normalQuantile(p.Alpha/2) - normalQuantile(p.Power)) * p.noise / math.Sqrt(float64(n)/p.calls)
	effect, ok := solve(func(effect float64) float64 {
		d.Effect = sign * effect
		tried, err := d.plan()
		if err != nil {
			return -1 // a proportion without spread, at the end of its range
		}
		return p.beyond(power(&tried))
	}, guess, largest, 1e-3)
	if !ok {
		return 0, fmt.Errorf("%w: %d calls do not find an effect of %v", ErrTooFew, n, sign*largest)
	}
	return sign * effect, nil
}

// largestEffect is how far B's mean can be from A's, in one direction; for a mean
// without bounds, far enough to be found in a few calls.
func (d Design) largestEffect(sign float64) float64 {
	switch {
	case d.Binary && sign > 0:
		return 1 - d.Baseline
	case d.Binary:
		return d.Baseline
	case d.Bounds != Bounds{}:
		return d.Bounds.width()
	}
	return 1000 * max(d.SD, d.SDB)
}

// powerBy gives the power by n calls as a function of a design.
func (d Design) powerBy(n float64, method string) (func(*plan) float64, error) {
	switch method {
	case "fixed":
		return func(p *plan) float64 { return p.fixedPower(n / p.calls) }, nil
	case "sequential":
		return func(p *plan) float64 { return p.betWalk().passage(n/p.calls, 1).reached() }, nil
	case "asymptotic":
		return func(p *plan) float64 { return p.sequenceWalk().passage(n/p.calls, 1).reached() }, nil
	case "planned":
		return func(p *plan) float64 { return p.plannedPower(n / p.calls) }, nil
	}
	return nil, fmt.Errorf("%w: method %q; expected fixed, sequential, planned or asymptotic", ErrInput, method)
}
