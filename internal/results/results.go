package results

import (
	"time"

	"tandem"
)

// Level is the confidence level of every interval.
const Level = 0.95

// Results is a test as its calls have it so far: the arms described, each
// compared with the first, and what may be concluded.
type Results struct {
	TestID        tandem.ID         `json:"test_id"`
	RouteID       tandem.ID         `json:"route_id"`
	Route         string            `json:"route" doc:"The route's number, or its name" example:"+14155550100"`
	Name          string            `json:"name,omitempty"`
	Status        tandem.TestStatus `json:"status" enum:"running,ended,recorded"`
	Unit          tandem.Unit       `json:"unit" enum:"call,caller"`
	Goal          string            `json:"goal,omitempty"`
	PrimaryMetric string            `json:"primary_metric" example:"completion"`
	StartedAt     time.Time         `json:"started_at"`
	EndedAt       *time.Time        `json:"ended_at,omitempty"`
	Winner        string            `json:"winner,omitempty"`
	Arms          []ArmHeader       `json:"arms"`
	Phases        []PhaseHeader     `json:"phases"`
	Verdict       tandem.Verdict    `json:"verdict"`
	Method        Method            `json:"method"`
	Metrics       []Metric          `json:"metrics"`
	Hangups       []HangupTiming    `json:"hangups" doc:"When callers leave, for each arm with answered calls"`
	Quality       []Quality         `json:"quality" doc:"How complete each arm's data are"`
}

// Metric gives the metric with this name, or nil.
func (r *Results) Metric(name string) *Metric {
	for i := range r.Metrics {
		if r.Metrics[i].Name == name {
			return &r.Metrics[i]
		}
	}
	return nil
}

// ArmHeader says which version an arm is.
type ArmHeader struct {
	Key       string    `json:"key" example:"A"`
	VersionID tandem.ID `json:"version_id"`
	Version   string    `json:"version" example:"front-desk@3"`
	Note      string    `json:"note,omitempty" doc:"What changed in this version, in the publisher's words"`
	Weight    float64   `json:"weight" doc:"Percent of calls in the current phase"`
}

// PhaseHeader is a stretch of the test with one split, and how many randomised
// calls it has.
type PhaseHeader struct {
	Number    int       `json:"number"`
	StartedAt time.Time `json:"started_at"`
	Weights   []float64 `json:"weights"`
	Calls     int64     `json:"calls"`
}

// Method says how the comparisons were made and how far they may be trusted.
type Method struct {
	Comparison string   `json:"comparison" enum:"fixed_horizon"`
	Level      float64  `json:"level" example:"0.95"`
	Unit       string   `json:"unit" enum:"call" doc:"The unit of analysis"`
	Stratified bool     `json:"stratified" doc:"More than one phase has calls; comparisons are made within phases"`
	Notes      []string `json:"notes"`
}

// FixedHorizon labels comparisons that hold for one look, planned beforehand.
const FixedHorizon = "fixed_horizon"

// Metric is one metric over all arms.
type Metric struct {
	Name    string            `json:"name" example:"completion"`
	Label   string            `json:"label" example:"Completion rate"`
	Kind    tandem.MetricKind `json:"kind" enum:"count,proportion,mean,category"`
	Unit    string            `json:"unit,omitempty" example:"s"`
	Base    string            `json:"base" doc:"What n counts" example:"ended calls whose goal is known"`
	Primary bool              `json:"primary,omitempty"`
	Arms    []Summary         `json:"arms" doc:"One for each arm, in the order of the arms"`
	Against []Comparison      `json:"against_a,omitempty" doc:"Each other arm against the first; not for counts"`
	// Overall compares all arms at once, for a category with three or more.
	Overall *Significance `json:"overall,omitempty"`
	Note    string        `json:"note,omitempty"`
}

