package tandem

import (
	"slices"
	"time"
)

// Check is one of the things that must hold for results to mean anything.
type Check string

// The checks.
const (
	// CheckSampleRatio: the arms have the calls that the split gives them.
	CheckSampleRatio Check = "sample_ratio"
	// CheckCoverage: outcomes are missing as often in one arm as in another.
	CheckCoverage Check = "coverage"
	// CheckNotRandomised: few calls had their arm by other means than chance.
	CheckNotRandomised Check = "not_randomised"
	// CheckMetricHealth: the primary metric moves, and means what it meant.
	CheckMetricHealth Check = "metric_health"
)

// Checks lists them all.
func Checks() []Check {
	return []Check{CheckSampleRatio, CheckCoverage, CheckNotRandomised, CheckMetricHealth}
}

// Alarm is a check that failed.
type Alarm struct {
	Check        Check            `json:"check" enum:"sample_ratio,coverage,not_randomised,metric_health"`
	Text         string           `json:"text"`
	Concerns     []Concern        `json:"concerns" doc:"What it is about"`
	Acknowledged *Acknowledgement `json:"acknowledged,omitempty"`
}

// Concern is one thing that an alarm is about: the same kind of fault in the same
// arm is the same concern.
type Concern struct {
	Kind string `json:"kind" doc:"The kind of gap, or of oddness"`
	Arm  string `json:"arm,omitempty" doc:"The arm that has it; none where it is about all"`
	// Strength grows with the fault: for the split and for gaps the natural
	// logarithm of the evidence that it is no chance, for calls that were not
	// randomised their share, for a metric the run of calls that is odd.
	Strength float64 `json:"strength" doc:"Grows with the fault; of use only beside an earlier one"`
}

// worsens is by how much a concern may become stronger before an acknowledgement
// no longer covers it. Evidence grows with every call while a cause lasts, so
// somebody who stands by a lasting fault is asked again at twice the calls, at
// four times, and so on.
const worsens = 2

// Acknowledgement says that somebody has looked into an alarm and stands by
// the test all the same. It covers what the alarm was about then, up to twice its
// strength.
type Acknowledgement struct {
	Check    Check     `json:"check" enum:"sample_ratio,coverage,not_randomised,metric_health"`
	At       time.Time `json:"at"`
	By       string    `json:"by" doc:"Name of the key"`
	Note     string    `json:"note,omitempty"`
	Concerns []Concern `json:"concerns,omitempty" doc:"What the alarm was about"`
}

// covers says whether c was known when the alarm was acknowledged.
func (a Acknowledgement) covers(c Concern) bool {
	return slices.ContainsFunc(a.Concerns, func(was Concern) bool {
		return was.Kind == c.Kind && was.Arm == c.Arm && c.Strength <= worsens*was.Strength
	})
}

// Acknowledge lets the test conclude in spite of what the verdict's alarms of this
// check are about.
//
// Errors: Invalid for an unknown check, Conflict when none of its alarms is open:
// nobody can have looked into what has not happened.
func (t *Test) Acknowledge(v Verdict, c Check, by, note string, now time.Time) error {
	if !slices.Contains(Checks(), c) {
		return Errorf(Invalid, "check", "is %q; expected one of %v", clip(string(c)), Checks())
	}
	open := v.OpenAlarms()
	i := slices.IndexFunc(open, func(a Alarm) bool { return a.Check == c })
	if i < 0 {
		return Errorf(Conflict, "check", "%s has no open alarm; there is nothing to acknowledge", c)
	}
	ack := Acknowledgement{Check: c, At: now, By: by, Note: note, Concerns: open[i].Concerns}
	t.Acknowledged = append(slices.Clip(t.Acknowledged), ack)
	return nil
}

// Acknowledgement gives the last acknowledgement of the alarm's check if, taken
// together, the acknowledgements cover all that the alarm is about.
func (t Test) Acknowledgement(alarm Alarm) (last Acknowledgement, ok bool) {
	for _, c := range alarm.Concerns {
		if !slices.ContainsFunc(t.Acknowledged, func(a Acknowledgement) bool { return a.Check == alarm.Check && a.covers(c) }) {
			return Acknowledgement{}, false
		}
	}
	for _, a := range t.Acknowledged {
		if a.Check == alarm.Check {
			last, ok = a, true
		}
	}
	return last, ok
}

// OpenAlarms lists the alarms that nobody has acknowledged.
func (v Verdict) OpenAlarms() []Alarm {
	var out []Alarm
	for _, a := range v.Alarms {
		if a.Acknowledged == nil {
			out = append(out, a)
		}
	}
	return out
}
