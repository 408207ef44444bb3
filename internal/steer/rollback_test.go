package steer

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

var (
	transfer = tandem.Guardrail{Metric: tandem.MetricTransfer, Worse: tandem.Higher, Margin: 0.05, Action: tandem.Rollback}
	duration = tandem.Guardrail{Metric: tandem.MetricDuration, Worse: tandem.Higher, Margin: 5, Action: tandem.Rollback}
	quiet    = tandem.Guardrail{Metric: tandem.MetricSentiment, Worse: tandem.Lower, Margin: 0.1, Action: tandem.Announce}
	rules    = tandem.Rules{Guardrails: []tandem.Guardrail{transfer, duration, quiet}}
	halves   = []float64{50, 50}
	all      = []float64{100, 0}
)

func weights(t tandem.Test) []float64 { return t.Phase().Weights }

func TestABreachedGuardrailGivesAllCallsToAAtOnceAndOnce(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(transfer, "B")))
		if d := cmp.Diff(all, weights(s.now())); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"guardrail test.rollback"}, s.changes()); d != "" {
			t.Error(d)
		}
		if got := s.counts(); got != [3]int{1, 1, 1} {
			t.Errorf("reloads, changes, notices: %v; want one each", got)
		}
		told := s.told()
		if len(told) != 1 || !strings.HasPrefix(told[0], "guardrail.breached: Transfer rate is worse in B. All calls were given to A at 1 Jan 00:0") {
			t.Errorf("told %q", told)
		}
		for range 100 { // it stays breached, and every look sees that
			s.pilot.Moved(s.id)
			s.settle()
		}
		if len(s.changes()) != 1 || len(s.told()) != 1 {
			t.Errorf("changes %v, told %v", s.changes(), s.told())
		}
	})
}

func TestABreachIsSeenWithoutBeingToldOfIt(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.board.show(s.id, harm(breached(transfer, "B")))
		time.Sleep(sweepEvery + 2*pollEvery)
		if !s.now().RolledBack() {
			t.Error("never looked at")
		}
	})
}

func TestAGuardrailThatIsOnlyAnnouncedLeavesTheSplit(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(quiet, "B")))
		if len(s.changes()) != 0 {
			t.Errorf("changes %v", s.changes())
		}
		if d := cmp.Diff([]string{"guardrail.breached: Transfer rate is worse in B."}, s.told()); d != "" {
			t.Error(d)
		}
	})
}

func TestARollbackHappensWhileEvidenceIsRebuiltAndAlarmsAreOpen(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		r := harm(breached(transfer, "B"))
		r.Rebuilding = true
		r.Verdict.Alarms = []tandem.Alarm{{Check: tandem.CheckCoverage}}
		s.shows(r)
		if !s.now().RolledBack() {
			t.Error("not rolled back")
		}
	})
}

func TestATestThatGivesAllCallsToAAlreadyIsLeftAlone(t *testing.T) {
	stage(t, rules, all, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(transfer, "B")))
		if len(s.changes()) != 0 || len(s.told()) != 1 {
			t.Errorf("changes %v, told %v", s.changes(), s.told())
		}
	})
}

func TestAnArmWithoutCallsIsNotRolledBackUntilItGetsSome(t *testing.T) {
	stage(t, rules, []float64{50, 50, 0}, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(transfer, "C")))
		if len(s.changes()) != 0 {
			t.Errorf("arm B lost its calls for what C did: %v", s.changes())
		}
		split(t, s, 50, 25, 25)
		s.settle()
		if !s.now().RolledBack() || len(s.told()) != 2 {
			t.Errorf("weights %v, told %q", weights(s.now()), s.told())
		}
	})
}

// split is a user's change of the split.
func split(t *testing.T, s *scene, weights ...float64) {
	t.Helper()
	_, err := s.UpdateTest(t.Context(), "ops", "test.reweight", s.id, s.now().Revision, func(t *tandem.Test, _ *tandem.Route) error {
		return t.Reweight(weights, time.Now().UTC())
	})
	if err != nil {
		t.Fatal(err)
	}
	s.pilot.Moved(s.id)
}

func TestWhoeverSplitsAgainOverrulesTheGuardrail(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(transfer, "B")))
		split(t, s, 80, 20)
		for range 10 {
			s.pilot.Moved(s.id)
			s.settle()
		}
		if d := cmp.Diff([]float64{80, 20}, weights(s.now())); d != "" {
			t.Errorf("overruled, and yet: %s", d)
		}
		// Another guardrail was not overruled.
		s.shows(harm(breached(transfer, "B"), breached(duration, "B")))
		if !s.now().RolledBack() {
			t.Error("the other guardrail did nothing")
		}
		want := []string{"guardrail test.rollback", "ops test.reweight", "guardrail test.rollback"}
		if d := cmp.Diff(want, s.changes()); d != "" {
			t.Error(d)
		}
		if len(s.told()) != 2 {
			t.Errorf("told %q", s.told())
		}
		// Nor does a restart forget what was overruled.
		split(t, s, 90, 10)
		next := s.crew.pilot(s.shelf, s.board)
		defer running(t, next)()
		s.settle()
		if s.now().RolledBack() || len(s.told()) != 2 {
			t.Errorf("after a restart: weights %v, told %q", weights(s.now()), s.told())
		}
	})
}

func TestBreachesOfSeveralGuardrailsAreOneRollback(t *testing.T) {
	stage(t, rules, []float64{40, 30, 30}, func(t *testing.T, s *scene) {
		s.settle()
		s.shows(harm(breached(transfer, "B"), breached(duration, "C"), breached(quiet, "C")))
		if len(s.changes()) != 1 || len(s.now().RolledBackFor) != 2 || len(s.told()) != 3 {
			t.Errorf("changes %v, rolled back for %v, told %q", s.changes(), s.now().RolledBackFor, s.told())
		}
	})
}

func TestAChangeByAnotherIsReadBeforeActing(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.before = func() { split(t, s, 100, 0) } // between the reading and the change
		s.shows(harm(breached(transfer, "B")))
		if d := cmp.Diff([]string{"ops test.reweight"}, s.changes()); d != "" {
			t.Error(d)
		}
	})
}

func TestACrashBetweenTheRollbackAndItsNoticeLeavesNothingUntold(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		s.fate(false, true)
		s.shows(harm(breached(transfer, "B")))
		if !s.now().RolledBack() || len(s.told()) != 0 {
			t.Fatalf("weights %v, told %q", weights(s.now()), s.told())
		}
		s.fate(false, false)
		s.board.show(s.id, Reading{}) // and a correction has undone the breach meanwhile
		next := s.crew.pilot(s.shelf, s.board)
		defer running(t, next)()
		s.settle()
		told := s.told()
		if len(told) != 1 || !strings.HasPrefix(told[0], "guardrail.breached: The guardrail on transfer was breached in arm B. All calls were given to A at ") {
			t.Errorf("told %q", told)
		}
	})
}

func TestAnEndedTestIsNotRolledBack(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		_, err := s.UpdateTest(t.Context(), "ops", "test.end", s.id, 0+s.now().Revision, func(t *tandem.Test, r *tandem.Route) error {
			return t.End(r, "A", "", time.Now().UTC())
		})
		if err != nil {
			t.Fatal(err)
		}
		s.shows(harm(breached(transfer, "B")))
		if len(s.changes()) != 1 || len(s.told()) != 1 {
			t.Errorf("changes %v, told %q", s.changes(), s.told())
		}
	})
}
