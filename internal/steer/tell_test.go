package steer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func verdict(status tandem.VerdictStatus, arm, text string) Reading {
	return Reading{Verdict: tandem.Verdict{Status: status, Arm: arm, Text: text}}
}

func TestWhatSuspendsAVerdictWithdrawsNothing(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		for _, r := range []Reading{
			verdict(tandem.Better, "B", "B is better."), verdict(tandem.SplitBroken, "", "The split is broken."),
			verdict(tandem.Better, "B", "B is better."), verdict(tandem.GuardrailBreached, "B", "Breached."),
		} {
			s.shows(r)
		}
		if d := cmp.Diff([]string{"verdict: B is better."}, s.told()); d != "" {
			t.Error(d)
		}
	})
}

func TestANoticeNamesTheTestAndTellsHowItStandsAfterTheChange(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.settle()
		before := harm(breached(transfer, "B"))
		before.About, before.Verdict.Change = "+14155550100", "Give the calls back to A."
		then := before
		then.Verdict.Change = "All calls go to A now."
		s.before = func() { s.board.show(s.id, then) }
		s.shows(before)
		if told := s.told(); len(told) != 1 || !strings.HasPrefix(told[0], "guardrail.breached: +14155550100: Transfer rate is worse in B. All calls were given to A") {
			t.Errorf("told %q", told)
		}
		defer s.lock()()
		if data := string(s.notices[0].Data); !strings.Contains(data, "All calls go to A now.") || strings.Contains(data, "Give the calls back") {
			t.Errorf("data %s", data)
		}
	})
}

func TestEachVerdictIsToldOnce(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		for _, r := range []Reading{
			verdict(tandem.Collecting, "", "Collecting."),
			verdict(tandem.Better, "B", "B is better, +8 points."),
			verdict(tandem.Better, "B", "B is better, +7 points."),
			verdict(tandem.Collecting, "", "Collecting again."),
			verdict(tandem.Better, "B", "B is better, +6 points."),
			verdict(tandem.Better, "A", "A is better."),
			verdict(tandem.NoDifference, "", "No practical difference."),
			verdict(tandem.NoDifference, "", "Still none."),
		} {
			s.shows(r)
		}
		want := []string{
			"verdict: B is better, +8 points.",
			"verdict.withdrawn: The verdict is withdrawn. It was: B is better, +8 points. Now: Collecting again.",
			"verdict: B is better, +6 points.",
			"verdict: A is better.",
			"verdict: No practical difference.",
		}
		if d := cmp.Diff(want, s.told()); d != "" {
			t.Error(d)
		}
		defer s.lock()()
		n := s.notices[0]
		if n.Key != "verdict/"+string(s.id)+"/1" || n.TestID != s.id || n.RouteID != s.tests[s.id].RouteID || !n.ID.Valid() ||
			n.At.IsZero() || !strings.Contains(string(n.Data), `"text":"B is better, +8 points."`) {
			t.Errorf("notice %+v", n)
		}
	})
}

func TestEachAlarmIsToldOnceByItsKindUnlessAcknowledged(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		r := verdict(tandem.SplitBroken, "", "The split is broken.")
		r.Verdict.Alarms = []tandem.Alarm{
			{Check: tandem.CheckSampleRatio, Text: "A has too many calls."},
			{Check: tandem.CheckCoverage, Text: "B lacks outcomes."},
			{Check: tandem.CheckNotRandomised, Text: "Too few are drawn."},
			{Check: tandem.CheckMetricHealth, Text: "It is constant.", Acknowledged: &tandem.Acknowledgement{By: "ops"}},
		}
		s.shows(r)
		s.shows(r)
		want := []string{"split.broken: A has too many calls.", "outcomes.missing: B lacks outcomes.", "alarm: Too few are drawn."}
		if d := cmp.Diff(want, s.told()); d != "" {
			t.Error(d)
		}
		// One that is open again after an acknowledgement is about something else.
		_, err := s.UpdateTest(t.Context(), "ops", "test.acknowledge", s.id, s.now().Revision, func(t *tandem.Test, _ *tandem.Route) error {
			return t.Acknowledge(r.Verdict, tandem.CheckCoverage, "ops", "", time.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Verdict.Alarms = []tandem.Alarm{{Check: tandem.CheckCoverage, Text: "A lacks outcomes, too."}}
		s.shows(r)
		s.shows(r)
		want = append(want, "outcomes.missing: A lacks outcomes, too.")
		if d := cmp.Diff(want, s.told()); d != "" {
			t.Error(d)
		}
	})
}

func TestWhatIsBeingRebuiltIsToldAfterwards(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		r := verdict(tandem.Better, "B", "B is better.")
		r.Rebuilding = true
		s.shows(r)
		if len(s.told()) != 0 {
			t.Errorf("told %q", s.told())
		}
		r.Rebuilding = false
		s.shows(r)
		if len(s.told()) != 1 {
			t.Errorf("told %q", s.told())
		}
	})
}

