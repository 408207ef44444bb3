package results

import (
	"errors"
	"math"

	"tandem"
	"tandem/internal/stats"
)

// PlanRequest asks how large a test has to be, or how small a difference it can
// find. Fields that are left out take their default.
type PlanRequest struct {
	Metric   string            `json:"metric,omitempty" doc:"A metric of the route's latest test: it gives the kind, and whatever of baseline, sd, low and high is left out" example:"completion"`
	Kind     tandem.MetricKind `json:"kind,omitempty" enum:"proportion,mean" doc:"Default: that of the metric, else proportion"`
	Unit     string            `json:"unit,omitempty" doc:"Of a mean, for the text" example:"s"`
	Baseline *float64          `json:"baseline,omitempty" doc:"A's value: a share from 0 to 1, or an average in the metric's unit" example:"0.7"`
	SD       float64           `json:"sd,omitempty" minimum:"0" doc:"Standard deviation of one call's value, in the metric's unit; means only"`
	Low      *float64          `json:"low,omitempty" doc:"Least possible value; means only. Without bounds the evidence is asymptotic"`
	High     *float64          `json:"high,omitempty" doc:"Largest possible value; means only"`

	Effect   float64 `json:"effect,omitempty" doc:"The difference to find, B less A, in the metric's unit: 0.05 is 5 points of a share" example:"0.05"`
	Relative float64 `json:"relative,omitempty" doc:"The same as a share of the baseline: 0.1 is 10 % more"`
	Calls    int64   `json:"calls,omitempty" minimum:"0" doc:"The other way round: which difference is found by so many calls in both arms"`
	Days     float64 `json:"days,omitempty" minimum:"0" doc:"The same for so many days at the volume"`

	ShareB float64 `json:"share_b,omitempty" minimum:"0" maximum:"1" doc:"B's share of the calls of both arms; default 0.5" example:"0.5"`
	Power  float64 `json:"power,omitempty" minimum:"0" maximum:"1" doc:"Chance of finding a difference that is there; default 0.8" example:"0.8"`
	Alpha  float64 `json:"alpha,omitempty" minimum:"0" maximum:"1" doc:"Chance of finding one that is not; default 0.05" example:"0.05"`
	PerDay float64 `json:"per_day,omitempty" minimum:"0" doc:"Calls a day that the test would get, in all arms; default: the route's of late"`

	Arms              int     `json:"arms,omitempty" minimum:"0" maximum:"10" doc:"Arms of the test; default 2. Each is compared with A at alpha divided among them, and has B's share" example:"3"`
	OneSided          bool    `json:"one_sided,omitempty" doc:"Only this side counts, as in a guardrail: effect is then the harm beyond the margin"`
	CallsPerCaller    float64 `json:"calls_per_caller,omitempty" minimum:"0" doc:"Sticky tests: calls that a caller makes on average; default, with caller_correlation: those of the route's latest test" example:"2.5"`
	CallsSpread       float64 `json:"calls_spread,omitempty" minimum:"0" doc:"Their standard deviation by caller, as a share of that average" example:"0.8"`
	CallerCorrelation float64 `json:"caller_correlation,omitempty" minimum:"0" maximum:"1" doc:"How much the calls of one caller are alike: the intra-caller correlation of the metric" example:"0.3"`
	Covariate         float64 `json:"covariate_correlation,omitempty" minimum:"-1" maximum:"1" doc:"Correlation of a call's value with the caller's before the test, for the adjusted comparison (CUPED) with one look" example:"0.5"`
	Quantile          float64 `json:"quantile,omitempty" minimum:"0" maximum:"1" doc:"Compare this quantile instead of the average: 0.5 is the median. Means only; with one look" example:"0.9"`
	Density           float64 `json:"density,omitempty" minimum:"0" doc:"The values' density at that quantile; default: that of a log-normal distribution with the baseline as its mean, and sd"`
	// Categories plans the comparison of a category, in place of baseline and
	// effect; Split the sample-ratio check.
	Categories [][]float64 `json:"categories,omitempty" maxItems:"10" doc:"Of a category: each arm's shares of the categories, adding up to 1; with one look"`
	RealShareB float64     `json:"real_share_b,omitempty" minimum:"0" maximum:"1" doc:"How many calls it takes until the sample-ratio check finds that B gets this share instead of share_b"`
}

