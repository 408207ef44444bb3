package tandem

import "time"

// VerdictStatus is what may be said of a test.
type VerdictStatus string

// The states of a verdict.
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
	// OutcomesMissing: outcomes are missing from one arm more than the other.
	OutcomesMissing VerdictStatus = "outcomes_missing"
)

// Verdict is what Tandem concludes about a test, valid however often it is
// looked at. Until evidence that stays valid under repeated looks exists for a
// test, its verdict is Collecting: a fixed-horizon p-value never decides.
type Verdict struct {
	Status VerdictStatus `json:"status" enum:"collecting,better,no_practical_difference,guardrail_breached,split_broken,outcomes_missing"`
	Metric string        `json:"metric"`
	// Arm is the better arm, for Better.
	Arm string `json:"arm,omitempty"`
	// Text says the verdict in one sentence.
	Text string `json:"text"`
	// CoveredTo is the time up to which calls are folded into the evidence.
	CoveredTo *time.Time `json:"covered_to,omitempty"`
}
