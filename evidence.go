package tandem

import "time"

// AnalysisGrace is how long after a call's end its analysis is waited for
// before the call counts without it. What comes later corrects the evidence.
const AnalysisGrace = 10 * time.Minute

// Position is a place in a test's ledger, which lists its calls in order of
// assignment: by time, then by id. The zero Position is before the first.
type Position struct {
	At time.Time
	ID ID
}

// LedgerPage is a stretch of a test's ledger, all of it as of one moment.
type LedgerPage struct {
	// Sequence is the test's activity at that moment: it grows with each commit
	// that touches the test or its calls.
	Sequence int64
	// GoalEdition is the edition of the test's goal; 0 while nothing ever moved.
	GoalEdition int
	// FoldedTo is the furthest assignment time that any node has announced to
	// fold. Changes of calls up to there are recorded as corrections.
	FoldedTo time.Time
	// Corrected is the earliest assignment time of a call at or before FoldedTo
	// that was changed since the sequence asked about; nil when none was.
	Corrected *time.Time
	// Forgotten says that corrections since that sequence may have been
	// dropped: what was folded before has to be loaded anew.
	Forgotten bool
	// Calls follow the position asked about, in order.
	Calls []Call
}

// Checkpoint is the evidence of a test after its first calls.
type Checkpoint struct {
	TestID ID
	// Calls is how many calls of the ledger are folded into State, the last of
	// them at Position.
	Calls    int64
	Position Position
	// Sequence is the test's activity as of which those calls were read.
	Sequence int64
	State    []byte
}

// Volume is how many calls a route had in a stretch of time.
type Volume struct {
	Calls    int64
	From, To time.Time
}

// PerDay gives the mean number of calls a day; 0 when there were none.
func (v Volume) PerDay() float64 {
	days := v.To.Sub(v.From).Hours() / 24
	if v.Calls == 0 || days <= 0 {
		return 0
	}
	return float64(v.Calls) / days
}
