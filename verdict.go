package tandem

import (
	"encoding/json"
	"time"
)

// VerdictStatus is what may be said of a test.
type VerdictStatus string

// The states of a verdict. From GuardrailBreached on they say that something
// is wrong, which goes before any conclusion.
const (
	// Collecting: nothing may be concluded yet.
	Collecting VerdictStatus = "collecting"
	// Better: one arm is better than A, or A than every other.
	Better VerdictStatus = "better"
	// NoDifference: the difference is inside the equivalence margin.
	NoDifference VerdictStatus = "no_practical_difference"
	// GuardrailBreached: a guardrail metric got worse than its margin.
	GuardrailBreached VerdictStatus = "guardrail_breached"
	// SplitBroken: the arms' sizes contradict the split.
	SplitBroken VerdictStatus = "split_broken"
	// OutcomesMissing: outcomes are missing from one arm more than another.
	OutcomesMissing VerdictStatus = "outcomes_missing"
	// TooFewRandomised: too many calls got their arm by other means than chance.
	TooFewRandomised VerdictStatus = "not_randomised"
	// MetricBroken: the primary metric is constant or changed its meaning.
	MetricBroken VerdictStatus = "metric_broken"
)

// Verdict is what Tandem concludes about a test, valid however often it is
// looked at. A fixed-horizon p-value never decides.
type Verdict struct {
	Status VerdictStatus `json:"status" enum:"collecting,better,no_practical_difference,guardrail_breached,split_broken,outcomes_missing,not_randomised,metric_broken"`
	Metric string        `json:"metric"`
	// Arm is the better arm, for Better; the arm at fault, for
	// GuardrailBreached.
	Arm string `json:"arm,omitempty"`
	// Text says the verdict in one sentence.
	Text string `json:"text"`
	// Against is the arm that Value and Interval compare with: A.
	Against string `json:"against,omitempty"`
	// Compared is the arm that Value and Interval are about; where there are
	// several, the one that the verdict rests on.
	Compared string   `json:"compared,omitempty"`
	Value    *float64 `json:"value,omitempty" doc:"Compared minus Against, in the metric's unit"`
	Interval *Span    `json:"interval,omitempty" doc:"Holds at every look"`
	P        *float64 `json:"p,omitempty" doc:"Holds at every look"`
	// Since is when the winner first won, for Better.
	Since *Since `json:"since,omitempty" doc:"The call with which the better arm was first decided to be that"`
	// Level is the confidence level, such as 0.95.
	Level float64 `json:"level" example:"0.95"`
	// Method is how evidence was gathered.
	Method Evidence `json:"method,omitempty" enum:"betting,planned,asymptotic,clustered"`
	// Calls is how many randomised calls are folded into the evidence.
	Calls int64 `json:"calls"`
	// CoveredTo is the assignment time of the last call folded into the
	// evidence.
	CoveredTo *time.Time `json:"covered_to,omitempty"`
	// Change says what would change the verdict.
	Change    string   `json:"change,omitempty"`
	MoreCalls *int64   `json:"more_calls,omitempty" doc:"About how many more calls until a difference of the size seen would be decided"`
	MoreDays  *float64 `json:"more_days,omitempty" doc:"The same in days, at the test's recent volume"`

	Alarms     []Alarm          `json:"alarms" doc:"Checks that failed; one that is not acknowledged suspends the verdict"`
	Guardrails []GuardrailState `json:"guardrails" doc:"Each guardrail in each arm but A"`
}

// Evidence is a method of inference that holds at every look.
type Evidence string

// The methods.
const (
	// Betting is exact from the first call: its validity rests on the
	// assignment's own randomness alone.
	Betting Evidence = "betting"
	// ByPlan spends the error on a planned number of calls.
	ByPlan Evidence = "planned"
	// Asymptotic holds from a few calls per arm on, for metrics without bounds.
	Asymptotic Evidence = "asymptotic"
	// Clustered is asymptotic by caller, for sticky tests.
	Clustered Evidence = "clustered"
)

// Since is a call of a test: when it was assigned, and how many randomised calls
// there were with it.
type Since struct {
	At    time.Time `json:"at"`
	Calls int64     `json:"calls"`
}

// Span is an interval.
type Span struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// GuardrailState is how a guardrail stands in one arm.
type GuardrailState struct {
	Guardrail
	Arm string `json:"arm"`
	// Harm is by how much the arm is worse than A; negative when better.
	Harm *float64 `json:"harm,omitempty"`
	// AtLeast is the always-valid lower bound of the harm.
	AtLeast  *float64 `json:"at_least,omitempty" doc:"Lower bound of the harm; holds at every look"`
	Breached bool     `json:"breached"`
	// Known says that there are enough calls on both sides to tell harm from its
	// absence: a ramp waits for that.
	Known  bool   `json:"known" doc:"Enough calls on both sides to tell harm from its absence; a ramp waits until this is so in every arm that gets calls"`
	AtOnce bool   `json:"at_once,omitempty" doc:"Judged by every outcome there is, ahead of the covered calls; calls in progress are counted in A's favour"`
	Text   string `json:"text"`
}

// Breached lists the guardrails that are breached.
func (v Verdict) Breached() []GuardrailState {
	var out []GuardrailState
	for _, g := range v.Guardrails {
		if g.Breached {
			out = append(out, g)
		}
	}
	return out
}

// Decision is what was known when a test was ended, kept as it was.
type Decision struct {
	TestID ID        `json:"test_id"`
	At     time.Time `json:"at"`
	By     string    `json:"by" doc:"Name of the key"`
	Winner string    `json:"winner" doc:"Key of the arm that was kept"`
	Note   string    `json:"note,omitempty" doc:"The reason given"`
	// Results is the test's results at that moment, as the API gave them.
	Results json.RawMessage `json:"results"`
}
