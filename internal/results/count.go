package results

import (
	"context"
	"slices"
	"sync"

	"tandem"
)

// Counter turns calls into changes of tallies. It is safe for concurrent use
// and reads the store only for tests it has not met before.
type Counter struct {
	plans plans
	pool  sync.Pool // *scratch
}

// scratch is working memory of one Count.
type scratch struct{ before, after []tandem.Observation }

// NewCounter makes a Counter that asks source about tests it has not met.
func NewCounter(source TestSource) *Counter {
	return &Counter{
		plans: plans{source: source},
		pool:  sync.Pool{New: func() any { return new(scratch) }},
	}
}

// Forget has the Counter ask about every test again, since a goal was changed.
func (c *Counter) Forget() { c.plans.forget() }

// Count derives after.Goal and after.GoalEdition and says what changes in the tallies when a call's
// record goes from before to after: what it said before is taken back, what it
// says now is added, and what stays the same is left alone. before is the
// stored record, with the goal as it was counted; for a new call it is the zero
// Call.
//
// Errors: NotFound when a call names a test that does not exist; the store's.
func (c *Counter) Count(ctx context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error) {
	s := c.pool.Get().(*scratch)
	defer c.pool.Put(s)
	was, err := c.observe(ctx, &before, &s.before)
	if err != nil {
		return nil, err
	}
	if err := c.deriveGoal(ctx, after); err != nil {
		return nil, err
	}
	is, err := c.observe(ctx, after, &s.after)
	if err != nil {
		return nil, err
	}
	return changes(was, is), nil
}

// observed is what one call says, and in which cells.
type observed struct {
	cell tandem.TallyKey // without the metric
	list []tandem.Observation
}

func (c *Counter) deriveGoal(ctx context.Context, call *tandem.Call) error {
	stands := call.Removed != nil && call.Removed.Goal
	was := call.Goal
	call.Goal, call.GoalEdition = nil, 0
	if call.Assigned == nil || call.Assigned.Value.TestID == "" {
		return nil
	}
	p, err := c.plans.of(ctx, call.Assigned.Value.TestID)
	if err != nil {
		return err
	}
	call.GoalEdition = p.edition
	switch {
	case !stands:
		call.Goal = p.goal.met(call)
	case call.Removed.GoalEdition == p.edition:
		call.Goal = was // what it was judged by was deleted
	} // else it was judged by another goal, and this one cannot be known
	return nil
}

func (c *Counter) observe(ctx context.Context, call *tandem.Call, buf *[]tandem.Observation) (observed, error) {
	if call.Assigned == nil || call.Assigned.Value.TestID == "" {
		return observed{}, nil
	}
	a := &call.Assigned.Value
	p, err := c.plans.of(ctx, a.TestID)
	if err != nil {
		return observed{}, err
	}
	*buf = p.observe(call, (*buf)[:0])
	return observed{
		cell: tandem.TallyKey{TestID: a.TestID, Phase: a.Phase, Arm: a.Arm},
		list: *buf,
	}, nil
}

// changes compares what a call said with what it says. Both lists name each
// metric at most once and are short, so looking metrics up in turn is fastest.
func changes(was, is observed) []tandem.TallyChange {
	if was.cell != is.cell {
		out := make([]tandem.TallyChange, 0, len(was.list)+len(is.list))
		out = appendChanges(out, was.cell, was.list, nil)
		return appendChanges(out, is.cell, nil, is.list)
	}
	return appendChanges(nil, is.cell, was.list, is.list)
}

func appendChanges(out []tandem.TallyChange, cell tandem.TallyKey, was, is []tandem.Observation) []tandem.TallyChange {
	// The lists are scratch: what goes out is copied into one block, which
	// never grows, so that pointers into it stay good.
	var kept []tandem.Observation
	keep := func(o tandem.Observation) *tandem.Observation {
		if kept == nil {
			kept = make([]tandem.Observation, 0, len(was)+len(is))
			out = slices.Grow(out, max(len(was), len(is)))
		}
		kept = append(kept, o)
		return &kept[len(kept)-1]
	}
	for _, o := range is {
		cell.Metric = o.Metric
		i := find(was, o.Metric)
		switch {
		case i < 0:
			out = append(out, tandem.TallyChange{Key: cell, Add: keep(o)})
		case was[i] != o:
			out = append(out, tandem.TallyChange{Key: cell, Remove: keep(was[i]), Add: keep(o)})
		}
	}
	for _, o := range was {
		if find(is, o.Metric) < 0 {
			cell.Metric = o.Metric
			out = append(out, tandem.TallyChange{Key: cell, Remove: keep(o)})
		}
	}
	return out
}

func find(list []tandem.Observation, metric string) int {
	for i := range list {
		if list[i].Metric == metric {
			return i
		}
	}
	return -1
}

// edition gives the edition of a test's goal that calls are counted under.
func (c *Counter) edition(ctx context.Context, testID tandem.ID) (int, error) {
	p, err := c.plans.of(ctx, testID)
	if err != nil {
		return 0, err
	}
	return p.edition, nil
}
