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
	TestID  tandem.ID         `json:"test_id"`
	RouteID tandem.ID         `json:"route_id"`
	Route   string            `json:"route" doc:"The route's number, or its name" example:"+14155550100"`
	Name    string            `json:"name,omitempty"`
	Status  tandem.TestStatus `json:"status" enum:"running,ended,recorded"`
	Unit    tandem.Unit       `json:"unit" enum:"call,caller"`
	Goal    string            `json:"goal,omitempty"`
	// GoalChanges lists how the goal was changed while the test ran.
	GoalChanges []tandem.GoalChange `json:"goal_changes,omitempty" doc:"How the goal was changed after the test began: whoever reads the results has to know"`
	// Recounting is there while a changed goal is not yet followed everywhere.
	Recounting    *Recounting    `json:"recounting,omitempty" doc:"While calls are counted anew under a changed goal; no conclusion about completion is drawn meanwhile"`
	NotComparable []Mismatch     `json:"not_comparable,omitempty" doc:"Fields that the arms' versions do not define alike, so that they are not compared"`
	PrimaryMetric string         `json:"primary_metric" example:"completion"`
	StartedAt     time.Time      `json:"started_at"`
	EndedAt       *time.Time     `json:"ended_at,omitempty"`
	Winner        string         `json:"winner,omitempty"`
	Arms          []ArmHeader    `json:"arms"`
	Phases        []PhaseHeader  `json:"phases"`
	Verdict       tandem.Verdict `json:"verdict"`
	Method        Method         `json:"method"`
	Metrics       []Metric       `json:"metrics"`
	Hangups       []HangupTiming `json:"hangups" doc:"When callers leave, for each arm with answered calls"`
	Quality       []Quality      `json:"quality" doc:"How complete each arm's data are"`
	Evidence      EvidenceHeader `json:"evidence" doc:"What the verdict rests on"`
	// Ramp is what the next step waits for; nil without one.
	Ramp *tandem.RampState `json:"ramp,omitempty" doc:"The ramp's next step, and what it waits for"`
}

// EvidenceHeader says how far the evidence reaches.
type EvidenceHeader struct {
	Calls     int64      `json:"calls" doc:"Randomised calls folded, in order of assignment"`
	Waiting   int64      `json:"waiting" doc:"Randomised calls behind the oldest one that is still without outcome"`
	CoveredTo *time.Time `json:"covered_to,omitempty"`
	// Rebuilding says that evidence is being computed anew.
	Rebuilding bool  `json:"rebuilding,omitempty"`
	Callers    int64 `json:"callers" doc:"Different callers among them"`
	Withheld   int64 `json:"withheld" doc:"Calls whose caller is not known, taken as callers of their own"`
	// FirstCalls is the primary metric with each caller's first call only.
	FirstCalls  []PairEvidence `json:"first_calls,omitempty" doc:"Sensitivity: the primary metric by each caller's first call only"`
	SampleRatio SampleRatio    `json:"sample_ratio"`
	Coverage    []Gap          `json:"coverage" doc:"Whether outcomes are missing more often in an arm than in A"`
	// Traffic is how calls came in; nil before the first.
	Traffic *Traffic `json:"traffic,omitempty" doc:"How many of these calls came when"`
}

// Traffic counts covered calls by the time of their assignment, in stretches that
// grow with the test: a minute at first, then as long as makes 200 of them at most.
type Traffic struct {
	Seconds   int64     `json:"seconds" doc:"Length of each stretch; they begin at multiples of it since 1970, UTC" example:"3600"`
	Stretches []Stretch `json:"stretches" doc:"Oldest first; those without calls are left out"`
}

// Stretch is how many calls each arm got in it.
type Stretch struct {
	At    time.Time `json:"at" doc:"Its beginning"`
	Calls []int64   `json:"calls" doc:"One for each arm, in the order of the arms"`
}

// SampleRatio is the check that the arms have the calls that the split gives
// them.
type SampleRatio struct {
	LogBayesFactor *float64 `json:"log_bayes_factor,omitempty" doc:"Natural logarithm of the evidence against the split; alarm from ln 100 on; absent where an arm without a share has calls"`
	Broken         bool     `json:"broken"`
	NotChecked     string   `json:"not_checked,omitempty" doc:"Why there is nothing to compare the arms' sizes with" example:"the intended shares are not known"`
}

// Gap compares how often something is missing in an arm and in A.
type Gap struct {
	Kind  string   `json:"kind" enum:"coverage.outcome,coverage.analysis,coverage.lost,coverage.failed_over"`
	Arm   string   `json:"arm"`
	Value *float64 `json:"value,omitempty" doc:"This arm's share less A's"`
	P     *float64 `json:"p,omitempty" doc:"Holds at every look"`
	Alarm bool     `json:"alarm"`
}

