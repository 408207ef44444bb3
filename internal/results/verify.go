package results

import (
	"context"
	"fmt"
	"slices"

	"tandem"
)

// Report is what Verify found.
type Report struct {
	Tests int   `json:"tests"`
	Calls int64 `json:"calls"`
	Cells int   `json:"cells" doc:"Tallies compared"`
	// GoalsTaken counts calls whose goal cannot be judged anew, because what it was
	// judged by was deleted: it was taken as stored.
	GoalsTaken int64 `json:"goals_taken" doc:"Calls whose goal was taken as stored, for what it was judged by was deleted"`
	// Differences lists what disagrees, at most maxDifferences of a kind per
	// test; More counts the rest.
	Differences []Discrepancy `json:"differences"`
	More        int64         `json:"more"`
	// Moving lists tests whose tallies kept changing while their calls were
	// read, or are being counted anew under a changed goal, so that nothing can
	// be said of them; try again in a quieter moment.
	Moving []tandem.ID `json:"moving"`
}

// OK says whether everything was compared and agreed.
func (r Report) OK() bool { return len(r.Differences) == 0 && r.More == 0 && len(r.Moving) == 0 }

// Discrepancy is one place where what is stored is not what the calls say.
type Discrepancy struct {
	TestID tandem.ID `json:"test_id"`
	CallID tandem.ID `json:"call_id,omitempty" doc:"When one call's record is at fault"`
	Phase  int       `json:"phase,omitempty"`
	Arm    string    `json:"arm,omitempty"`
	Metric string    `json:"metric"`
	What   string    `json:"what" doc:"The part that differs" example:"n"`
	Stored string    `json:"stored"`
	Counts string    `json:"recomputed"`
}

const (
	// maxDifferences bounds a report: past it one more line tells no more.
	maxDifferences = 100
	// verifyAttempts is how often a test that moves is read again.
	verifyAttempts = 5
	// progressEvery is how many calls pass between two reports of progress.
	progressEvery = 1000
)

// Verify counts the calls of a test anew (of all tests for the id "") and
// lists where the stored tallies, goals or ordinals disagree, and where a stored
// checkpoint of the evidence is not what the calls fold to, byte for byte. Counts, histograms
// and names must agree exactly. Means and M2 depend on the order of
// additions in their last digits: a mean must agree to 1e-9 of its size or of
// the standard deviation, plus 1e-9; M2 to 1e-9 of itself, plus 1e-12 of the sum
// of squares, plus 1e-3, the rounding that a value of a week's seconds leaves
// when it is corrected. Tests whose tallies change while their calls are read
// are read again, a few times.
//
// progress, which may be nil, hears now and then how many calls were read.
// Memory grows with tallies, not with calls. Errors: NotFound; the store's.
func (r *Reader) Verify(ctx context.Context, testID tandem.ID, progress func(calls int64)) (Report, error) {
	v := verification{reader: r, progress: progress}
	v.report.Differences, v.report.Moving = []Discrepancy{}, []tandem.ID{}
	if testID != "" {
		t, err := r.store.Test(ctx, testID)
		if err != nil {
			return Report{}, fmt.Errorf("test: %w", err)
		}
		return v.report, v.one(ctx, t)
	}
	page := tandem.Page{Limit: tandem.MaxLimit}
	for {
		tests, next, err := r.store.Tests(ctx, "", page)
		if err != nil {
			return Report{}, fmt.Errorf("tests: %w", err)
		}
		for _, t := range tests {
			if err := v.one(ctx, t); err != nil {
				return v.report, err
			}
		}
		if next == "" {
			return v.report, nil
		}
		page.Cursor = next
	}
}

type verification struct {
	reader   *Reader
	report   Report
	progress func(int64)
}

func (v *verification) one(ctx context.Context, t tandem.Test) error {
	before, err := v.reader.store.Tallies(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("tallies of test %s: %w", t.ID, err)
	}
	v.report.Tests++
	if goal, err := v.reader.store.Recount(ctx, t.ID); err != nil {
		return fmt.Errorf("goal of test %s: %w", t.ID, err)
	} else if goal.Running() {
		v.report.Moving = append(v.report.Moving, t.ID) // calls are still counted under two goals
		return nil
	}
	for range verifyAttempts {
		n, err := v.recount(ctx, t)
		if err != nil {
			return fmt.Errorf("calls of test %s: %w", t.ID, err)
		}
		after, err := v.reader.store.Tallies(ctx, t.ID)
		if err != nil {
			return fmt.Errorf("tallies of test %s: %w", t.ID, err)
		}
		if sameRows(before, after) {
			v.settle(t, n, after)
			return v.verifyEvidence(ctx, t)
		}
		before = after
	}
	v.report.Moving = append(v.report.Moving, t.ID)
	return nil
}

// verifyEvidence lists what of the stored evidence is not what the calls say.
func (v *verification) verifyEvidence(ctx context.Context, t tandem.Test) error {
	still, err := v.evidence(ctx, t)
	if err != nil {
		return fmt.Errorf("evidence of test %s: %w", t.ID, err)
	}
	if !still {
		v.report.Moving = append(v.report.Moving, t.ID)
	}
	return nil
}

func (v *verification) settle(t tandem.Test, n *recount, stored []tandem.TallyRow) {
	v.report.Calls += n.calls
	v.report.Cells += len(stored)
	v.report.GoalsTaken += n.taken
	d := slices.Concat(n.found, compareTallies(stored, n.tallies), n.ordinals(t))
	if len(d) > maxDifferences {
		n.more += int64(len(d) - maxDifferences)
		d = d[:maxDifferences]
	}
	v.report.Differences = append(v.report.Differences, d...)
	v.report.More += n.more
}
