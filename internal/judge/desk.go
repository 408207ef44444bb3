package judge

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem"
)

// Limits of what can be asked for at once.
const (
	// MaxPairs is the most pairs.
	MaxPairs = 500
	// poolFactor is how many calls of each arm are looked at for each pair.
	poolFactor = 3
	// maxDrawn bounds the calls of an arm that are read.
	maxDrawn = 4000
)

// Ask is what somebody wants judged.
type Ask struct {
	// Arm is set against the test's first one; "" is its second.
	Arm string
	// Pairs is how many, 1 to MaxPairs. Those that an earlier start left come
	// first.
	Pairs int
	Seed  int64
	// MaxCost bounds what this start may cost, in US dollars; 0 is no bound.
	MaxCost float64
	// Rated puts pairs that people rated, and no judge yet, before others.
	Rated bool
	// Afresh drops what was judged before.
	Afresh bool
}

// Outlay is what would be asked of the judge.
type Outlay struct {
	Judge   string    `json:"judge" doc:"Who would judge"`
	Arms    [2]string `json:"arms"`
	Pairs   int       `json:"pairs" doc:"Pairs to judge: new ones and those left by an earlier start"`
	Left    int       `json:"left" doc:"Of them, those left by an earlier start"`
	Rated   int       `json:"rated" doc:"Of them, those that people have rated"`
	Missing int       `json:"missing" doc:"Pairs that were asked for and cannot be had: the arms have too few calls with transcripts, or too few that are alike"`
	// Alike is the median similarity of the new pairs.
	Alike  *float64             `json:"similarity_median,omitempty" doc:"Of the new pairs: the cosine of what their callers say first, 0 to 1"`
	Usage  tandem.AnalysisUsage `json:"usage" doc:"About what it takes, rather too high, without repairs of answers that do not fit"`
	Priced bool                 `json:"priced" doc:"Whether the model's prices are set, so that the cost is known"`
}

// Desk plans judgings and tells what came of them. It is safe for concurrent use.
type Desk struct {
	store    Store
	provider Provider
	draw     Draw
	wake     func()
	now      func() time.Time
}

// NewDesk makes a Desk. wake is told when there is something to judge.
func NewDesk(store Store, provider Provider, draw Draw, wake func()) *Desk {
	return &Desk{store: store, provider: provider, draw: draw, wake: wake, now: func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }}
}

// plan is an ask worked out.
type plan struct {
	judging  tandem.Judging
	pairs    []tandem.JudgedPair // new ones
	estimate Outlay
	judge    Judge
}

// Estimate says what Start would have judged, and about what that takes. Nobody is
// asked, nothing changes.
//
// Errors: NotFound when there is no such test; Invalid with field "arm", "pairs",
// "max_cost"; Unavailable without a judge.
func (d *Desk) Estimate(ctx context.Context, testID tandem.ID, ask Ask) (Outlay, error) {
	p, err := d.plan(ctx, testID, ask)
	return p.estimate, err
}

// Start has pairs judged, by whichever node takes it up. Errors are those of
// Estimate; Conflict when there is no pair to judge, while pairs are being judged
// already, or, with field "afresh", when another judge began; why the judge may not
// be asked now.
func (d *Desk) Start(ctx context.Context, actor string, testID tandem.ID, ask Ask) (tandem.Judging, Outlay, error) {
	p, err := d.plan(ctx, testID, ask)
	if err != nil {
		return tandem.Judging{}, Outlay{}, err
	}
	if p.estimate.Pairs == 0 {
		return tandem.Judging{}, p.estimate, tandem.Errorf(tandem.Conflict, "", "there is no pair to judge: arms %s and %s have no calls with transcripts left whose callers want the same", p.judging.Arms[0], p.judging.Arms[1])
	}
	if err := p.judge.Ready(ctx); err != nil {
		return tandem.Judging{}, p.estimate, err
	}
	p.judging.StartedBy = actor
	j, err := d.store.StartJudging(ctx, actor, p.judging, p.pairs, ask.Afresh)
	if err == nil {
		d.wake()
	}
	return j, p.estimate, err
}

