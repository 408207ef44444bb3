package tandem

import (
	"errors"
	"time"
)

// GoalChange is one change of a test's goal. Calls that were counted before it
// are counted anew: see [Recount].
type GoalChange struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	From  string    `json:"from" doc:"The goal before"`
	To    string    `json:"to"`
	Calls int64     `json:"calls" doc:"Randomised calls of the test at that moment: whoever changed the goal could have seen them"`
	Note  string    `json:"note,omitempty" doc:"Why"`
}

// maxGoalChanges bounds what a test remembers. A goal that changed this often is
// no goal.
const maxGoalChanges = 100

// GoalEdition counts the goals that the test has had, from 1.
func (t Test) GoalEdition() int { return 1 + len(t.GoalChanges) }

// ChangeGoal gives the test another goal. That it compiles is for the caller to
// check. A goal that is the same changes nothing. Errors: Conflict for a test
// that has ended, since its decision was made on the goal it had, or whose goal
// was changed too often.
func (t *Test) ChangeGoal(ch GoalChange) error {
	if ch.To == t.Goal {
		return nil
	}
	switch {
	case t.Status == Ended:
		return Errorf(Conflict, "", "the test is ended: what was decided rests on the goal it had")
	case len(t.GoalChanges) >= maxGoalChanges:
		return Errorf(Conflict, "", "the goal was changed %d times; start another test", maxGoalChanges)
	}
	ch.From = t.Goal
	t.Goal = ch.To
	t.GoalChanges = append(t.GoalChanges[:len(t.GoalChanges):len(t.GoalChanges)], ch)
	return nil
}

// Recount is how far the calls of a test are counted under its changed goal. A
// call that is committed after the change counts under the new goal at once; those
// before are counted anew in the order of the ledger.
type Recount struct {
	TestID ID
	// Edition is the goal's; 1 for a test whose goal was never changed.
	Edition int
	// Total is about how many calls there were at the change, Done how many of
	// them are counted, the last of them at Position.
	Total, Done int64
	Position    Position
	// Finished is the test's activity as of which every call is counted under
	// this goal; 0 while they are not.
	Finished int64
}

// Running says whether calls are still counted under an earlier goal.
func (r Recount) Running() bool { return r.Edition > 1 && r.Finished == 0 }

// ErrGoalChanged refuses a commit of calls that were counted under a goal which
// was changed meanwhile: count again.
var ErrGoalChanged = Errorf(Conflict, "goal", "was changed while the calls were counted: count again")

// GoalChanged says whether err is because of [ErrGoalChanged].
func GoalChanged(err error) bool { return errors.Is(err, ErrGoalChanged) }

// voicemailCauses are the words by which reporting sides say that a machine took
// the call. Platforms have hundreds of words for how a call ended; these mean that
// and nothing else. They are compared in lower case, with dashes and blanks as
// underscores.
var voicemailCauses = map[string]bool{
	"voicemail":              true, // Vapi's endedReason, Bland's answered_by
	"voicemail_reached":      true, // Retell's disconnection_reason
	"in_voicemail":           true, // Retell's call_analysis
	"answered_by_voice_mail": true, // Bolna
	"machine_start":          true, // Twilio's AnsweredBy, as the three below
	"machine_end_beep":       true,
	"machine_end_silence":    true,
	"machine_end_other":      true,
}
