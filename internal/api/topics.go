package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/topics"
)

// Topics reads tests by groups of their calls, and has groups made.
type Topics interface {
	Topics(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (topics.Topics, error)
	Ask(ctx context.Context, testID tandem.ID, by tandem.GroupBy, k int, again bool) (tandem.Grouping, error)
}

type readTopics struct {
	TestPath
	By tandem.GroupBy `query:"by" enum:"intent,failure" default:"intent" doc:"By what callers say, or by what was said where something went wrong"`
}

type askTopics struct {
	TestPath
	Body struct {
		By    tandem.GroupBy `json:"by,omitempty" enum:"intent,failure" default:"intent" doc:"By what callers say, or by what was said where something went wrong"`
		K     int            `json:"k,omitempty" minimum:"0" maximum:"50" doc:"How many groups, from 2; 0 or left out: as many as suit"`
		Again bool           `json:"again,omitempty" doc:"Make groups anew. Else calls that came since join the groups there are, unless k is another number"`
	}
}

func (a *api) topics() {
	register(a, operation{
		id: "get-topics", method: http.MethodGet, path: "/v1/tests/{test}/topics", tag: tagResults, scope: tandem.ScopeRead,
		summary:     "Read a test by groups of its calls",
		description: "Groups of calls by intent or by failure, and situations such as dead ends, each with how every arm does in it, and whether the difference between arms differs among them. Exploratory, as of the last run: POST the same path for another. A group's key filters samples and lists of calls.",
	}, func(ctx context.Context, in *readTopics) (*plain[topics.Topics], error) {
		if !in.Test.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no test has the id %.120q", in.Test)
		}
		return onePlain(a.Topics.Topics(ctx, in.Test, in.By))
	})
	register(a, operation{
		id: "make-topics", method: http.MethodPost, path: "/v1/tests/{test}/topics", tag: tagResults, scope: tandem.ScopeWrite,
		summary: "Group a test's calls", status: http.StatusAccepted,
		description: "It is done in the background, also after a restart; reading tells how far it has come. What came of the last run stays until then. With a language model, that one names the groups.",
	}, func(ctx context.Context, in *askTopics) (*plain[tandem.Grouping], error) {
		if !in.Test.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no test has the id %.120q", in.Test)
		}
		return onePlain(a.Topics.Ask(ctx, in.Test, in.Body.By, in.Body.K, in.Body.Again))
	})
}
