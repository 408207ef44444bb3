// Package topics groups the calls of a test by what callers want, by what went
// wrong, and by situations that calls get into, and says how each version does in
// each group.
//
// In flow the records and transcripts of a test's calls; out flow groups, which
// calls are in them, and a report. Groups by words are made of a sample, blind to
// the arms, and every call joins the group that it is most like; so the work grows
// with the calls and the memory does not. The same calls give the same groups.
//
// Groups rest on what was said after a call got its version, so comparisons within
// a group are not between like callers: all that it says is exploratory, and none
// of it enters a verdict. The package changes no call and no tally.
package topics

import (
	"context"
	"log/slog"
	"time"

	"tandem"
)

// Store is where groupings wait, and where calls and their transcripts are.
type Store interface {
	Groupings
	// ClaimGrouping takes a grouping that is due, until the lease ends; nil when
	// none is.
	ClaimGrouping(ctx context.Context, now time.Time, lease time.Duration) (*tandem.Grouping, error)
	// KeepGrouping records progress and members and holds the claim until a time;
	// Conflict when it was lost.
	KeepGrouping(ctx context.Context, g tandem.Grouping, until time.Time, members []tandem.GroupMember) error
	FinishGrouping(ctx context.Context, g tandem.Grouping) error
	FailGrouping(ctx context.Context, g tandem.Grouping, nextAt time.Time, reason string) error
	// CallsAt gives the calls of an arm with these ordinals, in any order.
	CallsAt(ctx context.Context, testID tandem.ID, arm string, ordinals []int64) ([]tandem.Call, error)
}

// Groupings are what a reader needs of the store.
type Groupings interface {
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	// ArmSize gives the highest ordinal of an arm's calls.
	ArmSize(ctx context.Context, testID tandem.ID, arm string) (int64, error)
	AskGrouping(ctx context.Context, testID tandem.ID, by tandem.GroupBy, k int, again bool) (tandem.Grouping, error)
	Grouping(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (tandem.Grouping, error)
	// Transcripts gives what was said in those of the calls that have a transcript.
	Transcripts(ctx context.Context, ids []tandem.ID) (map[tandem.ID][]tandem.Turn, error)
}

// Counter says what a call says about every metric: the changes from no call to it.
type Counter interface {
	Count(ctx context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error)
}

// Namer names groups.
type Namer interface {
	// NameGroups gives a name and a description for each sketch, in their order. What
	// it takes is the namer's to count.
	NameGroups(ctx context.Context, sketches []tandem.GroupSketch) ([]tandem.GroupName, tandem.AnalysisUsage, error)
}

// Deps is what a Grouper stands on.
type Deps struct {
	Store   Store
	Counter Counter
	// Trouble gives the indices of the turns in which something went wrong.
	Trouble func([]tandem.Turn) []int
	// Namer gives who names groups, nil for nobody: then their words have to do. It
	// may be nil itself.
	Namer func(ctx context.Context) (Namer, error)
	// Redact takes out of what was said what nobody is to be shown now; nil takes out
	// nothing.
	Redact func([]tandem.Turn) []tandem.Turn
	Log    *slog.Logger
	// Now is the clock; nil is time.Now in UTC.
	Now func() time.Time
}
