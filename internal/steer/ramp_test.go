package steer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

var ramp = tandem.Rules{
	Guardrails: []tandem.Guardrail{transfer, quiet},
	Ramp: []tandem.RampStep{
		{Weights: []float64{90, 10}, MinCalls: 100, MinMinutes: 60},
		{Weights: []float64{70, 30}, MinCalls: 50},
		{Weights: []float64{50, 50}},
	},
}

// calls is a reading with so many calls by phase, of which covered are folded, and
// guardrails that hold.
func calls(covered int64, byPhase ...int64) Reading {
	r := Reading{Verdict: tandem.Verdict{Status: tandem.Collecting}, Covered: covered, Calls: map[int]int64{}}
	for _, g := range ramp.Guardrails {
		r.Verdict.Guardrails = append(r.Verdict.Guardrails, tandem.GuardrailState{Guardrail: g, Arm: "B", Known: true})
	}
	for i, n := range byPhase {
		r.Calls[i+1] = n
	}
	return r
}

func TestARampGoesFromStepToStepWhenEachIsDue(t *testing.T) {
	stage(t, ramp, []float64{90, 10}, func(t *testing.T, s *scene) {
		for _, step := range []struct {
			why  string
			wait time.Duration
			r    Reading
			want []float64
		}{
			{"neither calls nor time", 0, calls(10, 10), []float64{90, 10}},
			{"calls but no time", 30 * time.Minute, calls(200, 200), []float64{90, 10}},
			{"a correction", 0, calls(99, 99), []float64{90, 10}},
			{"time but no calls", time.Hour, calls(99, 99), []float64{90, 10}},
			{"calls that the evidence does not cover", 0, calls(99, 200), []float64{90, 10}},
			{"both", 0, calls(100, 130), []float64{70, 30}},
			{"calls of the phase before", 0, calls(130, 130, 500), []float64{70, 30}},
			{"too few of this phase", 0, calls(179, 130, 500), []float64{70, 30}},
			{"enough of this phase", 0, calls(180, 130, 500), []float64{50, 50}},
			{"after the last step", time.Hour, calls(9000, 130, 500, 9000), []float64{50, 50}},
		} {
			time.Sleep(step.wait)
			s.shows(step.r)
			if d := cmp.Diff(step.want, weights(s.now())); d != "" {
				t.Errorf("%s: %s", step.why, d)
			}
		}
		if d := cmp.Diff([]string{"ramp test.ramp", "ramp test.ramp"}, s.changes()); d != "" {
			t.Error(d)
		}
		want := []string{
			"ramp.advanced: The ramp went on to step 2 of 3: A 70 %, B 30 %.",
			"ramp.advanced: The ramp went on to step 3 of 3: A 50 %, B 50 %.",
		}
		if d := cmp.Diff(want, s.told()); d != "" {
			t.Error(d)
		}
		if s.now().RampStep != 0 {
			t.Errorf("ramp step %d after the last", s.now().RampStep)
		}
	})
}

func TestAStepThatOnlyWaitsForTimeIsTakenWhenACallIsCovered(t *testing.T) {
	rules := tandem.Rules{Ramp: []tandem.RampStep{{Weights: []float64{90, 10}, MinMinutes: 60}, {Weights: halves}}}
	stage(t, rules, []float64{90, 10}, func(t *testing.T, s *scene) {
		began := time.Now()
		time.Sleep(time.Hour - time.Second)
		if s.now().RampStep != 1 {
			t.Error("too early")
		}
		s.board.show(s.id, calls(0, 1))
		time.Sleep(2*pollEvery + time.Second)
		if s.now().RampStep != 1 {
			t.Error("a step was taken on no call")
		}
		began = began.Add(2*pollEvery + time.Second)
		s.shows(calls(1, 1))
		got := s.now()
		if late := got.Phase().StartedAt.Sub(began) - time.Hour; got.Phase().Number != 2 || late > 2*pollEvery {
			t.Errorf("phase %d, %v late", got.Phase().Number, late)
		}
	})
}

