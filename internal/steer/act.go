package steer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tandem"
)

const (
	// maxTries bounds how often a look is begun again because somebody else
	// changed the test meanwhile. The next round goes on after it.
	maxTries = 4
	// heardOf is for how long after its end a test is still told of: its last
	// calls have come to their outcomes by then. Evidence of older tests moves
	// only when somebody reads them.
	heardOf = 24 * time.Hour
)

// The names under which the audit log and the tests' history have what steer
// did.
const (
	actorGuardrail = "guardrail"
	actorRamp      = "ramp"
	actionRollback = "test.rollback"
	actionRamp     = "test.ramp"
)

// look does what a test calls for, and tells what is to be told of it.
func (p *Pilot) look(ctx context.Context, id tandem.ID) error {
	for range maxTries {
		t, err := p.store.Test(ctx, id)
		if tandem.CodeOf(err) == tandem.NotFound {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the test: %w", err)
		}
		now := time.Now().UTC().Truncate(time.Microsecond)
		if !concerns(t, now) {
			return nil
		}
		r, err := p.results.Reading(ctx, id)
		if err != nil {
			return fmt.Errorf("read the results: %w", err)
		}
		if a := decide(t, r, now); a != nil {
			t, err = p.change(ctx, t, *a)
			if code := tandem.CodeOf(err); code == tandem.Stale || code == tandem.Conflict {
				continue // the next reading says whether there is still something to do
			}
			if err != nil {
				return fmt.Errorf("%s: %w", a.action, err)
			}
			// What is told is how the test stands now, not how it stood.
			if r, err = p.results.Reading(ctx, id); err != nil {
				return fmt.Errorf("read the results: %w", err)
			}
		}
		return p.tell(ctx, t, r, now)
	}
	return errors.New("the test kept changing")
}

// concerns says whether anything is done or told of a test: while it runs, and
// for a day after. A recorded test never is: what it shows happened long ago.
func concerns(t tandem.Test, now time.Time) bool {
	switch t.Status {
	case tandem.Running:
		return true
	case tandem.Ended:
		return t.EndedAt != nil && now.Sub(*t.EndedAt) < heardOf
	case tandem.Recorded:
	}
	return false
}

// act is a change of a test.
type act struct {
	actor, action string
	change        func(*tandem.Test) error
}

// decide says what a test calls for, or nil. A breach is acted on even while
// evidence is rebuilt and while alarms are open: its bound holds at every look,
// and callers come first. Everything else waits for the whole picture.
func decide(t tandem.Test, r Reading, now time.Time) *act {
	if t.Status != tandem.Running {
		return nil
	}
	if harmed := rollbacks(t, r.Verdict); len(harmed) > 0 {
		return &act{actorGuardrail, actionRollback, func(t *tandem.Test) error { return t.RollBackFor(harmed, now) }}
	}
	ramp := t.RampWaits(r.Verdict, tandem.CoveredIn(r.Calls, r.Covered, t.Phase().Number), r.Rebuilding, now)
	if ramp != nil && len(ramp.Waits) == 0 {
		return &act{actorRamp, actionRamp, func(t *tandem.Test) error { return t.AdvanceRamp(now) }}
	}
	return nil
}

// rollbacks lists the breaches that are to give all calls to A. Not among them
// are those of an arm that gets no calls as it is, and those that did so before:
// whoever split the calls again has overruled them.
func rollbacks(t tandem.Test, v tandem.Verdict) []tandem.Breach {
	if t.RolledBack() {
		return nil
	}
	var out []tandem.Breach
	for _, g := range v.Breached() {
		b := breach(g)
		_, done := t.RollbackFor(b)
		arm := t.Arm(g.Arm)
		if g.Action == tandem.Rollback && !done && arm >= 0 && t.Arms[arm].Weight > 0 {
			out = append(out, b)
		}
	}
	return out
}

func breach(g tandem.GuardrailState) tandem.Breach {
	return tandem.Breach{Metric: g.Metric, Worse: g.Worse, Arm: g.Arm}
}

// change makes a change that rests on t as it was read, and has it in force on
// this node when it returns. Other nodes see it within a poll of theirs.
func (p *Pilot) change(ctx context.Context, t tandem.Test, a act) (tandem.Test, error) {
	changed, err := p.store.UpdateTest(ctx, a.actor, a.action, t.ID, t.Revision, func(t *tandem.Test, _ *tandem.Route) error {
		return a.change(t)
	})
	if err != nil {
		return t, err
	}
	log := p.log.With("test_id", t.ID, "route_id", t.RouteID)
	log.Info("the split was changed", "by", a.actor, "phase", changed.Phase().Number, "weights", changed.Phase().Weights)
	if err := p.assigner.Reload(ctx); err != nil {
		log.Warn("the new split is in force only when the configuration is read again", "error", err)
	}
	p.onChange(changed)
	return changed, nil
}
