package results

import (
	"math"

	"tandem"
	"tandem/internal/stats"
)

// forecast is how many more calls the test is likely to take.
type forecast struct {
	calls int64   // of the whole test, rounded: all its randomised calls
	days  float64 // at the test's recent volume; 0 when that is not known
}

// A forecast looks ahead in steps of a twelfth of a doubling.
const (
	stepsPerDoubling = 12
	mostSteps        = stepsPerDoubling * 24
)

// untilDecided foresees when a pair's difference is decided, if its estimate
// stays as it is and its standard error falls with the root of the calls: that
// keeps what the test knows of its own split, phases and callers, which a plan
// from scratch would not.
func (a *account) untilDecided(p *Pair, f finding) (forecast, bool) {
	decided := func(in stats.Interval) bool { return in.Low > 0 || in.High < 0 }
	if f.method == tandem.Betting && p.Known && p.SE > 0 {
		n := p.NA + p.NB
		if in, ok := a.intervalAt(p, f, n); ok && decided(in) {
			return a.scaled(moreToBet(p, n), n), true
		}
	}
	return a.ahead(p, f, decided)
}

// moreToBet is for bets that lag behind the interval that stands in for them:
// the logarithm of the evidence grows about in proportion to the calls.
func moreToBet(p *Pair, n int64) int64 {
	growth := 2.0
	if p.Bet.LogE > 0 {
		growth = min(growth, -math.Log(p.Alpha)/p.Bet.LogE)
	}
	return int64(math.Ceil(float64(n) * max(growth-1, 0.05)))
}

// untilEquivalent foresees in the same way when the interval fits into the
// margin.
func (a *account) untilEquivalent(p *Pair, f finding) (forecast, bool) {
	margin := a.test.EquivalenceMargin
	if !(math.Abs(p.Value) < margin) {
		return forecast{}, false
	}
	return a.ahead(p, f, func(in stats.Interval) bool { return in.Low > -margin && in.High < margin })
}

func (a *account) ahead(p *Pair, f finding, done func(stats.Interval) bool) (forecast, bool) {
	if !p.Known || !(p.SE > 0) || a.standing.Calls == 0 {
		return forecast{}, false
	}
	n := p.NA + p.NB
	for step := 1; step <= mostSteps; step++ {
		then := int64(math.Ceil(float64(n) * math.Exp2(float64(step)/stepsPerDoubling)))
		in, ok := a.intervalAt(p, f, then)
		if !ok {
			return forecast{}, false
		}
		if done(in) {
			return a.scaled(then-n, n), true
		}
	}
	return forecast{}, false
}

// intervalAt is the interval when the pair has n values. The bets' own interval
// depends on what the calls will say; the asymptotic one, which comes about as
// fast, stands in for it.
func (a *account) intervalAt(p *Pair, f finding, n int64) (stats.Interval, bool) {
	se := p.SE * math.Sqrt(float64(p.NA+p.NB)/float64(n))
	var band stats.Band
	var err error
	// The clock keeps its share of the values.
	clock := max(1, int64(float64(n)*float64(p.Clock)/float64(p.NA+p.NB)))
	then := p.watched(se, clock)
	// Skewness falls with the root of the values, too.
	then.Skew *= se / p.SE
	if f.method == tandem.ByPlan {
		band, err = then.Planned(planOf(a.test, a.test.Arm(p.Arm)), p.Alpha)
	} else {
		band, err = then.Sequence(p.Alpha, stats.Tuning)
	}
	return band.Interval, err == nil
}

// scaled turns more values of a pair, which has n, into more calls of the test
// and days.
func (a *account) scaled(more, n int64) forecast {
	calls := float64(more) * max(1, float64(a.standing.Calls)/float64(n))
	out := forecast{calls: roughly(int64(math.Ceil(calls)))}
	if a.standing.PerDay > 0 {
		out.days = calls / a.standing.PerDay
	}
	return out
}
