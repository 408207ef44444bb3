package tandem

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"
)

// Direction says which way a metric goes.
type Direction string

// The directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Rules is how a test is decided, guarded and widened. It is fixed when the
// test starts: rules made up while results come in prove nothing.
type Rules struct {
	Better Direction `json:"better,omitempty" enum:"higher,lower" doc:"Which way the primary metric is better; default by metric: lower for transfer, duration, latency and cost, else higher"`
	// EquivalenceMargin, in the primary metric's unit: differences inside it do
	// not matter.
	EquivalenceMargin float64 `json:"equivalence_margin,omitempty" minimum:"0" doc:"Differences of the primary metric up to this size do not matter, in its unit (0.02 is 2 points of a share); with it a test can conclude that there is no practical difference"`
	// PlannedCalls makes the verdict spend its error on one planned end; 0
	// watches without end.
	PlannedCalls int64 `json:"planned_calls,omitempty" minimum:"0" doc:"Planned mode: the number of randomised calls at which you mean to decide. The verdict gets there with fewer calls and stays true after it; 0 watches without a plan"`

	Guardrails []Guardrail `json:"guardrails,omitempty" maxItems:"10" doc:"Metrics that must not get worse than a margin"`
	Ramp       []RampStep  `json:"ramp,omitempty" maxItems:"10" doc:"Splits to go through, each after its minimum of calls and time while no guardrail is breached and no alarm is open"`
}

// Guardrail is a metric that must not get worse than in A by more than a
// margin.
type Guardrail struct {
	Metric string    `json:"metric" example:"transfer"`
	Worse  Direction `json:"worse,omitempty" enum:"higher,lower" doc:"Which way is worse; default by metric"`
	Margin float64   `json:"margin" minimum:"0" doc:"How much worse than A is still acceptable, in the metric's unit"`
	Action Action    `json:"action,omitempty" enum:"announce,rollback" doc:"What a breach does; default announce"`
}

// Action is what a breached guardrail does.
type Action string

// The actions.
const (
	// Announce says so, in the results and to webhooks.
	Announce Action = "announce"
	// Rollback also gives all calls to A, at once.
	Rollback Action = "rollback"
)

// RampStep is a split that a test stays in for a while.
type RampStep struct {
	Weights []float64 `json:"weights" doc:"Percent, one for each arm"`
	// The step is left once both minimums are reached. Those of the last step
	// mean nothing.
	MinCalls   int64 `json:"min_calls,omitempty" minimum:"0" doc:"Randomised calls in this step before the next"`
	MinMinutes int64 `json:"min_minutes,omitempty" minimum:"0" doc:"Minutes in this step before the next"`
}

// BetterDirection gives the way in which a metric is better when nobody says.
func BetterDirection(metric string) Direction {
	switch metric {
	case MetricTransfer, MetricDuration, MetricLatency, MetricLatencyP90, MetricLongestSilence, MetricInterruptions,
		MetricRepeatedPrompts, MetricMisunderstandings, MetricDeadEnd:
		return Lower
	}
	if strings.HasPrefix(metric, MetricCost+".") {
		return Lower
	}
	return Higher
}

// Opposite gives the other direction.
func (d Direction) Opposite() Direction {
	if d == Higher {
		return Lower
	}
	return Higher
}

// Sign gives 1 for Higher and -1 for Lower.
func (d Direction) Sign() float64 {
	if d == Lower {
		return -1
	}
	return 1
}

// complete checks r and fills in defaults. weights are those the test starts
// with.
func (r Rules) complete(primary string, weights []float64) (Rules, error) {
	var errs []error
	if r.Better == "" {
		r.Better = BetterDirection(primary)
	}
	errs = append(errs, r.Better.validate("better"), margin("equivalence_margin", r.EquivalenceMargin))
	if r.PlannedCalls < 0 || r.PlannedCalls > maxPlanned {
		errs = append(errs, Errorf(Invalid, "planned_calls", "is %d; expected 0 (no plan) to %d", r.PlannedCalls, int64(maxPlanned)))
	}
	r.Guardrails = slices.Clone(r.Guardrails)
	seen := map[Guardrail]bool{}
	for i := range r.Guardrails {
		g := &r.Guardrails[i]
		errs = append(errs, under("guardrails"+index(i), g.complete()))
		if same := (Guardrail{Metric: g.Metric, Worse: g.Worse}); seen[same] {
			errs = append(errs, Errorf(Invalid, "guardrails"+index(i)+".metric", "is %q a second time; expected each metric and direction once", clip(g.Metric)))
		} else {
			seen[same] = true
		}
	}
	errs = append(errs, checkRamp(r.Ramp, weights))
	return r, errors.Join(errs...)
}

// maxPlanned is the largest plan: more calls than any route has in years.
const maxPlanned = 1_000_000_000

func (d Direction) validate(field string) error {
	if d == Higher || d == Lower {
		return nil
	}
	return Errorf(Invalid, field, "is %q; expected higher or lower", clip(string(d)))
}

