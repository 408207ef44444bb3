package judge

import (
	"cmp"
	"context"
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// level is that of every interval here.
const level = 0.95

// Label says what the figures are, wherever they are shown.
const Label = "A description of transcripts, not the test's verdict: how calls of two arms compare to readers. The judge's pairs are matched by what their callers say first."

// Judgements is what the judge and people say of an arm against the first one.
type Judgements struct {
	TestID tandem.ID `json:"test_id"`
	Arms   [2]string `json:"arms" doc:"The first arm, and the one set against it"`
	Label  string    `json:"label" doc:"What these figures are, and are not"`
	// Judging is nil before the first start.
	Judging *tandem.Judging `json:"judging,omitempty" doc:"Where the judging stands; absent before the first start"`
	// Alike is the median similarity of the judged pairs.
	Alike     *float64     `json:"similarity_median,omitempty" doc:"Of the judged pairs: the cosine of what their callers say first, 0 to 1"`
	Judge     []Preferred  `json:"judge" doc:"What the judge prefers, by criterion; overall first. Empty before any pair is judged"`
	Position  *Position    `json:"position,omitempty" doc:"Whether the judge's answers depend on which call is shown first"`
	People    People       `json:"people"`
	Agreement *Agreement   `json:"agreement,omitempty" doc:"People against the judge, over pairs that both saw; absent without one"`
	Scores    []ScoreMatch `json:"scores" doc:"Ratings of single calls by people, by rubric field, and how they agree with the calls' analyses"`
}

// Preferred is who won how often.
type Preferred struct {
	Criterion string `json:"criterion" enum:"overall,language_naturalness,error_handling,off_script_recovery"`
	// Wins are those of the arms, in their order.
	Wins    [2]int64 `json:"wins" doc:"Pairs won by each arm, in the order of arms"`
	Ties    int64    `json:"ties" doc:"Pairs without a winner, or in which the answer changed with the place"`
	Unknown int64    `json:"unknown,omitempty" doc:"Pairs without two answers that fit; in no other figure"`
	// Share is the second arm's part of the decided pairs.
	Share *float64 `json:"share,omitempty" doc:"The second arm's share of the decided pairs; absent without any"`
	// HalfTies counts each tie as half a win for either.
	HalfTies *float64     `json:"share_with_half_ties,omitempty" doc:"Its share of all pairs, a tie being half a win"`
	Once     *tandem.Span `json:"interval_once,omitempty" doc:"Wilson's 95 % interval of share: holds if one looks once"`
	Always   *tandem.Span `json:"interval_always,omitempty" doc:"95 % interval of share that holds at every look, however many pairs are added"`
	// Prefers is the arm that Always says is preferred.
	Prefers string `json:"prefers,omitempty" doc:"The arm that is preferred by interval_always; absent while it holds one half"`
}

// Position tells how much the place in which a call is shown matters.
type Position struct {
	Pairs      int64 `json:"pairs" doc:"Pairs with two overall answers"`
	Consistent int64 `json:"consistent" doc:"The same answer in both orders"`
	FirstBoth  int64 `json:"first_both" doc:"Whichever call was shown first was preferred, both times"`
	SecondBoth int64 `json:"second_both" doc:"Whichever call was shown second was preferred, both times"`
	OneTie     int64 `json:"one_tie" doc:"A preference in one order, a tie in the other"`
	// Share is Consistent of Pairs.
	Share *float64 `json:"consistent_share,omitempty"`
	// Bias is FirstBoth less SecondBoth, of Pairs.
	Bias *float64 `json:"bias,omitempty" doc:"first_both less second_both, of all pairs: 1 is a judge that always takes the first, -1 one that always takes the second, 0 one without a liking"`
}

// People is what people say of pairs.
type People struct {
	Raters  int64 `json:"raters"`
	Ratings int64 `json:"ratings" doc:"Of pairs"`
	Blind   int64 `json:"blind" doc:"Of them, those whose rater could not know which arm is which"`
	// Preferred counts each pair once, by what most of its raters say.
	Preferred *Preferred `json:"preferred,omitempty" doc:"Each pair counted once, by what most of its raters say; as many for either is a tie"`
}

// Agreement compares people with the judge.
type Agreement struct {
	Labels []string `json:"labels" doc:"Of the rows and columns of table"`
	// Table counts items: rows are what people say, columns what the judge does.
	Table    [][]int64    `json:"table" doc:"Counts: rows are what people say, columns what the machine does"`
	N        int64        `json:"n"`
	Observed *float64     `json:"observed,omitempty" doc:"Share on which they agree; in part, for near misses, where kappa is weighted"`
	Expected *float64     `json:"expected,omitempty" doc:"That share if each kept to their own frequencies"`
	Kappa    *float64     `json:"kappa,omitempty" doc:"Cohen's kappa; quadratically weighted for scores. Absent where it does not exist"`
	Interval *tandem.Span `json:"interval,omitempty" doc:"95 % interval of kappa, right for many items: holds if one looks once"`
}

// ScoreMatch is one rubric field's ratings by people.
type ScoreMatch struct {
	Field string `json:"field"`
	// Arms are in the test's order: ratings of their calls.
	Arms      []ArmScore `json:"arms"`
	Agreement *Agreement `json:"agreement,omitempty" doc:"People (rounded mean of a call's raters) against the calls' analyses; absent without a call that both rated"`
}

// ArmScore is what people gave an arm's calls.
type ArmScore struct {
	Arm   string   `json:"arm"`
	Calls int64    `json:"calls"`
	Mean  *float64 `json:"mean,omitempty" doc:"Mean of the calls' means, 1 to 5"`
}

// Any says whether anybody has judged or rated anything.
func (s *Judgements) Any() bool {
	return len(s.Judge) > 0 || s.People.Ratings > 0 || len(s.Scores) > 0
}

// Summary tells what the judge and people say of an arm against the first one; arm
// "" is the second. Errors: NotFound when there is no such test; Invalid with field
// "arm".
func (d *Desk) Summary(ctx context.Context, testID tandem.ID, arm string) (Judgements, error) {
	t, err := d.store.Test(ctx, testID)
	if err != nil {
		return Judgements{}, err
	}
	arms, err := armsOf(t, arm)
	if err != nil {
		return Judgements{}, err
	}
	out := Judgements{TestID: testID, Arms: arms, Label: Label}
	if j, err := d.store.Judging(ctx, testID, arms[1]); err == nil {
		out.Judging = &j
	} else if tandem.CodeOf(err) != tandem.NotFound {
		return Judgements{}, err
	}
	pairs, err := d.store.AllJudgedPairs(ctx, testID, arms[1])
	if err != nil {
		return Judgements{}, err
	}
	ratings, err := d.store.AllPairRatings(ctx, testID)
	if err != nil {
		return Judgements{}, err
	}
	calls, err := d.store.RatedCalls(ctx, testID)
	if err != nil {
		return Judgements{}, err
	}
	ratings = slices.DeleteFunc(ratings, func(r tandem.PairRating) bool { return r.First.Arm != arms[0] || r.Second.Arm != arms[1] })
	out.summarise(pairs, ratings, calls)
	return out, nil
}

// summarise fills s from what its arms' pairs were given.
func (s *Judgements) summarise(pairs []tandem.JudgedPair, ratings []tandem.PairRating, calls []tandem.RatedCall) {
	pairs = slices.DeleteFunc(slices.Clone(pairs), func(p tandem.JudgedPair) bool { return p.State != tandem.PairJudged })
	s.Judge = []Preferred{}
	if len(pairs) > 0 {
		for _, criterion := range tandem.Criteria() {
			s.Judge = append(s.Judge, s.judged(criterion, pairs))
		}
		s.Alike, s.Position = medianAlike(pairs), position(pairs)
	}
	said := majorities(ratings)
	s.People = s.people(ratings, said)
	s.Agreement = s.agree(pairs, said)
	s.Scores = s.scores(calls)
}

func (s *Judgements) judged(criterion string, pairs []tandem.JudgedPair) Preferred {
	out := Preferred{Criterion: criterion}
	for _, p := range pairs {
		winner, known := p.Winner(criterion)
		if !known {
			out.Unknown++
			continue
		}
		out.count(s.Arms, winner)
	}
	out.conclude(s.Arms)
	return out
}

func (p *Preferred) count(arms [2]string, winner string) {
	switch winner {
	case arms[0]:
		p.Wins[0]++
	case arms[1]:
		p.Wins[1]++
	default:
		p.Ties++
	}
}

// conclude computes the shares of counts.
func (p *Preferred) conclude(arms [2]string) {
	decided := stats.Proportion{Successes: p.Wins[1], N: p.Wins[0] + p.Wins[1]}
	if all := decided.N + p.Ties; all > 0 {
		p.HalfTies = new((float64(p.Wins[1]) + float64(p.Ties)/2) / float64(all))
	}
	if decided.N == 0 {
		return
	}
	p.Share = new(decided.Share())
	if once, err := stats.Wilson(decided, level); err == nil {
		p.Once = &tandem.Span{Low: once.Low, High: once.High}
	}
	if always, err := stats.ShareSequence(decided, level); err == nil {
		p.Always = &tandem.Span{Low: always.Interval.Low, High: always.Interval.High}
		switch {
		case p.Always.Low > 0.5:
			p.Prefers = arms[1]
		case p.Always.High < 0.5:
			p.Prefers = arms[0]
		}
	}
}

// position looks at the answers all in all.
func position(pairs []tandem.JudgedPair) *Position {
	out := &Position{}
	for _, p := range pairs {
		picks := p.Picks(tandem.OverallCriterion)
		if picks[0] == "" || picks[1] == "" {
			continue
		}
		out.Pairs++
		switch {
		case picks[0] == picks[1]:
			out.Consistent++
		case picks[0] == tandem.Tie || picks[1] == tandem.Tie:
			out.OneTie++
		case picks[0] == p.First.Arm: // and the second arm's when that was first
			out.FirstBoth++
		default:
			out.SecondBoth++
		}
	}
	if out.Pairs > 0 {
		n := float64(out.Pairs)
		out.Share, out.Bias = new(float64(out.Consistent)/n), new(float64(out.FirstBoth-out.SecondBoth)/n)
	}
	return out
}

// majorities gives what most raters of each pair say; as many for either is a tie.
func majorities(ratings []tandem.PairRating) map[tandem.Pair]string {
	votes := map[tandem.Pair]int{}
	for _, r := range ratings {
		switch r.Winner {
		case r.First.Arm:
			votes[r.Pair]--
		case r.Second.Arm:
			votes[r.Pair]++
		default:
			votes[r.Pair] += 0
		}
	}
	out := make(map[tandem.Pair]string, len(votes))
	for pair, n := range votes {
		switch cmp.Compare(n, 0) {
		case -1:
			out[pair] = pair.First.Arm
		case 1:
			out[pair] = pair.Second.Arm
		default:
			out[pair] = tandem.Tie
		}
	}
	return out
}

func (s *Judgements) people(ratings []tandem.PairRating, said map[tandem.Pair]string) People {
	out := People{Ratings: int64(len(ratings))}
	raters := map[string]bool{}
	for _, r := range ratings {
		raters[r.Rater] = true
		if r.Blind {
			out.Blind++
		}
	}
	out.Raters = int64(len(raters))
	if len(said) == 0 {
		return out
	}
	out.Preferred = &Preferred{Criterion: tandem.OverallCriterion}
	for _, winner := range said {
		out.Preferred.count(s.Arms, winner)
	}
	out.Preferred.conclude(s.Arms)
	return out
}
