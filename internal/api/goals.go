package api

import (
	"context"
	"fmt"
	"net/http"

	"tandem"
	"tandem/internal/results"
)

func (a *api) goals() {
	register(a, operation{
		id: "change-test", method: http.MethodPatch, path: "/v1/tests/{test}", tag: tagTests, scope: tandem.ScopeWrite,
		summary: "Change a test's goal", refusals: []int{412},
		description: "In force at once for new calls. Calls that were counted before are counted anew in the background; until all are, results say how far that is and draw no conclusion about completion. " +
			"The change stays with the test and is told in its results: a goal that is picked because of results can make a winner of either arm.",
	}, a.changeTest)
	register(a, operation{
		id: "check-goal", method: http.MethodPost, path: "/v1/goals/check", tag: tagTests, scope: tandem.ScopeRead,
		summary: "Check a goal before it is used", description: "Says whether the text can be the goal of a test between these versions, where it is wrong, and which names it can use. Nothing is stored.",
	}, a.checkGoal)
}

type changeTest struct {
	TestPath
	IfMatch
	Body struct {
		Goal string `json:"goal" maxLength:"2000" doc:"CEL expression over call and fields; empty takes the goal away" example:"fields.appointment_booked && !call.transferred"`
		Note string `json:"note,omitempty" maxLength:"2000" doc:"Why"`
	}
}

func (a *api) changeTest(ctx context.Context, in *changeTest) (*one[tandem.Test], error) {
	t, err := a.test(ctx, in.Test)
	if err != nil {
		return nil, err
	}
	var fields []tandem.Field
	for _, arm := range t.Arms {
		v, err := a.Store.Version(ctx, string(arm.VersionID))
		if err != nil {
			return nil, err
		}
		fields = union(fields, v.Content.Fields)
	}
	if err := results.CheckGoal(in.Body.Goal, fields); err != nil {
		return nil, err
	}
	known, err := a.Results.Results(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	change := tandem.GoalChange{At: a.Now(), By: actor(ctx), To: in.Body.Goal, Note: in.Body.Note}
	for _, p := range known.Phases {
		change.Calls += p.Calls
	}
	out, err := a.editTest(ctx, in.Test, in.IfMatch, "test.goal", func(t *tandem.Test, _ *tandem.Route) error {
		return t.ChangeGoal(change)
	})
	if err == nil && a.GoalChanged != nil {
		a.GoalChanged()
	}
	return out, err
}

type checkGoal struct {
	Body struct {
		Goal     string   `json:"goal" maxLength:"2000" example:"fields.appointment_booked && !call.transferred"`
		Versions []string `json:"versions,omitempty" maxItems:"10" doc:"Published versions, of A, B and so on: id, or agent@number. Without any, every field's name is accepted" example:"[\"front-desk@1\",\"front-desk@2\"]"`
	}
}

func (a *api) checkGoal(ctx context.Context, in *checkGoal) (*plain[results.GoalCheck], error) {
	arms := make([]results.Definitions, len(in.Body.Versions))
	for i, name := range in.Body.Versions {
		v, err := a.published(ctx, fmt.Sprintf("versions[%d]", i), name)
		if err != nil {
			return nil, err
		}
		arms[i] = results.Definitions{Arm: tandem.ArmKey(i), Fields: v.Content.Fields}
	}
	return &plain[results.GoalCheck]{Body: results.CheckGoalFor(in.Body.Goal, arms)}, nil
}
