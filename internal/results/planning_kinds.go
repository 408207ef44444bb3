package results

import (
	"fmt"

	"tandem"
	"tandem/internal/stats"
)

// checkKinds checks what goes beyond two arms, two sides and calls.
func (r *PlanRequest) checkKinds(wrong func(field, format string, args ...any), within func(field string, x, low, high float64)) {
	within("arms", float64(r.Arms), 2, mostArms)
	within("caller_correlation", r.CallerCorrelation, 0, 1)
	within("calls_spread", r.CallsSpread, 0, 100)
	within("covariate_correlation", r.Covariate, -0.999, 0.999)
	if r.CallsPerCaller != 0 {
		within("calls_per_caller", r.CallsPerCaller, 1, 10_000)
	} else if r.CallerCorrelation > 0 || r.CallsSpread > 0 {
		wrong("calls_per_caller", "is missing; callers are alike only in calls of which they make several")
	}
	if r.RealShareB != 0 {
		within("real_share_b", r.RealShareB, 0, 1)
		if r.RealShareB == r.ShareB {
			wrong("real_share_b", "is %v, as intended; expected another share", r.RealShareB)
		}
	}
	switch {
	case r.Quantile == 0 && r.Density == 0:
	case r.Kind != tandem.Mean:
		wrong("quantile", "goes with a mean")
	case !(r.Quantile > 0 && r.Quantile < 1):
		wrong("quantile", "is %v; expected between 0 and 1", r.Quantile)
	case r.Density == 0 && r.Baseline != nil && !(*r.Baseline > 0):
		wrong("density", "is missing; values around %v are not log-normal", *r.Baseline)
	case r.Density != 0 && !(r.Density > 0 && r.Density <= maxNumber):
		wrong("density", "is %v; expected above 0", r.Density)
	}
	r.checkCategories(wrong)
}

// mostArms is how many arms a test can have.
const mostArms = 10

func (r *PlanRequest) checkCategories(wrong func(field, format string, args ...any)) {
	if len(r.Categories) == 0 {
		return
	}
	if r.Arms != len(r.Categories) {
		wrong("categories", "has %d arms and arms is %d; expected a row for each", len(r.Categories), r.Arms)
	}
	if r.Baseline != nil || r.Effect != 0 || r.Calls != 0 || r.Days != 0 || r.OneSided || r.Quantile != 0 || r.CallsPerCaller != 0 || r.Covariate != 0 {
		wrong("categories", "go with split, power, alpha and volume only")
	}
	for i, row := range r.Categories {
		var sum float64
		for _, x := range row {
			sum += x
			if !(x >= 0 && x <= 1) {
				wrong(fmt.Sprintf("categories[%d]", i), "has the share %v; expected 0 to 1", x)
			}
		}
		switch {
		case len(row) < 2 || len(row) != len(r.Categories[0]):
			wrong(fmt.Sprintf("categories[%d]", i), "has %d shares; expected two or more, as many in every arm", len(row))
		case sum < 1-1e-6 || sum > 1+1e-6:
			wrong(fmt.Sprintf("categories[%d]", i), "adds up to %.6g; expected 1", sum)
		}
	}
}

// density is that of the values at the quantile. What it needs was checked.
func (r *PlanRequest) density() float64 {
	if r.Density > 0 {
		return r.Density
	}
	_, density, err := stats.LogNormalQuantile(*r.Baseline, r.SD, r.Quantile)
	if err != nil {
		return 0
	}
	return density
}

// oneLook says that the verdict never rests on what is planned: it is compared at
// the end, for reference.
func (r *PlanRequest) oneLook() bool {
	return len(r.Categories) > 0 || r.Quantile > 0 || r.Covariate != 0
}

// modes lists the modes of a request in the order in which they are shown.
func (r *PlanRequest) modes() []Mode {
	switch {
	case r.oneLook():
		return []Mode{ModeFixed}
	case r.OneSided:
		return []Mode{ModeSequential, ModeFixed}
	}
	return []Mode{ModeSequential, ModePlanned, ModeFixed}
}

// sequence says that what decides is an asymptotic sequence: there is nothing to
// bet on, callers are compared, or a guardrail on an average is.
func (p *planner) sequence() bool {
	r := &p.Request
	return p.unbounded() || r.CallsPerCaller > 0 || r.OneSided && r.Kind == tandem.Mean && r.Metric != tandem.MetricSentiment
}

// notes says what is particular about a request.
func (p *planner) notes() {
	r := &p.Request
	if r.Arms > 2 && len(r.Categories) == 0 {
		p.note(fmt.Sprintf("Calls are those of all %d arms. Each is compared with A at an alpha of %s, as the first of them has to be.",
			r.Arms, short(r.Alpha/float64(r.Arms-1))))
	}
	if r.CallsPerCaller > 0 {
		p.note(fmt.Sprintf("By caller: %s calls each, of which one tells less than a call of its own; it takes %s times as many calls.",
			short(r.CallsPerCaller), short(stats.DesignEffect(r.CallsPerCaller, r.CallerCorrelation, r.CallsSpread))))
	}
	if r.CallsPerCaller > 1 && !r.OneSided {
		p.note(fmt.Sprintf("The plan of a sticky test counts callers: --planned is the calls above divided by %s.", short(r.CallsPerCaller)))
	}
	if r.OneSided {
		p.note("One-sided, as a guardrail sees it: the effect is the harm beyond its margin. A guardrail has no plan.")
	}
	if r.Quantile > 0 {
		p.note("Quantiles are compared with one look; no verdict rests on them. The spread is that of a quantile, by the values' density there.")
	}
	if r.Covariate != 0 {
		p.note("Adjusted for what was known of callers before (CUPED): `tandem calc` compares so, with one look; no verdict rests on it.")
	}
}

// categories fills in how many calls tell the arms' categories apart.
func (p *planner) categories() {
	r := &p.Request
	split := make([]float64, r.Arms)
	for i := range split {
		split[i] = r.ShareB
	}
	split[0] = 1 - r.ShareB
	size, err := stats.CategorySize(r.Categories, split, r.Alpha, r.Power)
	switch {
	case p.refused(err):
	case err != nil:
		p.note("The arms' shares are the same: there is nothing to find.")
	default:
		p.Modes = append(p.Modes, p.sized(ModeFixed, size))
		p.note("By chi-squared, with one look; watched at every call it takes more.")
	}
}

// sampleRatio fills in when a broken split is found.
func (p *planner) sampleRatio() {
	r := &p.Request
	if r.RealShareB == 0 {
		return
	}
	size, err := stats.SampleRatioSize(r.ShareB, r.RealShareB, r.Power)
	if p.refused(err) {
		return
	}
	if err != nil {
		p.note("Sample ratio: too small a difference to be found in any number of calls that comes to mind.")
		return
	}
	m := p.sized(ModeSequential, size)
	p.SampleRatio = &m
}

// sized is a size with its days.
func (p *planner) sized(mode Mode, size stats.Size) PlanMode {
	return PlanMode{
		Mode: mode, Calls: size.Calls, Expected: size.Expected,
		Days: p.days(size.Calls), ExpectedDays: p.days(size.Expected),
	}
}
