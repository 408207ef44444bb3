package stats

import (
	"fmt"
	"math"
)

// Design is what a test of one metric is planned with. The zero value of a field
// that has a default takes it.
type Design struct {
	// Binary: the metric is a proportion, otherwise a mean.
	Binary bool
	// Baseline is A's mean; of a proportion, 0 to 1.
	Baseline float64
	// Effect is B - A, not 0 unless a margin is planned for.
	Effect float64
	// SD is the standard deviation of A's values; SDB of B's, by default SD.
	// A proportion has its own.
	SD, SDB float64
	// Bounds are those the evidence is folded with; means only. Without bounds
	// no stake is held back, which is too hopeful for wide ones.
	Bounds Bounds
	// ShareB is B's share of the calls, by default 1/2.
	ShareB float64
	// Alpha is how often a test of equal arms may be wrong, by default 0.05;
	// Power is how often a true effect is to be found, by default 0.8.
	Alpha, Power float64
	// Tuning is N* of the asymptotic sequence, by default [Tuning].
	Tuning float64
	// Margin is the difference that does not matter, above 0: for
	// NonInferiority and Equivalence.
	Margin float64

	// Arms is how many arms the test has, by default 2. Each is compared with A at
	// Alpha/(Arms-1), Holm's first step, and has B's share; Calls are then those of
	// all arms, while ShareB stays B's share of A's and B's calls.
	Arms int
	// OneSided: only an effect to this side counts, as in a guardrail. Fixed has
	// all of Alpha there, Asymptotic is [Watched.Above]. Sequential is the same as
	// for two sides, since a guardrail reads the end of the bets' interval; a plan
	// has no such side.
	OneSided bool
	// PerCaller is how many calls a caller makes on average, where callers are
	// randomised; 0 where calls are. Alike is then the intra-caller correlation, 0
	// to 1, and Uneven the standard deviation of calls by caller over their mean.
	// Sequential is the sequence by caller there.
	PerCaller, Alike, Uneven float64
	// Covariate is the correlation of a call's value with what was known of the
	// caller before, -1 to 1: [CUPED] leaves 1 - Covariate^2 of the variance.
	// Bets have no covariate, so Sequential leaves it out.
	Covariate float64
}

// Size is how many calls a test takes, in both arms together.
type Size struct {
	// Calls is the number by which the effect is found with the wanted power.
	Calls int64
	// Expected is the mean number of calls when the test stops as soon as the
	// effect is found: without limit, but for the planned mode, which ends at
	// Calls. With a single look it is Calls.
	Expected int64
}

// mostCalls bounds every answer. A test that needs more does not end.
const mostCalls = 1e12

// plan is a design that has been checked, in units of one call: its score
// (arm - q)/(q(1-q)) (y - m) has the mean effect and the variance noise^2.
type plan struct {
	Design
	meanA, meanB float64
	sdA, sdB     float64
	noise        float64
	// caution is by how much the standard error that watched differences are
	// judged with is larger than the arms' own: that of [SpreadOfShares] is pooled
	// where the small arm varies less.
	caution float64
	// pooled is noise when both arms are alike.
	pooled float64
	// calls is how many calls of the test one unit of the two arms stands for.
	calls float64
}

func (d Design) plan() (plan, error) {
	d.ShareB = orDefault(d.ShareB, 0.5)
	d.Alpha = orDefault(d.Alpha, 0.05)
	d.Power = orDefault(d.Power, 0.8)
	d.Tuning = orDefault(d.Tuning, Tuning)
	d.SDB = orDefault(d.SDB, d.SD)
	if d.Arms == 0 {
		d.Arms = 2
	}
	p := plan{Design: d, meanA: d.Baseline, meanB: d.Baseline + d.Effect, sdA: d.SD, sdB: d.SDB}
	if err := p.check(); err != nil {
		return plan{}, err
	}
	if d.Binary {
		p.meanB = min(max(p.meanB, 0), 1)
		p.sdA, p.sdB = math.Sqrt(p.meanA*(1-p.meanA)), math.Sqrt(p.meanB*(1-p.meanB))
		p.Bounds = Bounds{0, 1}
	}
	factor := p.takeUnits()
	p.noise = math.Hypot(p.sdA/math.Sqrt(1-d.ShareB), p.sdB/math.Sqrt(d.ShareB))
	if p.noise == 0 {
		return plan{}, fmt.Errorf("%w: no spread in either arm", ErrTooFew)
	}
	q := p.ShareB
	p.pooled = math.Sqrt((q*p.sdB*p.sdB + (1-q)*p.sdA*p.sdA) / (q * (1 - q)))
	if d.Binary {
		both := q*p.meanB + (1-q)*p.meanA
		p.pooled = factor * math.Sqrt(both*(1-both)/(q*(1-q)))
	}
	p.caution = max(1, p.pooled/p.noise)
	return p, nil
}

func orDefault(x, otherwise float64) float64 {
	if x == 0 {
		return otherwise
	}
	return x
}

