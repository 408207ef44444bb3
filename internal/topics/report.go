package topics

import (
	"time"

	"tandem"
)

// level is the confidence level of every interval.
const level = 0.95

// Exploratory heads everything here.
const Exploratory = "Exploratory: groups rest on what happened in the calls, after each got its version, so the callers of a group need not be alike in the arms. Nothing here enters the verdict."

// Topics is a test by groups of its calls.
type Topics struct {
	Grouping tandem.Grouping `json:"grouping" doc:"Where making the groups stands"`
	// CallsSince counts calls that came after the report.
	CallsSince int64   `json:"calls_since" doc:"Calls that have come since; the next run takes them in"`
	Report     *Report `json:"report,omitempty" doc:"What came of it last; absent before the first"`
}

// Report is what came of a grouping.
type Report struct {
	Label string           `json:"label" doc:"How to read it"`
	AsOf  map[string]int64 `json:"as_of" doc:"Calls that each arm had"`
	At    time.Time        `json:"at" doc:"When they were read"`
	// CoversTo is when the last call that is in it was assigned.
	CoversTo *time.Time `json:"covers_to,omitempty" doc:"When the last of the calls in it was assigned"`
	Calls    int64      `json:"calls" doc:"Randomised calls that have ended"`
	Silent   int64      `json:"without_words" doc:"Of them, those without the words that are grouped by: no transcript, nothing said, nothing wrong"`
	Grouped  int64      `json:"grouped" doc:"Of them, those in a group"`
	Fit      *Fit       `json:"fit,omitempty" doc:"How the groups were made; absent where there were too few calls"`
	// Groups are disjoint; Situations are not.
	Groups       []Group       `json:"groups"`
	Interactions []Interaction `json:"interactions" doc:"Whether the difference between arms differs among the groups"`
	Situations   []Group       `json:"situations" doc:"What calls got into. A call may be in several"`
	// Beside are the interactions of situations: in one against not in it.
	Beside []Interaction `json:"situation_interactions" doc:"Whether the difference between arms is another in a situation than outside of it"`
	Notes  []string      `json:"notes"`
}

// Fit is how groups were made.
type Fit struct {
	At       time.Time    `json:"at"`
	Sampled  int          `json:"sampled" doc:"Calls that they were made of"`
	Words    int          `json:"words" doc:"Different words, and pairs of neighbouring words, that tell these calls apart"`
	K        int          `json:"k"`
	Tried    []GroupCount `json:"tried,omitempty" doc:"Numbers of groups that were tried; absent where the number was asked for"`
	NamedBy  string       `json:"named_by" doc:"offline: by their words; else the language model" example:"offline"`
	NameCost float64      `json:"name_cost,omitempty" doc:"What naming cost, in US dollars"`
}

// GroupCount is a number of groups that was tried.
type GroupCount struct {
	K          int     `json:"k"`
	Silhouette float64 `json:"silhouette" doc:"-1 to 1: how much nearer calls are to their own group than to the next. The largest is taken"`
}

// Group is some of a test's calls.
type Group struct {
	Key         string        `json:"key" example:"intent.2" doc:"Names the group where calls and samples are filtered. It holds until groups are made anew"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Terms       []string      `json:"terms,omitempty" doc:"The most telling words, the best first"`
	Typical     []TypicalCall `json:"typical,omitempty" doc:"The calls nearest to the group's middle"`
	Calls       int64         `json:"calls"`
	Share       GroupMetric   `json:"share" doc:"How many of an arm's calls are in it. This compares all calls of the arms, as they were randomised"`
	Metrics     []GroupMetric `json:"metrics"`
}

// TypicalCall is a call to read.
type TypicalCall struct {
	CallID tandem.ID `json:"call_id"`
	Said   string    `json:"said,omitempty" doc:"What was said in it of what it was grouped by, the beginning"`
}

// GroupMetric is one metric within a group.
type GroupMetric struct {
	Name    string            `json:"name" example:"completion"`
	Label   string            `json:"label"`
	Kind    tandem.MetricKind `json:"kind" enum:"proportion,mean"`
	Unit    string            `json:"unit,omitempty"`
	Arms    []GroupValue      `json:"arms"`
	Against []GroupDifference `json:"against"`
}

// GroupValue is an arm within a group.
type GroupValue struct {
	Arm      string       `json:"arm"`
	N        int64        `json:"n"`
	Unknown  int64        `json:"unknown" doc:"Ended calls of the group that say nothing about it"`
	Value    *float64     `json:"value,omitempty"`
	Interval *tandem.Span `json:"interval,omitempty" doc:"Wilson's for shares, Student's for averages"`
}

// GroupDifference sets an arm of a group against A, within phases.
type GroupDifference struct {
	Arm      string       `json:"arm" example:"B"`
	Against  string       `json:"against" example:"A"`
	Value    *float64     `json:"value,omitempty" doc:"This arm minus the first"`
	Interval *tandem.Span `json:"interval,omitempty" doc:"Newcombe's for shares, Welch's for averages; holds if you look once"`
	P        *float64     `json:"p,omitempty"`
	Adjusted *float64     `json:"adjusted,omitempty" doc:"p over all groups and metrics that are shown, by Benjamini and Hochberg"`
	Note     string       `json:"note,omitempty"`
}

// Interaction says whether a difference between arms differs among groups.
type Interaction struct {
	Situation string   `json:"situation,omitempty" doc:"Key of the situation: in it against not in it"`
	Metric    string   `json:"metric"`
	Label     string   `json:"label"`
	Arm       string   `json:"arm"`
	Against   string   `json:"against"`
	Groups    int      `json:"groups" doc:"Groups that it rests on"`
	LeftOut   []string `json:"left_out,omitempty" doc:"Groups with too few calls in an arm"`
	Q         *float64 `json:"q,omitempty" doc:"Cochran's Q, chi-squared with groups - 1 degrees of freedom"`
	P         *float64 `json:"p,omitempty"`
	Adjusted  *float64 `json:"adjusted,omitempty" doc:"p over all interactions of this list, by Benjamini and Hochberg"`
	Note      string   `json:"note,omitempty"`
}