func TestAnEndedTestIsToldOfForADayAndARecordedOneNever(t *testing.T) {
	for name, c := range map[string]struct {
		status tandem.TestStatus
		ago    time.Duration
		want   int
	}{
		"ended an hour ago":    {tandem.Ended, time.Hour, 1},
		"ended two days ago":   {tandem.Ended, 48 * time.Hour, 0},
		"recorded an hour ago": {tandem.Recorded, time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
				test := s.now()
				ended := time.Now().UTC().Add(-c.ago)
				test.Status, test.EndedAt = c.status, &ended
				s.put(test)
				s.shows(verdict(tandem.Better, "B", "B was better."))
				if len(s.told()) != c.want {
					t.Errorf("told %q", s.told())
				}
			})
		})
	}
}

func TestATestThatMovedOfLateIsReadOnceAMinuteAndAQuietOneNever(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		s.settle()
		for range 3 {
			before := s.board.read(s.id)
			s.pilot.Moved(s.id)
			time.Sleep(sweepFor)
			if n := s.board.read(s.id) - before; n < 28 || n > 32 {
				t.Errorf("read %d times in half an hour; want about 30", n)
			}
			time.Sleep(2 * sweepEvery)
			before = s.board.read(s.id)
			time.Sleep(24 * time.Hour)
			if n := s.board.read(s.id) - before; n != 0 {
				t.Errorf("read %d times in a day without calls", n)
			}
		}
	})
}

func TestATestWhoseCallsComeWithoutEndIsReadOnceARound(t *testing.T) {
	stage(t, tandem.Rules{}, halves, func(t *testing.T, s *scene) {
		for range 60_000 {
			s.pilot.Moved(s.id)
			time.Sleep(time.Millisecond)
		}
		if n := s.board.read(s.id); n < 55 || n > 65 {
			t.Errorf("read %d times in a minute; want about 60", n)
		}
	})
}

func TestAStoreThatIsAwayIsWaitedForAndLoggedOnce(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		for range 20 {
			s.put(newTest(t, rules, halves))
		}
		s.settle()
		s.fate(true, false)
		s.shows(harm(breached(transfer, "B")))
		time.Sleep(time.Hour)
		if n := strings.Count(s.logged(), "level=WARN"); n != 1 {
			t.Errorf("%d warnings in an hour; want one:\n%s", n, s.logged())
		}
		s.fate(false, false)
		time.Sleep(2 * pollEvery)
		s.settle()
		if !s.now().RolledBack() {
			t.Error("forgotten")
		}
		if !strings.Contains(s.logged(), "tests are steered again") {
			t.Errorf("the end of it was not logged:\n%s", s.logged())
		}
	})
}

func TestATestThatCannotBeReadHidesNoOther(t *testing.T) {
	for name, err := range map[string]error{
		"by a defect":           errors.New("a defect"),
		"because it takes long": tandem.Errorf(tandem.Unavailable, "", "the database does not answer"),
	} {
		t.Run(name, func(t *testing.T) {
			stage(t, rules, halves, func(t *testing.T, s *scene) {
				s.board.fail(s.id, err) // the first in every order
				other := newTest(t, rules, halves)
				s.put(other)
				s.board.show(other.ID, harm(breached(transfer, "B")))
				time.Sleep(4 * pollEvery)
				if !s.test(other.ID).RolledBack() {
					t.Error("the other was not steered")
				}
				time.Sleep(10 * time.Minute)
				if n := strings.Count(s.logged(), "level=WARN"); n != 1 {
					t.Errorf("%d warnings; want one:\n%s", n, s.logged())
				}
				s.board.fail(s.id, nil)
				s.shows(harm(breached(transfer, "B")))
				time.Sleep(2 * pollEvery)
				if !s.now().RolledBack() {
					t.Error("not taken up again")
				}
			})
		})
	}
}

func TestATestThatIsGoneIsForgotten(t *testing.T) {
	stage(t, rules, halves, func(t *testing.T, s *scene) {
		s.pilot.Moved("0196a000-0000-7000-8000-000000000009")
		s.settle()
		if s.logged() != "" {
			t.Errorf("logged: %s", s.logged())
		}
	})
}
