// Package sample draws calls of a test to be read side by side: numbers say
// which version does better, transcripts say why.
//
// A question flows in (which calls, how many, which seed), calls with their
// transcripts flow out. Every call of an arm that the filter keeps is equally
// likely to be drawn, none is drawn twice, and the same question asked again
// gives the same calls for as long as their records stay as they are. It reads
// single calls by number and never scans a test; it changes nothing.
package sample

import (
	"context"
	"errors"
	"fmt"

	"tandem"
)

// Store is what sampling needs of the store.
type Store interface {
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	// ArmSize gives the highest ordinal of an arm's calls.
	ArmSize(ctx context.Context, testID tandem.ID, arm string) (int64, error)
	// CallsAt gives the calls of an arm with these ordinals, in any order;
	// ordinals that no call has are absent.
	CallsAt(ctx context.Context, testID tandem.ID, arm string, ordinals []int64) ([]tandem.Call, error)
	// GroupOrdinals lists the calls of an arm that are in a group, in order.
	GroupOrdinals(ctx context.Context, testID tandem.ID, arm, group string) ([]int64, error)
	// Transcript is NotFound for a call without one.
	Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error)
}

// Limits of a sample.
const (
	// DefaultPerArm is how many calls of each arm are drawn when the query
	// does not say.
	DefaultPerArm = 5
	// MaxPerArm is the most calls of each arm: nobody reads more at once.
	MaxPerArm = 50
	// MaxLooked is the most calls of an arm that are looked at in search of
	// ones that the filter keeps. It bounds the time of a query whose filter
	// keeps almost nothing.
	MaxLooked = 20_000
)

// Query says which calls to draw.
type Query struct {
	// Seed decides the draw. A client that keeps numbers as float64 should
	// stay below 2^53.
	Seed uint64
	// PerArm is how many calls of each arm, 1 to MaxPerArm; 0 is
	// DefaultPerArm.
	PerArm int
	// Filter narrows the calls. Its TestID is ignored; with an Arm, only that
	// arm is drawn from, with a Group, only its calls.
	Filter tandem.CallFilter
	// AsOf bounds the draw to the first calls of an arm, by the arm's key:
	// the AsOf of an earlier Sample draws from the same calls again. An arm
	// that is absent is drawn from whole.
	AsOf map[string]int64
}

// Sample is a draw of calls of one test.
type Sample struct {
	TestID tandem.ID        `json:"test_id"`
	Seed   uint64           `json:"seed"`
	PerArm int              `json:"per_arm"`
	AsOf   map[string]int64 `json:"as_of" doc:"Calls each arm had; asked for again with the same seed, the draw is the same"`
	// Arms stand side by side: the first calls of all arms are a pair, then
	// the second, and so on.
	Arms []ArmSample `json:"arms"`
	// Pairs take the place of Arms in a blind sample.
	Pairs []BlindPair `json:"pairs,omitempty" doc:"Of a blind sample, in place of arms: what was said, without which arm is which"`
}

// ArmSample is one arm's part of a sample.
type ArmSample struct {
	Arm       string    `json:"arm" example:"A"`
	VersionID tandem.ID `json:"version_id"`
	Looked    int64     `json:"looked" doc:"Calls looked at to find these"`
	// Exhausted says that no other call of the arm passes the filter.
	Exhausted bool          `json:"exhausted" doc:"All calls of the arm were looked at"`
	Calls     []SampledCall `json:"calls"`
}

// SampledCall is a call with what was said in it.
type SampledCall struct {
	Call tandem.Call `json:"call"`
	// Turns is empty for a call without a transcript.
	Turns []tandem.Turn `json:"turns"`
}

// Sampler draws samples. It is safe for concurrent use.
type Sampler struct {
	store Store
}

// NewSampler makes a Sampler over store.
func NewSampler(store Store) *Sampler { return &Sampler{store: store} }

// Sample draws calls of each arm of a test. Calls that were not randomised are
// never drawn: another version or nobody served them.
//
// Errors: NotFound when there is no such test; Invalid with field "per_arm",
// "as_of", "arm", "goal" or "group"; the store's.
func (s *Sampler) Sample(ctx context.Context, testID tandem.ID, q Query) (Sample, error) {
	t, err := s.store.Test(ctx, testID)
	if err != nil {
		return Sample{}, fmt.Errorf("test: %w", err)
	}
	if q.PerArm == 0 {
		q.PerArm = DefaultPerArm
	}
	if err := q.check(t); err != nil {
		return Sample{}, err
	}
	q.Filter.TestID = testID
	out := Sample{TestID: testID, Seed: q.Seed, PerArm: q.PerArm, AsOf: map[string]int64{}, Arms: []ArmSample{}}
	for _, a := range t.Arms {
		if q.Filter.Arm != "" && q.Filter.Arm != a.Key {
			continue
		}
		size, err := s.size(ctx, testID, a.Key, q)
		if err != nil {
			return Sample{}, err
		}
		among, err := s.among(ctx, a.Key, size, q)
		if err != nil {
			return Sample{}, err
		}
		drawn, err := s.arm(ctx, a, among, q)
		if err != nil {
			return Sample{}, fmt.Errorf("arm %s: %w", a.Key, err)
		}
		out.AsOf[a.Key] = size
		out.Arms = append(out.Arms, drawn)
	}
	return out, nil
}

func (q Query) check(t tandem.Test) error {
	var errs []error
	if q.PerArm < 1 || q.PerArm > MaxPerArm {
		errs = append(errs, tandem.Errorf(tandem.Invalid, "per_arm", "is %d; expected 1 to %d", q.PerArm, MaxPerArm))
	}
	if q.Filter.Arm != "" && t.Arm(q.Filter.Arm) < 0 {
		errs = append(errs, tandem.Errorf(tandem.Invalid, "arm", "is %q; expected one of the test's arms", q.Filter.Arm))
	}
	switch q.Filter.Goal {
	case "", tandem.GoalMet, tandem.GoalNotMet, tandem.GoalUnknown:
	default:
		errs = append(errs, tandem.Errorf(tandem.Invalid, "goal", "is %q; expected %s, %s or %s", q.Filter.Goal, tandem.GoalMet, tandem.GoalNotMet, tandem.GoalUnknown))
	}
	if q.Filter.Group != "" {
		errs = append(errs, tandem.ValidateGroup(q.Filter.Group))
	}
	for arm := range q.AsOf {
		if t.Arm(arm) < 0 {
			errs = append(errs, tandem.Errorf(tandem.Invalid, "as_of", "names arm %q; expected the test's arms", arm))
		}
	}
	return errors.Join(errs...)
}

// size gives how many calls of an arm to draw from.
func (s *Sampler) size(ctx context.Context, testID tandem.ID, arm string, q Query) (int64, error) {
	now, err := s.store.ArmSize(ctx, testID, arm)
	if err != nil {
		return 0, fmt.Errorf("size of arm %s: %w", arm, err)
	}
	asked, given := q.AsOf[arm]
	switch {
	case !given:
		return now, nil
	case asked < 0 || asked > now:
		return 0, tandem.Errorf(tandem.Invalid, "as_of", "is %d for arm %s; expected 0 to the %d calls it has", asked, arm, now)
	}
	return asked, nil
}