func margin(field string, m float64) error {
	if m >= 0 && !math.IsInf(m, 1) {
		return nil
	}
	return Errorf(Invalid, field, "is %v; expected 0 or more", m)
}

func (g *Guardrail) complete() error {
	if g.Worse == "" {
		g.Worse = BetterDirection(g.Metric).Opposite()
	}
	if g.Action == "" {
		g.Action = Announce
	}
	errs := []error{g.Worse.validate("worse"), margin("margin", g.Margin)}
	if g.Metric == "" {
		errs = append(errs, Errorf(Invalid, "metric", "is empty; expected the name of a metric"))
	}
	if g.Action != Announce && g.Action != Rollback {
		errs = append(errs, Errorf(Invalid, "action", "is %q; expected announce or rollback", clip(string(g.Action))))
	}
	return errors.Join(errs...)
}

func checkRamp(ramp []RampStep, weights []float64) error {
	var errs []error
	for i, step := range ramp {
		at := "ramp" + index(i)
		if len(step.Weights) != len(weights) {
			errs = append(errs, Errorf(Invalid, at+".weights", "has %d entries; expected one for each of the %d arms", len(step.Weights), len(weights)))
			continue
		}
		if _, err := NewSplit(step.Weights); err != nil {
			errs = append(errs, under(at+".weights", err))
		}
		if i == 0 && !slices.Equal(step.Weights, weights) {
			errs = append(errs, Errorf(Invalid, at+".weights", "are not those that the arms start with; the first step is the start"))
		}
		if i > 0 && slices.Equal(step.Weights, ramp[i-1].Weights) {
			errs = append(errs, Errorf(Invalid, at+".weights", "are those of the step before; expected another split"))
		}
		if step.MinCalls < 0 || step.MinMinutes < 0 {
			errs = append(errs, Errorf(Invalid, at+".min_calls", "and min_minutes are 0 or more"))
		}
		if i < len(ramp)-1 && step.MinCalls == 0 && step.MinMinutes == 0 {
			errs = append(errs, Errorf(Invalid, at+".min_calls", "and min_minutes are both 0; a step that is left needs one of them"))
		}
	}
	return errors.Join(errs...)
}

// NextRampStep gives the step that follows the one in force, and whether the
// test is due for it, with calls randomised calls in the current phase. That
// nothing speaks against it is for the caller to know.
func (t Test) NextRampStep(calls int64, now time.Time) (next RampStep, due bool) {
	if t.Status != Running || t.RampStep < 1 || t.RampStep >= len(t.Ramp) {
		return RampStep{}, false
	}
	is := t.Ramp[t.RampStep-1]
	lasted := now.Sub(t.Phase().StartedAt)
	return t.Ramp[t.RampStep], calls >= is.MinCalls && lasted >= time.Duration(is.MinMinutes)*time.Minute
}

// AdvanceRamp goes on to the next step of the ramp. After the last there is
// nothing left to advance and RampStep is 0.
func (t *Test) AdvanceRamp(now time.Time) error {
	if t.RampStep < 1 || t.RampStep >= len(t.Ramp) {
		return Errorf(Conflict, "", "the test's ramp has no next step")
	}
	if err := t.reweight(t.Ramp[t.RampStep].Weights, now); err != nil {
		return err
	}
	if t.RampStep++; t.RampStep == len(t.Ramp) {
		t.RampStep = 0
	}
	return nil
}

// RollBack gives all calls to A and stops a ramp. The test goes on running, so
// that calls in hand still count, and can be ended or split again.
func (t *Test) RollBack(now time.Time) error {
	weights := make([]float64, len(t.Arms))
	weights[0] = 100
	return t.Reweight(weights, now)
}

// Breach names a guardrail and the arm that broke it.
type Breach struct {
	Metric string    `json:"metric"`
	Worse  Direction `json:"worse" enum:"higher,lower"`
	Arm    string    `json:"arm"`
	At     time.Time `json:"at" doc:"When the calls were taken from the arm"`
}

// RollBackFor rolls the test back because of these breaches, and remembers them.
// At is set to now.
//
// Errors: Conflict when the test does not run.
func (t *Test) RollBackFor(breaches []Breach, now time.Time) error {
	if err := t.RollBack(now); err != nil {
		return err
	}
	t.RolledBackFor = slices.Clone(t.RolledBackFor)
	for _, b := range breaches {
		if _, done := t.RollbackFor(b); !done {
			b.At = now
			t.RolledBackFor = append(t.RolledBackFor, b)
		}
	}
	return nil
}

// RollbackFor gives the rollback that the same guardrail caused in the same arm
// before, if any. Whoever split the calls again after it has overruled that
// guardrail: it does not roll back a second time.
func (t Test) RollbackFor(b Breach) (Breach, bool) {
	for _, was := range t.RolledBackFor {
		if was.Metric == b.Metric && was.Worse == b.Worse && was.Arm == b.Arm {
			return was, true
		}
	}
	return Breach{}, false
}

// RolledBack says whether all calls go to A.
func (t Test) RolledBack() bool { return t.Status == Running && t.Arms[0].Weight == 100 }
