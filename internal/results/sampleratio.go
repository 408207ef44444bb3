package results

import (
	"fmt"
	"math"

	"tandem"
	"tandem/internal/stats"
)

// drawn says whether a call that is counted apart for this reason had its arm
// drawn all the same: the draw comes first, and only then does the version turn
// out to be full, away or without a target. A reason that is not known here may
// stand for an arm that was chosen.
func drawn(r tandem.Reason) bool {
	switch r {
	case tandem.ReasonLimit, tandem.ReasonTargetDown, tandem.ReasonTargetError, tandem.ReasonTargetSilent, tandem.ReasonNoTarget,
		tandem.ReasonVersionMismatch:
		return true
	}
	return false
}

// sampleRatio is whether the arms have what the split gives them.
type sampleRatio struct {
	// known is false where units are not told apart, so that nothing can be
	// said.
	known bool
	logBF float64
	// most is the largest logBF at any call so far: an alarm does not clear itself.
	most   float64
	counts []int64   // by arm
	expect []float64 // by arm, what the split gives
	unit   string
	// notChecked is why there is no split to compare with.
	notChecked string
}

// unknownShares is why the split of a recorded test is not checked: compared with
// weights that are its own counts it is always right.
const unknownShares = "the intended shares are not known"

func (s sampleRatio) broken() bool { return s.known && s.most >= stats.SampleRatioAlarm }

func (s sampleRatio) shown() SampleRatio {
	out := SampleRatio{Broken: s.broken(), NotChecked: s.notChecked}
	if s.known {
		out.LogBayesFactor = number(s.logBF)
	}
	return out
}

// checkSampleRatio compares what each arm drew with the split, within each
// phase; the logarithms add up. Units are calls, or in a sticky test callers,
// each counted where it first called: calls of one caller are one draw.
func (a *account) checkSampleRatio() sampleRatio {
	s := sampleRatio{known: true, unit: "call", counts: make([]int64, len(a.test.Arms)), expect: make([]float64, len(a.test.Arms))}
	if a.test.Status == tandem.Recorded && !a.test.Intended {
		s.known, s.notChecked = false, unknownShares
		return s
	}
	byPhase := a.drawnCalls
	if a.test.Unit == tandem.PerCaller {
		s.unit = "caller"
		s.known = len(a.standing.Drawn) > 0
		byPhase = a.drawnCallers
	}
	for _, p := range a.test.Phases {
		counts := byPhase(p.Number)
		logBF, err := stats.SampleRatio(counts, p.Weights)
		if err != nil { // a stored phase whose weights fit nothing
			s.known = false
			return s
		}
		s.logBF += logBF
		var n, weight float64
		for i, k := range counts {
			s.counts[i] += k
			n += float64(k)
			weight += p.Weights[i]
		}
		for i := range counts {
			s.expect[i] += n * p.Weights[i] / weight
		}
	}
	s.most = s.logBF
	if a.test.Status != tandem.Recorded { // which is looked at once, at its end
		s.most = max(s.most, a.standing.SplitMost)
	}
	return s
}

// drawnCalls counts a phase's drawn calls by arm.
func (a *account) drawnCalls(phase int) []int64 {
	out := make([]int64, len(a.test.Arms))
	for i, arm := range a.test.Arms {
		out[i] = a.cells.of(tandem.MetricCalls, arm.Key).phase(phase).N
		for reason, n := range a.cells.of(tandem.MetricNotRandomised, arm.Key).phase(phase).Names {
			if drawn(tandem.Reason(reason)) {
				out[i] += n
			}
		}
	}
	return out
}

func (a *account) drawnCallers(phase int) []int64 {
	for _, d := range a.standing.Drawn {
		if d.Phase == phase && len(d.Arms) == len(a.test.Arms) {
			return d.Arms
		}
	}
	return make([]int64, len(a.test.Arms))
}

// text says what is wrong with the split.
func (s sampleRatio) text(arms []tandem.Arm) string {
	worst := 0
	for i := range arms {
		if math.Abs(float64(s.counts[i])-s.expect[i]) > math.Abs(float64(s.counts[worst])-s.expect[worst]) {
			worst = i
		}
	}
	odds := "that cannot be"
	switch {
	case s.logBF < stats.SampleRatioAlarm && math.IsInf(s.most, 1):
		odds = "an arm without a share had some, and those are in the evidence"
	case s.logBF < stats.SampleRatioAlarm:
		odds = fmt.Sprintf("at its worst chance does that in fewer than 1 of %s tests, and what went wrong then is in the evidence", oneIn(s.most))
	case !math.IsInf(s.logBF, 1):
		odds = fmt.Sprintf("chance does that in fewer than 1 of %s tests", oneIn(s.logBF))
	}
	return fmt.Sprintf("The split is broken: arm %s has %s where its share is about %s; %s",
		arms[worst].Key, plural(s.counts[worst], s.unit), grouped(int64(math.Round(s.expect[worst]))), odds)
}

// oneIn writes the reciprocal of a chance given by its negative logarithm.
func oneIn(logOdds float64) string {
	const million = 6 * math.Ln10
	if logOdds >= million {
		return "1,000,000"
	}
	n := int64(math.Exp(logOdds))
	unit := int64(1)
	for n/unit >= 10 {
		unit *= 10
	}
	return grouped(n / unit * unit)
}
