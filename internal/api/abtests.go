package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"tandem"
	"tandem/internal/live"
)

// TestPath names a test.
type TestPath struct {
	Test tandem.ID `path:"test" doc:"Id of the test"`
}

func (a *api) tests() {
	register(a, operation{
		id: "start-test", method: http.MethodPost, path: "/v1/routes/{route}/test", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "Start a test on a route", status: http.StatusCreated, words: testWords,
		description: "In force from the next call. One test at a time runs on a route. With one arm given, arm A is the route's live version; without weights the arms share equally.",
	}, a.startTest)
	register(a, operation{
		id: "record-test", method: http.MethodPost, path: "/v1/tests/recorded", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "Import a finished experiment", status: http.StatusCreated, words: testWords,
		description: "Makes a test with status recorded, which never assigns a call. Its calls are reported as events of origin import, with the arm each one had.",
	}, a.recordTest)
	register(a, operation{
		id: "list-tests", method: http.MethodGet, path: "/v1/tests", tag: tagTests, scope: tandem.ScopeRead,
		summary: "List tests, newest first",
	}, a.listTests)
	register(a, operation{
		id: "get-test", method: http.MethodGet, path: "/v1/tests/{test}", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Read a test",
	}, func(ctx context.Context, in *TestPath) (*one[tandem.Test], error) {
		t, err := a.test(ctx, in.Test)
		return oneTest(t, err)
	})
	register(a, operation{
		id: "put-split", method: http.MethodPut, path: "/v1/tests/{test}/split", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "Change the split", refusals: []int{412}, words: splitWords,
		description: "Opens a new phase, in force from the next call. With two arms, raising B's share moves callers only from A to B.",
	}, a.putSplit)
	register(a, operation{
		id: "end-test", method: http.MethodPost, path: "/v1/tests/{test}/end", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "End a test and keep one version", refusals: []int{412},
		description: "All traffic goes to the winner from the next call on. The other versions stay published.",
	}, a.endTest)
	register(a, operation{
		id: "acknowledge-alarm", method: http.MethodPost, path: "/v1/tests/{test}/acknowledge", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "Acknowledge an alarm", refusals: []int{412},
		description: "An alarm suspends a test's verdict until somebody has looked into it and stands by the test. Who did, and why, stays with the test.",
	}, a.acknowledge)
	register(a, operation{
		id: "get-decision", method: http.MethodGet, path: "/v1/tests/{test}/decision", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Read what was known when a test was ended", description: "The results as they stood then, which version was kept, and the reason given.",
	}, func(ctx context.Context, in *TestPath) (*plain[tandem.Decision], error) {
		t, err := a.test(ctx, in.Test)
		if err != nil {
			return nil, err
		}
		return onePlain(a.Store.Decision(ctx, t.ID))
	})
}

// testWords: requests name versions in any way, so they do not say id.
func testWords(field string) string {
	if arm, ok := strings.CutSuffix(field, ".version_id"); ok {
		return arm + ".version"
	}
	if field == "weights" || field == "arms.weights" {
		return "arms"
	}
	return field
}

// splitWords: weights are given by themselves, not within arms.
func splitWords(field string) string {
	if strings.HasPrefix(field, "weights[") {
		return strings.TrimSuffix(field, ".weight")
	}
	return strings.TrimPrefix(field, "weights.")
}

func oneTest(t tandem.Test, err error) (*one[tandem.Test], error) {
	if err != nil {
		return nil, err
	}
	return &one[tandem.Test]{ETag: etag(t.Revision), Body: t}, nil
}

// test reads a test; an id that is none names nothing.
func (a *api) test(ctx context.Context, id tandem.ID) (tandem.Test, error) {
	if !id.Valid() {
		return tandem.Test{}, tandem.Errorf(tandem.NotFound, "", "no test has the id %.120q", id)
	}
	return a.Store.Test(ctx, id)
}