func TestARampNeverGoesOnPastWhatSpeaksAgainstIt(t *testing.T) {
	for name, against := range map[string]func(*Reading){
		"a breached guardrail that is only announced": func(r *Reading) {
			r.Verdict.Guardrails = []tandem.GuardrailState{breached(quiet, "B")}
		},
		"an open alarm": func(r *Reading) {
			r.Verdict.Alarms = []tandem.Alarm{{Check: tandem.CheckSampleRatio, Text: "The split is broken."}}
		},
		"evidence that is being rebuilt":        func(r *Reading) { r.Rebuilding = true },
		"a guardrail that cannot be judged yet": func(r *Reading) { r.Verdict.Guardrails[1].Known = false },
		"a guardrail that nobody reports":       func(r *Reading) { r.Verdict.Guardrails = r.Verdict.Guardrails[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			stage(t, ramp, []float64{90, 10}, func(t *testing.T, s *scene) {
				s.settle()
				time.Sleep(2 * time.Hour)
				r := calls(1000, 1000)
				against(&r)
				for range 20 {
					s.shows(r)
				}
				if len(s.changes()) != 0 {
					t.Errorf("changes %v", s.changes())
				}
				s.shows(calls(1000, 1000)) // it is over
				if got := s.now().RampStep; got != 2 {
					t.Errorf("ramp step %d", got)
				}
			})
		})
	}
}

func TestAnAcknowledgedAlarmDoesNotHoldARampUp(t *testing.T) {
	stage(t, ramp, []float64{90, 10}, func(t *testing.T, s *scene) {
		s.settle()
		time.Sleep(2 * time.Hour)
		r := calls(1000, 1000)
		r.Verdict.Alarms = []tandem.Alarm{{Check: tandem.CheckSampleRatio, Acknowledged: &tandem.Acknowledgement{Check: tandem.CheckSampleRatio, By: "ops"}}}
		s.shows(r)
		if got := s.now().RampStep; got != 2 {
			t.Errorf("ramp step %d", got)
		}
	})
}

func TestARollbackStopsTheRamp(t *testing.T) {
	stage(t, ramp, []float64{90, 10}, func(t *testing.T, s *scene) {
		s.settle()
		time.Sleep(2 * time.Hour)
		r := calls(1000, 1000)
		r.Verdict.Guardrails = []tandem.GuardrailState{breached(transfer, "B")}
		s.shows(r)
		s.shows(calls(1000, 1000))
		time.Sleep(24 * time.Hour)
		if d := cmp.Diff(all, weights(s.now())); d != "" || s.now().RampStep != 0 || len(s.changes()) != 1 {
			t.Errorf("weights %v, ramp step %d, changes %v", weights(s.now()), s.now().RampStep, s.changes())
		}
	})
}

func TestACrashBetweenAStepAndItsNoticeLeavesNothingUntold(t *testing.T) {
	stage(t, ramp, []float64{90, 10}, func(t *testing.T, s *scene) {
		s.settle()
		time.Sleep(2 * time.Hour)
		s.shows(calls(1000, 1000))
		s.fate(false, true)
		s.shows(calls(2000, 1000, 1000)) // the last step
		s.fate(false, false)
		next := s.crew.pilot(s.shelf, s.board)
		defer running(t, next)()
		s.settle()
		if len(s.told()) != 2 || s.now().RampStep != 0 {
			t.Errorf("ramp step %d, told %q", s.now().RampStep, s.told())
		}
	})
}

func TestCoveredCallsAreThoseOfTheFirstPhasesFirst(t *testing.T) {
	for name, c := range map[string]struct {
		r     Reading
		phase int
		want  int64
	}{
		"one phase":                        {calls(7, 10), 1, 7},
		"all of one phase":                 {calls(10, 10), 1, 10},
		"none of the second yet":           {calls(7, 10, 5), 2, 0},
		"some of the second":               {calls(12, 10, 5), 2, 2},
		"all of the first":                 {calls(12, 10, 5), 1, 10},
		"more covered than tallied":        {calls(99, 10, 5), 2, 5},
		"a phase without calls":            {calls(10, 10), 2, 0},
		"nothing at all":                   {Reading{}, 1, 0},
		"a phase without calls in between": {calls(12, 10, 0, 5), 3, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tandem.CoveredIn(c.r.Calls, c.r.Covered, c.phase); got != c.want {
				t.Errorf("%d; want %d", got, c.want)
			}
		})
	}
}
