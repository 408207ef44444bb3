// Package judge finds pairs of calls in which callers want the same, has a judge
// say which of the two was handled better, and sets that beside what people say.
//
// A test's transcripts and people's ratings flow in; judged pairs, their cost and
// a summary flow out. A judge is asked about each pair twice, the calls changing
// places, and an answer that changes with the place is a tie. Who judges is handed
// in. What it says is a description of transcripts, beside the verdict and never
// part of it: the package decides nothing about a test.
package judge

import (
	"context"
	"time"

	"tandem"
)

// Judge compares two calls.
type Judge interface {
	// JudgeName names it with its edition and model: opinions under different
	// names are not to be mixed.
	JudgeName() string
	// Ready says why nobody may be asked now, nil when somebody may.
	Ready(ctx context.Context) error
	// Judge is asked about two calls in one order. With an error, too, the opinion
	// tells what was used. Errors are Unavailable when asking later may help, with
	// how long to wait where they have a method RetryAfter() time.Duration, and
	// without it being anybody's fault where their method Unasked() says true;
	// Invalid when the next pair would fare the same; or ctx's.
	Judge(ctx context.Context, task tandem.JudgementTask) (tandem.Opinion, error)
	// EstimateJudgement gives about what Judge would take, without asking anybody.
	EstimateJudgement(task tandem.JudgementTask) tandem.AnalysisUsage
	// Priced says whether costs are known.
	Priced() bool
}

// Provider gives the judge that is set up now. Errors: Unavailable while there is
// none.
type Provider func(ctx context.Context) (Judge, error)

// Drawn is a call with what was said in it.
type Drawn struct {
	CallID tandem.ID
	Turns  []tandem.Turn
}

// Draw draws at most n calls of an arm that have a transcript and whose arm was
// left to chance, each as likely as any other; the same seed draws the same.
type Draw func(ctx context.Context, testID tandem.ID, arm string, n int, seed int64) ([]Drawn, error)

// Store is what the desk needs of the store.
type Store interface {
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	// Transcript is NotFound for a call without one.
	Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error)
	// Judging is NotFound before the first start.
	Judging(ctx context.Context, testID tandem.ID, arm string) (tandem.Judging, error)
	StartJudging(ctx context.Context, actor string, j tandem.Judging, pairs []tandem.JudgedPair, afresh bool) (tandem.Judging, error)
	CancelJudging(ctx context.Context, actor string, testID tandem.ID, arm string) error
	AllJudgedPairs(ctx context.Context, testID tandem.ID, arm string) ([]tandem.JudgedPair, error)
	Ratings
}

// Ratings are what people said.
type Ratings interface {
	AllPairRatings(ctx context.Context, testID tandem.ID) ([]tandem.PairRating, error)
	RatedCalls(ctx context.Context, testID tandem.ID) ([]tandem.RatedCall, error)
}

// Work is what the runner needs of the store.
type Work interface {
	ClaimJudging(ctx context.Context, now time.Time, lease time.Duration, holder string) (j tandem.Judging, ok bool, err error)
	HoldJudging(ctx context.Context, j tandem.Judging, holder string, until time.Time) (ok bool, err error)
	SettleJudging(ctx context.Context, j tandem.Judging, holder string) error
	DuePairs(ctx context.Context, j tandem.Judging, limit int) ([]tandem.JudgedPair, error)
	RecordStep(ctx context.Context, j tandem.Judging, step tandem.JudgingStep) error
	Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error)
}
