package tandem

import (
	"crypto/rand"
	"errors"
	"time"
)

// Unit is what a test randomises.
type Unit string

// The units of randomisation.
const (
	// PerCall gives every call its own draw.
	PerCall Unit = "call"
	// PerCaller gives all calls of one caller the same arm. A call whose caller
	// is withheld gets its own draw.
	PerCaller Unit = "caller"
)

// TestStatus is where a test is in its life.
type TestStatus string

// The states of a test.
const (
	// Running tests assign calls.
	Running TestStatus = "running"
	// Ended tests assign nothing; late outcomes of their calls still count.
	Ended TestStatus = "ended"
	// Recorded tests were imported with their arms as recorded elsewhere;
	// they never assigned anything.
	Recorded TestStatus = "recorded"
)

// MaxArms is the most arms a test may have: past it no route has the calls to
// tell them apart.
const MaxArms = 10

// Test is an A/B test on a route.
type Test struct {
	ID            ID         `json:"id" readOnly:"true"`
	RouteID       ID         `json:"route_id"`
	Name          string     `json:"name,omitempty"`
	Status        TestStatus `json:"status" enum:"running,ended,recorded"`
	Arms          []Arm      `json:"arms"`
	Unit          Unit       `json:"unit" enum:"call,caller"`
	Goal          string     `json:"goal,omitempty" doc:"CEL expression over call and fields: when is a call a completion" example:"fields.appointment_booked == true"`
	PrimaryMetric string     `json:"primary_metric" example:"completion"`
	Rules
	Phases    []Phase    `json:"phases"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Winner    string     `json:"winner,omitempty" doc:"Key of the arm that was kept"`
	EndNote   string     `json:"end_note,omitempty"`
	// RampStep is the step of the ramp that is in force, from 1; 0 without a
	// ramp, and once it was done, stopped or overruled.
	RampStep     int               `json:"ramp_step,omitempty"`
	Acknowledged []Acknowledgement `json:"acknowledged,omitempty" doc:"Alarms that somebody has looked into"`
	// RolledBackFor lists the breached guardrails that gave all calls to A, each
	// once.
	RolledBackFor []Breach `json:"rolled_back_for,omitempty" readOnly:"true" doc:"Breached guardrails that gave all calls to A. One that stands here does not do so again: splitting the calls again overrules it"`
	Revision      int64    `json:"revision" readOnly:"true" doc:"Grows with each change; given back in If-Match"`
	// Intended says of a recorded test that its weights are the shares that were
	// intended. Otherwise they are the arms' own counts, and the split cannot be
	// checked.
	Intended bool `json:"intended,omitempty" readOnly:"true" doc:"Recorded tests: the weights are the shares that were intended, not the arms' own counts"`
	// Salt is the secret that assignment hashes units with.
	Salt Salt `json:"-"`
	// GoalChanges lists how the goal was changed after the start, oldest first.
	GoalChanges []GoalChange `json:"goal_changes,omitempty" readOnly:"true" doc:"How the goal was changed after the test began"`
	// Decision is what was known when the test ended. It is set when a test is
	// ended and stored beside it; a test that is read does not carry it.
	Decision *Decision `json:"-"`
}

// Arm is one side of a test: A, B, C and so on.
type Arm struct {
	Key       string  `json:"key" example:"A"`
	VersionID ID      `json:"version_id"`
	Weight    float64 `json:"weight" doc:"Percent of calls in the current phase, at most two decimals" minimum:"0" maximum:"100"`
}

// Phase is a stretch of a test in which the split does not change. Numbers
// count from 1.
type Phase struct {
	Number    int       `json:"number"`
	StartedAt time.Time `json:"started_at"`
	Weights   []float64 `json:"weights"`
	Split     Split     `json:"split"`
}

// TestSpec is what a user says to start a test. Arms beyond the first two are
// optional.
type TestSpec struct {
	Name          string    `json:"name,omitempty"`
	Arms          []ArmSpec `json:"arms"`
	Unit          Unit      `json:"unit,omitempty" enum:"call,caller" doc:"What is randomised: each call (default), or each caller"`
	Goal          string    `json:"goal,omitempty" doc:"CEL expression over call and fields" example:"fields.appointment_booked == true"`
	PrimaryMetric string    `json:"primary_metric,omitempty" doc:"Default: completion"`
	Rules
}

// ArmSpec is one arm of a TestSpec.
type ArmSpec struct {
	VersionID ID      `json:"version_id"`
	Weight    float64 `json:"weight" minimum:"0" maximum:"100"`
}

// ArmKey gives the key of the arm with index i: A, B, C...
func ArmKey(i int) string { return string(rune('A' + i)) }

// NewTest starts a test on route. That the versions exist and are published,
// that the goal compiles, and that no other test runs on the route are for the
// caller to check: they need the store.
func NewTest(route Route, spec TestSpec, now time.Time) (Test, error) {
	var errs []error
	if n := len(spec.Arms); n < 2 || n > MaxArms {
		errs = append(errs, Errorf(Invalid, "arms", "has %d entries; expected 2 to %d", n, MaxArms))
	}
	if spec.Unit == "" {
		spec.Unit = PerCall
	}
	if spec.Unit != PerCall && spec.Unit != PerCaller {
		errs = append(errs, Errorf(Invalid, "unit", "is %q; expected call or caller", spec.Unit))
	}
	if spec.PrimaryMetric == "" {
		spec.PrimaryMetric = MetricCompletion
	}
	if spec.Name != "" {
		errs = append(errs, ValidateName("name", spec.Name))
	}
	seen := map[ID]int{}
	weights := make([]float64, len(spec.Arms))
	for i, a := range spec.Arms {
		weights[i] = a.Weight
		if !a.VersionID.Valid() {
			errs = append(errs, Errorf(Invalid, "arms"+index(i)+".version_id", "is %q; expected a published version", clip(string(a.VersionID))))
		} else if j, twice := seen[a.VersionID]; twice {
			errs = append(errs, Errorf(Invalid, "arms"+index(i)+".version_id", "is the version of arm %s; expected a different one in each arm", ArmKey(j)))
		}
		seen[a.VersionID] = i
	}
	split, err := NewSplit(weights)
	errs = append(errs, under("arms", err))
	rules, err := spec.complete(spec.PrimaryMetric, weights)
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return Test{}, err
	}
	t := Test{
		ID: NewID(now), RouteID: route.ID, Name: spec.Name, Status: Running, Unit: spec.Unit,
		Goal: spec.Goal, PrimaryMetric: spec.PrimaryMetric, Rules: rules, StartedAt: now,
		Phases: []Phase{{Number: 1, StartedAt: now, Weights: weights, Split: split}},
	}
	if len(t.Ramp) > 0 {
		t.RampStep = 1
	}
	_, _ = rand.Read(t.Salt[:])
	for i, a := range spec.Arms {
		t.Arms = append(t.Arms, Arm{Key: ArmKey(i), VersionID: a.VersionID, Weight: a.Weight})
	}
	return t, nil
}

// Phase gives the current phase.
func (t Test) Phase() Phase { return t.Phases[len(t.Phases)-1] }

// Arm gives the index of the arm with this key, or -1.
func (t Test) Arm(key string) int {
	for i, a := range t.Arms {
		if a.Key == key {
			return i
		}
	}
	return -1
}

// Reweight changes the split (percent, one weight for each arm), which opens a
// new phase and overrules a ramp. Weights equal to the current ones change
// nothing else.
func (t *Test) Reweight(weights []float64, now time.Time) error {
	err := t.reweight(weights, now)
	if err == nil {
		t.RampStep = 0
	}
	return err
}

func (t *Test) reweight(weights []float64, now time.Time) error {
	if t.Status != Running {
		return Errorf(Conflict, "", "the test is %s; only a running test's split can change", t.Status)
	}
	if len(weights) != len(t.Arms) {
		return Errorf(Invalid, "weights", "has %d entries; expected one for each of the %d arms", len(weights), len(t.Arms))
	}
	split, err := t.Phase().Split.Reweight(weights)
	if err != nil {
		return under("weights", err)
	}
	same := true
	for i, w := range weights {
		same = same && t.Arms[i].Weight == w
	}
	if same {
		return nil
	}
	t.Arms = append([]Arm(nil), t.Arms...)
	for i, w := range weights {
		t.Arms[i].Weight = w
	}
	t.Phases = append(t.Phases[:len(t.Phases):len(t.Phases)], Phase{
		Number: t.Phase().Number + 1, StartedAt: now, Weights: weights, Split: split,
	})
	return nil
}

// End ends the test and makes the winner, an arm's key, the route's live
// version. With no winner given, A is kept. The losing versions stay published.
func (t *Test) End(route *Route, winner, note string, now time.Time) error {
	if t.Status != Running {
		return Errorf(Conflict, "", "the test is %s already", t.Status)
	}
	if winner == "" {
		winner = t.Arms[0].Key
	}
	i := t.Arm(winner)
	if i < 0 {
		return Errorf(Invalid, "winner", "is %q; expected one of the test's arms, %s to %s", clip(winner), t.Arms[0].Key, t.Arms[len(t.Arms)-1].Key)
	}
	t.Status, t.Winner, t.EndNote, t.EndedAt, t.RampStep = Ended, winner, note, &now, 0
	route.LiveVersionID = t.Arms[i].VersionID
	return nil
}