// Plan answers a [PlanRequest].
type Plan struct {
	Request PlanRequest `json:"request" doc:"What was asked, with defaults filled in"`
	// Text says the main thing in a sentence or two.
	Text string `json:"text" example:"70 % against 80 %: about 700 calls in all on average, 1,000 to be 80 % sure; 6 days at 160 calls a day."`
	// Modes gives the calls needed for the effect asked about.
	Modes []PlanMode `json:"modes,omitempty" doc:"Calls needed for the difference asked about"`
	// Smallest gives the effects found by the calls or days asked about.
	Smallest []Smallest `json:"smallest,omitempty" doc:"Difference found by the calls or days asked about"`
	// SampleRatio is when a broken split is found.
	SampleRatio *PlanMode `json:"sample_ratio,omitempty" doc:"Calls until the split asked about is found broken"`
	Notes       []string  `json:"notes,omitempty" doc:"Where figures come from, and what they leave out"`
}

// Mode is a way of watching a test.
type Mode string

// The modes.
const (
	// ModeSequential is watched without a plan, by the evidence that the verdict
	// rests on.
	ModeSequential Mode = "sequential"
	// ModePlanned ends at a number of calls fixed beforehand, or sooner.
	ModePlanned Mode = "planned"
	// ModeFixed has one look, at its end: for reference, no verdict works so.
	ModeFixed Mode = "fixed"
)

// PlanMode is what a test takes in one mode.
type PlanMode struct {
	Mode     Mode     `json:"mode" enum:"sequential,planned,fixed"`
	Calls    int64    `json:"calls" doc:"Calls in both arms by which the difference is found with the wanted power; for planned, the number to plan"`
	Expected int64    `json:"expected" doc:"Mean number of calls when the test ends as soon as the difference is found"`
	Days     *float64 `json:"days,omitempty" doc:"Days for calls, at per_day"`
	// ExpectedDays is Expected in days.
	ExpectedDays *float64 `json:"expected_days,omitempty" doc:"Days for expected, at per_day"`
}

// Smallest is the smallest difference that is found in one mode.
type Smallest struct {
	Mode   Mode     `json:"mode" enum:"sequential,planned,fixed"`
	Calls  int64    `json:"calls" doc:"In both arms"`
	Days   *float64 `json:"days,omitempty"`
	Effect float64  `json:"effect" doc:"In the metric's unit, to the side asked about; else upwards"`
}

// MakePlan works out a plan. perDay is how many calls a day the test would get
// where the request does not say; 0 is not known.
//
// Errors: Invalid with the field at fault, all of them joined.
func MakePlan(req PlanRequest, perDay float64) (Plan, error) {
	return makePlan(req, perDay, "")
}

// makePlan makes a plan whose text names the metric by its label.
func makePlan(req PlanRequest, perDay float64, label string) (Plan, error) {
	if req.PerDay == 0 {
		req.PerDay = perDay
	}
	req.fillDefaults()
	if err := req.check(); err != nil {
		return Plan{}, err
	}
	p := planner{Plan: Plan{Request: req}, label: label}
	p.sampleRatio()
	if len(req.Categories) > 0 {
		p.categories()
	} else if req.Effect != 0 || len(p.asked()) > 0 {
		p.design = req.design()
		p.sizes()
		p.smallest()
	}
	p.Text = p.text()
	return p.Plan, p.err
}

func (r *PlanRequest) fillDefaults() {
	if r.Kind == "" {
		r.Kind = tandem.Proportion
	}
	for _, d := range []struct {
		field   *float64
		instead float64
	}{{&r.ShareB, 0.5}, {&r.Power, 0.8}, {&r.Alpha, Alpha}} {
		if *d.field == 0 {
			*d.field = d.instead
		}
	}
	if r.Arms == 0 {
		r.Arms = max(2, len(r.Categories))
	}
	if r.Effect == 0 && r.Baseline != nil {
		r.Effect = r.Relative * math.Abs(*r.Baseline)
	}
}

// The ranges within which a plan is worked out.
const (
	leastShareB, mostShareB = 0.001, 0.999
	leastPower, mostPower   = 0.05, 0.999
	leastAlpha, mostAlpha   = 1e-6, 0.4
)