type listTests struct {
	Paged
	Route string `query:"route" doc:"Only tests of this route: id, phone number or name"`
}

func (a *api) listTests(ctx context.Context, in *listTests) (*listResponse[tandem.Test], error) {
	var routeID tandem.ID
	if in.Route != "" {
		r, err := a.namedRoute(ctx, in.Route)
		if err != nil {
			return nil, err
		}
		routeID = r.ID
	}
	items, next, err := a.Store.Tests(ctx, routeID, in.page())
	return pageOf(&in.Paged, items, next, err)
}

// namedRoute finds the route that a parameter or property called route names.
func (a *api) namedRoute(ctx context.Context, which string) (tandem.Route, error) {
	r, err := a.route(ctx, which)
	if tandem.CodeOf(err) == tandem.NotFound {
		return r, tandem.Errorf(tandem.Invalid, "route", "is %.120q; no route has that id, number or name", which)
	}
	return r, err
}

type putSplit struct {
	TestPath
	IfMatch
	Body struct {
		Weights weights `json:"weights"`
	}
}

func (a *api) putSplit(ctx context.Context, in *putSplit) (*one[tandem.Test], error) {
	now := a.Now()
	return a.editTest(ctx, in.Test, in.IfMatch, "test.reweight", func(t *tandem.Test, _ *tandem.Route) error {
		w, err := in.Body.Weights.forArms(t.Arms)
		if err != nil {
			return err
		}
		return t.Reweight(w, now)
	})
}

type endTest struct {
	TestPath
	IfMatch
	Body *endRequest
}

type endRequest struct {
	Winner string `json:"winner,omitempty" doc:"Key of the arm to keep; default A" example:"B"`
	Note   string `json:"note,omitempty" maxLength:"2000" doc:"Why"`
}

func (a *api) endTest(ctx context.Context, in *endTest) (*one[tandem.Test], error) {
	now := a.Now()
	var say endRequest
	if in.Body != nil {
		say = *in.Body
	}
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	known, err := a.Results.Results(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(known)
	if err != nil {
		return nil, err
	}
	return a.editTest(ctx, in.Test, in.IfMatch, "test.end", func(t *tandem.Test, r *tandem.Route) error {
		if err := t.End(r, strings.ToUpper(say.Winner), say.Note, now); err != nil {
			return err
		}
		t.Decision = &tandem.Decision{TestID: t.ID, At: now, By: actor(ctx), Winner: t.Winner, Note: say.Note, Results: asJSON}
		return nil
	})
}

type acknowledge struct {
	TestPath
	IfMatch
	Body struct {
		Check tandem.Check `json:"check" enum:"sample_ratio,coverage,not_randomised,metric_health" doc:"The check whose alarm was looked into"`
		Note  string       `json:"note,omitempty" maxLength:"2000" doc:"What was found"`
	}
}

func (a *api) acknowledge(ctx context.Context, in *acknowledge) (*one[tandem.Test], error) {
	now := a.Now()
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	known, err := a.Results.Results(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return a.editTest(ctx, in.Test, in.IfMatch, "test.acknowledge", func(t *tandem.Test, _ *tandem.Route) error {
		return t.Acknowledge(known.Verdict, in.Body.Check, actor(ctx), in.Body.Note, now)
	})
}

func (a *api) editTest(ctx context.Context, id tandem.ID, m IfMatch, action string, change func(*tandem.Test, *tandem.Route) error) (*one[tandem.Test], error) {
	revision, err := m.revision()
	if err != nil {
		return nil, err
	}
	t, err := a.test(ctx, id)
	if err != nil {
		return nil, err
	}
	t, err = a.Store.UpdateTest(ctx, actor(ctx), action, t.ID, revision, change)
	if err != nil {
		return nil, err
	}
	a.inForce(ctx)
	a.tell(live.Test, t.ID)
	a.tell(live.Route, t.RouteID)
	return oneTest(t, nil)
}