// Cancel ends the judging of an arm. Errors: NotFound; Invalid with field "arm";
// Conflict when it does not run.
func (d *Desk) Cancel(ctx context.Context, actor string, testID tandem.ID, arm string) (tandem.Judging, error) {
	t, err := d.store.Test(ctx, testID)
	if err != nil {
		return tandem.Judging{}, err
	}
	arms, err := armsOf(t, arm)
	if err != nil {
		return tandem.Judging{}, err
	}
	if err := d.store.CancelJudging(ctx, actor, testID, arms[1]); err != nil {
		return tandem.Judging{}, err
	}
	return d.store.Judging(ctx, testID, arms[1])
}

// armsOf gives the first arm and the one that is set against it.
func armsOf(t tandem.Test, arm string) ([2]string, error) {
	if arm == "" {
		arm = t.Arms[1].Key
	}
	if t.Arm(arm) < 1 {
		return [2]string{}, tandem.Errorf(tandem.Invalid, "arm", "is %.40q; expected one of the test's arms but the first, which the others are compared with", arm)
	}
	return [2]string{t.Arms[0].Key, arm}, nil
}

func (d *Desk) plan(ctx context.Context, testID tandem.ID, ask Ask) (plan, error) {
	t, err := d.store.Test(ctx, testID)
	if err != nil {
		return plan{}, err
	}
	arms, err := armsOf(t, ask.Arm)
	if err != nil {
		return plan{}, err
	}
	if ask.Pairs < 1 || ask.Pairs > MaxPairs {
		return plan{}, tandem.Errorf(tandem.Invalid, "pairs", "is %d; expected 1 to %d", ask.Pairs, MaxPairs)
	}
	judge, err := d.provider(ctx)
	if err != nil {
		return plan{}, err
	}
	if !(ask.MaxCost >= 0) {
		return plan{}, tandem.Errorf(tandem.Invalid, "max_cost", "is %v; expected US dollars, 0 or more", ask.MaxCost)
	}
	if ask.MaxCost > 0 && !judge.Priced() {
		return plan{}, tandem.Errorf(tandem.Invalid, "max_cost", "cannot be kept: the model's prices are not set, so no cost is known")
	}
	p := plan{
		judge: judge,
		judging: tandem.Judging{
			TestID: testID, Arms: arms, State: tandem.JudgingRuns, Judge: judge.JudgeName(), Seed: ask.Seed, StartedAt: d.now(), CostLimit: ask.MaxCost,
		},
		estimate: Outlay{Judge: judge.JudgeName(), Arms: arms, Priced: judge.Priced()},
	}
	return p, d.fill(ctx, &p, ask, judge)
}

// fill finds the pairs and what they take.
func (d *Desk) fill(ctx context.Context, p *plan, ask Ask, judge Judge) error {
	var have []tandem.JudgedPair
	var err error
	if !ask.Afresh {
		if have, err = d.store.AllJudgedPairs(ctx, p.judging.TestID, p.judging.Arms[1]); err != nil {
			return err
		}
	}
	s := &search{Desk: d, plan: p, judge: judge, used: map[tandem.ID]bool{}, turns: map[tandem.ID][]tandem.Turn{}}
	for _, pair := range have {
		s.used[pair.First.CallID], s.used[pair.Second.CallID] = true, true
		if pair.State == tandem.PairDue {
			p.estimate.Left++
			if err := s.price(ctx, pair); err != nil {
				return err
			}
		}
	}
	wanted := max(0, ask.Pairs-p.estimate.Left)
	if ask.Rated {
		if err := s.rated(ctx, wanted); err != nil {
			return err
		}
	}
	if err := s.alike(ctx, wanted-len(p.pairs), ask.Seed); err != nil {
		return err
	}
	for _, pair := range p.pairs {
		if err := s.price(ctx, pair); err != nil {
			return err
		}
	}
	p.estimate.Pairs = p.estimate.Left + len(p.pairs)
	p.estimate.Missing = max(0, ask.Pairs-p.estimate.Pairs)
	p.estimate.Alike = medianAlike(p.pairs)
	return nil
}

// search is the search for one plan's pairs.
type search struct {
	*Desk
	plan  *plan
	judge Judge
	used  map[tandem.ID]bool // calls that are in a pair
	turns map[tandem.ID][]tandem.Turn
}