// Summary describes one arm in one metric, all phases together.
type Summary struct {
	Arm string `json:"arm"`
	// N is how many calls the value rests on; for a count it is the value.
	N int64 `json:"n"`
	// Unknown is how many more ended calls there are, of which the metric is
	// not known or to which it does not apply.
	Unknown   int64    `json:"unknown"`
	Value     *float64 `json:"value,omitempty" doc:"Count, share (0 to 1) or average; absent while n is 0"`
	Successes *int64   `json:"successes,omitempty" doc:"Proportions"`
	// Interval is Wilson's for a proportion, Student's t for a mean.
	Interval  *Interval    `json:"interval,omitempty"`
	SD        *float64     `json:"sd,omitempty" doc:"Means: standard deviation"`
	Median    *float64     `json:"median,omitempty" doc:"Means: within 1 %"`
	P90       *float64     `json:"p90,omitempty" doc:"Means: 90th percentile, within 1 %"`
	Shares    []NamedShare `json:"shares,omitempty" doc:"Categories: most frequent first"`
	Histogram []Bin        `json:"histogram,omitempty" doc:"Means: the shape, in the same bins for every arm"`
}

// Interval is a confidence interval at Level.
type Interval struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Method string  `json:"method" enum:"wilson,student_t,newcombe,welch_t"`
}

// NamedShare is one value of a category.
type NamedShare struct {
	Name  string  `json:"name"`
	N     int64   `json:"n"`
	Share float64 `json:"share"`
}

// Bin counts the values from From (included) to To (excluded), to within 1 % of
// the value. The bins are the same for every arm; the first and the last may be
// wider, since they take what lies far out.
type Bin struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	N    int64   `json:"n"`
}

// Comparison is how an arm differs from the first, in the metric's unit.
type Comparison struct {
	Arm      string    `json:"arm" example:"B"`
	Against  string    `json:"against" example:"A"`
	Value    *float64  `json:"value,omitempty" doc:"This arm minus the first; absent for categories and while unknown"`
	Interval *Interval `json:"interval,omitempty"`
	Significance
	// Phases is how many phases it rests on: those with data in both arms.
	Phases int    `json:"phases"`
	Label  string `json:"label" enum:"fixed_horizon" doc:"Holds only if you look once"`
	Note   string `json:"note,omitempty"`
}

// Significance is the outcome of a test for no difference at all.
type Significance struct {
	P      *float64 `json:"p,omitempty" doc:"Two-sided; holds only if you look once"`
	Log10P *float64 `json:"log10_p,omitempty" doc:"Its decimal logarithm, which orders p-values too small to write"`
	Test   string   `json:"test,omitempty" enum:"pooled_z,fisher_exact,welch_t,chi_squared"`
}

// HangupTiming says when an arm's callers leave. Staying is the share of
// callers who would still be on the line after so many seconds if nothing but
// the caller ended calls (Kaplan & Meier 1958): calls that end otherwise leave
// the count without being a hang-up.
type HangupTiming struct {
	Arm     string       `json:"arm"`
	Hangups int64        `json:"hangups"`
	Calls   int64        `json:"calls" doc:"Answered calls whose duration is known"`
	Steps   []HangupStep `json:"steps"`
}

// HangupStep is a stretch of the conversation, in seconds from the answer.
type HangupStep struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	AtRisk  int64   `json:"at_risk" doc:"Calls still on at the start"`
	Hangups int64   `json:"hangups" doc:"Callers who left in it"`
	Others  int64   `json:"others" doc:"Calls that ended otherwise in it"`
	Staying float64 `json:"staying" doc:"Share of callers who stay past it, 0 to 1"`
}

// Quality says how complete an arm's data are. An arm whose outcomes are
// missing more often than another's may win or lose by that alone.
type Quality struct {
	Arm        string `json:"arm"`
	Assigned   int64  `json:"assigned" doc:"All calls of the arm: randomised and not"`
	Randomised int64  `json:"randomised" doc:"The calls that the metrics count"`
	InProgress int64  `json:"in_progress"`
	Ended      int64  `json:"ended"`
	Lost       int64  `json:"lost" doc:"Given up waiting for an end"`
	Analyzed   int64  `json:"analyzed"`
	Outcomes   int64  `json:"outcomes" doc:"Calls whose primary metric is known"`
	// The shares are absent while nothing has ended.
	OutcomeShare  *float64                `json:"outcome_share,omitempty" doc:"Of ended calls"`
	AnalyzedShare *float64                `json:"analyzed_share,omitempty" doc:"Of ended calls"`
	LostShare     *float64                `json:"lost_share,omitempty" doc:"Of calls no longer in progress"`
	NotRandomised map[tandem.Reason]int64 `json:"not_randomised" doc:"Calls counted apart, by reason"`
}