// PairEvidence is what holds at every look about one arm against the first.
type PairEvidence struct {
	Arm      string          `json:"arm"`
	Against  string          `json:"against"`
	N        int64           `json:"n" doc:"Values folded, in both arms"`
	Value    *float64        `json:"value,omitempty" doc:"This arm less the first, over the covered calls"`
	Interval *tandem.Span    `json:"interval,omitempty" doc:"Holds at every look"`
	P        *float64        `json:"p,omitempty" doc:"Holds at every look"`
	Log10P   *float64        `json:"log10_p,omitempty"`
	Since    *tandem.Since   `json:"since,omitempty" doc:"The call with which equality was first refuted at the level of the interval"`
	Method   tandem.Evidence `json:"method,omitempty" enum:"betting,planned,asymptotic,clustered"`
	NoneFits bool            `json:"none_fits,omitempty" doc:"The bets exclude every difference: it is not the same in all calls, and has changed over time. There is no interval then; band, which is of the average difference, is asymptotic"`
	// Adjusted is the p-value adjusted for several arms (Holm) or, for a metric
	// that is not the primary one, for several metrics (Benjamini-Hochberg).
	Adjusted    *float64 `json:"adjusted_p,omitempty" doc:"For the primary metric with several arms: Holm's; for others: Benjamini-Hochberg's over all of them"`
	Exploratory bool     `json:"exploratory" doc:"Not the primary metric: a lead to follow, not a conclusion"`
	CutAt       *float64 `json:"cut_at,omitempty" doc:"Durations: the interval and p are about durations cut here; longer ones count as this long. The least of the route's longest call and four times the longest of the first 50, fixed from then on"`
	// Band is the asymptotic confidence sequence, the check on the above.
	Band *tandem.Span `json:"band,omitempty" doc:"Asymptotic confidence sequence, the check on the interval"`
	// AnyChange is, for durations, the p of any change at all, spread included.
	AnyChange *float64    `json:"any_change_p,omitempty" doc:"Durations: any change in duration, of the average or of the spread; holds at every look"`
	Track     []BandPoint `json:"track,omitempty" doc:"The asymptotic band over time, thinned"`
}

// BandPoint is a moment in the history of a difference.
type BandPoint struct {
	At    time.Time `json:"at"`
	N     int64     `json:"n"`
	Value float64   `json:"value"`
	Low   float64   `json:"low"`
	High  float64   `json:"high"`
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

// DropTracks leaves out the histories of all metrics but the primary one.
func (r *Results) DropTracks() {
	for _, m := range r.Metrics {
		if m.Primary {
			continue
		}
		for _, d := range m.Against {
			if d.Evidence != nil {
				d.Evidence.Track = nil
			}
		}
	}
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
	// AnyDifference is the always-valid p that the arms differ at all: of a
	// category, or of a share in three or more arms.
	AnyDifference *float64     `json:"any_difference_p,omitempty" doc:"Holds at every look"`
	Note          string       `json:"note,omitempty"`
	Bounds        *tandem.Span `json:"bounds,omitempty" doc:"The least and the largest value there can be, where there are such"`
	Answers       []Answers    `json:"answers,omitempty" doc:"Fields of analysis: how often each arm's analyses knew it"`
	UnknownGaps   []UnknownGap `json:"unknown_gaps,omitempty" doc:"Fields of analysis: whether they are unknown more often in an arm than in the first"`
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
	Method string  `json:"method" enum:"wilson,student_t,newcombe,welch_t,delta,order_statistics"`
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
	// Evidence holds at every look, unlike the rest.
	Evidence *PairEvidence `json:"evidence,omitempty"`
	Relative *Relative     `json:"relative,omitempty" doc:"The difference as a share of the first arm's value; holds only if you look once"`
	Median   *Estimate     `json:"median,omitempty" doc:"Means: difference of the medians; holds only if you look once"`
	Belief   *Belief       `json:"belief,omitempty" doc:"Shares: Beta-Binomial, one phase only; a description, not a reason to stop"`
	Note     string        `json:"note,omitempty"`
}

// Relative is a difference relative to the first arm: 0.1 is 10 % more.
type Relative struct {
	Value    float64   `json:"value"`
	Interval *Interval `json:"interval,omitempty"`
}

// Estimate is a value with its interval.
type Estimate struct {
	Value    float64   `json:"value"`
	Interval *Interval `json:"interval,omitempty"`
}

// Belief is what a Bayesian with uniform priors would say. Stopping on it finds
// winners between equal versions.
type Belief struct {
	Better     float64 `json:"better" doc:"Chance that this arm's share is higher than the first's"`
	LossIfKept float64 `json:"loss_if_kept" doc:"Share expected to be lost by keeping this arm"`
	LossIfNot  float64 `json:"loss_if_not" doc:"Share expected to be lost by keeping the first"`
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
