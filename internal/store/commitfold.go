package store

import (
	"slices"

	"tandem"
)

const (
	// touchActivity tells those who watch a test that something moved.
	touchActivity = `
		INSERT INTO activity (test_id, sequence) VALUES ($1, 1)
		ON CONFLICT (test_id) DO UPDATE SET sequence = activity.sequence + 1`
	bumpActivity     = touchActivity + ` RETURNING sequence, folded_at, goal_edition`
	insertCorrection = `INSERT INTO corrections (test_id, sequence, at, recorded_at) VALUES ($1, $2, $3, $4)`
	undoCheckpoints  = `DELETE FROM checkpoints WHERE test_id = $1 AND at >= $2`
)

// heldTest is a test whose activity row this commit has: until it ends nobody
// else commits to the test, announces to fold it or saves its checkpoints.
type heldTest struct {
	id       tandem.ID
	sequence int64
	foldedAt int64
	edition  int // of the goal
	// corrected is the earliest assignment time at or before foldedAt of a call
	// that changes, where behind says that there is one.
	corrected int64
	behind    bool
}

// holdTests takes the activity rows of all tests that the batch touches, also
// of those that calls leave.
func (c *commit) holdTests() []step {
	ids := c.tests
	for i := range c.calls {
		if was := c.calls[i].was.assigned.TestID; was != "" && was != c.calls[i].test {
			ids = append(ids[:len(ids):len(ids)], was)
		}
	}
	if len(ids) > len(c.tests) {
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	c.held = make([]heldTest, len(ids))
	steps := make([]step, len(ids))
	for i, id := range ids {
		h := &c.held[i]
		h.id = id
		steps[i] = step{
			text: bumpActivity, args: []any{string(id)},
			row: func(scan func(...any) error) error { return scan(&h.sequence, &h.foldedAt, &h.edition) },
		}
	}
	return steps
}

// corrections records what changed behind the folds of the tests, and takes
// away the checkpoints that rest on it. Whoever folds announces it first, in the
// same activity row: so this either sees the announcement, or is in what the
// folding node reads after it.
func (c *commit) corrections() []step {
	for i := range c.calls {
		w := &c.calls[i]
		if w.counted || w.whole {
			c.correct(w.was.assigned.TestID, w.was.assignedAt)
			c.correct(w.test, w.assignedAt)
		}
	}
	var steps []step
	for _, h := range c.held {
		if h.behind {
			steps = append(steps,
				step{text: insertCorrection, args: []any{string(h.id), h.sequence, h.corrected, c.now}},
				step{text: undoCheckpoints, args: []any{string(h.id), h.corrected}})
		}
	}
	return steps
}

// refuseOldGoals refuses calls that were counted under another goal than their
// test has. Whoever changes a goal does it in the same activity row: so this
// either sees the change, or is among what is counted anew after it.
func (c *commit) refuseOldGoals() {
	for i := range c.calls {
		w := &c.calls[i]
		if w.call.GoalEdition == 0 || w.test == "" {
			continue
		}
		for _, h := range c.held {
			if h.id == w.test && h.edition != w.call.GoalEdition {
				c.err = tandem.ErrGoalChanged
				return
			}
		}
	}
}

func (c *commit) correct(test tandem.ID, at int64) {
	if test == "" {
		return
	}
	for i := range c.held {
		if h := &c.held[i]; h.id == test {
			if at <= h.foldedAt && (!h.behind || at < h.corrected) {
				h.corrected, h.behind = at, true
			}
			return
		}
	}
}
