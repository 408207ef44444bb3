package tandem

import "time"

// OverallCriterion is what a judge says of two calls all in all.
const OverallCriterion = "overall"

// Criteria lists by what a judge compares calls: all in all, and by the rubric.
func Criteria() []string { return append([]string{OverallCriterion}, RubricFields()...) }

// JudgementTask is two calls as a judge is shown them: nothing that tells their
// arms.
type JudgementTask struct {
	One, Two []Turn
}

// The answers of a judge about the calls in the order in which it was shown them.
const (
	PrefersOne = "one"
	PrefersTwo = "two"
)

// Preference is what a judge says by one criterion.
type Preference struct {
	// Prefers is PrefersOne, PrefersTwo, Tie, or empty where the judge gave no
	// answer that fits.
	Prefers string `json:"prefers" doc:"one, two or tie, in the order shown; empty without an answer"`
	Reason  string `json:"reason,omitempty"`
	Quote   string `json:"quote,omitempty" doc:"The words of either call that show it"`
}

// Opinion is what a judge says of two calls that it was shown in one order.
type Opinion struct {
	Model    string                `json:"model,omitempty" doc:"The language model, as the provider names it"`
	Criteria map[string]Preference `json:"criteria" doc:"By criterion: overall and the rubric's three"`
	Note     string                `json:"note,omitempty" doc:"What the judge cannot do"`
	Usage    AnalysisUsage         `json:"usage"`
}

// PairState says how far a pair has come with the judge.
type PairState string

// The states of a pair. One that failed was tried several times, or its calls are
// gone; it is in no figure.
const (
	PairDue    PairState = "due"
	PairJudged PairState = "judged"
	PairFailed PairState = "failed"
)

// JudgedPair is a pair and what the judge says of it in either order.
type JudgedPair struct {
	TestID     ID        `json:"test_id"`
	Number     int64     `json:"number" doc:"Counts the pairs of a judging from 1"`
	Pair                 // first and second
	Similarity float64   `json:"similarity" doc:"How alike the callers' opening words are: the cosine of their TF-IDF vectors, 0 to 1"`
	State      PairState `json:"state" enum:"due,judged,failed"`
	// Opinions are those with the first call shown first, then with the second.
	Opinions  [2]*Opinion `json:"opinions" doc:"With the first call shown first, and with the second shown first; null before the judge was asked"`
	Attempts  int         `json:"attempts,omitempty" doc:"Attempts that failed"`
	LastError string      `json:"last_error,omitempty"`
	JudgedAt  *time.Time  `json:"judged_at,omitempty"`
}

// Picks gives what the judge picked by a criterion with the first call shown
// first, and with the second shown first: an arm, Tie, or empty without an answer.
func (p JudgedPair) Picks(criterion string) [2]string {
	var out [2]string
	for i, shown := range [2][2]string{{p.First.Arm, p.Second.Arm}, {p.Second.Arm, p.First.Arm}} {
		if p.Opinions[i] == nil {
			continue
		}
		switch p.Opinions[i].Criteria[criterion].Prefers {
		case PrefersOne:
			out[i] = shown[0]
		case PrefersTwo:
			out[i] = shown[1]
		case Tie:
			out[i] = Tie
		}
	}
	return out
}

// Winner gives the arm that the judge prefers by a criterion whichever call it is
// shown first. Answers that differ are a tie. It is not known without two answers.
func (p JudgedPair) Winner(criterion string) (winner string, known bool) {
	picks := p.Picks(criterion)
	switch {
	case picks[0] == "" || picks[1] == "":
		return "", false
	case picks[0] == picks[1]:
		return picks[0], true
	}
	return Tie, true
}

// JudgingState says where a judging stands.
type JudgingState string

// The states of a judging. All but the running one go on when more pairs are asked
// for.
const (
	JudgingRuns      JudgingState = "running"
	JudgingDone      JudgingState = "done"
	JudgingCancelled JudgingState = "cancelled"
	// JudgingFailed: the judge cannot be asked; LastError says why.
	JudgingFailed JudgingState = "failed"
	// JudgingSpent: another pair might cost more than was allowed.
	JudgingSpent JudgingState = "over_budget"
)

// Judging is the judging of one test's pairs: an arm against the first one.
type Judging struct {
	TestID    ID           `json:"test_id"`
	Arms      [2]string    `json:"arms" doc:"The arms that are compared, in the test's order"`
	State     JudgingState `json:"state" enum:"running,done,cancelled,failed,over_budget"`
	Judge     string       `json:"judge" doc:"Who judges: the analyser, its model and the edition of what it was told" example:"llm-judge/1 gpt-4.1-mini prompt 1"`
	Seed      int64        `json:"seed" doc:"Decides which calls were drawn last"`
	StartedBy string       `json:"started_by"`
	StartedAt time.Time    `json:"started_at"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`

	Pairs  int64 `json:"pairs" doc:"Pairs asked for, over all starts"`
	Judged int64 `json:"judged" doc:"Pairs with both answers"`
	Failed int64 `json:"failed" doc:"Pairs that were set aside"`
	// Usage counts every request, also those that failed and those of pairs that
	// were set aside.
	Usage AnalysisUsage `json:"usage"`
	// CostLimit bounds Usage.Cost; 0 is no limit.
	CostLimit float64 `json:"cost_limit,omitempty" doc:"In US dollars, over all starts; absent without a limit"`

	Attempts  int       `json:"attempts,omitempty" doc:"Attempts in a row in which nothing could be asked"`
	NextAt    time.Time `json:"-"` // when a node looks at it next, while it runs
	LastError string    `json:"last_error,omitempty"`
}

// JudgingStep is what came of asking a judge about a pair in one order.
type JudgingStep struct {
	Number int64
	Order  int // index into JudgedPair.Opinions
	// Opinion is nil when the attempt failed.
	Opinion *Opinion
	Usage   AnalysisUsage
	// Error says why it failed; Aside has the pair set aside for it, Attempt counts
	// it against the pair.
	Error   string
	Attempt bool
	Aside   bool
}
