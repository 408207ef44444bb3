package api

import (
	"context"
	"net/http"

	"tandem"
)

// Ratings are what people say of calls and pairs.
type Ratings interface {
	RateCall(ctx context.Context, r tandem.CallRating) error
	CallRatings(ctx context.Context, id tandem.ID) ([]tandem.CallRating, error)
	// RatePair gives the rating as it is stored: its id and whether it is blind
	// depend on the rater's earlier one.
	RatePair(ctx context.Context, r tandem.PairRating) (tandem.PairRating, error)
	PairRatings(ctx context.Context, testID tandem.ID, p tandem.Page) ([]tandem.PairRating, string, error)
}

type rateCall struct {
	CallPath
	Body struct {
		Scores tandem.Scores `json:"scores,omitempty" doc:"By the rubric; leave out what cannot be rated"`
		Note   string        `json:"note,omitempty" maxLength:"2000"`
	}
}

type ratePair struct {
	TestPath
	Body struct {
		Token  string    `json:"token,omitempty" doc:"Of the pair in a blind sample; in place of the calls"`
		First  tandem.ID `json:"first_call,omitempty" doc:"Call of the arm that comes first in the test; without a token"`
		Second tandem.ID `json:"second_call,omitempty" doc:"Call of another arm; without a token"`
		Winner string    `json:"winner" doc:"Which call is better. With a token: left, right or tie; else the arm's key, or tie" example:"left"`
		Note   string    `json:"note,omitempty" maxLength:"2000"`
	}
}

// RevealedPair is a rating, and which arm stood where.
type RevealedPair struct {
	tandem.PairRating
	Left  string `json:"left,omitempty" doc:"The arm that was on the left of a blind pair" example:"B"`
	Right string `json:"right,omitempty" doc:"The arm that was on the right of it" example:"A"`
}

// The winners of a blind pair, beside tandem.Tie.
const (
	left  = "left"
	right = "right"
)

func (a *api) ratings() {
	register(a, operation{
		id: "rate-call", method: http.MethodPut, path: "/v1/calls/{call}/rating", tag: tagQuality, scope: tandem.ScopeWrite,
		summary:     "Rate a call by the rubric",
		description: "In the name of the key. Rated again, the last rating counts. The rubric is in docs/quality.md and in the instructions of the standard fields.",
	}, a.rateCall)
	register(a, operation{
		id: "list-call-ratings", method: http.MethodGet, path: "/v1/calls/{call}/ratings", tag: tagQuality, scope: tandem.ScopeRead,
		summary: "List people's ratings of a call, one of each rater",
	}, func(ctx context.Context, in *CallPath) (*listResponse[tandem.CallRating], error) {
		if !in.Call.Valid() {
			return nil, noCall(in.Call)
		}
		if _, err := a.Store.Call(ctx, in.Call); err != nil {
			return nil, err
		}
		found, err := a.Store.CallRatings(ctx, in.Call)
		return pageOf(&Paged{}, found, "", err)
	})
	register(a, operation{
		id: "rate-pair", method: http.MethodPost, path: "/v1/tests/{test}/pair-ratings", tag: tagQuality, scope: tandem.ScopeWrite,
		summary:     "Say which of two calls is better",
		description: "In the name of the key. A pair of a blind sample is named by its token, and the answer reveals which arm was on which side; any other by its calls. Rated again, the last rating counts; one that then says something else is no longer blind.",
	}, a.ratePair)
	register(a, operation{
		id: "list-pair-ratings", method: http.MethodGet, path: "/v1/tests/{test}/pair-ratings", tag: tagQuality, scope: tandem.ScopeRead,
		summary: "List people's ratings of a test's pairs, the last one first",
	}, func(ctx context.Context, in *struct {
		TestPath
		Paged
	},
	) (*listResponse[tandem.PairRating], error) {
		if _, err := a.test(ctx, in.Test); err != nil {
			return nil, err
		}
		items, next, err := a.Store.PairRatings(ctx, in.Test, in.page())
		return pageOf(&in.Paged, items, next, err)
	})
}

func (a *api) rateCall(ctx context.Context, in *rateCall) (*plain[tandem.CallRating], error) {
	if !in.Call.Valid() {
		return nil, noCall(in.Call)
	}
	r := tandem.CallRating{CallID: in.Call, Rater: actor(ctx), Scores: in.Body.Scores, Note: in.Body.Note, RatedAt: a.Now()}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return onePlain(r, a.Store.RateCall(ctx, r))
}

func (a *api) ratePair(ctx context.Context, in *ratePair) (*plain[RevealedPair], error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	now := a.Now()
	out := RevealedPair{PairRating: tandem.PairRating{ID: tandem.NewID(now), TestID: t.ID, Rater: actor(ctx), Winner: in.Body.Winner, Note: in.Body.Note, RatedAt: now}}
	switch {
	case in.Body.Token == "":
		out.Pair, err = a.pairOf(ctx, t.ID, in.Body.First, in.Body.Second)
	case in.Body.First != "" || in.Body.Second != "":
		err = tandem.Errorf(tandem.Invalid, "token", "is given beside calls; expected one or the other")
	default:
		err = a.unseal(&out, in.Body.Token)
	}
	if err != nil {
		return nil, err
	}
	if err := out.Validate(t); err != nil {
		return nil, err
	}
	out.PairRating, err = a.Store.RatePair(ctx, out.PairRating)
	return onePlain(out, err)
}

// unseal tells which arm is on which side, and turns a winning side into its arm.
func (a *api) unseal(r *RevealedPair, token string) error {
	pair, onLeft, err := a.Seal.Open(r.TestID, token)
	if err != nil {
		return err
	}
	r.Pair, r.Blind = pair, true
	r.Left, r.Right = pair.First.Arm, pair.Second.Arm
	if onLeft == r.Right {
		r.Left, r.Right = r.Right, r.Left
	}
	switch r.Winner {
	case left:
		r.Winner = r.Left
	case right:
		r.Winner = r.Right
	case tandem.Tie:
	default:
		return tandem.Errorf(tandem.Invalid, "winner", "is %.40q; expected left, right or tie, as which arm is which is hidden", r.Winner)
	}
	return nil
}

// pairOf gives the pair of two of a test's calls.
func (a *api) pairOf(ctx context.Context, testID, first, second tandem.ID) (tandem.Pair, error) {
	var sides [2]tandem.PairedCall
	for i, id := range []tandem.ID{first, second} {
		field := []string{"first_call", "second_call"}[i]
		if !id.Valid() {
			return tandem.Pair{}, tandem.Errorf(tandem.Invalid, field, "is %.120q; expected the id of a call, or a token", id)
		}
		c, err := a.Store.Call(ctx, id)
		if tandem.CodeOf(err) == tandem.NotFound || err == nil && (c.Assigned == nil || c.Assigned.Value.TestID != testID) {
			return tandem.Pair{}, tandem.Errorf(tandem.Invalid, field, "is %s; expected a call of this test", id)
		}
		if err != nil {
			return tandem.Pair{}, err
		}
		if why := c.NotRandomised(); why != "" {
			return tandem.Pair{}, tandem.Errorf(tandem.Invalid, field, "is %s, which is counted apart (%s); expected a call whose arm was left to chance", id, why)
		}
		sides[i] = tandem.PairedCall{Arm: c.Assigned.Value.Arm, CallID: id}
	}
	return tandem.Pair{First: sides[0], Second: sides[1]}, nil
}
