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
		return a.moreToBet(p)
	}
	return a.ahead(p, f, decided)
}

// mostAhead is how many more calls a forecast may name: past it nobody waits, and
// near the smallest difference that bets find the number means nothing.
const mostAhead = 1e7

// moreToBet foresees when bets are decided, by the growth that their evidence has on
// average at a difference like this one. The asymptotic sequence could not stand in
// for them: below what the smallest stake can find they never decide.
func (a *account) moreToBet(p *Pair) (forecast, bool) {
	if p.NA < 1 || p.NB < 1 {
		return forecast{}, false
	}
	na, nb := float64(p.NA), float64(p.NB)
	d := stats.Design{
		Binary: p.Kind == tandem.Proportion, Baseline: p.MeanA, Effect: p.Value,
		ShareB: nb / (na + nb), Alpha: p.Alpha,
	}
	if !d.Binary {
		d.SD, d.Bounds = p.SE/math.Sqrt(1/na+1/nb), p.BetBounds
	}
	more, err := d.Ahead(p.Bet.LogE)
	if err != nil || more > mostAhead {
		return forecast{}, false
	}
	return a.scaled(max(1, more), p.NA+p.NB), true
}

// untilEquivalent foresees in the same way when the interval fits into the
// margin.
func (a *account) untilEquivalent(p *Pair, f finding) (forecast, bool) {
	margin := a.test.EquivalenceMargin
	if !(math.Abs(p.Value) < margin) || f.method == tandem.Betting && !(math.Abs(p.Value)+betGrain(p) < margin) {
		return forecast{}, false
	}
	return a.ahead(p, f, func(in stats.Interval) bool { return in.Low > -margin && in.High < margin })
}

// betGrain is how wide the bets' interval stays to each side, however many the
// calls: 0.01 standard deviations over sqrt(q(1-q)).
func betGrain(p *Pair) float64 {
	na, nb := float64(p.NA), float64(p.NB)
	// SE is the standard deviation times sqrt(1/na + 1/nb), and so is what is
	// wanted: 1/(q(1-q)) is (na+nb)(1/na + 1/nb).
	return 0.01 * p.SE * math.Sqrt(na+nb)
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
// fast down to betGrain, stands in for it.
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
