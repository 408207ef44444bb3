package results

import (
	"time"

	"tandem"
)

// ramp says what the test's next step waits for; nil without one.
func (a *account) ramp(v tandem.Verdict, now time.Time) *tandem.RampState {
	covered := tandem.CoveredIn(a.cells.calls, a.standing.Calls, a.test.Phase().Number)
	return a.test.RampWaits(v, covered, a.standing.Rebuilding, now)
}
