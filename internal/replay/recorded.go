package replay

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"tandem"
)

// ArmShare is one arm of a recorded experiment.
type ArmShare struct {
	// Value is what the records say of the arm, such as "degraded".
	Value string
	// Calls is how many conversations it has.
	Calls int64
	// Share is its share of all conversations, above 0 to 1. It stands for the
	// chance that a call had of the arm, which a record does not state.
	Share float64
}

// ArmOf gives the value of the arm member named by, as text.
func (c Conversation) ArmOf(by string) (string, error) {
	switch v := c.Arm[by].(type) {
	case string:
		if v != "" {
			return v, nil
		}
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	have := slices.Sorted(maps.Keys(c.Arm))
	return "", tandem.Errorf(tandem.Invalid, "arm."+by, "of conversation %s is missing; expected the arm it was in (its record has %q)", c.ID, have)
}

// Arms counts the arms of a recorded experiment, in alphabetical order of
// their value. It fails with Invalid when a conversation has none, lacks a
// start, or there are not 2 to [tandem.MaxArms] arms.
func Arms(conversations iter.Seq2[Conversation, error], by string) ([]ArmShare, error) {
	counts := map[string]int64{}
	for c, err := range conversations {
		if err != nil {
			return nil, err
		}
		v, err := c.ArmOf(by)
		if err != nil {
			return nil, err
		}
		if c.StartedAt.IsZero() {
			return nil, tandem.Errorf(tandem.Invalid, "started_at", "of conversation %s is missing; an import needs to know when each call was", c.ID)
		}
		counts[v]++
		if len(counts) > tandem.MaxArms {
			break
		}
	}
	if len(counts) < 2 || len(counts) > tandem.MaxArms {
		return nil, tandem.Errorf(tandem.Invalid, "arm."+by, "has %d different values; expected 2 to %d", len(counts), tandem.MaxArms)
	}
	var total int64
	for _, n := range counts {
		total += n
	}
	arms := make([]ArmShare, 0, len(counts))
	for _, v := range slices.Sorted(maps.Keys(counts)) {
		arms = append(arms, ArmShare{Value: v, Calls: counts[v], Share: float64(counts[v]) / float64(total)})
	}
	return arms, nil
}

// RecordedTest says where imported conversations belong.
type RecordedTest struct {
	Test tandem.Test
	// Number is the route's number, if it has one.
	Number string
	// By is the member of arm that tells the arms apart, and Shares the arms
	// in the order of Test.Arms.
	By     string
	Shares []ArmShare
}

// Events gives the events that put a recorded conversation into the test: its
// assignment as recorded, its answer, end, transcript, latency and analysis, at
// the times at which they happened. Ids depend only on the test and the
// conversation, so that importing a file again changes nothing.
func (t RecordedTest) Events(c Conversation) ([]tandem.Event, error) {
	value, err := c.ArmOf(t.By)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(t.Shares, func(s ArmShare) bool { return s.Value == value })
	if i < 0 || i >= len(t.Test.Arms) {
		return nil, tandem.Errorf(tandem.Invalid, "arm."+t.By, "of conversation %s is %q; the test has no such arm", c.ID, value)
	}
	if c.StartedAt.IsZero() {
		return nil, tandem.Errorf(tandem.Invalid, "started_at", "of conversation %s is missing", c.ID)
	}
	foreign := fmt.Sprintf("%s@%s", c.ID, t.Test.ID)
	id := tandem.DeriveCallID(tandem.OriginImport, foreign, c.StartedAt)
	arm := t.Test.Arms[i]
	base := tandem.Event{Origin: tandem.OriginImport, CallID: id, ForeignID: foreign, At: c.StartedAt}

	assigned := base
	assigned.ID, assigned.Kind = string(id)+"/assigned", tandem.EventAssigned
	assigned.Assigned = &tandem.Assignment{
		RouteID: t.Test.RouteID, TestID: t.Test.ID, Phase: t.Test.Phase().Number, Arm: arm.Key, VersionID: arm.VersionID,
		Probability: t.Shares[i].Share, UnitKind: tandem.PerCall, Unit: string(id), Number: t.Number, Caller: c.CallerID,
	}
	answered := base
	answered.ID, answered.Kind = string(id)+"/answered", tandem.EventAnswered
	if c.DurationMS != nil {
		base.At = c.StartedAt.Add(time.Duration(*c.DurationMS) * time.Millisecond)
	}
	return append([]tandem.Event{assigned, answered}, c.outcome(base, string(id), 0)...), nil
}