// check lists everything that is wrong.
func (r *PlanRequest) check() error {
	var errs []error
	wrong := func(field, format string, args ...any) {
		errs = append(errs, tandem.Errorf(tandem.Invalid, field, format, args...))
	}
	within := func(field string, x, low, high float64) {
		if !(x >= low && x <= high) {
			wrong(field, "is %v; expected %v to %v", x, low, high)
		}
	}
	within("share_b", r.ShareB, leastShareB, mostShareB)
	within("power", r.Power, leastPower, mostPower)
	within("alpha", r.Alpha, leastAlpha, mostAlpha)
	within("per_day", r.PerDay, 0, maxNumber)
	within("days", r.Days, 0, maxNumber)
	if r.Calls < 0 {
		wrong("calls", "is %d; expected 0 or more", r.Calls)
	}
	if r.Days > 0 && r.PerDay == 0 {
		wrong("per_day", "is missing; days mean nothing without a volume")
	}
	within("effect", r.Effect, -maxNumber, maxNumber)
	within("relative", r.Relative, -maxNumber, maxNumber)
	r.checkKinds(wrong, within)
	if len(r.Categories) > 0 || r.RealShareB > 0 && r.Effect == 0 && r.Relative == 0 && r.Calls == 0 && r.Days == 0 {
		return errors.Join(errs...)
	}
	if r.Effect == 0 && r.Calls == 0 && r.Days == 0 && (r.Relative == 0 || r.Baseline != nil) {
		wrong("effect", "is missing; expected the difference to find, or calls or days to find one by")
	}
	switch {
	case r.Kind != tandem.Proportion && r.Kind != tandem.Mean:
		wrong("kind", "is %.40q; expected proportion or mean", r.Kind)
	case r.Baseline == nil:
		wrong("baseline", "is missing; expected A's value")
	case r.Kind == tandem.Proportion:
		r.checkShare(wrong)
	default:
		r.checkMean(wrong)
	}
	return errors.Join(errs...)
}

func (r *PlanRequest) checkShare(wrong func(field, format string, args ...any)) {
	base := *r.Baseline
	if !(base >= 0 && base <= 1) {
		wrong("baseline", "is %v; expected a share from 0 to 1", base)
		return
	}
	if to := base + r.Effect; r.Effect != 0 && !(to >= 0 && to <= 1) {
		wrong("effect", "takes the share from %v to %.4g; expected 0 to 1", base, to)
	}
	if r.SD != 0 || r.Low != nil || r.High != nil {
		wrong("sd", "and low and high go with a mean; a share has its own")
	}
}

func (r *PlanRequest) checkMean(wrong func(field, format string, args ...any)) {
	if base := *r.Baseline; !measurement(base) {
		wrong("baseline", "is %v; expected a number of at most %v", base, float64(maxNumber))
	}
	if !(r.SD > 0 && r.SD <= maxNumber) {
		wrong("sd", "is %v; expected the standard deviation of a call's value, above 0", r.SD)
	}
	if (r.Low == nil) != (r.High == nil) {
		wrong("low", "and high are given together or not at all")
		return
	}
	if r.Low == nil {
		return
	}
	low, high := *r.Low, *r.High
	switch {
	case !(measurement(low) && measurement(high) && low < high):
		wrong("low", "is %v and high %v; expected two numbers, low the smaller", low, high)
	case *r.Baseline < low || *r.Baseline > high:
		wrong("baseline", "is %v, outside %v to %v", *r.Baseline, low, high)
	case *r.Baseline+r.Effect < low || *r.Baseline+r.Effect > high:
		wrong("effect", "takes the average to %.6g, outside %v to %v", *r.Baseline+r.Effect, low, high)
	}
}

func (r *PlanRequest) design() stats.Design {
	d := stats.Design{
		Binary: r.Kind == tandem.Proportion, Baseline: *r.Baseline, Effect: r.Effect, SD: r.SD,
		ShareB: r.ShareB, Alpha: r.Alpha, Power: r.Power,
		Arms: r.Arms, OneSided: r.OneSided, PerCaller: r.CallsPerCaller, Alike: r.CallerCorrelation, Uneven: r.CallsSpread,
		Covariate: r.Covariate,
	}
	if r.Low != nil {
		d.Bounds = stats.Bounds{Low: *r.Low, High: *r.High}
	}
	if r.Quantile > 0 {
		d.SD, _ = stats.QuantileSD(r.Quantile, r.density())
		d.Bounds = stats.Bounds{}
	}
	return d
}
