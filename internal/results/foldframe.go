package results

import (
	"math"
	"strings"
	"time"

	"tandem"
	"tandem/internal/stats"
)

// frame is what folding a call depends on, besides the calls before it. All of
// it is fixed when a test starts, but for phases, of which there come more.
type frame struct {
	plan *plan
	test tandem.ID
	// arms lists the keys of the arms; place finds them.
	arms    []string
	place   map[string]int
	sticky  bool
	salt    tandem.Salt
	primary string
	// guarded are the metrics of guardrails, as tallied.
	guarded map[string]bool
	// alpha is the error of one pair: the test's, shared among the arms.
	alpha    float64
	logAlpha float64
	// planned is the planned number of calls of each pair, by arm; 0 without a
	// plan.
	planned []int64
	// phases gives the share of each arm in each phase, by the phase's number.
	phases map[int][]float64
	// ranges are the bounds of number fields that have both, by metric.
	ranges map[string]stats.Bounds
	// known are the metrics whose number does not grow with the calls.
	known map[string]bool
	// awaits says that calls are waited for until they are analysed.
	awaits bool
}

func newFrame(t tandem.Test, p *plan) *frame {
	f := &frame{
		plan: p, test: t.ID, place: make(map[string]int, len(t.Arms)), sticky: t.Unit == tandem.PerCaller, salt: t.Salt,
		primary: t.PrimaryMetric, alpha: Alpha / float64(max(1, len(t.Arms)-1)),
		phases: map[int][]float64{},
	}
	f.follow(p)
	for i, a := range t.Arms {
		f.arms = append(f.arms, a.Key)
		f.place[a.Key] = i
	}
	f.logAlpha = math.Log(f.alpha)
	f.guarded = map[string]bool{}
	for _, g := range t.Guardrails {
		f.guarded[g.Metric], f.guarded[g.Metric+NumberSuffix] = true, true
	}
	f.addPhases(t)
	f.sharePlan(t)
	f.ranges = fieldRanges(p.fields)
	f.known = map[string]bool{}
	for _, d := range standard {
		f.known[d.metric] = true
	}
	for _, name := range conversationNames() {
		f.known[name] = true
	}
	for _, e := range builtIn {
		f.known[e.name] = true
	}
	for _, d := range p.fields {
		f.known[tandem.MetricFieldPrefix+d.Name] = true
	}
	return f
}

// follow goes by a plan whose goal was changed. What is folded rests on the calls'
// own goals; only how long a call is waited for does not.
func (f *frame) follow(p *plan) {
	_, isStandard := standard[f.primary]
	f.plan, f.awaits = p, isStandard || p.awaitsAnalysis()
}

// addPhases takes over the phases of the test, which may have more than before.
func (f *frame) addPhases(t tandem.Test) {
	for _, p := range t.Phases {
		if f.phases[p.Number] != nil {
			continue
		}
		shares := make([]float64, len(f.arms))
		for i := range shares {
			shares[i] = p.Split.Probability(i)
		}
		f.phases[p.Number] = shares
	}
}

// sharePlan gives each pair its part of the planned calls.
func (f *frame) sharePlan(t tandem.Test) {
	f.planned = make([]int64, len(f.arms))
	for x := 1; x < len(f.planned); x++ {
		f.planned[x] = planOf(t, x)
	}
}

// planOf is arm x's part of the planned calls, in even calls with the first arm
// (the clock of the sequences): what they tell at the split that the test is to
// end with, which is the ramp's last, else the one it starts with. It is fixed
// beforehand, as a plan must be. Where one of the two arms starts without calls, as
// if both shared theirs evenly. 0 without a plan.
func planOf(t tandem.Test, x int) int64 {
	if t.PlannedCalls <= 0 || len(t.Phases) == 0 {
		return 0
	}
	weights := t.Phases[0].Weights
	if n := len(t.Ramp); n > 0 {
		weights = t.Ramp[n-1].Weights
	}
	calls := float64(t.PlannedCalls) / 100
	a, b := calls*weights[0], calls*weights[x]
	even := float64(float64(4*a)*b) / (a + b)
	if !(even > 0) {
		even = a + b
	}
	if !(even > 0) {
		even = float64(t.PlannedCalls)
	}
	return max(1, int64(math.Ceil(even-1e-6))) // percents are not exact in binary
}

// leastRange is the narrowest range in which a field's values can be told apart.
const leastRange = 1e-9

// fieldRanges gives the bounds of number fields. Where versions differ, they
// are as wide as the widest; where one has none, there are none.
func fieldRanges(fields []tandem.Field) map[string]stats.Bounds {
	out, open := map[string]stats.Bounds{}, map[string]bool{}
	for _, d := range fields {
		if d.Type != tandem.Number {
			continue
		}
		metric := tandem.MetricFieldPrefix + d.Name
		if d.Min == nil || d.Max == nil || !measurement(*d.Min) || !measurement(*d.Max) || *d.Max-*d.Min < leastRange {
			open[metric] = true
			continue
		}
		b := stats.Bounds{Low: *d.Min, High: *d.Max}
		if have, ok := out[metric]; ok {
			b = stats.Bounds{Low: min(b.Low, have.Low), High: max(b.High, have.High)}
		}
		out[metric] = b
	}
	for metric := range open {
		delete(out, metric)
	}
	return out
}

// isPrimary says whether a metric, as tallied, is the one that decides.
func (f *frame) isPrimary(metric string) bool {
	return metric == f.primary || metric == f.primary+NumberSuffix
}

// awaitsAnalysis says whether a call can say more after its end: a version has
// analysis fields, or the goal asks for one.
func (p *plan) awaitsAnalysis() bool {
	if len(p.fields) > 0 {
		return true
	}
	if p.goal != nil {
		for name := range p.goal.facts {
			if strings.HasPrefix(strings.TrimPrefix(name, hasPrefix), "fields.") {
				return true
			}
		}
	}
	return false
}

// settled says whether what a call says is no longer expected to change. Where
// nothing but time is missing, it gives the moment from which it is settled;
// the zero time where it waits for a report.
func (f *frame) settled(c *tandem.Call, maxSeconds int, now time.Time) (settled bool, from time.Time) {
	if c.NotRandomised() != "" {
		return true, time.Time{}
	}
	switch c.Stage() {
	case tandem.StageLost, tandem.StageAnalyzed:
		return true, time.Time{}
	case tandem.StageAssigned:
		return false, time.Time{}
	}
	if answered, known := c.WasAnswered(); !f.awaits || known && !answered {
		return true, time.Time{}
	}
	// A clock that runs ahead must not hold up everybody behind: no call ends
	// later than it would be given up.
	end, latest := c.Ended.At, c.Assigned.At.Add(time.Duration(maxSeconds)*time.Second+tandem.LostGrace)
	if end.After(latest) {
		end = latest
	}
	from = end.Add(tandem.AnalysisGrace)
	return !now.Before(from), from
}
