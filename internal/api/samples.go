package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/sample"
)

// Sampler draws transcripts to read.
type Sampler interface {
	Sample(ctx context.Context, testID tandem.ID, q sample.Query) (sample.Sample, error)
}

type drawSample struct {
	TestPath
	Narrowing
	Seed   uint64   `query:"seed" default:"1" doc:"The same seed draws the same calls"`
	PerArm int      `query:"per_arm" minimum:"1" maximum:"50" default:"5" doc:"Calls of each arm"`
	Arm    string   `query:"arm" doc:"Only calls of this arm" example:"B"`
	Spoken bool     `query:"has_transcript" doc:"Only calls with a transcript"`
	Blind  bool     `query:"blind" doc:"Pairs of transcripts that do not say which arm is which, to be rated by their tokens. Calls have a transcript then, and arm is the one that is set against the first; default: the second"`
	Judged bool     `query:"judged" doc:"With blind: only pairs that the judge has judged and this key has not rated; other filters do not count"`
	AsOf   []string `query:"as_of" doc:"How many calls of each arm to draw from, as the sample drawn before said: A:120,B:118" example:"[\"A:120\",\"B:118\"]"`
}

func (a *api) samples() {
	register(a, operation{
		id: "draw-sample", method: http.MethodGet, path: "/v1/tests/{test}/sample", tag: tagResults, scope: tandem.ScopeRead,
		summary:     "Draw calls to read, side by side",
		description: "Each call of an arm that passes the filters is as likely to be drawn as any other. The same seed and as_of draw the same calls again, however many came since.",
	}, func(ctx context.Context, in *drawSample) (*plain[sample.Sample], error) {
		if !in.Test.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no test has the id %.120q", in.Test)
		}
		if in.Blind || in.Judged {
			return a.blindSample(ctx, in)
		}
		q := sample.Query{Seed: in.Seed, PerArm: in.PerArm, Filter: tandem.CallFilter{Arm: in.Arm, HasTranscript: in.Spoken}}
		if err := in.narrow(&q.Filter); err != nil {
			return nil, err
		}
		var err error
		if q.AsOf, err = asOf(in.AsOf); err != nil {
			return nil, err
		}
		return onePlain(a.Sampler.Sample(ctx, in.Test, q))
	})
}

// blindSample draws pairs without saying which arm is which.
func (a *api) blindSample(ctx context.Context, in *drawSample) (*plain[sample.Sample], error) {
	if !in.Blind {
		return nil, tandem.Errorf(tandem.Invalid, "judged", "is given without blind; expected both")
	}
	if in.Judged {
		return a.blindJudged(ctx, in)
	}
	arms, err := a.Desk.Arms(ctx, in.Test, in.Arm)
	if err != nil {
		return nil, err
	}
	q := sample.Query{Seed: in.Seed, PerArm: in.PerArm, Filter: tandem.CallFilter{HasTranscript: true}}
	if err := in.narrow(&q.Filter); err != nil {
		return nil, err
	}
	if q.AsOf, err = asOf(in.AsOf); err != nil {
		return nil, err
	}
	whole, err := a.Sampler.Sample(ctx, in.Test, q)
	if err != nil {
		return nil, err
	}
	return onePlain(a.Seal.Blind(whole, arms), nil)
}

// blindJudged draws pairs that the judge saw.
func (a *api) blindJudged(ctx context.Context, in *drawSample) (*plain[sample.Sample], error) {
	_, shown, err := a.Desk.Unrated(ctx, in.Test, in.Arm, actor(ctx), in.PerArm, in.Seed)
	if err != nil {
		return nil, err
	}
	out := sample.Sample{TestID: in.Test, Seed: in.Seed, PerArm: in.PerArm, AsOf: map[string]int64{}, Arms: []sample.ArmSample{}}
	for _, s := range shown {
		out.Pairs = append(out.Pairs, a.Seal.Hide(in.Test, s.Pair, s.First, s.Second))
	}
	return onePlain(out, nil)
}

// asOf reads "A:120" and the like.
func asOf(parts []string) (map[string]int64, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	out := make(map[string]int64, len(parts))
	for _, p := range parts {
		arm, count, _ := strings.Cut(p, ":")
		n, err := strconv.ParseInt(count, 10, 64)
		if arm == "" || err != nil || n < 0 {
			return nil, tandem.Errorf(tandem.Invalid, "as_of", "is %.40q; expected arm:count, such as A:120", p)
		}
		out[arm] = n
	}
	return out, nil
}
