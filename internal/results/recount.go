package results

import (
	"context"
	"fmt"

	"tandem"
)

// recount is a test counted anew from its calls.
type recount struct {
	calls   int64
	taken   int64 // calls whose goal stands as it was judged
	tallies map[tandem.TallyKey]*tandem.Tally
	found   []Discrepancy
	more    int64
	arms    map[string]*ordinals
}

// ordinals is how an arm's calls are numbered. That no number occurs twice is
// the database's to keep; gaps are left where a call was moved to another arm.
type ordinals struct{ n, lowest, highest int64 }

func (o *ordinals) add(ordinal int64) {
	if o.n == 0 {
		o.lowest = ordinal
	}
	o.n++
	o.lowest, o.highest = min(o.lowest, ordinal), max(o.highest, ordinal)
}

// sound says whether every call can be drawn by its number.
func (o *ordinals) sound() bool { return o.lowest >= 1 && o.highest >= o.n }

// recount reads all calls of a test.
func (v *verification) recount(ctx context.Context, t tandem.Test) (*recount, error) {
	out := &recount{tallies: map[tandem.TallyKey]*tandem.Tally{}, arms: map[string]*ordinals{}}
	counter := NewCounter(v.reader.store)
	if p, err := counter.plans.of(ctx, t.ID); err != nil {
		return nil, err
	} else if p.goalError != nil {
		out.found = append(out.found, Discrepancy{
			TestID: t.ID, Metric: tandem.MetricCompletion, What: "goal expression", Stored: t.Goal, Counts: p.goalError.Error(),
		})
	}
	return out, v.reader.store.EachCall(ctx, t.ID, func(c tandem.Call) error {
		out.calls++
		if v.progress != nil && out.calls%progressEvery == 0 {
			v.progress(v.report.Calls + out.calls)
		}
		return out.add(ctx, counter, c)
	})
}

func (n *recount) add(ctx context.Context, counter *Counter, c tandem.Call) error {
	stored := c.GoalState()
	if c.Removed != nil && c.Removed.Goal {
		n.taken++
	}
	changes, err := counter.Count(ctx, tandem.Call{}, &c)
	if err != nil {
		return fmt.Errorf("call %s: %w", c.ID, err)
	}
	for _, ch := range changes {
		t := n.tallies[ch.Key]
		if t == nil {
			t = &tandem.Tally{}
			n.tallies[ch.Key] = t
		}
		t.Change(ch)
	}
	a := c.Assigned.Value
	if n.arms[a.Arm] == nil {
		n.arms[a.Arm] = &ordinals{}
	}
	n.arms[a.Arm].add(c.Ordinal)
	if is := c.GoalState(); is != stored {
		if len(n.found) >= maxDifferences {
			n.more++
			return nil
		}
		n.found = append(n.found, Discrepancy{
			TestID: a.TestID, CallID: c.ID, Phase: a.Phase, Arm: a.Arm,
			Metric: tandem.MetricCompletion, What: "goal", Stored: stored, Counts: is,
		})
	}
	return nil
}

// ordinals lists the arms some of whose calls have no number of their own, so
// that no sample can hold them.
func (n *recount) ordinals(t tandem.Test) []Discrepancy {
	var out []Discrepancy
	for _, a := range t.Arms {
		if o := n.arms[a.Key]; o != nil && !o.sound() {
			out = append(out, Discrepancy{
				TestID: t.ID, Arm: a.Key, Metric: tandem.MetricCalls, What: "ordinals",
				Stored: fmt.Sprintf("%d to %d", o.lowest, o.highest),
				Counts: fmt.Sprintf("1 to at least %d", o.n),
			})
		}
	}
	return out
}
