package results

import (
	"time"

	"tandem"
	"tandem/internal/stats"
)

// Alpha is the error that a verdict may make, over all its looks.
const Alpha = 1 - Level

// Standing is what the evidence of a test says at its watermark: the calls
// folded so far, in order of assignment.
type Standing struct {
	// Calls is how many randomised calls are folded; CoveredTo is when the last
	// was assigned, zero before the first.
	Calls     int64
	CoveredTo time.Time
	// Sequence is the test's activity as of which the folded calls are right.
	Sequence int64
	// Rebuilding says that calls which could be folded are not yet: a node has
	// just started, or an outcome was corrected.
	Rebuilding bool
	// PerDay is how many randomised calls the test had a day of late; 0 while
	// that is not known.
	PerDay float64
	// Traffic counts the folded calls by when they were assigned.
	Traffic Traffic

	// Pairs compares each other arm with the first, by metric in tally order,
	// then by arm.
	Pairs []Pair
	// Overall compares all arms at once: categories, and shares of three or
	// more arms.
	Overall []Whole
	// FirstCalls compares the primary metric with each caller's first call
	// only, for tests that randomise calls. Withheld counts calls without a
	// known caller, which are in it as callers of their own.
	FirstCalls []Pair
	Callers    int64
	Withheld   int64
	// Drawn counts callers in a sticky test, by the phase of each one's first
	// drawn call and by arm in the order of the test's: what the sample-ratio
	// check looks at there, since calls of one caller are one draw. Callers that
	// were not drawn (see drawn) are not in it; a withheld caller is one of its
	// own. Nil in tests that randomise calls, and where callers are no longer
	// told apart.
	Drawn []Drawn
	// Coverage says for each kind of gap (CoverageOutcome and so on) and arm
	// whether it occurs more or less often than in the first.
	Coverage []Pair
	// Health lists what is odd about the primary metric and those of guardrails.
	Health []Ailment
	// SplitMost is the largest ln of the Bayes factor against the split that there
	// was at any call so far.
	SplitMost float64
	// ApartMost of ApartOf calls were counted apart where their share was largest
	// so far; 0 before there are enough.
	ApartMost, ApartOf int64
	// Settled says what became of the folded calls, and Bounds what the guardrails'
	// averages lie within, as tallied: what the tallies have more is not folded yet.
	Settled []Settled
	Bounds  map[string]stats.Bounds
}

// The gaps that Coverage follows, as the metric names of its pairs: shares of
// calls that were left to chance.
const (
	CoverageOutcome  = "coverage.outcome"     // settled calls whose primary metric is known
	CoverageAnalysis = "coverage.analysis"    // ended calls with analysis values
	CoverageLost     = "coverage.lost"        // settled calls that were lost
	CoverageFailover = "coverage.failed_over" // drawn calls that something else took
)

// Pair is the evidence about one metric in one arm against the first.
type Pair struct {
	Metric  string // as tallied
	Arm     string
	Against string
	Kind    tandem.MetricKind
	// NA and NB count the values folded: of the first arm, and of this one.
	NA, NB int64
	// Value is the difference, this arm less the first: within phases, weighted
	// by what each phase tells; SE is its standard error, clustered by caller in a
	// sticky test, and Skew its skewness, as [stats.Spread] has them. Clock is what all phases tell, in even calls (or callers). All
	// are 0 until Known.
	Value, SE, Skew float64
	Clock           int64
	Known           bool
	// MeanA and MeanB are the two sides' averages with the same weights, so that
	// MeanB - MeanA is Value.
	MeanA, MeanB float64
	// Alpha is what the intervals below are made for: the test's error shared
	// among the arms.
	Alpha float64

	// Bet is the betting e-process; nil where outcomes have no bounds, and in
	// sticky tests.
	Bet *Bet
	// Cut, of durations, is where the bets take longer values for this long, in
	// seconds; 0 for none. Value and Asymptotic know no cut.
	Cut float64
	// BetBounds are what the bets take for the least and the largest value.
	BetBounds stats.Bounds
	// Any is the same on the log scale, for durations: any change in duration,
	// of the average or of the spread.
	Any *Bet
	// Asymptotic is the confidence sequence now, and the least p so far; nil
	// below ten values of a share and 50 of a number (callers, in a sticky test) on
	// a side.
	Asymptotic *Sequence
	// Planned is the same in planned mode.
	Planned *Sequence
	// BetSince, AsymptoticSince and PlannedSince are when each first refuted
	// equality; nil where none did.
	BetSince, AsymptoticSince, PlannedSince *tandem.Since
	// Track is the asymptotic band over time, oldest first, thinned.
	Track []TrackPoint
}

// watched is the pair's difference with a standard error and a clock.
func (p *Pair) watched(se float64, clock int64) stats.Watched {
	return stats.Watched{Value: p.Value, SE: se, Skew: p.Skew, Clock: clock}
}

// Drawn is how many units each arm drew in one phase.
type Drawn struct {
	Phase int
	Arms  []int64
}

// Settled counts the folded calls of one phase.
type Settled struct {
	Phase int
	Arms  []SettledCalls // in the order of the test's
	// Values counts the folded values of each guardrail's metric, by arm.
	Values map[string][]int64
}

// SettledCalls is what became of an arm's randomised calls.
type SettledCalls struct{ Calls, Ended, Analyzed, Lost int64 }

// Bet is what a betting e-process says.
type Bet struct {
	LogE     float64 // natural logarithm of the evidence now
	LogP     float64 // of the least p so far
	Interval stats.Interval
	NoneFits bool // no one difference fits all calls
}

// Sequence is what an asymptotic sequence says.
type Sequence struct {
	LogP     float64 // natural logarithm of the least p so far
	Interval stats.Interval
}

// TrackPoint is a moment of a pair's history.
type TrackPoint struct {
	At        time.Time
	N         int64 // values folded in both arms
	Value     float64
	Low, High float64
}

// Whole is the evidence that the arms differ at all in one metric.
type Whole struct {
	Metric     string
	N          int64
	LogE, LogP float64
}

// Ailment is something odd about a metric.
type Ailment struct {
	Metric string
	Arm    string // "" for all
	// Kind is "constant" or "jumped".
	Kind string
	// Run is how many values in a row are the same, Value which.
	Run   int64
	Value float64
	// Over: the metric has moved again since.
	Over bool
}
