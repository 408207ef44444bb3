package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/judge"
)

// Desk has pairs of calls judged and tells what came of it.
type Desk interface {
	Arms(ctx context.Context, testID tandem.ID, arm string) ([2]string, error)
	Estimate(ctx context.Context, testID tandem.ID, ask judge.Ask) (judge.Outlay, error)
	Start(ctx context.Context, actor string, testID tandem.ID, ask judge.Ask) (tandem.Judging, judge.Outlay, error)
	Cancel(ctx context.Context, actor string, testID tandem.ID, arm string) (tandem.Judging, error)
	Summary(ctx context.Context, testID tandem.ID, arm string) (judge.Judgements, error)
	Unrated(ctx context.Context, testID tandem.ID, arm, rater string, n int, seed uint64) ([2]string, []judge.Shown, error)
}

// Judged is what a judge's pairs are read by.
type Judged interface {
	JudgedPairs(ctx context.Context, testID tandem.ID, arm string, p tandem.Page) ([]tandem.JudgedPair, string, error)
}

// ComparedArm names the arm that is set against the first one.
type ComparedArm struct {
	Arm string `query:"arm" doc:"Key of the arm that is set against the test's first one; default: its second" example:"B"`
}

type startJudging struct {
	TestPath
	Body struct {
		Arm     string  `json:"arm,omitempty" doc:"Key of the arm that is set against the test's first one; default: its second"`
		Pairs   int     `json:"pairs,omitempty" minimum:"1" maximum:"500" default:"100" doc:"How many. Those that an earlier start left come first"`
		Seed    int64   `json:"seed,omitempty" default:"1" doc:"Decides which calls are drawn"`
		DryRun  bool    `json:"dry_run,omitempty" doc:"Say what it would take, and do nothing"`
		MaxCost float64 `json:"max_cost,omitempty" minimum:"0" doc:"US dollars that this start may cost: it ends before a pair that might cost more. 0: no limit"`
		Rated   bool    `json:"rated,omitempty" doc:"Pairs that people have rated come before others, so that people and the judge can be compared"`
		Afresh  bool    `json:"afresh,omitempty" doc:"Drop what was judged before. Needed when the language model has changed"`
	}
}

// JudgingStart is what was started, or what would be.
type JudgingStart struct {
	Estimate judge.Outlay    `json:"estimate"`
	Judging  *tandem.Judging `json:"judging,omitempty" doc:"Absent in a dry run"`
}

func (a *api) judgements() {
	register(a, operation{
		id: "judge-pairs", method: http.MethodPost, path: "/v1/tests/{test}/judgements", tag: tagQuality, scope: tandem.ScopeWrite, status: http.StatusAccepted,
		summary:     "Have pairs of calls judged by a language model",
		description: "Calls are matched by what their callers say first. The model is asked which of the two was handled better, twice, with the calls changing places: an answer that changes with the place is a tie. It goes on after a restart, and no stored answer is paid for again. dry_run tells about what it costs.",
	}, a.judgePairs)
	register(a, operation{
		id: "get-judgements", method: http.MethodGet, path: "/v1/tests/{test}/judgements", tag: tagQuality, scope: tandem.ScopeRead,
		summary:     "Read what the judge and people say",
		description: "How far the judging is, what the judge prefers and whether its answers depend on the place, what people prefer, and how far they agree. It describes transcripts and is no verdict.",
	}, func(ctx context.Context, in *struct {
		TestPath
		ComparedArm
	},
	) (*plain[judge.Judgements], error) {
		if _, err := a.test(ctx, in.Test); err != nil {
			return nil, err
		}
		return onePlain(a.Desk.Summary(ctx, in.Test, in.Arm))
	})
	register(a, operation{
		id: "list-judged-pairs", method: http.MethodGet, path: "/v1/tests/{test}/judgements/pairs", tag: tagQuality, scope: tandem.ScopeRead,
		summary: "List the judge's pairs with its reasons",
	}, a.listJudgedPairs)
	register(a, operation{
		id: "cancel-judging", method: http.MethodDelete, path: "/v1/tests/{test}/judgements", tag: tagQuality, scope: tandem.ScopeWrite,
		summary: "Stop judging pairs", description: "What is judged stays; what the model is being asked at this moment is still kept. Pairs that are left are judged when more are asked for.",
	}, func(ctx context.Context, in *struct {
		TestPath
		ComparedArm
	},
	) (*plain[tandem.Judging], error) {
		if _, err := a.test(ctx, in.Test); err != nil {
			return nil, err
		}
		return onePlain(a.Desk.Cancel(ctx, actor(ctx), in.Test, in.Arm))
	})
}

func (a *api) judgePairs(ctx context.Context, in *startJudging) (*plain[JudgingStart], error) {
	if _, err := a.test(ctx, in.Test); err != nil {
		return nil, err
	}
	b := in.Body
	ask := judge.Ask{Arm: b.Arm, Pairs: b.Pairs, Seed: b.Seed, MaxCost: b.MaxCost, Rated: b.Rated, Afresh: b.Afresh}
	var out JudgingStart
	var err error
	if b.DryRun {
		out.Estimate, err = a.Desk.Estimate(ctx, in.Test, ask)
		return onePlain(out, err)
	}
	var j tandem.Judging
	if j, out.Estimate, err = a.Desk.Start(ctx, actor(ctx), in.Test, ask); err == nil {
		out.Judging = &j
	}
	return onePlain(out, err)
}

// judgedArms gives what readers say of each arm that was compared with the first.
func (a *api) judgedArms(ctx context.Context, t tandem.Test) (out []judge.Judgements, err error) {
	for _, arm := range t.Arms[1:] {
		j, err := a.Desk.Summary(ctx, t.ID, arm.Key)
		if err != nil {
			return nil, err
		}
		if j.Any() {
			out = append(out, j)
		}
	}
	return out, nil
}

func (a *api) listJudgedPairs(ctx context.Context, in *struct {
	TestPath
	ComparedArm
	Paged
},
) (*listResponse[tandem.JudgedPair], error) {
	if _, err := a.test(ctx, in.Test); err != nil {
		return nil, err
	}
	arms, err := a.Desk.Arms(ctx, in.Test, in.Arm)
	if err != nil {
		return nil, err
	}
	items, next, err := a.Store.JudgedPairs(ctx, in.Test, arms[1], in.page())
	return pageOf(&in.Paged, items, next, err)
}