func (p *plan) check() error {
	switch {
	case !finite(p.Baseline, p.Effect, p.SD, p.SDB, p.Margin, p.Bounds.Low, p.Bounds.High) || p.SD < 0 || p.SDB < 0 || p.Margin < 0:
		return fmt.Errorf("%w: baseline %v, effect %v, sd %v and %v, margin %v", ErrInput, p.Baseline, p.Effect, p.SD, p.SDB, p.Margin)
	case !(p.ShareB >= leastShare && p.ShareB <= 1-leastShare):
		return fmt.Errorf("%w: share %v of arm B; expected between 0 and 1", ErrInput, p.ShareB)
	case !(p.Alpha >= leastAlpha && p.Alpha < 0.5):
		return fmt.Errorf("%w: alpha %v; expected between 0 and 0.5", ErrInput, p.Alpha)
	case !(p.Power >= 0.01 && p.Power <= 0.9999):
		return fmt.Errorf("%w: power %v; expected 0.01 to 0.9999", ErrInput, p.Power)
	case !usableTuning(p.Tuning):
		return fmt.Errorf("%w: tuning %v; expected above 0", ErrInput, p.Tuning)
	case p.Arms < 2:
		return fmt.Errorf("%w: %d arms; expected 2 or more", ErrInput, p.Arms)
	case p.PerCaller != 0 && !(p.PerCaller >= 1 && finite(p.PerCaller)), !(p.Alike >= 0 && p.Alike <= 1), !(p.Uneven >= 0 && finite(p.Uneven)):
		return fmt.Errorf("%w: %v calls by caller, correlation %v, uneven by %v", ErrInput, p.PerCaller, p.Alike, p.Uneven)
	case !(p.Covariate > -1 && p.Covariate < 1):
		return fmt.Errorf("%w: correlation %v with the covariate; expected between -1 and 1", ErrInput, p.Covariate)
	case p.Binary && !(p.Baseline >= 0 && p.Baseline <= 1 && p.meanB >= -1e-12 && p.meanB <= 1+1e-12):
		return fmt.Errorf("%w: shares %v and %v; expected 0 to 1", ErrInput, p.Baseline, p.meanB)
	case !p.Binary && p.Bounds != Bounds{}:
		return checkBounds(p.Bounds, false)
	}
	return nil
}

// planEffect is plan for a design that is to find an effect.
func (d Design) planEffect() (plan, error) {
	if d.Effect == 0 {
		return plan{}, fmt.Errorf("%w: an effect of 0 cannot be found", ErrInput)
	}
	return d.plan()
}

// Fixed is the size of a test with one look at its end: the pooled z test of two
// proportions (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
// Proportions, section 4.2, without continuity correction) or Welch's t test
// (its power by Abramowitz & Stegun 26.7.10). Shares other than one half follow
// the same formulas with the arms' own sizes.
//
// Errors: ErrInput; ErrTooFew when no number of calls is enough.
func (d Design) Fixed() (Size, error) {
	p, err := d.planEffect()
	if err != nil {
		return Size{}, err
	}
	return p.oneLook(p.fixedPower, math.Abs(p.Effect))
}

// Asymptotic is the size of a test watched by [Watched.Sequence] from SequenceFrom
// calls in each arm on (MeansFrom for means, whose skewness it leaves out).
//
// Errors: those of Fixed.
func (d Design) Asymptotic() (Size, error) { return d.watched((*plan).sequenceWalk) }

// Sequential is the size of a test watched by [Bet], which the verdict rests on.
// An effect below 0.005/(q(1-q)) of the values' standard deviation, q the share
// of b, is never found: the smallest stake is too large for it. At an even split
// that is 0.02, at one in ten 0.056.
//
// Errors: those of Fixed.
func (d Design) Sequential() (Size, error) {
	if d.PerCaller > 0 {
		return d.Asymptotic()
	}
	d.Covariate = 0
	return d.watched((*plan).betWalk)
}

func (d Design) watched(walk func(*plan) walk) (Size, error) {
	p, err := d.planEffect()
	if err != nil {
		return Size{}, err
	}
	return p.size(walk)
}

func (p *plan) size(walk func(*plan) walk) (Size, error) {
	found := walk(p).passage(mostCalls, p.Power)
	calls, ok := found.quantile(p.Power)
	if !ok {
		return Size{}, p.never()
	}
	return p.sized(calls, found.mean()), nil
}

func (p *plan) never() error {
	return fmt.Errorf("%w: %.0g calls do not show an effect of %v (margin %v)", ErrTooFew, float64(mostCalls), p.Effect, p.Margin)
}

// oneLook sizes a test from its power at one look; distance is what it has to
// tell from nothing.
func (p *plan) oneLook(power func(calls float64) float64, distance float64) (Size, error) {
	calls, err := p.leastCalls(power, distance, 1e-6)
	if err != nil {
		return Size{}, err
	}
	return p.sized(calls, calls), nil
}

// Planned is the size of a test in the planned mode: the number of calls to plan
// so that [Planned] finds the effect by then with the wanted power, and the mean
// number when it stops as soon as that happens, at the plan's end at the latest.
//
// Errors: those of Fixed; ErrInput for a design with one side.
func (d Design) Planned() (Size, error) {
	p, err := d.planEffect()
	if err != nil {
		return Size{}, err
	}
	if p.OneSided {
		return Size{}, fmt.Errorf("%w: a plan has two sides", ErrInput)
	}
	calls, err := p.leastCalls(p.plannedPower, math.Abs(p.Effect), 5e-4)
	if err != nil {
		return Size{}, err
	}
	found := p.plannedWalk(calls).passage(calls, 1)
	return p.sized(calls, found.mean()), nil
}

func (p *plan) plannedPower(calls float64) float64 {
	return p.plannedWalk(calls).passage(calls, 1).reached()
}

// Days is how many days so many calls take at a volume of calls a day.
//
// Errors: ErrInput for negative calls or a volume that is negative, NaN or
// infinite; ErrTooFew for a volume of 0.
func Days(calls int64, perDay float64) (float64, error) {
	if calls < 0 || !finite(perDay) || perDay < 0 {
		return 0, fmt.Errorf("%w: %d calls at %v a day", ErrInput, calls, perDay)
	}
	if perDay == 0 {
		return 0, fmt.Errorf("%w: no calls a day", ErrTooFew)
	}
	return float64(calls) / perDay, nil
}

// upwards rounds a number of calls up, but not over what rounding left of a
// whole one.
func upwards(calls float64) int64 { return int64(math.Ceil(calls - 1e-6)) }
