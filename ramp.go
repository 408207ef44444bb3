package tandem

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// RampState is where a test is on its way through its ramp.
type RampState struct {
	Step  int       `json:"step" doc:"The step in force, from 1"`
	Steps int       `json:"steps"`
	Next  []float64 `json:"next" doc:"The split of the next step, in percent"`
	Waits []string  `json:"waits" doc:"What the next step waits for; empty when it is due"`
}

// RampWaits says what the next step of the test's ramp waits for; nil when there is
// none. covered is how many randomised calls of the phase in force are covered by
// evidence. A step is taken on what is known to be well and never on what is not
// known: it needs calls that are covered, and each guardrail judged in each arm that
// gets calls.
func (t Test) RampWaits(v Verdict, covered int64, rebuilding bool, now time.Time) *RampState {
	if t.Status != Running || t.RampStep < 1 || t.RampStep >= len(t.Ramp) {
		return nil
	}
	is := t.Ramp[t.RampStep-1]
	s := &RampState{Step: t.RampStep, Steps: len(t.Ramp), Next: t.Ramp[t.RampStep].Weights, Waits: []string{}}
	wait := func(format string, args ...any) { s.Waits = append(s.Waits, fmt.Sprintf(format, args...)) }
	if least := max(1, is.MinCalls); covered < least {
		wait("calls: %d of %d in this step are covered by evidence", covered, least)
	}
	if due := t.Phase().StartedAt.Add(time.Duration(is.MinMinutes) * time.Minute); now.Before(due) {
		wait("time: until %s UTC", due.UTC().Format("2 Jan 15:04"))
	}
	for _, g := range t.Guardrails {
		for i, arm := range t.Arms {
			if i == 0 || arm.Weight == 0 {
				continue
			}
			at := slices.IndexFunc(v.Guardrails, func(s GuardrailState) bool {
				return s.Metric == g.Metric && s.Worse == g.Worse && s.Arm == arm.Key
			})
			if at < 0 || !v.Guardrails[at].Known && !v.Guardrails[at].Breached {
				wait("the guardrail on %s, which cannot be judged yet in %s", g.Metric, arm.Key)
			}
		}
	}
	for _, g := range v.Breached() {
		wait("the guardrail on %s, which is breached in %s", g.Metric, g.Arm)
	}
	for _, a := range v.OpenAlarms() {
		wait("an open alarm: %s", strings.ReplaceAll(string(a.Check), "_", " "))
	}
	if rebuilding {
		wait("the evidence, which is being computed anew")
	}
	return s
}

// CoveredIn gives how many randomised calls of a phase are among the first covered
// ones of a test that has so many by phase. Phases follow one another, so the calls
// of earlier ones come first.
func CoveredIn(calls map[int]int64, covered int64, phase int) int64 {
	for number, n := range calls {
		if number < phase {
			covered -= n
		}
	}
	return min(max(covered, 0), calls[phase])
}