// rated adds pairs that people rated.
func (s *search) rated(ctx context.Context, wanted int) error {
	all, err := s.store.AllPairRatings(ctx, s.plan.judging.TestID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if len(s.plan.pairs) == wanted {
			break
		}
		if (r.First.Arm != s.plan.judging.Arms[0]) || r.Second.Arm != s.plan.judging.Arms[1] || s.used[r.First.CallID] || s.used[r.Second.CallID] {
			continue
		}
		first, err := s.said(ctx, r.First.CallID)
		if err != nil {
			return err
		}
		second, err := s.said(ctx, r.Second.CallID)
		if err != nil {
			return err
		}
		if len(first) == 0 || len(second) == 0 {
			continue
		}
		pair := []Drawn{{r.First.CallID, first}, {r.Second.CallID, second}}
		s.add(pair[0], pair[1], alone(pair[0], pair[1]))
		s.plan.estimate.Rated++
	}
	return nil
}

// alike adds pairs of calls whose callers want the same.
func (s *search) alike(ctx context.Context, wanted int, seed int64) error {
	if wanted <= 0 {
		return nil
	}
	var sides [2][]Drawn
	for i, arm := range s.plan.judging.Arms {
		// Calls that are in a pair may be drawn again, so that many more are asked
		// for.
		drawn, err := s.draw(ctx, s.plan.judging.TestID, arm, min(maxDrawn, (poolFactor+1)*wanted+len(s.used)/2), seed)
		if err != nil {
			return fmt.Errorf("draw calls of arm %s: %w", arm, err)
		}
		sides[i] = slices.DeleteFunc(drawn, func(d Drawn) bool { return s.used[d.CallID] || opening(d.Turns) == "" })
	}
	for _, m := range match(sides[0], sides[1], wanted) {
		s.add(sides[0][m.first], sides[1][m.second], m.alike)
	}
	return nil
}

func (s *search) add(first, second Drawn, alike float64) {
	s.used[first.CallID], s.used[second.CallID] = true, true
	s.turns[first.CallID], s.turns[second.CallID] = first.Turns, second.Turns
	s.plan.pairs = append(s.plan.pairs, tandem.JudgedPair{
		TestID: s.plan.judging.TestID, Similarity: alike, State: tandem.PairDue,
		Pair: tandem.Pair{
			First:  tandem.PairedCall{Arm: s.plan.judging.Arms[0], CallID: first.CallID},
			Second: tandem.PairedCall{Arm: s.plan.judging.Arms[1], CallID: second.CallID},
		},
	})
}

// price adds what the answers that a pair still lacks take.
func (s *search) price(ctx context.Context, pair tandem.JudgedPair) error {
	first, err := s.said(ctx, pair.First.CallID)
	if err != nil {
		return err
	}
	second, err := s.said(ctx, pair.Second.CallID)
	if err != nil {
		return err
	}
	for order, task := range tasks(first, second) {
		if pair.Opinions[order] == nil {
			s.plan.estimate.Usage.Add(s.judge.EstimateJudgement(task))
		}
	}
	return nil
}

// said gives what was said in a call, nothing when that is gone.
func (s *search) said(ctx context.Context, id tandem.ID) ([]tandem.Turn, error) {
	if turns, ok := s.turns[id]; ok {
		return turns, nil
	}
	t, err := s.store.Transcript(ctx, id)
	if err != nil && tandem.CodeOf(err) != tandem.NotFound {
		return nil, err
	}
	s.turns[id] = t.Turns
	return t.Turns, nil
}

// tasks are the two orders in which a pair is shown.
func tasks(first, second []tandem.Turn) [2]tandem.JudgementTask {
	return [2]tandem.JudgementTask{{One: first, Two: second}, {One: second, Two: first}}
}

func medianAlike(pairs []tandem.JudgedPair) *float64 {
	if len(pairs) == 0 {
		return nil
	}
	var all []float64
	for _, p := range pairs {
		all = append(all, p.Similarity)
	}
	slices.Sort(all)
	n := len(all)
	return new((all[(n-1)/2] + all[n/2]) / 2)
}
